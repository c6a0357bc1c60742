"""The report as OSCAL: accepted by NIST's schema and by compliance-trestle, whole in itself, and never too kind."""

from __future__ import annotations

import json
import re
import subprocess
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace
from oscal_references import broken, references
from parts import PARTS, ROOT, part
from sample_reports import (
    HOSTILE,
    NAMES,
    SAMPLES,
    approval,
    blocked,
    everything,
    finding,
    hostile,
    met,
    red_team_missing,
    report,
    system,
    trust,
)

from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.report.sanitise import relative_uri, token
from policy_gate.schema.finding import Reason
from policy_gate.schema.report import Report
from policy_gate.schema.source import Location, Problem

SCHEMA = ROOT / "tests" / "data" / "oscal-1.2.3-assessment-results.schema.json"
TELL = REPORTERS["oscal"]
Data = dict[str, Any]


def told(said: Report) -> Data:
    document: Data = json.loads(TELL(said, RenderOptions()))
    return document


def result_of(document: Data) -> Data:
    result: Data = document["assessment-results"]["results"][0]
    return result


def values(node: Data, name: str) -> list[str]:
    return [prop["value"] for prop in node["props"] if prop["name"] == name]


def findings_of(document: Data) -> dict[str, Data]:
    """The findings of a document by the objective that each is about."""
    return {item["target"]["target-id"]: item for item in result_of(document).get("findings", [])}


def state_of(document: Data, objective: str) -> tuple[str, str]:
    status = findings_of(document)[objective]["target"]["status"]
    return status["state"], status["reason"]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_reference_leads_to_something_in_the_document(name: str) -> None:
    assert broken(told(SAMPLES[name]())) == []


def test_the_samples_hold_every_kind_of_reference_that_the_format_makes() -> None:
    found = sum((references(told(make())) for make in SAMPLES.values()), start=references({}))
    assert set(found) == {
        "href", "role-id", "party-uuids", "actor-uuid", "subject-uuid", "component-uuid", "control-id", "objective-id",
        "target-id", "observation-uuid", "risk-uuid",
    }  # fmt: skip


def _no_such(document: Data, place: str) -> Data:
    """The thing at a place of the document, written `a/0/b`."""
    node: Any = document["assessment-results"]
    for name in place.split("/"):
        node = node[int(name) if name.isdigit() else name]
    found: Data = node
    return found


STRANGER = "00000000-0000-5000-8000-000000000000"


@pytest.mark.parametrize(
    ("place", "field", "value"),
    [
        ("import-ap", "href", f"#{STRANGER}"),
        ("import-ap", "href", "https://elsewhere.example/plan.json"),
        ("metadata/responsible-parties/0", "role-id", "stranger"),
        ("metadata/responsible-parties/0", "party-uuids", [STRANGER]),
        ("results/0/reviewed-controls/control-selections/0/include-controls/1", "control-id", "gate.stranger"),
        ("results/0/reviewed-controls/control-objective-selections/0/include-objectives/0", "objective-id", "stranger"),
        ("results/0/local-definitions/assessment-assets/assessment-platforms/0/uses-components/0", "component-uuid",
         STRANGER),
        ("results/0/observations/0/origins/0/actors/0", "actor-uuid", STRANGER),
        ("results/0/observations/0/origins/0/actors/0", "type", "party"),
        ("results/0/observations/0/origins/0/actors/0", "type", "robot"),
        ("results/0/observations/0/subjects/0", "subject-uuid", STRANGER),
        ("results/0/observations/3/relevant-evidence/0", "href", f"#{STRANGER}"),
        ("results/0/findings/0/target", "target-id", "stranger"),
        ("results/0/findings/0/related-observations/0", "observation-uuid", STRANGER),
        ("results/0/findings/0/related-risks/0", "risk-uuid", STRANGER),
        ("results/0/findings/0", "implementation-statement-uuid", STRANGER),
        ("results/0/risks/3/remediations/0/tasks/0/responsible-roles/0", "role-id", "stranger"),
    ],
)  # fmt: skip
def test_a_reference_to_nothing_is_noticed(place: str, field: str, value: Any) -> None:
    document = told(blocked())
    assert broken(document) == []
    _no_such(document, place)[field] = value
    assert len(broken(document)) == 1


def test_a_reference_to_the_wrong_kind_of_thing_is_noticed() -> None:
    document = told(blocked())
    found = result_of(document)
    found["findings"][0]["related-risks"][0]["risk-uuid"] = found["observations"][0]["uuid"]
    assert len(broken(document)) == 1


@pytest.mark.parametrize("place", ["results/0/observations", "results/0/risks", "results/0/findings"])
def test_an_id_given_twice_is_noticed(place: str) -> None:
    document = told(blocked())
    two = _no_such(document, place)
    two[1]["uuid"] = two[0]["uuid"]  # type: ignore[index]
    assert any("is given 2 times" in line for line in broken(document))


