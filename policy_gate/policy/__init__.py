"""Policies: documents of all layers to one RuleSet, layered, linted and compiled.

The only room that knows CEL. It reads no files: documents come in as plain data with their marks.
"""
