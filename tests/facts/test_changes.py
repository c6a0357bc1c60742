"""Two sides to typed changes: every weakening is seen, and ordinary work is nothing."""

from __future__ import annotations

from typing import Any

import pytest
from facts_world import PROFILE, entry, policy, snapshot
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from policy_gate.facts.change_kinds import FactsPair
from policy_gate.facts.changes import changes_between
from policy_gate.facts.changes_vendors import exceeds, vendor_changes
from policy_gate.facts.facts import facts_of
from policy_gate.schema.change import Change
from policy_gate.schema.documents import ApprovalRecord, Waivers
from policy_gate.schema.snapshot import CodeFile, Snapshot, UnreadManifest
from policy_gate.schema.source import Document

CODE = {"screener/main.py": "1" * 40, "screener/rank/model.py": "2" * 40}
REPORT = (
    "# Red team report\n\n## Scope\n\nWe attacked the ranking service for two weeks with eight people on 2025-03-01.\n"
)
CARD = """# Screener

## Intended use

Rank job applicants for recruiter review. Recruiters decide.

## Prohibited uses

- Automatic rejection of applicants.
- Never rank minors.

## Limitations

Weak on handwritten resumes.

## Training data

Applications of the years before, 12,000 of them.

## Base model

bert-base

## Evaluation

| Metric | Value | Threshold |
|---|---|---|
| accuracy | 0.91 | 0.85 |
"""


def between(base: Snapshot, result: Snapshot) -> tuple[Change, ...]:
    return changes_between(facts_of(base, policy()), facts_of(result, policy()), base, result, policy())


def tree(card: str = CARD, report: str = REPORT, code: dict[str, str] | None = None, **fields: Any) -> Snapshot:
    whole = {"model_card": "MODEL_CARD.md", **fields}
    files = {"MODEL_CARD.md": card, "red-team.md": report}
    vendors = [{"id": "acme", "vendor_name": "Acme", **whole.pop("vendor", {})}]
    return snapshot(entry(**whole), files=files, code=CODE if code is None else code, vendors=vendors)


def kinds(base: Snapshot, result: Snapshot) -> list[tuple[str, str]]:
    return [(change.kind, change.field) for change in between(base, result)]


def edited(old: str, new: str) -> list[tuple[str, str]]:
    assert old in CARD
    return kinds(tree(), tree(card=CARD.replace(old, new)))


MORE = {
    "decision_impact": "life_safety",
    "data_sensitivity": "special_category",
    "user_vulnerability": "vulnerable_populations",
    "decision_reversibility": "irreversible",
}
"""Raises the tier to critical."""


def profile(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in {**PROFILE, **values}.items() if value is not None}


def test_equal_trees_have_no_changes() -> None:
    assert between(tree(), tree()) == ()


def test_t03_a_lower_dimension_lowers_the_tier_and_both_are_weakenings() -> None:
    found = between(tree(), tree(risk_profile=profile(decision_reversibility="reversible", human_oversight="full")))
    assert [(c.kind, c.field, c.before, c.after, c.weakening) for c in found] == [
        ("dimension-lowered", "decision_reversibility", "difficult_to_reverse", "reversible", True),
        ("dimension-lowered", "human_oversight", "partial", "full", True),
        ("tier-lowered", "tier", "high", "medium", True),
    ]


def test_t35_each_of_six_single_steps_down_is_a_weakening() -> None:
    steps = {
        "decision_impact": "financial",
        "human_oversight": "full",
        "data_sensitivity": "non_sensitive",
        "user_vulnerability": "professionals",
        "deployment_scale": "internal",
        "decision_reversibility": "reversible",
    }
    current: dict[str, str] = {}
    for name, value in steps.items():
        before, current = tree(risk_profile=profile(**current)), {**current, name: value}
        weak = [c.field for c in between(before, tree(risk_profile=profile(**current))) if c.weakening]
        assert name in weak


def test_d40_less_oversight_raises_points_and_weakens_nothing() -> None:
    (change,) = between(tree(), tree(risk_profile=profile(human_oversight="none")))
    assert (change.kind, change.weakening, change.raising) == ("oversight-weakened", False, True)


