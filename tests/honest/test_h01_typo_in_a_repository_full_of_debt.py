"""H01: a typo in the README of a repository full of debt, from a fork without a token: one line, pass."""

from __future__ import annotations

from scratch import Scratch
from world import days_ago, high_system, medium_system


def _full_of_debt(repo: Scratch) -> None:
    repo.adopt()
    repo.declare_only(
        high_system("production", enrolled=days_ago(400)), medium_system("production", enrolled=days_ago(400))
    )
    repo.commit("Declare what has run for years", by="Rae Kim")
    repo.branch("typo")
    repo.commit("Mend a typo", files={"README.md": "# Scratch, mended\n"})


def test_h01_a_typo_passes_in_one_line_that_counts_the_debt(scratch: Scratch) -> None:
    _full_of_debt(scratch)
    said = scratch.run("check")
    assert said.code == 0, said
    assert said.out.splitlines() == ["PASS  nothing governed changed (2 systems, debt 34, 34 overdue)"]
    report = scratch.check()
    assert report.verdict == "pass"
    assert report.report["trust"]["approvals"]["sources"] == [], "nobody had to be asked"


def test_h01_unreadable_policies_does_not_stop_a_typo_but_stops_what_is_governed(scratch: Scratch) -> None:
    _full_of_debt(scratch)
    scratch.checkout("main")
    scratch.commit("Break the policies", files={"policies/org.yaml": "schema: policy-gate/policy/v1\nrulez: []\n"})
    scratch.branch("typo")
    scratch.commit("Mend a typo", files={"README.md": "# Scratch, mended\n"})
    said = scratch.run("check")
    assert (said.code, len(said.out.splitlines())) == (0, 1), said
    assert said.out.startswith("PASS  nothing governed changed")
    assert "cannot be read" in " ".join(scratch.check().report["trust"]["notes"])

    scratch.branch("governed", at="typo")
    scratch.edit("SYS-001", incident_contact="other@example.com")
    scratch.commit("Touch what is governed")
    assert scratch.check().code == 3


def test_h01_with_an_unreadable_configuration_nobody_knows_what_is_governed(scratch: Scratch) -> None:
    _full_of_debt(scratch)
    scratch.checkout("main")
    scratch.commit(
        "Break the configuration", files={"policy-gate.yaml": "schema: policy-gate/config/v1\nmanifest: 3\n"}
    )
    scratch.branch("typo")
    scratch.commit("Mend a typo", files={"README.md": "# Scratch, mended\n"})
    assert scratch.check().code == 3
