"""D05, D19, D29: what somebody vouched for stands while it is unchanged, but an entered gate asks again."""

from __future__ import annotations

from typing import Any

import pytest
from decision_world import (
    RULES,
    change,
    claim,
    day,
    evaluation,
    facts,
    options,
    people,
    weighed,
    with_artifact,
    with_entry,
)

from policy_gate.decide.approvals import needs_approvals
from policy_gate.decide.decision_context import blamed
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.schema.change import Change
from policy_gate.schema.documents import NotApplicable
from policy_gate.schema.facts import Facts

GATE = "pre-deployment-security-review"
REPORT = "red-team-report"
TEST = "shadow-mode-validation"
EDIT = change("path-widened", "paths")
PROMOTED = change("stage-advanced", "stage", "development", "pre_deployment")


def elsewhere(stage: str = "pre_deployment", sha256: str = "a" * 64) -> Facts:
    """A report that is held elsewhere, as the manifest says by its digest."""
    found = facts(stage=stage, artifacts={REPORT: "not-approved"})
    return with_artifact(found, REPORT, attested=sha256)


def decided(was: Facts | None, now: Facts, edit: Change, *claims: Any, **on: Any) -> dict[str, WeighedOutcome]:
    made = evaluation([was] if was else [], [now], [edit])
    about = [
        item for item in weighed(made, people(*claims), **on) if item.outcome.requirement.subject in (REPORT, TEST)
    ]
    return {item.outcome.rule.id: item for item in about}


def test_d19_what_base_vouched_for_stands_while_its_digest_is_the_same() -> None:
    stands = decided(elsewhere(), elsewhere(), EDIT)
    assert {item.outcome.state for item in stands.values()} == {"met"}
    assert {item.outcome.seen for item in stands.values()} == {"as approved before"}
    assert {item.blame for item in stands.values()} == {None}
    other = decided(elsewhere(), elsewhere(sha256="b" * 64), EDIT)
    assert {item.outcome.state for item in other.values()} == {"gap"}


def test_d19_a_gate_that_is_entered_asks_for_it_again() -> None:
    entering = decided(elsewhere("development"), elsewhere(), PROMOTED)
    assert {item.outcome.state for item in entering.values()} == {"gap"}
    assert {item.for_ for item in entering.values()} == {GATE}
    owed = decided(elsewhere(), elsewhere(), EDIT)
    assert set(entering) == set(owed), "the control: the same requirements, the gate not entered"


def test_d19_where_the_gate_asks_again_the_accountable_role_settles_it() -> None:
    digest = decided(elsewhere("development"), elsewhere(), PROMOTED)[GATE].digest
    yes = claim("ciso", GATE, digest)
    assert decided(elsewhere("development"), elsewhere(), PROMOTED, yes)[GATE].outcome.state == "met"
    for wrong in (claim("legal", GATE, digest), claim("ciso", GATE, digest, proof=None)):
        assert decided(elsewhere("development"), elsewhere(), PROMOTED, wrong)[GATE].outcome.state == "gap"


def test_d19_what_base_does_not_hold_does_not_stand() -> None:
    read = facts()
    assert decided(read, elsewhere(), EDIT)[GATE].outcome.state == "gap", "base held a file that could be read"
    assert decided(None, elsewhere(), EDIT)[GATE].outcome.state == "gap", "base has no such system"
    assert decided(facts(artifacts={REPORT: "absent"}), elsewhere(), EDIT)[GATE].outcome.state == "gap"


def test_d26_nothing_stands_at_adoption() -> None:
    found = decided(elsewhere(), elsewhere(), EDIT, mode="adoption")
    assert found[GATE].outcome.state == "gap"


def unconcerned(stage: str = "production", reason: str = "It replaces nothing.", test: str = TEST) -> Facts:
    found = facts(stage=stage, tests={TEST: "absent"})
    return with_entry(found, not_applicable=[NotApplicable(id=test, reason=reason)])


def held_by(rule: str = "production-deployment", **entry: Any) -> WeighedOutcome:
    was = unconcerned(entry.pop("stage", "production"), **entry)
    return decided(was, unconcerned(), change("stage-advanced", "stage") if was.stage != "production" else EDIT)[rule]


def test_d29_a_claim_of_no_concern_is_asked_when_its_gate_is_entered() -> None:
    entering = held_by(stage="pre_deployment")
    assert (entering.outcome.state, entering.for_) == ("gap", "production-deployment")
    (accountable,) = RULES.tests[TEST].accountable
    for role, state in ((accountable, "not-applicable"), ("legal", "gap")):
        yes = claim(role, "production-deployment", entering.digest)
        settled = decided(unconcerned("pre_deployment"), unconcerned(), change("stage-advanced", "stage"), yes)
        assert settled["production-deployment"].outcome.state == state


@pytest.mark.parametrize("edit", [EDIT, change("model-changed", "base_model")], ids=["edit", "model"])
def test_d29_a_claim_of_no_concern_stays_settled_after_its_gate(edit: Change) -> None:
    stays = decided(unconcerned(), unconcerned(), edit)["production-deployment"]
    assert stays.outcome.state == "not-applicable"


