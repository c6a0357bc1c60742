"""T60: a cell is one number with its unit or none; value and limit have a unit in common, or nobody can tell."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from facts_world import entry, policy, snapshot

from policy_gate.cards.metrics import held_to, is_loosened, is_worse, metric
from policy_gate.cards.quantities import read_number
from policy_gate.facts.facts import facts_of
from policy_gate.schema.facts import Metric
from policy_gate.schema.rule_targets import TARGETS


def card(value: str, limit: str, name: str = "accuracy", path: str = "MODEL_CARD.md") -> dict[str, object]:
    """What rules see of the metric of a card with one table row, or of the same as data."""
    table = f"# C\n\n## Evaluation\n\n| Metric | Value | Threshold |\n|---|---|---|\n| {name} | {value} | {limit} |\n"
    data = f'overall_performance: {{{name}: "{value}"}}\nperformance_thresholds: {{{name}: "{limit}"}}\n'
    text = table if path.endswith(".md") else f"model_name: C\n{data}"
    facts = facts_of(snapshot(entry(model_card=path), files={path: text}), policy())[0]
    [found] = TARGETS["metric"].instances(facts, (), datetime(2026, 11, 22, tzinfo=UTC))
    return {**found.values, "problem": found.problem}


OPEN = [
    "2026-11-20", "20/11/2026", "Nov 20, 2026", "v2.1", "2.1.0", "0.85-0.95", "0.8 to 0.95", "0.7 -> 0.9", "0.9, 0.7",
    "0.9 / 0.7", "0.9 (withdrawn)", "0.95 planned", "0.95 (target)", "0.9 (was 0.7)", "95 (out of 136)", "136/95", "70",
    "91 cases", "12:30", "up to 0.95", "< 0.95", "1000%", "0.9 not reached", "95 out of about 136",
]  # fmt: skip


@pytest.mark.parametrize("path", ["MODEL_CARD.md", "card.yaml"])
@pytest.mark.parametrize("value", OPEN)
def test_t60_what_is_not_one_number_meets_no_limit(value: str, path: str) -> None:
    found = card(value, "0.85", path=path)
    assert found["metric.has_threshold"] is True
    assert (found["metric.has_value"], "metric.meets" in found) == (False, False)
    is_no_number_at_all = value[0].isalpha() and value[0] != "u" and path.endswith(".md")
    assert bool(found["problem"]) is not is_no_number_at_all


@pytest.mark.parametrize(
    "value",
    ["~~0.9~~", "<del>0.9</del>", "<s>0.9</s>", "~~0.9~~ 0.7", "<strike>0.9</strike> 0.7", "<del>0.9</del> 70%"],
)
@pytest.mark.parametrize("path", ["MODEL_CARD.md", "card.yaml"])
def test_t60_struck_text_is_no_number(value: str, path: str) -> None:
    found = card(value, "0.85", path=path)
    assert found.get("metric.value") in (None, 0.7)
    assert found.get("metric.meets") is not True


@pytest.mark.parametrize(
    ("value", "limit", "meets"),
    [
        ("95 out of 136", "0.85", False), ("95/136", "0.65", True), ("120 of 136", "85%", True), ("85 %", "0.85", True),
        ("84 %", "0.85", False), ("85 percent", "85", True), ("0.86", "85%", True), ("86", "85", True),
        ("0.93 ± 0.02", "0.9", True), ("0.91 (95% CI 0.88–0.93)", "0.9", True), ("**0.91**", ">= 0.9", True),
        ("0.91 on the held-out set", "at least 0.9", True), ("0,91", "0.9", True), ("0.91 (5-shot)", "0.9", True),
        ("91.2% (n=1,200)", "90%", True), ("0.70 (95/136)", "0.65", True), ("0.91 accuracy", "0.9", True),
    ],
)  # fmt: skip
def test_t60_control_what_teams_write_is_understood(value: str, limit: str, meets: bool) -> None:
    found = card(value, limit)
    assert (found["metric.has_value"], found.get("metric.meets")) == (True, meets), found["problem"]


@pytest.mark.parametrize(
    ("name", "value", "limit", "meets"),
    [
        ("latency", "120 ms", "0.2 s", True), ("latency", "1.2 s", "200 ms", False), ("latency", "120 ms", "200", None),
        ("latency_ms", "120 ms", "200", True), ("latency", "0.4", "5", True), ("perplexity", "1.7", "0.9", False),
        ("error rate", "0.3", "5", None), ("error rate", "3%", "5", True), ("memory", "900 MB", "max 1 GB", True),
        ("disparate impact ratio", "1.05", "at least 0.8", True), ("cost", "3 USD", "5 EUR", None),
    ],
)  # fmt: skip
def test_t60_units_are_brought_together_or_missed(name: str, value: str, limit: str, meets: bool | None) -> None:
    found = card(value, limit, name)
    assert found.get("metric.meets") is meets
    assert bool(found["problem"]) is (meets is None)


QUALIFIED = [
    "0.9 or less", "0.9 at most", "0.9 at best", "up to 0.9", "0.9 (if it works)", "0.9 max", "0.9 (train set)",
    "0.9 on the training set", "0.9 by guess", "0.9 (MADE UP)", "0.9 with luck", "0.9 on our competitor's model",
    "0.9 or worse", "0.9 and falling", "90 % at best", "9 of 10 (we wish)", "target 0.9", "$0.9", "0.9 in a dream",
    "0.9 [aspirational]", "0.9 limit",
]  # fmt: skip


@pytest.mark.parametrize("value", QUALIFIED)
def test_t60_a_number_with_a_condition_meets_no_limit(value: str) -> None:
    found = card(value, "0.85")
    assert (found["metric.has_value"], "metric.meets" in found) == (False, False)


@pytest.mark.parametrize(
    "value",
    ["0.9 ± 0.5", "0.9 (±0.3)", "90% ± 40", "90 ± 30 %", "0.9 (95% CI 0.2–0.99)", "0.9 [0.1, 0.95]", "90% (CI 20-95)",
     "9 of 10 (CI 0.1-0.99)", "0.9 (std 0.3)", "90 percent ± 30"],
)  # fmt: skip
def test_t60_a_number_with_so_wide_a_spread_is_no_result(value: str) -> None:
    found = card(value, "0.85")
    assert (found["metric.has_value"], "metric.meets" in found) == (False, False)
    assert "one result" in str(found["problem"])


@pytest.mark.parametrize(
    "value",
    [
        "0.9 ± 0.01", "0.9 (95% CI 0.88–0.93)", "90% ± 2", "90 ± 2 %", "0.9 on the held-out test set",
        "0.9 (n=1,200)", "0.9 (macro-averaged)", "0.9 measured on the validation split", "0.9 (5 runs)", "0.9 at least",
        "0.9 (passed)", "0.9 [0.87, 0.93]", "0.9 (std 0.02)", "9 of 10 (90%)", "0.9 on ImageNet", "0.9 (zero-shot)",
        "0.9 on Acme-Eval", "0.9 on SQuAD2.0", "0.9 (BigBench)", "0.9 ± 0.1", "0.9 (80% CI 0.8-0.95)",
        "0.9 using 5-fold cross-validation", "0.9 (final model, all groups)",
    ],
)  # fmt: skip
def test_t60_control_what_a_number_was_measured_on_may_stand_beside_it(value: str) -> None:
    found = card(value, "0.85")
    assert found.get("metric.meets") is True, found["problem"]


def test_t60_a_bound_on_the_good_side_is_one() -> None:
    assert card("0.1 or less", "0.2", "error rate")["metric.meets"] is True
    assert "metric.meets" not in card("0.1 or more", "0.2", "error rate")
    assert card("$3", "5", "cost per call")["metric.has_value"] is True


@pytest.mark.parametrize("limit", ["0.8-0.9", "2026-11-20", "95 out of about 136", "better than v2.1"])
def test_t60_a_limit_that_cannot_be_read_is_still_one(limit: str) -> None:
    found = metric("accuracy", "overall", 0.91, limit)
    assert (found.value, found.threshold, found.has_unread_limit) == (None, None, True)
    assert limit in found.problem


def test_t60_so_is_one_in_words_in_a_table() -> None:
    found = card("0.9", "better than v2.1")
    assert (found["metric.has_threshold"], found["metric.has_value"]) == (True, False)
    assert card("0.9", "~~0.95~~ 0.85")["metric.meets"] is True


def test_t60_control_a_column_with_the_day_is_no_number() -> None:
    table = "| Metric | Date | Value | Limit |\n|---|---|---|---|\n| accuracy | 2026-11-20 | 0.91 | 0.9 |\n"
    files = {"MODEL_CARD.md": f"# C\n\n## Evaluation\n\n{table}"}
    facts = facts_of(snapshot(entry(model_card="MODEL_CARD.md"), files=files), policy())[0]
    assert facts.card is not None
    assert [(m.name, m.value, m.threshold) for m in facts.card.metrics] == [("accuracy", 0.91, 0.9)]


def test_t60_control_words_alone_are_no_limit() -> None:
    found = metric("accuracy", "overall", 0.91, "as agreed with the committee")
    assert (found.value, found.has_unread_limit, found.problem) == (0.91, False, "")


def test_t60_the_reason_is_told() -> None:
    assert card("70", "0.85")["problem"] == "70 and its limit 0.85 have no unit in common: write the same unit at both"
    assert card("0.8 to 0.9", "0.85")["problem"].startswith('"0.8 to 0.9" cannot be read as one result: write')


@pytest.mark.parametrize(
    ("value", "meets"),
    [("0.91", True), ('"91 %"', True), ("0.7", False), ('"95 out of 136"', False), ("70", None), ('"~~0.9~~"', None)],
)
def test_t60_the_hubs_index_is_read_with_its_units(value: str, meets: bool | None) -> None:
    index = "model-index:\n- name: c\n  results:\n  - task: {type: t}\n    dataset: {name: d, type: d}\n    metrics:\n"
    front = (
        f"license: mit\n{index}    - {{type: accuracy, value: {value}}}\nperformance_thresholds: {{accuracy: 0.85}}\n"
    )
    files = {"README.md": f"---\n{front}---\n\n# C\n"}
    facts = facts_of(snapshot(entry(model_card="README.md"), files=files), policy())[0]
    [found] = TARGETS["metric"].instances(facts, (), datetime(2026, 11, 22, tzinfo=UTC))
    assert (found.values["metric.has_threshold"], found.values.get("metric.meets")) == (True, meets)


def of(value: object, limit: object = None, name: str = "accuracy") -> Metric:
    return metric(name, "overall", value, limit)


@pytest.mark.parametrize(("before", "after", "worse"), [
    (0.91, "91%", False), ("91%", 0.92, False), ("91%", "90 of 100", True), (0.91, 70, True),
    (0.91, "0.8 to 0.95", True), (0.91, "95 cases", True), ("91", "92", False), ("91", "90", True),
])  # fmt: skip
def test_t60_a_number_that_changes_its_scale_is_no_better_one(before: object, after: object, worse: bool) -> None:
    assert is_worse(of(before), of(after)) is worse
    assert is_loosened(of(None, before), of(None, after)) is worse


def test_t60_latency_in_another_unit_is_compared() -> None:
    assert is_worse(of("120 ms", name="latency"), of("0.3 s", name="latency"))
    assert not is_worse(of("120 ms", name="latency"), of("0.1 s", name="latency"))


def test_t60_bases_limit_is_held_on_one_scale() -> None:
    held = held_to(of(75, 70), of(0.91, 0.85))
    assert (held.value, held.threshold, bool(held.problem)) == (None, 0.85, True)
    assert (held_to(of("75%", "70%"), of(0.91, 0.85)).value, held_to(of(0.86, 0.8), of(0.91, 0.85)).value) == (
        0.75,
        0.86,
    )


@pytest.mark.parametrize(
    "text", ["9" * 5000, "0." + "1 " * 70, "(" * 160, "1," * 79 + "x", "0.9" + " (" * 70, "~~" * 5000]
)
def test_t60_long_cells_are_answered_at_once(text: str) -> None:
    assert read_number(text) is None
