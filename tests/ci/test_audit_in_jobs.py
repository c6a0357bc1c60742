"""The action records what the default branch decided, and no pull request's job writes into the log."""

from __future__ import annotations

import pytest
from audit_log import REF, audit_part, statement, verified
from workplace import JobResult, Workplace

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]


def pushed(place: Workplace, **inputs: str) -> JobResult:
    """The job of a push to main that merged the promotion with its recorded approvals."""
    place.scratch.checkout("main")
    before = place.scratch.git("rev-parse", "main")
    place.scratch.merge("work")
    after = place.scratch.git("rev-parse", "main")
    place.publish()
    repository = {"default_branch": "main", "full_name": place.github.repository}
    event = {"ref": "refs/heads/main", "before": before, "after": after, "repository": repository}
    there = {"GITHUB_SHA": after, "GITHUB_REF": "refs/heads/main"}
    return place.job("push", event, place.checkout(after), **there, **inputs)


def fetched(place: Workplace) -> list[str]:
    url = f"file://{place.server.folder}/{place.github.repository}.git"
    place.scratch.git("fetch", "-q", url, f"{REF}:{REF}")
    return place.scratch.git("rev-list", "--reverse", REF).split()


def is_logged(place: Workplace) -> bool:
    return REF in place.scratch.git("ls-remote", f"file://{place.server.folder}/{place.github.repository}.git")


def test_a_push_to_the_default_branch_is_recorded(place: Workplace) -> None:
    done = pushed(place, audit="auto")
    assert "recorded, 0 known before" in done.err, done
    entries = fetched(place)
    first = audit_part(statement(place.scratch, entries[0]))
    assert first["record"]["verdict"] == done.report["verdict"]
    assert first["inputs"]["head"]["commit"] == place.scratch.git("rev-parse", "main")
    assert done.code == int(done.outputs["exit-code"])
    assert verified(place.scratch, "--replay").code == 0
    text = place.scratch.git("log", "-p", REF)
    assert place.github.token not in text
    assert str(place.path) not in text


def test_nothing_is_recorded_unless_it_is_asked_for(place: Workplace) -> None:
    done = pushed(place)
    assert "audit" not in done.err
    assert not is_logged(place)


def test_a_pull_request_is_not_recorded_and_not_stopped(place: Workplace) -> None:
    number = place.propose()
    done = place.pull_job(number, audit="required")
    assert done.code == 1, "blocked, as without the log"
    assert "nothing is recorded of what is only proposed" in done.err
    assert not is_logged(place)


@pytest.mark.parametrize("audit", ["auto", "required"])
def test_a_log_that_may_not_be_written_fails_only_where_it_is_required(place: Workplace, audit: str) -> None:
    place.publish()
    hooks = place.server.folder / f"{place.github.repository}.git" / "hooks"
    hooks.mkdir(exist_ok=True)
    (hooks / "pre-receive").write_text("#!/bin/sh\nexit 1\n")
    (hooks / "pre-receive").chmod(0o755)
    done = pushed(place, audit=audit)
    assert not is_logged(place)
    assert "the forge does not take the entry" in done.err + done.out
    assert done.outputs["verdict"] == done.report["verdict"], "the verdict stands without it"
    if audit == "auto":
        assert "audit: nothing is recorded" in done.err
        assert done.code == int(done.outputs["exit-code"])
    else:
        assert done.code == 3
        assert "the audit entry is missing" in done.err


def test_another_word_is_refused(place: Workplace) -> None:
    done = pushed(place, audit="yes")
    assert done.code == 2, done
    assert "audit is 'yes' (off, auto, required)" in done.err
