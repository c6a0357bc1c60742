"""Work out the facts: snapshots to facts per system, two sides to changes, and what is held meanwhile.

Pure: no clock, no files, no network. Whether what was found is enough is for `evaluate` to say.
"""
