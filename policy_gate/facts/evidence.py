"""Declared artifacts and test results to what was seen of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from policy_gate.cards.markdown_outline import MAX_TEXT
from policy_gate.cards.placeholders import unread_draft
from policy_gate.cards.text_normal import lower_as_matched, visible
from policy_gate.facts.document_sections import (
    KEPT,
    DocumentText,
    read_data,
    read_markdown,
)
from policy_gate.facts.document_status import standing_of
from policy_gate.facts.markup_remarks import without_remarks
from policy_gate.facts.result_matching import Expected
from policy_gate.facts.test_results import read_results
from policy_gate.schema.documents import ArtifactEntry, ModelEntry, TestEntry
from policy_gate.schema.facts import ArtifactFact, TestFact
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.snapshot import DeclaredSystem, Evidence, FileState

_STATES: Final[dict[FileState, str]] = {
    "absent": "there is no such file",
    "symlink": "it is a symbolic link, not a file",
    "submodule": "it is a submodule, not a file",
    "folder": "it is a folder, not a file",
    "lfs-pointer": "it is a Git LFS pointer, not the document",
    "outside": "the path leads outside the manifest's folder",
    "binary": "it is no text",
    "too-large": "it is too large to be read",
    "collision": "another file has the same name but for case or Unicode form",
}
_results: Final = lru_cache(maxsize=KEPT)(read_results)
_DATA_SUFFIXES: Final = (".yaml", ".yml", ".json")
_FOR_SYSTEMS: Final = lazy_pattern(
    r"^\W*(?:for )?(?:the )?(?:(?:ai|tested|assessed|evaluated|reviewed|affected) )?system(?:s|\(s\))?"
    r"(?: ids?| under (?:test|review))?\W*[:：|]\W*(?P<names>.+)$",
    re.IGNORECASE,
)
_MAY_BE_FOR_SYSTEMS: Final = lazy_pattern(r"system(?:s|\(s\))?(?: ids?| under (?:test|review))?\W*[:：|]")
"""in every text in lower case that the above finds something in"""


def artifact_fact(
    system: DeclaredSystem, position: int, evidence: Mapping[str, Evidence], policy: RuleSet, known: Collection[str]
) -> ArtifactFact:
    """What was seen of the artifact entry at `position`; `known` are the system ids of the snapshot."""
    entry = system.entry.artifacts[position]
    place = system.at("artifacts", position)
    blank = ArtifactFact(entry.id, None, None, entry.status, entry.completed, place)
    if entry.path is None:
        return _held_elsewhere(entry, blank)
    path = system.files.get(entry.path)
    found = evidence.get(path or "")
    if path is None or found is None:
        state: FileState = "outside" if path is None else "absent"
        cause: Any = "refused" if path is None else "absent"
        return replace(blank, path=path or entry.path, cause=cause, detail=f"{entry.path}: {_STATES[state]}")
    blank = replace(blank, path=path, oid=found.oid)
    if found.text is None:
        return _not_text(entry, blank, found)
    # Two files without a word are two gaps, and neither is the other's doing.
    twin = _earlier_use(system, position, found, evidence, policy) if found.text.strip() else None
    if twin is not None:
        detail = f"{path} has the same text as the {twin}, and one text is not two papers"
        return replace(blank, cause="refused", detail=detail)
    return _document(blank, found, found.text, system, known)


def _earlier_use(
    system: DeclaredSystem,
    position: int,
    found: Evidence,
    evidence: Mapping[str, Evidence],
    policy: RuleSet,
) -> str | None:
    """The id of an earlier entry with the same file or the same content; None where either may stand for the other."""
    own = system.entry.artifacts[position].id
    for entry in system.entry.artifacts[:position]:
        other = evidence.get(system.files.get(entry.path or "", ""))
        if other is not None and other.oid == found.oid and not _may_stand_for(own, entry.id, policy):
            return entry.id
    return None


def _may_stand_for(one: str, other: str, policy: RuleSet) -> bool:
    """Whether either of two documents may be the other, too."""
    pair = ((one, other), (other, one))
    return any(two in policy.artifacts[id_].satisfied_by for id_, two in pair if id_ in policy.artifacts)


def each_of_its_own(found: Iterable[ArtifactFact], policy: RuleSet) -> Iterator[ArtifactFact]:
    """The documents of one system; one that reads word for word as an earlier one, in whatever file, is none."""
    first: dict[str, list[str]] = {}
    for fact in found:
        before = first.setdefault(fact.substance, []) if fact.substance and fact.attested is None else []
        twin = next((id_ for id_ in before if id_ != fact.id and not _may_stand_for(fact.id, id_, policy)), None)
        before.append(fact.id)
        detail = f"{fact.path} has the same text as the {twin}, and one text is not two papers"
        yield replace(fact, cause="refused", detail=detail) if twin is not None and fact.cause is None else fact


def _held_elsewhere(entry: ArtifactEntry, blank: ArtifactFact) -> ArtifactFact:
    if entry.url is None and entry.sha256 is None:
        return replace(blank, cause="absent", detail="the entry names neither a path nor evidence held elsewhere")
    lacking = [name for name in ("sha256", "held_by") if getattr(entry, name) is None]
    if lacking:
        return replace(blank, cause="refused", detail=f"evidence held elsewhere needs {' and '.join(lacking)}")
    return replace(blank, attested=entry.sha256, substance=f"sha256:{entry.sha256}")


def _not_text(entry: ArtifactEntry, blank: ArtifactFact, found: Evidence) -> ArtifactFact:
    """A file that cannot be read as a document; its own digest attests a binary file or an LFS object (D19)."""
    attested, said = _attested(entry, found)
    if attested is not None:
        return replace(blank, attested=attested, substance=f"sha256:{attested}")
    detail = f"{found.path}: {_why_not_read(found)}{said}"
    return replace(blank, cause="absent" if found.state == "absent" else "refused", detail=detail)


def _attested(entry: ArtifactEntry | TestEntry, found: Evidence) -> tuple[str | None, str]:
    """The digest by which the entry attests this very file; else None, and why not as the end of a sentence."""
    may_be_attested = found.state in ("binary", "lfs-pointer")
    if may_be_attested and entry.sha256 is not None and entry.held_by is not None:
        if found.sha256 == entry.sha256:
            return entry.sha256, ""
        return None, f"; its sha256 is {found.sha256 or 'not told'}, and not the one of the entry"
    return None, "; sha256 and held_by would attest it" if may_be_attested else ""


def _result_elsewhere(entry: TestEntry, blank: TestFact) -> TestFact:
    if entry.url is None and entry.sha256 is None:
        return replace(blank, cause="not-run", detail="the entry names neither a report nor a result held elsewhere")
    lacking = [name for name in ("sha256", "held_by") if getattr(entry, name) is None]
    if lacking:
        return replace(blank, cause="refused", detail=f"a result held elsewhere needs {' and '.join(lacking)}")
    return replace(blank, attested=entry.sha256)


def _why_not_read(found: Evidence) -> str:
    if found.problem is None:
        return _STATES.get(found.state, "it cannot be read")
    hint = f"; {found.problem.hint}" if found.problem.hint else ""
    return f"{found.problem.message}{hint}"


def _document(
    blank: ArtifactFact, found: Evidence, text: str, system: DeclaredSystem, known: Collection[str]
) -> ArtifactFact:
    seen = _seen(found.path, text, found.body_line) if len(text) <= MAX_TEXT else None
    if seen.is_blank if seen is not None else not visible(text).strip():
        return replace(blank, cause="empty", detail=f"{found.path} is empty")
    is_data = found.path.lower().endswith(_DATA_SUFFIXES)
    if found.problem is not None:
        flaw = found.problem.location
        return replace(blank, cause="refused", detail=f"{flaw}: {_why_not_read(found)}", flaw_at=flaw)
    if seen is None:
        told = f"{found.path}: it is too large to be read (got {len(text)} characters, at most {MAX_TEXT} are read)"
        return replace(blank, cause="refused", detail=told)
    if is_data and found.data is None:
        return replace(blank, cause="refused", detail=f"{found.path}: it holds no data")
    if seen.unread:
        return replace(blank, cause="template", detail=f"{found.path}:{seen.unread}")
    standing = standing_of("" if is_data else seen.asked.text, found.body_line, found.data)
    if standing is not None and (standing.is_void or blank.status == "final"):
        what = "does not count" if standing.is_void else "is not final, as its entry says"
        told = f'{found.path}:{standing.line} says of itself that it {what}: "{standing.said}"'
        return replace(blank, cause="refused", detail=told)
    reading = read_data(found.data, found.marks) if is_data else read_markdown(*seen.asked)
    fact = replace(
        blank,
        words=reading.words,
        sections=reading.sections,
        placeholder=reading.placeholder,
        placeholder_line=reading.placeholder_line,
        substance=reading.substance,
        names_systems=_names_systems(found, seen, system, known),
    )
    if not reading.is_template:
        return fact
    what = f"{reading.words} words of its own"
    shown = f' and "{reading.placeholder}" still to be filled in' if reading.placeholder else ""
    return replace(fact, cause="template", detail=f"{found.path} is a template: {what}{shown}")


class _Seen(NamedTuple):
    """What of a document's text is seen without reading its sections; it follows from path and text alone."""

    asked: DocumentText
    is_blank: bool
    unread: str
    """where and how it says that it is a draft which nobody has checked; empty where it does not"""
    names: tuple[str, ...]
    """what stands on its lines `System: ...`"""


