"""The commands of the page on attestations, run on real ones: only what signs and fetches is a stand-in.

`gh` and `cosign` are not to be had here. Their stand-ins know no cryptography: they hand on the predicate that was
given to the signer, in the shape in which the real ones print it, and refuse a file that was not signed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from doc_pages import ROOT, Block, blocks
from scratch import Scratch
from world import high_system

PAGE = ROOT / "docs" / "attestation.md"
COSIGN = """#!/usr/bin/env bash
# attest-blob writes a bundle; verify-blob-attestation holds it against the file, which comes last in both
set -eu
for file; do :; done
case "$1" in
  attest-blob)
    jq --null-input --arg digest "$(sha256sum < "$file")" --slurpfile predicate predicate.json \\
      '{dsseEnvelope: {payload: ({digest: $digest, predicate: $predicate[0]} | tojson | @base64)}}' \\
      > policy-gate.sigstore.json ;;
  verify-blob-attestation)
    test "$(jq --raw-output '.dsseEnvelope.payload | @base64d | fromjson.digest' policy-gate.sigstore.json)" \\
      = "$(sha256sum < "$file")" ;;
esac
"""
GH = """#!/usr/bin/env bash
# attestation verify FILE …: what GitHub holds for that file, through the filter given as --jq
set -eu
test "$1 $2 $3" = "attestation verify policy-gate.json"
while [ "$1" != --jq ]; do shift; done
jq '[{verificationResult: {statement: {predicate: .}}}]' predicate.json | jq "$2"
"""


def block(language: str, word: str) -> Block:
    (found,) = [it for it in blocks(PAGE, language) if word in it.words]
    return found


@pytest.fixture(scope="module")
def governed(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """main passes; `blocked` enters a gate without its papers."""
    if shutil.which("jq") is None:
        pytest.skip("jq is not installed here; .ci/run installs it")
    made = Scratch(tmp_path_factory.mktemp("attestation-page"))
    made.adopt(high_system("development"))
    made.branch("blocked")
    made.edit(stage="pre_deployment")
    made.commit("Promote without the papers")
    made.checkout("main")
    return made


class Desk:
    """A folder in which the blocks of the page run, with the repository's git and the stand-ins on the PATH."""

    def __init__(self, repo: Scratch, folder: Path) -> None:
        self.repo, self.folder = repo, folder
        for name, text in (("cosign", COSIGN), ("gh", GH), ("policy-gate", "#!/bin/sh\nexit 0\n")):
            program = folder / "bin" / name
            program.parent.mkdir(exist_ok=True)
            program.write_text(text, "utf-8")
            program.chmod(0o755)
        (folder / "deployable.jq").write_text(block("jq", "file=deployable.jq").text, "utf-8")

    def attest(self, *asked: str, everything: bool = True) -> dict[str, Any]:
        """The real command's answer, where the block's own call of it would leave it."""
        whole = ("--all",) if everything else ()
        files = ("--attest", str(self.folder / "attestation.json"))
        done = self.repo.run("check", "--format", f"json={self.folder / 'policy-gate.json'}", *files, *whole, *asked)
        assert done.code in (0, 1), done
        statement: dict[str, Any] = json.loads((self.folder / "attestation.json").read_text("utf-8"))
        return statement

    def run(self, text: str) -> subprocess.CompletedProcess[str]:
        environment = self.repo.environment(GIT_DIR=str(self.repo.path / ".git"))
        environment["PATH"] = f"{self.folder / 'bin'}{os.pathsep}{environment['PATH']}"
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text],
            cwd=self.folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def sign(self) -> None:
        done = self.run(block("sh", "sign").text)
        assert done.returncode == 0, done.stderr

    def deploys(self, way: str) -> bool:
        """Whether the verifying block of the page ends well."""
        done = self.run(block("sh", way).text)
        assert "error" not in done.stderr, done.stderr
        return done.returncode == 0

    def predicate(self, **changes: Any) -> None:
        """Change what was signed, as if the signer had been given that."""
        path = self.folder / "attestation.json"
        statement = json.loads(path.read_text("utf-8"))
        for name, value in changes.items():
            where = statement["predicate"]
            *above, last = name.replace("check__", "urn:policy-gate:check:v1__").split("__")
            for part in above:
                where = where[part]
            assert last in where
            where[last] = value
        path.write_text(json.dumps(statement), "utf-8")


@pytest.fixture
def reader(governed: Scratch, tmp_path: Path) -> Desk:
    return Desk(governed, tmp_path)


WAYS = ("verify-github", "verify-cosign")


