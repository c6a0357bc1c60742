"""What pytest-json-report writes: each test with the outcome and duration of its stages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from policy_gate.facts.result_dialects import StatedOutcome, outcome_of_attributes
from policy_gate.facts.result_formats.json_text import case, count, ended, lines_of, mapping, objects, properties, words
from policy_gate.facts.result_formats.suites import Case, Suite

_KNOWN: Final = "nodeid lineno keywords outcome setup call teardown metadata user_properties"
_STAGES: Final = ("setup", "call", "teardown")
_ENDED: Final = {0: "", 1: "", 5: "", 2: "was interrupted", 3: "met an internal error", 4: "was called wrongly"}
_NAME: Final = "pytest"


def recognises(data: Any) -> bool:
    """By what stands beside its summary."""
    report = mapping(data)
    return isinstance(report.get("summary"), Mapping) and "exitcode" in report


def read(data: Any, text: str) -> list[Suite]:
    """One suite with every test; what the session as a whole says against itself is a failure of the suite."""
    summary, environment = mapping(data.get("summary")), mapping(data.get("environment"))
    whole = Suite(_NAME, 1, timestamp=words(data.get("created")), properties=properties(environment))
    whole.claimed = sum(count(summary.get(name)) for name in ("failed", "error", "errors", "xpassed"))
    whole.skips = count(summary.get("skipped")) + count(summary.get("xfailed"))
    whole.total = count(summary.get("total")) or None
    lines = lines_of(text, "tests")
    for number, item in enumerate(objects(data.get("tests")), 1):
        whole.cases.append(_case(item, lines[number - 1] if number <= len(lines) else 1, number))
    whole.own = [*_of_session(data, whole), *_of_collectors(data)]
    return [whole]


def _case(item: Mapping[str, Any], line: int, number: int) -> Case:
    stages = [mapping(item.get(name)) for name in _STAGES]
    found = case(words(item.get("nodeid")), line, number, _KNOWN, item)
    found.home = words(item.get("nodeid")).rpartition("::")[0]
    durations = [stage["duration"] for stage in stages if isinstance(stage.get("duration"), float | int)]
    found.time = words(sum(durations)) if durations else ""
    found.properties = properties(item.get("metadata"), *_pairs(item.get("user_properties")))
    outcome = words(item.get("outcome"))
    for word in (stages[1].get("outcome") if outcome == "rerun" else outcome, *(it.get("outcome") for it in stages)):
        if words(word):
            ended(found, outcome_of_attributes({"outcome": words(word)}))
    if not outcome:
        ended(found, StatedOutcome("unknown", "it has no outcome"))
    crash = next((words(mapping(stage.get("crash")).get("message")) for stage in stages if stage.get("crash")), "")
    if crash and found.outcome in ("failed", "error"):
        found.message = crash
    return found


def _pairs(stated: Any) -> list[Any]:
    return stated if isinstance(stated, list) else []


def _of_session(data: Mapping[str, Any], whole: Suite) -> list[Case]:
    code = data.get("exitcode")
    said = _ENDED.get(code, f"ended with exit code {words(code)}") if isinstance(code, int) else "has no exit code"
    is_told = any(it.outcome in ("failed", "error") for it in whole.cases) or whole.claimed
    if code == 1 and not is_told:
        said = "ended with exit code 1 and lists no failure"
    return [Case(_NAME, 1, "error", f"the run {said}")] if said else []


def _of_collectors(data: Mapping[str, Any]) -> list[Case]:
    """What could not even be collected did not run."""
    bad = (it for it in objects(data.get("collectors")) if words(it.get("outcome")) in ("failed", "error"))
    return [Case(words(it.get("nodeid")) or _NAME, 1, "error", "it could not be collected") for it in bad]
