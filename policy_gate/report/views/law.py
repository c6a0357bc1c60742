"""The `law` view: rows of law for each system, with what decided each and what it wants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from policy_gate.report.formats.json import dumped
from policy_gate.report.style import RenderOptions
from policy_gate.report.text_layout import Line, printed, prose
from policy_gate.report.wording import plural
from policy_gate.schema.law import EvidenceSeen, LawOfSystem, RowResult

_ASKED = 12


def law_json(systems: Sequence[LawOfSystem], today: date) -> str:
    """`{"as_of", "systems": […]}`; the rows in the order of the packs."""
    return dumped({"as_of": today.isoformat(), "systems": [_data(one, today) for one in systems]})


def _data(one: LawOfSystem, today: date) -> dict[str, Any]:
    return {
        "id": one.system,
        "name": one.name,
        "facts_to_state": [{"id": name, "decides": list(rows)} for name, rows in one.to_ask.items()],
        "rows": [_row(result, one, today) for result in one.results],
    }


def _row(result: RowResult, one: LawOfSystem, today: date) -> dict[str, Any]:
    row = result.row
    begins = result.applies_from
    return {
        "id": row.id,
        "regulation": row.regulation,
        "state": result.state,
        "because": result.because,
        "applies_from": begins.isoformat() if begins else None,
        "days_left": (begins - today).days if begins and begins > today else None,
        "missing_facts": list(result.missing_facts),
        "evidence": [{"id": seen.id, "state": seen.state} for seen in one.evidence.get(row.id, ())],
        "citation": row.citation,
        "requirement": row.requirement,
        "role": row.role,
        "binding": row.binding,
        "status": row.status,
        "prohibited": result.practised,
        "formal_from": row.formal_from.isoformat() if row.formal_from else None,
        "superseded_by": row.superseded_by,
        "mark": row.mark,
        "uncertain": list(row.uncertain),
        "checked_on": row.checked_on.isoformat(),
    }


def law_text(systems: Sequence[LawOfSystem], today: date, render: RenderOptions) -> str:
    """One block a system: what applies, what will with days left, what cannot be told, and the rest in numbers."""
    lines: list[Line] = []
    for one in systems:
        lines += ([()] if lines else []) + _block(one, today, render)
    lines += [(), *prose("This says whether evidence is complete. It is not legal advice.", render, style="faint")]
    return printed(lines, render)


def _block(one: LawOfSystem, today: date, render: RenderOptions) -> list[Line]:
    lines = prose(f"{one.system} {one.name}   on {today.isoformat()}", render, style="name")
    applies = [result for result in one.results if result.state == "enforceable"]
    to_come = sorted((it for it in one.results if it.state == "upcoming"), key=lambda it: it.applies_from or date.max)
    for heading, results in (("Applies", applies), ("Will apply", to_come)):
        if results:
            lines += [(), *prose(f"{heading}: {len(results)}", render, indent=2, style="name")]
            for result in results:
                lines += _told(result, one, today, render)
    return lines + _open(one, render) + _rest(one, render)


def _told(result: RowResult, one: LawOfSystem, today: date, render: RenderOptions) -> list[Line]:
    row, begins = result.row, result.applies_from
    when = f" from {begins.isoformat()}, in {plural((begins - today).days, 'day')}" if begins and begins > today else ""
    kind = "" if row.binding == "law" else f" ({row.binding})"
    if result.is_advised and row.formal_from:
        when += f", by the letter since {row.formal_from.isoformat()}"
    lines = prose(f"{row.id}{kind}{when}", render, indent=4)
    if result.practised:
        lines += prose("PROHIBITED: by its facts the system does this", render, indent=6, style="block")
    lines += prose(row.requirement, render, indent=6)
    seen = one.evidence.get(row.id, ())
    lacking = [it.id for it in seen if it.state not in ("met", "not-applicable")]
    lines += prose(_lacking(seen, lacking), render, indent=6, style="faint")
    return lines + prose(f"because {result.because}", render, indent=6, style="faint")


def _lacking(seen: Sequence[EvidenceSeen], lacking: Sequence[str]) -> str:
    if not seen:
        return "asks for no evidence"
    return f"lacks {', '.join(lacking)}" if lacking else "evidence complete"


def _open(one: LawOfSystem, render: RenderOptions) -> list[Line]:
    """What cannot be told, as the facts to state next."""
    unknown = sum(1 for result in one.results if result.state == "unknown")
    if not unknown and not one.to_ask:
        return []
    lines: list[Line] = [(), *prose(f"Cannot be told: {unknown}. State next:", render, indent=2, style="name")]
    for name, rows in list(one.to_ask.items())[:_ASKED]:
        more = f" and {len(rows) - 3} more" if len(rows) > 3 else ""
        lines += prose(f"{name}: decides {', '.join(rows[:3])}{more}", render, indent=4)
    if len(one.to_ask) > _ASKED:
        lines += prose(f"and {len(one.to_ask) - _ASKED} more (--format json)", render, indent=4, style="faint")
    return lines


def _rest(one: LawOfSystem, render: RenderOptions) -> list[Line]:
    out = sum(1 for result in one.results if result.state == "not-applicable")
    replaced = sum(1 for result in one.results if result.state == "superseded")
    said = f"Does not apply: {out}. Replaced: {replaced}. Why: --format json."
    return [(), *prose(said, render, indent=2, style="faint")] if out or replaced else []
