"""The whole flow, one use case to a file: the check, its previews, the cases of policies, the views.

The only room that enters the others; `cli` calls it.
"""
