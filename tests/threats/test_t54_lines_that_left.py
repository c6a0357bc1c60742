"""T54, D51: most lines of claimed code that a change puts where nobody claims them have left, however it does so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from scratch import Scratch
from world import high_system

APP, ELSEWHERE = "screener/app.py", "tools/rank.py"
LINES = [f"def rank_{number}(row): return row[{number}]\n" for number in range(40)]
CODE = "".join(LINES)


def _whole(repo: Scratch, text: str) -> None:
    repo.write({ELSEWHERE: text})
    repo.remove(APP)


def _in_parts(repo: Scratch) -> None:
    repo.write({f"tools/part_{at}.py": "".join(LINES[at : at + 10]) for at in range(0, 40, 10)})
    repo.remove(APP)


ATTACKS: dict[str, Callable[[Scratch], None]] = {
    "in several files": _in_parts,
    "a stub stays behind": lambda repo: repo.write({ELSEWHERE: CODE, APP: "from tools.rank import *\n"}),
    "among as many other lines": lambda repo: _whole(repo, CODE + "".join(f"PAD_{n} = {n}\n" for n in range(200))),
    "with other blanks": lambda repo: _whole(repo, CODE.replace("def ", "def   ").replace("return", "\treturn")),
    "most of it": lambda repo: repo.write({ELSEWHERE: "".join(LINES[10:]), APP: "".join(LINES[:10])}),
}
HONEST: dict[str, Callable[[Scratch], None]] = {
    "into another file of the system": lambda repo: repo.write(
        {"screener/core.py": CODE, APP: "from screener.core import *\n", "tools/new.py": "print(1)\n"}
    ),
    "a few lines to a helper": lambda repo: repo.write({APP: "".join(LINES[9:]), "tools/util.py": "".join(LINES[:9])}),
    "rewritten beside a new tool": lambda repo: repo.write(
        {APP: "".join(f"y_{n} = {n}\n" for n in range(30)), "tools/util.py": "import os\n"}
    ),
    "a short file beside another": lambda repo: repo.write(
        {"screener/short.py": "import re\n", ELSEWHERE: "import os\n"}
    ),
}


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    made = Scratch(tmp_path_factory.mktemp("lines"))
    made.adopt(
        high_system("development"),
        files={APP: CODE, "screener/short.py": "import os\n\nX = 1\n", "tools/a.py": "print()\n"},
    )
    return made


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_t54_lines_that_leave_the_claims_are_told(repo: Scratch, attack: Callable[[Scratch], None]) -> None:
    repo.branch()
    attack(repo)
    repo.commit("Tidy up")
    found = repo.check()
    assert (found.code, "path-narrowed" in found.changes()) == (1, True), found


@pytest.mark.parametrize("work", HONEST.values(), ids=HONEST)
def test_t54_control_work_on_the_code_is_no_leaving(repo: Scratch, work: Callable[[Scratch], None]) -> None:
    repo.branch()
    work(repo)
    repo.commit("Work")
    found = repo.check()
    assert (found.code, found.changes()) == (0, []), found
