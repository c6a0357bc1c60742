"""What merging gives: git's own merge where nobody's settings are read, or an honest refusal."""

from __future__ import annotations

from pathlib import Path

import pytest
from raw_objects import write_commit
from scratch import Scratch

from policy_gate.errors import BaseError, MergeConflictError, UndecidedError
from policy_gate.vcs.merge import merge_commits, merge_many
from policy_gate.vcs.process import Answer
from policy_gate.vcs.repository import Repository

pytestmark = pytest.mark.real_git

LINES = "".join(f"line {number}\n" for number in range(12))


def _diverged(repo: Scratch, ours: dict[str, str], theirs: dict[str, str], **start: str) -> tuple[str, str]:
    """main and work, both started from `start`, changed by `ours` and `theirs`."""
    repo.commit("Start", files={name.replace("_", "."): text for name, text in start.items()})
    repo.branch("work")
    head = repo.commit("Theirs", files=theirs)
    repo.checkout("main")
    return repo.commit("Ours", files=ours), head


def _text(repository: Repository, tree_id: str, path: str) -> str:
    tree = repository.tree(tree_id)
    entry = tree.entry(path)
    assert entry is not None
    return tree.read(entry).decode()


def test_a_head_that_is_up_to_date_is_its_own_result(scratch: Scratch) -> None:
    base = scratch.commit("Base")
    scratch.branch("work")
    head = scratch.commit("Head", files={"f": "x"})
    with Repository.open(scratch.path) as repository:
        assert repository.merge_base_is(base, head)
        assert not repository.merge_base_is(head, base)
        assert repository.merged_tree(base, head) == repository.tree_oid(head)


def test_an_ancestor_far_back_is_found(scratch: Scratch) -> None:
    tree = scratch.git("mktree", stdin="")
    line = [scratch.git("commit-tree", "-m", "0", tree)]
    for number in range(100):
        line.append(write_commit(scratch.path, tree, line[-1], message=f"{number}\n"))
    stranger = write_commit(scratch.path, tree, message="stranger\n")
    with Repository.open(scratch.path) as repository:
        assert repository.merge_base_is(line[0], line[-1])
        assert not repository.merge_base_is(stranger, line[-1])


def test_t02_the_result_holds_what_both_sides_did(scratch: Scratch) -> None:
    ours, theirs = (
        {"f.md": LINES.replace("line 1\n", "ours\n")},
        {"f.md": LINES.replace("line 9\n", "theirs\n"), "new": "n"},
    )
    base, head = _diverged(scratch, ours, theirs, f_md=LINES)
    with Repository.open(scratch.path) as repository:
        merged = repository.merged_tree(base, head)
        assert "ours\n" in _text(repository, merged, "f.md")
        assert "theirs\n" in _text(repository, merged, "f.md")
        assert _text(repository, merged, "new") == "n"
        assert repository.changed(repository.tree_oid(base), merged) == {"f.md", "new"}
    before = scratch.git("count-objects")
    assert scratch.git("status", "--short") == ""
    assert scratch.git("count-objects") == before


def test_the_forges_test_merge_is_up_to_date(scratch: Scratch) -> None:
    base, head = _diverged(scratch, {"a": "1"}, {"b": "2"})
    scratch.git("checkout", "-q", "--detach", base)
    scratch.git("merge", "-q", "--no-ff", "-m", "Test merge", head)
    merge = scratch.git("rev-parse", "HEAD")
    with Repository.open(scratch.path) as repository:
        assert repository.merge_base_is(base, merge)
        assert repository.merged_tree(base, head) == repository.tree_oid(merge)


@pytest.mark.parametrize("where", ["committed", "info", "global setting"])
def test_t18_merge_union_makes_no_file_that_neither_side_wrote(scratch: Scratch, where: str) -> None:
    start = {"f.yaml": "tier: high\n"}
    if where == "committed":
        start[".gitattributes"] = "f.yaml merge=union\n"
    scratch.commit("Start", files=start)
    scratch.branch("work")
    head = scratch.commit("Theirs", files={"f.yaml": "tier: low\n"})
    scratch.checkout("main")
    base = scratch.commit("Ours", files={"f.yaml": "tier: critical\n"})
    attributes = scratch.path / ".git" / "info" / "attributes"
    attributes.parent.mkdir(exist_ok=True)
    if where == "info":
        attributes.write_text("f.yaml merge=union\n")
    if where == "global setting":
        (scratch.path.parent / "attributes").write_text("f.yaml merge=union\n")
        scratch.git("config", "core.attributesFile", str(scratch.path.parent / "attributes"))
    with Repository.open(scratch.path) as repository:
        with pytest.raises(MergeConflictError):
            repository.merged_tree(base, head)
        assert [item.merge_of_git for item in repository.commits(base, head)] == [False]
    scratch.git("merge", "-q", "-m", "Union", "work")
    assert scratch.read("f.yaml") == "tier: critical\ntier: low\n", "the control: git in the checkout does it"


