"""The `vendor` views: what was made of each vendor, and its open questions as a page to send."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from policy_gate.report.formats.json import dumped
from policy_gate.report.sanitise import code, markdown
from policy_gate.report.style import RenderOptions
from policy_gate.report.text_layout import Line, Span, hanging, line, printed, prose
from policy_gate.report.wording import plural
from policy_gate.schema.vendors import AssessedVendor, LaterAssessment, OpenFinding
from policy_gate.vendors.announced import said_of_terms
from policy_gate.vendors.questionnaire import Question, form_rows

_LABEL = 16
_STYLES = {"critical": "block", "high": "block", "medium": "conditions", "low": "faint"}


def vendors_json(vendors: Sequence[AssessedVendor], today: date) -> str:
    """`{"as_of", "vendors": […]}`; `risk_score` counts an open question as a bad answer."""
    return dumped({"as_of": today.isoformat(), "vendors": [_data(one, today) for one in vendors]})


def _data(one: AssessedVendor, today: date) -> dict[str, Any]:
    entry, found = one.entry, one.assessment
    return {
        "id": entry.id,
        "vendor_name": entry.vendor_name,
        "product_name": entry.product_name,
        "access_type": one.said_of("access_type"),
        "risk_score": found.score,
        "score_range": [found.least, found.score],
        "risk_tier": found.tier.id,
        "recommendation": found.answer.recommendation,
        "use_approved": found.use_approved,
        "findings": [_finding(item) for item in found.open],
        "questions": [
            {"id": item.finding.id, "fields": list(item.missing), "question": item.issue, "severity": item.severity}
            for item in found.questions
        ],
        "remediation": [{"id": item.finding.id, "fix": item.finding.fix} for item in found.open],
        "assessed_on": entry.assessed_on.isoformat() if entry.assessed_on else None,
        "next_review": one.next_review(today).isoformat(),
        "review": one.review_state(today),
        "announced": list(_announced(one)),
        "later": [_later(item) for item in one.later],
        "systems": list(one.systems),
        "location": one.place,
    }


def _announced(one: AssessedVendor) -> Iterator[dict[str, Any]]:
    """Every announced term by its day, and whether it holds already."""
    ahead = [item.terms for item in one.later]
    for terms in (*one.in_force, *ahead):
        for term in terms.terms:
            yield {
                "field": term.field,
                "value": term.value,
                "from": term.from_.isoformat(),
                "source": term.source,
                "in_force": terms not in ahead,
            }


def _later(item: LaterAssessment) -> dict[str, Any]:
    found = item.assessment
    return {
        "from": item.terms.day.isoformat(),
        "risk_score": found.score,
        "score_range": [found.least, found.score],
        "risk_tier": found.tier.id,
        "recommendation": found.answer.recommendation,
        "use_approved": found.use_approved,
        "findings": [_finding(it) for it in found.open],
    }


def _finding(item: OpenFinding) -> dict[str, Any]:
    return {
        "id": item.finding.id,
        "issue": f"Not stated: {item.issue}" if item.state == "unknown" else item.issue,
        "severity": item.severity,
        "points": item.finding.points,
        "state": item.state,
        "applies": "yes" if item.is_sure else "unknown",
        "citation": item.finding.citation,
    }


def vendors_text(vendors: Sequence[AssessedVendor], today: date, render: RenderOptions) -> str:
    """One block a vendor: what it comes to, what is wrong, what to ask, and when it is looked at next."""
    lines: list[Line] = []
    for one in vendors:
        lines += ([()] if lines else []) + _block(one, today, render)
    return printed(lines or prose("no vendor is described here", render), render)


def _block(one: AssessedVendor, today: date, render: RenderOptions) -> list[Line]:
    entry, found = one.entry, one.assessment
    product = f", {entry.product_name}" if entry.product_name else ""
    lines = prose(f"{entry.vendor_name}{product}  ({entry.id})", render, style="name")
    points = str(found.score) if found.least == found.score else f"{found.score}, {found.least} of them for sure"
    lines += hanging(_label("risk"), f"{found.tier.id}, {plural(found.score, 'point')}"
                     if found.least == found.score else f"{found.tier.id}, {points}", render)  # fmt: skip
    style = "pass" if found.use_approved else "block"
    lines += hanging(_label("use"), "approved" if found.use_approved else "not approved", render, style=style)
    lines += hanging(_label("recommendation"), found.answer.recommendation, render)
    lines += hanging(_label("next review"), _review(one, today), render, style=_late(one, today))
    lines += _announced_lines(one, render)
    used = ", ".join(one.systems) if one.systems else "no system"
    lines += hanging(_label("used by"), used, render)
    wrong = [item for item in found.open if item.state == "found"]
    for heading, items in (("wrong", wrong), ("not stated", list(found.questions))):
        if items:
            lines += [(), *prose(f"{heading}: {len(items)}", render, indent=2, style="name")]
            for item in items:
                lines += _told(item, render)
    if found.questions:
        lines += [(), *prose(f"policy-gate vendor questionnaire {entry.id}", render, indent=2, style="command")]
    return lines


def _announced_lines(one: AssessedVendor, render: RenderOptions) -> Iterator[Line]:
    """What it announced: since when it holds, or from when on and what the vendor will come to."""
    for terms in one.in_force:
        said = f"since {terms.day.isoformat()}: {said_of_terms(terms.terms, None)}"
        yield from hanging(_label("announced"), said, render)
    for item in one.later:
        said = f"from {item.terms.day.isoformat()}: {item.terms.told}"
        yield from hanging(_label("announced"), said, render, style="" if item.assessment.use_approved else "late")


def _told(item: OpenFinding, render: RenderOptions) -> list[Line]:
    unsure = "" if item.is_sure else " (whether it applies is not stated)"
    head = line("    ", Span(f"{item.severity:<9}", _STYLES.get(item.severity, "")), f"{item.finding.points:>2}  ")
    lines = hanging(head, f"{item.issue}{unsure}", render)
    return lines + hanging(line(" " * 17, Span("fix  ", "faint")), item.finding.fix, render)


def _label(name: str) -> Line:
    return line("  ", Span(name.ljust(_LABEL), "faint"))


def _review(one: AssessedVendor, today: date) -> str:
    state = one.review_state(today)
    if one.is_seen_ahead(today):
        return f"now: assessed_on {one.entry.assessed_on} lies in the future, and counts for nothing"
    if state == "never":
        return "now: it was never assessed (assessed_on)"
    said = one.next_review(today).isoformat()
    return f"{said}, overdue by {plural((today - one.next_review(today)).days, 'day')}" if state == "overdue" else said


def _late(one: AssessedVendor, today: date) -> str:
    return "" if one.review_state(today) == "due" else "late"


def form_markdown(one: AssessedVendor, questions: Sequence[Question], today: date) -> str:
    """The questions as a page to send; the field stands beside each, so that answers can be taken back."""
    return "\n".join(_page(one, questions, today)) + "\n"


def _page(one: AssessedVendor, questions: Sequence[Question], today: date) -> Iterator[str]:
    yield f"# Questions to {markdown(one.entry.vendor_name)}"
    yield ""
    product = f" about {markdown(one.entry.product_name)}" if one.entry.product_name else ""
    yield f"{today.isoformat()}{product}. Leave open what you do not know: it is not taken for a yes."
    yield ""
    rows = list(form_rows(questions))
    if not rows:
        yield "Nothing is open."
        return
    yield "| question | answer | form | field |"
    yield "|---|---|---|---|"
    for field, text, form, severity in rows:
        weight = f" ({severity})" if severity else ""
        yield f"| {markdown(text)}{weight} | | {markdown(form)} | {code(field)} |"