def test_a_dropped_dimension_is_a_weakening() -> None:
    assert ("dimension-removed", "human_oversight") in kinds(tree(), tree(risk_profile=profile(human_oversight=None)))


def test_d48_declaring_a_dimension_that_ends_a_range_below_its_top_answers_the_tier() -> None:
    vague = tree(
        risk_profile=profile(human_oversight=None, decision_reversibility="reversible", decision_impact="financial")
    )
    clear = tree(risk_profile=profile(decision_reversibility="reversible", decision_impact="financial"))
    assert kinds(vague, clear) == [("dimension-answered", "human_oversight"), ("tier-answered", "tier")]
    assert not any(change.weakening for change in between(vague, clear))


@pytest.mark.parametrize(
    ("before", "after", "kind", "weakening"),
    [
        ({"eu_market": True}, {"eu_market": False}, "fact-flipped", True),
        ({}, {"eu_market": False}, "fact-answered", False),
        ({"eu_market": True}, {}, "fact-removed", True),
        ({"eu_market": False}, {"eu_market": True}, "fact-raised", False),
        ({}, {"eu_market": True}, "fact-added", False),
        ({"annex_iii_points": ["1-a"]}, {"annex_iii_points": ["1-b"]}, "fact-changed", True),
        ({"annex_iii_points": ["1-a"]}, {"annex_iii_points": ["1-b", "1-a"]}, "fact-raised", False),
        ({}, {"annex_iii_points": []}, "fact-answered", False),
    ],
)
def test_t36_facts_that_move(before: dict[str, Any], after: dict[str, Any], kind: str, weakening: bool) -> None:
    found = [c for c in between(tree(facts=before), tree(facts=after)) if c.kind.startswith("fact")]
    assert [(c.kind, c.weakening) for c in found] == [(kind, weakening)]


def test_t03_a_misspelt_fact_counts_as_removed() -> None:
    assert ("fact-removed", "eu_market") in kinds(tree(facts={"eu_market": True}), tree(facts={"eu_markt": True}))


def test_t03_a_law_class_falls_with_its_fact() -> None:
    listed = {"annex_iii_points": ["4-a"], "eu_market": True}
    found = kinds(tree(facts=listed), tree(facts={**listed, "annex_iii_points": []}))
    assert found == [("fact-changed", "annex_iii_points"), ("law-class-dropped", "law_class")]


def test_regulations_added_and_removed() -> None:
    found = between(tree(regulatory_scope=["gdpr"]), tree(regulatory_scope=["EU_AI_Act"]))
    assert [(c.kind, c.weakening) for c in found] == [("regulation-added", False), ("regulation-removed", True)]


def test_stages_advance_and_regress() -> None:
    forth = between(tree(), tree(stage="production"))
    back = between(tree(stage="production"), tree())
    assert [(c.kind, c.weakening) for c in forth] == [("stage-advanced", False)]
    assert [(c.kind, c.weakening) for c in back] == [("stage-regressed", True)]


def test_t04_an_id_swap_is_a_removal_and_an_addition() -> None:
    assert kinds(tree(), tree(id="SYS-009")) == [("system-removed", "system"), ("system-added", "system")]


def test_t48_enrolled_only_where_code_existed_is_untouched_and_the_date_stands() -> None:
    def kind(enrolled: str | None, *, existed: bool, touched: bool) -> str:
        result = tree(enrolled=enrolled)
        system = replace(result.systems[0], existed=existed, touched=touched)
        (change,) = between(snapshot(), replace(result, systems=(system,)))
        return change.kind

    assert kind("2026-11-22", existed=True, touched=False) == "system-enrolled"
    assert kind("2026-11-22", existed=True, touched=True) == "system-added"
    assert kind("2026-11-22", existed=False, touched=False) == "system-added"
    assert kind(None, existed=True, touched=False) == "system-added"


