"""What promptfoo writes with `--output FILE.json`: each prompt of each test, by provider, with its grading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from policy_gate.facts.result_dialects import StatedOutcome
from policy_gate.facts.result_formats.json_text import case, count, ended, lines_of, mapping, objects, properties, words
from policy_gate.facts.result_formats.suites import Case, Suite, all_cases

_KNOWN: Final = """
    id description promptidx testidx testcase promptid provider prompt vars response error failurereason success score
    latencyms gradingresult namedscores cost incurredcost metadata tokenusage evaluationid traceid repeatindex
    """


def recognises(data: Any) -> bool:
    """By its summary: a list of results beside statistics or the version of the form."""
    return _summary(data) is not None


def read(data: Any, text: str) -> list[Suite]:
    """One suite, called like the evaluation, and in it one for each provider, which is the model that was run."""
    summary, config = _summary(data) or {}, mapping(mapping(data).get("config"))
    stats, metadata = mapping(summary.get("stats")), mapping(mapping(data).get("metadata"))
    whole = Suite(words(config.get("description")) or "promptfoo", 1, sampled=True)
    whole.timestamp = words(summary.get("timestamp") or metadata.get("evaluationCreatedAt"))
    whole.properties = properties(config.get("tags"), config.get("metadata"))
    whole.claimed = count(stats.get("failures")) + count(stats.get("errors"))
    found = objects(summary.get("results"))
    lines = lines_of(text, *(("results", "results") if summary is not data else ("results",)))
    is_asserted = bool(mapping(config.get("defaultTest")).get("assert"))
    several = len({words(item.get("promptIdx")) for item in found}) > 1
    by_provider: dict[str, Suite] = {}
    for number, item in enumerate(found, 1):
        line = lines[number - 1] if number <= len(lines) else 1
        suite = by_provider.setdefault(_provider(item), _suite_of(item, line))
        suite.cases.append(_case(item, line, number, several=several, is_asserted=is_asserted))
    whole.inner = list(by_provider.values())
    passed = sum(1 for it in all_cases([whole]) if it.outcome in ("passed", "skipped"))
    if "successes" in stats and count(stats["successes"]) < passed:
        said = f"its totals count {count(stats['successes'])} successes, {passed} are listed"
        whole.own.append(Case(whole.name, 1, "unknown", said))
    return [whole]


def _summary(data: Any) -> Mapping[str, Any] | None:
    for held in (mapping(data).get("results"), data):
        if isinstance(held, Mapping) and isinstance(held.get("results"), list) and ("stats" in held or "table" in held):
            return held
    return None


def _provider(item: Mapping[str, Any]) -> str:
    stated = item.get("provider")
    provider = mapping(stated)
    return words(provider.get("label") or provider.get("id")) or words(stated) or "(provider without a name)"


def _suite_of(item: Mapping[str, Any], line: int) -> Suite:
    stated = item.get("provider")
    return Suite(_provider(item), line, model=words(mapping(stated).get("id") or _plain(stated)), sampled=True)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else None


def _case(item: Mapping[str, Any], line: int, number: int, *, several: bool, is_asserted: bool) -> Case:
    test = mapping(item.get("testCase"))
    own = mapping(test.get("metadata"))
    name = words(test.get("description") or item.get("description"))
    name = name or " ".join(filter(None, (words(own.get("pluginId")), words(own.get("strategyId")))))
    name = f"{name or 'test'} {words(item.get('testIdx'))}" if not words(test.get("description")) else name
    name = f"{name}, prompt {words(item.get('promptIdx'))}" if several else name
    found = case(name, line, number, _KNOWN, item, time=words(item.get("latencyMs")), ids=words(item.get("id")))
    found.properties = properties(own, item.get("metadata"))
    ended(found, _graded(item, is_asserted=is_asserted or bool(test.get("assert"))))
    return found


def _graded(item: Mapping[str, Any], *, is_asserted: bool) -> StatedOutcome:
    """How it ended by `success`, its grading, its error and the reason of its failure, the worst of them."""
    grading, success = mapping(item.get("gradingResult")), item.get("success")
    said = words(item.get("error")) or words(grading.get("reason"))
    reason = item.get("failureReason")  # 1: an assertion failed, 2: something else did, 0 says nothing
    if reason == 2 or (success is True and words(item.get("error"))):
        return StatedOutcome("error", said)
    if success is False or grading.get("pass") is False or reason == 1:
        return StatedOutcome("failed", said)
    if success is not True or reason not in (None, 0) or not isinstance(grading.get("pass", True), bool):
        return StatedOutcome("unknown", f'success="{words(success) or success}"')
    if _is_grader_broken(grading):
        return StatedOutcome("unknown", "its grader failed")
    if not (is_asserted or grading.get("componentResults") or grading.get("assertion")):
        return StatedOutcome("skipped", "nothing is asserted of the answer")
    return StatedOutcome()


def _is_grader_broken(grading: Mapping[str, Any]) -> bool:
    parts = grading.get("componentResults")
    graded = [grading, *(parts if isinstance(parts, list) else [])]
    return any(mapping(mapping(part).get("metadata")).get("graderError") for part in graded)
