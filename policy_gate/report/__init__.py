"""Tell: one Report, or one view of the law or the facts, as text, JSON or Markdown. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from policy_gate.report.look import Look
from policy_gate.schema.later import later
from policy_gate.schema.report import Report

if TYPE_CHECKING:
    from policy_gate.report.classification import classification_json, classification_text
    from policy_gate.report.explanation import explanation_json, explanation_text, subject_json, subject_text
    from policy_gate.report.json_report import dumped, report_schema
    from policy_gate.report.listing import policy_listing, policy_listing_json
    from policy_gate.report.text import failure
else:
    __getattr__ = later(
        __name__,
        {
            "classification_json": "classification",
            "classification_text": "classification",
            "explanation_json": "explanation",
            "explanation_text": "explanation",
            "subject_json": "explanation",
            "subject_text": "explanation",
            "dumped": "json_report",
            "report_schema": "json_report",
            "policy_listing": "listing",
            "policy_listing_json": "listing",
            "failure": "text",
        },
    )


def _text(report: Report, look: Look) -> str:
    from policy_gate.report.text import text  # noqa: PLC0415 - each format is loaded where it is wanted

    return text(report, look)


def _json(report: Report, look: Look) -> str:
    from policy_gate.report.json_report import json_report  # noqa: PLC0415

    return json_report(report, look)


def _markdown(report: Report, look: Look) -> str:
    from policy_gate.report.markdown import markdown_report  # noqa: PLC0415

    return markdown_report(report, look)


REPORTERS: Final[dict[str, Callable[[Report, Look], str]]] = {"text": _text, "json": _json, "markdown": _markdown}

__all__ = [
    "REPORTERS",
    "Look",
    "classification_json",
    "classification_text",
    "dumped",
    "explanation_json",
    "explanation_text",
    "failure",
    "policy_listing",
    "policy_listing_json",
    "report_schema",
    "subject_json",
    "subject_text",
]
