"""D53: what a reader of purpose and limits sees otherwise is put side by side, sentence by sentence."""

from __future__ import annotations

from typing import Any

import pytest
from facts_world import PROFILE, entry, policy, snapshot
from msgspec.structs import replace

from policy_gate.facts.changes import changes_between
from policy_gate.facts.changes_card import word_edits
from policy_gate.facts.facts import facts_of
from policy_gate.schema.change import Change
from policy_gate.schema.facts import Facts
from policy_gate.schema.source import Location

CARD = """# Screener

A screener for applications.

## Intended use

Rank job applicants. Recruiters decide.

## Limitations

- Weak on handwritten resumes.
- Weak on resumes in French.

## Training data

Applications of the years before, 12,000 of them.
"""
LESS = {name: "informational" if name == "decision_impact" else value for name, value in PROFILE.items()}
LOW = {**LESS, "human_oversight": "full", "deployment_scale": "internal", "data_sensitivity": "non_sensitive"}


def side(card: str | None = CARD, **fields: Any) -> Facts:
    named = {} if card is None else {"model_card": "card.md"}
    return facts_of(snapshot(entry(**named, **fields), files={"card.md": card or ""}), policy())[0]


def edits(was: Facts, now: Facts) -> list[Change]:
    return list(word_edits([was], [now], policy()))


def told(old: str, new: str, card: str = CARD) -> list[tuple[str, Any, Any]]:
    assert old in card
    return [(edit.field, edit.before, edit.after) for edit in edits(side(card), side(card.replace(old, new)))]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("Rank job applicants.", "Sort job applicants.",
         [("primary_intended_uses", "Rank job applicants.", "Sort job applicants.")]),
        ("- Weak on handwritten resumes.\n", "",
         [("known_limitations", "Weak on handwritten resumes.", None)]),
        ("## Training", "- Weak on resumes in Greek.\n\n## Training",
         [("known_limitations", None, "Weak on resumes in Greek.")]),
        ("Weak on resumes in French.", "Weak on handwritten resumes.",
         [("known_limitations", "Weak on resumes in French.", "Weak on handwritten resumes.")]),
        ("A screener for applications.", "A toy.",
         [("above purpose and limits", "A screener for applications.", "A toy.")]),
        ("A screener for applications.\n", "",
         [("above purpose and limits", "A screener for applications.", None)]),
        ("A screener for applications.", "A screener for applications.\n\nNot for use.",
         [("above purpose and limits", None, "Not for use.")]),
        # blanks and another order are no other words, and what stands below or elsewhere is not theirs
        ("Weak on handwritten resumes.", "Weak  on  handwritten resumes.", []),
        ("- Weak on handwritten resumes.\n- Weak on resumes in French.",
         "- Weak on resumes in French.\n- Weak on handwritten resumes.", []),
        ("12,000 of them.", "12,000 of them. More to come.", []),
    ],
)  # fmt: skip
def test_each_sentence_that_differs_is_told_with_its_field(old: str, new: str, found: list[Any]) -> None:
    assert told(old, new) == found


def test_a_sentence_is_told_with_what_it_stands_under() -> None:
    quoted = CARD.replace("- Weak on handwritten resumes.\n", "- Weak on resumes in Greek.\n\n### Mended since\n\n")
    moved = [edit for edit in edits(side(), side(quoted)) if edit.field == "known_limitations"]
    assert [edit.before for edit in moved] == ["Weak on handwritten resumes.\nWeak on resumes in French."]
    assert [edit.after for edit in moved] == [
        "Weak on resumes in Greek.\nWeak on resumes in French. (under Mended since)"
    ]


def test_an_edit_is_located_in_both_cards_and_weakens_nothing() -> None:
    (edit,) = edits(side(), side("\n\n" + CARD.replace("Rank", "Sort")))
    assert (edit.kind, edit.location, edit.base_location) == (
        "words-edited", Location("card.md", 9, 1), Location("card.md", 7, 1),
    )  # fmt: skip
    (above,) = edits(side(), side(CARD.replace("A screener", "A toy")))
    assert (above.location, above.base_location) == (Location("card.md", 1, 1), Location("card.md", 1, 1))


def test_only_two_cards_that_can_be_read_are_compared() -> None:
    other = CARD.replace("Rank", "Sort")
    assert edits(side(), side(other))
    for card in (None, ""):
        assert edits(side(card), side(other)) == edits(side(), side(card)) == []
    same = side()
    assert edits(same, same) == []
    assert word_edits([], [same], policy()) == word_edits([same], [], policy()) == ()


@pytest.mark.parametrize(("was", "now", "is_compared"), [
    (PROFILE, PROFILE, True), (LOW, PROFILE, True), (PROFILE, LOW, True), (LOW, LOW, False),
])  # fmt: skip
def test_words_are_compared_where_an_approval_binds_what_is_judged(was: Any, now: Any, is_compared: bool) -> None:
    assert side(risk_profile=LOW).tier not in policy().assurance.binds_code
    found = edits(side(risk_profile=was), side(CARD.replace("Rank", "Sort"), risk_profile=now))
    assert bool(found) is is_compared


MODEL = "## Model name\n\n{}\n"


