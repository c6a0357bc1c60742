"""T06: approvals that are typed, borrowed, changed or forged, where only real signatures count.

Law and roles are as shipped: nothing opts in to recorded approvals, and base pins a key for each person.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from keys import Keyring, SignedScratch, needs_openssh, path_without_openssh, real_crypto, signature_of
from world import TODAY, days_ago, from_yaml, org_policy, to_yaml

pytestmark = [pytest.mark.real_git, real_crypto, needs_openssh]


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> SignedScratch:
    """One repository for all attempts: `asked` lacks an approval, `approved` has Rae's, signed."""
    repo = SignedScratch(tmp_path_factory.mktemp("signed"))
    repo.narrowed("asked")
    repo.restart("asked", "approved")
    repo.sign_as("Rae Kim")
    assert repo.is_approved()
    return repo


def test_t06_a_name_typed_into_the_card_approves_nothing(repo: SignedScratch) -> None:
    repo.restart("asked")
    card = {"schema": "policy-gate/card/v1", "approved_by": ["Rae Kim <rae@example.com>"], "approval_date": days_ago(0)}
    repo.edit(model_card="card.yaml")
    repo.commit("A card", files={"card.yaml": to_yaml(card)})
    assert repo.why() == ""
    repo.sign_as("Rae Kim")
    assert repo.check().finding("weakening")["state"] == "met"


def test_t06_an_unsigned_record_is_not_enough_as_shipped(repo: SignedScratch) -> None:
    repo.restart("asked")
    repo.approve("ai-safety-lead", "weakening")
    assert "recorded, not verified" in repo.why()
    repo.sign_again("Rae Kim")
    assert repo.is_approved()


def test_t06_a_record_in_anothers_name_signed_with_ones_own_key(repo: SignedScratch) -> None:
    repo.restart("approved")
    repo.sign_again("Sam Lee")
    assert "signed with the key of Sam Lee (SHA256:" in repo.why()
    assert "names Rae Kim <rae@example.com>" in repo.why()
    repo.sign_again("Rae Kim")
    assert repo.is_approved()


def test_t06_a_bad_signature_never_falls_back_to_recorded(tmp_path: Path) -> None:
    repo = SignedScratch(tmp_path)
    repo.commit("Accept records", files={"policies/org.yaml": to_yaml(org_policy())})
    repo.narrowed()
    repo.approve("ai-safety-lead", "weakening")
    assert repo.is_approved(), "recorded is enough here"
    signature_of(repo.record()).write_bytes(repo.keys.sign("Sam Lee", repo.record()))
    repo.commit("Sign it too", by="Rae Kim")
    assert "signed with the key of Sam Lee" in repo.why()


def test_t06_a_signature_moved_over_from_another_record(repo: SignedScratch) -> None:
    repo.restart("approved")
    genuine = signature_of(repo.record()).read_bytes()
    repo.sign_again("Rae Kim", statement="I was at lunch.")
    assert repo.is_approved()
    signature_of(repo.record()).write_bytes(genuine)
    repo.commit("Use the other signature")
    assert "is of other bytes" in repo.why()


@pytest.mark.parametrize(
    "said",
    [
        {"statement": "I approve whatever comes."},
        {"approved_on": days_ago(1)},
        {"expires": (date(TODAY.year + 1, 1, 1)).isoformat()},
        {"target_branch": "other"},
        {"approver": {"name": "Rae Kim", "email": "RAE@example.com"}},
        {"subject_digest": "sha256:" + "0" * 64, "content": {}},
    ],
    ids=lambda said: next(iter(said)),
)
def test_t06_a_field_changed_after_signing(repo: SignedScratch, said: dict[str, Any]) -> None:
    repo.restart("approved")
    record = repo.record()
    record.write_text(to_yaml(from_yaml(record.read_text("utf-8")) | said), encoding="utf-8")
    repo.commit("Reword")
    assert "is of other bytes" in repo.why()


@pytest.mark.parametrize("field", ["for", "role", "system"])
def test_t06_a_signed_record_turned_to_another_subject(repo: SignedScratch, field: str) -> None:
    repo.restart("asked")
    repo.approve("ai-safety-lead", "weakening", key=repo.keys["Rae Kim"])
    right = from_yaml(repo.record().read_text("utf-8"))[field]
    wrong = {"for": "tier-lowering", "role": "ciso", "system": "SYS-002"}[field]
    repo.sign_again("Rae Kim", **{field: wrong})
    assert not repo.is_approved()
    record = repo.record()
    record.write_text(to_yaml(from_yaml(record.read_text("utf-8")) | {field: right}), encoding="utf-8")
    repo.commit("Turn it round")
    assert "is of other bytes" in repo.why()
    repo.sign_again("Rae Kim")
    assert repo.is_approved()


@pytest.mark.parametrize("namespace", ["file", "git", "policy-gate-approval@v2"])
def test_t06_a_signature_made_for_something_else(repo: SignedScratch, namespace: str) -> None:
    repo.restart("approved")
    record = repo.record()
    signature_of(record).write_bytes(repo.keys.sign("Rae Kim", record, namespace))
    repo.commit("Sign as a file")
    assert f"was made for '{namespace}', not for policy-gate-approval@v1" in repo.why()


