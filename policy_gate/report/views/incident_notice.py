"""The draft of a notice as a Markdown document that people go on writing, and send."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_gate.report.sanitise import draft_line
from policy_gate.respond.clocks import in_utc
from policy_gate.respond.notice import NoticePart
from policy_gate.schema.incident_rules import Notice
from policy_gate.schema.incidents import Clock, IncidentFact


def notice_markdown(
    notice: Notice, fact: IncidentFact, parts: Sequence[NoticePart], clocks: Sequence[Clock], writers: str
) -> str:
    """A heading for each section, what is known below it, and a line that says TODO where words are wanted."""
    return "\n".join(_page(notice, fact, parts, clocks, writers)).rstrip("\n") + "\n"


def _page(
    notice: Notice, fact: IncidentFact, parts: Sequence[NoticePart], clocks: Sequence[Clock], writers: str
) -> Iterator[str]:
    yield f"# {draft_line(notice.title)}: {draft_line(fact.id)}"
    yield ""
    for clock in clocks:
        until = f"until {in_utc(clock.deadline)}" if clock.deadline else "without undue delay"
        yield f"- For {clock.id}, {until}: to the {draft_line(clock.recipient)}"
    yield f"- Written by: {draft_line(writers)}"
    yield ""
    yield f"> {draft_line(notice.about)}"
    yield ""
    for part in parts:
        yield f"## {draft_line(part.title)}"
        yield ""
        yield from (f"- {draft_line(line)}" for line in part.known)
        if part.known and part.asks is not None:
            yield ""
        if part.asks is not None:
            yield f"TODO: {draft_line(part.asks)}"
        yield ""
