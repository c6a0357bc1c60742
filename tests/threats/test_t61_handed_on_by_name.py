"""T61: another model or prompt behind a name that says nothing of either, handed on as one."""

from __future__ import annotations

from pathlib import Path

import pytest
from scratch import Scratch
from world import days_ago, high_system

ONE, OTHER = "acme-rank-1", "acme-rank-2"
FAIR = "Rank the people by what they did at work, and nothing else at all."
UNFAIR = "Rank the people by where they were born, and nothing else at all."
ASK = "openai.OpenAI().chat.completions.create"
MODELS = {
    "a constant": f'import openai\n\nRANKER = "{ONE}"\n{ASK}(model=RANKER)\n',
    "by way of another": f'import openai\n\nFIRST = "{ONE}"\nRANKER = FIRST\n{ASK}(model=RANKER)\n',
    "one of two": f'import openai, os\n\nRANKER = os.environ.get("R") or "{ONE}"\n{ASK}(model=RANKER)\n',
    "of a class": f'import openai\n\n\nclass Options:\n    ranker = "{ONE}"\n\n\n{ASK}(model=Options.ranker)\n',
    "of an object": (
        f'import openai\n\n\nclass Ranks:\n    def __init__(self):\n        self.ranker = "{ONE}"\n\n'
        f"    def go(self):\n        {ASK}(model=self.ranker)\n"
    ),
    "of a table": f'import openai\n\nRANKERS = {{"it": "{ONE}"}}\n{ASK}(model=RANKERS["it"])\n',
    "in a function": f'import openai\n\n\ndef go():\n    it = "{ONE}"\n    {ASK}(model=it)\n',
    "in two functions": (
        f'import openai\n\n\ndef go():\n    it = "{ONE}"\n    {ASK}(model=it)\n\n\n'
        f'def other():\n    it = "acme-rank-3"\n    {ASK}(model=it)\n'
    ),
    "in the last of two": (
        f'import openai\n\n\ndef other():\n    it = "acme-rank-3"\n    {ASK}(model=it)\n\n\n'
        f'def go():\n    it = "{ONE}"\n\n    def inner():\n        {ASK}(model=it)\n'
    ),
    "put into a text": f'import openai\n\nRANKER = "{ONE}"\n{ASK}(model=f"{{RANKER}}")\n',
    "in keywords": f'import openai\n\nRANKER = "{ONE}"\nGIVEN = {{"model": RANKER}}\n{ASK}(**GIVEN)\n',
}
PROMPTS = {
    "a message": f'import openai\n\nRULE = "{FAIR}"\n{ASK}(messages=[{{"role": "system", "content": RULE}}])\n',
    "instructions": f'import openai\n\nRULE = "{FAIR}"\nopenai.OpenAI().responses.create(instructions=RULE)\n',
    "a pair": f'import openai\n\nRULE = "{FAIR}"\n{ASK}(messages=[("system", RULE)])\n',
    "put into a prompt": (
        f'import openai\n\nRULE = "{FAIR}"\nopenai.OpenAI().responses.create(instructions=f"{{RULE}} And more.")\n'
    ),
    "by way of a sum": (
        f'import openai\n\nFIRST = "{FAIR}"\nRULE = FIRST + " Y"\nopenai.OpenAI().responses.create(instructions=RULE)\n'
    ),
    "put together": f'import openai\n\nRULE = "{FAIR} " + "Y"\nopenai.OpenAI().responses.create(instructions=RULE)\n',
}


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("handed"))
    files = {**MODELS, **PROMPTS}
    repo.adopt(
        high_system("production", stage_since=days_ago(20)),
        files={f"screener/{name.replace(' ', '_')}.py": text for name, text in files.items()},
    )
    return repo


def changes(repo: Scratch, name: str, text: str) -> tuple[int, list[str]]:
    repo.branch("work")
    repo.commit("Another", files={f"screener/{name.replace(' ', '_')}.py": text})
    done = repo.check()
    return done.code, done.changes()


@pytest.mark.parametrize("name", MODELS)
def test_t61_a_model_that_a_name_hands_on_is_told(repo: Scratch, name: str) -> None:
    assert changes(repo, name, MODELS[name].replace(ONE, OTHER)) == (1, ["model-changed"])


@pytest.mark.parametrize("name", PROMPTS)
def test_t61_a_prompt_that_a_name_hands_on_is_told(repo: Scratch, name: str) -> None:
    assert changes(repo, name, PROMPTS[name].replace(FAIR, UNFAIR)) == (1, ["prompt-changed"])


def test_t61_a_name_first_and_what_hands_it_on_with_the_next_change(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    asks = f'import openai\n\nMODEL = "{ONE}"\n{ASK}(model=MODEL)\n'
    repo.adopt(high_system("production", stage_since=days_ago(20)), files={"screener/asks.py": asks})
    both = asks.replace("MODEL =", f'SPARE = "{OTHER}"\nMODEL =', 1)
    assert changes(repo, "asks", both) == (0, []), "control: nothing hands it on"
    repo.merge("work")
    assert changes(repo, "asks", both.replace("model=MODEL", "model=SPARE")) == (1, ["model-changed"])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a constant", f'{MODELS["a constant"]}TITLE = "The rank-2 page"\n'),
        ("in a function", f'{MODELS["in a function"]}\n\ndef page():\n    it = "rank-2 page"\n    print(it)\n'),
        ("a message", f'{PROMPTS["a message"]}LABEL = "People are shown by where they were born, the others last."\n'),
        ("by way of another", MODELS["by way of another"].replace("FIRST", "EARLIEST")),
        ("in a function", MODELS["in a function"].replace("it", "chosen")),
    ],
)
def test_t61_control_other_texts_and_other_names_for_the_same_ask_nobody(repo: Scratch, name: str, text: str) -> None:
    assert changes(repo, name, text) == (0, [])
