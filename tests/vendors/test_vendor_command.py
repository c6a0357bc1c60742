"""`vendor assess`, `questionnaire` and `import` through the command line, on real repositories."""

# ruff: noqa: E501 - tables of cases are read one a line

from __future__ import annotations

from typing import Any

import pytest
from scratch import Result, Scratch
from world import days_ago, low_system

from policy_gate.documents.yaml_reader import read_yaml

MANIFEST = """\
schema: policy-gate/manifest/v1
systems:
  - id: SYS-001
    name: Helper
    owner_team: Support
    stage: development
    paths: []
    vendors: [acme]   # ours
    facts: {processes_personal_data: true}
    risk_profile: {}
# suppliers
vendors:
  - id: acme   # the API
    vendor_name: Acme  # their name
    access_type: api
    has_dpa: true   # signed in May
    assessed_on: 2026-05-01
  - {id: flow, vendor_name: Flow}
"""
FORM = "schema: policy-gate/vendor-answers/v1\nvendor: acme\nanswers:\n"


def governed(scratch: Scratch, manifest: str = MANIFEST) -> None:
    scratch.commit("Govern", files={"governance.yaml": manifest})


def imported(scratch: Scratch, name: str, text: str | bytes, *more: str) -> Result:
    scratch.write({name: text})
    return scratch.run("vendor", "import", name, *more)


def by_id(found: Result) -> dict[str, Any]:
    return {one["id"]: one for one in found.report["vendors"]}


def test_assess_as_json_has_the_promised_keys(scratch: Scratch) -> None:
    governed(scratch)
    found = scratch.run("vendor", "assess", "--as-of", "2026-11-22", "--format", "json")
    assert found.code == 0
    vendors = by_id(found)
    assert list(vendors) == ["acme", "flow"]
    acme = vendors["acme"]
    keys = {"id", "risk_score", "risk_tier", "recommendation", "use_approved", "findings", "next_review"}
    assert keys <= acme.keys()
    assert all({"id", "issue", "severity"} <= item.keys() for item in acme["findings"])
    assert (acme["risk_score"], acme["score_range"], acme["risk_tier"]) == (14, [0, 14], "high")
    assert (acme["use_approved"], acme["next_review"], acme["review"]) == (False, "2027-05-01", "due")
    assert acme["systems"] == ["SYS-001"]
    assert {"soc2_type2_certified", "data_retention_days"} <= {it["fields"][0] for it in acme["questions"]}
    flow = vendors["flow"]
    assert (flow["risk_score"], flow["next_review"], flow["review"], flow["systems"]) == (17, "2026-11-22", "never", [])


def test_assess_of_one_tells_what_is_wrong_and_what_to_do(scratch: Scratch) -> None:
    governed(scratch, MANIFEST.replace("has_dpa: true", "has_dpa: false"))
    said = scratch.run("vendor", "assess", "acme", "--as-of", "2027-06-01")
    assert said.code == 0
    words = " ".join(said.out.split())
    assert "critical 3 No Data Processing Agreement fix Sign one" in words
    assert "not approved" in words
    assert "overdue by 31 days" in words
    assert "Flow" not in words


def test_what_the_systems_say_of_personal_data_decides_where_the_vendor_says_nothing(scratch: Scratch) -> None:
    manifest = MANIFEST.replace("has_dpa: true", "has_dpa: false")
    governed(scratch, manifest.replace("processes_personal_data: true", "processes_personal_data: false"))
    assert "no-dpa" not in {
        it["id"] for it in by_id(scratch.run("vendor", "assess", "--format", "json"))["acme"]["findings"]
    }
    governed(scratch, manifest.replace("facts: {processes_personal_data: true}", "facts: {}"))
    found = by_id(scratch.run("vendor", "assess", "--format", "json"))["acme"]["findings"]
    assert [(it["severity"], it["applies"]) for it in found if it["id"] == "no-dpa"] == [("critical", "unknown")]


