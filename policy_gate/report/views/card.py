"""The `card check` view: each field with its state and place, what is missing and how it may be headed, the numbers."""

from __future__ import annotations

from functools import partial
from typing import Any

from policy_gate.cards.statements import ELSEWHERE
from policy_gate.report.formats.json import dumped
from policy_gate.report.formats.text import problem_lines
from policy_gate.report.style import RenderOptions
from policy_gate.report.text_layout import Line, Span, ends, hanging, line, printed, prose
from policy_gate.schema.card_check import CardCheck
from policy_gate.schema.card_fields import CARD_FIELDS, WantedCardField
from policy_gate.schema.facts import Metric, ModelChoice

_STATE, _TITLE = 13, 26
_STYLES = {"present": "pass", "placeholder": "conditions", "absent": "block"}
_OF_KEYS = ("yaml", "json")
"""formats in which a field is a key"""
_SHOWN = 3
"""headings that are named of those a field may have"""


def card_check_json(check: CardCheck) -> str:
    """`{"file", "format", "tier", "complete", "fields", "gaps", …}`; a gap is the id of a field."""
    titles = {spec.id: spec.title for spec in check.wanted}
    fields = {
        name: {
            "state": field.state,
            "line": field.line,
            "text": field.text,
            "wanted": name in titles,
            "title": titles.get(name, _plain(name)),
            "accepted": [_plain(name), *check.accepted.get(name, ())],
        }
        for name, field in ((name, check.card.fields[name]) for name in CARD_FIELDS)
    }
    return dumped(
        {
            "file": check.path,
            "format": check.format,
            "tier": check.tier,
            "complete": check.is_complete,
            "fields": fields,
            "gaps": [spec.id for spec in check.gaps],
            "problem": _problem(check) or None,
            "problems": [
                {"path": it.path, "line": it.line, "message": it.message, "hint": it.hint} for it in check.problems
            ],
            "headings": [{"line": at, "text": text, "fields": list(named)} for at, text, named in check.seen],
            "metrics": [_metric(metric) for metric in check.card.metrics],
            "groups": check.card.groups,
            "twice": list(check.card.twice),
            "models": {
                "described": list(check.card.models.described),
                "judged": check.card.models.judged or None,
                "named": check.card.models.is_named,
            },
        }
    )


def card_check_text(check: CardCheck, render: RenderOptions) -> str:
    """What is missing first, then what is there, the numbers, and headings that nobody reads."""
    count = f"{len(check.wanted) - len(check.gaps)} of the {len(check.wanted)} fields that the tier asks for are stated"
    lines = ends(line(Span(check.path, "name"), f"  {check.format}"), f"tier {check.tier}, {check.asked}", render)
    if problem := _problem(check):
        lines += problem_lines(check.problems, render) if check.problems else prose(problem, render, style="block")
        if check.foreign:
            lines += prose(
                f"if another tool wrote it, policy-gate card import {check.path} makes a card of it", render, indent=2
            )
            return printed(lines, render)
    if check.card.models.described:
        lines += prose(models_text(check.card.models), render, style="" if check.card.models.is_named else "conditions")
    lines += prose(f"{'complete' if check.is_complete else 'incomplete'}: {count}", render)
    for spec in (*check.gaps, *(it for it in check.wanted if it not in check.gaps)):
        lines += _row(spec, check, render)
    lines += _others(check, render) + _numbers(check, render) + _unread(check, render) + _twice(check, render)
    if check.absent and not check.card.flaw_at:
        lines += prose(f"next: policy-gate card check {check.path} --fix adds the missing sections", render)
    return printed(lines, render)


def models_text(models: ModelChoice) -> str:
    """Which models a card describes, and which of them is looked at."""
    told = f"describes {len(models.described)} models: {', '.join(models.described)}"
    if models.is_named:
        return f"{told}; looked at: {models.judged}"
    return f"{told}; nothing says which is meant, so the first, {models.judged}, is looked at: name one with --model"


def _problem(check: CardCheck) -> str:
    if check.foreign:
        return f"no model card: {check.foreign}"
    where = f"{check.card.flaw_at}: " if check.card.flaw_at and str(check.card.flaw_at) not in check.card.detail else ""
    return f"{where}{check.card.detail}" if check.card.cause else ""


def _row(spec: WantedCardField, check: CardCheck, render: RenderOptions) -> list[Line]:
    field = check.card.fields[spec.id]
    state = field.state if spec not in check.gaps or field.state != "present" else "placeholder"
    first = line("  ", Span(state.ljust(_STATE), _STYLES[state]), spec.title.ljust(_TITLE))
    return hanging(first, _place(spec, check), render)


