"""Signing with Sigstore where something is missing, refuses, lies or is late: one line, and nothing is recorded."""

from __future__ import annotations

import json
import re
import shutil
import socket
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from audit_log import audit_part, commits, put, recorded
from keys import Keyring, needs_openssh
from scratch import Result, Scratch
from sigstore_world import (
    GITHUB,
    ROLES,
    SEEN,
    VARIABLE,
    WORKFLOW,
    Signing,
    Sigstore,
    governed,
    needs_sigstore,
    pinned,
    without_library,
    workflow,
)
from world import from_yaml, to_yaml

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake, needs_sigstore]


@pytest.fixture
def signing(tmp_path: Path) -> Iterator[Signing]:
    (tmp_path / "trust").mkdir()
    with Sigstore() as service:
        yield Signing(service, tmp_path / "trust")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("governed"))
    governed(repo, workflow())
    return repo


@pytest.fixture
def repo(made: Scratch, tmp_path: Path) -> Scratch:
    found = Scratch.__new__(Scratch)
    found.path, found.home = tmp_path / "repo", tmp_path / "home"
    found.home.mkdir()
    shutil.copytree(made.path, found.path)
    return found


def refused(repo: Scratch, done: Result, code: int, what: str) -> None:
    """Told in a line or two, without a traceback or a place of a library, and nothing was written to the log."""
    assert done.code == code, done
    assert what in done.err, done
    assert "Traceback" not in done.err
    assert "site-packages" not in done.err
    assert len(done.err.strip().splitlines()) <= 3, done
    assert commits(repo) == []


def test_without_the_library_it_says_what_to_install(repo: Scratch, signing: Signing, tmp_path: Path) -> None:
    there = without_library(tmp_path / "none")
    done = signing.record(repo, **there)
    refused(repo, done, 2, "Sigstore is not installed here")
    assert "pip install 'ai-policy-gate[sigstore]'" in done.err
    assert signing.record(repo).code == 0
    for options in ((), ("--require-signed",), ("--trust-config", str(signing.trust))):
        done = repo.run("audit", "verify", "--format", "json", *options, **there)
        assert done.code == 3, "never good, and never broken"
        assert (done.report["signed"], done.report["first_broken"]) == (0, None)
        assert "pip install 'ai-policy-gate[sigstore]'" in done.report["untold"][0]["what"]
    assert repo.run("audit", "log", **there).out.count("(signed)") == 2


def test_without_a_token_nothing_is_asked_of_anybody(repo: Scratch, signing: Signing) -> None:
    trust = ("--trust-config", str(signing.trust))
    refused(repo, repo.run("audit", "record", "--sigstore", *trust), 2, "there is no identity token to sign with here")
    done = repo.run("audit", "record", "--sigstore", *trust, GITHUB_ACTIONS="true")
    refused(repo, done, 2, "this job has no identity token")
    assert "id-token: write" in done.err
    done = repo.run("audit", "record", "--sigstore", *trust, GITLAB_CI="true")
    refused(repo, done, 2, "this job has no identity token")
    assert "SIGSTORE_ID_TOKEN" in done.err
    for options, what in (
        (("--token-variable", "NOBODY"), "the variable NOBODY holds no identity token"),
        (("--token-file", "nowhere"), "cannot read the identity token in nowhere"),
        (("--token-file", "README.md", "--token-variable", "X"), "name two tokens"),
    ):
        refused(repo, repo.run("audit", "record", "--sigstore", *trust, *options), 2, what)
    assert signing.service.asked == []


def test_a_token_that_is_given_as_its_own_place_is_not_shown(repo: Scratch, signing: Signing) -> None:
    token = signing.service.token()
    for name in ("--token-file", "--token-variable"):
        done = repo.run("audit", "record", "--sigstore", name, token)
        refused(repo, done, 2, "is no place for the token itself")
        assert token not in done.err
    done = repo.run("audit", "record", "--sigstore", "--token-variable", "a.b")
    refused(repo, done, 2, "takes the name of an environment variable")