@lru_cache(maxsize=KEPT)
def _seen(path: str, text: str, body_line: int) -> _Seen:
    unread = ""
    if draft := unread_draft(text):
        line = 1 + text.count("\n", 0, draft.start(1))
        unread = f'{line} is a draft that nobody has checked yet: it says "{draft[0].strip()[:80]}"'
    names: list[str] = []
    body = _body(text, body_line)
    if _MAY_BE_FOR_SYSTEMS.search(lower_as_matched(body)):
        found = (_FOR_SYSTEMS.match(line.strip()) for line in body.splitlines()[:40])
        names = [match["names"] for match in found if match]
    return _Seen(document_text(path, text, body_line), not visible(text).strip(), unread, tuple(names))


def document_text(path: str, text: str, body_line: int) -> DocumentText:
    """The text of a document below its front matter, without what its format keeps from the reader."""
    return DocumentText(without_remarks(path, _body(text, body_line)), body_line)


def _body(text: str, body_line: int) -> str:
    return "".join(text.split("\n", body_line - 1)[body_line - 1 :])


def _names_systems(found: Evidence, seen: _Seen, system: DeclaredSystem, known: Collection[str]) -> tuple[str, ...]:
    """The systems that the document says it is for: by its data or front matter, else by a line `System: ID`."""
    data = found.data if isinstance(found.data, Mapping) else {}
    stated = [data[name] for name in ("system", "systems", "system_id", "system_ids") if data.get(name)]
    said = [str(part).strip() for value in stated for part in (value if isinstance(value, list) else [value])]
    if said:
        return tuple(sorted({system.key.id if it == system.entry.name else it for it in said}))
    named = {part for names in seen.names for part in re.split(r"[^\w.-]+", names) if part in known}
    return tuple(sorted(named))


