"""The issue that lists a repository's debt by owner and date, made from a full check (`check --all`).

Pure: who keeps the issue, and where, is the business of `host`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.report.formats.comment import LIMIT
from policy_gate.report.formats.markdown import place, who
from policy_gate.report.formats.markdown_page import ELSEWHERE, PageRow, chosen, joined, rendered, size_of
from policy_gate.report.sanitise import code, markdown
from policy_gate.report.style import RenderOptions
from policy_gate.report.wording import SHOW_ALL, due_text, plural, revision
from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report
from policy_gate.schema.source import Problem

MARKER: Final = "<!-- policy-gate:debt -->"
"""The first line, which no reader sees: by it, and by its author, our issue is found again."""
_TITLE = "**AI governance debt**"
_NOBODY = "Nobody is named"
_OPEN_GROUPS = 5
"""Groups shown as tables of their own: overdue, due at once and the next months; later ones are folded."""
_MOST_OWNERS = 30
_PROBLEMS_SHOWN = 5
_LONGEST_TEXT = LIMIT // 8


class Owner(Struct, frozen=True):
    """One line of the table of owners."""

    name: str
    owed: int
    overdue: int
    next_due: str

    @property
    def size(self) -> int:
        return size_of(f"| {self.name} | {self.owed} | {self.overdue} | {self.next_due} |\n")


class Owed(Struct, frozen=True):
    """One piece of debt: when, and the what, who and where of every table."""

    due: str
    row: PageRow

    @property
    def size(self) -> int:
        return size_of(f"| {self.due} ") + self.row.size


class Group(Struct, frozen=True):
    """What is due in one stretch of time; `more` counts what had no room."""

    title: str
    items: tuple[Owed, ...]
    more: int = 0


def has_debt(report: Report) -> bool:
    """Whether anything is owed; also where the check cannot tell, since no answer is not an all-clear."""
    return bool(_owed(report) or report.problems or report.verdict == "undecided")


def dashboard(report: Report, render: RenderOptions) -> str:
    """The text of the issue, marker first: overdue, then by month, and each owner's count; one line without debt."""
    owed = _owed(report)
    asked = f"as of {report.as_of.isoformat()}, {code(revision(report.trust.head))}"
    if not owed and not has_debt(report):
        systems = plural(max(report.system_count, len(report.systems)), "system")
        return f"{MARKER}\n{_TITLE}: none ({systems}, {asked})\n"
    notes = tuple(note for note in _notes(report, render, bool(owed)) if size_of(note) < _LONGEST_TEXT)
    upcoming = [finding for finding in report.findings if finding.state == "upcoming"]
    return _fitted(
        f"{_TITLE}: {_heading(owed) if owed else 'cannot be told'}",
        (*notes, f"Owed {asked}; `{SHOW_ALL}` prints the same list.") if owed else notes,
        _owners(owed, report),
        tuple(_groups(owed, report, render)),
        Group(f"Upcoming {len(upcoming)}", tuple(_item(finding, report, render) for finding in upcoming)),
    )


def _owed(report: Report) -> list[Finding]:
    """What is open and somebody's to do: not advice without a date. Overdue first, then by date."""
    found = [finding for finding in report.findings if finding.state in ("gap", "unknown")]
    owed = [finding for finding in found if finding.enforcement != "advise" or finding.due]
    return sorted(owed, key=lambda finding: (_stretch_order(finding), finding.system or "", finding.title, finding.id))


def _heading(owed: Sequence[Finding]) -> str:
    """'4 things, 1 overdue, 1 due at once; the next is due 2027-01-21'."""
    late = sum(1 for finding in owed if finding.blame == "overdue")
    now = sum(1 for finding in owed if finding.blame != "overdue" and finding.due is None)
    dates = [finding.due for finding in owed if finding.blame != "overdue" and finding.due]
    said = plural(len(owed), "thing") + (f", {late} overdue" if late else "") + (f", {now} due at once" if now else "")
    return said + (f"; the next is due {min(dates).isoformat()}" if dates else "")


