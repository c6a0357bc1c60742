"""The shipped law packs: every row whole, the lesson's requirements found again, and no fact's absence read as a no.

The lesson's requirements and evidence are those of its tables EU_AI_ACT_REQUIREMENTS and NIST_AI_RMF_REQUIREMENTS, in
its own words. Where it puts evidence under an article that does not ask for it, the row is the one that does.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from typing import Any

import pytest
from law_world import LENDER, SCREENER, content, facts_with, results, rules

from policy_gate.evaluate.law import read_law
from policy_gate.schema.rule_set import FactDefinition

ROWS = {row.id: row for row in content().rows}
EU, NIST = "eu-ai-act/art-", "nist-ai-rmf/"
LESSON: dict[str, tuple[str, dict[str, tuple[str, str]]]] = {
    "Article 9": (EU + "9", {
        "Risk management procedure document": (EU + "9", "risk-management-plan"),
        "Risk assessment record per system": (EU + "9", "risk-assessment-record"),
        "Residual risk acceptance with sign-off": (EU + "9", "residual-risk-acceptance"),
        "Annual risk review records": (NIST + "measure-3-1", "risk-assessment-record"),
    }),
    "Article 10": (EU + "10", {
        "Training data description": (EU + "10", "dataset-datasheet"),
        "Bias testing results disaggregated by demographic": (EU + "10", "bias-evaluation-report"),
        "Data provenance records": (EU + "10", "data-provenance-record"),
        "Data governance policy": (EU + "10", "data-governance-record"),
    }),
    "Article 11": (EU + "11", {
        "Model card or system card": (NIST + "map-2-1", "model-card"),
        "Architecture documentation": (EU + "11", "system-architecture-description"),
        "Performance benchmark results": (EU + "11", "evaluation-report"),
        "Known limitations and failure modes": (EU + "11", "technical-documentation"),
    }),
    "Article 13": (EU + "13", {
        "User-facing AI disclosure": (EU + "50-1", "ai-interaction-disclosure"),
        "Explanation mechanism documentation": (EU + "86", "explanation-procedure"),
        "User rights documentation": (EU + "26-11", "affected-person-notice"),
    }),
    "Article 14": (EU + "14", {
        "Human oversight procedure": (EU + "14", "human-oversight-procedure"),
        "Override mechanism documentation": (EU + "14", "kill-switch-procedure"),
        "Operator training records": (EU + "26-1", "training-record"),
    }),
    "Article 72": (EU + "72", {
        "Monitoring system documentation": (EU + "72", "post-market-monitoring-plan"),
        "Performance reports": (EU + "72", "monitoring-report"),
        "Incident log": (EU + "73", "incident-log"),
        "Serious incident reports filed with authority": (EU + "73", "serious-incident-procedure"),
    }),
    "GOVERN 1.1": (NIST + "govern-1-1", {
        "AI governance policy": (NIST + "govern-1-2", "ai-governance-policy"),
        "Role assignment": (NIST + "govern-2-1", "roles-and-responsibilities"),
        "Process documentation": (NIST + "govern-1-4", "risk-management-plan"),
    }),
    "MAP 1.1": (NIST + "map-1-1", {
        "System card": (NIST + "map-2-1", "model-card"),
        "Use case documentation": (NIST + "map-1-1", "intended-purpose-statement"),
        "Stakeholder analysis": (NIST + "map-5-1", "stakeholder-impact-assessment"),
    }),
    "MEASURE 2.5": (NIST + "measure-2-5", {
        "Test results": (NIST + "measure-2-5", "evaluation-report"),
        "Red team report": (NIST + "measure-2-7", "red-team-report"),
        "Adversarial robustness results": (EU + "15", "robustness-test-report"),
    }),
}  # fmt: skip


@pytest.mark.parametrize("article", LESSON)
def test_a_requirement_of_the_lesson_is_a_row_and_its_evidence_is_wanted(article: str) -> None:
    row, evidence = LESSON[article]
    assert ROWS[row].requirement
    for said, (where, artifact) in evidence.items():
        wanted = [name for requirement in ROWS[where].evidence for name in requirement.subjects]
        assert artifact in wanted, said
        assert artifact in rules().artifacts


def test_every_row_is_there_and_says_where_it_is_from() -> None:
    assert len(ROWS) == 218
    assert Counter(row.binding for row in ROWS.values()) == {"law": 106, "voluntary": 107, "guidance": 5}
    packs = Counter(row.pack for row in ROWS.values())
    assert (packs["eu-ai-act"], packs["gdpr"], packs["nist-ai-rmf"], packs["iso-42001"]) == (59, 18, 55, 39)
    for row in ROWS.values():
        assert row.citation, row.id
        assert row.mark.startswith(("verified", "memory", "ids verified")), row.id
        assert row.checked_on == date(2026, 11, 22)
        assert row.evidence or row.status == "superseded", row.id
        assert row.sources or "memory" in row.mark, row.id


def test_nothing_that_is_not_settled_law_blocks() -> None:
    from policy_gate.evaluate.law_rules import enforcement_of

    blocking = {row.id for row in ROWS.values() if enforcement_of(row, rules()) == "block"}
    assert all(ROWS[id_].binding == "law" and ROWS[id_].status == "in-force" for id_ in blocking)
    assert not {"eu-ai-act/art-49-2", "us-fed-ugesp/1607-4-d", "us-fed-fda/ai-dsf-draft"} & blocking


def test_every_fact_that_a_row_reads_is_one_that_a_manifest_may_state() -> None:
    law = rules().law
    assert law is not None
    worked_out = {"tier", "regulations", "declared"}
    assert law.facts - worked_out <= set(rules().facts)


def _random_value(spec: FactDefinition, dice: random.Random) -> Any:
    if spec.type == "BOOL":
        return dice.random() < 0.7
    if spec.type == "LIST<STRING>":
        values = spec.values or ("CA", "CO", "IL", "TX", "A.2.2", "a-vendor")
        return sorted(dice.sample(values, dice.randint(0, min(3, len(values)))))
    if spec.type == "STRING":
        return dice.choice(spec.values or ("2024-06-01", "2026-09-15", "2028-01-01", "none"))
    return dice.choice((10, 250, 1000)) if spec.type == "INT" else dice.choice((1e6, 6e7, 4e10, 5e23, 3e25))


def _systems() -> list[dict[str, Any]]:
    dice = random.Random(13)  # noqa: S311 - the same systems in every run
    law = rules().law
    assert law is not None
    read = sorted(law.facts & set(rules().facts))
    made: list[dict[str, Any]] = [SCREENER, LENDER]
    for _ in range(25):
        names = dice.sample(read, dice.randint(15, len(read)))
        made.append({name: _random_value(rules().facts[name], dice) for name in names})
    return made


@pytest.mark.parametrize("today", [date(2026, 11, 22), date(2029, 1, 1)])
def test_deleting_a_fact_never_turns_what_applies_into_what_does_not(today: date) -> None:
    for facts in _systems():
        whole = results(facts, today)
        for name in facts:
            less = results({other: value for other, value in facts.items() if other != name}, today)
            lost = [id_ for id_, it in whole.items() if it.counts and less[id_].state == "not-applicable"]
            assert not lost, (name, facts[name], lost[:3])
            freed = [id_ for id_, it in whole.items() if it.practised and not less[id_].practised]
            assert all(less[id_].missing_facts for id_ in freed), (name, freed)


def test_what_is_unknown_names_only_facts_that_are_not_stated() -> None:
    law = rules().law
    assert law is not None
    for facts in _systems()[:8]:
        for result in read_law(facts_with(facts), law, date(2026, 11, 22)).results:
            assert not set(result.missing_facts) & set(facts), result.row.id
            assert result.missing_facts or result.state != "unknown", result.row.id