def test_fact(
    system: DeclaredSystem,
    position: int,
    evidence: Mapping[str, Evidence],
    policy: RuleSet,
    card_version: str | None,
    known: Collection[str],
) -> TestFact:
    """What was seen of the test entry at `position`.

    `card_version` is what the system's card says, `known` are ids of systems that the report may name.
    """
    entry = system.entry.tests[position]
    path = system.files.get(entry.report or "")
    found = evidence.get(path or "")
    blank = TestFact(entry.id, path or entry.report or "", None, system.at("tests", position), None, "")
    if entry.report is None:
        return _result_elsewhere(entry, replace(blank, completed=entry.completed))
    if found is None:
        state: FileState = "outside" if path is None else "absent"
        return replace(blank, cause="refused" if path is None else "not-run", detail=f"{blank.path}: {_STATES[state]}")
    blank = replace(blank, oid=found.oid, completed=entry.completed, provenance=found.provenance)
    spec = policy.tests.get(entry.id)
    if spec is not None:
        blank = replace(blank, wanted_cases=spec.wanted_cases, min_pass_rate=spec.min_pass_rate)
    if found.text is None:
        attested, said = _attested(entry, found)
        if attested is not None:
            return replace(blank, attested=attested)
        cause: Any = "not-run" if found.state == "absent" else "refused"
        return replace(blank, cause=cause, detail=f"{found.path}: {_why_not_read(found)}{said}")
    if not found.text.strip():
        return replace(blank, cause="not-run", detail=f"{found.path} is empty")
    return _results(found.text, _expected(system, entry, policy, card_version, known), blank)


def _expected(
    system: DeclaredSystem, entry: TestEntry, policy: RuleSet, card_version: str | None, known: Collection[str]
) -> Expected:
    return Expected(
        test=entry.id,
        system=system.key.id,
        suite=entry.suite,
        cases=tuple(entry.cases),
        version=entry.version or system.entry.model_version,
        version_must_be_stated=entry.version is not None,
        card_version=card_version,
        other_tests=tuple(policy.tests),
        known_systems=frozenset((*known, system.key.id)),
        model=entry.model,
        models=tuple(name for model in system.entry.models for name in _model_names(model)),
        hosted=tuple(name for vendor in policy.known_vendors.values() for name in vendor.models),
    )


def _model_names(model: ModelEntry) -> tuple[str, ...]:
    return (model.name, f"{model.name}-{model.version}", model.version) if model.version else (model.name,)
