"""T51: a forge that rebases replays the commits of a branch, which may give something else than merging (D46)."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import days_ago, high_system, low_system, to_yaml

BASE_ONLY = "to merge base into your branch does not help; rebase it and push"


def _rolled_back(repo: Scratch, methods: list[str] | None = None) -> None:
    """main held production and was rolled back; `work` left it before that."""
    repo.adopt(high_system("production"), low_system("production", paths=["summariser/**"]))
    if methods:
        config = {"schema": "policy-gate/config/v1", "repository": "example-org/screener", "merge_methods": methods}
        repo.commit("Our forge", files={"policy-gate.yaml": to_yaml(config)})
    repo.branch("work")
    repo.checkout("main")
    repo.edit(stage="development")
    repo.commit("Rolled back, as agreed")
    repo.checkout("work")


def _back_and_forth(repo: Scratch) -> None:
    repo.edit(stage="development")
    repo.commit("The same change")
    repo.edit(stage="production")
    repo.commit("Tidy")


def _rebased(repo: Scratch) -> str:
    """What a rebase merge would make main hold."""
    repo.git("checkout", "-q", "-B", "rebased", "work")
    repo.git("rebase", "-q", "main")
    return str(repo.entry()["stage"])


def _assert_undecided(repo: Scratch) -> None:
    found = repo.check("--head", "work")
    assert (found.code, found.verdict) == (3, "undecided"), found
    assert "governance.yaml" in found.out
    assert BASE_ONLY in found.out


def test_t51_what_base_did_is_repeated_and_undone(scratch: Scratch) -> None:
    _rolled_back(scratch)
    _back_and_forth(scratch)
    _assert_undecided(scratch)
    assert _rebased(scratch) == "production"
    assert scratch.check("--head", "rebased").code == 1, "control: the rebased commits are judged as what they are"


def test_t51_bringing_the_branch_up_to_date_does_not_hide_it(scratch: Scratch) -> None:
    _rolled_back(scratch)
    _back_and_forth(scratch)
    scratch.git("merge", "-q", "-m", "Update branch", "main")
    _assert_undecided(scratch)
    assert _rebased(scratch) == "production"


def test_t51_other_commits_between_and_other_lines_of_the_same_file(scratch: Scratch) -> None:
    _rolled_back(scratch)
    scratch.edit("SYS-003", name="Summaries")
    scratch.commit("A name")
    scratch.edit(stage="development")
    scratch.commit("The same change")
    scratch.commit("A note", files={"NOTES.md": "x\n"})
    scratch.edit("SYS-003", name="Short summaries")
    scratch.commit("A better name")
    scratch.edit(stage="production")
    scratch.commit("Tidy")
    _assert_undecided(scratch)
    assert _rebased(scratch) == "production"


def test_t51_a_policy_that_base_removed_comes_back(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    weak = {"schema": "policy-gate/roles/v1", "roles": {}}
    strict = scratch.read("policies/roles.yaml")
    scratch.commit("Nobody holds a role", files={"policies/roles.yaml": to_yaml(weak)})
    scratch.branch("work")
    scratch.checkout("main")
    scratch.commit("Roles", files={"policies/roles.yaml": strict})
    scratch.checkout("work")
    scratch.commit("Roles, too", files={"policies/roles.yaml": strict})
    scratch.commit("Away again", files={"policies/roles.yaml": to_yaml(weak)})
    found = scratch.check()
    assert found.code == 3, found
    assert "policies/roles.yaml" in found.out


def test_t51_what_only_the_merge_commit_of_a_branch_does_is_lost_by_a_rebase(scratch: Scratch) -> None:
    scratch.adopt(high_system("production"), files={"screener/app.py": "x = 1\n"})
    scratch.branch("work")
    scratch.edit(stage="pre_deployment")
    scratch.commit("Back to the tests")
    scratch.checkout("main")
    scratch.commit("Elsewhere", files={"NOTES.md": "x\n"})
    scratch.checkout("work")
    scratch.git("merge", "-q", "--no-commit", "main")
    scratch.edit(stage="production")
    scratch.commit("Update branch")
    assert scratch.check().code == 3


def test_t51_a_commit_that_a_rebase_leaves_out_because_base_has_had_it(scratch: Scratch) -> None:
    """Base did the same and took it back: git leaves it out of a rebase, a merge brings it in."""
    scratch.adopt(high_system("development"), files={"screener/app.py": "x = 1\n"})
    scratch.branch("work")
    scratch.edit(deployment_date=days_ago(-90))
    scratch.commit("A day for it")
    scratch.commit("The program", files={"screener/app.py": "x = 2\n"})
    scratch.checkout("main")
    scratch.edit(deployment_date=days_ago(-90))
    scratch.commit("A day for it, too")
    scratch.edit(deployment_date=None)
    scratch.commit("Not that day")
    scratch.checkout("work")
    found = scratch.check()
    assert found.code == 3, found


@pytest.mark.parametrize("methods", [["merge", "squash"], ["merge"]])
def test_t51_control_a_forge_that_does_not_rebase(scratch: Scratch, methods: list[str]) -> None:
    _rolled_back(scratch, methods)
    _back_and_forth(scratch)
    assert scratch.check().code == 0


def test_t51_a_branch_cannot_say_that_its_forge_does_not_rebase(scratch: Scratch) -> None:
    _rolled_back(scratch)
    _back_and_forth(scratch)
    config = {"schema": "policy-gate/config/v1", "repository": "example-org/screener", "merge_methods": ["merge"]}
    scratch.commit("Our forge", files={"policy-gate.yaml": to_yaml(config)})
    done = scratch.check()
    assert done.code == 1, "it edits what base alone may say"
    assert any(
        "a rebase of this branch would bring in something else" in note for note in done.report["trust"]["notes"]
    )


_LINKED = {
    "a file": {"screener/llm.py": "../other/llm.py"},
    "its folder": {"screener/lib": "../other"},
    "a link to it": {"screener/llm.py": "../b/llm.py", "b/llm.py": "../other/llm.py"},
    "nothing": {"b/llm.py": "../other/llm.py"},
}


@pytest.mark.parametrize("shape", _LINKED)
def test_t51_code_behind_a_link_comes_back(scratch: Scratch, shape: str) -> None:
    scratch.write({"screener/app.py": "x = 1\n", "other/llm.py": "MODEL = 'old'\n"})
    for path, target in _LINKED[shape].items():
        place = scratch.path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)
    scratch.adopt(high_system("development"))
    scratch.branch("work")
    scratch.checkout("main")
    scratch.commit("Rolled back, as agreed", by="Rae Kim", files={"other/llm.py": "MODEL = 'new'\n"})
    scratch.checkout("work")
    scratch.commit("The same", files={"other/llm.py": "MODEL = 'new'\n"})
    scratch.commit("Tidy", files={"other/llm.py": "MODEL = 'old'\n"})
    found = scratch.check("--head", "work")
    wanted = 0 if shape == "nothing" else 3
    assert found.code == wanted, found


def _squashed(repo: Scratch) -> None:
    """Base rolled back and has by a squash what the branch says of the other system, in the same file."""
    _rolled_back(repo)
    repo.checkout("main")
    repo.edit("SYS-003", owner_team="Search and find")
    repo.commit("Search and find (#1)")
    repo.checkout("work")


def _in_two_steps(repo: Scratch, *between: str) -> None:
    """What conflicts with the squash when it is replayed, and ends as it; `between` are stages of the other system."""
    repo.edit("SYS-003", owner_team="Search")
    repo.commit("Search")
    for stage in between:
        repo.edit(stage=stage)
        repo.commit(stage)
    repo.edit("SYS-003", owner_team="Search and find")
    repo.commit("Search and find")


@pytest.mark.parametrize(
    ("between", "code"),
    [
        pytest.param(["development", "production"], 3, id="back-and-forth-beside-a-conflict"),
        pytest.param(["development", "production", "development"], 3, id="ends-at-base-with-base's-own-patch"),
        pytest.param(["pre_deployment", "development"], 0, id="control-ends-at-base"),
    ],
)
def test_t51_beside_what_a_squash_left_to_conflict(scratch: Scratch, between: list[str], code: int) -> None:
    _squashed(scratch)
    _in_two_steps(scratch, *between)
    found = scratch.check()
    assert found.code == code, found


def test_t51_another_file_than_the_one_that_conflicts(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"), low_system("development", paths=["summariser/**"]))
    scratch.commit("Code", files={"screener/llm.py": "MODEL = 'old'\n"})
    scratch.branch("work")
    _in_two_steps(scratch)
    scratch.checkout("main")
    scratch.git("merge", "-q", "--squash", "work")
    scratch.commit("Search and find (#1)")
    assert scratch.check("--head", "work").code == 0, "control"
    scratch.commit("Rolled back, as agreed", by="Rae Kim", files={"screener/llm.py": "MODEL = 'new'\n"})
    scratch.checkout("work")
    scratch.commit("The same", files={"screener/llm.py": "MODEL = 'new'\n"})
    scratch.commit("Tidy", files={"screener/llm.py": "MODEL = 'old'\n"})
    found = scratch.check()
    assert found.code == 3, found
    assert "screener/llm.py" in found.out


def test_t51_a_merge_commit_that_alone_ends_as_base(scratch: Scratch) -> None:
    """A rebase leaves the merge commit out, and with it the end."""
    _squashed(scratch)
    _in_two_steps(scratch, "development", "production")
    scratch.git("merge", "-q", "--no-commit", "--no-ff", "main")
    scratch.edit(stage="development")
    scratch.commit("Update branch")
    scratch.git("diff", "--exit-code", "main", "work")
    found = scratch.check()
    assert found.code == 3, found


@pytest.mark.parametrize(("undone", "code"), [pytest.param(True, 3, id="undone"), pytest.param(False, 0, id="control")])
def test_t51_on_top_of_a_squash_and_in_another_file(scratch: Scratch, undone: bool, code: int) -> None:
    """The lower branch stops a rebase, and is left alone; the upper one repeats what base did and undoes it."""
    scratch.adopt(high_system("development"), low_system("development", paths=["summariser/**"]))
    scratch.commit("Code", files={"screener/llm.py": "MODEL = 'old'\n"})
    scratch.branch("work")
    _in_two_steps(scratch)
    scratch.checkout("main")
    scratch.git("merge", "-q", "--squash", "work")
    scratch.commit("Search and find (#1)")
    scratch.commit("Rolled back, as agreed", by="Rae Kim", files={"screener/llm.py": "MODEL = 'new'\n"})
    scratch.checkout("work")
    scratch.commit("A page", files={"docs/page.md": "How it works.\n"})
    if undone:
        scratch.commit("The same", files={"screener/llm.py": "MODEL = 'new'\n"})
        scratch.commit("Tidy", files={"screener/llm.py": "MODEL = 'old'\n"})
    found = scratch.check()
    assert found.code == code, found
    assert ("screener/llm.py" in found.out) is undone


def test_t51_on_top_of_a_squash_what_a_merge_commit_writes_there_is_no_text_of_base(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"), low_system("development", paths=["summariser/**"]))
    scratch.branch("work")
    _in_two_steps(scratch)
    scratch.checkout("main")
    scratch.git("merge", "-q", "--squash", "work")
    scratch.commit("Search and find (#1)")
    scratch.checkout("work")
    scratch.git("merge", "-q", "--no-commit", "--no-ff", "main")
    scratch.edit(owner_team="Nobody")
    scratch.commit("Update branch")
    found = scratch.check()
    assert found.code == 3, found
