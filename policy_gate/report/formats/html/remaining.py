"""Everything that is no work of this change: advice, what was let pass, what comes, and what is met."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from policy_gate.report.formats.html.finding_entry import Entry, entry
from policy_gate.report.grouping import SystemFindings
from policy_gate.report.style import RenderOptions
from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report, SystemReport

_TOLD = 100
_LISTED = 300
_GROUPS = (
    ("advice", "Advice", "Worth doing; nobody owes it and no date runs."),
    ("deferred", "Deferred", "Asked for by the rules, left for later by whoever started this run."),
    ("waived", "Waived", "An owned, dated and approved permission stands for it."),
    ("upcoming", "Upcoming", "Rules that are not in force yet, and what they would ask."),
)
_LISTS = (
    ("met", "Met", "What was looked for and found."),
    ("not-applicable", "Not applicable", "What the rules do not ask here, or somebody approved as no concern."),
)


class Group(Struct, frozen=True):
    """Findings of one sort, `more` of them not shown; `is_list` where one line each is enough."""

    state: str
    title: str
    about: str
    total: int
    entries: tuple[Entry, ...]
    more: int
    is_list: bool


def rest_of(by_system: Sequence[SystemFindings], report: Report, render: RenderOptions) -> tuple[Group, ...]:
    """The groups that hold anything, what people may want to act on first."""
    groups = [_group(*words, by_system, report, render, limit=_TOLD) for words in _GROUPS]
    groups += [_group(*words, by_system, report, render, limit=_LISTED, is_list=True) for words in _LISTS]
    return tuple(group for group in groups if group.total)


def _group(
    state: str, title: str, about: str, by_system: Sequence[SystemFindings], report: Report, render: RenderOptions, *,
    limit: int, is_list: bool = False,
) -> Group:  # fmt: skip
    found: list[tuple[Finding, SystemReport | None]] = [
        (finding, grouped.system)
        for grouped in by_system
        for finding in (grouped.advice if state == "advice" else grouped.of(state))
    ]
    shown = tuple(entry(finding, report, system, render) for finding, system in found[:limit])
    return Group(state, title, about, len(found), shown, len(found) - len(shown), is_list)
