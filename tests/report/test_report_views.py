"""The views of policies and facts: every kind of id, the nearest name, nothing slow to start."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from sample_policies import WRITTEN, docs, facts, policy, systems

from policy_gate.errors import UsageError
from policy_gate.report import RenderOptions
from policy_gate.report.views.classify import classification_json, classification_text
from policy_gate.report.views.explain import explanation_json, explanation_text
from policy_gate.report.views.policy_list import policy_listing
from policy_gate.report.views.subject import subject_text, subjects_json
from policy_gate.schema.approval_subject import ApprovalSubject


def test_classify_json_has_the_keys_of_the_contract_by_id() -> None:
    data = json.loads(classification_json(systems(), policy()))
    assert [system["id"] for system in data["systems"]] == ["SYS-001", "SYS-003", "SYS-005"]
    first = data["systems"][0]
    assert {"id", "score", "score_range", "tier", "law_class", "required_controls", "why"} <= set(first)
    assert (first["score"], first["score_range"], first["tier"]) == (13, [5, 23], "high")
    points = [reason["points"] for reason in first["why"] if reason["kind"] == "dimension"]
    assert sum(points) == first["score"]


def test_classify_says_what_the_next_tier_takes_and_what_decides_a_range() -> None:
    said = classification_text(systems(), policy(), RenderOptions())
    assert "one step away: critical needs 17 points (4 more)" in said
    assert "medium to high: human_oversight decides" in said
    assert "one of none, partial, full" in said


def test_the_highest_tier_has_no_next_step() -> None:
    top = facts("SYS-009", "Top", {}, score=20, tier_range=("critical", "critical"))
    assert "one step away" not in classification_text([top], policy(), RenderOptions())


def test_an_id_of_two_kinds_is_told_as_both_unless_qualified() -> None:
    both = explanation_text(docs(), "model-card", RenderOptions())
    assert "model-card is 2 things: control:model-card and artifact:model-card" in both
    one = explanation_text(docs(), "control:model-card", RenderOptions())
    assert "control model-card" in one
    assert "artifact model-card  " not in one
    kinds = [match["kind"] for match in json.loads(explanation_json(docs(), "model-card"))["matches"]]
    assert kinds == ["control", "artifact"]


@pytest.mark.parametrize(
    ("name", "near"), [("red-team-reprot", "red-team-report"), ("control:model-crad", "control:model-card")]
)
def test_an_unknown_id_names_the_nearest(name: str, near: str) -> None:
    with pytest.raises(UsageError) as caught:
        explanation_text(docs(), name, RenderOptions())
    assert f'"{near}"' in caught.value.hint


def test_an_id_like_nothing_says_where_all_are_listed() -> None:
    with pytest.raises(UsageError) as caught:
        explanation_json(docs(), "zzzzzzzz")
    assert caught.value.hint == "policy-gate policy list shows every id"


def test_what_wants_a_thing_and_what_speaks_of_it_is_listed() -> None:
    assert "gate pre-deployment-security-review" in explanation_text(docs(), "red-team-report", RenderOptions())
    assert "rule tier-lowering" in explanation_text(docs(), "tier-lowered", RenderOptions())
    assert "gate pre-deployment-security-review" in explanation_text(docs(), "user_facing", RenderOptions())


def test_an_alias_of_a_regulation_is_understood() -> None:
    assert explanation_text(docs(), "EU_AI_Act", RenderOptions()).startswith("regulation eu-ai-act")


def test_origins_show_the_layer_of_a_restated_value() -> None:
    said = policy_listing(policy(), docs(), RenderOptions(), WRITTEN)
    assert "80 (repository:policies/own.yaml:7:16)" in said
    assert "at_least" in said
    assert "min_words" not in policy_listing(policy(), docs(), RenderOptions())


def test_a_subject_lists_every_part_and_its_digest() -> None:
    parts = (("entry", "sha256:1"), ("card", "abc"))
    subject = ApprovalSubject("SYS-001", "weakening", "sha256:99", parts, (("card", "MODEL_CARD.md"),))
    said = subject_text(subject)
    assert said.index("entry") < said.index("abc") < said.index("MODEL_CARD.md") < said.index("sha256:99")
    assert json.loads(subjects_json([subject], alone=True))["parts"][1]["hash"] == "abc"
    assert len(json.loads(subjects_json([subject, subject], alone=False))["subjects"]) == 2


def test_nothing_slow_is_imported_before_it_is_used() -> None:
    program = (
        "import sys, policy_gate.report; print([m for m in ('rich', 'jinja2', 'markdown_it') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
