"""The component records what the default branch decided, and no merge request's job writes into the log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from audit_log import REF, audit_part, statement, verified
from project import JOB_TOKEN, PATH, Project
from world import high_system

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """SYS-001 in development on main, and a promotion of it proposed."""
    with Project(tmp_path) as made:
        made.scratch.adopt(high_system("development"))
        made.scratch.promote()
        made.propose()
        yield made


def url(project: Project) -> str:
    return f"file://{project.server.folder}/{PATH}.git"


def test_the_nightly_job_is_recorded_with_the_token_of_the_job(project: Project) -> None:
    done = project.branch_job("schedule", audit="auto")
    assert "recorded, 0 known before" in done.err, done
    project.scratch.git("fetch", "-q", url(project), f"{REF}:{REF}")
    (commit,) = project.scratch.git("rev-list", REF).split()
    part = audit_part(statement(project.scratch, commit))
    assert part["inputs"]["mode"] == "all"
    assert part["record"]["verdict"] == done.verdict
    assert verified(project.scratch, "--replay").code == 0
    text = project.scratch.git("log", "-p", REF)
    assert JOB_TOKEN not in text
    assert str(project.path) not in text


def test_a_merge_request_is_not_recorded_and_not_stopped(project: Project) -> None:
    done = project.merge_request_job(audit="required")
    assert (done.code, done.verdict) == (1, "block"), done
    assert "nothing is recorded of what is only proposed" in done.err
    assert REF not in project.scratch.git("ls-remote", url(project))


def test_a_required_log_that_may_not_be_written_fails_the_job_and_leaves_the_verdict(project: Project) -> None:
    hook = project.server.folder / f"{PATH}.git" / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    auto = project.branch_job("schedule", audit="auto")
    assert "audit: nothing is recorded: the forge does not take the entry" in auto.err
    required = project.branch_job("schedule", audit="required")
    assert required.code == 3, required
    assert required.verdict == auto.verdict
    assert required.report["verdict"] == auto.verdict
