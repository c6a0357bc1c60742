"""Judging waivers in memory: whose they are, what they may name, and when one is needless."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from policy_gate.app.views import builtin_policies
from policy_gate.decide.waiver_validity import (
    WaiverContext,
    approving_roles,
    is_about,
    is_unused,
    rules_called,
    subjects_of,
    waiver_problem_of,
    wants_several,
)
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.people.identity import holding, known_as
from policy_gate.schema.documents import Waiver
from policy_gate.schema.finding import Outcome
from policy_gate.schema.people import People
from policy_gate.schema.roles import Person, Roles
from policy_gate.schema.source import Document
from policy_gate.schema.vocabulary import TIERS, WAIVER_FAULTS, State

TODAY = date(2026, 11, 23)
GATE = "pre-deployment-security-review"
POLICIES = builtin_policies()
RAE = Person(name="Rae Kim", email="rae@example.com", github="rae-k")
RAE_ELSEWHERE = Person(name="R. Kim", github="Rae-K", gitlab="rae")
PAT = Person(name="Pat Moss", email="pat@example.com")
PEOPLE = People(members={"ai-safety-lead": (RAE,), "legal": (RAE_ELSEWHERE, PAT)})


def waiver(**over: Any) -> Waiver:
    return Waiver(
        **{
            "system": "SYS-001",
            "rule": GATE,
            "subject": "red-team-report",
            "owner": "Pat Moss",
            "approver": "Rae Kim",
            "reason": "The red team is booked.",
            "created": date(2026, 11, 1),
            "expires": date(2026, 12, 1),
            **over,
        }
    )


def system_change(tier: str = "high", stage: str = "pre_deployment") -> Any:
    """As much of a Standing as judging a waiver looks at."""
    return SimpleNamespace(id="SYS-001", now=SimpleNamespace(tier=tier, stage=stage), presence="unchanged")


def context(people: People = PEOPLE, today: date = TODAY, *, knows_all: bool = True) -> WaiverContext:
    return WaiverContext(POLICIES, people, today, knows_all)


def weighed(rule: str, subject: str, state: State = "gap", instance: str = "") -> WeighedOutcome:
    (found,) = rules_called(rule, POLICIES)
    want = next(want for want in found.requirements if subject in (*subjects_of(want), ""))
    return WeighedOutcome(Outcome("SYS-001", found, want, instance, state), None)


def test_a_sound_waiver_has_no_fault() -> None:
    assert waiver_problem_of(waiver(), system_change(), context()) is None


@pytest.mark.parametrize(
    "owner",
    ["rae kim", "RAE@example.com", "rae-k", "@rae-k", "github:rae-k", "R. Kim", "gitlab:rae", "Rae\u00a0Kim",
     "\uff32ae Kim", "Rae\u200b Kim", "Somebody <rae@example.com>"],
)  # fmt: skip
def test_one_person_under_two_names_is_one(owner: str) -> None:
    fault = waiver_problem_of(waiver(owner=owner), system_change(), context())
    assert fault is not None
    assert fault.why == "its owner approved it alone"


@pytest.mark.parametrize("owner", ["Pat Moss", "pat@example.com", "Bo Author", "kim", "rae@example.org"])
def test_another_person_is_another(owner: str) -> None:
    assert waiver_problem_of(waiver(owner=owner), system_change(), context()) is None


def test_whoever_holds_the_role_is_known_by_each_of_their_names() -> None:
    assert holding("R. Kim", ("ai-safety-lead",), PEOPLE)
    assert holding("rae@example.com", ("ai-safety-lead",), PEOPLE)
    assert not holding("Pat Moss", ("ai-safety-lead",), PEOPLE)
    assert not holding("", ("ai-safety-lead",), PEOPLE)
    assert not holding("Rae Kim", (), PEOPLE)


@given(st.lists(st.tuples(*[st.sampled_from("abcde")] * 3), max_size=5), st.permutations("abcde"))
def test_who_is_one_with_whom_is_the_same_from_each_of_their_names(
    known: list[tuple[str, str, str]], texts: list[str]
) -> None:
    people = People(members={"legal": tuple(Person(name=n, github=g, email=f"{e}@example.com") for n, g, e in known)})
    one, other = texts[:2]
    mine, theirs = known_as(one, people), known_as(other, people)
    assert one in mine
    assert mine == theirs if other in mine else not mine & theirs


def test_an_approver_who_may_be_in_a_team_is_told_to_be_named() -> None:
    held = {"ai-safety-lead": {"teams": ["github:example-org/safety"]}}
    roles = Roles.model_validate({"schema": "policy-gate/roles/v1", "roles": held})
    people = replace(PEOPLE, roles=Document("policies/roles.yaml", "", roles, {}))
    fault = waiver_problem_of(waiver(approver="Pat Moss", owner="Bo"), system_change(), context(people))
    assert fault is not None
    assert "teams are not looked up" in fault.why
    answers = replace(people, members={"ai-safety-lead": (PAT,)})
    assert waiver_problem_of(waiver(approver="Pat Moss", owner="Bo"), system_change(), context(answers)) == fault, (
        "asked or not"
    )
    plain = waiver_problem_of(waiver(approver="Pat Moss", owner="Bo"), system_change(), context())
    assert plain is not None
    assert "teams" not in plain.why


def test_the_roles_that_approve_a_waiver_are_those_of_the_rules() -> None:
    assert approving_roles(POLICIES) == ("ai-safety-lead", "ai-governance-committee")
    assert approving_roles(replace(POLICIES, rules=())) == (), "no rule, nobody"


@pytest.mark.parametrize("tier", TIERS)
def test_the_longest_period_is_the_tiers_own_to_the_day(tier: str) -> None:
    last = POLICIES.waivers.max_period[tier].after(TODAY)
    assert waiver_problem_of(waiver(created=TODAY, expires=last), system_change(tier), context()) is None
    longer = waiver(created=TODAY, expires=date.fromordinal(last.toordinal() + 1))
    fault = waiver_problem_of(longer, system_change(tier), context())
    assert fault is not None
    assert fault.rule == "waiver-too-broad"


def test_a_waiver_holds_on_its_last_day_and_not_on_the_next() -> None:
    assert waiver_problem_of(waiver(), system_change(), context(today=date(2026, 12, 1))) is None
    late = waiver_problem_of(waiver(), system_change(), context(today=date(2026, 12, 2)))
    assert late is not None
    assert late.rule == "waiver-expired"


def test_a_system_that_was_not_read_is_unknown_only_where_all_were() -> None:
    assert waiver_problem_of(waiver(), None, context(knows_all=False)) is None
    fault = waiver_problem_of(waiver(), None, context())
    assert fault is not None
    assert "no system SYS-001" in fault.why


def test_a_rule_of_several_things_wants_a_subject_and_one_of_one_does_not() -> None:
    assert {rule.id for rule in POLICIES.rules if not wants_several(rule)} >= {
        "incident-contact",
        "red-team-engagement",
    }
    assert waiver_problem_of(waiver(rule="incident-contact", subject=None), system_change(), context()) is None
    for rule in (GATE, "vendor-without-dpa", "metric-below-threshold", "model-re-evaluation"):
        fault = waiver_problem_of(waiver(rule=rule, subject=None), system_change(), context())
        assert fault is not None
        assert fault.rule == "waiver-too-broad"


def test_a_waiver_may_name_what_its_rule_wants_and_nothing_else() -> None:
    for rule, subject in (("incident-response-plan", "incident-response-plan"), ("vendor-without-dpa", "anthropic")):
        assert waiver_problem_of(waiver(rule=rule, subject=subject), system_change(), context()) is None
    fault = waiver_problem_of(waiver(rule="incident-response-plan", subject="anthropic"), system_change(), context())
    assert fault is not None
    assert fault.rule == "waiver-refused"
    contact = weighed("incident-contact", "")
    assert is_about(waiver(rule="incident-contact", subject=None), contact)
    assert not is_about(waiver(rule="incident-contact", subject=None, system="OTHER"), contact)


@pytest.mark.parametrize(("subjects", "several"), [(("a",), False), (("a", "a"), False), (("a", "b"), True)])
def test_a_rule_wants_several_things_where_it_names_two(subjects: tuple[str, ...], several: bool) -> None:
    (rule,) = rules_called(GATE, POLICIES)
    wanted = tuple(replace(rule.requirements[0], subject=subject) for subject in subjects)
    assert wants_several(replace(rule, requirements=wanted)) is several


@pytest.mark.parametrize("rule", [rule.id for rule in POLICIES.rules if not rule.waivable])
def test_no_rule_that_says_so_can_be_waived(rule: str) -> None:
    fault = waiver_problem_of(waiver(rule=rule, subject=None), system_change(), context())
    assert fault is not None
    assert fault.why == f"{rule} can never be waived"


def of_law(row: str, subject: str | None, **over: Any) -> Any:
    return waiver_problem_of(waiver(rule=row, subject=subject, **over), system_change(), context())


def test_a_row_of_law_can_be_waived_like_any_rule_and_a_ban_cannot() -> None:
    assert of_law("gdpr/art-35", "dpia") is None
    assert of_law("gdpr/art-35", None) is None, "it wants one thing only"
    assert of_law("eu-ai-act/art-9", None).rule == "waiver-too-broad"
    assert of_law("eu-ai-act/art-9", "test-plan") is None
    assert of_law("gdpr/art-35", "test-plan").why == "gdpr/art-35 wants no test-plan"
    assert of_law("gdpr/art-350", "dpia").why == "there is no rule gdpr/art-350"
    bans = [row.id for row in POLICIES.law.content.rows if row.practice] if POLICIES.law else []
    assert len(bans) == 10
    for row in bans:
        assert of_law(row, "prohibited-practices-screening").why == f"{row} can never be waived"


def test_a_waiver_names_one_vendor_or_number_and_no_other() -> None:
    one = waiver(rule="vendor-without-dpa", subject="anthropic")
    assert is_about(one, weighed("vendor-without-dpa", "", instance="anthropic"))
    assert not is_about(one, weighed("vendor-without-dpa", "", instance="another"))
    number = waiver(rule="metric-below-threshold", subject="recall[women]")
    assert is_about(number, weighed("metric-below-threshold", "", instance="recall[women]"))
    assert not is_about(number, weighed("metric-below-threshold", "", instance="recall[men]"))


def test_either_of_two_alternatives_names_them_both() -> None:
    either = weighed("basic-bias-testing", "bias-benchmark-suite")
    for subject in ("bias-benchmark-suite", "bias-evaluation-results"):
        assert is_about(waiver(rule="basic-bias-testing", subject=subject), either)
    assert not is_about(waiver(rule="basic-bias-testing", subject="red-team-report"), either)


@pytest.mark.parametrize(
    ("over", "state", "stage", "is_needless"),
    [
        ({}, "gap", "pre_deployment", False),
        ({}, "unknown", "pre_deployment", False),
        ({}, "upcoming", "pre_deployment", False),
        ({}, "deferred", "pre_deployment", False),
        ({}, "met", "pre_deployment", True),
        ({}, "not-applicable", "production", True),
        ({}, "met", "development", False),
        (
            {"rule": "annual-production-review", "subject": "bias-benchmark-rerun"},
            "not-applicable",
            "production",
            False,
        ),
        ({"rule": "model-re-evaluation", "subject": "bias-benchmark-suite"}, "met", "production", False),
        ({"rule": "incident-contact", "subject": None}, "met", "production", True),
    ],
)
def test_a_waiver_is_needless_once_nothing_of_it_can_come_to_be_missing(
    over: dict[str, Any], state: State, stage: str, is_needless: bool
) -> None:
    asked = waiver(**over)
    about = [weighed(asked.rule, asked.subject or "", state)]
    assert is_unused(asked, about, system_change(stage=stage), POLICIES) is is_needless


def test_no_rule_about_waivers_blocks_or_can_be_waived() -> None:
    assert set(POLICIES.waiver_rules) == set(WAIVER_FAULTS)
    assert not set(POLICIES.waiver_rules) & {rule.id for rule in POLICIES.rules}
    for rule in (broken.rule for broken in POLICIES.waiver_rules.values()):
        assert rule.enforcement != "block"
        assert not rule.waivable
        assert rule.why
        assert rule.fix
