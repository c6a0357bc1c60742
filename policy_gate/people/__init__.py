"""Whether two entries are one person. A foundation: knows no gate."""
