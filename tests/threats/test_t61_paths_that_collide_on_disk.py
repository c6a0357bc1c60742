"""T61: a file beside a claimed one that takes its place where names are kept without case, or as Windows keeps them."""

from __future__ import annotations

from pathlib import Path

import pytest
from scratch import Scratch
from world import days_ago, high_system, low_system

SETTINGS = "url: https://api.openai.com/v1\nllm:\n  model: acme-rank-1\n"
ANOTHER = SETTINGS.replace("rank-1", "rank-2")
CODE = 'import openai\nMODEL = "acme-rank-1"\n'
FILES = {"screener/settings.yaml": SETTINGS, "screener/app.py": CODE, "screener/\u00fcber.yaml": SETTINGS}


def brought(repo: Scratch, path: str, text: str) -> None:
    """Add a file to the tree itself: the disk of whoever runs this may take two names for one."""
    repo.branch("twin")
    oid = repo.git("hash-object", "-w", "--stdin", stdin=text)
    repo.git("update-index", "--add", "--cacheinfo", f"100644,{oid},{path}")
    repo.git("commit", "-q", "-m", "More settings")


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("twins"))
    repo.adopt(high_system("production", stage_since=days_ago(20)), files=FILES)
    return repo


TWINS = ["Screener/settings.yaml", "screener./settings.yaml", "screener/settings.yaml.", "Screener/u\u0308ber.yaml"]


@pytest.mark.parametrize("path", TWINS)
def test_t61_a_twin_of_a_claimed_file_counts_as_the_claimed_one(repo: Scratch, path: str) -> None:
    brought(repo, path, ANOTHER)
    done = repo.check()
    assert (done.code, "model-changed" in done.changes()) == (1, True), done


@pytest.mark.parametrize("path", ["screeners/settings.yaml", "Screener/more.yaml", "settings.yaml"])
def test_t61_control_a_file_of_another_name_is_none(repo: Scratch, path: str) -> None:
    brought(repo, path, ANOTHER.replace("https://api.openai.com/v1", "https://example.com"))
    done = repo.check()
    assert (done.code, done.verdict) == (0, "pass"), done


def test_t61_control_a_twin_that_shows_nothing_else_is_let_be(repo: Scratch) -> None:
    brought(repo, "Screener/settings.yaml", f"# as it was\n{SETTINGS.replace('https://api.openai.com/v1', 'x')}")
    done = repo.check()
    assert done.code == 0, done


def test_t61_a_twin_stays_ai_that_nobody_claims(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(low_system("production", stage_since=days_ago(20), paths=["screener/**"]), files=FILES)
    brought(repo, "Screener/app.py", CODE.replace("openai", "anthropic"))
    assert "that:ai-use-without-system" in repo.check().blocking()
