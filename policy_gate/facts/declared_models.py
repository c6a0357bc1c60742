"""The models that an entry lists: what pins them, whether their names move, when their vendor ends them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any

from policy_gate.facts.change_kinds import FactsPair
from policy_gate.schema.documents import ModelEntry
from policy_gate.schema.facts import Change
from policy_gate.schema.observed import bare_model_name
from policy_gate.schema.rule_set import ModelName, RuleSet


def model_values(model: ModelEntry, policy: RuleSet) -> dict[str, Any]:
    """The `model.*` values of one listed model; a text that is not known is empty.

    A version or a digest pins a name that moves, unless the version moves itself.
    """
    spelled = [f"{model.name}-{model.version}", model.name] if model.version else [model.name]
    known = policy.model_names.values()
    says_moving = model.version if model.version is not None else model.name
    retires = next((min(days) for name in spelled if (days := _days_of(name, known))), None)
    return {
        "model.name": model.name,
        "model.version": model.version or "",
        "model.has_version": model.version is not None,
        "model.has_digest": model.digest is not None,
        "model.is_moving": model.digest is None and any(it.moving and _fits(it, says_moving) for it in known),
        "model.retires": retires.isoformat() if retires is not None else "",
    }


def listed_model_changes(pair: FactsPair) -> Iterator[Change]:
    """Models that the list no longer names, names newly, or pins otherwise; a first list is no change."""
    was, now = ({model.name: model for model in facts.declared.entry.models} for facts in (pair.was, pair.now))
    if not was:
        return
    for name in sorted({*was, *now}):
        before, after = was.get(name), now.get(name)
        if before != after:
            yield pair.change("model-changed", f"models {name}", _said(before), _said(after), "models")


def _said(model: ModelEntry | None) -> str | None:
    if model is None:
        return None
    return " ".join(part for part in (model.name, model.version, model.digest, model.path) if part)


def _days_of(name: str, known: Iterable[ModelName]) -> list[date]:
    """The days on which vendors end what is called so."""
    return [it.retires for it in known if it.retires is not None and _fits(it, name)]


def _fits(known: ModelName, name: str) -> bool:
    """Whether this is one of the names, with a provider before it or without."""
    plain = name.casefold().strip()
    return any(_expression(it).fullmatch(text) for it in known.names for text in (plain, bare_model_name(plain)))


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(".{0,200}".join(re.escape(part) for part in pattern.casefold().split("*")))
