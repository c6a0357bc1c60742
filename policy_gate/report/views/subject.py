"""What an approval is for, as views: the parts of a subject, and what stands around it before a yes."""

from __future__ import annotations

from collections.abc import Sequence

from policy_gate.documents.spelling import listed
from policy_gate.report.formats.json import dumped
from policy_gate.report.style import RenderOptions
from policy_gate.report.text_layout import Line, Span, hanging, line, printed, prose
from policy_gate.report.wording import change_line, with_commands_kept
from policy_gate.schema.approval_subject import ApprovalSubject
from policy_gate.schema.change import Change

_SHORT = 71
"""`sha256:` and 64 hex digits; longer values are none of ours"""


def subject_text(subject: ApprovalSubject, render: RenderOptions | None = None) -> str:
    """Each part with its hash, and where it stands, that the digest of a subject is over."""
    shown = render or RenderOptions()
    room = max((len(part) for part, _ in subject.parts), default=0)
    wide = max((len(value) for _, value in subject.parts if len(value) < _SHORT), default=0)
    places = dict(subject.places)
    rows: list[Line] = []
    for part, value in subject.parts:
        place = places.get(part, "")
        said = f"{value.ljust(wide)}  " if place else value
        rows.append(line("  ", part.ljust(room), "  ", Span(said, "faint"), place))
    return printed(
        [*prose(_heading(subject), shown, style="name"), (), *rows, (), *prose(_ending(subject), shown)], shown
    )


def subjects_json(subjects: Sequence[ApprovalSubject], *, alone: bool) -> str:
    """The one subject as an object, or all of them in a list."""
    found = [_data(subject) for subject in subjects]
    return dumped(found[0] if alone else {"subjects": found})


def proposal_text(
    changes: Sequence[Change],
    missing: Sequence[str],
    roles: Sequence[str],
    against: str | None,
    render: RenderOptions | None = None,
) -> str:
    """What somebody should know before they agree: what changed, what lacks, and why it would not count."""
    shown = render or RenderOptions()
    lines: list[Line] = [()]
    for heading, said in (
        ("since base", list(dict.fromkeys(change_line(change) for change in changes))),
        ("missing", list(missing)),
    ):
        for number, text in enumerate(said or ["nothing"]):
            label = "" if number else heading
            lines += hanging(line("  ", Span(label.ljust(11), "faint"), " "), with_commands_kept(text), shown)
    if roles:
        lines += hanging(line("  ", Span("asked of".ljust(11), "faint"), " "), listed(roles), shown)
    if against is not None:
        lines += [(), *prose(f"As things stand this would not count: {against.rstrip('.')}.", shown, style="name")]
    return printed(lines, shown)


def _heading(subject: ApprovalSubject) -> str:
    if not subject.for_:
        return f"This change asks for no approval of {subject.system}. Its governed content is:"
    what = f"{subject.for_} of {subject.system}" if subject.system else subject.for_
    return f"An approval for {what} is for exactly this content:"


def _ending(subject: ApprovalSubject) -> str:
    if not subject.for_:
        return f"Together: {subject.digest}"
    return f"If any of it changes, the approval no longer counts. Together: {subject.digest}"


def _data(subject: ApprovalSubject) -> dict[str, object]:
    places = dict(subject.places)
    parts = [
        {"part": part, "hash": value} | ({"path": places[part]} if part in places else {})
        for part, value in subject.parts
    ]
    return {
        "system": subject.system,
        "for": subject.for_ or None,
        "subject_digest": subject.digest,
        "parts": parts,
    }
