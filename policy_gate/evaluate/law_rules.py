"""Rows of law in the shape of rules, and what a check says of facts that decide rows and are not stated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from msgspec import Struct, field

from policy_gate.evaluate.law import LawReading, scope_standing, to_ask
from policy_gate.schema.facts import Facts
from policy_gate.schema.finding import Outcome
from policy_gate.schema.law import LawRow, RowResult
from policy_gate.schema.rule import Requirement, Rule
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.rule_targets import LAW_FACTS_STATED, LAW_STANDING
from policy_gate.schema.source import Location
from policy_gate.schema.vocabulary import Enforcement

_SHOWN = 8
"""So many facts, and rows of one fact, are named; the rest is counted."""


def rule_of(result: RowResult, today: date, policy: RuleSet) -> Rule:
    """The rule that a row is for a system: what it asks as evidence, from when, and what a gap of it does."""
    row, begins = result.row, result.applies_from
    is_to_come = begins is not None and begins > today
    effective = begins if is_to_come else min(max(begins or row.since, row.since), today)
    return row.rule(enforcement_of(row, policy), effective)


def enforcement_of(row: LawRow, policy: RuleSet) -> Enforcement:
    """Law that is settled may block, what is not settled advises; so do guidance and frameworks taken on by choice.

    The policies may say more of the latter, by regulation.
    """
    if row.binding == "law":
        return "block" if row.status == "in-force" and not row.advisory else "advise"
    known = policy.regulations.get(row.regulation)
    return known.enforcement if known is not None and row.status == "in-force" else "advise"


def about_practice(result: RowResult, rule: Rule, facts: Facts, policy: RuleSet) -> Outcome | None:
    """The gap of a system that does what a row prohibits; None where another rule finds it, as the facts name it so.

    It blocks at every stage, nothing waives it, and it is no debt.
    """
    row = result.row
    if row.told_by in policy.plain_rules and row.practice in facts.stated.get("system.art5_practices", ()):
        return None
    ban = Rule(
        kind="law",
        id=row.id,
        title=f"The system does what {row.citation} prohibits",
        why=row.requirement,
        citation=row.citation,
        requirements=(),
        enforcement="block",
        effective=rule.effective,
        waivable=False,
        may_be_debt=False,
        fix="Take the practice out of the system, then correct the facts.",
        location=row.location,
    )
    wanted = Requirement(kind="that", subject=row.id)
    seen = f"by its facts the system does what {row.citation} prohibits: {row.requirement}"
    place = facts.declared.at("facts")
    return Outcome(facts.id, ban, wanted, "", "gap", cause="false", seen=seen, location=place)


class LawStanding(Struct, frozen=True):
    """How a system stands to law: the `values` that rules see, and the facts to state with the rows each decides."""

    values: Mapping[str, Any]
    asked: Mapping[str, Sequence[str]] = field(default_factory=dict)
    location: Location | None = None


UNCONCERNED: Final = LawStanding({LAW_FACTS_STATED: True, **{name: [] for name in LAW_STANDING}})
"""Of a system that says nothing by which a row of law is judged."""


def standing_of(law: LawReading, facts: Facts, policy: RuleSet) -> LawStanding:
    """How a system stands to law."""
    scope, asked = scope_standing(law, facts, policy), to_ask(law, facts)
    lists = (scope.excluded, scope.undeclared, scope.superseded)
    values: dict[str, Any] = {name: list(laws) for name, laws in zip(LAW_STANDING, lists, strict=True)}
    if not asked:
        values[LAW_FACTS_STATED] = True
    return LawStanding(values, asked, facts.declared.at("facts"))


def naming_laws(outcome: Outcome, standing: LawStanding) -> Outcome:
    """An outcome of a rule about the standing of law, with the facts to state or the laws that it is about."""
    condition = outcome.requirement.condition
    if outcome.requirement.kind != "that" or condition is None or outcome.state not in ("gap", "unknown"):
        return outcome
    if LAW_FACTS_STATED in condition.text:
        return _asking(outcome, standing)
    named = [law for name in LAW_STANDING if name in condition.text for law in standing.values[name]]
    return outcome.become(outcome.state, seen=f"{outcome.seen} {', '.join(named)}".strip()) if named else outcome


def _asking(outcome: Outcome, standing: LawStanding) -> Outcome:
    names = tuple(standing.asked)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return outcome.become(
        "unknown",
        cause="unknown",
        seen=f"not stated: {', '.join(names[:_SHOWN])}{more}",
        wanted="the facts that decide which rows of law apply",
        missing_facts=names,
        details=tuple(f"{name} decides {_rows(rows)}" for name, rows in standing.asked.items()),
        location=standing.location,
    )


def _rows(rows: Sequence[str]) -> str:
    shown = ", ".join(rows[:3])
    return f"{shown} and {len(rows) - 3} more" if len(rows) > 3 else shown
