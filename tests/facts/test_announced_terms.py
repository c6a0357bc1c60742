"""Terms that a vendor announced: read, judged from their day on, and no easier way past an assessment."""

# ruff: noqa: E501 - tables of cases are read one a line

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import pytest
from facts_world import entry, policy, snapshot

from policy_gate.decide.governed_content import content_of
from policy_gate.documents.validation import validated
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import DocumentError
from policy_gate.facts.changes import changes_between
from policy_gate.facts.changes_vendors import with_former_vendors
from policy_gate.facts.facts import facts_of
from policy_gate.facts.held_facts import hold
from policy_gate.schema.dates import end_of_day
from policy_gate.schema.documents import Manifest
from policy_gate.schema.facts import Facts
from policy_gate.schema.rule_targets import TARGETS
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.target_instances import vendors_on
from policy_gate.schema.vendor_document import VENDOR_TERMS, TermName
from policy_gate.vendors.announced import term_in_words

TODAY = date(2026, 11, 29)
PAGE = "https://acme.example/terms"
GOOD: dict[str, Any] = {
    "access_type": "api",
    "soc2_type2_certified": True,
    "penetration_tested": True,
    "data_retention_days": 30,
    "opt_out_of_training": True,
    "sla_uptime_percentage": 99.9,
    "has_fallback_provider": True,
    "has_dpa": True,
    "audit_rights": True,
    "eu_data_residency": True,
    "liability_cap": "EUR 5 million",
    "assessed_on": "2026-05-01",
}


def term(value: Any, day: str = "2027-01-01", field: str = "data_retention_days") -> dict[str, Any]:
    return {"field": field, "value": value, "from": day, "source": PAGE}


def tree(*announced: dict[str, Any], **fields: Any) -> Snapshot:
    """One system with a good vendor that announced this; None takes an answer away."""
    named = {"vendor_name": "Acme", **GOOD, **fields}
    vendor = {"id": "acme", "announced": list(announced), **named}
    vendor = {name: value for name, value in vendor.items() if value is not None}
    return snapshot(entry(vendors=["acme"]), vendors=[vendor])


def facts(side: Snapshot) -> Facts:
    return facts_of(side, policy())[0]


def on(side: Facts, day: str) -> dict[str, Any]:
    (values,) = vendors_on(side, date.fromisoformat(day))
    return {name.removeprefix("vendor."): value for name, value in values.items()}


# Reading

HEAD = """\
schema: policy-gate/manifest/v1
systems: []
vendors:
  - id: acme
    vendor_name: Acme
    announced:
"""


