"""The words that more than one format uses: people, reasons, revisions, counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from policy_gate.documents.spelling import listed
from policy_gate.report.differing_words import differing
from policy_gate.report.text_layout import kept
from policy_gate.schema.change import REFUTED, Change
from policy_gate.schema.finding import ClaimNote, Finding
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.report import Ref, Report, SystemReport

VERDICT_WORDS = {"block": "BLOCKED", "undecided": "UNDECIDED", "conditions": "CONDITIONS", "pass": "PASS"}
SHOW_ALL = "policy-gate check --all"
_REASONS_SHOWN = 4
_PATHS_SHOWN = 3
_COMMANDS = ("policy-gate ", "git ")
_DOCUMENT_KINDS = ("artifact", "card")
_FILE_KINDS = ("policy-changed", "enforcement-changed", "unread-manifest-removed")
_IN_CODE = {
    "observed_models": "model in the code",
    "observed_vendors": "vendor in the code",
    "observed_hosts": "host in the code",
    "observed_weights": "weights",
    "observed_prompts": "prompt",
}
"""How people call the fields of changes that were seen in code"""
_COMES = {
    "vendor-changed": "vendor {after} is new",
    "vendor-risk-raised": "vendor {field} is of {after} risk",
    "incident-opened": "incident {field} is recorded, {after}",
    "ai-use-claimed": "new there: {after}",
}
_GOES = {"vendor-dropped": "vendor {before} is named no more", "incident-dropped": "incident {field} is gone, {before}"}
"""By kind of change, what is said where one side holds nothing that could be called a value of the field"""
_DATED = {
    "evidence-redated": "and nothing else of it is new",
    "evidence-renewed": "and hardly a word of it is new",
}
"""What a later date is no sign of: new work"""
_TAKEN_OUT = ("artifact-removed", "test-removed")
"""The entry may go on naming the file that went."""
_TO_COPY = lazy_pattern(r"\((?:git (?:diff|show)(?: [0-9a-f]+)+|policy-gate explain [\w./-]+)\)")

FORGES = {"github-reviews": "approve the pull request", "gitlab-approvals": "approve the merge request"}
"""What to do on a forge, by the source of approvals that a report names."""


def show_all(report: Report) -> str:
    """The command that lists what a report only counts, of what was judged: commits, or the files as they are."""
    return f"{SHOW_ALL} --worktree" if report.trust.result_from == "worktree" else SHOW_ALL


def plural(number: int, one: str, many: str = "") -> str:
    """ "1 gap", "2 gaps"; `many` where the plural is not made by an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def title_of(report: Report, name: str) -> str:
    """The title of a role, gate or control; its id where the policies give none."""
    return report.titles.get(name, name)


def holder(report: Report, role: str) -> str:
    """Who holds a role, by name where roles.yaml names somebody: 'Rae Kim (AI Safety Lead)'."""
    names = report.names.get(role, ())
    title = title_of(report, role)
    return f"{listed(names, 'or')} ({title})" if names else title


def on_the_forge(report: Report, finding: Finding) -> str:
    """'approve the pull request' where reviews count and somebody is left to give one; else empty."""
    how = next((FORGES[source] for source in report.trust.approval_sources if source in FORGES), "")
    role = _asked_role(finding)
    is_anybody = report.teams.get(role) or (report.names.get(role) and finding.able != ())
    return how if is_anybody else ""


def _asked_role(finding: Finding) -> str:
    return finding.subject if finding.kind == "approval" else finding.accountable[0] if finding.accountable else ""


def able_holder(report: Report, finding: Finding) -> str:
    """Who could approve it: those who hold the role, without those who had a hand in what it is for."""
    role = _asked_role(finding)
    names, title = report.names.get(role, ()), title_of(report, role)
    if not names:
        return f"{title} ({unnamed(report, role)})"
    able = names if finding.able is None else finding.able
    if not able:
        others = unnamed(report, role) if report.teams.get(role) else "nobody else in base holds the role"
        return f"{title}: {listed(names)} had a hand in this, and {others}"
    return f"{listed(able, 'or')} ({title})"


