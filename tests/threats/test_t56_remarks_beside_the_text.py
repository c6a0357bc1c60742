"""T56: remarks of other formats are no evidence, and hidden boxes around limits are other words (D53)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from card_words import CARD_WORDS
from promotion import Promotion
from scratch import Scratch
from world import high_system, to_yaml

from policy_gate.cards.markdown_sections import read_markdown_card
from policy_gate.facts.document_sections import read_data, read_markdown
from policy_gate.facts.markup_remarks import without_remarks

WORDS = "Two prompts leaked the salary of an applicant and were closed before the release."
COUNT = 14

REMARKS = {
    "line of reStructuredText": ("a.rst", f".. {WORDS}"),
    "block of reStructuredText": ("a.rst", f"..\n   {WORDS}\n\n   {WORDS} Again."),
    "condition of reStructuredText": ("a.rst", f".. only:: never\n\n   {WORDS}"),
    "line of AsciiDoc": ("a.adoc", f"// {WORDS}"),
    "block of AsciiDoc": ("a.adoc", f"////\n{WORDS}\n\n{WORDS}\n////"),
    "paragraph of AsciiDoc": ("a.asciidoc", f"[comment]\n{WORDS}\n{WORDS}"),
    "condition of AsciiDoc": ("a.adoc", f"ifdef::never[]\n{WORDS}\nendif::[]"),
    "line of TeX": ("a.tex", f"% {WORDS}"),
    "rest of a line of TeX": ("a.tex", f"x \\\\% {WORDS}"),
    "block of TeX": ("a.tex", f"\\begin{{comment}}\n{WORDS}\n\\end{{comment}}"),
    "what TeX skips": ("a.latex", f"\\iffalse\n{WORDS}\n\\fi"),
    "what follows the end of TeX": ("a.tex", f"\\end{{document}}\n{WORDS}"),
    "line of Org": ("a.org", f"# {WORDS}"),
    "keyword of Org": ("a.org", f"#+NOTE: {WORDS}"),
    "block of Org": ("a.org", f"#+BEGIN_COMMENT\n{WORDS}\n#+END_COMMENT"),
    "drawer of Org": ("a.org", f":PROPERTIES:\n:note: {WORDS}\n:END:"),
    "tree of Org": ("a.org", f"* COMMENT aside\n{WORDS}\n** deeper\n{WORDS}"),
    "remark of MDX": ("a.mdx", f"{{/* {WORDS} */}}"),
}  # fmt: skip

TEXTS = {
    "note of reStructuredText": ("a.rst", f".. note::\n   {WORDS}"),
    "note with options": ("a.rst", f".. admonition:: Leaks\n   :class: note\n\n   {WORDS}"),
    "after a remark": ("a.rst", f".. remark\n   goes on\n\n{WORDS}"),
    "after a label": ("a.rst", f".. _leaks:\n\n{WORDS}"),
    "paragraph of AsciiDoc": ("a.adoc", f":toc:\n// note\n{WORDS}"),
    "after a block of AsciiDoc": ("a.adoc", f"////\nnote\n////\n{WORDS}"),
    "address in AsciiDoc": ("a.adoc", f"https://example.com {WORDS}"),
    "paragraph of TeX": ("a.tex", f"% note\n{WORDS} It was 5\\% of all. % so"),
    "paragraph of Org": ("a.org", f"#+TITLE: Leaks\n# note\n{WORDS}"),
    "after a comment tree": ("a.org", f"* COMMENT aside\nnothing\n* Leaks\n{WORDS}"),
    "the same signs in Markdown": ("a.md", f"..\n\n// {WORDS}"),
}  # fmt: skip


def words(path: str, text: str) -> int:
    return read_markdown(without_remarks(path, f"Findings\n--------\n\n{text}\n")).words


@pytest.mark.parametrize(("path", "text"), REMARKS.values(), ids=REMARKS)
def test_t56_remarks_of_a_format_are_no_evidence(path: str, text: str) -> None:
    assert words(path, text) < COUNT // 2


@pytest.mark.parametrize(("path", "text"), TEXTS.values(), ids=TEXTS)
def test_t56_control_the_text_of_a_format_counts(path: str, text: str) -> None:
    assert words(path, text) >= COUNT - 2


@pytest.mark.parametrize(
    "data",
    [
        {"_comment": WORDS}, {"//": WORDS}, {"comment": WORDS}, {"withdrawn": WORDS}, {"obsolete_text": WORDS},
        {"note": f"<!-- {WORDS} -->"}, {"note": f"~~ {WORDS} ~~"}, {"note": f"<span hidden>{WORDS}</span>"},
        {"withdrawn": True, "note": WORDS}, {"status": "obsolete", "note": WORDS}, [{"rejected": True, "note": WORDS}],
    ],
)  # fmt: skip
def test_t56_what_data_set_aside_is_no_evidence(data: object) -> None:
    assert read_data({"findings": data}, {}).words < COUNT // 2


@pytest.mark.parametrize(
    "data",
    [
        {"note": WORDS}, {"withdrawn": False, "note": WORDS}, {"status": "closed", "note": WORDS}, [WORDS],
        {"rejected": 3, "note": f"{WORDS} At < 5 % and ~3 minutes."}, {"access_withdrawn": WORDS},
        {"example": WORDS}, {"false_positives": WORDS},
    ],
)  # fmt: skip
def test_t56_control_data_counts(data: object) -> None:
    assert read_data({"findings": data}, {}).words >= COUNT - 2


LIMIT = "Reads only English text"
BOXES = {
    "ground": f"<table bgcolor=black><tr><td><font color=black>{LIMIT}</font></td></tr></table>",
    "class": f'<div class="u-hidden">\n\n- {LIMIT}\n\n</div>',
    "letters": f'<div style="letter-spacing:-1em">\n\n- {LIMIT}\n\n</div>',
    "ruby": f"- <ruby>.<rp>{LIMIT}</rp></ruby>",
    "details rejected": f"<details><summary>Rejected</summary>\n\n- {LIMIT}\n\n</details>",
    "details of another": f"<details>\n<summary>Folklore</summary>\n\n- {LIMIT}\n\n</details>",
    "details in one block": f"<details>\n<summary>Folklore</summary>\n<p>{LIMIT}</p>\n</details>",
    "diagram": f"```mermaid\nflowchart LR\n%% {LIMIT}\n```",
    "diff": f"```diff\n- {LIMIT}\n```",
    "formula": f"- $\\cancel{{\\text{{{LIMIT}}}}}$",
}


def limits(text: str) -> list[tuple[str, str]]:
    whole = f"# R\n\n## Known limitations\n\n- Slow on phones.\n\n{text}\n\n## License\n\nMIT\n"
    card = read_markdown_card(whole, CARD_WORDS)
    said = zip(card.texts["known_limitations"], card.standing["known_limitations"], strict=True)
    return [(words, under) for words, under in said if LIMIT in words]


@pytest.mark.parametrize("text", BOXES.values(), ids=BOXES)
def test_t56_a_limit_in_a_hiding_box_stands_there_no_more(text: str) -> None:
    assert (LIMIT, "") not in limits(text)
    assert all(under for _, under in limits(text))


@pytest.mark.parametrize(
    "text",
    [
        f"- {LIMIT}", f"<div>\n\n- {LIMIT}\n\n</div>", f"<ul><li>{LIMIT}</li></ul>",
        f"<details><summary>Click to expand</summary>\n\n- {LIMIT}\n\n</details>",
        f"<details><summary>Known limitations</summary>\n\n- {LIMIT}\n\n</details>",
    ],
)  # fmt: skip
def test_t56_control_a_limit_in_a_plain_box_stands_as_it_did(text: str) -> None:
    assert [(words.strip(), under) for words, under in limits(text)] == [(LIMIT, "")]


@pytest.mark.parametrize(("path", "sign"), [("rt.rst", ".. "), ("rt.tex", "% "), ("rt.adoc", "// "), ("rt.md", "")])
def test_t56_a_report_in_remarks_blocks(promotion: Promotion, path: str, sign: str) -> None:
    promotion.restart()
    lines = promotion.read("governance/red-team-report.md").split("\n")
    text = "\n".join(line if line.startswith(("#", "System")) or not line else sign + line for line in lines)
    name = str(Path("governance", path))
    result = promotion.attempt({name: text}, artifacts=promotion.inputs("red-team-report", path=name))
    assert (result.code, result.blocking()) == ((1, ["artifact:red-team-report"]) if sign else (0, []))


FREE_CARD: dict[str, Any] = {
    "model_name": "Ranker",
    "version": "2.1",
    "primary_intended_uses": ["Order applications for a recruiter who reads all of them"],
    "primary_intended_users": ["Recruiters of the company"],
    "out_of_scope_uses": ["Rejecting anybody without a person reading"],
    "prohibited_uses": ["Automatic rejection of people"],
    "known_limitations": ["Reads English and German only"],
    "training_data_description": "Applications of 2019 to 2023, with consent, without photographs.",
    "evaluation_data_description": "A held out sample of 2024 with 400 applications.",
    "failure_modes": ["Long gaps in a career are ranked low by it"],
    "identified_biases": {"assessed": True, "method": "four-fifths rule over sex and age band", "findings": []},
    "mitigation_measures": ["A recruiter reads each application"],
    "overall_performance": {"accuracy": 0.91},
    "performance_by_group": {"women": {"accuracy": 0.91}, "men": {"accuracy": 0.9}},
    "incident_contact": "ai@example.com",
    "review_schedule": "each quarter",
}
LIMITS = {"known_limitations": FREE_CARD["known_limitations"]}


@pytest.fixture(scope="module")
def free(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """A high system whose card is YAML of its own making."""
    repo = Scratch(tmp_path_factory.mktemp("t56"))
    repo.adopt(high_system("production", model_card="card.yaml"))
    repo.commit("A card", by="Rae Kim", files={"card.yaml": to_yaml(FREE_CARD)})
    return repo


@pytest.mark.parametrize(
    "aside",
    [
        {"withdrawn": LIMITS},
        {"_comment": LIMITS},
        {"x-comment": {"limits": LIMITS}},
        {"history": {"obsolete": LIMITS}},
        {"history": {"status": "withdrawn", **LIMITS}},
        {"limits": {"withdrawn": True, **LIMITS}},
        {"known_limitations": {"withdrawn": FREE_CARD["known_limitations"], "now": ["Nothing that anybody has seen"]}},
    ],
    ids=str,
)
def test_t56_a_limit_of_a_yaml_card_under_a_key_that_sets_it_aside(free: Scratch, aside: dict[str, Any]) -> None:
    free.branch("aside")
    kept = {name: value for name, value in FREE_CARD.items() if name != "known_limitations"}
    free.commit("Tidy", files={"card.yaml": to_yaml({**kept, **aside})})
    found = free.check()
    assert (found.code, "limit-dropped" in found.changes()) == (1, True), found


@pytest.mark.parametrize(
    "more",
    [{"status": "deprecated"}, {"_comment": "as of today"}, {"withdrawn": {"limits": ["Reads English only"]}}],
    ids=str,
)
def test_t56_control_remarks_beside_what_a_yaml_card_says(free: Scratch, more: dict[str, Any]) -> None:
    free.branch("beside")
    free.commit("Tidy", files={"card.yaml": to_yaml({**FREE_CARD, **more})})
    found = free.check()
    assert (found.code, found.changes()) == (0, []), found


def test_t56_a_number_of_a_yaml_card_that_is_withdrawn(free: Scratch) -> None:
    free.branch("number")
    free.commit(
        "Tidy", files={"card.yaml": to_yaml({**FREE_CARD, "overall_performance": {"withdrawn": {"accuracy": 0.91}}})}
    )
    assert "metric-regressed" in free.check().changes()
