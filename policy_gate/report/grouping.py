"""What one report's findings come to: per system the work to do, the approvals that wait, the debt."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.report.finding_rows import begin_of
from policy_gate.schema.finding import Finding, by_system
from policy_gate.schema.report import Report, SystemReport
from policy_gate.schema.vocabulary import VERDICTS, Verdict

_OPEN = ("gap", "unknown")
_NAMES = 8
_NAME = 40
"""characters of what one of several alike is told apart by; more are no name"""


class SystemFindings(Struct, frozen=True):
    """One system's findings in the order people need them; `system` is None for the repository itself.

    `work` are the numbered pieces, what blocks first and approvals last. `waiting` are approvals of
    entered gates that make no sense before the other work is done. `debt` is inherited, soonest first.
    """

    system: SystemReport | None
    verdict: Verdict
    work: tuple[Finding, ...]
    waiting: tuple[Finding, ...]
    debt: tuple[Finding, ...]
    others: tuple[Finding, ...]
    """met, waived, deferred, upcoming, not-applicable, and old advice"""
    named: str | None = None
    """the id that the findings give, where the report holds no such system"""

    @property
    def about_repository(self) -> str:
        """What of the repository findings are about that name no system."""
        found = (*self.work, *self.waiting, *self.debt, *self.others)
        asked = all(finding.kind == "approval" for finding in found)
        return "this repository's rules and CI files" if asked else "this repository"

    def of(self, state: str) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.others if finding.state == state)

    @property
    def advice(self) -> tuple[Finding, ...]:
        """Old advice, and what is met and could say a little more."""
        told = [finding for finding in self.others if finding.state == "met" and finding.details]
        return (*told, *(finding for finding in self.others if finding.state in _OPEN))

    @property
    def is_quiet(self) -> bool:
        """The change leaves this system alone, and nothing is asked of anybody."""
        unchanged = self.system is not None and self.system.presence == "unchanged"
        return unchanged and not self.work and not self.waiting and self.verdict in ("pass", "conditions")


def alike(findings: Sequence[Finding], owner: Callable[[Finding], str]) -> list[list[Finding]]:
    """Findings that would be told in the same words together, in the order of the first of each."""
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        told = (finding.due, finding.blame, finding.title, owner(finding), *begin_of(finding))
        groups.setdefault(told, []).append(finding)
    return list(groups.values())


def which_of(findings: Sequence[Finding]) -> str:
    """How many there are, and the words by which what was seen of one is not what was seen of the others."""
    said = [finding.seen.split() for finding in findings]
    start = _shared(said)
    end = _shared([words[start:][::-1] for words in said])
    names = [" ".join(words[start : len(words) - end]).strip(",.:;") for words in said]
    told = [name for name in dict.fromkeys(names) if name and len(name) <= _NAME]
    more = f" and {len(told) - _NAMES} more" if len(told) > _NAMES else ""
    return f"{len(findings)} of them" + (f": {', '.join(told[:_NAMES])}{more}" if told else "")


def _shared(rows: Sequence[Sequence[str]]) -> int:
    """How many words all of them begin with."""
    columns = zip(*rows, strict=False)
    return next((n for n, words in enumerate(columns) if len(set(words)) > 1), min(map(len, rows)))


def findings_by_system(report: Report) -> tuple[SystemFindings, ...]:
    """One group a system, the worst verdict first, then by id; the repository's own before systems."""
    own = by_system(report.findings)
    groups = [_group(system, own.pop(system.id, [])) for system in report.systems]
    rest = sorted(own.items(), key=lambda item: item[0] or "")
    told = [(system, findings) for system, findings in rest if any(f.state != "not-applicable" for f in findings)]
    groups += [replace(_group(None, findings), named=system) for system, findings in told]
    return tuple(sorted(groups, key=_order))


def _group(system: SystemReport | None, findings: Sequence[Finding]) -> SystemFindings:
    open_ = [finding for finding in findings if finding.state in _OPEN]
    work = sorted((finding for finding in open_ if _is_work(finding)), key=_urgency)
    waiting = _waiting(work, system)
    debt = sorted((finding for finding in open_ if not _is_work(finding) and not _is_advice(finding)), key=_due)
    advice = tuple(finding for finding in open_ if not _is_work(finding) and _is_advice(finding))
    return SystemFindings(
        system,
        system.verdict if system else _verdict_of(findings),
        tuple(finding for finding in work if finding not in waiting),
        waiting,
        tuple(debt),
        tuple(finding for finding in findings if finding.state not in _OPEN) + advice,
    )


def _is_advice(finding: Finding) -> bool:
    """Nobody owes it, and no date runs."""
    return finding.enforcement == "advise" and finding.due is None


def _is_work(finding: Finding) -> bool:
    return finding.blocks or finding.undecided or finding.blame not in ("inherited", "overdue")


def _waiting(work: Sequence[Finding], system: SystemReport | None) -> tuple[Finding, ...]:
    gates = {gate.id for gate in system.gates} if system else set()
    if not any(finding.blocks and not _wants_a_yes(finding) for finding in work):
        return ()
    return tuple(finding for finding in work if finding.kind == "approval" and finding.for_ in gates)


def _wants_a_yes(finding: Finding) -> bool:
    """Nothing has to be written for it: what stands there, or is said not to apply, waits for somebody's word."""
    return finding.for_ is not None and finding.kind != "any_of"


def _verdict_of(findings: Sequence[Finding]) -> Verdict:
    """The verdict of findings that belong to no system of the report (D24)."""
    if any(finding.blocks for finding in findings):
        return "block"
    if any(finding.undecided for finding in findings):
        return "undecided"
    return "conditions" if any(finding.state in (*_OPEN, "deferred") for finding in findings) else "pass"


def _urgency(finding: Finding) -> tuple[bool, bool, bool]:
    return (not finding.blocks, not finding.undecided, finding.kind == "approval")


def _due(finding: Finding) -> tuple[bool, str, str]:
    return (finding.blame != "overdue", finding.due.isoformat() if finding.due else "", finding.title)


def _order(grouped: SystemFindings) -> tuple[int, bool, str]:
    return (-VERDICTS.index(grouped.verdict), grouped.system is not None, grouped.system.id if grouped.system else "")
