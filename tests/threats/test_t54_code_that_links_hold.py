"""T54, D58: what links of a system lead to is its code, and leaves it with the link as without (D51)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from scratch import Scratch
from world import days_ago, high_system, low_system

CODE = "".join(f"def part_{n}(a):\n    b_{n} = a + {n}\n    return b_{n} * {n}\n" for n in range(30))
FILES = {
    "screener/app.py": "import core\n",
    "lib/core.py": CODE,
    "tools/one/rank.py": CODE.replace("part", "rank"),
    "tools/two/else.py": "y = 1\n",
}
LINKS = {"screener/core.py": "../lib/core.py", "screener/tools": "../tools/one"}


def linked(path: Path, target: str) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(target)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    made = Scratch(tmp_path_factory.mktemp("linked"))
    made.adopt(high_system("production", stage_since=days_ago(20)), files=FILES)
    for path, target in LINKS.items():
        linked(made.path / path, target)
    made.commit("Links")
    return made


@pytest.fixture
def repo(made: Scratch) -> Scratch:
    made.git("checkout", "-q", "-f", "main")
    made.branch("work")
    return made


def drop(root: Path) -> None:
    (root / "screener/core.py").unlink()


def put_a_stub_in_its_place(root: Path) -> None:
    drop(root)
    (root / "screener/core.py").write_text("import sys\n\nsys.path.insert(0, 'lib')\n", "utf-8")


def lead_elsewhere(root: Path) -> None:
    linked(root / "screener/tools", "../tools/two")


def lead_nowhere(root: Path) -> None:
    linked(root / "screener/core.py", "../lib/nothing.py")


def move_what_it_leads_to(root: Path) -> None:
    (root / "lib/core.py").rename(root / "lib/kore.py")


def move_it_out_of_the_folder(root: Path) -> None:
    (root / "tools/one/rank.py").rename(root / "tools/two/rank.py")


def leave_a_stub_there(root: Path) -> None:
    (root / "lib/kore.py").write_text(CODE, "utf-8")
    (root / "lib/core.py").write_text("from kore import *\n", "utf-8")


def move_along(root: Path) -> None:
    move_what_it_leads_to(root)
    linked(root / "screener/core.py", "../lib/kore.py")


def delete_both(root: Path) -> None:
    drop(root)
    shutil.rmtree(root / "lib")


def bring_home(root: Path) -> None:
    drop(root)
    (root / "lib/core.py").rename(root / "screener/core.py")


def edit_it(root: Path) -> None:
    (root / "lib/core.py").write_text(CODE.replace("b_3", "c_3"), "utf-8")


LEAVING = [
    drop, put_a_stub_in_its_place, lead_elsewhere, lead_nowhere, move_what_it_leads_to, move_it_out_of_the_folder,
    leave_a_stub_there,
]  # fmt: skip


@pytest.mark.parametrize("change", LEAVING)
def test_t54_code_that_a_link_leads_to_no_longer_has_left(repo: Scratch, change: Callable[[Path], None]) -> None:
    change(repo.path)
    repo.commit("Tidy")
    done = repo.check()
    assert (done.code, done.changes(), done.blocking()) == (1, ["path-narrowed"], ["approval:ai-safety-lead"]), done


@pytest.mark.parametrize("change", [move_along, delete_both, bring_home, edit_it])
def test_t54_control_code_that_stays_or_goes_for_good(repo: Scratch, change: Callable[[Path], None]) -> None:
    change(repo.path)
    repo.commit("Tidy")
    done = repo.check()
    assert (done.code, "path-narrowed" in done.changes()) == (0, False), done


def test_t54_a_link_first_and_its_end_with_the_next_change(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(high_system("production", stage_since=days_ago(20)), files={**FILES, "screener/rank.py": CODE * 2})
    repo.branch("first")
    (repo.path / "screener/rank.py").rename(repo.path / "lib/rank.py")
    linked(repo.path / "screener/rank.py", "../lib/rank.py")
    repo.commit("Share it")
    assert repo.check().code == 0, "control: where a link leads the system's code still is"
    repo.merge("first")
    repo.branch("second")
    (repo.path / "screener/rank.py").unlink()
    repo.commit("Tidy")
    assert repo.check().blocking() == ["approval:ai-safety-lead"]


def empty_it(root: Path) -> None:
    (root / "lib/core.py").write_text("x = 1\n", "utf-8")


def delete_the_end(root: Path) -> None:
    shutil.rmtree(root / "lib")


def delete_the_folder(root: Path) -> None:
    shutil.rmtree(root / "tools/one")


def delete_the_folder_and_its_link(root: Path) -> None:
    delete_the_folder(root)
    (root / "screener/tools").unlink()


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (delete_both, CODE),
        (delete_the_end, CODE),
        (empty_it, CODE),
        (delete_the_folder, FILES["tools/one/rank.py"]),
        (delete_the_folder_and_its_link, FILES["tools/one/rank.py"]),
    ],
)
def test_t54_code_that_a_link_led_to_comes_back_where_nobody_claims_it(
    made: Scratch, change: Callable[[Path], None], text: str
) -> None:
    made.git("checkout", "-q", "-f", "main")
    made.branch("gone")
    change(made.path)
    base = made.commit("Not used any more")
    assert made.check().code == 0
    made.branch("back", at="gone")
    made.commit("Use it again", files={"other/again.py": text})
    done = made.check("--base", base)
    assert (done.code, done.changes()) == (1, ["path-narrowed"]), done
    made.branch("new", at="gone")
    made.commit("Something else", files={"other/new.py": CODE.replace("b_", "c_").replace("* ", "+ 7 * ")[:400]})
    assert made.check("--base", base).code == 0, "control: other code"


def test_t54_control_the_place_is_named_or_another_systems_in_the_same_change(repo: Scratch) -> None:
    drop(repo.path)
    repo.edit(paths=["screener/**", "lib/**"])
    repo.commit("Name the place")
    done = repo.check()
    assert (done.code, "path-narrowed" in done.changes()) == (0, False), done


def test_t54_control_what_no_link_of_a_system_leads_to_is_nobodys(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(low_system("production", stage_since=days_ago(20), paths=["summariser/**"]), files=FILES)
    linked(repo.path / "screener/core.py", "../lib/core.py")
    repo.commit("A link of nobody")
    repo.branch("work")
    drop(repo.path)
    repo.commit("Tidy")
    assert repo.check().code == 0