REVIEW = "annual-production-review"
ANNUAL = "annual-performance-report"


def reviewed(days: int) -> Facts:
    """In production, every paper of the yearly review of that day, one of them held elsewhere by the same digest."""
    found = facts(stage="production", artifacts={ANNUAL: "not-approved"})
    for want in (rule for rule in RULES.rules if rule.id == REVIEW):
        for paper in {item.subject for item in want.requirements if item.kind == "artifact"}:
            found = with_artifact(found, paper, completed=day(days))
    return found


def test_d19_a_review_that_is_held_again_asks_again_for_what_is_held_elsewhere() -> None:
    def report_of(was: Facts, now: Facts, *claims: Any) -> WeighedOutcome:
        made = evaluation([was], [now], [EDIT])
        return next(
            item
            for item in weighed(made, people(*claims))
            if (item.outcome.rule.id, item.outcome.requirement.subject) == (REVIEW, ANNUAL)
        )

    stays = report_of(reviewed(-300), reviewed(-300))
    assert (stays.outcome.state, stays.asked) == ("met", False), "the control: nothing is looked at again"
    again = report_of(reviewed(-800), reviewed(-300))
    assert (again.outcome.state, again.asked, again.for_) == ("gap", True, REVIEW), "a new date on the old digest"
    (accountable,) = RULES.artifacts[ANNUAL].accountable
    assert report_of(reviewed(-800), reviewed(-300), claim(accountable, REVIEW, again.digest)).outcome.state == "met"


def test_d49_the_look_at_a_raised_system_is_asked_for_though_its_digest_is_bases() -> None:
    paper, again = "risk-tier-classification", "reclassification-review"

    def looked_at(days: int | None) -> Facts:
        review = {} if days is None else {"reclassification_review": day(days).isoformat()}
        found = facts(artifacts={paper: "not-approved"}, entry={"reclassified": day(-5).isoformat(), **review})
        return with_artifact(found, paper, completed=day(-1), status="final")

    def render(was: Facts, now: Facts) -> WeighedOutcome:
        return next(
            item
            for item in weighed(evaluation([was], [now], [EDIT]))
            if (item.outcome.rule.id, item.outcome.requirement.subject) == (again, paper)
        )

    assert (render(looked_at(-1), looked_at(-1)).outcome.state, render(looked_at(None), looked_at(-1)).asked) == (
        "met",
        True,
    )


def test_d26_at_the_first_adoption_base_names_nobody_who_could_approve_a_change() -> None:
    made = evaluation(
        [], [facts()], [change("system-enrolled", "system"), change("evidence-attested", REPORT, None, "x")]
    )
    found = {item.outcome.instance.partition(":")[0]: item for item in weighed(made, mode="adoption")}
    why = "nobody in base could approve it: this is the first adoption"
    enrolled, vouched = found["system-enrolled"], found["evidence-attested"]
    assert (enrolled.outcome.state, enrolled.outcome.seen, enrolled.blame) == ("not-applicable", why, None)
    assert (vouched.outcome.state, vouched.for_, vouched.digest) == ("gap", None, None)
    assert vouched.outcome.seen == f"{why}; leave it for the next change"


def test_d04_nobody_is_asked_where_no_approval_could_settle_anything() -> None:
    def asks(was: Facts, now: Facts, edit: Change) -> bool:
        return needs_approvals(blamed(evaluation([was], [now], [edit]), options()))

    lacking = facts(artifacts={REPORT: "absent"})
    assert not asks(facts(), facts(), EDIT)
    assert not asks(facts(), lacking, EDIT), "a paper that is missing is no question to anybody"
    assert not asks(elsewhere(), elsewhere(), EDIT), "as approved before"
    assert asks(elsewhere(), elsewhere(sha256="b" * 64), EDIT)
    assert asks(facts(stage="development"), facts(), PROMOTED)
    assert asks(facts(), facts(), change("path-narrowed", "paths"))


@pytest.mark.parametrize(
    ("claimed", "said", "state"),
    [
        ("bias-evaluation-results", "nobody is ranked", "not-applicable"),
        ("bias-evaluation-results", "nobody is hired", "gap"),
        ("privacy-impact-assessment", "nobody is ranked", "gap"),
        (None, "", "gap"),
    ],
)
def test_d29_a_paper_that_base_says_is_of_no_concern_stands_for_the_very_same_reason(
    claimed: str | None, said: str, state: str
) -> None:
    lacking = facts(artifacts={"bias-evaluation-results": "absent", "privacy-impact-assessment": "absent"})

    def side(id_: str | None, reason: str) -> Facts:
        return with_entry(lacking, not_applicable=[NotApplicable(id=id_, reason=reason)] if id_ else [])

    made = evaluation([side(claimed, said)], [side("bias-evaluation-results", "nobody is ranked")], [EDIT])
    found = next(it for it in weighed(made) if it.outcome.requirement.subject == "bias-evaluation-results")
    assert found.outcome.state == state
