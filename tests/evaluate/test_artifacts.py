"""What a document must come to: status, words, sections, age, and whose it is. Each edge from both sides."""

from __future__ import annotations

from datetime import date

import pytest
from decision_world import RULES, TODAY, day, facts, only, outcomes, rules_with, with_artifact, with_entry
from msgspec.structs import replace

from policy_gate.evaluate.headings import WantedSections
from policy_gate.schema.dates import Period
from policy_gate.schema.facts import Facts, Section
from policy_gate.schema.finding import Outcome
from policy_gate.schema.rule_set import WantedSection
from policy_gate.schema.source import Location

GATE = "pre-deployment-security-review"
FINAL = "privacy-impact-assessment"
REPORT = "red-team-report"


def of(found: Facts, artifact: str = REPORT, rule: str = GATE) -> Outcome:
    return only(outcomes(found), rule, artifact)


@pytest.mark.parametrize(
    ("status", "state", "seen"),
    [
        ("final", "met", "5000 words"),
        ("draft", "gap", "its status is draft"),
        (None, "gap", "its status is not stated"),
    ],
)
def test_only_a_stated_final_is_final(status: str | None, state: str, seen: str) -> None:
    found = of(with_artifact(facts(), FINAL, status=status), FINAL)
    assert (found.state, found.seen) == (state, seen)
    assert found.cause == (None if state == "met" else "draft")


@pytest.mark.parametrize("status", ["final", "draft", None])
def test_where_no_final_is_asked_any_status_will_do(status: str | None) -> None:
    assert of(with_artifact(facts(), REPORT, status=status)).state == "met"
    early = with_artifact(facts(stage="development"), FINAL, status=status)
    assert of(early, FINAL, "development-authorization").state == "met"


def test_the_least_number_of_words_of_the_catalogue_counts() -> None:
    least = RULES.artifacts[REPORT].min_words
    assert least > 1
    assert of(with_artifact(facts(), REPORT, words=least)).state == "met"
    fifth = least // 5
    near = of(with_artifact(facts(), REPORT, words=least - fifth + 1))
    assert (near.state, near.details) == ("met", (f"note: {least - fifth + 1} of {least} words",))
    short = of(with_artifact(facts(), REPORT, words=least - fifth))
    assert (short.state, short.cause) == ("gap", "thin")
    assert (short.seen, short.wanted) == (f"{least - fifth} words of its own", f"at least {least}")


def test_each_section_has_a_least_number_of_words_of_its_own() -> None:
    spec = RULES.artifacts[REPORT].sections[1]
    whole = facts().artifacts[REPORT].sections

    def with_words(words: int) -> Outcome:
        sections = tuple(replace(s, words=words, line=77) if s.title == spec.title else s for s in whole)
        return of(with_artifact(facts(), REPORT, sections=sections))

    assert with_words(spec.min_words).state == "met"
    near = with_words(spec.min_words - 1)
    said = f'note: "{spec.title}" has {spec.min_words - 1} of {spec.min_words} words'
    assert (near.state, near.details) == ("met", (said,))
    poor = with_words(spec.min_words - 2)
    assert (poor.state, poor.cause, poor.wanted) == ("gap", "thin", f'"{spec.title}"')
    assert poor.seen == f"{len(whole) - 1} of {len(whole)} sections have text"
    assert poor.location is not None
    assert poor.location.line == 77


def test_the_fullest_section_of_a_title_counts_whatever_its_case_and_numbering() -> None:
    whole = facts().artifacts[REPORT].sections
    thin = tuple(replace(section, words=0) for section in whole)
    renamed = tuple(Section(f"{n}. **{s.title.upper()}**", 90 + n, 200) for n, s in enumerate(whole))
    assert of(with_artifact(facts(), REPORT, sections=(*thin, *renamed))).state == "met"
    assert of(with_artifact(facts(), REPORT, sections=(*renamed, *thin))).state == "met"
    assert of(with_artifact(facts(), REPORT, sections=thin)).state == "gap"


