"""Model cards read by their fields: ours, foreign data, the lesson's Markdown, Hugging Face front matter."""

from __future__ import annotations

import pytest
from facts_world import entry, policy, snapshot

from policy_gate.cards.metrics import metric
from policy_gate.cards.quantities import read_number
from policy_gate.facts.facts import facts_of
from policy_gate.schema.card_fields import CARD_FIELDS
from policy_gate.schema.facts import CardFact
from policy_gate.schema.snapshot import Evidence

LESSON = """# Model Card: Screener v2.1

**Model ID**: `screener-2`
**Organization**: Example Org
**Release Date**: 2026-09-01
**Previous Version**: 2.0
**Risk Tier**: high
**Regulatory Compliance**: EU AI Act, GDPR

## Changelog
Retrained on the spring applications.

## Intended Use

**Primary Uses**:
- Rank job applicants for recruiter review

**Out-of-Scope Uses**:
- Promotion decisions

**Prohibited Uses**:
- **Automatic rejection**
- **Ranking of minors**

## Performance

**Overall**:
- accuracy: 91%
- recall: 0.88

**By Group** (disaggregated):

**women**:
- accuracy: 0.90

**men**:
- accuracy: 0.92

**Caveats**:
- Small sample of applicants over 60

## Known Limitations
- Weak on handwritten resumes.

## Failure Modes
- Two-column layouts are read in the wrong order.

## Identified Biases and Mitigations

**Biases**:
- Gaps in employment lower the score.

**Mitigation Measures**:
- Gaps are masked before ranking.

## Governance

| Field | Value |
|---|---|
| Required Oversight | partial |
| Approved By | TBD |
| Review Schedule | every six months |
| Incident Contact | ai-oncall@example.com |
"""


def card(text: str | Evidence, path: str = "MODEL_CARD.md") -> CardFact:
    found = facts_of(snapshot(entry(model_card=path), files={path: text}), policy())[0].card
    assert found is not None
    return found


def test_the_lessons_own_markdown_is_read_whole() -> None:
    found = card(LESSON)
    texts = {name: field.text for name, field in found.fields.items() if field.state == "present"}
    assert texts["model_name"] == "Screener v2.1"
    assert texts["model_id"] == "screener-2"
    assert texts["primary_intended_uses"] == "Rank job applicants for recruiter review"
    assert texts["out_of_scope_uses"] == "Promotion decisions"
    assert found.fields["prohibited_uses"].items == ("Automatic rejection", "Ranking of minors")
    assert texts["known_limitations"] == "Weak on handwritten resumes."
    assert texts["identified_biases"] == "Gaps in employment lower the score."
    assert texts["mitigation_measures"] == "Gaps are masked before ranking."
    assert texts["performance_caveats"] == "Small sample of applicants over 60"
    assert texts["incident_contact"] == "ai-oncall@example.com"
    assert texts["regulatory_compliance"] == "EU AI Act, GDPR"
    assert (found.fields["approved_by"].state, found.fields["approved_by"].text) == ("placeholder", "TBD")
    assert found.fields["base_model"].state == "absent"
    assert found.fields["known_limitations"].line == LESSON.splitlines().index("- Weak on handwritten resumes.") + 1
    assert set(found.fields) == set(CARD_FIELDS)


def test_numbers_of_the_lessons_markdown() -> None:
    found = card(LESSON)
    assert found.groups == 2
    assert {(m.name, m.group, m.value) for m in found.metrics} == {
        ("accuracy", "overall", 0.91),
        ("recall", "overall", 0.88),
        ("accuracy", "women", 0.9),
        ("accuracy", "men", 0.92),
    }


