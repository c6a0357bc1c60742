"""The audit trail: entries in a git ref that nobody rewrites unseen, and their verification.

`statements` turns an entry into bytes and back, `log` reads the chain, `append` adds to it, `verification` says what
is wrong with it, `query` picks entries. Nothing here judges a change.
"""
