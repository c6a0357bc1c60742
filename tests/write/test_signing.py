"""`approve --key`: which keys sign, whose approval it is, and when nothing is written.

Files, passphrases and agents are real. Hardware keys are not here: only their form is tested.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from keys import SignedScratch, agent, needs_openssh, path_without_openssh, real_crypto, signature_of, with_keys
from scratch import Result
from world import TODAY, from_yaml, roles, to_yaml

from policy_gate.schema.roles import Roles
from policy_gate.signing.pinned_keys import blob_of, fingerprint, holder_of, kind_of, line_of
from policy_gate.signing.sign import verify_command
from policy_gate.signing.sshsig import MalformedSignatureError, parse

pytestmark = [pytest.mark.real_git, real_crypto, needs_openssh]

ASKED = ("approve", "--for", "weakening", "--system", "SYS-001", "--role", "ai-safety-lead", "--yes")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> SignedScratch:
    """One repository for all: the author, Bo, asks for an approval of a weakening."""
    repo = SignedScratch(tmp_path_factory.mktemp("signing"))
    repo.narrowed("asked")
    return repo


@pytest.fixture
def repo(shared: SignedScratch) -> SignedScratch:
    shared.restart("asked")
    shared.git("config", "--unset-all", "policygate.signingkey", ok=False)
    return shared


def _sign(repo: SignedScratch, key: Path | str, **env: str) -> Result:
    return repo.run(*ASKED, "--key", str(key), **env)


def _nothing_written(repo: SignedScratch, done: Result, *said: str) -> None:
    assert done.code == 2, done
    assert all(part in done.err for part in said), done.err
    assert repo.git("status", "--porcelain", "--ignored") == ""


def test_the_approver_is_whom_base_pins_the_key_for(repo: SignedScratch) -> None:
    done = _sign(repo, repo.keys["Rae Kim"])
    assert done.code == 0, done
    said = from_yaml(repo.record().read_text("utf-8"))
    assert said["approver"] == {"name": "Rae Kim", "email": "rae@example.com"}, "git says Bo Author"
    assert "warning" not in done.err
    repo.commit("Approve")
    assert repo.is_approved()


def test_anybody_verifies_it_with_the_printed_line(repo: SignedScratch) -> None:
    done = _sign(repo, repo.keys["Rae Kim"])
    (line,) = (line for line in done.err.splitlines() if "ssh-keygen -Y verify" in line)
    bash = ["bash", "-c", line]
    assert subprocess.run(bash, cwd=repo.path, capture_output=True, check=False).returncode == 0
    repo.record().write_text(repo.record().read_text("utf-8") + "# more\n", encoding="utf-8")
    assert subprocess.run(bash, cwd=repo.path, capture_output=True, check=False).returncode != 0


def test_the_printed_line_holds_no_wildcard_and_no_word_of_the_shell() -> None:
    line = verify_command("ssh-ed25519 AAAA", "*@x';touch$IFS-y", "a b.yaml")
    assert "-I approver" in line
    assert "touch" not in line
    assert "< 'a b.yaml'" in line


def test_the_two_lines_that_are_printed_make_the_approval_count(repo: SignedScratch) -> None:
    done = _sign(repo, repo.keys["Rae Kim"])
    (line,) = (line for line in done.err.splitlines() if line.startswith("  git add "))
    subprocess.run(["bash", "-c", line], cwd=repo.path, env=repo.environment(), check=True, capture_output=True)
    assert repo.git("status", "--porcelain") == ""
    assert repo.is_approved()


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_every_kind_of_key_signs_and_verifies(tmp_path: Path, kind: str) -> None:
    repo = SignedScratch(tmp_path)
    key = repo.keys.make(f"rae-{kind}", kind)
    policy = from_yaml(repo.read("policies/roles.yaml"))
    policy["roles"]["ai-safety-lead"]["members"][0]["keys"] = [repo.keys.public(f"rae-{kind}")]
    repo.commit("Pin it", files={"policies/roles.yaml": to_yaml(policy)})
    repo.narrowed()
    assert _sign(repo, key).code == 0
    repo.commit("Approve")
    assert repo.is_approved()


def test_an_old_form_of_private_key_signs(repo: SignedScratch) -> None:
    key = repo.keys.folder / "old"
    if not key.exists():
        command = ["ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "", "-C", "", "-f", str(key)]
        subprocess.run(command, check=True)
    done = _sign(repo, key)
    assert done.code == 0, done
    assert fingerprint(parse(signature_of(repo.record()).read_bytes()).key) in done.err


def test_a_public_key_signs_through_the_agent(repo: SignedScratch) -> None:
    alone = repo.keys.folder / "alone"
    alone.mkdir(exist_ok=True)
    public = alone / "rae.pub"
    public.write_text(repo.keys.public("Rae Kim") + "\n", "ascii")
    with agent(repo.keys["Rae Kim"]) as env:
        assert _sign(repo, public, **env).code == 0
    repo.commit("Approve")
    assert repo.is_approved()
    repo.restart("asked")
    with agent(repo.keys["Sam Lee"]) as env:
        _nothing_written(repo, _sign(repo, public, **env), "the agent does not hold the key", "ssh-add")
    _nothing_written(repo, _sign(repo, public), "no agent is running")


def _encrypted(repo: SignedScratch) -> Path:
    return repo.keys.make("locked", passphrase="open sesame")  # noqa: S106 - of a key of this test alone


def _asking(repo: SignedScratch, answer: str) -> dict[str, str]:
    script = repo.keys.folder / "askpass"
    script.write_text(f"#!/bin/sh\necho '{answer}'\n", "ascii")
    script.chmod(0o755)
    return {"SSH_ASKPASS": str(script), "SSH_ASKPASS_REQUIRE": "force", "DISPLAY": "none"}


def test_a_passphrase_is_asked_for_by_ssh_keygen(repo: SignedScratch) -> None:
    key = _encrypted(repo)
    _nothing_written(repo, _sign(repo, key, **_asking(repo, "open barley")), "the passphrase", "is wrong")
    assert _sign(repo, key, **_asking(repo, "open sesame")).code == 0


def test_a_passphrase_without_a_terminal_points_to_the_agent(repo: SignedScratch) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "policy_gate", *ASKED, "--key", str(_encrypted(repo))],
        cwd=repo.path,
        env=repo.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        start_new_session=True,
        check=False,
    )
    assert done.returncode == 2, done
    assert b"no terminal to ask for it on" in done.stderr
    assert b"ssh-add" in done.stderr
    assert repo.git("status", "--porcelain") == ""


def test_what_is_no_key_writes_nothing(repo: SignedScratch) -> None:
    folder = repo.keys.folder
    (folder / "text").write_text("hello\n", "ascii")
    (folder / "damaged").write_text("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END", "ascii")
    (folder / "huge").write_bytes(b"ssh-ed25519 " * 100_000)
    _nothing_written(repo, _sign(repo, folder / "nowhere"), "cannot read the key", "No such file")
    _nothing_written(repo, _sign(repo, folder), "cannot read the key", "Is a directory")
    _nothing_written(repo, _sign(repo, folder / "text"), "is no SSH key")
    _nothing_written(repo, _sign(repo, folder / "huge"), "is no SSH key")
    _nothing_written(repo, _sign(repo, folder / "damaged"), "is a damaged private key")


def test_a_key_that_others_can_read_is_not_used(repo: SignedScratch) -> None:
    key = repo.keys.make("open-to-all")
    key.chmod(0o644)
    _nothing_written(repo, _sign(repo, key), "others can read", "chmod 600")


def test_a_private_key_beside_the_public_half_of_another(repo: SignedScratch) -> None:
    mixed = repo.keys.folder / "mixed"
    shutil.copy(repo.keys["Rae Kim"], mixed)
    mixed.with_suffix(".pub").write_text(repo.keys.public("Sam Lee") + "\n", "ascii")
    _nothing_written(repo, _sign(repo, mixed), "ssh-keygen did not sign", "match")


def test_without_ssh_keygen_nothing_is_written(repo: SignedScratch) -> None:
    path = path_without_openssh(repo.home / "bin")
    _nothing_written(repo, _sign(repo, repo.keys["Rae Kim"], PATH=path), "no ssh-keygen was found", "install OpenSSH")


def test_a_record_whose_signature_is_there_already_is_not_half_written(repo: SignedScratch) -> None:
    assert _sign(repo, repo.keys["Rae Kim"]).code == 0
    record = repo.record()
    record.unlink()
    before = signature_of(record).read_bytes()
    done = _sign(repo, repo.keys["Rae Kim"])
    assert done.code == 2, done
    assert "already there; nothing was written" in done.err
    assert not record.exists()
    assert signature_of(record).read_bytes() == before


def test_a_key_that_base_does_not_pin_signs_and_says_so_aloud(repo: SignedScratch) -> None:
    repo.iam("Rae Kim")
    done = _sign(repo, repo.keys["stranger"])
    repo.iam("Bo Author")
    assert done.code == 0, done
    assert "as things stand it will not count" in done.err
    assert "is pinned for nobody in base's roles.yaml" in done.err
    assert " ".join(repo.keys.public("stranger").split()[:2]) in done.err
    repo.commit("Approve")
    assert "is pinned for nobody" in repo.why()


def test_a_setting_names_the_key(repo: SignedScratch) -> None:
    repo.git("config", "policygate.signingkey", str(repo.keys["Rae Kim"]))
    assert repo.run(*ASKED).code == 0
    assert signature_of(repo.record()).exists()
    repo.commit("Approve")
    assert repo.is_approved()
    assert "policygate.signingkey" in repo.run("approve", "--help").out


def test_a_record_without_a_key_has_no_signature(repo: SignedScratch) -> None:
    repo.iam("Rae Kim")
    done = repo.run(*ASKED)
    repo.iam("Bo Author")
    assert done.code == 0, done
    assert "as things stand it will not count: recorded, not verified" in done.err
    assert not signature_of(repo.record()).exists()


def _text(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def test_the_form_of_a_hardware_key() -> None:
    kind = b"sk-ssh-ed25519@openssh.com"
    blob = _text(kind, bytes(range(32)), b"ssh:")
    line = f"{kind.decode()} {base64.b64encode(blob).decode()} a token"
    assert blob_of(line) == blob
    assert kind_of(blob) == kind.decode()
    assert line_of(blob) == line.removesuffix(" a token")
    held = {"schema": "policy-gate/roles/v1", "roles": {"ciso": {"members": [{"name": "Ada", "keys": [line]}]}}}
    assert holder_of(Roles.model_validate(held), blob, TODAY).person is not None
    inner = _text(kind, bytes(64)) + bytes(5)
    signed = b"SSHSIG" + (1).to_bytes(4, "big") + _text(blob, b"policy-gate-approval@v1", b"", b"sha512", inner)
    armoured = b"-----BEGIN SSH SIGNATURE-----\n" + base64.encodebytes(signed) + b"-----END SSH SIGNATURE-----\n"
    assert parse(armoured) == (blob, "policy-gate-approval@v1")
    for spoilt in (signed + b"x", signed[:-1], signed.replace(b"sha512", b"crc-32"), b"SSHSIG" + signed[6:10]):
        text = b"-----BEGIN SSH SIGNATURE-----\n" + base64.encodebytes(spoilt) + b"-----END SSH SIGNATURE-----\n"
        with pytest.raises(MalformedSignatureError):
            parse(text)


def test_one_person_under_several_roles_is_one_person(shared: SignedScratch) -> None:
    document = Roles.model_validate(with_keys(roles(), shared.keys))
    blob = blob_of(shared.keys.public("Ada Example"))
    assert blob is not None
    found = holder_of(document, blob, TODAY)
    assert found.person is not None
    assert (found.person.name, found.problem) == ("Ada Example", "")


def test_the_type_before_a_key_must_be_the_key_s_own(shared: SignedScratch) -> None:
    words = shared.keys.public("Ada Example").split()
    assert blob_of(f"ssh-rsa {words[1]}") is None
    assert blob_of(f"{words[0]} {words[1]}x") is None
    assert blob_of("ssh-ed25519") is None


def test_fingerprints_are_those_of_ssh_keygen(shared: SignedScratch) -> None:
    public = shared.keys["Ada Example"].with_suffix(".pub")
    told = subprocess.run(["ssh-keygen", "-l", "-f", str(public)], check=True, capture_output=True, text=True)
    blob = blob_of(public.read_text("ascii"))
    assert blob is not None
    assert fingerprint(blob) == told.stdout.split()[1]
