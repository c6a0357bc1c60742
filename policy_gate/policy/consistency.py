"""What is wrong with policies that are each well formed: unknown words, gaps between items, empty sections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from policy_gate.documents.spelling import spelling_hint
from policy_gate.policy.compile import agencies, demanded, spellings
from policy_gate.policy.items import Item, MergedPolicies, Which
from policy_gate.policy.variables import BUILT_IN_NAMES
from policy_gate.schema.card_fields import CARD_FIELDS
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.incidents import HOUSE
from policy_gate.schema.policy_document import OwnersSpec
from policy_gate.schema.requirement_document import REQUIREMENT_KINDS, RequirementSpec
from policy_gate.schema.rule import ACCOUNTABLE
from policy_gate.schema.rule_targets import TARGETS
from policy_gate.schema.source import Loc, Problem
from policy_gate.schema.vocabulary import DIMENSIONS, TIERS, WAIVER_FAULTS, stage_rank

_RESERVED = frozenset({
    "as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop",
    "namespace", "null", "package", "return", "true", "var", "void", "while",
})  # fmt: skip
"""Words of CEL; a fact of such a name could be declared but not always be used."""

_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "status": ("artifact",),
    "sections": ("artifact",),
    "updated_in_change": ("artifact", "test"),
    "max_age": ("artifact", "test"),
    "count": ("approval",),
}
"""Options of a requirement that mean something for some kinds only."""

_REFERENCES: Mapping[str, Sequence[tuple[str, str]]] = {
    "artifact": (("responsible", "role"), ("accountable", "role"), ("satisfied_by", "artifact")),
    "test": (("responsible", "role"), ("accountable", "role")),
    "rule": (("activity", "activity"),),
    "control": (("due_at", "gate"), ("satisfied_by", "control")),
    "activity": (("responsible", "role"), ("accountable", "role"), ("consulted", "role"), ("informed", "role")),
    "law-class": (("regulation", "regulation"),),
    "incident-notice": (("roles", "role"),),
    "waivers": (("approved_like", "rule"),),
    "owners": tuple((name, "role") for name in OwnersSpec.model_fields),
}
"""Fields that name items of another kind."""

_NEEDED = {
    "dimension": "no dimension is scored",
    "threshold": "no threshold turns points into a tier",
    "gate": "no gate is there, so no stage asks for anything",
}


def references(policy: MergedPolicies, which: Which) -> Iterator[Problem]:
    """Names of roles, artifacts, tests, controls, gates and card fields that nothing declares."""
    for kind, fields in _REFERENCES.items():
        for item in filter(which, policy.items[kind].values()):
            for name, target in fields:
                yield from unknown_names(policy, item, getattr(item.spec, name), target, (name,))
    for item in filter(which, policy.items["incident-clock"].values()):
        if item.spec.law != HOUSE:
            yield from unknown_names(policy, item, item.spec.law, "regulation", ("law",))
    for item in filter(which, _requiring(policy)):
        for spec, way in _requirements(item.spec.require, ("require",)):
            yield from _requirement_faults(policy, item, spec, way)


def _requiring(policy: MergedPolicies) -> Iterator[Item]:
    for kind in ("gate", "control", "rule"):
        yield from policy.items[kind].values()


def _requirements(specs: Sequence[RequirementSpec], way: Loc) -> Iterator[tuple[RequirementSpec, Loc]]:
    for index, spec in enumerate(specs):
        yield spec, (*way, index)
        yield from _requirements(spec.all_of or (), (*way, index, "all_of"))
        yield from _requirements(spec.any_of or (), (*way, index, "any_of"))


def _requirement_faults(policy: MergedPolicies, item: Item, spec: RequirementSpec, way: Loc) -> Iterator[Problem]:
    yield from unknown_names(policy, item, spec.artifact, "artifact", (*way, "artifact"))
    yield from unknown_names(policy, item, spec.test, "test", (*way, "test"))
    if not (spec.approval == ACCOUNTABLE and item.kind == "rule" and item.spec.for_each == "change"):
        yield from unknown_names(policy, item, spec.approval, "role", (*way, "approval"))
    if isinstance(spec.card, list):
        yield from unknown_names(policy, item, spec.card, "card-field", (*way, "card"))
        if not spec.card:
            yield item.problem("an empty list of card fields asks for nothing", *way, "card")
    kind = next(name for name in REQUIREMENT_KINDS if getattr(spec, name) is not None)
    for option, kinds in _OPTIONS.items():
        if option in spec.model_fields_set and kind not in kinds:
            message = f"{option} means nothing for {kind} (expected with {' or '.join(kinds)})"
            yield item.problem(message, *way, option, hint="leave it out")


def unknown_names(
    policy: MergedPolicies, item: Item, names: str | Sequence[str] | None, target: str, way: Loc
) -> Iterator[Problem]:
    """The names at this part of an item that no item of the kind `target` has."""
    for index, name in enumerate([names] if isinstance(names, str) else names or ()):
        if name not in policy.items[target]:
            here = way if isinstance(names, str) else (*way, index)
            word = target.replace("-", " ")
            yield item.problem(f'unknown {word} "{name}"', *here, hint=spelling_hint(name, policy.items[target]))


def shapes(policy: MergedPolicies, which: Which) -> Iterator[Problem]:
    """Items that are well formed by themselves but say too little, too much, or nothing."""
    for item in filter(which, policy.items["gate"].values()):
        yield from _gate_faults(item)
    yield from _recurring_faults(policy)
    for item in policy.items["rule"].values():
        yield from _rule_faults(policy, item)
    for item in filter(which, policy.items["fact"].values()):
        yield from _fact_faults(item)
    yield from _model_card_faults(policy)
    for item in policy.items["card-field"].values():
        if item.id not in CARD_FIELDS:
            yield item.problem("no model card has such a field", "id", hint=spelling_hint(item.id, CARD_FIELDS))
    for item in filter(which, policy.every()):
        yield from _blank_words(item)


def _model_card_faults(policy: MergedPolicies) -> Iterator[Problem]:
    cards = [item for item in policy.items["artifact"].values() if item.definition.is_model_card]
    for item in cards[1:]:
        yield item.problem(f"{cards[0].id} is the model card already", "is_model_card")
    if cards:
        return
    for item in _requiring(policy):
        for spec, way in _requirements(item.spec.require, ("require",)):
            if spec.card is not None:
                hint = "mark the artifact with `is_model_card: true`"
                yield item.problem("asks for a model card, and no artifact is one", *way, "card", hint=hint)


def _gate_faults(item: Item) -> Iterator[Problem]:
    spec = item.spec
    for tier in TIERS:
        said = (tier in spec.tiers) + (tier in spec.none_for)
        if said == 0:
            yield item.problem(f"this gate says nothing for {tier}", "tiers", hint=f"write none_for: [{tier}]")
        elif said == 2:
            yield item.problem(f"{tier} is in tiers and in none_for", "none_for", hint="leave it in one of them")
    if stage_rank(spec.to) < stage_rank(spec.from_):
        yield item.problem(f"a gate never leads back (got {spec.from_} to {spec.to})", "to")
    if spec.entered_by == "review" and not any(part.artifact for part, _ in _requirements(spec.require, ("require",))):
        message = "is entered by review, and asks for no artifact whose date could enter it"
        yield item.problem(message, "entered_by", hint="ask for the document that says what was looked at")


def _recurring_faults(policy: MergedPolicies) -> Iterator[Problem]:
    asked = demanded(policy)
    for item in _requiring(policy):
        recurring = item.rule.recurring if item.rule else None
        if recurring is None:
            continue
        own = item.definition.tiers if item.kind == "gate" else [tier for tier in TIERS if item.id in asked[tier]]
        for tier in own:
            if tier not in recurring:
                yield item.problem(f"recurs for {tier}, but says nothing of how often", "recurring")


def _rule_faults(policy: MergedPolicies, item: Item) -> Iterator[Problem]:
    if item.rule is not None and not item.rule.why:
        yield item.problem("why is missing", hint="say in a sentence why the rule is there")
    if item.id in policy.items["gate"]:
        other = policy.items["gate"][item.id].at()
        yield item.problem(f"a gate has this id too ({other}); an approval for it would be for both", "id")


def _fact_faults(item: Item) -> Iterator[Problem]:
    spec = item.spec
    if item.id in _RESERVED:
        yield item.problem("is a word of CEL", "id", hint="choose another name")
    if f"system.{item.id}" in BUILT_IN_NAMES:
        yield item.problem(f"system.{item.id} is there already, worked out by policy-gate", "id")
    if spec.values is not None and spec.type not in ("STRING", "LIST<STRING>"):
        yield item.problem(f"values are for STRING and LIST<STRING> (got {spec.type})", "values")
    if spec.values is not None and not spec.values:
        yield item.problem("an empty list of values allows none", "values")
    wanted = {"false": ("BOOL",), "true": ("BOOL",), "lower": ("INT", "DOUBLE"), "higher": ("INT", "DOUBLE")}
    if spec.type not in wanted.get(spec.weaker, (spec.type,)):
        expected = " or ".join(wanted[spec.weaker])
        yield item.problem(f'weaker: "{spec.weaker}" is for {expected} (got {spec.type})', "weaker")


def _blank_words(item: Item) -> Iterator[Problem]:
    for name in ("title", "why", "about", "fix"):
        text = getattr(item.spec, name, None)
        if isinstance(text, str) and not text.strip():
            yield item.problem(f"{name} is blank", name)


def completeness(policy: MergedPolicies, layers: Sequence[LayerSource]) -> Iterator[Problem]:
    """What no rule set can do without; empty means no, never yes."""
    place = layers[0].name if layers else "policies"
    for kind, message in _NEEDED.items():
        if not policy.items[kind]:
            yield Problem(place, message)
    if policy.items["dimension"]:
        yield from _dimension_faults(policy, place)
    if policy.items["threshold"]:
        yield from _threshold_faults(policy, place)
    yield from _spelling_faults(policy)
    yield from _setting_faults(policy, place)


def _dimension_faults(policy: MergedPolicies, place: str) -> Iterator[Problem]:
    for dimension in DIMENSIONS:
        if dimension not in policy.items["dimension"]:
            yield Problem(place, f"dimension {dimension} has no points")
    for item in policy.items["dimension"].values():
        if item.id not in DIMENSIONS:
            yield item.problem("unknown dimension", "id", hint=spelling_hint(item.id, DIMENSIONS))
            continue
        values = TARGETS["system"].words[f"system.{item.id}"]
        for value in item.spec.points:
            if value not in values:
                yield item.problem(f'unknown value "{value}"', "points", value, hint=spelling_hint(value, values))
        for value in values:
            if value not in item.spec.points:
                yield item.problem(f'no points for "{value}"', "points")


def _threshold_faults(policy: MergedPolicies, place: str) -> Iterator[Problem]:
    items = policy.items["threshold"]
    for tier in TIERS[1:]:
        if tier not in items:
            yield Problem(place, f"no threshold says from how many points a system is {tier}")
    present = [items[tier] for tier in TIERS if tier in items]
    for lower, higher in pairwise(present):
        if higher.spec.at_least <= lower.spec.at_least:
            message = f"begins at {higher.spec.at_least} points, {lower.id} at {lower.spec.at_least} (expected more)"
            yield higher.problem(message, "at_least")
    least = sum(min(item.spec.points.values(), default=0) for item in policy.items["dimension"].values())
    if "low" in items and items["low"].spec.at_least > least:
        yield items["low"].problem(f"leaves scores from {least} points up without a tier", "at_least")


def _spelling_faults(policy: MergedPolicies) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for id_, spelling in spellings(policy):
        if owners.setdefault(spelling, id_) != id_:
            item = policy.items["regulation"][id_]
            yield item.problem(f'"{spelling}" already names regulation {owners[spelling]}', "aliases")
    for name, enforced in agencies(policy).items():
        if name in owners:
            item = policy.items["regulation"][enforced[-1]]
            yield item.problem(f'"{name}" already names regulation {owners[name]}', "enforced_by")


def _setting_faults(policy: MergedPolicies, place: str) -> Iterator[Problem]:
    wanted = {
        "assurance": (("approvals", True), ("governed_changes", False), ("authors", True), ("valid_for", False)),
        "debt": (
            ("enrolment", True),
            ("reclassification", True),
            ("effective", True),
            ("expiry", True),
        ),
        "waivers": (("max_period", True), ("approved_like", False)),
        "owners": tuple((name, False) for name in OwnersSpec.model_fields),
    }
    for name, fields in wanted.items():
        item = policy.items[name].get(name)
        if item is None:
            yield Problem(place, f"nothing sets {name}")
            continue
        for field, per_tier in fields:
            value = getattr(item.spec, field)
            lacking = [tier for tier in TIERS if tier not in (value or {})] if per_tier else ()
            if value is None or lacking:
                yield item.problem(f"{field} is missing" + (f" for {', '.join(lacking)}" if lacking else ""), field)
    for fault in WAIVER_FAULTS:
        if fault not in policy.items["waiver-rule"]:
            yield Problem(place, f"no waiver_rules entry says what {fault} weighs")
    own = policy.items["assurance"].get("assurance")
    for tier in own.spec.self_approval or () if own else ():
        if tier in ("high", "critical") and own:
            yield own.problem(f"nobody approves their own work at tier {tier}", "self_approval")
    for role in sorted({role for roles in own.spec.separate_roles or () for role in roles}) if own else ():
        if own and role not in policy.items["role"]:
            hint = spelling_hint(role, tuple(policy.items["role"]))
            yield own.problem(f'unknown role "{role}"', "separate_roles", hint=hint)


def pack_faults(policy: MergedPolicies, packs: Sequence[str]) -> Iterator[Problem]:
    """Packs that nobody knows, or that hold no rule."""
    ruled = Counter(_pack_of(item) for item in _requiring(policy))
    for pack in sorted(set(packs)):
        if pack not in policy.packs and pack not in policy.items["regulation"]:
            known = (*policy.packs, *policy.items["regulation"])
            yield Problem("policy-gate.yaml", f'unknown pack "{pack}"', hint=spelling_hint(pack, known))
        elif pack in policy.packs and not ruled[pack]:
            place = policy.packs[pack].at()
            yield Problem(place.path, f'pack "{pack}" holds no rule', place.line, place.column)


def _pack_of(item: Item) -> str | None:
    pack: str | None = item.place.document.content.get("pack")
    return pack
