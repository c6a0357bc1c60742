"""The temporary file of a killed command lies in the git folder: no check reads it as what it was to become.

Without a git folder on the same file system it lies beside its target.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from scratch import Scratch
from world import high_system

from policy_gate.documents.atomic_file import replacing

HALF = "schema: policy-gate/\n  - half: ["
GOVERNED = (
    "governance.yaml",
    "policy-gate.yaml",
    "governance/waivers.yaml",
    "governance/approvals/2026-11-20-pre-deployment-security-review-SYS-001-ciso.yaml",
    "governance/incidents/INC-2026-001.yaml",
)
POLICIES = ("policies/roles.yaml", "policies/gates/pre-deployment-security-review.yaml")


class Ended(BaseException):
    """As a signal would end it: nothing after it is done."""


@pytest.fixture
def governed(scratch: Scratch) -> Scratch:
    scratch.adopt(high_system("development"))
    scratch.promote()
    return scratch


def cut_short(target: Path) -> None:
    with replacing(target) as out:
        out.write(HALF.encode())
        raise Ended


def stray(repo: Scratch, name: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the writer of files leaves beside `name` where it is ended in the middle and there is no other place."""
    target = repo.path / name
    target.parent.mkdir(parents=True, exist_ok=True)
    before = set(target.parent.iterdir())
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", lambda *_, **__: None)
        patched.setattr("policy_gate.documents.atomic_file._git_folders", lambda folder: ())
        with pytest.raises(Ended):
            cut_short(target)
    (left,) = set(target.parent.iterdir()) - before
    return left.relative_to(repo.path).as_posix()


@pytest.mark.parametrize("name", GOVERNED + POLICIES)
def test_a_killed_command_leaves_nothing_among_what_is_judged(
    governed: Scratch, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = governed.run("check", "--worktree")
    (governed.path / name).parent.mkdir(parents=True, exist_ok=True)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", lambda *_, **__: None)
        with pytest.raises(Ended):
            cut_short(governed.path / name)
    assert governed.git("status", "--porcelain", "--ignored") == ""
    assert [it.name.rpartition(".")[0] for it in (governed.path / ".git").glob("policy-gate.*")] == [
        f"policy-gate.{Path(name).name}"
    ]
    assert governed.run("check", "--worktree") == alone


def test_a_linked_work_tree_has_its_own_git_folder(governed: Scratch, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    governed.git("worktree", "add", "-q", "--detach", str(linked))
    with replacing(linked / "policies" / "new.yaml") as out:
        out.write(b"x: 1\n")
        out.flush()
        assert [it.name for it in (linked / "policies").iterdir() if it.name.startswith(".")] == []
    assert (linked / "policies" / "new.yaml").read_bytes() == b"x: 1\n"


@pytest.mark.parametrize("name", GOVERNED)
def test_a_stray_file_is_not_read(governed: Scratch, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = governed.run("check", "--worktree")
    assert stray(governed, name, monkeypatch) != name
    assert governed.run("check", "--worktree") == alone


@pytest.mark.parametrize("name", POLICIES)
def test_a_stray_file_among_policies_is_no_rule_and_is_to_be_removed(
    governed: Scratch, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules are not to be hidden under another name, so there it is told."""
    left = stray(governed, name, monkeypatch)
    said = " ".join(governed.run("check", "--worktree").out.split())
    assert "BLOCKED 1 problem in governed documents" in said
    assert f"{left}: is a policy by its content, and not by its name hint: name it .yaml, or remove it" in said


@pytest.mark.parametrize("name", GOVERNED + POLICIES)
def test_the_same_text_under_the_name_itself_is_noticed(governed: Scratch, name: str) -> None:
    governed.write({name: HALF})
    done = governed.run("check", "--worktree")
    assert done.code != 0
    assert name in done.out + done.err