def test_an_organisations_own_finding_counts(scratch: Scratch) -> None:
    governed(scratch)
    own = (
        "schema: policy-gate/policy/v1\nvendor_findings:\n  - {id: no-bounty, title: T, why: W, when: 'true', "
        "that: vendor.bug_bounty_program, severity: critical, points: 4, issue: No bounty, asks: 'Any?', fix: Ask.}\n"
    )
    scratch.commit("Own", files={"policies/own.yaml": own})
    found = by_id(scratch.run("vendor", "assess", "--format", "json"))["acme"]
    assert (found["findings"][0]["id"], found["risk_score"]) == ("no-bounty", 18)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("assess", "acm"), 2, 'did you mean "acme"?'),
        (("questionnaire", "acm"), 2, 'did you mean "acme"?'),
        (("import", "nothing.csv"), 2, "cannot read nothing.csv"),
        (("assess", "--as-of", "tomorrow"), 2, "is no date"),
    ],
)
def test_what_is_not_there_is_told(scratch: Scratch, words: tuple[str, ...], code: int, said: str) -> None:
    governed(scratch)
    done = scratch.run("vendor", *words)
    assert (done.code, said in done.err) == (code, True), done


def test_a_manifest_that_cannot_be_read_is_no_manifest_without_vendors(scratch: Scratch) -> None:
    governed(scratch, MANIFEST + "  - {id: flow2}\n")
    done = scratch.run("vendor", "assess")
    assert done.code == 1
    assert "vendor_name is missing" in done.err


def test_a_repository_without_vendors_has_none_to_assess(scratch: Scratch) -> None:
    scratch.adopt(low_system())
    done = scratch.run("vendor", "assess")
    assert (done.code, "no vendor is described" in done.out) == (0, True)
    assert scratch.run("vendor", "assess", "--format", "json").report["vendors"] == []


def test_the_form_is_taken_back_and_nothing_else_changes(scratch: Scratch) -> None:
    governed(scratch)
    form = scratch.run("vendor", "questionnaire", "acme").out
    asked, _ = read_yaml("form", form.encode())
    assert all(value is None for value in asked["answers"].values())
    assert {"soc2_type2_certified", "audit_rights", "liability_cap", "data_classes"} <= asked["answers"].keys()
    assert "has_dpa" not in asked["answers"]
    filled = form.replace("soc2_type2_certified:", "soc2_type2_certified: true")
    filled = filled.replace("liability_cap:", 'liability_cap: "EUR 5,000,000: a year"')
    filled = filled.replace("  data_classes:", "  data_classes: [confidential, personal]")
    filled = filled.replace("sla_uptime_percentage:", "sla_uptime_percentage: 99.95")
    filled = filled.replace("  assessed_on:", "  assessed_on: 2026-11-01")
    done = imported(scratch, "answers.yaml", filled)
    assert done.code == 0, done
    before, after = MANIFEST.splitlines(), scratch.read("governance.yaml").splitlines()
    assert [line for line in before if line not in after] == ["    assessed_on: 2026-05-01"]
    assert sorted(set(after) - set(before)) == [
        "    assessed_on: 2026-11-01",
        "    data_classes: [confidential, personal]",
        '    liability_cap: "EUR 5,000,000: a year"',
        "    sla_uptime_percentage: 99.95",
        "    soc2_type2_certified: true",
    ]
    assert imported(scratch, "answers.yaml", filled).out == "acme: nothing new\n"


def test_markdown_names_each_field(scratch: Scratch) -> None:
    governed(scratch)
    page = scratch.run("vendor", "questionnaire", "flow", "--format", "markdown").out
    assert page.startswith("# Questions to Flow\n")
    assert "| Is a data processing agreement signed between us? (critical) | | true or false | `has_dpa` |" in page


def test_what_only_we_can_answer_is_asked_of_no_vendor(scratch: Scratch) -> None:
    """Whether another one takes over when it fails, and what we send it for, are no questions to send."""
    governed(scratch)
    done = scratch.run("vendor", "questionnaire", "acme", "--format", "markdown", "--format", "yaml=form.yaml")
    ours = ("data_classes", "has_fallback_provider")
    assert [field for field in ours if f"`{field}`" in done.out] == []
    assert "`audit_rights`" in done.out
    assert "not for the vendor, for ourselves to answer: " in done.err
    theirs, _, own = scratch.read("form.yaml").partition("  # Below: for ourselves to answer")
    assert [field for field in ours if f"  {field}:" in theirs or f"  {field}:" not in own] == []
    assert "  audit_rights:" in theirs


