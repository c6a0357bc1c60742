"""The one table of rule targets: what a rule may be about, by which typed fields, and how each is found.

The compiler takes the names and types of conditions from here, lint what may be said of them, the evaluator
its subjects, and the decision what a waiver must name. A new target is one entry of TARGETS, and its name in
`vocabulary.Subject`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, get_args, get_origin

from msgspec import Struct, field

from policy_gate.schema.change import SEEN_IN_REPOSITORY, Change
from policy_gate.schema.documents import RiskProfile
from policy_gate.schema.facts import EvidenceState, Facts
from policy_gate.schema.incidents import INCIDENT_STATED, INCIDENT_WORKED_OUT
from policy_gate.schema.strict import literal_words
from policy_gate.schema.target_instances import (
    TargetInstance,
    each_change,
    each_incident,
    each_metric,
    each_model,
    each_test,
    each_vendor,
    the_system,
)
from policy_gate.schema.vendor_document import VENDOR_FIELDS, VendorEntry
from policy_gate.schema.vocabulary import (
    DIMENSIONS,
    RISKS,
    SERIOUS_INCIDENTS,
    SEVERITIES,
    STAGES,
    TIERS,
    VENDOR_TIERS,
    Subject,
)

Fields = Mapping[str, str]
"""Qualified names to their CEL types: BOOL, INT, DOUBLE, STRING or LIST<STRING>."""

TODAY: Final = "today.date"
"""The one name that every target sees: the day of the check, as YYYY-MM-DD."""

CHANGES_OF_REPOSITORY: Final = (
    *("policy-changed", "enforcement-changed", "unread-manifest-removed", "waivers-changed"),
    *SEEN_IN_REPOSITORY,
)
"""The kinds of change that no system has: of the policies, of the CI files that run the gate, of
manifests that cannot be read, of the waivers, of code that no system claims."""

LAW_FACTS_STATED: Final = "system.law_facts_stated"
"""True where every row of law can be told of the system; absent where one cannot."""

LAW_STANDING: Final = ("system.laws_excluded", "system.laws_undeclared", "system.laws_superseded")
"""Declared laws that the facts exclude, laws they bring in that are not declared, declared ones that were replaced."""

OBSERVED: Final = ("observed_models", "observed_vendors", "observed_hosts", "observed_weights", "observed_prompts")
"""What the code of a system shows, by its name under `system.` and as the field of a change; known where asked for."""


class RuleTarget(Struct, frozen=True):
    """What `for_each` may say. `fields` are its own names; where it has a system, it sees `system.*` too.

    `instances` finds them in the facts of one system (None for the repository itself) and in the changes
    of the same, at a moment. `words` are the values that its closed fields can have.
    """

    fields: Fields
    instances: Callable[[Facts | None, Sequence[Change], datetime], Iterable[TargetInstance]]
    is_one_of_several: bool = False
    """a system can have several that need different work: findings stand apart, and a waiver names one"""
    may_lack_system: bool = False
    """some of its instances are the repository's: there is no system, nor evidence of one, to look at"""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_CEL_TYPES: Mapping[Any, str] = {bool: "BOOL", int: "INT", float: "DOUBLE", str: "STRING", date: "STRING"}


def _cel_type(annotation: Any) -> str:
    """The CEL type of a field of a document; dates and closed words are text."""
    if get_origin(annotation) is Annotated:
        return _cel_type(get_args(annotation)[0])
    if annotation in _CEL_TYPES:
        return _CEL_TYPES[annotation]
    if get_origin(annotation) is Literal:
        return "STRING"
    if get_origin(annotation) is list:
        return "LIST<STRING>"
    return next(_cel_type(branch) for branch in get_args(annotation) if branch is not type(None))


_SYSTEM = RuleTarget(
    fields={
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
        "system.is_promoted": "BOOL",
        "system.has_incident_contact": "BOOL",
        "system.deployment_date": "STRING",
        "system.reclassified_declared": "BOOL",
        "system.reclassification_reviewed": "BOOL",
        "system.has_selection_rates": "BOOL",
        "system.names_personal_data": "BOOL",
        "system.names_automatic_decisions": "BOOL",
        "system.selection_rate_ratio": "DOUBLE",
        "system.largest_group_gap": "DOUBLE",
        "system.declared": "LIST<STRING>",
        "system.regulations_evaluated": "BOOL",
        LAW_FACTS_STATED: "BOOL",
        **dict.fromkeys(LAW_STANDING, "LIST<STRING>"),
        **{f"system.{name}": "LIST<STRING>" for name in OBSERVED},
    },
    instances=the_system,
    words={
        "system.tier": TIERS,
        "system.stage": STAGES,
        "system.from_stage": (*STAGES, "none"),
        **{f"system.{name}": literal_words(RiskProfile.model_fields[name].annotation) for name in DIMENSIONS},
    },
)

