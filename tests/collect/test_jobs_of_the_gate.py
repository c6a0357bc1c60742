"""Whether a job may be called like another, where its name is written out, listed in a matrix, or worked out (D31)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policy_gate.collect.jobs_of_the_gate import has_job_called

WORKFLOW = ".github/workflows/other.yml"


def may_be(name: str, wanted: str = "gate", **matrix: Any) -> bool:
    job = {"name": name, "strategy": {"matrix": matrix}, "steps": []}
    return has_job_called(WORKFLOW, json.dumps({"jobs": {"some-job": job}}).encode(), frozenset({wanted}))


@pytest.mark.parametrize(
    ("name", "matrix", "expected"),
    [
        ("gate", {}, True),
        ("Gate (3.12)", {}, True),
        ("gates", {}, False),
        ("${{ github.job }}", {}, True),
        ("g${{ a }}t${{ b }}", {}, True),
        ("g${{ a }}x${{ b }}e", {}, False),
        ("${{ a }}gate${{ b }}", {}, True),
        ("gate of ${{ a }}", {}, False),
        ("${{ matrix.it }}", {"it": ["docs", "GATE"]}, True),
        ("${{ matrix.it }}", {"it": ["docs", "gates"]}, False),
        ("${{ matrix.it }}te", {"it": ["ga", "gat"]}, True),
        ("${{ matrix.it }}${{ matrix.of }}", {"it": ["g", "ga"], "of": ["te", "ate"]}, True),
        ("${{ matrix.it }}", {"it": ["${{ github.job }}"]}, True),
        ("${{ matrix.it }}", {"it": [f"job-{number}" for number in range(300)]}, True),
    ],
)
def test_what_a_name_may_come_to(name: str, matrix: dict[str, Any], expected: bool) -> None:
    assert may_be(name, **matrix) is expected


def test_t62_a_name_of_many_expressions_is_told_at_once() -> None:
    """A search that goes back for each of them would not end."""
    assert not may_be(f"{'${{ a }}x' * 25}y", "x" * 60)
    assert may_be(f"{'${{ a }}x' * 25}", "x" * 60)