@pytest.mark.parametrize(
    ("completed", "cause"),
    [
        (day(0), None),
        (day(1), None),
        (day(2), "refused"),
        (date(TODAY.year - 1, TODAY.month, TODAY.day), None),
        (date(TODAY.year - 1, TODAY.month, TODAY.day - 1), "stale"),
        (None, "undated"),
    ],
)
def test_d09_a_document_is_in_date_until_its_age_is_past(completed: date | None, cause: str | None) -> None:
    found = of(with_artifact(facts(), REPORT, completed=completed))
    assert (found.state, found.cause) == ("gap" if cause else "met", cause)


@pytest.mark.parametrize(("completed", "state"), [(day(-7000), "met"), (None, "met"), (day(1), "met"), (day(2), "gap")])
def test_d09_without_an_age_limit_only_the_future_is_refused(completed: date | None, state: str) -> None:
    assert RULES.artifacts["incident-response-plan"].max_age is None
    found = of(with_artifact(facts(), "incident-response-plan", completed=completed), "incident-response-plan")
    assert found.state == state


def test_what_a_requirement_says_of_age_goes_before_the_catalogue() -> None:
    (gate,) = [rule for rule in RULES.rules if rule.id == GATE]
    wanted = tuple(
        replace(want, max_age={"high": Period.parse("P7D")}) if want.subject == REPORT else want
        for want in gate.requirements
    )
    short = rules_with(GATE, requirements=wanted)
    exact = with_artifact(facts(), REPORT, completed=day(-7))
    past = with_artifact(facts(), REPORT, completed=day(-8))
    assert only(outcomes(exact, rules=short), GATE, REPORT).state == "met"
    assert only(outcomes(past, rules=short), GATE, REPORT).cause == "stale"
    assert of(past).state == "met"


def test_any_document_that_counts_as_another_is_enough_and_the_best_is_told() -> None:
    def checklist(**artifacts: str) -> Outcome:
        named = {name.replace("_", "-"): outcome for name, outcome in artifacts.items()}
        return of(facts("medium", artifacts=named), "security-checklist", "security-checklist")

    assert checklist(security_checklist="absent").state == "met"
    assert checklist(security_assessment_report="absent").state == "met"
    assert checklist(security_checklist="absent", security_assessment_report="stale").state == "met"
    both = checklist(security_checklist="absent", security_assessment_report="thin")
    assert (both.state, both.cause) == ("gap", "thin")


def test_a_document_about_other_systems_is_not_about_this_one() -> None:
    assert of(with_artifact(facts(), REPORT, names_systems=("OTHER", "CASE"))).state == "met"
    other = of(with_artifact(facts(), REPORT, names_systems=("OTHER",)))
    assert (other.state, other.cause, other.seen) == ("gap", "refused", "it is about OTHER")


def test_d19_evidence_held_elsewhere_is_a_gap_until_somebody_vouches_for_it() -> None:
    elsewhere = with_artifact(facts(), REPORT, attested="a" * 64, path=None, oid=None, sections=(), words=0)
    found = of(elsewhere)
    assert (found.state, found.cause, found.needs_attestation) == ("gap", "not-approved", "a" * 64)
    assert found.location == elsewhere.artifacts[REPORT].declared_at
    draft = with_artifact(facts(artifacts={FINAL: "not-approved"}), FINAL, status="draft")
    assert of(draft, FINAL).cause == "draft", "its status and age are looked at first"


def test_d19_what_must_be_read_here_cannot_be_held_elsewhere() -> None:
    spec = replace(RULES.artifacts[REPORT], may_be_attested=False)
    strict = replace(RULES, artifacts={**RULES.artifacts, REPORT: spec})
    found = only(outcomes(facts(artifacts={REPORT: "not-approved"}), rules=strict), GATE, REPORT)
    assert (found.cause, found.needs_attestation) == ("refused", None)


