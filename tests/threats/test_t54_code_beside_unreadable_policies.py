"""T54, D25: while base's policies cannot be read, no code leaves a system or comes under another as if nothing were."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system, low_system

BROKEN = "schema: policy-gate/policy/v1\nrulez: []\n"
RANK = "".join(f"def step_{n}(rows):\n    return sorted(rows, key=lambda row: row[{n}])\n\n\n" for n in range(12))
HEAD, TAIL = RANK[: len(RANK) // 2], RANK[len(RANK) // 2 :]


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("t54"))
    files = {"screener/rank.py": RANK, "other/app.py": "X = 1\n", "attic/old.py": "Y = 2\n"}
    repo.adopt(high_system("development", paths=["screener/**"]), files=files)
    repo.declare_only(high_system("development", paths=["screener/**"]), low_system("development", paths=["other/**"]))
    repo.commit("Two systems", by="Rae Kim")
    repo.commit("Broken", by="Rae Kim", files={"policies/own.yaml": BROKEN})
    return repo


def _code(repo: Scratch, files: dict[str, str], *gone: str) -> int:
    repo.branch("work")
    for path in gone:
        repo.remove(path)
    repo.commit("Tidy up", files=files)
    return repo.check().code


@pytest.mark.parametrize(
    ("files", "gone"),
    [
        ({"attic/rank.py": RANK}, ["screener/rank.py"]),
        ({"attic/rank.py": "# ours\n" + RANK.replace("rows", "lines")}, ["screener/rank.py"]),
        ({"attic/old.py": "Y = 2\n" + RANK}, ["screener/rank.py"]),
        ({"screener/rank.py": HEAD, "attic/rest.py": TAIL}, []),
        ({"other/rank.py": RANK}, ["screener/rank.py"]),
    ],
    ids=["moved out", "with other names", "into a file that was there", "a half of it", "under a lower system"],
)
def test_t54_code_that_leaves_has_no_answer(repo: Scratch, files: dict[str, str], gone: list[str]) -> None:
    assert _code(repo, files, *gone) == 3


@pytest.mark.parametrize(
    ("files", "gone"),
    [
        ({"screener/rank.py": RANK.replace("sorted(rows,", "sorted(list(rows),")}, []),
        ({"screener/steps/rank.py": RANK}, ["screener/rank.py"]),
        ({"screener/more.py": HEAD}, []),
        ({}, ["screener/rank.py"]),
        ({"README.md": "# Something else\n"}, []),
    ],
    ids=["edited", "moved within", "a new file", "deleted", "a text"],
)
def test_t54_control_work_on_code_goes_on(repo: Scratch, files: dict[str, str], gone: list[str]) -> None:
    assert _code(repo, files, *gone) == 0
