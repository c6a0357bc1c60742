"""SSH signatures over records and commits: making, parsing and verifying them. A foundation: knows no gate."""
