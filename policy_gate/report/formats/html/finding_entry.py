"""One finding as a reader of the page meets it: what was seen, why it is wanted, who, where and how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from msgspec import Struct

from policy_gate.report.finding_rows import list_of, rows_for
from policy_gate.report.style import RenderOptions
from policy_gate.report.wording import (
    able_holder,
    approve_command,
    called,
    claim_line,
    due_text,
    holders,
    is_command,
    place_of,
    short_digest,
    title_of,
)
from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report, SystemReport
from policy_gate.schema.source import Location

_REASONS = ("why", "for", "law", "due")
_LABELS = {"": "", "but": "But", "so": "So", "was": "Was", "now": "Now", "since": "Since", "note": "Note"}
_KINDS = {"that": "statement", "any_of": "one of several", "card": "model card"}


class Place(Struct, frozen=True):
    """A file and line; `link` is where a forge shows it, or empty."""

    shown: str
    link: str = ""


class ReasonRow(Struct, frozen=True):
    """One rule that wants it."""

    kind: str
    title: str
    rule: str
    citation: str
    why: str


class Entry(Struct, frozen=True):
    """A finding in words. `fix` is a command where `fix_is_command`; `claims` say why they do not count."""

    title: str
    state: str
    kind: str
    subject: str
    system: str
    blocks: bool
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    grounds: tuple[ReasonRow, ...]
    claims: tuple[str, ...]
    who: str
    does: str
    signs: str
    ask: str
    place: Place | None
    under: str
    fix: str
    fix_is_command: bool
    answer: str
    due: str
    overdue: bool
    waiver: str
    for_: str
    digest: str


def entry(finding: Finding, report: Report, system: SystemReport | None, render: RenderOptions) -> Entry:
    """Everything that is known of one finding; nothing is left out but what the title says already."""
    fix = finding.fix or approve_command(finding)
    rows = tuple(_rows(finding, report, system))
    unsaid = [fact for fact in finding.missing_facts if fact not in fix]
    return Entry(
        title=finding.title,
        state=finding.state,
        kind=_KINDS.get(finding.kind, finding.kind),
        subject=finding.subject,
        system=finding.system or "",
        blocks=finding.blocks or finding.undecided,
        rows=rows,
        grounds=tuple(ReasonRow(r.kind, r.title, r.rule, r.citation or "", r.why) for r in finding.because),
        claims=tuple(claim_line(claim) for claim in finding.claims if not claim.counts),
        who=whose(finding, report),
        does=holders(report, finding.responsible) if finding.kind != "approval" else "",
        signs=holders(report, finding.accountable) if finding.kind != "approval" else "",
        ask=able_holder(report, finding) if finding.kind == "approval" or finding.able is not None else "",
        place=_unsaid_place(finding, rows, render),
        under=list_of(finding),
        fix="" if finding.location and fix == f"edit {finding.location}" else fix,
        fix_is_command=is_command(fix),
        answer=", ".join(unsaid),
        due=due_text(finding.due) if finding.due else "",
        overdue=finding.blame == "overdue",
        waiver=finding.waiver or "",
        for_=title_of(report, finding.for_) if finding.for_ else "",
        digest=short_digest(finding.subject_digest) if finding.subject_digest else "",
    )


def _unsaid_place(finding: Finding, rows: Iterable[tuple[str, tuple[str, ...]]], render: RenderOptions) -> Place | None:
    """The line to edit, unless a row names it already and there is no link to add."""
    at = place(finding.location, render)
    if at and not at.link and any(at.shown in said for _, texts in rows for said in texts):
        return None
    return at


def place(location: Location | None, render: RenderOptions) -> Place | None:
    """A path and line, linked where the forge's address of the result is known."""
    if location is None:
        return None
    shown = place_of(location.path, location.line)
    if not render.source_url:
        return Place(shown)
    line = f"#L{location.line}" if location.line else ""
    return Place(shown, f"{render.source_url}/{quote(location.path, safe='/', errors='replace')}{line}")


def whose(finding: Finding, report: Report) -> str:
    """Whose turn it is: a name where one person holds the role, else the role; 'Whoever made this change'."""
    role = role_of(finding)
    return called(report, role) if role else "Whoever made this change"


def role_of(finding: Finding) -> str:
    """The first role that does it; for an approval the role that gives it."""
    roles = (finding.subject,) if finding.kind == "approval" else finding.responsible or finding.accountable
    return roles[0] if roles else ""


def _rows(finding: Finding, report: Report, system: SystemReport | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What was seen and wanted: each label once, with all that stands under it."""
    claims = {claim_line(claim) for claim in finding.claims if not claim.counts}
    label, texts = "", list[str]()
    for name, said in rows_for(finding, report, system):
        if name in _REASONS or (name == "seen" and said in claims):
            continue
        if name and texts:
            yield _labelled(label, texts)
            texts = []
        label = name or label
        texts.append(said)
    if texts:
        yield _labelled(label, texts)


def _labelled(label: str, texts: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    return _LABELS.get(label, label.capitalize()), tuple(texts)
