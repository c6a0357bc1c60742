"""Tell: one Report, or one view of the law or the facts, in the format that each reader is used to. Decides nothing.

One module per format; a view is imported from its own module by the command that prints it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final

from policy_gate.report.look import Look
from policy_gate.schema.report import Report

Reporter = Callable[[Report, Look], str]


def _lazily(module: str, name: str) -> Reporter:
    """The reporter of that name, whose module is loaded only where its format is wanted."""

    def tell(report: Report, look: Look) -> str:
        reporter: Reporter = getattr(import_module(f"policy_gate.report.{module}"), name)
        return reporter(report, look)

    return tell


REPORTERS: Final[dict[str, Reporter]] = {
    "text": _lazily("text", "text"),
    "json": _lazily("json_report", "json_report"),
    "markdown": _lazily("markdown", "markdown_report"),
    "sarif": _lazily("sarif", "sarif_report"),
    "junit": _lazily("junit", "junit"),
    "codequality": _lazily("code_quality", "code_quality"),
    "github": _lazily("annotations", "github_annotations"),
    "html": _lazily("html", "html_report"),
    "oscal": _lazily("oscal", "oscal_report"),
}

__all__ = ["REPORTERS", "Look", "Reporter"]
