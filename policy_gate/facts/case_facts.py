"""A policy case to synthetic facts of base and result: what `policy test` judges instead of a repository."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from msgspec.structs import replace

from policy_gate.errors import DocumentError
from policy_gate.facts.case_evidence import artifact_of_case, card_of_case, test_of_case
from policy_gate.facts.change_kinds import is_raising, is_weakening
from policy_gate.facts.facts import described_terms, system_facts, values_of_groups, values_of_words, with_vendors
from policy_gate.schema.change import Change
from policy_gate.schema.documents import Manifest, RiskProfile, SystemEntry
from policy_gate.schema.facts import Facts, Rating
from policy_gate.schema.policy_cases import Case
from policy_gate.schema.rule_set import FactDefinition, RuleSet
from policy_gate.schema.rule_targets import CHANGES_OF_REPOSITORY
from policy_gate.schema.snapshot import DeclaredSystem, SystemKey
from policy_gate.schema.source import Document
from policy_gate.schema.vendor_document import VendorEntry
from policy_gate.schema.vocabulary import DIMENSIONS, TIERS

CASE_DAY: Final = date(2026, 11, 22)
SYSTEM: Final = "CASE"
_OF_FIELDS: Final = ("id", "stage", "from_stage", "tier", "score", "law_class", "regulations")
"""worked-out names that are fields of Facts, and no stated values"""
PLAIN_PROFILE: Final = {
    "decision_impact": "informational",
    "human_oversight": "full",
    "data_sensitivity": "sensitive",
    "user_vulnerability": "professionals",
    "deployment_scale": "internal",
    "decision_reversibility": "reversible",
}
"""Six points, tier low."""


def facts_of_case(case: Case, policy: RuleSet) -> tuple[tuple[Facts, ...], tuple[Facts, ...], tuple[Change, ...]]:
    """The facts of base and of the result, and the changes, that a case describes.

    The system is CASE: PLAIN_PROFILE overlaid with `profile`, stage `development` unless `stage` says
    otherwise, with an incident contact and one code path, no vendors, no regulations, no facts.

    `facts` takes names with or without `system.`: a dimension, a declared fact, or any worked-out
    name (`tier`, `law_class`, `has_model_card`, …), which then replaces what would be worked out; null
    means not declared, and of what every system has (`tier`, `stage`, …) as worked out. `entry` sets
    fields of the manifest entry; true stands for the case's day or for some text, false for nothing.

    `artifacts` and `tests` by id: `met` is a fresh, final, substantial document with every section any
    rule asks for, a passed result; `absent` is one that the manifest does not name; the other outcomes
    are that document with just this defect. What is not named is `met` with `all_met`, else `absent`.
    `card` gives fields as `present`, `placeholder` or `absent`; what is not named is `present` with
    `all_met`, else `absent`. Its key `complete` sets all fields, or as `empty`, `template` or `refused`
    the card itself. There is a card where `all_met`, `card` or `metrics` speak of one and `complete` is
    not `absent`. `metrics` are its numbers, against `threshold`.

    Base holds the same system at `from_stage` (by default the same stage; `none`: base has no such
    system), with the same entry but for `base_entry`, the same evidence but for `base_artifacts`, where `met`
    is another text a year older, and with the `before` of each change that names a dimension, a fact or the tier.

    `changes` have `kind` and may have `field`, `before`, `after`, `confidence`, `by_agent`, `by_percent`,
    `to_fallback`, `option_removed`; nothing is added to them. Whether they weaken is what the policies say of the
    kind. With `system-removed` the result has no such system. The case's day is `as_of`, else CASE_DAY.

    Raises DocumentError where the case names a field or value that there is not.
    """
    overlay = _overlay(case)
    changes = tuple(_change(spec, overlay.get("id") or SYSTEM, policy) for spec in case.changes)
    now = _facts(case, policy, overlay.get("stage") or case.stage or "development", overlay, case.artifacts)
    from_stage = case.from_stage or now.stage
    was = () if from_stage == "none" else (_base(case, policy, from_stage, changes),)
    left = any(change.kind == "system-removed" for change in changes)
    return was, () if left else (now,), changes


def _overlay(case: Case) -> dict[str, Any]:
    return {name.removeprefix("system."): value for name, value in {**case.profile, **case.facts}.items()}


def _base(case: Case, policy: RuleSet, stage: str, changes: tuple[Change, ...]) -> Facts:
    overlay = _overlay(case)
    for change in changes:
        if change.field in (*DIMENSIONS, *policy.facts):
            overlay[change.field] = _as_stated(change.before, policy.facts.get(change.field))
        elif change.kind in ("tier-lowered", "tier-raised") and change.before in TIERS:
            overlay["tier"] = change.before
    earlier_entry = case.model_copy(update={"entry": case.entry | case.base_entry})
    facts = _facts(earlier_entry, policy, stage, overlay, case.artifacts)
    day, titles = case.as_of or CASE_DAY, policy.section_titles
    earlier = {
        id_: artifact_of_case(id_, outcome, day, titles, earlier=True) for id_, outcome in case.base_artifacts.items()
    }
    artifacts = {id_: fact for id_, fact in facts.artifacts.items() if id_ not in earlier}
    artifacts |= {id_: fact for id_, fact in earlier.items() if fact is not None}
    return replace(facts, artifacts=dict(sorted(artifacts.items())))


def _as_stated(value: Any, spec: FactDefinition | None) -> Any:
    """A change's `before`, which may be written as text, as a manifest would state it; empty text is nothing."""
    if value in (None, ""):
        return None
    if spec is None or not isinstance(value, str):
        return value
    if spec.type == "LIST<STRING>":
        return [part.strip() for part in value.split(",")]
    if spec.type == "BOOL":
        return {"true": True, "false": False}.get(value, value)
    return value if spec.type == "STRING" else float(value) if spec.type == "DOUBLE" else int(value)


