"""What is wrong with what the policies say of incidents: clocks that could not be told, severities left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Final

from policy_gate.documents.spelling import spelling_hint
from policy_gate.policy.cel import Language
from policy_gate.policy.condition_problems import condition_problem, strange_words
from policy_gate.policy.expressions import Domains, narrowed, tokens
from policy_gate.policy.items import Item, MergedPolicies, Which
from policy_gate.policy.unreachable import contradiction, scalars_of, vocabulary
from policy_gate.schema.incident_rules import TARGET_MINUTES
from policy_gate.schema.incidents import INCIDENT_WORKED_OUT
from policy_gate.schema.rule_targets import TODAY
from policy_gate.schema.source import Loc, Problem
from policy_gate.schema.vocabulary import SERIOUS_INCIDENTS, SEVERITIES

_OF_SOME: Final = ("binds_later", "rests")
"""what a clock says of some systems alone, by conditions"""
_LATER: Final = "is worked out of the clocks themselves"
_NOT_READ: Mapping[str, Mapping[str, str]] = {
    "incident-clock": {
        **dict.fromkeys(INCIDENT_WORKED_OUT, _LATER),
        **dict.fromkeys(("incident.state", "incident.is_open", TODAY), "changes while the clock runs"),
    },
    "incident-notice": {TODAY: "is not known to a notice, which is written from the incident and its system"},
}
"""Names that conditions of these items do not see, or must not hang on, and why."""


def incident_faults(policy: MergedPolicies, which: Which) -> Iterator[Problem]:
    """Every fault of the sections about incidents but that of conditions that nothing can meet."""
    for item in filter(which, _conditioned(policy)):
        yield from _names_not_read(item)
    for item in filter(which, policy.items["incident-clock"].values()):
        if item.spec.before and item.spec.starts != "stated":
            message = "ends before an event that nobody can foresee"
            yield item.problem(message, "before", hint="write starts: stated, and say when under clock_starts")
    for item in filter(which, policy.items["incident-severity"].values()):
        yield from _escalation_faults(item)
    yield from _left_out(policy)


def unreachable_incidents(policy: MergedPolicies, language: Language, which: Which) -> Iterator[Problem]:
    """Words that nothing can be in conditions of clocks and notices, and clocks that can never run."""
    words = vocabulary(policy)
    scalars = scalars_of(words, language)
    for item in filter(which, _conditioned(policy)):
        strange = list(strange_words(item, _conditions(item), language.variables["incident"], words))
        yield from strange or _never_runs(item, scalars)


def _never_runs(item: Item, scalars: Domains) -> Iterator[Problem]:
    """A clock whose needs exclude each other, or a part of a notice that no incident asks for."""
    if item.kind == "incident-notice":
        conditions = [part.when for part in item.definition.parts if part.when is not None]
        yield from filter(None, (contradiction(item, condition, scalars, "parts") for condition in conditions))
        return
    left = scalars
    for need in item.definition.needs:
        if problem := contradiction(item, need.that, left, "needs"):
            yield problem
            return
        left = narrowed(need.that.text, left)
    for key in _OF_SOME:
        yield from filter(None, (contradiction(item, it.when, left, key) for it in getattr(item.definition, key)))


def _conditioned(policy: MergedPolicies) -> Iterator[Item]:
    for kind in _NOT_READ:
        yield from policy.items[kind].values()


def _conditions(item: Item) -> list[tuple[str, Loc]]:
    """The conditions of a clock or notice as written, with the way to each."""
    if item.kind == "incident-clock":
        needs: list[tuple[str, Loc]] = [(it.that, ("needs", index, "that")) for index, it in enumerate(item.spec.needs)]
        others = ((it.when, (key, i, "when")) for key in _OF_SOME for i, it in enumerate(getattr(item.spec, key)))
        return [*needs, *others]
    return [(part.when, ("parts", index, "when")) for index, part in enumerate(item.spec.parts) if part.when]


def _names_not_read(item: Item) -> Iterator[Problem]:
    for text, way in _conditions(item):
        for token in tokens(text):
            why = _NOT_READ[item.kind].get(token.text) if token.kind == "name" else None
            if why is not None:
                yield condition_problem(item, way, text, token.offset, f"{token.text} {why}")


def _escalation_faults(item: Item) -> Iterator[Problem]:
    """Places in the lines of an escalation that no minutes fill."""
    for index, line in enumerate(item.spec.escalation):
        way = ("escalation", index)
        try:
            fields = [name for _, name, _, _ in Formatter().parse(line) if name is not None]
        except ValueError:
            yield item.problem("a brace stands alone", *way, hint="write {{ or }} for a brace")
            continue
        for name in fields:
            if name not in TARGET_MINUTES:
                hint = spelling_hint(name, TARGET_MINUTES)
                yield item.problem(f'no severity has minutes for "{name}"', *way, hint=hint)


def _left_out(policy: MergedPolicies) -> Iterator[Problem]:
    """Sections that are there in part: an incident could then say something that nothing answers."""
    sections = ("incident-type", "incident-severity", "incident-clock", "serious-incident", "incident-notice")
    first = next((item for kind in sections for item in policy.items[kind].values()), None)
    if first is None:
        return
    if not policy.items["incident-type"]:
        yield first.problem("no incident_types entry says what kinds of incident there are")
    for severity in SEVERITIES:
        if severity not in policy.items["incident-severity"]:
            yield first.problem(f"no incident_severities entry says how fast a {severity} incident is answered")
    for word in SERIOUS_INCIDENTS:
        if policy.items["serious-incident"] and word not in policy.items["serious-incident"]:
            yield first.problem(f"no serious_incidents entry says what {word} is")
