"""T61, D50: a file behind a link is read by the name that the system's code finds it under, too."""

from __future__ import annotations

from pathlib import Path

import pytest
from scratch import Scratch
from world import days_ago, high_system

ASKS = 'import openai\n\nopenai.OpenAI().chat.completions.create(model="gpt-4o")\n'
OTHERWISE = ASKS.replace("gpt-4o", "gpt-3.5-turbo")
RANKS, RANKS_OTHERWISE = "Rank them by what they did at work.\n", "Rank them by where they were born.\n"


def _linked(folder: Path, link: str, target: str, path: str, text: str | bytes) -> Scratch:
    repo = Scratch(folder)
    repo.adopt(high_system("production", stage_since=days_ago(20)), files={"screener/app.py": ASKS, path: text})
    (repo.path / link).parent.mkdir(exist_ok=True)
    (repo.path / link).symlink_to(target)
    repo.commit("A link")
    repo.branch("work")
    return repo


@pytest.mark.parametrize(
    ("link", "target", "path", "texts", "kind"),
    [
        ("screener/prompts/rank.txt", "../../rank.txt", "rank.txt", (RANKS, RANKS_OTHERWISE), "prompt-changed"),
        ("screener/prompts", "../texts", "texts/rank.txt", (RANKS, RANKS_OTHERWISE), "prompt-changed"),
        ("screener/prompts", "../texts", "texts/deep/rank.txt", (RANKS, RANKS_OTHERWISE), "prompt-changed"),
        ("screener/rank.onnx", "../store/1f", "store/1f", (b"weights", b"others"), "weights-changed"),
        ("screener/ask.py", "../store/ask", "store/ask", (ASKS, OTHERWISE), "model-changed"),
    ],
    ids=["a text", "a folder of texts", "a folder below", "weights", "a program"],
)
def test_t61_a_file_behind_a_link_is_what_the_link_calls_it(
    tmp_path: Path, link: str, target: str, path: str, texts: tuple[str | bytes, str | bytes], kind: str
) -> None:
    repo = _linked(tmp_path, link, target, path, texts[0])
    repo.commit("Otherwise", files={path: texts[1]})
    done = repo.check()
    assert (done.code, kind in done.changes()) == (1, True), done
    repo.branch("aside", at="main")
    repo.commit("Another file", files={f"aside/{Path(path).name}": RANKS_OTHERWISE})
    assert repo.check().code == 0, "control: no link leads there"


@pytest.mark.parametrize(
    ("link", "target", "path"),
    [
        ("screener/notes/rank.txt", "../../rank.txt", "rank.txt"),
        ("screener/notes", "../texts", "texts/rank.txt"),
        ("screener/tests/prompts", "../../texts", "texts/rank.txt"),
    ],
)
def test_t61_control_a_text_that_a_link_calls_no_prompt(tmp_path: Path, link: str, target: str, path: str) -> None:
    repo = _linked(tmp_path, link, target, path, RANKS)
    repo.commit("Otherwise", files={path: RANKS_OTHERWISE})
    done = repo.check()
    assert (done.code, done.changes()) == (0, []), done


@pytest.mark.parametrize(
    ("is_folder", "text", "code"), [(False, RANKS, 0), (True, RANKS, 0), (False, RANKS_OTHERWISE, 1)]
)
def test_t61_a_prompt_that_moves_behind_a_link_is_the_same_prompt(
    tmp_path: Path, is_folder: bool, text: str, code: int
) -> None:
    repo = Scratch(tmp_path)
    files = {"screener/app.py": ASKS, "screener/prompts/rank.txt": RANKS}
    repo.adopt(high_system("production", stage_since=days_ago(20)), files=files)
    repo.branch("work")
    repo.remove("screener/prompts/rank.txt")
    repo.write({"texts/rank.txt": text})
    if is_folder:
        (repo.path / "screener/prompts").rmdir()
        (repo.path / "screener/prompts").symlink_to("../texts")
    else:
        (repo.path / "screener/prompts/rank.txt").symlink_to("../../texts/rank.txt")
    repo.commit("One place for all prompts")
    done = repo.check()
    assert (done.code, "prompt-changed" in done.changes()) == (code, bool(code)), done