def unnamed(report: Report, role: str) -> str:
    """What stands where a role has no names: the teams that hold it, or that nobody does."""
    teams = report.teams.get(role, ())
    return f"the members of {listed(teams, 'or')}" if teams else f"{report.trust.roles_file} names nobody"


def with_commands_kept(text: str) -> str:
    """A sentence in which no command that is there to be copied is broken by wrapping."""
    return _TO_COPY.sub(lambda found: kept(found[0]), text)


def people_to_ask(report: Report) -> str:
    """'Ada Example (CISO and Legal) and Pat Moss (Product owner)': the fewest who can give all that is missing."""
    each = [f"{ask.name} ({listed([title_of(report, role) for role in ask.roles])})" for ask in report.ask]
    return f"{listed(each)} can give {'it' if len(each) == 1 else 'them'} all"


def holders(report: Report, roles: Iterable[str]) -> str:
    """Who holds these roles, each as `holder` says it."""
    return ", ".join(holder(report, role) for role in roles)


def called(report: Report, role: str) -> str:
    """The short way to speak of who holds a role: the one name, else the role's title."""
    names = report.names.get(role, ())
    return names[0] if len(names) == 1 else title_of(report, role)


def short_ref(ref: str) -> str:
    """A ref without refs/heads/ or refs/remotes/."""
    for prefix in ("refs/remotes/", "refs/heads/"):
        ref = ref.removeprefix(prefix)
    return ref


def revision(ref: Ref) -> str:
    """A revision as people say it: 'origin/main 3f2a9c1'."""
    if ref.commit is None:
        return short_ref(ref.ref)
    if ref.commit == ref.ref:
        return ref.commit[:12]
    return f"{short_ref(ref.ref)} {ref.commit[:7]}"


def result_of(report: Report) -> str:
    """What was judged: 'HEAD 8d41b07', 'HEAD 8d41b07 merged into base', 'the work tree'."""
    trust = report.trust
    if trust.result_from == "worktree":
        return "the work tree"
    head = revision(trust.head)
    return f"{head} merged into base" if trust.result_from in ("merge", "forge") else head


def policies_line(report: Report) -> str:
    """Which policies judged, for the head of a report."""
    source = report.trust.policies_source.replace("builtin", "built-in").replace("base:", "base ")
    return f"{source} (untrusted)" if source and not report.trust.policies_trusted else source


def notes_of(report: Report) -> list[str]:
    """What could not be verified, without what the headline says already."""
    return [note for note in report.trust.notes if note != report.headline]


def notes_on(report: Report, system: SystemReport | None) -> list[str]:
    """The notes about one system that this change concerns, without its id: they are read before its work."""
    if system is None or report.trust.mode != "change":
        return []
    return [note.removeprefix(f"{system.id}: ") for note in notes_of(report) if note.startswith(f"{system.id}: ")]


def short_digest(digest: str) -> str:
    """The first twelve hex digits: enough to compare by eye."""
    return digest.removeprefix("sha256:")[:12]


def risk_of(system: SystemReport) -> str:
    """Tier and score: 'high, 13 points', or the range and what decides it."""
    low, high = system.tier_range
    if system.undeclared and low != high:
        verb = "decides" if len(system.undeclared) == 1 else "decide"
        return f"{low} to {high}: {listed(system.undeclared)} {verb}"
    if system.effective_tier != system.tier:
        return f"judged as {system.effective_tier}"
    return system.tier if system.score is None else f"{system.tier}, {system.score} points"


def scale_of(system: SystemReport) -> str:
    """The scale the points stand on, where there are points: ' (5 to 23)'."""
    plain = system.score is not None and system.effective_tier == system.tier
    return f" ({system.score_range[0]} to {system.score_range[1]})" if plain else ""


def movement_of(system: SystemReport) -> str:
    """What the change does to the system as a whole; empty where its stage stays."""
    if system.presence == "removed":
        return "removed from the manifest"
    if system.presence == "enrolled":
        return f"declared for the first time, already in {system.stage}"
    if system.base_stage is None:
        return f"new, starts in {system.stage}"
    if system.base_stage != system.stage:
        return f"{system.base_stage} -> {system.stage}"
    return ""


