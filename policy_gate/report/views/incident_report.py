"""`incident report`: the document after an incident, as Markdown; and `incident export`, in the words of others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from policy_gate.report.formats.json import dumped
from policy_gate.report.sanitise import code, markdown
from policy_gate.report.views.incidents import clock_data, ordered, time_left
from policy_gate.respond.clocks import in_utc
from policy_gate.respond.oecd import ai_act_terms, oecd_terms
from policy_gate.respond.post_incident import moments, still_open
from policy_gate.schema.incident_rules import IncidentRules
from policy_gate.schema.incidents import Clock, IncidentFact


def report_markdown(fact: IncidentFact, rules: IncidentRules, system_name: str, now: datetime) -> str:
    """What happened, when, what was done, why, and what is still open; text of the repository is only text."""
    return "\n".join(_page(fact, rules, system_name, now)).rstrip("\n") + "\n"


def _page(fact: IncidentFact, rules: IncidentRules, system_name: str, now: datetime) -> Iterator[str]:
    incident = fact.incident
    yield f"# Post-incident report: {markdown(incident.id)}"
    yield ""
    yield f"As of {in_utc(now)}, from {code(fact.document.path)}."
    yield ""
    yield from _heading("Summary")
    yield markdown(incident.description)
    yield ""
    yield from _facts(fact, rules, system_name)
    yield from _heading("Timeline")
    yield from _table(
        ("when", "what", "by"), [(str(in_utc(it.at)), markdown(it.what), markdown(it.by)) for it in moments(fact)]
    )
    yield from _heading("Legal clocks")
    yield from _table(
        ("clock", "who is told", "state", "until", "how it stands"),
        [_clock(clock, now) for clock in ordered(fact.clocks, now)],
    )
    yield from _heading("Response times")
    yield from _table(
        ("target", "state", "until", "how it stands"),
        [(markdown(it.title), it.state(now), str(in_utc(it.deadline)), time_left(it, now)) for it in fact.targets],
    )
    yield from _heading("What was done")
    done = [entry for entry in incident.timeline if entry.step in ("contained", "note") and entry.what]
    yield from _list([f"{in_utc(entry.at)}: {markdown(entry.what or '')}" for entry in done], "Nothing is on record.")
    yield from _heading("Root cause")
    cause = [markdown(line) for line in incident.root_cause.splitlines() if line.strip()]
    yield from cause or ["It is not known yet."]
    yield ""
    yield from _heading("New tests")
    yield from _list([code(it) for it in incident.new_tests], "None is named.")
    yield from _heading("Controls that changed")
    yield from _list([code(it) for it in incident.control_changes], "None is named.")
    yield from _heading("What is still open")
    yield from _list([f"{markdown(it)}." for it in still_open(fact, now)], "Nothing.")


def _heading(title: str) -> Iterator[str]:
    yield f"## {title}"
    yield ""


def _facts(fact: IncidentFact, rules: IncidentRules, system_name: str) -> Iterator[str]:
    incident = fact.incident
    kind, serious = rules.types.get(incident.type), rules.serious.get(incident.serious_incident or "")
    said = (
        ("System", f"{incident.system}, {system_name}"),
        ("Type", kind.title if kind else incident.type),
        ("Severity", incident.severity),
        ("State", incident.state),
        ("Way in", incident.attack_vector),
        ("People affected, about", incident.affected_users_estimate),
        ("People in the EU affected", incident.eu_residents_affected),
        ("Personal data exposed", incident.personal_data_exposed),
        ("Risk to persons", incident.risk_to_persons),
        ("Serious incident (AI Act)", serious.title if serious else None),
    )
    yield from _table(("what", "as stated"), [(name, markdown(_word(value))) for name, value in said])


def _word(value: Any) -> str:
    if value is None:
        return "not stated"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _clock(clock: Clock, now: datetime) -> tuple[str, ...]:
    until = in_utc(clock.deadline) if clock.runs is not False else None
    return (
        code(clock.id),
        markdown(clock.recipient),
        clock.state(now),
        until or "",
        markdown(time_left(clock, now)),
    )


def _table(columns: Sequence[str], lines: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield "|---" * len(columns) + "|"
    yield from (f"| {' | '.join(line)} |" for line in lines)
    yield ""


def _list(items: Sequence[str], none: str) -> Iterator[str]:
    yield from [f"- {item}" for item in items] or [none]
    yield ""


def export_json(facts: Sequence[tuple[IncidentFact, str]], rules: IncidentRules, now: datetime) -> str:
    """Every incident in our words, in those of the OECD's framework, and in the AI Act's."""
    data = [_exported(fact, rules, name, now) for fact, name in facts]
    return dumped({"as_of": in_utc(now), "incidents": data})


def _exported(fact: IncidentFact, rules: IncidentRules, system_name: str, now: datetime) -> dict[str, Any]:
    incident = fact.incident
    own = incident.model_dump(mode="json", by_alias=True, exclude={"timeline"})
    steps = [entry.model_dump(mode="json", exclude_none=True) for entry in incident.timeline]
    return {
        **own,
        "state": incident.state,
        "timeline": steps,
        "clocks": [clock_data(clock, now) for clock in fact.clocks],
        "oecd": oecd_terms(incident, rules, system_name),
        "ai_act": ai_act_terms(incident, rules),
    }
