"""What a finding about a number of a model card says of it: what was read, and its limit."""

from __future__ import annotations

from policy_gate.schema.facts import Metric


def problem_of_metric(metric: Metric) -> str:
    """Why it is not told whether the number meets its limit, and where else it stands; empty where nothing is open."""
    said = metric.problem or metric.evidence_said or _said_of_interval(metric)
    return " ".join(filter(None, (said, metric.also)))


def reading_of_metric(metric: Metric) -> str:
    """The number and its limit where no problem tells of them; empty without a limit."""
    if metric.problem or metric.evidence_said or _said_of_interval(metric):
        return ""
    if metric.has_overall_limit:
        limit = "in another unit" if metric.overall_limit is None else f"{metric.overall_limit:.4g}"
        return f"{metric.value:.4g}, limit of all {limit}."
    if metric.threshold is None:
        return ""
    value = "no number" if metric.value is None else f"{metric.value:.4g}"
    return f"{value}, limit {metric.threshold:.4g}."


def _said_of_interval(metric: Metric) -> str:
    """The number and its interval around the threshold, where it may lie on either side."""
    if metric.verdict != "inconclusive":
        return ""
    size = f", n={metric.size}" if metric.size is not None else ""
    ends = f"between {metric.low:.4g} and {metric.high:.4g}{size}"
    return f"{metric.value:.4g} lies {ends}; its limit is {metric.threshold:.4g}."