def reasons_of(report: Report, finding: Finding, system: SystemReport | None) -> str:
    """What wants the thing: 'the gate; controls a, b'; the rest counted, with the command that lists it."""
    entered = [gate.id for gate in system.gates if gate.entered] if system else []
    shown = finding.because[:_REASONS_SHOWN]
    gates = [r.rule for r in shown if r.kind == "gate"]
    parts = ["the gate" if gates == entered else f"gate {title_of(report, gate)}" for gate in gates]
    for kind, several in (("control", "controls"), ("rule", "rules"), ("law", "law")):
        ids = [r.rule for r in shown if r.kind == kind]
        if ids:
            parts.append(f"{several if len(ids) > 1 else kind} {', '.join(ids)}")
    more = len(finding.because) - len(shown)
    if more:
        parts.append(f"{more} more (policy-gate explain {finding.subject})")
    return "; ".join(parts)


def citations_of(finding: Finding) -> str:
    """The citations of all reasons for a finding, each once."""
    return "; ".join(dict.fromkeys(reason.citation for reason in finding.because if reason.citation))


def claim_line(claim: ClaimNote) -> str:
    """'Ada Example, 2026-11-20: for an earlier content'."""
    who = f"{claim.who}, {claim.when.isoformat()}" if claim.when else claim.who
    return f"{who}: {claim.why}" if claim.why else who


def value(thing: Any) -> str:
    """A value of a change, as a manifest would write it."""
    if thing is None:
        return "(not stated)"
    if thing == "":
        return '""'
    if isinstance(thing, bool):
        return "true" if thing else "false"
    if isinstance(thing, Mapping):
        return ", ".join(f"{name} {value(part)}" for name, part in thing.items()) or "{}"
    if isinstance(thing, (list, tuple)):
        return ", ".join(value(part) for part in thing) or "[]"
    return str(thing)


def change_line(change: Change) -> str:
    """'governance.yaml:14: human_oversight: partial -> full'; of a whole file, how to see what changed in it."""
    if change.kind in _FILE_KINDS:
        return _file_line(change.field, change.before, change.after)
    if change.kind == "waivers-changed":
        return _waivers_line(change.field, change.before or [], change.after or [])
    place = change.location or change.base_location
    start = f"{place_of(place.path, place.line)}: " if place else ""
    if change.kind == "version-kept":
        return f"{start}version {value(change.before)} is kept, and {change.after} changed"
    if change.kind == REFUTED:
        return f"{change.field}: {value(change.before)} is said, and the code shows {change.after}"
    if change.field in _IN_CODE:
        if change.after is None and change.base_location:
            # What only goes stands nowhere in the result.
            start = f"{place_of(change.base_location.path, change.base_location.line)} in base: "
        was, now = (thing or "(none)" for thing in (change.before, change.after))
        return f"{start}{_IN_CODE[change.field]}: {was} -> {now}"
    one_sided = _COMES if change.before is None else _GOES if change.after is None else {}
    if change.kind in one_sided and "." not in change.field:
        said = {"field": change.field, "before": value(change.before), "after": value(change.after)}
        return start + one_sided[change.kind].format(**said)
    if change.kind in _DATED:
        return f"{start}{change.field}: completed {change.before} -> {change.after}, {_DATED[change.kind]}"
    if change.kind in _TAKEN_OUT and change.before == change.after:
        return f"{start}{change.field}: {change.before} is gone"
    left = f"; left behind: {_some(change.files)}" if change.files else ""
    was, now = differing(value(change.before), value(change.after))
    return f"{start}{change.field or change.kind}: {was} -> {now}{left}"


def _some(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - _PATHS_SHOWN} more" if len(paths) > _PATHS_SHOWN else ""
    return f"{', '.join(paths[:_PATHS_SHOWN])}{more}"


def edit_line(edit: Change) -> str:
    """'MODEL_CARD.md:31: known_limitations: was "Reads only English"; now "Reads English"', both sides as shown."""
    place = edit.location or edit.base_location
    start = f"{place_of(place.path, place.line)}: " if place else ""
    both = differing(edit.before or "", edit.after or "")
    texts = zip((edit.before, edit.after), both, strict=True)
    was, now = ("nothing" if said is None else f'"{shown}"' for said, shown in texts)
    return f"{start}{edit.field}: was {was}; now {now}"


