"""Results by their own names, maps around a whole card, lines that are wrapped, and tiers that nobody chose."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.facts import CardFact
from policy_gate.schema.source import Location


def card(text: str, path: str = "CARD.md") -> CardFact:
    return read_card(evidence_of(path, "", text.encode()), Location("governance.yaml"), CARD_WORDS)


def state(text: str, name: str, path: str = "CARD.md") -> str:
    return card(text, path).fields[name].state


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: Iris\ntest_accuracy: 0.97\n", "present"),
        ("name: Iris\ntest_f1: 0.97\ntest_roc_auc: 0.99\n", "present"),
        ("model:\n  name: Iris\n  val_f1_macro: 0.9\n", "present"),
        ("name: Iris\ntest_accuracy:\n", "absent"),
        ("name: Iris\ntest_accuracy: true\n", "absent"),
        ("name: Iris\ntrain_accuracy: 0.97\n", "absent"),
        ("name: Iris\ntarget_accuracy: 0.97\n", "absent"),
        ("name: Iris\ntest_size: 0.2\n", "absent"),
        ("name: Iris\nbaseline:\n  test_accuracy: 0.97\n", "absent"),
    ],
)
def test_a_number_whose_key_is_a_metric_on_unseen_data_is_a_result(text: str, expected: str) -> None:
    assert state(text, "overall_performance", "card.yaml") == expected


def test_each_such_number_is_a_metric_and_a_note_beside_it_takes_it_back() -> None:
    found = card("name: Iris\ntest_accuracy: 0.97\ntest_f1: 0.95\n", "card.yaml")
    assert {(it.name, it.value) for it in found.metrics} == {("test_accuracy", 0.97), ("test_f1", 0.95)}
    noted = card("name: Iris\nsplit: train\ntest_accuracy: 0.97\n", "card.yaml")
    assert [it.value for it in noted.metrics] == [None]


def test_maps_around_the_whole_card_leave_short_keys_their_meaning() -> None:
    text = "model_card:\n  metadata:\n    name: Income\n    version: 1.0.0\n    author: Ada\n    license: MIT\n"
    fields = card(text, "card.yaml").fields
    assert {fields[it].state for it in ("model_name", "version", "authors", "license")} == {"present"}
    deep = card("deployment:\n  server:\n    image:\n      version: 1.0.0\n", "card.yaml").fields
    assert deep["version"].state == "absent"


@pytest.mark.parametrize(
    ("heading", "header", "expected"),
    [
        ("The way to a fair model", "| Iteration | Acc | F1 |", "present"),
        ("The way to a fair model", "| Iteration | ROC-AUC | Recall (test) |", "present"),
        ("The way to a fair model", "| Iteration | Rate | Depth |", "absent"),
        ("The way to a fair model", "| Iteration | Accuracy threshold | Minimum F1 |", "absent"),
        ("The way to a fair model", "| Threshold | Acc | F1 |", "absent"),
    ],
)
def test_a_table_with_metrics_above_its_columns_holds_results(heading: str, header: str, expected: str) -> None:
    table = f"{header}\n|---|---|---|\n| one | 0.79 | 0.86 |\n"
    assert state(f"# Ranker\n\n## {heading}\n\n{table}", "overall_performance") == expected


def test_such_a_table_without_numbers_states_nothing_and_what_follows_is_no_result() -> None:
    open_table = "| Iteration | Acc | F1 |\n|---|---|---|\n| one | TBD | TBD |\n"
    assert state(f"# Ranker\n\n## The way\n\n{open_table}", "overall_performance") != "present"
    text = f"# Ranker\n\n## The way\n\n{open_table}\nWe went 12 miles.\n"
    assert state(text, "overall_performance") != "present"


WRAPPED = "Shown to students of the course. **Not** for real credit\ndecisions of any bank: the data are old.\n"


def test_a_sentence_that_goes_on_over_lines_in_another_fields_section_is_heard() -> None:
    assert state(f"# Ranker\n\n## Intended use\n\n{WRAPPED}", "out_of_scope_uses") == "present"
    items = "- Shown to students and not\n- For real credit decisions of a bank\n"
    assert state(f"# Ranker\n\n## Intended use\n\n{items}", "out_of_scope_uses") == "absent"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- Revisão humana obrigatória antes de decisões", "present"),
        ("- Human review", "absent"),
        ("- Data of pupils made anonymous in logs", "absent"),
    ],
)
def test_an_item_below_mitigations_may_say_who_looks_in_few_words(text: str, expected: str) -> None:
    assert state(f"# Ranker\n\n## Mitigations\n\n{text}\n", "required_oversight_level") == expected


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Data & Preprocessing", "present"),
        ("3. Training data and feature engineering", "present"),
        ("Data & Elephants", "absent"),
        ("Preprocessing & Splits", "absent"),
    ],
)
def test_a_heading_of_data_may_name_what_is_done_with_them(heading: str, expected: str) -> None:
    text = f"# Ranker\n\n## {heading}\n\nHome loans of five banks.\n"
    assert state(text, "training_data_description") == expected


def test_what_is_done_with_data_opens_no_heading_of_another_field() -> None:
    text = "# Ranker\n\n## Limitations & Preprocessing\n\nAll words are put in lower case.\n"
    assert state(text, "known_limitations") == "absent"


@pytest.mark.parametrize(
    "tier", ["Low / Medium / High", "low | medium | high", "[Low, Medium, or High]", "Choose: low/limited/high"]
)
def test_tiers_of_which_nobody_chose_one_are_a_place_to_fill_in(tier: str) -> None:
    assert state(f"# Ranker\n\n- Risk tier: {tier}\n", "risk_tier") == "placeholder"
    assert state(f"name: Ranker\nrisk_tier: '{tier}'\n", "risk_tier", "card.yaml") == "placeholder"


@pytest.mark.parametrize("tier", ["high", "Limited risk (AI Act)", "High, for hiring", "high or critical"])
def test_a_tier_with_a_reason_is_one(tier: str) -> None:
    assert state(f"# Ranker\n\n- Risk tier: {tier}\n", "risk_tier") == "present"


def test_a_remark_in_the_title_is_no_name() -> None:
    assert state("# Model Card (current baseline)\n\n## License\n\nMIT\n", "model_name") == "absent"
    assert card("# Model Card: Ranker (v2)\n\n## License\n\nMIT\n").fields["model_name"].text == "Ranker (v2)"


@pytest.mark.parametrize(
    ("heading", "name", "stated", "not_stated"),
    [
        (
            "Notes",
            "evaluation_data_description",
            "All of it was evaluated on 30 held-out pairs of one narrator.",
            "All of it was written down on 30 sheets of one narrator.",
        ),
        (
            "Notes",
            "evaluation_data_description",
            "The second hospital is the frozen external evaluation cohort of this study.",
            "The second hospital is the most friendly partner of this study.",
        ),
        (
            "Training data",
            "training_data_size",
            "Six open sets of clinics, which together included 1782 volumes.",
            "Six open sets of clinics, which together included 3 scanners.",
        ),
        (
            "Notes",
            "performance_caveats",
            "These splits are near each other and inflate the true generalisation score.",
            "These splits are near each other and inflate the size of the folder.",
        ),
        (
            "Notes",
            "performance_thresholds",
            "If the probability is above 0.5, the applicant is flagged as high risk.",
            "If the probability is high enough, the applicant is told so by mail.",
        ),
        (
            "Notes",
            "known_limitations",
            "Any answer about facts of the world should be considered potentially inaccurate.",
            "Any answer about facts of the world should be given a number.",
        ),
        (
            "Notes",
            "incident_contact",
            "The main developer and person to contact is Ada Byron of our group.",
            "The main developer and person to thank is Ada Byron of our group.",
        ),
        (
            "Intended use",
            "out_of_scope_uses",
            "Method comparison only. Not for emergency response, public warning, dispatch or insurance.",
            "Method comparison only. For emergency response, public warning, dispatch or insurance.",
        ),
        (
            "Notes",
            "release_date",
            "The small one was released in March 2024 on the hub of the lab.",
            "The small one was released in 3 sizes and with all of its code.",
        ),
        (
            "Notes",
            "release_date",
            "The small one was trained from January to March of 2024 here.",
            "The small one was trained on 256 H100 cards for most of it.",
        ),
        (
            "Notes",
            "mitigation_measures",
            "We asked nurses to read all of it to reduce the risk of wrong doses.",
            "We made folds by region to reduce leakage from one local risk.",
        ),
    ],
)
def test_words_of_further_cards_state_a_field(heading: str, name: str, stated: str, not_stated: str) -> None:
    assert state(f"# Ranker\n\n## {heading}\n\n{stated}\n", name) == "present"
    assert state(f"# Ranker\n\n## {heading}\n\n{not_stated}\n", name) == "absent"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("| Model | MMLU (5-shot) | GSM8K |", "present"),
        ("| Model | <nobr>HumanEval</nobr> | <nobr>MBPP <br>(pass@1)</nobr> |", "present"),
        ("| Model | MMLU | Size |", "absent"),
        ("| Model | MMLU target | GSM8K threshold |", "absent"),
        ("| Model | Layers | Heads |", "absent"),
    ],
)
def test_a_table_with_benchmarks_above_its_columns_holds_results(header: str, expected: str) -> None:
    table = f"{header}\n|---|---|---|\n| **Ranker** | 61.2 | 43.0 |\n"
    assert state(f"# Ranker\n\n## Technical summary\n\n{table}", "overall_performance") == expected
    left_open = f"{header}\n|---|---|---|\n| **Ranker** | TBD | - |\n"
    assert state(f"# Ranker\n\n## Technical summary\n\n{left_open}", "overall_performance") != "present"


def test_an_item_below_limitations_may_name_a_bias_in_few_words() -> None:
    for item, expected in (("Attributes can reflect social bias", "present"), ("Social bias", "absent")):
        assert state(f"# Ranker\n\n## Limitations\n\n- {item}\n- Slow\n", "identified_biases") == expected
    for item in ("It has no known social bias", "TODO: can reflect social bias"):
        assert state(f"# Ranker\n\n## Limitations\n\n- {item}\n- Slow\n", "identified_biases") != "present"
