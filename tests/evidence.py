"""Evidence for scratch systems, made from the shipped catalogue in `policies/`: documents, results, cards."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from world import STAGES, days_ago, from_yaml

import policy_gate

PACKAGE = Path(policy_gate.__file__).resolve().parent
POLICIES = next(folder for folder in (PACKAGE / "policies", PACKAGE.parent / "policies") if folder.is_dir())


def tier_of(entry: Mapping[str, Any]) -> str:
    """The tier by points alone, worked out from `policies/`; `low` where a dimension is missing."""
    points = {item["id"].replace("-", "_"): item["points"] for item in _section("dimensions")}
    profile = entry["risk_profile"]
    score = sum(int(points[name][value]) for name, value in profile.items())
    steps = sorted(((int(step["at_least"]), step["tier"]) for step in _section("thresholds")), reverse=True)
    return str(next((tier for least, tier in steps if score >= least), "low"))


def owed(tier: str, stage: str) -> tuple[list[str], list[str]]:
    """Artifact and test ids that a system of this tier owes once it is in this stage, sorted."""
    passed = {
        gate["id"]
        for gate in _section("gates")
        if gate["to"] in STAGES[1 : STAGES.index(stage) + 1] and gate["from"] != gate["to"]
    }
    wanted: list[dict[str, Any]] = []
    for gate in _section("gates"):
        if gate["id"] in passed and tier in gate["tiers"]:
            wanted += gate["require"]
    for control in _section("controls"):
        if tier in control["tiers"] and control.get("due_at") in passed:
            wanted += control["require"]
    flat = list(_flat(wanted))
    artifacts = {item["artifact"] for item in flat if "artifact" in item}
    tests = {item["test"] for item in flat if "test" in item}
    return sorted(artifacts), sorted(tests)


def document(artifact: str, system: str = "SYS-001", words: int = 0) -> str:
    """A document with substance for an artifact of the catalogue: every section it wants, filled.

    `words` is the least number of words a section; 0 means what the catalogue asks and a few more.
    """
    spec = next(item for item in _section("artifacts") if item["id"] == artifact)
    sections = [*spec.get("sections", []), *({"title": title} for title in _extra_sections(artifact))]
    share = int(spec.get("min_words", 40)) // max(len(sections), 1) + 12
    lines = [f"# {spec['title']}", "", f"System: {system}", ""]
    for number, section in enumerate(sections):
        length = max(words, share, int(section.get("min_words", 8)) + 6)
        lines += [f"## {section['title']}", "", prose(length, number), ""]
    if not sections:
        lines += [prose(max(words, share)), ""]
    return "\n".join(lines)


def _extra_sections(artifact: str) -> list[str]:
    """Sections that single rules want on top of the catalogue's."""
    rules = [item for kind in ("gates", "controls", "rules") for item in _section(kind)]
    wanted = [want for rule in rules for want in _flat(rule["require"]) if want.get("artifact") == artifact]
    return sorted({title for want in wanted for title in want.get("sections", [])})


_PROSE = """
The screener was examined on the held out sample of last quarter by two reviewers who did not build it
and who wrote down what they saw, what they expected and what has to be mended before people rely on it
"""


def prose(words: int, start: int = 0) -> str:
    """That many words of plain prose; another `start` gives another sentence."""
    text = _PROSE.split()
    return " ".join(text[(start + number) % len(text)] for number in range(words)) + "."


def junit(suite: str, passed: int = 3, failed: int = 0, skipped: int = 0) -> str:
    """A JUnit XML result of a suite, run today."""
    cases = [f'  <testcase classname="{suite}" name="case_{n}" time="0.01"/>' for n in range(passed)]
    cases += [
        f'  <testcase classname="{suite}" name="bad_{n}"><failure message="0.78, wanted 0.80"/></testcase>'
        for n in range(failed)
    ]
    cases += [f'  <testcase classname="{suite}" name="skipped_{n}"><skipped/></testcase>' for n in range(skipped)]
    counts = f'tests="{len(cases)}" failures="{failed}" errors="0" skipped="{skipped}"'
    stamp = f'timestamp="{days_ago(1)}T08:00:00"'
    head = f'<testsuite name="{suite}" {counts} {stamp}>'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *cases, "</testsuite>", ""])


def card(**fields: str | None) -> str:
    """A complete model card in Markdown; name a section by its field to reword it, None to leave it out."""
    sections = CARD_SECTIONS | {name: text for name, text in fields.items() if name in CARD_SECTIONS}
    unknown = set(fields) - set(CARD_SECTIONS)
    assert not unknown, f"no such card section: {sorted(unknown)}"
    parts = ["# Hiring Resume Screener", ""]
    for name, text in sections.items():
        if text is not None:
            parts += [f"## {name.replace('_', ' ').capitalize()}", "", text, ""]
    return "\n".join(parts)


