"""`policy-gate demo`: watch the gate work on a small repository."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

from policy_gate.cli import options
from policy_gate.cli.output import say, show
from policy_gate.demo import Step, tell
from policy_gate.errors import UsageError

_NOT_AS_TOLD = 4


@click.command(short_help="Watch a change blocked, done and passed.")
@click.option("--keep", type=click.Path(path_type=Path), metavar="DIR", help="Leave the repository in this new folder.")
@options.directory
def demo(*, keep: Path | None, directory: Path) -> int:
    """Build a repository with three AI systems; block a change, do the work, see it pass, try to cheat.

    Everything is real: git, commits by different people, signatures by keys made for it (where there is
    an ssh-keygen), and this command run on each step. Nothing outside the new folder is touched.

    \b
    Examples:
      policy-gate demo
      policy-gate demo --keep screener-demo
    """
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="policy-gate-demo-", ignore_cleanup_errors=True) as folder:
            return _ending(tell(Path(folder), show, options.today(), os.environ))
    place = directory / keep
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise UsageError(f"{keep} is not empty", hint="name a folder that is not there yet")
    place.mkdir(parents=True, exist_ok=True)
    code = _ending(tell(place, show, options.today(), os.environ))
    say(f"The repository is in {keep}; steps.json there lists the tags, commands and exit codes.")
    return code


def _ending(steps: tuple[Step, ...]) -> int:
    astray = [step for step in steps if step.exit != step.expected]
    if astray:
        for step in astray:
            say(f"policy-gate {' '.join(step.command)} gave exit {step.exit}, and should have given {step.expected}")
        return _NOT_AS_TOLD
    show("\nOne change blocked, done and passed; four tricks tried, four caught; one incident heeded. As told, exit 0.")
    return 0
