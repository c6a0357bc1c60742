"""The limit that is set for the number of all, held against the groups that have none of their own (fault E40)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from policy_gate.cards.metrics import ONLY_RESULT, OVERALL, held_to, is_group, is_loosened
from policy_gate.cards.text_normal import key_of
from policy_gate.schema.facts import Metric


def with_overall_limits(metrics: Sequence[Metric]) -> tuple[Metric, ...]:
    """The metrics, those of groups in the unit of the limit of all where they have none of their own.

    The one number of a group that has no name is the metric of all, where that is one.
    """
    of_all = {key_of(it.name): it for it in sorted(metrics, key=_is_overall) if not is_group(it.group)}
    if len(of_all) == 1:
        of_all[ONLY_RESULT] = next(iter(of_all.values()))
    return tuple(_beside(it, of_all.get(key_of(it.name))) for it in metrics)


def leaves_limit_of_all(old: Metric, new: Metric | None) -> bool:
    """Whether a group that was held to the limit of all gets one of its own which asks for less, or may."""
    is_held = old.has_overall_limit or old.overall_limit is not None
    if new is None or not is_held or (new.threshold is None and not new.has_unread_limit):
        return False
    return is_loosened(replace(old, threshold=old.overall_limit), new)


def under_another_name(old: Metric, metrics: Sequence[Metric]) -> Metric | None:
    """The number by the name of all of a group that had none, and named no metric."""
    if old.value is not None or old.name != ONLY_RESULT or not is_group(old.group):
        return None
    of_all = {key_of(it.name) for it in metrics if not is_group(it.group)}
    own = (it for it in metrics if it.group.casefold() == old.group.casefold())
    return next((it for it in own if key_of(it.name) in of_all), None)


def _is_overall(metric: Metric) -> bool:
    return metric.group == OVERALL


def _beside(own: Metric, of_all: Metric | None) -> Metric:
    plain = replace(own, has_overall_limit=False, overall_limit=None)
    is_open = own.threshold is None and not own.has_unread_limit
    if of_all is None or of_all.threshold is None or not is_open or not is_group(own.group):
        return plain
    if own.value is None:
        # Nothing is measured against it, and yet a limit of its own below that of all would ask for less.
        return replace(plain, overall_limit=of_all.threshold, unit=of_all.unit)
    held = held_to(plain, of_all)
    if held.value is None:
        return replace(plain, has_overall_limit=True)
    return replace(held, threshold=None, has_overall_limit=True, overall_limit=held.threshold)
