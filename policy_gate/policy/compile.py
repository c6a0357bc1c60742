"""Merged items to the rule set that rooms downstream read: rules in one shape, scoring, assurance, digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from policy_gate.policy.cel import Language
from policy_gate.policy.items import Item, MergedPolicies, canonical
from policy_gate.policy.requirements import RequirementCompiler
from policy_gate.policy.strictness import periods
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.dates import Period
from policy_gate.schema.rule_set import (
    Assurance,
    Condition,
    DebtPeriods,
    Origin,
    Owners,
    Requirement,
    Rule,
    RuleSet,
    Scoring,
    WaiverRule,
)
from policy_gate.schema.source import Problem
from policy_gate.schema.vocabulary import TIERS, Subject, Tier, tier_rank


class CompiledItem(NamedTuple):
    """A gate, control or rule compiled, beside the item it came from."""

    item: Item
    rule: Rule


def compiled_rules(policy: MergedPolicies, language: Language, problems: list[Problem]) -> tuple[CompiledItem, ...]:
    """Gates, then controls, then rules, each in order of first appearance; faults go to `problems`."""
    weakenings = frozenset(id_ for id_, item in policy.items["change-kind"].items() if item.spec.weakening)
    context = _Context(demanded(policy), weakenings)
    found: list[CompiledItem] = []
    for kind in ("gate", "control", "rule"):
        for item in policy.items[kind].values():
            subject: Subject = item.spec.for_each if kind == "rule" else "system"
            compiler = RequirementCompiler(language, item, subject, problems)
            found.append(CompiledItem(item, _rule(item, compiler, subject, context)))
    return tuple(found)


class _Context(NamedTuple):
    """What a rule's compiled form takes from the items beside it: the controls by tier, the weakening kinds."""

    asked: Mapping[str, tuple[str, ...]]
    weakenings: frozenset[str]


def _rule(item: Item, compiler: RequirementCompiler, subject: Subject, context: _Context) -> Rule:
    spec = item.spec
    return Rule(
        kind=item.kind,  # type: ignore[arg-type] # one of the three by the caller's loop
        id=item.id,
        title=spec.title,
        why=spec.why or "",
        citation=spec.citation,
        requirements=compiler.all(),
        enforcement=spec.enforcement,
        for_each=subject,
        effective=spec.effective,
        overridable=spec.overridable,
        layer=item.place.source.layer,
        location=item.at(),
        **_of_its_kind(item, compiler, context),
    )


def _of_its_kind(item: Item, compiler: RequirementCompiler, context: _Context) -> dict[str, Any]:
    spec, weakenings = item.spec, context.weakenings
    if item.kind == "gate":
        return {"tiers": frozenset(spec.tiers), "gate": item.id, "recurring": periods(spec.recurring) or None}
    if item.kind == "control":
        tiers = frozenset(tier for tier in TIERS if item.id in context.asked[tier])
        return {"tiers": tiers, "gate": spec.due_at, "recurring": periods(spec.recurring) or None}
    return {
        "when": compiler.condition(spec.when, "when"),
        "waivable": spec.waivable,
        "may_be_debt": spec.may_be_debt,
        "fix": spec.fix,
        "approve_for": spec.approve_for,
        "covers": {rule: frozenset(kinds) for rule, kinds in spec.covers.items()},
        "shows": weakenings if spec.shows == "weakenings" else frozenset(spec.shows),
        "may_lack_approver": spec.may_lack_approver,
    }


def controls_by_tier(policy: MergedPolicies) -> dict[str, tuple[str, ...]]:
    """The controls that name each tier, in file order: the lesson's lists."""
    controls = policy.items["control"].values()
    return {tier: tuple(item.id for item in controls if tier in item.spec.tiers) for tier in TIERS}


def demanded(policy: MergedPolicies) -> dict[str, tuple[str, ...]]:
    """What each tier owes: its own controls, and those of lower tiers that none of its own satisfies (D07)."""
    own = controls_by_tier(policy)
    found: dict[str, tuple[str, ...]] = {}
    lower: list[str] = []
    for tier in TIERS:
        kept = [id_ for id_ in lower if id_ not in own[tier] and not _satisfying(policy, id_) & set(own[tier])]
        found[tier] = (*own[tier], *kept)
        lower += [id_ for id_ in own[tier] if id_ not in lower]
    return found


def _satisfying(policy: MergedPolicies, control: str) -> set[str]:
    """Every control that counts as this one, directly or through another."""
    found: set[str] = set()
    open_ = [control]
    while open_:
        item = policy.items["control"].get(open_.pop())
        new = [id_ for id_ in item.spec.satisfied_by if id_ not in found] if item else []
        found.update(new)
        open_ += new
    return found


def scoring(policy: MergedPolicies, language: Language, problems: list[Problem]) -> Scoring:
    """Points, thresholds with the highest tier first, floors and law classes."""
    thresholds: dict[Tier, int] = {item.spec.tier: item.spec.at_least for item in policy.items["threshold"].values()}
    dimensions = tuple(item.spec for item in policy.items["dimension"].values())
    thresholds.setdefault("low", sum(min(spec.points.values(), default=0) for spec in dimensions))
    return Scoring(
        dimensions=dimensions,
        thresholds=tuple(sorted(thresholds.items(), key=lambda row: -tier_rank(row[0]))),
        floors=tuple(
            (item.id, when, item.spec.tier, item.spec.title)
            for item, when in _conditions(policy, "floor", language, problems)
        ),
        law_classes=tuple(
            (item.id, when, item.spec.regulation, item.spec.rank, item.spec.title)
            for item, when in _conditions(policy, "law-class", language, problems)
        ),
    )


