"""T45: a record that was used, taken out of base, and brought back for the same content."""

from __future__ import annotations

from scratch import Scratch
from world import high_system


def test_t45_a_record_taken_out_of_base_stays_spent(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch("first")
    scratch.edit(paths=["screener/rank/**"])
    scratch.commit("Narrow")
    scratch.approve("ai-safety-lead", "weakening")
    record = scratch.git("rev-parse", "HEAD")
    assert scratch.check().code == 0
    scratch.merge("first")
    scratch.branch("back")
    scratch.edit(paths=["screener/**"])
    scratch.remove(*scratch.git("ls-files", "governance/approvals").splitlines())
    scratch.commit("Widen, and tidy up")
    scratch.merge("back")
    scratch.branch("again")
    scratch.edit(paths=["screener/rank/**"])
    scratch.commit("Narrow once more")
    scratch.git("cherry-pick", record)
    done = scratch.check()
    assert done.code == 1, done
    assert "it is spent" in str(done.finding("weakening")["claims"])
