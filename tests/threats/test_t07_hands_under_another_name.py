"""T07: a hand in the content is hidden by what a later commit renames, or by the manifest that it stands in.

Everything here but the merge is by Bo; one commit is by the person who then approves.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from scratch import Scratch
from world import base_files, high_system, low_system, medium_system, to_yaml

pytestmark = pytest.mark.real_git

GATE = "pre-deployment-security-review"
ADA, RAE = "Ada Example", "Rae Kim"


def _promoted(repo: Scratch, by: str) -> Scratch:
    """A promotion with a program that `by` wrote and Bo then gave another name."""
    repo.adopt(high_system("development"), files={"screener/rank.py": "RANK = 1\n"})
    repo.branch("work")
    repo.commit("New ranking", by=by, files={"screener/rank_v2.py": "RANK = 2\n"})
    repo.git("mv", "screener/rank_v2.py", "screener/rank_by_skill.py")
    repo.commit("A better name")
    repo.declare(high_system("pre_deployment"))
    repo.commit("Promote")
    for role in ("ciso", "legal", "product-owner"):
        repo.approve(role, GATE)
    return repo


def test_t07_control_what_nobody_of_them_wrote_is_approved(scratch: Scratch) -> None:
    assert _promoted(scratch, "Bo Author").check().code == 0


def test_t07_a_program_renamed_since_is_still_hers(scratch: Scratch) -> None:
    done = _promoted(scratch, ADA).check()
    assert (done.code, done.blocking()) == (1, ["approval:ciso"]), done
    assert "wrote commit" in str(done.finding("ciso")["claims"])


def _entry_under_another_id(repo: Scratch, by: str) -> str:
    repo.adopt(high_system("development"))
    repo.branch("work")
    repo.declare_only(low_system("conception", id="SYS-008"))
    repo.commit("Declare", by=by)
    repo.write({"governance.yaml": repo.read("governance.yaml").replace("SYS-008", "SYS-009")})
    repo.commit("The id that was meant")
    repo.approve("ai-safety-lead", "first-classification", "SYS-009")
    return "first-classification"


def _vendor_of_the_root(repo: Scratch, by: str) -> str:
    vendor = {"id": "acme", "vendor_name": "Acme", "access_type": "api", "has_dpa": False}
    root = {"schema": "policy-gate/manifest/v1", "vendors": [vendor]}
    repo.write(base_files() | {"governance.yaml": to_yaml(root), "svc/screener/rank.py": "RANK = 1\n"})
    repo.declare_only(high_system("conception", vendors=["acme"], model_card=None), path="svc/governance.yaml")
    repo.commit("Govern", by="Sam Lee")
    repo.branch("work")
    repo.rewrite(lambda data: data | {"vendors": [vendor | {"has_dpa": True}]})
    repo.commit("Acme has signed", by=by)
    repo.approve("ai-safety-lead", "weakening")
    return "weakening"


def _left_behind_by_paths(repo: Scratch, by: str) -> str:
    repo.adopt(high_system("development"), files={"screener/rank/a.py": "A = 1\n"})
    repo.branch("work")
    repo.commit("More of it", by=by, files={"screener/other/b.py": "B = 1\n"})
    repo.edit(paths=["screener/rank/**"])
    repo.commit("Narrow the screener")
    repo.approve("ai-safety-lead", "weakening")
    return "weakening"


WAYS: dict[str, Callable[[Scratch, str], str]] = {
    "an entry that gets another id": _entry_under_another_id,
    "a vendor in the manifest of the root": _vendor_of_the_root,
    "a program that the entry no longer claims": _left_behind_by_paths,
}


@pytest.mark.parametrize("way", WAYS)
def test_t07_what_stands_elsewhere_now_is_still_hers(tmp_path: Path, way: str) -> None:
    control, attempt = Scratch(tmp_path / "control"), Scratch(tmp_path / "attempt")
    for_ = WAYS[way](control, "Bo Author")
    assert control.check().finding(for_)["state"] == "met"
    WAYS[way](attempt, RAE)
    done = attempt.check()
    finding = done.finding(for_)
    assert (done.code, finding["state"]) == (1, "gap"), done
    assert "wrote commit" in str(finding["claims"])


def _vendor_taken_up(repo: Scratch, by: str, used: str) -> Scratch:
    """A vendor that `by` described; a later commit of Bo's has the system use one."""
    repo.adopt(medium_system("production"))
    repo.branch("work")
    vendors = [
        {"id": id_, "vendor_name": id_.title(), "access_type": "api", "has_dpa": True} for id_ in ("acme", "bolt")
    ]
    repo.declare_only(vendors=vendors[1:])
    repo.commit("Describe one")
    repo.declare_only(vendors=vendors)
    repo.commit("Describe another", by=by)
    repo.edit("SYS-002", vendors=[used])
    repo.commit("Use one")
    repo.approve("ciso", "vendor-high-risk", "SYS-002")
    return repo


def test_t07_a_vendor_that_a_later_commit_takes_up_is_still_hers(scratch: Scratch) -> None:
    done = _vendor_taken_up(scratch, ADA, "acme").check()
    finding = done.finding("vendor-high-risk")
    assert (done.code, finding["state"]) == (1, "gap"), done
    assert "wrote commit" in str(finding["claims"])


def test_t07_control_a_vendor_of_the_same_manifest_that_nobody_uses(scratch: Scratch) -> None:
    done = _vendor_taken_up(scratch, ADA, "bolt").check()
    assert done.code == 0, done
