"""Signatures by SSH and Sigstore over records, commits and audit entries: making, parsing, verifying. Knows no gate."""
