"""What SARIF, JUnit, Code Quality and annotations share: which findings, how loud, in whose words; never green."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sample_policies import docs
from sample_reports import (
    SAMPLES,
    approval,
    bad_input,
    blocked,
    everything,
    finding,
    met,
    passed,
    red_team_missing,
    report,
    rules_changed,
    system,
    trust,
    undecided_fact,
)

from policy_gate.errors import UsageError
from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.report.alerts import (
    LEVELS,
    NO_ANSWER,
    UNREADABLE,
    Alert,
    alerts_of,
    anchor_of,
    answer_of,
    caveat_of,
    fitted,
    lines_of,
    rule_of,
    unlike,
)
from policy_gate.report.views.explain import explanation
from policy_gate.schema.finding import Finding, Reason
from policy_gate.schema.report import Report
from policy_gate.schema.source import Location, Problem
from policy_gate.schema.vocabulary import STATES


def sarif_is_red(said: str) -> bool:
    run = json.loads(said)["runs"][0]
    return any(item["level"] == "error" and not item["suppressions"] for item in run["results"])


def junit_is_red(said: str) -> bool:
    root = ElementTree.fromstring(said)
    return any(int(root.attrib[name]) > 0 for name in ("failures", "errors"))


def code_quality_is_red(said: str) -> bool:
    return any(entry["severity"] in ("blocker", "critical") for entry in json.loads(said))


def annotations_are_red(said: str) -> bool:
    return any(line.startswith("::error ") for line in said.splitlines())


RED: dict[str, Callable[[str], bool]] = {
    "sarif": sarif_is_red,
    "junit": junit_is_red,
    "codequality": code_quality_is_red,
    "github": annotations_are_red,
}


def is_red(form: str, weighed: Report) -> bool:
    return RED[form](REPORTERS[form](weighed, RenderOptions()))


NO_REASONS = {
    "blocked without a finding": report(verdict="block"),
    "blocked without a system": report(verdict="block", systems=()),
    "blocked with met things alone": report(verdict="block", findings=(met("artifact", "a"),)),
    "blocked beside advice": report(verdict="block", problems=(Problem("a.yaml", "old spelling", 1, 1, advice=True),)),
    "undecided without a finding": report(verdict="undecided"),
    "undecided with a headline": report(verdict="undecided", systems=(), headline="no base"),
    "undecided with a debt": report(verdict="undecided", findings=(red_team_missing(blame="inherited", blocks=False),)),
    "undecided beside advice": report(verdict="undecided", problems=(Problem("a.yaml", "old", advice=True),)),
    "a finding of an unknown system": report(findings=(red_team_missing(system="SYS-404"),)),
}


@pytest.mark.parametrize("form", RED)
@pytest.mark.parametrize("name", SAMPLES)
def test_each_sample_is_red_exactly_where_its_exit_code_is(form: str, name: str) -> None:
    weighed = SAMPLES[name]()
    assert is_red(form, weighed) == (weighed.exit_code != 0)


@pytest.mark.parametrize("form", RED)
@pytest.mark.parametrize("name", NO_REASONS)
def test_t30_a_no_without_a_reason_is_never_green(form: str, name: str) -> None:
    weighed = NO_REASONS[name]
    assert is_red(form, weighed)
    assert not is_red(form, replace(weighed, verdict="pass", findings=(), headline=""))


FOUND = [
    finding("artifact", "a", "A", state=state, enforcement=enforcement, blame=blame, blocks=blocks, undecided=open_)
    for state, enforcement, blame, (blocks, open_) in product(
        STATES, ("block", "remediate", "advise"), ("introduced", "inherited", "overdue", None),
        ((True, False), (False, True), (False, False)),
    )
    if (state == "gap" or not blocks) and (state == "unknown" or not open_)
]  # fmt: skip
PROBLEMS = [Problem("a.yaml", "wrong"), Problem("b.yaml", "old", 3, 1, "mend it", advice=True)]


def numbered(found: list[Finding]) -> tuple[Finding, ...]:
    owners = ("SYS-001", None, "SYS-404")
    return tuple(replace(one, id=f"f{n}", system=owners[n % 3]) for n, one in enumerate(found))


REPORTS = st.builds(
    report,
    verdict=st.sampled_from(["block", "undecided"]),
    findings=st.lists(st.sampled_from(FOUND), max_size=5).map(numbered),
    problems=st.lists(st.sampled_from(PROBLEMS), max_size=2, unique_by=lambda problem: problem.path).map(tuple),
    headline=st.sampled_from(["", "no base"]),
    systems=st.sampled_from([(), (system(),)]),
    trust=st.sampled_from([trust(), trust(enforcing=False), trust(mode="all"), trust(mode="adoption")]),
)


@given(REPORTS)
def test_no_report_that_says_no_is_green_in_any_format(weighed: Report) -> None:
    assert [form for form in RED if not is_red(form, weighed)] == []
    keys = [alert.key for alert in alerts_of(weighed)]
    assert len(keys) == len(set(keys))


def test_the_most_important_comes_first() -> None:
    weighed = replace(blocked(), problems=(Problem("a.yaml", "old", advice=True),))
    levels = [LEVELS.index(alert.level) for alert in alerts_of(weighed)]
    assert levels == sorted(levels)
    assert {0, 2} <= set(levels)


def test_what_is_met_waived_deferred_or_not_due_alerts_nobody() -> None:
    assert alerts_of(passed()) == ()
    quiet = [state for state in STATES if state not in ("gap", "unknown")]
    held = tuple(met("artifact", f"a-{state}", state=state) for state in quiet)
    assert alerts_of(report(verdict="pass", findings=held)) == ()
    assert len(alerts_of(report(findings=(*held, red_team_missing())))) == 1


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({}, "error"),
        ({"state": "unknown", "blocks": False, "undecided": True}, "error"),
        ({"blocks": False, "enforcement": "remediate"}, "warning"),
        ({"blocks": False, "state": "unknown"}, "warning"),
        ({"blocks": False, "enforcement": "advise"}, "note"),
        ({"blocks": False, "blame": "inherited"}, "note"),
        ({"blocks": False, "blame": "overdue"}, "warning"),
        ({"blocks": True, "blame": "overdue"}, "error"),
    ],
)
def test_an_alert_is_as_loud_as_its_finding_weighs(changes: dict[str, object], level: str) -> None:
    weighed = report(findings=(red_team_missing(**changes),))
    assert [alert.level for alert in alerts_of(weighed) if alert.finding] == [level]


def test_the_rule_of_an_alert_is_what_explain_takes() -> None:
    own = approval("ciso", because=(Reason("control", "bias-testing", "Bias", None), *approval("ciso").because))
    assert rule_of(own) == "gate:pre-deployment-security-review"
    assert rule_of(red_team_missing()) == "artifact:red-team-report"
    assert rule_of(finding("card", "complete", "The card is thin")) == "artifact:model-card"
    assert rule_of(finding("vendor", "anthropic", "No SOC 2", because=())) == "vendor:anthropic"
    for rule in ("gate:pre-deployment-security-review", "artifact:red-team-report", "artifact:model-card"):
        assert len(explanation(docs(), rule)) == 1
    with pytest.raises(UsageError):
        explanation(docs(), "vendor:anthropic")


def test_problems_are_errors_where_the_answer_is_no() -> None:
    assert [(alert.rule, alert.level) for alert in alerts_of(bad_input())] == [(UNREADABLE, "error")] * 2
    assert {alert.level for alert in alerts_of(replace(bad_input(), verdict="conditions"))} == {"warning"}
    advice = Problem("a.yaml", "old", advice=True)
    assert [alert.level for alert in alerts_of(replace(bad_input(), problems=(advice,)))] == ["error", "note"]


def test_the_answer_itself_is_told_only_where_nothing_else_tells_why() -> None:
    for weighed in (blocked(), bad_input(), undecided_fact(), passed(), everything()):
        assert answer_of(weighed) is None
    silent = answer_of(report(verdict="undecided", headline="no base", hint="fetch it", trust=trust(notes=("n",))))
    assert silent is not None
    assert (silent.rule, silent.title, lines_of(silent.rows)) == (NO_ANSWER, "no base", ["note: n", "fix: fetch it"])


def test_d30_an_answer_that_does_not_enforce_says_so_beside_its_findings() -> None:
    loose = caveat_of(report(trust=trust(enforcing=False, notes=("--advisory",))))
    assert loose is not None
    assert lines_of([("", loose.title), *loose.rows]) == ["  This answer does not enforce", "note: --advisory"]
    assert caveat_of(report()) is None


def test_a_key_holds_while_its_line_moves_and_tells_problems_apart() -> None:
    def keys(*problems: Problem) -> list[str]:
        return [alert.key for alert in alerts_of(report(problems=problems))]

    assert keys(Problem("a.yaml", "wrong", 3)) == keys(Problem("a.yaml", "wrong", 30, 7, "mend it"))
    assert len({*keys(Problem("a.yaml", "wrong"), Problem("b.yaml", "wrong"), Problem("a.yaml", "other"))}) == 3
    moved = replace(blocked().findings[3], location=Location("governance.yaml", 99))
    assert [a.key for a in alerts_of(report(findings=(moved,)))] == [blocked().findings[3].id]


def test_two_alerts_never_share_a_key() -> None:
    same = [Alert("r", "k", "error", "a"), Alert("r", "k", "error", "b"), Alert("r", "k-2", "error", "c")]
    made = unlike([*same, same[0]])
    assert [alert.key for alert in made] == ["k", "k-2", "k-2-2", "k-3"]
    assert [alert.title for alert in made] == ["a", "b", "c", "a"]


def test_where_a_format_demands_a_place_it_is_the_manifest() -> None:
    theirs = system(id="SYS-009", manifest="b/governance.yaml")
    weighed = report(systems=(theirs,), findings=(approval("ciso", system="SYS-009"),))
    assert anchor_of(alerts_of(weighed)[0], weighed) == Location("b/governance.yaml", 1)
    elsewhere = rules_changed()
    assert anchor_of(alerts_of(elsewhere)[0], elsewhere) == Location("governance.yaml", 1)
    assert anchor_of(alerts_of(elsewhere)[0], replace(elsewhere, systems=(theirs,))) == Location("b/governance.yaml", 1)
    placed = report(findings=(red_team_missing(location=Location("a.md", 0)),))
    assert anchor_of(alerts_of(placed)[0], placed) == Location("a.md", 1)


def test_a_text_that_is_cut_says_so() -> None:
    assert fitted("abcdef", 6) == "abcdef"
    assert fitted("abcdefg", 6) == "abcde…"