def _conditions(
    policy: MergedPolicies, kind: str, language: Language, problems: list[Problem]
) -> Iterator[tuple[Item, Condition]]:
    for item in policy.items[kind].values():
        when = RequirementCompiler(language, item, "system", problems).condition(item.spec.when, "when")
        if when is not None:
            yield item, when


def rule_set(
    policy: MergedPolicies,
    rules: Sequence[CompiledItem],
    scores: Scoring,
    layers: Sequence[LayerSource],
    packs: Sequence[str],
) -> RuleSet:
    """The rule set in force; `policy` must be without problems."""
    regulations = {
        id_: item.spec if item.spec.pack in packs else item.spec.model_copy(update={"pack": None})
        for id_, item in policy.items["regulation"].items()
    }
    return RuleSet(
        rules=tuple(compiled.rule for compiled in rules),
        gates=_specs(policy, "gate"),
        controls=_specs(policy, "control"),
        plain_rules=_specs(policy, "rule"),
        artifacts=_specs(policy, "artifact"),
        tests=_specs(policy, "test"),
        roles=_specs(policy, "role"),
        facts=_specs(policy, "fact"),
        change_kinds=_specs(policy, "change-kind"),
        regulations=regulations,
        aliases={spelling: id_ for id_, spelling in spellings(policy)},
        raci=_specs(policy, "activity"),
        card_fields=tuple(item.spec for item in policy.items["card-field"].values()),
        scoring=scores,
        controls_by_tier=controls_by_tier(policy),
        demanded=demanded(policy),
        assurance=_assurance(policy),
        debt=_debt(policy),
        waiver_periods=periods(policy.items["waivers"]["waivers"].spec.max_period),
        waivers_approved_like=tuple(policy.items["waivers"]["waivers"].spec.approved_like),
        waiver_rules={id_: _waiver_rule(item) for id_, item in policy.items["waiver-rule"].items()},
        owners=_owners(policy),
        renamed_roles=dict(policy.renamed),
        origins=_origins(policy),
        digest=_digest(policy, packs),
        source=" + ".join(source.name for source in layers),
        trusted=all(source.trusted for source in layers),
        notes=tuple(dict.fromkeys(policy.notes)),
    )


def _specs(policy: MergedPolicies, kind: str) -> dict[str, Any]:
    return {id_: item.spec for id_, item in policy.items[kind].items()}


def spellings(policy: MergedPolicies) -> Iterator[tuple[str, str]]:
    """(regulation id, lower-case spelling) for every way to name a regulation."""
    for id_, item in policy.items["regulation"].items():
        for spelling in dict.fromkeys((id_, id_.replace("-", "_"), *(alias.lower() for alias in item.spec.aliases))):
            yield id_, spelling


def _assurance(policy: MergedPolicies) -> Assurance:
    spec = policy.items["assurance"]["assurance"].spec
    return Assurance(
        approvals=dict(spec.approvals),
        governed_changes=spec.governed_changes,
        authors=dict(spec.authors),
        self_approval=frozenset(spec.self_approval or ()),
        separate_roles=tuple(frozenset(roles) for roles in spec.separate_roles or ()),
        service_committers=frozenset(address.casefold() for address in spec.service_committers or ()),
        valid_for=Period.parse(spec.valid_for),
        binds_code=frozenset(spec.binds_code or ()),
    )


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


def _owners(policy: MergedPolicies) -> Owners:
    spec = policy.items["owners"]["owners"].spec
    return Owners(
        responsible=tuple(spec.responsible),
        accountable=tuple(spec.accountable),
        stage_responsible=tuple(spec.stage_responsible),
        stage_accountable=tuple(spec.stage_accountable),
    )


def _debt(policy: MergedPolicies) -> DebtPeriods:
    spec = policy.items["debt"]["debt"].spec
    return DebtPeriods(
        enrolment=periods(spec.enrolment),
        reclassification=periods(spec.reclassification),
        effective=periods(spec.effective),
        expiry=periods(spec.expiry),
    )


def _origins(policy: MergedPolicies) -> dict[str, Origin]:
    """'kind:id' for each item, 'kind:id.field' for each field that a later layer restated."""
    found: dict[str, Origin] = {}
    for item in policy.every():
        key = f"{item.kind}:{item.id}"
        found[key] = Origin(item.place.source.layer, item.at())
        for name, place in item.restated.items():
            found[f"{key}.{name}"] = Origin(place.source.layer, place.at(*name.split(".")))
    return found


def _digest(policy: MergedPolicies, packs: Sequence[str]) -> str:
    """Over what the items say, by kind and id: neither file names nor their order count."""
    content = {f"{item.kind}:{item.id}": item.raw for item in policy.every()}
    packed = canonical({"items": content, "packs": sorted(packs)})
    return "sha256:" + hashlib.sha256(packed.encode()).hexdigest()
