"""What deepeval writes of a test run: each test case with its metrics, their scores and whether they were reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from policy_gate.facts.result_dialects import StatedOutcome
from policy_gate.facts.result_formats.json_text import case, count, ended, lines_of, mapping, objects, properties, words
from policy_gate.facts.result_formats.suites import Case, Suite

_LISTS: Final = ("testCases", "test_cases", "conversationalTestCases", "testResults", "test_results")
_METRICS: Final = ("metricsData", "metrics_data", "metricsMetadata", "metrics_metadata")
_KNOWN: Final = """
    name input actualoutput actual_output expectedoutput expected_output context retrievalcontext retrieval_context
    toolscalled tools_called expectedtools expected_tools tokencost token_cost completiontime completion_time success
    metricsdata metrics_data metricsmetadata metrics_metadata runduration run_duration evaluationcost evaluation_cost
    order metadata additional_metadata additionalmetadata comments trace tracestack turns scenario expectedoutcome
    expected_outcome userdescription user_description conversational multimodal id flaky expectations imagesmapping
    inputtokencount outputtokencount
    """
_MODEL: Final = ("model", "model name", "model_name", "llm")


def recognises(data: Any) -> bool:
    """By a list of test cases with metrics or the success of each."""
    return any(_looks_like_one(item) for name in _LISTS for item in _listed(data, name)) or (
        any(isinstance(mapping(data).get(name), list) for name in _LISTS)
        and not any(_listed(data, name) for name in _LISTS)
    )


def read(data: Any, text: str) -> list[Suite]:
    """One suite, called like the test file or the identifier of the run."""
    settings = {name.casefold(): value for name, value in mapping(data.get("hyperparameters")).items()}
    name = words(data.get("identifier")) or words(data.get("testFile") or data.get("test_file")) or "deepeval"
    whole = Suite(name, 1, sampled=True, properties=properties(settings, data.get("metadata")))
    whole.timestamp = words(next((data[key] for key in ("createdAt", "created_at", "timestamp") if data.get(key)), ""))
    whole.model = words(next((settings[key] for key in _MODEL if settings.get(key)), ""))
    whole.seed = words(settings.get("seed"))
    whole.claimed = count(data.get("testFailed", data.get("test_failed")))
    passed = data.get("testPassed", data.get("test_passed"))
    whole.passes = count(passed) if passed is not None else None
    run = words(data.get("testRunId") or data.get("runId") or data.get("id"))
    for key in _LISTS:
        lines, found = lines_of(text, key), objects(data.get(key))
        for position, item in enumerate(found):
            line = lines[position] if position < len(lines) else 1
            whole.cases.append(_case(item, line, len(whole.cases) + 1, run))
    return [whole]


def _listed(data: Any, name: str) -> list[Any]:
    found = mapping(data).get(name)
    return found if isinstance(found, list) else []


def _looks_like_one(item: Any) -> bool:
    return isinstance(item, Mapping) and ("success" in item or any(name in item for name in _METRICS))


def _case(item: Mapping[str, Any], line: int, number: int, run: str) -> Case:
    name = words(item.get("name")) or f"test case {words(item.get('order')) or number}"
    time = words(item.get("runDuration", item.get("run_duration")))
    found = case(name, line, number, _KNOWN, item, time=time, ids=run)
    found.properties = properties(*(item.get(key) for key in ("metadata", "additionalMetadata", "additional_metadata")))
    metrics = [metric for key in _METRICS for metric in objects(item.get(key))]
    for metric in metrics:
        if metric.get("flaky") is not True:
            ended(found, _measured(metric))
    success = item.get("success")
    if success is False and found.outcome != "error":
        ended(found, StatedOutcome("failed", found.message or "it did not succeed"))
    elif not metrics or (success is None and not any("success" in metric for metric in metrics)):
        ended(found, StatedOutcome("skipped", "no metric was measured"))
    elif success not in (True, None):
        ended(found, StatedOutcome("unknown", f'success="{words(success)}"'))
    return found


def _measured(metric: Mapping[str, Any]) -> StatedOutcome:
    name = words(metric.get("name") or metric.get("metric")) or "metric"
    score, limit = words(metric.get("score")), words(metric.get("threshold", metric.get("minimumScore")))
    if words(metric.get("error")):
        return StatedOutcome("error", f"{name}: {words(metric['error'])}")
    if metric.get("success") is False:
        return StatedOutcome("failed", f"{name}: {score or 'no score'}, threshold {limit or 'not told'}")
    if metric.get("success") is True and not score:
        return StatedOutcome("unknown", f"{name}: it succeeded without a score")
    return StatedOutcome()
