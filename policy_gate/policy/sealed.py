"""The built-in policies sealed: their items with what each comes to, as they were compiled when the package was built.

A seal is plain data, keyed by the version and by the bytes of the policies it was made from. Where they are others,
or it cannot be read, there is no seal: the documents are read and compiled as ever. It is never made for policies
that somebody else can write.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import fields, replace

from policy_gate import __version__
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.policy.cel import CompiledCondition, KnownExpression, Language
from policy_gate.policy.items import Item, ItemPlace, MergedPolicies
from policy_gate.schema.card_fields import CardWords, WantedCardField
from policy_gate.schema.check_inputs import LayerSource, SealedSource
from policy_gate.schema.incident_rules import (
    IncidentClock,
    IncidentSeverity,
    IncidentType,
    Notice,
    SeriousIncidentTerm,
)
from policy_gate.schema.rule import Rule
from policy_gate.schema.rule_condition import Condition
from policy_gate.schema.rule_set import (
    Activity,
    Artifact,
    ChangeKind,
    Control,
    Dimension,
    FactDefinition,
    Floor,
    Gate,
    KnownVendor,
    LawClass,
    ModelName,
    Regulation,
    Role,
    TestDefinition,
    Threshold,
    VendorFinding,
    WaiverRule,
)
from policy_gate.schema.rule_settings import (
    Assurance,
    CalendarSettings,
    DebtPeriods,
    Owners,
    VendorTierRule,
    WaiverSettings,
)
from policy_gate.schema.source import Document, Loc, Location, Mark
from policy_gate.schema.vocabulary import Subject

T = TypeVar("T")
_ITEM, _PART = 2, 4
"""How long the way is to an item of a document (section, place), and to an entry of what it requires."""

_DEFINITIONS: Mapping[str, type[Struct]] = {
    "fact": FactDefinition,
    "dimension": Dimension,
    "threshold": Threshold,
    "floor": Floor,
    "law-class": LawClass,
    "regulation": Regulation,
    "role": Role,
    "artifact": Artifact,
    "test": TestDefinition,
    "control": Control,
    "gate": Gate,
    "rule": Rule,
    "change-kind": ChangeKind,
    "activity": Activity,
    "card-field": WantedCardField,
    "card-names": CardWords,
    "waiver-rule": WaiverRule,
    "known-vendor": KnownVendor,
    "model-name": ModelName,
    "vendor-finding": VendorFinding,
    "vendor-tier": VendorTierRule,
    "incident-type": IncidentType,
    "incident-severity": IncidentSeverity,
    "incident-clock": IncidentClock,
    "serious-incident": SeriousIncidentTerm,
    "incident-notice": Notice,
    "assurance": Assurance,
    "debt": DebtPeriods,
    "waivers": WaiverSettings,
    "owners": Owners,
    "calendar": CalendarSettings,
}


class _SealedItem(Struct, Generic[T]):
    """One item at `loc` of a document, told by its place in the list; `parts` counts the entries of `require`."""

    id: str
    raw: msgspec.Raw
    spelled: str
    document: int
    loc: tuple[str | int, ...]
    parts: int
    definition: T
    rule: Rule | None


class _SealedDocument(Struct):
    """`marks` are those of its items and their requirements, and of the name of its pack."""

    path: str
    oid: str
    pack: str | None
    marks: list[tuple[tuple[str | int, ...], Mark]]


class _SealedExpression(Struct):
    """A condition of this subject and text, compiled."""

    subject: Subject
    text: str
    known: KnownExpression


class _Seal(Struct):
    """`items` are by kind, each a list of `_SealedItem`."""

    key: str
    documents: list[_SealedDocument]
    expressions: list[_SealedExpression]
    items: dict[str, msgspec.Raw]


def seal_key(texts: Mapping[str, bytes]) -> str:
    """What a seal is for: this version, and the bytes of these policy documents by path."""
    parts = (__version__.encode(), *(part for path in sorted(texts) for part in (path.encode(), texts[path])))
    return hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hexdigest()


def seal(policy: MergedPolicies, key: str) -> bytes:
    """Seal compiled items of one layer; the same items give the same bytes."""
    documents: list[Document[Any]] = []
    items = {kind: [_sealed(item, documents) for item in found.values()] for kind, found in policy.items.items()}
    told = [
        {
            "path": document.path,
            "oid": document.oid,
            "pack": document.content.get("pack"),
            "marks": [(loc, mark) for loc, mark in document.marks.items() if _is_kept(loc)],
        }
        for document in documents
    ]
    every = [(item.definition, item.rule) for item in policy.every()]
    conditions = {(it.subject, it.text): it for it in conditions_in(every)}
    known = [(subject, text, conditions[subject, text].known()) for subject, text in sorted(conditions)]
    expressions = [{"subject": subject, "text": text, "known": form} for subject, text, form in known if form]
    return msgspec.msgpack.encode({"key": key, "documents": told, "expressions": expressions, "items": items})


def conditions_in(value: Any) -> Iterator[CompiledCondition]:
    """All conditions of what was compiled, in its order."""
    parts = [value]
    while parts:
        part = parts.pop()
        kind = type(part)
        if kind in _PLAIN:
            continue
        if isinstance(part, CompiledCondition):
            yield part
        elif isinstance(part, Struct):
            parts += [getattr(part, name) for name in reversed(kind.__struct_fields__)]
        elif isinstance(part, (list, tuple)):
            parts += reversed(part)
        elif isinstance(part, Mapping):
            parts += reversed(list(part.values()))


_DOCUMENTS = 64
"""more than the documents of one set of policies"""

_PLAIN = frozenset((str, int, float, bool, type(None)))
"""Most of what was compiled, and no condition in it."""


def _is_kept(loc: Loc) -> bool:
    """Whether something can still point there: an item, an entry of what it requires, a condition, the pack's name."""
    is_part = len(loc) == _PART and loc[2] == "require"
    return loc == ("pack",) or len(loc) <= _ITEM or is_part or loc[-1] in ("when", "that")


