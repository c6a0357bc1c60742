"""T30: whatever stands in a report of an evaluation or beside a number, it is read or refused, and nothing breaks."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from evaluations import deepeval, garak, garak_hits, lm_eval, plain, promptfoo, pytest_json
from hypothesis import given
from hypothesis import strategies as st

from policy_gate.cards.metrics import metric
from policy_gate.cards.named_evidence import evidence_of
from policy_gate.facts.result_formats.suites import ResultRefusedError
from policy_gate.facts.test_results import Expected, read_results
from policy_gate.schema.facts import TestFact
from policy_gate.schema.source import Location

REPORTS: dict[str, list[Any]] = {
    "promptfoo": [promptfoo(2, 1)],
    "deepeval": [deepeval(2, 1)],
    "lm_eval": [lm_eval(0.9)],
    "pytest_json": [pytest_json(("passed", "failed", "skipped"))],
    "plain": [plain(2, 1)],
    "garak": [json.loads(line) for line in garak().splitlines()],
    "hits": [json.loads(line) for line in garak_hits().splitlines()],
}
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("failed")
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner))


def ways(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way, *(found for key, it in inner for found in ways(it, (*way, key)))]


def put(value: Any, way: tuple[Any, ...], other: Any) -> Any:
    if not way:
        return other
    value[way[0]] = put(value[way[0]], way[1:], other)
    return value


def read(lines: list[Any]) -> TestFact:
    text = "\n".join(json.dumps(line) for line in lines)
    blank = TestFact("bias-benchmark-suite", "r.json", "0", Location("governance.yaml", 1, 1), None, "")
    models = ("gpt-4o", "2024-08-06")
    expected = Expected("bias-benchmark-suite", "SYS-001", version="2.1", models=models, hosted=("gpt", "claude"))
    return read_results(text, expected, blank)


@pytest.mark.parametrize("name", REPORTS)
@given(data=st.data())
def test_t30_any_value_anywhere_in_a_report_is_read_or_refused(name: str, data: st.DataObject) -> None:
    lines = copy.deepcopy(REPORTS[name])
    at = data.draw(st.integers(0, len(lines) - 1))
    lines[at] = put(lines[at], data.draw(st.sampled_from(ways(lines[at]))), data.draw(VALUES))
    try:
        fact = read(lines)
    except ResultRefusedError:
        raise AssertionError("a refusal is a cause, and no error") from None
    assert fact.cause in (None, "failed", "not-run", "refused")
    assert fact.passed <= fact.executed
    assert 0 <= fact.interval.low <= fact.interval.high <= 1


@given(
    st.dictionaries(
        st.sampled_from(
            ["value", "unit", "n", "interval", "threshold", "direction", "evidence", "higher_is_better", "x"]
        ),
        VALUES | st.sampled_from([0.9, 91, "91 %", "95 out of 136", "0.9 ± 0.1", [0.8, 0.95], "lower", {"low": 0.1}]),
    ),
    VALUES,
)
def test_t30_any_parts_of_a_metric_are_read(parts: dict[str, Any], wanted: Any) -> None:
    found = metric("accuracy", "overall", {"value": None} | parts, wanted)
    assert found.verdict in ("met", "missed", "inconclusive", "unknown")
    assert evidence_of(parts.get("evidence")) is None or parts.get("evidence") is not None
