"""The one table of rule targets: what a rule may be about, by which typed fields, and how each is found.

The compiler takes the names and types of conditions from here, lint what may be said of them, the evaluator
its subjects, and the decision what a waiver must name. A new target is one entry of TARGETS, and its name in
`vocabulary.Subject`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, get_args, get_origin

from msgspec import Struct, field

from policy_gate.schema.change import Change
from policy_gate.schema.documents import RiskProfile
from policy_gate.schema.facts import EvidenceState, Facts, Metric, TestFact
from policy_gate.schema.incidents import INCIDENT_STATED, INCIDENT_WORKED_OUT
from policy_gate.schema.source import Location
from policy_gate.schema.strict import literal_words
from policy_gate.schema.vendor_document import VENDOR_FIELDS, VendorEntry
from policy_gate.schema.vendor_terms import VendorTerms, terms_by_id
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

SEEN_IN_REPOSITORY: Final = ("unclaimed-ai-use", "absence-contradicted")
"""The kinds of change that are seen in code which no system claims; their `after` says where."""

REFUTED: Final = "statement-refuted"
"""The kind of change that is a statement of the manifest which the code denies; its `after` says where."""

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


class TargetInstance(Struct, frozen=True):
    """One thing that a rule speaks of: its own values, what tells it apart, and where it stands.

    `problem` says in words why one of its values is not known.
    """

    values: Mapping[str, Any]
    name: str = ""
    location: Location | None = None
    problem: str = ""
    days: Mapping[str, date] = field(default_factory=dict)
    """the days that some of its values say: a gap of a rule whose condition names one is due then"""

    def due(self, rule_condition: str) -> date | None:
        """The day that a condition names; None where it names none, or that is not known."""
        return next((day for name, day in self.days.items() if name in rule_condition), None)


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


def _the_system(facts: Facts | None, changes: Sequence[Change], now: datetime) -> Iterator[TargetInstance]:
    if facts is not None:
        yield TargetInstance({})


def _each_vendor(facts: Facts | None, changes: Sequence[Change], now: datetime) -> Iterator[TargetInstance]:
    today = now.date()
    for id_, terms in terms_by_id(facts.vendors, facts.announced).items() if facts else ():
        values, ahead = vendor_on(terms, today), terms.ahead(today)
        days = {"vendor.terms_change_on": ahead[0].day} if ahead else {}
        place = facts.declared.at("vendors") if facts else None
        yield TargetInstance(values, id_, place, _said_of_vendor(values, terms, today), days)


def vendors_on(facts: Facts, today: date) -> tuple[Mapping[str, Any], ...]:
    """The `vendor.*` values of each vendor of a system that hold on a day."""
    return tuple(vendor_on(it, today) for it in terms_by_id(facts.vendors, facts.announced).values())


def vendor_on(terms: VendorTerms, today: date) -> Mapping[str, Any]:
    """The `vendor.*` values that hold on a day, with what is announced for later ones."""
    values, ahead = terms.on(today), terms.ahead(today)
    if not ahead:
        return values
    tiers = {str(it.values.get("vendor.risk_tier", "")) for it in ahead}
    worst = next((tier for tier in reversed(VENDOR_TIERS) if tier in tiers), "")
    day = ahead[0].day.isoformat()
    return {**values, "vendor.terms_change_on": day, "vendor.announced_risk_tier": worst}


def _said_of_vendor(values: Mapping[str, Any], terms: VendorTerms, today: date) -> str:
    """Which vendor a finding is about, what is open about it, and what it said it will change."""
    found = ", ".join(values.get("vendor.open_findings", ()))
    named = f"Vendor {values['vendor.id']}{f': {found}' if found else ''}."
    return " ".join((named, *(f"From {it.day}: {it.told}." for it in terms.ahead(today))))


def _each_change(facts: Facts | None, changes: Sequence[Change], now: datetime) -> Iterator[TargetInstance]:
    for change in changes:
        said = str(change.after) if change.kind in (*SEEN_IN_REPOSITORY, REFUTED) else ""
        yield TargetInstance(change.values(), f"{change.kind}:{change.field}", change.location, said)


def _each_metric(facts: Facts | None, changes: Sequence[Change], now: datetime) -> Iterator[TargetInstance]:
    card = facts.card if facts else None
    for metric in card.metrics if card else ():
        file = facts.declared.manifest.path if metric.is_of_manifest and facts else card.path if card else ""
        said = metric.problem or metric.evidence_said or _said_of_interval(metric)
        said = " ".join(filter(None, (said, metric.also)))
        place = Location(file, metric.line or 1, 1)
        yield TargetInstance(_metric_values(metric), f"{metric.name}[{metric.group}]", place, said)


def _each_model(facts: Facts | None, changes: Sequence[Change], now: datetime) -> Iterator[TargetInstance]:
    for position, model in enumerate(facts.models if facts else ()):
        place = facts.declared.at("models", position) if facts else None
        days = {"model.retires": date.fromisoformat(model["model.retires"])} if model["model.retires"] else {}
        yield TargetInstance(model, str(model["model.name"]), place, _said_of_end(model), days)


def _said_of_end(model: Mapping[str, Any]) -> str:
    """Which model ends when, and who says so."""
    if not model["model.retires"]:
        return ""
    source = model.get("model.retires_source")
    return f"{model['model.name']} ends on {model['model.retires']}{f' (source {source})' if source else ''}."


def _each_test(facts: Facts | None, changes: Sequence[Change], now: datetime) -> Iterator[TargetInstance]:
    for test in facts.tests.values() if facts else ():
        yield TargetInstance(_test_values(test), test.id, test.declared_at, _said_of_sample(test))


def _each_incident(facts: Facts | None, changes: Sequence[Change], now: datetime) -> Iterator[TargetInstance]:
    for incident in facts.incidents if facts else ():
        yield TargetInstance(incident.values_at(now), incident.id, incident.location, incident.told(now))


def _test_values(test: TestFact) -> dict[str, Any]:
    values: dict[str, Any] = {
        "test.id": test.id,
        "test.tool": test.tool or "junit",
        "test.cases": test.executed,
        "test.has_passed": test.has_passed,
        "test.is_sample": test.is_sample,
        "test.is_inconclusive": test.is_inconclusive,
        "test.model": test.model or "",
        "test.version": test.version or "",
        "test.seed": test.seed or "",
        "test.uncounted": list(test.uncounted),
    }
    if test.executed:
        values["test.pass_rate"] = test.pass_rate
        values["test.pass_rate_low"], values["test.pass_rate_high"] = test.interval.low, test.interval.high
    return values


def _said_of_sample(test: TestFact) -> str:
    """What its numbers are, and names of tests that count for none, for a finding about either."""
    found = []
    if test.is_inconclusive:
        few = f", {test.wanted_cases} are wanted" if test.executed < test.wanted_cases else ""
        least = f", at least {test.min_pass_rate:.0%} is wanted" if test.min_pass_rate < 1 else ""
        found.append(f"{said_of_share(test)}{few}{least}.")
    if test.uncounted:
        more = f" and {len(test.uncounted) - 5} more" if len(test.uncounted) > 5 else ""
        found.append(f"Not counted: {', '.join(test.uncounted[:5])}{more}.")
    return " ".join(found)


def said_of_share(test: TestFact) -> str:
    """Pass rate and interval of a sample, in words."""
    low, high = (f"{end * 100:.3g}" for end in (test.interval.low, test.interval.high))
    share = f"{test.passed} of {test.executed} answers passed"
    return f"{share} ({test.pass_rate * 100:.3g} %, 95 % interval {low} to {high} %)"


def _metric_values(metric: Metric) -> dict[str, Any]:
    values: dict[str, Any] = {
        "metric.name": metric.name,
        "metric.group": metric.group,
        "metric.has_value": metric.value is not None,
        "metric.has_threshold": metric.threshold is not None or metric.has_unread_limit,
        "metric.verdict": metric.verdict,
        "metric.evidence": metric.evidence,
    }
    if metric.value is not None:
        values["metric.value"] = float(metric.value)
    if metric.threshold is not None:
        values["metric.threshold"] = float(metric.threshold)
    if metric.meets is not None:
        values["metric.meets"] = metric.meets
    if metric.low is not None and metric.high is not None:
        values["metric.low"], values["metric.high"] = float(metric.low), float(metric.high)
    if metric.size is not None:
        values["metric.size"] = metric.size
    return values


def _said_of_interval(metric: Metric) -> str:
    """The number and its interval around the threshold, where it may lie on either side."""
    if metric.verdict != "inconclusive":
        return ""
    size = f", n={metric.size}" if metric.size is not None else ""
    ends = f"between {metric.low:.4g} and {metric.high:.4g}{size}"
    return f"{metric.value:.4g} lies {ends}; its limit is {metric.threshold:.4g}."


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
    instances=_the_system,
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
    instances=_each_vendor,
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
    instances=_each_change,
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
        "metric.size": "INT",
        "metric.low": "DOUBLE",
        "metric.high": "DOUBLE",
        "metric.evidence": "STRING",
    },
    instances=_each_metric,
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
    instances=_each_model,
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
    instances=_each_test,
    is_one_of_several=True,
)

_INCIDENT = RuleTarget(
    fields={**INCIDENT_STATED, **INCIDENT_WORKED_OUT},
    instances=_each_incident,
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
