"""Artifacts: a document must be there, readable, filled in, final where final is asked, and in date."""

from __future__ import annotations

from msgspec.structs import replace

from policy_gate.cards.text_normal import title_key
from policy_gate.evaluate.cards import check_card
from policy_gate.evaluate.dates import dated, is_earlier, period_of
from policy_gate.evaluate.headings import FoundSection, find_sections
from policy_gate.evaluate.reviews import not_held
from policy_gate.schema.dates import Instant
from policy_gate.schema.facts import ArtifactFact, CardFact, Facts
from policy_gate.schema.finding import Outcome
from policy_gate.schema.rule_set import Artifact, RuleSet, WantedSection
from policy_gate.schema.source import Location
from policy_gate.schema.vocabulary import CAUSE_RANK


def check_artifact(base: Outcome, facts: Facts, policy: RuleSet, as_of: Instant, earlier: Facts | None) -> Outcome:
    """The best that the artifact itself, or any that counts as it, comes to."""
    spec = policy.artifacts[base.requirement.subject]
    candidates = [spec, *(policy.artifacts[other] for other in spec.satisfied_by)]
    outcomes = [_check_one(base, candidate, facts, policy, as_of, earlier) for candidate in candidates]
    return min(outcomes, key=lambda item: 0 if item.state == "met" else CAUSE_RANK[item.cause or "absent"])


def _check_one(
    base: Outcome, spec: Artifact, facts: Facts, policy: RuleSet, as_of: Instant, earlier: Facts | None
) -> Outcome:
    if spec.is_model_card and (facts.card is not None or spec.id not in facts.artifacts):
        return _of_card(check_card(base, facts, policy), facts, earlier)
    fact = facts.artifacts.get(spec.id)
    if fact is None:
        return base.become(
            "gap",
            cause="absent",
            seen="the manifest names no such artifact",
            wanted=spec.about,
            location=facts.declared.at("artifacts"),
        )
    outcome = _content(base, spec, fact, facts)
    if outcome.state == "met":
        outcome = _status_and_age(outcome, spec, fact, facts, as_of)
    if outcome.state == "met":
        outcome = _since_reclassification(outcome, fact, facts, policy)
    if outcome.state == "met":
        outcome = _updated(outcome, fact, earlier, as_of)
    fault = not_held(base.rule, fact.completed, facts, as_of) if outcome.state == "met" else None
    if fault is not None:
        outcome = base.become("gap", location=fact.declared_at, **fault._asdict())
    if outcome.state == "met" and fact.attested is not None:
        return outcome.become(
            "gap",
            cause="not-approved",
            needs_attestation=fact.attested,
            seen=f"attested by digest {fact.attested[:12]}…, not read",
            wanted="an approval by the accountable role of exactly this digest",
        )
    return outcome


def _updated(outcome: Outcome, fact: ArtifactFact, earlier: Facts | None, as_of: Instant) -> Outcome:
    """Where this change must have worked on the document: other words than base's, and of a later day."""
    before = earlier.artifacts.get(fact.id) if earlier else None
    if before is None or not outcome.requirement.updated_in_change:
        return outcome
    if before.substance == fact.substance:
        return not_updated(outcome)
    if not is_earlier(fact.completed, before.completed, as_of):
        return outcome
    seen = f"completed {fact.completed}" if fact.completed else "no completed date"
    wanted = f"a look later than the one of {before.completed} before this change"
    return outcome.become("gap", cause="stale", seen=seen, wanted=wanted, location=fact.declared_at)


def _content(base: Outcome, spec: Artifact, fact: ArtifactFact, facts: Facts) -> Outcome:
    place = Location(fact.path, 1, 1) if fact.path and fact.oid else fact.declared_at
    if fact.cause is not None:
        is_there = fact.path is not None and fact.oid is not None and fact.cause not in ("absent", "refused")
        where = Location(fact.path or "", fact.placeholder_line or 1, 1) if is_there else fact.declared_at
        where = fact.flaw_at or where
        return base.become("gap", cause=fact.cause, seen=fact.detail, wanted=spec.about, location=where)
    if fact.names_systems and facts.id not in fact.names_systems:
        named = ", ".join(fact.names_systems)
        return base.become("gap", cause="refused", seen=f"it is about {named}", wanted=facts.id, location=place)
    if fact.attested is not None:
        if not spec.may_be_attested:
            return base.become("gap", cause="refused", seen="held elsewhere", wanted="a file here", location=place)
        return base.become("met", location=fact.declared_at)
    return _sections(base, spec, fact, facts, place)


