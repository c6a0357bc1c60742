"""What a project's own .gitlab-ci.yml makes of the gate's job."""

from __future__ import annotations

import re

import pytest
from parts import ROOT

from policy_gate.collect.gitlab_pipeline import hurdles, pipeline_of
from policy_gate.vcs.memory_tree import MemoryTree

INCLUDE = "include: [{local: .gitlab/policy-gate.gitlab-ci.yml}]\n"
UNIT = "unit: {stage: test, script: [pytest]}\n"
EVIDENCE = "include: [{component: x/policy-gate/policy-gate@1, inputs: {evidence-jobs: [evaluate]}}]\n"
HANDS_ON = "evaluate: {rules: [], script: [x], artifacts: {reports: {dotenv: metrics.env}}}\n"
REQUESTS = 'workflow: {rules: [{if: $CI_PIPELINE_SOURCE == "merge_request_event"}, {if: $CI_COMMIT_TAG}]}\n'


def told(text: str) -> list[str]:
    """Where each hurdle of a pipeline stands."""
    document = pipeline_of(MemoryTree({".gitlab-ci.yml": text.encode()}))
    assert document is not None
    return [f"{'.'.join(map(str, it.loc))}: {it.said}" for it in hurdles(document.content)]


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        (INCLUDE + UNIT, "unit", "unit would stop no merge"),
        (UNIT, "unit", "unit would stop no merge"),
        (INCLUDE + "".join(UNIT.replace("unit", f"unit{n}") for n in range(5)), "unit0", "unit2 and 2 more would"),
        ("workflow: {rules: [{if: $CI_COMMIT_TAG}, {if: $CI_COMMIT_BRANCH}]}\n", "workflow.rules", "no pipeline"),
        (
            'workflow: {rules: [{if: $CI_PIPELINE_SOURCE == "merge_request_event", when: never}, {when: always}]}\n',
            "workflow.rules",
            "no pipeline",
        ),
        ('workflow: {rules: [{if: $CI_PIPELINE_SOURCE == "push"}]}\n', "workflow.rules", "no pipeline"),
        ("include: [{template: Workflows/Branch-Pipelines.gitlab-ci.yml}]\n" + UNIT, "include", "no pipeline"),
        (INCLUDE + REQUESTS + "stages: [build, check]\n", "stages", "has no stage test"),
        (EVIDENCE + HANDS_ON, "evaluate.artifacts.reports.dotenv", "evaluate is named in evidence-jobs and hands"),
    ],
)
def test_what_keeps_it_from_running_or_from_standing_for_all_is_told(text: str, at: str, said: str) -> None:
    (found,) = told(text)
    assert found.startswith(f"{at}: ")
    assert said in found


@pytest.mark.parametrize(
    "text",
    [
        INCLUDE,
        INCLUDE + REQUESTS + UNIT,
        INCLUDE + "workflow: {rules: [{if: $CI_COMMIT_TAG, when: never}, {when: always}]}\n" + UNIT,
        INCLUDE + 'workflow: {rules: [{if: $CI_COMMIT_BRANCH || $CI_PIPELINE_SOURCE == "merge_request_event"}]}\n',
        INCLUDE + "workflow: {rules: [{if: $OURS}]}\n" + UNIT,
        INCLUDE + "unit: {script: [pytest], rules: [{when: always}]}\n",
        INCLUDE + "unit: {script: [pytest], only: [merge_requests]}\n",
        INCLUDE + "unit: {script: [pytest], extends: .ours}\n.ours: {script: [x]}\n",
        INCLUDE + "default: {before_script: [x]}\nvariables: {A: b}\n",
        "include: [ours.yml]\n" + UNIT,
        "include: [{template: Workflows/MergeRequest-Pipelines.gitlab-ci.yml}]\n" + UNIT,
        "include: [{local: .gitlab/policy-gate.gitlab-ci.yml, inputs: {stage: build}}]\nstages: [build]\n",
        INCLUDE + "stages: [build, test]\n",
        EVIDENCE + HANDS_ON.replace("dotenv", "junit"),
        EVIDENCE + HANDS_ON.replace("evaluate", "build"),
        EVIDENCE + "evaluate: {rules: [], script: [x], artifacts: {paths: [out]}}\n",
        INCLUDE + HANDS_ON,
        "- a list\n",
    ],
)
def test_what_runs_with_it_or_may_is_not_told(text: str) -> None:
    assert told(text) == []


def test_what_the_strict_reader_refuses_tells_nothing() -> None:
    assert pipeline_of(MemoryTree({".gitlab-ci.yml": b".a: &a {script: [x]}\nunit: *a\n"})) is None
    assert pipeline_of(MemoryTree({})) is None
    assert list(hurdles(None)) == []


def test_the_pipelines_of_the_docs_page_have_none() -> None:
    page = (ROOT / "docs" / "gitlab.md").read_text("utf-8")
    shown = re.findall(r"^```yaml fragment:gitlab-ci file=\.gitlab-ci\.yml[^\n]*\n(.*?)^```$", page, re.M | re.S)
    assert len(shown) >= 4
    assert [found for text in shown for found in told(text)] == []
