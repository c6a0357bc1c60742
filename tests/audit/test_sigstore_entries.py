"""Entries signed with Sigstore by the real library, against a fake service whose keys and proofs are real."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from audit_log import REF, audit_part, commits, recorded, statement, verified
from keys import Keyring, needs_openssh
from scratch import Scratch
from sigstore_world import GITHUB, SEEN, WORKFLOW, Signing, Sigstore, bundle_of, governed, needs_sigstore, workflow

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake, needs_sigstore]


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signing]:
    with Sigstore() as service:
        yield Signing(service, tmp_path_factory.mktemp("trust"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, signing: Signing) -> Scratch:
    """A verdict and its stage, signed as the audit workflow, which base pins for the CISO."""
    repo = Scratch(tmp_path_factory.mktemp("signed"))
    governed(repo, workflow())
    done = signing.record(repo)
    assert done.code == 0, done
    assert f"signed as {WORKFLOW} ({GITHUB})" in done.err
    return repo


@pytest.fixture
def repo(made: Scratch, tmp_path: Path) -> Scratch:
    copy = Scratch.__new__(Scratch)
    copy.path, copy.home = tmp_path / "repo", tmp_path / "home"
    copy.home.mkdir()
    shutil.copytree(made.path, copy.path)
    copy.git("update-ref", "-d", SEEN)
    return copy


def test_entries_signed_by_a_pinned_workflow_hold(repo: Scratch, signing: Signing) -> None:
    done = signing.verified(repo, "--require-signed", "--replay", "--signed-by", "ciso")
    assert done.code == 0, done
    assert (done.report["entries"], done.report["signed"], done.report["unsigned"]) == (2, 2, 0)
    assert signing.verified(repo, "--signed-by", "legal").code == 1
    for commit in commits(repo):
        names = repo.git("ls-tree", "--name-only", commit).split()
        assert names == ["statement.json", "statement.json.sigstore.json"]
        assert "messageSignature" in bundle_of(repo, commit)


def test_no_token_is_written_told_or_sent_to_the_log(repo: Scratch, signing: Signing) -> None:
    token = signing.service.token()
    repo.commit("More", files={"notes.md": "1\n"})
    done = signing.record(repo, "--format", "json", token=token)
    assert done.code == 0, done
    assert token not in done.out + done.err + repo.git("log", "-p", REF)
    for path in (it for folder in (repo.path, repo.home) for it in folder.rglob("*") if it.is_file()):
        assert token.encode() not in path.read_bytes(), path
    told = [(path, headers, body) for path, headers, body in signing.service.asked if token in str((headers, body))]
    assert {path for path, _, _ in told} == {"/api/v2/signingCert"}
    assert not any(b"notes.md" in body or b"SYS-001" in body for _, _, body in signing.service.asked)


def test_who_signed_is_shown_asked_for_and_exported(repo: Scratch, signing: Signing) -> None:
    assert "(signed)" in repo.run("audit", "query", "--kind", "verdict").out
    entry = repo.run("audit", "log", "--format", "json").report["entries"][0]
    assert (entry["signature"]["kind"], entry["signature"]["state"]) == ("sigstore", "unread")
    lines = [json.loads(line) for line in repo.run("audit", "export").out.splitlines()]
    for commit, line in zip(commits(repo), lines, strict=True):
        assert json.loads(line["sigstore_bundle"]) == bundle_of(repo, commit)
        assert line["ssh_signature"] is None
        assert json.loads(base64.b64decode(line["statement"])) == statement(repo, commit)
    assert len(repo.run("audit", "export", "--format", "intoto").out.splitlines()) == 2
    oscal = json.loads(repo.run("audit", "export", "--format", "oscal").out)
    props = [
        it for one in oscal["assessment-results"]["results"] for seen in one["observations"] for it in seen["props"]
    ]
    assert {it["value"] for it in props if it["name"] == "signature-kind"} == {"sigstore"}


def test_a_rerun_signs_nothing_again(repo: Scratch, signing: Signing) -> None:
    before, asked = commits(repo), len(signing.service.asked)
    done = signing.record(repo)
    assert done.code == 0, done
    assert commits(repo) == before
    assert [path for path, _, _ in signing.service.asked[asked:]] == []


def test_keys_and_identities_sign_one_log(repo: Scratch, signing: Signing, tmp_path: Path) -> None:
    repo.commit("More", files={"notes.md": "1\n"})
    recorded(repo)
    done = signing.verified(repo)
    assert (done.code, done.report["signed"], done.report["unsigned"]) == (0, 2, 1)
    done = signing.verified(repo, "--require-signed")
    assert done.report["first_broken"].endswith("it is not signed")


@needs_openssh
def test_an_ssh_key_is_given_or_sigstore_and_not_both(repo: Scratch, signing: Signing, tmp_path: Path) -> None:
    done = signing.record(repo, "--key", str(Keyring(tmp_path)["ada"]))
    assert done.code == 2, done
    assert "an entry has one signature" in done.err
    done = repo.run("audit", "record", "--token-variable", "X")
    assert done.code == 2, done
    assert "are for --sigstore" in done.err


def test_another_trust_root_believes_none_of_it(repo: Scratch, signing: Signing, tmp_path: Path) -> None:
    own = signing.service.trust_config(tmp_path / "other.json", root=Sigstore())
    done = repo.run("audit", "verify", "--format", "json", "--trust-config", str(own))
    assert done.code == 1, done
    assert done.report["signed"] == 0
    done = verified(repo, "--require-signed")
    assert done.code == 1, "the public service never saw these"
    assert "does not verify" in done.report["first_broken"]


@pytest.mark.parametrize("version", [1, 2])
def test_time_stamps_prove_when_it_was_signed(version: int, signing: Signing, tmp_path: Path, repo: Scratch) -> None:
    with Sigstore() as service:
        service.is_stamping, service.version = True, version
        other = Signing(service, tmp_path)
        repo.git("update-ref", "-d", REF)
        repo.git("update-ref", "-d", SEEN, ok=False)
        done = other.record(repo)
        assert done.code == 0, done
        material = bundle_of(repo, commits(repo)[0])["verificationMaterial"]
        assert len(material["timestampVerificationData"]["rfc3161Timestamps"]) == 1
        assert material["tlogEntries"][0]["kindVersion"]["version"] == f"0.0.{version}"
        done = other.verified(repo, "--require-signed")
        assert (done.code, done.report["signed"]) == (0, 2), done


def test_an_identity_with_days_counts_on_them(signing: Signing, tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    governed(repo, workflow(valid_from="2026-01-01", valid_until="2026-01-31"))
    done = signing.record(repo)
    assert done.code == 3, done
    assert "was valid only until 2026-01-31" in done.err
    recorded(repo)
    signing.forged(repo)
    done = signing.verified(repo)
    assert done.code == 1, done
    assert "was valid only until 2026-01-31" in done.report["first_broken"]


def test_an_e_mail_address_signs_as_exactly_its_issuer_names_it(signing: Signing, tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    governed(repo, {"issuer": "https://accounts.example.com", "identity": "Ada@example.com"})
    ada = {"identity": "Ada@example.com", "issuer": "https://accounts.example.com"}
    assert signing.record(repo, token=signing.service.token(**ada)).code == 0
    assert signing.verified(repo, "--require-signed").code == 0
    for other in ({"identity": "ada@example.com"}, {"issuer": "https://accounts.example.net"}):
        signing.forged(repo, **(ada | other))
        done = signing.verified(repo)
        assert done.code == 1, done
        assert "pinned for nobody" in done.report["first_broken"]
    signing.forged(repo, **ada)
    assert signing.verified(repo).code == 0, "the control"


def test_a_reusable_workflow_signs_for_the_caller_that_is_pinned(signing: Signing, tmp_path: Path) -> None:
    caller = "https://github.com/example-org/app/.github/workflows/main.yml@refs/heads/main"
    repo = Scratch(tmp_path)
    governed(repo, workflow(called_by=caller, repository_id=4711))
    signing.service.certificate_of = {"called_by": caller, "repository_id": "4711"}
    try:
        assert signing.record(repo).code == 0
    finally:
        signing.service.certificate_of = {}
    done = signing.verified(repo, "--require-signed")
    assert done.code == 0, done
    for about, what in (
        ({"called_by": caller, "repository_id": "4712"}, "it ran for repository 4712, not 4711"),
        ({"called_by": caller}, "it ran for repository unknown, not 4711"),
        ({"called_by": caller.replace("app", "fork"), "repository_id": "4711"}, "it was called by"),
        ({"repository_id": "4711"}, "it was called by"),
        ({"called_by": "", "repository_id": "4711"}, "does not say which workflow called it"),
    ):
        signing.forged(repo, **about)
        done = signing.verified(repo)
        assert done.code == 1, (about, done)
        assert what in done.report["first_broken"]


def test_an_entry_is_recorded_when_its_signature_is_proven_to_be_made(repo: Scratch, signing: Signing) -> None:
    def moved(hours: float) -> Any:
        def change(data: dict[str, Any]) -> None:
            when = signing.service.now + timedelta(hours=hours)
            audit_part(data)["recorded"] = when.strftime("%Y-%m-%dT%H:%M:%SZ")

        return change

    signing.forged(repo, moved(0.1))
    assert signing.verified(repo).code == 0, "minutes of clocks that differ"
    signing.forged(repo, moved(1))
    done = signing.verified(repo)
    assert "says that it was signed" in done.report["first_broken"]
