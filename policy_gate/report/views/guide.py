"""The guide as Markdown, for people, coding agents and AGENTS.md, and as JSON.

No date and no commit is in it: it changes with manifests, policies and roles alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policy_gate.report.formats.json import dumped
from policy_gate.report.sanitise import code, markdown
from policy_gate.report.wording import plural
from policy_gate.schema.guide import Asked, AskingChange, Guide, GuidedSystem

_SYSTEMS, _PATHS, _IDS = 40, 6, 6
"""How many of each the guide lists before it counts."""

STEPS = (
    ("policy-gate check --worktree", "before a push: what these files still lack, and who is asked"),
    ("policy-gate check --format json", "the same for programs; `next` lists what to do, in order"),
    ("policy-gate explain ID", "what a rule, gate, document, test or role is, and how to satisfy it"),
    (
        "policy-gate draft ARTIFACT --system ID",
        "starts a missing document; it counts once it is written",
    ),
    ("policy-gate discover", "AI use in the code, and what no system claims; a new use needs an entry in a manifest"),
    ("policy-gate check --all", "everything owed, with dates"),
)
"""Commands with what each is for."""
_RULES = (
    "Say in the manifest and the model card what the code does. Saying it costs no more than only doing it.",
    "Leave policies, roles, waivers, approval records and CI files alone, unless the change is about them.",
    "Nobody approves what they wrote, and no tool approves anything: ask the people named above.",
)


def guide_json(guide: Guide) -> str:
    """`{"systems", "changes", "places", "next"}`."""
    return dumped(
        {
            "systems": [_system_data(system) for system in guide.systems],
            "changes": [
                {"rule": it.rule, "title": it.title, "systems": list(it.systems) or None, "blocks": it.blocks}
                | _asked_data(it.asked)
                for it in guide.changes
            ],
            "places": list(guide.places),
            "next": [{"command": command, "for": said} for command, said in STEPS],
        }
    )


def guide_markdown(guide: Guide) -> str:
    """A section of second-level headings and below; the same text for the same manifests, policies and roles."""
    return "\n".join([*_governed(guide), "", *_asking(guide), "", *_stages(guide), *_to_do()]) + "\n"


def _governed(guide: Guide) -> Iterator[str]:
    yield "## Governed AI systems"
    yield ""
    yield (
        "policy-gate holds each pull request against the rules of its base branch, and blocks it while a document, "
        "test or approval that they ask for is missing."
    )
    yield ""
    yield "| system | tier | stage | code | declared in |"
    yield "|---|---|---|---|---|"
    for system in guide.systems[:_SYSTEMS]:
        low, high = system.tier_range
        tier = system.tier if low == high else f"{low} to {high}"
        named = f"{code(system.id)} {markdown(system.name)}"
        yield f"| {named} | {tier} | {system.stage} | {_codes(system.paths, _PATHS)} | {code(system.manifest)} |"
    if len(guide.systems) > _SYSTEMS:
        yield ""
        yield f"And {plural(len(guide.systems) - _SYSTEMS, 'other system')}: `policy-gate classify` lists them."
    yield ""
    yield f"Governed, too: {_codes(guide.places, len(guide.places))}."


def _asking(guide: Guide) -> Iterator[str]:
    yield "### Which changes ask whom"
    yield ""
    yield "| change | of | asks for |"
    yield "|---|---|---|"
    for it in guide.changes:
        asked = _asked(it.asked) + ("" if it.blocks else " (owed, does not block)")
        yield f"| {markdown(it.title)} ({code(it.rule)}) | {_of(it, guide)} | {asked} |"


def _of(it: AskingChange, guide: Guide) -> str:
    if not it.systems:
        return "the repository"
    return "any system" if len(it.systems) == len(guide.systems) else _codes(it.systems, _IDS)


def _stages(guide: Guide) -> Iterator[str]:
    """The next stage of each system that has one."""
    ahead = [(system, system.next_stage) for system in guide.systems[:_SYSTEMS] if system.next_stage is not None]
    if not ahead:
        return
    yield "### What the next stage takes"
    yield ""
    yield "| system | to | asks for |"
    yield "|---|---|---|"
    for system, stage in ahead:
        yield f"| {code(system.id)} | {stage.to} ({code(stage.gate)}) | {_asked(stage.asked)} |"
    yield ""


def _to_do() -> Iterator[str]:
    yield "### What to do"
    yield ""
    yield from (f"- `{command}`: {said}." for command, said in STEPS)
    yield ""
    yield "For every change:"
    yield ""
    yield from (f"- {rule}" for rule in _RULES)


def _asked(asked: Asked) -> str:
    parts = [markdown(", ".join(asked.work))] if asked.work else []
    parts += [f"approval of {markdown(', '.join(asked.approvals))}"] if asked.approvals else []
    return "; ".join(parts) or "nothing"


def _codes(words: tuple[str, ...], most: int) -> str:
    shown = ", ".join(code(word) for word in words[:most]) or "none"
    return shown + (f" and {len(words) - most} more" if len(words) > most else "")


def _asked_data(asked: Asked) -> dict[str, Any]:
    return {"approvals": list(asked.approvals), "work": list(asked.work)}


def _system_data(system: GuidedSystem) -> dict[str, Any]:
    stage = system.next_stage
    return {
        "id": system.id,
        "name": system.name,
        "tier": system.tier,
        "tier_range": list(system.tier_range),
        "stage": system.stage,
        "manifest": system.manifest,
        "paths": list(system.paths),
        "next_stage": stage and {"gate": stage.gate, "title": stage.title, "to": stage.to, **_asked_data(stage.asked)},
    }
