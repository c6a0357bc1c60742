"""Waivers of base: owned, dated, approved permissions, applied after the rules were evaluated (T25)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from policy_gate.govern.approvals import Bar
from policy_gate.govern.judged import Judged
from policy_gate.govern.standing import Standing
from policy_gate.govern.waiver_faults import Court, Fault, fault_of, is_about, is_unused
from policy_gate.schema.documents import Waiver, Waivers
from policy_gate.schema.finding import Outcome
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.source import Document, Location
from policy_gate.schema.waiver_rules import WAIVER_RULES

OPEN = ("gap", "unknown", "deferred")


Written = Mapping[str, tuple[Waiver, Location]]
"""Every waiver of a tree once, however often it is written: its text, what it says, where it stands."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """One waiver of base: where it stands, whose it is, what it names, and what is wrong with it."""

    waiver: Waiver
    location: Location
    standing: Standing | None
    about: tuple[int, ...]
    """positions among the judged outcomes"""
    fault: Fault | None
    is_kept: bool
    """the result holds it too"""


def apply_waivers(
    bar: Bar, places: Sequence[Standing], base: Snapshot, result: Snapshot
) -> tuple[tuple[Judged, ...], tuple[str, ...]]:
    """The judged outcomes with those waived marked so, then what is found about the waivers themselves.

    Only base's waivers hold. One that the result adds is told in a note.
    """
    was, now = _written(base.waivers), _written(result.waivers)
    if not was and not now:
        return bar.judged, ()
    known = {place.id: place for place in places}
    court = Court(bar.law, bar.people, bar.terms.as_of.date(), knows_all=bar.terms.mode == "all")
    heard = tuple(_heard(was, now, bar, known, court))
    added = [waiver for text, (waiver, _) in now.items() if text not in was]
    gone = [waiver for text, (waiver, _) in was.items() if text not in now]
    speaking: dict[int, list[_Heard]] = {}
    for one in heard:
        for number in one.about:
            speaking.setdefault(number, []).append(one)
    judged = (_judged(item, speaking.get(number, ()), added) for number, item in enumerate(bar.judged))
    told = tuple(_side_by_side(item, gone, added) for item in judged)
    found = (_found(one, court) for one in heard if one.fault is not None and _is_told(one, bar))
    return (*told, *found), tuple(_note(waiver, known.get(waiver.system), court) for waiver in added)


def _written(document: Document[Waivers] | None) -> Written:
    found: dict[str, tuple[Waiver, Location]] = {}
    for index, waiver in enumerate(document.content.waivers if document else ()):
        if document is not None:
            found.setdefault(waiver.model_dump_json(exclude_none=True), (waiver, document.at("waivers", index)))
    return found


def _heard(was: Written, now: Written, bar: Bar, known: Mapping[str, Standing], court: Court) -> Iterator[_Heard]:
    own: dict[str | None, list[int]] = {}
    for number, item in enumerate(bar.judged):
        own.setdefault(item.outcome.system, []).append(number)
    for text, (waiver, place) in was.items():
        standing = known.get(waiver.system)
        about = tuple(number for number in own.get(waiver.system, ()) if is_about(waiver, bar.judged[number]))
        fault = fault_of(waiver, standing, court)
        if fault is None and standing and is_unused(waiver, [bar.judged[it] for it in about], standing, bar.law):
            fault = Fault("waiver-unused", "nothing that it names is missing")
        yield _Heard(waiver, now[text][1] if text in now else place, standing, about, fault, text in now)


def _judged(item: Judged, own: Sequence[_Heard], added: Sequence[Waiver]) -> Judged:
    """The outcome waived where a waiver of it holds; else with a word on each that does not."""
    if item.outcome.state not in OPEN:
        return item
    held = [one for one in own if one.fault is None]
    if held:
        last = max(held, key=lambda one: one.waiver.expires)
        return replace(item, outcome=item.outcome.become("waived"), waiver=_permission(last.waiver))
    said = [f"but: the waiver at {one.location} does not hold: {one.fault.why}" for one in own if one.fault]
    said += ["note: a waiver in this change holds from the next change on" for it in added if is_about(it, item)][:1]
    if not said:
        return item
    return replace(item, outcome=replace(item.outcome, details=(*item.outcome.details, *said)))


def _side_by_side(item: Judged, gone: Sequence[Waiver], added: Sequence[Waiver]) -> Judged:
    """What a change of the waivers itself takes away and adds, for whoever is to approve it."""
    if item.standing is not None or not item.outcome.instance.startswith("waivers-changed:"):
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


def _is_told(one: _Heard, bar: Bar) -> bool:
    """Every fault in the full check; else those of systems that the change touches and leaves as they are (D04)."""
    if bar.terms.only and one.waiver.system not in bar.terms.only:
        return False
    if bar.terms.mode == "all":
        return True
    return one.is_kept and one.standing is not None and one.standing.presence != "unchanged"


_TITLES = {
    "waiver-expired": "The waiver of {what} expired on {expires}",
    "waiver-unused": "The waiver of {what} waives nothing",
    "waiver-too-broad": "The waiver of {what} is too broad to hold",
    "waiver-refused": "The waiver of {what} does not hold",
}


def _found(one: _Heard, court: Court) -> Judged:
    """What is wrong with a waiver, as an outcome of the rule about waivers that it breaks."""
    fault, waiver = one.fault or Fault("waiver-unused", ""), one.waiver
    rule = WAIVER_RULES[fault.rule]
    rule = replace(rule, title=_TITLES[rule.id].format(what=_what(waiver), expires=waiver.expires))
    written = waiver.model_dump_json(exclude_none=True)
    outcome = Outcome(
        waiver.system,
        rule,
        rule.requirements[0],
        written,
        "gap",
        "false",
        seen=f"{fault.why}; {_permission(waiver)}",
        location=one.location,
    )
    if rule.enforcement == "advise":
        return Judged(outcome, one.standing, "inherited", enforcement=rule.enforcement)
    due = waiver.expires if rule.id == "waiver-expired" else court.today
    return Judged(outcome, one.standing, "overdue", due, enforcement=rule.enforcement)


def _note(waiver: Waiver, standing: Standing | None, court: Court) -> str:
    what = f"the waiver of {waiver.rule} for {waiver.system} in this change"
    fault = fault_of(waiver, standing, court)
    return f"{what} would not hold: {fault.why}" if fault else f"{what} holds from the next change on"