def test_t18_a_merge_driver_of_the_settings_is_not_run(scratch: Scratch) -> None:
    base, head = _diverged(scratch, {"f": "ours\n"}, {"f": "theirs\n"}, f="start\n")
    scratch.git("config", "merge.mine.driver", f"touch {scratch.path.parent / 'ran'}; true")
    scratch.git("config", "merge.default", "mine")
    with Repository.open(scratch.path) as repository, pytest.raises(MergeConflictError):
        repository.merged_tree(base, head)
    assert not (scratch.path.parent / "ran").exists()
    scratch.git("merge", "-q", "-m", "Driven", "work")
    assert (scratch.path.parent / "ran").exists(), "the control: git in the checkout runs it"


def test_t20_a_conflict_is_undecided_and_says_how_to_go_on(scratch: Scratch) -> None:
    base, head = _diverged(scratch, {"bot.py": "ours\n"}, {"bot.py": "theirs\n", "g": "x"}, bot_py="start\n")
    with Repository.open(scratch.path) as repository:
        with pytest.raises(MergeConflictError) as caught:
            repository.merged_tree(base, head, "refs/remotes/origin/main")
        assert caught.value.exit_code == 3
        assert caught.value.message == "cannot tell what merging would give: bot.py conflicts with origin/main"
        assert caught.value.hint == "git fetch origin main && git merge origin/main, then run this again"
        assert [problem.path for problem in caught.value.problems] == ["bot.py"]
        with pytest.raises(MergeConflictError) as local:
            repository.merged_tree(base, head, "refs/heads/main")
        assert local.value.hint == "git merge main, then run this again"


def test_t20_many_conflicts_are_counted_and_all_listed(scratch: Scratch) -> None:
    names = [f"f{number}" for number in range(5)]
    start = dict.fromkeys(names, "start\n")
    base, head = _diverged(scratch, dict.fromkeys(names, "ours\n"), dict.fromkeys(names, "theirs\n"), **start)
    with Repository.open(scratch.path) as repository, pytest.raises(MergeConflictError) as caught:
        repository.merged_tree(base, head)
    assert "f0, f1, f2 and 2 more conflict with" in caught.value.message
    assert [problem.path for problem in caught.value.problems] == names


def test_t20_a_file_deleted_here_and_edited_there_is_a_conflict(scratch: Scratch) -> None:
    scratch.commit("Start", files={"report.md": LINES, "other": "x"})
    scratch.branch("work")
    head = scratch.commit("Edit", files={"report.md": LINES + "more\n"})
    scratch.checkout("main")
    scratch.remove("report.md")
    base = scratch.commit("Delete")
    with Repository.open(scratch.path) as repository, pytest.raises(MergeConflictError, match=r"report\.md conflicts"):
        repository.merged_tree(base, head)


def test_t19_the_hint_quotes_a_branch_name_for_the_shell(scratch: Scratch) -> None:
    base, head = _diverged(scratch, {"f": "ours\n"}, {"f": "theirs\n"}, f="start\n")
    with Repository.open(scratch.path) as repository, pytest.raises(MergeConflictError) as caught:
        repository.merged_tree(base, head, "refs/remotes/origin/$(touch x)")
    assert caught.value.hint.startswith("git fetch origin '$(touch x)' && git merge 'origin/$(touch x)'")


def test_t20_unrelated_histories_are_undecided(scratch: Scratch) -> None:
    base = scratch.commit("Base", files={"f": "x"})
    scratch.git("checkout", "-q", "--orphan", "stranger")
    head = scratch.commit("Stranger", files={"g": "y"})
    with Repository.open(scratch.path) as repository:
        with pytest.raises(BaseError, match="no common history") as caught:
            repository.merged_tree(base, head)
        assert caught.value.exit_code == 3
        assert caught.value.hint


def _shallow(repo: Scratch, to: Path, depth: int, *branches: str) -> Path:
    repo.git("init", "-q", "-b", "none", str(to))
    refs = [f"+refs/heads/{name}:refs/remotes/origin/{name}" for name in branches]
    repo.git("-C", str(to), "fetch", "-q", f"--depth={depth}", f"file://{repo.path}", *refs)
    return to


def test_t20_a_shallow_clone_that_ends_too_early_is_undecided(scratch: Scratch, tmp_path: Path) -> None:
    base, head = _diverged(scratch, {"a": "1"}, {"b": "2"}, start="s")
    clone = _shallow(scratch, tmp_path / "shallow", 1, "main", "work")
    with Repository.open(clone) as repository:
        assert repository.resolve("refs/remotes/origin/main") == base
        for ask in (repository.merged_tree, repository.merge_base_is, repository.commits):
            with pytest.raises(BaseError, match="shallow") as caught:
                ask(base, head)
            assert "git fetch --unshallow" in caught.value.hint


