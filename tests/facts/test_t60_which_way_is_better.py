"""T60: a number that is far beyond its limit on the bad side meets it by no name, sign or unit."""

from __future__ import annotations

import pytest

from policy_gate.cards.metrics import metric
from policy_gate.schema.facts import Metric


def measured(name: str, value: str, limit: str) -> Metric:
    return metric(name, "overall", value, limit)


@pytest.mark.parametrize(
    "name",
    [
        "Failure rate", "Misclassification", "Miss rate", "Incorrect denials", "Wrong answers", "Unsafe responses",
        "Harmful output rate", "PII exposure", "Complaint rate", "Fabrication rate", "Prompt injection success",
        "Fehlerrate", "Taux d'erreur", "Tasa de errores", "failed_requests", "KL divergence",
    ],
)  # fmt: skip
def test_t60_more_of_what_is_bad_is_not_better(name: str) -> None:
    assert measured(name, "0.3", "0.05").verdict == "missed"
    assert measured(name, "0.03", "0.05").verdict == "met"


@pytest.mark.parametrize(
    "name",
    [
        "Failure detection recall", "Harmful requests refused", "Unsafe content detection", "Harmlessness", "Accuracy",
        "Incorrect answers corrected", "Failures caught", "Explained variance", "Prompt injections blocked",
        "Demographic parity", "Robustness to wrong labels", "Recall", "Uptime",
    ],
)  # fmt: skip
def test_t60_control_more_of_what_keeps_the_bad_away_is_better(name: str) -> None:
    assert measured(name, "0.95", "0.9").verdict == "met"
    assert measured(name, "0.7", "0.9").verdict == "missed"


def test_t60_control_the_sign_of_a_limit_comes_before_any_name() -> None:
    assert measured("Failure rate of attacks", "0.95", ">= 0.9").verdict == "met"
    assert measured("Time per case", "3 s", "at least 2 s").verdict == "met"


@pytest.mark.parametrize("name", ["p95", "Response", "Inference", "End to end"])
def test_t60_longer_is_not_better(name: str) -> None:
    assert measured(name, "12 s", "500 ms").verdict == "missed"
    assert measured(name, "400 ms", "0.5 s").verdict == "met"


def test_t60_control_of_what_should_last_longer_is_better() -> None:
    assert measured("Mean time between failures", "90 min", "60 min").verdict == "met"
    assert measured("Context window", "60 s", "30 s").verdict == "met"


@pytest.mark.parametrize(
    ("name", "value", "limit"),
    [
        ("Bias difference", "-0.3", "<= 0.1"),
        ("Selection rate gap", "\u22120.3", "0.1"),
        ("demographic_parity_difference", "-30%", "10%"),
        ("Bias", "-0.3", "at most 0.1"),
        ("Mean error", "-4.2", "<= 1"),
    ],
)
def test_t60_a_difference_below_zero_is_as_far_off_as_one_above(name: str, value: str, limit: str) -> None:
    assert measured(name, value, limit).verdict == "missed"


@pytest.mark.parametrize(
    ("name", "value", "limit"),
    [
        ("Bias difference", "-0.03", "<= 0.1"),
        ("Log likelihood", "-0.3", ">= -0.5"),
        ("Loss", "-3.1", "<= -3"),
        ("Signal level", "-60", ">= -70"),
    ],
)
def test_t60_control_a_small_difference_and_what_lies_below_zero_by_nature(name: str, value: str, limit: str) -> None:
    assert measured(name, value, limit).verdict == "met"


def test_t60_a_difference_keeps_its_interval() -> None:
    raw = {"value": "-0.05", "interval": [-0.052, -0.048], "threshold": "<= 0.1"}
    found = metric("Parity gap", "overall", raw)
    assert (found.value, found.low, found.high, found.verdict) == (0.05, 0.048, 0.052, "met")
