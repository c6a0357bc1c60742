"""Documents as written: strict reading with places, validation, path patterns, and the one writer.

A foundation: knows no gate.
"""
