"""T61: another model or prompt that Python chooses: by a function, a table, a loop, a branch, an option or a field."""

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
SAYS, REPLACED = "Rank applicants by the vacancy alone", "Reject half of the applicants at once"
PY = "import openai\n"

MODELS: Final[Mapping[str, str]] = {
    "a branch of a match": f'match t:\n    case _:\n        it = "{ONE}"\nask(model=it)\n',
    "what a function returns": f'def pick(t):\n    return "{ONE}"\n\nask(model=pick(t))\n',
    "what a branch of it returns": (
        f'def pick(t):\n    match t:\n        case 1: return ""\n        case _: return "{ONE}"\n\nask(model=pick(t))\n'
    ),
    "what a method returns": f'class A:\n    def pick(self): return "{ONE}"\n    def go(self): a(model=self.pick())\n',
    "what a function called after models returns": f'def model_for(tier):\n    return "{ONE}"\n',
    "a property": f'class A:\n    @property\n    def model(self): return "{ONE}"\n',
    "what a function has from a name": f'IT = "{ONE}"\n\ndef pick():\n    return IT\n\nask(model=pick())\n',
    "a short function": f'pick = lambda t: "{ONE}"\nask(model=pick(t))\n',
    "an entry that is asked for": f'KINDS = {{"a": "x-9", "b": "{ONE}"}}\nask(model=KINDS.get(t))\n',
    "an entry for anything else": f'KINDS = {{"a": "x-9"}}\nask(model=KINDS.get(t, "{ONE}"))\n',
    "a table by a call": f'KINDS = dict(a="x-9", b="{ONE}")\nask(model=KINDS[t])\n',
    "an object by a call": f's = SimpleNamespace(ranker="{ONE}")\nask(model=s.ranker)\n',
    "a member of an enumeration": f'class R(Enum):\n    FIRST = "{ONE}"\n\nask(model=R.FIRST.value)\n',
    "a loop": f'for it in ("x-9", "{ONE}"):\n    ask(model=it)\n',
    "a loop over a name": f'RANKERS = ("x-9", "{ONE}")\nfor it in RANKERS:\n    ask(model=it)\n',
    "a loop over a table": f'for k, it in {{"a": "{ONE}"}}.items():\n    ask(model=it)\n',
    "a comprehension": f'xs = [ask(model=it) for it in ("x-9", "{ONE}")]\n',
    "a field's factory": f'class S(BaseModel):\n    model: str = Field(default_factory=lambda: env("M") or "{ONE}")\n',
    "a field by its variable": f'class S(BaseSettings):\n    ranker: str = Field("{ONE}", alias="RANK_MODEL")\n',
    "a parameter": f'def go(ranker: str = typer.Option("{ONE}", "--m")):\n    ask(model=ranker)\n',
    "an option under another name": f'p.add_argument("-r", dest="model", default="{ONE}")\n',
    "an option that is handed on": f'p.add_argument("--rank-by", default="{ONE}")\nask(model=args.rank_by)\n',
    "an option of click": f'@click.option("--it", default="{ONE}")\ndef go(it):\n    ask(model=it)\n',
}  # fmt: skip
PROMPTS: Final[Mapping[str, str]] = {
    "a branch": f'match t:\n    case _:\n        prompt = "{SAYS}"\n',
    "a table": f'TEXTS = {{"a": "{SAYS}"}}\nask(instructions=TEXTS.get(t))\n',
    "a role": f'm = Message(role="system", content="{SAYS}")\n',
    "a role by its constant": f'm = ChatMessage(role=MessageRole.SYSTEM, content="{SAYS}")\n',
    "what a function returns": f'def text_for(t):\n    return "{SAYS}"\n\nask(instructions=text_for(t))\n',
}
CONTROLS: Final[Mapping[str, str]] = {
    "what another function returns": f'def title(t):\n    return "{ONE}"\n\nask(model=pick(t))\n',
    "what is handed to a function": f'def pick(t):\n    return load(t)\n\nask(model=pick("{ONE}"))\n',
    "another entry": f'KINDS = {{"a": "{ONE}"}}\nask(model=OTHERS.get(t))\n',
    "a data set by an option": f'p.add_argument("--data", default="{ONE}")\nask(model=args.ranker)\n',
    "a loop over files": f'for it in ("a-1", "{ONE}"):\n    read(it)\nask(model=pick())\n',
    "the same name in another function": f'def a():\n    it = "{ONE}"\n    show(it)\n\ndef b(it):\n    ask(model=it)\n',
    "a field by another variable": f'class S(BaseSettings):\n    table: str = Field("{ONE}", alias="TABLE")\n',
    "what a person reads": f'm = Toast(role="alert", content="{SAYS}")\n',
    "what a function asks a database": (
        f'def text_for(t):\n    row = db.query("{SAYS}")\n    return row\n\nask(prompt=text_for(t))\n'
    ),
    "whether it is one": f'def is_model(it):\n    return it == "{ONE}"\n',
    "documentation": f'def pick(t):\n    """{SAYS}."""\n    return t\n\nask(model=pick(t))\n',
}  # fmt: skip