def test_the_tokens_of_jobs_and_of_files_are_found(repo: Scratch, signing: Signing, tmp_path: Path) -> None:
    trust, past = ("--trust-config", str(signing.trust)), {"NO_PROXY": "127.0.0.1"}
    token = signing.service.token()
    done = repo.run("audit", "record", "--sigstore", *trust, GITLAB_CI="true", SIGSTORE_ID_TOKEN=token, **past)
    assert done.code == 0, done
    repo.commit("More", files={"notes.md": "1\n"})
    file = tmp_path / "token"
    file.write_text(token + "\n", "ascii")
    done = repo.run("audit", "record", "--sigstore", "--token-file", str(file), *trust, **past)
    assert done.code == 0, done

    class Issuer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_asked = self.path.endswith("audience=sigstore") and self.headers["Authorization"] == "bearer of-the-job"
            answer = json.dumps({"value": token}).encode() if is_asked else b"{}"
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    repo.commit("Still more", files={"notes.md": "2\n"})
    with HTTPServer(("127.0.0.1", 0), Issuer) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        there = {
            "GITHUB_ACTIONS": "true",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "of-the-job",
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"http://127.0.0.1:{server.server_address[1]}/?x=1",
        }
        done = repo.run("audit", "record", "--sigstore", *trust, **there, **past)
        server.shutdown()
    assert done.code == 0, done
    found = signing.verified(repo, "--require-signed")
    assert (found.code, found.report["signed"]) == (0, 4), found


@pytest.mark.parametrize(
    ("claims", "what"),
    [
        ({"exp": 1_700_000_000}, "it has expired"),
        ({"nbf": 4_000_000_000, "exp": 4_000_000_100}, "it has expired or is not valid yet: look at the clock"),
        ({"aud": "somebody"}, "it is for another audience than sigstore"),
        ({"aud": None}, "it does not say who it is for"),
        (None, "it is malformed"),
    ],
)
def test_a_token_of_no_use_goes_nowhere(repo: Scratch, signing: Signing, claims: Any, what: str) -> None:
    token = signing.service.token(**claims) if claims else "not.a.token"
    done = signing.record(repo, token=token)
    refused(repo, done, 2, what)
    assert token not in done.err
    assert signing.service.asked == []


def test_a_token_that_the_authority_refuses_is_said(repo: Scratch, signing: Signing) -> None:
    token = signing.service.token()
    signing.service.secret = b"another"
    done = signing.record(repo, token=token)
    refused(repo, done, 3, "the certificate authority refused the identity token (HTTP 401)")
    assert token not in done.err


def test_services_that_are_not_there_are_said(repo: Scratch, signing: Signing, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}"
    signing.trust = signing.service.trust_config(tmp_path / "nowhere.json", nowhere)
    refused(repo, signing.record(repo), 3, "a Sigstore service cannot be reached")


NONSENSE = (
    (500, b"<html>busy</html>"),
    (200, b""),
    (200, b"[]"),
    (200, b"{}"),
    (200, b'{"signedCertificateEmbeddedSct": {"chain": {"certificates": ["x", "y"]}}}'),
    (200, b'{"a": {"body": "AAAA"}}'),
    (409, b'{"code": 409, "message": "an equivalent entry already exists"}'),
    (200, b"[" * 100_000),
)


def test_a_public_service_that_cannot_be_reached_is_said(repo: Scratch, signing: Signing) -> None:
    there = {
        VARIABLE: signing.service.token(),
        "HTTPS_PROXY": "http://127.0.0.1:1",
        "https_proxy": "http://127.0.0.1:1",
    }
    done = repo.run("audit", "record", "--sigstore", "--token-variable", VARIABLE, **there)
    refused(repo, done, 3, "Sigstore's trust root cannot be fetched")