SPOILT: Mapping[str, Callable[[Data], object]] = {
    "unknown-field": lambda document: result_of(document).update(grade="A"),
    "unknown-state": lambda document: result_of(document)["findings"][0]["target"]["status"].update(state="fine"),
    "no-title": lambda document: result_of(document)["observations"][0].pop("description"),
    "no-uuid": lambda document: result_of(document)["observations"][0].update(uuid="1"),
    "empty-list": lambda document: result_of(document).update(risks=[]),
    "bad-token": lambda document: document["assessment-results"]["metadata"]["roles"][0].update(id="a b"),
}

READ_ALL = """
import json, pathlib, sys
from trestle.oscal.assessment_results import AssessmentResults
for name in sys.argv[1:]:
    try:
        read = AssessmentResults.oscal_read(pathlib.Path(name))
        print(json.dumps([pathlib.Path(name).stem, str(read.uuid), len(read.results[0].observations)]))
    except Exception as error:
        print(json.dumps([pathlib.Path(name).stem, "", 0]))
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every sample, and one of them spoilt in several ways, as files."""
    folder = tmp_path_factory.mktemp("oscal")
    for name, make in SAMPLES.items():
        (folder / f"{name}.json").write_text(TELL(make(), RenderOptions()), "utf-8")
    for name, spoil in SPOILT.items():
        document = told(blocked())
        spoil(document)
        (folder / f"spoilt-{name}.json").write_text(json.dumps(document), "utf-8")
    return folder


def ran(program: Path, *args: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([program, *args], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.mark.real_runner
def test_nists_schema_accepts_every_sample_and_refuses_what_is_spoilt(written: Path) -> None:
    done = ran(
        part("check-jsonschema"), "--schemafile", SCHEMA, "--output-format", "json", *sorted(written.glob("*.json"))
    )
    said = json.loads(done.stdout)
    refused = {Path(error["filename"]).stem for error in said["errors"]}
    assert said["parse_errors"] == []
    assert refused == {f"spoilt-{name}" for name in SPOILT}


@pytest.mark.real_runner
def test_compliance_trestle_reads_every_sample_and_refuses_what_is_spoilt(written: Path) -> None:
    part("trestle")
    done = ran(PARTS / "bin" / "python", "-c", READ_ALL, *sorted(written.glob("*.json")))
    assert done.returncode == 0, done.stderr
    read = {name: (uuid, seen) for name, uuid, seen in map(json.loads, done.stdout.splitlines())}
    for name, make in SAMPLES.items():
        document = told(make())
        assert read[name] == (document["assessment-results"]["uuid"], len(result_of(document)["observations"])), name
    assert {name for name, (uuid, _) in read.items() if not uuid} == {f"spoilt-{name}" for name in SPOILT}


@pytest.mark.real_runner
def test_t21_a_hostile_report_becomes_part_of_a_trestle_workspace(written: Path, tmp_path: Path) -> None:
    trestle, place = part("trestle"), tmp_path / "workspace"
    place.mkdir()
    assert ran(trestle, "init", "--local", cwd=place).returncode == 0
    done = ran(trestle, "import", "-f", written / "hostile.json", "-o", "hostile", cwd=place)
    assert done.returncode == 0, done.stdout + done.stderr
    done = ran(trestle, "validate", "-t", "assessment-results", "-n", "hostile", cwd=place)
    assert done.returncode == 0, done.stdout + done.stderr

    document = told(hostile())
    found = result_of(document)["observations"]
    found[1]["uuid"] = found[0]["uuid"]
    twice = tmp_path / "twice.json"
    twice.write_text(json.dumps(document), "utf-8")
    assert ran(trestle, "import", "-f", twice, "-o", "twice", cwd=place).returncode != 0


def test_the_schema_is_of_assessment_results_alone_and_whole() -> None:
    text = SCHEMA.read_text("utf-8")
    asked = set(re.findall(r'"\$ref": "#/definitions/([^"]+)"', text))
    assert asked == set(json.loads(text)["definitions"])
    assert "oscal-complete-oscal-ar:assessment-results" in asked


STATES = ("met", "gap", "unknown", "waived", "deferred", "upcoming")


def one(state: str, **changes: Any) -> Data:
    waiver = "until 2027-02-01, by Rae Kim: the study is under way" if state == "waived" else None
    said = red_team_missing(**{"state": state, "blocks": state == "gap", "waiver": waiver, **changes})
    return told(report(findings=(said,)))


@pytest.mark.parametrize("state", STATES)
def test_only_what_is_met_is_satisfied(state: str) -> None:
    found = state_of(one(state), "artifact.red-team-report")
    assert (found[0] == "satisfied") == (state == "met")
    assert (found[1] == "pass") == (state == "met")


def test_no_state_of_a_sample_but_met_is_satisfied() -> None:
    """Over all samples, finding by finding, with the finding's own words beside OSCAL's."""
    seen = set()
    for make in SAMPLES.values():
        for item in result_of(told(make()))["findings"]:
            status = item["target"]["status"]
            if "remarks" in status:
                seen.add((status["remarks"], status["state"]))
    assert seen == {(state, "satisfied" if state == "met" else "not-satisfied") for state in STATES}


def test_what_is_not_asked_is_seen_and_not_judged() -> None:
    document = one("not-applicable")
    assert "artifact.red-team-report" not in findings_of(document)
    seen = result_of(document)["observations"][0]
    assert (values(seen, "id"), values(seen, "state")) == (["artifact-red-team-report"], ["not-applicable"])


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("gap", "open"),
        ("unknown", "investigating"),
        ("waived", "deviation-approved"),
        ("deferred", "open"),
        ("upcoming", "open"),
    ],
)
def test_what_is_not_met_is_a_risk_that_the_finding_names(state: str, status: str) -> None:
    document = one(state)
    (risk,) = result_of(document)["risks"]
    assert risk["status"] == status
    named = findings_of(document)["artifact.red-team-report"]["related-risks"]
    assert named == [{"risk-uuid": risk["uuid"]}]