@pytest.mark.parametrize(
    ("unread", "fields", "kind"),
    [
        ("elsewhere/governance.yaml", {"existed": True, "touched": False}, "system-enrolled"),
        ("elsewhere/governance.yaml", {"existed": False, "touched": False}, "system-added"),
        ("elsewhere/governance.yaml", {"existed": True, "touched": True}, "system-added"),
        ("governance.yaml", {"existed": True, "touched": False}, "system-added"),
    ],
)
def test_t48_an_unread_manifest_of_base_makes_nothing_old_that_is_new(
    unread: str, fields: dict[str, bool], kind: str
) -> None:
    result = tree(enrolled="2026-11-22")
    system = replace(result.systems[0], **fields)
    base = snapshot(unread=(UnreadManifest(unread, "1" * 40),))
    (change,) = [it for it in between(base, replace(result, systems=(system,))) if it.field == "system"]
    assert change.kind == kind


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (["screener/**"], ["screener/rank/**"], ["path-narrowed"]),
        (["screener/**"], ["screener/*.py"], ["path-narrowed"]),
        (["screener/**"], ["screener/main.py", "screener/rank/model.py"], ["path-narrowed"]),
        (["screener/**"], [], ["path-narrowed"]),
        (["screener/**", "old/**"], ["screener/**"], ["path-narrowed"]),
        (["screener/**"], ["**"], ["path-widened"]),
        (["screener/rank/**"], ["screener"], ["path-widened"]),
        (["screener/**"], ["screener", "screener/**"], []),
        (["screener/**"], ["./screener/**"], []),
        (["a/**", "b/**"], ["b/**", "a/**"], []),
        (["screener/**"], ["screener/*", "screener/**/*"], []),
        (["screener/*", "screener/**/*"], ["screener/**"], []),
        (["**"], ["*", "**/*"], []),
        (["screener/*.py", "screener/*.txt"], ["screener/*.??", "screener/*.???"], ["path-widened"]),
        (["screener/??*", "screener/?"], ["screener/**"], []),
        (["screener/**"], ["screener/?*/**"], []),
        (["screener/**"], ["screener/a*", "screener/[!a]*"], ["path-narrowed"]),
        (["screener/**"], ["screener/?", "screener/???*"], ["path-narrowed"]),
        (["**"], ["*/**/*", "**/**/x"], ["path-narrowed"]),
        (["screener"], ["screener/*"], ["path-narrowed"]),
    ],
)
def test_t35_paths(before: list[str], after: list[str], found: list[str]) -> None:
    assert [kind for kind, _ in kinds(tree(paths=before), tree(paths=after))] == found


def test_h10_a_folder_that_moves_with_its_files_is_nothing() -> None:
    moved = {path.replace("screener/", "ranker/"): oid for path, oid in CODE.items()}
    assert kinds(tree(), tree(paths=["ranker/**"], code=moved)) == []


def test_t35_a_copy_with_the_original_left_behind_is_narrowed() -> None:
    moved = {path.replace("screener/", "ranker/"): oid for path, oid in CODE.items()}
    result = tree(paths=["ranker/**"], code=moved)
    left = tuple(CodeFile(path, "100644", oid) for path, oid in CODE.items())
    result = replace(result, systems=(replace(result.systems[0], left_behind=left),))
    assert kinds(tree(), result) == [("path-narrowed", "paths")]