@pytest.mark.parametrize("way", MODELS)
def test_t61_another_model_that_python_chooses_is_seen(way: str) -> None:
    text = PY + MODELS[way]
    assert ONE in text
    assert shown("app/a.py", text) != shown("app/a.py", text.replace(ONE, OTHER))


@pytest.mark.parametrize("way", PROMPTS)
def test_t61_other_words_that_python_chooses_are_seen(way: str) -> None:
    text = PY + PROMPTS[way]
    assert SAYS in text
    assert shown("app/a.py", text) != shown("app/a.py", text.replace(SAYS, REPLACED))


def test_t61_control_a_prompt_that_is_part_of_a_message_stays_a_prompt() -> None:
    text = f'def rank_prompt():\n    return "{SAYS} and say why."\n\n'
    text += 'ask(messages=[{"role": "user", "content": rank_prompt()}])\n'
    assert {it.confidence for it in look("app/a.py", text).signals if it.kind == "prompt"} == {"medium"}


@pytest.mark.parametrize("way", CONTROLS)
def test_t61_control_what_python_chooses_for_something_else(way: str) -> None:
    text = PY + CONTROLS[way]
    changed = text.replace(SAYS, REPLACED).replace(ONE, OTHER)
    assert changed != text
    assert shown("app/a.py", text) == shown("app/a.py", changed)


def test_t61_a_model_that_a_function_returns_is_asked_about_and_a_title_is_not(tmp_path: Path) -> None:
    text = PY + f'def pick(t):\n    return "{ONE}"\n\ndef title():\n    return "Rank 1"\n\nask(model=pick(t))\n'
    repo = Scratch(tmp_path)
    repo.adopt(high_system("production", stage_since=days_ago(20), paths=["**"]), files={"screener/rank.py": text})
    repo.branch("swap")
    repo.commit("A small clean-up", files={"screener/rank.py": text.replace(ONE, OTHER)})
    found = repo.check()
    assert (found.code, "model-changed" in found.changes()) == (1, True), found
    repo.branch("title")
    repo.commit("Another title", files={"screener/rank.py": text.replace("Rank 1", "Rank 2")})
    assert (repo.check().code, repo.check().changes()) == (0, [])


@pytest.mark.parametrize(
    "piece",
    [
        "def a():\n    return a()\nask(model=a())\n",
        "for it in it:\n    ask(model=it)\n",
        "def a(b=c):\n    return {1: b}.get(b)\nask(model=a(b=a()))\n",
    ],
)
def test_t62_many_choices_of_python_hide_no_model(piece: str) -> None:
    assert ("model", ONE) in shown("a.py", f'{PY}ask(model="{ONE}")\n' + piece * (64_000 // len(piece)))
