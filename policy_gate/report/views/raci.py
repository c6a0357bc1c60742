"""The `raci` view: who does, answers for, is asked about and is told of each activity, with the people where known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from policy_gate.report.style import RenderOptions
from policy_gate.report.text_layout import Line, Span, hanging, line, printed
from policy_gate.report.views.incidents import holders_told
from policy_gate.respond.next_step import Holder

_LABEL = 13


def raci_text(
    rows: Sequence[Mapping[str, Any]],
    titles: Mapping[str, str],
    people: Mapping[str, tuple[str, ...]],
    render: RenderOptions,
) -> str:
    """A block for each activity; `people` are those whom roles.yaml names, by role."""
    lines: list[Line] = []
    for row in rows:
        lines += [()] if lines else []
        lines.append(line(Span(row["title"], "name"), f"  ({row['id']})"))
        for word in ("responsible", "accountable", "consulted", "informed"):
            roles = [row[word]] if isinstance(row[word], str) else row[word]
            holders = [Holder(role, titles.get(role, role), people.get(role, ())) for role in roles]
            label = line("  ", Span(word.ljust(_LABEL), "faint"))
            lines += hanging(label, holders_told(holders), render) if holders else []
    return printed(lines, render)