def _cut(genuine: bytes) -> bytes:
    lines = genuine.splitlines(keepends=True)
    return b"".join(lines[:2] + lines[3:])


FORGERIES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "text": lambda _: b"approved by Rae Kim\n",
    "no-base64": lambda genuine: genuine.replace(b"U1NIU0lH", b"!!!!!!!!"),
    "another-magic": lambda genuine: genuine.replace(b"U1NIU0lH", b"U1NIU0lI"),
    "cut": _cut,
    "two": lambda genuine: genuine + genuine,
    "text-before": lambda genuine: b"see below\n" + genuine,
    "huge": lambda genuine: genuine + b"\n" * 20_000,
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_t06_a_signature_file_that_is_none(repo: SignedScratch, forgery: str) -> None:
    repo.restart("approved")
    file = signature_of(repo.record())
    file.write_bytes(FORGERIES[forgery](file.read_bytes()))
    repo.commit("Forge")
    assert ("too large" if forgery == "huge" else "malformed") in repo.why()


def test_t06_a_forged_signature_that_carries_the_right_key(repo: SignedScratch) -> None:
    repo.restart("approved")
    file = signature_of(repo.record())
    lines = file.read_bytes().splitlines()
    lines[-2] = lines[-2].swapcase()
    file.write_bytes(b"\n".join([*lines, b""]))
    repo.commit("Forge")
    assert "is of other bytes, or was not made with the key SHA256:" in repo.why()


@pytest.mark.parametrize("kind", ["link", "folder"])
def test_t06_a_signature_that_is_no_file(repo: SignedScratch, kind: str) -> None:
    repo.restart("approved")
    file = signature_of(repo.record())
    genuine = file.read_bytes()
    file.unlink()
    if kind == "link":
        (repo.path / "elsewhere.sig").write_bytes(genuine)
        file.symlink_to("../../elsewhere.sig")
    else:
        file.mkdir()
        (file / "sig").write_bytes(genuine)
    repo.commit("Elsewhere")
    assert f"is a {'symlink' if kind == 'link' else 'folder'}, not a regular file" in repo.why()


def test_t06_line_ends_converted_after_signing(repo: SignedScratch) -> None:
    repo.restart("approved")
    record = repo.record()
    record.write_bytes(record.read_bytes().replace(b"\n", b"\r\n"))
    repo.commit("Save with another editor")
    assert "is of other bytes" in repo.why()
    repo.restart("approved")
    repo.commit("Convert on checkout only", files={".gitattributes": "*.yaml text eol=crlf\n"})
    assert repo.is_approved(), "what git holds is what was signed"


def test_t06_a_key_that_the_change_itself_pins(repo: SignedScratch) -> None:
    repo.restart("approved")
    policy = from_yaml(repo.read("policies/roles.yaml"))
    policy["roles"]["ai-safety-lead"]["members"][0]["keys"].append(repo.keys.public("mallory"))
    repo.commit("A key for Rae", files={"policies/roles.yaml": to_yaml(policy)})
    assert repo.check().finding("weakening")["state"] == "met", "only the policy change is to be approved"
    repo.sign_again("mallory")
    assert "is pinned for nobody in base's roles.yaml" in repo.why()


def test_t06_what_a_record_says_it_covers_must_give_its_digest(repo: SignedScratch) -> None:
    repo.restart("approved")
    parts = from_yaml(repo.record().read_text("utf-8"))["content"]
    repo.sign_again("Rae Kim", content=parts | {"entry": "sha256:" + "0" * 64})
    assert "its `content` is not what its subject_digest is over" in repo.why()
    repo.sign_again("Rae Kim", content=parts)
    assert repo.is_approved()


def test_t06_without_ssh_keygen_nobody_knows(repo: SignedScratch) -> None:
    repo.restart("approved")
    done = repo.check(PATH=path_without_openssh(repo.home / "bin"))
    assert done.code == 3, done
    assert "install OpenSSH" in str(done.finding("weakening")["claims"])
    assert repo.check().code == 0


