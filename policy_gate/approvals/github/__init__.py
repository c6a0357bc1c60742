"""GitHub's reviews as a source of approvals."""