@pytest.mark.parametrize(
    ("lines", "at", "message", "hint"),
    [
        ("{field: data_retention_day, value: 9, from: 2027-01-01, source: x}", "data_retention_day,", 'field is "data_retention_day"', 'did you mean "data_retention_days"?'),
        ("{field: vendor_name, value: Other, from: 2027-01-01, source: x}", "vendor_name", 'field is "vendor_name"', ""),
        ("{field: assessed_on, value: 2027-01-01, from: 2027-01-01, source: x}", "assessed_on", 'field is "assessed_on"', ""),
        ("{field: data_retention_days, value: many, from: 2027-01-01, source: x}", "many", 'value is "many" (a whole number)', ""),
        ("{field: data_retention_days, value: -1, from: 2027-01-01, source: x}", "-1", "value is -1 (at least 0)", ""),
        ("{field: data_retention_days, value: true, from: 2027-01-01, source: x}", "true", "value is true (a whole number)", ""),
        ("{field: has_dpa, value: no, from: 2027-01-01, source: x}", "no,", 'value is "no" (true or false)', "write false"),
        ("{field: access_type, value: apis, from: 2027-01-01, source: x}", "apis", 'value is "apis" (api, self_hosted, fine_tuned or licensed_weights)', 'did you mean "api"?'),
        ("{field: data_classes, value: [none, public], from: 2027-01-01, source: x}", "[none", "value: data_classes says `none` beside others; leave one or the other out", ""),
        ("{field: has_dpa, value: {a: b}, from: 2027-01-01, source: x}", "{a: b}", "value is a mapping", ""),
        ("{field: has_dpa, from: 2027-01-01, source: x}", "{", "value is missing in announced[0]", ""),
        ("{field: has_dpa, value: false, source: x}", "{", "from is missing in announced[0]", ""),
        ("{field: has_dpa, value: false, from: 2027-02-30, source: x}", "2027-02-30", 'from is "2027-02-30" (a real date as YYYY-MM-DD)', ""),
        ("{field: has_dpa, value: false, from: 2027-01-01}", "{", "source is missing in announced[0]", ""),
        ('{field: has_dpa, value: false, from: 2027-01-01, source: " "}', '" "', 'source is " "', ""),
        ("{field: has_dpa, value: false, until: 2027-01-01, from: 2027-01-01, source: x}", "2027-01-01, from", "unknown key until", ""),
        ("{field: has_dpa, value: false, from: 2027-01-01, source: x}\n      - {field: has_dpa, value: true, from: 2027-01-01, source: x}", "", "announced: has_dpa is announced twice from 2027-01-01; leave one out", ""),
    ],
)  # fmt: skip
def test_a_malformed_announcement_is_one_located_problem(lines: str, at: str, message: str, hint: str) -> None:
    raw, marks = read_yaml("governance.yaml", f"{HEAD}      - {lines}\n".encode())
    with pytest.raises(DocumentError) as refused:
        validated(Manifest, "governance.yaml", "0" * 40, raw, marks)
    (problem,) = refused.value.problems
    place = f"7:{9 + lines.index(at)}" if at else "6:5"
    assert str(problem.location) == f"governance.yaml:{place}", problem
    assert problem.message.startswith(message)
    assert hint in problem.hint


@pytest.mark.parametrize(
    ("field", "written", "value"),
    [("sla_uptime_percentage", "99", 99.0), ("liability_cap", "1.50", "1.50"), ("data_retention_days", "0", 0)],
)
def test_a_number_is_taken_as_the_field_takes_it(field: str, written: str, value: Any) -> None:
    line = f"      - {{field: {field}, value: {written}, from: 2027-01-01, source: x}}\n"
    raw, marks = read_yaml("governance.yaml", f"{HEAD}{line}".encode())
    manifest = validated(Manifest, "governance.yaml", "0" * 40, raw, marks).content
    assert repr(manifest.vendors[0].announced[0].value) == repr(value)


def test_what_a_vendor_may_announce_are_its_terms_and_each_has_words() -> None:
    ours = {"vendor_name", "product_name", "data_sent", "use_case"}
    assert set(get_args(TermName)) == VENDOR_TERMS.keys() - ours
    for field in get_args(TermName):
        words = {term_in_words(field, value) for value in _VALUES.get(field, (True, False))}
        assert len(words) == 2, words
    assert term_in_words("data_retention_days", 1) == "data is kept for 1 day"


_VALUES: dict[str, tuple[Any, Any]] = {
    "access_type": ("api", "fine_tuned"),
    "data_classes": (["public"], ["public", "personal"]),
    "data_retention_days": (0, 90),
    "sla_uptime_percentage": (99.0, 99.5),
    "liability_cap": ("EUR 1 million", "EUR 2 million"),
}


def test_an_entry_without_announcements_is_approved_as_it_was() -> None:
    assert content_of(facts(tree()), None, None)["vendors"] == [{"id": "acme", "vendor_name": "Acme", **GOOD}]
    assert "announced" in content_of(facts(tree(term(90))), None, None)["vendors"][0]


# What holds on which day


