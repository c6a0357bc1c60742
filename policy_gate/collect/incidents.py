"""The incidents of one tree: every YAML file in `governance/incidents`, what is wrong in them, the files they name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from policy_gate.collect.code_files import at_or_below
from policy_gate.collect.layout import INCIDENTS, is_yaml
from policy_gate.documents.spelling import did_you_mean
from policy_gate.respond.duties import file_of
from policy_gate.schema.incidents import TIMES
from policy_gate.schema.source import Document, Problem
from policy_gate.vcs.tree import Tree, TreeEntry

if TYPE_CHECKING:
    from policy_gate.schema.incident_document import Incident

_MOST_BLANK: Final = 1_000
"""bytes of a file that is looked into for anything but blanks"""


def incident_entries(tree: Tree) -> Iterator[TreeEntry]:
    """The files that tell of incidents, in folders below, too, in path order; links and submodules in their place."""
    found = (it for it in at_or_below(tree, INCIDENTS) if is_yaml(it.path) and it.kind != "folder")
    yield from sorted(found, key=lambda it: it.path)


def named_files(tree: Tree, incidents: Sequence[Document[Incident]]) -> dict[str, str]:
    """Of the paths that incidents name as tests and controls, those at which there is a file, with its blob.

    One that is blank, or tells of an incident itself, is neither test nor control: it has no blob here.
    """
    told = [document.content for document in incidents]
    named = {file_of(it) for incident in told for it in (*incident.new_tests, *incident.control_changes)}
    entries = (tree.entry(path) for path in sorted(named - {""}))
    files = (entry for entry in entries if entry is not None and entry.kind == "file")
    return {entry.path: "" if _shows_nothing(tree, entry) else entry.oid for entry in files}


def _shows_nothing(tree: Tree, entry: TreeEntry) -> bool:
    if entry.path.startswith(f"{INCIDENTS}/"):
        return True
    return tree.size(entry) <= _MOST_BLANK and not tree.read(entry).strip()


def incident_problems(
    incidents: Sequence[Document[Incident]], systems: Collection[str] | None, removed: Collection[str] = ()
) -> Iterator[Problem]:
    """Ids that stand twice, times that cannot be, and systems that nobody declares.

    `systems` are all that are declared; None where not all were read. `removed` are those whose entry goes.
    """
    first: dict[str, Document[Incident]] = {}
    for document in incidents:
        incident = document.content
        earlier = first.setdefault(incident.id, document)
        if earlier is not document:
            message = f"incident {incident.id} is told twice (also in {earlier.path})"
            yield _problem(document, "id", message, "give each incident an id of its own")
        if not incident.is_resolved and (hint := _undeclared(incident, systems, removed)):
            yield _problem(document, "system", f'no system "{incident.system}" is declared', hint)
        yield from _time_problems(document)


def _undeclared(incident: Incident, systems: Collection[str] | None, removed: Collection[str]) -> str:
    """What helps where nobody declares the system; nothing where somebody does, or it cannot be told."""
    if incident.system in removed:
        return f"its entry stays until this is over: policy-gate incident resolve {incident.id}"
    if systems is None or incident.system in systems:
        return ""
    return did_you_mean(incident.system, sorted(systems)) or "name a system of a manifest"


def _time_problems(document: Document[Incident]) -> Iterator[Problem]:
    incident = document.content
    begin = incident.occurred_at
    for name in TIMES[1:]:
        moment = getattr(incident, name)
        if begin is not None and moment is not None and moment < begin:
            yield _problem(document, name, f"{name} is before occurred_at", "one of the two is wrong")
    last = begin or min(moment for moment in (incident.detected_at, incident.aware_at) if moment is not None)
    name = "occurred_at" if begin else "the incident was detected"
    for index, entry in enumerate(incident.timeline):
        if entry.at < last:
            message = f"timeline[{index}] ({entry.step}) is before {name}"
            yield _problem(document, "timeline", message, "write them in the order in which they were taken", index)
        last, name = max(last, entry.at), f"timeline[{index}]"


def _problem(document: Document[Incident], key: str, message: str, hint: str, *way: int) -> Problem:
    place = document.at(key, *way)
    return Problem(place.path, message, place.line, place.column, hint)
