"""Which way is stricter: what of an item a later layer has loosened, decided by data and field names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from policy_gate.schema.dates import Period, by_tier
from policy_gate.schema.requirement_document import REQUIREMENT_KINDS, RequirementSpec
from policy_gate.schema.strict import Strict
from policy_gate.schema.vocabulary import ENFORCEMENTS, SEVERITIES, STAGES, TIERS

FREE = frozenset({
    "id", "title", "why", "citation", "about", "fix", "message", "finding", "responsible", "consulted", "informed",
    "aliases", "enforced_by", "meanings", "stage_responsible", "stage_accountable", "asks", "issue", "recommendation",
    "caiq", "first_actions", "containment_options", "escalation", "window", "oecd", "harms", "recipient", "note",
    "roles", "tells", "checked", "checked_on", "activity",
})  # fmt: skip
"""Fields that words and people may change at will; they move no verdict."""

GROWING = frozenset({"aliases", "enforced_by", "headings", "loose", "joint", "phrases"})
"""Lists that a layer adds to, and takes nothing from."""

_WORDS = GROWING - {"aliases", "enforced_by"}

RANKED: Mapping[str, Sequence[str]] = {
    "enforcement": ENFORCEMENTS,
    "tier": TIERS,
    "severity": SEVERITIES,
    "stands_until": STAGES,
    "governed_changes": ("recorded", "verified"),
    "approvals": ("recorded", "verified"),
    "authors": ("committed", "forge", "signed"),
}
"""From looser to stricter."""

MAY_GROW = frozenset(
    {"tiers", "require", "binds_code", "agents", "agent_trailers", "severities", "blocked_by", "parts", "keeps"}
)
MAY_SHRINK = frozenset(
    {"none_for", "satisfied_by", "accountable", "self_approval", "service_committers", "approved_like"}
)


class Loosened(NamedTuple):
    """A field that asks for less than before; `field` may name a key of it, as `max_age.high`."""

    field: str
    was: str
    now: str


def loosened(was: Strict, now: Strict, fields: Iterable[str]) -> list[Loosened]:
    """The named fields of `now` that are looser than in `was`, in the order given.

    A field whose direction no data and no name tells (a condition, a stage) counts as loosened by any
    change: nobody can see from a text alone that it asks for more.
    """
    found: list[Loosened] = []
    named = {spec.alias or name: name for name, spec in type(was).model_fields.items()}
    for written in fields:
        name = named.get(written, written)
        before, after = getattr(was, name), getattr(now, name)
        if name not in FREE and before != after:
            moves = _of_field(name, _direction(was, name), before, after)
            found += [move._replace(field=move.field.replace(name, written, 1)) for move in moves]
    return found


def shown(value: Any) -> str:
    """A value as a message prints it."""
    if isinstance(value, RequirementSpec):
        return _requirement(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(shown(part) for part in value) or "nothing"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {shown(part)}" for key, part in value.items())
    return "nothing" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _requirement(spec: RequirementSpec) -> str:
    kind = next(name for name in REQUIREMENT_KINDS if getattr(spec, name) is not None)
    return f"{kind.replace('_', ' ')} {shown(getattr(spec, kind))}"


def _direction(model: Strict, name: str) -> str:
    extra = type(model).model_fields[name].json_schema_extra
    if name in ("overridable", "weakening"):
        return "false" if name == "overridable" else "true"
    return str(extra.get("stricter", "")) if isinstance(extra, dict) else ""


def _of_field(name: str, direction: str, was: Any, now: Any) -> list[Loosened]:
    if name == "require":
        dropped = [part for part in was if part not in now]
        return [Loosened(name, shown(dropped), "nothing")] if dropped else []
    if name in _WORDS:
        added = [part for part in now if part not in was]
        return [Loosened(name, "nothing", shown(added))] if added else []
    if name == "separate_roles":
        kept = [frozenset(roles) for roles in now or ()]
        dropped = [roles for roles in was or () if not any(set(roles) <= other for other in kept)]
        return [Loosened(name, shown(dropped), shown(now or []))] if dropped else []
    if name == "covers":
        more = {rule: sorted(set(kinds) - set(was.get(rule, ()))) for rule, kinds in now.items()}
        return [Loosened(f"{name}.{rule}", "nothing", shown(kinds)) for rule, kinds in more.items() if kinds]
    if name == "sections":
        return _of_sections(was, now)
    if direction == "shorter":
        return _by_key(name, by_tier(was), by_tier(now), _is_longer)
    if name in RANKED and isinstance(was, dict):
        return _by_key(name, was, now or {}, lambda a, b: _rank(name, b) < _rank(name, a))
    if name == "points" and isinstance(was, dict):
        return _by_key(name, was, now, lambda a, b: b is None or b < a)
    return [Loosened(name, shown(was), shown(now))] if _is_looser(name, direction, was, now) else []


def _by_key(
    name: str, was: Mapping[Any, Any], now: Mapping[Any, Any], looser: Callable[[Any, Any], bool]
) -> list[Loosened]:
    moves = {key: (shown(was[key]), shown(now.get(key))) for key in was if looser(was[key], now.get(key))}
    if len(moves) == len(TIERS) and len(set(moves.values())) == 1:
        return [Loosened(name, *next(iter(moves.values())))]
    return [Loosened(f"{name}.{key}", *move) for key, move in moves.items()]


def _is_longer(was: str, now: str | None) -> bool:
    return now is None or Period.parse(now).rough_days > Period.parse(was).rough_days


def _of_sections(was: Sequence[Any], now: Sequence[Any]) -> list[Loosened]:
    words = {section.title: section.min_words for section in now}
    return [
        Loosened("sections", f"{section.title} ({section.min_words} words)", f"{words.get(section.title, 0)} words")
        for section in was
        if words.get(section.title, 0) < section.min_words
    ]


def _is_looser(name: str, direction: str, was: Any, now: Any) -> bool:
    if name in MAY_GROW:
        return not set(was or ()) <= set(now or ())
    if name in MAY_SHRINK:
        return not set(_several(now)) <= set(_several(was))
    if name == "effective":
        return now is not None and (was is None or now > was)
    if name in RANKED:
        return _rank(name, now) < _rank(name, was)
    if direction == "earlier":
        return was is not None and (now is None or now > was)
    if direction == "higher":
        return bool(now < was)
    if direction == "lower":
        return bool(now > was)
    if direction in ("true", "false"):
        return bool(now is (direction == "false"))
    return True


def _several(value: Any) -> Iterable[str]:
    return [value] if isinstance(value, str) else value or ()


def _rank(name: str, value: str | None) -> int:
    """The place in the order; a gate that stands without end is stricter than any that ends."""
    if value is None:
        return len(STAGES) if name == "stands_until" else -1
    return RANKED[name].index(value)