def test_what_is_met_is_no_risk() -> None:
    assert "risks" not in result_of(one("met"))


def test_a_waiver_is_told_with_its_words_and_an_open_gap_has_none() -> None:
    (waived,) = result_of(one("waived"))["risks"]
    (entry,) = waived["risk-log"]["entries"]
    assert entry["status-change"] == "deviation-approved"
    assert entry["description"] == "until 2027-02-01, by Rae Kim: the study is under way"
    assert "risk-log" not in result_of(one("gap"))["risks"][0]


def test_debt_has_its_deadline_and_what_has_no_date_has_none() -> None:
    risks = {risk["title"]: risk for risk in result_of(told(everything()))["risks"]}
    assert risks["Appeal procedure is missing: would block"]["deadline"] == "2027-03-01T23:59:59Z"
    assert "deadline" not in risks["Stakeholder impact assessment is missing"]


def test_duties_are_told_with_the_people_who_hold_them() -> None:
    document = told(report(findings=(red_team_missing(), approval("legal"))))
    people = {party["uuid"]: party["name"] for party in document["assessment-results"]["metadata"]["parties"]}
    duties = [
        (role["props"][0]["value"], role["role-id"], sorted(people[uuid] for uuid in role["party-uuids"]))
        for risk in result_of(document)["risks"]
        for role in risk["remediations"][0]["tasks"][0]["responsible-roles"]
    ]
    assert duties == [
        ("responsible", "ai-safety-lead", ["Rae Kim"]),
        ("accountable", "ciso", ["Ada Example"]),
        ("approver", "legal", sorted(NAMES["legal"])),
    ]


@pytest.mark.parametrize(
    ("verdict", "enforcing", "state"),
    [
        ("pass", True, ("satisfied", "pass")),
        ("conditions", True, ("satisfied", "other")),
        ("block", True, ("not-satisfied", "fail")),
        ("undecided", True, ("not-satisfied", "other")),
        ("pass", False, ("not-satisfied", "other")),
        ("conditions", False, ("not-satisfied", "other")),
        ("block", False, ("not-satisfied", "fail")),
        ("undecided", False, ("not-satisfied", "other")),
    ],
)
def test_the_verdict_is_satisfied_only_where_it_lets_merge_and_enforces(
    verdict: Any, enforcing: bool, state: tuple[str, str]
) -> None:
    document = told(report(verdict=verdict, trust=trust(enforcing=enforcing, notes=("--as-of",))))
    assert state_of(document, "check.verdict") == state
    assert ("This check does not enforce." in result_of(document)["remarks"]) != enforcing
    assert values(result_of(document), "enforcing") == ["yes" if enforcing else "no"]


def test_a_problem_is_not_satisfied_and_advice_about_a_document_is() -> None:
    broken_one = Problem("governance.yaml", 'human_oversight is "partal"', 14, 24)
    for problem, state in (
        (broken_one, ("not-satisfied", "fail")),
        (replace(broken_one, advice=True), ("satisfied", "other")),
    ):
        document = told(report(verdict="block", systems=(), problems=(problem,)))
        assert state_of(document, "document.readable") == state


def test_t29_the_result_names_base_head_result_and_policies() -> None:
    said = report()
    found = result_of(told(said))
    assert values(found, "base-commit") == [said.trust.base.commit]
    assert values(found, "head-commit") == [said.trust.head.commit]
    assert values(found, "result-tree") == [said.trust.result_tree]
    assert values(found, "policies-digest") == [said.trust.policies_digest]
    moved = report(trust=trust(result_tree="1" * 40))
    assert told(moved)["assessment-results"]["uuid"] != told(said)["assessment-results"]["uuid"]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_same_report_gives_the_same_bytes(name: str) -> None:
    assert TELL(SAMPLES[name](), RenderOptions()) == TELL(SAMPLES[name](), RenderOptions(width=30, colour=True))