@pytest.mark.parametrize("number", ["99,950", "1.000,5", "9,9,9"])
def test_what_could_be_another_number_is_refused_and_all_is_told_by_its_line(scratch: Scratch, number: str) -> None:
    governed(scratch)
    text = f"field;answer\nsla_uptime_percentage;{number}\nnonsense;yes\n"
    done = imported(scratch, "a.csv", text, "--vendor", "acme")
    lines = [line for line in done.err.splitlines() if line.startswith("a.csv:")]
    assert (done.code, [line.split(":")[1] for line in lines]) == (1, ["2", "3"]), done


@pytest.mark.parametrize(
    ("name", "text", "more"),
    [
        ("a.csv", "field,answer\npenetration_tested,yes\naudit_rights,No\n", ("--vendor", "acme")),
        ("a.csv", "vendor;x\n\nvendor,field,answer\nacme,penetration_tested,TRUE\nacme,audit_rights,n\n", ()),
        (
            "a.CSV",
            "\ufeffQuestion ID,Question,CSP CAIQ Answer\r\nTVM-06.1,Is there penetration testing?,Yes\r\n"
            'STA-09.1,"Right to audit,\r\nand more?",No\r\nDSP-01.1,Anything?,Yes\r\nTVM-01.1,Else?,NA\r\n',
            ("--vendor", "acme"),
        ),
    ],
)
def test_rows_are_taken_by_field_and_by_caiq_id(scratch: Scratch, name: str, text: str, more: tuple[str, ...]) -> None:
    governed(scratch)
    done = imported(scratch, name, text, *more)
    assert done.code == 0, done
    entry, _ = read_yaml("m", scratch.read("governance.yaml").encode())
    assert (entry["vendors"][0]["penetration_tested"], entry["vendors"][0]["audit_rights"]) == (True, False)
    assert "# signed in May" in scratch.read("governance.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "field;answer\nsla_uptime_percentage;99.9\ndata_sent;names, and dates\n",
        "\ufefffield\tanswer\r\nsla_uptime_percentage\t99.9 %\r\ndata_sent\tnames, and dates\r\n",
        'Answers of Acme; all, of them\n\n"field";"remarks";"answer"\nsla_uptime_percentage;;99.9\ndata_sent;a,b;"names, and dates"\n',
        'field,answer\nsla_uptime_percentage,99.9\ndata_sent,"names, and dates"\n',
        "field;answer\nsla_uptime_percentage;99,9 %\ndata_sent;names, and dates\n",
    ],
    ids=["semicolons", "tabs", "a title before", "commas", "a decimal comma"],
)
def test_cells_stand_apart_as_spreadsheets_write_them(scratch: Scratch, text: str) -> None:
    governed(scratch)
    done = imported(scratch, "a.csv", text, "--vendor", "acme")
    assert done.code == 0, done
    entry, _ = read_yaml("m", scratch.read("governance.yaml").encode())
    acme = entry["vendors"][0]
    assert (acme["sla_uptime_percentage"], acme["data_sent"]) == (99.9, "names, and dates")


def test_a_look_on_a_day_to_come_is_none(scratch: Scratch) -> None:
    governed(scratch)
    seen = [by_id(scratch.run("vendor", "assess", "--as-of", day, "--format", "json"))["acme"] for day in (
        "2026-04-29", "2026-04-30", "2027-05-01", "2027-05-02",
    )]  # fmt: skip
    found = [(one["review"], one["next_review"]) for one in seen]
    assert found == [
        ("never", "2026-04-29"), ("due", "2027-05-01"), ("due", "2027-05-01"), ("overdue", "2027-05-01"),
    ]  # fmt: skip
    told = scratch.run("vendor", "assess", "acme", "--as-of", "2026-04-29").out
    assert "assessed_on 2026-05-01 lies in the future" in told


