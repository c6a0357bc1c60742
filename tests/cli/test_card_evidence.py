"""`card check` and `card diff` tell of numbers whether they rest on a result that can be read beside the card."""

from __future__ import annotations

import json
from typing import Any

import pytest
from scratch import Scratch
from world import low_system, to_yaml

RESULTS = {"overall": {"accuracy": 0.84, "recall": 0.9}, "runs": [{"f1": "77 %"}]}


def card(**numbers: Any) -> str:
    return to_yaml({"schema": "policy-gate/card/v1", "model_name": "Ranker", "overall_performance": numbers})


def bound(value: Any, evidence: str) -> dict[str, Any]:
    return {"value": value, "evidence": evidence}


def told(repo: Scratch, path: str) -> dict[str, tuple[str, str]]:
    found = repo.run("card", "check", path, "--tier", "low", "--format", "json").report["metrics"]
    return {it["name"]: (it["evidence"], it["evidence_said"] or "") for it in found}


@pytest.fixture
def repo(scratch: Scratch) -> Scratch:
    scratch.adopt(low_system("development"), files={"papers/results.json": json.dumps(RESULTS)})
    return scratch


@pytest.mark.parametrize(
    ("value", "evidence", "state", "said"),
    [
        (0.84, "results.json#/overall/accuracy", "shown", ""),
        ("90 %", "results.json#/overall/recall", "shown", ""),
        (0.77, "results.json#/runs/0/f1", "shown", ""),
        (0.91, "results.json#/overall/accuracy", "contradicted", "says 0.84"),
        ("70 %", "results.json#/runs/0/f1", "contradicted", "says 77%"),
        (0.91, "results.json#/overall/precision", "unread", "leads nowhere"),
        (0.91, "other.json#/overall/accuracy", "unread", "other.json is absent"),
        (0.91, "../results.json#/overall/accuracy", "unread", "outside the card's folder"),
    ],
)
def test_a_card_of_no_system_is_held_against_the_files_beside_it(
    repo: Scratch, value: Any, evidence: str, state: str, said: str
) -> None:
    repo.write({"papers/card.yaml": card(accuracy=bound(value, evidence), loss=0.2)})
    found = told(repo, "papers/card.yaml")
    assert (found["accuracy"][0], said in found["accuracy"][1]) == (state, True), found
    assert found["loss"] == ("claimed", "")


def test_a_link_out_of_the_folder_is_not_followed(repo: Scratch) -> None:
    repo.write({"secret.json": json.dumps(RESULTS)})
    (repo.path / "papers" / "link.json").symlink_to("../secret.json")
    repo.write({"papers/card.yaml": card(accuracy=bound(0.84, "link.json#/overall/accuracy"))})
    assert told(repo, "papers/card.yaml")["accuracy"][0] == "unread"


def test_people_read_what_a_number_rests_on(repo: Scratch) -> None:
    numbers = {
        "accuracy": bound(0.91, "results.json#/overall/accuracy"),
        "recall": bound(0.9, "results.json#/overall/recall"),
        "loss": 0.2,
    }
    repo.write({"papers/card.yaml": card(**numbers)})
    out = " ".join(repo.run("card", "check", "papers/card.yaml").out.split())
    for said in (
        "accuracy of overall: 0.91 (line 4); contradicted: It says 0.91, and results.json at /overall/accuracy says",
        "recall of overall: 0.9 (line 7); shown by its evidence",
        "loss of overall: 0.2 (line 10); claimed, with no evidence",
    ):
        assert said in out, out


def test_the_card_of_a_system_rests_on_what_its_entry_names(scratch: Scratch) -> None:
    place = {"file": "papers/results.json", "pointer": "/overall/accuracy"}
    files = {
        "papers/results.json": json.dumps(RESULTS),
        "card.md": "# Ranker\n\n## Results\n\n| Metric | Value |\n|---|---|\n| accuracy | 0.91 |\n",
    }
    stated = [{"name": "accuracy", "evidence": place}]
    scratch.adopt(low_system("development", model_card="card.md", metrics=stated), files=files)
    state, said = told(scratch, "card.md")["accuracy"]
    assert (state, "says 0.84" in said) == ("contradicted", True)


def test_what_a_sample_is_too_small_for_is_inconclusive(repo: Scratch) -> None:
    repo.write({"papers/card.yaml": card(accuracy={"value": "19 out of 20", "threshold": 0.9})})
    out = " ".join(repo.run("card", "check", "papers/card.yaml").out.split())
    assert "inconclusive accuracy of overall: 0.95, wants at least 0.9, lies between 0.764 and 0.991" in out, out


def test_a_difference_tells_what_the_number_rests_on_now(repo: Scratch) -> None:
    place = "results.json#/overall/accuracy"
    repo.write(
        {
            "papers/was.yaml": card(accuracy=bound(0.84, place), recall=bound(0.9, "results.json#/overall/recall")),
            "papers/up.yaml": card(accuracy=bound(0.91, place), recall=0.9),
        }
    )
    found = repo.run("card", "diff", "papers/was.yaml", "papers/up.yaml", "--format", "json").report["changes"]
    assert {(it["kind"], it["field"], it["evidence"]) for it in found} == {
        ("metric-improved", "accuracy[overall]", "contradicted"),
        ("metric-evidence-dropped", "recall[overall]", None),
    }
    out = repo.run("card", "diff", "papers/was.yaml", "papers/up.yaml").out
    for said in (
        "accuracy[overall] got better: 0.84 to 0.91",
        "now: contradicted: It says 0.91, and results.json at /overall/accuracy",
        "recall[overall] names no evidence any more",
    ):
        assert said in out, out
    repo.write({"papers/bound.yaml": card(accuracy=bound(0.84, "results.json#/overall/precision"))})
    [only] = [
        it
        for it in repo.run("card", "diff", "papers/was.yaml", "papers/bound.yaml", "--format", "json").report["changes"]
        if it["field"] == "accuracy[overall]"
    ]
    assert (only["kind"], only["before"], only["after"]) == ("metric-evidence-changed", "shown", "unread")
    same = repo.run("card", "diff", "papers/was.yaml", "papers/was.yaml")
    assert same.out == "the cards say the same\n"
