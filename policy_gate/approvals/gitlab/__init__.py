"""Approvals given on a merge request on GitLab."""
