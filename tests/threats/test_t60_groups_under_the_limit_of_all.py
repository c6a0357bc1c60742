"""T60, T35: an average that meets its limit hides no group below it, and a word in the card takes none out (E40)."""

from __future__ import annotations

from typing import Any

import pytest
from evidence import CARD_SECTIONS
from promotion import Promotion
from scratch import Result, Scratch
from world import days_ago, high_system, to_yaml

RULE = "group-misses-overall-limit"
LIMITS = {"accuracy": 0.85, "recall": 0.8}


def yaml_card(women: Any, limits: dict[str, Any] | None = None, men: Any = 0.88) -> str:
    words = {name: text for name, text in CARD_SECTIONS.items() if "performance" not in name or "caveats" in name}
    groups = {"women": women if isinstance(women, dict) else {"recall": women}, "men": {"recall": men}}
    numbers = {
        "overall_performance": {"accuracy": 0.91, "recall": 0.88},
        "performance_by_group": groups,
        "performance_thresholds": limits or LIMITS,
    }
    return to_yaml({"schema": "policy-gate/card/v1", **words, **numbers})


def below(found: Result) -> list[dict[str, Any]]:
    return [it for it in found.findings("gap") if it["requirement"]["subject"] == RULE]


@pytest.mark.parametrize(
    ("women", "limits", "said"),
    [
        (0.6, LIMITS, "recall[women]: 0.6, limit of all 0.8."),
        ("60 %", LIMITS, "0.6, limit of all 0.8."),
        ({"Recall": {"value": 0.6, "n": 4}}, LIMITS, "0.6, limit of all 0.8."),
        (0.6, {"accuracy": 0.85, "overall": {"recall": 0.8}}, "0.6, limit of all 0.8."),
        (60, LIMITS, "60, limit of all in another unit."),
    ],
)
def test_t60_a_group_below_the_limit_of_all_is_owed(
    promotion: Promotion, women: Any, limits: dict[str, Any], said: str
) -> None:
    found = promotion.attempt({"model_card.yaml": yaml_card(women, limits)}, model_card="model_card.yaml")
    told = below(found)[0]
    assert (told["enforcement"], len(below(found))) == ("remediate", 1), told
    assert said in told["message"]
    assert (found.verdict, found.blocking()) == ("conditions", [])


@pytest.mark.parametrize(
    ("women", "limits"),
    [
        (0.8, LIMITS),
        (0.6, LIMITS | {"women": {"recall": 0.55}}),
        (0.6, LIMITS | {"recall": {"overall": 0.8, "women": 0.55}}),
        ({"precision": 0.4}, LIMITS),
    ],
)
def test_t60_control_a_group_that_meets_it_or_has_its_own(
    promotion: Promotion, women: Any, limits: dict[str, Any]
) -> None:
    found = promotion.attempt({"model_card.yaml": yaml_card(women, limits)}, model_card="model_card.yaml")
    assert below(found) == []


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("groups"))
    repo.adopt(high_system("production", stage_since=days_ago(20)))
    repo.branch()
    repo.edit(model_card="model_card.yaml")
    repo.commit("Numbers by group", files={"model_card.yaml": yaml_card(0.6)}, by="Rae Kim")
    repo.merge()
    return repo


@pytest.mark.parametrize(
    ("limits", "asks"),
    [
        (LIMITS | {"women": {"recall": 0.55}}, True),
        (LIMITS | {"men": {"recall": 0.1}}, True),
        (LIMITS | {"women": {"recall": "< 0.9"}}, True),
        (LIMITS | {"women": {"recall": 0.8}}, False),
        (LIMITS | {"men": {"recall": 0.85}}, False),
    ],
)
def test_t35_a_groups_own_limit_below_that_of_all_is_agreed_by_another(
    live: Scratch, limits: dict[str, Any], asks: bool
) -> None:
    live.git("checkout", "-q", "-f", "-B", "attempt", "main")
    live.commit("A limit for a group", files={"model_card.yaml": yaml_card(0.6, limits)})
    found = live.check()
    assert ("approval:ai-safety-lead" in found.blocking(), "limit-dropped" in found.changes()) == (asks, asks)


def test_t35_lowering_the_limit_of_all_helps_no_group_in_that_change(live: Scratch) -> None:
    live.git("checkout", "-q", "-f", "-B", "attempt", "main")
    live.commit("Lower", files={"model_card.yaml": yaml_card(0.6, LIMITS | {"recall": 0.5})})
    assert "0.6, limit of all 0.8." in below(live.check())[0]["message"]


def test_t35_a_group_in_another_unit_gets_no_limit_of_its_own_unseen(live: Scratch) -> None:
    live.git("checkout", "-q", "-f", "-B", "units", "main")
    live.commit("In per cent", files={"model_card.yaml": yaml_card(60)}, by="Rae Kim")
    live.git("checkout", "-q", "-B", "attempt")
    live.commit("A limit in per cent", files={"model_card.yaml": yaml_card(60, LIMITS | {"women": {"recall": 55}})})
    found = live.check("--base", "units")
    assert (found.code, found.changes()) == (1, ["limit-dropped"]), found
    assert "approval:ai-safety-lead" in found.blocking()
    live.commit("The same unit", files={"model_card.yaml": yaml_card("90 %")})
    found = live.check("--base", "units")
    assert ("limit-dropped" in found.changes(), below(found)) == (False, []), "the control"
