"""What a rule is asked about, one at a time: a system's vendors, changes, metrics, models, tests and incidents.

Each with its values under the names that `rule_targets` lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct, field

from policy_gate.schema.change import REFUTED, SEEN_IN_REPOSITORY, Change
from policy_gate.schema.facts import Facts, Metric, TestFact
from policy_gate.schema.said_of_metrics import problem_of_metric, reading_of_metric
from policy_gate.schema.source import Location
from policy_gate.schema.vendor_terms import VendorTerms, terms_by_id
from policy_gate.schema.vocabulary import VENDOR_TIERS


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
    label: str = ""
    """what findings about it begin with, where one of many is meant"""
    reading: str = ""
    """what was read of it, where there is no problem"""
    open_findings: tuple[str, ...] | None = None
    """what the policies find open about a vendor, by id; None where it is no vendor"""

    @property
    def told(self) -> str:
        """What a finding says of it besides what the rule says; empty where nothing is to be said."""
        said = " ".join(filter(None, (self.reading, self.problem)))
        return f"{self.label}: {said}" if self.label and said else said

    def due(self, rule_condition: str) -> date | None:
        """The day that a condition names; None where it names none, or that is not known."""
        return next((day for name, day in self.days.items() if name in rule_condition), None)


def the_system(facts: Facts | None, changes: Sequence[Change], now: datetime) -> Iterator[TargetInstance]:
    if facts is not None:
        yield TargetInstance({})


def each_vendor(facts: Facts | None, changes: Sequence[Change], now: datetime) -> Iterator[TargetInstance]:
    today = now.date()
    for id_, terms in terms_by_id(facts.vendors, facts.announced).items() if facts else ():
        values, ahead = vendor_on(terms, today), terms.ahead(today)
        days = {"vendor.terms_change_on": ahead[0].day} if ahead else {}
        place = facts.declared.at("vendors") if facts else None
        ahead_of = " ".join(f"From {it.day}: {it.told}." for it in ahead)
        is_open = tuple(values.get("vendor.open_findings", ()))
        yield TargetInstance(values, id_, place, ahead_of, days, open_findings=is_open)


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


def each_change(facts: Facts | None, changes: Sequence[Change], now: datetime) -> Iterator[TargetInstance]:
    for change in changes:
        said = str(change.after) if change.kind in (*SEEN_IN_REPOSITORY, REFUTED) else ""
        if change.kind == "metric-regressed":
            said = f"{change.field}: {change.before}, and now {'not stated' if change.after is None else change.after}."
        yield TargetInstance(change.values(), f"{change.kind}:{change.field}", change.location, said)


def each_metric(facts: Facts | None, changes: Sequence[Change], now: datetime) -> Iterator[TargetInstance]:
    card = facts.card if facts else None
    for metric in card.metrics if card else ():
        file = facts.declared.manifest.path if metric.is_of_manifest and facts else card.path if card else ""
        place = Location(file, metric.line or 1, 1)
        values, name = _metric_values(metric), f"{metric.name}[{metric.group}]"
        yield TargetInstance(
            values, name, place, problem_of_metric(metric), label=name, reading=reading_of_metric(metric)
        )


def each_model(facts: Facts | None, changes: Sequence[Change], now: datetime) -> Iterator[TargetInstance]:
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


def each_test(facts: Facts | None, changes: Sequence[Change], now: datetime) -> Iterator[TargetInstance]:
    for test in facts.tests.values() if facts else ():
        yield TargetInstance(_test_values(test), test.id, test.declared_at, _said_of_sample(test))


def each_incident(facts: Facts | None, changes: Sequence[Change], now: datetime) -> Iterator[TargetInstance]:
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
        "metric.has_overall_limit": metric.has_overall_limit,
        "metric.meets_overall_limit": metric.meets_overall_limit,
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
