"""T54, D51: most lines of claimed code that a change puts where nobody claims them have left, however it does so."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from scratch import Scratch
from world import high_system, low_system

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


FUNCTIONS = [f"def step_{n}(x):\n    y_{n} = x * {n}\n    return y_{n} + {n}\n" for n in range(24)]
PROGRAM = "".join(FUNCTIONS)
OTHERS = {"summariser/app.py": "y = 1\n", "tools/util.py": "z = 1\n", "tools/old.py": "".join(LINES)}
LICENCE = "".join(f"# Licence, part {n}: as is, without warranty of any kind.\n" for n in range(20))
IMPORTS = "".join(f"import json_{n} as part_{n}\n" for n in range(20))
DEAD = "".join(f"    }}\n    else:\n        old_{n}(first_{n}, {n})\n" for n in range(20))


def _notebook(text: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": text.splitlines(keepends=True)}]}, indent=1)


def _large(text: str) -> str:
    return text + "".join(f"PAD_{n} = 'value {n} of many'\n" for n in range(20_000))


GOES_TO: dict[str, dict[str, str]] = {
    "a file that another system has": {"summariser/app.py": f"y = 1\n{PROGRAM}"},
    "a file that nobody claims": {"tools/util.py": f"z = 1\n{PROGRAM}"},
    "a file in place of its text": {"tools/old.py": PROGRAM},
    "the midst of a file": {"tools/old.py": "".join(LINES[:20]) + PROGRAM + "".join(LINES[20:])},
    "a notebook": {"tools/rank.ipynb": _notebook(PROGRAM)},
    "a text in a program": {"tools/util.py": f"CODE = '''\n{PROGRAM}'''\nexec(CODE)\n"},
    "one line of a text": {"tools/util.py": f"exec({PROGRAM!r})\n"},
    "two files, one of them there": {"tools/util.py": "".join(FUNCTIONS[:12]), "tools/b.py": "".join(FUNCTIONS[12:])},
    "a large file": {"tools/large.py": _large(PROGRAM)},
    "one of many files": {f"tools/a{n:03}.py": f"V = {n}\n" for n in range(150)} | {"tools/rank.py": "#\n" + PROGRAM},
    "a file with other names": {"tools/rank.py": PROGRAM.replace("step_", "stage_").replace("y_", "value_")},
}


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    made = Scratch(tmp_path_factory.mktemp("apart"))
    files = {"screener/rank.py": PROGRAM, "screener/dead.py": LICENCE + IMPORTS + DEAD, "screener/app.py": "x = 1\n"}
    made.adopt(high_system("development"), low_system("development"), files=files | OTHERS)
    return made


@pytest.mark.parametrize("files", GOES_TO.values(), ids=GOES_TO)
def test_t54_lines_come_up_anew_whatever_stood_there(apart: Scratch, files: dict[str, str]) -> None:
    apart.branch()
    apart.remove("screener/rank.py")
    apart.commit("Tidy up", files=files)
    found = apart.check()
    assert (found.code, "path-narrowed" in found.changes()) == (1, True), found


FREE: dict[str, dict[str, str]] = {
    "other code elsewhere": {
        "tools/util.py": "".join(f"    }}\n    else:\n        new(a{n}, {n})\n" for n in range(40))
    },
    "its licence and imports elsewhere": {"tools/util.py": f"{LICENCE}{IMPORTS}def other(a, b):\n    return a\n"},
    "a large file of data elsewhere": {"tools/large.csv": _large("")},
    "into another file of its own": {"screener/core.py": LICENCE + IMPORTS + DEAD, "tools/util.py": "q = 2\n"},
}


@pytest.mark.parametrize("files", FREE.values(), ids=FREE)
def test_t54_control_dead_code_goes_while_other_code_comes(apart: Scratch, files: dict[str, str]) -> None:
    apart.branch()
    apart.remove("screener/dead.py")
    apart.commit("No longer used", files=files)
    found = apart.check()
    assert (found.code, found.changes()) == (0, []), found


def test_t54_control_a_helper_of_many_is_shared_and_rewritten(apart: Scratch) -> None:
    apart.branch()
    helper = "".join(FUNCTIONS[:3])
    apart.commit("Share", files={"screener/rank.py": "".join(FUNCTIONS[3:]), "tools/util.py": f"z = 1\n{helper}"})
    assert (apart.check().code, apart.check().changes()) == (0, [])
    apart.commit("Rewrite", files={"screener/rank.py": "def rank(x):\n    return sorted(x)\n"})
    assert (apart.check().code, apart.check().changes()) == (0, [])


def _steps(repo: Scratch, size: int) -> list[int]:
    """Move the program elsewhere in steps, each merged; the exit codes up to the first that is no pass."""
    repo.adopt(high_system("development"), low_system("development"), files={"screener/rank.py": PROGRAM} | OTHERS)
    codes: list[int] = []
    for at in range(size, len(FUNCTIONS) + size, size):
        repo.branch()
        files = {"screener/rank.py": "import re\n" + "".join(FUNCTIONS[at:])}
        files |= {f"tools/part_{at % 2}_{at}.py": "".join(FUNCTIONS[at - size : at])}
        repo.commit(f"Tidy {at}", files=files)
        codes.append(repo.check().code)
        if codes[-1]:
            break
        repo.merge("work")
    return codes


@pytest.mark.parametrize("size", [4, 9])
def test_t54_small_steps_are_counted_together(scratch: Scratch, size: int) -> None:
    codes = _steps(scratch, size)
    assert codes[0] == 0, "control: a small part of it is a helper"
    assert codes[-1] == 1, codes
    assert len(codes) * size <= len(FUNCTIONS) / 2 + size


@pytest.mark.parametrize("first", ["# helper\n", "", "import os\n\n\nVERSION = '1 2'\n"])
def test_t54_a_copy_that_was_merged_before_counts_once_the_original_goes(scratch: Scratch, first: str) -> None:
    scratch.adopt(high_system("development"), low_system("development"), files={"screener/rank.py": PROGRAM} | OTHERS)
    scratch.branch()
    scratch.commit("A helper", files={"tools/rank.py": f"{first}{PROGRAM}"})
    assert scratch.check().code == 0, "control: it is a copy"
    scratch.merge("work")
    for n in range(3):
        scratch.commit(f"Other work {n}", files={"tools/util.py": f"z = {n + 2}\n"})
    scratch.branch()
    scratch.remove("screener/rank.py")
    scratch.commit("Use the helper", files={"screener/use.py": "from tools.rank import *\n"})
    found = scratch.check()
    assert (found.code, "path-narrowed" in found.changes()) == (1, True), found


def _renamed(functions: list[str]) -> str:
    return "".join(functions).replace("step_", "stage_").replace("y_", "value_")


RENAMED_BEFORE = {
    "one file": [{"tools/rank.py": _renamed(FUNCTIONS)}],
    "two files in one change": [{"tools/a.py": _renamed(FUNCTIONS[:12]), "tools/b.py": _renamed(FUNCTIONS[12:])}],
    "two files in two changes": [{"tools/a.py": _renamed(FUNCTIONS[:12])}, {"tools/b.py": _renamed(FUNCTIONS[12:])}],
    "beside code that was there": [{"tools/util.py": "z = 1\n" + _renamed(FUNCTIONS)}],
}


@pytest.mark.parametrize("goes", ["at once", "in thirds"])
@pytest.mark.parametrize("copies", RENAMED_BEFORE.values(), ids=RENAMED_BEFORE)
def test_t54_a_copy_with_other_names_counts_once_the_original_goes(
    scratch: Scratch, copies: list[dict[str, str]], goes: str
) -> None:
    scratch.adopt(high_system("development"), low_system("development"), files={"screener/rank.py": PROGRAM} | OTHERS)
    for files in copies:
        scratch.branch()
        scratch.commit("A helper", files=files)
        assert scratch.check().code == 0, "control: it is a copy"
        scratch.merge("work")
    codes = []
    for left in (0,) if goes == "at once" else (16, 8, 0):
        scratch.branch()
        scratch.commit("Use the helper", files={"screener/rank.py": "import rank\n" + "".join(FUNCTIONS[:left])})
        codes.append(scratch.check().code)
        if codes[-1]:
            break
        scratch.merge("work")
    assert codes[-1] == 1, codes


def test_t54_control_dead_code_goes_after_other_programs_came(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"), low_system("development"), files={"screener/rank.py": PROGRAM} | OTHERS)
    others = "".join(f"def part_{n}(a, b):\n    c = a[{n}] or b\n    return [c, {n}]\n" for n in range(40))
    alike = "".join(f"class Part{n}:\n    def __init__(self, a):\n        self.a = a + {n}\n" for n in range(40))
    for number, text in enumerate((others, alike, _renamed(FUNCTIONS[:8]))):
        scratch.branch()
        scratch.commit("Other work", files={f"tools/other_{number}.py": text})
        scratch.merge("work")
    scratch.branch()
    scratch.remove("screener/rank.py")
    scratch.commit("No longer used")
    assert (scratch.check().code, scratch.check().changes()) == (0, [])
