"""D09, D19, D52, D54, D59, principle 11: whether a document or a result is there and counts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from d24_facts import Facts
from tables import Policies, Want, later

MET = ("met", "")
WORSE = {cause: n for n, causes in enumerate((
    ("",), ("stale",), ("undated",), ("draft",), ("thin",), ("template", "empty", "hidden"),
    ("absent", "no document", "refused", "not-run", "failed", "unknown", "not-approved", "false"),
)) for cause in causes}  # fmt: skip
"""D21: causes from better to worse."""


def paper(want: Want, facts: Facts, policies: Policies) -> tuple[str, str]:
    """State and cause of an artifact; a stricter one that stands in for it does as well."""
    said = policies.artifacts[want.subject]
    found = [_paper(want, id_, facts, policies) for id_ in (want.subject, *said.get("satisfied_by", ()))]
    return min(found, key=lambda it: WORSE[it[1]]) if ("met", "") in found else found[0]


def _paper(want: Want, id_: str, facts: Facts, policies: Policies) -> tuple[str, str]:
    said = policies.artifacts[id_]
    if said.get("is_model_card"):
        return card(facts, policies)
    item = facts.entry.get("artifacts", {}).get(id_)
    text = facts.tree["texts"].get(item["path"]) if item else None
    if item is None or text is None or text[2] != "good":
        return "gap", text[2] if text else "absent"
    if want.said.get("status") == "final" and item.get("status") != "final":
        return "gap", "draft"
    return dated(item.get("completed"), want.said.get("max_age", said.get("max_age")), facts)


def dated(completed: str | None, max_age: Any, facts: Facts) -> tuple[str, str]:
    """D09, D52: in date, where there is a longest age; a day that has come nowhere on earth is no date."""
    if completed and date.fromisoformat(completed) > facts.today + timedelta(days=1):
        return "gap", "refused"
    period = max_age.get(facts.tier) if isinstance(max_age, dict) else max_age
    if not period or not completed:
        return ("gap", "undated") if period else MET
    return ("gap", "stale") if later(date.fromisoformat(completed), period) < facts.today else MET


def card(facts: Facts, policies: Policies) -> tuple[str, str]:
    """The model card counts where it states each field that the tier asks for."""
    text = facts.tree["texts"].get(facts.entry.get("model_card", ""))
    if text is None or text[0] != "card":
        return "gap", "absent"
    lacking = [name for name in text[1] if facts.tier in policies.card_fields[name]]
    return ("gap", "thin") if lacking else MET


def result(want: Want, facts: Facts, policies: Policies) -> tuple[str, str]:
    """A test counts by its outcome and its day; what is only too old is better than none (D21)."""
    item = facts.entry.get("tests", {}).get(want.subject)
    text = facts.tree["texts"].get(item["report"]) if item else None
    if text is None or text[0] != "run":
        return "gap", "not-run"
    if text[1] != "pass":
        return "gap", "failed" if text[1] == "fail" else "not-run"
    max_age = want.said.get("max_age", policies.tests[want.subject].get("max_age"))
    return dated(item.get("completed", text[3]), max_age, facts)


def is_hardly_another(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """D52: less than a tenth of the words is new; of a document here, a line that was added or taken out."""
    return one[:4] == other[:4]
