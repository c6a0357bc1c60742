"""Several models in one bill of materials: which of them a system is about, and the bill with its card alone.

Bills list what a product is made of: the model that was started from stands there beside the product's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policy_gate.cards.formats.nested import list_of, map_in

MODEL: Final = "machine-learning-model"
_DEEPEST: Final = 8
"""components within components that are looked into"""


def components_of(bill: Mapping[Any, Any]) -> list[Mapping[Any, Any]]:
    """The components of a bill, those within others behind them, and last what it as a whole is about."""
    found = [*_within(list_of(bill, "components"), 1), map_in(map_in(bill, "metadata"), "component")]
    return [part for part in found if part]


def models_with_cards(bill: Mapping[Any, Any]) -> list[Mapping[Any, Any]]:
    """The machine-learning models with a card; first the one that the bill as a whole is about."""
    models = [it for it in components_of(bill) if it.get("type") == MODEL and isinstance(it.get("modelCard"), Mapping)]
    whole = map_in(map_in(bill, "metadata"), "component")
    return sorted(models, key=lambda it: it is not whole and (not whole or it.get("name") != whole.get("name")))


def with_one_card(bill: Mapping[Any, Any], model: Mapping[Any, Any]) -> dict[Any, Any]:
    """The bill in which this model alone has a card; what else it lists stays, for whatever refers to it."""
    others = [it for it in components_of(bill) if it is not model]
    return {**bill, "components": [model, *(_without_card(it) for it in others)], "metadata": {}}


def _without_card(part: Mapping[Any, Any]) -> dict[Any, Any]:
    return {key: value for key, value in part.items() if key not in ("modelCard", "components")}


def _within(parts: list[Any], depth: int) -> Iterator[Mapping[Any, Any]]:
    known = [part for part in parts if isinstance(part, Mapping)]
    yield from known
    for part in known if depth < _DEEPEST else ():
        yield from _within(list_of(part, "components"), depth + 1)
