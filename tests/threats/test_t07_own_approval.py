"""T07: whoever had a hand in the content approves it: as author, committer, co-author, by another address, twice.

The hands that only a forge knows, opener and last pusher, and its bots are in
`test_t07_reviews_by_those_who_wrote_it`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scratch import Scratch
from world import base_files, email_of, high_system, roles, to_yaml

pytestmark = pytest.mark.real_git

GATE = "pre-deployment-security-review"
ADA, BO = "Ada Example", "Bo Author"
CODE = {"screener/rank.py": "RANK = 2\n"}
TWO: dict[str, Any] = {
    "id": "two-cisos",
    "title": "One CISO is not enough",
    "why": "Two pairs of eyes see more than one.",
    "when": 'system.stage == "pre_deployment"',
    "enforcement": "block",
    "require": [{"approval": "ciso", "count": 2}],
}


class Repo(Scratch):
    """SYS-001 on its way to pre_deployment by Bo; the CISO is Ada, by address and by account."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        held = roles()
        ada = {"name": ADA, "email": email_of(ADA), "github": "ada-gh"}
        held["roles"]["ciso"]["members"] = [ada, {"name": "A. Example", "email": "ADA@example.com"}]
        more = {"schema": "policy-gate/policy/v1", "about": "More.", "rules": [TWO]}
        self.write(base_files() | {"policies/roles.yaml": to_yaml(held), "policies/two.yaml": to_yaml(more)})
        self.declare(high_system("development"))
        self.commit("Govern", by="Rae Kim")
        self.branch("work")
        self.declare(high_system("pre_deployment"))
        self.commit("Promote")

    def approved_by_ada(self) -> tuple[int, str, str]:
        """After Ada has approved as CISO: the exit code, what became of the approval, and why her claim counts not."""
        self.approve("ciso", GATE)
        done = self.check()
        found = next(
            item for item in done.findings() if item.get("for") == GATE and item["requirement"]["subject"] == "ciso"
        )
        return done.code, found["state"], " ".join(claim["why"] for claim in found["claims"])


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    return Repo(tmp_path_factory.mktemp("t07"))


def _as(name: str, email: str) -> tuple[str, ...]:
    return ("-c", f"user.name={name}", "-c", f"user.email={email}")


def _commits(repo: Scratch, message: str = "More", name: str = BO, email: str | None = None, *more: str) -> None:
    repo.write(CODE)
    repo.git("add", "-A")
    repo.git(*_as(name, email or email_of(name)), "commit", "-q", "-m", message, *more)


def _as_author(repo: Scratch) -> None:
    _commits(repo, "More", BO, None, "--author", f"{ADA} <ada@example.com>")


def _as_committer(repo: Scratch) -> None:
    _commits(repo, "More", ADA, None, "--author", f"{BO} <bo@example.com>")


def _in_a_merge(repo: Scratch) -> None:
    """A merge of base that is not git's own: she changes the code while she resolves nothing."""
    repo.git("checkout", "-q", "-B", "side", "main")
    _commits(repo, "Elsewhere", BO, None, "--allow-empty")
    repo.git("reset", "-q", "--hard", "main")
    repo.git("commit", "-q", "--allow-empty", "-m", "Side")
    repo.git("checkout", "-q", "attempt")
    repo.git("merge", "-q", "--no-ff", "--no-commit", "side")
    _commits(repo, "Merge side", ADA)


HANDS: dict[str, Callable[[Scratch], None]] = {
    "author": _as_author,
    "committer": _as_committer,
    "author and committer": lambda repo: _commits(repo, name=ADA),
    "co-author": lambda repo: _commits(repo, "More\n\nCo-authored-by: Ada Example <ada@example.com>"),
    "co-author of another case": lambda repo: _commits(
        repo, "More\n\nand more\n\nco-AUTHORED-by:Ada <ADA@example.com>"
    ),
    "another spelling of the address": lambda repo: _commits(repo, name="Somebody", email="Ada@EXAMPLE.com"),
    "the account's own address": lambda repo: _commits(repo, name="x", email="583231+ada-gh@users.noreply.github.com"),
    "the account's old address": lambda repo: _commits(repo, name="x", email="Ada-GH@users.noreply.github.com"),
    "a merge that is more than one": _in_a_merge,
    "an address with a plus": lambda repo: _commits(repo, name="x", email="ada+work@example.com"),
    "letters that look alike": lambda repo: _commits(repo, name="x", email="ad\u0430@ex\u0430mple.com"),
    "a co-author with a plus": lambda repo: _commits(repo, "More\n\nCo-authored-by: X <Ada+2@Example.com>"),
    "an address that looks the same": lambda repo: _commits(repo, name="x", email="\uff41da+x@example.com"),
}


