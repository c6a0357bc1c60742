"""T51: however a branch repeats, undoes and mixes base's changes, where it passes a rebase loses nothing of base's."""

from __future__ import annotations

from pathlib import Path

import pytest
from author_moves import CARD, MANIFEST, Draft, Files, start
from guarded import losses
from hypothesis import given, settings
from hypothesis import strategies as st
from scratch import Scratch

pytestmark = pytest.mark.real_git

LIMIT = "- Reads only English text"
MORE = f"{LIMIT}\n- Never for hiring in health care"
BASE = ("a limit", "a higher dimension", "a wider path")
"""What base gets after the branch has left it, by somebody else and approved."""
BRANCH = (*(f"repeat {name}" for name in BASE), *(f"undo {name}" for name in BASE), "a readme", "code")
START = start()


def _raised(files: Files, name: str, *, back: bool) -> dict[str, str]:
    """The files with one of base's changes made, or taken back."""
    made = dict(files)
    if name == "a limit":
        made[CARD] = (
            made[CARD].replace(*((MORE, LIMIT) if back else (LIMIT, MORE)))
            if (MORE in made[CARD]) is back
            else made[CARD]
        )
        return made
    draft = Draft.of(made)
    entry = draft.system()
    if name == "a higher dimension":
        entry["risk_profile"]["decision_reversibility"] = "difficult_to_reverse" if back else "irreversible"
    else:
        entry["paths"] = ["screener/**"] if back else ["screener/**", "jobs/**"]
    return draft.rendered()


def _step(files: Files, name: str, number: int) -> dict[str, str]:
    word, _, what = name.partition(" ")
    if word in ("repeat", "undo"):
        return _raised(files, what, back=word == "undo")
    path = "README.md" if what == "readme" else "screener/app.py"
    return {**files, path: f"# {number}\n"}


def _tree(repo: Scratch, revision: str) -> dict[str, str]:
    names = repo.git("ls-tree", "-r", "--name-only", revision).splitlines()
    return {name: repo.git("show", f"{revision}:{name}") + "\n" for name in names}


def _played(folder: Path, base: list[str], steps: list[str]) -> None:
    repo = Scratch(folder)
    repo.commit("Start", by="Rae Kim", files=START)
    repo.branch()
    files: dict[str, str] = dict(START)
    for number, name in enumerate(steps):
        files = _step(files, name, number)
        repo.commit(name, files=files)
    repo.checkout("main")
    moved: dict[str, str] = dict(START)
    for name in base:
        moved = _raised(moved, name, back=False)
        repo.commit(name, by="Rae Kim", files={MANIFEST: moved[MANIFEST], CARD: moved[CARD]})
    repo.checkout("work")
    if repo.check().code != 0:
        return
    try:
        repo.git("-c", "rebase.autoStash=false", "rebase", "-q", "main")
    except AssertionError:
        repo.git("rebase", "--abort")
        return
    assert losses(moved, _tree(repo, "HEAD")) == [], f"base: {base}, branch: {steps}"


@pytest.mark.parametrize("name", BASE)
def test_a_branch_that_repeats_and_undoes_gets_nothing_by_a_rebase(tmp_path: Path, name: str) -> None:
    _played(tmp_path, [name], [f"repeat {name}", f"undo {name}", "code"])


@pytest.mark.nightly
@settings(max_examples=40, database=None, deadline=None)
@given(
    base=st.lists(st.sampled_from(BASE), min_size=1, max_size=2, unique=True),
    steps=st.lists(st.sampled_from(BRANCH), min_size=2, max_size=5),
)
def test_no_branch_gets_anything_by_a_rebase(
    tmp_path_factory: pytest.TempPathFactory, base: list[str], steps: list[str]
) -> None:
    _played(tmp_path_factory.mktemp("rebase"), base, steps)