def test_h10_a_manifest_in_another_folder_reordered_and_renamed_is_nothing() -> None:
    base = snapshot(entry(), entry(id="SYS-002", paths=["bot/**"]), code=CODE)
    moved = entry(name="Screener", paths=["**"])
    result = snapshot(dict(reversed(list(moved.items()))), manifest="screener/governance.yaml", code=CODE)
    other = snapshot(entry(id="SYS-002", paths=["bot/**"]))
    assert kinds(base, replace(result, systems=(*other.systems, *result.systems))) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("Recruiters decide.", "Applicants below 0.5 are rejected.", [("use-case-changed", "primary_intended_uses")]),
        ("Rank job applicants", "Rank  job APPLICANTS", []),
        ("review. Recruiters", "review; recruiters", []),
        ("- Never rank minors.\n", "", [("limit-dropped", "prohibited_uses")]),
        ("Never rank minors", "Rank minors", [("limit-dropped", "prohibited_uses")]),
        (
            "- Automatic rejection of applicants.\n- Never rank minors.",
            "- Never rank minors.\n- Automatic rejection of applicants.",
            [],
        ),
        ("- Never rank minors.\n", "- Never rank minors.\n- Never rank staff.\n", []),
        ("Weak on handwritten resumes.", "weak on handwritten resumes!", []),
        ("Applications of the years", "Aplications of the years", []),
        ("12,000", "9,000", [("data-changed", "training_data_description")]),
        ("bert-base", "bert-large", [("model-changed", "base_model")]),
        ("| 0.91 |", "| 0.90 |", [("metric-regressed", "accuracy[overall]")]),
        ("| 0.91 |", "| 0.93 |", [("metric-improved", "accuracy[overall]")]),
        ("| 0.85 |", "| 0.80 |", [("limit-dropped", "threshold accuracy[overall]")]),
        (
            "Weak on handwritten resumes.",
            "TBD",
            [("card-section-emptied", "known_limitations"), ("limit-dropped", "known_limitations")],
        ),
        (
            "## Limitations\n\nWeak on handwritten resumes.\n",
            "",
            [("card-section-removed", "known_limitations"), ("limit-dropped", "known_limitations")],
        ),
    ],
)
def test_d38_words_of_the_card(old: str, new: str, found: list[tuple[str, str]]) -> None:
    assert edited(old, new) == found


def test_d38_a_limit_is_shown_side_by_side_with_its_lines() -> None:
    (change,) = between(tree(), tree(card=CARD.replace("Never rank minors", "Rank minors")))
    assert (change.before, change.after, change.weakening) == ("Never rank minors.", "Rank minors.", True)
    assert change.location is not None
    assert (change.location.path, change.location.line) == ("MODEL_CARD.md", 9)


def test_d38_words_where_base_had_none_ask_for_nothing() -> None:
    bare = "# Screener\n\n## Limitations\n\nTBD\n"
    assert kinds(tree(card=bare), tree(card=CARD)) == []
    assert kinds(tree(description=""), tree()) == []


def test_t03_the_purpose_in_the_manifest_is_compared_too() -> None:
    found = kinds(tree(), tree(description="AI rejects job applicants based on resume content"))
    assert found == [("use-case-changed", "description")]


def test_the_same_card_in_another_format_is_the_same_card() -> None:
    data = "schema: policy-gate/card/v1\nprohibited_uses: [Never rank minors]\nknown_limitations: Weak on scans.\n"
    text = "# C\n\n## Prohibited uses\n\nNever rank minors.\n\n## Known limitations\n\n- Weak on scans\n"
    base = snapshot(entry(model_card="card.yaml"), files={"card.yaml": data})
    assert kinds(base, snapshot(entry(model_card="c.md"), files={"c.md": text})) == []


def test_t12_a_date_that_moves_without_work_is_redated() -> None:
    def dated(day: str, text: str = REPORT) -> Snapshot:
        return tree(report=text, artifacts=[{"id": "red-team-report", "path": "red-team.md", "completed": day}])

    (change,) = between(dated("2025-03-01"), dated("2026-11-01", REPORT.replace("2025-03-01", "2026-11-01") + "\n\n"))
    assert (change.kind, change.before, change.after, change.weakening) == (
        "evidence-redated", "2025-03-01", "2026-11-01", True,
    )  # fmt: skip
    anew = [("evidence-replaced", "red-team-report")]
    assert kinds(dated("2025-03-01"), dated("2026-11-01", REPORT + "\nA ninth person repeated it.\n")) == anew
    assert kinds(dated("2026-11-01"), dated("2025-03-01")) == []


