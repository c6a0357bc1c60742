"""The portfolio page: all systems of a registry on one page that opens offline, and its due calendar as iCalendar."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.report.formats.html.page_templates import printed
from policy_gate.report.formats.ics import DueReview, calendar
from policy_gate.report.views.registry_answer import sync_words
from policy_gate.report.wording import plural
from policy_gate.schema.portfolio import Portfolio, PortfolioDue, PortfolioSystem, TrendPoint
from policy_gate.schema.vocabulary import STAGES, TIERS

_UNKNOWN: Final = "unknown"
_TIERS: Final = (*reversed(TIERS), _UNKNOWN)
_NOBODY: Final = "No team is named"
_MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                  "November", "December")  # fmt: skip
_DUE: Final = 400
_OPEN: Final = 40
_SYSTEMS: Final = 5_000
"""of more systems the page tells in numbers alone: a browser still opens a page of so many"""
_REPOSITORIES: Final = 1_000
_CHART = (600, 150, 36, 10)


class Shown(Struct, frozen=True):
    """A system with what the page calls it: its anchor, and tier and stage as classes to filter by."""

    key: str
    tier: str
    stage: str
    it: PortfolioSystem
    open: tuple[tuple[str, str, str], ...]
    more: int


class Team(Struct, frozen=True):
    """A team with its numbers over all its systems, of which `systems` are those that the page lists."""

    name: str
    key: str
    number: int
    systems: tuple[Shown, ...]
    serious: int
    gaps: int
    unknown: int
    overdue: int


class DueLine(Struct, frozen=True):
    it: PortfolioDue
    anchor: str


class Curve(Struct, frozen=True):
    """One line of the trend; `dashed` tells it from the other without colour."""

    name: str
    points: str
    dots: tuple[tuple[float, float], ...]
    last: int
    y: float
    is_dashed: bool


def portfolio_html(portfolio: Portfolio) -> str:
    """One self-contained page."""
    shown = _shown(portfolio.systems)
    listed = frozenset(one.key for one in sorted(shown, key=_weight)[:_SYSTEMS])
    anchors = {(one.it.repository, one.it.id): one.key for one in shown if one.key in listed}
    stages = [stage for stage in (*STAGES, _UNKNOWN) if any(one.stage == stage for one in shown)]
    due = portfolio.due[:_DUE]
    return printed(
        template="portfolio.html.j2",
        styles=("style.css", "portfolio.css"),
        p=portfolio,
        rests=tuple(sync_words(portfolio.sync, portfolio.as_of)),
        figures=tuple(_figures(portfolio)),
        tiers=_TIERS,
        stages=tuple(stages),
        counts=Counter((one.tier, one.stage) for one in shown),
        by_tier=Counter(one.tier for one in shown),
        by_stage=Counter(one.stage for one in shown),
        teams=_teams(shown, listed),
        more_systems=len(shown) - len(listed),
        unclaimed=portfolio.unclaimed[:_REPOSITORIES],
        unread=portfolio.unread[:_REPOSITORIES],
        anchors=anchors,
        months=_months(due, anchors),
        more_due=len(portfolio.due) - len(due),
        curves=_curves(portfolio.trend),
        chart=_CHART,
    )


def portfolio_ics(portfolio: Portfolio) -> str:
    """What falls due from the day on, of every system, as a calendar."""
    names = {(one.repository, one.id): one.name for one in portfolio.systems}
    reviews = [
        DueReview(
            f"{it.repository}:{it.system} {names.get((it.repository, it.system), '')}".strip(),
            it.title,
            date.fromisoformat(it.day),
            f"{it.kind} {it.title}",
            (f"Kind: {it.kind}", f"Repository: {it.repository}", *([f"Owner: {it.owner}"] if it.owner else [])),
        )
        for it in portfolio.due
        if not it.is_late and _is_day(it.day)
    ]
    stamp = datetime.combine(date.fromisoformat(portfolio.as_of), time(), UTC)
    late = sum(it.is_late for it in portfolio.due)
    notes = (*sync_words(portfolio.sync, portfolio.as_of), *([f"{late} dates are past"] if late else []))
    return calendar((), reviews, stamp, of="registry", title="policy-gate: portfolio", notes=notes, repository="")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _shown(systems: Sequence[PortfolioSystem]) -> tuple[Shown, ...]:
    return tuple(
        Shown(
            key=f"s{number}",
            tier=one.tier if one.tier in TIERS else _UNKNOWN,
            stage=one.stage if one.stage in STAGES else _UNKNOWN,
            it=one,
            open=one.open[:_OPEN],
            more=max(0, len(one.open) - _OPEN),
        )
        for number, one in enumerate(systems, 1)
    )


def _figures(portfolio: Portfolio) -> Iterator[tuple[int, str, str, str]]:
    """Number, what it counts, a note and where it leads."""
    systems = portfolio.systems
    serious = sum(one.tier in ("high", "critical") for one in systems)
    teams = len({one.team for one in systems if one.team})
    late = sum(one.overdue for one in systems)
    blocked = sum(one.overdue > 0 for one in systems)
    yield len(systems), "system" if len(systems) == 1 else "systems", f"of {plural(teams, 'team')}", "#systems"
    yield serious, "high or critical", "", "#tiers"
    yield late, "overdue", f"in {plural(blocked, 'system')}" if late else "", "#teams"
    yield len(portfolio.unclaimed), "repositories with AI and no system", "", "#unclaimed"
    yield len(portfolio.unread), "repositories not read", "unknown is not no" if portfolio.unread else "", "#unread"


def _weight(one: Shown) -> tuple[int, str, str]:
    return _TIERS.index(one.tier), one.it.repository, one.it.id


def _teams(shown: Sequence[Shown], listed: frozenset[str]) -> tuple[Team, ...]:
    by_team: dict[str, list[Shown]] = defaultdict(list)
    for one in sorted(shown, key=_weight):
        by_team[one.it.team].append(one)
    made = [
        Team(
            name=name or _NOBODY,
            key="",
            number=len(systems),
            systems=tuple(one for one in systems if one.key in listed),
            serious=sum(one.tier in ("high", "critical") for one in systems),
            gaps=sum(one.it.gaps for one in systems),
            unknown=sum(one.it.unknown for one in systems),
            overdue=sum(one.it.overdue for one in systems),
        )
        for name, systems in by_team.items()
    ]
    made.sort(key=lambda team: (-team.overdue, -team.gaps, team.name))
    return tuple(replace(team, key=f"team{number}") for number, team in enumerate(made, 1))


def _months(
    due: Sequence[PortfolioDue], anchors: dict[tuple[str, str], str]
) -> tuple[tuple[str, bool, tuple[DueLine, ...]], ...]:
    """Overdue first, then month by month: (title, whether it is late, lines)."""
    months: dict[tuple[bool, str], list[DueLine]] = defaultdict(list)
    for it in due:
        month = "" if it.is_late else it.day[:7]
        months[not it.is_late, month].append(DueLine(it, anchors.get((it.repository, it.system), "")))
    return tuple(
        (_month(month) if month else "The day is past", not coming, tuple(lines))
        for (coming, month), lines in sorted(months.items(), key=lambda item: item[0])
    )


def _month(text: str) -> str:
    year, _, month = text.partition("-")
    return f"{_MONTHS[int(month) - 1]} {year}" if month.isdigit() and 1 <= int(month) <= 12 else text


def _curves(trend: Sequence[TrendPoint]) -> tuple[Curve, ...]:
    """Systems and gaps over syncs, on one scale that begins at nought."""
    if len(trend) < 2:
        return ()
    wide, high, left, top = _CHART
    most = max(1, *(max(it.systems, it.gaps) for it in trend))
    step = (wide - left - 110) / (len(trend) - 1)
    made = []
    for name, values, is_dashed in (
        ("systems", [it.systems for it in trend], False),
        ("gaps", [it.gaps for it in trend], True),
    ):
        dots = tuple(
            (round(left + step * at, 1), round(high - 20 - value / most * (high - 20 - top), 1))
            for at, value in enumerate(values)
        )
        made.append(Curve(name, " ".join(f"{x},{y}" for x, y in dots), dots, values[-1], dots[-1][1], is_dashed))
    if abs(made[0].y - made[1].y) < 14:
        upper, lower = sorted(made, key=lambda it: it.y)
        moved = Curve(lower.name, lower.points, lower.dots, lower.last, upper.y + 14, lower.is_dashed)
        made = [upper, moved]
    return tuple(made)