def _facts(case: Case, policy: RuleSet, stage: str, overlay: dict[str, Any], artifacts: Mapping[str, str]) -> Facts:
    day = case.as_of or CASE_DAY
    card = card_of_case(case)
    entry = _entry(case, policy, stage, overlay, has_card=card is not None)
    system = _declared(entry, case)
    # A case has no code: it shows nothing, unless the case says so.
    cardless = replace(system, entry=entry.model_copy(update={"model_card": None}))
    facts = system_facts(cardless, {}, policy, (entry.id,), ())
    if facts.problems:
        raise _fault(case, facts.problems[0].message, facts.problems[0].hint)
    default = "met" if case.all_met else "absent"
    titles = policy.section_titles
    documents = {
        id_: artifact_of_case(id_, artifacts.get(id_, default), day, titles) for id_ in sorted(policy.artifacts)
    }
    results = {id_: test_of_case(id_, case.tests.get(id_, default), day) for id_ in sorted(policy.tests)}
    facts = replace(
        facts,
        declared=system,
        stated={
            **facts.stated,
            **values_of_groups(card),
            **values_of_words(card, ()),
            "system.has_model_card": card is not None,
        },
        artifacts={id_: fact for id_, fact in documents.items() if fact is not None},
        tests={id_: fact for id_, fact in results.items() if fact is not None},
        card=card,
    )
    return _with_incidents(_overridden(facts, overlay, policy), case, policy)


def _with_incidents(facts: Facts, case: Case, policy: RuleSet) -> Facts:
    if not case.incidents:
        return facts
    from policy_gate.facts.incidents import with_incidents  # noqa: PLC0415 - few cases tell of one
    from policy_gate.schema.incident_document import Incident  # noqa: PLC0415

    noon = f"{(case.as_of or CASE_DAY).isoformat()}T12:00:00Z"
    plain = {
        "schema": "policy-gate/incident/v1",
        "system": facts.id,
        "type": "availability",
        "severity": "low",
        "description": "An incident of a policy case",
        "detected_at": noon,
        "aware_at": noon,
    }
    try:
        told = [
            Document(f"incident {number}", "", Incident.model_validate({**plain, "id": f"INC-{number}", **said}), {})
            for number, said in enumerate(case.incidents, 1)
        ]
    except ValueError as error:
        raise _fault(case, " ".join(str(error).split()[:40])) from None
    return with_incidents(facts, told, {path: path for path in case.incident_files}, policy)


