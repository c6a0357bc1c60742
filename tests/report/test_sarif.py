"""SARIF: by OASIS's schema, by Microsoft's validator with GitHub's rules, and read as code scanning reads it."""

from __future__ import annotations

import json
import re
import subprocess
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from msgspec.structs import replace
from parts import node_file
from sample_policies import Words, docs, policy
from sample_reports import (
    HOSTILE,
    NAMES,
    SAMPLES,
    approval,
    blocked,
    deferred,
    everything,
    hostile,
    passed,
    purpose_changed,
    red_team_missing,
    report,
    system,
    trust,
    undecided_fact,
    weakened,
)

from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.report.alerts import LEVELS
from policy_gate.report.formats.sarif import MESSAGE, RESULTS
from policy_gate.report.formats.sarif_rules import DESCRIPTION, HELP
from policy_gate.report.sanitise import relative_uri, sarif
from policy_gate.report.views.explain import explanation_text
from policy_gate.schema.finding import Reason, RequirementId
from policy_gate.schema.report import Report
from policy_gate.schema.source import Location

DATA = Path(__file__).resolve().parent.parent / "data"
SCHEMA = Draft202012Validator(json.loads((DATA / "sarif-2.1.0.json").read_text("utf-8")))
GITHUB = RenderOptions(source_url="https://github.com/example-org/screener/blob/8d41b07")
LINK = re.compile(r"\]\(")
RUN = re.compile(r"runs\[(\d+)\]")
PLACEHOLDER = re.compile(r"\{\d+\}")
LETTING = {
    "SARIF2002",  # messages by id: ours are whole sentences
    "SARIF2003",  # where the forge is not known, no provenance can be given
    "SARIF2005",  # the tool has no public address to point at
    "SARIF2006",  # the schema's address is not to be reached from here
    "SARIF2009",  # rules are called as `policy-gate explain` takes them, not ABC1234
    "SARIF2010",  # code snippets: the places are in the repository that reads this
    "SARIF2011",  # and context around them
    "SARIF2012",  # help addresses: the help itself is in the file
}
"""Advice of the validator that is not taken."""


def log_of(weighed: Report, render: RenderOptions | None = None) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(REPORTERS["sarif"](weighed, render or RenderOptions()))
    return data


def run_of(weighed: Report, render: RenderOptions | None = None) -> dict[str, Any]:
    run: dict[str, Any] = log_of(weighed, render)["runs"][0]
    return run


