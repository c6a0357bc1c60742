"""T60: a limit holds whatever it stands under: the whole, a group and a metric in either order, or the parts of one."""

from __future__ import annotations

from typing import Any

import pytest

from policy_gate.cards.metrics import metrics_of

WOMEN, OF_ALL = ("women", "missed"), ("overall", "missed")


def missed(limits: dict[str, Any], overall: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    groups = {"women": {"recall": 0.6}, "men": {"recall": 0.9}}
    found = metrics_of(overall or {"recall": 0.7}, groups, limits, {})
    return [(it.group, it.verdict) for it in found if it.verdict == "missed"]


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"recall": 0.8}, [OF_ALL]),
        ({"overall": {"recall": 0.8}}, [OF_ALL]),
        ({"All": {"Recall": "80 %"}}, [OF_ALL]),
        ({"recall": {"overall": 0.8}}, [OF_ALL]),
        ({"recall": {"value": 0.8}}, [OF_ALL]),
        ({"recall": {"value": 80, "unit": "%"}}, [OF_ALL]),
        ({"recall": {"min": 0.8, "target": 0.95}}, [OF_ALL]),
        ({"recall": {"minimum": 80, "unit": "%"}}, [OF_ALL]),
        ({"recall": {"max": 0.5}}, [OF_ALL]),
        ({"recall": {"min": 0.8, "max": 0.95}}, [OF_ALL]),
        ({"recall": {"target": 0.95, "alert": 0.9}}, [OF_ALL]),
        ({"women": {"recall": {"gte": 0.8}}}, [WOMEN]),
        ({"women": {"recall": {"at least": "80 %"}}}, [WOMEN]),
        ({"recall": {"women": {"op": ">=", "value": 0.8}}}, [WOMEN]),
        ({"women": {"recall": 0.8}}, [WOMEN]),
        ({"Women": {"recall": {"min": 0.8}}}, [WOMEN]),
        ({"recall": {"women": 0.8}}, [WOMEN]),
        ({"recall": {"overall": 0.8, "women": {"threshold": 0.7}}}, [OF_ALL, WOMEN]),
    ],
)
def test_t60_a_limit_is_held_wherever_it_stands(limits: dict[str, Any], told: list[tuple[str, str]]) -> None:
    assert missed(limits) == told


@pytest.mark.parametrize(
    "limits",
    [
        {"recall": 0.65},
        {"overall": {"recall": 0.65}},
        {"recall": {"overall": 0.65, "women": 0.55}},
        {"recall": {"min": 0.65, "target": 0.95}},
        {"recall": {"max": 0.95}},
        # what a map says besides is neither a group nor a limit
        {"recall": {"note": "looked at weekly"}},
        {"production": {"latency": 0.9}},
    ],
)
def test_t60_control_a_limit_that_is_met_and_what_is_none(limits: dict[str, Any]) -> None:
    assert missed(limits) == []