def _place(spec: WantedCardField, check: CardCheck) -> str:
    """Where a field stands, or is to stand, and under which headings."""
    field = check.card.fields[spec.id]
    if field.state == "present" and spec in check.gaps:
        return f"line {field.line}: two groups with numbers of their own are wanted, {check.card.groups} found"
    if field.state == "present":
        where = f"line {field.line}" if field.line else "stated"
        return f"{where}, in a sentence of another section" if ELSEWHERE in field.standing else where
    if field.state == "placeholder":
        held = f'holds "{_short(field.text)}"' if field.text else "is empty"
        return f"line {field.line} {held}" if field.line else held
    accepted = (it for it in check.accepted.get(spec.id, ()) if it.casefold() != spec.title.casefold())
    names = [spec.title, *sorted(accepted, key=partial(_distance, spec.title))]
    called = f"as the key {spec.id}" if check.format in _OF_KEYS else f"headed {' / '.join(names[:_SHOWN])}"
    return f"add it from line {check.ends_at + 1}, {called}"


def _distance(title: str, name: str) -> tuple[bool, int]:
    """How far a heading is from a field's title: headings of the same words and language are the next."""
    known, own = set(title.casefold().split()), set(name.casefold().split())
    return known.isdisjoint(own), len(own - known)


def _others(check: CardCheck, render: RenderOptions) -> list[Line]:
    """Fields that the tier does not ask for, by state."""
    wanted = {spec.id for spec in check.wanted}
    lines: list[Line] = []
    for state, told in (("present", "also stated: "), ("placeholder", "also left open: ")):
        names = [_plain(name) for name in CARD_FIELDS if name not in wanted and check.card.fields[name].state == state]
        lines += hanging(line("  ", Span(told, "faint")), ", ".join(names), render) if names else []
    return lines


def _numbers(check: CardCheck, render: RenderOptions) -> list[Line]:
    lines: list[Line] = []
    for metric in check.card.metrics:
        first = line("  ", Span(_standing(metric).ljust(_STATE), _MET.get(_standing(metric), "faint")))
        lines += hanging(first, _said(metric), render)
    return [line("numbers"), *lines] if lines else []


_MET = {"met": "pass", "missed": "block", "inconclusive": "conditions", "unread": "conditions", "no value": "block"}


def _standing(metric: Metric) -> str:
    if metric.problem:
        return "unread"
    if metric.value is None:
        return "no value"
    return "no threshold" if metric.threshold is None else metric.verdict


def _said(metric: Metric) -> str:
    value = "" if metric.value is None else f" {metric.value:g}"
    wanted = "" if metric.threshold is None else f", wants at {_bound(metric)} {metric.threshold:g}"
    if metric.has_overall_limit and not metric.meets_overall_limit:
        limit = "is in another unit" if metric.overall_limit is None else f"{metric.overall_limit:g} is missed"
        wanted = f", that of all {limit}"
    ends = (metric.low, metric.high) if metric.verdict == "inconclusive" else (None, None)
    between = f", lies between {ends[0]:.3g} and {ends[1]:.3g}" if None not in ends else ""
    at = f"{'line' if not metric.is_of_manifest else 'line of the manifest'} {metric.line}" if metric.line else ""
    told = f"{value}{wanted}{between}{f' {metric.problem}' if metric.problem else ''}{f' ({at})' if at else ''}"
    also = f". {metric.also}" if metric.also else ""
    return f"{metric.name} of {metric.group}:{told}{_rests_on(metric)}{also}"


def _rests_on(metric: Metric) -> str:
    """What the number rests on, in words; nothing where there is no number."""
    if metric.value is None and not metric.evidence_said:
        return ""
    if metric.evidence in ("claimed", "shown"):
        return "; claimed, with no evidence" if metric.evidence == "claimed" else "; shown by its evidence"
    return f"; {'contradicted' if metric.evidence == 'contradicted' else 'shown by nothing'}: {metric.evidence_said}"


def _bound(metric: Metric) -> str:
    return "least" if metric.higher_is_better else "most"


def _unread(check: CardCheck, render: RenderOptions) -> list[Line]:
    """Headings and keys that are read as no field."""
    told = [f"{text} ({f'line {at}' if at else 'a key'})" for at, text, named in check.seen if not named and text]
    return hanging(line("  ", Span("read as no field: ", "faint")), "; ".join(told[:20]), render) if told else []


def _twice(check: CardCheck, render: RenderOptions) -> list[Line]:
    """Fields of which two places of the card say different things."""
    first = line("  ", Span("says two things: ", "conditions"))
    return [row for told in check.card.twice for row in hanging(first, told, render)]


def _metric(metric: Metric) -> dict[str, Any]:
    return {
        "name": metric.name,
        "group": metric.group,
        "value": metric.value,
        "threshold": metric.threshold,
        "higher_is_better": metric.higher_is_better,
        "line": metric.line,
        "standing": _standing(metric).replace(" ", "-"),
        "problem": metric.problem or None,
        "evidence": metric.evidence,
        "evidence_said": metric.evidence_said or None,
        "also": metric.also or None,
    }


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _short(text: str | None) -> str:
    plain = " ".join((text or "").split())
    return plain if len(plain) <= 40 else f"{plain[:39]}…"