def test_t20_a_shallow_clone_that_reaches_far_enough_is_judged(scratch: Scratch, tmp_path: Path) -> None:
    scratch.commit("Older", files={"o": "0"})
    scratch.commit("Old", files={"o": "1"})
    base, head = _diverged(scratch, {"a": "1"}, {"b": "2"}, start="s")
    clone = _shallow(scratch, tmp_path / "shallow", 2, "main", "work")
    with Repository.open(clone) as repository:
        assert repository.shallow
        assert repository.tree(repository.merged_tree(base, head)).names("") == ("a", "b", "o", "start")
        assert [item.oid for item in repository.commits(base, head)] == [head]


def test_t20_a_wrong_merge_base_is_never_taken_for_the_right_one(scratch: Scratch, tmp_path: Path) -> None:
    """main was merged into work once; a clone cut between sees only the older common commit on one way."""
    scratch.commit("Start", files={"f": LINES})
    scratch.branch("work")
    scratch.commit("Work", files={"w": "1"})
    scratch.checkout("main")
    scratch.commit("Main", files={"f": LINES.replace("line 3\n", "three\n")})
    scratch.checkout("work")
    scratch.git("merge", "-q", "-m", "Update", "main")
    head = scratch.commit("Back", files={"f": LINES})
    scratch.checkout("main")
    base = scratch.commit("On", files={"m": "2"})
    for depth in range(1, 5):
        with Repository.open(_shallow(scratch, tmp_path / str(depth), depth, "main", "work")) as repository:
            try:
                merged = repository.merged_tree(base, head)
            except BaseError:
                continue
            assert _text(repository, merged, "f") == LINES
            assert repository.tree(merged).names("") == ("f", "m", "w")
            break
    else:
        pytest.fail("no depth was enough")


def test_a_commit_that_is_not_there_is_undecided(scratch: Scratch) -> None:
    head = scratch.commit("Head")
    with Repository.open(scratch.path) as repository:
        for ask in (repository.merged_tree, repository.commits):
            with pytest.raises(UndecidedError) as caught:
                ask("1" * 40, head)
            assert caught.value.hint


def test_a_linked_work_tree_and_a_borrowing_clone_merge_too(scratch: Scratch, tmp_path: Path) -> None:
    base, head = _diverged(scratch, {"a": "1"}, {"b": "2"}, start="s")
    scratch.git("worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    scratch.git("clone", "-q", "--shared", ".", str(tmp_path / "borrowing"))
    for place in ("linked", "borrowing"):
        with Repository.open(tmp_path / place) as repository:
            assert repository.tree(repository.merged_tree(base, head)).names("") == ("a", "b", "start")


def test_t20_a_git_that_is_too_old_to_merge_is_undecided() -> None:
    def old_git(*args: str) -> Answer:
        if args == ("version",):
            return Answer(0, b"git version 2.34.1\n", "")
        return Answer(129, b"", "usage: git merge-tree <base-tree> <branch1> <branch2>")

    with pytest.raises(UndecidedError, match=r"git 2\.38 or later is needed \(got git version 2\.34\.1\)") as caught:
        merge_commits(old_git, "1" * 40, "2" * 40)
    assert caught.value.hint


def test_many_merges_are_those_of_one_at_a_time(scratch: Scratch) -> None:
    base, head = _diverged(scratch, {"a.txt": "ours\n", "b.txt": "1\n"}, {"a.txt": "theirs\n"}, **{"a_txt": "start\n"})
    scratch.branch("other", at=f"{base}~1")
    other = scratch.commit("Other", files={"c.txt": "c\n"})
    stranger = write_commit(scratch.path, scratch.git("mktree", stdin=""), message="stranger\n")
    pairs = [(base, head), (base, other), (head, other)]
    with Repository.open(scratch.path) as one, Repository.open(scratch.path) as many:
        alone = {pair: merge_commits(one._private.run, *pair) for pair in pairs}
        assert merge_many(many._private.tell, pairs) == alone
        # What cannot be merged ends it: the rest is asked for one at a time, and no answer is a guess.
        found = merge_many(many._private.tell, [pairs[0], pairs[1], (base, stranger), pairs[2]])
        assert found.items() <= alone.items()
        many.expect_merges([*pairs, (base, stranger), (base, "0" * 40)])
        assert many.merged_tree(base, other) == alone[base, other].tree
        with pytest.raises(MergeConflictError):
            many.merged_tree(base, head)
        with pytest.raises(BaseError, match="no common history"):
            many.merged_tree(base, stranger)


def test_a_git_that_takes_one_pair_only_is_asked_for_each() -> None:
    assert merge_many(lambda *_: Answer(129, b"", "usage: git merge-tree"), [("1" * 40, "2" * 40)] * 2) == {}
