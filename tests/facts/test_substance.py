"""Evidence is looked at: what counts as written, and what only looks like it."""

from __future__ import annotations

import pytest
from facts_world import entry, evidence, policy, snapshot

from policy_gate.cards.substance import substantive_words
from policy_gate.evaluate.headings import WantedSections
from policy_gate.facts.document_sections import DocumentReading, read_data, read_markdown
from policy_gate.facts.facts import facts_of
from policy_gate.schema.facts import ArtifactFact
from policy_gate.schema.snapshot import Evidence

HONEST = """# Rollback procedure

## When

Roll back when the error rate of the screener stays above two percent for ten minutes, or when a reviewer
reports a ranking that nobody can explain.

## How

1. Set `SCREENER_MODEL` to the previous release in the deployment settings.
2. Restart the two ranking services and watch the queue drain.
3. Tell People Ops in the channel that yesterday's ranking was recomputed.
"""


def seen(text: str | Evidence, path: str = "doc.md", **fields: object) -> ArtifactFact:
    files = {path: text}
    item = {"id": "red-team-report", "path": path, "status": "final", "completed": "2026-10-01", **fields}
    return facts_of(snapshot(entry(artifacts=[item]), files=files), policy())[0].artifacts["red-team-report"]


def test_an_honest_short_document_counts() -> None:
    fact = seen(HONEST)
    assert fact.cause is None
    assert fact.words > 50
    assert {section.title: section.words > 15 for section in fact.sections} == {
        "Rollback procedure": True,
        "When": True,
        "How": True,
    }
    assert [section.line for section in fact.sections] == [1, 3, 8]
    assert fact.placeholder is None


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "empty"),
        ("  \n\t\n", "empty"),
        ("\u200b\u2060\ufeff\u3164\n", "empty"),
        ("# Red team report\n\n## Scope\n\n## Findings\n", "template"),
        ("<!-- We attacked the system for two weeks and wrote down all that we saw. -->\n", "template"),
        ("# R\n\n## Scope\n\nTODO\n\n## Findings\n\nTBD\n", "template"),
        ("# R\n\n## Scope\n\n[Insert scope here]\n\n## Findings\n\n{{ findings }}\n", "template"),
        ("# R\n\n## Scope\n\n*Describe what was attacked, by whom and for how long.*\n", "template"),
        ("# R\n\n## Scope\n\nDescribe the scope of the exercise, the team and the dates.\n", "template"),
        ("# R\n\n## Scope\n\n<your text here>\n", "template"),
        ("# R\n\n## Scope\n\n![a long picture title that says a lot of things](x.png)\n", "template"),
        ("# R\n\n| Finding | Severity |\n|---|---|\n| | |\n| | |\n", "template"),
        ("# R\n\n## Scope\n\n```\n```\n", "template"),
        ("# R\n\n## Scope\n\nScope\n\n## Findings\n\nFindings\n", "template"),
        ("[//]: # (a comment that nobody sees but that has many words in it)\n", "template"),
        ('# R\n\n<div style="display:none">We attacked it for two weeks and wrote it down.</div>\n', "template"),
        ("# R\n\nLorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor.\n", "template"),
    ],
)
def test_t11_what_only_looks_like_a_document(text: str, cause: str) -> None:
    fact = seen(text)
    assert fact.cause == cause
    assert fact.detail


def test_t11_headings_without_text_hold_no_words() -> None:
    fact = seen(HONEST + "\n## Findings\n\nTBD\n\n## Remediation\n")
    words = {section.title: section.words for section in fact.sections}
    assert words["Findings"] == words["Remediation"] == 0
    assert words["How"] > 0
    assert (fact.placeholder, fact.placeholder_line) == ("TBD", 16)