def _sections(base: Outcome, spec: Artifact, fact: ArtifactFact, facts: Facts, place: Location) -> Outcome:
    """Thin where a section or the whole has too few words; where less than a fifth is lacking, that is advice (D54)."""
    wanted = _wanted(base, spec)
    found = find_sections(wanted, fact.sections, facts.declared.entry.sections.get(spec.id, {}))
    poor = [(want, have) for want, have in zip(wanted, found, strict=True) if _lacks(have.words, want.min_words)]
    if poor:
        lines = [have.line for _, have in poor if have.line]
        return base.become(
            "gap",
            cause="thin",
            seen=f"{len(wanted) - len(poor)} of {len(wanted)} sections have text",
            wanted=", ".join(f'"{want.title}"' for want, _ in poor),
            location=Location(fact.path or place.path, min(lines), 1) if lines else place,
            details=tuple(_say(fact, want, have) for want, have in poor),
        )
    if _lacks(fact.words, spec.min_words):
        return base.become(
            "gap",
            cause="thin",
            seen=f"{fact.words} words of its own",
            wanted=f"at least {spec.min_words}",
            location=place,
        )
    short = [
        f'note: "{have.title}" has {have.words} of {want.min_words} words'
        for want, have in zip(wanted, found, strict=True)
        if have.words < want.min_words
    ]
    if fact.words < spec.min_words:
        short.append(f"note: {fact.words} of {spec.min_words} words")
    seen = f"{fact.words} of {spec.min_words} words" if fact.words < spec.min_words else f"{fact.words} words"
    return base.become("met", seen=seen, location=place, details=tuple(short))


def _wanted(base: Outcome, spec: Artifact) -> list[WantedSection]:
    """The sections of the catalogue, and those that the requirement adds."""
    known = {title_key(name) for section in spec.sections for name in (section.title, *section.aliases)}
    added = [WantedSection(title=title) for title in base.requirement.sections if title_key(title) not in known]
    return [*spec.sections, *added]


def _lacks(words: int, wanted: int) -> bool:
    """Whether a fifth or more of the words is not there."""
    return (wanted - words) * 5 >= wanted > words


def _say(fact: ArtifactFact, want: WantedSection, have: FoundSection) -> str:
    if not have.line:
        seen = ", ".join(f'"{section.title}"' for section in fact.sections[:12] if section.title) or "none"
        accepted = " or ".join(f'"{name}"' for name in want.aliases)
        also = f" ({accepted} is accepted, too)" if accepted else ""
        return f'no section "{want.title}"{also} of at least {want.min_words} words; headings seen: {seen}'
    what = have.placeholder or f"{have.words} words, at least {want.min_words} are wanted"
    return f'{fact.path}:{have.line} "{have.title}": {what}'


def _status_and_age(base: Outcome, spec: Artifact, fact: ArtifactFact, facts: Facts, as_of: Instant) -> Outcome:
    if base.requirement.status == "final" and fact.status != "final":
        said = "its status is draft" if fact.status == "draft" else "its status is not stated"
        return base.become("gap", cause="draft", seen=said, wanted="`status: final`", location=fact.declared_at)
    period = period_of(base.requirement.max_age, spec.max_age, facts.tier)
    fault = dated(fact.completed, period, as_of)
    if fault is not None:
        return base.become("gap", location=fact.declared_at, **fault._asdict())
    place = Location(fact.path, 1, 1) if fact.path else fact.declared_at
    return base.become("met", seen=base.seen or f"{fact.words} words", location=place)


def _since_reclassification(outcome: Outcome, fact: ArtifactFact, facts: Facts, policy: RuleSet) -> Outcome:
    """The review of a raised system is not held by papers from before it was raised (D43)."""
    gate = policy.gates.get(outcome.rule.id) if outcome.rule.kind == "gate" else None
    raised = facts.declared.entry.reclassified
    if gate is None or gate.entered_by != "reclassification" or raised is None:
        return outcome
    if fact.completed is not None and fact.completed >= raised:
        return outcome
    return outcome.become(
        "gap",
        cause="stale",
        seen=f"completed {fact.completed}" if fact.completed else "no completed date",
        wanted=f"a look since the system was raised on {raised}",
        location=fact.declared_at,
    )


def _of_card(outcome: Outcome, facts: Facts, earlier: Facts | None) -> Outcome:
    before = earlier.card if earlier else None
    unchanged = before is not None and facts.card is not None and _said_in(before) == _said_in(facts.card)
    return not_updated(outcome) if outcome.state == "met" and unchanged else outcome


def _said_in(card: CardFact) -> object:
    """What a card says, its layout aside."""
    fields = {name: (field.state, " ".join((field.text or "").split())) for name, field in card.fields.items()}
    return fields, [replace(metric, line=None) for metric in card.metrics]


def not_updated(outcome: Outcome) -> Outcome:
    """Where this change must have worked on something and did not; other requirements are left as they are."""
    if not outcome.requirement.updated_in_change:
        return outcome
    return outcome.become(
        "gap", cause="stale", seen="unchanged in this change", wanted="an update that looks at the change"
    )
