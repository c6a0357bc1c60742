"""Metrics with a key for each part: value, unit, size, interval, limit, direction, evidence; and what they come to."""

from __future__ import annotations

from typing import Any

import pytest

from policy_gate.cards.metrics import metric, metrics_of
from policy_gate.cards.named_evidence import evidence_of, files_named
from policy_gate.schema.facts import Metric
from policy_gate.schema.intervals import wilson


def near(value: float | None) -> Any:
    return pytest.approx(value, abs=5e-4)


@pytest.mark.parametrize(
    ("raw", "value", "size", "low", "high"),
    [
        ({"value": 0.91}, 0.91, None, None, None),
        ({"value": "91 %"}, 0.91, None, None, None),
        ({"value": 91, "unit": "%"}, 0.91, None, None, None),
        ({"value": "95 out of 136"}, 95 / 136, 136, 0.617, 0.769),
        ({"value": "400/500"}, 0.8, 500, 0.763, 0.833),
        ({"value": 0.91, "n": 400}, 0.91, 400, 0.878, 0.934),
        ({"value": 0.91, "sample size": 400}, 0.91, 400, 0.878, 0.934),
        ({"value": 0.91, "interval": [0.88, 0.94]}, 0.91, None, 0.88, 0.94),
        ({"value": 91, "unit": "percent", "ci": [88, 94]}, 0.91, None, 0.88, 0.94),
        ({"value": 0.91, "interval": "0.88 to 0.94", "n": 9}, 0.91, 9, 0.88, 0.94),
        ({"value": 0.91, "interval": {"lower": 0.88, "upper": 0.94}}, 0.91, None, 0.88, 0.94),
        ({"value": 120, "unit": "ms", "n": 50}, 120, 50, None, None),
    ],
)
def test_the_parts_are_read(raw: Any, value: float, size: int | None, low: float | None, high: float | None) -> None:
    found = metric("accuracy", "overall", raw)
    assert (found.value, found.size, found.low, found.high) == (near(value), size, near(low), near(high))
    assert not found.problem


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ({"value": "2026-10-02"}, "cannot be read as one result"),
        ({"value": "~~0.93~~"}, ""),
        ({"value": 0.91, "interval": [0.2, 0.5]}, "does not hold the number"),
        ({"value": 0.91, "interval": [0.1, 0.99]}, "too wide"),
        ({"value": "0.91 at best"}, "cannot be read as one result"),
        ({"evidence": "r.json#/acc"}, ""),
    ],
)
def test_t60_what_is_no_number_is_none_in_a_part_either(raw: Any, problem: str) -> None:
    found = metric("accuracy", "overall", raw)
    assert found.value is None
    assert problem in found.problem


@pytest.mark.parametrize(
    ("raw", "wanted", "verdict"),
    [
        (0.91, 0.88, "met"),
        (0.85, 0.88, "missed"),
        ({"value": 0.91, "n": 4000}, 0.88, "met"),
        ({"value": 0.91, "n": 40}, 0.88, "inconclusive"),
        ({"value": 0.85, "n": 40}, 0.88, "inconclusive"),
        ({"value": 0.85, "n": 4000}, 0.88, "missed"),
        ("95 out of 136", "65 %", "inconclusive"),
        ("950 out of 1360", "65 %", "met"),
        ("0.91 (n=40)", 0.88, "inconclusive"),
        ("0.91 (95% CI 0.89-0.93)", 0.88, "met"),
        ("91% (95% CI 86-94)", "88%", "inconclusive"),
        ("0.91 ± 0.04", 0.88, "inconclusive"),
        ({"value": 0.91, "threshold": 0.88, "n": 4000}, None, "met"),
        ({"value": 0.05, "threshold": "at most 0.04", "n": 40}, None, "inconclusive"),
        ({"value": 0.05, "direction": "lower is better", "threshold": 0.08, "n": 4000}, None, "met"),
        (None, 0.88, "unknown"),
        ({"value": 70}, 0.85, "unknown"),
    ],
)
def test_met_missed_or_inconclusive(raw: Any, wanted: Any, verdict: str) -> None:
    assert metric("quality", "overall", raw, wanted).verdict == verdict


def test_the_interval_is_wilsons_and_follows_the_unit_of_the_limit() -> None:
    found = metric("quality", "overall", "95 out of 136", "65 %")
    bare = metric("quality", "overall", "69.9 (n=136)", "65 %")
    ends = wilson(95, 136)
    assert (found.low, found.high) == (near(ends.low), near(ends.high))
    assert (bare.value, bare.threshold) == (near(0.699), near(0.65))
    assert wilson(0, 0) == wilson(5, 0)
    assert wilson(10, 10).high == pytest.approx(1.0)


def test_typed_metrics_keep_their_names_and_find_their_limits() -> None:
    found = metrics_of(
        {"accuracy": {"value": 0.91, "n": 400}, "speed": {"p50": 3, "p95": 9}},
        {"women": {"accuracy": {"value": 0.88, "n": 90}}},
        {"accuracy": 0.85, "women": {"accuracy": 0.86}},
        {},
    )
    told = {(it.name, it.group): (it.value, it.threshold) for it in found}
    assert told == {
        ("accuracy", "overall"): (0.91, 0.85),
        ("speed p50", "overall"): (3, None),
        ("speed p95", "overall"): (9, None),
        ("accuracy", "women"): (0.88, 0.86),
    }


@pytest.mark.parametrize(
    ("stated", "problem"),
    [
        ("reports/r.json#/results/acc", ""),
        ({"test": "bias-benchmark-suite"}, ""),
        ({"test": "bias-benchmark-suite", "property": "accuracy"}, ""),
        ({"file": "r.json", "pointer": "/a"}, ""),
        ("reports/r.json", "is no FILE#/POINTER"),
        ({"file": "r.json"}, "beside a file stands"),
        ({"test": "a", "file": "b"}, "both a test and a file"),
        ({"url": "https://example.com"}, "it has url"),
        ([1], "neither a text nor a map"),
        ({}, "neither a test nor a file"),
    ],
)
def test_evidence_names_a_place(stated: Any, problem: str) -> None:
    found = evidence_of(stated)
    assert found is not None
    assert (problem in found.problem) if problem else not found.problem


def test_files_are_found_wherever_a_card_names_them() -> None:
    data = {
        "overall_performance": {"accuracy": {"value": 1, "evidence": "a.json#/x"}},
        "performance": [{"evidence": {"file": "b.json", "pointer": "/y"}}, {"evidence": "none"}],
    }
    assert sorted(files_named(data)) == ["a.json", "b.json"]


@pytest.mark.parametrize(
    ("raw", "step"),
    [
        (0.91, 0.005), ("91 %", 0.005), ("91.2%", 0.0005), ("0.9", 0.05), (120, 0.5), (1, 0.005), ("1,200 ms", 0.5),
        ("1.5e-3", 0.00005), ("95 out of 136", 1e-6),
        # nought, and powers of ten, are as exact as what they stand for
        (0, 0), ("0", 0), ("0.0", 0.05), ("0 %", 0.005), ("0.0%", 0.0005), ("1e2 %", 0.005),
        ("0e3 %", 0.005), ("0e400", 0), ("0.0e999 %", 0.005), ("0e-400", 0), ("1.20e2 ms", 0.5),
    ],
)  # fmt: skip
def test_a_number_may_be_off_by_its_rounding_alone(raw: Any, step: float) -> None:
    found: Metric = metric("quality", "overall", raw)
    assert found.step == pytest.approx(step)
