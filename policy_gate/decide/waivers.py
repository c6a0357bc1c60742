"""Waivers of base: owned, dated, approved permissions, applied after the rules were evaluated (T25)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.decide.decision_context import DecisionContext
from policy_gate.decide.system_change import SystemChange
from policy_gate.decide.waiver_validity import WaiverContext, WaiverProblem, is_about, is_unused, waiver_problem_of
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.schema.documents import Waiver, Waivers
from policy_gate.schema.finding import Outcome
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.source import Document, Location

OPEN = ("gap", "unknown", "deferred")


Written = Mapping[str, tuple[Waiver, Location]]
"""Every waiver of a tree once, however often it is written: its text, what it says, where it stands."""


class _Applied(Struct, frozen=True):
    """One waiver of base: where it stands, whose it is, what it names, and what is wrong with it."""

    waiver: Waiver
    location: Location
    system_change: SystemChange | None
    about: tuple[int, ...]
    """positions among the judged outcomes"""
    problem: WaiverProblem | None
    is_kept: bool
    """the result holds it too"""


def apply_waivers(
    context: DecisionContext, base: Snapshot, result: Snapshot
) -> tuple[tuple[WeighedOutcome, ...], tuple[str, ...]]:
    """The judged outcomes with those waived marked so, then what is found about the waivers themselves.

    Only base's waivers hold. One that the result adds is told in a note.
    """
    was, now = _written(base.waivers), _written(result.waivers)
    if not was and not now:
        return context.weighed, ()
    waiver_context = WaiverContext(
        context.policy, context.people, context.options.as_of.date(), knows_all=context.options.mode == "all"
    )
    answers = tuple(_heard(was, now, context, waiver_context))
    added = [waiver for text, (waiver, _) in now.items() if text not in was]
    gone = [waiver for text, (waiver, _) in was.items() if text not in now]
    speaking: dict[int, list[_Applied]] = {}
    for one in answers:
        for number in one.about:
            speaking.setdefault(number, []).append(one)
    weighed = (_judged(item, speaking.get(number, ()), added) for number, item in enumerate(context.weighed))
    told = tuple(_side_by_side(item, gone, added) for item in weighed)
    found = (
        _found(one, one.problem, waiver_context)
        for one in answers
        if one.problem is not None and _is_told(one, context)
    )
    # At adoption none may come along, and there are no people yet by whom to tell whether it would hold.
    noted = () if context.options.mode == "adoption" else added
    return (*told, *found), tuple(_note(waiver, context.systems.get(waiver.system), waiver_context) for waiver in noted)


def _written(document: Document[Waivers] | None) -> Written:
    found: dict[str, tuple[Waiver, Location]] = {}
    for index, waiver in enumerate(document.content.waivers if document else ()):
        if document is not None:
            found.setdefault(waiver.model_dump_json(), (waiver, document.at("waivers", index)))
    return found


def _heard(
    was: Written,
    now: Written,
    context: DecisionContext,
    waiver_context: WaiverContext,
) -> Iterator[_Applied]:
    own: dict[str | None, list[int]] = {}
    for number, item in enumerate(context.weighed):
        own.setdefault(item.outcome.system, []).append(number)
    for text, (waiver, place) in was.items():
        system_change = context.systems.get(waiver.system)
        about = tuple(number for number in own.get(waiver.system, ()) if is_about(waiver, context.weighed[number]))
        problem = waiver_problem_of(waiver, system_change, waiver_context)
        if (
            problem is None
            and system_change
            and is_unused(waiver, [context.weighed[it] for it in about], system_change, context.policy)
        ):
            problem = WaiverProblem("waiver-unused", "nothing that it names is missing")
        if problem is None and _outlasts(system_change, [context.weighed[it] for it in about]):
            problem = WaiverProblem("waiver-refused", "it is for a while, and the entry goes for good")
        yield _Applied(waiver, now[text][1] if text in now else place, system_change, about, problem, text in now)


def _outlasts(system_change: SystemChange | None, about: Sequence[WeighedOutcome]) -> bool:
    """Whether the entry goes while something that it owes is waived: nobody would ask for it again."""
    is_gone = system_change is not None and system_change.presence == "removed"
    return is_gone and any(item.outcome.rule.for_each != "change" for item in about)


def _judged(item: WeighedOutcome, own: Sequence[_Applied], added: Sequence[Waiver]) -> WeighedOutcome:
    """The outcome waived where a waiver of it holds; else with a word on each that does not."""
    if item.outcome.state not in OPEN:
        return item
    held = [one for one in own if one.problem is None]
    if held:
        last = max(held, key=lambda one: one.waiver.expires)
        return replace(item, outcome=item.outcome.become("waived"), waiver=_permission(last.waiver))
    said = [f"but: the waiver at {one.location} does not hold: {one.problem.why}" for one in own if one.problem]
    said += ["note: a waiver in this change holds from the next change on" for it in added if is_about(it, item)][:1]
    if not said:
        return item
    return replace(item, outcome=replace(item.outcome, details=(*item.outcome.details, *said)))


def _side_by_side(item: WeighedOutcome, gone: Sequence[Waiver], added: Sequence[Waiver]) -> WeighedOutcome:
    """What a change of the waivers itself takes away and adds, for whoever is to approve it."""
    if item.system_change is not None or not item.outcome.instance.startswith("waivers-changed:"):
        return item
    said = [
        f"{word}: {waiver.system}, {_what(waiver)}, {_permission(waiver)}"
        for word, them in (("was", gone), ("now", added))
        for waiver in them
    ]
    return replace(item, outcome=replace(item.outcome, details=tuple(said)))


def _what(waiver: Waiver) -> str:
    return f"{waiver.subject} ({waiver.rule})" if waiver.subject else waiver.rule


def _permission(waiver: Waiver) -> str:
    """'2026-12-01 until 2027-01-15, owner Pat Moss, approver Rae Kim: the red team is booked (TICKET-7)'."""
    ticket = f" ({waiver.ticket})" if waiver.ticket else ""
    said = f"{waiver.created} until {waiver.expires}, owner {waiver.owner}, approver {waiver.approver}"
    return f"{said}: {waiver.reason}{ticket}"


def _is_told(one: _Applied, context: DecisionContext) -> bool:
    """Every fault in the full check; else those of systems that the change touches and leaves as they are (D04)."""
    if context.options.only and one.waiver.system not in context.options.only:
        return False
    if context.options.mode == "all":
        return True
    return one.is_kept and one.system_change is not None and one.system_change.presence != "unchanged"


def _found(one: _Applied, problem: WaiverProblem, waiver_context: WaiverContext) -> WeighedOutcome:
    """What is wrong with a waiver, as an outcome of the rule about waivers that it breaks."""
    waiver, broken = one.waiver, waiver_context.policy.waiver_rules[problem.rule]
    rule = replace(broken.rule, title=broken.title(_what(waiver), waiver.expires))
    written = waiver.model_dump_json(exclude_none=True)
    outcome = Outcome(
        waiver.system,
        rule,
        rule.requirements[0],
        written,
        "gap",
        "false",
        seen=f"{problem.why}; {_permission(waiver)}",
        location=one.location,
    )
    if rule.enforcement == "advise":
        return WeighedOutcome(outcome, one.system_change, "inherited", enforcement=rule.enforcement)
    due = waiver.expires if rule.id == "waiver-expired" else waiver_context.today
    return WeighedOutcome(outcome, one.system_change, "overdue", due, enforcement=rule.enforcement)


def _note(waiver: Waiver, system_change: SystemChange | None, waiver_context: WaiverContext) -> str:
    what = f"the waiver of {_what(waiver)} for {waiver.system} in this change"
    problem = waiver_problem_of(waiver, system_change, waiver_context)
    return f"{what} would not hold: {problem.why}" if problem else f"{what} holds from the next change on"
