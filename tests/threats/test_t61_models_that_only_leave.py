"""T61: a model is exchanged by taking it away, so that another one that stands beside it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest
from scratch import Result, Scratch
from world import days_ago, high_system, medium_system

NAMED, OPTION, OTHER = "gpt-4.1-2025-04-14", "gpt-4o-2024-08-06", "o3-mini"
MEDIUM: Final = "SYS-002"
LIST: Final = f'import openai\nMODELS = ["{NAMED}", "{OPTION}", "{OTHER}"]\n'


def judged(
    scratch: Scratch, before: Mapping[str, str], after: Mapping[str, str], of: Any = high_system, **entry: Any
) -> Result:
    more = {"models": [{"name": NAMED}], "paths": ["screener/**"], **entry}
    system = of("production", stage_since=days_ago(20), **more)
    scratch.adopt(system, files={f"screener/{path}": text for path, text in before.items()})
    scratch.branch()
    scratch.commit("Fewer models", files={f"screener/{path}": text for path, text in after.items()})
    return scratch.check()


def without(text: str, model: str) -> str:
    assert f'"{model}", ' in text
    return text.replace(f'"{model}", ', "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"app.py": LIST}, {"app.py": without(LIST, OPTION)}),
        (
            {"app.py": LIST, "prices.json": f'{{"{NAMED}": 2.0, "{OTHER}": 3.0}}'},
            {"app.py": f'import openai\nMODELS = ["{NAMED}", "{OPTION}"]\n', "prices.json": f'{{"{NAMED}": 2.0}}'},
        ),
        (
            {"app.ts": f"{LIST}".replace("import openai", 'import OpenAI from "openai"')},
            {"app.ts": f'ask("{NAMED}");\n'},
        ),
    ],
)
def test_t61_control_an_option_that_nobody_named_leaves_a_file_that_keeps_the_named_one(
    scratch: Scratch, before: dict[str, str], after: dict[str, str]
) -> None:
    found = judged(scratch, before, after)
    assert (found.code, found.blocking(), set(found.changes())) == (0, [], {"model-changed"}), found


def test_t61_control_at_medium_the_card_is_not_asked_for_what_it_never_named(scratch: Scratch) -> None:
    found = judged(scratch, {"app.py": LIST}, {"app.py": without(LIST, OPTION)}, of=medium_system)
    assert (found.code, found.blocking(), found.changes(MEDIUM)) == (0, [], ["model-changed"]), found


@pytest.mark.parametrize(
    ("before", "after", "entry"),
    [
        pytest.param({"app.py": LIST}, {"app.py": without(LIST, NAMED)}, {}, id="the model that base names leaves"),
        pytest.param(
            {"app.py": LIST}, {"app.py": without(LIST, NAMED)}, {"models": [{"name": "gpt-4.1"}]}, id="a day of it"
        ),
        pytest.param(
            {"app.py": LIST, "old.py": f'import openai\nMODELS = ["gpt-5-nano", "{OTHER}"]\n'},
            {"old.py": f'import openai\nMODELS = ["{OTHER}"]\n'},
            {},
            id="out of a file that names no named one",
        ),
        pytest.param(
            {"app.py": LIST, "settings.yaml": f"model: {OPTION}-hot\n"},
            {"settings.yaml": "temperature: 0\n"},
            {},
            id="out of settings, so that a default holds",
        ),
        pytest.param(
            {"app.py": LIST},
            {"app.py": without(LIST, OPTION)},
            {"models": [{"name": OTHER}, {"name": OPTION}]},
            id="both named",
        ),
        pytest.param(
            {"app.py": LIST},
            {"app.py": without(LIST, OPTION).replace(OTHER, "gpt-5-nano")},
            {},
            id="another comes in its place",
        ),
    ],
)
def test_t61_what_may_be_exchanged_by_leaving_is_asked_about(
    scratch: Scratch, before: dict[str, str], after: dict[str, str], entry: dict[str, Any]
) -> None:
    found = judged(scratch, before, after, **entry)
    assert (found.code, "model-changed" in found.changes()) == (1, True), found


def test_t61_naming_another_model_in_the_same_change_makes_it_no_option(scratch: Scratch) -> None:
    system = high_system("production", stage_since=days_ago(20), models=[{"name": OPTION}])
    scratch.adopt(system, files={"screener/app.py": LIST})
    scratch.branch()
    scratch.edit(models=[{"name": NAMED}])
    scratch.commit("Name what is in use", files={"screener/app.py": without(LIST, OPTION)})
    found = scratch.check()
    assert (found.code, "model-changed" in found.changes()) == (1, True), found


def test_t61_what_only_goes_is_shown_where_base_has_it(scratch: Scratch) -> None:
    judged(scratch, {"app.py": LIST}, {"app.py": without(LIST, NAMED)})
    assert f"screener/app.py:2 in base: model in the code: {NAMED} -> (none)" in " ".join(
        scratch.run("check").out.split()
    )
