"""What people should know beside the findings: what cannot be promised, and lines that would help."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from policy_gate.decide.decision_context import DecisionContext
from policy_gate.decide.gates_entered import why_entered
from policy_gate.decide.system_change import SystemChange
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.documents.spelling import listed
from policy_gate.people.identity import identity_among
from policy_gate.schema.documents import SystemEntry
from policy_gate.schema.facts import Facts
from policy_gate.schema.roles import Roles
from policy_gate.schema.source import Location
from policy_gate.schema.vocabulary import DIMENSIONS, RETIRED, stage_rank, tier_rank

_ALL = len(DIMENSIONS)
_SHOWN = 3
"""notes of one kind that are shown before the rest is counted"""


def notes_of(context: DecisionContext, result_roles: Roles | None = None) -> tuple[str, ...]:
    """A sentence each, on all systems, judged or not; `result_roles` are those that an adoption brings."""
    people = context.people
    roles = people.roles.content if people.roles else None
    roles = result_roles if context.options.mode == "adoption" else roles
    return (
        *people.missing,
        *people.notes,
        *_trust_notes(context),
        *_entered(context),
        *_parted(context),
        *_enrolled(context),
        *_moved(context),
        *_raised_by_code(context),
        *_adoption(context, roles),
        *_alone(context, roles),
        *_idle(context),
        *_unaddressed(context),
        *_undated(context),
        *_unclocked(context.systems.values()),
    )


def _trust_notes(context: DecisionContext) -> tuple[str, ...]:
    """What cannot be promised about the approvals that count."""
    counted = [item for item in context.weighed if item.outcome.state in ("met", "not-applicable")]
    recorded = len({_vote(item) for item in counted if item.recorded})
    alone = len({_vote(item) for item in counted if item.self_approved})
    notes = []
    if recorded:
        notes.append(f"{_approvals(recorded)} recorded, not verified: base's policies allow that here")
    if alone:
        notes.append(f"{_approvals(alone)} by an author of the content: base's policies allow that here")
    return tuple(notes)


def _entered(context: DecisionContext) -> Iterator[str]:
    """What enters a gate where the stage does not (D49)."""
    policy = context.policy
    for place in context.asked_for:
        for gate in place.entered:
            why = why_entered(gate, policy, place.was, place.now, place.reviewed)
            if why:
                spec = policy.gates.get(gate) or policy.controls[gate]
                yield f"{place.id} enters {spec.title}, as {why}"


def _parted(context: DecisionContext) -> Iterator[str]:
    """How a part of one system becomes a system of its own without going through gates that it went through (D27)."""
    for place in context.asked_for:
        code = place.now.declared.code
        is_asked = place.presence == "added" and bool(place.entered and code)
        giver = _parted_from(place, context.systems) if is_asked else None
        if giver is None:
            continue
        was = {file.path for file in giver.declared.code}
        stays = all(file.path in was for file in code)
        first = "" if stays else f"moved in a change of its own first, under paths of {giver.id}, and "
        yield (
            f"{place.id}: all of its code is {giver.id}'s in base, which went through these gates; {first}declared "
            f"with `enrolled: {context.options.as_of.date()}` it asks for one approval, and its documents get due dates"
        )


def _enrolled(context: DecisionContext) -> Iterator[str]:
    """Why a system that is declared for the first time counts as new work, where it could look older (D27)."""
    for place in context.asked_for:
        declared = place.now.declared
        if place.presence != "added" or not place.entered or declared.takes_from or declared.shares_with:
            continue
        if declared.entry.enrolled is None:
            if declared.existed and not declared.touched:
                yield (
                    f"{place.id}: its code stands in base already; with `enrolled: {context.options.as_of.date()}` in "
                    "its entry it asks for one approval, and what it owes gets due dates"
                )
            continue
        why = "base holds a manifest that nobody could read, and it may stand there"
        if not declared.existed:
            why = "base holds no file under its `paths`, so that it is new work"
        elif declared.touched:
            why = "the change touches files under its `paths`, too: declare it in a change of its own"
        yield f"{place.id}: `enrolled` does not count, as {why}"


def _moved(context: DecisionContext) -> Iterator[str]:
    """Where code went that its system no longer claims: one line in `paths` settles all that the move asks for."""
    for place in context.asked_for:
        left = {path for change in place.changes if change.kind == "path-narrowed" for path in change.files}
        was = {file.path for file in place.was.declared.code} if place.was is not None else set()
        went = sorted(path for path in left - was if not place.now.declared.claimed_by.get(path))
        if not went:
            continue
        folders = list(dict.fromkeys(f"{path.rpartition('/')[0]}/" if "/" in path else path for path in went))
        more = f" and {len(folders) - _SHOWN} more" if len(folders) > _SHOWN else ""
        entry = place.now.declared.at("paths")
        yield (
            f"{place.id}: its code went to {', '.join(folders[:_SHOWN])}{more}, which no `paths` cover: add that "
            f"at {Location(entry.path, entry.line)} in this change, and what the move alone asks for here falls away"
        )


def _raised_by_code(context: DecisionContext) -> Iterator[str]:
    """Where code of another system, taken over or claimed along with it, makes the tier that judges (D51)."""
    for place in context.asked_for:
        own = {facts.tier for facts in (place.was, place.declared) if facts is not None}
        tier, code = place.now.tier, place.now.declared
        if any(tier_rank(tier) <= tier_rank(known) for known in own):
            continue
        givers = [
            name
            for name in dict.fromkeys((*code.takes_from, *code.shares_with))
            if name in context.systems and tier_rank(context.systems[name].now.tier) >= tier_rank(tier)
        ]
        if givers:
            yield (
                f"{place.id}: judged as {tier}, as its paths hold code of {listed(givers)}: keep that under paths of "
                f"{listed(givers)} alone, or owe what {tier} asks"
            )


def _parted_from(place: SystemChange, systems: Mapping[str, SystemChange]) -> Facts | None:
    """The system of base that has all code of a new one and is as far and as high; none whose own debt has dates."""
    code = {file.oid for file in place.now.declared.code}
    for name in place.now.declared.takes_from:
        giver = systems.get(name)
        if giver is None or giver.was is None or giver.was.stage in RETIRED:
            continue
        was, entry = giver.was, giver.was.declared.entry
        is_as_far = stage_rank(was.stage) >= stage_rank(place.now.stage)
        is_as_high = tier_rank(was.tier) >= tier_rank(place.now.tier)
        has_dates = entry.enrolled is not None or entry.reclassified is not None
        if is_as_far and is_as_high and not has_dates and code <= {file.oid for file in was.declared.code}:
            return was
    return None


def _adoption(context: DecisionContext, roles: Roles | None) -> Iterator[str]:
    """What is cheap to say now and dear later: blanks, guesses, and roles that nobody can fill (D48)."""
    if context.options.mode != "adoption":
        return
    for place in context.asked_for:
        entry, rating = place.now.declared.entry, place.now.rating
        if rating.undeclared:
            blanks = ", ".join(rating.undeclared)
            first = "; these six answers first, then all other work" if len(rating.undeclared) == _ALL else ""
            yield f"{place.id}: fill in {blanks} now; what is left open is judged as {rating.tier}{first}"
        if entry.guessed:
            said = {"id": entry.id, "stage": entry.stage, "paths": ", ".join(entry.paths) or "[]"}
            told = "; ".join(f"{name} {said[name]}" for name in dict.fromkeys(entry.guessed))
            yield f"{place.id}: guessed, so mend it now or take it off `guessed`: {told}"
    empty = sorted(_asked_roles(context) - _filled_roles(roles))
    if empty:
        titles = ", ".join(context.policy.roles[role].title for role in empty)
        yield f"nobody in {context.people.roles_file} can approve as {titles}: name people before the merge"


def _asked_roles(context: DecisionContext) -> set[str]:
    """The roles that some rule may ask to approve."""
    wanted = {part.subject for rule in context.policy.rules for part in rule.requirements if part.kind == "approval"}
    return wanted & context.policy.roles.keys()


def _filled_roles(roles: Roles | None) -> set[str]:
    """The roles for which the file lists a person or a team, or that stand in for one of these."""
    if roles is None:
        return set()
    return {role for role in roles.roles if any(held.members or held.teams for held in roles.holding(role))}


def _alone(context: DecisionContext, roles: Roles | None) -> Iterator[str]:
    """One person in every role cannot agree with what they write themselves: said while it can be mended."""
    listed = roles.roles.values() if roles else ()
    members = {str(number): tuple(held.members) for number, held in enumerate(listed)}
    holders = {identity_among(person, members): person.name for held in members.values() for person in held}
    if len(holders) != 1 or any(held.teams for held in listed):
        return
    (name,), file = holders.values(), context.people.roles_file
    if context.options.mode == "adoption":
        yield (
            f"{name} is alone in every role: what {name} writes nobody can approve. Before the merge, name a second "
            f"person in {file}, or write `self_approval: [low, medium]` under assurance in a file of "
            f"{file.removesuffix('roles.yaml')}; high and critical want a second person in any case"
        )
    elif any(item.for_ and item.outcome.state == "gap" and not item.able for item in context.weighed):
        yield (
            f"{name} is alone in every role and has written this: let somebody else write the change of "
            f"{file} that names them, or that of `self_approval`, which {name} then approves"
        )


def _approvals(number: int) -> str:
    return "1 approval is" if number == 1 else f"{number} approvals are"


def _idle(context: DecisionContext) -> Iterator[str]:
    """Records that are new here and for nothing that the change asks for."""
    asked = {(item.system, item.for_) for item in context.weighed if item.for_}
    for claim in context.people.claims:
        if claim.for_ and not claim.spent and (claim.system, claim.for_) not in asked:
            what = f"{claim.for_} of {claim.system}" if claim.system else claim.for_
            yield f"{claim.path} approves {what}, which this change does not ask for"


def _unaddressed(context: DecisionContext) -> Iterator[str]:
    """Co-authors named without an address, tools that the policies know left out; nobody is taken for them (D55)."""
    tools = context.policy.assurance.service_committers
    said = [
        f"commit {commit.oid[:7]} names a co-author without an address, who is taken for nobody: {text}"
        for commit in context.people.commits
        for text in commit.unaddressed
        if text.casefold() not in tools
    ]
    yield from said[:_SHOWN]
    if len(said) > _SHOWN:
        yield f"{len(said) - _SHOWN} more co-authors are named without an address"


def _undated(context: DecisionContext) -> tuple[str, ...]:
    """The line that gives dates to what a raised tier, law class or fact brings to light (D21)."""
    late = {
        item.system_change.id
        for item in context.weighed
        if item.blame == "overdue" and item.system_change is not None and _raises_undated(item.system_change)
    }
    today = context.options.as_of.date()
    return tuple(
        f"{system}: this change raises what is asked of it; add `reclassified: {today}` to its entry, "
        "and what that brings to light gets a later due date"
        for system in sorted(late)
    )


def _raises_undated(system_change: SystemChange) -> bool:
    return (
        system_change.is_raised
        and system_change.may_date_its_debt
        and system_change.now.declared.entry.reclassified is None
    )


def _unclocked(places: Iterable[SystemChange]) -> tuple[str, ...]:
    """The line from which the reviews of a system count, said while it enters production (D06)."""
    return tuple(
        f"{place.id}: add `stage_since:` with the day it goes live to its entry, or its reviews are due at once"
        for place in places
        if place.is_promotion and place.now.stage == "production" and not _counts_from(place.now.declared.entry)
    )


def _counts_from(entry: SystemEntry) -> bool:
    return entry.stage_since is not None or entry.enrolled is not None


def empty_gates(context: DecisionContext) -> tuple[str, ...]:
    """An entered gate that asks for nothing, without the policies saying so for the tier, is no pass."""
    found = []
    for place in context.asked_for:
        for gate in (context.policy.gates[name] for name in place.entered if name in context.policy.gates):
            if place.now.stage == "decommissioned" and gate.to != "decommissioned":
                continue  # whoever retires in one step owes what the retirement asks
            asked = any(item.gate == gate.id for item in context.by_system.get(place.id, ()))
            if not asked and place.now.tier not in gate.none_for and context.options.mode != "adoption":
                found.append(f"{gate.title} asks nothing of {place.id} (tier {place.now.tier}): no answer")
    return tuple(found)


def _vote(item: WeighedOutcome) -> tuple[str | None, str | None, str]:
    """One approval: of a system, for a gate or change, in a role."""
    return (item.outcome.system, item.for_, item.outcome.requirement.subject)
