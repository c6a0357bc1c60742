"""A text that AI code opens by its name is a prompt, whatever it and its folder are called; other texts are none."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system

CODE = (
    "import pathlib\n\nimport openai\n\nHERE = pathlib.Path(__file__).parent\n"
    'SYSTEM_PROMPT = (HERE / "rules.txt").read_text()\n'
    'VOICE = open("screener/texts/voice.md").read()\n'
    'WORDS = open("screener/words.txt").read()\n'
    'ABOUT = open("README.md").read()\n'
)
FILES: dict[str, str | bytes] = {
    "screener/app.py": CODE,
    "screener/rules.txt": "Rank by experience.\n",
    "screener/texts/voice.md": "You are a recruiter's assistant.\n",
    "screener/words.txt": "python\nsql\n",
    "screener/notes.md": "You are welcome to change this.\n",
    "screener/README.md": "# Screener\n",
    "screener/plain.py": 'TEXT = open("screener/other.txt").read()  # prompt\n',
    "screener/other.txt": "You are the reader.\n",
}


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("read"))
    repo.adopt(high_system(), files=FILES)
    return repo


@pytest.mark.parametrize(
    ("path", "text", "kinds"),
    [
        ("screener/rules.txt", "Rank the young first.\n", ["prompt-changed"]),
        ("screener/texts/voice.md", "You are a judge of character.\n", ["prompt-changed"]),
        ("screener/words.txt", "python\nsql\ngo\n", []),
        ("screener/notes.md", "You are welcome to read this.\n", []),
        ("screener/README.md", "# The screener\n", []),
        ("screener/other.txt", "You are the writer.\n", []),
        ("screener/rules.txt", "Rank by\nexperience.\n", []),
    ],
)
def test_a_text_that_ai_code_reads_as_a_prompt_is_one(repo: Scratch, path: str, text: str, kinds: list[str]) -> None:
    repo.branch(f"b{abs(hash((path, text)))}")
    repo.commit("Change a text", files={path: text})
    assert repo.check().changes() == kinds
