"""The calendar of the full check, in memory: which outcomes have a day on it, and what is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from decision_world import (
    EMPTY,
    RULES,
    day,
    evaluation,
    facts,
    options,
    people,
    person,
    report,
    rules_with,
    with_artifact,
    with_test,
)
from msgspec.structs import replace

from policy_gate.decide.decision_context import DecisionContext, blamed
from policy_gate.decide.due_items import due_items
from policy_gate.decide.undeclared import undeclared_answer
from policy_gate.schema.dates import Period
from policy_gate.schema.due import DueItem
from policy_gate.schema.facts import Facts
from policy_gate.schema.finding import Finding, Reason
from policy_gate.schema.incidents import INTERNAL
from policy_gate.schema.observed import Observed, Signal, Undeclared
from policy_gate.schema.report import ClockReport, IncidentReport
from policy_gate.schema.roles import PinnedIdentity, PinnedKey, RevokedIdentity, RevokedKey, RoleHolders, Roles
from policy_gate.schema.rule import Requirement
from policy_gate.schema.rule_condition import Condition, Truth
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Document, Location

PAPER, WANTS, WANTS_TOO = "red-team-report", "red-team-engagement", "pre-deployment-security-review"
KEYS = [f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{letter * 43}" for letter in "ABC"]


def due(found: Facts, rules: RuleSet = RULES, mode: str = "all", **who: Any) -> list[DueItem]:
    return list(report(evaluation([found], [found], rules=rules), people(**who), mode=mode).due)


def papers(found: Facts, rules: RuleSet = RULES) -> list[tuple[str, date]]:
    return [(item.title, item.day) for item in due(found, rules) if item.kind == "paper"]


def looked_at(days: int, **fields: Any) -> Facts:
    return with_artifact(facts(stage="production"), PAPER, completed=day(-days), **fields)


OLD = looked_at(300)
LAST = Period.parse("P1Y").after(day(-300))


def test_a_paper_in_date_is_told_with_its_title_and_its_last_day() -> None:
    title = RULES.artifacts[PAPER].title
    assert papers(OLD) == [(f"{title} will be too old", LAST)]
    assert papers(looked_at(10)) == [], "the control: that is far ahead"


def test_what_lacks_already_is_no_paper_that_grows_too_old() -> None:
    assert papers(looked_at(300, cause="empty")) == []


@pytest.mark.parametrize("stricter", [WANTS, WANTS_TOO])
def test_of_two_rules_the_one_that_finds_it_too_old_first_is_told(stricter: str) -> None:
    rule = next(it for it in RULES.rules if it.id == stricter)
    sooner = tuple(
        replace(it, max_age={"high": Period.parse("P11M")}) if it.subject == PAPER else it for it in rule.requirements
    )
    found = papers(OLD, rules_with(stricter, requirements=sooner))
    assert [last for _, last in found] == [Period.parse("P11M").after(day(-300))]


def test_a_change_has_no_calendar() -> None:
    assert due(OLD, mode="change") == []
    assert due(OLD) != []


def test_only_a_model_that_ends_is_told_as_one() -> None:
    """A rule that takes effect later is upcoming with a day as well."""
    rules = rules_with(WANTS, rules_with(WANTS_TOO, effective=day(30)), effective=day(30))
    kinds = {item.kind for item in due(looked_at(300, cause="empty"), rules)}
    assert "rule" in kinds
    assert "model" not in kinds


def test_each_key_of_somebody_is_told_once_whatever_stands_before_it() -> None:
    def pinned(number: int, **until: Any) -> PinnedKey:
        return PinnedKey.model_validate({"key": KEYS[number], "valid_until": day(20 + number), **until})

    ada = person("Ada Example").model_copy(update={"keys": [KEYS[0], pinned(1), pinned(2)]})
    holders = {name: RoleHolders(members=[ada]) for name in ("ciso", "legal")}
    revoked = [RevokedKey(key=KEYS[1], revoked_on=day(-1), reason="lost")]
    content = Roles.model_validate({"schema": "policy-gate/roles/v1", "roles": {}}).model_copy(
        update={"roles": holders, "revoked_keys": revoked}
    )
    told = due(facts(), roles=Document("policies/roles.yaml", "0" * 40, content, {}))
    assert [(item.day, item.title, item.who) for item in told if item.kind == "key"] == [
        (day(22), "A signing key of Ada Example ends", ("Ada Example",))
    ]


def called(found: Facts, rules: RuleSet = RULES, incidents: Sequence[IncidentReport] = ()) -> tuple[DueItem, ...]:
    """The calendar itself, of outcomes that nobody has been heard on."""
    context = blamed(evaluation([found], [found], rules=rules), options(mode="all"))
    return due_items(context, (), incidents, None)


def test_without_a_calendar_in_the_policies_there_is_none() -> None:
    assert called(OLD)
    assert called(OLD, replace(RULES, calendar=None)) == ()


def test_a_clock_with_an_end_is_told_by_the_minute_and_one_without_is_not() -> None:
    def clock(id_: str, deadline: str | None, *missing: str) -> ClockReport:
        return ClockReport(id_, f"Tell {id_}", "gdpr", "running", deadline, id_, missing)

    until = f"{day(3).isoformat()}T10:30:00Z"
    clocks = (clock("open-ended", None), clock("authority", until), clock("insurer", until, "personal_data_exposed"))
    incident = IncidentReport("INC-1", "case", "privacy", "high", "open", "governance/incidents/INC-1.yaml", clocks)
    told = [(item.day, item.title, item.what) for item in called(facts(), incidents=[incident]) if item.kind == "clock"]
    at = f"{day(3).isoformat()} 10:30:00 UTC"
    assert told == [
        (day(3), "INC-1: Tell authority", f"Tell authority by {at}"),
        (day(3), "INC-1: Tell insurer", f"Tell insurer by {at}, if it runs: state personal_data_exposed"),
    ]
    inside = replace(clocks[1], recipient=INTERNAL)
    (item,) = [it for it in called(facts(), incidents=[replace(incident, clocks=(inside,))]) if it.kind == "clock"]
    assert item.what == f"Do and record it by {at}", "nobody outside is told"


def test_only_rows_of_law_that_are_still_to_apply_are_told() -> None:
    found = facts(facts={"eu_market": True, "annex_iii_points": ["4-a"]})
    made = evaluation([found], [found])
    one, other, third = made.law[found.id][:3]
    rows = (
        replace(one, state="upcoming", applies_from=day(20)),
        replace(other, state="upcoming", applies_from=None),
        replace(third, state="unknown", applies_from=day(20)),
    )
    context = blamed(replace(made, law={found.id: rows}), options(mode="all"))
    told = [(item.title, item.day) for item in due_items(context, (), (), None) if item.kind == "law"]
    assert told == [(f"{one.row.citation}: {one.row.title}", day(20))]


def test_a_review_is_told_once_and_only_where_it_is_wanted_and_recurs() -> None:
    live = facts(stage="production")
    live = replace(live, artifacts={id_: replace(it, completed=day(-330)) for id_, it in live.artifacts.items()})
    recurring = {rule.title for rule in RULES.rules if rule.recurring and "high" in rule.tiers}
    told = [item.title for item in called(live) if item.kind == "review"]
    assert sorted(told) == sorted({*told})
    assert {*told} <= recurring
    unwanted = rules_with("annual-review", when=Never())
    assert "Annual review" in told
    assert "Annual review" not in [item.title for item in called(live, unwanted) if item.kind == "review"]


class Never(Condition):
    """A condition that is false."""

    text = "never"

    def truth(self, facts: Any) -> Truth:
        return Truth(False)


def test_the_item_names_the_finding_that_tells_the_same() -> None:
    vendors = [{"id": "acme", "vendor_name": "Acme", "assessed_on": day(-325).isoformat(), "has_dpa": True}]
    found = facts(stage="production", vendors=vendors)
    (item,) = [it for it in due(found) if it.kind == "vendor-assessment"]
    assert (item.title, item.finding) == ("Vendor acme is to be looked at again", "")
    assert item.who


def test_of_a_vendor_in_order_only_the_next_look_is_told_by_the_words_of_the_requirement_else_of_the_rule() -> None:
    names = ("has_dpa", "soc2_type2_certified", "opt_out_of_training", "audit_rights", "penetration_tested")
    answers = dict.fromkeys((*names, "has_fallback_provider"), True)
    vendor = {
        "id": "acme",
        "vendor_name": "Acme",
        "access_type": "api",
        "assessed_on": day(-325).isoformat(),
        **answers,
    }
    found = facts(stage="production", vendors=[vendor])
    (rule,) = [it for it in RULES.rules if it.id == "vendor-review"]
    (asked,) = rule.requirements
    for words, rules in (
        (rule.fix, RULES),
        ("Call them.", rules_with(rule.id, requirements=(replace(asked, fix="Call them."),))),
    ):
        (item,) = [it for it in due(found, rules) if it.kind == "vendor-assessment"]
        assert (item.title, item.what) == ("Vendor acme is to be looked at again", words)


def test_an_identity_that_ends_is_told_once_and_a_revoked_one_not() -> None:
    def pinned(name: str, days: int) -> PinnedIdentity:
        place = {"issuer": "https://accounts.example.com", "identity": f"{name}@example.com"}
        return PinnedIdentity.model_validate({**place, "valid_until": day(days)})

    ada = person("Ada Example").model_copy(update={"identities": [pinned("lost", 20), pinned("ada", 21)]})
    lost = {"issuer": "https://accounts.example.com", "identity": "lost@example.com"}
    revoked = [RevokedIdentity.model_validate({**lost, "revoked_on": day(-1), "reason": "lost"})]
    content = Roles.model_validate({"schema": "policy-gate/roles/v1", "roles": {}}).model_copy(
        update={
            "roles": {name: RoleHolders(members=[ada]) for name in ("ciso", "legal")},
            "revoked_identities": revoked,
        }
    )
    told = due(facts(), roles=Document("policies/roles.yaml", "0" * 40, content, {}))
    (item,) = [item for item in told if item.kind == "key"]
    assert (item.day, item.title) == (day(21), "A signing identity of Ada Example ends")
    assert item.what.startswith("Pin it anew, "), "an identity is the same one next year; a key is another"


ENDING = {"model.name": "ours", "model.retires": day(30).isoformat(), "model.retires_source": "https://acme.example"}
LATER = {"field": "has_dpa", "value": False, "from": day(30).isoformat(), "source": "https://acme.example/terms"}
SERVED = {"id": "acme", "vendor_name": "Acme", "assessed_on": day(-9).isoformat(), "has_dpa": True}


@pytest.mark.parametrize(
    ("rule", "found", "kind"),
    [
        ("model-ends", replace(facts(stage="production"), models=(ENDING,)), "model"),
        ("vendor-terms-change", facts(stage="production", vendors=[{**SERVED, "announced": [LATER]}]), "vendor-terms"),
    ],
)
@pytest.mark.parametrize(("begins", "as_rule"), [(None, []), (day(20), [day(20)])])
def test_what_a_vendor_does_on_a_day_is_no_rule_that_begins_unless_its_rule_does(
    rule: str, found: Facts, kind: str, begins: date | None, as_rule: list[date]
) -> None:
    (wanted,) = [it for it in RULES.rules if it.id == rule]
    told = due(found, rules_with(rule, effective=begins))
    assert [item.day for item in told if (item.kind, item.title) == ("rule", wanted.title)] == as_rule
    assert kind in {item.kind for item in told}


TESTED, YEARLY = "bias-benchmark-suite", {"high": Period.parse("P1Y")}
HERE, THERE = Location("governance.yaml", 7, 3), Location("governance.yaml", 9, 3)
STANDS_FOR = next(it for it in RULES.artifacts.values() if it.satisfied_by)


def wanting(found: Facts, *wanted: Requirement) -> list[tuple[str, date, str]]:
    """The papers on the calendar of a rule that wants these at all times."""
    plain = replace(RULES.plain_rules["model-ends"], id="always", for_each="system", when=None, requirements=wanted)
    told = due(found, replace(RULES, rules=(plain,), plain_rules={plain.id: plain}))
    return [(item.title, item.day, item.what) for item in told if item.kind == "paper"]


def test_a_test_in_date_is_told_with_its_last_day_as_a_paper_is() -> None:
    def ran(days: int, **requirement: Any) -> list[tuple[str, date, str]]:
        found = with_test(facts(stage="production"), TESTED, completed=day(-days))
        return wanting(found, Requirement("test", TESTED, **requirement))

    ((title, last, what),) = ran(300, max_age=YEARLY)
    assert (title, last) == (f"{RULES.tests[TESTED].title} will be too old", LAST)
    assert ran(10, max_age=YEARLY) == [], "the control: that is far ahead"
    assert ran(300, max_age={"low": Period.parse("P1Y")}) == [], "the control: it does not age at this tier"
    ((_, _, of_a_paper),) = wanting(OLD, Requirement("artifact", PAPER))
    assert what != of_a_paper, "one is run again, the other looked at"


def test_what_grows_too_old_is_shown_where_its_entry_stands() -> None:
    found = with_artifact(with_test(OLD, TESTED, completed=day(-300), declared_at=HERE), PAPER, declared_at=THERE)
    wanted = (Requirement("test", TESTED, max_age=YEARLY), Requirement("artifact", PAPER))
    plain = replace(RULES.plain_rules["model-ends"], id="always", for_each="system", when=None, requirements=wanted)
    told = due(found, replace(RULES, rules=(plain,), plain_rules={plain.id: plain}))
    assert {item.location for item in told if item.kind == "paper"} == {HERE, THERE}


@pytest.mark.parametrize(
    ("own", "other", "last"),
    [(-300, None, LAST), (-300, -310, LAST), (-310, -300, LAST), (-300, -10, None), (-300, "undated", LAST)],
)
def test_a_paper_lasts_as_long_as_the_newest_that_counts_as_it(own: int, other: Any, last: date | None) -> None:
    found = facts(stage="production")
    newer = STANDS_FOR.satisfied_by[0]
    papers_ = {id_: it for id_, it in found.artifacts.items() if id_ == STANDS_FOR.id}
    found = with_artifact(replace(found, artifacts=papers_), STANDS_FOR.id, completed=day(own))
    if other is not None:
        there = replace(facts().artifacts[newer], completed=None if other == "undated" else day(other))
        found = replace(found, artifacts={**found.artifacts, newer: there})
    told = wanting(found, Requirement("artifact", STANDS_FOR.id, max_age=YEARLY))
    assert [it for _, it, _ in told] == ([last] if last else [])


def test_of_a_choice_only_what_is_there_grows_too_old() -> None:
    either = tuple(Requirement(kind, id_, max_age=YEARLY) for kind, id_ in (("artifact", PAPER), ("test", TESTED)))  # type: ignore[arg-type]
    choice = Requirement("any_of", f"{PAPER} or {TESTED}", alternatives=either)
    only_paper = replace(OLD, tests={})
    assert [(title, last) for title, last, _ in wanting(only_paper, choice)] == [
        (f"{RULES.artifacts[PAPER].title} will be too old", LAST)
    ]


def undeclared() -> tuple[DecisionContext, Finding]:
    """The full check where nothing is declared, and what it finds: it is owed from a day on."""
    signal = Signal("app/a.py", 3, "sdk", "An SDK", "high", "openai")
    policy = replace(RULES, debt=replace(RULES.debt, enrol_by=day(20)))
    context = blamed(evaluation([], [], rules=policy), options(mode="all"))
    tree = replace(EMPTY, any_manifest=False, observed=Observed(undeclared=Undeclared((signal,))))
    answer = undeclared_answer(context, tree, tree, frozenset())
    assert answer is not None
    (finding,) = answer.findings
    return context, finding


def test_what_no_manifest_declares_is_the_repositorys_own_and_stands_beside_others_of_the_same_day() -> None:
    context, finding = undeclared()
    told = due_items(context, (replace(finding, system="case", id="another"), finding), (), None)
    assert [(item.day, item.system, item.finding) for item in told] == [
        (day(20), "", finding.id),
        (day(20), "case", "another"),
    ]


def because(*rules: tuple[str, str]) -> tuple[Reason, ...]:
    return tuple(Reason(kind, id_, "", None, "") for kind, id_ in rules)


REVIEWS = tuple((rule.kind, rule.id) for rule in RULES.rules if rule.recurring)
RAISED = tuple((rule.kind, rule.id) for rule in RULES.rules if RULES.is_reclassification(rule.gate))


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, "debt"),
        ({"due": None}, None),
        ({"because": ()}, "debt"),
        *(({"state": state}, "debt") for state in ("gap", "unknown", "deferred")),
        *(({"state": state}, None) for state in ("met", "waived", "not-applicable")),
        ({"state": "upcoming"}, "rule"),
        ({"state": "upcoming", "because": because(("law", "some-row"))}, None),
        ({"state": "upcoming", "because": because(("rule", "model-ends"))}, None),
        ({"state": "upcoming", "because": because(("gate", "model-ends"))}, "rule"),
        ({"state": "upcoming", "because": because(("law", "some-row"), ("rule", "model-card-kept"))}, "rule"),
        ({"because": because(*REVIEWS[:1])}, None),
        ({"because": because(*REVIEWS)}, None),
        ({"because": because(*REVIEWS, ("rule", "another"))}, "debt"),
        ({"because": because(*RAISED[:1])}, "reclassification"),
        ({"because": because(*RAISED)}, "reclassification"),
        ({"because": because(*RAISED, ("rule", "another"))}, "debt"),
    ],
)
def test_what_is_owed_by_a_day_is_told_once_and_as_what_it_is(fields: dict[str, Any], kind: str | None) -> None:
    context, finding = undeclared()
    later = replace(finding, id="later", due=day(21))
    told = due_items(context, (replace(finding, **fields), later), (), None)
    assert [(item.kind, item.finding) for item in told] == [*([(kind, finding.id)] if kind else []), ("debt", "later")]


def test_what_to_do_about_it_is_its_fix_or_else_what_is_wrong() -> None:
    context, finding = undeclared()
    for fix, message, said in (("Do it.", "It lacks.", "Do it."), ("", "It lacks.", "It lacks.")):
        (item,) = due_items(context, (replace(finding, fix=fix, message=message),), (), None)
        assert item.what == said


def test_of_two_models_that_end_each_item_names_the_finding_of_its_own_day() -> None:
    other = {**ENDING, "model.name": "theirs", "model.retires": day(40).isoformat()}
    found = replace(facts(stage="production"), models=(ENDING, other))
    made = report(evaluation([found], [found]), people(), mode="all")
    days = {it.id: it.due for it in made.findings}
    told = [item for item in made.due if item.kind == "model"]
    assert [(item.day, days[item.finding]) for item in told] == [(day(30), day(30)), (day(40), day(40))]
