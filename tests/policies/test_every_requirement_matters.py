"""Deleting any single requirement from the shipped policies changes a finding in some case, and so fails it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from policy_gate import gate
from policy_gate.collect.policies import builtin
from policy_gate.enact import cases, enact, lint, rules_without_cases
from policy_gate.schema.law import RuleSet
from policy_gate.schema.papers import LayerSource
from policy_gate.schema.policy_document import Case

SECTIONS = ("gates", "controls", "rules")


class Place(NamedTuple):
    """One requirement of the shipped policies: file, section, position of the item, way to the requirement."""

    path: str
    section: str
    item: int
    way: tuple[str | int, ...]
    name: str


def _requirements(items: list[Any], way: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    for index, requirement in enumerate(items):
        yield (*way, index)
        for group in ("all_of", "any_of"):
            yield from _requirements(requirement.get(group, []), (*way, index, group))


def _places() -> list[Place]:
    found = []
    for document in builtin().documents:
        for section in SECTIONS:
            for index, item in enumerate(document.content.get(section, [])):
                for way in _requirements(item["require"], ("require",)):
                    spelled = "-".join(str(step) for step in way[1:])
                    found.append(Place(document.path, section, index, way, f"{item['id']}-{spelled}"))
    return found


def _without(place: Place) -> LayerSource:
    """The shipped policies less one requirement; where it is the only one, less the rule."""
    source = builtin()
    documents = []
    for document in source.documents:
        if document.path == place.path:
            document = replace(document, content=_pruned(document.content, place))
        documents.append(document)
    return replace(source, documents=tuple(documents))


def _pruned(content: Any, place: Place) -> Any:
    content = copy.deepcopy(content)
    items = content[place.section]
    parent = items[place.item]
    for step in place.way[:-1]:
        parent = parent[step]
    del parent[place.way[-1]]
    if not parent:
        gone = items.pop(place.item)["id"]
        for item in items:
            if gone in item.get("satisfied_by", []):
                item["satisfied_by"] = [other for other in item["satisfied_by"] if other != gone]
    return content


PLACES = _places()


@pytest.fixture(scope="module")
def law() -> RuleSet:
    return enact((builtin(),))


@pytest.fixture(scope="module")
def shipped(law: RuleSet) -> tuple[Case, ...]:
    return cases(builtin().cases, law)


def test_the_shipped_policies_have_no_fault_and_ask_for_no_mending() -> None:
    assert [str(problem) for problem in lint((builtin(),))] == []


def test_every_case_comes_out_as_it_says(law: RuleSet, shipped: tuple[Case, ...]) -> None:
    rehearsal = gate.rehearse(law, shipped)
    assert rehearsal.cases == len(shipped) > 100
    assert rehearsal.failed == ()


def test_every_rule_gate_and_control_is_seen_to_fire_and_to_rest(law: RuleSet, shipped: tuple[Case, ...]) -> None:
    assert [str(lack) for lack in rules_without_cases(law, shipped)] == []


@pytest.fixture(scope="module")
def faults(law: RuleSet, shipped: tuple[Case, ...]) -> frozenset[str]:
    """What fails with nothing deleted (nothing should), so that it proves nothing here."""
    return frozenset(gate.rehearse(law, shipped).failed)


@pytest.mark.parametrize("place", PLACES, ids=[place.name for place in PLACES])
def test_deleting_one_requirement_fails_a_case(
    place: Place, shipped: tuple[Case, ...], faults: frozenset[str]
) -> None:
    poorer = enact((_without(place),))
    assert set(gate.rehearse(poorer, shipped).failed) - faults
