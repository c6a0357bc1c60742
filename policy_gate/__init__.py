"""policy-gate: a merge gate for repositories that hold AI systems."""

__version__ = "0.1.0"
