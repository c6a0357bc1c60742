"""Both sides of what puts an outcome, a key or a waiver on the calendar: state, day, place, and who is asked."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from decision_world import RULES, day, evaluation, facts, options, people, report, rules_with, with_artifact
from msgspec.structs import replace
from world import to_yaml

from policy_gate.decide.decision_context import DecisionContext, blamed
from policy_gate.decide.due_items import due_items
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.schema.dates import Period
from policy_gate.schema.documents import Waivers
from policy_gate.schema.due import DueItem
from policy_gate.schema.facts import Facts
from policy_gate.schema.finding import Outcome
from policy_gate.schema.roles import Roles
from policy_gate.schema.rule import Requirement
from policy_gate.schema.source import Document, Location

Edit = Callable[[Outcome], Outcome]
KEYS = [f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{letter * 43}" for letter in "AB"]
PAPER = "red-team-report"
LIVE = facts(stage="production")
AGED = replace(LIVE, artifacts={id_: replace(it, completed=day(-330)) for id_, it in LIVE.artifacts.items()})
OLD = with_artifact(LIVE, PAPER, completed=day(-300))
ANSWERS = dict.fromkeys(
    ("has_dpa", "soc2_type2_certified", "opt_out_of_training", "audit_rights", "penetration_tested",
     "has_fallback_provider"), True,
)  # fmt: skip
VENDOR = {"id": "acme", "vendor_name": "Acme", "access_type": "api", "assessed_on": day(-325).isoformat(), **ANSWERS}
SERVED = facts(stage="production", vendors=[VENDOR])
ENDING = replace(
    LIVE, models=({"model.name": "ours", "model.retires": day(30).isoformat(), "model.retires_source": "https://a.example"},),
)  # fmt: skip


def context_of(found: Facts, *, rules: Any = RULES, **on: Any) -> DecisionContext:
    return blamed(evaluation([found], [found], rules=rules), options(**{"mode": "all", **on}))


def called(
    found: Facts, kind: str, edit: Edit = lambda it: it, about: Callable[[Outcome], bool] = bool
) -> list[DueItem]:
    """The items of a kind, where each outcome `about` which it is has been edited."""
    context = context_of(found)
    weighed = tuple(
        replace(it, outcome=edit(it.outcome), due=edit(it.outcome).due) if about(it.outcome) else it
        for it in context.weighed
    )
    return [item for item in due_items(replace(context, weighed=weighed), (), (), None) if item.kind == kind]


def of_rule(id_: str) -> Callable[[Outcome], bool]:
    return lambda it: it.rule.id == id_


def wants_paper(it: Outcome) -> bool:
    return (it.requirement.kind, it.requirement.subject) == ("artifact", PAPER)


def becomes(**fields: Any) -> Edit:
    return lambda it: replace(it, **fields)


def with_rule(**fields: Any) -> Edit:
    return lambda it: replace(it, rule=replace(it.rule, **fields))


def with_condition(**fields: Any) -> Edit:
    """The outcome, whose condition says no names that it reads."""

    class Unread:
        names = None

    return lambda it: replace(it, requirement=replace(it.requirement, condition=Unread(), **fields))


REVIEW = of_rule("annual-review")
YEARLY = {"high": Period.parse("P1Y")}
LEFT_OUT: dict[str, tuple[Facts, str, Callable[[Outcome], bool], Edit]] = {
    "a review that is waived": (AGED, "review", REVIEW, becomes(state="waived")),
    "a review that is no concern": (AGED, "review", REVIEW, becomes(state="not-applicable")),
    "a review without a day": (AGED, "review", REVIEW, becomes(due=None)),
    "a review that a gate holds": (AGED, "review", REVIEW, becomes(event=True)),
    "a paper that lacks": (OLD, "paper", wants_paper, becomes(state="gap")),
    "a paper of a gate": (OLD, "paper", wants_paper, becomes(event=True)),
    "a paper of a review": (OLD, "paper", wants_paper, with_rule(recurring=YEARLY)),
    "a vendor that is looked at": (SERVED, "vendor-assessment", of_rule("vendor-review"), becomes(state="gap")),
    "a rule about no vendor": (SERVED, "vendor-assessment", of_rule("vendor-review"), with_rule(for_each="system")),
    "a vendor of nobody": (SERVED, "vendor-assessment", of_rule("vendor-review"), becomes(instance="another")),
    "a condition that says no names": (SERVED, "vendor-assessment", of_rule("vendor-review"), with_condition()),
    "a model that has ended": (ENDING, "model", of_rule("model-ends"), becomes(state="gap")),
    "a model without a day": (ENDING, "model", of_rule("model-ends"), becomes(due=None)),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_what_has_no_day_of_its_own_is_left_out(case: str) -> None:
    found, kind, about, edit = LEFT_OUT[case]
    whole, left = called(found, kind), called(found, kind, edit, about)
    assert whole, "the control"
    assert {item.title for item in left} < {item.title for item in whole}


def test_a_review_that_wants_a_yes_is_told_as_one_that_wants_papers() -> None:
    asks = becomes(requirement=Requirement("approval", "ciso"))
    whole, asking = called(AGED, "review"), called(AGED, "review", asks, REVIEW)
    assert {item.title for item in asking} == {item.title for item in whole}


def test_the_calendar_is_of_the_full_check_and_reaches_to_the_last_day_of_its_window() -> None:
    (finding, *_) = report(evaluation([LIVE], [LIVE]), people(), mode="all").findings
    assert RULES.calendar
    last = RULES.calendar.window.after(day(0))

    def told(context: DecisionContext, days: int) -> bool:
        owed = replace(finding, state="gap", because=(), due=last + timedelta(days=days))
        return finding.id in {it.finding for it in due_items(context, (owed,), (), None)}

    full = context_of(LIVE)
    assert (told(full, -1), told(full, 0), told(full, 1)) == (True, True, False)
    assert not told(replace(full, options=options(mode="change")), 0)


def test_what_falls_due_by_a_rule_says_its_fix_or_its_title_and_names_the_finding_of_its_place() -> None:
    (rule,) = [it for it in RULES.rules if it.id == "model-ends"]
    bare = rules_with(rule.id, fix=None, requirements=tuple(replace(it, fix=None) for it in rule.requirements))
    for rules, said in ((rules_with(rule.id, fix="Choose."), "Choose."), (bare, rule.title)):
        plain = rules_with(rule.id, rules, requirements=tuple(replace(it, fix=None) for it in rule.requirements))
        (item,) = [it for it in due_items(context_of(ENDING, rules=plain), (), (), None) if it.kind == "model"]
        assert item.what == said
    made = report(evaluation([ENDING], [ENDING]), people(), mode="all")
    (own,) = [it for it in made.findings if it.id in {due.finding for due in made.due if due.kind == "model"}]
    elsewhere = replace(own, id="elsewhere", location=Location("other/governance.yaml", 3, 1))
    (item,) = [it for it in due_items(context_of(ENDING), (elsewhere, own), (), None) if it.kind == "model"]
    assert item.finding == own.id
    assert [it.system for it in called(ENDING, "model", becomes(system=None), of_rule(rule.id))] == [""]


def _pinned(kind: str, what: dict[str, str], days: int | None) -> dict[str, Any]:
    until = {} if days is None else {"valid_until": day(days).isoformat()}
    return {kind: [{**what, **until}]}


def _roles() -> Document[Roles]:
    """Ada in two roles with one key and one identity, Bo with a key that does not end."""
    who = {"issuer": "https://accounts.example.com", "identity": "ada@example.com"}
    ada = {"name": "Ada Example", "email": "ada@example.com", **_pinned("keys", {"key": KEYS[0]}, 20)}
    ada |= _pinned("identities", who, 25)
    bo = {"name": "Bo Author", "email": "bo@example.com", **_pinned("keys", {"key": KEYS[1]}, None)}
    said = {
        "schema": "policy-gate/roles/v1",
        "roles": {"ciso": {"members": [bo, ada]}, "legal": {"members": [deepcopy(ada)]}},
    }
    text = to_yaml(said)
    raw, marks = read_yaml("policies/roles.yaml", text.encode())
    return Document("policies/roles.yaml", "0" * 40, Roles.model_validate(raw), marks)


def test_what_somebody_signs_with_is_told_once_where_it_stands_and_to_themselves() -> None:
    roles = _roles()

    def told(**on: Any) -> list[DueItem]:
        made = report(evaluation([LIVE], [LIVE]), people(roles=roles), **{"mode": "all", **on})
        return [item for item in made.due if item.kind == "key"]

    key, identity = told()
    places = [roles.at("roles", "ciso", "members", 1, name, 0) for name in ("keys", "identities")]
    assert [key.location, identity.location] == places
    assert all(place.line for place in places)
    assert places[0] != places[1]
    assert [(it.day, it.who, it.is_person) for it in (key, identity)] == [
        (day(20), ("Ada Example",), True), (day(25), ("Ada Example",), True),
    ]  # fmt: skip
    assert key.title != identity.title
    assert key.what != identity.what
    assert told(only=(LIVE.id,)) == [], "of one system alone nobody's keys are told"


def test_a_waiver_is_told_where_it_stands() -> None:
    said = {"system": LIVE.id, "reason": "It is written next week.", "owner": "bo@example.com", "created": "2026-11-01",
            "approver": "ada@example.com", "ticket": "https://example.com/1", "rule": "model-card"}  # fmt: skip
    listed = [{**said, "expires": day(days).isoformat()} for days in (10, 20)]
    raw, marks = read_yaml("w.yaml", to_yaml({"schema": "policy-gate/waiver/v1", "waivers": listed}).encode())
    document = Document("w.yaml", "0" * 40, Waivers.model_validate(raw), marks)
    told = [it for it in due_items(context_of(LIVE), (), (), document) if it.kind == "waiver"]
    assert [it.location for it in told] == [document.at("waivers", at) for at in (0, 1)]
    assert told[0].location != told[1].location
