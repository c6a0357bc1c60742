"""Work of this change: what base or its history held is none; beside it reviews that recur, and headings."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from decision_world import RULES, TODAY, day, facts, only, outcomes, rules_with, with_artifact, with_entry, with_test
from msgspec.structs import replace

from policy_gate.evaluate.headings import WantedSections
from policy_gate.evaluate.reviews import completed_on, not_held, oldest_completed, review_due
from policy_gate.schema.dates import Period
from policy_gate.schema.documents import NotApplicable
from policy_gate.schema.facts import Facts, Section
from policy_gate.schema.finding import Outcome
from policy_gate.schema.rule import Requirement, Rule
from policy_gate.schema.rule_set import WantedSection
from policy_gate.schema.test_runs import CaseOfRun

RETEST, SUITE = "data-re-evaluation", "bias-benchmark-suite"
RECLASSIFY, PAPER = "oversight-reclassification", "risk-tier-classification"
NOW = facts()


def ran(found: Facts, **earlier: Any) -> Outcome:
    was = replace(NOW, **{"tests": {}, **earlier})
    return only(outcomes(found, rules=rules_with(RETEST, for_each="system", when=None), earlier=was), RETEST)


def written(found: Facts, **earlier: Any) -> Outcome:
    was = replace(NOW, **{"artifacts": {}, **earlier})
    return only(outcomes(found, rules=rules_with(RECLASSIFY, for_each="system", when=None), earlier=was), RECLASSIFY)


ONE_RUN, ANOTHER_RUN = ((CaseOfRun("all groups", "passed", length, ""),) for length in ("12.3456", "11.8712"))
OLD_RUN = replace(NOW.tests[SUITE], oid="2" * 40, completed=day(-9), cases=ONE_RUN)
NEW_RUN = with_test(NOW, SUITE, oid="3" * 40, completed=TODAY, cases=ANOTHER_RUN)


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "met"),
        ({"oid": OLD_RUN.oid}, "gap"),
        ({"cases": ONE_RUN}, "gap"),
        ({"completed": day(-9)}, "gap"),
        ({"completed": day(-10)}, "gap"),
        ({"completed": day(-8)}, "met"),
        ({"cases": ()}, "met"),
    ],
)
def test_a_run_that_base_or_its_history_held_is_no_run_of_this_change(fields: dict[str, Any], state: str) -> None:
    found = with_test(NEW_RUN, SUITE, **fields)
    for was in ({"tests": {SUITE: OLD_RUN}}, {"earlier_tests": {SUITE: (OLD_RUN,)}}):
        outcome = ran(found, **was)
        assert (outcome.state, outcome.cause) == (state, "not-run" if state == "gap" else None)
    bare = replace(OLD_RUN, cases=(), completed=None)
    assert ran(with_test(NEW_RUN, SUITE, cases=()), tests={SUITE: bare}).state == "met", "nothing is no likeness"


@pytest.mark.parametrize(
    ("ends", "provenance", "known", "state"),
    [
        (True, "committed", (), "unknown"),
        (True, "committed", (replace(OLD_RUN, cause="not-run"),), "unknown"),
        (True, "committed", (OLD_RUN,), "met"),
        (True, "committed", (replace(OLD_RUN, cause="not-run"), OLD_RUN), "met"),
        (True, "job", (), "met"),
        (False, "committed", (), "met"),
    ],
)
def test_where_history_is_cut_off_a_committed_run_cannot_be_told_from_an_old_one(
    ends: bool, provenance: str, known: tuple[Any, ...], state: str
) -> None:
    found = with_test(NEW_RUN, SUITE, provenance=provenance)
    outcome = ran(found, earlier_tests={SUITE: known}, history_ends=ends)
    assert (outcome.state, outcome.cause) == (state, "unknown" if state == "unknown" else None)
    assert outcome.location == found.tests[SUITE].declared_at


@pytest.mark.parametrize(
    ("is_long", "moments", "state"),
    [(True, ("", ""), "unknown"), (False, ("", ""), "met"), (True, ("2026-01-01 1", "2026-02-01 1"), "met")],
)
def test_where_history_is_too_long_a_run_without_times_of_its_own_cannot_be_told_from_an_old_one(
    is_long: bool, moments: tuple[str, str], state: str
) -> None:
    before, after = ((CaseOfRun("a", "passed", f"0.{at}", moment),) for at, moment in enumerate(moments, 1))
    found = with_test(NEW_RUN, SUITE, cases=after)
    known = {SUITE: (replace(OLD_RUN, cases=before),)}
    outcome = ran(found, earlier_tests=known, history_is_long=frozenset({SUITE} if is_long else {"other"}))
    assert (outcome.state, outcome.cause) == (state, "unknown" if state == "unknown" else None)
    assert outcome.location == found.tests[SUITE].declared_at


OLD_PAPER = replace(NOW.artifacts[PAPER], substance="old words", completed=day(-9))
NEW_PAPER = with_artifact(NOW, PAPER, substance="new words", completed=TODAY)


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "met"),
        ({"substance": "old words"}, "gap"),
        ({"completed": day(-9)}, "gap"),
        ({"completed": day(-8)}, "met"),
    ],
)
def test_a_paper_that_base_or_its_history_held_is_no_work_of_this_change(fields: dict[str, Any], state: str) -> None:
    found = with_artifact(NEW_PAPER, PAPER, **fields)
    for was in ({"artifacts": {PAPER: OLD_PAPER}}, {"earlier_artifacts": {PAPER: (OLD_PAPER,)}}):
        outcome = written(found, **was)
        assert (outcome.state, outcome.cause) == (state, "stale" if state == "gap" else None)


@pytest.mark.parametrize(("id_", "state"), [(PAPER, "unknown"), ("other", "met")])
def test_where_history_is_too_long_a_paper_cannot_be_told_from_an_old_one(id_: str, state: str) -> None:
    outcome = written(NEW_PAPER, history_is_long=frozenset({id_}))
    assert (outcome.state, outcome.cause) == (state, "unknown" if state == "unknown" else None)


@pytest.mark.parametrize(
    ("ends", "known", "state"),
    [
        (True, (), "unknown"),
        (True, (replace(OLD_PAPER, cause="empty"),), "unknown"),
        (True, (OLD_PAPER,), "met"),
        (False, (), "met"),
    ],
)
def test_where_history_is_cut_off_a_paper_cannot_be_told_from_an_old_one(
    ends: bool, known: tuple[Any, ...], state: str
) -> None:
    outcome = written(NEW_PAPER, earlier_artifacts={PAPER: known}, history_ends=ends)
    assert (outcome.state, outcome.cause) == (state, "unknown" if state == "unknown" else None)


# Reviews that recur

YEARLY = next(rule for rule in RULES.rules if rule.id == "annual-production-review")
REPORT = "annual-performance-report"
LIVE = facts(stage="production")
YEAR = Period.parse("P1Y")


@pytest.mark.parametrize(
    ("completed", "since", "cause"),
    [
        (day(-1), None, None),
        (date(TODAY.year - 1, TODAY.month, TODAY.day), None, None),
        (date(TODAY.year - 1, TODAY.month, TODAY.day - 1), None, "stale"),
        (None, None, "undated"),
        (day(-5), day(-5), None),
        (day(-6), day(-5), "stale"),
        (None, day(-5), "undated"),
    ],
)
def test_d52_a_review_is_held_by_a_paper_of_its_period_and_stage(
    completed: date | None, since: date | None, cause: str | None
) -> None:
    live = with_entry(with_artifact(LIVE, REPORT, completed=completed), stage_since=since)
    fault = not_held(YEARLY, completed, live, TODAY)
    assert (fault.cause if fault else None) == cause
    found = only(outcomes(live), YEARLY.id, REPORT)
    if cause == "stale" and since is None:
        assert found.state == "gap"
    retired = replace(live, stage="deprecated")
    of_old = not_held(YEARLY, completed, retired, TODAY)
    assert (of_old.cause if of_old else None) == (None if since is not None and completed else cause)


def test_d52_where_nothing_recurs_for_the_tier_any_date_will_do() -> None:
    assert not_held(replace(YEARLY, recurring=None), None, LIVE, TODAY) is None
    assert not_held(replace(YEARLY, recurring={"critical": YEAR}), None, LIVE, TODAY) is None
    assert not_held(replace(YEARLY, recurring={"high": YEAR}), None, LIVE, TODAY) is not None


def test_d52_a_paper_without_a_date_of_its_own_limit_is_still_no_held_review() -> None:
    spec = replace(RULES.artifacts[REPORT], max_age=None)
    law = replace(RULES, artifacts={**RULES.artifacts, REPORT: spec})
    undated = only(outcomes(with_artifact(LIVE, REPORT, completed=None), rules=law), YEARLY.id, REPORT)
    assert undated.state in ("gap", "upcoming")
    assert undated.cause == "undated"
    assert only(outcomes(with_artifact(LIVE, REPORT, completed=TODAY), rules=law), YEARLY.id, REPORT).state == "met"
    old = only(outcomes(with_artifact(LIVE, REPORT, completed=day(-800)), rules=law), YEARLY.id, REPORT)
    assert (old.state, old.cause) == ("gap", "stale")


def oldest_of(found: Facts) -> date | None:
    return oldest_completed(YEARLY.requirements, found, RULES, found.values, TODAY)


def test_d06_a_review_counts_from_its_oldest_paper_else_from_the_stage_else_from_adoption() -> None:
    def at(**fields: Any) -> Facts:
        return with_entry(LIVE, **fields)

    papers = [it.subject for it in YEARLY.requirements if it.kind == "artifact"]
    dated = LIVE
    for number, paper in enumerate(papers):
        dated = with_artifact(dated, paper, completed=day(-10 - number))
    oldest = day(-10 - len(papers) + 1)
    assert oldest_of(dated) == oldest
    assert review_due(YEARLY, dated, TODAY, oldest) == YEAR.after(oldest)
    lacking = with_artifact(dated, papers[0], completed=None)
    assert oldest_of(lacking) is None
    for held, anchor in (({"stage_since": day(-3), "enrolled": day(-4)}, -3), ({"enrolled": day(-4)}, -4)):
        assert review_due(YEARLY, with_entry(lacking, **held), TODAY, None) == YEAR.after(day(anchor))
    to_come = with_artifact(dated, papers[0], completed=day(40))
    assert oldest_of(to_come) is None, "a day to come is no date"
    assert completed_on(papers[0], at(stage_since=day(-10)), RULES, TODAY) != day(-11)
    first = with_artifact(at(stage_since=day(-10)), papers[0], completed=day(-10))
    assert completed_on(papers[0], first, RULES, TODAY) == day(-10), "the first day of the stage counts"
    early = with_artifact(first, papers[0], completed=day(-11))
    assert completed_on(papers[0], early, RULES, TODAY) is None


def test_d06_only_what_is_said_not_to_apply_and_may_be_dates_nothing() -> None:
    dated = with_artifact(LIVE, REPORT, completed=day(-10))
    free, strict = (Requirement("artifact", REPORT, may_be_not_applicable=may_be) for may_be in (True, False))
    claiming = with_entry(dated, not_applicable=[NotApplicable(id=REPORT, reason="Nothing is measured here.")])

    def oldest(requirement: Requirement, found: Facts) -> date | None:
        return oldest_completed((requirement,), found, RULES, found.values, TODAY)

    assert oldest(free, dated) == oldest(strict, dated) == oldest(strict, claiming) == day(-10)
    assert oldest(free, claiming) is None


def test_d06_a_review_without_anything_to_count_from_is_due_at_once_but_not_on_the_first_day() -> None:
    def due(rule: Rule, found: Facts) -> date:
        return review_due(rule, found, TODAY, None)

    bare = replace(LIVE, artifacts={})
    assert due(YEARLY, replace(bare, from_stage="production")) == TODAY
    assert due(YEARLY, replace(bare, from_stage="pre_deployment")) == YEAR.after(TODAY)
    assert due(replace(YEARLY, recurring=None), with_entry(bare, stage_since=day(-3))) == TODAY
    other = replace(YEARLY, recurring={"critical": YEAR})
    assert due(other, with_entry(bare, stage_since=day(-3))) == TODAY
    assert due(YEARLY, with_entry(bare, stage_since=day(-3))) == YEAR.after(day(-3))


# Headings


def section(title: str, words: int, level: int, own: int | None = None) -> Section:
    return Section(title, 1, words, level=level, own=own)


def test_d54_a_section_is_less_those_below_it_that_stand_for_others() -> None:
    wanted = [WantedSection(title="Scope"), WantedSection(title="Findings")]

    def words(*sections: Section) -> list[int]:
        return [found.words for found in WantedSections(wanted).find(sections, {})]

    above, plain, other = section("Scope", 100, 2, 10), section("Method", 30, 3, 30), section("Findings", 60, 3, 20)
    within = section("Detail", 40, 4, 40)
    assert words(above, plain, other, within) == [40, 60]
    assert words(above, other, within, plain) == [40, 60]
    assert words(above, plain, within) == [80, 0]
    assert words(above, other, within, section("More", 5, 2, 5)) == [10, 60], "what follows is not below it"
    assert words(section("Scope", 100, 1, 10), section("Part", 50, 2, 50), other) == [60, 20]
    assert words(section("Scope", 100, 2), other) == [100, 20], "nothing is known of what is below"


def test_a_section_that_lacks_is_told_with_the_names_that_are_accepted_and_the_headings_seen() -> None:
    gate, paper = "pre-deployment-security-review", "red-team-report"
    spec = RULES.artifacts[paper]
    wanted = replace(spec.sections[0], title="Scope of it", aliases=("Extent", "Reach"))
    law = replace(RULES, artifacts={**RULES.artifacts, paper: replace(spec, sections=(wanted, *spec.sections[1:]))})
    rest = tuple(it for it in NOW.artifacts[paper].sections if it.title != spec.sections[0].title)

    def said(*sections: Section) -> str:
        found = only(outcomes(with_artifact(NOW, paper, sections=sections), rules=law), gate, paper)
        return found.details[0]

    assert ' ("Extent" or "Reach" is accepted, too) of at least ' in said(*rest)
    assert f'headings seen: "{rest[0].title}"' in said(*rest)
    assert said().endswith("headings seen: none")
    poor = said(replace(rest[0], title="Extent", words=1, line=9), *rest)
    assert poor.endswith(f':9 "Extent": 1 words, at least {wanted.min_words} are wanted')
    blank = said(replace(rest[0], title="Extent", words=1, line=9, placeholder="TODO"), *rest)
    assert blank.endswith(':9 "Extent": TODO')


@pytest.mark.parametrize(("words", "is_found"), [(13, True), (14, False)])
def test_a_name_is_looked_for_in_headings_that_are_no_sentence(words: int, is_found: bool) -> None:
    heading = " ".join(["Scope", *(f"word{number}" for number in range(words))])
    (found,) = WantedSections([WantedSection(title="Scope")]).find([section(heading, 50, 2)], {})
    assert (found.words == 50) is is_found


def test_a_name_of_signs_alone_is_that_of_no_other_heading() -> None:
    wanted = [WantedSection(title="Scope")]
    assert [it.words for it in WantedSections(wanted).find([section("Method", 50, 2)], {"Scope": "!!!"})] == [0]
    assert [it.words for it in WantedSections(wanted).find([section("!!!", 50, 2)], {"Scope": "!!!"})] == [50]
