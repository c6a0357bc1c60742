"""What a finding about a number of a model card says of it: which number, what was read, and its limit."""

from __future__ import annotations

from policy_gate.schema.facts import Metric


def said_of_metric(metric: Metric) -> str:
    """Which number a finding is about, and what was read of it and its limit."""
    said = metric.problem or metric.evidence_said or _said_of_interval(metric) or _said_of_limit(metric)
    named = f"{metric.name}[{metric.group}]: {said}" if said else ""
    return " ".join(filter(None, (named, metric.also)))


def _said_of_limit(metric: Metric) -> str:
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
