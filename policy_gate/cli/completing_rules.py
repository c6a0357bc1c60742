"""What a shell offers where an id of the policies is wanted: rules, roles, documents, activities."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import click

from policy_gate.cli import options

if TYPE_CHECKING:
    from policy_gate.schema.rule_set import RuleSet

PolicyIds = Literal["rule", "gate-or-rule", "role", "document", "activity", "any"]

_IDS: Final[dict[PolicyIds, Callable[[RuleSet], Iterable[str]]]] = {
    "rule": lambda policy: (*policy.plain_rules, *policy.controls, *policy.gates),
    "gate-or-rule": lambda policy: (*policy.gates, *policy.plain_rules),
    "role": lambda policy: policy.roles,
    "document": lambda policy: policy.artifacts,
    "activity": lambda policy: policy.raci,
    "any": lambda policy: (
        *policy.plain_rules, *policy.controls, *policy.gates, *policy.artifacts, *policy.tests, *policy.roles,
    ),
}  # fmt: skip


def completing_rules(kind: PolicyIds) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Completes ids of the policies as the files here say them."""

    def known() -> Iterable[str]:
        from policy_gate.cli.policies_here import policies_here  # noqa: PLC0415 - only for a shell that completes

        return sorted({*_IDS[kind](policies_here(Path(), None))})

    return options.offering(known)
