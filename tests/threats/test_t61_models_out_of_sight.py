"""T61, D50: a file that a change makes too large to be looked into does not hide another model behind the old one."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system

ASKS = 'from openai import OpenAI\n\nOpenAI().chat.completions.create(model="{}", messages=[])\n'
OLD, OTHER = ASKS.format("gpt-4o"), ASKS.format("gpt-4o-mini")
PADDING = "".join(f"ROW_{n} = 'value {n} of many values'\n" for n in range(30_000))


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    made = Scratch(tmp_path_factory.mktemp("sight"))
    made.adopt(
        high_system("production"), files={"screener/app.py": OLD, "screener/old.py": OLD, "screener/rows.json": "[]"}
    )
    return made


@pytest.mark.parametrize(
    "files",
    [
        {"screener/app.py": OTHER + PADDING},
        {"screener/app.py": "import screener.more\n", "screener/more.py": PADDING + OTHER},
        {"screener/app.py": "import screener.more\n", "screener/more.ts": PADDING + OTHER},
    ],
    ids=["padded", "in a new file", "in another language"],
)
def test_t61_what_grows_out_of_sight_shows_the_old_model_no_more(repo: Scratch, files: dict[str, str]) -> None:
    repo.branch()
    repo.commit("Rows", files=files)
    found = repo.check()
    assert (found.code, "model-changed" in found.changes()) == (1, True), found


@pytest.mark.parametrize(
    "files",
    [
        {"screener/more.py": PADDING},
        {"screener/rows.json": f'["{PADDING}"]', "screener/app.py": "x = 1\n"},
        {"screener/app.py": OLD + "ROWS = 1\n"},
    ],
    ids=["a large file comes", "large data, and one place less", "it stays small"],
)
def test_t61_control_what_grows_and_hides_nothing_asks_nobody(repo: Scratch, files: dict[str, str]) -> None:
    repo.branch()
    repo.commit("Rows", files=files)
    found = repo.check()
    assert "model-changed" not in found.changes(), found
