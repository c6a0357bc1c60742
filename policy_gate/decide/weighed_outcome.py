"""An outcome after blame: when it is due, whether this change is asked for it, and what it weighs."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

from policy_gate.decide.system_change import SystemChange
from policy_gate.schema.finding import ClaimNote, Outcome
from policy_gate.schema.vocabulary import Blame, Enforcement, Verdict


class WeighedOutcome(Struct, frozen=True):
    """One outcome with everything that decides its weight.

    `gate` is the gate or review it is due at. `asked` is true where this change enters that gate.
    `for_` and `digest` are set where an approval would settle it.
    """

    outcome: Outcome
    system_change: SystemChange | None
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
    recorded: bool = False
    """what settles it is a record that nothing verifies"""
    counted: tuple[tuple[str, str], ...] = ()
    """(identity, name) of those whose approval counts"""
    able: tuple[str, ...] = ()
    """identities of those who could approve it"""
    unheld: Literal["", "nobody", "authors"] = ""
    """why no approval can be had as things stand: base names nobody for it, or authors of the content alone"""
    forgiven: bool = False
    """nobody in base could approve it: a gap that only conditions (D26)"""

    @property
    def system(self) -> str | None:
        """The id of the system that was read and judged; None where it is about the repository."""
        return self.system_change.id if self.system_change else None


def verdict_of(weighed: WeighedOutcome, mode: str) -> Verdict:
    """What one judged outcome does to the verdict (D21 to D24)."""
    state, system_change = weighed.outcome.state, weighed.system_change
    if state in ("met", "not-applicable", "waived", "upcoming"):
        return "conditions" if weighed.self_approved else "pass"
    if system_change is not None and system_change.presence == "unchanged" and mode == "change":
        return "pass"
    if weighed.enforcement == "advise" and weighed.blame != "introduced" and mode != "all":
        return "pass"
    if state == "deferred" or weighed.forgiven or weighed.enforcement != "block":
        return "conditions"
    if state == "unknown":
        return "undecided" if weighed.blame == "introduced" else "conditions"
    if weighed.blame == "introduced":
        return "block"
    if weighed.blame == "overdue" and not weighed.outcome.rule.may_be_debt:
        return "block"
    if weighed.blame == "overdue" and (mode == "all" or (system_change is not None and system_change.is_promotion)):
        return "block"
    return "conditions"
