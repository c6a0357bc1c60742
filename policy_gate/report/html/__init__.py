"""The report as one HTML page that opens anywhere: for people who decide, offline, on paper and by ear.

This package turns a Report into plain values (modules here) and sets them with templates; nothing but
templates writes markup, and every text passes the sanitiser on its way in.
"""

from __future__ import annotations

from policy_gate.report.docket import dockets_of
from policy_gate.report.html.debt_calendar import owed
from policy_gate.report.html.law_summary import law_rows
from policy_gate.report.html.masthead import masthead
from policy_gate.report.html.matrix import matrices, overview
from policy_gate.report.html.press import printed
from policy_gate.report.html.rest import rest_of
from policy_gate.report.html.systems import fleet
from policy_gate.report.html.trust import trust_of
from policy_gate.report.html.work import work_of
from policy_gate.report.look import Look
from policy_gate.schema.report import Report


def html_report(report: Report, look: Look) -> str:
    """One self-contained page: verdict, work by person, systems, requirements, debt, law, and what it rests on."""
    dockets = dockets_of(report)
    work = work_of(dockets, report, look)
    return printed(
        report=report,
        head=masthead(dockets, report, work),
        work=work,
        fleet=fleet(dockets, report, work),
        overview=overview(report),
        matrices=matrices(dockets, report),
        debt=owed(dockets, report, look),
        rest=rest_of(dockets, report, look),
        law=law_rows(report),
        trust=trust_of(report),
    )
