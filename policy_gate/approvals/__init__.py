"""Where approvals come from: one source to a file, all with the same shape; who had a hand in a change.

Reads records, reviews and commits; whether an approval counts is for `decide`.
"""