def results_of(weighed: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run_of(weighed)["results"]
    return found


def lawful(weighed: Report) -> Report:
    return replace(weighed, docs=docs())


@pytest.mark.parametrize("render", [RenderOptions(), GITHUB], ids=["plain", "github"])
@pytest.mark.parametrize("name", SAMPLES)
def test_each_report_is_sarif_by_the_schema(name: str, render: RenderOptions) -> None:
    assert [error.message for error in SCHEMA.iter_errors(log_of(SAMPLES[name](), render))] == []
    assert [error.message for error in SCHEMA.iter_errors(log_of(lawful(SAMPLES[name]()), render))] == []


def test_the_schema_would_notice() -> None:
    broken = log_of(blocked())
    broken["runs"][0]["results"][0]["level"] = "fatal"
    broken["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert len(list(SCHEMA.iter_errors(broken))) == 2


Faults = dict[str, list[tuple[str, str]]]


@pytest.fixture(scope="module")
def validated(tmp_path_factory: pytest.TempPathFactory) -> Faults:
    """What Microsoft's validator says of every sample and of three broken logs: name to (rule, level).

    One start for all, each a run of one log: the validator needs a second for each file.
    """
    tool = node_file("@microsoft/sarif-multitool-linux/Sarif.Multitool")
    folder = tmp_path_factory.mktemp("sarif")
    runs = {name: run_of(lawful(make()), GITHUB) for name, make in SAMPLES.items()}
    runs |= {"no-place": run_of(blocked()), "no-help": run_of(blocked()), "absolute": run_of(blocked())}
    del runs["no-place"]["results"][0]["locations"]
    del runs["no-help"]["tool"]["driver"]["rules"][0]["help"]
    place = runs["absolute"]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    place["uri"] = "file:///etc/passwd"
    log, said = folder / "log.sarif", folder / "said.json"
    log.write_text(json.dumps({**log_of(blocked()), "runs": list(runs.values())}), "utf-8")
    options = ["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note", "--output", str(said)]
    subprocess.run(
        [str(tool), "validate", str(log), *options, "--log", "ForceOverwrite"],
        capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    return _faults(json.loads(said.read_text("utf-8-sig")), list(runs))


def _faults(log: dict[str, Any], names: list[str]) -> Faults:
    """By the run that each names first ('runs[3].results[0]'); of the whole log under an empty name."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for result in log["runs"][0]["results"]:
        number = RUN.match(result["message"]["arguments"][0])
        found[names[int(number[1])] if number else ""].append((result["ruleId"], result.get("level", "warning")))
    assert set(names) < set(found), "the validator says something of each run, so that silence means it was not read"
    return found


@pytest.mark.real_runner
@pytest.mark.parametrize("name", SAMPLES)
def test_github_takes_each_report(name: str, validated: Faults) -> None:
    assert {(rule, level) for rule, level in validated[name] if rule not in LETTING} == set()
    assert {(rule, level) for rule, level in validated[""]} == {("SARIF2006", "note")}


@pytest.mark.real_runner
@pytest.mark.parametrize(("name", "rule"), [("no-place", "GH1015"), ("no-help", "GH2012"), ("absolute", "SARIF1004")])
def test_a_broken_log_beside_them_is_caught(name: str, rule: str, validated: Faults) -> None:
    assert (rule, "error") in validated[name]


def test_five_thousand_results_at_most_and_the_last_counts_the_rest() -> None:
    many = tuple(red_team_missing(id=f"f{number}") for number in range(RESULTS + 3))
    shown = results_of(report(findings=many))
    assert len(shown) == RESULTS == 5000
    assert shown[-1]["message"]["text"].startswith("4 more findings: policy-gate check --format json")
    assert [item["ruleId"] for item in shown[-2:]] == ["artifact:red-team-report", "policy-gate:more"]
    just = results_of(report(findings=many[:RESULTS]))
    assert len(just) == RESULTS
    assert {item["ruleId"] for item in just} == {"artifact:red-team-report"}


def test_the_most_important_results_are_the_ones_with_room() -> None:
    many = tuple(red_team_missing(id=f"f{n}", enforcement="advise", blocks=False) for n in range(RESULTS + 3))
    shown = results_of(report(findings=(*many, red_team_missing(id="last"))))
    assert shown[0]["partialFingerprints"] == {"policyGateFinding/v1": "last"}
    assert shown[0]["level"] == "error"


def test_a_waived_gap_is_no_result_as_code_scanning_would_open_an_alert_for_it() -> None:
    shown = {item["message"]["text"].split("\n")[0]: item["suppressions"] for item in results_of(everything())}
    assert "Stakeholder impact assessment is missing" not in shown
    assert shown["Data lineage documentation is stale: 14 months old"] == []


def test_baseline_state_is_the_blame_and_a_full_check_compares_nothing() -> None:
    states = {item["properties"]["origin"]: item.get("baselineState") for item in results_of(blocked())}
    assert states == {"introduced": "new", "inherited": "unchanged"}
    overdue = report(findings=(red_team_missing(blame="overdue"),))
    assert [item["baselineState"] for item in results_of(overdue)] == ["unchanged"]
    assert all("baselineState" not in item for item in results_of(everything()))
    assert all("baselineState" not in item for item in results_of(SAMPLES["conflict"]()))


@pytest.mark.parametrize("make", [blocked, weakened, purpose_changed, everything])
def test_the_help_of_a_rule_is_what_explain_prints(make: Any) -> None:
    rules = run_of(lawful(make()))["tool"]["driver"]["rules"]
    listed = {f"artifact:{name}" for name in policy().artifacts} | {f"test:{name}" for name in policy().tests}
    listed |= {f"gate:{name}" for name in policy().gates} | {f"rule:{name}" for name in policy().plain_rules}
    known = [rule for rule in rules if rule["id"].partition("/")[0] in listed]
    for rule in known:
        assert rule["help"]["text"] == explanation_text(docs(), rule["id"], RenderOptions()).rstrip("\n")
        assert f"`policy-gate explain {rule['id'].partition('/')[0]}`" in rule["help"]["markdown"]
    assert bool(known) == (make in (blocked, weakened))
    for rule in rules:
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]


def test_a_rule_without_its_policies_says_what_the_finding_knows_of_it() -> None:
    [rule] = run_of(purpose_changed())["tool"]["driver"]["rules"]
    assert rule["id"] == "rule:use-case-change/ai-safety-lead"
    assert rule["shortDescription"]["text"] == "The stated purpose changed."
    assert "somebody must read both, side by side" in rule["help"]["text"]


def test_each_rule_is_listed_once_and_each_result_names_its_own() -> None:
    run = run_of(lawful(hostile()))
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules)) > 3
    assert all(rules[item["ruleIndex"]] == item["ruleId"] for item in run["results"])


def test_a_rule_is_as_loud_as_its_loudest_result() -> None:
    found = (red_team_missing(id="a", enforcement="advise", blocks=False), red_team_missing(id="b"))
    [rule] = run_of(report(findings=found))["tool"]["driver"]["rules"]
    assert rule["defaultConfiguration"]["level"] == "error"
    [rule] = run_of(report(verdict="conditions", findings=found[:1]))["tool"]["driver"]["rules"]
    assert rule["defaultConfiguration"]["level"] == "note"
    assert rule["properties"]["problem.severity"] == "recommendation"


def test_limits_of_github_are_kept_and_cuts_are_shown() -> None:
    wide = Reason("rule", "r" * 900, "x" * 3000, None)
    long = red_team_missing(seen="word " * 3000, title="t" * 3000, because=(wide,))
    run = run_of(report(findings=(replace(long, requirement=RequirementId("approval", long.subject)),)))
    [item], [rule] = run["results"], run["tool"]["driver"]["rules"]
    assert len(item["message"]["text"]) == MESSAGE
    assert item["message"]["text"].endswith("…")
    assert len(rule["name"]) <= 255
    assert len(rule["shortDescription"]["text"]) == DESCRIPTION < 1024
    assert len(rule["help"]["text"]) <= HELP
    assert len(rule["help"]["markdown"]) <= HELP
    assert len(rule["properties"]["tags"]) <= 10


def test_each_place_is_below_the_root_and_can_be_read_back() -> None:
    for path in ("a b/ü.yaml", "100%/x#y?.yaml", "a\udcff.yaml", "c:/d.yaml", "-x"):
        uri = relative_uri(path)
        assert uri is not None
        assert urlsplit(uri)[:2] == ("", "")
        assert unquote(uri, errors="surrogateescape") == path
    for path in ("/etc/passwd", "../up.yaml", "a/../../b", "", "a//b", "//host/x", "a/./b"):
        weighed = report(findings=(red_team_missing(location=Location(path, 3)),))
        place = results_of(weighed)[0]["locations"][0]["physicalLocation"]
        assert relative_uri(path) is None
        assert place["artifactLocation"] == {"uri": "governance.yaml", "uriBaseId": "%SRCROOT%"}


def test_the_answer_is_in_the_invocation() -> None:
    assert run_of(passed())["invocations"] == [
        {"executionSuccessful": True, "exitCode": 0, "toolExecutionNotifications": []}
    ]
    assert run_of(blocked())["invocations"][0]["exitCode"] == 1
    lost = run_of(SAMPLES["conflict"]())["invocations"][0]
    assert (lost["executionSuccessful"], lost["exitCode"]) == (False, 3)
    assert lost["toolExecutionNotifications"][0]["level"] == "error"
    assert run_of(undecided_fact())["invocations"][0]["toolExecutionNotifications"] != []


def test_d30_a_log_that_does_not_enforce_says_so() -> None:
    run = run_of(deferred())
    [said] = run["invocations"][0]["toolExecutionNotifications"]
    assert said["level"] == "warning"
    assert said["message"]["text"].startswith("This answer does not enforce\nnote: --defer approval")
    assert run["properties"]["enforcing"] is False
    assert run_of(blocked())["properties"]["enforcing"] is True


def test_notes_of_an_enforcing_answer_are_kept_as_notes() -> None:
    [said] = run_of(weakened())["invocations"][0]["toolExecutionNotifications"]
    assert (said["level"], said["message"]["text"][:22]) == ("note", "approvals are recorded")


@pytest.mark.parametrize(
    ("render", "repository"),
    [
        ("https://github.com/example-org/screener/blob/8d41b07", "https://github.com/example-org/screener"),
        ("https://gitlab.example/a/b/c/-/blob/8d41b07", "https://gitlab.example/a/b/c"),
        ("https://forge.example/a?x=/blob/1", None),
        ("", None),
    ],
)
def test_t29_the_log_names_repository_and_commit_where_the_forge_is_known(render: str, repository: str | None) -> None:
    known = run_of(blocked(), RenderOptions(source_url=render)).get("versionControlProvenance", [{}])[0]
    assert known.get("repositoryUri") == repository
    assert known.get("revisionId") == (blocked().trust.head.commit if repository else None)
    tree = replace(blocked(), trust=trust(head=replace(trust().head, commit=None)))
    assert "versionControlProvenance" not in run_of(tree, RenderOptions(source_url=render))


def test_a_full_check_is_another_analysis_than_a_change() -> None:
    ids = {make: run_of(make())["automationDetails"]["id"] for make in (blocked, everything)}
    assert ids == {blocked: "policy-gate/change/", everything: "policy-gate/all/"}


def _texts(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [text for value in node.values() for text in _texts(value)]
    if isinstance(node, list):
        return [text for value in node for text in _texts(value)]
    return [node] if isinstance(node, str) else []


def _messages(run: dict[str, Any]) -> list[str]:
    rules = run["tool"]["driver"]["rules"]
    found = [item["message"]["text"] for item in run["results"]]
    found += [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    return found + [rule[part]["text"] for rule in rules for part in ("shortDescription", "fullDescription", "help")]


def test_t21_no_message_has_a_link_a_placeholder_or_an_unseen_character() -> None:
    run = run_of(hostile())
    for text in _messages(run):
        assert LINK.search(text) is None
        assert PLACEHOLDER.search(text) is None
    for text in _texts(run):
        assert [char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs") and char != "\n"] == []
    assert any("forged" in text for text in _messages(run))


@given(st.text(max_size=40) | st.sampled_from([*HOSTILE, "a](b)", "{0}", "[x]({1})", "{{0}}"]))
def test_t21_no_text_becomes_a_link_or_a_placeholder(text: str) -> None:
    said = sarif(text)
    assert LINK.search(said) is None
    assert PLACEHOLDER.search(said) is None
    assert "\n" not in said


def test_a_plain_text_keeps_its_words() -> None:
    for text in ("Red team report [v2] (beta): 100% of {x}", "Hiring Resume Screener"):
        assert sarif(text) == text
    [item] = results_of(report(systems=(system(),), findings=(red_team_missing(),), names=NAMES))
    assert item["message"]["text"].startswith("Red team report is missing\nsystem: SYS-001 Hiring Resume Screener\n")
    assert item["level"] == LEVELS[0]


def test_printing_evaluates_no_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    told = replace(everything(), docs=docs())

    def evaluated(*_: object) -> None:
        raise AssertionError("a condition was evaluated")

    monkeypatch.setattr(Words, "truth", evaluated)
    assert json.loads(REPORTERS["sarif"](told, RenderOptions()))["runs"]


def test_no_two_results_of_one_rule_stand_on_one_line() -> None:
    """Code scanning takes them for one alert: approvals of a gate, of two systems, and beside a change's own."""
    two = replace(system(), id="SYS-002", line=20)
    asked = [approval(role, id=role) for role in ("ciso", "legal", "product-owner")]
    other = [approval(role, id=f"2-{role}", system="SYS-002") for role in ("ciso", "legal")]
    run = run_of(report(systems=(replace(system(), line=3), two), findings=(*asked, *other)))
    places = [_one(item) for item in run["results"] if item["ruleId"].startswith("gate:")]
    assert len(places) == len(set(places)) == 5
    assert {line for *_, line in places} == {3, 20}
    assert len({rule["help"]["text"] for rule in run["tool"]["driver"]["rules"] if "gate:" in rule["id"]}) == 1


def _one(result: dict[str, Any]) -> tuple[str, str, int]:
    place = result["locations"][0]["physicalLocation"]
    return result["ruleId"], place["artifactLocation"]["uri"], place["region"]["startLine"]
