"""The tier gauge: where a system's points stand between the least and the most, and where tiers begin."""

from __future__ import annotations

from msgspec import Struct

from policy_gate.report.wording import with_capital
from policy_gate.schema.report import Report, SystemReport
from policy_gate.schema.vocabulary import TIERS

WIDTH = 320
_LEFT = 6.0
_ROOM = 308.0


class Zone(Struct, frozen=True):
    """One tier's share of the scale: from `x`, `width` wide, beginning at `start` points."""

    tier: str
    x: float
    width: float
    start: int
    holds: bool


class Gauge(Struct, frozen=True):
    """`mark` is the middle of the score's cell, None while a dimension is missing; `span` a range of tiers."""

    zones: tuple[Zone, ...]
    mark: float | None
    mark_label: str
    label_x: float
    span: tuple[float, float] | None
    ends: tuple[int, int]
    title: str
    description: str


def gauge(system: SystemReport, report: Report) -> Gauge:
    """The scale in whole points, one cell a point; zones only where the policies in force say where tiers begin."""
    low, high = system.score_range
    cell = _ROOM / max(1, high - low + 1)
    zones = _zones(system, report, cell)
    mark = None if system.score is None else _LEFT + (min(max(system.score, low), high) - low + 0.5) * cell
    label = "points not known" if system.score is None else f"{system.score} points"
    return Gauge(
        zones=zones,
        mark=mark,
        mark_label=label,
        label_x=round(min(max(mark or 160.0, 34.0), WIDTH - 34.0), 1),
        span=_span(zones, system) if mark is None else None,
        ends=(low, high),
        title=f"Risk tier: {_tier(system)}",
        description=_description(system, zones, label),
    )


def _zones(system: SystemReport, report: Report, cell: float) -> tuple[Zone, ...]:
    if report.docs is None:
        return ()
    low, high = system.score_range
    starts = sorted((max(low, at_least), tier) for tier, at_least in report.docs.thresholds)
    found = []
    for number, (start, tier) in enumerate(starts):
        end = starts[number + 1][0] if number + 1 < len(starts) else high + 1
        if start < end and start <= high:
            x, width = _LEFT + (start - low) * cell, (end - start) * cell
            found.append(Zone(tier, round(x, 1), round(width, 1), start, tier == system.effective_tier))
    return tuple(found)


def _span(zones: tuple[Zone, ...], system: SystemReport) -> tuple[float, float] | None:
    """From the left of the lowest tier that is possible to the right of the highest."""
    possible = [zone for zone in zones if _is_between(zone.tier, *system.tier_range)]
    if not possible:
        return None
    return possible[0].x, round(possible[-1].x + possible[-1].width, 1)


def _is_between(tier: str, low: str, high: str) -> bool:
    known = [name for name in (tier, low, high) if name in TIERS]
    return len(known) == 3 and TIERS.index(low) <= TIERS.index(tier) <= TIERS.index(high)


def _tier(system: SystemReport) -> str:
    low, high = system.tier_range
    return system.effective_tier if low == high else f"{low} to {high}"


def _description(system: SystemReport, zones: tuple[Zone, ...], label: str) -> str:
    low, high = system.score_range
    starts = ", ".join(f"{zone.tier} from {zone.start}" for zone in zones)
    return f"{with_capital(label)} on a scale from {low} to {high}" + (f": {starts}." if starts else ".")
