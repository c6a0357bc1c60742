"""Signing against the mock services of npm, and bundles read by npm's verifier: neither is of our making."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from audit_log import commits
from parts import node_file, part
from scratch import Scratch
from sigstore_world import GITHUB, WORKFLOW, Signing, Sigstore, governed, needs_sigstore, workflow

pytestmark = [pytest.mark.real_git, pytest.mark.real_runner, needs_sigstore]
FAKES = Path(__file__).resolve().parent.parent / "fakes"


class Mock:
    """npm's @sigstore/mock, serving; written as Signing wants a service."""

    def __init__(self, told: dict[str, Any], is_stamping: bool) -> None:
        self.told, self.is_stamping = told, is_stamping

    def token(self, identity: str = WORKFLOW, issuer: str = GITHUB) -> str:
        now = int(datetime.now(UTC).timestamp())
        caller = identity.removeprefix("https://github.com/")
        said = {"iss": issuer, "sub": identity, "aud": "sigstore", "iat": now, "exp": now + 300}
        said |= {"workflow_ref": caller, "job_workflow_ref": caller, "repository_id": "4711"}
        parts = [json.dumps(it).encode() for it in ({"alg": "HS256", "typ": "JWT"}, said)]
        return ".".join(base64.urlsafe_b64encode(it).rstrip(b"=").decode() for it in (*parts, b"unsigned"))

    def trust_config(self, file: Path) -> Path:
        """The configuration that the fake writes, with the mock's keys in place of its own."""
        from cryptography.hazmat.primitives.serialization import load_der_public_key
        from cryptography.x509 import load_der_x509_certificate

        def public(name: str) -> Any:
            key = load_der_public_key(base64.b64decode(self.told[name]))
            return type("Key", (), {"public_key": lambda _: key})()

        stamper, stampers = (load_der_x509_certificate(base64.b64decode(it)) for it in self.told["tsa"])
        keys = Sigstore()
        keys.start = datetime.now(UTC) - timedelta(days=2)
        keys.root = load_der_x509_certificate(base64.b64decode(self.told["ca"]))
        keys.ct, keys.log, keys.tsa_cert, keys.tsa_root_cert = public("ct"), public("log"), stamper, stampers
        keys.is_stamping, keys.log_name = self.is_stamping, "mock.log"
        return Path(keys.trust_config(file, f"http://127.0.0.1:{self.told['port']}"))


def modules() -> Path:
    """The folder of npm's packages; skips the test where those of Sigstore are not installed."""
    node_file("@sigstore/verify/package.json")
    return node_file("@sigstore/mock/package.json").parents[2]


@pytest.fixture(params=[False, True], ids=["log", "log-and-stamps"])
def mocked(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Signing]:
    command = [str(part("node")), str(FAKES / "sigstore_mock.cjs"), str(modules())]
    (tmp_path / "trust").mkdir()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        try:
            yield Signing(Mock(json.loads(server.stdout.readline()), request.param), tmp_path / "trust")
        finally:
            server.stdin.close()


def read_elsewhere(repo: Scratch, signing: Signing, commit: str, folder: Path, identity: str) -> tuple[int, str]:
    """What npm's verifier says of the files of one entry."""
    for name in ("statement.json", "statement.json.sigstore.json"):
        (folder / name).write_text(repo.git("show", f"{commit}:{name}") + "\n", "ascii")
    files = [str(folder / name) for name in ("statement.json.sigstore.json", "statement.json")]
    command = [str(part("node")), str(FAKES / "sigstore_verify.cjs"), str(modules()), str(signing.trust), *files]
    done = subprocess.run([*command, GITHUB, identity], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_entries_signed_against_npms_mock_hold(mocked: Signing, tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    governed(repo, workflow(repository_id=4711))
    done = mocked.record(repo)
    assert done.code == 0, done
    found = mocked.verified(repo, "--require-signed")
    assert (found.code, found.report["signed"]) == (0, 2), found
    code, said = read_elsewhere(repo, mocked, commits(repo)[0], tmp_path, WORKFLOW)
    assert (code, said.strip()) == (0, WORKFLOW), said


def test_npms_verifier_says_the_same_of_our_bundles(tmp_path: Path) -> None:
    modules()
    repo = Scratch(tmp_path)
    governed(repo, workflow())
    (tmp_path / "trust").mkdir()
    with Sigstore() as service:
        for is_stamping in (False, True):
            service.is_stamping = is_stamping
            signing = Signing(service, tmp_path / "trust")
            assert signing.record(repo).code == 0
            newest = commits(repo)[-1]
            code, said = read_elsewhere(repo, signing, newest, tmp_path, WORKFLOW)
            assert (code, said.strip()) == (0, WORKFLOW), said
            assert read_elsewhere(repo, signing, newest, tmp_path, WORKFLOW.replace("audit", "other"))[0] == 1
            repo.commit("More", files={"notes.md": f"{is_stamping}\n"})
        signing.forged(repo, called_by=WORKFLOW)
        assert read_elsewhere(repo, signing, commits(repo)[0], tmp_path, WORKFLOW)[0] == 0, "the control"
        signing.forged(repo, bundle=lambda text: service.bundle(text + b"\n"))
        assert read_elsewhere(repo, signing, commits(repo)[0], tmp_path, WORKFLOW)[0] == 1
