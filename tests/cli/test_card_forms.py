"""`policy-gate card render|export|import`: golden files, round trips, and what is said to be lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from card_words import CARD_WORDS
from scratch import Scratch
from world import high_system

from policy_gate.cards.card import CardDocument
from policy_gate.cards.formats import FORMATS, format_of
from policy_gate.collect.evidence import evidence_of
from policy_gate.report.views.card_html import PARTS, card_html
from policy_gate.schema.card_fields import CARD_FIELDS

GOLDENS = Path(__file__).parent / "card_goldens"
CARD = """schema: policy-gate/card/v1
model_id: org/ranker
model_name: Ranker
version: "2.1"
release_date: 2026-09-01
previous_version: "2.0"
changelog_summary: Retrained on the spring applications.
authors: [Ada Byron, Rae Kim]
organization: Example Org
license: Apache-2.0
primary_intended_uses: [Order applications for a recruiter who reads all of them]
primary_intended_users: [Recruiters of the group]
out_of_scope_uses: [Promotion decisions]
prohibited_uses: [Rejecting anybody without a person reading]
overall_performance: {accuracy: 91%, recall: 0.88}
performance_by_group: {women: {accuracy: 0.90}, men: {accuracy: 0.92}}
performance_thresholds: {accuracy: at least 0.88}
performance_caveats: [Few applicants over 60]
base_model: org/encoder
weights_digest: "sha256:00"
fine_tuning_approach: Ranked pairs, three epochs.
training_data_description: Applications of 2019 to 2023, with consent.
training_data_size: 12,000 applications
training_data_cutoff: 2023-12-31
training_data_known_issues: [Few part-time jobs]
evaluation_data_description: A held-out year.
known_limitations: [Reads English and German only, Weak on <scans> & photographs]
failure_modes: [Two columns are read in the wrong order]
identified_biases: {assessed: true, method: paired names, findings: []}
safety_risks: [A gap in a career may cost a rank]
mitigation_measures: [Gaps are masked]
risk_tier: high
required_oversight_level: partial
approved_by: [TBD]
approval_date: ""
review_schedule: every six months
incident_contact: ai@example.com
"""
FORMS = {"markdown": "md", "huggingface": "hub.md", "cyclonedx": "bom.json", "json": "json", "yaml": "yaml"}


@pytest.fixture
def repo(scratch: Scratch) -> Scratch:
    scratch.adopt(high_system("development"))
    scratch.write({"card.yaml": CARD})
    return scratch


def read(path: str, text: str) -> CardDocument:
    evidence = evidence_of(path, "", text.encode())
    return FORMATS[format_of(evidence)].read(evidence, CARD_WORDS)


def held(name: str, text: str) -> None:
    file = GOLDENS / name
    if os.environ.get("POLICY_GATE_WRITE_GOLDENS"):
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", FORMS)
def test_a_whole_card_in_each_form_loses_no_field(name: str) -> None:
    card = read("card.yaml", CARD)
    written = FORMATS[name].write(card)
    held(f"ranker.{FORMS[name]}", written.text)
    again = read({"md": "C.md", "hub.md": "README.md"}.get(FORMS[name], f"c.{FORMS[name]}"), written.text)
    for field in CARD_FIELDS:
        was, now = card.fields[field], again.fields[field]
        assert (was.state, was.text) == (now.state, now.text)
    assert {(it.name, it.group, it.value, it.threshold) for it in card.metrics} == {
        (it.name, it.group, it.value, it.threshold) for it in again.metrics
    }


def test_the_page_has_every_field_and_what_is_not_known_is_not_provided() -> None:
    assert sorted(name for part in PARTS.values() for name in part) == sorted(CARD_FIELDS)
    page = card_html(read("card.yaml", CARD))
    held("ranker.html", page)
    assert "&lt;scans&gt; &amp; photographs" in page
    assert "<script" not in page
    assert page.count('<p class="open">not provided</p>') == 1, "of the fields only one is not there"
    assert page.count('<p class="open">left open</p>') == 2, "an empty value, and a placeholder"


def test_cards_are_rendered_and_exported_to_files_and_losses_are_said(repo: Scratch) -> None:
    asked = ("card", "render", "card.yaml", "--format", "html=c.html", "--format", "huggingface=README.md")
    assert repo.run(*asked).code == 0
    assert "<h1>Ranker</h1>" in repo.read("c.html")
    assert "license: apache-2.0" in repo.read("README.md").casefold()
    exported = repo.run("card", "export", "card.yaml", "--format", "cyclonedx")
    bill = json.loads(exported.out)
    assert (bill["specVersion"], bill["components"][0]["version"]) == ("1.6", "2.1")
    repo.write({"own.yaml": "model_name: Ranker\nlimitations: [Reads no scans]\nhouse_number: 7\nstreet: West\n"})
    told = repo.run("card", "export", "own.yaml", "--format", "json")
    assert told.err.splitlines() == ["json: no place for what is no field's in house_number, street"]
    assert "## Known limitations" in repo.run("card", "render").out


@pytest.mark.parametrize("output", ["NEW.md", "new.yaml", "new.json"])
def test_a_bill_without_a_card_becomes_one_with_open_sections(repo: Scratch, output: str) -> None:
    model = {
        "type": "machine-learning-model",
        "name": "Ranker",
        "version": "7",
        "licenses": [{"license": {"id": "MIT"}}],
    }
    bill = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "library", "name": "x"}, model]}
    repo.write({"bom.json": json.dumps(bill)})
    said = " ".join(repo.run("card", "check", "bom.json").out.split())
    assert "no component of this bill of materials is a machine-learning model with a modelCard" in said
    made = repo.run("card", "import", "bom.json", "-o", output)
    assert (made.code, made.out) == (0, f"wrote {output}\n"), made
    fields = repo.run("card", "check", output, "--tier", "high", "--format", "json").report["fields"]
    told = {name: field["text"] for name, field in fields.items() if field["state"] == "present"}
    assert told == {"model_name": "Ranker", "version": "7", "license": "MIT"}
    assert {field["state"] for field in fields.values() if field["wanted"]} == {"present", "placeholder"}
    assert repo.run("card", "import", "bom.json", "-o", output).code == 2, "what is there stays"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("list.json", "[1, 2]", "list.json: the card is no map of fields"),
        ("list.yaml", "- a\n- b\n", "list.yaml: the card is no map of fields"),
    ],
)
def test_what_is_no_map_is_told_by_its_name_and_what_it_should_be(
    repo: Scratch, name: str, text: str, told: str
) -> None:
    repo.write({name: text})
    for command in ("render", "export", "import"):
        refused = repo.run("card", command, name)
        assert (refused.code, told in refused.err) == (1, True), refused
        assert "a map whose keys are fields" in refused.err


def test_a_plain_readme_becomes_a_card_to_be_written(repo: Scratch) -> None:
    repo.write({"README.md": "# Shop\n\n## Build\n\nmake\n"})
    assert repo.run("card", "import", "README.md", "-o", "CARD.md").code == 0
    assert repo.read("CARD.md").startswith("# Shop\n")
    assert repo.run("card", "check", "CARD.md").code == 1


def test_what_a_bill_has_besides_stays_with_its_component() -> None:
    model = {
        "type": "machine-learning-model", "name": "R", "hashes": [{"alg": "SHA-256", "content": "00"}],
        "modelCard": {"considerations": {"technicalLimitations": ["English only"]}},
    }  # fmt: skip
    card = read("bom.json", json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [model]}))
    written = FORMATS["cyclonedx"].write(card)
    assert written.losses == ()
    assert json.loads(written.text)["components"][0]["hashes"] == model["hashes"]
    assert "hashes: there is no place for this key" in FORMATS["markdown"].write(card).losses
