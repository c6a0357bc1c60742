"""T61, D58: a model, vendor or prompt that comes where a link of a system's code leads, and stood there nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from scratch import Scratch
from world import days_ago, high_system

ASKS = 'import openai\n\nopenai.OpenAI().chat.completions.create(model="gpt-4o")\n'
ANOTHER = 'import anthropic\n\nanthropic.Anthropic().messages.create(model="claude-3-opus-20240229")\n'
MODEL = "model: gpt-3.5-turbo\n"
PROMPT = "system: You are a helpful assistant. Answer the recruiter's question in one sentence.\n"
FILES = {
    "screener/app.py": ASKS,
    "settings/a.yaml": "wait: 3\n",
    "settings/deep/b.yaml": "wait: 3\n",
    "lib/rank.py": "WAIT = 3\n",
    "aside/other.py": ANOTHER,
}
LINKS = {"screener/conf": "../settings", "screener/rank.py": "again.py", "screener/again.py": "../lib/rank.py"}


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("links"))
    repo.adopt(high_system("production", stage_since=days_ago(20)), files=FILES)
    for path, target in LINKS.items():
        (repo.path / path).symlink_to(target)
    repo.commit("Links")
    return repo


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("settings/new.yaml", MODEL, "model-changed"),
        ("settings/deep/new.py", ANOTHER, "vendor-changed"),
        ("settings/prompts.yaml", PROMPT, "prompt-changed"),
        ("settings/a.yaml", f"wait: 3\n{MODEL}", "model-changed"),
        ("lib/rank.py", ANOTHER, "vendor-changed"),
        # the control: a file of the system's own folder
        ("screener/new.yaml", MODEL, "model-changed"),
    ],
)
def test_t61_what_comes_behind_a_link_is_the_systems(repo: Scratch, path: str, text: str, kind: str) -> None:
    repo.branch("come")
    repo.commit("More", files={path: text})
    done = repo.check()
    assert (done.code, kind in done.changes()) == (1, True), done
    if kind == "vendor-changed":
        assert "statement-refuted" in done.changes(), "nor does the manifest name that vendor"


def test_t61_a_new_link_to_what_shows_another_model_is_one(repo: Scratch) -> None:
    repo.branch("link")
    (repo.path / "screener/other.py").symlink_to("../aside/other.py")
    repo.commit("One more link")
    done = repo.check()
    assert (done.code, "model-changed" in done.changes()) == (1, True), done


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("settings/new.yaml", "wait: 4\n"),
        ("lib/rank.py", "WAIT = 4\n"),
        ("settings/new.py", ASKS),
        ("lib/rank.py", ASKS),
        ("elsewhere/new.yaml", MODEL),
    ],
)
def test_t61_control_what_the_system_shows_already_and_what_no_link_leads_to(
    repo: Scratch, path: str, text: str
) -> None:
    repo.branch("known")
    repo.commit("More", files={path: text})
    done = repo.check()
    assert (done.code, "model-changed" in done.changes()) == (0, False), done


READS = """import openai
from pathlib import Path

PROMPT = Path("{}instructions.md").read_text()  # the system prompt
openai.OpenAI().chat.completions.create(model="gpt-4o", messages=[{{"role": "system", "content": PROMPT}}])
"""
RANKS, RANKS_OTHERWISE = "Rank them by what they did at work.\n", "Rank them by where they were born.\n"


@pytest.mark.parametrize(
    ("files", "link", "changed"),
    [
        ({"screener/app.py": READS.format("texts/"), "texts/instructions.md": RANKS}, "screener/texts", "texts"),
        ({"lib/asks.py": READS.format(""), "screener/instructions.md": RANKS}, "screener/asks.py", "screener"),
    ],
    ids=["the text", "the program"],
)
def test_t61_a_text_that_code_reads_as_a_prompt_is_one_behind_a_link(
    tmp_path: Path, files: dict[str, str], link: str, changed: str
) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(high_system("production", stage_since=days_ago(20)), files=files)
    (repo.path / link).symlink_to("../texts" if link.endswith("texts") else "../lib/asks.py")
    repo.commit("A link")
    repo.branch("work")
    repo.commit("Say it otherwise", files={f"{changed}/instructions.md": RANKS_OTHERWISE})
    done = repo.check()
    assert (done.code, done.changes()) == (1, ["prompt-changed"]), done
    repo.branch("aside", at="main")
    repo.commit("Another text", files={"aside/instructions.md": RANKS_OTHERWISE})
    assert repo.check().code == 0, "control: a text that no code reads"


def test_t61_a_twin_of_what_a_link_leads_to_counts_as_it(repo: Scratch) -> None:
    repo.checkout("main")
    repo.branch("settings")
    base = repo.commit("Settings", files={"settings/ask.yaml": "url: https://api.openai.com/v1\nmodel: gpt-4o\n"})
    for path, host, code in (("Settings/ask.yaml", "api.openai.com", 1), ("Settings/else.yaml", "example.com", 0)):
        repo.branch("twin", at="settings")
        oid = repo.git("hash-object", "-w", "--stdin", stdin=f"url: https://{host}/v1\nmodel: acme-rank-2\n")
        repo.git("update-index", "--add", "--cacheinfo", f"100644,{oid},{path}")
        repo.git("commit", "-q", "-m", "More settings")
        done = repo.check("--base", base)
        assert (done.code, "model-changed" in done.changes()) == (code, bool(code)), done


def test_t61_control_what_is_known_behind_a_link_may_come_to_the_systems_own_folder(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(high_system("production", stage_since=days_ago(20)), files={**FILES, "lib/rank.py": ASKS})
    (repo.path / "screener/rank.py").symlink_to("../lib/rank.py")
    (repo.path / "screener/app.py").write_text("x = 1\n", "utf-8")
    repo.commit("A link")
    repo.branch("known")
    repo.commit("More", files={"screener/more.py": ASKS})
    done = repo.check()
    assert (done.code, "model-changed" in done.changes()) == (0, False), done