CARD_SECTIONS: dict[str, str | None] = {
    "model_id": "resume-screener",
    "model_name": "Hiring Resume Screener",
    "version": "2.1.0",
    "release_date": "2026-09-01",
    "previous_version": "2.0.0",
    "changelog_summary": "Retrained on the cleaned sample; the school name is no longer a feature.",
    "authors": "People Ops machine learning group",
    "organization": "Example Org",
    "license": "Proprietary, internal use only",
    "primary_intended_uses": "Rank applications so that recruiters read the most relevant ones first.",
    "primary_intended_users": "Recruiters of the company who were trained in its use.",
    "out_of_scope_uses": "- Deciding on promotion or dismissal of employees\n- Screening for jobs abroad",
    "prohibited_uses": "- Automatic rejection of an applicant\n- Inferring health, religion or origin",
    "overall_performance": "| metric | value |\n| --- | --- |\n| accuracy | 0.91 |\n| recall | 0.88 |",
    "performance_by_group": (
        "| group | metric | value |\n| --- | --- | --- |\n| women | recall | 0.87 |\n| men | recall | 0.88 |\n"
        "| over 50 | recall | 0.86 |"
    ),
    "performance_thresholds": "| metric | threshold |\n| --- | --- |\n| accuracy | 0.85 |\n| recall | 0.80 |",
    "performance_caveats": "Measured on applications in English for office jobs only.",
    "base_model": "distilroberta-base",
    "fine_tuning_approach": "Supervised fine tuning on pairs ranked by three recruiters each.",
    "training_data_description": "Applications of 2023 to 2025 with names, photos and addresses removed.",
    "training_data_size": "41,200 applications",
    "training_data_cutoff": "2025-12-31",
    "training_data_known_issues": "Few applications from people who changed their trade after forty.",
    "evaluation_data_description": "A held out sample of 4,000 applications, balanced by gender and age.",
    "known_limitations": "- Reads only English text\n- Scores short careers less reliably",
    "failure_modes": "Tables and two column layouts are read in the wrong order and rank too low.",
    "identified_biases": "- Gaps in a career lower the rank of parents slightly",
    "safety_risks": "A recruiter may trust the order and stop reading below the first page.",
    "mitigation_measures": "Every tenth shortlist is shuffled and the difference is reviewed monthly.",
    "required_oversight_level": "partial",
    "review_schedule": "Every year and after each retraining.",
    "incident_contact": "ai-oncall@example.com",
    "regulatory_compliance": "EU AI Act, GDPR and EEOC guidance are in scope.",
}


def completed(entry: Mapping[str, Any], stage: str | None = None) -> tuple[dict[str, Any], dict[str, str]]:
    """The entry with everything it owes declared, and the files: evidence for its tier up to `stage`."""
    where = Path(entry.get("model_card", f"{entry['id']}/x")).parent.as_posix()
    root = "" if where == "." else f"{where}/"
    artifacts, tests = owed(tier_of(entry), stage or entry["stage"])
    files: dict[str, str] = {}
    done: dict[str, Any] = dict(copy.deepcopy(dict(entry)))
    if "model_card" in entry:
        files[entry["model_card"]] = card()
        artifacts = [artifact for artifact in artifacts if artifact != "model-card"]
    for artifact in artifacts:
        files[f"{root}governance/{artifact}.md"] = document(artifact, entry["id"])
    for test in tests:
        files[f"{root}reports/{test}.xml"] = junit(test)
    declared = [
        {"id": artifact, "path": f"{root}governance/{artifact}.md", "status": "final", "completed": days_ago(5)}
        for artifact in artifacts
    ]
    done["artifacts"] = entry.get("artifacts", declared)
    done["tests"] = entry.get("tests", [{"id": test, "report": f"{root}reports/{test}.xml"} for test in tests])
    for pattern in entry["paths"]:
        if pattern.endswith("/**"):
            files[pattern.replace("**", "app.py")] = f'"""{entry["name"]}."""\n'
    return {key: value for key, value in done.items() if value != []}, files


def _section(name: str) -> list[dict[str, Any]]:
    return [item for content in _CATALOGUE for item in content.get(name, [])]


def _flat(requirements: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    for item in requirements:
        yield item
        yield from _flat(item.get("all_of", []))
        yield from _flat(item.get("any_of", []))


_CATALOGUE = [from_yaml(path.read_text("utf-8")) or {} for path in sorted(POLICIES.glob("*.yaml"))]
