"""Several models in one text: what is said of one fills no field of the other, and what stands outside is both's."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.facts import CardFact
from policy_gate.schema.source import Location

HEADINGS = """# Rankers

## License

Apache-2.0

## ranker-small

### Intended use

Orders letters for clerks.

### Limitations

- Reads no scans.

## ranker-large

### Intended use

Orders contracts for lawyers.

### Limitations

- Needs four cards.

### Failure modes

- Drops annexes.

## Contact

desk@example.com
"""
SETEXT = """Rankers
=======

License: Apache-2.0

Contact: desk@example.com

ranker-small
------------

**Intended use**

Orders letters for clerks.

**Limitations**: Reads no scans.

ranker-large
------------

**Intended use**

Orders contracts for lawyers.

**Limitations**: Needs four cards.

**Failure modes**: Drops annexes.
"""
HTML = """<h1>Rankers</h1>

License: Apache-2.0

Contact: desk@example.com

<h2>1. Model A: ranker-small</h2>

<h3>Intended use</h3>

Orders letters for clerks.

<h3>Limitations</h3>

Reads no scans.

<h2>2. Model B: ranker-large</h2>

<h3>Intended use</h3>

Orders contracts for lawyers.

<h3>Limitations</h3>

Needs four cards.

<h3>Failure modes</h3>

Drops annexes.
"""
NAMED = HEADINGS.replace("## ranker-small\n", "## Model of the first kind\n\n- **Model name:** ranker-small\n").replace(
    "## ranker-large\n", "## Model of the second kind\n\n- **Model name:** ranker-large\n"
)
HUB = "---\nlicense: apache-2.0\n---\n" + HEADINGS


def read(text: str, *names: str, path: str = "card.md") -> CardFact:
    return read_card(evidence_of(path, "", text.encode()), Location("governance.yaml"), CARD_WORDS, names)


def said(card: CardFact, field: str) -> str:
    return card.fields[field].text or ""


@pytest.mark.parametrize("text", [HEADINGS, SETEXT, HTML, NAMED, HUB], ids=["atx", "setext", "html", "named", "hub"])
def test_what_is_said_of_one_model_fills_no_field_of_the_other(text: str) -> None:
    small, large = read(text, "ranker-small"), read(text, "ranker-large")
    assert len(small.models.described) == 2
    assert small.models.is_named
    assert said(small, "primary_intended_uses") == "Orders letters for clerks."
    assert said(large, "primary_intended_uses") == "Orders contracts for lawyers."
    assert said(small, "known_limitations") == "Reads no scans."
    assert (small.fields["failure_modes"].state, said(large, "failure_modes")) == ("absent", "Drops annexes.")
    for card in (small, large):
        assert said(card, "license").casefold() == "apache-2.0"
        assert said(card, "incident_contact") == "desk@example.com"


def test_lines_stay_where_they_are() -> None:
    assert read(HEADINGS, "ranker-large").fields["failure_modes"].line == 29
    assert read(HUB, "ranker-large").fields["failure_modes"].line == 32


def test_of_models_that_nothing_names_the_first_is_read_and_it_is_told_so() -> None:
    for names in ((), ("invoice-reader",), ("ranker-small", "ranker-large")):
        card = read(HEADINGS, *names)
        assert (card.models.judged, card.models.is_named) == ("ranker-small", False)
        assert said(card, "known_limitations") == "Reads no scans."


@pytest.mark.parametrize(
    ("name", "judged"),
    [
        ("Ranker-Large", "2. Model B: ranker-large"),
        ("Model A: ranker-small", "1. Model A: ranker-small"),
        ("ranker", ""),
        ("large", ""),
    ],
)
def test_a_model_is_named_by_its_whole_name(name: str, judged: str) -> None:
    choice = read(HTML, name).models
    assert (choice.judged if choice.is_named else "") == judged


TABLE = """# The ranker family

| Model | Version | Training data size | License |
|---|---|---|---|
| ranker-small | 1.2 | 4,000 letters | MIT |
| ranker-large | 2.0 | 90,000 contracts | Apache-2.0 |

## Limitations

Neither of them reads scans.
"""


def test_a_table_of_a_family_is_read_by_the_row_of_the_model() -> None:
    small, large, any_ = read(TABLE, "ranker-small"), read(TABLE, "ranker-large"), read(TABLE, "invoice-reader")
    assert (said(small, "version"), said(large, "version")) == ("1.2", "2.0")
    assert (said(small, "license"), said(large, "license")) == ("MIT", "Apache-2.0")
    assert said(small, "training_data_size") == "4,000 letters"
    assert said(any_, "version") == "1.2\n2.0"
    for card in (small, large, any_):
        assert said(card, "known_limitations") == "Neither of them reads scans."


ONE = """# Ranker

## {0}

### {2}

One.

### {3}

Two of them.

## {1}

### {2}

Three.

### {3}

Four of them.
"""


@pytest.mark.parametrize(
    "parts",
    [
        ("English", "Deutsch", "Intended use", "Limitations"),
        ("v1.0", "v2.0", "Intended use", "Limitations"),
        ("Letters", "Contracts", "Size", "License"),
        ("Training data", "Evaluation data", "Size", "Limitations"),
        ("For clerks", "For lawyers", "Steps", "Limitations"),
        ("Detection", "Segmentation", "Results", "Limitations"),
    ],
)
def test_parts_of_one_models_card_are_no_models(parts: tuple[str, ...]) -> None:
    assert read(ONE.format(*parts)).models.described == ()


def test_a_name_that_is_asked_for_may_look_like_any_word() -> None:
    text = ONE.format("Falcon", "Heron", "Intended use", "Limitations")
    assert read(text).models.described == ()
    assert said(read(text, "heron"), "known_limitations") == "Four of them."
    assert said(read(text, "falcon"), "known_limitations") == "Two of them."


def test_data_with_keys_are_of_one_model() -> None:
    card = read('{"model_name": "Ranker", "version": "1"}', "other", path="card.json")
    assert (card.models.described, said(card, "version")) == ((), "1")
