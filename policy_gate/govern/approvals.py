"""Approvals: which ones a change needs, and which of the claims made settle them (D10 to D19)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from policy_gate.govern.claims import Answer, Hearing, authors_of, hear
from policy_gate.govern.judged import Judged
from policy_gate.govern.standing import Standing
from policy_gate.govern.subject import subject
from policy_gate.schema.facts import Change
from policy_gate.schema.finding import ClaimNote
from policy_gate.schema.law import RuleSet
from policy_gate.schema.papers import Terms
from policy_gate.schema.people import Author, People
from policy_gate.schema.subject import Subject
from policy_gate.schema.vocabulary import State

COVERED_BY_TIER = frozenset(
    {"dimension-lowered", "dimension-removed", "fact-flipped", "fact-removed", "fact-changed", "law-class-dropped"}
)
COVERED_BY_LAW_CLASS = frozenset({"fact-flipped", "fact-removed", "fact-changed", "regulation-removed"})


@dataclass(frozen=True)
class Bar:
    """Before whom claims are heard: the law, the people, the terms, and all that was judged."""

    law: RuleSet
    people: People
    terms: Terms
    changes: tuple[Change, ...]
    judged: tuple[Judged, ...] = field(repr=False)

    @cached_property
    def by_system(self) -> Mapping[str | None, Sequence[Judged]]:
        """What was judged of each system, in order; None for what is about the repository."""
        found: dict[str | None, list[Judged]] = {}
        for item in self.judged:
            found.setdefault(item.standing.id if item.standing else None, []).append(item)
        return found


def needs_people(judged: Iterable[Judged], terms: Terms) -> bool:
    """Whether any outcome can only be settled by hearing people; if not, no source is asked (D04)."""
    return any(wants_approval(item) and _stands_from_base(item, terms) is None for item in judged)


def wants_approval(item: Judged) -> bool:
    """Whether an approval would settle it."""
    outcome = item.outcome
    if outcome.state != "gap":
        return False
    return outcome.requirement.kind == "approval" or bool(outcome.needs_attestation or outcome.claims_not_applicable)


def settle_approvals(bar: Bar) -> tuple[Judged, ...]:
    """Every judged outcome, those that want an approval settled by the claims that count."""
    covered = tuple(_covered(item) for item in bar.judged)
    bar = replace(bar, judged=covered)
    return tuple(_settle(item, bar) if wants_approval(item) else item for item in covered)


def _covered(item: Judged) -> Judged:
    """One approval of a lowered tier or law class covers the weakenings that cause it (D16)."""
    if item.outcome.rule.id != "weakening" or item.standing is None:
        return item
    kinds, kind = item.standing.changed_kinds, item.outcome.instance.partition(":")[0]
    for cause, cover in (("tier-lowered", COVERED_BY_TIER), ("law-class-dropped", COVERED_BY_LAW_CLASS)):
        if cause in kinds and kind in cover:
            return replace(item, outcome=item.outcome.become("not-applicable", seen=f"covered by {cause}"), blame=None)
    return item


def for_of(item: Judged) -> str:
    """The id that `approve --for` takes for this outcome."""
    if item.gate is not None:
        return item.gate
    return item.outcome.rule.approve_for or item.outcome.rule.id


def _settle(item: Judged, bar: Bar) -> Judged:
    stands = _stands_from_base(item, bar.terms)
    if stands:
        return replace(item, outcome=item.outcome.become(stands, seen="as approved before"), blame=None)
    for_ = for_of(item)
    about = subject_of(for_, item.standing, bar)
    item = replace(item, for_=for_, digest=about.digest)
    if bar.terms.mode == "adoption" and item.outcome.rule.for_each == "change":
        why = "nobody in base could approve it: this is the first adoption"
        return replace(item, outcome=item.outcome.become("not-applicable", seen=why), blame=None)
    answers = [hear(_hearing(role, item, about, bar)) for role in _roles(item, bar.law)]
    return _answered(item, answers, bar)


def _stands_from_base(item: Judged, terms: Terms) -> State | None:
    """What attested evidence and claims of no concern come to where base holds the very same (D05)."""
    standing, outcome = item.standing, item.outcome
    if standing is None or standing.was is None or terms.mode == "adoption" or (item.asked and item.gate):
        return None
    if outcome.key not in standing.before:
        return None
    name = outcome.requirement.subject
    if outcome.needs_attestation:
        before = standing.was.artifacts.get(name)
        return "met" if before and before.attested == outcome.needs_attestation else None
    if outcome.claims_not_applicable:
        said = {claim.id: claim.reason for claim in standing.was.declared.entry.not_applicable}
        return "not-applicable" if said.get(name) == outcome.claims_not_applicable else None
    return None


def _roles(item: Judged, law: RuleSet) -> tuple[str, ...]:
    """Who may settle it: the role wanted, or the accountable of evidence that is vouched for."""
    requirement = item.outcome.requirement
    if requirement.kind == "approval":
        return (requirement.subject,)
    spec = law.artifacts.get(requirement.subject) or law.tests.get(requirement.subject)
    return tuple(spec.accountable) if spec else ("ai-safety-lead",)


def subject_of(for_: str, standing: Standing | None, bar: Bar) -> Subject:
    """The subject of one gate or governed change, over everything that is judged for it."""
    own = bar.by_system.get(standing.id if standing else None, ())
    counted = [item.outcome for item in own if for_of(item) == for_]
    about = {outcome.instance for outcome in counted if outcome.rule.for_each == "change"}
    system = standing.id if standing else None
    changes = [
        change
        for change in bar.changes
        if change.system == system and (f"{change.kind}:{change.field}" in about or (change.weakening and about))
    ]
    return subject(for_, standing, counted, changes, bar.law, bar.terms)


def _hearing(role: str, item: Judged, about: Subject, bar: Bar) -> Hearing:
    count = item.outcome.requirement.count if item.outcome.requirement.kind == "approval" else 1
    return Hearing(about, role, count, item.standing, _authors(item, bar), bar.law, bar.people, bar.terms)


def _authors(item: Judged, bar: Bar) -> tuple[tuple[Author, str], ...]:
    if item.standing is None:
        wrote = authors_of(bar.people.commits, frozenset(c.field for c in bar.changes if c.system is None))
    else:
        wrote = authors_of(bar.people.commits, governed_paths(item.standing), item.standing.id)
    return wrote + tuple((hand.author, "") for hand in bar.people.hands)


def governed_paths(standing: Standing) -> frozenset[str]:
    """The files of base and result that make somebody who touches them an author of this system."""
    paths: set[str] = set()
    for facts in (standing.was, standing.declared):
        if facts is not None:
            paths.add(facts.declared.manifest.path)
            paths.update(facts.declared.files.values())
            paths.update(file.path for file in facts.declared.code)
    return frozenset(paths)


def _answered(item: Judged, answers: Sequence[Answer], bar: Bar) -> Judged:
    outcome = item.outcome
    notes: tuple[ClaimNote, ...] = tuple(dict.fromkeys(note for answer in answers for note in answer.notes))
    good = next((answer for answer in answers if answer.approved), None)
    if good is not None:
        state: State = "not-applicable" if outcome.claims_not_applicable else "met"
        said = "approved" + (" (recorded, not verified)" if good.recorded else "")
        said += ", by an author of the content" if good.self_approved else ""
        settled = outcome.become(state, seen=said)
        return replace(item, outcome=settled, blame=None, claims=notes, self_approved=good.self_approved)
    if _is_nobodys(item, bar) and not bar.terms.law_only:
        why = "base names nobody who could approve this: put the policies in a change of their own"
        return replace(item, outcome=outcome.become("gap", seen=why))
    if not bar.people.complete or not bar.people.attributed:
        settled = outcome.become("unknown", cause="unknown", seen="approvals could not be looked up")
        return replace(item, outcome=settled, claims=notes)
    if bar.terms.defer_approval:
        return replace(item, outcome=outcome.become("deferred"), claims=notes)
    return replace(item, claims=notes, forgiven=_is_nobodys(item, bar))


def _is_nobodys(item: Judged, bar: Bar) -> bool:
    """A change of policies that nobody in base could approve: alone it may merge, mixed it may not (D26)."""
    return item.for_ == "policy-change" and not bar.people.holders(item.outcome.requirement.subject)
