"""Tell: one Report, or one view of the law or the facts, as text, JSON or Markdown. Decides nothing.

A view is imported from its own module by the command that prints it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from policy_gate.report.look import Look
from policy_gate.schema.report import Report


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

__all__ = ["REPORTERS", "Look"]
