"""Artifacts: a document must be there, readable, filled in, final where final is asked, and in date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from msgspec.structs import replace

from policy_gate.evaluate.cards import check_card
from policy_gate.evaluate.context import SystemContext
from policy_gate.evaluate.dates import dated, is_earlier, period_of
from policy_gate.evaluate.results import CUT_OFF, TOO_LONG, WHOLE
from policy_gate.evaluate.reviews import not_held
from policy_gate.schema.facts import ArtifactFact, CardFact, Facts, Section
from policy_gate.schema.finding import Outcome
from policy_gate.schema.rule_set import Artifact, RuleSet, WantedSection
from policy_gate.schema.source import Location
from policy_gate.schema.vocabulary import cause_rank

_NO_NAMES: Final[Mapping[str, str]] = {}


def check_artifact(base: Outcome, facts: Facts, context: SystemContext) -> Outcome:
    """The best that the artifact itself, or any that counts as it, comes to."""
    policy = context.policy
    spec = policy.artifacts[base.requirement.subject]
    best = _check_one(base, spec, facts, context)
    for other in spec.satisfied_by:
        found = _check_one(base, policy.artifacts[other], facts, context)
        best = min(best, found, key=badness)
    return best


def badness(outcome: Outcome) -> int:
    """How far an outcome is from what is wanted: 0 where nothing lacks."""
    if outcome.state in ("met", "not-applicable"):
        return 0
    return cause_rank(outcome.cause)


def _check_one(base: Outcome, spec: Artifact, facts: Facts, context: SystemContext) -> Outcome:
    if spec.is_model_card and (facts.card is not None or spec.id not in facts.artifacts):
        return _of_card(check_card(base, facts, context.policy), facts, context.earlier)
    fact = facts.artifacts.get(spec.id)
    if fact is None:
        return base.become(
            "gap",
            cause="absent",
            seen="the manifest names no such artifact",
            wanted=spec.about,
            location=facts.declared.at("artifacts"),
        )
    outcome = _content(base, spec, fact, facts, context)
    if outcome.state != "met":
        return outcome
    fault = _fault_of_day(outcome, spec, fact, facts, context)
    if fault is not None:
        return fault
    held = not_held(base.rule, fact.completed, facts, context.today)
    if held is not None:
        return base.become("gap", location=fact.declared_at, **held._asdict())
    if fact.attested is None:
        return outcome
    return outcome.become(
        "gap",
        cause="not-approved",
        needs_attestation=fact.attested,
        seen=f"attested by digest {fact.attested[:12]}…, not read",
        wanted="an approval by the accountable role of exactly this digest",
    )


def _updated(outcome: Outcome, fact: ArtifactFact, earlier: Facts | None, today: date) -> Outcome | None:
    """Where this change must have worked on the document: other words than base's, and of a later day."""
    if earlier is None:
        return None
    held = earlier.artifacts.get(fact.id)
    known = (*((held,) if held else ()), *earlier.earlier_artifacts.get(fact.id, ()))
    if any(it.substance == fact.substance for it in known):
        return not_updated(outcome)
    before = next((it for it in known if is_earlier(fact.completed, it.completed, today)), None)
    if before is None and fact.id in earlier.history_is_long:
        return outcome.become("unknown", cause="unknown", seen=TOO_LONG, wanted="a waiver, if it is new work")
    if before is None:
        cut = earlier.history_ends and all(it.cause is not None for it in known)
        return outcome.become("unknown", cause="unknown", seen=CUT_OFF, wanted=WHOLE) if cut else None
    seen = f"completed {fact.completed}" if fact.completed else "no completed date"
    wanted = f"a look later than the one of {before.completed} before this change"
    return outcome.become("gap", cause="stale", seen=seen, wanted=wanted, location=fact.declared_at)


def _content(base: Outcome, spec: Artifact, fact: ArtifactFact, facts: Facts, context: SystemContext) -> Outcome:
    """Whether the document says enough, whatever its age and status; where it is met, its place and its words."""
    whole = Location(fact.path, 1, 1) if fact.path else fact.declared_at
    if fact.cause is not None:
        is_there = fact.path is not None and fact.oid is not None and fact.cause not in ("absent", "refused")
        where = Location(fact.path or "", fact.placeholder_line or 1, 1) if is_there else fact.declared_at
        where = fact.flaw_at or where
        return base.become("gap", cause=fact.cause, seen=fact.detail, wanted=spec.about, location=where)
    if fact.names_systems and facts.id not in fact.names_systems:
        named = ", ".join(fact.names_systems)
        return base.become("gap", cause="refused", seen=f"it is about {named}", wanted=facts.id, location=whole)
    if fact.attested is not None:
        if not spec.may_be_attested:
            return base.become("gap", cause="refused", seen="held elsewhere", wanted="a file here", location=whole)
        return base.become("met", seen=f"{fact.words} words", location=whole)
    asked = context.sections.of(spec, base.requirement)
    found = asked.find(fact.sections, facts.declared.entry.sections.get(spec.id, _NO_NAMES))
    short = [(want, have) for want, have in zip(asked.wanted, found, strict=True) if have.words < want.min_words]
    if short or fact.words < spec.min_words:
        return _short(base, spec, fact, short, len(found), whole)
    return base.become("met", seen=f"{fact.words} words", location=whole)