def test_evidence_that_leaves() -> None:
    both = tree(
        artifacts=[{"id": "red-team-report", "path": "red-team.md"}],
        tests=[{"id": "smoke-test-suite", "report": "r.xml"}],
    )
    found = kinds(both, tree(model_card=None))
    assert {("artifact-removed", "red-team-report"), ("test-removed", "smoke-test-suite")} <= set(found)
    assert ("artifact-removed", "model_card") in found
    assert ("limit-dropped", "prohibited_uses") in found


def test_t36_a_claim_of_no_concern_is_a_change_until_it_stands_the_same() -> None:
    claim = {"id": "shadow-mode-validation", "reason": "no predecessor"}
    assert kinds(tree(), tree(not_applicable=[claim])) == [("not-applicable-claimed", "shadow-mode-validation")]
    assert kinds(tree(not_applicable=[claim]), tree(not_applicable=[claim])) == []
    assert kinds(tree(not_applicable=[claim]), tree(not_applicable=[{**claim, "reason": "other"}])) != []


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"enrolled": "2026-01-01"}, {"enrolled": "2026-06-01"}, ["enrolled-moved"]),
        ({"enrolled": "2026-01-01"}, {}, ["enrolled-moved"]),
        ({}, {"enrolled": "2026-01-01"}, ["enrolled-moved"]),
        ({}, {"reclassified": "2026-06-01"}, ["reclassified-moved"]),
        ({"reclassified": "2026-01-01"}, {"reclassified": "2026-06-01"}, ["reclassified-moved"]),
        ({"reclassified": "2026-01-01"}, {}, ["reclassified-moved"]),
        ({"stage_since": "2026-01-01"}, {"stage_since": "2026-06-01"}, ["stage-since-moved"]),
        ({"stage_since": "2026-01-01"}, {"stage_since": "2025-06-01"}, []),
        ({"stage_since": "2026-01-01"}, {}, ["stage-since-moved"]),
        ({}, {"stage_since": "2026-01-01"}, []),
        ({"enrolled": "2026-01-01"}, {"enrolled": "2026-01-01", "stage_since": "2026-01-01"}, []),
        ({"enrolled": "2026-01-01"}, {"enrolled": "2026-01-01", "stage_since": "2026-01-02"}, ["stage-since-moved"]),
        (
            {"enrolled": "2026-01-01", "stage": "production"},
            {"enrolled": "2026-01-01", "stage": "production", "stage_since": "2025-06-01"},
            [],
        ),
        ({"stage": "production"}, {"stage": "production", "stage_since": "2026-01-01"}, ["stage-since-moved"]),
    ],
)
def test_t35_dates_that_debt_and_reviews_count_from(
    before: dict[str, str], after: dict[str, str], found: list[str]
) -> None:
    assert [kind for kind, _ in kinds(tree(**before), tree(**after))] == found


def test_d21_a_raising_change_may_set_reclassified_and_an_advance_stage_since() -> None:
    old = {"reclassified": "2026-01-01", "stage_since": "2026-01-01"}
    raised = kinds(tree(**old), tree(**{**old, "reclassified": "2026-06-01"}, risk_profile=profile(**MORE)))
    assert "reclassified-moved" not in [kind for kind, _ in raised]
    gone = kinds(tree(**old), tree(stage_since="2026-01-01", risk_profile=profile(**MORE)))
    assert "reclassified-moved" in [kind for kind, _ in gone], "a raise is no reason to forget the one before"
    first = kinds(tree(), tree(reclassified="2026-06-01", risk_profile=profile(**MORE)))
    assert "reclassified-moved" not in [kind for kind, _ in first]
    less = profile(decision_reversibility="reversible", human_oversight="full")
    lowered = kinds(tree(**old), tree(**{**old, "reclassified": "2026-06-01"}, risk_profile=less))
    assert {"tier-lowered", "reclassified-moved"} <= {kind for kind, _ in lowered}, "a lower tier gives no new period"
    moved = kinds(tree(**old), tree(**{**old, "stage_since": "2026-06-01"}, stage="production"))
    assert moved == [("stage-advanced", "stage")]