def test_announced_values_judge_from_their_day_on() -> None:
    side = facts(tree(term(45, "2027-06-01"), term(90), term(False, "2027-03-01", "soc2_type2_certified")))
    days = ("2026-12-31", "2027-01-01", "2027-02-28", "2027-03-01", "2027-05-31", "2027-06-01", "2030-01-01")
    told = [
        (it["data_retention_days"], it["risk_score"], it["open_findings"]) for it in (on(side, day) for day in days)
    ]
    late, both = ["long-retention"], ["no-soc2-type2", "long-retention"]
    assert told == [
        (30, 0, []),
        (90, 2, late),
        (90, 2, late),
        (90, 5, both),
        (90, 5, both),
        (45, 5, both),
        (45, 5, both),
    ]
    assert [on(side, day)["terms_change_on"] for day in days] == [
        *("2027-01-01", "2027-03-01", "2027-03-01", "2027-06-01", "2027-06-01", "", ""),
    ]
    assert [on(side, day)["announced_risk_tier"] for day in days] == [*["medium"] * 5, "", ""]


def test_an_answer_that_lacks_is_there_once_it_is_announced() -> None:
    side = facts(tree(term(True, field="has_dpa"), has_dpa=None))
    assert "has_dpa" not in on(side, "2026-12-31")
    assert on(side, "2026-12-31")["open_findings"] == ["no-dpa"]
    assert on(side, "2027-01-01")["open_findings"] == []
    assert "has_dpa" in on(side, "2027-01-01")["declared"]


def test_what_holds_anyway_is_no_change_of_terms() -> None:
    side = facts(tree(term(30), term(90, "2027-02-01"), term(90, "2027-03-01")))
    assert on(side, "2026-12-31")["terms_change_on"] == "2027-02-01"
    assert on(side, "2027-02-01")["terms_change_on"] == ""


def test_a_finding_says_what_was_announced_and_what_the_vendor_then_comes_to() -> None:
    side = facts(tree(term(90), soc2_type2_certified=False, opt_out_of_training=False))
    said = [
        next(iter(TARGETS["vendor"].instances(side, (), end_of_day(date.fromisoformat(day)))))
        for day in ("2026-12-31", "2027-01-01")
    ]
    assert said[0].told == f"From 2027-01-01: data is kept for 90 days (source {PAGE}); then high, 8 points."
    assert said[0].open_findings == ("no-soc2-type2", "no-training-opt-out")
    assert said[0].due("vendor.terms_change_on != ''") == date(2027, 1, 1)
    assert said[1].open_findings == ("no-soc2-type2", "no-training-opt-out", "long-retention")
    assert (said[1].told, said[1].days) == ("", {})


# Changes of what was announced

WEAKER, CHANGED = "vendor-weakened", "vendor-changed"
FIELD = "acme.data_retention_days"
LATER = {"assessed_on": "2026-11-20"}


def told(base: Snapshot, result: Snapshot, today: date | None = TODAY) -> list[tuple[str, str, Any, Any]]:
    was, now = with_former_vendors(facts_of(base, policy()), facts_of(result, policy())), facts_of(result, policy())
    found = changes_between(was, now, base, result, policy(), today)
    return [(it.kind, it.field, it.before, it.after) for it in found if it.kind.startswith("vendor")]


