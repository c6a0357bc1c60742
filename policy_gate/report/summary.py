"""The step summary of a job: the Markdown report within what GitHub shows for one step."""

from __future__ import annotations

from typing import Final

from policy_gate.report.folded import fitted
from policy_gate.report.look import Look
from policy_gate.report.markdown import page_of, verdict_of
from policy_gate.schema.report import Report

LIMIT: Final = 1024 * 1024 - 16 * 1024
"""Bytes: GitHub drops a step's summary whole where it is above 1 MiB; the margin is for whoever else writes."""


def summary(report: Report, look: Look) -> str:
    """The Markdown report, cut at whole items where it is longer than a summary may be."""
    return fitted(page_of(report, look), LIMIT, verdict_of(report))
