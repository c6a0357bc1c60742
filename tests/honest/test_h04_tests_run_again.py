"""H04: CI runs the tests again and writes new times into the results: still approved (D11)."""

from __future__ import annotations

from pathlib import Path

from evidence import junit, owed
from scratch import Result, Scratch
from world import ROLE_HOLDERS, high_system

GATE = "pre-deployment-security-review"


def _job(repo: Scratch, seconds: str, failed: int = 0) -> Path:
    """A folder of results as one CI job leaves it, every case with the time it took."""
    folder = repo.path.parent / f"job-{seconds}-{failed}"
    (folder / "reports").mkdir(parents=True)
    for test in owed("high", "pre_deployment")[1]:
        text = junit(test, failed=failed).replace('time="0.01"', f'time="{seconds}"').replace("T08:", "T09:")
        (folder / "reports" / f"{test}.xml").write_text(text, "utf-8")
    return folder


def _check(repo: Scratch, job: Path) -> Result:
    return repo.check("--evidence", str(job), CI="true")


def test_h04_new_times_void_nothing_and_another_outcome_does(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch()
    scratch.declare(high_system("pre_deployment"))
    scratch.commit("Promote; results come from the job", files={".gitignore": "reports/\n"})
    first = _job(scratch, "0.50")
    assert _check(scratch, first).blocking() == ["approval:ciso", "approval:legal", "approval:product-owner"]
    for role in ("ciso", "legal", "product-owner"):
        scratch.iam(ROLE_HOLDERS[role])
        said = scratch.run(
            "approve", "--for", GATE, "--system", "SYS-001", "--role", role, "--evidence", str(first), "--yes"
        )
        assert said.code == 0, said
        scratch.commit(f"Approve as {role}", by=ROLE_HOLDERS[role])
    again = _check(scratch, first)
    assert (again.verdict, again.report["trust"]["enforcing"]) == ("pass", True)
    assert _check(scratch, _job(scratch, "7.25")).verdict == "pass"
    assert "approval:ciso" in _check(scratch, _job(scratch, "7.25", failed=1)).blocking()
