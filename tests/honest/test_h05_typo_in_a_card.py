"""H05: a typo in a card's training data section, fixed in production a year after the gate: pass (D05, D38)."""

from __future__ import annotations

import pytest
from evidence import document, junit
from scratch import Scratch
from world import days_ago, high_system

REVIEWED = ("annual-performance-report", "bias-drift-assessment", "security-incident-log-review", "model-card-update")
YEARLY = ("security-assessment-report", "bias-evaluation-results", "red-team-report")


@pytest.fixture
def a_year_on(scratch: Scratch) -> Scratch:
    """In production for 380 days, with last year's papers and results, and this year's review held."""
    scratch.adopt(high_system("production", stage_since=days_ago(380)))
    entry = scratch.entry()
    for artifact in entry["artifacts"]:
        artifact["completed"] = days_ago(30 if artifact["id"] in YEARLY else 385)
    entry["artifacts"] += [
        {"id": name, "path": f"governance/{name}.md", "status": "final", "completed": days_ago(20)} for name in REVIEWED
    ]
    scratch.declare_only(entry)
    scratch.write({f"governance/{name}.md": document(name) for name in REVIEWED})
    for test in entry["tests"]:
        old = junit(test["id"]).replace(f"{days_ago(1)}T", f"{days_ago(390)}T")
        scratch.write({test["report"]: old})
    scratch.commit("A year later", by="Rae Kim")
    scratch.branch()
    return scratch


def test_h05_a_typo_passes_and_asks_for_no_approval(a_year_on: Scratch) -> None:
    text = a_year_on.read("MODEL_CARD.md")
    a_year_on.commit("Typo", files={"MODEL_CARD.md": text.replace("names, photos", "names, pictures")})
    found = a_year_on.check()
    assert (found.code, found.verdict, found.blocking()) == (0, "pass", []), found
    assert not [item for item in found.findings("gap") if item["requirement"]["kind"] == "approval"]


def test_h05_one_word_of_the_purpose_is_no_typo(a_year_on: Scratch) -> None:
    text = a_year_on.read("MODEL_CARD.md")
    a_year_on.commit("Reword", files={"MODEL_CARD.md": text.replace("- Automatic rejection", "- Silent rejection")})
    found = a_year_on.check()
    assert found.verdict == "block"
    assert found.finding("use-case-change")["state"] == "gap"


LIMITS = ("- Doesn't read more than English, out-of-hours\n", "- Isn't for firms of 1-2 people\n")
SET = str.maketrans({"'": "\u2019", "-": "\u2011"})


@pytest.fixture
def limited(scratch: Scratch) -> Scratch:
    """In production, with limits in a keyboard's signs."""
    scratch.adopt(high_system("production", stage_since=days_ago(60)))
    text = scratch.read("MODEL_CARD.md")
    assert "- Reads only English text\n" in text
    card = text.replace("- Reads only English text\n", "".join(LIMITS))
    scratch.commit("Limits as typed", by="Rae Kim", files={"MODEL_CARD.md": card})
    scratch.branch()
    return scratch


def test_h05_typographic_signs_that_an_editor_sets_are_no_other_limit(limited: Scratch) -> None:
    text = limited.read("MODEL_CARD.md")
    for line in LIMITS:
        said = line[2:].replace("1-2", "1\u20132").translate(SET)
        text = text.replace(line, f"- {said}")
    limited.commit("As the editor of the wiki writes them", files={"MODEL_CARD.md": text})
    found = limited.check()
    assert (found.code, found.verdict, found.blocking()) == (0, "pass", []), found
    assert "limit-dropped" not in found.changes()


@pytest.mark.parametrize(
    ("was", "now"),
    [
        pytest.param("Doesn't", "Does", id="without-the-not"),
        pytest.param("1-2", "\u20132", id="below-zero"),
        pytest.param("1-2", "1\u201312", id="another-range"),
        pytest.param("1-2", "12", id="no-range"),
    ],
)
def test_h05_control_another_word_or_number_beside_them_is_asked_about(limited: Scratch, was: str, now: str) -> None:
    text = limited.read("MODEL_CARD.md").replace(was, now).replace("Isn't", "Isn\u2019t")
    limited.commit("Another limit", files={"MODEL_CARD.md": text})
    found = limited.check()
    assert found.blocking() == ["approval:ai-safety-lead"], found
