"""The incident desk over the files of the work tree: what is open, and steps put on record."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.app.judge import policies_of_base
from policy_gate.cards.draft_questions import without_said
from policy_gate.collect.incidents import incident_problems, named_files
from policy_gate.collect.inputs import OpenInputs, load_inputs
from policy_gate.collect.layout import INCIDENTS
from policy_gate.decide.trust import repository_of
from policy_gate.documents.read_back import read_back
from policy_gate.documents.spelling import spelling_hint
from policy_gate.documents.validation import validated
from policy_gate.documents.writer import NewFile, create, update
from policy_gate.errors import DocumentError, PolicyError, UsageError
from policy_gate.facts.document_sections import read_markdown
from policy_gate.facts.facts import facts_of
from policy_gate.facts.incidents import incident_values, unknown_words
from policy_gate.respond.clocks import clocks_of, targets_of
from policy_gate.respond.duties import duties_open
from policy_gate.respond.next_step import LEAD, DeskRow, Holder, next_step
from policy_gate.respond.notice import NoticePart
from policy_gate.respond.steps import as_of, with_steps
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.facts import Facts
from policy_gate.schema.incident_document import SCHEMA, Incident, TimelineEntry
from policy_gate.schema.incident_rules import IncidentRules, NoticeSection
from policy_gate.schema.incidents import IncidentFact, SystemIncidents
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.source import Problem
from policy_gate.schema.vocabulary import SEVERITIES
from policy_gate.vcs.discovery import find_repository
from policy_gate.vcs.repository import Repository
from policy_gate.vcs.worktree import WorkTree
from policy_gate.write.incident_file import new_id, new_incident, notice_path, record_lines, with_record

_LEAST_WORDS = 3
"""of a section of a notice"""
UNDECLARED = "(in no manifest)"
"""the name of a system that an incident names and nobody declares"""


class Desk(Struct, frozen=True):
    """Every incident of a work tree with what the policies make of it, and who answers incidents.

    `problems` are what is wrong in files of incidents, of those in `unread` that they cannot be read at all. `people`
    are the names, or the teams, of each role that roles.yaml gives to somebody; `own_tests` the ids of the tests that
    each system's entry names.
    """

    root: Path
    policy: RuleSet
    rules: IncidentRules
    systems: tuple[SystemIncidents, ...]
    declared: Mapping[str, str]
    problems: tuple[Problem, ...]
    unread: tuple[str, ...]
    people: Mapping[str, tuple[str, ...]]
    own_tests: Mapping[str, frozenset[str]]
    repository: str = ""
    """its name by base's policy-gate.yaml; empty where that gives none"""

    def facts(self) -> Iterator[IncidentFact]:
        """All incidents, by system and file."""
        return (fact for system in self.systems for fact in system.incidents)

    def named(self, ids: Collection[str]) -> tuple[IncidentFact, ...]:
        """The incidents of these ids, or all; UsageError for an id that is none's."""
        for id_ in ids:
            self.find(id_)
        return tuple(fact for fact in self.facts() if not ids or fact.id in ids)

    def find(self, id_: str) -> IncidentFact:
        """The one incident of an id.

        UsageError where there is none, DocumentError where it is told twice or its file is wrong or cannot be read.
        """
        known = [fact for fact in self.facts() if fact.id == id_]
        if not known:
            own = tuple(it for it in self.problems if it.path in self.unread and PurePosixPath(it.path).stem == id_)
            if own:
                raise _located(own)
            told = f"; {self.unread[0]} cannot be read" if self.unread else ""
            hint = spelling_hint(id_, {fact.id for fact in self.facts()}, none="policy-gate incident open")
            raise UsageError(f'no incident "{id_}"{told}', hint=hint)
        if wrong := self.problems_of(known):
            raise _located(wrong)
        return known[0]

    def refuse_problems(self) -> None:
        """DocumentError with all that is wrong in files of incidents, once the rest was told."""
        if self.problems:
            raise _located(self.problems)

    def problems_of(self, facts: Collection[IncidentFact]) -> tuple[Problem, ...]:
        """What is wrong in the files of these incidents."""
        paths = {fact.document.path for fact in facts}
        return tuple(problem for problem in self.problems if problem.path in paths)

    def name_of(self, fact: IncidentFact) -> str:
        return self.declared.get(fact.incident.system, UNDECLARED)

    @property
    def lead(self) -> tuple[str, ...]:
        """The roles that answer incidents, as the RACI matrix has them."""
        activity = self.policy.raci.get(LEAD)
        return tuple(dict.fromkeys((*activity.responsible, activity.accountable))) if activity is not None else ()

    @property
    def controls(self) -> frozenset[str]:
        """The ids that a change of a control may be named by."""
        return frozenset((*self.policy.plain_rules, *self.policy.controls, *self.policy.gates))

    def tests_of(self, fact: IncidentFact) -> frozenset[str]:
        """The ids that a new test may be named by: those of the policies and of the system's entry."""
        return frozenset(self.policy.tests) | self.own_tests.get(fact.incident.system, frozenset())

    def drafted(self, fact: IncidentFact) -> frozenset[str]:
        """The audiences for which a notice lies beside the incident."""
        path = fact.document.path
        return frozenset(it for it in self.rules.notices if (self.root / notice_path(path, it)).is_file())

    def role_title(self, role: str) -> str:
        """What a role is called, its id where the policies do not say."""
        return self.policy.roles[role].title if role in self.policy.roles else role