def test_t07_control_ada_approves_what_bo_wrote(repo: Repo) -> None:
    repo.branch("attempt", at="work")
    _commits(repo)
    assert repo.approved_by_ada() == (1, "met", ""), "legal and the product owner are still missing"


@pytest.mark.parametrize(
    "email", ["adam+work@example.com", "ada@example.org", "ada-work@example.com", "ad.a@example.com"]
)
def test_t07_control_other_addresses_are_other_people(repo: Repo, email: str) -> None:
    repo.branch("attempt", at="work")
    _commits(repo, name="x", email=email)
    assert repo.approved_by_ada() == (1, "met", "")


def test_t07_a_plus_gives_nobody_a_role(repo: Repo) -> None:
    repo.branch("attempt", at="work")
    repo.approve("ciso", GATE)
    record = next(path for path in (repo.path / "governance/approvals").iterdir() if GATE in path.name)
    record.write_text(record.read_text("utf-8").replace("ada@example.com", "ada+x@example.com"), "utf-8")
    repo.commit("Another address", by=ADA)
    found = next(it for it in repo.check().findings() if it.get("for") == GATE and "ciso" in str(it["requirement"]))
    assert (found["state"], "does not hold ciso" in str(found["claims"])) == ("gap", True)


@pytest.mark.parametrize("contributor", HANDS)
def test_t07_a_hand_in_the_content_bars_from_approving_it(repo: Repo, contributor: str) -> None:
    repo.branch("attempt", at="work")
    HANDS[contributor](repo)
    code, state, why = repo.approved_by_ada()
    assert (code, state) == (1, "gap")
    assert "commit" in why
    assert "in this change" in why


def test_t07_a_commit_elsewhere_or_of_records_alone_bars_nobody(repo: Repo) -> None:
    repo.branch("attempt", at="work")
    repo.commit("Notes", by=ADA, files={"docs/notes.md": "Notes.\n"})
    assert repo.approved_by_ada() == (1, "met", "")


def _rewritten(repo: Scratch, author: str) -> None:
    """HEAD again with another author line, which git itself might not write."""
    text = repo.git("cat-file", "commit", "HEAD") + "\n"
    lines = [f"author {author}" if line.startswith("author ") else line for line in text.split("\n")]
    made = repo.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin="\n".join(lines))
    repo.git("reset", "-q", "--hard", made)


@pytest.mark.parametrize("author", ["Ghost <> 1700000000 +0000", "Ghost", "Ghost <gh ost@example.com> now"])
def test_t07_an_author_who_cannot_be_told_leaves_it_open(repo: Repo, author: str) -> None:
    repo.branch("attempt", at="work")
    _commits(repo)
    _rewritten(repo, author)
    _, state, why = repo.approved_by_ada()
    assert (state, "has an author who cannot be told" in why) == ("unknown", True)


def test_t07_it_leaves_the_verdict_open_and_only_where_it_matters(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.adopt(high_system("development"))
    repo.branch("work")
    repo.edit(paths=["screener/rank/**"])
    repo.commit("Narrow")
    repo.branch("ghost", at="work")
    _rewritten(repo, "Ghost <> 1700000000 +0000")
    assert repo.check().code == 1, "nobody has approved it yet"
    repo.approve("ai-safety-lead", "weakening")
    assert (repo.check().code, repo.check().verdict) == (3, "undecided")
    repo.branch("elsewhere", at="work")
    repo.commit("Notes", files={"docs/notes.md": "Notes.\n"})
    _rewritten(repo, "Ghost <> 1700000000 +0000")
    repo.approve("ai-safety-lead", "weakening")
    assert repo.check().code == 0


def test_t07_one_person_under_two_names_counts_once(repo: Repo) -> None:
    repo.branch("attempt", at="work")
    repo.approve("ciso", "two-cisos")
    once = repo.check().finding("two-cisos")
    record = next(path for path in (repo.path / "governance/approvals").iterdir() if "two-cisos" in path.name)
    text = record.read_text("utf-8").replace("Ada Example", "A. Example").replace("ada@example.com", "ADA@example.com")
    repo.commit("Once more", by=ADA, files={"governance/approvals/again.yaml": text})
    twice = repo.check().finding("two-cisos")
    assert (once["state"], twice["state"]) == ("gap", "gap")
    assert [claim["counts"] for claim in twice["claims"]] == [True, True], "both are hers, and she is one"
