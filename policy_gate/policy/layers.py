"""Layers merged by id: later ones add and tighten, and loosen only where an earlier one lets them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, get_args

from msgspec.structs import replace

from policy_gate.documents.spelling import nearest
from policy_gate.documents.validation import validated
from policy_gate.errors import DocumentError
from policy_gate.policy.items import KINDS, SETTINGS, Item, ItemPlace, MergedPolicies
from policy_gate.policy.strictness import GROWING, Loosened, loosened, shown
from policy_gate.schema.canonical import canonical
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.policy_document import PolicyFile
from policy_gate.schema.policy_head import PolicyHead
from policy_gate.schema.policy_sections import policy_file_of
from policy_gate.schema.source import Document, Loc, Problem
from policy_gate.schema.strict import Strict
from policy_gate.schema.vocabulary import TIERS

_SLIP = 0.85
"""likeness, from 0 to 1, of an id and the one that was meant, where it can hardly be a new one"""


def add_layer(policy: MergedPolicies, source: LayerSource, packs: Sequence[str]) -> None:
    """Merge one more layer into what the earlier ones make; documents of packs not among `packs` are left out.

    Nothing is raised: every fault is one located Problem of the result.
    """
    staged: dict[tuple[str, str], Item] = {}
    for document in sorted(source.documents, key=lambda it: it.path):
        if _in_force(document, packs, policy, source):
            _add_document(policy, staged, document, source)
    for (kind, id_), item in staged.items():
        policy.items[kind][id_] = item


def _in_force(document: Document[Any], packs: Sequence[str], policy: MergedPolicies, source: LayerSource) -> bool:
    pack = document.content.get("pack") if isinstance(document.content, dict) else None
    if not isinstance(pack, str):
        return True
    policy.packs.setdefault(pack, ItemPlace(document, ("pack",), source))
    return pack in packs


def _add_document(
    policy: MergedPolicies, staged: dict[tuple[str, str], Item], document: Document[Any], source: LayerSource
) -> None:
    raw = _completed(policy, document.content, source)
    try:
        file = _typed(document, raw)
    except DocumentError as fault:
        policy.problems += (_guessed(policy, problem, document) for problem in fault.problems)
        return
    items = tuple(_items(raw, file, ItemPlace(document, (), source)))
    if not items:
        hint = "write what it should hold, or remove the file"
        policy.problems.append(Problem(document.path, "the policy holds nothing, so it decides nothing", 1, 1, hint))
    for item in items:
        _stage(policy, staged, item, _written(document.content, item.place.loc))


def _typed(document: Document[Any], raw: Any) -> PolicyHead:
    """The document's sections, typed; DocumentError with the faults as the model of all sections tells them."""
    if isinstance(raw, dict):
        with suppress(DocumentError):
            return validated(policy_file_of(raw), document.path, document.oid, raw, document.marks).content
    return validated(PolicyFile, document.path, document.oid, raw, document.marks).content


def _items(raw: dict[str, Any], file: PolicyHead, root: ItemPlace) -> Iterator[Item]:
    for section, kind in KINDS.items():
        for index, spec in enumerate(getattr(file, section, ())):
            place = ItemPlace(root.document, (section, index), root.source)
            parts = _parts(spec, place)
            yield Item(kind, getattr(spec, _key(section)), raw[section][index], place, parts=parts, validated=spec)
    for name in SETTINGS:
        if (spec := getattr(file, name, None)) is not None:
            yield Item(name, name, raw[name], ItemPlace(root.document, (name,), root.source), validated=spec)


def _parts(spec: Strict, place: ItemPlace) -> tuple[ItemPlace, ...]:
    count = len(getattr(spec, "require", ()))
    return tuple(ItemPlace(place.document, (*place.loc, "require", index), place.source) for index in range(count))


def _key(section: str) -> str:
    return "tier" if section == "thresholds" else "id"


def _written(content: Any, loc: Loc) -> dict[str, Any]:
    """The item as its document says it, before anything was filled up."""
    for part in loc:
        content = content[part]
    return dict(content)


