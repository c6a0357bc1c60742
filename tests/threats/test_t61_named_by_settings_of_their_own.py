"""T61: models that variables named after AI are given, that stand behind their provider, or in forms of their own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from looked_at import asked as shown
from looked_at import look
from scratch import Scratch
from world import days_ago, high_system

ONE, OTHER = "acme-rank-1", "acme-rank-2"
WAS = "2024-08-06"
AZURE = "Microsoft.CognitiveServices/accounts/deployments@2024-10-01"

WAYS: Final[Mapping[str, tuple[str, str]]] = {
    "a container": ("Dockerfile", f"FROM python\nENV OPENAI_MODEL={ONE}\n"),
    "variables of a process": (".env.production", f"ANTHROPIC_MODEL={ONE}\n"),
    "a map of Kubernetes": ("cm.yaml", f'kind: ConfigMap\ndata:\n  BEDROCK_CHAT_MODEL_ID: "{ONE}"\n'),
    "a deployment of Azure": ("app.yaml", f"env:\n- name: AZURE_OPENAI_DEPLOYMENT\n  value: {ONE}\n"),
    "a job": (".github/workflows/a.yml", f"env:\n  GEMINI_MODEL: {ONE}\n"),
    "a make file": ("Makefile", f"OLLAMA_MODEL ?= {ONE}\n"),
    "Compose": ("compose.yaml", f"services:\n  a:\n    environment:\n      - LLM_RANK_MODEL=${{M:-{ONE}}}\n"),
    "a function of Terraform": ("a.tf", f'a {{\n  variables = {{\n    OPENAI_MODEL = "{ONE}"\n  }}\n}}\n'),
    "a shell of Windows": ("a.ps1", f'$env:OPENAI_MODEL = "{ONE}"\n'),
    "another shell": ("a.fish", f"set -x OPENAI_MODEL {ONE}\n"),
    "a setting of .NET": ("app.config", f'<appSettings><add key="OpenAI:Model" value="{ONE}"/></appSettings>\n'),
    "an element": ("a.xml", f"<app><openai><url>x</url><model>{ONE}</model></openai></app>\n"),
    "a list of properties": ("Info.plist", f"<dict><key>OPENAI_MODEL</key>\n<string>{ONE}</string></dict>\n"),
    "a name with its path": ("application.conf", f'openai.model = "{ONE}"\n'),
    "a path of CUE": ("a.cue", f'openai: model: "{ONE}"\n'),
    "a stack of Pulumi": ("Pulumi.prod.yaml", f"config:\n  app:openaiModel: {ONE}\n"),
    "a deployment in a group": ("appsettings.json", f'{{"AzureOpenAI": {{"ChatDeployment": "{ONE}"}}}}\n'),
    "a model beside its provider": ("app.yml", f"model:\n  provider: openai\n  name: {ONE}\n"),
    "a provider with a path": ("app.yml", f"model:\n  name: {ONE}\n  provider: langgenius/openai/openai\n"),
    "a node of a flow": (
        "flow.json",
        '{\n "type": "@n8n/n8n-nodes-langchain.lmChatOpenAi",\n "model": {\n'
        f'  "__rl": true,\n  "value": "{ONE}",\n  "mode": "list"\n }}\n}}\n',
    ),
    "a file called after it": ("config/openai.yml", f"production:\n  model: {ONE}\n"),
    "such a file of PHP": ("config/openai.php", f"<?php\nreturn ['key' => env('K'), 'model' => '{ONE}'];\n"),
    "such a file of Ruby": ("config/initializers/ai.rb", f'App.configure {{ |it| it.model = "{ONE}" }}\n'),
    "a provider before it": ("a.py", f'import dspy\nlm = dspy.LM("openai/{ONE}")\n'),
    "a provider before a colon": ("a.py", f'import pydantic_ai\nagent = pydantic_ai.Agent("openai:{ONE}")\n'),
    "one in TypeScript": ("a.ts", f'import {{ ask }} from "ai";\nask("anthropic:{ONE}");\n'),
    "a crew": ("config/agents.yaml", f"ranker:\n  role: Ranker\n  goal: Rank\n  llm: openai/{ONE}\n"),
    "a class of LlamaIndex": ("a.py", f'from llama_index.llms.openai import OpenAI\nllm = OpenAI("{ONE}")\n'),
    "a class of Pydantic AI": ("a.py", f'import pydantic_ai\nm = OpenAIChatModel("{ONE}", provider=p)\n'),
    "a class of a server": ("a.py", f'from langchain_ollama import OllamaLLM\nllm = OllamaLLM("{ONE}")\n'),
    "a decorator": ("a.py", f'from mirascope.core import openai\n@openai.call("{ONE}")\ndef f(): ...\n'),
    "a tagger": ("a.py", f'from flair.models import SequenceTagger\nSequenceTagger.load("{ONE}")\n'),
}
CONTROLS: Final[Mapping[str, tuple[str, str]]] = {
    "a car": (".env", f"CAR_MODEL={ONE}\n"),
    "a title": ("app.config", f'<appSettings><add key="OpenAI:Title" value="{ONE}"/></appSettings>\n'),
    "an element of another group": ("a.xml", f"<app><openai/><car><model>{ONE}</model></car></app>\n"),
    "another provider": ("app.yml", f"model:\n  provider: ford\n  name: {ONE}\n"),
    "an image of a provider": ("compose.yaml", f"OPENAI_MODEL: gpt-4o\nservices:\n  a:\n    image: ollama/{ONE}\n"),
    "a file of a provider": ("a.py", f'import openai\nopen("openai/{ONE}.json")\n'),
    "a path at a host": ("a.py", f'import openai\nget("anthropic/v1/{ONE}")\n'),
    "a file called after something else": ("config/cars.yml", f"production:\n  model: {ONE}\n"),
    "a script called after it": ("web/ai.js", f'const car = {{ model: "{ONE}" }};\n'),
    "a word of a locale": ("locales/ai.json", f'{{"model": "{ONE}"}}\n'),
}


@pytest.mark.parametrize("way", WAYS)
def test_t61_another_model_of_such_settings_is_seen(way: str) -> None:
    path, text = WAYS[way]
    new = {value for kind, value in shown(path, text.replace(ONE, OTHER)) - shown(path, text) if kind == "model"}
    assert any(OTHER in value for value in new), shown(path, text)


@pytest.mark.parametrize("way", CONTROLS)
def test_t61_control_what_other_settings_say(way: str) -> None:
    path, text = CONTROLS[way]
    assert shown(path, text) == shown(path, text.replace(ONE, OTHER))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.bicep", f"resource d '{AZURE}' = {{\n  model: {{\n    name: 'gpt-4o'\n    version: '{WAS}'\n  }}\n}}\n"),
        ("a.tf", f'resource "azurerm_d" "a" {{\n  model {{\n    name = "gpt-4o"\n    version = "{WAS}"\n  }}\n}}\n'),
        ("app.yml", f"model:\n  provider: openai\n  name: gpt-4o\n  version: {WAS}\n"),
    ],
)
def test_t61_another_version_of_a_deployed_model_is_seen(path: str, text: str) -> None:
    assert shown(path, text) != shown(path, text.replace(WAS, "2024-11-20"))


def test_t61_what_such_names_say_of_a_file_is_told_with_little_confidence() -> None:
    found = look("deploy/Dockerfile", f"FROM python\nENV OPENAI_MODEL={ONE}\n").signals
    assert [(it.kind, it.line, it.confidence) for it in found] == [("model", 2, "low")]


def test_t61_a_variable_of_a_deployment_is_asked_about_and_another_is_not(tmp_path: Path) -> None:
    text = f"FROM python\nENV OPENAI_MODEL={ONE}\nENV PAGE_TITLE=rank-1\n"
    repo = Scratch(tmp_path)
    repo.adopt(high_system("production", stage_since=days_ago(20), paths=["**"]), files={"screener/Dockerfile": text})
    repo.branch("swap")
    repo.commit("A small clean-up", files={"screener/Dockerfile": text.replace(ONE, OTHER)})
    found = repo.check()
    assert (found.code, "model-changed" in found.changes()) == (1, True), found
    repo.branch("title")
    repo.commit("Another title", files={"screener/Dockerfile": text.replace("TITLE=rank-1", "TITLE=rank-2")})
    assert (repo.check().code, repo.check().changes()) == (0, [])
