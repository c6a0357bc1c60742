"""The place that runs the gate: a GitHub or GitLab job, or a hook of git.

Before the check this room fetches what the job's clone lacks, into a clone of our own; afterwards it hands
the answer over as the place wants it: outputs, a comment, an issue, a hook's exit. It never judges, and
nothing that it is told by a forge reaches a verdict.
"""
