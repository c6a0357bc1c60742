"""Tell: one Report, or one view of the law or the facts, as text, JSON or Markdown. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from policy_gate.report.classification import classification_json, classification_text
from policy_gate.report.explanation import explanation_json, explanation_text, subject_json, subject_text
from policy_gate.report.json_report import dumped, json_report, report_schema
from policy_gate.report.listing import policy_listing, policy_listing_json
from policy_gate.report.look import Look
from policy_gate.report.markdown import markdown_report
from policy_gate.report.text import failure, text
from policy_gate.schema.report import Report

REPORTERS: Final[dict[str, Callable[[Report, Look], str]]] = {
    "text": text,
    "json": json_report,
    "markdown": markdown_report,
}

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
