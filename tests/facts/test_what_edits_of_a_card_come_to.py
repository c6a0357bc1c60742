"""Everything that is told of two cards, there and back, held against a file that people have read."""

from __future__ import annotations

from pathlib import Path

import pytest
from facts_world import entry, policy, snapshot
from golden_lines import held_against

from policy_gate.facts.changes import changes_between
from policy_gate.facts.changes_card import gains_of_cards, word_edits
from policy_gate.facts.facts import facts_of
from policy_gate.schema.change import Change
from policy_gate.schema.snapshot import Snapshot

GOLDEN = Path(__file__).parent / "golden" / "cards.txt"
CARD = """# Resume ranker

A ranker of applications for our own recruiters.

## Model name

resume-ranker

## Version

2.1

## Base model

bert-base

## Changelog

Trained anew on the cleaned sample.

## Intended uses

- Order job applications for a recruiter who reads all of them.
- Find applications that came twice.

## Intended users

Recruiters of our own company.

## Out of scope uses

- Ranking people who already work here.

## Known limitations

- Weak on handwritten resumes.
- Knows no schools outside Europe.
- Slow on very long documents.

## Training data

12,000 applications of 2019 to 2023.

## Approved by

Ada Example

## Performance

| metric | value | threshold |
| --- | --- | --- |
| accuracy | 0.90 | 0.85 |
| latency | 90 ms | 120 ms |
| recall | 0.80 | |

## Performance by group

| group | recall |
| --- | --- |
| women | 0.78 |
| men | 0.82 |
"""
EDITS: dict[str, list[tuple[str, str]]] = {
    "nothing": [],
    "a word of the top": [("for our own recruiters", "for everybody")],
    "the top is gone": [("A ranker of applications for our own recruiters.\n", "")],
    "a remark at the end": [("| men | 0.82 |\n", "| men | 0.82 |\n\n## Thanks\n\nTo all who helped.\n")],
    "a remark between": [("## Version\n", "## Thanks\n\nTo all who helped.\n\n## Version\n")],
    "another model": [("bert-base", "bert-large")],
    "another model and version": [("bert-base", "bert-large"), ("\n2.1\n", "\n3.0\n")],
    "another model, version and word on it": [
        ("bert-base", "bert-large"), ("\n2.1\n", "\n3.0\n"), ("on the cleaned sample", "from a larger base"),
    ],
    "another version": [("\n2.1\n", "\n3.0\n")],
    "another version without a word on it": [
        ("\n2.1\n", "\n3.0\n"), ("## Changelog\n\nTrained anew on the cleaned sample.\n\n", ""),
    ],
    "no version": [("## Version\n\n2.1\n\n", "")],
    "an empty version": [("\n2.1\n", "\nTBD\n")],
    "no version and another model": [("## Version\n\n2.1\n\n", ""), ("bert-base", "bert-large")],
    "the version in other letters": [("\n2.1\n", "\nv2.1\n")],
    "another name of the model": [("resume-ranker", "people-ranker")],
    "no name of the model": [("## Model name\n\nresume-ranker\n\n", "")],
    "another title": [("# Resume ranker", "# Ranker of people")],
    "another use": [("Find applications that came twice.", "Reject applications that came twice.")],
    "another use and model": [("Find applications", "Reject applications"), ("bert-base", "bert-large")],
    "a use more": [("- Find applications", "- Reject applicants.\n- Find applications")],
    "a use less": [("- Find applications that came twice.\n", "")],
    "uses in another order": [
        ("- Order job applications for a recruiter who reads all of them.\n- Find applications that came twice.",
         "- Find applications that came twice.\n- Order job applications for a recruiter who reads all of them."),
    ],
    "uses in other letters": [("Find applications that came twice.", "find applications, that came twice")],
    "uses under a heading": [("- Order job", "### Once intended\n\n- Order job")],
    "no uses": [
        ("- Order job applications for a recruiter who reads all of them.\n", ""),
        ("- Find applications that came twice.", "TBD"),
    ],
    "other users": [("Recruiters of our own company", "Everybody")],
    "a limit less": [("- Knows no schools outside Europe.\n", "")],
    "a limit more": [("- Slow on", "- Reads no photos.\n- Slow on")],
    "another limit": [("Knows no schools outside Europe", "Knows few schools outside Europe")],
    "two limits in one": [("resumes.\n- Knows", "resumes. Knows")],
    "limits in one sentence": [
        ("- Weak on handwritten resumes.\n- Knows no schools outside Europe.\n- Slow on very long documents.",
         "Weak on handwritten resumes, knows no schools outside Europe, slow on very long documents."),
    ],
    "limits that hold no more": [("- Weak on", "### Mended since\n\n- Weak on")],
    "no limits": [
        ("- Weak on handwritten resumes.\n- Knows no schools outside Europe.\n- Slow on very long documents.", "TODO"),
    ],
    "no section of limits": [
        ("## Known limitations\n\n- Weak on handwritten resumes.\n- Knows no schools outside Europe.\n"
         "- Slow on very long documents.\n\n", ""),
    ],
    "nothing is out of scope": [("- Ranking people who already work here.", "None.")],
    "other data": [("12,000 applications", "9,000 applications")],
    "other words for the data": [("12,000 applications of 2019 to 2023", "From 2019 to 2023 applications, 12,000")],
    "no data": [("12,000 applications of 2019 to 2023.", "TBD")],
    "approved by another": [("Ada Example", "Bo Author")],
    "approved by nobody": [("## Approved by\n\nAda Example\n\n", "")],
    "a number falls": [("| 0.90 |", "| 0.89 |")],
    "a number rises": [("| 0.90 |", "| 0.91 |")],
    "a number is gone": [("| accuracy | 0.90 | 0.85 |\n", "")],
    "a number without a limit is gone": [("| recall | 0.80 | |\n", "")],
    "a number is empty": [("| accuracy | 0.90 | 0.85 |", "| accuracy | | 0.85 |")],
    "a number in another unit": [("90 ms", "0.09 s")],
    "a number in another unit is worse": [("90 ms", "0.1 s")],
    "a number by another case": [("| accuracy |", "| Accuracy |")],
    "a limit of a number falls": [("0.85 |", "0.80 |")],
    "a limit of a number rises": [("0.85 |", "0.87 |")],
    "a limit of a number is gone": [("| 0.85 |", "| |")],
    "a limit of a number comes": [("| recall | 0.80 | |", "| recall | 0.80 | 0.75 |")],
    "a limit of a number comes and another falls": [
        ("| recall | 0.80 | |", "| recall | 0.80 | 0.75 |"), ("0.85 |", "0.80 |"),
    ],
    "a limit in another unit": [("120 ms", "0.12 s")],
    "a limit in another unit lets more through": [("120 ms", "0.13 s")],
    "the number of a group falls": [("| women | 0.78 |", "| women | 0.70 |")],
    "a group is gone": [("| women | 0.78 |\n", "")],
    "a group comes": [("| men | 0.82 |\n", "| men | 0.82 |\n| others | 0.70 |\n")],
}  # fmt: skip
BARE = """# Resume ranker

The ranker is intended to be used by recruiters who read every application themselves.
It must not be used to reject applicants without a person who reads them.
The model is known to be weak on handwritten resumes and on photographs.

## Training data

12,000 applications of 2019 to 2023.
"""
"""a card that says what it is for, and what not, in no section of its own"""
OF_BARE: dict[str, list[tuple[str, str]]] = {
    "other purpose": [("recruiters who read", "machines that read")],
    "a ban less": [("It must not be used to reject applicants without a person who reads them.\n", "")],
    "another ban": [("without a person who reads them", "in Europe without asking a person")],
    "a limit is gone": [("The model is known to be weak on handwritten resumes and on photographs.\n", "")],
    "a section of its own": [
        ("It must not be used to reject applicants without a person who reads them.\n", ""),
        ("## Training", "## Prohibited uses\n\n- It must not be used to reject applicants without a person who reads "
         "them.\n\n## Training"),
    ],
    "a section of its own of something else": [
        ("It must not be used to reject applicants without a person who reads them.\n", ""),
        ("## Training", "## Prohibited uses\n\n- Ranking people who already work here.\n\n## Training"),
    ],
    "its purpose in a section of its own": [
        ("The ranker is intended to be used by recruiters who read every application themselves.\n", ""),
        ("## Training", "## Intended uses\n\nThe ranker is intended to be used by recruiters who read every "
         "application themselves.\n\n## Training"),
    ],
    "its purpose under what limits it": [
        ("The ranker is intended to be used by recruiters who read every application themselves.\n", ""),
        ("## Training", "## Intended uses\n\n### Planned\n\nThe ranker is intended to be used by recruiters who read "
         "every application themselves.\n\n## Training"),
    ],
    "only the title": [(BARE.partition("\n")[2], "\n## Training data\n\nTBD\n")],
}  # fmt: skip


