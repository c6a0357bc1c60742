"""The subject digest, followed by hand: what docs/adr/0002-subject-digest.md says, done with hashlib and git."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from decision_world import facts, with_test
from scratch import Scratch
from world import high_system

from policy_gate.decide.governed_content import content_parts

ADR = Path(__file__).parents[2] / "docs" / "adr" / "0002-subject-digest.md"
GATE = "pre-deployment-security-review"


def by_hand(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def subject(scratch: Scratch) -> tuple[dict[str, str], str]:
    told = scratch.run("explain", "subject", "--system", "SYS-001", "--for", GATE, "--format", "json").report
    return {part["part"]: part["hash"] for part in told["parts"]}, told["subject_digest"]


@pytest.fixture
def promoted(scratch: Scratch) -> Scratch:
    scratch.adopt(high_system("development"))
    scratch.branch("work")
    scratch.declare(high_system("pre_deployment"))
    scratch.commit("promote")
    return scratch


def test_the_digest_is_the_hash_of_the_parts_that_are_shown(promoted: Scratch) -> None:
    parts, digest = subject(promoted)
    assert digest == by_hand(parts)
    assert digest == promoted.system_digest(GATE)
    for item in promoted.entry()["artifacts"]:
        if f"artifact {item['id']}" in parts:
            assert parts[f"artifact {item['id']}"] == promoted.git("rev-parse", f"HEAD:{item['path']}")
    assert parts["card"] == promoted.git("rev-parse", f"HEAD:{promoted.entry()['model_card']}")
    assert (parts["system"], parts["for"], parts["tier"], parts["from_stage"]) == (
        "SYS-001",
        GATE,
        "high",
        "development",
    )


def test_a_result_of_the_job_is_the_digest_of_suite_version_and_outcome() -> None:
    """So an approval outlives a rerun, and another version of this program."""
    test, cases = "smoke-test-suite", (("starts", "passed"), ("stops", "failed"))
    found = with_test(facts(), test, provenance="job", suite="smoke", version="2.1", outcome=cases)
    wanted = {"suite": "smoke", "version": "2.1", "outcome": [["starts", "passed"], ["stops", "failed"]]}
    assert dict(content_parts(found))[f"test {test}"] == by_hand(wanted)


def test_a_system_of_which_nothing_is_asked_is_told_all_the_same(promoted: Scratch) -> None:
    promoted.checkout("main")
    promoted.branch("elsewhere")
    promoted.commit("nothing governed", files={"NOTES.md": "nothing governed\n"})
    told = promoted.run("explain", "subject", "--system", "SYS-001", "--format", "json")
    whole = told.report["subjects"][0]
    assert whole["for"] is None, told
    assert whole["subject_digest"] == by_hand({part["part"]: part["hash"] for part in whole["parts"]})
    assert whole["subject_digest"] == promoted.check("--all").system()["subject_digest"]
    unknown = promoted.run("explain", "subject", "--system", "SYS-999")
    assert (unknown.code, "known: SYS-001" in unknown.err) == (2, True), unknown


def test_before_a_yes_changed_files_are_shown_by_the_command_that_tells_more(promoted: Scratch) -> None:
    old = promoted.git("rev-parse", "HEAD:policies/roles.yaml")
    more = {"policies/more.yaml": "schema: policy-gate/policy/v1\n"}
    promoted.commit("law", files={"policies/roles.yaml": promoted.read("policies/roles.yaml") + "# more\n"} | more)
    new = promoted.git("rev-parse", "HEAD:policies/roles.yaml")
    said = promoted.run("approve", "--for", "policy-change", "--role", "ai-governance-committee").out
    assert f"policies/roles.yaml changed (git diff {old[:10]} {new[:10]})" in said, said
    assert "policies/more.yaml is new (git show " in said, said


def test_each_governed_byte_moves_its_own_part_and_the_digest(promoted: Scratch) -> None:
    before, digest = subject(promoted)
    report = next(item["path"] for item in promoted.entry()["artifacts"] if item["id"] == "red-team-report")
    promoted.commit("one more word", files={report: promoted.read(report) + "\nOne more word.\n"})
    after, moved = subject(promoted)
    assert {name for name in before if before[name] != after[name]} == {"artifact red-team-report"}
    assert digest != moved


def test_formatting_records_and_other_files_move_nothing(promoted: Scratch) -> None:
    _, digest = subject(promoted)
    promoted.commit("blanks", files={"governance.yaml": "# a note\n" + promoted.read("governance.yaml") + "\n\n"})
    promoted.commit("readme", files={"NOTES.md": "nothing governed\n"})
    promoted.approve("ciso", GATE)
    assert subject(promoted)[1] == digest


def test_the_worked_example_of_the_record_comes_out_as_it_says() -> None:
    text = ADR.read_text("utf-8")
    example = json.loads(re.search(r"```json\n(\{.*?\})\n```", text, re.DOTALL).group(1))  # type: ignore[union-attr]
    assert by_hand(example) in text
