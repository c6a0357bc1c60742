"""The risk model at work: points, score, tier after floors, law classes, and ranges where a value is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Final

from policy_gate.schema.facts import Rating
from policy_gate.schema.rule_condition import comparable
from policy_gate.schema.rule_set import RuleSet, Scoring
from policy_gate.schema.vocabulary import TIERS, Tier, tier_rank

_KEPT: Final = 4096
"""So many ratings of one risk model are remembered."""
_ABSENT: Final = object()


def rate(values: Mapping[str, Any], policy: RuleSet) -> Rating:
    """Score and classify a system from its `system.*` values, none of them worked out of a rating (D24).

    A missing dimension gives the range over the points it could have, and a floor that could hold
    raises the top of the tier range; the system is judged at that top.
    """
    scoring = policy.scoring
    names = scoring.rated_from
    if names is None:
        return _rated(values, scoring)
    key = tuple([comparable(values.get(name, _ABSENT)) for name in names])
    rating: Rating | None = scoring.known_ratings.get(key)
    if rating is None:
        rating = _rated(values, scoring)
        if len(scoring.known_ratings) < _KEPT:
            scoring.known_ratings[key] = rating
    return rating


def _rated(values: Mapping[str, Any], scoring: Scoring) -> Rating:
    low, high = _score_range(values, scoring)
    missing = tuple(d.id for d in scoring.dimensions if f"system.{d.id}" not in values)
    score = None if missing else low
    known = dict(values) if score is None else {**values, "system.score": score}
    classes = law_classes(known, scoring)
    known["system.law_class"] = list(classes)
    sure, possible, deciding = _floors(known, scoring)
    bottom = _highest(tier_of(low, scoring), sure)
    top = _highest(_highest(tier_of(high, scoring), sure), possible)
    undeclared = missing + tuple(name for name in deciding if name not in missing and bottom != top)
    return Rating(
        score=score,
        score_range=(low, high),
        score_tier=None if missing else tier_of(low, scoring),
        tier_range=(bottom, top),
        undeclared=undeclared,
        floors=tuple(sorted(name for name, _ in sure)),
        law_class=classes,
    )


def tier_of(score: int, scoring: Scoring) -> Tier:
    """The tier that points alone give: the highest whose threshold is reached."""
    reached = [tier for tier, least in scoring.thresholds if score >= least]
    return max(reached, key=tier_rank, default=TIERS[0])


def law_classes(values: Mapping[str, Any], scoring: Scoring) -> tuple[str, ...]:
    """The ids of the law classes that surely hold, sorted; one that hangs on a missing fact is not among them."""
    return tuple(sorted(known.id for known in scoring.law_classes if known.when.truth(values).value))


def _score_range(values: Mapping[str, Any], scoring: Scoring) -> tuple[int, int]:
    low = high = 0
    for dimension in scoring.dimensions:
        value = values.get(f"system.{dimension.id}")
        points = list(dimension.points.values()) if value is None else [dimension.points[value]]
        low, high = low + min(points), high + max(points)
    return low, high


def _floors(
    values: Mapping[str, Any], scoring: Scoring
) -> tuple[list[tuple[str, Tier]], list[tuple[str, Tier]], tuple[str, ...]]:
    """Floors that hold, floors that could hold, and the names of what would decide the latter."""
    sure: list[tuple[str, Tier]] = []
    possible: list[tuple[str, Tier]] = []
    deciding: list[str] = []
    for floor in scoring.floors:
        truth = floor.when.truth(values)
        if truth.value is None:
            outcomes = {floor.when.truth({**values, **it}).value for it in _fillings(values, scoring, truth.missing)}
            if outcomes == {True}:
                sure.append((floor.id, floor.tier))
            elif outcomes != {False}:
                possible.append((floor.id, floor.tier))
                deciding += sorted(name.removeprefix("system.") for name in truth.missing)
        elif truth.value:
            sure.append((floor.id, floor.tier))
    return sure, possible, tuple(dict.fromkeys(deciding))


def _fillings(values: Mapping[str, Any], scoring: Scoring, missing: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Every way to fill in the missing dimensions; the score is filled in where that makes it known."""
    wanted = {name.removeprefix("system.") for name in missing}
    gaps = [d for d in scoring.dimensions if f"system.{d.id}" not in values]
    chosen = gaps if "score" in wanted else [d for d in gaps if d.id in wanted]
    for combination in product(*(d.points for d in chosen)):
        filled: dict[str, Any] = {f"system.{d.id}": value for d, value in zip(chosen, combination, strict=True)}
        score, _ = _score_range({**values, **filled}, scoring)
        yield {**filled, "system.score": score} if len(chosen) == len(gaps) else filled


def _highest(tier: Tier, floors: list[tuple[str, Tier]]) -> Tier:
    return max((tier, *(floor for _, floor in floors)), key=tier_rank)
