"""T43: commits made in somebody else's name, and names made to look like somebody else's.

Git believes what a commit says of its author. Where base's policies say no more than that (`committed`), an
approver who commits under another name and then approves cannot be told from an honest one; the tests say so
beside `forge` and `signed`, under which nobody counts until that is told by somebody who knows.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from keys import Keyring, needs_openssh, real_crypto, with_keys
from scratch import Scratch
from world import base_files, email_of, from_yaml, high_system, org_policy, roles, to_yaml

pytestmark = pytest.mark.real_git

RAE, BO = "Rae Kim", "Bo Author"
LEAD = "ai-safety-lead"


class Named(Scratch):
    """A change that narrows SYS-001, which Rae may approve; base asks of authors what it is told to."""

    def __init__(self, path: Path, authors: str = "committed", roles_: dict[str, Any] | None = None) -> None:
        super().__init__(path)
        policy = {"policies/org.yaml": to_yaml(org_policy(authors=authors))}
        self.write(base_files() | policy | {"policies/roles.yaml": to_yaml(roles_ or roles())})
        self.declare(high_system("development"))
        self.commit("Govern", by="Sam Lee")

    def narrow(self, by: str = BO, email: str | None = None, *more: str) -> None:
        """A branch with the change, by whoever it is said to be by."""
        self.git("checkout", "-q", "-f", "-B", "work", "main")
        self.edit(paths=["screener/rank/**"])
        self.git("add", "-A")
        who = ("-c", f"user.name={by}", "-c", f"user.email={email or email_of(by)}")
        self.git(*who, "commit", "-q", "-m", "Narrow", *more)

    def state(self) -> tuple[int, str]:
        """The exit code, and what became of the approval that the change asks for."""
        done = self.check()
        return done.code, str(done.finding("weakening")["state"])

    def approved(self) -> tuple[int, str]:
        """The same, after Rae has approved it."""
        self.approve(LEAD, "weakening")
        return self.state()


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Named:
    return Named(tmp_path_factory.mktemp("t43"))


def test_t43_control_rae_approves_what_bo_wrote(repo: Named) -> None:
    repo.narrow()
    assert repo.approved() == (0, "met")


# Names that look like the approver's


def _record(repo: Named) -> tuple[str, dict[str, Any]]:
    """Rae's record as she would write it, taken out of her commit again."""
    repo.approve(LEAD, "weakening")
    path = next(iter((repo.path / "governance/approvals").iterdir()))
    said = from_yaml(path.read_text("utf-8"))
    repo.git("reset", "-q", "--hard", "HEAD~1")
    return f"governance/approvals/{path.name}", said


LOOKALIKES: dict[str, dict[str, str]] = {
    "her name over his address": {"name": RAE, "email": email_of(BO)},
    "his name over her address": {"name": BO, "email": email_of(RAE)},
    "her name and address": {"name": RAE, "email": email_of(RAE)},
    "her address in another spelling": {"name": RAE, "email": "RAE@EXAMPLE.COM"},
    "a letter that looks alike": {"name": RAE, "email": "r\u0430e@example.com"},
    "her address and more": {"name": RAE, "email": "rae+approve@example.com"},
    "her account's address": {"name": RAE, "email": "rae@users.noreply.github.com"},
}


@pytest.mark.parametrize("render", LOOKALIKES)
def test_t43_whoever_the_record_names_its_commit_is_bos(repo: Named, render: str) -> None:
    repo.narrow()
    path, said = _record(repo)
    repo.commit("Approve", files={path: to_yaml(said | {"approver": LOOKALIKES[render]})})
    assert repo.state() == (1, "gap")


@pytest.mark.parametrize("name", ["Rae Kim", "Rae Kim <rae@example.com>", "rae@example.com"])
def test_t43_a_namesake_is_somebody_else(repo: Named, name: str) -> None:
    repo.narrow()
    path, said = _record(repo)
    repo.write({path: to_yaml(said)})
    repo.git("add", "-A")
    plain = name.replace("<", "(").replace(">", ")")
    repo.git("-c", f"user.name={plain}", "-c", "user.email=rae@evil.example", "commit", "-q", "-m", "Approve")
    assert repo.state() == (1, "gap")
    repo.git("reset", "-q", "--hard", "HEAD~1")
    repo.commit("Approve", by=RAE, files={path: to_yaml(said)})
    assert repo.state() == (0, "met"), "the control: her own commit of the very same bytes"


# An approver who hides that she wrote it


@pytest.mark.parametrize("email", ["rae@example.com", "RAE@EXAMPLE.COM", "Rae@Example.com"])
def test_t43_another_name_over_her_own_address_hides_nothing(repo: Named, email: str) -> None:
    repo.narrow("Somebody Else", email)
    assert repo.approved() == (1, "gap")