def with_capital(text: str) -> str:
    """A text that begins with a capital letter, and else is as it was."""
    return text[:1].upper() + text[1:]


def gain_line(gain: Change) -> str:
    """'MODEL_CARD.md:31: known limitations, new: Weak on scans'; of a limit that moved, both sides."""
    place = gain.location or gain.base_location
    start = f"{place_of(place.path, place.line)}: " if place else ""
    field = gain.field.replace("_", " ")
    if gain.before is not None and gain.kind == "threshold-tightened":
        return f"{start}{field}: {value(gain.before)} -> {value(gain.after)}"
    said = "filled in" if gain.kind == "card-section-filled" else "new"
    return f"{start}{field}, {said}: {value(gain.after)}"


def _file_line(path: str, before: str | None, after: str | None) -> str:
    """The two are git's blob ids, or stand for some lines; None where the file is not there."""
    if (before or after or "").startswith("lines:"):
        how = "says something else of" if before and after else "is new and names" if after else "is gone and named"
        return f"{path} {how} this tool, or where it is installed from"
    if before and after:
        return f"{path} changed (git diff {before[:10]} {after[:10]})"
    return f"{path} is {'new' if after else 'gone'} (git show {(after or before or '')[:10]})"


def _waivers_line(path: str, before: Sequence[Any], after: Sequence[Any]) -> str:
    gone, added = [it for it in before if it not in after], [it for it in after if it not in before]
    said = [f"{word}: {value(waiver)}" for word, them in (("was", gone), ("now", added)) for waiver in them]
    return f"{path}: {'; '.join(said)}"


def place_of(path: str, number: int | None) -> str:
    """PATH:LINE, or the path alone."""
    return path if number is None else f"{path}:{number}"


def where(finding: Finding) -> str:
    """The line to look at or to edit, or empty."""
    return place_of(finding.location.path, finding.location.line) if finding.location else ""


def debt_count(findings: Sequence[Finding]) -> str:
    """'debt 4 (next due 2027-01-21)', with what is overdue said first."""
    late = sum(1 for finding in findings if finding.blame == "overdue")
    dates = sorted(finding.due for finding in findings if finding.due and finding.blame != "overdue")
    notes = ([f"{late} overdue"] if late else []) + ([f"next due {dates[0].isoformat()}"] if dates else [])
    return f"debt {len(findings)}" + (f" ({', '.join(notes)})" if notes else "")


def debt_in_line(findings: Sequence[Finding]) -> str:
    """The same without brackets, to stand inside some."""
    return debt_count(findings).replace(" (", ", ").rstrip(")")


def due_text(due: date | None) -> str:
    """A due day in ISO 8601; none means at once."""
    return due.isoformat() if due else "at once"


def standing_line(findings: Sequence[Finding]) -> str:
    """What is met, by sort: '14 documents, 4 tests and 3 approvals stand'; empty where nothing was wanted.

    Checks of plain statements are counted only where nothing else stands.
    """
    kinds = [finding.kind for finding in findings if finding.state == "met"]
    documents = sum(1 for kind in kinds if kind in _DOCUMENT_KINDS)
    inputs = [(documents, "document"), (kinds.count("test"), "test"), (kinds.count("approval"), "approval")]
    counts = [(number, word) for number, word in inputs if number] or [(len(kinds), "check")]
    total = sum(number for number, _ in counts)
    said = listed([plural(number, word) for number, word in counts])
    return f"{said} {'stands' if total == 1 else 'stand'}" if total else ""


def forge_line(report: Report) -> str:
    """That no forge was asked, where approvals were wanted; else empty."""
    sources = report.trust.approval_sources
    return "no forge was asked for reviews" if sources and not any(source in FORGES for source in sources) else ""


def is_command(fix: str) -> bool:
    """Whether a fix is a command to copy, and not a sentence."""
    return fix.startswith(_COMMANDS)


def approve_command(finding: Finding) -> str:
    """The command that gives the approval a finding wants; empty where it wants none."""
    if finding.kind != "approval" or finding.for_ is None:
        return ""
    system = f" --system {finding.system}" if finding.system else ""
    return f"policy-gate approve --for {finding.for_}{system} --role {finding.subject}"
