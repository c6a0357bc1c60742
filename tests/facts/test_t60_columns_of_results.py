"""T60: of several columns of a table the result is the model's own, beside its limit, in the units of the columns."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.reader import read_card
from policy_gate.schema.facts import Metric
from policy_gate.schema.snapshot import Evidence
from policy_gate.schema.source import Location

LIMITS = "\n## Thresholds\n\n- Accuracy: >= 0.9\n"


def one(*rows: str, more: str = "") -> Metric:
    """The metric of the name that the row begins with, in a card with this table."""
    head, row = rows
    bars = "|".join("---" for _ in head.split("|"))
    text = f"# C\n\n## Evaluation\n\n| {head} |\n|{bars}|\n| {row} |\n{more}"
    card = read_card(Evidence("MODEL_CARD.md", "file", oid="1", text=text), Location("governance.yaml"), CARD_WORDS)
    return next(it for it in card.metrics if it.name.startswith(row.split(" | ")[0]))


@pytest.mark.parametrize(
    ("head", "row", "more"),
    [
        ("Metric | Goal | Measured | Threshold", "Accuracy | 0.93 | 0.71 | 0.9", ""),
        ("Metric | Goal | Value", "Accuracy | 0.93 | 0.71", LIMITS),
        ("Metric | Wanted | Value", "Accuracy | 0.93 | 0.71", LIMITS),
        ("Metric | Baseline | Ours", "Accuracy | 0.93 | 0.71", LIMITS),
        ("Metric | Human | Model", "Accuracy | 0.93 | 0.71", LIMITS),
        ("Metric | Train | Test", "Accuracy | 0.93 | 0.71", LIMITS),
        ("Metric | Planned | Achieved", "Accuracy | 0.93 | 0.71", LIMITS),
        ("Metric | Previous release | 2.1", "Accuracy | 0.93 | 0.71", LIMITS),
        ("Metric | Value | Required value", "Accuracy | 0.71 | 0.9", ""),
        ("Metric | Value | Pass threshold (min)", "Accuracy | 0.71 | 0.9", ""),
        ("Metrik | Wert | Grenzwert", "Accuracy | 0.71 | 0.9", ""),
        ("Metric | Value (s) | Threshold (ms)", "Latency | 12 | 500", ""),
        ("Metric | Value (GB) | Limit (MB)", "Memory error | 12 | 900", ""),
    ],
)
def test_t60_the_number_that_misses_its_limit_is_not_passed_over(head: str, row: str, more: str) -> None:
    assert one(head, row, more=more).verdict == "missed"


@pytest.mark.parametrize(
    ("head", "row", "more"),
    [
        ("Metric | Value | Baseline | Threshold", "Accuracy | 0.93 | 0.71 | 0.9", ""),
        ("Metric | Ours | Baseline", "Accuracy | 0.93 | 0.71", LIMITS),
        ("Metric | Screener 2 | GPT-4", "Accuracy | 0.93 | 0.71", LIMITS),
        ("Metric | Baseline | Screener 2 | Threshold", "Accuracy | 0.71 | 0.93 | 0.9", ""),
        ("Metric | Value | Measured | Threshold", "Accuracy | 0.93 | 2026-11-02 | 0.9", ""),
        ("Metric | Value | Evaluated | Threshold", "Accuracy | 0.93 | 2026 | 0.9", ""),
        ("Metric | Result | Goal", "Accuracy | 0.93 | 0.9", ""),
        ("Metric | Value (ms) | Threshold (s)", "Latency | 400 | 0.5", ""),
        ("Metric | Value (%) | Threshold (%)", "Accuracy | 93 | 90", ""),
        ("Metric | Value (n) | Threshold", "Accuracy | 0.93 | 0.9", ""),
    ],
)
def test_t60_control_tables_that_teams_write(head: str, row: str, more: str) -> None:
    assert one(head, row, more=more).verdict == "met"


def test_t60_control_least_and_most_of_what_was_measured_are_no_limits() -> None:
    assert one("Metric | Mean | Min | Max", "Accuracy | 0.93 | 0.91 | 0.95").threshold is None