@pytest.mark.parametrize(
    ("name", "text", "code", "said"),
    [
        ("a.yaml", FORM + "  has_dpa: false\n", 1, "a.yaml:4:12: has_dpa: the answer is false, and the entry of acme says true"),
        ("a.yaml", FORM + "  assessed_on: 2026-01-01\n", 1, "the answer is 2026-01-01"),
        ("a.yaml", FORM + "  soc2: true\n", 1, 'no vendor has a field "soc2"'),
        ("a.yaml", FORM + "  data_retention_days: -1\n", 1, "data_retention_days is -1"),
        ("a.yaml", FORM + "  audit_rights: maybe\n", 1, 'audit_rights is "maybe"'),
        ("a.yaml", FORM + "  data_classes: [secret]\n", 1, 'is "secret"'),
        ("a.yaml", FORM + "  vendor_name: Other\n", 1, 'no vendor has a field "vendor_name"'),
        ("a.yaml", FORM.replace("acme", "acne") + "  audit_rights: true\n", 2, 'did you mean "acme"?'),
        ("a.yaml", "vendor: acme\nanswers: {}\n", 1, "begin the file with"),
        ("a.yaml", FORM + "  audit_rights: true\nvendr: x\n", 1, 'unknown key "vendr"'),
        ("a.yaml", "a: [", 1, "no YAML"),
        ("a.csv", "field,answer\ndata_retention_days,ten\nsla,99\n", 1, 'a.csv:3:1: no vendor has a field "sla"'),
        ("a.csv", "field,answer\naudit_rights,yes\naudit_rights,no\n", 1, "audit_rights is answered twice (first in line 2)"),
        ("a.csv", "one,two\n1,2\n", 1, "no row names the columns"),
        ("a.csv", 'field,answer\naudit_rights,"yes\n', 1, "is no CSV\n  hint: save it as CSV UTF-8"),
        ("a.csv", "field,answer\ndata_sent," + "x" * 200_000 + "\n", 1, "is no CSV\n  hint: save it as CSV UTF-8"),
        ("a.yaml", FORM + "  assessed_on: 9998-01-01\n", 1, "a.yaml:4:16: assessed_on lies in the future (got 9998-01-01"),
        ("a.csv", "field,answer\nassessed_on,9998-01-01\n", 1, "a.csv:2:2: assessed_on lies in the future"),
        ("a.csv", "vendor,field,answer\nacme,audit_rights,yes\nflow,has_dpa,yes\n", 1, "one file for each vendor"),
        ("a.csv", "Question ID,Question,Answer\nTVM-06.1,Is there a disclosure programme?,Yes\n", 1, "nothing in it speaks of penetration"),
        ("a.csv", b"field,answer\naudit_rights,\xff\n", 1, "is no UTF-8 text"),
        ("a.csv", "field,answer\naudit_rights,yes\n", 2, "--vendor ID"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_where_it_stands_and_nothing_is_written(
    scratch: Scratch, name: str, text: str | bytes, code: int, said: str
) -> None:
    governed(scratch)
    done = imported(scratch, name, text, *(("--vendor", "acme") if name == "a.csv" and code == 1 else ()))
    assert done.code == code, done
    assert said in done.err
    assert scratch.read("governance.yaml") == MANIFEST


def test_an_entry_in_braces_is_left_alone_and_the_lines_are_told(scratch: Scratch) -> None:
    governed(scratch)
    done = imported(scratch, "a.csv", "field,answer\naudit_rights,yes\n", "--vendor", "flow")
    assert (done.code, "add: audit_rights: true" in done.err) == (2, True)
    assert scratch.read("governance.yaml") == MANIFEST


def test_line_ends_of_the_manifest_stay(scratch: Scratch) -> None:
    governed(scratch, MANIFEST.replace("\n", "\r\n"))
    assert imported(scratch, "a.csv", "field,answer\naudit_rights,yes\n", "--vendor", "acme").code == 0
    raw = (scratch.path / "governance.yaml").read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n") == MANIFEST.count("\n") + 1


@pytest.mark.parametrize("command", [("vendor", "assess"), ("law",), ("classify",), ("evidence", "-o", "now.json")])
def test_a_day_that_is_past_is_said_to_be_judged_by_the_files_of_now(
    scratch: Scratch, command: tuple[str, ...]
) -> None:
    governed(scratch)
    then, now = (scratch.run(*command, *more) for more in (("--as-of", days_ago(40)), ()))
    assert (then.code, now.code) == (0, 0), then
    assert f"registry ask known-on --on {days_ago(40)}" in then.err
    assert "known-on" not in now.err + scratch.run(*command, "--as-of", days_ago(-40)).err
