"""Who held which role, since when and until when, as views."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from policy_gate.report.formats.json import dumped
from policy_gate.report.style import RenderOptions
from policy_gate.report.text_layout import Line, Span, line, printed, prose
from policy_gate.schema.role_history import CommitDay, RoleHistory, Tenure

_DAY = 10
_SHORT = 7


def role_history_text(found: RoleHistory, titles: Mapping[str, str], render: RenderOptions | None = None) -> str:
    """A block for each role: from which day and commit to which somebody held it, those who hold it now first."""
    shown = render or RenderOptions()
    where = found.branch or found.ends.commit[:_SHORT]
    span = f"{found.begins.day} to {found.ends.day}"
    lines: list[Line] = [*prose(f"Roles on {where}, {span}, by the commits that changed them", shown, style="name")]
    for role, tenures in groupby(found.tenures, lambda it: it.role):
        lines += [(), line(f"{titles.get(role, role)}  ({role})"), *(_row(it) for it in tenures)]
    if not found.tenures:
        lines += [(), *prose("Nobody was named for any role.", shown)]
    if any(it.since is None for it in found.tenures):
        lines += [(), *prose("Earlier is not known: this clone's history is cut off (git fetch --unshallow).", shown)]
    for at in found.unread:
        said = f"At {_at(at)} ({at.day}) the roles could not be read; those of the commit before it stood."
        lines += [(), *prose(said, shown)]
    return printed(lines, shown)


def _row(it: Tenure) -> Line:
    since = str(it.since.day) if it.since else "before".ljust(_DAY)
    until = f" to {it.until.day}" if it.until else " to now".ljust(_DAY + 4)
    commits = " ".join(_at(at).ljust(_SHORT) for at in (it.since, it.until))
    return line("  ", since, until, "  ", Span(commits, "faint"), "  ", it.holder)


def _at(at: CommitDay | None) -> str:
    return at.commit[:_SHORT] if at else ""


def role_history_json(found: RoleHistory, titles: Mapping[str, str]) -> str:
    """The branch, the first and last commit looked at, and each role with its tenures."""
    roles = [
        {"id": role, "title": titles.get(role, role), "held": [_tenure(it) for it in tenures]}
        for role, tenures in groupby(found.tenures, lambda it: it.role)
    ]
    return dumped({
        "branch": found.branch,
        "begins": _day(found.begins),
        "ends": _day(found.ends),
        "roles": roles,
        "unread": [_day(at) for at in found.unread],
    })  # fmt: skip


def _tenure(it: Tenure) -> dict[str, object]:
    return {"holder": it.holder, "kind": it.kind, "since": _day(it.since), "until": _day(it.until)}


def _day(at: CommitDay | None) -> dict[str, str] | None:
    return {"day": str(at.day), "commit": at.commit} if at else None
