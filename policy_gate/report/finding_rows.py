"""What there is to say of one finding, as (label, text) rows that every format prints its own way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_gate.report.differing_words import differing
from policy_gate.report.wording import (
    approve_command,
    change_line,
    citations_of,
    claim_line,
    edit_line,
    gain_line,
    place_of,
    reasons_of,
    value,
    where,
)
from policy_gate.schema.change import Change
from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report, SystemReport

Row = tuple[str, str]
"""A label such as 'seen', or an empty one for more of the row above, and its text."""

_UNLISTED = "the manifest names no "
_LISTS = {"artifact": "artifacts", "test": "tests"}
_LABELS = ("seen", "wanted", "was", "now", "but", "so", "since", "note")
_SEEN_LABELS = ("seen", "was", "now", "wanted")
_SAID_ELSEWHERE = frozenset({"stage-advanced", "stage-regressed"})
_WORDED = frozenset({"use-case-changed", "limit-dropped", "population-changed"})


def rows_for(finding: Finding, report: Report, system: SystemReport | None) -> Iterator[Row]:
    """Seen and wanted, claims that do not count, the date, and why: each row once."""
    yield from _seen_rows(finding, system)
    yield from (("seen", claim_line(claim)) for claim in finding.claims if not claim.counts)
    if finding.due:
        yield "due", finding.due.isoformat() + (", overdue" if finding.blame == "overdue" else "")
    yield from _reason_rows(finding, report, system)


def other_changes(findings: Sequence[Finding], report: Report, system: SystemReport | None) -> tuple[str, ...]:
    """What else the change does to a system, a line each: what none of these findings shows already."""
    if system is None or system.presence != "changed":
        return ()
    shown = "\n".join(said for finding in findings for _, said in rows_for(finding, report, system))
    whole = [change for finding in findings for change in _changes_shown(finding, system)]
    sides = [_sides(change) for change in whole]
    rest = (it for it in system.changes if it.kind not in _SAID_ELSEWHERE and _sides(it) not in sides)
    lines = dict.fromkeys(change_line(change) for change in rest)
    return (*(said for said in lines if said not in shown), *edits_of(system), *gains_of(system))


def _sides(change: Change) -> tuple[object, ...]:
    """What a change says, whatever kinds it is of."""
    return (change.field, change.before, change.after, change.location, change.base_location, change.files)


def edits_of(system: SystemReport) -> tuple[str, ...]:
    """Other words in and above purpose and limits, a line each, but those that a change of the system shows whole."""
    whole = {change.field for change in system.changes if change.kind == "use-case-changed"}
    told = [(change.field, change.before, change.after) for change in system.changes]
    found = (it for it in system.edits if it.field not in whole and (it.field, it.before, it.after) not in told)
    return tuple(edit_line(edit) for edit in found)


def gains_of(system: SystemReport) -> tuple[str, ...]:
    """What the model card says anew, a line each, but where other words of the field are shown side by side."""
    compared = {edit.field for edit in system.edits}
    told = [(change.field, change.after) for change in system.changes]
    found = (it for it in system.card_gains if it.field not in compared and (it.field, it.after) not in told)
    return tuple(dict.fromkeys(gain_line(gain) for gain in found))


def begin_of(finding: Finding) -> tuple[str, ...]:
    """How to begin with something owed: its id with the command or the words that fix it, then what is missing."""
    fix = finding.fix or approve_command(finding)
    head = f"{finding.subject}: {fix}" if fix else finding.subject
    details = [said for _, said in _details(finding.details)] if finding.kind in ("card", "artifact") else []
    return (head, *details, *(f"state {it}" for it in unstated(finding, head)))


def unstated(finding: Finding, said: str) -> tuple[str, ...]:
    """What nobody stated and these words do not name, with where it is stated."""
    missing = [fact for fact in finding.missing_facts if fact.rpartition(".")[2] not in said]
    facts = ", ".join(fact for fact in missing if "." not in fact)
    of_vendor = ", ".join(fact.removeprefix("vendor.") for fact in missing if fact.startswith("vendor."))
    others = ", ".join(fact for fact in missing if "." in fact and not fact.startswith("vendor."))
    places = ((facts, "under facts"), (of_vendor, "in the vendor's entry"), (others, "in the entry"))
    return tuple(f"{names} {where}" for names, where in places if names)


def list_of(finding: Finding) -> str:
    """Where in its entry an unlisted thing is to be named: `artifacts`, `tests` or `model_card`; else empty."""
    if not is_unlisted(finding):
        return ""
    is_card = (finding.seen or finding.message).startswith(f"{_UNLISTED}model_card")
    return "model_card" if is_card else _LISTS.get(finding.kind, "")


def is_unlisted(finding: Finding) -> bool:
    """Whether the thing is missing because its manifest does not name it: the title then says all that was seen."""
    return finding.cause in ("absent", "not-run") and (finding.seen or finding.message).startswith(_UNLISTED)


def _seen_rows(finding: Finding, system: SystemReport | None) -> Iterator[Row]:
    """The finding's own details where they say what was seen, else the changes it is about, else its words."""
    changes = _changes_shown(finding, system)
    if changes or not _says_what_was_seen(finding.details):
        yield from _changed(changes) if changes else _seen(finding)
    yield from _details(finding.details)
    if system and "tier-lowered" in finding.about and system.effective_tier != system.tier:
        yield "so", f"this change is judged as {system.effective_tier}; {system.tier} judges from the next one on"