def _sealed(item: Item, documents: list[Document[Any]]) -> dict[str, Any]:
    document = item.place.document
    if document not in documents:
        documents.append(document)
    definition = None if item.kind == "rule" else item.definition
    return {
        "id": item.id,
        "raw": plain_data(item.raw),
        "spelled": item.canonical,
        "document": documents.index(document),
        "loc": item.place.loc,
        "parts": len(item.parts),
        "definition": plain_data(definition),
        "rule": plain_data(item.rule),
    }


def plain_data(value: Any, condition: Callable[[CompiledCondition], Any] | None = None) -> Any:
    """Plain data in a fixed order; sets as sorted lists, structs without what they say by default.

    A condition is what `condition` makes of it; by itself its text, subject and place.
    """
    if isinstance(value, CompiledCondition):
        place = value.place
        return condition(value) if condition else [value.text, value.subject, place.path, place.line, place.column]
    if isinstance(value, Struct):
        said = {it.name: (getattr(value, it.name), it.default) for it in fields(value)}
        return {name: plain_data(part, condition) for name, (part, default) in said.items() if part != default}
    if isinstance(value, Mapping):
        return {name: plain_data(part, condition) for name, part in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(plain_data(part, condition) for part in value)
    if isinstance(value, (list, tuple)):
        return [plain_data(part, condition) for part in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return int(value) if isinstance(value, int) else float(value)
    return value.isoformat() if isinstance(value, date) else value


def unseal(
    policy: MergedPolicies, sealed: SealedSource, source: LayerSource, packs: Sequence[str], language: Language
) -> bool:
    """Take the sealed items that are in force with these packs into `policy`; False where the seal is of no use.

    Conditions are bound to `language`, and need not be compiled where their variables have the types they had.
    """
    try:
        found = msgspec.msgpack.decode(sealed.seal, type=_Seal)
        if found.key != seal_key(sealed.texts):
            return False
        documents = [_document(known) for known in found.documents]
        items = {kind: _items(kind, raw, documents, source, language) for kind, raw in found.items.items()}
    except (msgspec.MsgspecError, KeyError, IndexError):
        return False
    language.known.update({(it.subject, it.text): it.known for it in found.expressions})
    for document in documents:
        if pack := document.content.get("pack"):
            policy.packs.setdefault(pack, ItemPlace(document, ("pack",), source))
    for kind, of_kind in items.items():
        for item in of_kind:
            if item.place.document.content.get("pack") in (None, *packs):
                policy.items[kind][item.id] = item
    return True


def _document(known: _SealedDocument) -> Document[Any]:
    """A document of which no more is known than where its items stand."""
    return Document(known.path, known.oid, {"pack": known.pack} if known.pack else {}, dict(known.marks))


def _items(
    kind: str, raw: msgspec.Raw, documents: Sequence[Document[Any]], source: LayerSource, language: Language
) -> list[Item]:
    def condition(_: type, said: Any) -> Condition:
        text, subject, path, line, column = said
        return CompiledCondition(text, subject, language, Location(path, line, column))

    of_kind: Any = _SealedItem
    typed = list[of_kind[_DEFINITIONS[kind] | None]]
    found = msgspec.msgpack.decode(raw, type=typed, dec_hook=condition)
    return [_item(kind, known, documents[known.document], source) for known in found]


def _item(kind: str, known: _SealedItem[Any], document: Document[Any], source: LayerSource) -> Item:
    parts = [(*known.loc, "require", index) for index in range(known.parts)]
    return Item(
        kind,
        known.id,
        known.raw,
        ItemPlace(document, known.loc, source),
        parts=tuple(ItemPlace(document, part, source) for part in parts),
        definition=known.rule if kind == "rule" else known.definition,
        rule=known.rule,
        spelled=known.spelled,
    )


def with_documents(source: LayerSource) -> LayerSource:
    """A sealed layer with its documents read after all; any other as it is."""
    if source.sealed is None:
        return source
    documents = (_read(path, data) for path, data in sorted(source.sealed.texts.items()))
    return replace(source, documents=tuple(documents), sealed=None)


@lru_cache(maxsize=_DOCUMENTS)
def _read(path: str, data: bytes) -> Document[Any]:
    content, marks = read_yaml(path, data)
    return Document(path, "", content, marks)