@pytest.mark.parametrize(
    ("base", "result", "found"),
    [
        # announced worse: told; the same said by the entry, before its day or on it: no weakening
        (tree(), tree(term(90)), [(CHANGED, FIELD, "30 from 2027-01-01", "90 from 2027-01-01")]),
        (tree(term(90)), tree(data_retention_days=90), [(CHANGED, FIELD, 30, 90)]),
        (tree(), tree(term(90), data_retention_days=60), [(CHANGED, FIELD, 30, 60)]),
        (tree(term(90, "2026-11-29")), tree(data_retention_days=90), []),
        (tree(term(90, "2026-11-28")), tree(data_retention_days=90, **LATER), []),
        # taken out, put off, made milder: a weakening, though somebody looked at the vendor before the day
        (tree(term(90)), tree(), [(WEAKER, FIELD, "90 from 2027-01-01", "30 from 2027-01-01")]),
        (tree(term(90)), tree(**LATER), [(WEAKER, FIELD, "90 from 2027-01-01", "30 from 2027-01-01")]),
        (tree(term(90)), tree(term(90, "2027-01-02")), [(WEAKER, FIELD, "90 from 2027-01-01", "30 from 2027-01-01")]),
        (tree(term(90)), tree(term(60)), [(WEAKER, FIELD, "90 from 2027-01-01", "60 from 2027-01-01")]),
        (tree(term(90)), tree(term(90), term(30, "2027-01-02")), [(WEAKER, FIELD, "90 from 2027-01-02", "30 from 2027-01-02")]),
        (tree(term(90)), tree(data_retention_days=60), [(CHANGED, FIELD, 30, 60), (WEAKER, FIELD, "90 from 2027-01-01", "60 from 2027-01-01")]),
        (tree(term(90, "2026-11-29")), tree(), [(WEAKER, FIELD, 90, 30)]),
        (tree(term(90, "2026-11-29")), tree(**LATER), [(WEAKER, FIELD, 90, 30)]),
        # an assessment on the day or after it has seen what became of it
        (tree(term(90, "2026-11-20")), tree(**LATER), []),
        (tree(term(90, "2026-11-21")), tree(**LATER), [(WEAKER, FIELD, 90, 30)]),
        # earlier: told
        (tree(term(90)), tree(term(90, "2026-12-01")), [(CHANGED, FIELD, "30 from 2026-12-01", "90 from 2026-12-01")]),
        # announced better: nobody can have looked at it
        (tree(), tree(term(10)), [(WEAKER, FIELD, "30 from 2027-01-01", "10 from 2027-01-01")]),
        (tree(), tree(term(10), **LATER), [(WEAKER, FIELD, "30 from 2027-01-01", "10 from 2027-01-01")]),
        (tree(), tree(term(10, "2026-11-01")), [(WEAKER, FIELD, 30, 10)]),
        (tree(data_retention_days=None), tree(term(90), data_retention_days=None), [(WEAKER, FIELD, None, "90 from 2027-01-01")]),
        # better as it stands and looked at, and announced to get worse again, though not as bad as it was
        (tree(data_retention_days=90), tree(term(60), **LATER), []),
        (tree(data_retention_days=90), tree(term(20), **LATER), [(WEAKER, FIELD, "90 from 2027-01-01", "20 from 2027-01-01")]),
        # what was agreed to before stays agreed to
        (tree(term(10, "2026-11-01")), tree(term(10, "2026-11-01"), assessed_on="2026-10-01"), []),
        (tree(term(90)), tree(term(90), **LATER), []),
        (tree(term(90)), tree(term(90) | {"source": "their letter"}), []),
        (tree(term(90)), tree(term(90), data_retention_days=20, **LATER), []),
        # rights and sums weaken by themselves, announced or not
        (tree(), tree(term(False, field="audit_rights")), [("vendor-right-lost", "acme.audit_rights", "True from 2027-01-01", "False from 2027-01-01")]),
        (tree(term(False, field="audit_rights")), tree(audit_rights=False), [("vendor-right-lost", "acme.audit_rights", True, False)]),
        (tree(term(False, "2026-11-01", "audit_rights")), tree(audit_rights=False), []),
        (tree(), tree(term("EUR 1 million", field="liability_cap")), [("vendor-liability-lowered", "acme.liability_cap", "EUR 5 million from 2027-01-01", "EUR 1 million from 2027-01-01")]),
        (tree(term("EUR 1 million", field="liability_cap")), tree(), [(WEAKER, "acme.liability_cap", "EUR 1 million from 2027-01-01", "EUR 5 million from 2027-01-01")]),
        # another company under the id is dropped with what it announced
        (tree(term(90)), tree(vendor_name="Other"), [(CHANGED, "acme", None, "acme"), ("vendor-dropped", "acme (Acme)", "acme (Acme)", None)]),
    ],
)  # fmt: skip
def test_what_a_change_of_announcements_comes_to(
    base: Snapshot, result: Snapshot, found: list[tuple[str, str, Any, Any]]
) -> None:
    assert told(base, result) == found


def test_without_a_day_every_announced_one_is_looked_at() -> None:
    past = term(90, "2020-01-01")
    assert told(tree(past), tree(), None) == [(WEAKER, FIELD, "90 from 2020-01-01", "30 from 2020-01-01")]
    assert told(tree(past), tree(past), None) == []


