"""Files written in the work tree: scaffolds, records, drafts; the only room that writes there.

Everything is shown before it is written, nothing is overwritten, and a file is there whole or not at all.
"""
