"""Who writes a record is whom git would make the author of the commit that adds it, however git is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from scratch import Scratch

from policy_gate.write.git_identity import identity

pytestmark = pytest.mark.real_git
NAME, EMAIL = "Ada Example", "ada@example.com"
UNTOLD = ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL")


@pytest.fixture
def repo(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> Scratch:
    """A repository that names nobody, on a machine that names nobody."""
    for name in [name for name in os.environ if name.startswith("GIT_")] + list(UNTOLD):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(scratch.path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in ("user.name", "user.email"):
        scratch.git("config", "--unset-all", name, ok=False)
    return scratch


def told(folder: Path) -> tuple[str, str] | None:
    found = identity(folder)
    return (found.name, found.email) if found else None


def test_nobody_is_guessed(repo: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(repo.path) is None
    monkeypatch.setenv("EMAIL", EMAIL)
    assert told(repo.path) is None, "git would add the name that the machine has for whoever is logged in"
    repo.git("config", "user.name", NAME)
    repo.git("config", "user.email", "nobody")
    assert told(repo.path) is None, "this is no address"


@pytest.mark.parametrize("key", ["user", "author"])
def test_settings_are_asked(repo: Scratch, key: str) -> None:
    repo.git("config", f"{key}.name", NAME)
    assert told(repo.path) is None
    repo.git("config", f"{key}.email", EMAIL)
    assert told(repo.path) == (NAME, EMAIL)


def test_variables_go_before_settings_as_in_the_commit(repo: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.git("config", "user.name", "Bo Author")
    repo.git("config", "user.email", "bo@example.com")
    monkeypatch.setenv("GIT_AUTHOR_NAME", NAME)
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", EMAIL)
    made = {"GIT_AUTHOR_NAME": NAME, "GIT_AUTHOR_EMAIL": EMAIL}
    repo.git("commit", "-q", "--allow-empty", "-m", "By", **made)
    name, _, email = repo.git("log", "-1", "--format=%an|%ae").partition("|")
    assert told(repo.path) == (name, email) == (NAME, EMAIL)


def test_variables_alone_are_enough(repo: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Zoë  de la Cruz-Ñúñez (AI)")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", EMAIL)
    assert told(repo.path) == ("Zoë  de la Cruz-Ñúñez (AI)", EMAIL)