def _seen(finding: Finding) -> Iterator[Row]:
    seen = finding.seen or ("" if finding.wanted else finding.message)
    if is_unlisted(finding):
        return
    if seen and not _is_said(seen, finding.title):
        yield "seen", _placed(seen, finding)
    wanted = finding.wanted_in_words
    if wanted and not _is_said(wanted, seen) and not _is_said(wanted, finding.title):
        yield "wanted", wanted


def _placed(seen: str, finding: Finding) -> str:
    """What was seen with its place before it; a path that it begins with gets its line."""
    place = where(finding)
    if not place or place in seen:
        return seen
    path = finding.location.path if finding.location else ""
    return f"{place}: {seen.removeprefix(path).removeprefix(':').strip()}"


def _changes_shown(finding: Finding, system: SystemReport | None) -> tuple[Change, ...]:
    """The changes that its rows show: none where its own details say what was seen."""
    return () if _says_what_was_seen(finding.details) else _changes_for(finding, system)


def _says_what_was_seen(details: Sequence[str]) -> bool:
    return bool(details) and (_label_of(details[0]) or "seen") in _SEEN_LABELS


def _changes_for(finding: Finding, system: SystemReport | None) -> tuple[Change, ...]:
    """The changes to show beside a finding, as its rule says; the one of its line where only words changed."""
    if system is None:
        return ()
    found = [change for change in system.changes if change.kind in finding.shows]
    exact = [change for change in found if finding.location and change.location == finding.location]
    return tuple(exact if exact and _WORDED.issuperset(finding.about) else found)


def _changed(changes: Sequence[Change]) -> Iterator[Row]:
    label = "seen"
    for change in changes:
        if change.kind in _WORDED:
            yield from _side_by_side(change)
            continue
        yield label, change_line(change)
        label = ""


def _side_by_side(change: Change) -> Iterator[Row]:
    place = change.location or change.base_location
    if place:
        yield "seen", f"{place_of(place.path, place.line)}: {change.field}"
    was, now = differing(value(change.before), value(change.after))
    yield "was", was
    yield "now", now


def _details(details: Sequence[str]) -> Iterator[Row]:
    """Further lines; one that begins with a label of ours ('was: ') stands under it."""
    for number, detail in enumerate(details):
        label = _label_of(detail)
        said = detail.removeprefix(f"{label}:").strip() if label else detail
        yield label or ("" if number else "seen"), said


def _label_of(detail: str) -> str:
    """The label of ours that a detail begins with, such as 'was' of 'was: …'; empty where it has none."""
    label = detail.partition(":")[0]
    return label if label in _LABELS else ""


def _reason_rows(finding: Finding, report: Report, system: SystemReport | None) -> Iterator[Row]:
    """Which rules want it; for a plain rule its own reason, which says more than its id."""
    whys = [reason.why for reason in finding.because if reason.kind == "rule" and reason.why]
    explained = bool(whys) and all(reason.kind == "rule" for reason in finding.because)
    if explained:
        yield "why", whys[0]
    said_enough = len(finding.because) == 1 and (explained or finding.kind == "approval")
    if finding.because and not said_enough:
        yield "for", reasons_of(report, finding, system)
    cited = citations_of(finding)
    if cited:
        yield "law", cited


def _is_said(said: str, before: str) -> bool:
    """Whether a sentence says no more than another one before it."""
    return said.casefold().strip(" .") in before.casefold()