VENDOR_WORKED_OUT: Final[Fields] = MappingProxyType(
    {
        "vendor.declared": "LIST<STRING>",
        "vendor.gets_no_data": "BOOL",
        "vendor.gets_personal_data": "BOOL",
        "vendor.risk_score": "INT",
        "vendor.risk_tier": "STRING",
        "vendor.use_approved": "BOOL",
        "vendor.open_findings": "LIST<STRING>",
        "vendor.open_severities": "LIST<STRING>",
        "vendor.review_due": "STRING",
        "vendor.terms_change_on": "STRING",
        "vendor.announced_risk_tier": "STRING",
    }
)
"""What is worked out of a vendor for one system, beside what its entry states."""

ASSESSED_FROM: Final = (
    *(f"vendor.{name}" for name in VENDOR_FIELDS),
    *("vendor.declared", "vendor.gets_no_data", "vendor.gets_personal_data"),
)
"""What the conditions of findings about vendors may read: the entry, and the data that is sent."""

_VENDOR = RuleTarget(
    fields={
        **{f"vendor.{name}": _cel_type(VendorEntry.model_fields[name].annotation) for name in VENDOR_FIELDS},
        **VENDOR_WORKED_OUT,
    },
    instances=each_vendor,
    is_one_of_several=True,
    words={
        "vendor.risk_tier": VENDOR_TIERS,
        "vendor.open_severities": SEVERITIES,
        "vendor.announced_risk_tier": (*VENDOR_TIERS, ""),
        "vendor.declared": VENDOR_FIELDS,
        **{
            f"vendor.{name}": words
            for name in VENDOR_FIELDS
            if (words := literal_words(VendorEntry.model_fields[name].annotation))
        },
    },
)

_CHANGE = RuleTarget(
    fields={
        "change.kind": "STRING",
        "change.field": "STRING",
        "change.before": "STRING",
        "change.after": "STRING",
        "change.weakening": "BOOL",
        "change.of": "STRING",
        "change.confidence": "STRING",
        "change.by_agent": "BOOL",
        "change.by_percent": "DOUBLE",
        "change.to_fallback": "BOOL",
        "change.option_removed": "BOOL",
    },
    instances=each_change,
    may_lack_system=True,
    words={"change.of": ("system", "repository"), "change.confidence": ("high", "medium", "low", "")},
)

_METRIC = RuleTarget(
    fields={
        "metric.name": "STRING",
        "metric.group": "STRING",
        "metric.value": "DOUBLE",
        "metric.threshold": "DOUBLE",
        "metric.has_value": "BOOL",
        "metric.has_threshold": "BOOL",
        "metric.meets": "BOOL",
        "metric.verdict": "STRING",
        "metric.has_overall_limit": "BOOL",
        "metric.meets_overall_limit": "BOOL",
        "metric.size": "INT",
        "metric.low": "DOUBLE",
        "metric.high": "DOUBLE",
        "metric.evidence": "STRING",
    },
    instances=each_metric,
    is_one_of_several=True,
    words={
        "metric.verdict": ("met", "missed", "inconclusive", "unknown"),
        "metric.evidence": get_args(EvidenceState),
    },
)

_MODEL = RuleTarget(
    fields={
        "model.name": "STRING",
        "model.version": "STRING",
        "model.has_version": "BOOL",
        "model.has_digest": "BOOL",
        "model.is_moving": "BOOL",
        "model.retires": "STRING",
        "model.retires_source": "STRING",
    },
    instances=each_model,
    is_one_of_several=True,
)

_TEST = RuleTarget(
    fields={
        "test.id": "STRING",
        "test.tool": "STRING",
        "test.cases": "INT",
        "test.pass_rate": "DOUBLE",
        "test.pass_rate_low": "DOUBLE",
        "test.pass_rate_high": "DOUBLE",
        "test.has_passed": "BOOL",
        "test.is_sample": "BOOL",
        "test.is_inconclusive": "BOOL",
        "test.model": "STRING",
        "test.version": "STRING",
        "test.seed": "STRING",
        "test.uncounted": "LIST<STRING>",
    },
    instances=each_test,
    is_one_of_several=True,
)

_INCIDENT = RuleTarget(
    fields={**INCIDENT_STATED, **INCIDENT_WORKED_OUT},
    instances=each_incident,
    is_one_of_several=True,
    words={
        "incident.severity": SEVERITIES,
        "incident.state": ("open", "triaged", "contained", "resolved"),
        "incident.risk_to_persons": RISKS,
        "incident.serious_incident": SERIOUS_INCIDENTS,
        "incident.data_role": ("controller", "processor"),
    },
)

TARGETS: Final[Mapping[Subject, RuleTarget]] = MappingProxyType(
    {
        "system": _SYSTEM,
        "vendor": _VENDOR,
        "change": _CHANGE,
        "metric": _METRIC,
        "model": _MODEL,
        "test": _TEST,
        "incident": _INCIDENT,
    }
)

SYSTEM_FIELDS: Final = frozenset(name.removeprefix("system.") for name in _SYSTEM.fields)
"""What is worked out of every system, by its name under `system.`: no fact may take it, no manifest state it."""
