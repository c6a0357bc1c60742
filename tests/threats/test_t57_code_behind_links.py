"""T57: approved code behind a symbolic link is what the link leads to, and may not be swapped unseen (D58)."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system, low_system

from policy_gate.collect.layout import Layout
from policy_gate.collect.links import followed
from policy_gate.schema.documents import Config
from policy_gate.schema.snapshot import CodeFile
from policy_gate.vcs.memory_tree import MemoryTree

GATE = "pre-deployment-security-review"
APPROVERS = ("ciso", "legal", "product-owner")
LINKS = {
    "to a file": ("screener/rank.py", "../tools/rank.py"),
    "to a folder": ("screener/tools", "../tools"),
    "to a link": ("screener/rank.py", "../tools/again.py"),
    "through a linked folder": ("screener/rank.py", "../alias/rank.py"),
}


def _link(repo: Scratch, path: str, target: str) -> None:
    place = repo.path / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)


def _promoted(repo: Scratch, path: str, target: str) -> None:
    repo.adopt(high_system("development"), files={"tools/rank.py": "RANK = 1\n", "screener/app.py": "x = 1\n"})
    _link(repo, "tools/again.py", "rank.py")
    _link(repo, "alias", "tools")
    _link(repo, path, target)
    repo.commit("Links")
    repo.branch("work")
    repo.declare(high_system("pre_deployment"))
    repo.commit("promote")
    for role in APPROVERS:
        repo.approve(role, GATE)


@pytest.mark.parametrize("shape", LINKS)
def test_t57_what_a_link_leads_to_is_bound(scratch: Scratch, shape: str) -> None:
    _promoted(scratch, *LINKS[shape])
    assert scratch.check().code == 0, "control: approved as it is"
    scratch.commit("A note", files={"NOTES.md": "nothing that runs\n"})
    assert scratch.check().code == 0, "control: what no link leads to voids nothing"
    scratch.commit("Swap it", files={"tools/rank.py": "RANK = 0\n"})
    done = scratch.check()
    assert done.code == 1
    assert done.blocking() == [f"approval:{role}" for role in sorted(APPROVERS)]


def test_t57_who_wrote_what_a_link_leads_to_does_not_approve_it(scratch: Scratch) -> None:
    _promoted(scratch, *LINKS["to a file"])
    scratch.commit("A better rank", by="Ada Example", files={"tools/rank.py": "RANK = 2\n"})
    for role in APPROVERS:
        scratch.approve(role, GATE)
    claims = scratch.check().finding("ciso")["claims"]
    assert any("wrote commit" in claim["why"] for claim in claims), claims


@pytest.mark.parametrize("target", ["/opt/rank.py", "../../rank.py", "loop.py"])
def test_t57_a_link_out_of_the_tree_is_refused(scratch: Scratch, target: str) -> None:
    low = low_system("development", paths=["summariser/**"])
    scratch.adopt(high_system("development"), low, files={"screener/app.py": "x = 1\n", "summariser/a.py": "y = 1\n"})
    scratch.branch("work")
    _link(scratch, "summariser/loop.py", target)
    scratch.commit("A link of a low system")
    assert scratch.check().code == 0, "control: nothing of a low system's code is bound"
    _link(scratch, "screener/loop.py", target)
    scratch.edit("SYS-001", owner_team="People")
    scratch.commit("A link")
    found = scratch.check()
    assert found.code == 1, found
    assert "leads out of the repository" in found.out


def test_t57_an_old_link_out_of_the_tree_is_in_nobodys_way_until_a_gate(scratch: Scratch) -> None:
    scratch.write({"screener/app.py": "x = 1\n"})
    _link(scratch, "screener/data", "/mnt/data")
    scratch.adopt(high_system("development"))
    scratch.branch("work")
    scratch.edit(owner_team="People")
    scratch.commit("Another team")
    assert scratch.check().code == 0
    scratch.declare(high_system("pre_deployment"))
    scratch.commit("promote")
    assert "leads out of the repository" in scratch.check().out


def test_t57_links_are_followed_to_their_end() -> None:
    files = {"lib/a.py": "a", "lib/governance.yaml": "x", "app/x.py": "x"}
    links = {
        "app/lib": "../lib",
        "app/self": "self",
        "app/up": "..",
        "app/none": "../none",
        "app/back": "../app/../lib/",
    }
    tree = MemoryTree(files, links)
    code = [CodeFile(entry.path, entry.mode, entry.oid) for entry in tree.walk("app")]
    layout = Layout(Config(schema="policy-gate/config/v1"))
    found = followed(tree, [file for file in code if file.path != "app/up"], ["app/**"], layout)
    assert [file.path for file in found.files] == ["lib/a.py"]
    assert [file.path for file in found.leaving] == ["app/self"]
    whole = followed(tree, code, ["app/**"], layout)
    assert "lib/a.py" in [file.path for file in whole.files]
    way = followed(MemoryTree({"real/src/a.py": "a"}, {"app": "real"}), (), ["app/src/**"], layout)
    assert [file.path for file in way.files] == ["app", "real/src/a.py"]