def tree(text: str) -> Snapshot:
    return snapshot(entry(model_card="card.md"), files={"card.md": text})


def edited(text: str, edits: list[tuple[str, str]]) -> str:
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return text


def told(before: str, after: str) -> list[str]:
    base, result = tree(before), tree(after)
    was, now = facts_of(base, policy()), facts_of(result, policy())
    changes = changes_between(was, now, base, result, policy())
    gains, edits = gains_of_cards(was, now, policy()), word_edits(was, now, policy())
    return [_line(it) for it in changes] + [f"gain {_line(it)}" for it in gains] + [_line(it) for it in edits]


def _line(it: Change) -> str:
    share = f" by {it.by_percent:g} %" if it.by_percent else ""
    places = f"{_at(it.base_location)} to {_at(it.location)}"
    return f"{it.kind} {it.field}{share}: {it.before!r} -> {it.after!r} ({places})"


def _at(place: object) -> str:
    return str(place).removeprefix("card.md:") if place else "nowhere"


@pytest.mark.parametrize("name", EDITS)
def test_what_is_told_of_an_edit_of_a_card_and_of_its_way_back(name: str) -> None:
    other = edited(CARD, EDITS[name])
    lines = [f"there: {line}" for line in told(CARD, other)] + [f"back: {line}" for line in told(other, CARD)]
    held_against(GOLDEN, name, lines)