def _located(problems: tuple[Problem, ...]) -> DocumentError:
    return DocumentError(f"{problems[0].location}: {problems[0].message}", hint=problems[0].hint, problems=problems)


def desk(request: Request) -> Desk:
    """The desk of a work tree; with `as_of_given`, as it stood at `as_of`, without what came later.

    PolicyError where the policies say nothing of incidents.
    """
    with load_inputs(request) as inputs:
        policy = policies_of_base(inputs)
        rules = policy.incidents
        if rules is None or not rules.types or set(SEVERITIES) - set(rules.severities):
            hint = "add incident_types, incident_severities and the rest"
            raise PolicyError("the policies do not say what incidents there are", hint=hint)
        side = _as_it_stood(inputs.result, request.as_of) if request.as_of_given else inputs.result
        facts = facts_of(side, policy)
        problems = tuple(problem for problem in side.problems if problem.path.startswith(f"{INCIDENTS}/"))
        return Desk(
            root=find_repository(request.directory).root,
            policy=policy,
            rules=rules,
            systems=(*_of_systems(facts), *_undeclared(side, facts, policy, rules)),
            declared={it.id: it.declared.entry.name for it in facts},
            problems=(*problems, *(it for document in side.incidents for it in unknown_words(document, rules))),
            unread=side.unread_incidents,
            people=_people(inputs),
            own_tests={it.id: frozenset(it.tests) for it in facts},
            repository=repository_of(inputs),
        )


def _as_it_stood(side: Snapshot, moment: datetime) -> Snapshot:
    then = ((document, as_of(document.content, moment)) for document in side.incidents)
    kept = (replace(document, content=content) for document, content in then if content is not None)
    return replace(side, incidents=tuple(kept))


def _of_systems(facts: Sequence[Facts]) -> Iterator[SystemIncidents]:
    for it in facts:
        if it.incidents:
            entry = it.declared.entry
            yield SystemIncidents(it.id, entry.name, entry.incident_contact or "", it.incidents)


def _undeclared(
    side: Snapshot, facts: Sequence[Facts], policy: RuleSet, rules: IncidentRules
) -> Iterator[SystemIncidents]:
    """Incidents of systems that no manifest declares (any more): what is not known of the system stays unknown."""
    known = {it.id for it in facts}
    ids = sorted({it.content.system for it in side.incidents} - known)
    controls = {*policy.plain_rules, *policy.controls, *policy.gates}
    for id_ in ids:
        found = []
        for document in side.incidents:
            incident = document.content
            if incident.system == id_:
                values = incident_values(incident, policy)
                open_ = duties_open(incident, side.incident_files, policy.tests, controls)
                clocks, targets = clocks_of(incident, values, rules), targets_of(incident, rules)
                found.append(IncidentFact(document, side.incident_files, values, clocks, targets, open_))
        yield SystemIncidents(id_, UNDECLARED, "", tuple(found))


def _people(inputs: OpenInputs) -> dict[str, tuple[str, ...]]:
    """Who holds each role by the files as they are, else by base's."""
    document = inputs.result_roles or inputs.roles
    return document.content.named() if document is not None else {}


def with_recorded(
    here: Desk, fact: IncidentFact, entries: Sequence[TimelineEntry], fields: Mapping[str, Any] | None = None
) -> None:
    """Put steps, and fields, into the file of an incident, once it reads as meant.

    UsageError with the lines to add where it would not, or where the file has changed meanwhile; then nothing is
    written.
    """
    path, said = fact.document.path, dict(fields or {})
    text = _text(here.root, path)
    was = read_back(Incident, path, text)
    if was is None or was.content != fact.incident:
        raise UsageError(f"{path} is not what it was; nothing was written", hint="run this again")
    wanted = with_steps(fact.incident, entries, said)
    changed = with_record(text, entries, said)
    read = read_back(Incident, path, changed)
    if read is None or read.content != wanted:
        lines = "; ".join(record_lines(entries, said))
        raise UsageError(f"{path} takes no lines as it is written; nothing was written", hint=f"add: {lines}")
    if wrong := tuple(incident_problems([read], None)):
        raise UsageError(f"{wrong[0].message}; nothing was written", hint=wrong[0].hint)
    update(here.root, NewFile(path, changed), text)


