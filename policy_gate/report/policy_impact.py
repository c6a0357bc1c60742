"""What other policies would do, in words and as JSON values: for `policy impact`, and for the report of a change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from policy_gate.documents.spelling import listed
from policy_gate.report.location import location_data
from policy_gate.report.wording import place_of, plural
from policy_gate.schema.policy_impact import (
    DecidingRule,
    Difference,
    Effect,
    MergeImpact,
    PolicyImpact,
    SystemImpact,
    counted,
)

HANDFUL: Final = 5
"""Systems that a report lists before it counts."""
DIFFERENCES_SHOWN: Final = 3
"""Differences of one system likewise."""
_RULES_SHOWN = 2
MOST_IN_REPORT: Final = 20
"""Systems that the JSON of a change lists before it counts."""
EFFECT_WORDS: Final[dict[Effect, str]] = {
    "newly-blocked": "newly blocked",
    "unknown": "unknown",
    "freed": "freed",
    "changed": "asked for something else",
    "unchanged": "unchanged",
}


def impact_data(impact: PolicyImpact, most: int | None = None) -> dict[str, Any]:
    """`{"policies", "over", "summary", "systems", "merges", …}`; with `most` only that many systems, none unchanged."""
    systems = impact.systems if most is None else [it for it in impact.systems if it.effect != "unchanged"]
    return {
        "policies": {
            "was": {"source": impact.source_was, "digest": impact.digest_was},
            "now": {"source": impact.source_now, "digest": impact.digest_now},
        },
        "over": impact.over,
        "summary": counted(impact.systems),
        "systems": [_system(it) for it in systems[:most]],
        "more": max(0, len(systems) - most) if most is not None else 0,
        "merges": [_merge(it) for it in impact.merges],
        "merges_summary": counted(impact.merges),
        "notes": list(impact.notes),
    }


def counts_line(impact: PolicyImpact) -> str:
    """'5 systems: 1 newly blocked, 1 freed, 3 unchanged'."""
    return f"{plural(sum(it.id is not None for it in impact.systems), 'system')}: {effects_line(impact.systems)}"


def effects_line(found: Sequence[SystemImpact | MergeImpact]) -> str:
    """How many of each effect, those that there are."""
    return (
        ", ".join(f"{number} {EFFECT_WORDS[effect]}" for effect, number in counted(found).items() if number) or "none"
    )


def rows_of_change(impact: PolicyImpact) -> Iterator[tuple[str, tuple[str, ...]]]:
    """For the report of a change: a line for each of the first systems it does something to, with what does it."""
    hit = [it for it in impact.systems if it.effect != "unchanged"]
    for system in hit[:HANDFUL]:
        yield system_line(system), tuple(_handful(system.differences))
    if len(hit) > HANDFUL:
        yield f"and {plural(len(hit) - HANDFUL, 'other system')} (policy-gate policy impact --policies HEAD)", ()


def system_line(system: SystemImpact) -> str:
    """'newly blocked: SYS-001 Hiring Resume Screener (tier medium -> high)'."""
    named = f"{system.id} {system.name}" if system.id else "this repository itself"
    tier = f" (tier {system.tier_was} -> {system.tier_now})" if system.tier_was != system.tier_now else ""
    return f"{EFFECT_WORDS[system.effect]}: {named}{tier}"


def difference_line(it: Difference) -> str:
    """'Red team report is missing: asked by own-rule (policies/own.yaml:3)', with the day where there is one."""
    gone = it.now is None or it.now in ("met", "not-applicable", "waived")
    shown = [f"{rule.rule} ({_place(rule)})" if rule.place else rule.rule for rule in it.rules[:_RULES_SHOWN]]
    left = len(it.rules) - _RULES_SHOWN
    rules = listed([*shown, *([plural(left, "more rule")] if left > 0 else [])])
    due = f", due {it.due.isoformat()}" if it.due and not gone else ""
    return f"{it.title}: {'no longer ' if gone else ''}asked by {rules}{due}"


def _place(rule: DecidingRule) -> str:
    return place_of(rule.place.path, rule.place.line) if rule.place else ""


def _handful(differences: Sequence[Difference]) -> Iterator[str]:
    yield from (difference_line(it) for it in differences[:DIFFERENCES_SHOWN])
    if len(differences) > DIFFERENCES_SHOWN:
        yield f"and {len(differences) - DIFFERENCES_SHOWN} more"


def _system(system: SystemImpact) -> dict[str, Any]:
    return {
        "id": system.id,
        "name": system.name,
        "manifest": system.manifest,
        "effect": system.effect,
        "verdict": {"was": system.was, "now": system.now},
        "tier": {"was": system.tier_was, "now": system.tier_now},
        "differences": [_difference(it) for it in system.differences],
    }


def _difference(it: Difference) -> dict[str, Any]:
    return {
        "requirement": {"kind": it.requirement.kind, "subject": it.requirement.subject},
        "title": it.title,
        "was": it.was,
        "now": it.now,
        "decides": it.decides,
        "due": it.due and it.due.isoformat(),
        "rules": [
            {
                "kind": rule.kind,
                "rule": rule.rule,
                "title": rule.title,
                "enforcement": rule.enforcement,
                "location": location_data(rule.place),
            }
            for rule in it.rules
        ],
        "location": location_data(it.location),
        "fix": it.fix,
    }


def _merge(merge: MergeImpact) -> dict[str, Any]:
    return {
        "commit": merge.commit,
        "title": merge.title,
        "effect": merge.effect,
        "verdict": {"was": merge.was, "now": merge.now},
        "problem": merge.problem,
        "systems": [_system(it) for it in merge.systems],
    }
