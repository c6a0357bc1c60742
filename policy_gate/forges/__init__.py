"""Talking to GitHub and GitLab, and what their events say. A foundation: knows no gate."""
