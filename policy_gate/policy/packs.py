"""Law packs: documents to rows with compiled conditions, what is wrong with them, and their sealed form.

A pack is read where a row of it is judged and not before: a check that judges no law pays for its bytes alone.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from posixpath import basename
from types import MappingProxyType
from typing import Any, Final, cast

import msgspec
from msgspec import Struct

from policy_gate import __version__
from policy_gate.documents.spelling import spelling_hint
from policy_gate.documents.validation import validated
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import DocumentError, PolicyError
from policy_gate.policy.cel import KnownExpression, Language
from policy_gate.policy.expressions import declared_names
from policy_gate.policy.sealed import conditions_in, plain_data
from policy_gate.policy.variables import variables
from policy_gate.schema.law import (
    LAW_NAMES,
    DerivedFact,
    LawBook,
    LawContent,
    LawPack,
    LawRow,
    LawSource,
    Route,
    Uncertainty,
)
from policy_gate.schema.rule import Requirement
from policy_gate.schema.rule_condition import Condition
from policy_gate.schema.rule_set import FactDefinition
from policy_gate.schema.source import Document, Loc, Location, Problem
from policy_gate.schema.vocabulary import Subject

SUBJECT: Final = cast("Subject", "law")
"""What conditions of packs are about: a system, with what the packs derive."""
_FACT: Final = "system."
_KEPT = 8
"""So many books are remembered, each by all that it is made from."""


class Known(Struct, frozen=True):
    """What packs may name of the policies in force."""

    facts: tuple[tuple[str, FactDefinition], ...]
    artifacts: frozenset[str]
    regulations: frozenset[str]
    gates: frozenset[str]


class _Expression(Struct, omit_defaults=True):
    """A condition of the packs, where it first stands, and its compiled form where that need not be made again."""

    text: str
    place: Location
    known: KnownExpression | None = None


class _Seal(Struct):
    """Parts that few checks need are left packed. In `content` a condition is its place among the `expressions`."""

    key: str
    facts: list[str]
    content: memoryview
    expressions: memoryview


class PackBook(LawBook):
    """The packs of all layers, by path; where a seal is of just these bytes it is read in their place."""

    def __init__(self, texts: Mapping[str, bytes], known: Known, seal: bytes | None = None) -> None:
        self._texts = tuple(sorted(texts.items()))
        self._known = known
        self._seal = seal

    @cached_property
    def digest(self) -> str:
        return "sha256:" + self._key if self._texts else ""

    @property
    def pack_ids(self) -> tuple[str, ...]:
        """The packs, told from the names of their files, which are their ids."""
        return tuple(stem(path) for path, _ in self._texts)

    @cached_property
    def facts(self) -> frozenset[str]:
        sealed = self._sealed
        return frozenset(sealed.facts) if sealed else _facts_read(self.content, self._known)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong with them."""
        return compiled_packs(self._texts, self._known)[1]

    @cached_property
    def content(self) -> LawContent:
        found = _unsealed(self._sealed, self._known) if self._sealed else None
        if found is None:
            found, problems = compiled_packs(self._texts, self._known)
            if problems:
                first = problems[0]
                raise PolicyError(f"{first.location}: {first.message}", hint=first.hint, problems=problems)
        return found

    @cached_property
    def _sealed(self) -> _Seal | None:
        if self._seal is None:
            return None
        try:
            found = msgspec.msgpack.decode(self._seal, type=_Seal)
        except msgspec.MsgspecError:
            return None
        return found if found.key == _seal_key(self._key) else None

    @cached_property
    def _key(self) -> str:
        return texts_key(dict(self._texts))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PackBook) and (self._texts, self._known) == (other._texts, other._known)

    def __hash__(self) -> int:
        return hash(self.digest)


def texts_key(texts: Mapping[str, bytes]) -> str:
    """The digest of packs by the bytes of each, in the order of their ids; where their files lie does not count."""
    parts = (part for path in sorted(texts, key=stem) for part in (stem(path).encode(), texts[path]))
    return hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hexdigest()


def _seal_key(texts: str) -> str:
    """What a seal of packs is for: this version, and their bytes."""
    return f"{__version__}:{texts}"


