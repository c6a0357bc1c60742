"""The gate in memory answers as the command does over real git: the same sequences, the same exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from author_moves import ALL, Files, result_of, start
from author_play import Change, Play
from gate_in_memory import Gate
from scratch import Scratch

pytestmark = pytest.mark.real_git

SEQUENCES: dict[str, list[Change]] = {
    "promotions": [
        Change(("promote",)),
        Change(("the work of the gate",)),
        Change(("promote",)),
        Change(("promote",), "with"),
    ],
    "weakenings": [
        Change(("one more fact", "a wider path")),
        Change(("lowest decision_impact",)),
        Change(("a narrower path",), "with"),
        Change(("a prohibition gone",), "ahead"),
        Change(("a prohibition gone",)),
    ],
    "coming and going": [
        Change(("no system at all",)),
        Change(("manifest under another ending",)),
        Change(("a twin in its folder",)),
        Change(("old code enrolled",), "with"),
        Change(("another name", "no stage_since")),
        Change(("manifest broken",)),
    ],
    "law": [
        Change(("somebody else's policy", "code")),
        Change(("policies deleted",)),
        Change(("another tool",)),
        Change(("roles taken", "promote"), "with"),
        Change(("workflow advisory",)),
    ],
}


class OnDisk:
    """The same game in a scratch repository."""

    def __init__(self, path: Path, files: Files) -> None:
        self.repo = Scratch(path)
        self.repo.commit("Start", by="Rae Kim", files=files)

    def code(self, result: Files) -> int:
        """The exit code of a branch that holds exactly these files."""
        self.repo.branch("work")
        self.repo.remove(*set(self.repo.git("ls-files").splitlines()) - set(result))
        self.repo.commit("Change", files=result)
        return self.repo.check().code


@pytest.mark.parametrize("name", SEQUENCES)
def test_real_git_gives_the_same_answers(tmp_path: Path, name: str) -> None:
    gate, base = Gate(), start()
    disk, play = OnDisk(tmp_path, base), Play(gate, base)
    seen = []
    for change in SEQUENCES[name]:
        result = play.result(change)
        code = disk.code(result)
        assert code == gate.code(play.base, result, play.earlier), f"{change}: real git gives {code}"
        if play.make(change):
            disk.repo.merge("work")
        seen.append(code)
    assert len(set(seen)) > 1, "answers that are all the same prove little"


def test_a_result_is_the_moves_and_nothing_else() -> None:
    base = start()
    assert result_of(base, ()) == base
    assert result_of(base, [ALL["a readme"]]).keys() == base.keys()