def _stage(policy: MergedPolicies, staged: dict[tuple[str, str], Item], item: Item, written: dict[str, Any]) -> None:
    """Take one item in: as new, as a restatement of an earlier layer's, or not, as a duplicate."""
    first = staged.get((item.kind, item.id))
    if first is not None:
        where = f"first at {next(reversed(first.restated.values()), first.place).at()}"
        policy.problems.append(item.problem(f"is there twice in one layer ({where})", hint="keep one of them"))
        return
    earlier = policy.items[item.kind].get(item.id)
    if earlier is not None and item.place.source.only_adds:
        message = f"is there already ({earlier.at()}): a pack from outside only adds"
        policy.problems.append(item.problem(message, hint="give it an id of its own"))
    elif earlier is not None:
        item = _restating(policy, earlier, item, written)
    elif item.kind == "rule":
        _judge_covering(policy, item)
    elif item.kind == "law-class":
        _judge_rank(policy, item)
    staged[item.kind, item.id] = item


def _completed(policy: MergedPolicies, raw: Any, source: LayerSource) -> Any:
    """The document with each restated item filled up from the earlier layers, ready to validate."""
    if not isinstance(raw, dict):
        return raw
    whole = dict(raw)
    for section, kind in KINDS.items():
        if isinstance(raw.get(section), list):
            whole[section] = [_filled(policy.items[kind], _key(section), entry, source) for entry in raw[section]]
    for name in SETTINGS:
        if isinstance(raw.get(name), dict):
            whole[name] = _filled(policy.items[name], None, raw[name], source)
    return whole


def _filled(known: Mapping[str, Item], key: str | None, entry: Any, source: LayerSource) -> Any:
    id_ = entry.get(key) if key and isinstance(entry, dict) else None
    earlier = next(iter(known.values()), None) if key is None else known.get(id_) if isinstance(id_, str) else None
    if earlier is None or not isinstance(entry, dict):
        return entry
    replaces = source.trusted and getattr(earlier.spec, "overridable", False)
    whole = dict(earlier.raw)
    for name, value in entry.items():
        whole[name] = _combined(name, earlier.raw.get(name), value, replaces)
    if source.layer == "organisation" and "overridable" in type(earlier.spec).model_fields:
        whole["overridable"] = entry.get("overridable", False)
    return whole


def _combined(name: str, was: Any, now: Any, replaces: bool) -> Any:
    """The effective raw value of a restated field; new list entries come first, as they are marked."""
    if isinstance(was, list) and isinstance(now, list):
        if name in GROWING or (name == "require" and not replaces):
            said = {canonical(part) for part in now}
            return [*now, *(part for part in was if canonical(part) not in said)]
        if name == "sections":
            return _combined_sections(was, now)
    if isinstance(now, dict) and name != "require":
        if isinstance(was, dict):
            return {**was, **now}
        if isinstance(was, str):
            return {**dict.fromkeys(TIERS, was), **now}
    return now


def _combined_sections(was: list[Any], now: list[Any]) -> list[Any]:
    earlier = {part["title"]: part for part in was}
    whole = []
    for part in now:
        title = part.get("title") if isinstance(part, dict) else None
        whole.append({**earlier.pop(title), **part} if isinstance(title, str) and title in earlier else part)
    return [*whole, *earlier.values()]


def _restating(policy: MergedPolicies, earlier: Item, item: Item, written: dict[str, Any]) -> Item:
    """The item as restated: requirements back in order, origins noted, loosening refused or noted."""
    names = [name for name in written if name != _key_of(earlier.kind)]
    for change in loosened(earlier.spec, item.spec, names):
        _judge_loosening(policy, earlier, item, change)
    restated = dict(earlier.restated)
    for name in names:
        restated[name] = item.place
        if isinstance(written[name], dict) and earlier.kind in SETTINGS:
            restated |= {f"{name}.{key}": item.place for key in written[name]}
    return replace(_reordered(earlier, item, len(written.get("require", ()))), place=earlier.place, restated=restated)


def _key_of(kind: str) -> str:
    return "tier" if kind == "threshold" else "id"


