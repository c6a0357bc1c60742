"""The database of a registry, opened for a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_gate.errors import UsageError

if TYPE_CHECKING:
    from policy_gate.registry.store import Registry


def open_registry(named: str | None, *, for_writing: bool = False) -> Registry:
    """The registry that a path or URL names, `registry.db` of this folder without one; close it when done.

    UsageError where it cannot be opened, or what keeps it is not installed.
    """
    try:
        from policy_gate.registry.store import Registry  # noqa: PLC0415 - an extra, and slow
    except ModuleNotFoundError as error:
        hint = 'run pip install "ai-policy-gate[registry]"'
        raise UsageError(f"{error.name} is not installed, which a registry needs", hint=hint) from None
    return Registry.open(named, for_writing=for_writing)


def upgrade_registry(named: str | None) -> int:
    """Bring a database to the schema of this version, and make it where there is none; the number of the schema."""
    with open_registry(named, for_writing=True):
        from policy_gate.registry.upgrade import newest_schema  # noqa: PLC0415 - an extra, and slow

        return newest_schema()