RISKY: dict[str, Any] = {"soc2_type2_certified": False, "opt_out_of_training": False}
"""six points: two more make it high"""


def rises(base: Snapshot, result: Snapshot) -> list[tuple[Any, Any]]:
    return [(before, after) for kind, _, before, after in told(base, result) if kind == "vendor-risk-raised"]


def test_a_risk_that_is_announced_is_one_that_rises_and_rises_once() -> None:
    assert rises(tree(**RISKY), tree(term(90), **RISKY)) == [("medium", "high")]
    assert rises(tree(term(90), **RISKY), tree(term(90), term(False, field="audit_rights"), **RISKY)) == []
    due = term(90, "2026-11-29")
    assert rises(tree(due, **RISKY), tree(data_retention_days=90, **RISKY)) == []
    assert rises(tree(**RISKY), tree(term(20), **RISKY)) == []


def test_a_vendor_that_comes_with_an_announced_risk_raises_it() -> None:
    def using(*vendors: str) -> Snapshot:
        described = {"id": "acme", "vendor_name": "Acme", **GOOD, **RISKY, "announced": [term(90)]}
        return snapshot(entry(vendors=list(vendors)), vendors=[described])

    assert rises(using(), using("acme")) == [(None, "high")]


# What judges a change of them


def held(base: Snapshot, result: Snapshot) -> Facts:
    was, now = facts_of(base, policy()), facts_of(result, policy())
    (found,) = hold(was, now, changes_between(was, now, base, result, policy(), TODAY), policy())
    return found


def retention(side: Facts, *days: str) -> list[Any]:
    return [on(side, day).get("data_retention_days") for day in days]


@pytest.mark.parametrize(
    ("base", "result", "values"),
    [
        (tree(term(90)), tree(), [30, 90, 90]),
        (tree(term(90)), tree(data_retention_days=60), [60, 90, 90]),
        (tree(term(90)), tree(term(90, "2027-06-01")), [30, 90, 90]),
        (tree(term(90)), tree(term(100, "2027-06-01")), [30, 90, 100]),
        (tree(), tree(term(10)), [30, 30, 30]),
        (tree(), tree(term(10), data_retention_days=20), [30, 30, 30]),
        (tree(), tree(term(10), data_retention_days=20, **LATER), [20, 20, 20]),
        (tree(data_retention_days=None), tree(term(90), data_retention_days=None), [None, None, None]),
        (tree(term(90)), tree(data_retention_days=90), [90, 90, 90]),
        (tree(), tree(term(90)), [30, 90, 90]),
    ],
)
def test_each_day_is_judged_by_the_worse_of_both_sides(base: Snapshot, result: Snapshot, values: list[Any]) -> None:
    assert retention(held(base, result), "2026-12-31", "2027-01-01", "2027-06-01") == values


def test_what_is_held_is_assessed_and_told_again() -> None:
    found = held(tree(term(90), **RISKY), tree(**RISKY))
    assert on(found, "2027-01-01")["risk_tier"] == "high"
    assert found.announced["acme"][0].told == f"data is kept for 90 days (source {PAGE}); then high, 8 points"


def test_a_vendor_that_leaves_keeps_what_it_announced() -> None:
    def using(*vendors: str) -> Snapshot:
        described = {"id": "acme", "vendor_name": "Acme", **GOOD, "announced": [term(90)]}
        return snapshot(entry(vendors=list(vendors)), vendors=[described])

    assert retention(held(using("acme"), using()), "2026-12-31", "2027-01-01") == [30, 90]


def test_d58_a_company_that_another_takes_the_id_of_keeps_what_it_announced() -> None:
    was, now = facts_of(tree(term(90)), policy()), facts_of(tree(vendor_name="Other"), policy())
    (former,) = with_former_vendors(was, now)
    (vendor,) = former.vendors
    assert vendor["vendor.id"] != "acme"
    before, after = on(former, "2026-12-31"), on(former, "2027-01-01")
    assert (before["data_retention_days"], after["data_retention_days"]) == (30, 90)
    assert before["id"] == after["id"] == vendor["vendor.id"]
