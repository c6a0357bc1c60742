"""Approvals given as reviews of a pull request on GitHub."""
