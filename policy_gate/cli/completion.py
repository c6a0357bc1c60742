"""`policy-gate completion`: the script that completes commands, options and declared ids in a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from policy_gate.cli.app import app
from policy_gate.cli.output import show


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print the completion script of a shell. It completes commands, options, and ids of systems, vendors,
    rules, roles and documents.

    \b
    Examples:
      eval "$(policy-gate completion bash)"
      policy-gate completion fish > ~/.config/fish/completions/policy-gate.fish
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"no completion for {shell}")
    show(kind(app, {}, "policy-gate", "_POLICY_GATE_COMPLETE").source())
    return 0