def test_a_document_that_the_change_must_have_worked_on_is_another_than_bases() -> None:
    rule, artifact = "oversight-reclassification", "risk-tier-classification"
    (spec,) = [item for item in RULES.rules if item.id == rule]
    rules = rules_with(rule, for_each="system", when=None)
    assert spec.requirements[0].updated_in_change
    now = facts()
    assert only(outcomes(now, rules=rules), rule).state == "met", "base has none"
    assert only(outcomes(now, rules=rules, earlier=now), rule).cause == "stale"
    rewritten = with_artifact(now, artifact, substance="other words", completed=TODAY)
    assert only(outcomes(rewritten, rules=rules, earlier=now), rule).state == "met"
    of_old = with_artifact(now, artifact, substance="other words")
    assert only(outcomes(of_old, rules=rules, earlier=now), rule).cause == "stale", "no later than base's"
    touched = with_artifact(now, artifact, oid="9" * 40)
    assert only(outcomes(touched, rules=rules, earlier=now), rule).cause == "stale", "blanks are no work"
    assert of(facts(), REPORT).state == only(outcomes(now, earlier=now), GATE, REPORT).state == "met"


@pytest.mark.parametrize(("completed", "state"), [(day(-1), "gap"), (day(0), "met"), (day(1), "met"), (None, "gap")])
def test_d43_the_look_at_a_raised_system_is_none_from_before_it_was_raised(completed: date | None, state: str) -> None:
    artifact = "risk-tier-classification"
    raised = with_artifact(facts(entry={"reclassified": TODAY.isoformat()}), artifact, completed=completed)
    assert of(raised, artifact, "reclassification-review").state == state
    assert of(raised, artifact, "development-authorization").state == "met"


def test_d43_without_a_raise_nobody_looks_again() -> None:
    assert not [item for item in outcomes(facts()) if item.rule.id == "reclassification-review"]
    assert [item for item in outcomes(with_entry(facts(), reclassified=TODAY)) if item.rule.id.startswith("reclassif")]


@pytest.mark.parametrize("cause", ["absent", "refused", "empty", "template"])
def test_what_is_no_document_is_told_with_its_cause_at_its_place(cause: str) -> None:
    whole = facts().artifacts[REPORT]
    found = of(with_artifact(facts(), REPORT, cause=cause, detail="it says nothing", placeholder_line=7))
    assert (found.state, found.cause, found.seen) == ("gap", cause, "it says nothing")
    in_it = Location(whole.path or "", 7, 1)
    assert found.location == (whole.declared_at if cause in ("absent", "refused") else in_it)
    at = Location("r.yaml", 3, 2)
    assert of(with_artifact(facts(), REPORT, cause=cause, flaw_at=at)).location == at
    for fields in ({"path": None}, {"oid": None}):
        assert of(with_artifact(facts(), REPORT, cause=cause, **fields)).location == whole.declared_at
    plain = of(with_artifact(facts(), REPORT, cause="empty"))
    assert plain.location == Location(whole.path or "", 1, 1)


def test_a_paper_about_other_systems_is_none_of_this_one() -> None:
    other = of(with_artifact(facts(), REPORT, names_systems=("OTHER", "ANOTHER")))
    assert (other.state, other.cause) == ("gap", "refused")
    assert (other.seen, other.wanted) == ("it is about OTHER, ANOTHER", "CASE")
    assert of(with_artifact(facts(), REPORT, names_systems=("OTHER", "CASE"))).state == "met"


def test_only_what_the_catalogue_allows_may_be_held_elsewhere() -> None:
    held = with_artifact(facts(), REPORT, attested="a" * 64)
    found = of(held)
    assert (found.state, found.cause, found.needs_attestation) == ("gap", "not-approved", "a" * 64)
    spec = replace(RULES.artifacts[REPORT], may_be_attested=False)
    strict = replace(RULES, artifacts={**RULES.artifacts, REPORT: spec})
    refused = only(outcomes(held, rules=strict), GATE, REPORT)
    assert (refused.state, refused.cause, refused.needs_attestation) == ("gap", "refused", None)


def test_words_below_a_heading_that_stands_for_another_are_not_counted_twice() -> None:
    wanted = WantedSections([WantedSection(title="Scope"), WantedSection(title="Findings")])
    sections = [
        Section("Scope", 1, 31, level=1, own=10),
        Section("Findings", 3, 21, level=2, own=20),
        Section("Details of them", 5, 1, level=3, own=1),
        Section("An empty one", 7, 0, level=2, own=0),
    ]
    scope, findings = wanted.find(sections, {})
    assert (scope.title, scope.words) == ("Scope", 10)
    assert (findings.title, findings.words) == ("Findings", 21)
