"""A plain list of cases as JSON, for whatever writes none of the other forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from policy_gate.facts.result_dialects import StatedOutcome, failure_inside, outcome_of_attributes
from policy_gate.facts.result_formats.json_text import case, ended, lines_of, mapping, objects, properties, words
from policy_gate.facts.result_formats.suites import Case, Suite

_KNOWN: Final = "name outcome duration time timestamp date message properties id"
_READ_HERE: Final = ("cases", "properties", "summary", "stats", "statistics", "totals", "counts")
"""members of the report in which an outcome is read, or is none of its own"""


def recognises(data: Any) -> bool:
    """By its list of cases, each with a name and an outcome."""
    return isinstance(mapping(data).get("cases"), list)


def read(data: Any, text: str) -> list[Suite]:
    """One suite with every case; `model`, `model_version`, `system`, `date` and `seed` are what it was run on."""
    whole = Suite(words(data.get("suite")) or "plain", 1, sampled=data.get("sampled") is True)
    whole.timestamp = words(data.get("date") or data.get("timestamp"))
    whole.model, whole.seed = words(data.get("model")), words(data.get("seed"))
    own = {"model_version": data.get("model_version"), "policy-gate.system": data.get("system")}
    whole.properties = properties(own, data.get("properties"))
    lines = lines_of(text, "cases")
    for number, item in enumerate(objects(data.get("cases")), 1):
        whole.cases.append(_case(item, lines[number - 1] if number <= len(lines) else 1, number))
    elsewhere = failure_inside({name: value for name, value in data.items() if name not in _READ_HERE})
    if elsewhere:
        whole.own.append(Case(whole.name, 1, "unknown", f"beside `cases` stands {elsewhere}"))
    return [whole]


def _case(item: Mapping[str, Any], line: int, number: int) -> Case:
    time = words(item.get("duration") or item.get("time"))
    found = case(words(item.get("name")), line, number, _KNOWN, item, time=time, ids=words(item.get("id")))
    found.timestamp = words(item.get("timestamp") or item.get("date"))
    found.properties = properties(item.get("properties"))
    outcome = words(item.get("outcome"))
    ended(found, outcome_of_attributes({"outcome": outcome}) if outcome else StatedOutcome("unknown", "no outcome"))
    inside = failure_inside({name: value for name, value in item.items() if isinstance(value, list | Mapping)})
    if inside:
        ended(found, StatedOutcome("unknown", inside))
    if words(item.get("message")) and found.outcome != "passed":
        found.message = words(item["message"])
    return found if words(item.get("name")) else ended(found, StatedOutcome("unknown", "it has no name"))
