"""The fields of a model card, in their order, and what policies say of them; the names are the lesson's ModelCard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from policy_gate.schema.vocabulary import Tier

CardFieldKind = Literal["word", "day", "text", "words", "numbers", "tier"]

CARD_FIELD_KINDS: Mapping[str, CardFieldKind] = {
    "model_id": "word",
    "model_name": "word",
    "version": "word",
    "release_date": "day",
    "previous_version": "word",
    "changelog_summary": "text",
    "authors": "words",
    "organization": "word",
    "license": "word",
    "primary_intended_uses": "text",
    "primary_intended_users": "text",
    "out_of_scope_uses": "text",
    "prohibited_uses": "text",
    "overall_performance": "numbers",
    "performance_by_group": "numbers",
    "performance_thresholds": "numbers",
    "performance_caveats": "text",
    "base_model": "word",
    "weights_digest": "word",
    "fine_tuning_approach": "text",
    "training_data_description": "text",
    "training_data_size": "word",
    "training_data_cutoff": "day",
    "training_data_known_issues": "text",
    "evaluation_data_description": "text",
    "known_limitations": "text",
    "failure_modes": "text",
    "identified_biases": "text",
    "safety_risks": "text",
    "mitigation_measures": "text",
    "risk_tier": "tier",
    "required_oversight_level": "word",
    "approved_by": "words",
    "approval_date": "day",
    "review_schedule": "word",
    "incident_contact": "word",
    "regulatory_compliance": "words",
}
"""Name to what may stand there in a card of our own format; `card_document` says how each is written."""

CARD_FIELDS: tuple[str, ...] = tuple(CARD_FIELD_KINDS)


class WantedCardField(Struct, frozen=True, kw_only=True):
    """A field of a model card that some tiers want; `form` says what counts as filled."""

    id: str
    title: str
    tiers: tuple[Tier, ...]
    form: Literal["text", "list", "metrics", "groups"] = "text"
    why: str | None = None


class CardWords(Struct, frozen=True):
    """By which words cards state a field; `CardNamesSpec` says what each is."""

    id: str
    headings: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    """what the headings are reduced to"""
    under: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """another field, and keys that mean this one in its section"""
    joint: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    """keys under which it needs one of the joint words even where it is alone"""
    phrases: tuple[str, ...] = ()
    phrases_in: tuple[tuple[str, tuple[str, ...]], ...] = ()
