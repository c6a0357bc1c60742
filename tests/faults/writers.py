"""The commands that write files, with the state that they start from; `tests/audit` does the same to the audit log."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from incident_world import SUPPORT_BOT
from scratch import Scratch
from world import ROLE_HOLDERS, days_ago, high_system, roles, to_yaml

GATE = "pre-deployment-security-review"
REASON = "The red team is booked for the first week of January."
APPROVE = ("approve", "--for", GATE, "--system", "SYS-001", "--role", "ciso", "--yes")
WAIVE = ("waive", "--system", "SYS-001", "--rule", GATE, "--subject", "red-team-report", "--reason", REASON,
         "--expires", days_ago(-30), "--approver", "Rae Kim", "--yes")  # fmt: skip
OPEN = ("incident", "open", "--system", "SYS-002", "--type", "privacy_violation", "--severity", "high", "--id",
        "INC-2026-007", "--at", "2026-11-20T09:00:00Z", "--description", "Seen by another.")  # fmt: skip


class Writer(NamedTuple):
    """A command that writes; `before` are others that have to have run."""

    command: tuple[str, ...]
    state: str
    before: tuple[tuple[str, ...], ...] = ()
    again: tuple[int, ...] = (0,)
    """what the same command answers when it comes after one that was ended: 2 where it says that all is there"""


def promoted(repo: Scratch) -> None:
    repo.adopt(high_system("development"))
    repo.promote()
    repo.iam(ROLE_HOLDERS["ciso"])


def lacking(repo: Scratch) -> None:
    repo.adopt(high_system("pre_deployment"))
    repo.edit(artifacts=[item for item in repo.entry()["artifacts"] if item["id"] != "red-team-report"])
    repo.remove("governance/red-team-report.md")
    repo.commit("The red team has not been here")


def supported(repo: Scratch) -> None:
    repo.commit("Govern", files={"governance.yaml": SUPPORT_BOT, "policies/roles.yaml": to_yaml(roles())})


def unadopted(repo: Scratch) -> None:
    app = "import openai\n\nprint(openai.OpenAI().models.list())\n"
    repo.commit("An app", files={"app.py": app, "requirements.txt": "openai==1.0\n"})


def hooked(repo: Scratch) -> None:
    promoted(repo)
    hook = repo.path / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 0\n")
    hook.chmod(0o755)


STATES: dict[str, Callable[[Scratch], None]] = {
    it.__name__: it for it in (promoted, lacking, supported, unadopted, hooked)
}
FORMATS = ("json", "sarif", "html", "markdown", "junit", "codequality", "oscal", "ics")
REPORTS = ("check", *(word for it in FORMATS for word in ("--format", f"{it}=r.{it}")))
TRIAGE = ("incident", "triage", "INC-2026-007", "--risk", "high", "--at", "2026-11-20T10:00:00Z")
CHAIN = ("hook", "install", "--chain")
SYNC = ("registry", "sync", ".", "--jobs", "1")
RECORD = ("audit", "record")
WRITERS: dict[str, Writer] = {
    "approve": Writer(APPROVE, "promoted", again=(0, 2)),
    "waive": Writer(WAIVE, "lacking", again=(0, 2)),
    "incident open": Writer(OPEN, "supported", again=(0, 2)),
    "incident triage": Writer(TRIAGE, "supported", (OPEN,), again=(0, 2)),
    "draft": Writer(("draft", "red-team-report", "--system", "SYS-001"), "lacking", again=(0, 2)),
    "draft --all": Writer(("draft", "--all"), "lacking", again=(0, 2)),
    "init": Writer(("init", "--yes"), "unadopted", again=(0, 2)),
    "guide": Writer(("guide", "--write"), "promoted"),
    "hook install": Writer(("hook", "install"), "promoted"),
    "hook install --chain": Writer(CHAIN, "hooked"),
    "hook uninstall": Writer(("hook", "uninstall"), "promoted", (("hook", "install"),)),
    "hook uninstall, chained": Writer(("hook", "uninstall"), "hooked", (CHAIN,)),
    "reports": Writer(REPORTS, "promoted", again=(1,)),
    "attestation": Writer(("check", "--attest", "a.json"), "promoted", again=(1,)),
    "audit export": Writer(("audit", "export", "--format", "jsonl=audit.jsonl"), "promoted", (RECORD,)),
    "evidence page": Writer(("evidence", "-o", "page.html"), "promoted"),
    "evidence zip": Writer(
        ("evidence", "--system", "SYS-001", "--from", "2026-01-01", "--to", "2099-01-01", "-o", "e.zip"), "promoted"
    ),
    "card render": Writer(("card", "render", "MODEL_CARD.md", "--format", "html=card.html"), "promoted"),
    "registry sync": Writer(SYNC, "promoted"),
    "registry export": Writer(("registry", "export", "--format", "json", "-o", "registry.json"), "promoted", (SYNC,)),
    "registry report": Writer(("registry", "report", "--html", "p.html", "--ics", "p.ics"), "promoted", (SYNC,)),
}  # fmt: skip
