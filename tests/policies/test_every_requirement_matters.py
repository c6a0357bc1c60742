"""Deleting any single requirement from the shipped policies changes a finding in some case, and so fails it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from policy_gate.app.policy_cases import run_cases
from policy_gate.collect.policy_files import builtin_layer
from policy_gate.policy.cases import read_cases, rules_without_cases
from policy_gate.policy.load import lint_policies, load_policies
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.policy_cases import Case
from policy_gate.schema.rule_set import RuleSet

SECTIONS = ("gates", "controls", "rules")


class Place(NamedTuple):
    """One requirement of the shipped policies: file, section, position of the item, way there, the item's id."""

    path: str
    section: str
    item: int
    way: tuple[str | int, ...]
    rule: str

    @property
    def name(self) -> str:
        return "-".join((self.rule, *(str(step) for step in self.way[1:])))


def _requirements(items: list[Any], way: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    for index, requirement in enumerate(items):
        yield (*way, index)
        for group in ("all_of", "any_of"):
            yield from _requirements(requirement.get(group, []), (*way, index, group))


SHIPPED = builtin_layer()


def _places() -> list[Place]:
    found = []
    for document in SHIPPED.documents:
        for section in SECTIONS:
            for index, item in enumerate(document.content.get(section, [])):
                ways = _requirements(item["require"], ("require",))
                found.extend(Place(document.path, section, index, way, item["id"]) for way in ways)
    return found


def _without(place: Place) -> LayerSource:
    """The shipped policies less one requirement; where it is the only one, less the rule."""
    documents = tuple(
        replace(document, content=_pruned(document.content, place)) if document.path == place.path else document
        for document in SHIPPED.documents
    )
    return replace(SHIPPED, documents=documents)


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
def policy() -> RuleSet:
    return load_policies((SHIPPED,))


@pytest.fixture(scope="module")
def shipped(policy: RuleSet) -> tuple[Case, ...]:
    return read_cases(SHIPPED.cases, policy)


def _less(section: str, id_: str) -> LayerSource:
    """The shipped policies less one item."""
    documents = []
    for document in SHIPPED.documents:
        items = [item for item in document.content.get(section, []) if item["id"] != id_]
        content = {**document.content, section: items} if section in document.content else document.content
        documents.append(replace(document, content=content))
    return replace(SHIPPED, documents=tuple(documents))


def _ids(section: str) -> list[str]:
    return [item["id"] for document in SHIPPED.documents for item in document.content.get(section, [])]


def test_the_shipped_policies_have_no_fault_and_ask_for_no_mending() -> None:
    assert [str(problem) for problem in lint_policies((SHIPPED,))] == []


def test_every_case_comes_out_as_it_says(policy: RuleSet, shipped: tuple[Case, ...]) -> None:
    case_run = run_cases(policy, shipped)
    assert case_run.cases == len(shipped) > 100
    assert case_run.failed == ()


def test_every_rule_gate_and_control_is_seen_to_fire_and_to_rest(policy: RuleSet, shipped: tuple[Case, ...]) -> None:
    assert [str(lack) for lack in rules_without_cases(policy, shipped)] == []


def _is_noticed(poorer: RuleSet, rule: str, shipped: tuple[Case, ...]) -> bool:
    """Whether a case fails; those that name the rule are tried first, which only saves time."""
    likely = sorted(shipped, key=lambda case: rule not in {case.rule, *(r for e in case.expect for r in e.rules)})
    return any(run_cases(poorer, (case,)).failed for case in likely)


@pytest.mark.parametrize("place", PLACES, ids=[place.name for place in PLACES])
def test_deleting_one_requirement_fails_a_case(place: Place, shipped: tuple[Case, ...]) -> None:
    """With nothing deleted every case comes out (above), so a failure here is the deletion's."""
    assert _is_noticed(load_policies((_without(place),)), place.rule, shipped)


@pytest.mark.parametrize(
    ("section", "id_"), [(section, id_) for section in ("card_fields", "floors") for id_ in _ids(section)]
)
def test_deleting_one_card_field_or_floor_fails_a_case(section: str, id_: str, shipped: tuple[Case, ...]) -> None:
    assert _is_noticed(load_policies((_less(section, id_),)), id_, shipped)


DATED = [
    (section, id_)
    for section in ("artifacts", "tests")
    for document in SHIPPED.documents
    for id_ in (item["id"] for item in document.content.get(section, []) if "max_age" in item)
]


@pytest.mark.parametrize(("section", "id_"), DATED)
def test_letting_one_kind_of_evidence_grow_old_fails_a_case(section: str, id_: str, shipped: tuple[Case, ...]) -> None:
    documents = copy.deepcopy(SHIPPED.documents)
    for document in documents:
        for item in document.content.get(section, []):
            if item["id"] == id_:
                del item["max_age"]
    assert _is_noticed(load_policies((replace(SHIPPED, documents=documents),)), id_, shipped)
