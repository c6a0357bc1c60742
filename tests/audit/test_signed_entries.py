"""Signed entries: real keys, pinned in roles.yaml of base, and those that are not, not yet, or not any more."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from audit_log import REF, audit_part, canonical, commits, put, recorded, statement, verified
from keys import Keyring, needs_openssh, path_without_openssh, real_crypto
from scratch import Scratch
from world import base_files, from_yaml, high_system, to_yaml

pytestmark = [pytest.mark.real_git, real_crypto, needs_openssh]
SEEN = "refs/policy-gate/audit-seen/here"
NAMESPACE = "policy-gate-audit@v1"
ROLES = "policies/roles.yaml"


def pin(repo: Scratch, keys: Keyring, name: str, **limits: str) -> None:
    """Pin the key of the CISO (Ada Example) that has this name."""
    policy = from_yaml(repo.read(ROLES))
    key: Any = {"key": keys.public(name), **limits} if limits else keys.public(name)
    member = policy["roles"]["ciso"]["members"][0]
    member["keys"] = [*member.get("keys", []), key]
    repo.write({ROLES: to_yaml(policy)})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """One verdict and its stage, signed by a key that base pins."""
    folder = tmp_path_factory.mktemp("signed")
    repo, keys = Scratch(folder), Keyring(folder)
    repo.write(base_files())
    pin(repo, keys, "ada")
    repo.declare(high_system("development"))
    repo.commit("Govern this repository", by="Rae Kim", files={"keep": ""})
    repo.promote()
    recorded(repo, "--key", str(keys["ada"]))
    return repo


@pytest.fixture
def repo(made: Scratch, tmp_path: Path) -> Scratch:
    copy = Scratch.__new__(Scratch)
    copy.path, copy.home = tmp_path / "repo", tmp_path / "home"
    copy.home.mkdir()
    shutil.copytree(made.path, copy.path)
    copy.git("update-ref", "-d", SEEN)
    return copy


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path)


def on_main(repo: Scratch, **edits: Any) -> None:
    """Change the roles on main, in a commit of its own and of a later second; then back to the change."""
    time.sleep(1.1)  # the clock of commits has seconds
    repo.checkout("main")
    policy = from_yaml(repo.read(ROLES)) | edits
    repo.commit("Roles", by="Rae Kim", files={ROLES: to_yaml(policy)})
    repo.checkout("work")


def signed_again(repo: Scratch, keys: Keyring, name: str, change: Any = None, namespace: str = NAMESPACE) -> None:
    """The first entry replaced by itself, or changed, with a signature by ssh-keygen and this key."""
    old = commits(repo)[0]
    data = statement(repo, old)
    if change:
        change(data)
    text, file = canonical(data), repo.home / "statement"
    file.write_text(text, "ascii")
    signature = keys.sign(name, file, namespace).decode("ascii")
    files = {"statement.json": text, "statement.json.sig": signature}
    put(repo, "", files, repo.git("log", "-1", "--format=%B", old))


def what_is_wrong(repo: Scratch) -> str:
    done = verified(repo)
    assert done.code == 1, done
    return str(done.report["first_broken"])


def test_entries_signed_by_a_pinned_key_hold(repo: Scratch) -> None:
    done = verified(repo, "--require-signed", "--replay")
    assert done.code == 0, done
    assert (done.report["signed"], done.report["unsigned"]) == (2, 0)
    told = repo.run("audit", "query", "--kind", "verdict")
    assert "(signed)" in told.out


def test_an_unsigned_entry_is_shown_as_that_and_refused_where_signatures_are_required(repo: Scratch) -> None:
    repo.commit("More", files={"notes.md": "1\n"})
    recorded(repo)
    done = verified(repo)
    assert (done.code, done.report["signed"], done.report["unsigned"]) == (0, 2, 1)
    assert [it["what"] for it in done.report["notes"]] == ["it is unsigned, and one before it is signed"]
    assert "(unsigned)" in repo.run("audit", "log", "--limit", "1").out
    done = verified(repo, "--require-signed")
    assert done.code == 1, done
    assert done.report["first_broken"].endswith("it is not signed")


def test_a_signature_over_other_bytes_is_none(repo: Scratch, keys: Keyring) -> None:
    old = commits(repo)[0]
    data = statement(repo, old)
    signature = repo.git("show", f"{old}:statement.json.sig") + "\n"
    audit_part(data)["recorded"] = "2026-01-01T00:00:00Z"
    files = {"statement.json": canonical(data), "statement.json.sig": signature}
    put(repo, "", files, repo.git("log", "-1", "--format=%B", old))
    assert verified(repo).code == 1
    audit_part(data)["recorded"] = audit_part(statement(repo, old))["recorded"]
    files["statement.json"] = canonical(data)
    put(repo, "", files, repo.git("log", "-1", "--format=%B", old))
    assert verified(repo).code == 0, "the control: the bytes that were signed"

    def version(data: dict[str, Any]) -> None:
        audit_part(data)["version"] = "9.9"

    signed_again(repo, keys, "ada", version)
    files = {
        "statement.json": canonical(data),
        "statement.json.sig": repo.git("show", f"{commits(repo)[0]}:statement.json.sig") + "\n",
    }
    put(repo, "", files, repo.git("log", "-1", "--format=%B", old))
    assert "its signature is of other bytes" in what_is_wrong(repo)


def test_a_key_that_nobody_pinned_records_nothing(repo: Scratch, keys: Keyring) -> None:
    """An entry whose signature nobody believes would break the log for ever."""
    repo.commit("More", files={"notes.md": "1\n"})
    before = commits(repo)
    done = repo.run("audit", "record", "--key", str(keys["mallory"]))
    assert done.code == 3, done
    assert "pinned for nobody" in done.err
    assert commits(repo) == before


def test_a_key_that_nobody_pinned_signs_nothing(repo: Scratch, keys: Keyring) -> None:
    signed_again(repo, keys, "mallory")
    assert "pinned for nobody" in what_is_wrong(repo)


def test_a_signature_for_an_approval_is_none_for_an_entry(repo: Scratch, keys: Keyring) -> None:
    signed_again(repo, keys, "ada", namespace="policy-gate-approval@v1")
    assert "was made for 'policy-gate-approval@v1'" in what_is_wrong(repo)


def test_a_revoked_key_signs_nothing_however_old_the_entry(repo: Scratch, keys: Keyring) -> None:
    gone = {"key": keys.public("ada"), "revoked_on": "2026-11-01", "reason": "stolen"}
    on_main(repo, revoked_keys=[gone])
    assert "was revoked on 2026-11-01: stolen" in what_is_wrong(repo)


def test_a_key_that_was_pinned_only_later_signs_nothing_before(repo: Scratch, keys: Keyring) -> None:
    """Whoever pins a key today could else sign what should have been recorded last year."""

    def old(data: dict[str, Any]) -> None:
        audit_part(data)["recorded"] = "2001-01-01T00:00:00Z"

    signed_again(repo, keys, "ada", old)
    assert "was pinned for Ada Example only after it was recorded" in what_is_wrong(repo)


def test_a_shallow_clone_cannot_tell_whose_key_was_pinned_before_it_begins(repo: Scratch, tmp_path: Path) -> None:
    """Nobody is said to have forged what a clone is too short to see; nor is it taken for signed."""
    on_main(repo, revoked_keys=[])
    fresh = tmp_path / "fresh"
    repo.git("clone", "-q", "--depth", "1", "--branch", "main", f"file://{repo.path}", str(fresh))
    repo.git("-C", str(fresh), "fetch", "-q", "origin", f"{REF}:{REF}")
    done = verified(repo, "-C", str(fresh), "--require-signed")
    assert (done.code, done.report["signed"], done.report["first_broken"]) == (3, 0, None), done
    assert sum("whose keys were pinned then cannot be told" in it["what"] for it in done.report["untold"]) == 2


def test_a_commit_that_is_dated_back_pins_no_key_for_the_time_before_it(repo: Scratch, keys: Keyring) -> None:
    policy = from_yaml(repo.read(ROLES))
    policy["roles"]["ciso"]["members"][0]["keys"] = [keys.public("ada"), keys.public("later")]
    on_main(repo, roles=policy["roles"])
    repo.checkout("main")
    repo.git("commit", "--amend", "--no-edit", "-q", GIT_COMMITTER_DATE="2000-01-01T00:00:00Z")
    repo.checkout("work")

    def old(data: dict[str, Any]) -> None:
        audit_part(data)["recorded"] = "2001-01-01T00:00:00Z"

    signed_again(repo, keys, "later", old)
    assert "was pinned for Ada Example only after it was recorded" in what_is_wrong(repo)


@pytest.mark.parametrize(
    ("said", "believed"),
    [
        ([1, 2, 3], [1, 2, 3]),
        ([1, 5, 2, 6], [1, 5, 5, 6]),
        ([9, 5], [9, 9]),
        ([5, 6, 7, 1], [5, 6, 7, 7]),
        ([5, 99, 6, 7], [5, 5, 6, 7]),
        ([5, 5, 5], [5, 5, 5]),
        ([9, 5, 6], [5, 5, 6]),
        ([], []),
    ],
)
def test_times_that_cannot_be_are_not_believed(said: list[int], believed: list[int]) -> None:
    from policy_gate.app.roles_in_time import _in_order

    assert _in_order(said) == believed


def test_a_key_that_was_taken_out_since_still_signed_what_it_signed(repo: Scratch, keys: Keyring) -> None:
    policy = from_yaml(repo.read(ROLES))
    for member in policy["roles"]["ciso"]["members"]:
        member.pop("keys", None)
    on_main(repo, roles=policy["roles"])
    done = verified(repo, "--require-signed")
    assert done.code == 0, done


def test_only_the_keys_of_one_role_are_believed_where_that_is_asked(repo: Scratch) -> None:
    assert verified(repo, "--signed-by", "ciso").code == 0
    done = verified(repo, "--signed-by", "legal")
    assert done.code == 1, done
    assert "pinned for nobody" in done.report["first_broken"]


def test_without_openssh_signatures_are_not_told_and_nothing_passes(repo: Scratch, tmp_path: Path) -> None:
    done = repo.run("audit", "verify", "--format", "json", PATH=path_without_openssh(tmp_path))
    assert done.code == 3, done
    assert "no ssh-keygen was found" in done.report["untold"][0]["what"]


def test_a_key_that_is_none_records_nothing(repo: Scratch) -> None:
    repo.commit("More", files={"notes.md": "1\n"})
    before = commits(repo)
    done = repo.run("audit", "record", "--key", "README.md")
    assert done.code == 2, done
    assert commits(repo) == before