def test_a_home_that_cannot_be_written_leaves_it_untold(repo: Scratch, signing: Signing, tmp_path: Path) -> None:
    assert signing.record(repo).code == 0
    (tmp_path / "file").write_text("", "ascii")
    nowhere = str(tmp_path / "file" / "nowhere")
    done = repo.run("audit", "verify", "--format", "json", HOME=nowhere, XDG_CACHE_HOME=nowhere)
    assert done.code == 3, done
    assert "Sigstore's trust root cannot be read here" in done.report["untold"][0]["what"]
    assert nowhere not in done.out + done.err


@pytest.mark.parametrize("ending", ["signingCert", "log/entries"])
def test_answers_that_are_nonsense_record_nothing(repo: Scratch, signing: Signing, ending: str) -> None:
    for answer in NONSENSE:
        signing.service.answers = {ending: answer}
        refused(repo, signing.record(repo), 3, "nothing is recorded: ")
    signing.service.answers = {}
    assert signing.record(repo).code == 0, "the control"


def test_a_log_whose_proofs_are_none_records_nothing(repo: Scratch, signing: Signing) -> None:
    """The library takes what the log answers; what is stored is for ever, so it is verified first."""
    from fakes.sigstore import new_key

    right, signing.service.log = signing.service.log, new_key()
    refused(repo, signing.record(repo), 3, "does not verify")
    signing.service.log, signing.service.ct = right, new_key()
    refused(repo, signing.record(repo), 3, "nothing is recorded: ")


def test_whoever_is_not_pinned_records_nothing_and_is_told_whom_to_pin(signing: Signing, tmp_path: Path) -> None:
    """An entry whose signature nobody believes would break the log for ever."""
    repo = Scratch(tmp_path)
    governed(repo)
    refused(repo, signing.record(repo), 3, f"the identity {WORKFLOW} ({GITHUB}) is pinned for nobody")
    repo.checkout("main")
    repo.commit("Pin it", files={ROLES: to_yaml(pinned(repo, workflow()))})
    repo.checkout("work")
    assert signing.record(repo).code == 0
    assert signing.verified(repo, "--require-signed").code == 0


def test_a_clock_that_differs_records_nothing(repo: Scratch, signing: Signing) -> None:
    signing.service.ahead = timedelta(days=2)
    done = signing.record(repo)
    refused(repo, done, 3, "says that it was signed")
    assert "look at the clock of this machine" in done.err
    signing.service.ahead = -timedelta(hours=1)
    refused(repo, signing.record(repo), 3, "the certificate has expired by the clock of this machine")
    signing.service.ahead = timedelta(minutes=2)
    assert signing.record(repo).code == 0, "the control"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (None, "cannot read"),
        (b"", "is no Sigstore trust configuration"),
        (b"{}", "is no Sigstore trust configuration"),
        (b"\xff\xfe", "is no Sigstore trust configuration"),
        (b"[" * 100_000, "is no Sigstore trust configuration"),
        (b" " * 5_000_000, "it is larger than"),
    ],
    ids=["missing", "empty", "nothing", "no-text", "deep", "large"],
)
def test_a_trust_configuration_that_is_none_is_said(
    repo: Scratch, signing: Signing, tmp_path: Path, content: bytes | None, what: str
) -> None:
    assert signing.record(repo).code == 0
    file = tmp_path / "wrong.json"
    if content is not None:
        file.write_bytes(content)
    for words in (("verify",), ("record", "--sigstore", "--token-variable", VARIABLE)):
        there = {VARIABLE: signing.service.token()}
        done = repo.run("audit", *words, "--trust-config", str(file), **there)
        assert done.code == 2, done
        assert what in done.err
        assert "Traceback" not in done.err


def test_a_trust_configuration_without_services_signs_nothing(repo: Scratch, signing: Signing, tmp_path: Path) -> None:
    data = json.loads(signing.trust.read_text("utf-8"))
    data["signingConfig"]["rekorTlogUrls"] = []
    signing.trust = tmp_path / "less.json"
    signing.trust.write_text(json.dumps(data), "utf-8")
    refused(repo, signing.record(repo), 2, "names no services to sign with")