def _stretch_order(finding: Finding) -> tuple[int, str]:
    date = finding.due.isoformat() if finding.due else ""
    return (0 if finding.blame == "overdue" else 1, date)


def _stretch(finding: Finding) -> str:
    """The heading that a piece of debt stands under: a month, or what comes before all months."""
    if finding.blame == "overdue":
        return "Overdue"
    return finding.due.strftime("%Y-%m") if finding.due else "Due at once"


def _groups(owed: Sequence[Finding], report: Report, render: RenderOptions) -> Iterator[Group]:
    for title, found in groupby(owed, key=_stretch):
        yield Group(title, tuple(_item(finding, report, render) for finding in found))


def _item(finding: Finding, report: Report, render: RenderOptions) -> Owed:
    system = f"{code(finding.system)} " if finding.system else ""
    row = PageRow(system + markdown(finding.title), markdown(who(finding, report)), place(finding.location, render))
    return Owed(due_text(finding.due) if finding.due or finding.state != "upcoming" else "", row)


def _owners(owed: Sequence[Finding], report: Report) -> tuple[Owner, ...]:
    """Each owner's counts: who has overdue work first, then who has most."""
    by_name: dict[str, list[Finding]] = defaultdict(list)
    for finding in owed:
        by_name[who(finding, report)].append(finding)
    return tuple(sorted((_owner(name, theirs) for name, theirs in by_name.items()), key=_weight))


def _owner(name: str, theirs: Sequence[Finding]) -> Owner:
    ahead = [finding for finding in theirs if finding.blame != "overdue"]
    next_due = due_text(ahead[0].due) if ahead else ""
    return Owner(markdown(name or _NOBODY), len(theirs), len(theirs) - len(ahead), next_due)


def _weight(owner: Owner) -> tuple[int, int, str]:
    return (-owner.overdue, -owner.owed, owner.name)


def _notes(report: Report, render: RenderOptions, is_listed: bool) -> Iterator[str]:
    if report.verdict == "undecided" and not is_listed:
        hint = f" {markdown(report.hint)}" if report.hint else ""
        yield f"The check has no answer: {markdown(report.headline or 'see its log')}.{hint}"
    if report.problems:
        number = plural(len(report.problems), "document")
        yield f"{number} cannot be read, and what they owe is not in this list:"
        yield joined((_problem(problem, render) for problem in report.problems), _PROBLEMS_SHOWN, "document")
    if not report.trust.enforcing:
        yield "**This check does not enforce.**"


def _problem(problem: Problem, render: RenderOptions) -> str:
    return f"{place(problem.location, render)} {markdown(problem.message)}"


def _fitted(
    first: str, lines: Sequence[str], owners: tuple[Owner, ...], groups: tuple[Group, ...], upcoming: Group
) -> str:
    """All of it within the limit: the owners first, then each group in order, what has no room counted."""
    told = [*groups, upcoming] if upcoming.items else list(groups)
    bare = [replace(group, items=(), more=len(group.items)) for group in told]
    room = LIMIT - size_of(_filled(first, lines, (), len(owners), bare, bool(upcoming.items)))
    if room < 0:
        return f"{MARKER}\n{first}\n\nToo much to show here; it is {ELSEWHERE}.\n"
    shown, room = chosen(owners[:_MOST_OWNERS], room)
    kept = []
    for group in told:
        items, room = chosen(group.items, room)
        kept.append(replace(group, items=items, more=len(group.items) - len(items)))
    return _filled(first, lines, shown, len(owners) - len(shown), kept, bool(upcoming.items))


def _filled(
    first: str, lines: Sequence[str], owners: Sequence[Owner], more: int, groups: Sequence[Group], has_upcoming: bool
) -> str:
    dated = groups[:-1] if has_upcoming else groups
    return rendered(
        "debt_issue.md.j2",
        marker=MARKER,
        lines=(first, *lines),
        owners=owners,
        more_owners=more,
        groups=dated[:_OPEN_GROUPS],
        folded=[*dated[_OPEN_GROUPS:], *groups[len(dated) :]],
        elsewhere=ELSEWHERE,
    )
