"""Audit entries signed with Sigstore, as tests make them: a repository whose roles pin identities, and its service."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from audit_log import canonical, commits, put, statement
from scratch import Result, Scratch
from world import base_files, from_yaml, high_system, to_yaml

try:
    import sigstore  # noqa: F401
    from fakes.sigstore import GITHUB, WORKFLOW, Sigstore
except ImportError:  # the extra is not installed here
    GITHUB = WORKFLOW = ""
    Sigstore = Any

needs_sigstore = pytest.mark.skipif(not WORKFLOW, reason="the library sigstore is not installed here")
ROLES = "policies/roles.yaml"
VARIABLE = "THE_IDENTITY"
SEEN = "refs/policy-gate/audit-seen/here"


def pinned(repo: Scratch, *identities: dict[str, Any], role: str = "ciso", member: int = 0) -> dict[str, Any]:
    """The roles of the work tree with these identities for a member of a role."""
    policy = from_yaml(repo.read(ROLES))
    person = policy["roles"][role]["members"][member]
    person["identities"] = [*person.get("identities", []), *identities]
    return policy


def workflow(**more: Any) -> dict[str, Any]:
    """The identity of the audit workflow, as roles pin it."""
    return {"issuer": GITHUB, "identity": WORKFLOW, **more}


def governed(repo: Scratch, *identities: dict[str, Any]) -> None:
    """A repository with one change to record, whose base pins these identities for Ada Example, the CISO."""
    repo.write(base_files())
    repo.write({ROLES: to_yaml(pinned(repo, *identities))})
    repo.declare(high_system("development"))
    repo.commit("Govern this repository", by="Rae Kim", files={"keep": ""})
    repo.promote()


class Signing:
    """How one service is used from a repository: the trust configuration lies outside of it."""

    def __init__(self, service: Any, folder: Path) -> None:
        self.service = service
        self.trust = service.trust_config(folder / "trust.json")

    def record(self, repo: Scratch, *args: str, token: str | None = None, **env: str) -> Result:
        """`audit record --sigstore` with a token in a variable."""
        there = {VARIABLE: self.service.token() if token is None else token, "NO_PROXY": "127.0.0.1"} | env
        options = ("--sigstore", "--token-variable", VARIABLE, "--trust-config", str(self.trust))
        return repo.run("audit", "record", *options, *args, **there)

    def verified(self, repo: Scratch, *args: str) -> Result:
        """`audit verify` as JSON by this service's trust root."""
        return repo.run("audit", "verify", "--format", "json", "--trust-config", str(self.trust), *args)

    def forged(
        self,
        repo: Scratch,
        change: Callable[[dict[str, Any]], None] | None = None,
        bundle: Callable[[bytes], Any] | None = None,
        **about: Any,
    ) -> None:
        """The first entry anew, alone in the log, with a bundle that somebody made for it by hand."""
        old = commits(repo)[0]
        data = statement(repo, old)
        if change:
            change(data)
        text = canonical(data)
        made = bundle(text.encode()) if bundle else self.service.bundle(text.encode(), **about)
        spelt = made if isinstance(made, str) else canonical(made)
        files = {"statement.json": text, "statement.json.sigstore.json": spelt}
        put(repo, "", files, repo.git("log", "-1", "--format=%B", old))
        repo.git("update-ref", "-d", SEEN, ok=False)


def bundle_of(repo: Scratch, commit: str) -> dict[str, Any]:
    """The bundle of one entry."""
    found: dict[str, Any] = json.loads(repo.git("show", f"{commit}:statement.json.sigstore.json"))
    return found


def without_library(folder: Path) -> dict[str, str]:
    """An environment in which the library `sigstore` is not found."""
    (folder / "sigstore").mkdir(parents=True)
    (folder / "sigstore" / "__init__.py").write_text('raise ImportError("not here")\n', "ascii")
    return {"PYTHONPATH": f"{folder}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
