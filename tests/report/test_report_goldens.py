"""Every report as every format prints it, held against files that people have read.

`POLICY_GATE_WRITE_GOLDENS=1` writes them anew; read the difference before keeping it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace
from sample_policies import WRITTEN, docs, policy, systems
from sample_reports import NAMES, SAMPLES, impact_of_policies

from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.report.formats.comment import comment
from policy_gate.report.formats.debt_issue import dashboard
from policy_gate.report.views.classify import classification_json, classification_text
from policy_gate.report.views.doctor import setup_json, setup_text
from policy_gate.report.views.explain import explanation_json, explanation_text
from policy_gate.report.views.guide import guide_json, guide_markdown
from policy_gate.report.views.policy_impact import impact_json, impact_text
from policy_gate.report.views.policy_list import policy_listing, policy_listing_json
from policy_gate.report.views.subject import subject_text
from policy_gate.schema.approval_subject import ApprovalSubject
from policy_gate.schema.guide import Asked, AskingChange, Guide, GuidedSystem, NextStage
from policy_gate.schema.setup import Setup, SetupLine
from policy_gate.schema.source import Location

GOLDEN = Path(__file__).parent / "golden"
SUFFIXES = {
    "text": "txt",
    "json": "json",
    "markdown": "md",
    "sarif": "sarif",
    "junit": "xml",
    "codequality": "codequality.json",
    "github": "annotations.txt",
    "oscal": "oscal.json",
    "ics": "ics",
}
SUBJECT = ApprovalSubject(
    "SYS-001",
    "pre-deployment-security-review",
    "sha256:" + "9" * 64,
    (("artifact red-team-report", "4f5e6d7c8b9a"), ("entry", "sha256:" + "1" * 12)),
    (("artifact red-team-report", "governance/red-team.md"),),
)
SETUP = Setup(
    (
        SetupLine("base", "ok", "origin/main 3f2a9c1 holds the policies that are here"),
        SetupLine("manifests", "mend", "system id is twice", Location("a.yaml", 3, 5), "give each an id of its own"),
        *(
            SetupLine(
                "roles",
                "mend",
                f"role r{number}: nobody holds it",
                Location("policies/roles.yaml", number, 3),
                "name a member",
            )
            for number in range(4, 9)
        ),
        SetupLine("ci", "ok", "runs the gate on changes", Location(".github/workflows/\x1b[31mgate.yml")),
        SetupLine("required", "not-known", "not asked: --no-forge", mend="docs/required.md", is_left_out=True),
    ),
    "the work tree",
)
GUIDE = Guide(
    (
        GuidedSystem(
            "SYS-001", "Screener | <!-- policy-gate guide end -->", "high", ("medium", "high"), "development",
            "governance.yaml", tuple(f"part{number}/**" for number in range(8)),
            NextStage(
                "pre-deployment-security-review", "Review", "pre_deployment",
                Asked(("CISO (Ada Example)",), ("Red team report", "Bias benchmark suite")),
            ),
        ),
        GuidedSystem("SYS-002", "Chatbot", "low", ("low", "low"), "decommissioned", "bot/governance.yaml", ()),
    ),
    (
        AskingChange("tier-lowering", "The tier is lowered", ("SYS-001", "SYS-002"), Asked(("Lead (Rae)",)), True),
        AskingChange("card-after-change", "A prompt changed", ("SYS-001",), Asked((), ("model card",)), False),
        AskingChange("policy-change", "The rules change", (), Asked(("Committee (nobody is named yet)",)), True),
    ),
    ("policies/", "policy-gate.yaml", ".github/workflows/gate.yml"),
)  # fmt: skip


def hold(name: str, said: str) -> None:
    path = GOLDEN / name
    if os.environ.get("POLICY_GATE_WRITE_GOLDENS"):
        path.write_bytes(said.encode())
    assert said.encode() == path.read_bytes()


@pytest.mark.parametrize("form", SUFFIXES)
@pytest.mark.parametrize("name", SAMPLES)
def test_each_report_is_told_as_its_golden_file(name: str, form: str) -> None:
    hold(f"{name}.{SUFFIXES[form]}", REPORTERS[form](SAMPLES[name](), RenderOptions()))


@pytest.mark.parametrize("name", ["blocked", "weakened", "adopted"])
def test_the_report_is_told_in_sixty_columns(name: str) -> None:
    hold(f"{name}-60.txt", REPORTERS["text"](SAMPLES[name](), RenderOptions(width=60)))


def test_the_report_is_told_in_colour_and_symbols() -> None:
    hold("blocked-colour.txt", REPORTERS["text"](SAMPLES["blocked"](), RenderOptions(colour=True, symbols=True)))


def test_the_comment_links_each_place_where_the_forge_is_known() -> None:
    render = RenderOptions(source_url="https://forge.example/org/repo/blob/8d41b07")
    hold("blocked-linked.md", REPORTERS["markdown"](SAMPLES["blocked"](), render))


@pytest.mark.parametrize("name", ["passed", "nothing-changed", "blocked"])
def test_the_kept_comment_is_told_as_its_golden_file(name: str) -> None:
    hold(f"{name}-comment.md", comment(SAMPLES[name](), RenderOptions()))


@pytest.mark.parametrize("name", SAMPLES)
def test_the_list_of_debt_is_told_as_its_golden_file(name: str) -> None:
    hold(f"{name}-debt.md", dashboard(SAMPLES[name](), RenderOptions()))


def test_the_rules_of_findings_are_explained_in_sarif() -> None:
    render = RenderOptions(source_url="https://forge.example/org/repo/blob/8d41b07")
    hold("blocked-law.sarif", REPORTERS["sarif"](replace(SAMPLES["blocked"](), docs=docs()), render))


def test_classify_is_told_as_its_golden_files() -> None:
    hold("view-classify.txt", classification_text(systems(), policy(), RenderOptions()))
    hold("view-classify.json", classification_json(systems(), policy()))


@pytest.mark.parametrize(
    "name",
    [
        "model-card", "red-team-report", "pre-deployment-security-review", "tier-lowering", "ciso", "tier-lowered",
        "user_facing", "EU_AI_Act", "bias-benchmark-suite", "red-team-program", "human_oversight", "employment",
    ],
)  # fmt: skip
def test_each_kind_of_id_is_explained_as_its_golden_files(name: str) -> None:
    hold(f"view-explain-{name}.txt", explanation_text(docs(), name, RenderOptions(), NAMES))
    hold(f"view-explain-{name}.json", explanation_json(docs(), name))


def test_the_policies_is_listed_as_its_golden_files() -> None:
    hold("view-policy-list.txt", policy_listing(policy(), docs(), RenderOptions()))
    hold("view-policy-origin.txt", policy_listing(policy(), docs(), RenderOptions(), WRITTEN))
    hold("view-policy-list.json", policy_listing_json(policy(), docs(), WRITTEN))


def test_a_subject_is_told_as_its_golden_file() -> None:
    hold("view-subject.txt", subject_text(SUBJECT))


def test_what_other_policies_would_do_is_told_as_its_golden_files() -> None:
    hold("view-policy-impact.txt", impact_text(impact_of_policies(), RenderOptions()))
    hold("view-policy-impact.json", impact_json(impact_of_policies()))


def test_the_setup_is_told_as_its_golden_files() -> None:
    hold("view-doctor.txt", setup_text(SETUP, RenderOptions()))
    hold("view-doctor.json", setup_json(SETUP))


def test_the_guide_is_told_as_its_golden_files() -> None:
    hold("view-guide.md", guide_markdown(GUIDE))
    hold("view-guide.json", guide_json(GUIDE))
