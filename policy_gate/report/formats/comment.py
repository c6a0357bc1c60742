"""The comment that is kept on a change: the Markdown report behind a marker, within what GitHub takes.

Pure: who keeps it, and where, is the business of `ci`.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from policy_gate.report.formats.markdown import page_of, verdict_of
from policy_gate.report.formats.markdown_page import MarkdownPage, fitted, size_of
from policy_gate.report.grouping import SystemFindings, findings_by_system
from policy_gate.report.sanitise import code
from policy_gate.report.style import RenderOptions
from policy_gate.report.wording import result_of, revision
from policy_gate.schema.report import Report

MARKER: Final = "<!-- policy-gate:comment -->"
"""The first line, which no reader sees: by it, and by its author, our comment is found again."""
LIMIT: Final = 65_536
"""Characters that GitHub takes as the body of a comment or an issue; kept as bytes, which are never fewer."""
_ASKED = ("gap", "unknown", "deferred")


def comment(report: Report, render: RenderOptions) -> str:
    """The text of the comment, marker first: one line where all is well, else the report cut at whole items."""
    page = page_of(report, render)
    if report.verdict == "pass":
        page = _dated(page, report)
    head = f"{MARKER}\n"
    return head + fitted(page, LIMIT - size_of(head), verdict_of(report))


def is_comment_needed(report: Report) -> bool:
    """Whether the change has something to tell: what it introduces, an approval it needs, no answer, new powers.

    Debt that was there before, and that this change leaves as it is, is no reason.
    """
    if report.problems or report.grants or report.verdict in ("block", "undecided"):
        return True
    return any(_is_of_the_change(grouped) for grouped in findings_by_system(report))


def _is_of_the_change(grouped: SystemFindings) -> bool:
    asked = (finding for finding in grouped.others if finding.kind == "approval" and finding.state in _ASKED)
    return bool(grouped.work or grouped.waiting or any(asked))


def _dated(page: MarkdownPage, report: Report) -> MarkdownPage:
    """The one line with what it is for: a comment outlives the push that it was written for."""
    weighed = f"{code(result_of(report))} on {code(revision(report.trust.base))}"
    return replace(page, first=f"{page.first} (judged: {weighed})")


SUMMARY_LIMIT: Final = 1024 * 1024 - 16 * 1024
"""Bytes: GitHub drops a step's summary whole where it is above 1 MiB; the margin is for whoever else writes."""


def summary(report: Report, render: RenderOptions) -> str:
    """The Markdown report, cut at whole items where it is longer than a summary may be."""
    return fitted(page_of(report, render), SUMMARY_LIMIT, verdict_of(report))
