"""What judges a change that weakens: base's value of every weakened fact, approved or not (D41)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from msgspec.structs import replace

from policy_gate.facts.changes import pair_up
from policy_gate.facts.changes_evidence import redated_from, redated_test_from
from policy_gate.facts.changes_paths import united_code
from policy_gate.facts.changes_vendors import held_against, is_improved, terms_of
from policy_gate.facts.declared_facts import are_evaluated, names_declared
from policy_gate.facts.declared_models import ends_field
from policy_gate.facts.facts import DescribedTerms, with_vendors
from policy_gate.facts.risk_score import rate
from policy_gate.schema.change import Change
from policy_gate.schema.facts import ArtifactFact, CardFact, Facts, Metric, Rating, TestFact, unrated_values
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.snapshot import DeclaredSystem
from policy_gate.schema.vendor_document import AnnouncedTerm
from policy_gate.schema.vendor_terms import VendorTerms
from policy_gate.schema.vocabulary import RETIRED, Held, Tier, stage_rank, tier_rank

Weakened = Mapping[Held, frozenset[str]]
"""what of base is held to the fields of the changes that weaken it, for one system"""

_Dated = TypeVar("_Dated", ArtifactFact, TestFact)
_RATED: frozenset[Held] = frozenset({"fact", "law-class", "regulations", "stage"})
"""what the rating is worked out from; all else leaves it as it is declared"""


def hold(
    was: Sequence[Facts], declared: Sequence[Facts], changes: Sequence[Change], policy: RuleSet
) -> tuple[Facts, ...]:
    """The result's facts with every weakened one held at base's value, score, tier and law class worked out again.

    Each system by itself. `from_stage` becomes base's stage, or "none" for a system that base does not have.
    A removed system is there with base's facts. Sorted by manifest and id.
    """
    held: list[Facts] = []
    weakened = _weakened(changes, policy)
    for old, new in pair_up(was, declared):
        if new is not None:
            held.append(_held(old, new, weakened.get(new.id, {}), policy))
        elif old is not None:
            held.append(old)
    return tuple(sorted(held, key=lambda facts: facts.key))


def at_shared_tiers(was: Sequence[Facts], held: Sequence[Facts]) -> tuple[Facts, ...]:
    """The held facts, each at the highest tier among those whose code it shares or takes over (D51)."""
    tiers = {facts.id: facts.tier for facts in (*was, *held)}
    for facts in was:
        tiers[facts.id] = max(tiers[facts.id], facts.tier, key=tier_rank)
    return tuple(_at_shared_tier(facts, tiers) for facts in held)


def _at_shared_tier(facts: Facts, tiers: Mapping[str, Tier]) -> Facts:
    """Code that more than one system claims, or that is handed over, is judged at the higher tier of both (D51).

    What is shared asks so of a system that is declared or moves on, what is handed over of the one that takes it.
    One that retires moves on with nothing: the work that another's tier wants would keep it alive.
    """
    before, system = facts.from_stage, facts.declared
    is_still = before != "none" and (stage_rank(facts.stage) <= stage_rank(before) or facts.stage in RETIRED)
    others = system.takes_from if is_still else system.shares_with
    top = max((facts.tier, *(tiers[other] for other in others if other in tiers)), key=tier_rank)
    if top == facts.tier:
        return facts
    return replace(facts, rating=replace(facts.rating, tier_range=(facts.rating.tier_range[0], top)))


def _weakened(changes: Sequence[Change], policy: RuleSet) -> dict[str | None, Weakened]:
    """By system and by what the policies say that a kind of change holds; a kind they do not know holds nothing."""
    found: dict[str | None, dict[Held, frozenset[str]]] = {}
    for change in changes:
        spec = policy.change_kinds.get(change.kind)
        if spec is not None and (change.weakening or not spec.weakening):
            fields, held = found.setdefault(change.system, {}), spec.holds
            if held == "nothing":
                continue
            fields[held] = fields.get(held, frozenset()) | {change.field}
    return {**found}


def _held(was: Facts | None, now: Facts, weakened: Weakened, policy: RuleSet) -> Facts:
    if was is None:
        return replace(now, from_stage="none")
    if not weakened:
        return now if now.from_stage == was.stage else replace(now, from_stage=was.stage)
    declared = _held_system(was.declared, now.declared, weakened)
    stage = was.stage if "stage" in weakened else now.stage
    regulations = now.regulations
    if "regulations" in weakened:
        regulations = tuple(sorted({*was.regulations, *now.regulations}))
    stated = _held_stated(was, now, declared, regulations, weakened, policy)
    held = replace(
        now,
        declared=declared,
        stage=stage,
        from_stage=was.stage,
        regulations=regulations,
        stated=stated,
        rating=_held_rating(was, now, unrated_values(now.id, stage, was.stage, regulations, stated), weakened, policy),
        artifacts={id_: _held_date(fact, redated_from(was, fact), weakened) for id_, fact in now.artifacts.items()},
        tests={id_: _held_date(fact, redated_test_from(was, fact), weakened) for id_, fact in now.tests.items()},
        card=_held_card(was.card, now.card, weakened),
        models=_held_models(was, now, weakened.get("model-end", frozenset())),
    )
    if was.vendors or now.vendors:
        held = with_vendors(held, _held_vendors(was, now, weakened), policy)
    return _with_held_incidents(was, held, weakened.get("incident", frozenset()), policy)


def _with_held_incidents(was: Facts, now: Facts, weakened: frozenset[str], policy: RuleSet) -> Facts:
    """The facts with base's incidents in the place of those that the change weakens or drops, worked out anew."""
    if not was.incidents and not now.incidents:
        return now
    from policy_gate.facts.incidents import assessed_incidents  # noqa: PLC0415 - few systems have had one

    own = [it for it in now.incidents if it.id not in weakened]
    kept = [it for it in was.incidents if it.id in weakened]
    return replace(now, incidents=assessed_incidents(sorted((*own, *kept), key=lambda it: it.id), now, policy))


