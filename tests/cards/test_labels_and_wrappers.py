"""Shapes of cards in which a field stood unseen: labels in bold, blanks of other kinds, a lone key around all."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.facts import CardFact
from policy_gate.schema.source import Location


def read(text: str, path: str = "CARD.md") -> CardFact:
    return read_card(evidence_of(path, "", text.encode()), Location("governance.yaml"), CARD_WORDS)


def state(text: str, name: str, path: str = "CARD.md") -> str:
    return read(text, path).fields[name].state


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u3000", "\u2009"])
def test_a_heading_is_one_whatever_blank_follows_its_mark(blank: str) -> None:
    text = f"# Ranker\n\n##{blank}Known limitations\n\nIt stops at 40 kg.\n"
    found = read(text).fields["known_limitations"]
    assert (found.state, found.text, found.line) == ("present", "It stops at 40 kg.", 5)
    assert state(text.replace(f"##{blank}", "##"), "known_limitations") == "absent"


@pytest.mark.parametrize("mark", [".", "?", ""])
def test_bold_words_at_the_beginning_of_a_paragraph_may_end_as_a_sentence(mark: str) -> None:
    told = f"# Ranker\n\n## Use\n\nFor parcels.\n\n**What it is not for{mark}** Letters and people.\n"
    assert state(told, "out_of_scope_uses") == "present"
    assert state(told.replace("What it is not for", "What it looks like"), "out_of_scope_uses") == "absent"


@pytest.mark.parametrize("tag", ["strong", "b"])
def test_bold_labels_of_a_page_are_labels_as_in_markdown(tag: str) -> None:
    page = (
        f"<h1>Ranker</h1>\n<p><{tag}>Version:</{tag}> 2.1 · <{tag}>Owner:</{tag}> Lyon</p>\n<h2>Intended use</h2>\n"
        f"<ul>\n<li><{tag}>Main:</{tag}> parcels</li>\n<li><{tag}>Users:</{tag}> the sorters of Lyon</li>\n"
        f"<li><{tag}>What it is not for.</{tag}> Letters and people.</li>\n</ul>\n"
    )
    fields = read(page, "card.html").fields
    told = {name: (fields[name].text, fields[name].line) for name in ("version", "authors", "primary_intended_users")}
    assert told == {"version": ("2.1", 2), "authors": ("Lyon", 2), "primary_intended_users": ("the sorters of Lyon", 6)}
    assert fields["out_of_scope_uses"].text == "Letters and people."


@pytest.mark.parametrize(("words", "is_label"), [(9, True), (10, True), (11, False)])
def test_a_bold_line_of_ten_words_is_a_label_and_a_longer_one_a_sentence(words: int, is_label: bool) -> None:
    label = " ".join(["Seals"] * words)
    found = read(f"# Ranker\n\n**{label}**\nLetters in old scripts.\n")
    assert ((3, label) in found.unclaimed) is is_label


def test_a_label_of_its_own_stays_with_what_stands_behind_it() -> None:
    found = read(
        "# Ranker\n\n## Known limitations\n\n**Scanned pages:**\n\nTables are read last.\n\nIt stops at 40 kg.\n"
    )
    assert found.fields["known_limitations"].items == ("Scanned pages: Tables are read last.", "It stops at 40 kg.")


def test_bold_words_of_a_page_that_are_hidden_or_within_a_line_are_no_label() -> None:
    page = "<h1>Ranker</h1>\n<p>It has {} the sorters of Lyon</p>\n"
    assert state(page.format("<b>Users:</b>"), "primary_intended_users", "card.html") == "absent"
    hidden = "<h1>R</h1>\n<p style='display:none'><b>Users:</b> the sorters of Lyon</p>\n"
    assert state(hidden, "primary_intended_users", "card.html") == "absent"
    aside = "<h1>R</h1>\n<p><b>Template:</b></p><p>Intended users: the sorters of Lyon</p>\n"
    assert state(aside, "primary_intended_users", "card.html") == "absent"


def test_a_card_within_a_lone_key_of_a_house_is_read_as_one() -> None:
    inner = "  metadata:\n    name: Ranker\n    developer: Lyon\n"
    body = f"{inner}  limitations: Stops at parcels of more than 40 kg.\n  intended_use: Sorting of parcels.\n"
    found = read(f"mr:\n{body}", "card.yaml").fields
    assert {found[it].state for it in ("model_name", "authors", "known_limitations")} == {"present"}
    assert found["known_limitations"].line == 5
    other = read(f"previous_model:\n{body}", "card.yaml").fields
    assert other["model_name"].state == "absent"
    several = read(f"server:\n{inner}mr:\n  limitations: Stops at 40 kg.\n", "card.yaml").fields
    assert several["model_name"].state == "absent"
