"""T08: an approval is had, and then the content changes: the approval is for what was seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from approved import APPROVERS, GATE, NOT_APPROVED, VENDOR, Approved
from scratch import Scratch
from world import days_ago, from_yaml, low_system

pytestmark = pytest.mark.real_git


def _appends(path: str, text: str) -> Callable[[Approved], None]:
    return lambda repo: repo.write({path: repo.read(path) + text})


def _replaces(path: str, old: str, new: str) -> Callable[[Approved], None]:
    def replace(repo: Approved) -> None:
        assert old in repo.read(path)
        repo.write({path: repo.read(path).replace(old, new, 1)})

    return replace


def _with_vendor(repo: Approved, **fields: str) -> None:
    repo.rewrite(lambda data: data | {"vendors": [VENDOR | fields]})


def _redates(repo: Approved) -> None:
    artifacts = repo.entry()["artifacts"]
    repo.edit(
        artifacts=[
            item | {"completed": days_ago(50)} if item["id"] == "red-team-report" else item for item in artifacts
        ]
    )


PASSED = '<testcase classname="bias-benchmark-suite" name="case_0"'
SWAPS: dict[str, Callable[[Approved], None]] = {
    "a field of the entry": lambda repo: repo.edit(owner_team="Nobody"),
    "a fact that raises": lambda repo: repo.edit(facts={"workplace_use": True}),
    "the card": _replaces("MODEL_CARD.md", "Few applications from", "Very few applications from"),
    "a document": _appends("governance/red-team-report.md", "\nNothing of this was tried on the new version.\n"),
    "a document's date": _redates,
    "a committed result": _replaces("reports/bias-benchmark-suite.xml", PASSED, PASSED.replace("case_0", "other")),
    "a vendor": lambda repo: _with_vendor(repo, use_case="ranks applicants"),
    "code": _appends("screener/rank.py", "RANK = 0\n"),
    "new code": lambda repo: repo.write({"screener/more.py": "x = 1\n"}),
    "code gone": lambda repo: repo.remove("screener/rank.py"),
    "the mode of code": lambda repo: (repo.path / "screener/rank.py").chmod(0o755),
}
HARMLESS: dict[str, Callable[[Approved], None]] = {
    "a readme": _appends("README.md", "More.\n"),
    "code of nobody": lambda repo: repo.write({"tools/sort.py": "print()\n"}),
    "a comment in the manifest": lambda repo: repo.write(
        {"governance.yaml": "# tidied\n" + repo.read("governance.yaml")}
    ),
    "keys in another order": lambda repo: repo.rewrite(lambda data: dict(reversed(data.items()))),
    "quotes and flow": _replaces("governance.yaml", "name: Hiring Resume Screener", 'name: "Hiring Resume Screener"'),
    "a paper that its gate does not count": lambda repo: repo.write({"governance/notes.md": "Notes.\n"}),
}


@pytest.mark.parametrize("swap", SWAPS)
def test_t08_what_was_approved_is_not_what_would_merge(approved: Approved, swap: str) -> None:
    approved.restart()
    SWAPS[swap](approved)
    approved.commit(swap)
    done = approved.check()
    assert done.code == 1, done
    assert set(NOT_APPROVED) <= set(done.blocking())
    assert not [claim for claim in done.finding("ciso")["claims"] if claim["counts"]]
    assert done.finding("ciso")["claims"][0]["why"]


@pytest.mark.parametrize("change", HARMLESS)
def test_t08_control_what_is_not_governed_voids_nothing(approved: Approved, change: str) -> None:
    approved.restart()
    HARMLESS[change](approved)
    approved.commit(change)
    done = approved.check()
    assert done.code == 0, done


def test_t08_changed_and_changed_back_is_what_was_seen(approved: Approved) -> None:
    approved.restart()
    approved.commit("Swap", files={"screener/rank.py": "RANK = 0\n"})
    assert approved.check().code == 1
    approved.commit("And back", files={"screener/rank.py": "RANK = 1\n"})
    assert approved.check().code == 0


def _block(text: str) -> str:
    """The manifest with the description of SYS-001 as a block, and the contact right below it."""
    lines = text.split("\n")
    at = next(n for n, line in enumerate(lines) if line.strip().startswith("description: AI ranks"))
    said, indent = lines[at].partition("description: ")[2], " " * lines[at].index("description")
    rest = [line for line in lines[at + 1 :] if not line.startswith(f"{indent}incident_contact")]
    return "\n".join(
        [
            *lines[:at],
            f"{indent}description: |-",
            f"{indent}  {said}",
            f"{indent}incident_contact: x@example.com",
            *rest,
        ]
    )


def _patch_id(repo: Scratch) -> str:
    return repo.git("patch-id", "--stable", stdin=repo.git("diff", "main", "HEAD") + "\n").split()[0]


def test_t08_indentation_alone_changes_the_meaning_and_the_approval_is_void(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(low_system("development", description="AI ranks meeting notes", paths=["notes/**"]))
    repo.branch("work")
    repo.edit("SYS-003", paths=["notes/minutes/**"])
    repo.commit("Narrow", files={"governance.yaml": _block(repo.read("governance.yaml"))})
    repo.approve("ai-safety-lead", "weakening", "SYS-003")
    assert repo.check().code == 0
    written = repo.read("governance.yaml")
    deeper = written.replace("  AI ranks", "      AI ranks")
    repo.branch("deeper", at="work")
    repo.commit("All of the block", files={"governance.yaml": deeper})
    assert repo.check().code == 0, "the same text, further in"
    repo.branch("swallowed", at="work")
    before = _patch_id(repo)
    swallowed = written.replace("incident_contact: x", "  incident_contact: x")
    repo.commit("The contact is part of the description now", files={"governance.yaml": swallowed})
    assert _patch_id(repo) == before, "git calls it the same patch"
    entry = from_yaml(swallowed)["systems"][0]
    assert "incident_contact" in entry["description"]
    done = repo.check()
    assert (done.code, done.finding("weakening")["state"]) == (1, "gap"), done


def test_t08_each_role_must_see_it_again_and_those_who_did_count(approved: Approved) -> None:
    approved.restart()
    approved.commit("Swap", files={"screener/rank.py": "RANK = 0\n"})
    assert approved.check().blocking() == NOT_APPROVED
    approved.approve(APPROVERS[0], GATE)
    assert approved.check().blocking() == [f"approval:{role}" for role in sorted(APPROVERS[1:])]
