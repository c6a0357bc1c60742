"""H10: manifest moved to another folder, keys reordered, system renamed in its `name`: nothing vanishes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from scratch import Scratch
from world import high_system

PAPERS = ("MODEL_CARD.md", "governance", "reports", "screener")


def _move(repo: Scratch, *, keep: str = "SYS-001") -> None:
    """Everything of the system into `svc/`, its keys the other way round, under another name."""
    entry = repo.entry()
    (repo.path / "svc").mkdir()
    for name in (*PAPERS, "governance.yaml"):
        repo.git("mv", name, f"svc/{name}")
    turned = {key: entry[key] for key in reversed(entry)} | {"name": "Screener, second edition", "id": keep}
    repo.declare_only({**turned, "artifacts": entry["artifacts"][::-1]}, path="svc/governance.yaml")
    repo.git("rm", "-q", "--cached", "--ignore-unmatch", "governance.yaml")


def test_h10_a_move_a_new_order_and_a_new_name_ask_for_nothing(scratch: Scratch) -> None:
    scratch.adopt(high_system("pre_deployment"))
    scratch.branch()
    _move(scratch)
    scratch.commit("Move")
    found = scratch.check()
    assert (found.verdict, found.changes(), found.blocking()) == ("pass", [], []), found
    assert [item["id"] for item in found.report["systems"]] == ["SYS-001"]
    assert found.system()["manifest"] == "svc/governance.yaml"


def test_h10_control_another_id_is_a_vanished_system(scratch: Scratch) -> None:
    scratch.adopt(high_system("pre_deployment"))
    scratch.branch()
    _move(scratch, keep="SYS-002")
    scratch.write({"svc/governance.yaml": scratch.read("svc/governance.yaml").replace("id: SYS-001", "id: SYS-002")})
    data = scratch.manifest("svc/governance.yaml")
    data["systems"] = [item for item in data["systems"] if item["name"].startswith("Screener")]
    scratch.declare_only(*data["systems"], path="svc/governance.yaml")
    scratch.commit("Move under another id")
    found = scratch.check()
    assert found.verdict == "block"
    assert {item["id"]: item["presence"] for item in found.report["systems"]} == {
        "SYS-001": "removed",
        "SYS-002": "added",
    }


APP = "".join(f"def rank_{number}(row): return load('screener/{number}')[row]\n" for number in range(20))
CODE = {"screener/app.py": APP, "screener/__init__.py": "from screener.app import *\n"}


def _renamed(repo: Scratch, folder: str = "ranker") -> None:
    """The folder under another name, and its name in its own code with it."""
    repo.git("mv", "screener", folder)
    for path in ("app.py", "__init__.py"):
        told = folder.replace("/", "." if path == "__init__.py" else "/")
        repo.write({f"{folder}/{path}": repo.read(f"{folder}/{path}").replace("screener", told)})
    repo.edit(paths=[f"{folder}/**"])


@pytest.fixture
def coded(scratch: Scratch) -> Scratch:
    scratch.adopt(high_system("pre_deployment"), files=CODE)
    scratch.branch()
    return scratch


@pytest.mark.parametrize("folder", ["ranker", "apps/ranker", "services/people/ranker"])
def test_h10_a_folder_that_is_renamed_where_its_code_names_it_too_asks_for_nothing(coded: Scratch, folder: str) -> None:
    (coded.path / folder).parent.mkdir(parents=True, exist_ok=True)
    _renamed(coded, folder)
    coded.commit("Rename")
    found = coded.check()
    assert (found.verdict, found.changes(), found.blocking()) == ("pass", [], []), found


def _stays(repo: Scratch) -> None:
    repo.write({"screener/app.py": APP})


def _emptied(repo: Scratch) -> None:
    """The code goes where nobody claims it, a stub of its name to where it is claimed."""
    repo.write({"tools/rank.py": repo.read("ranker/app.py"), "ranker/app.py": "from tools.rank import *\n"})


def _one_fewer(repo: Scratch) -> None:
    repo.remove("ranker/app.py")


def _another_name(repo: Scratch) -> None:
    repo.write({"ranker/other.py": "from somewhere import everything\n"})
    repo.remove("ranker/app.py")


@pytest.mark.parametrize("trick", [_stays, _emptied, _one_fewer, _another_name])
def test_h10_control_code_that_stays_or_goes_elsewhere_under_cover_of_a_rename_is_told(
    coded: Scratch, trick: Callable[[Scratch], None]
) -> None:
    _renamed(coded)
    trick(coded)
    coded.commit("Rename, and more")
    found = coded.check()
    assert (found.verdict, found.changes()[0]) == ("block", "path-narrowed"), found


@pytest.mark.parametrize("is_renamed", [False, True])
def test_h10_control_another_model_is_told_whether_or_not_its_folder_is_renamed(
    coded: Scratch, *, is_renamed: bool
) -> None:
    folder = "screener"
    if is_renamed:
        folder = "ranker"
        _renamed(coded, folder)
    coded.write({f"{folder}/app.py": coded.read(f"{folder}/app.py") + 'MODEL = "gpt-4o-2024-08-06"\nimport openai\n'})
    coded.commit("Another model")
    assert "model-changed" in coded.check().changes()
