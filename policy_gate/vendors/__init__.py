"""Vendors: what is found wrong with one, what that comes to, what to ask it, and what its answers say.

Pure over documents: it knows no file, no clock and no change.
"""
