"""Every command removes what it made for itself, whatever its answer: the folder for temporary files is empty again."""

from __future__ import annotations

from pathlib import Path

import pytest
from scratch import Scratch

from policy_gate.cli.app import app

pytestmark = pytest.mark.real_git
APPROVE = ("approve", "--for", "pre-deployment-security-review", "--system", "SYS-001", "--role", "ciso")
CALLS: dict[str, tuple[tuple[str, ...], ...]] = {
    "approve": ((*APPROVE, "--yes"), (*APPROVE[:4], "SYS-999", *APPROVE[5:]), ("approve", "--for", "nothing", "--yes")),
    "audit": (("audit", "record"), ("audit", "log"), ("audit", "query"), ("audit", "verify", "--replay"),
              ("audit", "export"), ("audit", "record", "--sigstore")),
    "card": (("card", "check", "MODEL_CARD.md"), ("card", "diff", "MODEL_CARD.md")),
    "check": (("check",), ("check", "--worktree"), ("check", "--all"), ("check", "--base", "nosuch")),
    "ci": (("ci", "github"), ("ci", "gitlab")),
    "classify": (("classify",),),
    "completion": (("completion", "bash"),),
    "demo": (("demo", "--help"),),
    "discover": (("discover",), ("discover", "--base", "main")),
    "doctor": (("doctor",),),
    "draft": (("draft", "model-card"), ("draft", "--all")),
    "evidence": (("evidence", "-o", "page.html"), ("evidence", "-o", "page.zip"),
                 ("evidence", "--system", "SYS-001", "--from", "2026-01-01", "--to", "2099-01-01", "-o", "e.zip")),
    "explain": (("explain", "ciso"), ("explain", "pre-deployment-security-review", "--system", "SYS-001")),
    "guide": (("guide",), ("guide", "--write")),
    "hook": (("hook", "install"), ("hook", "pre-commit"), ("hook", "uninstall")),
    "incident": (("incident", "open"), ("incident", "status"), ("incident", "triage", "INC-1")),
    "init": (("init", "--yes"),),
    "law": (("law",),),
    "policy": (("policy", "lint"), ("policy", "list"), ("policy", "test"), ("policy", "facts"),
               ("policy", "pack", "verify"), ("policy", "pack", "verify", "file:///nowhere")),
    "raci": (("raci",),),
    "registry": (("registry", "upgrade"), ("registry", "list"), ("registry", "show", "SYS-001"),
                 ("registry", "export"),
                 ("registry", "sync", ".", "--jobs", "1"), ("registry", "sync", "nowhere"), ("registry", "record"),
                 ("registry", "forget", "nothing"),
                 ("registry", "ask"), ("registry", "ask", "all-systems"),
                 ("registry", "report"), ("registry", "serve")),
    "vendor": (("vendor", "assess"), ("vendor", "questionnaire", "acme"), ("vendor", "import", "nothing.csv")),
    "waive": (("waive", "--help"),),
}  # fmt: skip


def test_every_command_is_called_here() -> None:
    assert set(CALLS) == set(app.list_commands(None))  # type: ignore[arg-type] # the names need no context


@pytest.mark.parametrize("call", [call for calls in CALLS.values() for call in calls], ids=" ".join)
def test_the_folder_for_temporary_files_is_empty_again(scratch: Scratch, tmp_path: Path, call: tuple[str, ...]) -> None:
    scratch.adopt()
    scratch.promote()
    own = tmp_path / "temporary"
    own.mkdir()
    done = scratch.run(*call, TMPDIR=str(own))
    assert "Traceback" not in done.err
    assert [path.name for path in own.iterdir()] == []
