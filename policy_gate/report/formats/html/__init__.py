"""The report as one HTML page that opens anywhere: for people who decide, offline, on paper and by ear.

This package turns a Report into plain values (modules here) and sets them with templates; nothing but
templates writes markup, and every text passes the sanitiser on its way in.
"""

from __future__ import annotations

from policy_gate.report.formats.html.debt_calendar import owed
from policy_gate.report.formats.html.due import due_table
from policy_gate.report.formats.html.law_summary import law_rows
from policy_gate.report.formats.html.masthead import masthead
from policy_gate.report.formats.html.matrix import matrices, overview
from policy_gate.report.formats.html.page_templates import printed
from policy_gate.report.formats.html.remaining import rest_of
from policy_gate.report.formats.html.systems import fleet
from policy_gate.report.formats.html.trust import trust_of
from policy_gate.report.formats.html.work import work_of
from policy_gate.report.grouping import findings_by_system
from policy_gate.report.incident_rows import incident_rows
from policy_gate.report.style import RenderOptions
from policy_gate.schema.report import Report


def html_report(report: Report, render: RenderOptions) -> str:
    """One self-contained page: verdict, work by person, systems, requirements, debt, law, and what it rests on."""
    by_system = findings_by_system(report)
    work = work_of(by_system, report, render)
    return printed(
        report=report,
        head=masthead(by_system, report, work),
        work=work,
        fleet=fleet(by_system, report, work),
        overview=overview(report),
        matrices=matrices(by_system, report),
        debt=owed(by_system, report, render),
        due=due_table(report),
        incidents=tuple(incident_rows(report)),
        rest=rest_of(by_system, report, render),
        law=law_rows(report),
        trust=trust_of(report),
    )
