"""Edges of the decision: lasting gaps that may be no debt, first answers in time, the order people read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from decision_world import (
    EMPTY,
    RULES,
    TODAY,
    change,
    day,
    evaluation,
    facts,
    only,
    options,
    outcomes,
    people,
    person,
    report,
    system_change,
    weighed,
    with_artifact,
    with_entry,
)
from msgspec.structs import replace

from policy_gate.decide.blame import due_date, weigh
from policy_gate.decide.decide import settled
from policy_gate.decide.decision_context import blamed
from policy_gate.decide.findings import findings_of
from policy_gate.decide.nothing_changed import is_quiet_decision
from policy_gate.decide.system_change import SystemChange
from policy_gate.decide.system_report import system_report
from policy_gate.decide.weighed_outcome import WeighedOutcome, verdict_of
from policy_gate.schema.change import Change
from policy_gate.schema.dates import end_of_day
from policy_gate.schema.documents import Waiver, Waivers
from policy_gate.schema.facts import Facts
from policy_gate.schema.finding import Outcome
from policy_gate.schema.people import Author, Commit, ForgeContributor, People
from policy_gate.schema.roles import Person, Roles
from policy_gate.schema.source import Document

GATE, PAPER = "pre-deployment-security-review", "red-team-report"
EDIT = change("path-widened", "paths")
CASE = frozenset({"CASE"})
FORBIDDEN = next(rule for rule in RULES.rules if rule.id == "prohibited-practice")


def forbidden(**fields: Any) -> Outcome:
    """The gap of a rule that leaves no debt."""
    rule = replace(FORBIDDEN, **fields.pop("rule", {}))
    return Outcome("CASE", rule, rule.requirements[0], "", fields.pop("state", "gap"), "false", **fields)


def at(before: Outcome | None, now: Facts | None = None, **fields: Any) -> SystemChange:
    now = now or facts(stage="production")
    known = {before.key: before} if before else {}
    return system_change(now, fields.pop("was", now), before=known, **fields)


@pytest.mark.parametrize("mode", ["change", "all"])
def test_d52_what_may_be_no_debt_is_overdue_since_its_rule_took_effect(mode: str) -> None:
    assert not FORBIDDEN.may_be_debt

    def found(outcome: Outcome, place: SystemChange) -> tuple[str | None, date | None, str]:
        made = weigh(outcome, place, RULES, options(mode=mode))
        return made.blame, made.due, verdict_of(made, mode)

    since = forbidden(rule={"effective": day(-30)})
    assert found(since, at(since)) == ("overdue", day(-30), "block")
    always = forbidden(rule={"effective": None})
    assert found(always, at(always)) == ("overdue", TODAY, "block")
    open_ = forbidden(state="unknown")
    assert found(open_, at(open_))[2] == "conditions", "nobody knows: debt like any other"


def test_d52_the_change_that_ends_it_is_not_stopped_by_it() -> None:
    since = forbidden(rule={"effective": day(-30)})
    live, retired = facts(stage="production"), facts(stage="deprecated")
    retiring = weigh(since, at(since, retired, was=live), RULES, options())
    assert (retiring.blame, retiring.due) == ("inherited", day(-30))
    assert weigh(since, at(since, live, was=facts()), RULES, options()).blame == "overdue", "a promotion is no end"
    assert since.rule.when is not None
    mended = with_entry(live)
    taken_back = replace(at(since, live), declared=mended)
    says_no = since.rule.when.truth({**mended.values, "today": TODAY.isoformat()}).value is False
    assert (weigh(since, taken_back, RULES, options()).blame == "inherited") is says_no
    bare = replace(since, rule=replace(since.rule, when=None))
    assert weigh(bare, replace(at(bare, live), declared=mended), RULES, options()).blame == "overdue"


def test_d22_what_expired_without_a_document_or_a_limit_has_no_start() -> None:
    stale = replace(only(outcomes(facts()), GATE, PAPER), state="gap", cause="stale")
    now = with_artifact(facts(), PAPER, completed=day(-700))
    assert due_date(stale, at(stale, now), RULES) is not None
    unknown = replace(RULES, artifacts={k: v for k, v in RULES.artifacts.items() if k != PAPER})
    assert due_date(stale, at(stale, now), unknown) is None, "the catalogue has it no more"
    assert due_date(stale, at(stale, replace(now, artifacts={})), RULES) is None


# What is read first


def test_within_a_state_what_blocks_comes_before_what_is_open_and_that_before_what_only_is_new() -> None:
    lacking = outcomes(facts(artifacts={PAPER: "absent"}))
    place = system_change(facts(), facts())
    subjects = [item for item in lacking if item.rule.id == GATE and item.requirement.kind == "artifact"][:4]

    def item(number: int, **fields: Any) -> WeighedOutcome:
        outcome = replace(subjects[number], state="gap", cause="absent")
        return WeighedOutcome(outcome, place, **{"blame": "introduced", **fields})

    debt = item(0, blame="inherited")
    soft = item(1, enforcement="remediate")
    blocks = item(2)
    found = findings_of((debt, soft, blocks), RULES, "change")
    assert [one.requirement.subject for one in found] == [it.outcome.requirement.subject for it in (blocks, soft, debt)]
    open_ = [replace(it, outcome=replace(it.outcome, state="unknown", cause="unknown")) for it in (debt, blocks)]
    assert [one.undecided for one in findings_of(open_, RULES, "change")] == [True, False]


# Nobody could approve


@pytest.mark.parametrize(("days", "forgiven"), [(0, True), (1, False)])
def test_d48_first_answers_merge_unread_until_the_last_day_and_not_at_a_gate(days: int, forgiven: bool) -> None:
    was = with_entry(facts(), enrolled=day(-40))
    answered = change("dimension-answered", "human_oversight", None, "full")
    last = RULES.debt.answers.after(day(-40))

    def found(base: Facts, now: Facts, as_of: date, *more: Any) -> list[bool]:
        made = evaluation([base], [now], [answered, *more])
        on = options(as_of=end_of_day(as_of))
        context, _ = settled(blamed(made, on), EMPTY, people(members={}))
        return [it.forgiven for it in context.weighed if it.outcome.rule.may_lack_approver and it.for_]

    asked = found(was, was, date.fromordinal(last.toordinal() + days))
    assert asked
    assert set(asked) == {forgiven}
    assert not any(found(facts(), facts(), TODAY)), "base has no date of enrolment"
    promoted = change("stage-advanced", "stage", "development", "pre_deployment")
    before = with_entry(facts(stage="development"), enrolled=day(-40))
    assert not any(found(before, was, last, promoted)), "a gate is entered"


@pytest.mark.parametrize(("missing", "state"), [((), "gap"), (("the forge gave no answer",), "unknown")])
def test_d48_whom_a_silent_forge_may_know_of_is_not_left_out(missing: tuple[str, ...], state: str) -> None:
    was = with_entry(facts(), enrolled=day(-1))
    made = evaluation([was], [was], [change("dimension-answered", "human_oversight", None, "full")])
    context, _ = settled(blamed(made, options()), EMPTY, people(members={}, missing=missing))
    asked = [it for it in context.weighed if it.outcome.rule.may_lack_approver and it.for_]
    assert {(it.outcome.state, it.forgiven) for it in asked} == {(state, state == "gap")}


# Waivers, and quiet changes


def test_t25_a_waiver_of_a_system_that_was_not_asked_for_is_not_told() -> None:
    fields = {"system": "CASE", "rule": GATE, "subject": PAPER, "owner": "Pat Moss", "approver": "Rae Kim",
              "reason": "Booked.", "created": day(-30), "expires": day(-3)}  # fmt: skip
    content = Waivers.model_validate({"schema": "policy-gate/waiver/v1", "waivers": [Waiver(**fields)]})
    held = replace(EMPTY, waivers=Document("governance/waivers.yaml", "0" * 40, content, {}))
    lacking = facts(artifacts={PAPER: "absent"})

    def told(*changes: Change, **on: Any) -> set[str]:
        made = blamed(evaluation([lacking], [lacking], changes), options(**on))
        context, _ = settled(made, held, people(), held)
        return {it.outcome.rule.id for it in context.weighed if it.outcome.rule.id.startswith("waiver-")}

    assert told(EDIT) == told(EDIT, only=("CASE",)) == told(mode="all") == {"waiver-expired"}
    assert told(EDIT, only=("OTHER",)) == told(only=("OTHER",), mode="all") == set()
    assert told() == set(), "the change leaves the system alone"


def test_t25_what_only_tells_of_a_waiver_is_nobody_s_new_work() -> None:
    fields = {"system": "CASE", "rule": GATE, "subject": PAPER, "owner": "Pat Moss", "approver": "Rae Kim",
              "reason": "Booked.", "created": day(-3), "expires": day(3)}  # fmt: skip
    content = Waivers.model_validate({"schema": "policy-gate/waiver/v1", "waivers": [Waiver(**fields)]})
    held = replace(EMPTY, waivers=Document("governance/waivers.yaml", "0" * 40, content, {}))
    made = blamed(evaluation([facts()], [facts()], [EDIT]), options())
    (unused,) = [it for it in settled(made, held, people(), held)[0].weighed if it.outcome.rule.id == "waiver-unused"]
    assert (unused.enforcement, unused.blame, unused.due) == ("advise", "inherited", None)


@pytest.mark.parametrize(
    ("is_gone", "for_each", "state"),
    [(True, "system", "gap"), (True, "change", "waived"), (False, "system", "waived")],
)
def test_t25_what_an_entry_owes_is_waived_only_while_the_entry_stays(is_gone: bool, for_each: Any, state: str) -> None:
    record = "decommissioning-record"
    fields = {"system": "CASE", "rule": "decommissioning", "subject": record, "owner": "Pat Moss",
              "approver": "Rae Kim", "reason": "To come.", "created": day(-3), "expires": day(30)}  # fmt: skip
    content = Waivers.model_validate({"schema": "policy-gate/waiver/v1", "waivers": [Waiver(**fields)]})
    held = replace(EMPTY, waivers=Document("governance/waivers.yaml", "0" * 40, content, {}))
    off = facts(stage="decommissioned", artifacts={record: "absent"})
    gone = change("system-removed", "", "CASE", None)
    made = evaluation([off], [] if is_gone else [off], [gone] if is_gone else [EDIT])
    context = blamed(made, options())

    def put(item: WeighedOutcome) -> WeighedOutcome:
        outcome = item.outcome
        return replace(item, outcome=replace(outcome, rule=replace(outcome.rule, for_each=for_each)))

    weighed = tuple(put(it) if it.outcome.requirement.subject == record else it for it in context.weighed)
    judged = settled(replace(context, weighed=weighed), held, people(), held)[0].weighed
    (found,) = [it for it in judged if it.outcome.requirement.subject == record]
    assert found.outcome.state == state
    assert {it.outcome.rule.id for it in judged} & {"waiver-refused"} == (
        {"waiver-refused"} if state == "gap" else set()
    )


def test_d04_nothing_changed_is_said_of_a_change_that_passes_and_only_there() -> None:
    made = evaluation([facts()], [facts()])
    context, _ = settled(blamed(made, options()), EMPTY, people())
    told = [system_report(place, context, ()) for place in context.asked_for]

    def quiet(verdict: Any, mode: Any = "change", presence: Any = "unchanged", items: Any = None) -> bool:
        reports = [replace(one, presence=presence) for one in told]
        return is_quiet_decision(verdict, reports, context.weighed if items is None else items, options(mode=mode))

    assert quiet("pass")
    assert not any(quiet(verdict) for verdict in ("conditions", "undecided", "block"))
    assert not quiet("pass", "all")
    assert not quiet("pass", presence="changed")
    policies = change("policy-changed", "policies/org.yaml", "1" * 40, "2" * 40, system=None)
    of_repository = weighed(evaluation([facts()], [facts()], [policies]))
    assert not quiet("pass", items=of_repository)


def test_d26_why_no_approval_can_be_had_is_known() -> None:
    promoted = change("stage-advanced", "stage", "development", "pre_deployment")
    made = evaluation([facts(stage="development")], [facts()], [promoted])

    def unheld(who: People) -> set[str]:
        return {it.unheld for it in weighed(made, who) if it.for_ == GATE and it.outcome.requirement.subject == "ciso"}

    assert unheld(people()) == {""}
    assert unheld(people(members={})) == {"nobody"}
    wrote = Commit("1" * 40, (Author("Ada Example", person("Ada Example").email or ""),), frozenset(), systems=CASE)
    assert unheld(people(commits=[wrote])) == {"authors"}
    team = Roles.model_validate({"schema": "policy-gate/roles/v1", "roles": {"ciso": {"teams": ["org/security"]}}})
    roles = Document("policies/roles.yaml", "", team, {})
    assert unheld(people(commits=[wrote], roles=roles)) == {""}, "somebody else of the team may be another"


@pytest.mark.parametrize(
    ("made_by", "is_asked"),
    [
        (Author("x", "", "github:ada-gh"), False),
        (Author("x", "ada@example.org"), False),
        (Author("x", "ada+work@example.org"), False),
        (Author("Written with Ada Example", ""), False),
        (Author("x", "bo@example.org", "github:bo-gh"), True),
    ],
)
def test_d13_who_made_it_is_not_asked_however_their_hand_is_known(made_by: Author, is_asked: bool) -> None:
    promoted = change("stage-advanced", "stage", "development", "pre_deployment")
    made = evaluation([facts(stage="development")], [facts()], [promoted])
    ada = Person(name="Ada Example", email="ada@example.org", github="ada-gh")
    hand = ForgeContributor(made_by, "opened pull request 7", None)
    found = report(made, people(members={"ciso": (ada,)}, contributors=(hand,)))
    (asked,) = [it for it in found.findings if it.for_ == GATE and it.requirement.subject == "ciso"]
    assert asked.able == (("Ada Example",) if is_asked else ())


def test_d43_the_look_again_counts_its_debt_from_the_raise_whatever_the_tier_below_wants() -> None:
    again = next(rule for rule in RULES.rules if rule.id == "reclassification-review")
    gap = Outcome("CASE", again, again.requirements[0], "", "gap", "stale")
    raised = with_entry(facts(stage="production"), reclassified=day(-3))
    met = replace(gap, state="met", cause=None)
    due = RULES.debt.reclassification["high"].after(day(-3))
    assert due_date(gap, at(met, raised), RULES) == due
    plain = next(rule for rule in RULES.rules if rule.id == "model-card")
    other = Outcome("CASE", plain, plain.requirements[0], "", "gap", "absent")
    assert due_date(other, at(replace(other, state="met"), raised), RULES) is None