def _held_stated(
    was: Facts,
    now: Facts,
    declared: DeclaredSystem,
    regulations: tuple[str, ...],
    weakened: Weakened,
    policy: RuleSet,
) -> dict[str, Any]:
    """What is stated with base's weakened facts, and what follows from the held entry and regulations."""
    stated = dict(now.stated)
    for name in sorted(weakened.get("fact", ())):
        _put_back(stated, f"system.{name}", was.stated)
    if not are_evaluated(regulations, policy):
        stated.pop("system.regulations_evaluated", None)
    if "reclassified" in weakened.get("entry-date", ()):
        stated["system.reclassified_declared"] = declared.entry.reclassified is not None
        stated["system.reclassification_reviewed"] = declared.entry.is_review_held
    stated["system.declared"] = names_declared(stated, policy)
    return stated


def _put_back(values: dict[str, Any], name: str, base: Mapping[str, Any]) -> None:
    """Base's value, or none where base had none; a list keeps what the change adds."""
    if base.get(name) is None:
        values.pop(name, None)
    elif isinstance(values.get(name), list):
        values[name] = sorted({*base[name], *values[name]})
    else:
        values[name] = base[name]


def _held_rating(was: Facts, now: Facts, values: Mapping[str, Any], weakened: Weakened, policy: RuleSet) -> Rating:
    """The rating of the held values; neither tier nor, where it drops, law class below base's."""
    rating = rate(values, policy) if weakened.keys() & _RATED else now.rating
    if "law-class" in weakened:
        rating = replace(rating, law_class=tuple(sorted({*was.law_class, *rating.law_class})))
    if tier_rank(rating.tier) < tier_rank(was.tier):
        bottom = max(rating.tier_range[0], was.rating.tier_range[0], key=tier_rank)
        rating = replace(rating, tier_range=(bottom, was.tier))
    return rating


def _held_system(was: DeclaredSystem, now: DeclaredSystem, weakened: Weakened) -> DeclaredSystem:
    """The entry with base's dates, and base's code and whom it shares that with, where paths were narrowed."""
    held = {name: getattr(was.entry, name) for name in sorted(weakened.get("entry-date", ()))}
    if "code" in weakened:
        shared = tuple(sorted({*was.shares_with, *now.shares_with}))
        now = replace(now, code=united_code(was, now), shares_with=shared)
    return replace(now, entry=now.entry.model_copy(update=held)) if held else now


def _held_date(fact: _Dated, old: _Dated | None, weakened: Weakened) -> _Dated:
    """The evidence with the date of the work that it is, where the change dates that anew."""
    if old is None or fact.id not in weakened.get("evidence-date", ()):
        return fact
    return replace(fact, completed=old.completed)


