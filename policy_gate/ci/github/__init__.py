"""A job on GitHub: its outputs and step summary, the comment on the pull request, the issue that lists debt.

What GitHub refuses here is a sentence in the log: the verdict stands without it.
"""
