"""Which models a product uses, of all that its files name: each once, and no lists of what there is to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from policy_gate.discover.about import Seen
from policy_gate.schema.observed import Signal, model_family, plain_model_name
from policy_gate.schema.patterns import lazy_pattern

_A_LIST: Final = 12
"""models that one file may name as those in use; one that names more lists what there is"""
_DAY: Final = lazy_pattern(r"-(?:20\d{2}-?[01]\d-?[0-3]\d|[01]\d[0-3]\d)$")
"""the day of a version, at the end of a plain name"""


class ModelsOfProduct(NamedTuple):
    """Models with the vendor (or none) and the first place of each; `lists` are files that offer many, as sentences."""

    models: tuple[tuple[str, Seen], ...] = ()
    lists: tuple[str, ...] = ()


def models_of_product(signals: Sequence[Signal]) -> ModelsOfProduct:
    """The models that these signs name as those in use.

    A file that names many lists what there is, where others say which of them is taken. A name and the same name with
    the day of its version beside it in one file are an alias and what it stands for: one model, by the exact name.
    """
    by_file: dict[str, dict[str, Signal]] = {}
    for signal in signals:
        if signal.kind == "model" and signal.value and signal.confidence != "low":
            by_file.setdefault(signal.path, {}).setdefault(plain_model_name(signal.value), signal)
    used = {path: _without_aliases(named) for path, named in by_file.items()}
    lists = [path for path, named in used.items() if len(named) > _A_LIST]
    if len(lists) == len(used):
        lists = []
    first: dict[str, Signal] = {}
    for path, named in used.items():
        for name, signal in named.items() if path not in lists else ():
            first.setdefault(name, signal)
    said = tuple(f"{path} lists {len(used[path])} models to choose from" for path in lists)
    return ModelsOfProduct(tuple(_seen(first[name]) for name in sorted(first)), said)


def _seen(signal: Signal) -> tuple[str, Seen]:
    return signal.vendor, Seen(signal.value, f"{signal.path}:{signal.line}")


def _without_aliases(named: Mapping[str, Signal]) -> dict[str, Signal]:
    dated = {model_family(name) for name in named if _DAY.search(name)}
    return {name: it for name, it in named.items() if _DAY.search(name) or name not in dated}
