"""The models that an entry lists: what pins them, whether their names move, when their vendor ends them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from policy_gate.facts.change_kinds import FactsPair
from policy_gate.schema.change import Change
from policy_gate.schema.documents import ModelEntry
from policy_gate.schema.facts import Facts
from policy_gate.schema.observed import bare_model_name
from policy_gate.schema.rule_set import ModelName, RuleSet


def model_values(model: ModelEntry, policy: RuleSet) -> dict[str, Any]:
    """The `model.*` values of one listed model; a text that is not known is empty.

    A version or a digest pins a name that moves, unless the version moves itself.
    """
    spelled = [f"{model.name}-{model.version}", model.name] if model.version else [model.name]
    known = policy.model_names.values()
    says_moving = model.version if model.version is not None else model.name
    retires, source = _end(model, next((ends for name in spelled if (ends := _ends_of(name, known))), []))
    return {
        "model.name": model.name,
        "model.version": model.version or "",
        "model.has_version": model.version is not None,
        "model.has_digest": model.digest is not None,
        "model.is_moving": model.digest is None and any(it.moving and _fits(it, says_moving) for it in known),
        "model.retires": retires,
        "model.retires_source": source,
    }


def listed_model_changes(pair: FactsPair) -> Iterator[Change]:
    """Models that the list no longer names, names newly, or pins otherwise, or of another vendor; a first list is none.

    The same model that ends later than in base, or of which no end is said any more, is a change by itself: of both
    sides the days count by which it is judged, so that a day in the policies goes on counting.
    """
    ends, ends_now = _ends_by_model(pair.was), _ends_by_model(pair.now)
    for field in sorted(ends.keys() & ends_now.keys()):
        said, says = ends[field], ends_now[field]
        if said and (not says or says > said):
            yield pair.change("model-end-moved", field, said, says or None, "models")
    for model in pair.now.declared.entry.models:
        if model.fallback and not any(_is_same(old, model) for old in pair.was.declared.entry.models):
            name = f"fallback {model.name} {model.version or ''}".strip()
            yield pair.change("fallback-named", name, None, _said([model]), "models")
    was, now = _by_name(pair.was), _by_name(pair.now)
    if not was:
        return
    for key in sorted({*was, *now}):
        before, after = was.get(key, []), now.get(key, [])
        if sorted(map(_pinned, before)) != sorted(map(_pinned, after)) or not _served(before) <= _served(after):
            name = (after or before)[0].name
            yield pair.change("model-changed", f"models {name}", _said(before), _said(after), "models")


def fallbacks(facts: Facts) -> frozenset[str]:
    """The names by which code asks for the models that may be gone back to. One that moves may be another by then."""
    listed = zip(facts.declared.entry.models, facts.models, strict=True)
    pinned = [model for model, values in listed if model.fallback and not values["model.is_moving"]]
    names = [name for it in pinned for name in (it.name, f"{it.name}-{it.version}" if it.version else it.name)]
    return frozenset(name for name in names if not name.startswith("$"))


def _by_name(facts: Facts) -> dict[str, list[ModelEntry]]:
    """The listed models by their names, whose case tells no two of them apart; a name may stand with two versions."""
    found: dict[str, list[ModelEntry]] = {}
    for model in facts.declared.entry.models:
        found.setdefault(model.name.casefold(), []).append(model)
    return found


def _is_same(old: ModelEntry, new: ModelEntry) -> bool:
    """Whether two entries say the same, but for a vendor that is said at first."""
    return old == (new if old.vendor is not None else new.model_copy(update={"vendor": None}))


def _pinned(model: ModelEntry) -> tuple[str, ...]:
    return tuple(part or "" for part in (model.version, model.digest, model.path))


def _served(models: Iterable[ModelEntry]) -> set[tuple[str, ...]]:
    """What is pinned of each model whose vendor is said, with that vendor."""
    return {(*_pinned(model), model.vendor) for model in models if model.vendor is not None}


def ends_field(values: Mapping[str, Any]) -> str:
    """How a change names the end of one listed model, whatever the case of its letters."""
    return f"retires {values['model.name']} {values['model.version']}".strip().casefold()


def _ends_by_model(facts: Facts) -> dict[str, str]:
    return {ends_field(values): values["model.retires"] for values in facts.models}


def _end(model: ModelEntry, known: Iterable[tuple[date, str]]) -> tuple[str, str]:
    """The earliest day on which it ends by the entry or by the policies, and who says so; empty where nobody does."""
    said = [(model.retires, model.source)] if model.retires is not None and model.source is not None else []
    day, source = min((*known, *said), default=(None, ""))
    return (day.isoformat(), source) if day is not None else ("", "")


def _said(models: Iterable[ModelEntry]) -> str | None:
    said = (" ".join(part for part in (it.name, it.version, it.digest, it.path, it.vendor) if part) for it in models)
    return ", ".join(said) or None


def _ends_of(name: str, known: Iterable[ModelName]) -> list[tuple[date, str]]:
    """The days on which vendors end what is called so, each with its source."""
    return [(it.retires, it.source) for it in known if it.retires is not None and _fits(it, name)]


def _fits(known: ModelName, name: str) -> bool:
    """Whether this is one of the names, with a provider before it or without."""
    plain = name.casefold().strip()
    return any(_expression(it).fullmatch(text) for it in known.names for text in (plain, bare_model_name(plain)))


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(".{0,200}".join(re.escape(part) for part in pattern.casefold().split("*")))
