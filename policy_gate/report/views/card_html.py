"""A model card as one page of HTML that opens offline: every field by its part, what is not known as not provided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from policy_gate.cards.card import CardDocument
from policy_gate.cards.card_values import map_of, text_of
from policy_gate.schema.facts import CardField

PARTS: Mapping[str, tuple[str, ...]] = {
    "Identity": (
        "model_id", "model_name", "version", "release_date", "previous_version", "changelog_summary", "authors",
        "organization", "license",
    ),
    "Intended use": ("primary_intended_uses", "primary_intended_users", "out_of_scope_uses", "prohibited_uses"),
    "Performance": (
        "overall_performance", "performance_by_group", "performance_thresholds", "performance_caveats",
        "evaluation_data_description",
    ),
    "Technical": (
        "base_model", "weights_digest", "fine_tuning_approach", "training_data_description", "training_data_size",
        "training_data_cutoff", "training_data_known_issues",
    ),
    "Limitations and risks": (
        "known_limitations", "failure_modes", "identified_biases", "safety_risks", "mitigation_measures",
    ),
    "Governance": (
        "risk_tier", "required_oversight_level", "approved_by", "approval_date", "review_schedule", "incident_contact",
        "regulatory_compliance",
    ),
}  # fmt: skip
"""All fields of a card by the part of it that they stand in."""
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b;
  background: #fff }
h2 { border-bottom: 1px solid #ccc; margin-top: 2rem }
h3 { margin-bottom: .2rem; font-size: 1rem }
p, ul { margin: .2rem 0 }
table { border-collapse: collapse } td, th { border: 1px solid #ccc; padding: .2rem .6rem; text-align: left }
.open { color: #666; font-style: italic }
"""


def card_html(card: CardDocument) -> str:
    """The page."""
    name = card.fields["model_name"]
    title = (name.text if name.state == "present" else card.title) or "Model card"
    body = "\n".join(line for part, fields in PARTS.items() for line in _part(part, fields, card))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(title)}</h1>\n{body}\n</body>\n</html>\n"
    )


def _part(part: str, fields: tuple[str, ...], card: CardDocument) -> Iterator[str]:
    yield f"<h2>{escape(part)}</h2>"
    for name in fields:
        yield f"<h3>{escape(name.replace('_', ' ').capitalize())}</h3>"
        numbers = card.numbers.get(name, {})
        table = _table(numbers) if numbers else ""
        yield table or _said(card.fields[name])


def _said(field: CardField) -> str:
    if field.state == "absent":
        return '<p class="open">not provided</p>'
    lines = (field.text or "").split("\n")
    if field.state == "placeholder":
        return f'<p class="open">left open{escape(": " + " ".join(lines)) if field.text else ""}</p>'
    if len(lines) == 1:
        return f"<p>{escape(lines[0])}</p>"
    return "<ul>\n" + "".join(f"<li>{escape(line)}</li>\n" for line in lines) + "</ul>"


def _table(numbers: Mapping[str, object]) -> str:
    rows = [
        (str(name), *((str(inner), text_of(value)) if isinstance(results, Mapping) else ("", text_of(results))))
        for name, results in numbers.items()
        for inner, value in (map_of(results).items() if isinstance(results, Mapping) else (("", results),))
    ]
    cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row if cell) for row in rows)
    return "<table>\n" + "".join(f"<tr>{row}</tr>\n" for row in cells) + "</table>"
