"""Whether a result that is to be new is a run that stands as something else: of another system, or of another test.

What base holds under any name was run before the change. A run that the change brings is that of one system, unless
its report names both, or both claim code in common (D37, D52).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from policy_gate.schema.facts import Facts, TestFact
from policy_gate.schema.test_runs import is_one_run_of_other_name, marks_of_run


class _Held(NamedTuple):
    facts: Facts
    result: TestFact
    is_of_base: bool


class RunsElsewhere:
    """The results of all systems of base and result, found by what tells one run from others; read when first asked."""

    def __init__(self, base: Sequence[Facts], result: Sequence[Facts]) -> None:
        self._sides = ((base, True), (result, False))
        self._by_mark: dict[str, list[_Held]] | None = None

    def whose(self, fact: TestFact, facts: Facts) -> str:
        """What else this result of a system stands as, in words; empty where it is a run of its own."""
        for held in self._sharing_a_mark(fact):
            if _is_meant(held, fact, facts) and is_one_run_of_other_name(held.result.cases, fact.cases):
                return f"of {held.facts.id}" if held.facts.id != facts.id else f"for {held.result.id}"
        return ""

    def _sharing_a_mark(self, fact: TestFact) -> Iterator[_Held]:
        if self._by_mark is None:
            self._by_mark = {}
            for held in self._all():
                for mark in marks_of_run(held.result.cases):
                    self._by_mark.setdefault(mark, []).append(held)
        seen = set[int]()
        for mark in sorted(marks_of_run(fact.cases)):
            for held in self._by_mark.get(mark, ()):
                if id(held) not in seen:
                    seen.add(id(held))
                    yield held

    def _all(self) -> Iterable[_Held]:
        return (
            _Held(facts, result, is_of_base)
            for side, is_of_base in self._sides
            for facts in side
            for result in facts.tests.values()
            if result.attested is None
        )


def _is_meant(held: _Held, fact: TestFact, facts: Facts) -> bool:
    if held.facts.id == facts.id:
        # Its own of that name is compared with more of base's history; of what the change brings one counts once.
        return held.is_of_base and held.result.id != fact.id
    if fact.names_its_system:
        return False
    return held.is_of_base or not _claim_in_common(held.facts, facts)


def _claim_in_common(one: Facts, other: Facts) -> bool:
    return not {file.path for file in one.declared.code}.isdisjoint(file.path for file in other.declared.code)