def stem(path: str) -> str:
    """The name of a pack's file without its ending, which is the pack's id."""
    return basename(path.removeprefix("builtin:")).rpartition(".")[0]


def seal_packs(texts: Mapping[str, bytes], known: Known) -> bytes:
    """Seal packs; the same bytes give the same seal. PolicyError where they have problems."""
    book = PackBook(texts, known)
    conditions = {condition.text: condition for condition in conditions_in(book.content)}
    ranks = {text: rank for rank, text in enumerate(sorted(conditions))}
    expressions = [_Expression(text, conditions[text].place, conditions[text].known()) for text in ranks]
    content = plain_data(book.content, lambda condition: ranks[condition.text])
    packed = msgspec.msgpack.encode
    return packed(
        {
            "key": _seal_key(texts_key(texts)),
            "facts": sorted(book.facts),
            "content": packed(content),
            "expressions": packed(expressions),
        }
    )


def _unsealed(seal: _Seal, known: Known) -> LawContent | None:
    """What a seal holds; None where it cannot be read."""
    language = Language({}, proven=True)
    try:
        expressions = msgspec.msgpack.decode(seal.expressions, type=list[_Expression])
        conditions = [language.compile(it.text, SUBJECT, it.place) for it in expressions]
        content = msgspec.msgpack.decode(seal.content, type=LawContent, dec_hook=lambda _, rank: conditions[rank])
    except (msgspec.MsgspecError, IndexError):
        return None
    _declare(language, known, [derived.id for derived in content.derived])
    language.known.update({(SUBJECT, it.text): it.known for it in expressions if it.known is not None})
    return content


def _declare(language: Language, known: Known, derived: Sequence[str]) -> None:
    """Let conditions name every fact of a system, and what the packs derive."""
    language.declare(dict(known.facts))
    names = {**language.variables["system"], **{LAW_NAMES + id_: "BOOL" for id_ in derived}}
    language.variables = MappingProxyType({**language.variables, SUBJECT: MappingProxyType(names)})


def _facts_read(content: LawContent, known: Known) -> frozenset[str]:
    """The stated facts that some condition of a pack reads; all that it might where that cannot be said for sure."""
    every = tuple(variables(dict(known.facts))["system"])
    read = (condition.names for condition in conditions_in(content))
    names = (name for found in read for name in (every if found is None else found))
    return frozenset(name.removeprefix(_FACT) for name in names if name.startswith(_FACT))


@lru_cache(maxsize=_KEPT)
def compiled_packs(texts: tuple[tuple[str, bytes], ...], known: Known) -> tuple[LawContent, tuple[Problem, ...]]:
    """All packs compiled together, and every located problem of them; with any of them nothing is in force."""
    problems: list[Problem] = []
    documents = [document for path, data in texts if (document := _read(path, data, problems)) is not None]
    ids = [spec.id for document in documents for spec in document.content.derived]
    language = Language({})
    _declare(language, known, ids)
    packs = [_Pack(document, language, known, problems) for document in documents]
    derived = [fact for pack in packs for fact in pack.derived()]
    rows = tuple(row for pack in packs for row in pack.rows())
    _doubled(packs, problems)
    content = LawContent(tuple(pack.pack() for pack in packs), _in_order(derived, language, packs, problems), rows)
    if not problems:
        from policy_gate.policy.lint_packs import dead_rows  # noqa: PLC0415 - sealed packs are not linted again

        problems += dead_rows(content, dict(known.facts), language.variables[SUBJECT])
    return content, tuple(sorted(dict.fromkeys(problems), key=lambda it: (it.path, it.line or 0, it.message)))


def _read(path: str, data: bytes, problems: list[Problem]) -> Document[Any] | None:
    from policy_gate.schema.pack_document import PackFile  # noqa: PLC0415 - sealed packs need no models

    try:
        raw, marks = read_yaml(path, data)
        document = validated(PackFile, path, "", raw, marks)
    except DocumentError as fault:
        problems += fault.problems
        return None
    if stem(path) != document.content.id:
        hint = f"name the file {document.content.id}.yaml"
        message = f"pack {document.content.id} stands in a file of another name"
        problems.append(_problem(document, message, ("id",), hint))
    return document