def _maps(repo: Named) -> None:
    repo.commit("Map", files={".mailmap": f"{BO} <{email_of(BO)}> <{email_of(RAE)}>\n"})


def _maps_by_setting(repo: Named) -> None:
    aside = repo.home / "mailmap"
    aside.write_text(f"{BO} <{email_of(BO)}> <{email_of(RAE)}>\n", "utf-8")
    repo.git("config", "mailmap.file", str(aside))
    repo.git("config", "log.mailmap", "true")


def _replaces(repo: Named) -> None:
    """Git shows her commit as one of Bo's from now on; the object is the same."""
    shown = repo.git("cat-file", "commit", "HEAD").replace(f"{RAE} <{email_of(RAE)}>", f"{BO} <{email_of(BO)}>")
    other = repo.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=shown + "\n")
    repo.git("replace", repo.git("rev-parse", "HEAD"), other)
    assert BO in repo.git("log", "-1", "--format=%an")


def _grafts(repo: Named) -> None:
    """Git believes that there is nothing between base and her commit."""
    (repo.path / ".git/info").mkdir(exist_ok=True)
    (repo.path / ".git/info/grafts").write_text(f"{repo.git('rev-parse', 'main')} {repo.git('rev-parse', 'HEAD')}\n")


HIDES: dict[str, Callable[[Named], None]] = {
    "a mailmap": _maps,
    "a mailmap by setting": _maps_by_setting,
    "a replacement": _replaces,
    "a graft": _grafts,
}


@pytest.mark.parametrize("way", HIDES)
def test_t43_what_git_shows_instead_of_the_commit_hides_nothing(tmp_path: Path, way: str) -> None:
    repo = Named(tmp_path)
    repo.narrow(RAE)
    HIDES[way](repo)
    assert repo.approved() == (1, "gap")
    control = Named(tmp_path / "control")
    control.narrow()
    HIDES["a mailmap"](control)
    assert control.approved() == (0, "met"), "a mailmap is no fault of an honest change"


def test_t43_her_second_account_is_hers_where_the_roles_say_so(tmp_path: Path) -> None:
    held = roles()
    held["roles"][LEAD]["members"][0]["github"] = "rae-kim"
    known = Named(tmp_path / "known", roles_=held)
    known.narrow("rae-kim", "8+rae-kim@users.noreply.github.com")
    assert known.approved() == (1, "gap")
    other = Named(tmp_path / "other", roles_=held)
    other.narrow("bo-author", "9+bo-author@users.noreply.github.com")
    assert other.approved() == (0, "met")


# What a commit cannot tell, and what base can ask for instead


@pytest.mark.parametrize(
    ("authors", "code", "state"), [("committed", 0, "met"), ("forge", 3, "unknown"), ("signed", 3, "unknown")]
)
def test_t43_a_commit_under_a_false_name_is_believed_only_where_base_asks_no_more(
    tmp_path: Path, authors: str, code: int, state: str
) -> None:
    repo = Named(tmp_path, authors)
    repo.iam(RAE)
    repo.narrow(BO)
    assert repo.approved() == (code, state)


@pytest.mark.parametrize(("authors", "code"), [("committed", 0), ("signed", 3)])
def test_t43_a_co_author_who_is_amended_away_is_gone_from_the_commit(tmp_path: Path, authors: str, code: int) -> None:
    repo = Named(tmp_path, authors)
    repo.narrow()
    repo.git("commit", "-q", "--amend", "-m", f"Narrow\n\nCo-authored-by: {RAE} <{email_of(RAE)}>")
    repo.git("branch", "named")
    assert repo.approved() == (1, "gap")
    repo.git("reset", "-q", "--hard", "named")
    repo.git("commit", "-q", "--amend", "-m", "Narrow")
    assert repo.approved()[0] == code


@real_crypto
@needs_openssh
@pytest.mark.parametrize(("signer", "code"), [(BO, 0), (RAE, 1), (None, 3), ("Nobody Known", 3)])
def test_t43_where_commits_must_be_signed_the_key_says_whose_they_are(
    tmp_path: Path, signer: str | None, code: int
) -> None:
    keys = Keyring(tmp_path)
    held = with_keys(roles(), keys)
    held["roles"]["engineering"]["members"].append({"name": BO, "email": email_of(BO), "keys": [keys.public(BO)]})
    repo = Named(tmp_path, "signed", held)
    repo.git("config", "gpg.format", "ssh")
    if signer:
        repo.git("config", "user.signingkey", str(keys[signer]))
    repo.narrow(BO, None, *(["-S"] if signer else []))
    assert repo.approved()[0] == code
