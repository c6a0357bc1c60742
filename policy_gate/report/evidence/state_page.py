"""The page of today's state, fit to be handed on: no address and no name of a person, unless they are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec.structs import replace

from policy_gate.report.formats.html.page_templates import printed
from policy_gate.report.formats.json import dumped
from policy_gate.report.wording import plural
from policy_gate.schema.evidence_pack import EvidenceState
from policy_gate.schema.patterns import lazy_pattern

_ADDRESS = lazy_pattern(r"<?\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}\b>?")
_NO_ADDRESS, _NO_NAME = "(address left out)", "(name left out)"
_WEIGHTS = {"block": "blocks", "remediate": "to remediate", "advise": "advice"}


def without_people(state: EvidenceState, names: Iterable[str]) -> EvidenceState:
    """The state without addresses and without these names; approvals keep their roles."""
    known = sorted((re.escape(name) for name in names if name.strip()), key=len, reverse=True)
    people = re.compile(rf"(?<!\w)(?:{'|'.join(known)})(?!\w)") if known else None

    def hidden(value: Any) -> Any:
        if isinstance(value, str):
            said = _ADDRESS.sub(_NO_ADDRESS, value)
            return people.sub(_NO_NAME, said) if people else said
        if isinstance(value, dict):
            return {key: hidden(it) for key, it in value.items()}
        return [hidden(it) for it in value] if isinstance(value, list | tuple) else value

    bare = tuple(
        replace(it, contact="", approvals=tuple(replace(yes, who="") for yes in it.approvals)) for it in state.systems
    )
    return msgspec.convert(hidden(msgspec.to_builtins(replace(state, systems=bare))), EvidenceState)


def state_json(state: EvidenceState) -> str:
    """The same as data."""
    return dumped(msgspec.to_builtins(state))


def _law(complete: int, evaluated: int) -> str:
    if not evaluated:
        return "No law was evaluated: no system names one for which rules are active."
    return f"Laws evaluated: {evaluated}. The evidence is complete for {complete} of them."


def state_page(state: EvidenceState) -> str:
    """One page that opens offline."""
    systems = state.systems
    one = f"{systems[0].id} {systems[0].name}" if len(systems) == 1 else plural(len(systems), "AI system")
    missing = sum(1 for it in systems for point in it.open_points if point.state in ("gap", "unknown"))
    laws = [law for it in systems for law in it.law if law.state != "not evaluated"]
    complete = sum(1 for law in laws if law.state == "complete")
    contents = [*((("problems", "What could not be read"),) if state.problems else ())]
    contents += [(f"system-{number}", f"{it.id} {it.name}") for number, it in enumerate(systems, start=1)]
    late = sum(1 for it in systems for point in it.open_points if point.due and point.due < state.day)
    of_them = f", {late} overdue" if late else ""
    lead = (
        f"{plural(missing, 'thing')} {'is' if missing == 1 else 'are'} missing or not known{of_them}."
        if missing
        else ("Nothing that the rules ask for is missing.")
    )
    return printed(
        "evidence_state.html.j2",
        version=state.version,
        title=f"Evidence of {one}, {state.day}",
        tone="plain",
        brand=f"evidence{f' of {state.repository}' if state.repository else ''}, {state.day}",
        heading=one,
        lead=(lead, _law(complete, len(laws))),
        compared=(("Branch", state.branch), ("Commit", state.commit[:12]), ("As of", state.day)),
        numbers=(),
        contents=contents,
        systems=systems,
        day=state.day,
        problems=state.problems,
        weights=_WEIGHTS,
        footer=(
            f"policy-gate {state.version}, {state.branch} at {state.commit}. Rules {state.policies_digest}.",
            '"Evidence complete" means that every document, test and approval that the rows ask for was found and is '
            "in date.",
        ),
    )
