"""The typed variables that conditions may use, by the subject a rule speaks of, and spelling help."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import get_args

from policy_gate.schema.policy_document import FactSpec
from policy_gate.schema.vocabulary import DIMENSIONS, Subject

SUBJECTS: tuple[Subject, ...] = get_args(Subject)

_SYSTEM = {
    "system.id": "STRING",
    "system.stage": "STRING",
    "system.from_stage": "STRING",
    "system.tier": "STRING",
    "system.score": "INT",
    **{f"system.{dimension}": "STRING" for dimension in DIMENSIONS},
    "system.law_class": "LIST<STRING>",
    "system.regulations": "LIST<STRING>",
    "system.has_model_card": "BOOL",
    "system.has_vendors": "BOOL",
    "system.claims_code": "BOOL",
    "system.has_incident_contact": "BOOL",
    "system.deployment_date": "STRING",
    "system.reclassified_declared": "BOOL",
    "system.declared": "LIST<STRING>",
    "system.regulations_evaluated": "BOOL",
    "today.date": "STRING",
}

_VENDOR = {
    "vendor.id": "STRING",
    "vendor.vendor_name": "STRING",
    "vendor.product_name": "STRING",
    "vendor.access_type": "STRING",
    "vendor.data_sent": "STRING",
    "vendor.use_case": "STRING",
    "vendor.soc2_type2_certified": "BOOL",
    "vendor.iso27001_certified": "BOOL",
    "vendor.penetration_tested": "BOOL",
    "vendor.bug_bounty_program": "BOOL",
    "vendor.data_retention_days": "INT",
    "vendor.opt_out_of_training": "BOOL",
    "vendor.sla_uptime_percentage": "DOUBLE",
    "vendor.has_fallback_provider": "BOOL",
    "vendor.has_dpa": "BOOL",
    "vendor.eu_data_residency": "BOOL",
    "vendor.liability_cap": "STRING",
    "vendor.audit_rights": "BOOL",
    "vendor.assessed_on": "STRING",
}

_CHANGE = {
    "change.kind": "STRING",
    "change.field": "STRING",
    "change.before": "STRING",
    "change.after": "STRING",
    "change.weakening": "BOOL",
}

_METRIC = {
    "metric.name": "STRING",
    "metric.group": "STRING",
    "metric.value": "DOUBLE",
    "metric.threshold": "DOUBLE",
    "metric.has_value": "BOOL",
    "metric.has_threshold": "BOOL",
    "metric.meets": "BOOL",
}

_INCIDENT = {"incident.id": "STRING", "incident.severity": "STRING", "incident.state": "STRING"}

_OWN: Mapping[Subject, Mapping[str, str]] = {
    "system": {},
    "vendor": _VENDOR,
    "change": _CHANGE,
    "metric": _METRIC,
    "incident": _INCIDENT,
}

BUILT_IN_NAMES = frozenset(_SYSTEM)
"""Names that a declared fact may not take."""


def variables(facts: Mapping[str, FactSpec]) -> Mapping[Subject, Mapping[str, str]]:
    """For each subject, the names a condition may use and their CEL types.

    `facts` are the fact specs of the policies by id; each is there as `system.<id>`. A type is one of BOOL,
    INT, DOUBLE, STRING and LIST<STRING>. Every subject sees `system.*`, `today.*` and its own names.
    """
    system = {**_SYSTEM, **{f"system.{name}": spec.type for name, spec in facts.items()}}
    return MappingProxyType({subject: MappingProxyType({**system, **own}) for subject, own in _OWN.items()})
