"""What garak writes: the report of a scan (.report.jsonl), or its hits alone (.hitlog.jsonl)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from msgspec import Struct, field

from policy_gate.facts.result_formats.json_text import JsonLines, count, mapping, words
from policy_gate.facts.result_formats.suites import Case, ResultRefusedError, Suite

_SETUP: Final = "start_run setup"
_DONE: Final = 2
"""`status` of an attempt that was answered and judged"""
_THRESHOLD: Final = 0.5
"""from which score on an answer is a hit, where the report does not say"""
_MOST_IDS: Final = 500


class _Probed(Struct):
    """The attempts of one probe: what they are called, and how many answers each detector took for hits."""

    ids: list[str] = field(default_factory=list)
    hits: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    scored: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """how many answers each detector looked at"""


def recognises(data: Any) -> bool:
    """By the kind that each of its lines has, or by the probe, detector and score of each hit."""
    lines = _records(data)
    is_report = any(isinstance(it.get("entry_type"), str) for it in lines)
    return is_report or (bool(lines) and all(_is_hit(it) for it in lines))


def read(data: Any, text: str) -> list[Suite]:
    """One suite of the scan, and in it one for each probe, with what each detector made of the answers."""
    lines, places = _records(data), data.lines if isinstance(data, JsonLines) else [1]
    if not any("entry_type" in it for it in lines):
        return [_hits(lines, places)]
    setup = next((it for it in lines if it.get("entry_type") == _SETUP), {})
    begun = next((it for it in lines if it.get("entry_type") == "init"), {})
    whole = Suite("garak", 1, sampled=True, seed=words(setup.get("run.seed")))
    whole.model = words(setup.get("plugins.target_name") or setup.get("plugins.model_name"))
    whole.timestamp = words(begun.get("start_time") or setup.get("transient.starttime_iso"))
    probed = _probed(lines, setup.get("run.eval_threshold"))
    by_probe: dict[str, Suite] = {}
    for position, it in enumerate(lines):
        if it.get("entry_type") == "eval":
            probe = words(it.get("probe")) or "(probe without a name)"
            suite = by_probe.setdefault(probe, Suite(probe, places[position], sampled=True))
            suite.cases += _evaluated(it, places[position], probed.get(probe, _Probed()), words(begun.get("run")))
    whole.inner = list(by_probe.values())
    missing = [name for name in probed if name not in by_probe]
    whole.own += [Case(name, 1, "unknown", "its attempts were never evaluated") for name in missing]
    for number, one in enumerate((one for suite in whole.inner for one in suite.cases), 1):
        one.number = number
    return [whole]


def _records(data: Any) -> list[Mapping[str, Any]]:
    lines = data if isinstance(data, JsonLines) else [data]
    return [it for it in lines if isinstance(it, Mapping)] if all(isinstance(it, Mapping) for it in lines) else []


def _is_hit(line: Mapping[str, Any]) -> bool:
    return all(name in line for name in ("probe", "detector", "score", "prompt"))


def _probed(lines: Iterable[Mapping[str, Any]], stated: Any) -> dict[str, _Probed]:
    limit = stated if isinstance(stated, int | float) and not isinstance(stated, bool) else _THRESHOLD
    found: dict[str, _Probed] = {}
    for it in lines:
        if it.get("entry_type") != "attempt" or it.get("status") != _DONE:
            continue
        probed = found.setdefault(words(it.get("probe_classname")), _Probed())
        if len(probed.ids) < _MOST_IDS and words(it.get("uuid")):
            probed.ids.append(words(it["uuid"]))
        for detector, scores in mapping(it.get("detector_results")).items():
            numbers = [score for score in scores if isinstance(score, int | float)] if isinstance(scores, list) else []
            probed.hits[_plain(detector)] += sum(1 for score in numbers if score >= limit)
            probed.scored[_plain(detector)] += len(scores) if isinstance(scores, list) else 0
    return found


def _plain(detector: str) -> str:
    return (
        detector.removeprefix("detector").lstrip("./") if detector.startswith(("detector.", "detector/")) else detector
    )


def _evaluated(it: Mapping[str, Any], line: int, probed: _Probed, run: str) -> list[Case]:
    """What one detector made of the answers to one probe; where the attempts show more hits, these count."""
    detector = _plain(words(it.get("detector")))
    name, ids = f"{words(it.get('probe'))} {detector}".strip(), " ".join(filter(None, (run, *probed.ids)))
    total = it.get("total_evaluated", it.get("total"))
    passed, none = it.get("passed"), count(it.get("nones"))
    if not _is_count(total) or not _is_count(passed) or passed > total:
        return [Case(name, line, "unknown", "its counts are no numbers of answers", ids=ids)]
    scored = probed.scored.get(detector, 0)
    if scored and total > scored:
        said = f"it counts {total} answers, {scored} are listed"
        return [Case(name, line, "unknown", said, ids=ids)]
    hits = max(total - passed, count(it.get("fails")), min(probed.hits.get(detector, 0), total))
    found = [Case(name, line, "passed", times=total - hits, ids=ids)] if total > hits else []
    if hits:
        found.append(Case(name, line, "failed", f"{hits} of {total} answers were hits", times=hits, ids=ids))
    if none or not total:
        found.append(Case(name, line, "skipped", "answers that could not be judged", times=max(none, 1), ids=ids))
    return found


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9


def _hits(lines: list[Mapping[str, Any]], places: list[int]) -> Suite:
    """A log of hits: it names what failed, and nothing that passed."""
    if len(lines) != len(places):
        raise ResultRefusedError("the report lists something among its hits that is none")
    whole = Suite("garak", 1, sampled=True)
    whole.model = words(lines[0].get("generator")).rpartition(" ")[2]
    for number, (it, line) in enumerate(zip(lines, places, strict=True), 1):
        name = f"{words(it.get('probe'))} {_plain(words(it.get('detector')))}"
        said = f"a hit with a score of {words(it.get('score'))}"
        ids = " ".join(filter(None, (words(it.get("run_id")), words(it.get("attempt_id")))))
        whole.cases.append(Case(name, line, "failed", said, number=number, ids=ids))
    return whole
