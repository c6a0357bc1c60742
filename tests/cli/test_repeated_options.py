"""An option that takes one value and is given two: refused, as the first would be dropped without a word."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system

OPEN = ("incident", "open", "--type", "availability", "--severity", "low", "--description", "It was slow for an hour.")
WAIVE = ("waive", "--rule", "red-team-engagement", "--reason", "Booked.", "--expires", "P30D", "--yes")
TWICE = ("--system", "SYS-001", "--system", "SYS-002")


@pytest.fixture
def repo(scratch: Scratch) -> Scratch:
    scratch.adopt(high_system())
    return scratch


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((*OPEN, *TWICE), "--system takes one value, and is given 2: SYS-001, SYS-002"),
        ((*OPEN, "--system=SYS-001", "--system=SYS-002"), "--system takes one value, and is given 2"),
        ((*OPEN, "--system", "SYS-001", "--personal-data", "--no-personal-data"),
         "both --personal-data and --no-personal-data are given"),
        ((*WAIVE, *TWICE), "--system takes one value, and is given 2"),
        (("approve", "--for", "weakening", *TWICE, "--role", "ciso"), "--system takes one value, and is given 2"),
        (("registry", "list", "--db", "a.db", "--tier", "low", "--tier", "high", "--db", "b.db"),
         "--db takes one value, and is given 2: a.db, b.db"),
        (("-C", ".", "-C", "elsewhere", "check"), "-C takes one value, and is given 2: ., elsewhere"),
    ],
    ids=["of-one", "with-equals", "yes-and-no", "waive", "approve", "of-a-group", "of-all"],
)  # fmt: skip
def test_two_values_of_one_option_are_refused_and_nothing_is_written(
    repo: Scratch, args: tuple[str, ...], said: str
) -> None:
    done = repo.run(*args)
    assert (done.code, said in done.err, "hint: policy-gate " in done.err) == (2, True, True), done
    assert repo.git("status", "--porcelain").strip() == ""


@pytest.mark.parametrize(
    "args",
    [
        ("check", "--all", *TWICE[:2], "--format", "text", "--format", "json=report.json"),
        ("check", "--all", "--all", "--base", "main", "--base", "main"),
        ("classify", "--system", "SYS-001", "--system", "SYS-001"),
    ],
    ids=["takes-several", "the-same-twice", "one-of-several-twice"],
)
def test_what_takes_several_or_is_said_again_is_taken(repo: Scratch, args: tuple[str, ...]) -> None:
    done = repo.run(*args)
    assert (done.code, "takes one value" in done.err) == (0, False), done


def test_another_slip_is_told_as_ever(repo: Scratch) -> None:
    done = repo.run("check", "--nonsense", "--base", "a", "--base", "b")
    assert (done.code, "no option --nonsense" in done.err) == (2, True), done
