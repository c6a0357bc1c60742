"""What one item in force comes to: its compiled form, with conditions compiled and periods read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from policy_gate.cards.field_names import name_key
from policy_gate.policy.cel import Language
from policy_gate.policy.incident_definitions import (
    incident_clock,
    incident_notice,
    incident_severity,
    incident_type,
    serious_incident,
)
from policy_gate.policy.items import Item
from policy_gate.policy.requirements import RequirementCompiler
from policy_gate.schema.card_fields import CardWords, WantedCardField
from policy_gate.schema.dates import Period, periods
from policy_gate.schema.rule import Requirement, Rule
from policy_gate.schema.rule_set import (
    Activity,
    Artifact,
    ChangeKind,
    Control,
    Dimension,
    FactDefinition,
    Floor,
    Gate,
    KnownVendor,
    LawClass,
    ModelName,
    Regulation,
    Role,
    TestDefinition,
    Threshold,
    VendorFinding,
    WaiverRule,
    WantedSection,
)
from policy_gate.schema.rule_settings import (
    Assurance,
    CalendarSettings,
    DebtPeriods,
    Owners,
    VendorTierRule,
    WaiverSettings,
)
from policy_gate.schema.source import Problem
from policy_gate.schema.vocabulary import Subject

ALL_WEAKENINGS = "weakenings"
"""What a rule may say it shows, instead of kinds of change by name; `compile` puts them in its place."""


def define(item: Item, language: Language, problems: list[Problem]) -> None:
    """Give the item its compiled form, and a gate, control or rule its rule; faults of conditions go to `problems`.

    Where a condition has faults the form lacks it: with problems nothing is in force.
    """
    if item.definition is not None:
        return
    compiler = RequirementCompiler(language, item, _subject(item), problems)
    if item.kind in _OF_RULES:
        item.rule = _rule(item, compiler, _OF_RULES[item.kind](item, compiler))
        item.definition = item.rule if item.kind == "rule" else _DEFINITIONS[item.kind](item)
    elif item.kind in _CONDITIONED:
        when = compiler.condition(item.spec.when, "when")
        item.definition = None if when is None else _CONDITIONED[item.kind](item, when)
    elif item.kind in _CONDITIONED_WITHIN:
        item.definition = _CONDITIONED_WITHIN[item.kind](item, compiler)
    else:
        item.definition = _DEFINITIONS[item.kind](item)


def _subject(item: Item) -> Subject:
    """What the conditions of an item speak of."""
    if item.kind in _SUBJECTS:
        return _SUBJECTS[item.kind]
    return item.spec.for_each if item.kind == "rule" else "system"


def _rule(item: Item, compiler: RequirementCompiler, own: Mapping[str, Any]) -> Rule:
    spec = item.spec
    return Rule(
        kind=item.kind,  # type: ignore[arg-type] # one of the three by the table
        id=item.id,
        title=spec.title,
        why=spec.why or "",
        citation=spec.citation,
        requirements=compiler.all(),
        enforcement=spec.enforcement,
        for_each=compiler.subject,
        effective=spec.effective,
        overridable=spec.overridable,
        layer=item.place.source.layer,
        location=item.at(),
        **own,
    )


def _of_gate(item: Item, _: RequirementCompiler) -> dict[str, Any]:
    spec = item.spec
    return {"tiers": frozenset(spec.tiers), "gate": item.id, "recurring": periods(spec.recurring)}


def _of_control(item: Item, _: RequirementCompiler) -> dict[str, Any]:
    return {"gate": item.spec.due_at, "recurring": periods(item.spec.recurring)}


def _of_rule(item: Item, compiler: RequirementCompiler) -> dict[str, Any]:
    spec = item.spec
    return {
        "when": compiler.condition(spec.when, "when"),
        "waivable": spec.waivable,
        "may_be_debt": spec.may_be_debt,
        "fix": spec.fix,
        "activity": spec.activity,
        "approve_for": spec.approve_for,
        "covers": {rule: frozenset(kinds) for rule, kinds in spec.covers.items()},
        "shows": frozenset([spec.shows] if isinstance(spec.shows, str) else spec.shows),
        "may_lack_approver": spec.may_lack_approver,
    }


_OF_RULES: Mapping[str, Callable[[Item, RequirementCompiler], dict[str, Any]]] = {
    "gate": _of_gate,
    "control": _of_control,
    "rule": _of_rule,
}


def _named(item: Item) -> dict[str, Any]:
    spec = item.spec
    return {"id": item.id, "title": spec.title, "why": spec.why, "citation": spec.citation}


def fact_definition(item: Item) -> FactDefinition:
    """The compiled form of a fact, which needs no language."""
    if isinstance(item.definition, FactDefinition):
        return item.definition
    spec = item.spec
    values = None if spec.values is None else tuple(spec.values)
    return FactDefinition(id=item.id, type=spec.type, about=spec.about, values=values, weaker=spec.weaker)


def _artifact(item: Item) -> Artifact:
    spec = item.spec
    return Artifact(
        **_named(item),
        about=spec.about,
        sections=tuple(WantedSection(part.title, tuple(part.aliases), part.min_words) for part in spec.sections),
        min_words=spec.min_words,
        max_age=periods(spec.max_age),
        responsible=tuple(spec.responsible),
        accountable=tuple(spec.accountable),
        satisfied_by=tuple(spec.satisfied_by),
        may_be_attested=spec.may_be_attested,
        is_model_card=spec.is_model_card,
    )


def _test(item: Item) -> TestDefinition:
    spec = item.spec
    return TestDefinition(
        **_named(item),
        about=spec.about,
        max_age=periods(spec.max_age),
        min_executed=spec.min_executed,
        min_pass_rate=spec.min_pass_rate,
        wanted_cases=spec.wanted_cases,
        may_be_attested=spec.may_be_attested,
        responsible=tuple(spec.responsible),
        accountable=tuple(spec.accountable),
    )


def _gate(item: Item) -> Gate:
    spec = item.spec
    return Gate(
        **_named(item),
        from_=spec.from_,
        to=spec.to,
        tiers=tuple(spec.tiers),
        none_for=tuple(spec.none_for),
        recurring=periods(spec.recurring),
        stands_until=spec.stands_until,
        entered_by=spec.entered_by,
        keeps=tuple(spec.keeps),
    )


def _activity(item: Item) -> Activity:
    spec = item.spec
    return Activity(
        **_named(item),
        responsible=tuple(spec.responsible),
        accountable=spec.accountable,
        consulted=tuple(spec.consulted),
        informed=tuple(spec.informed),
    )


def _card_field(item: Item) -> WantedCardField:
    spec = item.spec
    return WantedCardField(id=item.id, title=spec.title, tiers=tuple(spec.tiers), form=spec.form, why=spec.why)


def _card_words(item: Item) -> CardWords:
    spec = item.spec
    return CardWords(
        id=item.id,
        headings=tuple(spec.headings),
        keys=tuple(dict.fromkeys(map(name_key, (*spec.headings, *spec.loose)))),
        loose=tuple(dict.fromkeys(map(name_key, spec.loose))),
        under=tuple((field, tuple(map(name_key, names))) for field, names in spec.under.items()),
        joint=tuple(word.casefold() for word in spec.joint),
        phrases=tuple(spec.phrases),
        phrases_in=tuple((field, tuple(said)) for field, said in spec.phrases_in.items()),
    )


def _change_kind(item: Item) -> ChangeKind:
    spec = item.spec
    own = {"weakening": spec.weakening, "raising": spec.raising, "holds": spec.holds}
    return ChangeKind(**_named(item), **own, below_percent=spec.below_percent, after_raise=spec.after_raise)


def _waiver_rule(item: Item) -> WaiverRule:
    """A fault of a waiver as a rule that wants it away, so that it is weighed, told and explained like any other."""
    spec = item.spec
    rule = Rule(
        kind="rule",
        id=item.id,
        title=spec.title,
        why=spec.why or "",
        citation=spec.citation,
        requirements=(Requirement("that", item.id, message=spec.message),),
        enforcement=spec.enforcement,
        waivable=False,
        fix=spec.fix,
        layer=item.place.source.layer,
        location=item.at(),
    )
    return WaiverRule(rule, spec.finding)


def _known_vendor(item: Item) -> KnownVendor:
    spec = item.spec
    return KnownVendor(
        id=item.id,
        title=spec.title,
        names=tuple(spec.names),
        models=tuple(spec.models),
        offers=tuple(spec.offers),
        serves_others=spec.serves_others,
        runs_here=spec.runs_here,
    )


def _model_name(item: Item) -> ModelName:
    spec = item.spec
    return ModelName(
        id=item.id,
        title=spec.title,
        names=tuple(spec.names),
        moving=spec.moving,
        retires=spec.retires,
        source=spec.source or "",
    )


def _vendor_finding(item: Item, compiler: RequirementCompiler) -> VendorFinding | None:
    spec = item.spec
    when, that = compiler.condition(spec.when, "when"), compiler.condition(spec.that, "that")
    if when is None or that is None:
        return None
    said = {"severity": spec.severity, "points": spec.points, "issue": spec.issue, "asks": spec.asks, "fix": spec.fix}
    return VendorFinding(**_named(item), when=when, that=that, caiq=dict(spec.caiq), **said)


def _vendor_tier(item: Item) -> VendorTierRule:
    spec = item.spec
    return VendorTierRule(
        id=spec.id,
        title=spec.title,
        at_least=spec.at_least,
        severities=tuple(spec.severities),
        blocked_by=tuple(spec.blocked_by),
        use_approved=spec.use_approved,
        recommendation=spec.recommendation,
        review_every=Period.parse(spec.review_every),
    )


def _assurance(item: Item) -> Assurance:
    spec = item.spec
    return Assurance(
        approvals=dict(spec.approvals or {}),
        governed_changes=spec.governed_changes or "verified",
        authors=dict(spec.authors or {}),
        self_approval=frozenset(spec.self_approval or ()),
        separate_roles=tuple(frozenset(roles) for roles in spec.separate_roles or ()),
        service_committers=frozenset(address.casefold() for address in spec.service_committers or ()),
        valid_for=Period.parse(spec.valid_for or "P0D"),
        binds_code=frozenset(spec.binds_code or ()),
        agents=tuple(sorted(name.casefold() for name in spec.agents or ())),
        agent_trailers=frozenset(key.casefold() for key in spec.agent_trailers or ()),
    )


def _debt(item: Item) -> DebtPeriods:
    spec = item.spec
    return DebtPeriods(
        enrolment=periods(spec.enrolment) or {},
        reclassification=periods(spec.reclassification) or {},
        effective=periods(spec.effective) or {},
        expiry=periods(spec.expiry) or {},
        answers=Period.parse(spec.answers or "P0D"),
        enrol_by=spec.enrol_by,
    )


def _waivers(item: Item) -> WaiverSettings:
    return WaiverSettings(periods(item.spec.max_period) or {}, tuple(item.spec.approved_like or ()))


def _owners(item: Item) -> Owners:
    spec = item.spec
    said = (spec.responsible, spec.accountable, spec.stage_responsible, spec.stage_accountable)
    return Owners(*(tuple(roles or ()) for roles in said))


def _calendar(item: Item) -> CalendarSettings:
    return CalendarSettings(Period.parse(item.spec.window or "P0D"))


_DEFINITIONS: Mapping[str, Callable[[Item], Struct]] = {
    "fact": fact_definition,
    "dimension": lambda item: Dimension(
        **_named(item), points=dict(item.spec.points), meanings=dict(item.spec.meanings)
    ),
    "threshold": lambda item: Threshold(item.spec.tier, item.spec.at_least),
    "regulation": lambda item: Regulation(
        **_named(item),
        aliases=tuple(item.spec.aliases),
        enforced_by=tuple(item.spec.enforced_by),
        pack=item.spec.pack,
        superseded_by=item.spec.superseded_by,
        enforcement=item.spec.enforcement,
    ),
    "role": lambda item: Role(**_named(item), about=item.spec.about),
    "artifact": _artifact,
    "test": _test,
    "control": lambda item: Control(
        **_named(item), tiers=tuple(item.spec.tiers), satisfied_by=tuple(item.spec.satisfied_by)
    ),
    "gate": _gate,
    "change-kind": _change_kind,
    "activity": _activity,
    "card-field": _card_field,
    "card-names": _card_words,
    "waiver-rule": _waiver_rule,
    "known-vendor": _known_vendor,
    "model-name": _model_name,
    "vendor-tier": _vendor_tier,
    "incident-type": incident_type,
    "incident-severity": incident_severity,
    "serious-incident": serious_incident,
    "assurance": _assurance,
    "debt": _debt,
    "calendar": _calendar,
    "waivers": _waivers,
    "owners": _owners,
}
_SUBJECTS: Mapping[str, Subject] = {
    "vendor-finding": "vendor",
    "incident-clock": "incident",
    "incident-notice": "incident",
}
_CONDITIONED_WITHIN: Mapping[str, Callable[[Item, RequirementCompiler], Struct | None]] = {
    "vendor-finding": _vendor_finding,
    "incident-clock": incident_clock,
    "incident-notice": incident_notice,
}
_CONDITIONED: Mapping[str, Callable[[Item, Any], Struct]] = {
    "floor": lambda item, when: Floor(item.id, when, item.spec.tier, item.spec.title),
    "law-class": lambda item, when: LawClass(item.id, when, item.spec.regulation, item.spec.rank, item.spec.title),
}