def _short(
    base: Outcome,
    spec: Artifact,
    fact: ArtifactFact,
    short: Sequence[tuple[WantedSection, Section]],
    sections: int,
    place: Location,
) -> Outcome:
    """Thin where a section or the whole has too few words; where less than a fifth is lacking, that is advice (D54)."""
    poor = [(want, have) for want, have in short if _lacks(have.words, want.min_words)]
    if poor:
        lines = [have.line for _, have in poor if have.line]
        headings = ", ".join(f'"{section.title}"' for section in fact.sections[:12] if section.title) or "none"
        return base.become(
            "gap",
            cause="thin",
            seen=f"{sections - len(poor)} of {sections} sections have text",
            wanted=", ".join(f'"{want.title}"' for want, _ in poor),
            location=Location(fact.path or place.path, min(lines), 1) if lines else place,
            details=tuple(_say(fact, want, have, headings) for want, have in poor),
        )
    if _lacks(fact.words, spec.min_words):
        return base.become(
            "gap",
            cause="thin",
            seen=f"{fact.words} words of its own",
            wanted=f"at least {spec.min_words}",
            location=place,
        )
    notes = [f'note: "{have.title}" has {have.words} of {want.min_words} words' for want, have in short]
    if fact.words < spec.min_words:
        notes.append(f"note: {fact.words} of {spec.min_words} words")
    seen = f"{fact.words} of {spec.min_words} words" if fact.words < spec.min_words else f"{fact.words} words"
    return base.become("met", seen=seen, location=place, details=tuple(notes))


def _lacks(words: int, wanted: int) -> bool:
    """Whether a fifth or more of the words is not there; one is wanted at least."""
    return (wanted - words) * 5 >= wanted


def _say(fact: ArtifactFact, want: WantedSection, have: Section, headings: str) -> str:
    if not have.line:
        accepted = " or ".join(f'"{name}"' for name in want.aliases)
        also = f" ({accepted} is accepted, too)" if accepted else ""
        return f'no section "{want.title}"{also} of at least {want.min_words} words; headings seen: {headings}'
    what = have.placeholder or f"{have.words} words, at least {want.min_words} are wanted"
    return f'{fact.path}:{have.line} "{have.title}": {what}'


def _fault_of_day(
    outcome: Outcome, spec: Artifact, fact: ArtifactFact, facts: Facts, context: SystemContext
) -> Outcome | None:
    """Why a document that says enough does not count yet or any more: its status and its date."""
    requirement = outcome.requirement
    if requirement.status == "final" and fact.status != "final":
        said = "its status is draft" if fact.status == "draft" else "its status is not stated"
        return outcome.become("gap", cause="draft", seen=said, wanted="`status: final`", location=fact.declared_at)
    period = period_of(requirement.max_age, spec.max_age, facts.tier)
    fault = dated(fact.completed, period, context.today)
    if fault is not None:
        return outcome.become("gap", location=fact.declared_at, **fault._asdict())
    stale = _since_reclassification(outcome, fact, facts, context.policy)
    if stale is not None:
        return stale
    return _updated(outcome, fact, context.earlier, context.today) if requirement.updated_in_change else None


def _since_reclassification(outcome: Outcome, fact: ArtifactFact, facts: Facts, policy: RuleSet) -> Outcome | None:
    """The review of a raised system is not held by papers from before it was raised (D43)."""
    raised = facts.declared.entry.reclassified
    if raised is None or outcome.rule.kind != "gate" or not policy.is_reclassification(outcome.rule.id):
        return None
    if fact.completed is not None and fact.completed >= raised:
        return None
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
    fields = {name: (field.state, " ".join(field.words.split())) for name, field in card.fields.items()}
    return fields, [replace(metric, line=None) for metric in card.metrics]


def not_updated(outcome: Outcome) -> Outcome:
    """Where this change must have worked on something and did not; other requirements are left as they are."""
    if not outcome.requirement.updated_in_change:
        return outcome
    return outcome.become(
        "gap", cause="stale", seen="unchanged in this change", wanted="an update that looks at the change"
    )
