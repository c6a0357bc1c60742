"""T45: a record that was used, taken out of base, and brought back for the same content; one paper for many."""

from __future__ import annotations

from pathlib import Path

import pytest
from approved import APPROVERS, GATE, NOT_APPROVED, Approved
from evidence import document
from promotion import Promotion
from scratch import Scratch
from world import ROLE_HOLDERS, days_ago, from_yaml, high_system, to_yaml


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


def test_t45_what_base_took_in_for_other_content_is_no_claim_unless_a_change_touches_it(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch("first")
    scratch.edit(paths=["screener/rank/**"])
    scratch.commit("Narrow")
    scratch.approve("ai-safety-lead", "weakening")
    scratch.merge("first")
    scratch.branch("another")
    scratch.edit(paths=["screener/rank/model/**"])
    scratch.commit("Narrow further")
    done = scratch.check()
    assert (done.code, done.finding("weakening")["claims"]) == (1, []), done
    (record,) = scratch.git("ls-files", "governance/approvals").splitlines()
    scratch.commit("Bring it along", files={f"{record}.again.yaml": scratch.read(record)})
    assert "it is spent" in str(scratch.check().finding("weakening")["claims"])


@pytest.fixture
def promoted(tmp_path: Path) -> Scratch:
    """SYS-001 was promoted with its approvals, which `records` still holds, and rolled back with another."""
    repo = Approved(tmp_path)
    repo.git("branch", "records", "work")
    repo.merge("work")
    repo.branch("back")
    repo.edit(stage="development")
    repo.commit("Roll back")
    repo.approve("ai-safety-lead", "stage-regression")
    assert repo.check().code == 0
    repo.merge("back")
    return repo


def test_t45_promoted_again_with_the_first_approvals(promoted: Scratch) -> None:
    promoted.branch("again")
    promoted.edit(stage="pre_deployment")
    promoted.commit("Promote once more")
    done = promoted.check()
    assert (done.code, done.blocking()) == (1, NOT_APPROVED), done
    assert "it is spent" in str(done.finding("ciso")["claims"])
    promoted.git("mv", "governance/approvals", "governance/old")
    promoted.commit("Put them aside")
    promoted.git("mv", "governance/old", "governance/approvals")
    promoted.commit("And back")
    assert promoted.check().blocking() == NOT_APPROVED
    for role in APPROVERS:
        path = next(p for p in (promoted.path / "governance/approvals").iterdir() if f"-{role}" in p.name)
        said = from_yaml(path.read_text("utf-8")) | {"statement": "Looked at again.", "approved_on": days_ago(0)}
        fresh = {f"governance/approvals/again-{role}.yaml": to_yaml(said)}
        promoted.commit("Anew", by=ROLE_HOLDERS[role], files=fresh)
    assert promoted.check().code == 0, "the control: a new yes of each for the same content"


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({"approved_on": days_ago(100)}, False),
        ({"approved_on": days_ago(100), "expires": days_ago(-100)}, False),
        ({"approved_on": days_ago(30), "expires": days_ago(1)}, False),
        ({"approved_on": days_ago(-5)}, False),
        ({"approved_on": days_ago(80)}, True),
    ],
)
def test_t45_a_record_kept_for_later_runs_out(approved: Approved, fields: dict[str, str], counts: bool) -> None:
    approved.restart()
    path = next(p for p in (approved.path / "governance/approvals").iterdir() if "ciso" in p.name)
    said = from_yaml(path.read_text("utf-8")) | fields
    name = path.relative_to(approved.path).as_posix()
    approved.commit("Dated", by=ROLE_HOLDERS["ciso"], files={name: to_yaml(said)})
    done = approved.check()
    assert (done.code, done.blocking()) == ((0, []) if counts else (1, ["approval:ciso"])), done


def test_t45_one_report_is_for_the_systems_that_it_names(promotion: Promotion) -> None:
    path = "governance/red-team-report.md"
    text = document("red-team-report")
    assert promotion.attempt({path: text.replace("System: SYS-001", "Systems: SYS-001, SYS-002")}).code == 0
    front = "---\nsystems: [SYS-002, SYS-003]\n---\n" + text.replace("System: SYS-001\n", "")
    done = promotion.attempt({path: front})
    assert (done.code, done.blocking()) == (1, ["artifact:red-team-report"]), done
    assert GATE in [reason["rule"] for reason in done.finding("red-team-report")["because"]]
