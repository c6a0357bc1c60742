"""Model cards: which fields a tier wants, and whether the card states them (D32, D42)."""

from __future__ import annotations

from policy_gate.schema.card_fields import WantedCardField
from policy_gate.schema.facts import CardFact, Facts
from policy_gate.schema.finding import Outcome
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Location


def check_card(base: Outcome, facts: Facts, policy: RuleSet) -> Outcome:
    """Met where the system's own card states every field that the requirement or the tier wants."""
    card = facts.card
    if card is None:
        return base.become(
            "gap",
            cause="absent",
            seen="the manifest names no model_card",
            wanted="a model card that states every field its tier asks for",
            location=facts.declared.at("model_card"),
        )
    place = card.declared_at or facts.declared.at("model_card")
    if card.cause is not None:
        return base.become("gap", cause=card.cause, seen=card.detail, location=card.flaw_at or place)
    specs = wanted_fields(base.requirement.fields, facts.tier, policy)
    lacking = [spec for spec in specs if not is_stated(spec, card)]
    if not lacking:
        return base.become("met", seen=f"{len(specs)} fields", location=Location(card.path, 1, 1))
    return base.become(
        "gap",
        cause="thin",
        seen=f"{len(specs) - len(lacking)} of {len(specs)} fields are stated",
        wanted=", ".join(spec.title for spec in lacking),
        location=Location(card.path, _first_line(lacking, card), 1),
        details=tuple(f"{spec.title} ({spec.id}): {_state(spec, card)}" for spec in lacking),
    )


def wanted_fields(named: tuple[str, ...], tier: str, policy: RuleSet) -> tuple[WantedCardField, ...]:
    """The fields a requirement names, or all that the tier wants where it says `complete`."""
    if named:
        return tuple(spec for spec in policy.card_fields if spec.id in named)
    return tuple(spec for spec in policy.card_fields if tier in spec.tiers)


def is_stated(spec: WantedCardField, card: CardFact) -> bool:
    """Whether a card states a field in the form that is wanted."""
    if spec.form == "groups":
        return card.groups >= 2
    return card.read_field(spec.id).state == "present"


def _state(spec: WantedCardField, card: CardFact) -> str:
    field = card.read_field(spec.id)
    if spec.form == "groups" and field.state == "present":
        seen = f"{card.groups} can be read" if card.groups else "none can be read"
        return f"at least two groups with their numbers are wanted, each in a line (`- women: 0.87`) or row; {seen}"
    if field.state == "placeholder":
        return f"line {field.line} still holds a placeholder"
    return "not stated"


def _first_line(lacking: list[WantedCardField], card: CardFact) -> int:
    lines = [line for spec in lacking if (line := card.read_field(spec.id).line)]
    return min(lines, default=1)