def test_t11_one_text_does_not_fill_two_wanted_sections_by_nesting() -> None:
    wanted = [section.title for section in policy().artifacts["red-team-report"].sections]
    text = (
        "".join(f"{'#' * (level + 2)} {title}\n\n" for level, title in enumerate(wanted)) + HONEST.split("## When")[1]
    )
    sections = seen(f"# R\n\n{text}").sections
    found = WantedSections(policy().artifacts["red-team-report"].sections).find(sections, {})
    assert [section.words > 20 for section in found] == [title == wanted[-1] for title in wanted]
    assert found[0].words == 0


def test_t11_a_long_sentence_counts_under_the_first_heading_that_has_it() -> None:
    text = "Two prompts leaked the salary of an applicant to everybody who asked for it."
    twice = read_markdown(f"## Findings\n\n{text}\n\n## Remediation\n\n{text}\n")
    assert [section.words for section in twice.sections] == [14, 0]
    assert twice.words == 14


def test_subsections_count_for_their_section() -> None:
    sections = read_markdown("## Findings\n\n### Critical\n\nTwo prompts leaked the salary of an applicant.\n").sections
    assert [(section.title, section.words) for section in sections] == [("Findings", 8), ("Critical", 8)]


@pytest.mark.parametrize(
    "filler",
    [
        "word " * 200,
        "foo bar baz " * 60,
        "The system was tested.\n" * 50,
        "\u200b".join("looksfine") + "\u2800" * 200,
    ],
)
def test_t11_filler_hardly_counts(filler: str) -> None:
    assert read_markdown(filler).words < 6


def test_a_run_in_label_is_a_section() -> None:
    reading = read_markdown("**Scope:** the ranking service and its two queues.\n\n**Result:** TBD\n")
    assert [(s.title, s.words, s.placeholder) for s in reading.sections] == [("Scope", 7, None), ("Result", 0, "TBD")]


def test_html_headings_are_sections() -> None:
    reading = read_markdown("<h2>Scope</h2>\n<p>The ranking service only.</p>\n")
    assert [(section.title, section.words) for section in reading.sections] == [("Scope", 4)]


def test_text_without_spaces_counts_by_characters() -> None:
    assert read_markdown("このモデルは応募者の履歴書を順位付けする。最終決定は人が行う。").words == 15


def test_data_documents_have_their_keys_as_sections() -> None:
    fact = seen("scope: the ranking service and its queues\nfindings:\n- one prompt leaked a name\n- TBD\n", "doc.yaml")
    assert [(s.title, s.line, s.words) for s in fact.sections] == [("scope", 1, 6), ("findings", 2, 5)]
    assert fact.placeholder == "TBD"
    assert read_data({"a": None, "b": ["N/A"]}, {}).is_template


def test_tables_with_results_count_and_unanswered_rows_do_not() -> None:
    table = "| Attack | Result |\n|---|---|\n| jailbreak | refused in 98 of 100 |\n| leak | TBD |\n"
    reading = read_markdown(table)
    assert (reading.words, reading.placeholders) == (6, 1)


@pytest.mark.parametrize("state", ["symlink", "submodule", "folder", "lfs-pointer", "collision", "too-large", "binary"])
def test_t13_what_is_no_regular_text_file_is_refused(state: str) -> None:
    fact = seen(Evidence("doc.md", state))  # type: ignore[arg-type]
    assert fact.cause == "refused"


def test_a_missing_file_is_absent() -> None:
    assert seen(Evidence("doc.md", "absent")).cause == "absent"


def test_t13_a_path_that_leaves_its_folder_is_refused() -> None:
    item = {"id": "red-team-report", "path": "../doc.md"}
    fact = facts_of(snapshot(entry(artifacts=[item])), policy())[0].artifacts["red-team-report"]
    assert fact.cause == "refused"


def test_evidence_held_elsewhere_is_attested_by_its_digest() -> None:
    held = {"id": "red-team-report", "url": "https://drive.example.com/x", "sha256": "a" * 64, "held_by": "Security"}
    fact = facts_of(snapshot(entry(artifacts=[held])), policy())[0].artifacts["red-team-report"]
    assert (fact.cause, fact.attested) == (None, "a" * 64)
    fact = facts_of(snapshot(entry(artifacts=[held | {"sha256": None}])), policy())[0].artifacts["red-team-report"]
    assert (fact.cause, fact.attested) == ("refused", None)