def test_a_service_that_never_answers_is_not_waited_for(
    repo: Scratch, signing: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    from policy_gate.errors import UndecidedError
    from policy_gate.signing import sigstore_sign
    from policy_gate.signing.sigstore_sign import KeylessSigner, TokenSource

    monkeypatch.setattr(sigstore_sign, "_SECONDS", 0.5)
    monkeypatch.setenv(VARIABLE, signing.service.token())
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        trust = signing.service.trust_config(signing.trust, f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(UndecidedError, match="did not sign the entry within"):
            KeylessSigner(TokenSource(variable=VARIABLE), trust).sign(b"x", signing.service.now)


@pytest.fixture
def two(repo: Scratch, tmp_path: Path) -> tuple[Scratch, Scratch]:
    """Two clones of one remote; the second has something else to record."""
    repo.git("init", "-q", "--bare", str(tmp_path / "shared.git"))
    other = Scratch.__new__(Scratch)
    other.path, other.home = tmp_path / "other", tmp_path / "elsewhere"
    other.home.mkdir()
    shutil.copytree(repo.path, other.path)
    for it in (repo, other):
        it.git("remote", "add", "origin", str(tmp_path / "shared.git"))
    other.commit("More", files={"notes.md": "1\n"})
    return repo, other


def test_an_entry_that_must_move_is_signed_anew(two: tuple[Scratch, Scratch], signing: Signing) -> None:
    mine, other = two
    assert signing.record(mine).code == 0, "recorded here, and not pushed"
    assert signing.record(other, "--remote", "origin").code == 0
    before = commits(mine)
    done = mine.run("audit", "record", "--remote", "origin")
    assert done.code == 2, done
    assert "give --sigstore, with a new token" in done.err
    assert commits(mine) == before
    stranger = signing.service.token("mallory@example.com")
    done = signing.record(mine, "--remote", "origin", token=stranger)
    assert done.code == 2, done
    assert "this token is of mallory@example.com" in done.err
    assert commits(mine) == before
    done = signing.record(mine, "--remote", "origin")
    assert done.code == 0, done
    found = signing.verified(mine, "--require-signed", "--remote", "origin")
    assert (found.code, found.report["signed"]) == (0, found.report["entries"]), found
    assert found.report["entries"] == len(commits(other)) + 1, "the stage of both is one entry"
    assert signing.verified(mine).code == 0, "what this clone saw before was only put elsewhere"


def test_an_entry_that_waited_too_long_is_let_go_as_it_says(two: tuple[Scratch, Scratch], signing: Signing) -> None:
    mine, other = two
    assert signing.record(mine).code == 0
    signing.forged(mine, lambda data: audit_part(data).update(recorded="2026-01-05T00:00:00Z"))
    assert signing.record(other, "--remote", "origin").code == 0
    before = commits(mine)
    done = signing.record(mine, "--remote", "origin")
    assert done.code == 3, done
    assert "no signature of it would count" in done.err
    assert commits(mine) == before
    hint = done.err.partition("keeps it")
    steps = re.findall(r"git (update-ref (?:-d )?[\w/-]+(?: refs/policy-gate/audit(?= keeps))?)", done.err)
    assert hint
    assert len(steps) == 3, done.err
    for step in steps:
        mine.git(*step.split(), ok=False)
    assert mine.git("rev-parse", "refs/policy-gate/audit-left") == before[-1]
    assert signing.record(mine, "--remote", "origin").code == 0
    assert signing.verified(mine, "--require-signed").code == 0


def test_others_that_are_quicker_make_it_sign_again(
    two: tuple[Scratch, Scratch], signing: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody pushes between the signature and the push of it: the entry is signed at its new place, and counts."""
    from policy_gate.app.audit import log_writer
    from policy_gate.audit.append import REF
    from policy_gate.audit.log import read_log
    from policy_gate.audit.signers import SigstoreSigner
    from policy_gate.audit.statements import draft_of
    from policy_gate.cli.audit_options import remote_of
    from policy_gate.signing.sigstore_sign import KeylessSigner, TokenSource

    mine, other = two
    assert signing.record(mine).code == 0
    monkeypatch.setenv(VARIABLE, signing.service.token())
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    class Late(SigstoreSigner):
        """Signs, and then others push first, once."""

        times = 0

        def sign(self, *args: Any) -> bytes:
            made = super().sign(*args)
            self.times += 1
            if self.times == 1:
                assert signing.record(other, "--remote", "origin").code == 0
            return made

    signer = Late(KeylessSigner(TokenSource(variable=VARIABLE), signing.trust))
    with log_writer(mine.path, signer) as log:
        one = read_log(log.repository, commits(mine)[0]).entries[0]
        assert one.entry is not None
        mine.git("update-ref", "-d", REF)
        mine.git("update-ref", "-d", SEEN)
        log.append([draft_of(one.statement, one.entry)], remote_of(mine.path, "origin"), wait=lambda _: None)
    assert signer.times == 2
    found = signing.verified(mine, "--require-signed", "--remote", "origin")
    assert (found.code, found.report["entries"]) == (0, 3), found


def test_one_certificate_serves_for_minutes(signing: Signing, monkeypatch: pytest.MonkeyPatch) -> None:
    from policy_gate.signing.sigstore_sign import KeylessSigner, TokenSource

    monkeypatch.setenv(VARIABLE, signing.service.token())
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    signer = KeylessSigner(TokenSource(variable=VARIABLE), signing.trust)

    def asked() -> tuple[int, int]:
        paths = [path for path, _, _ in signing.service.asked]
        return paths.count("/api/v2/signingCert"), paths.count("/api/v1/log/entries")

    for text in (b"1", b"2"):
        signer.sign(text, signing.service.now)
    assert asked() == (1, 2)
    monkeypatch.setattr("policy_gate.signing.sigstore_sign._CERTIFICATE_SECONDS", -1.0)
    signer.sign(b"3", signing.service.now)
    assert asked() == (2, 3)


@needs_openssh
def test_an_ssh_key_does_not_sign_again_for_an_identity(
    two: tuple[Scratch, Scratch], signing: Signing, tmp_path: Path
) -> None:
    mine, other = two
    key = str(Keyring(tmp_path)["ada"])
    policy = from_yaml(other.read(ROLES))
    policy["roles"]["ciso"]["members"][0]["keys"] = [Keyring(tmp_path).public("ada")]
    other.checkout("main")
    other.commit("Pin a key", files={ROLES: to_yaml(policy)})
    other.checkout("work")
    assert signing.record(mine).code == 0
    recorded(other, "--key", key, "--remote", "origin")
    done = mine.run("audit", "record", "--key", key, "--remote", "origin")
    assert done.code == 2, done
    assert "give --sigstore" in done.err


@needs_openssh
@pytest.mark.parametrize("name", ["statement.json.sig", "statement.json.sigstore.json"])
def test_a_signature_that_is_none_is_told_and_not_moved(
    two: tuple[Scratch, Scratch], signing: Signing, tmp_path: Path, name: str
) -> None:
    mine, other = two
    recorded(mine)
    old = commits(mine)[0]
    text = mine.git("show", f"{old}:statement.json") + "\n"
    put(mine, "", {"statement.json": text, name: "none\n"}, mine.git("log", "-1", "--format=%B", old))
    mine.git("update-ref", "-d", SEEN)
    recorded(other, "--remote", "origin")
    for done in (
        mine.run("audit", "record", "--remote", "origin"),
        mine.run("audit", "record", "--key", str(Keyring(tmp_path)["ada"]), "--remote", "origin"),
        signing.record(mine, "--remote", "origin"),
    ):
        assert done.code in (2, 3), done
        assert "Traceback" not in done.err
        assert len(commits(mine)) == 1
