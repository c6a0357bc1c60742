"""An id that nobody knows, given to each command: refused with what is near it, else with what there is."""

# ruff: noqa: E501 - tables of cases are read one a line

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system

PERIOD = ("--from", "2026-01-01", "--to", "2026-12-31", "-o", "pack.zip")
OPEN = ("incident", "open", "--type", "availability", "--severity", "low", "--description", "x")
SYSTEMS, FAR = "known: SYS-001", "zzz"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("unknown"))
    repo.adopt(high_system())
    return repo


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (("check", "--system", FAR), SYSTEMS),
        (("classify", "--system", FAR), SYSTEMS),
        (("law", "--system", FAR), SYSTEMS),
        (("evidence", "--system", FAR, "-o", "page.html"), SYSTEMS),
        (("evidence", "--system", FAR, *PERIOD), SYSTEMS),
        (("draft", "model-card", "--system", FAR), SYSTEMS),
        (("draft", "--all", "--system", FAR), SYSTEMS),
        (("draft", FAR, "--system", "SYS-001"), "known: accommodation-procedure, "),
        (("draft", "--gate", FAR), "known: annual-production-review, "),
        (("policy", "eval", "true", "--system", FAR), SYSTEMS),
        (("policy", "case", FAR), "known: "),
        ((*OPEN, "--system", FAR), "there are SYS-001"),
        (("waive", "--system", FAR, "--rule", "red-team-report", "--reason", "x", "--expires", "2027-01-01"), SYSTEMS),
        (("evidence", "--system", "SYS-01", *PERIOD), 'did you mean "SYS-001"?'),
        (("draft", "--gate", "production-deploy"), 'did you mean "production-deployment"?'),
    ],
    ids=lambda it: "-".join(it[:2]) if isinstance(it, tuple) else None,
)
def test_what_is_there_is_said(repo: Scratch, args: tuple[str, ...], hint: str) -> None:
    done = repo.run(*args)
    assert (done.code, f"hint: {hint}" in done.err) == (2, True), done
    assert len(done.err) < 600, done


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("draft", "security-penetration-test", "--system", "SYS-001"), "is a test, and no document\n  hint: policy-gate explain security"),
        (("draft", "production-deployment", "--system", "SYS-001"), "is a gate, and no document\n  hint: all of it: policy-gate draft --gate"),
        (("draft", "ciso", "--system", "SYS-001"), "is a role, and no document"),
        (("draft", "red-team-engagement", "model-card", "--system", "SYS-001"), "red-team-engagement is a control, and no document"),
        (("explain", "SYS-001"), "is a system of this repository, and no id of the rules\n  hint: policy-gate classify --system SYS-001"),
        (("explain", "SYS-002"), 'nothing is called "SYS-002"'),
    ],
    ids=["a-test", "a-gate", "a-role", "a-control", "a-system", "none"],
)  # fmt: skip
def test_an_id_of_another_kind_is_told_as_what_it_is(repo: Scratch, args: tuple[str, ...], said: str) -> None:
    done = repo.run(*args)
    assert (done.code, said in done.err) == (2, True), done
    assert repo.git("status", "--porcelain").strip() == ""


def test_explain_names_who_holds_a_role(repo: Scratch) -> None:
    assert "held by    Ada Example" in repo.run("explain", "ciso").out
    assert "signs      Ada Example (CISO)" in repo.run("explain", "security-assessment-report").out