def test_a_binary_file_is_attested_only_with_digest_and_holder() -> None:
    binary = Evidence("doc.pdf", "binary", "0" * 40, sha256="b" * 64)
    assert seen(binary, "doc.pdf", sha256="b" * 64, held_by="Security").attested == "b" * 64
    assert seen(binary, "doc.pdf", sha256="b" * 64).cause == "refused"


def test_d37_a_document_names_the_systems_it_is_for() -> None:
    assert seen(HONEST).names_systems == ()
    assert seen("---\nsystem: SYS-009\n---\n" + HONEST).names_systems == ("SYS-009",)
    assert seen("---\nsystem: Hiring Resume Screener\n---\n" + HONEST).names_systems == ("SYS-001",)
    assert seen("System: SYS-001\n\n" + HONEST).names_systems == ("SYS-001",)


def test_substance_is_the_text_less_blanks_and_dates() -> None:
    one = "---\ndate: 2025-01-01\n---\nReviewed on 3 March 2025.  No  leak\nwas found."
    two = "---\ndate: 2026-11-02\n---\nReviewed on November 2, 2026. No leak <!-- new -->\n\nwas\u200b found."
    assert read_markdown(one).substance == read_markdown(two).substance
    assert read_markdown(one).substance != read_markdown(two.replace("No leak", "One leak")).substance


def test_front_matter_is_no_substance() -> None:
    assert seen("---\ntitle: A long report about many things that we have seen in the field\n---\n").cause == "template"
    assert evidence("doc.md", "---\na: b\n---\ntext").body_line == 4


def read(text: str) -> DocumentReading:
    return read_markdown(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Who attacked it, and when?", 0),
        ("Who attacked it? Which tools were used?", 0),
        ("**Who attacked it?**", 0),
        ("Who attacked it?\nWhich tools were used?", 0),
        ("Who attacked it? Eight people of the platform team.", 8),
        ("[x] Was it attacked by others?", 5),
        ("Findings:", 0),
        ("Findings of the second week in May:", 7),
        ("Findings: three, all of them closed.", 6),
    ],
)
def test_questions_and_labels_of_a_form_are_no_answers(text: str, words: int) -> None:
    found = read(f"# Report\n\n## Scope\n\n{text}\n")
    assert (found.words > 0) is (words > 0)
    assert found.filled == (1 if words else 0)


def table(*rows: str) -> str:
    return "# Report\n\n| Risk | Owner | Measure |\n|---|---|---|\n" + "".join(f"{row}\n" for row in rows)


@pytest.mark.parametrize(
    ("row", "filled", "waiting"),
    [
        ("| Theft | Ops | Locks |", 1, None),
        ("| Theft | Ops | |", 1, None),
        ("| Theft | TBD | |", 0, "TBD"),
        ("| Theft | | |", 0, "(empty table row)"),
    ],
)
def test_a_row_of_a_table_counts_with_two_cells_filled(row: str, filled: int, waiting: str | None) -> None:
    found = read(table("| Fire | Ops | Doors |", row))
    assert (found.filled, found.placeholder) == (1 + filled, waiting)
    assert found.placeholder_line == (6 if waiting else None)


def test_a_table_of_one_column_counts_by_its_one_cell() -> None:
    found = read("# R\n\n| Risk |\n|---|\n| Theft of the model |\n| TBD |\n")
    assert (found.filled, found.placeholders, found.placeholder) == (1, 1, "TBD")


