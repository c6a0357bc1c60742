"""Which of some rules fire for a system: told once for all systems of which their conditions see the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from policy_gate.schema.rule import Rule
from policy_gate.schema.rule_condition import Truth, comparable

_KEPT: Final = 4096
_ABSENT: Final = object()
_Firing = tuple[Rule, Truth | None]


class FiringRules:
    """Rules, and what their conditions were of the values seen so far.

    Only of rules about the system itself: an instance of another target (a vendor, a change) has values of its own.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple((rule, _names_read(rule)) for rule in rules)
        self._names = tuple(sorted({name for _, names in self._rules for name in names or ()}))
        self._firing: dict[tuple[Any, ...], tuple[_Firing, ...]] = {}

    def of(self, values: Mapping[str, Any]) -> Iterable[_Firing]:
        """The rules that may fire where the system's values are these, in order, each with what its condition is.

        None where that is still to be told, of each instance. A rule whose condition is false is left out.
        """
        said = values.get
        seen = tuple([it if type(it := said(name, _ABSENT)) is str else comparable(it) for name in self._names])
        known = self._firing.get(seen)
        return known if known is not None else self._told(seen, values)

    def _told(self, seen: tuple[Any, ...], values: Mapping[str, Any]) -> Iterator[_Firing]:
        """The same, worked out rule by rule, so that a condition at fault stops the walk where it stands."""
        firing: list[_Firing] = []
        for rule, names in self._rules:
            truth = rule.when.truth(values) if rule.when is not None and names is not None else None
            if truth is None or truth.value is not False:
                firing.append((rule, truth))
                yield rule, truth
        if len(self._firing) < _KEPT:
            self._firing[seen] = tuple(firing)


def _names_read(rule: Rule) -> tuple[str, ...] | None:
    """What the condition of a rule about the system reads; None where it is to be told of each instance."""
    return rule.when.names if rule.for_each == "system" and rule.when is not None else None