def test_tables_of_metrics_thresholds_and_groups() -> None:
    text = (
        "# C\n\n## Evaluation\n\n| Metric | Value | Threshold |\n|---|---|---|\n| accuracy | 91 % | 0.9 |\n"
        "| false positive rate | 0.08 | 0.05 |\n\n## Performance by group\n\n| Group | Accuracy |\n|---|---|\n"
        "| women | 0.90 |\n| men | 0.92 |\n| overall | 0.91 |\n"
    )
    found = card(text)
    assert found.groups == 2
    by_name = {(m.name, m.group): m for m in found.metrics}
    assert (by_name["accuracy", "overall"].value, by_name["accuracy", "overall"].threshold) == (0.91, 0.9)
    fpr = by_name["false positive rate", "overall"]
    assert (fpr.value, fpr.threshold, fpr.higher_is_better) == (0.08, 0.05, False)
    assert by_name["Accuracy", "women"].value == 0.9


def test_our_own_format_with_stated_findings_and_thresholds() -> None:
    found = card(
        "schema: policy-gate/card/v1\nmodel_name: Screener\nidentified_biases:\n  assessed: true\n"
        "  method: paired resumes with swapped names\n  findings: []\nsafety_risks: []\nfailure_modes: [TBD]\n"
        "overall_performance: {accuracy: 91%, recall: 0.8}\nperformance_thresholds: {accuracy: 0.93, f1: 0.8}\n"
        "performance_by_group: {women: {accuracy: 0.9}, men: {accuracy: n/a}, all: {accuracy: 0.9}}\n",
        "card.yaml",
    )
    assert found.cause is None
    assert found.fields["identified_biases"].state == "present"
    assert (found.fields["safety_risks"].state, found.fields["safety_risks"].line) == ("placeholder", 7)
    assert found.fields["failure_modes"].state == "placeholder"
    assert found.groups == 1
    by_name = {(m.name, m.group): m for m in found.metrics}
    assert (by_name["accuracy", "overall"].value, by_name["accuracy", "overall"].threshold) == (0.91, 0.93)
    assert (by_name["f1", "overall"].value, by_name["f1", "overall"].threshold) == (None, 0.8)


def test_our_own_format_with_an_unknown_key_is_refused_with_its_line() -> None:
    found = card("schema: policy-gate/card/v1\nmodel_name: S\nprohibited_use: [x]\n", "card.yaml")
    assert found.cause == "refused"
    assert found.detail.startswith("line 3:")


def test_foreign_keys_and_front_matter() -> None:
    found = card(
        '{"model_details": {"name": "X", "version": "1.2"}, "limitations": ["slow"], "license": null}', "c.json"
    )
    states = {name: (field.state, field.text) for name, field in found.fields.items()}
    assert states["model_name"] == ("present", "X")
    assert states["version"] == ("present", "1.2")
    assert states["known_limitations"] == ("present", "slow")
    assert states["license"][0] == "placeholder"
    found = card(
        "---\nlicense: apache-2.0\nbase_model: bert-base\n---\n# Screener\n\n## Limitations\n\nSlow on long texts.\n"
    )
    assert found.fields["license"].text == "apache-2.0"
    assert found.fields["base_model"].text == "bert-base"
    assert found.fields["known_limitations"].line == 9


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "empty"),
        ("\u200b\n", "empty"),
        ("# Model card\n\n## Limitations\n\n[More Information Needed]\n\n## Bias\n\n<!-- later -->\n", "template"),
        (Evidence("MODEL_CARD.md", "absent"), "absent"),
        (Evidence("MODEL_CARD.md", "symlink"), "refused"),
    ],
)
def test_t11_a_card_that_says_nothing(text: str | Evidence, cause: str) -> None:
    found = card(text)
    assert found.cause == cause
    assert found.detail