def _held_card(was: CardFact | None, now: CardFact | None, weakened: Weakened) -> CardFact | None:
    """The card as it is, its numbers measured against base's thresholds where those were loosened."""
    if was is None or now is None or "limits" not in weakened:
        return now
    from policy_gate.cards.overall_limits import with_overall_limits  # noqa: PLC0415 - only where limits were loosened

    limits = {(metric.name.casefold(), metric.group.casefold()): metric for metric in was.metrics}
    return replace(now, metrics=with_overall_limits([_against(limits, metric) for metric in now.metrics]))


def _against(limits: Mapping[tuple[str, str], Metric], metric: Metric) -> Metric:
    from policy_gate.cards.metrics import held_to, is_loosened  # noqa: PLC0415 - only where there are cards

    old = limits.get((metric.name.casefold(), metric.group.casefold()))
    if old is None or old.threshold is None or not is_loosened(old, metric):
        return metric
    return held_to(metric, old)


def _held_models(was: Facts, now: Facts, fields: frozenset[str]) -> tuple[Mapping[str, Any], ...]:
    """The listed models, with the day on which base says that they end where the change says less of it."""
    ends = {ends_field(model): model for model in was.models}
    names = ("model.retires", "model.retires_source")
    return tuple(
        {**model, **{name: ends[field][name] for name in names}} if (field := ends_field(model)) in fields else model
        for model in now.models
    )


def _held_vendors(was: Facts, now: Facts, weakened: Weakened) -> list[DescribedTerms]:
    fields, gone = weakened.get("vendor-answer", frozenset()), weakened.get("vendor", frozenset())
    base = terms_of(was)
    kept = [
        _held_terms(base[id_], terms, fields) if id_ in base else (terms.stated, terms.terms)
        for id_, terms in terms_of(now).items()
    ]
    return [*kept, *((base[id_].stated, base[id_].terms) for id_ in sorted(gone & base.keys()))]


def _held_terms(was: VendorTerms, now: VendorTerms, fields: frozenset[str]) -> DescribedTerms:
    """What a vendor states and announces, with what each weakened field may say at best on each of its days."""
    parts = (field.rpartition(".") for field in sorted(fields))
    names = [name for id_, _, name in parts if id_ == now.stated["vendor.id"]]
    stated, terms = dict(now.stated), [it for it in now.terms if it.field not in names]
    for name in names:
        if is_improved(name, was, now, None):
            _put_back(stated, f"vendor.{name}", {f"vendor.{name}": held_against(name, was, now, None)})
        terms += _terms_held(name, was, now)
    return stated, terms


def _terms_held(name: str, was: VendorTerms, now: VendorTerms) -> Iterator[AnnouncedTerm]:
    """The announcements of one field, those of both sides, where the result's would read better with base's value."""
    announced = {term.from_: term for term in (*now.terms, *was.terms) if term.field == name}
    for day, term in sorted(announced.items()):
        values = {f"vendor.{name}": now.on(day).get(f"vendor.{name}")}
        if is_improved(name, was, now, day):
            _put_back(values, f"vendor.{name}", {f"vendor.{name}": held_against(name, was, now, day)})
        if values.get(f"vendor.{name}") is not None:
            yield term.model_copy(update={"value": values[f"vendor.{name}"]})


OF_EVIDENCE = frozenset(
    {
        *("system.has_model_card", "system.has_vendors", "system.claims_code", "system.has_incident_contact"),
        *("system.has_selection_rates", "system.selection_rate_ratio", "system.largest_group_gap"),
        *("system.names_personal_data", "system.names_automatic_decisions"),
        "system.deployment_date",
    }
)
"""Values about what a system has or plans, not about what it is: these stay base's, as does its stage."""


def as_if_raised(
    was: Sequence[Facts], now: Sequence[Facts], changes: Sequence[Change], policy: RuleSet
) -> tuple[Facts, ...]:
    """For each system whose facts the change raises without advancing its stage: base's evidence, judged as raised.

    `now` is each system by itself: what the code of another asks is no truth that the change told of this one.
    """
    raised = {change.system for change in changes if change.raising}
    later = {facts.id: facts for facts in now}
    return tuple(_raised(facts, later[facts.id], policy) for facts in was if facts.id in raised)


def _raised(was: Facts, now: Facts, policy: RuleSet) -> Facts:
    stated = {name: value for name, value in now.stated.items() if name not in OF_EVIDENCE}
    stated.update({name: value for name, value in was.stated.items() if name in OF_EVIDENCE})
    stated["system.declared"] = names_declared(stated, policy)
    raised = replace(was, stated=stated, rating=now.rating, regulations=now.regulations)
    return with_vendors(raised, [(it.stated, it.terms) for it in terms_of(was).values()], policy)
