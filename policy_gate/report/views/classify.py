"""The `classify` view: score, tier or range, law class and controls of systems, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from policy_gate.documents.spelling import listed
from policy_gate.report.formats.json import dumped
from policy_gate.report.style import RenderOptions
from policy_gate.report.text_layout import Line, Span, ends, hanging, line, printed, prose, width_of
from policy_gate.report.wording import plural
from policy_gate.schema.facts import Facts
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.vocabulary import TIERS

_NAME, _VALUE = 26, 24


def classification_json(systems: Sequence[Facts], policy: RuleSet) -> str:
    """`{"systems": […]}` by id; `score` is null while a dimension is missing."""
    return dumped({"systems": [_data(facts, policy) for facts in _sorted(systems)]})


def classification_text(systems: Sequence[Facts], policy: RuleSet, render: RenderOptions) -> str:
    """One block a system: tier first, then each dimension's points, then what the tier asks for."""
    lines: list[Line] = []
    for facts in _sorted(systems):
        lines += ([()] if lines else []) + _block(facts, policy, render)
    return printed(lines, render)


def _sorted(systems: Sequence[Facts]) -> list[Facts]:
    return sorted(systems, key=lambda facts: (facts.id, facts.key.manifest))


def _data(facts: Facts, policy: RuleSet) -> dict[str, Any]:
    return {
        "id": facts.id,
        "name": facts.declared.entry.name,
        "manifest": facts.key.manifest,
        "score": facts.rating.score,
        "score_range": list(policy.scoring.score_range),
        "possible_scores": list(facts.rating.score_range),
        "score_tier": facts.rating.score_tier,
        "tier": facts.tier,
        "tier_range": list(facts.rating.tier_range),
        "undeclared": list(facts.rating.undeclared),
        "law_class": list(facts.law_class),
        "required_controls": list(policy.controls_by_tier.get(facts.tier, ())),
        "why": _why(facts, policy),
    }


def _why(facts: Facts, policy: RuleSet) -> list[dict[str, Any]]:
    """Each dimension with its value and points, then the floors and law classes that hold."""
    why: list[dict[str, Any]] = []
    for dimension in policy.scoring.dimensions:
        value = getattr(facts.declared.entry.risk_profile, dimension.id, None)
        points = dimension.points.get(value) if value is not None else None
        why.append({"kind": "dimension", "id": dimension.id, "value": value, "points": points})
    why += [
        {"kind": "floor", "id": floor.id, "tier": floor.tier, "title": floor.title}
        for floor in policy.scoring.floors
        if floor.id in facts.rating.floors
    ]
    titles = {known.id: known.title for known in policy.scoring.law_classes}
    why += [{"kind": "law-class", "id": name, "title": titles.get(name, name)} for name in facts.law_class]
    return why


def _block(facts: Facts, policy: RuleSet, render: RenderOptions) -> list[Line]:
    name = Span(f"{facts.id} {facts.declared.entry.name}", "name")
    lines = ends(line(name), _standing(facts, policy), render, style="name")
    for reason in _why(facts, policy):
        lines += _reason(reason, facts, policy, render)
    step = _next_step(facts, policy)
    lines += prose(step, render, indent=2) if step else []
    controls = policy.controls_by_tier.get(facts.tier, ())
    if not controls:
        return lines + prose("asks for no control", render, indent=2)
    return lines + hanging(line(f"  asks for {plural(len(controls), 'control')}: "), ", ".join(controls), render)


def _standing(facts: Facts, policy: RuleSet) -> str:
    """'high, 13 of 5 to 23', or 'medium to high: human_oversight decides'."""
    low, high = facts.rating.tier_range
    if low != high:
        names = facts.rating.undeclared
        return f"{low} to {high}: {listed(names)} {'decides' if len(names) == 1 else 'decide'}"
    least, most = policy.scoring.score_range
    if facts.rating.score is None:
        return f"{facts.tier}, {facts.rating.score_range[0]} to {facts.rating.score_range[1]} points"
    return f"{facts.tier}, {facts.rating.score} of {least} to {most}"


def _reason(reason: dict[str, Any], facts: Facts, policy: RuleSet, render: RenderOptions) -> list[Line]:
    if reason["kind"] == "floor":
        floor = f"never below {reason['tier']}"
        return hanging(
            _label("floor"), reason["title"] if floor in reason["title"] else f"{floor}: {reason['title']}", render
        )
    if reason["kind"] == "law-class":
        return hanging(_label("law class"), f"{reason['id']}: {reason['title']}", render)
    if reason["points"] is not None:
        return [line(*_cells(reason["id"], reason["value"]), f"{reason['points']:>2}")]
    dimension = next(item for item in policy.scoring.dimensions if item.id == reason["id"])
    values = f"one of {', '.join(dimension.points)}"
    decides = reason["id"] in facts.rating.undeclared and facts.rating.tier_range[0] != facts.rating.tier_range[1]
    return hanging(_cells(reason["id"], "not declared"), values, render, style="conditions" if decides else "")


def _cells(first: str, second: str) -> Line:
    return (*_label(first), Span(second + " " * max(2, _VALUE - width_of(second))))


def _label(name: str) -> Line:
    return line("  ", Span(name.ljust(_NAME - 2), "faint"))


def _next_step(facts: Facts, policy: RuleSet) -> str:
    """What the next higher tier would take in points; empty at the top and where the score is open."""
    above = TIERS[TIERS.index(facts.tier) + 1 :]
    needed = dict(policy.scoring.thresholds)
    if facts.rating.score is None or not above or above[0] not in needed:
        return ""
    points = needed[above[0]]
    return f"one step away: {above[0]} needs {points} points ({points - facts.rating.score} more)"