@pytest.mark.parametrize(
    "filling",
    ["TBD", "N/A", "[More Information Needed]", "{{ bias }}", "-", "???", "coming soon...", "<!-- x -->", "*TODO*"],
)
def test_t11_placeholders_of_a_field(filling: str) -> None:
    found = card(f"# C\n\n## Intended use\n\nRanks resumes.\n\n## Bias\n\n{filling}\n")
    assert found.fields["identified_biases"].state == "placeholder"
    assert found.fields["identified_biases"].line
    assert found.fields["primary_intended_uses"].state == "present"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("91.5%", 0.915),
        ("0.93 ± 0.02", 0.93),
        ("1,234", 1234.0),
        ("0,91", 0.91),
        ("-3", -3.0),
        (True, None),
        (10**400, None),
        ("1e400", None),
        (float("nan"), None),
        ("good", None),
    ],
)
def test_numbers_as_written(raw: object, value: float | None) -> None:
    found = read_number(raw)
    assert (found.value if found else None) == (pytest.approx(value) if value is not None else None)


@pytest.mark.parametrize(
    ("value", "threshold", "pair"),
    [
        ("91%", 0.9, (0.91, 0.9)),
        ("91%", 90, (0.91, 0.9)),
        (0.91, "90%", (0.91, 0.9)),
        (91, "90%", (0.91, 0.9)),
        (91, 90, (91, 90)),
    ],
)
def test_value_and_threshold_share_a_unit(value: object, threshold: object, pair: tuple[float, float]) -> None:
    found = metric("accuracy", "overall", value, threshold)
    assert (found.value, found.threshold) == (pytest.approx(pair[0]), pytest.approx(pair[1]))


@pytest.mark.parametrize(
    ("name", "threshold", "higher"),
    [("accuracy", 0.9, True), ("word_error_rate", 0.1, False), ("latency", 200, False), ("accuracy", "<= 0.1", False)],
)
def test_which_way_is_better(name: str, threshold: object, higher: bool) -> None:
    assert metric(name, "overall", 0.5, threshold).higher_is_better is higher


@pytest.mark.parametrize(("path", "cause"), [("gone.md", "absent"), ("../other/card.md", "refused"), ("card.md", None)])
def test_a_card_that_is_not_there_or_outside_is_a_card_that_cannot_be_read(path: str, cause: str | None) -> None:
    found = facts_of(snapshot(entry(model_card=path), files={"card.md": LESSON}), policy())[0].card
    assert found is not None
    assert found.cause == cause
    assert any(field.state == "present" for field in found.fields.values()) is (cause is None)
    assert facts_of(snapshot(entry(model_card=None)), policy())[0].card is None


TWO_MODELS = """# Rankers

## ranker-small

### Intended use

Orders letters for clerks.

### Limitations

Reads no scans.

## ranker-large

### Intended use

Orders contracts for lawyers.

### Limitations

Needs four cards.
"""


@pytest.mark.parametrize(
    ("listed", "called", "use", "is_named"),
    [
        (["ranker-large"], {}, "Orders contracts for lawyers.", True),
        (["acme/ranker-large"], {}, "Orders contracts for lawyers.", True),
        (["hub/acme/ranker-large"], {}, "Orders contracts for lawyers.", True),
        (["acme/ranker-small", "acme/reader"], {}, "Orders letters for clerks.", True),
        ([], {"name": "Ranker-Large"}, "Orders contracts for lawyers.", True),
        ([], {"id": "RANKER-LARGE"}, "Orders contracts for lawyers.", True),
        (["acme/reader"], {}, "Orders letters for clerks.", False),
        (["ranker-large/reader"], {}, "Orders letters for clerks.", False),
        (["acme/ranker-large", "acme/ranker-small"], {}, "Orders letters for clerks.", False),
        ([], {}, "Orders letters for clerks.", False),
    ],
)
def test_of_a_card_of_two_models_the_one_that_the_system_uses_is_read(
    listed: list[str], called: dict[str, str], use: str, is_named: bool
) -> None:
    models = [{"name": name} for name in listed]
    tree = snapshot(entry(model_card="card.md", models=models, **called), files={"card.md": TWO_MODELS})
    card = facts_of(tree, policy())[0].card
    assert card is not None
    assert (card.field("primary_intended_uses").text, card.models.is_named) == (use, is_named)