class _Pack(Struct):
    """One pack while it is compiled; faults go to `problems`, located, and the part is left out."""

    document: Document[Any]
    language: Language
    known: Known
    problems: list[Problem]

    def pack(self) -> LawPack:
        spec = self.document.content
        if spec.regulation not in self.known.regulations:
            self._unknown("regulation", spec.regulation, self.known.regulations, "regulation")
        if spec.due_at is not None and spec.due_at not in self.known.gates:
            self._unknown("gate", spec.due_at, self.known.gates, "due_at")
        return LawPack(
            id=spec.id,
            title=spec.title,
            regulation=spec.regulation,
            checked_on=spec.checked_on,
            sources=tuple(LawSource(it.id, it.what, it.kind) for it in spec.sources),
            uncertain=tuple(Uncertainty(it.id, it.topic, it.known, it.handling) for it in spec.uncertain),
            points={it.id: it.use for it in spec.points},
        )

    def derived(self) -> Iterator[DerivedFact]:
        for index, spec in enumerate(self.document.content.derived):
            when = self._condition(spec.when, "derived", index, "when")
            if when is not None:
                yield DerivedFact(spec.id, spec.about, when, spec.definition, self.document.content.id)

    def rows(self) -> Iterator[LawRow]:
        for index, spec in enumerate(self.document.content.rows):
            when = self._condition(spec.when, "rows", index, "when")
            self._check_row(spec, index)
            routes, evidence = tuple(self._routes(spec, index)), tuple(self._evidence(spec, index))
            if when is not None:
                yield self._row(spec, index, when, routes, evidence)

    def _row(
        self, spec: Any, index: int, when: Condition, routes: tuple[Route, ...], evidence: tuple[Requirement, ...]
    ) -> LawRow:
        pack, place = self.document.content, ("rows", index)
        return LawRow(
            id=spec.id,
            pack=pack.id,
            regulation=pack.regulation,
            citation=_cited(spec.citation, pack.cite),
            requirement=spec.requirement,
            role=spec.role,
            condition=spec.condition,
            when=when,
            applies=routes,
            dates=spec.dates,
            until=spec.until,
            formal_from=spec.formal_from,
            binding=spec.binding,
            status=spec.status,
            superseded_by=spec.superseded_by,
            evidence=evidence,
            penalty=spec.penalty,
            mark=spec.mark,
            sources=tuple(spec.sources),
            uncertain=tuple(spec.uncertain),
            advisory=spec.advisory,
            practice=spec.practice,
            told_by=spec.told_by,
            since=pack.since,
            due_at=pack.due_at,
            title=f"{pack.title}, {spec.citation}",
            prohibited_when=self._condition(spec.prohibited_when, *place, "prohibited_when"),
            void_when=self._condition(spec.void_when, *place, "void_when"),
            checked_on=spec.checked_on or pack.checked_on,
            location=self.document.at(*place),
        )

    def _routes(self, spec: Any, index: int) -> Iterator[Route]:
        for position, route in enumerate(spec.applies):
            yield Route(route.from_, self._condition(route.when, "rows", index, "applies", position, "when"))
            if route.when is None and position + 1 < len(spec.applies):
                self._add("no later route is ever reached", "rows", index, "applies", position)

    def _evidence(self, spec: Any, index: int) -> Iterator[Requirement]:
        for position, wanted in enumerate(spec.evidence):
            place: Loc = ("rows", index, "evidence", position)
            names = (wanted,) if isinstance(wanted, str) else (wanted.artifact,) if wanted.artifact else wanted.any_of
            for name in names:
                if name not in self.known.artifacts:
                    self._unknown("artifact", name, self.known.artifacts, *place)
            when = None if isinstance(wanted, str) else self._condition(wanted.when, *place, "when")
            yield _requirement(tuple(names), (when,) if when else ())

    def _check_row(self, spec: Any, index: int) -> None:
        pack = self.document.content
        if not spec.id.startswith(f"{pack.id}/"):
            self._add(f'row "{spec.id}" is of another pack (expected {pack.id}/…)', "rows", index, "id")
        for name, known in (("sources", pack.sources), ("uncertain", pack.uncertain)):
            ids = frozenset(it.id for it in known)
            for position, id_ in enumerate(getattr(spec, name)):
                if id_ not in ids:
                    self._unknown(name.removesuffix("s"), id_, ids, "rows", index, name, position)
        if not spec.sources and "memory" not in spec.mark and pack.sources:
            self._add(f"{spec.id} says it is {spec.mark.partition(':')[0]}, and names no source", "rows", index, "mark")
        if spec.superseded_by is not None and spec.superseded_by not in self.known.regulations:
            self._unknown("regulation", spec.superseded_by, self.known.regulations, "rows", index, "superseded_by")
        if (spec.status == "superseded") is (spec.superseded_by is None):
            self._add(f"{spec.id}: a row is superseded where it says by what, and only there", "rows", index, "id")

    def _condition(self, text: str | None, *way: str | int) -> Condition | None:
        if text is None:
            return None
        try:
            return self.language.compile(text, SUBJECT, self.document.at(*way))
        except PolicyError as fault:
            self.problems += fault.problems
            return None

    def _unknown(self, what: str, id_: str, known: frozenset[str], *way: str | int) -> None:
        hint = spelling_hint(id_, known, most=8, none="there is none")
        self.problems.append(_problem(self.document, f'unknown {what} "{id_}"', way, hint))

    def _add(self, message: str, *way: str | int) -> None:
        self.problems.append(_problem(self.document, message, way))


