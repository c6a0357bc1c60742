"""Test reports by what wrote them: one reader a file, each from text to suites; loaded when there is such a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final

from policy_gate.facts.result_dialects import (
    COUNTED_AS_ERRORS,
    COUNTED_AS_FAILED,
    COUNTED_AS_PASSED,
    COUNTED_AS_SKIPPED,
    outcome_of_run,
)
from policy_gate.facts.result_formats.suites import MAX_CHARACTERS, Case, ResultRefusedError, Suite, all_cases

_JSON_FORMATS: Final = ("promptfoo", "garak", "deepeval", "lm_eval", "pytest_json", "plain")
"""modules of this folder, the surer signs first; each has `recognises` and `read`, for data and its text"""
KNOWN: Final = "promptfoo, garak, deepeval, lm-evaluation-harness, pytest-json-report or a plain list of cases"

_SUMMARIES: Final = ("summary", "stats", "statistics", "totals", "counts")
"""members of a report in which its totals stand, beside those of the report itself"""
_TOTALS: Final = ("tests", "total", "count")
_LIST_ALL: Final = ("plain", "pytest-json")
"""whose totals count nothing but the cases that they list"""

_Reader = Callable[[Any, str], list[Suite]]


def parse(text: str) -> list[Suite]:
    """The outermost suites of a report, JUnit XML or JSON; raises ResultRefusedError with the reason in words."""
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return _parse_json(text)
    from policy_gate.facts.result_formats.junit_xml import parse as parse_junit  # noqa: PLC0415

    return parse_junit(text)


def _parse_json(text: str) -> list[Suite]:
    from policy_gate.facts.result_formats.json_text import read_json  # noqa: PLC0415

    if len(text) > MAX_CHARACTERS:
        raise ResultRefusedError(
            f"the report is too large (got {len(text)} characters, expected at most {MAX_CHARACTERS})"
        )
    data = read_json(text)
    for name in _JSON_FORMATS:
        module = import_module(f"policy_gate.facts.result_formats.{name}")
        if module.recognises(data):
            read: _Reader = module.read
            suites = read(data, text)
            for suite in suites:
                suite.tool = name.replace("_", "-")
            if isinstance(data, Mapping):
                _note_trouble(data, suites[0])
            return suites
    seen = f"an object with {_named(data)}" if isinstance(data, Mapping) else "a list"
    raise ResultRefusedError(f"the report is no test result that is known (got {seen}, expected {KNOWN})")


def _note_trouble(data: Mapping[str, Any], whole: Suite) -> None:
    """A run that says of itself that it failed, or counts more failures, is no pass, whatever its tests say."""
    for said in (data, *(data[name] for name in data if name.casefold() in _SUMMARIES)):
        if isinstance(said, Mapping):
            _note_totals(said, whole)
            stated = outcome_of_run(said, sampled=whole.sampled)
            if stated.outcome != "passed":
                whole.own.append(Case(whole.name, 1, stated.outcome, stated.said))
    listed = sum(case.times for case in all_cases([whole]))
    if whole.tool in _LIST_ALL and (whole.total or 0) > listed:
        told = f"its totals count {whole.total} tests, {listed} are listed"
        whole.own.append(Case(whole.name, 1, "unknown", told))


def _note_totals(said: Mapping[str, Any], whole: Suite) -> None:
    """Take what an object counts where that is worse than what is known of the whole run."""
    from policy_gate.facts.result_formats.json_text import count  # noqa: PLC0415

    counted = {name.casefold(): count(value) for name, value in said.items() if _is_number(value)}
    own_up = (max(counted.get(name, 0) for name in names) for names in (COUNTED_AS_FAILED, COUNTED_AS_ERRORS))
    whole.claimed = max(whole.claimed, sum(own_up))
    whole.skips = max(whole.skips, *(counted.get(name, 0) for name in COUNTED_AS_SKIPPED))
    whole.total = max(whole.total or 0, *(counted.get(name, 0) for name in _TOTALS)) or None
    passes = [counted[name] for name in COUNTED_AS_PASSED if name in counted]
    whole.passes = min([*passes, *([] if whole.passes is None else [whole.passes])], default=None)


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _named(data: Mapping[str, Any]) -> str:
    return ", ".join(str(name)[:40] for name in list(data)[:6]) or "nothing in it"
