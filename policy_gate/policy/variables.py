"""The typed variables that conditions may use, by the subject a rule speaks of, and spelling help."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from policy_gate.schema.rule_set import FactDefinition
from policy_gate.schema.rule_targets import TARGETS, TODAY
from policy_gate.schema.vocabulary import Subject

SUBJECTS = tuple(TARGETS)

BUILT_IN_NAMES = frozenset((*TARGETS["system"].fields, TODAY))
"""Names that a declared fact may not take."""


def variables(facts: Mapping[str, FactDefinition]) -> Mapping[Subject, Mapping[str, str]]:
    """For each subject, the names a condition may use and their CEL types.

    `facts` are the fact specs of the policies by id; each is there as `system.<id>`. A type is one of BOOL,
    INT, DOUBLE, STRING and LIST<STRING>. Every subject sees `system.*`, `today.*` and its own names.
    """
    system = {
        **TARGETS["system"].fields,
        TODAY: "STRING",
        **{f"system.{id_}": fact.type for id_, fact in facts.items()},
    }
    return MappingProxyType({name: MappingProxyType({**system, **target.fields}) for name, target in TARGETS.items()})