def test_d52_a_fact_or_a_dimension_alone_moves_no_reclassified() -> None:
    same_tier = tree(reclassified="2026-06-01", risk_profile=profile(decision_impact="life_safety"))
    assert "reclassified-moved" in [kind for kind, _ in kinds(tree(), same_tier)]
    a_fact = tree(reclassified="2026-06-01", facts={"children": True})
    assert "reclassified-moved" in [kind for kind, _ in kinds(tree(), a_fact)]


CHANGED_ACCESS = ("vendor-changed", "acme.access_type")
LESS = [("vendor-liability-lowered", "acme.liability_cap")]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"has_dpa": False}, {"has_dpa": True}, [("vendor-weakened", "acme.has_dpa")]),
        ({}, {"has_dpa": True}, [("vendor-weakened", "acme.has_dpa")]),
        ({"data_retention_days": 30}, {"data_retention_days": 0}, [("vendor-weakened", "acme.data_retention_days")]),
        ({"has_dpa": False}, {"has_dpa": True, "assessed_on": "2026-11-01"}, []),
        ({"has_dpa": True}, {"has_dpa": False}, [("vendor-changed", "acme.has_dpa")]),
        ({"has_dpa": True}, {}, [("vendor-changed", "acme.has_dpa")]),
        ({"data_retention_days": 9}, {"data_retention_days": 90}, [("vendor-changed", "acme.data_retention_days")]),
        ({"access_type": "api"}, {"access_type": "self_hosted"}, [("vendor-weakened", "acme.access_type")]),
        ({}, {"access_type": "licensed_weights"}, [("vendor-weakened", "acme.access_type")]),
        (
            {"access_type": "licensed_weights"},
            {"access_type": "self_hosted"},
            [("vendor-weakened", "acme.access_type")],
        ),
        ({"access_type": "api"}, {"access_type": "self_hosted", "assessed_on": "2026-11-01"}, [CHANGED_ACCESS]),
        ({"access_type": "self_hosted"}, {"access_type": "api"}, [CHANGED_ACCESS, ("vendor-risk-raised", "acme")]),
        ({"access_type": "self_hosted"}, {}, [CHANGED_ACCESS, ("vendor-risk-raised", "acme")]),
        ({"access_type": "api"}, {"access_type": "fine_tuned"}, [CHANGED_ACCESS]),
        ({"audit_rights": True}, {"audit_rights": False}, [("vendor-right-lost", "acme.audit_rights")]),
        ({"audit_rights": True}, {"assessed_on": "2026-11-01"}, [("vendor-right-lost", "acme.audit_rights")]),
        ({"eu_data_residency": True}, {}, [("vendor-right-lost", "acme.eu_data_residency")]),
        ({"audit_rights": False}, {}, [("vendor-changed", "acme.audit_rights")]),
        ({"audit_rights": True}, {"audit_rights": True, "use_case": "a"}, [("vendor-changed", "acme.use_case")]),
        ({}, {"has_dpa": False}, []),
        ({"data_classes": ["none"]}, {"data_classes": ["public"]}, [("vendor-changed", "acme.data_classes")]),
        ({"data_classes": ["public"]}, {"data_classes": ["none"]}, [("vendor-weakened", "acme.data_classes")]),
        ({"audit_rights": False}, {"audit_rights": True}, [("vendor-weakened", "acme.audit_rights")]),
        ({"data_classes": ["personal"]}, {"data_classes": ["public"]}, [("vendor-weakened", "acme.data_classes")]),
        (
            {"data_classes": ["public"]},
            {"data_classes": ["personal", "public"]},
            [("vendor-changed", "acme.data_classes")],
        ),
        ({}, {"data_classes": ["public"]}, [("vendor-weakened", "acme.data_classes")]),
        ({}, {"data_classes": ["personal"]}, [("vendor-changed", "acme.data_classes")]),
        ({"data_classes": ["personal"]}, {}, [("vendor-changed", "acme.data_classes")]),
        ({"data_classes": ["public", "internal"]}, {"data_classes": ["internal", "public"]}, []),
        ({"use_case": "billing"}, {"use_case": "hiring"}, [("vendor-changed", "acme.use_case")]),
        ({"use_case": "billing"}, {"use_case": "Billing."}, []),
        ({}, {"use_case": "hiring"}, [("vendor-changed", "acme.use_case")]),
        ({"use_case": "hiring"}, {}, [("vendor-changed", "acme.use_case")]),
        (
            {"liability_cap": "EUR 5m"},
            {"liability_cap": "EUR 1m"},
            LESS,
        ),
        (
            {"liability_cap": "EUR 5m"},
            {"liability_cap": "EUR 1m", "assessed_on": "2026-11-01"},
            LESS,
        ),
        ({"liability_cap": "EUR 5m"}, {}, LESS),
        (
            {"liability_cap": "EUR 5m"},
            {"liability_cap": "by law"},
            LESS,
        ),
        ({"liability_cap": "EUR 5m"}, {"liability_cap": "EUR 9m"}, [("vendor-weakened", "acme.liability_cap")]),
        ({}, {"liability_cap": "EUR 9m"}, [("vendor-weakened", "acme.liability_cap")]),
        (
            {"liability_cap": "EUR 5m"},
            {"liability_cap": "EUR 9m", "assessed_on": "2026-11-01"},
            [("vendor-changed", "acme.liability_cap")],
        ),
        ({"liability_cap": "EUR 5m"}, {"liability_cap": "EUR 5,000,000"}, []),
    ],
)
def test_vendors(before: dict[str, Any], after: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert kinds(tree(vendors=["acme"], vendor=before), tree(vendors=["acme"], vendor=after)) == found


@pytest.mark.parametrize(
    ("one", "other", "more"),
    [
        ("EUR 5 million", "EUR 1 million", True),
        ("EUR 1m", "EUR 5m", False),
        ("EUR 5,000,000", "5 million EUR", None),
        ("12 months of fees", "6 months of fees", True),
        ("1.5 million", "15 million", False),
        ("unlimited", "EUR 1m", True),
        ("EUR 1m", "Unlimited", False),
        ("USD 9m", "EUR 1m", False),
        ("EUR 1.500", "EUR 1", False),
        ("between 1m and 2m", "1m", False),
        ("by law", "EUR 1m", False),
        ("EUR 1m", "by law", False),
        ("unlimited", "uncapped", None),
        (None, "EUR 1m", False),
        ("EUR 1m", None, True),
        (None, None, None),
    ],
)
def test_a_sum_is_more_only_where_that_can_be_told(one: str | None, other: str | None, more: bool | None) -> None:
    assert exceeds(one, other) is more


def test_a_vendor_that_leaves_or_takes_another_id_is_a_weakening() -> None:
    used, other = tree(vendors=["acme"], vendor={"has_dpa": False}), tree(vendors=[])
    assert [(c.kind, c.field, c.weakening) for c in between(used, other)] == [("vendor-dropped", "acme", True)]
    assert [(c.kind, c.field, c.weakening) for c in between(other, used)] == [
        ("vendor-changed", "acme", False),
        ("vendor-risk-raised", "acme", False),
    ]


@pytest.mark.parametrize(
    ("was", "now", "is_told"),
    [
        (None, {"vendor.risk_tier": "low"}, False),
        (None, {"vendor.risk_tier": "medium"}, True),
        (None, {}, False),
        (
            {"vendor.risk_tier": "low", "vendor.use_case": "a"},
            {"vendor.risk_tier": "medium", "vendor.use_case": "b"},
            True,
        ),
        ({"vendor.risk_tier": "low"}, {"vendor.risk_tier": "medium"}, False),
        (
            {"vendor.risk_tier": "low", "vendor.use_case": "a"},
            {"vendor.risk_tier": "low", "vendor.use_case": "b"},
            False,
        ),
        (
            {"vendor.risk_tier": "high", "vendor.use_case": "a"},
            {"vendor.risk_tier": "low", "vendor.use_case": "b"},
            False,
        ),
        ({"vendor.use_case": "a"}, {"vendor.risk_tier": "high", "vendor.use_case": "b"}, False),
        ({"vendor.risk_tier": "low", "vendor.use_case": "a"}, {"vendor.use_case": "b"}, False),
    ],
)
def test_a_vendor_is_of_a_higher_tier_where_it_comes_so_or_its_own_entry_says_otherwise(
    was: dict[str, Any] | None, now: dict[str, Any], is_told: bool
) -> None:
    (plain,) = facts_of(tree(), policy())
    name = {"vendor.id": "acme", "vendor.vendor_name": "Acme"}
    before, after = (replace(plain, vendors=() if it is None else ({**name, **it},)) for it in (was, now))
    found = list(vendor_changes(FactsPair(before, after, policy())))
    assert ("vendor-risk-raised" in [change.kind for change in found]) is is_told


def test_t01_policies_ci_and_waivers_are_changes_of_the_repository() -> None:
    waiver = {
        "system": "S", "rule": "r", "owner": "o", "approver": "a", "reason": "x", "created": "2026-01-01",
        "expires": "2026-02-01",
    }  # fmt: skip
    waivers = Document(
        "governance/waivers.yaml",
        "",
        Waivers.model_validate({"schema": "policy-gate/waiver/v1", "waivers": [waiver]}),
        {},
    )
    base = tree()
    result = replace(
        base,
        policy_files=(CodeFile("policies/a.yaml", "100644", "1" * 40),),
        enforcement_files=(CodeFile(".github/workflows/ci.yml", "100644", "2" * 40),),
        waivers=waivers,
    )
    assert [(c.kind, c.field, c.system) for c in between(base, result)] == [
        ("policy-changed", "policies/a.yaml", None),
        ("enforcement-changed", ".github/workflows/ci.yml", None),
        ("waivers-changed", "governance/waivers.yaml", None),
    ]
    assert between(result, result) == ()


def test_d11_approval_records_are_no_change() -> None:
    record = ApprovalRecord.model_construct()
    result = replace(tree(), records=(Document("governance/approvals/a.yaml", "", record, {}),))
    assert between(tree(), result) == ()


values = st.fixed_dictionaries(
    {},
    optional={
        "stage": st.sampled_from(["conception", "production", "deprecated"]),
        "risk_profile": st.sampled_from(
            [PROFILE, {}, profile(human_oversight=None), profile(decision_impact="life_safety")]
        ),
        "facts": st.sampled_from([{}, {"eu_market": True}, {"eu_market": False, "annex_iii_points": ["4-a"]}]),
        "regulatory_scope": st.lists(st.sampled_from(["gdpr", "EU_AI_Act"]), unique=True),
        "paths": st.sampled_from([[], ["screener/**"], ["**"], ["screener/*.py"]]),
        "reclassified": st.sampled_from(["2026-01-01", "2026-06-01"]),
        "description": st.sampled_from(["", "ranks", "rejects"]),
        "card": st.sampled_from([CARD, "", "# C\n\n## Bias\n\nTBD\n", CARD.replace("Never", "Always")]),
        "vendors": st.sampled_from([[], ["acme"]]),
    },
)


@settings(max_examples=40)
@given(one=values, two=values)
def test_whatever_is_declared_a_side_equals_itself_and_kind_and_field_name_a_change(
    one: dict[str, Any], two: dict[str, Any]
) -> None:
    assert between(tree(**one), tree(**one)) == ()
    found = between(tree(**one), tree(**two))
    assert len({(change.kind, change.field) for change in found}) == len(found)
    assert {change.kind for change in found} <= policy().change_kinds.keys()


@settings(max_examples=30)
@given(one=values, two=values)
def test_the_order_of_systems_does_not_matter(one: dict[str, Any], two: dict[str, Any]) -> None:
    one.pop("card", None), two.pop("card", None)
    base = [entry(**one), entry(id="SYS-002", **two)]
    result = [entry(**two), entry(id="SYS-002", **one)]
    assert between(snapshot(*base), snapshot(*result)) == between(snapshot(*base[::-1]), snapshot(*result[::-1]))