@pytest.mark.parametrize(
    ("text", "hollow"),
    [
        ("Words without any heading stand here.", False),
        ("# Report\n\nWords under the title stand here.", False),
        ("# Report\n\nWords under the title stand here.\n\n## Scope\n", True),
        ("# Report\n\n## Scope\n\nWords under it stand here.\n", False),
        ("# Report\n\n## Scope\n\n## Findings\n\nWords under it stand here.\n", False),
        ("# Report\n\nWords.\n\n## Scope\n\n## Findings\n", True),
    ],
)
def test_hollow_is_a_document_whose_sections_below_its_title_are_empty(text: str, hollow: bool) -> None:
    assert read(text).hollow is hollow


def test_a_placeholder_is_told_at_its_own_line_and_the_first_one_first() -> None:
    found = read("# R\n\nWords of substance stand here.\nTODO write more\n\n## S\n\nTBD\n")
    assert (found.placeholder, found.placeholder_line, found.placeholders) == ("TODO", 4, 2)
    assert read("# R\n\nWords.\n\n*Describe what was attacked.*\n").placeholder_line == 5


def test_a_section_counts_what_stands_in_those_below_it() -> None:
    text = "# R\n\none two\n\n## A\n\nthree four five\n\n### B\n\nsix\n\n## C\n\nTBD\n\n# D\n\nseven eight\n"
    found = {
        section.title: (section.line, section.level, section.words, section.own) for section in read(text).sections
    }
    assert found == {"R": (1, 1, 6, 2), "A": (5, 2, 4, 3), "B": (9, 3, 1, 1), "C": (13, 2, 0, 0), "D": (17, 1, 2, 2)}
    assert [section.placeholder for section in read(text).sections] == ["TBD", None, None, "TBD", None]


def test_the_keys_of_data_are_its_sections_with_their_lines() -> None:
    item = evidence(
        "r.yaml", "scope: eight people attacked it\nfindings:\n  - three of them closed\n  - TBD\nleft_open:\n"
    )
    found = read_data(item.data, item.marks)
    assert [(section.title, section.line, section.level) for section in found.sections] == [
        ("scope", 1, 1), ("findings", 2, 1), ("left open", 5, 1),
    ]  # fmt: skip
    assert (found.filled, found.placeholders) == (2, 2)
    assert (found.placeholder, found.placeholder_line) == ("TBD", 2)
    listed = read_data(["eight people attacked it", None], {})
    assert (listed.sections, listed.filled, listed.placeholder, listed.placeholder_line) == ((), 1, "(empty)", 1)
    unplaced = read_data({"scope": "TBD"}, {})
    assert [(section.line) for section in unplaced.sections] == [1]


def test_front_matter_is_no_text_of_the_document_and_lines_are_those_of_the_file() -> None:
    plain = "# Report\n\nEight people attacked the service.\nTODO the rest\n\n## Scope\n\nThe ranking service.\n"
    front = "---\nowner: a person of some other team\nstatus: final\n---\n"
    bare, whole = seen(plain), seen(front + plain)
    assert (whole.words, whole.placeholder) == (bare.words, "TODO")
    assert (bare.placeholder_line, whole.placeholder_line) == (4, 8)
    assert [section.line for section in whole.sections] == [section.line + 4 for section in bare.sections]
    assert whole.substance == bare.substance


def test_an_entry_named_twice_is_not_two_papers_of_one_text() -> None:
    item = {"id": "red-team-report", "path": "doc.md"}
    (found,) = facts_of(snapshot(entry(artifacts=[item, item]), files={"doc.md": HONEST}), policy())
    assert found.artifacts["red-team-report"].cause is None
    assert "named twice" in found.problems[0].message


def test_of_two_blanks_the_first_is_told_and_a_label_is_told_from_a_sentence() -> None:
    fact = seen("# R\n\n## Scope\n\nTODO\n\nTBD\n")
    assert (fact.placeholder, fact.placeholder_line) == ("TODO", 5)
    assert read_markdown("**Scope:** all").substance == read_markdown("**Scope:**  all").substance


def test_t56_control_hebrew_behind_an_override_is_words() -> None:
    hebrew = "שלום לכם וברוכים הבאים"
    assert substantive_words([f"\u202e{hebrew}\u202c"]) == substantive_words([hebrew]) > 0
