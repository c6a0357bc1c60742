"""`policy-gate audit record`: judge, and put what was decided into the log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from policy_gate.app.audit import drafts_of, log_writer
from policy_gate.app.check import run_check
from policy_gate.cli import options
from policy_gate.cli.attest import repository_url
from policy_gate.cli.audit_options import key_of, remote_of
from policy_gate.cli.output import tell
from policy_gate.report.views.audit import added_text, entries_json


@click.command(short_help="Judge a change and record the verdict and what it brings.")
@options.base
@options.head
@click.option("--all", "everything", is_flag=True, help="Record the whole head as judged, old gaps too.")
@options.policies
@options.evidence
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Sign with this SSH key: a private key, or the .pub of one that your agent holds.",
)
@click.option("--remote", metavar="NAME", help="Also push to this remote, by name or address; never by force.")
@options.text_or_json
@options.directory
def record(
    *,
    directory: Path,
    policies: Path | None,
    evidence: tuple[Path, ...],
    key: Path | None,
    remote: str | None,
    formats: Any,
    **asked: Any,
) -> int:
    """Judge as `check` does, and append the verdict, approvals that counted, waivers, stages and steps of incidents.

    A verdict is recorded whatever it is; one that does not bind, or undecided, is not. What the log holds already is
    not added again, so a rerun changes nothing. With --remote the entry is put after what others recorded there.

    \b
    Examples:
      policy-gate audit record
      policy-gate audit record --base main~1 --head main --key ~/.ssh/audit
      policy-gate audit record --all --remote origin

    Exit codes: 0 recorded (or recorded before), 1 a document cannot be read, 2 usage, 3 not recorded, 4 a bug.
    """
    request = options.request(
        directory,
        organisation_policies=policies.resolve() if policies else None,
        evidence=tuple(folder.resolve() for folder in evidence),
        **asked,
    )
    signer, far = key_of(key), remote_of(directory, remote)
    report = run_check(request, documented=False)
    drafts = drafts_of(report, request, options.now(), repository_url(request.environment))
    with log_writer(directory, signer) as log:
        done = log.append(drafts, far)
    where = f"at {far.name}" if far else "here"
    tell(
        formats,
        {
            "text": lambda _: added_text(done.added, done.known, where),
            "json": lambda _: entries_json(done.added),
        },
    )
    return 0