def _entry(case: Case, policy: RuleSet, stage: str, overlay: dict[str, Any], *, has_card: bool) -> SystemEntry:
    profile = {name: overlay.get(name, PLAIN_PROFILE[name]) for name in DIMENSIONS}
    stated = {name: value for name, value in overlay.items() if name in policy.facts and value is not None}
    fields: dict[str, Any] = {
        "id": overlay.get("id") or SYSTEM,
        "name": "Case",
        "description": "A system of a policy case",
        "owner_team": "Case team",
        "incident_contact": "oncall@example.com",
        "stage": stage,
        "paths": ["case/**"],
        "facts": stated,
        "model_card": "MODEL_CARD.md" if has_card else None,
    }
    fields |= {name: _entry_value(name, value, case.as_of or CASE_DAY) for name, value in case.entry.items()}
    fields["vendors"] = [str(vendor.get("id", "vendor")) for vendor in case.vendors] or fields.get("vendors", [])
    try:
        return SystemEntry.model_validate({**fields, "risk_profile": RiskProfile.model_validate(profile)})
    except ValueError as error:
        raise _fault(case, " ".join(str(error).split()[:40])) from None


def _entry_value(name: str, value: Any, day: date) -> Any:
    if value is False:
        return [] if name in ("paths", "regulatory_scope", "vendors") else None
    if value is not True:
        return value
    if name in ("paths", "regulatory_scope"):
        return ["case/**"] if name == "paths" else ["gdpr"]
    dated = name in ("enrolled", "reclassified", "reclassification_review", "stage_since", "deployment_date")
    return day.isoformat() if dated else "oncall@example.com"


def _declared(entry: SystemEntry, case: Case) -> DeclaredSystem:
    try:
        vendors = tuple(
            VendorEntry.model_validate({"id": "vendor", "vendor_name": "Vendor", **vendor}) for vendor in case.vendors
        )
    except ValueError as error:
        raise _fault(case, " ".join(str(error).split()[:40])) from None
    manifest = Manifest.model_construct(schema_="policy-gate/manifest/v1", systems=[entry], vendors=list(vendors))
    key = SystemKey("governance.yaml", entry.id)
    return DeclaredSystem(key, entry, Document(key.manifest, "", manifest, {}), 0, vendors, existed=True)


def _overridden(facts: Facts, overlay: Mapping[str, Any], policy: RuleSet) -> Facts:
    """Worked-out values that the case states outright."""
    stated = dict(facts.stated)
    for name, value in overlay.items():
        if name in DIMENSIONS or name in policy.facts or name in _OF_FIELDS:
            continue
        if value is None:
            stated.pop(f"system.{name}", None)
        else:
            stated[f"system.{name}"] = sorted(value) if isinstance(value, list) else value
    found = replace(
        facts,
        stated=stated,
        from_stage=overlay.get("from_stage") or facts.from_stage,
        regulations=_names(overlay, "regulations", facts.regulations),
        rating=_overridden_rating(facts.rating, overlay),
    )
    return with_vendors(found, described_terms(facts.declared.vendors), policy)


def _overridden_rating(rating: Rating, overlay: Mapping[str, Any]) -> Rating:
    tier = overlay.get("tier")
    return replace(
        rating,
        score=overlay.get("score", rating.score),
        tier_range=(tier, tier) if tier else rating.tier_range,
        law_class=_names(overlay, "law_class", rating.law_class),
    )


def _names(overlay: Mapping[str, Any], name: str, worked_out: tuple[str, ...]) -> tuple[str, ...]:
    """A list of names as the case states it, null for none; else as worked out."""
    return tuple(sorted(overlay[name] or ())) if name in overlay else worked_out


def _change(spec: Mapping[str, Any], system: str, policy: RuleSet) -> Change:
    kind = str(spec.get("kind", ""))
    return Change(
        kind=kind,
        system=None if kind in CHANGES_OF_REPOSITORY else system,
        field=str(spec.get("field", "")),
        before=spec.get("before"),
        after=spec.get("after"),
        weakening=is_weakening(kind, policy),
        raising=is_raising(kind, policy),
        confidence=str(spec.get("confidence", "")),
        by_agent=spec.get("by_agent") is True,
        by_percent=float(spec.get("by_percent") or 0.0),
        to_fallback=spec.get("to_fallback") is True,
        option_removed=spec.get("option_removed") is True,
    )


def _fault(case: Case, message: str, hint: str = "") -> DocumentError:
    return DocumentError(f"case {case.id}: {message}", hint=hint)
