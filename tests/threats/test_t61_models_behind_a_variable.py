"""T61, D50: what holds where a variable is not set names another model, or a variable may exchange the model."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system

SHAPES = {
    "screener/compose.yaml": "services:\n  a:\n    environment:\n      - LLM_MODEL=${LLM_MODEL:-%s}\n",
    "screener/application.properties": "spring.ai.openai.chat.options.model=${OPENAI_MODEL:%s}\n",
    "screener/main.parameters.json": '{"model": {"value": "${AZURE_MODEL=%s}"}}\n',
    "screener/values.yaml": "model: '{{ .Values.m | default \"%s\" }}'\n",
    "screener/Makefile": "MODEL ?= %s\n",
}
ASKS = "from openai import OpenAI\n\nOpenAI()\n"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    made = Scratch(tmp_path_factory.mktemp("variables"))
    files = {path: text % "gpt-4o" for path, text in SHAPES.items()}
    plain = {"screener/plain.yaml": "model: gpt-4o\n", "screener/app.py": ASKS}
    made.adopt(high_system("production"), files=files | plain)
    return made


@pytest.mark.parametrize("path", SHAPES)
def test_t61_another_default_is_another_model(repo: Scratch, path: str) -> None:
    repo.branch()
    repo.commit("Cheaper", files={path: SHAPES[path] % "gpt-4o-mini"})
    found = repo.check()
    assert (found.code, "model-changed" in found.changes()) == (1, True), found


def test_t61_a_model_that_a_variable_may_exchange_from_now_on_is_told(repo: Scratch) -> None:
    repo.branch()
    repo.commit("From outside", files={"screener/plain.yaml": "model: ${OUR_MODEL:-gpt-4o}\n"})
    found = repo.check()
    assert (found.code, "model-changed" in found.changes()) == (1, True), found


@pytest.mark.parametrize("path", SHAPES)
def test_t61_control_the_same_default_beside_other_settings_asks_nobody(repo: Scratch, path: str) -> None:
    repo.branch()
    more = "" if path.endswith("json") else "\n# why this one: see the card\n"
    repo.commit("A remark", files={path: SHAPES[path].replace("%s", "gpt-4o") + more + "\n"})
    found = repo.check()
    assert (found.code, "model-changed" in found.changes()) == (0, False), found