def _text(root: Path, path: str) -> str:
    try:
        return (root / path).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise UsageError(f"cannot read {path}") from fault


def lacking_duties(here: Desk, fact: IncidentFact, fields: Mapping[str, Any]) -> tuple[str, ...]:
    """What would lack if a resolved incident said these fields, by the files of the work tree."""
    incident = fact.incident.model_copy(update=dict(fields))
    with Repository.open(here.root) as repository:
        files = named_files(WorkTree(repository), [replace(fact.document, content=incident)])
    return duties_open(incident, files, here.tests_of(fact), here.controls)


def open_new(here: Desk, said: Mapping[str, Any], id_: str | None, day: date) -> tuple[Incident, str]:
    """Write the file of a new incident; what it says, and where.

    UsageError where the id is taken, or a field holds what a file cannot say; then nothing is written.
    """
    taken = {fact.id.casefold(): fact.id for fact in here.facts()}
    while True:
        name = id_ or new_id(day)
        file = new_incident(_incident({**said, "id": name}))
        if name.casefold() not in taken and not (here.root / file.path).exists():
            break
        if id_ is not None:
            there = taken.get(name.casefold(), name)
            raise UsageError(f"there is an incident {there} already", hint="leave out --id, or give another")
    read = read_back(Incident, file.path, file.text)
    if read is None:
        raise UsageError(f"{file.path} would not read as it is meant; nothing was written")
    create(here.root, [file])
    return read.content, file.path


def _incident(said: Mapping[str, Any]) -> Incident:
    """The incident that these values are, held to what its file may say."""
    data = {"schema": SCHEMA, **said, "timeline": []}
    try:
        return validated(Incident, "the incident", "", data, {}).content
    except DocumentError as error:
        wrong = "; ".join(problem.message for problem in error.problems)
        raise UsageError(f"{wrong}; nothing was written", hint=error.hint) from error


def lacking_in_notice(text: str, wanted: Sequence[NoticeSection], drafted: Iterable[NoticePart] = ()) -> dict[str, str]:
    """Which of these sections a notice lacks, and why it does: not there, empty, or with something left open.

    Each is read by itself, as two of them may well say the same. One that holds the question of its draft, and nothing
    that the draft did not say, is open whether or not a mark stands before the question.
    """
    known = {part.title.casefold(): part.known for part in drafted}
    lines, sections = text.splitlines(), read_markdown(text).sections
    there: dict[str, str] = {}
    for section in sections:
        ends = (it.line for it in sections if it.line > section.line and it.level <= section.level)
        own = "\n".join(lines[section.line - 1 : next(ends, len(lines) + 1) - 1])
        there.setdefault(" ".join(section.title.casefold().split()), own)
    found = {
        part.title: _lack(there.get(part.title.casefold()), part.asks, known.get(part.title.casefold(), ()))
        for part in wanted
    }
    return {title: why for title, why in found.items() if why is not None}


def _lack(text: str | None, asks: str, known: Sequence[str]) -> str | None:
    if text is None:
        return "not there"
    read = read_markdown(text)
    if read.placeholders:
        return "open"
    if without_said(text, [asks]) != without_said(text, []):
        answer = read_markdown(without_said(text, [asks, *known]))
        return "open" if answer.words < _LEAST_WORDS else None
    return "empty" if read.words < _LEAST_WORDS else None


def rows(here: Desk, facts: Sequence[IncidentFact], now: datetime) -> tuple[DeskRow, ...]:
    """The incidents with what is to be done next about each and by whom, the most pressing first."""
    found = [_row(here, fact, now) for fact in facts]
    return tuple(sorted(found, key=lambda row: (row.urgency(now), row.fact.id)))


def _row(here: Desk, fact: IncidentFact, now: datetime) -> DeskRow:
    then = next_step(fact, here.rules, here.lead, now, here.drafted(fact))
    roles = then.roles if then is not None else ()
    holders = tuple(Holder(role, here.role_title(role), here.people.get(role, ())) for role in roles)
    return DeskRow(fact, here.name_of(fact), then, holders)
