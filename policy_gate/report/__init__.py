"""Tell: one Report, or one view of the rules or the facts, in the format that each reader is used to. Decides nothing.

One module per format; a view is imported from its own module by the command that prints it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final

from policy_gate.report.style import RenderOptions
from policy_gate.schema.report import Report

Reporter = Callable[[Report, RenderOptions], str]


def _lazily(module: str, name: str) -> Reporter:
    """The reporter of that name, whose module is loaded only where its format is wanted."""

    def tell(report: Report, render: RenderOptions) -> str:
        reporter: Reporter = getattr(import_module(f"policy_gate.report.formats.{module}"), name)
        return reporter(report, render)

    return tell


REPORTERS: Final[dict[str, Reporter]] = {
    "text": _lazily("text", "text"),
    "json": _lazily("json", "json_report"),
    "markdown": _lazily("markdown", "markdown_report"),
    "sarif": _lazily("sarif", "sarif_report"),
    "junit": _lazily("junit", "junit"),
    "codequality": _lazily("codequality", "code_quality"),
    "github": _lazily("github", "github_annotations"),
    "html": _lazily("html", "html_report"),
    "oscal": _lazily("oscal.report", "oscal_report"),
    "ics": _lazily("ics", "ics_report"),
}

DOCUMENTED: Final = frozenset({"html", "sarif"})
"""the formats that print the documentation of the policies (`Report.docs`), too"""

__all__ = ["DOCUMENTED", "REPORTERS", "RenderOptions", "Reporter"]
