"""The command group: which commands there are, and where each is found once it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from policy_gate import __version__
from policy_gate.cli import options

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class LazyGroup(click.Group):
    """A group that imports a command's module only when the command is named, or all of them for help."""

    def __init__(self, *args: Any, lazy: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = self.lazy.get(cmd_name)
        if place is None:
            return None
        module, name = place.split(":")
        command: click.Command = getattr(import_module(f"policy_gate.cli.{module}"), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = args and (args[0] in self.lazy or args[0].startswith("-"))
        if args and not known and not ctx.resilient_parsing:
            import difflib  # noqa: PLC0415 - only where something is misspelt

            near = difflib.get_close_matches(args[0], self.lazy, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"there are {', '.join(self.lazy)}"
            raise click.UsageError(f'no command "{args[0]}"; {hint}', ctx)
        return super().resolve_command(ctx, args)


COMMANDS = {
    "check": "check:check",
    "init": "init:init",
    "demo": "demo:demo",
    "discover": "discover:discover",
    "doctor": "doctor:doctor",
    "classify": "classify:classify",
    "explain": "explain:explain",
    "card": "card:card",
    "law": "law:law",
    "draft": "draft:draft",
    "guide": "guide:guide",
    "approve": "approve:approve",
    "waive": "waive:waive",
    "vendor": "vendor:vendor",
    "incident": "incident:incident",
    "raci": "raci:raci",
    "audit": "audit:audit",
    "evidence": "evidence:evidence",
    "ci": "ci:ci",
    "hook": "hook:hook",
    "policy": "policy:policy",
    "registry": "registry:registry",
    "completion": "completion:completion",
}


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    context_settings=CONTEXT,
    epilog="Exit codes: 0 pass, 1 block, 2 usage, 3 undecided, 4 a bug in policy-gate.",
)
@click.version_option(__version__, prog_name="policy-gate")
@options.directory
def app(directory: Path) -> None:
    """A merge gate for repositories that hold AI systems.

    It compares what merging a change would give with the branch merged into, and fails while an
    artifact, approval or test that the rules require is missing.

    \b
    Start here:
      policy-gate demo                 watch it work on a small repository
      policy-gate init                 govern this repository
      policy-gate check --worktree     what do my uncommitted files still lack?
    """


__all__ = ["CONTEXT", "LazyGroup", "app"]
