"""Work out the facts: snapshots to facts per system, two sides to changes, and what is held meanwhile.

Pure: no clock, no files, no network. Document text is parsed here into sections, results and fields;
whether what was found is enough is for `evaluate` to say.
"""

from policy_gate.derive.changes import changes_between
from policy_gate.derive.facts import facts_of
from policy_gate.derive.hold import hold
from policy_gate.derive.raised import as_if_raised

__all__ = ["as_if_raised", "changes_between", "facts_of", "hold"]
