"""H35: a self-managed forge whose certificate is of a private authority is fetched from and asked, by any variable."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.forge_server import Answer, Asked, ForgeServer
from git_server import GitServer
from scratch import Scratch
from tls_front import TlsFront

from policy_gate.forges.errors import UnreachableError
from policy_gate.forges.github import GitHub
from policy_gate.forges.github_answers import Release
from policy_gate.vcs.authorities import NAMED, authorities_for
from policy_gate.vcs.clone import Address, Clone, Want
from policy_gate.vcs.hardening import lay_out_repository

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]
OF_GITLAB = "CI_SERVER_TLS_CA_FILE"


class _Releases(ForgeServer):
    def respond(self, request: Asked) -> Answer:
        return Answer(200, {"tag_name": request.path})


@pytest.fixture(autouse=True)
def _nobody_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    for name in (*NAMED, OF_GITLAB, "CI_SERVER_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def api(tmp_path: Path) -> Iterator[TlsFront]:
    with _Releases() as server, TlsFront(tmp_path, server.url) as front:
        yield front


@pytest.fixture
def served(tmp_path: Path, scratch: Scratch) -> Iterator[TlsFront]:
    scratch.commit("One", files={"a": "1\n"})
    with GitServer(tmp_path / "served") as server, TlsFront(tmp_path, server.url) as front:
        server.host(scratch.path, "org/repo")
        yield front


def _fetched(folder: Path, url: str) -> str:
    """Empty, or why not."""
    bare = folder / f"bare{len(list(folder.iterdir()))}"
    bare.mkdir()
    lay_out_repository(bare, folder, "sha1")
    (bare / "objects" / "info" / "alternates").unlink()
    clone = Clone(bare, Address(f"{url}/org/repo.git"), lambda _: None)
    return clone.fetch(Want("refs/heads/main", "refs/heads/main"))


def _asked(url: str) -> str:
    with GitHub(url, "secret", "contents: read", "org/repo") as client:
        return client.one(Release, "/releases/latest", "the newest release").tag_name


@pytest.mark.parametrize("name", NAMED)
def test_h35_one_variable_is_enough_for_what_is_fetched_and_what_is_asked(
    tmp_path: Path, api: TlsFront, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnreachableError, match="not trusted"):
        _asked(api.url)
    monkeypatch.setenv(name, str(api.authority))
    assert _asked(api.url) == "/releases/latest"


@pytest.mark.parametrize("name", NAMED)
def test_h35_the_same_for_git(tmp_path: Path, served: TlsFront, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "ertificate" in _fetched(tmp_path, served.url)
    monkeypatch.setenv(name, str(served.authority))
    assert _fetched(tmp_path, served.url) == ""


def test_h35_what_gitlabs_runner_tells_is_for_its_server_alone(api: TlsFront, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OF_GITLAB, str(api.authority))
    for elsewhere in ("", "https://gitlab.example.com"):
        monkeypatch.setenv("CI_SERVER_URL", elsewhere)
        with pytest.raises(UnreachableError):
            _asked(api.url)
    monkeypatch.setenv("CI_SERVER_URL", api.url)
    assert _asked(api.url) == "/releases/latest"


def test_h35_a_file_that_is_not_there_or_not_told_whole_is_nobodys(tmp_path: Path) -> None:
    file, url = tmp_path / "a.pem", "https://gitlab.example.com/x"
    assert authorities_for(url, {"SSL_CERT_FILE": str(file)}) == ""
    file.write_text("", "utf-8")
    assert authorities_for(url, {"SSL_CERT_FILE": str(file)}) == str(file)
    assert authorities_for(url, {"SSL_CERT_FILE": os.path.relpath(file)}) == ""
    assert authorities_for(url, {"SSL_CERT_FILE": f"/{'x' * 5000}", "CURL_CA_BUNDLE": str(file)}) == str(file)
    assert authorities_for("file:///x", {OF_GITLAB: str(file)}) == ""
