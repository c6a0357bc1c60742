"""D39: a listed model may say who serves it, one of the system's vendors; the same from another vendor is another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scratch import Scratch
from world import high_system

PINNED = {"name": "gpt-4o", "version": "2024-08-06"}
TERMS = {
    "vendor_name": "A vendor", "product_name": "Chat", "access_type": "api", "use_case": "Answers letters",
    "data_sent": "Letters without names",
}  # fmt: skip


def listed(*vendors: str, **fields: Any) -> dict[str, Any]:
    return {"vendors": list(vendors), "models": [PINNED | fields]}


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """Base lists one model that `cloud-one` serves, of two vendors that the system has."""
    made = Scratch(Path(tmp_path_factory.mktemp("listed")))
    made.adopt(high_system("development"))
    made.declare_only(vendors=[TERMS | {"id": id_} for id_ in ("cloud-one", "cloud-two")])
    made.edit(**listed("cloud-one", "cloud-two", vendor="cloud-one"))
    made.commit("List the model", by="Rae Kim")
    return made


@pytest.mark.parametrize("fields", [{"vendor": "cloud-two"}, {}], ids=["another", "said no more"])
def test_d39_the_same_model_of_another_vendor_is_model_changed(repo: Scratch, fields: dict[str, str]) -> None:
    repo.branch("work", at="main")
    repo.edit(**listed("cloud-one", "cloud-two", **fields))
    repo.commit("Another vendor")
    changes = repo.check().system()["changes"]
    assert [(it["kind"], it["before"]) for it in changes if it["kind"] == "model-changed"] == [
        ("model-changed", "gpt-4o 2024-08-06 cloud-one")
    ]


def test_d39_control_to_say_the_vendor_at_first_changes_nothing(repo: Scratch) -> None:
    repo.branch("base-without", at="main")
    repo.edit(**listed("cloud-one", "cloud-two"))
    repo.commit("Base says none", by="Rae Kim")
    repo.branch("work", at="base-without")
    repo.edit(**listed("cloud-one", "cloud-two", vendor="cloud-two"))
    repo.commit("Say it")
    found = repo.check("--base", repo.git("rev-parse", "base-without"))
    assert "model-changed" not in found.changes()
    assert found.report["problems"] == []


def test_d39_a_vendor_that_the_system_does_not_name_is_a_problem_at_its_line(repo: Scratch) -> None:
    repo.branch("work", at="main")
    repo.edit(**listed("cloud-one", vendor="cloud-too"))
    repo.commit("A slip")
    found = repo.check()
    (problem,) = found.report["problems"]
    assert (found.code, problem["message"], problem["hint"]) == (
        1, 'vendor "cloud-too" of a model is none of this system', 'did you mean "cloud-one"?',
    )  # fmt: skip
    assert problem["line"] > 1


def base_with(repo: Scratch, models: list[dict[str, Any]]) -> str:
    """A base that lists these models; its commit."""
    repo.branch("listed", at="main")
    repo.edit(vendors=["cloud-one", "cloud-two"], models=models)
    return repo.commit("List more", by="Rae Kim")


def changes_to(repo: Scratch, base: str, models: list[dict[str, Any]]) -> list[str]:
    repo.branch("work", at=base)
    repo.edit(models=models)
    repo.commit("Change the list")
    return repo.check("--base", base).changes()


OLD, NEW = PINNED | {"version": "2024-05-13"}, PINNED
ONE, TWO = {"vendor": "cloud-one"}, {"vendor": "cloud-two"}


@pytest.mark.parametrize(
    ("before", "after", "is_told"),
    [
        ([OLD | ONE, NEW | TWO], [OLD | TWO, NEW | ONE], True),
        ([OLD | ONE, NEW], [OLD | TWO, NEW | ONE], True),
        ([OLD | ONE, NEW | ONE], [OLD | TWO, NEW | ONE], True),
        ([OLD | ONE, NEW], [OLD, NEW | ONE], True),
        # the controls: said at first of the other, in another order
        ([OLD | ONE, NEW], [OLD | ONE, NEW | ONE], False),
        ([OLD | ONE, NEW], [OLD | ONE, NEW | TWO], False),
        ([OLD | ONE, NEW | TWO], [NEW | TWO, OLD | ONE], False),
    ],
)
def test_t61_vendors_that_two_versions_of_a_model_exchange_are_other_ones(
    repo: Scratch, before: list[dict[str, Any]], after: list[dict[str, Any]], is_told: bool
) -> None:
    assert ("model-changed" in changes_to(repo, base_with(repo, before), after)) is is_told


def test_d50_a_fallback_whose_vendor_is_said_at_first_is_not_named_anew(repo: Scratch) -> None:
    base = base_with(repo, [NEW | ONE, OLD | {"fallback": "true"}])
    assert "fallback-named" not in changes_to(repo, base, [NEW | ONE, OLD | ONE | {"fallback": "true"}])
    base = base_with(repo, [NEW | ONE, OLD | ONE | {"fallback": "true"}])
    assert "fallback-named" in changes_to(repo, base, [NEW | ONE, OLD | TWO | {"fallback": "true"}])
