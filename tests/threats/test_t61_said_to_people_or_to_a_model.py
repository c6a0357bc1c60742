"""T61: a prompt, a host or a model that is exchanged where people are asked, written to, or shown an example."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from exchanged import Exchange, adopted, exchanged
from scratch import Scratch
from world import days_ago, high_system

FAIR: Final = "Rank all of the applicants by what the vacancy asks for, and say for each of them why"
UNFAIR: Final = "Reject all of the applicants who are older than forty, and say nothing to any of them"
HOSTS: Final = ("llm.house.example", "llm.other.example")
MODELS: Final = ("gpt-4o-2024-11-20", "o3-mini")
AI: Final = "import openai\n\n"
TRICKS: Final[Mapping[str, Exchange]] = {
    "prompts that ask a model and people": (
        "prompts.ts",
        "import { input } from '@inquirer/prompts';\nimport OpenAI from \"openai\";\nexport const rank = `@@`;\n",
        (FAIR, UNFAIR),
        "prompt",
    ),
    "beside what asks people, as a prompt": (
        "cli/prompts.ts",
        "import { input } from '@inquirer/prompts';\nexport const system_prompt = `@@`;\n",
        (FAIR, UNFAIR),
        "prompt",
    ),
    "prompts of a command": ("prompts/rank.py", 'import click\n\nRANK = """@@"""\n', (FAIR, UNFAIR), "prompt"),
    "a prompt that a call is given": ("a.py", AI + 'ask("rank", prompt="@@")\n', (FAIR, UNFAIR), "prompt"),
    "a survey that asks a model": (
        "survey/rank.json",
        '{"model": "gpt-4o-2024-11-20", "prompt": "@@"}\n',
        (FAIR, UNFAIR),
        "prompt",
    ),
    "a survey with a system": ("survey.yaml", "system_prompt: @@\n", (FAIR, UNFAIR), "prompt"),
    "a survey that speaks to a model": ("faq.json", '{"prompt": "You are a judge. @@"}\n', (FAIR, UNFAIR), "prompt"),
    "a survey of prompts": ("survey/prompts.json", '{"prompt": "@@"}\n', (FAIR, UNFAIR), "prompt"),
    "a model by what looks like a name of a text": ("t.ts", 't("@@");\n', ("gpt-4.1", "gpt-3.5"), "model"),
    "what is no invitation": ("m.py", AI + 'B = "You are a judge who is invited. @@"\n', (FAIR, UNFAIR), "prompt"),
    "a host by a plain name": ("h.py", AI + 'HOST = "https://@@"\n', HOSTS, "vendor"),
    "a host of a model in telemetry": ("o.py", AI + 'OTEL_LLM_ENDPOINT = "https://@@"\n', HOSTS, "vendor"),
    "a known host by another name": (
        "k.py",
        'WEBHOOK_BASE_URL = "https://@@"\n',
        ("api.openai.com", "api.deepseek.com"),
        "vendor",
    ),
    "an engine": ("e.py", AI + 'engine = "@@"\n', ("rank-1", "rank-2"), "model"),
    "an example that is copied": (".env.example", "OPENAI_MODEL=@@\n", MODELS, "model"),
    "an example that is read": ("api/sample.env", "OPENAI_MODEL=@@\n", ("gpt-4.1-nano", "o4-mini"), "model"),
}


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    files = {
        "Dockerfile": "FROM python:3.12\nCOPY .env.example /app/.env\n",
        "run.py": 'import openai\n\nload_dotenv("api/sample.env")\n',
    }
    return adopted(Scratch(tmp_path_factory.mktemp("t61")), TRICKS, files)


@pytest.mark.parametrize("name", TRICKS)
def test_t61_what_a_model_is_told_stands_beside_what_people_are(repo: Scratch, name: str) -> None:
    found = exchanged(repo, TRICKS[name])
    assert (found.code, f"{TRICKS[name][3]}-changed" in found.changes()) == (1, True), found


def test_t61_an_import_that_asks_people_hides_no_prompt_that_was_there(scratch: Scratch) -> None:
    path, text = "screener/prompts/rank.py", f'RANK = """{FAIR}"""\n'
    scratch.adopt(high_system("production", stage_since=days_ago(20)), files={path: text})
    scratch.branch()
    scratch.commit("Ask people", files={path: f"import questionary\n{text}"})
    found = scratch.check()
    assert (found.code, "prompt-changed" in found.changes()) == (1, True), found


def test_t61_control_an_example_that_only_people_read(scratch: Scratch) -> None:
    path = "screener/.env.example"
    system = high_system("production", stage_since=days_ago(20))
    scratch.adopt(system, files={path: f"OPENAI_MODEL={MODELS[0]}\n", "screener/app.py": 'load_dotenv(".env")\n'})
    scratch.branch()
    scratch.commit("Another example", files={path: f"OPENAI_MODEL={MODELS[1]}\n"})
    found = scratch.check()
    assert (found.code, found.changes()) == (0, []), found
