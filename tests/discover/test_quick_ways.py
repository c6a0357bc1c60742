"""What is left out for speed leaves nothing out: names of models, words of a file, texts that are put together."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys

import pytest
from scratch import Scratch

from policy_gate.discover import python_code
from policy_gate.discover.code_facts import Literal, firsts
from policy_gate.discover.code_text import _Lines, _lines_with, text_facts
from policy_gate.discover.look import look_at
from policy_gate.discover.prefilter import _BESIDE, _SAYS_SOMETHING, Needed
from policy_gate.discover.python_code import _statements, python_facts
from policy_gate.discover.signs import shipped_signs
from policy_gate.schema.observed import FileSigns

NAMES = (
    *("gpt-4o", "GPT-4O-mini", "openai/gpt-4.1", "ft:gpt-4o:acme", "o3-mini", "chatgpt-4o-latest", "dall-e-3"),
    *(
        "text-embedding-3-small",
        "text-embedding-004",
        "whisper-1",
        "gpt-oss-20b",
        "claude-sonnet-4-5",
        "bert-base-uncased",
    ),
    *("us.anthropic.claude-3-haiku", "models/gemini-2.5-pro", "gemma2:9b", "code-bison@002", "google/flan-t5-base"),
    *("meta-llama/Llama-3-8B", "meta.llama3-1", "facebook/bart-large", "xlm-roberta-base", "mistralai/Mixtral-8x7B"),
    *("command-r-plus", "embed-english-v3.0", "deepseek-r1", "qwen3-8b", "grok-4", "amazon.nova-pro-v1:0", "phi3:mini"),
    *(
        "microsoft/deberta-v3",
        "kimi-k2",
        "all-MiniLM-L6-v2",
        "bge-small-en",
        "e5-large",
        "distilroberta-base",
        "yolov8n.pt",
    ),
    *("tiiuae/falcon-7b", "stable-diffusion-xl", "voyage-3", "nomic-embed-text", "jina-embeddings-v3", "my-model-1"),
    *("gpt", "1.2.3", "a/b", "claude", "o1", "under_score-1", "ſtable-diffusion-x", "K-2"),
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_told_by_the_first_expression_that_fits_it(name: str) -> None:
    signs = shipped_signs()
    is_name = re.fullmatch(r"(?=.{0,200}[\d/.-])[\w./:@+-]{3,200}", name) is not None
    slow = next((it.sign for it in signs.models if is_name and it.expression.fullmatch(name)), None)
    assert signs.model(name) == slow


def test_what_an_expression_is_told_by_is_in_all_that_it_fits() -> None:
    held = [it.holds for it in shipped_signs().models]
    assert {"claude-", "gpt", "deepseek-", "distil"} <= set(held)
    assert all(text == text.lower() and "\0" not in text for text in held)


def test_every_import_that_is_a_sign_is_seen_in_a_file_of_its_own() -> None:
    signs = shipped_signs()
    for name, sign in signs.python.items():
        module, _, part = name.partition(":")
        text = f"from {module} import {part}\n" if part else f"import {module}\n"
        seen = look_at("app.py", "0", lambda: 1, text.encode, signs)
        assert sign.what in {it.what for it in seen.signals}, name


def test_a_text_that_is_put_together_is_one_and_what_is_called_in_it_is_called() -> None:
    facts = python_facts("x = f'You are {name(1)} here' + 'and there'\nprompt = 'be {}'.format(load('a'))\n")
    assert facts is not None
    assert {(it.value, it.key) for it in facts.literals} == {("You are {} hereand there", "x"), ("be {}", "prompt")}
    assert [it.name for it in facts.calls] == ["format"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('const model = "m-1";', "model"),
        ('ask({ model: "m-1" })', "model"),
        ('load(a, "m-1")', ""),
        ('const model: string = "m-1";', "model"),
        ('model = (\n  "m-1"\n)', "model"),
        ('x = 1; "m-1"', ""),
        ('"key", "m-1"', ""),
    ],
)
def test_what_a_text_is_given_to_is_looked_up_where_it_can_be_given(text: str, key: str) -> None:
    facts = text_facts(text, "javascript")
    assert [it.key for it in facts.literals if it.value == "m-1"] == [key]


def test_a_reader_that_has_seen_enough_ends_discover_quietly(scratch: Scratch) -> None:
    scratch.commit("Much", files={f"app/m{number}.py": "import openai\n" * 3 for number in range(400)})
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "policy_gate", "discover"]
    with os.fdopen(write, "wb") as closed:
        done = subprocess.run(
            command, cwd=scratch.path, env=scratch.environment(), stdout=closed, stderr=subprocess.PIPE, check=False
        )
    assert done.stderr == b""
    assert "Traceback" not in done.stderr.decode()


def signs_in(path: str, text: str) -> list[tuple[str, str]]:
    seen = look_at(path, "0", lambda: len(text), text.encode, shipped_signs())
    assert seen.unread == ()
    return [(it.kind, it.what) for it in seen.signals]


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        (".env.example", "PORT=1\nexport OPENAI_API_KEY=sk-xxx\n", [("dependency", "A key for hosted models")]),
        ("web/.env", "NEXT_PUBLIC_ANTHROPIC_API_KEY=x\n", [("dependency", "A key for hosted models")]),
        (".env", "DATABASE_URL=postgres://x\nSTRIPE_API_KEY=x\n", []),
        ("agent.py", "from managed_deepagents import define_deep_agent\n", [("sdk", "Deep Agents")]),
        ("tools.py", "from langsmith import Client\n", [("sdk", "LangSmith client")]),
        ("src/main.rs", "use rmcp::ServiceExt;\n", [("sdk", "Model Context Protocol SDK")]),
        ("Cargo.toml", '[dependencies]\ngenai = "0.4"\n', [("dependency", "genai")]),
        ("vocab/gpt2.tiktoken", "IQ== 0\n", [("weights", "A file that may hold a trained model")]),
        ("shell.py", 'print("You are about to enter a new shell, exit as you usually would")\n', []),
        (
            "bot.py",
            'S = "You are an assistant who answers questions of customers."\n',
            [("prompt", "A prompt in code")],
        ),
    ],
)
def test_kinds_that_repositories_have(path: str, text: str, found: list[tuple[str, str]]) -> None:
    assert signs_in(path, text) == found


def test_a_notebook_full_of_pictures_is_looked_into() -> None:
    cells = [
        {"cell_type": "code", "source": ["import torch\n"], "outputs": [{"data": {"image/png": "A" * 1_500_000}}]},
        {"cell_type": "markdown", "source": ["import anthropic\n"]},
    ]
    assert signs_in("study.ipynb", json.dumps({"cells": cells}, indent=1)) == [("sdk", "PyTorch")]


LINES = (
    *("", "\n", "x", "import openai", "\n\nimport openai\n\n", "a\nopenai\nb\nopenai", "openai openai\n\nx\ngpt-4"),
    *(
        "a\\\nb\n\\x41\nopenai",
        "é OPENAI\nx",
        "x\n\\\nopenai\n",
        "İ\nopenai",
        "a\r\nopenai\r\n\tx",
        "path\\qgpt\nend\\",
    ),
)


@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize("otherwise", [True, False])
@pytest.mark.parametrize("text", LINES)
def test_lines_found_by_places_are_those_that_hold_something(text: str, *, otherwise: bool, escaped: bool) -> None:
    needed = Needed(("gpt", "openai"), escaped=escaped, otherwise=otherwise)
    one_by_one = "\n".join(line if line and needed.is_in(line) else "" for line in text.split("\n"))
    assert _lines_with(text, needed) == one_by_one


def test_a_text_that_comes_again_is_looked_at_where_it_stands_first() -> None:
    said = [
        Literal("b", 4),
        Literal("a", 2, "k"),
        Literal("b", 3),
        Literal("b", 3),
        Literal("a", 1),
        Literal("a", 5, "k"),
    ]
    assert list(firsts(said)) == [Literal("b", 4), Literal("a", 2, "k"), Literal("b", 3), Literal("a", 1)]


@pytest.mark.parametrize(
    ("between", "key"),
    [(":", "model"), (" : ", "model"), ("\n:", "model"), ("=>", "model"), ("] =", "model"), (",", "model")]
    + [(between, "") for between in (";", ")", "}", ".", "+", " ", "\n", "::")],
)
def test_a_name_in_quotes_is_one_where_something_is_given_to_it(between: str, key: str) -> None:
    facts = text_facts(f'x["model"{between} "gpt-9"', "javascript")
    assert [it.key for it in facts.literals if it.value == "gpt-9"] == [key]


STATEMENTS = (
    "import openai\n\nx = 1\n",
    "x = 1  # a \\\nimport openai\ny = {\n  'model': 'gpt-4o'}\n",
    "def one():\n    return 1\n\n\ndef two():\n    return openai.chat('gpt')\n\n\nthree = 3",
    "x = 'a' \\\n    'b'\nz = '\\x67pt-4'\n",
    "@decorated\ndef f():\n    '''of\n\nopenai'''\n    return {}\n\nclass C:\n    pass\n",
)


@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize("text", STATEMENTS)
def test_statements_found_by_places_are_those_that_hold_something(
    text: str, monkeypatch: pytest.MonkeyPatch, *, escaped: bool
) -> None:
    needed = Needed(("gpt", "openai"), escaped=escaped)
    by_places = _statements(text, needed)
    monkeypatch.setattr(Needed, "places", lambda *_: None)
    assert by_places == _statements(text, needed)
    assert by_places.strip() or not escaped


@pytest.mark.parametrize(
    "line", ["print x", "  exec code", "<<<<<<< HEAD", "=======", "return x", "x = y", "import a", "else: x", "a b"]
)
@pytest.mark.parametrize("before", ["", "x = 1\n", "\n\n"])
def test_what_no_program_holds_is_found_on_any_line(line: str, before: str) -> None:
    text = f"{before}{line}\nimport openai\n"
    is_whole = line in ("print x", "  exec code", "<<<<<<< HEAD", "=======", "a b")
    assert (_statements(text, Needed(("openai",))) == text) == is_whole


def test_each_part_of_a_word_that_counts_beside_a_sign_is_one_of_a_word() -> None:
    # They are looked for in the words of a file, between which there is nothing.
    assert [text for text in _BESIDE if not re.fullmatch(r"[a-z0-9_]+", text)] == []
    assert [text for text in _SAYS_SOMETHING if not re.fullmatch(rb"[a-z0-9_]+", text)] == []


def test_a_notebook_is_told_by_its_code_and_no_picture_of_it_is_looked_through() -> None:
    def seen(source: list[str]) -> FileSigns:
        cell = {"cell_type": "code", "source": source, "outputs": [{"data": {"image/png": "openai " * 50}}]}
        data = json.dumps({"cells": [cell]}).encode()
        return look_at("n.ipynb", "0", lambda: len(data), lambda: data, shipped_signs())

    assert [it.found for it in seen(["x = 1\n", "import openai"]).signals] == ["openai"]
    assert seen(["x = 1"]) == FileSigns()
    for data, is_told in ((b"no notebook, import openai", True), (b"no notebook", False)):
        found = look_at("n.ipynb", "0", lambda data=data: len(data), lambda data=data: data, shipped_signs())
        assert bool(found.unread) == is_told


@pytest.mark.parametrize("text", ["", "\n", "a", "a\n", "\n\na\n\nbc\r\nd"])
def test_the_line_of_each_place_is_told(text: str) -> None:
    lines = _Lines(text)
    assert [lines.of(at) for at in range(len(text) + 1)] == [text.count("\n", 0, at) + 1 for at in range(len(text) + 1)]


@pytest.mark.parametrize("statement", ["role: system\n", 'model = "gpt-4o"\n', "import openai\nx = 1\n"])
def test_t62_however_many_statements_say_something_the_text_is_parsed_once(
    statement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[int] = []
    real = ast.parse
    monkeypatch.setattr(python_code.ast, "parse", lambda text: parsed.append(len(text)) or real(text))
    text = statement * 500
    assert python_facts(text, Needed(("openai", "gpt", "system"))) is not None
    assert sum(parsed) <= len(text)
