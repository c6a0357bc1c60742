"""A decision in memory as a whole: whose concern it is, roles apart, waivers, broken papers, merged findings."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from decision_world import (
    EMPTY,
    RULES,
    TODAY,
    change,
    claim,
    day,
    evaluation,
    facts,
    options,
    people,
    person,
    report,
    rules_with,
    weighed,
    with_artifact,
    with_entry,
)
from msgspec.structs import replace

from policy_gate.decide.approvals import reviewed_commits, subject_of
from policy_gate.decide.decide import decide, settled
from policy_gate.decide.decision_context import blamed
from policy_gate.decide.document_problems import problems_verdict
from policy_gate.decide.findings import findings_of as findings_of_outcomes
from policy_gate.decide.governed_content import content_parts
from policy_gate.decide.subject_digest import binds_code
from policy_gate.decide.system_change import system_changes
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.schema.canonical import digest_of
from policy_gate.schema.documents import Waiver, Waivers
from policy_gate.schema.evaluation import Evaluation
from policy_gate.schema.facts import Facts
from policy_gate.schema.finding import Finding, RequirementId
from policy_gate.schema.report import Report
from policy_gate.schema.roles import Roles
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.snapshot import Snapshot, SystemKey
from policy_gate.schema.source import Document, Problem

GATE = "pre-deployment-security-review"
PAPER = "red-team-report"
EDIT = change("path-widened", "paths")


def named(found: Facts, system: str) -> Facts:
    return replace(found, declared=replace(found.declared, key=SystemKey(found.key.manifest, system)))


def promotion(rules: RuleSet = RULES, **case: Any) -> Evaluation:
    return evaluation([facts(stage="development")], [facts(**case)], [change("stage-advanced", "stage")], rules)


# Whose concern


def two(**case: Any) -> Evaluation:
    """Two systems that lack a paper newly, one beside the other."""
    was = [facts(), named(facts(), "OTHER")]
    lacking = facts(artifacts={PAPER: "absent"}, **case)
    return evaluation(was, [lacking, named(lacking, "OTHER")], [EDIT, replace(EDIT, system="OTHER")])


def test_only_the_systems_that_were_asked_for_are_judged_and_told() -> None:
    whole, only = report(two()), report(two(), only=("OTHER",))
    assert {item.system for item in whole.findings} == {system.id for system in whole.systems} == {"CASE", "OTHER"}
    assert {item.system for item in only.findings} == {system.id for system in only.systems} == {"OTHER"}
    assert (whole.verdict, only.verdict) == ("block", "block")
    policies = change("policy-changed", "policies/org.yaml", "1", "2", system=None)
    made = evaluation([facts()], [facts()], [policies])
    assert {item.outcome.system for item in weighed(made, only=("CASE",))} == {"CASE"}
    assert None in {item.outcome.system for item in weighed(made)}


def test_the_content_of_a_system_is_looked_at_once_a_side(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def counted(found: Facts) -> tuple[tuple[str, str], ...]:
        looked.append(found.id)
        return content_parts(found)

    monkeypatch.setattr("policy_gate.decide.system_change.content_parts", counted)
    made = two()
    assert {system.subject_digest for system in report(made).systems} == {
        digest_of(dict(content_parts(found))) for found in made.declared
    }
    assert sorted(looked) == ["CASE", "OTHER"], "a change tells already that the sides differ"
    looked.clear()
    whole = report(evaluation([facts()], [with_artifact(facts(), PAPER)]))
    assert (whole.systems[0].presence, looked) == ("unchanged", ["CASE", "CASE"])


def test_what_an_approval_is_for_is_worked_out_once_for_all_who_are_asked() -> None:
    context, _ = settled(blamed(promotion(), options()), EMPTY, people())
    asked = [item for item in context.weighed if item.for_ == GATE]
    assert len(asked) > 1
    found = subject_of(GATE, asked[0].system_change, context)
    assert {item.digest for item in asked} == {found.digest}
    assert subject_of(GATE, asked[0].system_change, context) is found


def test_findings_are_plain_data_that_can_be_stored() -> None:
    found = report(two()).findings
    assert msgspec.json.decode(msgspec.json.encode(found), type=tuple[Finding, ...]) == found
    assert {item.requirement for item in found if item.state == "gap"} >= {RequirementId("artifact", PAPER)}


def test_of_a_system_that_left_only_its_leaving_is_judged() -> None:
    was = facts(stage="decommissioned", artifacts={PAPER: "absent", "decommissioning-record": "absent"})
    made = evaluation([was], [], [change("system-removed", "", "CASE", None)])
    assert {item.outcome.rule.id for item in weighed(made)} == {"decommissioning"}
    assert report(made).verdict == "block", "its last gate has a gap"
    live = facts(stage="production", artifacts={PAPER: "absent"})
    gone = weighed(evaluation([live], [], [change("system-removed", "", "CASE", None)]))
    assert {item.outcome.rule.id for item in gone if item.outcome.state != "not-applicable"} == {"system-vanished"}
    stays = weighed(evaluation([live], [live], [EDIT]))
    assert {"red-team-engagement", GATE} <= {item.outcome.rule.id for item in stays}, "the control: it did not leave"


# Roles kept apart


def kept_apart(
    *claims: Any,
    ciso: tuple[str, ...] = ("Ada Example",),
    legal: tuple[str, ...] = ("Ada Example",),
    apart: tuple[frozenset[str], ...] = (frozenset({"ciso", "legal"}),),
    of_two: str = "",
) -> dict[str, WeighedOutcome]:
    """What approvals come to of two roles that one person fills; `of_two` is a role of which two people are wanted."""
    gate = next(rule for rule in RULES.rules if rule.id == GATE)
    wanted = tuple(replace(it, count=2) if it.subject == of_two else it for it in gate.requirements)
    rules = rules_with(GATE, requirements=wanted)
    rules = replace(rules, assurance=replace(RULES.assurance, separate_roles=apart))
    members = people().members | {
        "ciso": tuple(person(name) for name in ciso),
        "legal": tuple(person(name) for name in legal),
    }
    made = promotion(rules)
    digest = next(item.digest for item in weighed(made) if item.for_ == GATE)
    yes = [
        claim(role, GATE, digest, approver=replaced(name))
        for role, name in (("ciso", "Ada Example"), ("legal", "Ada Example"), ("product-owner", "Pat Moss"), *claims)
    ]
    found = weighed(made, people(*yes, members=members))
    return {
        item.outcome.requirement.subject: item
        for item in found
        if item.outcome.rule.id == GATE and item.outcome.requirement.kind == "approval"
    }


def replaced(name: str) -> Any:
    who = person(name)
    return people(claim("ciso", GATE, "")).claims[0].approver._replace(name=who.name, email=who.email or "")


def test_roles_that_base_keeps_apart_want_a_person_each() -> None:
    together = kept_apart(apart=())
    assert {role: item.outcome.state for role, item in together.items()} == dict.fromkeys(together, "met")
    apart = kept_apart()
    states = {role: item.outcome.state for role, item in apart.items()}
    assert sorted(states.values()) == ["gap", "met", "met"]
    assert states["product-owner"] == "met", "no role of a set"
    (reopened,) = [item for item in apart.values() if item.outcome.state == "gap"]
    assert (reopened.blame, reopened.counted) == ("introduced", ())
    assert "another person" in reopened.outcome.seen
    alone = kept_apart(apart=(frozenset({"ciso", "product-owner"}), frozenset({"legal", "dpo"})))
    assert {item.outcome.state for item in alone.values()} == {"met"}


def test_whoever_counts_for_a_role_that_lacks_another_person_takes_no_seat_by_that() -> None:
    found = kept_apart(of_two="ciso")
    assert {role: item.outcome.state for role, item in found.items()} == {
        "ciso": "gap",
        "legal": "met",
        "product-owner": "met",
    }
    assert [name for _, name in found["ciso"].counted] == ["Ada Example"]


def test_whoever_can_fill_either_role_fills_the_one_that_nobody_else_does() -> None:
    both = kept_apart(("ciso", "Lin Park"), ciso=("Ada Example", "Lin Park"))
    assert {item.outcome.state for item in both.values()} == {"met"}


# Waivers


def written(**over: Any) -> Any:
    fields = {
        "system": "CASE", "rule": GATE, "subject": PAPER, "owner": "Pat Moss", "approver": "Rae Kim",
        "reason": "The red team is booked.", "created": day(-10), "expires": day(10), **over,
    }  # fmt: skip
    content = Waivers.model_validate({"schema": "policy-gate/waiver/v1", "waivers": [Waiver(**fields)]})
    return Document("governance/waivers.yaml", "0" * 40, content, {})


BOTH = replace(EMPTY, waivers=written(ticket="TICKET-7"))


def waived(in_base: bool = True, in_result: bool = True, mode: str = "change", **over: Any) -> tuple[Any, ...]:
    """A paper missing in base and result, with a waiver of it."""
    held = written(**over)
    lacking = facts(artifacts={PAPER: "absent"})
    made = evaluation([lacking], [lacking], [EDIT])
    sides = [replace(EMPTY, waivers=held if there else None) for there in (in_base, in_result)]
    context, notes = settled(blamed(made, options(mode=mode)), sides[0], people(), sides[1])
    about = [
        item for item in context.weighed if item.outcome.requirement.subject == PAPER and item.outcome.rule.id == GATE
    ]
    told = {item.outcome.rule.id for item in context.weighed if item.outcome.rule.id.startswith("waiver-")}
    return about[0], told, notes


def test_t25_bases_waiver_waives_what_it_names_and_nothing_else() -> None:
    held, told, notes = waived()
    assert (held.outcome.state, told, notes) == ("waived", set(), ())
    assert "Pat Moss" in str(held.waiver)
    other, told, _ = waived(subject="incident-response-plan")
    assert (other.outcome.state, other.waiver) == ("gap", None)
    assert told == {"waiver-unused"}


def test_t25_a_waiver_that_the_change_brings_is_told_and_holds_later() -> None:
    item, told, notes = waived(in_base=False)
    assert (item.outcome.state, told) == ("gap", set())
    assert notes == (f"the waiver of red-team-report ({GATE}) for CASE in this change holds from the next change on",)
    assert "holds from the next change on" in " ".join(item.outcome.details)
    _, _, refused = waived(in_base=False, owner="Rae Kim")
    assert "would not hold" in refused[0]


def test_t25_a_waiver_of_a_system_that_was_not_read_is_told_in_the_full_check_alone() -> None:
    for mode, rules in (("change", set()), ("all", {"waiver-refused"})):
        item, told, _ = waived(system="GONE", mode=mode)
        assert (item.outcome.state, told) == ("gap", rules)


def test_t25_a_change_of_the_waivers_shows_both_sides_to_whoever_approves_it() -> None:
    def of(system: str | None) -> str:
        waivers = change("waivers-changed", "governance/waivers.yaml", "1" * 40, "2" * 40, system=system)
        made = blamed(evaluation([facts()], [facts()], [waivers]), options())
        context, _ = settled(made, EMPTY, people(), BOTH)
        return " ".join(" ".join(item.outcome.details) for item in context.weighed if item.outcome.rule.id == "waiver")

    assert "now: CASE, red-team-report" in of(None)
    assert "(TICKET-7)" in of(None)


@pytest.mark.parametrize(
    ("over", "rule"),
    [
        ({"expires": day(-1)}, "waiver-expired"),
        ({"owner": "Rae Kim"}, "waiver-refused"),
        ({"expires": day(4000)}, "waiver-too-broad"),
    ],
)
def test_t25_a_waiver_that_does_not_hold_is_told_where_the_change_leaves_it(over: dict[str, date], rule: str) -> None:
    item, told, _ = waived(**over)
    assert (item.outcome.state, told) == ("gap", {rule})
    assert "does not hold" in " ".join(item.outcome.details)
    _, left, _ = waived(in_result=False, **over)
    assert left == set(), "the change takes it out"
    _, everything, _ = waived(in_result=False, mode="all", **over)
    assert everything == {rule}


# CheckInputs that cannot be read

BROKEN = Problem("one/governance.yaml", "is broken")


@pytest.mark.parametrize(
    ("base", "result", "changed", "mode", "verdict"),
    [
        ((), (), (), "change", "pass"),
        ((), (), (), "all", "pass"),
        ((), (BROKEN,), (), "change", "block"),
        ((BROKEN,), (BROKEN,), (), "change", "conditions"),
        ((BROKEN,), (BROKEN,), ("two/a.py", "one.py"), "change", "conditions"),
        ((BROKEN,), (BROKEN,), ("one/governance.yaml",), "change", "block"),
        ((BROKEN,), (BROKEN,), ("one/deep/a.py",), "change", "block"),
        ((BROKEN,), (BROKEN,), (), "all", "block"),
        ((BROKEN,), (), ("one/governance.yaml",), "change", "pass"),
        ((BROKEN,), (replace(BROKEN, line=9),), (), "change", "conditions"),
        ((BROKEN,), (replace(BROKEN, message="is broken otherwise"),), (), "change", "block"),
        ((replace(BROKEN, path="a.yaml"),), (replace(BROKEN, path="a.yaml"),), ("b/c.py",), "change", "conditions"),
        ((replace(BROKEN, path="a.yaml"),), (replace(BROKEN, path="a.yaml"),), ("a.yaml",), "change", "block"),
    ],
)
def test_d24_a_broken_file_stops_whoever_broke_it_and_its_own_folder(
    base: Any, result: Any, changed: tuple[str, ...], mode: str, verdict: str
) -> None:
    sides = (replace(EMPTY, problems=base), replace(EMPTY, problems=result))
    found, shown = problems_verdict(*sides, (), frozenset(changed), mode, options().as_of)
    assert (found, shown) == (verdict, result)


@pytest.mark.parametrize("field", ["enrolled", "reclassified", "stage_since"])
@pytest.mark.parametrize(("days", "verdict"), [(0, "pass"), (1, "pass"), (2, "block")])
def test_d09_a_date_to_count_from_lies_at_most_a_day_ahead(field: str, days: int, verdict: str) -> None:
    made = evaluation([facts()], [with_entry(facts(), **{field: day(days)})], [EDIT])
    found, shown = problems_verdict(EMPTY, EMPTY, system_changes(made).values(), frozenset(), "change", options().as_of)
    assert (found, [field in item.message for item in shown]) == (verdict, [True] if verdict == "block" else [])
    stays = evaluation([with_entry(facts(), **{field: day(days)})], [with_entry(facts(), **{field: day(days)})], [EDIT])
    inherited, _ = problems_verdict(
        EMPTY, EMPTY, system_changes(stays).values(), frozenset(), "change", options().as_of
    )
    assert inherited == ("conditions" if verdict == "block" else "pass")


# One sentence for all


def told(base: Snapshot, result: Snapshot, made: Evaluation | None = None, **on: Any) -> Report:
    made = made or evaluation([], [])
    trust = report(evaluation([], [])).trust
    return decide(blamed(made, options(**on)), base, result, people(), trust, version="0")


def test_d28_no_system_at_all_is_undecided_until_it_is_said() -> None:
    nothing = replace(EMPTY, any_manifest=False)
    said = replace(EMPTY, declares_nothing="No AI here.")
    assert (told(nothing, nothing).verdict, told(nothing, nothing).hint) == ("undecided", "policy-gate init")
    assert told(said, said).verdict == "pass"
    assert "No AI here." in told(said, said).headline
    for base, result in ((EMPTY, said), (said, EMPTY), (EMPTY, EMPTY)):
        assert "declares that it holds no AI" not in told(base, result).headline
    assert "first adoption: this repository declares" in told(EMPTY, said, mode="adoption").headline
    assert told(EMPTY, EMPTY, mode="adoption").headline == ""
    busy = told(said, said, evaluation([facts()], [facts()], [EDIT]))
    assert "declares that it holds no AI" not in busy.headline


def test_d28_a_report_is_about_no_system_only_where_both_trees_say_so_and_nothing_stands_against_it() -> None:
    said = replace(EMPTY, declares_nothing="No AI here.")
    assert told(said, said).scope == "none"
    for base, result in ((EMPTY, said), (said, EMPTY), (EMPTY, EMPTY)):
        assert told(base, result).scope == "systems"
    quiet = evaluation([facts()], [facts()])
    assert told(said, said, quiet).verdict == "pass"
    assert told(said, said, quiet).scope == told(EMPTY, EMPTY, quiet).scope == "systems"
    assert told(said, said, evaluation([], [], [change("policy-changed", "p.yaml", "1", "2", system=None)])).scope == (
        "systems"
    )


def test_d04_where_nothing_governed_changed_one_line_says_so() -> None:
    debt = facts(artifacts={PAPER: "absent"})
    quiet = told(EMPTY, EMPTY, evaluation([debt], [debt]))
    assert (quiet.verdict, quiet.headline) == ("pass", "nothing governed changed")
    assert told(EMPTY, EMPTY, evaluation([debt], [debt], [EDIT])).headline == ""
    assert told(EMPTY, EMPTY, evaluation([debt], [debt]), mode="all").headline == ""


@pytest.mark.parametrize(("governed", "verdict"), [(False, "conditions"), (True, "undecided")])
def test_d26_an_adoption_is_at_best_conditions(governed: bool, verdict: str) -> None:
    made = evaluation([], [with_entry(facts(stage="development"), enrolled=TODAY)], [change("system-added")])
    found = told(EMPTY, EMPTY, made, mode="adoption", require_governed_base=governed)
    assert found.verdict == verdict
    assert ("demands both" in found.headline) is governed


# Findings, merged


def test_one_missing_thing_is_one_finding_with_every_reason() -> None:
    found = report(promotion(artifacts={PAPER: "absent"}))
    (merged,) = [item for item in found.findings if item.subject == PAPER]
    assert {reason.rule for reason in merged.because} == {GATE, "red-team-engagement"}
    assert (merged.enforcement, merged.blocks, merged.entered, merged.gate) == ("block", True, True, GATE)
    assert (merged.responsible, merged.accountable) == (
        tuple(RULES.artifacts[PAPER].responsible),
        tuple(RULES.artifacts[PAPER].accountable),
    )
    gates = {gate.id: gate for gate in found.systems[0].gates}
    assert gates[GATE].entered
    assert gates[GATE].missing_artifacts == (PAPER,)
    assert gates[GATE].missing_approvals == ("ciso", "legal", "product-owner")
    failing = report(promotion(tests={"bias-benchmark-suite": "failed", "security-penetration-test": "not-run"}))
    (gate,) = [item for item in failing.systems[0].gates if item.id == GATE]
    assert (gate.failed_tests, gate.tests_not_run, gate.missing_artifacts) == (
        ("bias-benchmark-suite",),
        ("security-penetration-test",),
        (),
    )


def test_what_is_met_has_no_cause_and_what_is_missing_has_one() -> None:
    states = {item.subject: (item.state, item.cause) for item in report(promotion(artifacts={PAPER: "thin"})).findings}
    assert states[PAPER] == ("gap", "thin")
    assert states["incident-response-plan"] == ("met", None)


def test_the_next_date_of_a_system_is_the_earliest_that_anything_is_due() -> None:
    lacking = {"artifacts": {PAPER: "absent", "annual-performance-report": "absent"}, "stage": "production"}
    owing = with_entry(facts(**lacking), enrolled=day(-10), stage_since=day(-300))
    (told,) = report(evaluation([owing], [owing], [EDIT])).systems
    assert (told.next_due, told.next_due_title) == (RULES.debt.enrolment["high"].after(day(-10)), told.next_due_title)
    assert told.next_due_title
    sooner = with_entry(owing, stage_since=day(-364))
    (told,) = report(evaluation([sooner], [sooner], [EDIT])).systems
    assert told.next_due == day(1)
    (none,) = report(evaluation([facts()], [facts()], [EDIT])).systems
    assert (none.next_due, none.next_due_title) == (None, "")


def test_a_roles_file_says_whom_it_would_make_able_to_approve_what() -> None:
    def grants(**on: Any) -> dict[str, tuple[str, ...]]:
        holders = {"ciso": {"members": [{"name": "Ada Example"}]}, "legal": {"same_as": "ciso"},
                   "dpo": {"members": [{"name": "Dee Ortiz"}]}}  # fmt: skip
        roles = Roles.model_validate({"schema": "policy-gate/roles/v1", "roles": holders})
        made = evaluation([], [facts(stage="development")], [change("system-added")])
        trust = report(made).trust
        found = decide(blamed(made, options(**on)), EMPTY, EMPTY, people(), trust, version="0", result_roles=roles)
        return {grant.name: grant.roles for grant in found.grants}

    assert grants(mode="adoption") == {"Ada Example": ("ciso", "legal"), "Dee Ortiz": ("dpo",)}
    assert grants() == {}, "the control: no adoption"


def test_d12_only_what_a_holder_of_a_role_reviewed_is_looked_at() -> None:
    def review(commit: str, **fields: Any) -> Any:
        return claim("ciso", GATE, None, commit=commit, **fields)

    stranger = replaced("Bo Author")
    claims = [review("1"), review("2", bot=True), review("3", problem="x"), review("", path="r"), review("1"),
              review("4", approver=stranger), review("5")]  # fmt: skip
    assert reviewed_commits(people(*claims)) == ("1", "5")


def test_the_weightiest_reason_speaks_for_a_merged_finding() -> None:
    softer = rules_with("red-team-engagement", enforcement="advise")
    (merged,) = [item for item in report(promotion(softer, artifacts={PAPER: "absent"})).findings
                 if item.subject == PAPER]  # fmt: skip
    assert (merged.enforcement, merged.blocks) == ("block", True)
    assert {reason.rule: reason.enforcement for reason in merged.because} == {
        GATE: "block",
        "red-team-engagement": "advise",
    }


def test_approvals_of_two_gates_in_one_role_are_two_findings() -> None:
    made = evaluation([facts(stage="conception")], [facts(stage="production")], [change("stage-advanced", "stage")])
    found = [item for item in report(made).findings if item.kind == "approval" and item.state == "gap"]
    by_role = {(item.subject, item.for_) for item in found}
    assert len(by_role) == len(found)
    assert len({item.id for item in found}) == len(found)
    assert {for_ for _, for_ in by_role} == {"development-authorization", GATE, "production-deployment"}
    assert all(item.responsible == item.accountable == (item.subject,) for item in found)


# What code an approval binds


@pytest.mark.parametrize(
    ("for_", "entered", "tier", "binds"),
    [
        (GATE, (GATE,), "high", True),
        (GATE, (GATE,), "critical", True),
        (GATE, (GATE,), "medium", False),
        (GATE, (), "high", False),
        ("annual-production-review", ("annual-production-review",), "high", False),
        ("reclassification-review", ("reclassification-review",), "high", False),
        ("tier-lowering", ("tier-lowering",), "high", False),
    ],
)
def test_d10_only_a_stage_gate_that_is_entered_binds_code(
    for_: str, entered: tuple[str, ...], tier: str, binds: bool
) -> None:
    (place,) = system_changes(evaluation([facts(tier)], [facts(tier)], [EDIT])).values()
    assert binds_code(for_, replace(place, entered=entered), RULES) is binds


def test_t25_what_is_wrong_with_each_waiver_is_a_finding_of_its_own_named_after_what_it_names() -> None:
    def findings_of(*several: dict[str, Any]) -> list[Finding]:
        each = [written(**over).content.waivers[0] for over in several]
        held = replace(written(), content=Waivers.model_construct(waivers=each))
        lacking = facts(artifacts={PAPER: "absent"})
        context, _ = settled(
            blamed(evaluation([lacking], [lacking], [EDIT]), options()),
            replace(EMPTY, waivers=held), people(), replace(EMPTY, waivers=held),
        )  # fmt: skip
        told = [item for item in context.weighed if item.outcome.rule.id == "waiver-expired"]
        assert {item.blame for item in told} <= {"overdue"}
        return list(findings_of_outcomes(told, RULES, "change"))

    old = {"created": day(-30), "expires": day(-3)}
    one, other = findings_of(old, {**old, "reason": "The other team is booked."})
    assert one.id != other.id
    assert one.due == other.due == day(-3)
    assert f"{PAPER} ({GATE})" in one.title
    (whole,) = findings_of({**old, "subject": None})
    assert GATE in whole.title
    assert "None" not in whole.title
