"""The box of a first adoption: whom the new roles file would make able to approve what (D26)."""

from __future__ import annotations

from policy_gate.report.look import Look
from policy_gate.report.page import Line, Span, hanging, line, prose, width_of
from policy_gate.schema.report import Report

_INDENT = 6


def adoption_box(report: Report, look: Look) -> list[Line]:
    """Empty where the change grants no first powers and adopts nothing."""
    adopting = report.trust.mode == "adoption"
    if not adopting and not report.grants:
        return []
    since = "This repository had no rules until now." if adopting else "The base names nobody who may approve rules."
    if not report.grants:
        text = f"{since} policies/roles.yaml names nobody yet: add people, or no gate can be passed."
        return [(), *prose(text, look, indent=2)]
    lines: list[Line] = [(), *prose(f"{since} Merging this makes", look, indent=2)]
    room = max(width_of(grant.name) for grant in report.grants)
    for grant in report.grants:
        name = line(" " * _INDENT, Span(grant.name + " " * (room - width_of(grant.name)), "name"), "  ")
        lines += hanging(name, ", ".join(grant.roles), look)
    ending = "able to approve in those roles. Nobody could approve this change itself: whoever merges it decides."
    return lines + prose(ending, look, indent=2)
