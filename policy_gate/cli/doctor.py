"""`policy-gate doctor`: whether this repository is set up so that the gate holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from policy_gate.app.doctor import doctor as examined
from policy_gate.cli import options
from policy_gate.cli.output import tell
from policy_gate.report.views.doctor import setup_json, setup_text


@click.command(short_help="Say whether the gate is set up to hold.")
@click.option("--base", metavar="REF", help="The branch merged into. Default: as for check.")
@click.option("--head", metavar="REF", help="Look at this commit. Default: the files as they are now.")
@click.option("--no-forge", is_flag=True, help="Ask no forge, and leave out of account what only it can tell.")
@options.policies
@options.text_or_json
@options.directory
def doctor(
    *, base: str | None, head: str | None, no_forge: bool, policies: Path | None, formats: Any, directory: Path
) -> int:
    """Say whether this repository is set up so that the gate holds, and what mends what does not.

    Roles, keys, manifests, policies, CI file, pins and records are read from the files. Whether the check is
    required and the branch protected only the forge knows: it is asked where GITHUB_REPOSITORY and GITHUB_TOKEN, or on
    GitLab CI_PROJECT_ID, CI_API_V4_URL and POLICY_GATE_GITLAB_TOKEN, say where and as whom.

    \b
    Examples:
      policy-gate doctor
      policy-gate doctor --no-forge --format json

    Exit codes: 0 nothing to mend, 1 something to mend, 2 usage, 3 it cannot be told.
    """
    asked = options.request(
        directory,
        base=base,
        head=head or "HEAD",
        worktree=head is None,
        everything=True,
        organisation_policies=policies.resolve() if policies else None,
    )
    found = examined(asked, ask_forge=not no_forge)
    tell(formats, {"text": lambda render: setup_text(found, render), "json": lambda _: setup_json(found)})
    return found.exit_code