def _reordered(earlier: Item, item: Item, own: int) -> Item:
    """Earlier requirements first; those carried over from the earlier layer keep its places."""
    if not item.parts:
        return item
    old = {canonical(part): place for part, place in zip(earlier.raw["require"], earlier.parts, strict=True)}
    position = {spelled: index for index, spelled in enumerate(old)}
    rows = [
        (canonical(part), part, spec, place if index < own else old[canonical(part)])
        for index, (part, spec, place) in enumerate(
            zip(item.raw["require"], item.spec.require, item.parts, strict=True)
        )
    ]
    rows.sort(key=lambda row: position.get(row[0], len(position)))
    said = {**item.raw, "require": [row[1] for row in rows]}
    spec = item.spec.model_copy(update={"require": [row[2] for row in rows]})
    return replace(item, said=said, validated=spec, parts=tuple(row[3] for row in rows))


def _judge_loosening(policy: MergedPolicies, earlier: Item, item: Item, change: Loosened) -> None:
    source = item.place.source
    name = change.field.partition(".")[0]
    if source.trusted and _may_loosen(earlier, change.field, source):
        what = "drops" if name == "require" else "loosens"
        tail = change.was if name == "require" else f"{change.was} to {change.now}"
        policy.notes.append(f"{source.name} {what} {item.name}.{change.field}: {tail}")
        if name == "require":
            message = f"require takes the place of the list of {earlier.place.source.name}, and drops {change.was}"
            hint = "repeat what is to stay; who only wants more of it writes a rule of their own"
            policy.advice.append(item.problem(message, "require", hint=hint, advice=True))
        return
    got = f"drops {change.was}" if change.now == "nothing" else f"loosens {change.was} to {change.now}"
    hint = "a layer may add and tighten; " + _why_not(earlier, source)
    policy.problems.append(item.problem(f"{change.field} {got}", *change.field.split("."), hint=hint))


def _judge_covering(policy: MergedPolicies, item: Item) -> None:
    """A rule that is new may ask in place of others only where they may be loosened: its approval stands for theirs."""
    for id_, kinds in item.spec.covers.items():
        covered = policy.items["rule"].get(id_)
        if covered is not None and kinds:
            _judge_loosening(policy, covered, item, Loosened(f"covers.{id_}", "nothing", shown(kinds)))


def _judge_rank(policy: MergedPolicies, item: Item) -> None:
    """A law class that is new may not stand above others: gaining it would make up for the loss of any of those."""
    for known in policy.items["law-class"].values():
        if known.spec.regulation == item.spec.regulation and known.spec.rank < item.spec.rank:
            lost = Loosened("rank", f"nothing above {known.id} ({known.spec.rank})", str(item.spec.rank))
            _judge_loosening(policy, known, item, lost)


def _may_loosen(earlier: Item, path: str, source: LayerSource) -> bool:
    if path in GROWING:
        return True
    if earlier.kind not in SETTINGS:
        return bool(getattr(earlier.spec, "overridable", False))
    setter = earlier.restated.get(path, earlier.place)
    return setter.source.layer != "organisation" or source.layer == "organisation"


def _why_not(earlier: Item, source: LayerSource) -> str:
    if not source.trusted:
        return f"{source.name} lies inside the judged checkout and may loosen nothing"
    if earlier.kind in SETTINGS:
        return "the organisation's layer has set this"
    if not hasattr(earlier.spec, "overridable"):
        return f"a {earlier.kind} is never loosened"
    return f"{earlier.at()} does not mark it `overridable: true`"


def _guessed(policy: MergedPolicies, problem: Problem, document: Document[Any]) -> Problem:
    """A part of an item whose id is misspelt looks like a new item that lacks keys: say what is meant."""
    content = document.content if isinstance(document.content, dict) else {}
    for section, kind in KINDS.items():
        entries = content.get(section)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            mark = document.marks.get((section, index))
            if mark != (problem.line, problem.column) or not isinstance(entry, dict):
                continue
            id_ = entry.get(_key(section))
            if isinstance(id_, str) and id_ not in policy.items[kind] and _lacks_keys(section, entry):
                near = nearest(id_, policy.items[kind])
                meant = f'did you mean {kind} "{near}"?'
                if near and (not problem.hint or nearest(id_, [near], _SLIP)):
                    return replace(problem, hint=meant)
                return replace(problem, hint=f"{problem.hint}; or {meant}") if near else problem
    return problem


def _lacks_keys(section: str, entry: Mapping[str, Any]) -> bool:
    spec: type[Strict] = get_args(PolicyFile.model_fields[section].annotation)[0]
    fields = spec.model_fields.items()
    return any(field.is_required() and (field.alias or name) not in entry for name, field in fields)
