"""The `doctor` view: one line for each thing that the gate hangs on, what to mend first on one screen."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from policy_gate.report.formats.json import dumped
from policy_gate.report.location import location_data
from policy_gate.report.style import RenderOptions
from policy_gate.report.text_layout import Line, Span, hanging, line, printed, prose
from policy_gate.report.wording import place_of, plural
from policy_gate.schema.setup import Setup, SetupLine, SetupState

_SHOWN = 3
"""lines of one topic that the screen has room for"""
_WORDS: dict[SetupState, tuple[str, str]] = {
    "ok": ("ok", "pass"),
    "mend": ("MEND", "block"),
    "not-known": ("not known", "undecided"),
}
_FIRST, _SECOND = 11, 15


def setup_json(setup: Setup) -> str:
    """`{"state", "summary", "over", "forge", "lines": […]}`, every line."""
    counts = Counter(it.state for it in setup.lines)
    return dumped(
        {
            "state": setup.state,
            "summary": {state: counts[state] for state in _WORDS},
            "over": setup.over,
            "forge": setup.forge or None,
            "lines": [
                {
                    "topic": it.topic,
                    "state": it.state,
                    "seen": it.seen,
                    "location": location_data(it.location),
                    "mend": it.mend,
                }
                for it in setup.lines
            ],
        }
    )


def setup_text(setup: Setup, render: RenderOptions) -> str:
    """A line for each topic in order, at most three of one; then the counts and what was asked."""
    lines: list[Line] = []
    for _, group in groupby(setup.lines, key=lambda it: it.topic):
        found = list(group)
        for it in found[:_SHOWN]:
            lines += _line(it, render)
        if len(found) > _SHOWN:
            lines += prose(f"and {len(found) - _SHOWN} more (--format json)", render, indent=_FIRST + _SECOND)
    return printed([*lines, (), *prose(_ending(setup), render, style="name")], render)


def _line(it: SetupLine, render: RenderOptions) -> list[Line]:
    word, style = _WORDS[it.state]
    head = line(Span(word.ljust(_FIRST), style), Span(it.topic.ljust(_SECOND), "faint"))
    place = place_of(it.location.path, it.location.line) if it.location else ""
    said = f"{place}: {it.seen}" if place else it.seen
    lines = hanging(head, said, render)
    if it.state == "ok" or not it.mend:
        return lines
    return lines + hanging(line(" " * (_FIRST + _SECOND), Span("mend: ", "faint")), it.mend, render)


def _ending(setup: Setup) -> str:
    counts = Counter(it.state for it in setup.lines)
    asked = f"{setup.forge} was asked" if setup.forge else "no forge was asked"
    if setup.state == "mend":
        unknown = f", {counts['not-known']} not known" if counts["not-known"] else ""
        return f"{plural(counts['mend'], 'thing')} to mend{unknown}, in {setup.over}; {asked}."
    if setup.state == "not-known":
        return f"Nothing to mend in {setup.over}, and {plural(counts['not-known'], 'thing')} not known; {asked}."
    return f"Nothing to mend in {setup.over}; {asked}."