def test_what_lasts_keeps_its_id_from_check_to_check_and_what_was_seen_does_not() -> None:
    today, later = told(blocked()), told(replace(blocked(), as_of=date(2026, 12, 24)))

    def ids(document: Data, *names: str) -> list[str]:
        node: Any = result_of(document)
        for name in names:
            node = node[name]
        return [item["uuid"] for item in node]

    for lasting in (("risks",), ("local-definitions", "components")):
        assert ids(today, *lasting) == ids(later, *lasting)
    for passing in (("observations",), ("findings",)):
        assert set(ids(today, *passing)).isdisjoint(ids(later, *passing))


def test_two_findings_of_one_fingerprint_stay_two() -> None:
    twin = finding("artifact", "model-card", "Model card is thin")
    document = told(report(findings=(twin, twin)))
    assert broken(document) == []
    assert len(result_of(document)["risks"]) == 2


def test_a_rule_and_a_control_of_one_id_stay_two_controls() -> None:
    reasons = (Reason("rule", "human-oversight", "Rule", None), Reason("control", "human-oversight", "Control", None))
    document = told(report(findings=(red_team_missing(because=reasons),)))
    selected = result_of(document)["reviewed-controls"]["control-selections"][0]["include-controls"]
    assert [it["control-id"] for it in selected] == [
        "check.policy-gate", "rule.human-oversight", "control.human-oversight",
    ]  # fmt: skip


def test_a_report_without_findings_people_or_commits_is_whole() -> None:
    bare = report(verdict="undecided", systems=(), names={}, titles={})
    document = told(bare)
    assert broken(document) == []
    assert "parties" not in document["assessment-results"]["metadata"]


RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
MARKUP = ("title", "description", "statement", "remarks", "prose", "caption")


def texts(node: Any, *names: str) -> list[str]:
    if isinstance(node, dict):
        own = [node[name] for name in names if isinstance(node.get(name), str)]
        return own + [text for part in node.values() for text in texts(part, *names)]
    return [text for part in node for text in texts(part, *names)] if isinstance(node, list) else []


def test_t21_nothing_of_the_repository_is_obeyed_by_a_log_or_rendered_as_markup() -> None:
    said = TELL(hostile(), RenderOptions())
    assert "forged" in said
    assert [char for char in said if unicodedata.category(char)[0] == "C" and char != "\n"] == []
    assert re.search(r"^\s*::|##\w*\[", said, re.MULTILINE) is None
    for text in texts(json.loads(said), *MARKUP):
        assert set(re.findall(r"<(\w+)", RENDERER.render(text))) <= {"p", "ul", "li"}, text
    assert "<script>" in RENDERER.render(HOSTILE[7])


def test_t21_a_hostile_role_or_rule_becomes_a_token_and_two_of_them_stay_two() -> None:
    reasons = tuple(Reason("rule", text, text, None) for text in HOSTILE)
    names = {text: (text,) for text in HOSTILE}
    said = red_team_missing(because=reasons, responsible=HOSTILE)
    document = told(report(findings=(said,), names=names, systems=(system(id=HOSTILE[0]),)))
    assert broken(document) == []
    roles = [role["id"] for role in document["assessment-results"]["metadata"]["roles"]]
    assert len(roles) == len(set(roles)) >= len(HOSTILE)
    assert [it for it in roles if re.fullmatch(r"[A-Za-z_][A-Za-z0-9._-]*", it) is None] == []
    assert token("a b") != token("a_b") == "a_b"


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("governance.yaml", "governance.yaml"),
        ("a b/ü#?.md", "a%20b/%C3%BC%23%3F.md"),
        ("javascript:alert(1)", "javascript%3Aalert%281%29"),
        ("../../etc/passwd", None),
        ("/etc/passwd", None),
        ("//evil.example/x", None),
        ("a/./b", None),
    ],
)
def test_t21_a_path_is_a_link_inside_the_repository_or_none(path: str, link: str | None) -> None:
    said = red_team_missing(location=Location(path, 1, 1))
    resources = told(report(findings=(said,)))["assessment-results"]["back-matter"]["resources"]
    assert resources[1].get("rlinks", []) == ([{"href": link}] if link else [])
    assert relative_uri(path) == link


def test_met_findings_are_there_too() -> None:
    document = told(report(verdict="pass", findings=(met("artifact", "model-card"),)))
    assert state_of(document, "artifact.model-card") == ("satisfied", "pass")
    assert broken(document) == []
