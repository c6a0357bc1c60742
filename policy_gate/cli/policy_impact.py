"""`policy-gate policy impact`: what other policies would do to every system here, and to the last merges."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click
import msgspec

from policy_gate.app.policy_impact import policy_impact
from policy_gate.app.recorded_facts import impact_on_registry, recorded
from policy_gate.cli import options
from policy_gate.cli.output import show, tell
from policy_gate.errors import UsageError
from policy_gate.report.sanitise import json_text
from policy_gate.report.views.policy_impact import impact_json, impact_text


@click.command(short_help="Show what other policies would do here.")
@click.option(
    "--policies",
    "proposed",
    required=True,
    metavar="DIR|REF",
    help="The policies that would hold; a folder goes first.",
)
@click.option(
    "--in-force",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="The organisation's layer of rules that holds now.",
)
@click.option(
    "--last", type=click.IntRange(1, 1000), metavar="N", help="Also judge the last N merges of the base branch."
)
@click.option("--base", metavar="REF", help="The branch whose policies hold now, and whose merges are judged.")
@click.option("--head", metavar="REF", help="The systems of this commit. Default: the files as they are now.")
@click.option(
    "--registry",
    type=click.Path(exists=True, path_type=Path),
    metavar="FILE|DIR",
    help="Facts of other repositories' systems in place of those here.",
)
@options.systems
@options.as_of
@options.text_or_json
@options.directory
def impact(
    *,
    proposed: str,
    in_force: Path | None,
    last: int | None,
    base: str | None,
    head: str | None,
    registry: Path | None,
    systems: tuple[str, ...],
    as_of: date | None,
    formats: Any,
    directory: Path,
) -> int:
    """Show what other policies would do to every system here, and which of their rules do it.

    DIR is this repository's own folder of policies as it is now, or an organisation's; REF is a commit with
    other policies of this repository. Both are held against the policies in force, those of the base branch.
    Each system is taken as `check --all` takes it, each merge as it was; no forge is asked for approvals.
    With --registry nothing is cloned: rules are asked of the facts that `policy facts` recorded elsewhere, and
    what facts alone do not tell is unknown.

    \b
    Examples:
      policy-gate policy impact --policies policies
      policy-gate policy impact --policies stricter-rules --last 20
      policy-gate policy impact --policies ../org-policies --in-force /etc/org-policies --format json
      policy-gate policy impact --policies ../org-policies --registry facts.jsonl

    Exit codes: 0 told, 2 these policies cannot be read, 3 today's cannot be, or no system is declared.
    """
    if registry is not None:
        _alone("--registry", last=last, base=base, head=head, system=systems or None)
        day = as_of or options.today()
        found = impact_on_registry(registry, directory / proposed, in_force, day)
        tell(formats, {"text": lambda render: impact_text(found, render), "json": lambda _: impact_json(found)})
        return 0
    asked = options.request(
        directory,
        as_of=as_of,
        systems=systems,
        base=base,
        head=head or "HEAD",
        worktree=head is None,
        organisation_policies=in_force.resolve() if in_force else None,
    )
    found = policy_impact(asked, proposed, last or 0)
    tell(formats, {"text": lambda render: impact_text(found, render), "json": lambda _: impact_json(found)})
    return 0


@click.command(short_help="Record the facts of the systems here for a registry.")
@options.policies
@options.directory
def facts(*, policies: Path | None, directory: Path) -> int:
    """Record the facts of every system here as one line of JSON, for `policy impact --registry`.

    \b
    Example:
      policy-gate policy facts >> ../facts.jsonl
    """
    said = msgspec.json.encode(recorded(options.view(directory, policies)), enc_hook=str).decode()
    show(json_text(said))
    return 0


def _alone(option: str, **others: object) -> None:
    """UsageError where an option that asks about this repository is given, too."""
    given = [f"--{name}" for name, value in others.items() if value]
    if given:
        raise UsageError(f"{option} and {given[0]} do not go together", hint="a registry has no history")
