"""T45: a signed record that entered a gate or a base once, and is brought again for the same content."""

from __future__ import annotations

from pathlib import Path

import pytest
from keys import SignedScratch, needs_openssh, real_crypto, signature_of
from world import high_system

pytestmark = [pytest.mark.real_git, real_crypto, needs_openssh]

GATE = "pre-deployment-security-review"
ROLES = ("ciso", "legal", "product-owner")


def _approve_all(repo: SignedScratch, name: str = GATE, *roles: str) -> None:
    for role in roles or ROLES:
        holder = {"ciso": "Ada Example", "legal": "Lin Park", "product-owner": "Pat Moss"}[role]
        repo.approve(role, name, key=repo.keys[holder])


def test_t45_promote_roll_back_and_promote_again_with_the_first_approvals(tmp_path: Path) -> None:
    repo = SignedScratch(tmp_path)
    repo.restart("main", "promote")
    repo.declare(high_system("pre_deployment"))
    repo.commit("Promote")
    _approve_all(repo)
    assert repo.check().code == 0
    repo.merge("promote")

    repo.restart("main", "back")
    repo.edit(stage="development")
    repo.commit("Roll back")
    repo.approve("ai-safety-lead", "stage-regression", key=repo.keys["Rae Kim"])
    assert repo.check().code == 0
    repo.merge("back")

    repo.restart("main", "again")
    repo.edit(stage="pre_deployment")
    repo.commit("Promote again")
    done = repo.check()
    assert done.code == 1, done
    assert done.blocking() == ["approval:ciso", "approval:legal", "approval:product-owner"]
    assert all("it is spent" in str(done.finding(role)["claims"]) for role in ROLES)
    _approve_all(repo)
    assert repo.check().code == 0


@pytest.mark.parametrize("trick", ["bring-back", "sign-again", "rename"])
def test_t45_a_signed_record_taken_out_of_base_stays_spent(tmp_path: Path, trick: str) -> None:
    repo = SignedScratch(tmp_path)
    repo.narrowed("first")
    record = repo.sign_as("Rae Kim")
    name, signature = record.name, signature_of(record).read_bytes()
    text = record.read_text("utf-8")
    assert repo.is_approved()
    repo.merge("first")

    repo.restart("main", "back")
    repo.edit(paths=["screener/**"])
    repo.git("rm", "-q", "-r", "governance/approvals")
    repo.commit("Widen, and tidy up")
    assert repo.check().code == 0
    repo.merge("back")

    repo.narrowed("again")
    place = f"governance/approvals/{'another.yaml' if trick == 'rename' else name}"
    repo.commit("The same approval", files={place: text, f"{place}.sig": signature})
    if trick == "sign-again":
        (repo.path / f"{place}.sig").write_bytes(repo.keys.sign("Rae Kim", repo.path / place).replace(b"\n", b"\r\n"))
        repo.commit("A signature that looks otherwise")
    assert "it is spent" in repo.why()
    assert repo.check().report["trust"]["approvals"]["sources"] == ["records"], "what is spent is not verified"
    (repo.path / place).unlink()
    signature_of(repo.path / place).unlink()
    repo.commit("Take it out")
    repo.approve("ai-safety-lead", "weakening", key=repo.keys["Rae Kim"])
    assert repo.is_approved(), "an approval given again is another record, even on the same day"
