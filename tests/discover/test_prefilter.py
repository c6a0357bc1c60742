"""Whatever is seen of a whole file is seen of the parts that are read: nothing is passed over for speed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policy_gate.discover.look import look_at
from policy_gate.discover.prefilter import beginnings_of, readings
from policy_gate.discover.python_code import python_facts
from policy_gate.discover.signs import shipped_signs
from policy_gate.schema.observed import FileSigns

SIGNS = shipped_signs()
ROOT = Path(__file__).parents[2]
NAMES = (
    *("openai", "langchain_openai", "sentence_transformers", "google.generativeai", "torch", "math", "requests"),
    *("gpt-4o", "openai/gpt-4.1", "o3-mini", "claude-haiku-4-5-20251001", "qwen2.5:7b", "t5-small", "google/vit-base"),
    *("mistralai/Mixtral-8x7B", "ft:gpt-4o:acme", "yolov8n.pt", "api.openai.com", "https://x.openai.azure.com/v1"),
    *("You are a clerk who ranks the people that apply here.", "Act as a judge of the essays that pupils write."),
    *("plain", "a b", "1.2.3", "v-1", "CHAT_MODEL", "localhost:11434", "my-model-7b", "As an AI you answer with care."),
    *("https://api.openai.com/v1/models/acme-7:predict", "serve --model acme/r-7", "x /engines/acme-7/completions"),
)
KEYS = ("model", "model_name", "modelName", "system_prompt", "content", "base_url", "x", "deployment", "engine", "role")
PYTHON = (
    "import {0}\n",
    "from {0} import x\n",
    "def f(a={1!r}):\n    return call({k}={1!r})\n",
    "{k} = {1!r}\n",
    "{k} = (\n    {1!r}\n)\n",
    "class A:\n    '''text'''\n    {k}: str = {1!r}\n\n    def g(self):\n        self.predict_proba({1!r})\n",
    "@d\ndef h():\n    messages = [{{'role': 'system', 'content': {1!r}}}]\n",
    "if x:\n    y = 1\nelse:\n    {k} = {1!r}\n",
    "x = {1!r} \\\n    + 'z'\n",
    "TEXT = '''\nimport {0}\n{1}\n'''\n",
    "# {1}\n",
    "x = ''\ny = [{{'a': \"\"}}]\n",
    "print 'old'\n",
    "m = SystemMessage(content={1!r})\np = [('human', {1!r})]\n",
    "x = Models.GPT_4O if y else openai.ChatModelO1Mini\n",
)
SCRIPT = (
    'import x from "{0}";\n',
    'const {k} = "{1}";\n',
    "ask({{ {k}: '{1}', temperature: 0 }});\n",
    '[{{ role: "system", content: "{1}" }}];\n',
    "// {1}\n",
    "/* {1} */ const a = /[\"']{{1,2}}/.test(b);\n",
    "const t = `{1}`;\n",
    "process.env.{k};\n",
    'ask(new UserMessage("{1}"), ChatModel.GPT_4O);\n',
    'ask({{ "{k}": "{1}", "b": 1 }}, {{ "role": "user", "content": "{1}" }});\n',
    "const q = 'it\\'s' + \"\\n{1}\";\n",
)
SETTINGS = (
    '{k}: "{1}"\n',
    "{k}: {1}\n",
    "# {1}\n",
    "- {1}\n",
    "{k}:\n  - '{1}'\n",
    "KEY={1}\n",
    "[{1}, b]\n",
    "a: 1\n" * 60,
)


def look(path: str, text: str, *, is_whole: bool = False) -> FileSigns:
    data = text.encode("utf-8", "surrogatepass")
    return look_at(path, "0", lambda: len(data), lambda: data, SIGNS, is_whole=is_whole)


def is_same(path: str, text: str) -> bool:
    quick, whole = look(path, text), look(path, text, is_whole=True)
    beside = not whole.uses_ai or set(quick.beside) == set(whole.beside)
    return set(quick.signals) == set(whole.signals) and beside


def programs(patterns: tuple[str, ...]) -> st.SearchStrategy[str]:
    names, keys = st.sampled_from(NAMES), st.sampled_from(KEYS)

    def spelled(pattern: str, name: str, key: str, spell: Callable[[str], str]) -> str:
        return pattern.format(name, spell(name), k=key)

    part = st.builds(spelled, st.sampled_from(patterns), names, keys, st.sampled_from((str, str, str.upper)))
    return st.lists(part, max_size=8).map("".join)


@settings(max_examples=300, deadline=None)
@example("import a b\nx = 'yolov8n.pt' \\\n    + 'z'\n")
@example("from a b import x\nx = 'yolov8n.pt' \\\n    + 'z'\n")
@example("import 1.2.3\nx = 'yolov8n.pt' \\\n    + 'z'\n")
@example("from a-b import c\nx = 'yolov8n.pt' \\\n    + 'z'\n")
@example("import 'a'\nx = 'yolov8n.pt' \\\n    + 'z'\n")
@example("import a b\nif x:\n    y = 1\nelse:\n    model = 'https://x.openai.azure.com/v1'\n")
@given(programs(PYTHON))
def test_of_python(text: str) -> None:
    if python_facts(text) is not None:
        assert is_same("app.py", text)
    else:
        assert {it.what for it in look("app.py", text, is_whole=True).signals} <= {
            it.what for it in look("app.py", text).signals
        }


@settings(max_examples=200, deadline=None)
@given(programs(SCRIPT), st.sampled_from(("a.ts", "a.go", "A.java", "a.rs", "a.php", "a.rb", "a.cs", "a.swift")))
def test_of_other_languages(text: str, path: str) -> None:
    assert is_same(path, text)


@settings(max_examples=200, deadline=None)
@given(programs(SETTINGS), st.sampled_from(("a.yaml", "a.json", "a.toml", ".env", "Dockerfile")))
def test_of_settings(text: str, path: str) -> None:
    assert is_same(path, text)


@pytest.mark.parametrize("name", ["phi3", "phi4", "phi3:mini", "phi-2"])
def test_a_name_that_ends_where_its_expression_does_is_looked_for(name: str) -> None:
    assert SIGNS.prefilter.needed(f'x = "{name}"'.encode())


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_whatever_fits_a_model_begins_as_is_looked_for(data: st.DataObject) -> None:
    model = data.draw(st.sampled_from(SIGNS.models))
    name = data.draw(st.from_regex(model.expression.pattern, fullmatch=True))
    if SIGNS.model(name) is not None:
        assert SIGNS.prefilter.needed(f'x = "{name}"'.encode())


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", 'm = ask("gp" "t-4o")\n'),
        ("a.py", 'm = ask("gp" + "t-4o")\n'),
        ("a.py", 'm = ask("\\x67pt-4o")\n'),
        ("a.py", 'm = ask("\\147pt-4o")\n'),
        ("a.py", 'm = ask("\\N{LATIN SMALL LETTER G}pt-4o")\n'),
        ("a.py", 'm = ask("gpt-\\\n4o")\n'),
        ("a.py", "import \uff4fpenai\n"),
        ("a.py", 'P = "You " "are a clerk who ranks the people that apply."\n'),
        ("a.py", "import os\n\nif 1:\n    import \\\n        openai\n"),
        ("a.ts", 'const m = "\\u0067pt-4o";'),
        ("a.ts", 'const m = "mi\\stral-large";'),
        ("a.ts", 'const u = "https:\\/\\/api.open\\ai.com\\/v1";'),
        ("a.ts", 'const m = "google\\/vit-base";'),
        ("a.ts", 'const s = "\\nYou\\ are a clerk who ranks all the people who apply";'),
        ("a.yaml", "model.name: local-7b\n"),
        ("a.py", 'MODEL = "gpt-4o-\u017fmall"\n'),
    ],
)
def test_a_name_that_is_written_otherwise(path: str, text: str) -> None:
    whole = look(path, text, is_whole=True)
    assert whole.signals
    assert set(look(path, text).signals) == set(whole.signals)


def test_a_program_that_does_not_parse_is_told_of_where_it_shows_something() -> None:
    for broken in ("print 'x'\n", "def f(:\n    pass\n", "<<<<<<< HEAD\n", "def g():\n    exec 'x'\n", "x = 'a\n"):
        for text in (f"{broken}import openai\n", f"import openai\n\n\n{broken}"):
            found = look("a.py", text)
            assert [it.found for it in found.signals] == ["openai"], text
            assert "does not parse" in found.unread[0].message, text


def test_of_these_very_files() -> None:
    paths = [*ROOT.glob("policy_gate/d*/*.py"), *ROOT.glob("policies/*.yaml"), *ROOT.glob("tests/discover/*.py")]
    for path in paths:
        text = path.read_text("utf-8")
        quick, whole = look(path.name, text), look(path.name, text, is_whole=True)
        assert set(quick.signals) == set(whole.signals), path


def test_beginnings_are_told_by_a_word_of_their_own() -> None:
    found = beginnings_of(["(?:openai/)?o[134]-(?:mini|pro)[a-z]{0,5}", "gpt-?[0-9o]", "text-embedding-(?:3|ada)"])
    assert (
        found
        == {
            "embedding": ["text-embedding-3", "text-embedding-ada"],
            "gpt": ["gpt-"],
            "gpt*": ["gpt"],
            "o1": ["o1-mini", "o1-pro"],
            "o3": ["o3-mini", "o3-pro"],
            "o4": ["o4-mini", "o4-pro"],
            "openai": [f"openai/o{at}-{end}" for at in (1, 3, 4) for end in ("mini", "pro")],
        }
        or "gpt" not in found
    )
    assert all(text == text.lower() for texts in found.values() for text in texts)


def test_readings_of_a_plain_text_are_the_text() -> None:
    assert readings(b'x = f("a", "b")', is_python=True) == [b'x = f("a", "b")']
    assert readings(b'"gp" "t-4"', is_python=True)[1] == b'"gpt-4"'
