"""T57: approved code behind a symbolic link is what the link leads to, and may not be swapped unseen (D58)."""

from __future__ import annotations

import pytest
from evidence import completed
from scratch import Scratch
from world import days_ago, high_system, low_system

from policy_gate.collect.layout import Layout
from policy_gate.collect.link_map import MOST_LINKS, link_maps
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


def test_t57_a_link_to_an_old_file_of_an_odd_name_binds_it(scratch: Scratch) -> None:
    odd = "tools/r\udce9.py"
    scratch.write({odd: "RANK = 1\n"})
    _promoted(scratch, "screener/rank.py", f"../{odd}")
    assert scratch.check().code == 0, "control: approved as it is"
    scratch.commit("Swap it", files={odd: "RANK = 0\n"})
    done = scratch.check()
    assert (done.code, done.blocking()) == (1, [f"approval:{role}" for role in sorted(APPROVERS)]), done


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


CODE = 'import openai\nclient = openai.OpenAI()\nMODEL = "gpt-4o"\n'
SWAPPED = CODE.replace("gpt-4o", "deepseek-r1")
NESTED = {
    "to a file": {"a/code/llm.py": "../../other/llm.py"},
    "to a folder": {"a/code/lib": "../../other"},
    "to a link": {"a/code/llm.py": "../../b/llm.py", "b/llm.py": "../other/llm.py"},
    "to a folder with a link": {"a/code/lib": "../../b", "b/llm.py": "../other/llm.py"},
    "on the way to its paths": {"a/program": "../other"},
}


def _nested(repo: Scratch, links: dict[str, str]) -> None:
    """The system's manifest lies in the folder `a`, its program behind links outside of it."""
    repo.adopt()
    entry, files = completed(high_system("production", stage_since=days_ago(20), paths=["code/**", "program/**"]))
    repo.write({f"a/{path}": text for path, text in files.items() if not path.startswith("program/")})
    repo.write({"other/llm.py": CODE, "apart/llm.py": CODE})
    repo.declare_only(entry, path="a/governance.yaml")
    for path, target in links.items():
        _link(repo, path, target)
    repo.commit("Govern", by="Rae Kim")
    repo.branch()


@pytest.mark.parametrize("shape", NESTED)
def test_t57_code_behind_a_link_of_a_nested_system_is_its_code(scratch: Scratch, shape: str) -> None:
    _nested(scratch, NESTED[shape])
    scratch.commit("Tidy", files={"apart/llm.py": SWAPPED})
    assert scratch.check().report["systems"] == [], "control: what no link leads to concerns nobody"
    scratch.branch()
    scratch.commit("Tidy", files={"other/llm.py": SWAPPED})
    found = scratch.check()
    assert (found.code, "model-changed" in found.changes()) == (1, True), found


def test_t57_a_link_that_is_led_elsewhere_is_followed_in_both_trees(scratch: Scratch) -> None:
    _nested(scratch, NESTED["to a link"])
    scratch.remove("b/llm.py")
    scratch.write({"new/llm.py": SWAPPED})
    _link(scratch, "b/llm.py", "../new/llm.py")
    scratch.commit("Tidy")
    found = scratch.check()
    assert (found.code, "model-changed" in found.changes()) == (1, True), found


def test_t57_links_of_a_whole_tree() -> None:
    files = {"x/f.py": "", "y/g.py": ""}
    links = {"a": "x", "b": "a", "c/to_b": "../b/f.py", "d": "missing/z.py", "e": "/opt", "g": "..", "h": "h"}
    tree = MemoryTree(files, links)
    made = link_maps(tree, tree, frozenset())
    assert made is not None
    found = made[0]
    assert found.leading_to(["x/f.py"]) == {"a", "b", "c/to_b"}
    assert found.leading_to(["a"]) == {"b", "c/to_b"}
    assert found.leading_to(["missing/z.py"]) == {"d"}
    assert found.leading_to(["y/g.py", "opt"]) == frozenset()
    assert list(found.reached_from(["b"], ["x/f.py", "y/g.py"])) == ["x/f.py"]
    many = frozenset(f"l{number}" for number in range(MOST_LINKS + 1))
    assert link_maps(tree, MemoryTree({}, dict.fromkeys(many, "x")), many) is None
    assert link_maps(tree, MemoryTree(dict.fromkeys(many, "x")), many) is not None