@pytest.mark.parametrize("way", WAYS)
def test_t29_what_passed_on_this_commit_is_deployed_and_nothing_else(reader: Desk, governed: Scratch, way: str) -> None:
    reader.attest()
    reader.sign()
    assert reader.deploys(way)
    kept = governed.git("rev-parse", "HEAD")
    governed.commit("Later", files={"README.md": "later\n"})
    assert not reader.deploys(way)
    governed.git("reset", "-q", "--hard", kept)
    assert reader.deploys(way)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_blocked_is_not_deployed(reader: Desk, governed: Scratch, way: str) -> None:
    assert reader.attest("--head", "blocked", everything=False)["predicate"]["verificationResult"] == "FAILED"
    reader.predicate(check__mode="all")
    reader.sign()
    governed.checkout("blocked")
    deployed = reader.deploys(way)
    governed.checkout("main")
    assert not deployed


def test_a_change_that_passes_says_nothing_of_what_is_owed(reader: Desk) -> None:
    assert reader.attest(everything=False)["predicate"]["verificationResult"] == "PASSED"
    reader.sign()
    assert not reader.deploys("verify-github")


@pytest.mark.parametrize(
    "change",
    [
        {"verificationResult": "FAILED"},
        {"verifier": {"id": "https://elsewhere.example/verifier"}},
        {"timeVerified": "2020-01-01T00:00:00Z"},
        {"check__mode": "change"},
        {"check__head__commit": "1" * 40},
        {"check__result__tree": "1" * 40},
        {"check__base__ref": "refs/heads/weak"},
        {"check__policies__trusted": False},
        {"check__approvals__complete": False},
    ],
)
def test_each_line_of_the_filter_matters(reader: Desk, change: dict[str, Any]) -> None:
    reader.attest()
    reader.predicate(**change)
    reader.sign()
    assert not reader.deploys("verify-cosign")


@pytest.mark.parametrize(
    ("line", "change"),
    [
        ('.policies.digest == "sha256:…"', {"check__policies__digest": "sha256:" + "1" * 64}),
        ('all(.systems[]; .stage == "production")', {"check__systems": [{"id": "SYS-001", "stage": "development"}]}),
    ],
)
def test_what_the_page_says_may_be_added_holds_too(reader: Desk, line: str, change: dict[str, Any]) -> None:
    assert f"`{line}`" in PAGE.read_text("utf-8")
    digest = reader.attest()["predicate"]["urn:policy-gate:check:v1"]["policies"]["digest"]
    reader.predicate(check__systems=[{"id": "SYS-001", "stage": "production"}])
    wanted = reader.folder / "deployable.jq"
    asked = line.replace("sha256:…", digest)
    wanted.write_text(wanted.read_text("utf-8").replace(".policies.trusted", f".policies.trusted and {asked}"), "utf-8")
    reader.sign()
    assert reader.deploys("verify-cosign")
    reader.predicate(**change)
    reader.sign()
    assert not reader.deploys("verify-cosign")


def test_a_report_that_was_changed_afterwards_is_refused(reader: Desk) -> None:
    reader.attest()
    reader.sign()
    (reader.folder / "policy-gate.json").write_text("{}", "utf-8")
    assert not reader.deploys("verify-cosign")


def test_the_example_filter_shows_what_the_verdict_is_about(reader: Desk, governed: Scratch) -> None:
    reader.attest()
    text = block("jq", "example").text
    done = subprocess.run(
        ["jq", ".predicate | " + text, str(reader.folder / "attestation.json")],
        capture_output=True,
        text=True,
        check=True,
    )
    commit, tree = governed.git("rev-parse", "HEAD"), governed.git("rev-parse", "HEAD^{tree}")
    shown = json.loads(done.stdout)
    assert shown.pop("rules").startswith("sha256:")
    assert shown == {"verdict": "conditions", "base": commit, "head": commit, "tree": tree}


def test_the_workflow_hands_the_signer_the_predicate_of_the_attestation(reader: Desk) -> None:
    """Its `run` line, with the variables that the job gives it."""
    statement = reader.attest()
    (text,) = [it.text for it in blocks(PAGE, "yaml")]
    (line,) = [line.strip().removeprefix("run: ") for line in text.splitlines() if line.strip().startswith("run: ")]
    done = reader.run(f"export ATTESTATION=attestation.json RUNNER_TEMP=.\n{line}")
    assert done.returncode == 0, done.stderr
    assert json.loads((reader.folder / "predicate.json").read_text("utf-8")) == statement["predicate"]


def test_actions_are_pinned_as_in_our_own_release() -> None:
    release = (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")
    (text,) = [it.text for it in blocks(PAGE, "yaml")]
    used = [line.split("uses: ")[1] for line in text.splitlines() if "uses: actions/" in line]
    assert len(used) == 4
    assert [it for it in used if it not in release] == []
