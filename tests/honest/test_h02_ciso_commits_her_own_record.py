"""H02: a signed record counts whoever brings it to the author's branch."""

from __future__ import annotations

from pathlib import Path

import pytest
from keys import SignedScratch, needs_openssh, real_crypto, signature_of
from world import AUTHOR, high_system

pytestmark = [pytest.mark.real_git, real_crypto, needs_openssh]

GATE = "pre-deployment-security-review"
OTHERS = {"legal": "Lin Park", "product-owner": "Pat Moss"}


@pytest.fixture
def repo(tmp_path: Path) -> SignedScratch:
    """SYS-001 on its way to pre_deployment; only the CISO has not approved."""
    repo = SignedScratch(tmp_path)
    repo.restart("main", "work")
    repo.declare(high_system("pre_deployment"))
    repo.commit("Promote")
    for role, name in OTHERS.items():
        repo.approve(role, GATE, key=repo.keys[name])
    assert repo.check().blocking() == ["approval:ciso"]
    return repo


def test_h02_the_ciso_commits_her_own_record_to_the_authors_branch(repo: SignedScratch) -> None:
    repo.approve("ciso", GATE, key=repo.keys["Ada Example"])
    assert repo.git("log", "-1", "--format=%ae") == "ada@example.com"
    done = repo.check()
    assert done.code == 0, done
    assert [claim["who"] for claim in done.finding("ciso", "approval")["claims"] if claim["counts"]] == ["Ada Example"]


def test_h02_the_author_commits_the_record_that_the_ciso_mailed(repo: SignedScratch, tmp_path: Path) -> None:
    repo.git("clone", "-q", str(repo.path), str(tmp_path / "hers"))
    hers = SignedScratch.__new__(SignedScratch)
    hers.path, hers.home, hers.keys = tmp_path / "hers", repo.home, repo.keys
    hers.git("remote", "set-head", "origin", "main")
    hers.iam("Ada Example")
    arguments = ("--for", GATE, "--system", "SYS-001", "--role", "ciso")
    done = hers.run("approve", *arguments, "--key", str(repo.keys["Ada Example"]), "--yes")
    assert done.code == 0, done
    (record,) = (path for path in (hers.path / "governance/approvals").glob("*-ciso.yaml"))
    mailed = {f"governance/approvals/{path.name}": path.read_bytes() for path in (record, signature_of(record))}
    repo.commit("The approval that Ada sent", by=AUTHOR, files=mailed)
    done = repo.check()
    assert done.code == 0, done


def test_h02_what_the_author_signs_in_her_name_does_not_count(repo: SignedScratch) -> None:
    repo.approve("ciso", GATE, by="Ada Example", key=repo.keys[AUTHOR])
    done = repo.check()
    assert done.code == 1, done
    assert "is pinned for nobody" in str(done.finding("ciso", "approval")["claims"])
