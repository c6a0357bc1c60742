"""What lm-evaluation-harness writes: of each task its metrics over so many samples, of which a share was right."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from policy_gate.facts.result_formats.json_text import count, lines_of, mapping, properties, words
from policy_gate.facts.result_formats.suites import Case, Suite

_SHARES: Final = frozenset({"acc", "acc_norm", "accuracy", "exact_match", "em", "pass@1", "pass_at_1"})
"""metrics that are the share of samples answered right; of several that a task has, the lowest counts"""
_NAME: Final = "lm-evaluation-harness"


def recognises(data: Any) -> bool:
    """By its results by task, beside what it keeps of tasks and samples."""
    report = mapping(data)
    results = report.get("results")
    marks = ("versions", "n-samples", "n-shot", "configs", "lm_eval_version")
    return (
        isinstance(results, Mapping)
        and all(isinstance(it, Mapping) for it in results.values())
        and any(mark in report for mark in marks)
    )


def read(data: Any, text: str) -> list[Suite]:
    """One suite, and in it one for each task; a group of tasks that are listed themselves is counted by these."""
    config = mapping(data.get("config"))
    whole = Suite(_NAME, 1, sampled=True, timestamp=words(data.get("date")))
    whole.model = words(data.get("model_name")) or _model(config)
    whole.seed = words(config.get("random_seed"))
    whole.properties = properties(config.get("metadata"))
    results, took = mapping(data.get("results")), words(data.get("total_evaluation_time_seconds"))
    lines = lines_of(text, "results")
    groups = mapping(data.get("group_subtasks"))
    for position, (task, measured) in enumerate(results.items()):
        below = groups.get(task)
        if isinstance(below, list) and any(isinstance(name, str) and name in results for name in below):
            continue
        line = lines[position] if position < len(lines) else 1
        cases = _cases(task, mapping(measured), mapping(data.get("n-samples")).get(task), line)
        for one in cases:
            one.time, one.number = took, 2 * position + (1 if one.outcome == "passed" else 2)
        whole.inner.append(Suite(task, line, sampled=True, cases=cases))
    return [whole]


def _model(config: Mapping[str, Any]) -> str:
    stated = config.get("model_args")
    pairs = stated if isinstance(stated, Mapping) else dict(_pairs(words(stated)))
    return next((words(pairs[name]) for name in ("pretrained", "model", "path", "engine") if pairs.get(name)), "")


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(name.strip(), value) for name, _, value in (part.partition("=") for part in text.split(","))]


def _cases(task: str, measured: Mapping[str, Any], samples: Any, line: int) -> list[Case]:
    """The samples of one task by their outcome; without a share or a number of samples, what is not known of them."""
    shares = {name: value for name, value in measured.items() if name.partition(",")[0] in _SHARES}
    if not shares:
        names = ", ".join(sorted(name for name in measured if name != "alias")[:4])
        return [Case(task, line, "skipped", f"none of its metrics is a share of right answers ({names})")]
    size = count(mapping(samples).get("effective")) if isinstance(samples, Mapping) else count(samples)
    if not size:
        return [Case(task, line, "unknown", "it does not say how many samples there were (n-samples)")]
    if not all(_is_share(value) for value in shares.values()):
        return [Case(task, line, "unknown", "its share of right answers is no number from 0 to 1")]
    name, least = min(shares.items(), key=lambda item: item[1])
    right = round(least * size)
    said = f"{name} is {least:.4g} of {size} samples"
    found = [Case(task, line, "passed", times=right)] if right else []
    return [*found, Case(task, line, "failed", said, times=size - right)] if right < size else found


def _is_share(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and 0 <= value <= 1