@pytest.mark.parametrize("name", OF_BARE)
def test_what_is_told_of_a_card_that_says_it_in_no_section_of_its_own(name: str) -> None:
    other = edited(BARE, OF_BARE[name])
    lines = [f"there: {line}" for line in told(BARE, other)] + [f"back: {line}" for line in told(other, BARE)]
    held_against(GOLDEN, f"bare, {name}", lines)


def test_what_is_told_between_a_card_with_sections_and_one_without() -> None:
    lines = [f"there: {line}" for line in told(CARD, BARE)] + [f"back: {line}" for line in told(BARE, CARD)]
    held_against(GOLDEN, "another card", lines)


def test_a_changelog_that_is_not_there_does_not_stay_the_same() -> None:
    bare = edited(CARD, [("## Changelog\n\nTrained anew on the cleaned sample.\n\n", "")])
    for was, now, is_told in ((CARD, CARD, True), (bare, bare, False), (bare, CARD, False), (CARD, bare, False)):
        lines = told(was, edited(now, [("\n2.1\n", "\n3.0\n")]))
        assert any(line.startswith("changelog-kept ") for line in lines) is is_told


@pytest.mark.parametrize(
    ("more", "dropped"),
    [("\n- ...", []), (" ...", []), (" ... Reads no photos.", ["'Reads no photos.' -> None"])],
)
def test_dots_that_go_from_the_limits_are_no_limit(more: str, dropped: list[str]) -> None:
    was = edited(CARD, [("- Weak on handwritten resumes.", f"- Weak on handwritten resumes.{more}")])
    lines = [line for line in told(was, CARD) if line.startswith("limit-dropped")]
    assert [line.partition(": ")[2].partition(" (")[0] for line in lines] == dropped


def test_dots_between_limits_that_go_are_not_told_among_them() -> None:
    was = edited(CARD, [("- Weak on handwritten resumes.", "- Weak on handwritten resumes. ... Reads no photos.")])
    now = edited(CARD, [("- Weak on handwritten resumes.\n", "")])
    (line,) = (line for line in told(was, now) if line.startswith("limit-dropped"))
    assert "'Weak on handwritten resumes.\\nReads no photos.' -> None" in line


def test_limits_that_a_new_sentence_takes_back_are_told_with_it() -> None:
    lifted = edited(CARD, [("very long documents.\n", "very long documents.\n- All of these are fixed now.\n")])
    (line,) = (line for line in told(CARD, lifted) if line.startswith("limit-dropped"))
    limits = "Weak on handwritten resumes.\nKnows no schools outside Europe.\nSlow on very long documents."
    assert line.startswith(f"limit-dropped known_limitations: {limits!r} -> 'All of these are fixed now.'")


def test_a_card_that_comes_and_one_that_goes_say_nothing_anew() -> None:
    without = snapshot(entry())
    for base, result in ((without, tree(CARD)), (tree(CARD), without), (without, without)):
        was, now = facts_of(base, policy()), facts_of(result, policy())
        assert gains_of_cards(was, now, policy()) == word_edits(was, now, policy()) == ()


def test_a_card_in_which_nothing_is_filled_in_says_nothing_that_could_be_lost() -> None:
    bare = "| metric | value | threshold |\n|---|---|---|\n| accuracy | {} | {} |\n"
    blank, less, written = bare.format("TBD", 0.8), bare.format("TBD", 0.7), f"# C\n\n{bare.format(0.9, 0.7)}"
    assert facts_of(tree(blank), policy())[0].card.cause == "template"  # type: ignore[union-attr]
    assert told(blank, less) == told(blank, written) == []
    assert [line.partition(":")[0] for line in told(written, blank)] == ["card-section-removed model_name"]


@pytest.mark.parametrize("title", ["", "# Ranker of people\n\n"], ids=["no title", "a title"])
@pytest.mark.parametrize(
    ("was", "now", "is_told"),
    [
        ("ranker", "sorter", True),
        ("ranker", "ranker", False),
        ("ranker", "Ranker", False),
        ("\N{HUGGING FACE}", "sorter", True),
        ("sorter", "\N{HUGGING FACE}", True),
        ("\N{HUGGING FACE}", "\N{HUGGING FACE}", False),
    ],
)
def test_another_name_of_the_model_is_told_be_it_a_sign_that_is_no_word(
    title: str, was: str, now: str, is_told: bool
) -> None:
    cards = (f"{title}## Model name\n\n{name}\n\n## Intended use\n\nOrder applications.\n" for name in (was, now))
    assert any(line.startswith("model-changed model_name") for line in told(*cards)) is is_told
