"""D16: what one approval of a governed change settles, and what it is for."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from decision_world import EMPTY, change, claim, evaluation, facts, one, options, people, report, rules_with, weighed

from policy_gate.decide.approvals import subjects_of
from policy_gate.decide.decide import settled
from policy_gate.decide.decision_context import blamed
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.schema.change import Change
from policy_gate.schema.people import Claim

LEAD = "ai-safety-lead"
LOWERED = change("tier-lowered", "tier", "high", "medium")
CAUSES = (
    change("dimension-lowered", "data_sensitivity", "sensitive", "non_sensitive"),
    change("dimension-removed", "human_oversight", "partial", None),
    change("fact-flipped", "eu_market", True, False),
    change("fact-removed", "user_facing", True, None),
    change("fact-changed", "purpose", "hiring", "chat"),
    change("law-class-dropped", "law_class", "high-risk", None),
)
OF_A_LAW_CLASS = (*CAUSES[2:5], change("regulation-removed", "regulatory_scope", "gdpr", None))
ASIDE = (
    change("path-narrowed", "paths", ["case/**"], ["case/a/**"]),
    change("evidence-redated", "red-team-report", "2025-01-01", "2026-11-01"),
    change("enrolled-moved", "enrolled", "2025-01-01", "2026-11-01"),
    change("reclassified-moved", "reclassified", "2025-01-01", "2026-11-01"),
    change("stage-since-moved", "stage_since", "2025-01-01", "2026-11-01"),
    change("vendor-dropped", "vendors", "acme", None),
    change("vendor-weakened", "acme.has_dpa", False, True),
)
"""Weakenings that lower no tier: nobody agreed to them by agreeing that the system is less dangerous."""
HELD = facts()


def decided(changes: Sequence[Change], *claims: Claim) -> tuple[WeighedOutcome, ...]:
    made = evaluation([HELD], [HELD], changes)
    return weighed(made, people(*claims))


def digest(changes: Sequence[Change], for_: str) -> str:
    found = {item.digest for item in decided(changes) if item.for_ == for_}
    assert len(found) == 1, found
    return str(found.pop())


def states(found: Sequence[WeighedOutcome], rule: str = "weakening") -> dict[str, str]:
    return {item.outcome.instance.partition(":")[0]: item.outcome.state for item in found
            if item.outcome.rule.id == rule}  # fmt: skip


def test_d16_one_approval_of_a_lowered_tier_covers_the_weakenings_that_cause_it() -> None:
    changes = [LOWERED, *(item for item in CAUSES if item.kind != "law-class-dropped")]
    found = decided(changes, claim(LEAD, "tier-lowering", digest(changes, "tier-lowering")))
    assert set(states(found).values()) == {"not-applicable"}
    assert len(states(found)) == len(changes) - 1
    assert states(found, "tier-lowering") == {"tier-lowered": "met"}


@pytest.mark.parametrize("aside", ASIDE, ids=lambda item: item.kind)
def test_d16_one_approval_of_a_lowered_tier_covers_nothing_beside_it(aside: Change) -> None:
    changes = [LOWERED, CAUSES[0], aside]
    yes = claim(LEAD, "tier-lowering", digest(changes, "tier-lowering"))
    found = decided(changes, yes)
    assert states(found) == {"dimension-lowered": "not-applicable", aside.kind: "gap"}
    both = decided(changes, yes, claim(LEAD, "weakening", digest(changes, "weakening")))
    assert states(both) == {"dimension-lowered": "not-applicable", aside.kind: "met"}
    made = evaluation([HELD], [HELD], changes)
    assert report(made, people(yes)).verdict == "block"
    assert report(made, people(yes, claim(LEAD, "weakening", digest(changes, "weakening")))).verdict != "block"


@pytest.mark.parametrize("cause", OF_A_LAW_CLASS, ids=lambda item: item.kind)
def test_d16_one_approval_of_a_dropped_law_class_covers_what_causes_it(cause: Change) -> None:
    dropped = CAUSES[-1]
    assert states(decided([dropped, cause]))[cause.kind] == "not-applicable"
    assert states(decided([cause]))[cause.kind] == "gap", "the control: nothing drops"


@pytest.mark.parametrize("aside", [CAUSES[0], CAUSES[1], *ASIDE], ids=lambda item: item.kind)
def test_d16_one_approval_of_a_dropped_law_class_covers_nothing_beside_it(aside: Change) -> None:
    assert states(decided([CAUSES[-1], aside]))[aside.kind] == "gap"


@pytest.mark.parametrize("cause", [*CAUSES[:5], *ASIDE], ids=lambda item: item.kind)
def test_d16_without_a_lower_tier_every_weakening_asks_for_itself(cause: Change) -> None:
    assert states(decided([cause]))[cause.kind] == "gap"
    assert states(decided([cause, change("use-case-changed", "description", "a", "b")]))[cause.kind] == "gap"


@pytest.mark.parametrize("for_", ["tier-lowering", "use-case-change"])
def test_d16_an_approval_is_for_all_weakenings_of_the_system(for_: str) -> None:
    asked = LOWERED if for_ == "tier-lowering" else change("use-case-changed", "description", "hiring", "firing")
    alone, beside = [asked], [asked, ASIDE[0]]
    yes = claim(LEAD, for_, digest(alone, for_))
    assert one(decided(alone, yes), for_).outcome.state == "met"
    assert digest(alone, for_) != digest(beside, for_)
    late = one(decided(beside, yes), for_)
    assert late.outcome.state == "gap", "what was added beside it was never agreed to"
    assert [note.counts for note in late.claims] == [False]
    assert one(decided(beside, claim(LEAD, for_, digest(beside, for_))), for_).outcome.state == "met"


def test_d16_every_subject_that_is_asked_for_is_what_an_approval_of_it_is_for() -> None:
    policies = change("policy-changed", "policies/a.yaml", "1", "2", system=None)
    context, _ = settled(blamed(evaluation([HELD], [HELD], [LOWERED, ASIDE[0], policies]), options()), EMPTY, people())
    asked = {(item.system, item.for_): item.digest for item in context.weighed if item.for_ is not None}
    assert set(asked) == {("CASE", "tier-lowering"), ("CASE", "weakening"), (None, "policy-change")}
    assert {key: subject.digest for key, subject in subjects_of(context).items()} == asked


def test_d16_a_weakening_of_another_system_moves_nothing() -> None:
    elsewhere = change("path-narrowed", "paths", system="OTHER")
    assert digest([LOWERED], "tier-lowering") == digest([LOWERED, elsewhere], "tier-lowering")


def test_d16_what_strengthens_moves_nothing() -> None:
    stricter = change("path-widened", "paths", ["case/**"], ["case/**", "more/**"])
    assert digest([LOWERED], "tier-lowering") == digest([LOWERED, stricter], "tier-lowering")


@pytest.mark.parametrize("part", ["before", "after", "field"])
def test_d16_the_values_of_both_sides_are_in_what_is_approved(part: str) -> None:
    values = {"field": "paths", "before": "a", "after": "b", part: "other"}
    assert digest([change("path-narrowed", "paths", "a", "b")], "weakening") != digest(
        [change("path-narrowed", **values)], "weakening"
    )


def test_d16_a_gates_digest_is_not_about_changes() -> None:
    gate = "pre-deployment-security-review"
    before = facts(stage="development")

    def of(*changes: Change) -> str | None:
        found = weighed(evaluation([before], [HELD], [change("stage-advanced", "stage"), *changes]))
        return next(item.digest for item in found if item.for_ == gate)

    assert of() == of(change("path-widened", "paths")) == of(change("path-narrowed", "paths"))
    assert of() is not None


def test_d16_a_rule_with_a_name_of_its_own_is_approved_by_it() -> None:
    changes = [change("use-case-changed", "description", "a", "b")]
    made = evaluation([HELD], [HELD], changes, rules_with("use-case-change", approve_for="another-name"))
    assert one(weighed(made), "use-case-change").for_ == "another-name"
    assert one(decided(changes), "use-case-change").for_ == "use-case-change"


def test_d16_changes_of_the_repository_are_approved_without_a_system_and_by_path() -> None:
    def repository(*changes: Change) -> tuple[WeighedOutcome, ...]:
        return weighed(evaluation([HELD], [HELD], changes))

    policies = change("policy-changed", "policies/org.yaml", "1" * 40, "2" * 40, system=None)
    found = one(repository(policies, LOWERED), "policy-change")
    assert (found.system_change, found.for_) == (None, "policy-change")
    assert found.digest == one(repository(policies), "policy-change").digest, "a system's weakening is not of it"
    again = change("policy-changed", "policies/org.yaml", "1" * 40, "3" * 40, system=None)
    assert one(repository(again), "policy-change").digest != found.digest
    enforcement = change("enforcement-changed", ".github/workflows/gate.yml", "1" * 40, "2" * 40, system=None)
    both = repository(policies, enforcement)
    assert one(both, "policy-change").digest == found.digest, "two kinds are two subjects"
    assert one(both, "enforcement-change").digest != found.digest
