"""A clock that jumps between two runs: what was recorded stays in its order, and stays sound."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from audit_log import audit_part, commits, statement, verified
from scratch import Scratch
from world import high_system

from policy_gate.app.audit import drafts_of, log_writer
from policy_gate.app.check import run_check
from policy_gate.cli import options

pytestmark = pytest.mark.real_git


@pytest.mark.parametrize("jump", [timedelta(days=-3), timedelta(days=400)], ids=["back", "forward"])
def test_entries_keep_their_order_when_the_clock_jumps(scratch: Scratch, jump: timedelta) -> None:
    scratch.adopt(high_system("development"))
    scratch.promote()
    for number, moment in enumerate((datetime.now(UTC), datetime.now(UTC) + jump, datetime.now(UTC))):
        scratch.commit("More", files={"notes.md": f"{number}\n"})
        request = options.request(scratch.path)
        drafts = drafts_of(run_check(request), request, moment)
        with log_writer(scratch.path) as log:
            log.append(drafts)
    numbers = [audit_part(statement(scratch, commit))["sequence"] for commit in commits(scratch)]
    assert numbers == list(range(len(numbers)))
    assert len(numbers) >= 3
    done = verified(scratch)
    assert done.code == 0, done
