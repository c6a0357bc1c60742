"""`verified` is said by the verifier and by forges alone: a record that is not verified never carries it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from keys import Keyring, needs_openssh, real_crypto

from policy_gate.approvals import signed_records, unsigned_records
from policy_gate.approvals.source import ApprovalQuery
from policy_gate.schema.dates import Period
from policy_gate.schema.documents import Approver
from policy_gate.schema.people import Claim, UncheckedSignature, Verified
from policy_gate.schema.roles import Roles
from policy_gate.vcs.memory_tree import MemoryTree
from policy_gate.write.approval_record import record

PACKAGE = Path(__file__).resolve().parents[2] / "policy_gate"
MAKERS = {
    "Verified": {
        "policy_gate.signing.verify",
        "policy_gate.signing.sign",
        "policy_gate.approvals.github.reviews",
        "policy_gate.approvals.gitlab.reviews",
    },
    "VerifiedSignature": {"policy_gate.signing.verify"},
}
"""Who may say so: the verifier, the preview of a signature to come, and what reads the answers of a forge."""
AT = "governance/approvals/one.yaml"
ADA = Approver(name="Ada Example", email="ada@example.com")
TODAY = date(2026, 3, 2)


@pytest.mark.parametrize("name", MAKERS)
def test_nobody_else_makes_the_proof(name: str) -> None:
    seen = set()
    for path in PACKAGE.rglob("*.py"):
        calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        if any(ast.unparse(call).rpartition(".")[2] == name for call in calls):
            seen.add(".".join(("policy_gate", *path.relative_to(PACKAGE).with_suffix("").parts)))
    assert seen == MAKERS[name]


def text_of(approver: Approver = ADA) -> str:
    return record(
        system="SYS-001",
        for_="pre-deployment-security-review",
        role="ciso",
        approver=approver,
        subject_digest=f"sha256:{'1' * 64}",
        target_branch="main",
        today=TODAY,
        valid_for=Period.parse("P90D"),
        content={},
    )


def only(files: Mapping[str, bytes | str], roles: Roles | None = None, **environment: str) -> Claim:
    """The one claim of the signed and unsigned records in these files."""
    query = ApprovalQuery(MemoryTree({}), MemoryTree(files), roles=roles, environment=environment)
    found = [answer for answer in (fetch(query) for fetch in (unsigned_records.fetch, signed_records.fetch)) if answer]
    (claim,) = (claim for answer in found for claim in answer.claims)
    return claim


def test_a_record_without_a_signature_is_recorded() -> None:
    claim = only({AT: text_of()})
    assert (claim.proof, claim.assurance, claim.problem) == (None, "recorded", None)


@pytest.mark.parametrize("signature", ["", "not a signature", "-----BEGIN SSH SIGNATURE-----\n", "x" * 20_000])
def test_a_file_beside_it_that_is_no_signature_verifies_nothing(signature: str) -> None:
    claim = only({AT: text_of(), f"{AT}.sig": signature})
    assert (claim.proof, claim.assurance) == (None, "recorded")
    assert claim.problem


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path)


def pinned(keys: Keyring, name: str = "Ada Example") -> Roles:
    member = {"name": name, "email": "ada@example.com", "keys": [keys.public(name)]}
    return Roles.model_validate({"schema": "policy-gate/roles/v1", "roles": {"ciso": {"members": [member]}}})


def signed(keys: Keyring, folder: Path, text: str, name: str = "Ada Example") -> dict[str, bytes | str]:
    file = folder / "record.yaml"
    file.write_text(text, "utf-8")
    return {AT: text, f"{AT}.sig": keys.sign(name, file)}


@needs_openssh
@real_crypto
def test_a_genuine_signature_by_a_pinned_key_is_what_verifies(
    keys: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    path, roles, text = os.environ["PATH"], pinned(keys), text_of()
    files = signed(keys, tmp_path, text)
    control = only(files, roles, PATH=path)
    assert (control.proof, control.problem, control.unchecked) == (Verified("signature"), None, None)
    nobody = only(files, None, PATH=path)
    changed = only(files | {AT: text + "# one more line\n"}, roles, PATH=path)
    other = only(signed(keys, tmp_path, text, "Eve Stranger"), roles, PATH=path)
    for_another = only(signed(keys, tmp_path, text_of(Approver(name="Lin", email="lin@example.com"))), roles, PATH=path)
    for claim in (nobody, changed, other, for_another):
        assert (claim.proof, claim.assurance) == (None, "recorded")
        assert claim.problem
    not_known = only(files, roles, PATH="")
    assert isinstance(not_known.proof, UncheckedSignature)
    assert (not_known.assurance, not_known.problem, not_known.doubt) == ("recorded", None, not_known.proof.reason)
    monkeypatch.setattr(signed_records, "MOST", 0)
    assert not isinstance(only(files, roles, PATH=path).proof, Verified)
