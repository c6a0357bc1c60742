"""Merged items to the rule set that rooms downstream read: rules in one shape, scoring, settings, digest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from policy_gate.policy.cel import Language
from policy_gate.policy.definitions import ALL_WEAKENINGS, define
from policy_gate.policy.items import CompiledItem, MergedPolicies
from policy_gate.policy.packs import Known, PackBook, stem
from policy_gate.schema.canonical import canonical, digest_of_text
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.incident_rules import IncidentRules
from policy_gate.schema.rule_set import Origin, RuleSet, Scoring
from policy_gate.schema.source import Problem
from policy_gate.schema.vocabulary import TIERS, tier_rank


def compiled_rules(policy: MergedPolicies, language: Language, problems: list[Problem]) -> tuple[CompiledItem, ...]:
    """Compile every item; gates, then controls, then rules, each in order of first appearance.

    Faults go to `problems`.
    """
    for item in policy.every():
        define(item, language, problems)
    asked = demanded(policy)
    weakenings = frozenset(id_ for id_, item in policy.items["change-kind"].items() if item.definition.weakening)
    found: list[CompiledItem] = []
    for kind in ("gate", "control", "rule"):
        for item in policy.items[kind].values():
            rule = item.rule
            if rule is None:
                continue
            if kind == "control":
                rule = replace(rule, tiers=frozenset(tier for tier in TIERS if item.id in asked[tier]))
            elif ALL_WEAKENINGS in rule.shows:
                rule = replace(rule, shows=weakenings)
            found.append(CompiledItem(item, rule))
    return tuple(found)


def controls_by_tier(policy: MergedPolicies) -> dict[str, tuple[str, ...]]:
    """The controls that name each tier, in file order: the lesson's lists."""
    controls = policy.items["control"].values()
    return {tier: tuple(item.id for item in controls if tier in item.definition.tiers) for tier in TIERS}


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
        new = [id_ for id_ in item.definition.satisfied_by if id_ not in found] if item else []
        found.update(new)
        open_ += new
    return found


def scoring(policy: MergedPolicies) -> Scoring:
    """Points, thresholds with the highest tier first, floors and law classes; those with faults are left out."""
    dimensions = tuple(_definitions(policy, "dimension").values())
    thresholds = {known.tier: known.at_least for known in _definitions(policy, "threshold").values()}
    thresholds.setdefault("low", sum(min(known.points.values(), default=0) for known in dimensions))
    return Scoring(
        dimensions=dimensions,
        thresholds=tuple(sorted(thresholds.items(), key=lambda row: -tier_rank(row[0]))),
        floors=tuple(_definitions(policy, "floor").values()),
        law_classes=tuple(_definitions(policy, "law-class").values()),
    )


def rule_set(
    policy: MergedPolicies,
    rules: Sequence[CompiledItem],
    scores: Scoring,
    layers: Sequence[LayerSource],
    packs: Sequence[str],
) -> RuleSet:
    """The rule set in force; `policy` must be without problems."""
    law = law_book(policy, layers)
    evaluated = {*packs, *(law.pack_ids if law else ())}
    return RuleSet(
        rules=tuple(compiled.rule for compiled in rules),
        gates=_definitions(policy, "gate"),
        controls=_definitions(policy, "control"),
        plain_rules={compiled.rule.id: compiled.rule for compiled in rules if compiled.rule.kind == "rule"},
        artifacts=_definitions(policy, "artifact"),
        tests=_definitions(policy, "test"),
        roles=_definitions(policy, "role"),
        facts=_definitions(policy, "fact"),
        change_kinds=_definitions(policy, "change-kind"),
        regulations={
            id_: known if known.pack in evaluated else replace(known, pack=None)
            for id_, known in _definitions(policy, "regulation").items()
        },
        aliases={spelling: id_ for id_, spelling in spellings(policy)},
        agencies=agencies(policy),
        raci=_definitions(policy, "activity"),
        card_fields=tuple(_definitions(policy, "card-field").values()),
        card_words=tuple(_definitions(policy, "card-names").values()),
        scoring=scores,
        controls_by_tier=controls_by_tier(policy),
        demanded=demanded(policy),
        assurance=_setting(policy, "assurance"),
        debt=_setting(policy, "debt"),
        waivers=_setting(policy, "waivers"),
        waiver_rules=_definitions(policy, "waiver-rule"),
        owners=_setting(policy, "owners"),
        calendar=_setting(policy, "calendar") if policy.items["calendar"] else None,
        renamed_roles=dict(policy.renamed),
        origins=_origins(policy),
        digest=_digest(policy, packs, law.digest if law else ""),
        source=" + ".join(source.name for source in layers),
        trusted=all(source.trusted for source in layers),
        notes=tuple(dict.fromkeys(policy.notes)),
        known_vendors=_definitions(policy, "known-vendor"),
        model_names=_definitions(policy, "model-name"),
        vendor_findings=_definitions(policy, "vendor-finding"),
        vendor_tiers=_definitions(policy, "vendor-tier"),
        incidents=_of_incidents(policy),
        law=law,
    )


