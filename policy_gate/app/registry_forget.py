"""Repositories that are none of an organisation's any more, taken out of what its registry says now."""

from __future__ import annotations

from collections.abc import Sequence

from policy_gate import __version__
from policy_gate.app.registry_database import open_registry
from policy_gate.documents.spelling import spelling_hint
from policy_gate.errors import UsageError


def forget_repositories(database: str | None, names: Sequence[str], at: str) -> tuple[tuple[str, bool], ...]:
    """Forget all of them, as a sync of its own; with each name whether something was known of it until now.

    UsageError where one is no repository of the registry; then none is forgotten.
    """
    with open_registry(database) as looked_at:
        known = looked_at.known_repositories()
    for name in names:
        if name not in known:
            hint = spelling_hint(name, known, none="the registry holds no repository")
            raise UsageError(f'no repository "{name}" in the registry', hint=hint)
    with open_registry(database, for_writing=True) as registry:
        registry.begin_sync(__version__, at)
        done = tuple((name, bool(registry.forget(name))) for name in dict.fromkeys(names))
        registry.end_sync(at)
    return done
