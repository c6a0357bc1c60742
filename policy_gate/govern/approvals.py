"""Approvals: which ones a change needs, and which of the claims made settle them (D10 to D19)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from policy_gate.govern.claims import Answer, Hearing, hear, may_approve
from policy_gate.govern.judged import Judged
from policy_gate.govern.makers import Makers, makers_of
from policy_gate.govern.separation import kept_apart
from policy_gate.govern.standing import Standing
from policy_gate.govern.subject import subject
from policy_gate.schema.facts import Change
from policy_gate.schema.finding import ClaimNote, Outcome
from policy_gate.schema.identity import identity_among, is_same
from policy_gate.schema.law import RuleSet
from policy_gate.schema.papers import Terms
from policy_gate.schema.people import People
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
    settled = tuple(_settle(item, bar) if wants_approval(item) else item for item in covered)
    return kept_apart(covered, settled, bar.law.assurance.separate_roles)


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
    hearings = hearings_of(item, about, bar)
    item = replace(item, able=_able(hearings, bar))
    return _answered(item, [hear(hearing) for hearing in hearings], bar)


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


def roles_of(item: Judged, law: RuleSet) -> tuple[str, ...]:
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
    return subject(for_, standing, counted, _changes_about(counted, standing, bar), bar.law, bar.terms)


def subjects_of(bar: Bar) -> dict[tuple[str | None, str], Subject]:
    """Every subject that something judged asks an approval for, by system and what it is for."""
    found: dict[tuple[str | None, str], Subject] = {}
    for item in bar.judged:
        key = (item.standing.id if item.standing else None, item.for_ or "")
        if item.for_ and key not in found:
            found[key] = subject_of(item.for_, item.standing, bar)
    return found


def reviewed_commits(people: People) -> tuple[str, ...]:
    """The commits that somebody who holds a role has reviewed, each once; other reviews decide nothing."""
    holders = [person for held in people.members.values() for person in held]
    found = [
        claim.commit
        for claim in people.claims
        if claim.commit and not claim.problem and not claim.bot and any(is_same(p, claim.approver) for p in holders)
    ]
    return tuple(dict.fromkeys(found))


def _changes_about(counted: Sequence[Outcome], standing: Standing | None, bar: Bar) -> list[Change]:
    """The changes that a governed change's outcomes are about; of a system, all its weakenings with them."""
    about = {outcome.instance for outcome in counted if outcome.rule.for_each == "change"}
    system = standing.id if standing else None
    return [
        change
        for change in bar.changes
        if change.system == system and (f"{change.kind}:{change.field}" in about or (change.weakening and about))
    ]


def hearings_of(item: Judged, about: Subject, bar: Bar) -> tuple[Hearing, ...]:
    """One hearing for each role that may settle the outcome."""
    makers = _makers(item, about, bar)
    attests = bool(item.outcome.needs_attestation)
    return tuple(
        Hearing(about, role, wanted_of(item), item.standing, makers, bar.law, bar.people, bar.terms, attests)
        for role in roles_of(item, bar.law)
    )


def wanted_of(item: Judged) -> int:
    """How many people must agree."""
    requirement = item.outcome.requirement
    return requirement.count if requirement.kind == "approval" else 1


def _makers(item: Judged, about: Subject, bar: Bar) -> Makers:
    assurance = bar.law.assurance
    if item.standing is not None:
        wanted = assurance.authors[item.standing.now.tier]
        return makers_of(bar.people, governed_paths(item.standing), item.standing.id, assurance, wanted)
    counted = [other.outcome for other in bar.by_system.get(None, ()) if for_of(other) == about.for_]
    paths = frozenset(change.field for change in _changes_about(counted, None, bar))
    return makers_of(bar.people, paths, None, assurance, assurance.authors["critical"])


def _able(hearings: Sequence[Hearing], bar: Bar) -> tuple[str, ...]:
    """Identities of those in base who hold a role that is heard and had no hand in the content."""
    found = [
        identity_among(person, bar.people.members)
        for hearing in hearings
        for person in hearing.people.holders(hearing.role)
        if may_approve(person, hearing)
    ]
    return tuple(dict.fromkeys(found))


def governed_paths(standing: Standing) -> frozenset[str]:
    """The files of base and result that make somebody who touches them an author of this system."""
    paths: set[str] = set()
    for facts in (standing.was, standing.declared):
        if facts is not None:
            paths.add(facts.declared.manifest.path)
            paths.update(facts.declared.files.values())
            paths.update(file.path for file in (*facts.declared.code, *facts.declared.inside))
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
        return replace(
            item, outcome=settled, blame=None, claims=notes, self_approved=good.self_approved, counted=good.by
        )
    item = replace(item, claims=notes, counted=max((answer.by for answer in answers), key=len, default=()))
    if _is_nobodys(item, bar) and not bar.terms.law_only:
        why = "base names nobody who could approve this: put the policies in a change of their own"
        return replace(item, outcome=outcome.become("gap", seen=why))
    untold = next((answer.untold for answer in answers if answer.untold), "") or _silence(bar.people)
    if untold:
        return replace(item, outcome=outcome.become("unknown", cause="unknown", seen=untold))
    if bar.terms.defer_approval:
        return replace(item, outcome=outcome.become("deferred"))
    return replace(item, forgiven=_is_nobodys(item, bar))


def _silence(people: People) -> str:
    """Why that nobody agreed may only be that it could not be asked; empty where it was."""
    if people.missing:
        return f"approvals could not be looked up: {people.missing[0]}"
    return "" if people.attributed else "the authors of this change could not be told"


def _is_nobodys(item: Judged, bar: Bar) -> bool:
    """A change of policies that nobody in base could approve: alone it may merge, mixed it may not (D26)."""
    return item.for_ == "policy-change" and not bar.people.holders(item.outcome.requirement.subject)
