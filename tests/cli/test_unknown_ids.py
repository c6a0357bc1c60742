"""An id that nobody knows, given to each command: refused with what is near it, else with what there is."""

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