def test_t06_an_ssh_keygen_of_the_checkout_is_never_run(repo: SignedScratch) -> None:
    repo.restart("asked")
    fake = "#!/bin/sh\ntouch was-run\necho 'Good \"policy-gate-approval@v1\" signature for signer with'\n"
    repo.commit("A tool", files={"bin/ssh-keygen": fake})
    repo.git("update-index", "--chmod=+x", "bin/ssh-keygen")
    (repo.path / "bin/ssh-keygen").chmod(0o755)
    repo.sign_as("Rae Kim")
    repo.sign_again("Rae Kim", statement="Once more.")
    record = repo.record()
    record.write_text(record.read_text("utf-8").replace("Once", "Twice"), encoding="utf-8")
    repo.commit("Reword")
    found = f"bin{':'}{path_without_openssh(repo.home / 'bin')}"
    assert repo.check(PATH=found).code == 3
    assert "is of other bytes" in repo.why(PATH=f"bin:{Path(str(shutil.which('ssh-keygen'))).parent}:{found}")
    assert not list(repo.path.rglob("was-run"))


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo 'unknown option -- Y' >&2; exit 1", "ssh-keygen said unknown option -- Y"),
        ("exit 0", "ssh-keygen said nothing"),
        ("echo 'Good \"file\" signature for signer with'", "ssh-keygen said nothing"),
        ("echo 'Good \"policy-gate-approval@v1\" signature for signer with'; exit 255", "ssh-keygen said nothing"),
    ],
    ids=["old", "silent", "another-namespace", "both"],
)
def test_t06_an_answer_that_is_neither_yes_nor_no_is_unknown(repo: SignedScratch, script: str, said: str) -> None:
    repo.restart("approved")
    folder = repo.home / "strange"
    path = path_without_openssh(folder)
    tool = folder / "ssh-keygen"
    tool.write_text(f"#!/bin/sh\n{script}\n", "ascii")
    tool.chmod(0o755)
    done = repo.check(PATH=path)
    assert done.code == 3, done
    assert said in str(done.finding("weakening")["claims"])


def _rae(document: dict[str, Any], keys: list[Any]) -> dict[str, Any]:
    document["roles"]["ai-safety-lead"]["members"][0]["keys"] = keys
    return document


DAYS: dict[str, tuple[dict[str, str], str]] = {
    "still-valid": ({"valid_from": days_ago(10), "valid_until": days_ago(0)}, ""),
    "expired": ({"valid_until": days_ago(1)}, "of Rae Kim was valid only until"),
    "not-yet": ({"valid_from": days_ago(-1)}, "of Rae Kim is valid only from"),
}


@pytest.mark.parametrize("case", DAYS)
def test_t06_the_days_on_which_a_key_may_sign(tmp_path: Path, case: str) -> None:
    days, said = DAYS[case]
    repo = SignedScratch(tmp_path, lambda policy, keys: _rae(policy, [{"key": keys.public("Rae Kim")} | days]))
    repo.narrowed()
    repo.sign_as("Rae Kim")
    if said:
        assert said in repo.why()
        return
    assert repo.is_approved()
    repo.sign_again("Rae Kim", approved_on=days_ago(11))
    assert "signs only from" in repo.why(), "dated before the key could sign"


def _revoked(policy: dict[str, Any], line: str) -> dict[str, Any]:
    return policy | {"revoked_keys": [{"key": line, "revoked_on": days_ago(3), "reason": "The laptop was stolen."}]}


def _other_comment(keys: Keyring) -> str:
    return " ".join([*keys.public("Rae Kim").split()[:2], "nothing to do with anybody"])


def test_t06_a_revoked_key(tmp_path: Path) -> None:
    repo = SignedScratch(
        tmp_path,
        lambda policy, keys: _rae(_revoked(policy, _other_comment(keys)), [keys.public("Rae Kim"), keys.public("new")]),
    )
    repo.narrowed()
    repo.sign_as("Rae Kim")
    assert f"was revoked on {days_ago(3)}: The laptop was stolen." in repo.why()
    repo.sign_again("new")
    assert repo.is_approved()


def test_t06_a_revocation_that_names_no_key_lets_none_count(tmp_path: Path) -> None:
    repo = SignedScratch(tmp_path, lambda policy, _: _revoked(policy, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"))
    repo.narrowed()
    repo.sign_as("Rae Kim")
    assert "it cannot be told what is revoked" in repo.why()


def _known_by(policy: dict[str, Any], **fields: Any) -> dict[str, Any]:
    member = policy["roles"]["legal"]["members"][0]
    policy["roles"]["legal"]["members"] = [{"name": member["name"], "keys": member["keys"]} | fields]
    return policy


@pytest.mark.parametrize("fields", [{}, {"github": "lin-p"}, {"gitlab_id": 7}], ids=["nothing", "github", "gitlab"])
def test_t06_one_whose_address_base_does_not_know_takes_anothers(tmp_path: Path, fields: dict[str, Any]) -> None:
    repo = SignedScratch(tmp_path, lambda policy, _: _known_by(policy, **fields))
    repo.narrowed()
    repo.sign_as("Rae Kim")
    assert repo.is_approved()
    repo.sign_again("Lin Park", approver={"name": "Lin Park", "email": "rae@example.com"})
    said = "holds legal, not ai-safety-lead" if fields else "gives no address or account of Lin Park, only keys"
    assert said in repo.why()


def test_t06_one_key_for_two_people(tmp_path: Path) -> None:
    def shared(policy: dict[str, Any], keys: Keyring) -> dict[str, Any]:
        policy["roles"]["legal"]["members"][0]["keys"] = [keys.public("Rae Kim")]
        return policy

    repo = SignedScratch(tmp_path, shared)
    repo.narrowed()
    repo.sign_as("Rae Kim")
    assert "is pinned for Rae Kim and Lin Park: it cannot be told who signed" in repo.why()
