"""An outcome after blame: when it is due, whether this change is asked for it, and what it weighs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from policy_gate.govern.standing import Standing
from policy_gate.schema.finding import ClaimNote, Outcome
from policy_gate.schema.vocabulary import Blame, Enforcement, Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """One outcome with everything that decides its weight.

    `gate` is the gate or review it is due at. `asked` is true where this change enters that gate.
    `for_` and `digest` are set where an approval would settle it.
    """

    outcome: Outcome
    standing: Standing | None
    blame: Blame | None = None
    due: date | None = None
    gate: str | None = None
    asked: bool = False
    enforcement: Enforcement = "block"
    for_: str | None = None
    digest: str | None = None
    claims: tuple[ClaimNote, ...] = ()
    waiver: str | None = None
    self_approved: bool = False
    counted: tuple[tuple[str, str], ...] = ()
    """(identity, name) of those whose approval counts"""
    able: tuple[str, ...] = ()
    """identities of those who could approve it"""
    forgiven: bool = False
    """nobody in base could approve it: a gap that only conditions (D26)"""


def weight(judged: Judged, mode: str) -> Verdict:
    """What one judged outcome does to the verdict (D21 to D24)."""
    state, standing = judged.outcome.state, judged.standing
    if state in ("met", "not-applicable", "waived", "upcoming"):
        return "conditions" if judged.self_approved else "pass"
    if standing is not None and standing.presence == "unchanged" and mode == "change":
        return "pass"
    if judged.enforcement == "advise" and judged.blame != "introduced" and mode != "all":
        return "pass"
    if state == "deferred" or judged.forgiven or judged.enforcement != "block":
        return "conditions"
    if state == "unknown":
        return "undecided" if judged.blame == "introduced" else "conditions"
    if judged.blame == "introduced":
        return "block"
    if judged.blame == "overdue" and (mode == "all" or (standing is not None and standing.is_promotion)):
        return "block"
    return "conditions"
