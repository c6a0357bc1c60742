"""Who signed the commits of a change, with real `git commit -S` and keys that base pins."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from keys import Keyring, SignedScratch, needs_openssh, path_without_openssh, real_crypto
from world import AUTHOR, email_of, from_yaml, to_yaml

from policy_gate.approvals.people import load_people
from policy_gate.collect.inputs import load_inputs
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.people import Author, People
from policy_gate.signing.commit_signatures import split

pytestmark = [pytest.mark.real_git, real_crypto, needs_openssh]

RAE = ("-c", "user.name=Rae Kim", "-c", "user.email=rae@example.com")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> SignedScratch:
    return SignedScratch(tmp_path_factory.mktemp("commits"))


@pytest.fixture
def repo(shared: SignedScratch) -> SignedScratch:
    shared.restart("main")
    return shared


def _commit(repo: SignedScratch, key: str | None, *settings: str) -> str:
    """A commit of the work branch, signed by git itself with the key of this name."""
    how = ("-c", "gpg.format=ssh", "-c", f"user.signingkey={repo.keys[key]}") if key else ()
    signed = ("-S",) if key else ()
    repo.git(*settings, *how, "commit", "-q", "--allow-empty", *signed, "-m", "Work")
    return repo.git("rev-parse", "HEAD")


def _people(repo: SignedScratch, **env: str) -> People:
    environment = repo.environment(**env)
    request = Request(directory=repo.path, as_of=datetime.now(UTC), environment=environment)
    with load_inputs(request) as inputs:
        return load_people(request, inputs, signed_authors=True)


def _signers(repo: SignedScratch, **env: str) -> dict[str, Author | None]:
    return {commit.oid: commit.signer for commit in _people(repo, **env).commits}


def test_the_signer_is_whom_base_pins_the_key_for(repo: SignedScratch) -> None:
    unsigned = _commit(repo, None, *RAE)
    signed = _commit(repo, "Rae Kim", *RAE)
    by_another = _commit(repo, "Sam Lee", *RAE)
    assert _signers(repo) == {
        unsigned: None,
        signed: Author("Rae Kim", "rae@example.com"),
        by_another: Author("Sam Lee", "sam@example.com"),
    }


def test_nobody_is_asked_for_unless_authors_must_be_signed(repo: SignedScratch) -> None:
    _commit(repo, "Rae Kim", *RAE)
    request = Request(directory=repo.path, as_of=datetime.now(UTC), environment=repo.environment())
    with load_inputs(request) as inputs:
        assert [commit.signer for commit in load_people(request, inputs).commits] == [None]


def test_a_key_that_base_does_not_pin_is_nobodys(repo: SignedScratch) -> None:
    policy = from_yaml(repo.read("policies/roles.yaml"))
    policy["roles"]["legal"]["members"][0]["keys"].append(repo.keys.public(AUTHOR))
    repo.commit("Pin it in the same change", files={"policies/roles.yaml": to_yaml(policy)})
    oid = _commit(repo, AUTHOR)
    assert _signers(repo)[oid] is None


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"author Rae Kim", b"author Bo Author"), (b"\n\nWork", b"\n\nOther work"), (b"\n\nWork", b"\nnote x\n\nWork")],
    ids=["author", "message", "header"],
)
def test_a_commit_changed_after_signing_is_signed_by_nobody(repo: SignedScratch, old: bytes, new: bytes) -> None:
    signed = _commit(repo, "Rae Kim", *RAE)
    assert _signers(repo)[signed] is not None
    raw = _raw(repo, signed)
    assert old in raw
    forged = _write(repo, raw.replace(old, new, 1))
    repo.git("reset", "-q", "--hard", forged)
    assert _signers(repo) == {forged: None}


def test_a_signature_made_for_an_approval_signs_no_commit(repo: SignedScratch) -> None:
    raw = _raw(repo, _commit(repo, None, *RAE))
    body = repo.home / "body"
    body.write_bytes(raw)
    found = []
    for namespace in ("policy-gate-approval@v1", "git"):
        lines = repo.keys.sign("Rae Kim", body, namespace).rstrip(b"\n").replace(b"\n", b"\n ")
        forged = _write(repo, raw.replace(b"\n\n", b"\ngpgsig " + lines + b"\n\n", 1))
        repo.git("reset", "-q", "--hard", forged)
        found.append(_signers(repo)[forged])
    assert found == [None, Author("Rae Kim", "rae@example.com")]


def test_two_signatures_are_none(repo: SignedScratch) -> None:
    raw = _raw(repo, _commit(repo, "Rae Kim", *RAE))
    assert split(raw) is not None
    start, end = raw.index(b"gpgsig "), raw.index(b"-----END SSH SIGNATURE-----\n")
    header = raw[start:end] + b"-----END SSH SIGNATURE-----\n"
    assert split(raw.replace(header, header + header, 1)) is None
    assert split(raw.replace(header, header + header.replace(b"gpgsig ", b"gpgsig-sha256 "), 1)) is None


def test_what_was_signed_is_what_git_verifies(repo: SignedScratch) -> None:
    oid = _commit(repo, "Rae Kim", *RAE)
    allowed = repo.home / "allowed"
    allowed.write_text(f"rae@example.com {repo.keys.public('Rae Kim')}\n", "ascii")
    repo.git("-c", f"gpg.ssh.allowedSignersFile={allowed}", "verify-commit", oid)
    assert _signers(repo)[oid] is not None


def test_a_history_of_sha256_is_read_too(tmp_path: Path, shared: SignedScratch) -> None:
    folder = tmp_path / "long"
    git = ["git", "-C", str(folder), *RAE, "-c", "gpg.format=ssh", "-c", f"user.signingkey={shared.keys['Rae Kim']}"]
    subprocess.run(["git", "init", "-q", "--object-format=sha256", str(folder)], env=shared.environment(), check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-S", "-m", "Work"], env=shared.environment(), check=True)
    told = subprocess.run(
        [*git, "cat-file", "commit", "HEAD"], env=shared.environment(), check=True, capture_output=True
    )
    found = split(told.stdout, b"gpgsig-sha256")
    assert found is not None
    assert b"gpgsig" not in found.payload
    assert split(told.stdout) is None


def test_without_ssh_keygen_nobody_signed_and_it_is_said(repo: SignedScratch) -> None:
    _commit(repo, "Rae Kim", *RAE)
    found = _people(repo, PATH=path_without_openssh(repo.home / "bin"))
    assert [commit.signer for commit in found.commits] == [None]
    assert any("who signed the commits is not known" in note for note in found.notes)


def _raw(repo: SignedScratch, oid: str) -> bytes:
    command = ["git", "cat-file", "commit", oid]
    return subprocess.run(command, cwd=repo.path, env=repo.environment(), check=True, capture_output=True).stdout


def _write(repo: SignedScratch, raw: bytes) -> str:
    command = ["git", "hash-object", "-t", "commit", "-w", "--stdin"]
    done = subprocess.run(command, cwd=repo.path, env=repo.environment(), input=raw, check=True, capture_output=True)
    return done.stdout.decode().strip()


def test_where_authors_must_be_signed_an_unsigned_commit_leaves_it_undecided(tmp_path: Path) -> None:
    def with_the_author(policy: dict[str, Any], keys: Keyring) -> dict[str, Any]:
        person = {"name": AUTHOR, "email": email_of(AUTHOR), "keys": [keys.public(AUTHOR)]}
        policy["roles"]["engineering"]["members"].append(person)
        return policy

    repo = SignedScratch(tmp_path, with_the_author)
    policy = {"schema": "policy-gate/policy/v1", "about": "Sign commits.", "assurance": {"authors": "signed"}}
    repo.commit("Ask for signed commits", files={"policies/org.yaml": to_yaml(policy)})
    repo.narrowed()
    repo.sign_as("Rae Kim")
    assert repo.check().code == 3
    assert "is not signed by a key that base pins" in str(repo.check().finding("weakening"))
    repo.restart()
    repo.edit(paths=["screener/rank/**"])
    repo.git("add", "-A")
    _commit(repo, AUTHOR)
    repo.sign_as("Rae Kim")
    assert repo.is_approved()