@pytest.mark.parametrize(
    ("was", "now", "is_told"),
    [
        ("gpt-4o", "gpt-4o-mini", True),
        ("gpt-4o", "GPT-4o", False),
        ("gpt-4o", None, True),
        ("Screener", None, False),
        ("- gpt-4o\n- claude-3", "- claude-3\n- gpt-4o", False),
        ("- gpt-4o\n- claude-3", "- gpt-4o", True),
    ],
)
def test_d39_another_name_of_the_model_is_told_and_the_title_of_the_card_is_none(
    was: str, now: str | None, is_told: bool
) -> None:
    def tree(name: str | None) -> Any:
        text = CARD if name is None else CARD.replace("## Training", f"{MODEL.format(name)}\n## Training")
        return snapshot(entry(model_card="card.md"), files={"card.md": text})

    base, result = tree(was), tree(now)
    found = changes_between(facts_of(base, policy()), facts_of(result, policy()), base, result, policy())
    assert [change.field for change in found if change.kind == "model-changed"] == (["model_name"] if is_told else [])


@pytest.mark.parametrize(
    ("was", "now", "is_told"),
    [
        # of thirteen words and more it is prose, in which a preposition is none; of fewer, a name
        ("It was trained to align {} what people like as its authors say", ("to", "with"), False),
        ("It was trained to align {} what people like as its authors", ("to", "with"), True),
        ("It was trained to align to what people {} as its authors say", ("like", "loathe"), True),
        ("{} gpt-4o", ("of", "for"), True),
        ("{}gpt-4o", ("of the family ", ""), True),
    ],
)
def test_d39_prose_about_a_version_is_held_by_its_words_and_a_name_by_each_letter(
    was: str, now: tuple[str, str], *, is_told: bool
) -> None:
    trees = []
    for word in now:
        text = CARD.replace("## Training", f"## Version\n\n{was.format(word)}\n\n## Training")
        trees.append(snapshot(entry(model_card="card.md"), files={"card.md": text}))
    base, result = trees
    found = changes_between(facts_of(base, policy()), facts_of(result, policy()), base, result, policy())
    assert [change.field for change in found if change.kind == "model-changed"] == (["version"] if is_told else [])


def test_d39_a_title_that_takes_the_old_name_of_the_model_hides_no_other_one() -> None:
    def tree(title: str, name: str) -> Any:
        text = CARD.replace("# Screener", f"# {title}").replace("## Training", f"{MODEL.format(name)}\n## Training")
        return snapshot(entry(model_card="card.md"), files={"card.md": text})

    base, result = tree("Screener", "gpt-4o"), tree("gpt-4o", "claude-3")
    found = changes_between(facts_of(base, policy()), facts_of(result, policy()), base, result, policy())
    assert [change.field for change in found if change.kind == "model-changed"] == ["model_name"]


@pytest.mark.parametrize(("was", "is_told"), [("gpt-4o", True), ("Screener", False)])
def test_d39_a_name_of_the_model_leaves_with_the_card(was: str, is_told: bool) -> None:
    text = CARD.replace("## Training", f"{MODEL.format(was)}\n## Training")
    base, result = snapshot(entry(model_card="card.md"), files={"card.md": text}), snapshot(entry())
    found = changes_between(facts_of(base, policy()), facts_of(result, policy()), base, result, policy())
    assert [change.field for change in found if change.kind == "model-changed"] == (["model_name"] if is_told else [])


def test_numbers_that_fall_and_limits_that_loosen_are_told_with_both_and_their_lines() -> None:
    def tree(rows: str) -> Any:
        head = "| Metric | Value | Threshold |\n|---|---|---|\n"
        return snapshot(entry(model_card="c.md"), files={"c.md": f"# C\n\n## Evaluation\n\n{head}{rows}"})

    def found(before: str, after: str) -> list[Change]:
        base, result = tree(before), tree(after)
        made = changes_between(facts_of(base, policy()), facts_of(result, policy()), base, result, policy())
        return [change for change in made if change.kind in ("metric-regressed", "limit-dropped")]

    (fell,) = found("| accuracy | 0.91 | 0.85 |\n", "| recall | 0.9 | 0.8 |\n| accuracy | 0.90 | 0.85 |\n")
    assert (fell.kind, fell.field, fell.before, fell.after) == ("metric-regressed", "accuracy[overall]", 0.91, 0.9)
    assert (fell.location, fell.base_location) == (Location("c.md", 8, 1), Location("c.md", 7, 1))
    (loosened,) = found("| accuracy | 0.91 | 0.85 |\n", "| accuracy | 0.91 | 0.8 |\n")
    assert (loosened.kind, loosened.field) == ("limit-dropped", "threshold accuracy[overall]")
    assert (loosened.before, loosened.after) == (0.85, 0.8)
    gone = found("| accuracy | 0.91 | 0.85 |\n", "| recall | 0.91 | 0.85 |\n")
    assert [(change.field, change.after, change.location) for change in gone] == [
        ("threshold accuracy[overall]", None, gone[0].location),
        ("accuracy[overall]", None, gone[0].location),
    ]
    assert gone[0].base_location == Location("c.md", 7, 1)
    assert gone[0].location == tree("").systems[0].at("model_card"), "no line of the card: where the entry names it"
    assert found("| Accuracy | 0.91 | 0.85 |\n", "| accuracy | 0.91 | 0.85 |\n") == []


def test_a_card_that_is_only_declared_has_no_words_of_its_own() -> None:
    bare = facts_of(snapshot(entry(model_card="c.md")), policy())[0]
    assert bare.card is not None
    assert bare.card.cause is not None
    assert edits(bare, side()) == edits(side(), bare) == []
    read = replace(bare, card=replace(bare.card, cause=None))
    assert edits(read, side()), "the control: where it could be read all of it is new"
