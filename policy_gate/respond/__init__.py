"""The incident desk: which clocks run, what to do first, what has to follow, and what to tell whom.

Pure over documents: it reads no file and no clock, and sees no verdict.
"""
