"""H18: many missing documents of one system are begun by one command, which a report prints below their own."""

from __future__ import annotations

import re
import shlex

from scratch import Scratch
from world import high_system, low_system

_ONE = re.compile(r"^ +start +policy-gate draft (\S+) --system SYS-001$", re.MULTILINE)
_ALL = re.compile(r"^ +all +(policy-gate draft (.+) --system (\S+))$", re.MULTILINE)


def _lacking(repo: Scratch, number: int) -> list[str]:
    """A high system moves on without the last of what it owes, another system of the repository owes nothing."""
    repo.adopt(high_system("development"), low_system("development", paths=["summariser/**"]))
    repo.branch("work")
    repo.declare(high_system("pre_deployment"))
    owed = repo.entry()["artifacts"]
    new = [it["id"] for it in owed if not repo.git("ls-tree", "main", it["path"])]
    gone = new[:number]
    for item in owed:
        if item["id"] in gone:
            repo.remove(item["path"])
    repo.edit(artifacts=[it for it in owed if it["id"] not in gone])
    repo.commit("Move on")
    return gone


def test_h18_one_command_begins_all_that_a_block_lacks(scratch: Scratch) -> None:
    gone = _lacking(scratch, 4)
    out = scratch.run("check").out
    assert sorted(_ONE.findall(out)) == sorted(gone)
    ((command, names, system),) = _ALL.findall(out)
    assert (sorted(names.split()), system) == (sorted(gone), "SYS-001")
    done = scratch.run(*shlex.split(command)[1:])
    assert done.code == 0, done
    assert done.out.count("wrote ") == len(gone)


def test_h18_a_table_of_debt_has_it_too(scratch: Scratch) -> None:
    gone = _lacking(scratch, 5)
    out = scratch.run("check", "--all", "--head", "work").out
    ((_, names, _),) = _ALL.findall(out)
    assert set(gone) <= set(names.split())


def test_h18_control_three_are_begun_one_by_one(scratch: Scratch) -> None:
    _lacking(scratch, 3)
    out = scratch.run("check").out
    assert len(_ONE.findall(out)) == 3
    assert _ALL.findall(out) == []
