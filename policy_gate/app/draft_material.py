"""What a repository says of a system, for who drafts a document of it: entry, scores, card, code, decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.advise.prompt import Part
from policy_gate.app.discover import discover
from policy_gate.app.judge import policies_of_base
from policy_gate.collect.inputs import load_inputs
from policy_gate.facts.facts import facts_of
from policy_gate.schema.check_inputs import CheckInputs, Request
from policy_gate.schema.facts import Facts
from policy_gate.schema.target_instances import vendors_on

_MOST_SIGNS = 80
"""of what code shows, in the order of paths"""


class Material(Struct, frozen=True):
    """The pieces for a prompt, and the names of people that the repository's documents give."""

    parts: tuple[Part, ...]
    people: frozenset[str]


def material_of(request: Request, system: str) -> Material:
    """Everything that is known of a system of the work tree, for a view that judges nothing."""
    with load_inputs(replace(request, environment={})) as inputs:
        policy = policies_of_base(inputs)
        facts = next(it for it in facts_of(inputs.result, policy) if it.id == system)
        parts = [*_declared(facts, request.as_of.date()), *_decisions(inputs, system)]
        people = frozenset(_people(inputs))
    parts.insert(2, Part("what its code shows", _signs(request, system)))
    return Material(tuple(part for part in parts if part.text), people)


def _declared(facts: Facts, today: date) -> Iterator[Part]:
    entry = facts.declared.entry
    stated = entry.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)
    yield Part("its entry in the manifest", _lines(stated))
    rating = facts.rating
    scored = {
        "score": rating.score,
        "least and greatest score": list(rating.score_range),
        "tier": rating.tier,
        "floors that hold": list(rating.floors),
        "classes of law": list(rating.law_class),
        "not stated": list(rating.undeclared),
    }
    yield Part("its scores", _lines(scored))
    if facts.vendors:
        yield Part("its vendors", _lines([dict(vendor) for vendor in vendors_on(facts, today)]))
    card = facts.card
    if card is not None and card.cause is None:
        said = {name: field.text for name, field in card.fields.items() if field.state == "present" and field.text}
        numbers = [
            {"name": it.name, "group": it.group, "value": it.value, "threshold": it.threshold} for it in card.metrics
        ]
        yield Part("its model card", _lines({**said, **({"metrics": numbers} if numbers else {})}))


def _signs(request: Request, system: str) -> str:
    found = discover(request)
    signs = (sign for sign in found.signals if system in found.claimed.get(sign.path, ()))
    lines = [f"{sign.path}:{sign.line}: {sign.kind} {sign.what} ({sign.found})" for sign in signs]
    more = len(lines) - _MOST_SIGNS
    return "\n".join([*lines[:_MOST_SIGNS], *([f"and {more} more"] if more > 0 else [])])


def _decisions(inputs: CheckInputs, system: str) -> Iterator[Part]:
    """Approvals and waivers that are on record for the system, as they say themselves."""
    records = [record.content for record in inputs.result.records if record.content.system == system]
    said = [f"{it.approved_on}: {it.role} approved {it.for_} until {it.expires}: {it.statement}" for it in records]
    waivers = inputs.result.waivers.content.waivers if inputs.result.waivers else []
    said += [
        f"{it.created}: waived until {it.expires}: {it.rule} {it.subject or ''}: {it.reason}"
        for it in waivers
        if it.system == system
    ]
    yield Part("past decisions", "\n".join(sorted(said)))


def _people(inputs: CheckInputs) -> Iterator[str]:
    """The names of those who hold roles, approved something, or stand behind a waiver."""
    for roles in (inputs.roles, inputs.result_roles):
        for role in roles.content.roles.values() if roles else ():
            yield from (member.name for member in role.members)
    yield from (record.content.approver.name for record in inputs.result.records)
    for waiver in inputs.result.waivers.content.waivers if inputs.result.waivers else ():
        yield from (waiver.owner, waiver.approver)


def _lines(data: Any) -> str:
    """Data as an outline, texts as they were written: an escape beside a value would hide the form it is masked by."""
    return "\n".join(_outline(data, ""))


def _outline(data: Any, margin: str) -> Iterator[str]:
    pairs = data.items() if isinstance(data, Mapping) else (("-", it) for it in data)
    for name, value in pairs:
        key = name if name == "-" else f"{name}:"
        if isinstance(value, Mapping | list | tuple):
            yield f"{margin}{key}"
            yield from _outline(value, margin + "  ")
        else:
            yield f"{margin}{key} {'' if value is None else value}".rstrip()
