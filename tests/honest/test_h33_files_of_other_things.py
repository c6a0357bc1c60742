"""H33: models, prompts, users and instructions of other things than AI, in a high system in production, are changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from scratch import Scratch
from world import days_ago, high_system

APP: Final = (
    'import openai\n\nMODEL = "gpt-4o-2024-11-20"\n\n\ndef rank(x):\n'
    '    return openai.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": x}])\n'
)
FILES: Final[Mapping[str, tuple[str, str, str]]] = {
    "texts of the interface": (
        "web/locales/en.json",
        '{"settings": {"model": "Model", "prompt": "Type what you are looking for in the box below this line"}}\n',
        "in the box below this line",
    ),
    "labels about prompts": (
        "web/src/locales/en/translation.json",
        '{"gpt4vExamples": {"gpt4VInput": "Pictures"}, "gpt4vExamples.1": "Draw", "labels":'
        ' {"promptTemplate": "Override prompt template"}, "help": {"promptTemplate":'
        ' "Overrides the prompt used to generate the answer based on the question and search results"}}\n',
        "Overrides the prompt",
    ),
    "labels in YAML": (
        "web/i18n/de.yml",
        "de:\n  hints:\n    instructions: Bitte alle Felder ausfüllen, dann auf Weiter klicken und kurz warten\n",
        "kurz warten",
    ),
    "roles of people": (
        "web/src/people.ts",
        "export const people = [{ role: 'user', content: 'May read what is shared with them' }];\n",
        "May read",
    ),
    "what a command line asks": (
        "cli/prompts.ts",
        "import { input } from '@inquirer/prompts';\n"
        "export const askName = () => input({ message: 'What is the name of the new project?' });\n",
        "the new project",
    ),
    "help of a command": (
        "cli/main.py",
        'import click\n\n\n@click.option("--model", help="The model to use")\ndef main(model):\n'
        '    if not model:\n        raise click.UsageError("--model is required here")\n',
        "--model is required here",
    ),
    "errors in a program of prompts": (
        "src/prompts.py",
        "def rank(question):\n    if not question:\n        raise ValueError(\n"
        '            "question cannot be empty, please call set_question() before asking for the formatted text"\n'
        "        )\n",
        "please call",
    ),
    "the same in Java": (
        "src/RankPrompt.java",
        'class RankPrompt {\n  String of(String q) {\n    if (q == null) throw new IllegalStateException("question'
        ' cannot be null or empty, please call setQuestion() before asking for the formatted text");\n'
        "    return q;\n  }\n}\n",
        "please call",
    ),
    "cars": ("data/cars.json", '[{"make": "VW", "model": "Golf-8"}, {"make": "VW", "model": "ID.3"}]\n', "Golf-8"),
    "phones": ("data/phones.yml", "- brand: Nokia\n  model: 3310\n- brand: Nokia\n  model: N-95\n", "N-95"),
    "an interface described": (
        "api/openapi.yaml",
        "openapi: 3.1.0\ncomponents:\n  schemas:\n    Model:\n      description: One of the models of cars\n"
        "      properties:\n        model:\n          type: string\n          example: golf-8\n        instructions:\n"
        "          type: string\n          description: What the driver is told before the ride\n",
        "before the ride",
    ),
    "the same in JSON": (
        "api/openapi.json",
        '{"components": {"schemas": {"Car": {"properties": {"model": {"type": "string", "example": "golf-8"},'
        ' "instructions": {"type": "string", "description": "What the driver is told before the ride"}}}}}}\n',
        "before the ride",
    ),
    "tables of Django": (
        "shop/models.py",
        "from django.db import models\n\n\nclass Car(models.Model):\n"
        '    model = models.CharField(max_length=80, default="golf-8")\n',
        "golf-8",
    ),
    "tables of Prisma": ("db/schema.prisma", "model Car {\n  id Int @id\n  model String\n}\n", "id Int"),
    "a migration": (
        "shop/migrations/0001_initial.py",
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
        '    operations = [migrations.AlterModelOptions(name="car", options={"verbose_name": "car 1"})]\n',
        "car 1",
    ),
    "rows for tests": (
        "tests/data/rows.json",
        '[{"role": "user", "content": "Please rank these three applicants by their names", "model": "x-1"}]\n',
        "three applicants",
    ),
    "a test of a conversation": (
        "tests/test_chat.py",
        'import openai\n\n\ndef test_says():\n    assert say([{"role": "user", "content": "What is one and one?"}])\n',
        "one and one",
    ),
    "a chart": (
        "deploy/ansible/vars.yml",
        "router:\n  model: mx-204\n  engine: innodb-8\nserver:\n  instance_model: r740-xd\n",
        "mx-204",
    ),
    "machines": ("deploy/variables.tf", 'variable "server_model" {\n  default = "r740-xd"\n}\n', "r740-xd"),
    "what tools are told": (".vscode/settings.json", '{"editor.tabSize": 4, "python.analysis.model": "v2"}\n', "v2"),
    "a robot that raises libraries": (
        "renovate.json",
        '{"extends": ["config:base"], "packageRules": [{"description": "Instructions for us", "matchPackageNames":'
        ' ["openai"], "prBodyNotes": ["Please read the notes of the release before you merge this raise"]}]}\n',
        "before you merge",
    ),
    "a matrix": (
        ".github/workflows/ci.yml",
        "on: push\njobs:\n  test:\n    strategy:\n      matrix:\n        model: [iphone-14, iphone-15]\n"
        "    steps:\n      - run: pytest --model iphone-14\n",
        "iphone-15",
    ),
    "what a package says of itself": (
        "web/package.json",
        '{"name": "web", "description": "Shows models of cars", "keywords": ["model-3"], "version": "1.0.0"}\n',
        "model-3",
    ),
    "an address of the shop": (
        "web/src/routes.ts",
        "export const routes = { car: '/models/golf-8', help: 'https://shop.example/models/golf-8/photos' };\n",
        "golf-8",
    ),
    "the same by a language alone": (
        "web/messages/pt-BR.json",
        '{"search": {"prompt": "Escreva na caixa abaixo tudo o que deseja procurar hoje"}}\n',
        "procurar hoje",
    ),
    "the processor of a server that serves models": (
        "deploy/values.yaml",
        "image: vllm/vllm-openai:v1\nmodel: mistralai/Mistral-7B-v0.1\ngpuModel: A100-80GB\n",
        "A100-80GB",
    ),
    "a long question at a terminal": (
        "cli/prompts/setup.ts",
        "import { confirm } from '@inquirer/prompts';\n"
        "export const ask = () => confirm({\n"
        "  message: 'Shall all of the rows that were brought to this folder before today be deleted now?' });\n",
        "before today",
    ),
    "the same in Python": (
        "cli/prompts.py",
        "import questionary\n\nFOLDER = questionary.text(\n"
        "    'In which folder shall the new project be made, seen from where you are right now?')\n",
        "right now",
    ),
    "an option that is asked for": (
        "cli/new.py",
        "import click\n\n\n"
        "@click.option('--name', prompt='What shall the project be called that you are about to make')\n"
        "def main(name):\n    print(name)\n",
        "about to make",
    ),
    "the same by a default": (
        "cli/old.py",
        "from typer import Option\n\n\n"
        "def main(name: str = Option('x', '--name', prompt='How shall the project be called that you make')):\n"
        "    print(name)\n",
        "that you make",
    ),
    "what people are asked about the service": (
        "data/survey.json",
        '{"questions": [{"id": 1, "prompt": "How satisfied are you with what you got from us this year?"}]}\n',
        "this year",
    ),
    "the same in a folder": (
        "data/quizzes/first-day.yaml",
        "questions:\n  - prompt: Which of the four doors of the house do you take to the canteen?\n",
        "canteen",
    ),
    "texts by their names": (
        "web/src/Examples.tsx",
        'import OpenAI from "openai";\nimport { t } from "i18next";\n'
        'export const examples = [t("gpt4v.title.long"), t("gpt4vExamples.1")];\n',
        "title",
    ),
    "an invitation": (
        "mails/invite.py",
        'import openai\n\nBODY = "You are cordially invited to talk to us on the coming Monday at noon"\n',
        "Monday",
    ),
    "hosts of other services": (
        "settings.py",
        'import openai\n\nOTEL_ENDPOINT = "https://otel.example:4317"\nDB_HOST = "https://db.example"\n'
        'CACHE_HOST = "redis://cache.example"\nWEBHOOK_BASE_URL = "https://shop.example/hooks"\n',
        "otel",
    ),
    "another host of a cache": ("store.py", 'import openai\n\nHOST = "rediss://store.example"\n', "store"),
    "a database": ("deploy/db.py", 'import openai\n\nengine = "postgres-14"\n', "14"),
    "settings to be copied": (".env.example", "OPENAI_API_KEY=\nOPENAI_MODEL=gpt-4o-mini-2024-07-18\n", "2024-07-18"),
    "what is missing": (
        "plots/draw.py",
        "import warnings\n\nwarnings.warn('You are trying to use plots, which are not installed here')\n",
        "not installed",
    ),
    "what a shell shows": (
        "shell/prompts.zsh",
        '# what stands before a command\nlocal prompt="$(theme::compose_order $THEME_PROMPT_ORDER_LEFT)"\n',
        "LEFT",
    ),
    "the same in a program that uses AI": (
        "src/repl.rs",
        "use async_openai::Client;\n"
        'const LEFT_PROMPT: &str = "{color.green}{?session {?agent {agent}>}{session}{?role /}}{!session}";\n',
        "color.green",
    ),
    "pictures of vendors": (
        "web/src/icons.ts",
        'import OpenAI from "openai";\nexport const icons = ["/img/mistral.svg", "/img/cohere.help.html"];\n',
        "help",
    ),
    "a hook": (".githooks/pre-commit", "#!/bin/sh\necho 'Please write a message that says why'\n", "says why"),
}


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("h33"))
    files: dict[str, str | bytes] = {f"screener/{path}": text for path, text, _ in FILES.values()}
    repo.adopt(high_system("production", stage_since=days_ago(20)), files=files | {"screener/app.py": APP})
    return repo


@pytest.mark.parametrize("name", FILES)
def test_h33_what_is_no_ai_is_changed_as_ever(repo: Scratch, name: str) -> None:
    path, text, one = FILES[name]
    assert one in text
    repo.branch("everyday")
    repo.commit("An everyday change", files={f"screener/{path}": text.replace(one, f"{one[::-1]}")})
    found = repo.check()
    assert (found.code, found.changes()) == (0, []), found
