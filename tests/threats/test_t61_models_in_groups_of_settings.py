"""T61, T33: a model that settings name in a group that speaks of AI, behind a mark, or where a variable is not set."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from looked_at import asked as shown
from scratch import Scratch
from world import days_ago, high_system

ONE, OTHER = "acme-rank-1", "acme-rank-2"
HOST = "url: https://api.openai.com/v1\n"

MODELS: Final[Mapping[str, tuple[str, str]]] = {
    "a table of TOML": ("a.toml", f'[llm]\nheat = 0\nmodel = "{ONE}"\n'),
    "a table in one": ("a.toml", f'[app.ai]\nmodel_name = "{ONE}"  # now\n'),
    "a table of a name in one": ("a.toml", f'[app.llm]\nmodel = "{ONE}"\n'),
    "braces of TOML": ("a.toml", f'llm = {{ heat = 0, model = "{ONE}" }}\n'),
    "a group of YAML": ("a.yaml", f"app:\n  llm:\n    heat: 0\n\n    model: {ONE}\n"),
    "values of a chart": ("chart/values.yaml", f'openai:\n  # which\n  model: "{ONE}"\n'),
    "braces of YAML": ("a.yaml", f"ai: {{model: {ONE}}}\n"),
    "JSON": ("appsettings.json", f'{{"AI": {{"Heat": 0, "Model": "{ONE}"}}}}\n'),
    "JSON over lines": ("a.json", f'{{\n  "llm": {{\n    "heat": 0,\n    "model": "{ONE}"\n  }}\n}}\n'),
    "a target that is made": ("conf/a.yaml", f"llm:\n  _target_: langchain_openai.ChatOpenAI\n  model: {ONE}\n"),
    "a variable of OmegaConf": ("conf/a.yaml", HOST + f"model: ${{oc.env:M,{ONE}}}\n"),
    "the same in quotes": ("conf/a.yaml", HOST + f'model: "${{oc.env:M,{ONE}}}"\n'),
    "a mark of YAML": ("a.yaml", HOST + f"ranker: &r {ONE}\nmodel: *r\n"),
}
CONTROLS: Final[Mapping[str, tuple[str, str]]] = {
    "a car": ("a.toml", f'[car]\nmodel = "{ONE}"\n'),
    "the next table": ("a.toml", f'[llm]\nheat = 0\n[car]\nmodel = "{ONE}"\n'),
    "another name": ("a.toml", f'[llm]\ntitle = "{ONE}"\n'),
    "the next group": ("a.yaml", f"llm:\n  heat: 0\ncar:\n  model: {ONE}\n"),
    "a group beside": ("a.json", f'{{"llm": {{"heat": 0}}, "title": {{"model": "{ONE}"}}}}\n'),
    "a remark": ("a.yaml", f"llm:\n  heat: 0\n  # model: {ONE}\n"),
    "a label": ("locales/en.json", f'{{"ai": {{"title": "{ONE}"}}}}\n'),
    "a name that ends so": ("a.yaml", f"mail:\n  model: {ONE}\n"),
    "another mark": ("a.yaml", HOST + f"label: &r {ONE}\nother: &s b\nmodel: *s\n"),
    "a variable of something else": ("conf/a.yaml", HOST + f"table: ${{oc.env:T,{ONE}}}\n"),
}


@pytest.mark.parametrize("way", MODELS)
def test_t61_another_model_of_a_group_is_seen(way: str) -> None:
    path, text = MODELS[way]
    assert ONE in text
    assert shown(f"app/{path}", text) != shown(f"app/{path}", text.replace(ONE, OTHER))


@pytest.mark.parametrize(
    "group",
    ["azure_openai", "azureOpenAI", "azure-openai", "AzureOpenAI", "open_ai", "genai", "chat-models", "Embedding"],
)
@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.yaml", "{}:\n  model: {}\n"),
        ("a.json", '{{"{}": {{"model": "{}"}}}}\n'),
        ("a.toml", '[{}]\nmodel = "{}"\n'),
        ("a.toml", '[app.{}]\nmodel = "{}"\n'),
    ],
)
def test_t61_groups_are_known_by_each_of_their_names(group: str, path: str, text: str) -> None:
    assert shown(f"app/{path}", text.format(group, ONE)) != shown(f"app/{path}", text.format(group, OTHER))


@pytest.mark.parametrize("way", CONTROLS)
def test_t61_control_what_other_groups_hold(way: str) -> None:
    path, text = CONTROLS[way]
    assert shown(f"app/{path}", text) == shown(f"app/{path}", text.replace(ONE, OTHER))


def test_t61_a_model_of_a_group_is_asked_about_and_a_title_is_not(tmp_path: Path) -> None:
    text = f'[llm]\nmodel = "{ONE}"\n\n[page]\ntitle = "Rank-1"\n'
    repo = Scratch(tmp_path)
    repo.adopt(high_system("production", stage_since=days_ago(20), paths=["**"]), files={"screener/app.toml": text})
    repo.branch("swap")
    repo.commit("A small clean-up", files={"screener/app.toml": text.replace(ONE, OTHER)})
    found = repo.check()
    assert (found.code, "model-changed" in found.changes()) == (1, True), found
    repo.branch("title")
    repo.commit("Another title", files={"screener/app.toml": text.replace("Rank-1", "Rank-2")})
    assert (repo.check().code, repo.check().changes()) == (0, [])


@pytest.mark.parametrize(
    "piece", ["llm: {", "ai:\n", '[llm]\nmodel = "a"\n', '"ai": {"a": 1, ', "[[[llm", " ai:\n  model: a\n"]
)
def test_t62_many_groups_of_settings_hide_no_model(piece: str) -> None:
    text = f"{HOST}model: {ONE}\n"
    assert ("model", ONE) in shown("a.yaml", text + piece * (64_000 // len(piece)))
