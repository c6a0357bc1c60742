"""GitLab's approvals of merge requests as a source of approvals."""
