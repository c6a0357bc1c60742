"""The audit trail: entries in a git ref that nobody rewrites unseen, and their verification."""
