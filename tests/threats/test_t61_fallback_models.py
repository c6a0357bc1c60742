"""T61: a model to fall back on, named by the author, named and used at once, or used for more than was agreed to."""

from __future__ import annotations

from typing import Any

import pytest
from scratch import Result, Scratch
from world import days_ago, high_system, low_system

OLD, NEW, OTHER = "gpt-4o-2024-08-06", "gpt-4.1-2025-04-14", "gpt-5-2025-08-07"
APP = 'import openai\nclient = openai.OpenAI()\nMODEL = "{}"\n'
FALLBACK = {"name": OLD, "fallback": "true"}


def live(scratch: Scratch, *models: dict[str, str]) -> Scratch:
    entry = high_system("production", stage_since=days_ago(20), models=[{"name": NEW}, *models])
    scratch.adopt(entry, files={"screener/app.py": APP.format(NEW)})
    scratch.branch()
    return scratch


def used(scratch: Scratch, model: str, more: str = "") -> Result:
    scratch.commit(f"Use {model}", files={"screener/app.py": APP.format(model) + more})
    return scratch.check()


def named(*models: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": NEW}, *models]


def test_t61_control_the_code_goes_back_to_what_base_names(scratch: Scratch) -> None:
    found = used(live(scratch, FALLBACK), OLD)
    assert (found.code, found.blocking(), found.changes()) == (0, [], ["model-changed"]), found


@pytest.mark.parametrize(
    ("listed", "model", "more"),
    [
        (FALLBACK, OTHER, ""),
        (FALLBACK, OLD, f'SECOND = "{OTHER}"\n'),
        (FALLBACK, "os.environ['MODEL']", "import os\n"),
        ({"name": OLD}, OLD, ""),
        ({"name": OLD, "fallback": "false"}, OLD, ""),
        ({"name": "gpt-4o", "fallback": "true"}, "gpt-4o", ""),
        ({"name": "gpt-4o", "version": "2024-05-13", "fallback": "true"}, OLD, ""),
    ],
    ids=[
        "another",
        "one more",
        "a setting",
        "listed alone",
        "said not to be one",
        "a name that moves",
        "other version",
    ],
)
def test_t61_what_base_does_not_name_is_judged_as_ever(
    scratch: Scratch, listed: dict[str, str], model: str, more: str
) -> None:
    found = used(live(scratch, listed), model, more)
    assert (found.code, "model-changed" in found.changes()) == (1, True), found
    assert "any_of:model-card or ai-safety-lead" in found.blocking()


def test_t61_a_fallback_that_the_change_names_is_none_yet(scratch: Scratch) -> None:
    live(scratch)
    scratch.edit(models=named(FALLBACK))
    found = used(scratch, OLD)
    assert {"approval:ai-safety-lead", "any_of:model-card or ai-safety-lead"} <= set(found.blocking()), found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([], [{"name": NEW}, FALLBACK]),
        (named({"name": OLD}), named(FALLBACK)),
        (named(FALLBACK), named(FALLBACK, {"name": OTHER, "fallback": "true"})),
        (named(FALLBACK), named(FALLBACK | {"version": "2"})),
    ],
    ids=["in a first list", "of a listed one", "one more", "pinned otherwise"],
)
@pytest.mark.parametrize("make", [high_system, low_system])
def test_t61_naming_one_is_never_the_authors_alone(
    scratch: Scratch, make: Any, before: list[dict[str, str]], after: list[dict[str, str]]
) -> None:
    scratch.adopt(make("development", id="SYS-001", models=before or None))
    scratch.branch()
    scratch.edit(models=after)
    scratch.commit("Name a fallback")
    found = scratch.check()
    asked = {item.get("for") for item in found.findings("gap") if item["enforcement"] == "block"}
    assert (found.code, "model-fallback" in asked) == (1, True), found


def test_t61_the_way_forward_is_asked_about_again(scratch: Scratch) -> None:
    live(scratch, FALLBACK)
    used(scratch, OLD)
    scratch.merge()
    scratch.branch("forward")
    assert "any_of:model-card or ai-safety-lead" in used(scratch, NEW).blocking()


def test_t61_a_host_that_comes_with_it_is_asked_about(scratch: Scratch) -> None:
    live(scratch, FALLBACK)
    found = used(scratch, OLD, 'other = openai.OpenAI(base_url="https://llm.example.net/v1")\n')
    assert (found.code, "vendor-changed" in found.changes()) == (1, True), found