def _requirement(names: tuple[str, ...], when: tuple[Condition, ...]) -> Requirement:
    if len(names) == 1:
        return Requirement(kind="artifact", subject=names[0], when=when)
    parts = tuple(Requirement(kind="artifact", subject=name) for name in names)
    return Requirement(kind="any_of", subject=" or ".join(names), when=when, alternatives=parts)


def _problem(document: Document[Any], message: str, way: Loc, hint: str = "") -> Problem:
    place = document.at(*way)
    return Problem(place.path, message, place.line, place.column, hint)


def _doubled(packs: Sequence[_Pack], problems: list[Problem]) -> None:
    """Ids that stand twice, of rows and of derived facts."""
    seen: set[str] = set()
    for pack in packs:
        for section, what in (("rows", "row"), ("derived", "derived fact")):
            for index, spec in enumerate(getattr(pack.document.content, section)):
                if f"{what} {spec.id}" in seen:
                    problems.append(_problem(pack.document, f'{what} "{spec.id}" stands twice', (section, index, "id")))
                seen.add(f"{what} {spec.id}")


def _in_order(
    derived: Sequence[DerivedFact], language: Language, packs: Sequence[_Pack], problems: list[Problem]
) -> tuple[DerivedFact, ...]:
    """Derived facts so that each comes after those it needs; a circle of them is a problem at each."""
    names = {LAW_NAMES + fact.id: fact for fact in derived}
    needs = {
        name: [it for it in declared_names(fact.when.text, language.variables[SUBJECT]) if it in names]
        for name, fact in names.items()
    }
    found: dict[str, DerivedFact] = {}
    while len(found) < len(names):
        ready = [name for name in names if name not in found and all(it in found for it in needs[name])]
        if not ready:
            problems += _circles(packs, {name for name in names if name not in found}, needs)
            break
        found.update({name: names[name] for name in ready})
    return tuple(found.values())


def _circles(packs: Sequence[_Pack], left: set[str], needs: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    for pack in packs:
        for index, spec in enumerate(pack.document.content.derived):
            if (name := LAW_NAMES + spec.id) in left:
                on = ", ".join(it for it in needs[name] if it in left)
                message = f"{name} hangs on itself or on a circle (by {on})"
                yield _problem(pack.document, message, ("derived", index, "when"), "define one of them by stated facts")


def _cited(citation: str, law: str | None) -> str:
    """A citation that names its law, where that does not stand in it already."""
    return f"{law}, {citation}" if law and law.rpartition(" ")[2] not in citation else citation