def _of_incidents(policy: MergedPolicies) -> IncidentRules:
    return IncidentRules(
        types=_definitions(policy, "incident-type"),
        severities=_definitions(policy, "incident-severity"),
        clocks=_definitions(policy, "incident-clock"),
        serious=_definitions(policy, "serious-incident"),
        notices=_definitions(policy, "incident-notice"),
    )


def law_book(policy: MergedPolicies, layers: Sequence[LayerSource]) -> PackBook | None:
    """The law packs of all layers, a pack of the same id as the earliest has it; None where there is none."""
    texts: dict[str, bytes] = {}
    for source in layers:
        held = {stem(path): text for path, text in texts.items()}
        for path, text in sorted(source.law.items()):
            if stem(path) not in held:
                texts[path] = text
            elif held[stem(path)] != text:
                policy.notes.append(f"{path} is not read: pack {stem(path)} stands as an earlier layer has it")
    if not texts:
        return None
    seals = [source.law_seal for source in layers if source.law_seal is not None and dict(source.law) == texts]
    return PackBook(texts, known_to_packs(policy), seals[0] if seals else None)


def known_to_packs(policy: MergedPolicies) -> Known:
    """What packs may name of these policies."""
    return Known(
        tuple(sorted(_definitions(policy, "fact").items())),
        frozenset(_definitions(policy, "artifact")),
        frozenset(_definitions(policy, "regulation")),
        frozenset(_definitions(policy, "gate")),
    )


def _definitions(policy: MergedPolicies, kind: str) -> dict[str, Any]:
    return {id_: item.definition for id_, item in policy.items[kind].items() if item.definition is not None}


def _setting(policy: MergedPolicies, name: str) -> Any:
    return policy.items[name][name].definition


def spellings(policy: MergedPolicies) -> Iterator[tuple[str, str]]:
    """(regulation id, lower-case spelling) for every way to name a regulation."""
    for id_, item in policy.items["regulation"].items():
        for spelling in dict.fromkeys(
            (id_, id_.replace("-", "_"), *(alias.lower() for alias in item.definition.aliases))
        ):
            yield id_, spelling


def agencies(policy: MergedPolicies) -> dict[str, tuple[str, ...]]:
    """Lower-case name of each agency to the ids of the regulations that it enforces."""
    found: dict[str, tuple[str, ...]] = {}
    for id_, item in policy.items["regulation"].items():
        for name in dict.fromkeys(agency.lower() for agency in item.definition.enforced_by):
            found[name] = (*found.get(name, ()), id_)
    return found


def _origins(policy: MergedPolicies) -> dict[str, Origin]:
    """'kind:id' for each item, 'kind:id.field' for each field that a later layer restated."""
    found: dict[str, Origin] = {}
    for item in policy.every():
        key = f"{item.kind}:{item.id}"
        found[key] = Origin(item.place.source.layer, item.at())
        for name, place in item.restated.items():
            found[f"{key}.{name}"] = Origin(place.source.layer, place.at(*name.split(".")))
    return found


def _digest(policy: MergedPolicies, packs: Sequence[str], law: str) -> str:
    """Over what the items say, by kind and id: neither file names nor their order count; `law` is the packs' digest.

    The canonical JSON of `{"items": {"kind:id": what it says}, "law": digest, "packs": [name]}`, put together from the
    items' own; without packs of law it says nothing of them.
    """
    said = sorted((f"{item.kind}:{item.id}", item.canonical) for item in policy.every())
    items = ",".join(f"{canonical(name, ascii_only=True)}:{text}" for name, text in said)
    own = f'"law":{canonical(law, ascii_only=True)},' if law else ""
    return digest_of_text(f'{{"items":{{{items}}},{own}"packs":{canonical(sorted(packs), ascii_only=True)}}}')
