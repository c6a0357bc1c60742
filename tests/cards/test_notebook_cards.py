"""A card that is a notebook: its Markdown cells are read, each where it stands in the file, and nothing else of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.notebook_text import as_shown
from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.facts import CardFact
from policy_gate.schema.source import Location


def cell(text: str, kind: str = "markdown", **metadata: Any) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": metadata, "source": text.splitlines(keepends=True), "outputs": []}


def notebook(*cells: dict[str, Any], **form: Any) -> str:
    return json.dumps({"cells": list(cells), "nbformat": 4, "nbformat_minor": 5, "metadata": {}}, indent=1, **form)


def card(text: str) -> CardFact:
    return read_card(evidence_of("card.ipynb", "", text.encode()), Location("governance.yaml"), CARD_WORDS)


HEAD = cell("# Model card: Ranker\n\n**Version:** 2.1  \n**Owner:** Ada Byron\n")
LIMITS = cell('## Limitations\n\n- Reads no tables\n- Weak on scans, "alas"\n')
RESULTS = cell("## Results\n\n| Metric | Value | Threshold |\n|---|---|---|\n| accuracy | 0.9 | 0.85 |\n")


@pytest.mark.parametrize("form", [{}, {"ensure_ascii": False}])
def test_its_markdown_cells_are_the_card(form: dict[str, Any]) -> None:
    found = card(notebook(HEAD, cell("accuracy = 0.1", "code"), LIMITS, RESULTS, **form))
    said = {name: it.text for name, it in found.fields.items() if it.state == "present"}
    assert (said["model_name"], said["version"], said["authors"]) == ("Ranker", "2.1", "Ada Byron")
    assert said["known_limitations"] == 'Reads no tables\nWeak on scans, "alas"'
    assert [(it.name, it.value, it.threshold) for it in found.metrics] == [("accuracy", 0.9, 0.85)]


def test_a_field_has_the_line_that_it_stands_on_in_the_file() -> None:
    text = notebook(HEAD, cell("x = 1\n" * 20, "code"), LIMITS)
    lines = text.split("\n")
    line = card(text).fields["known_limitations"].line
    assert line is not None
    assert "Reads no tables" in lines[line - 1]


def test_a_notebook_in_one_line_is_read_too() -> None:
    text = json.dumps(json.loads(notebook(HEAD, LIMITS)))
    joined = json.loads(text)
    for it in joined["cells"]:
        it["source"] = "".join(it["source"])
    for form in (text, json.dumps(joined)):
        assert card(form).fields["known_limitations"].state == "present"


@pytest.mark.parametrize(
    "other",
    [
        cell("# Limitations\n\nReads no tables.", "code"),
        cell("# Limitations\n\nReads no tables.", "raw"),
        cell("## Limitations\n\nReads no tables.", jupyter={"source_hidden": True}),
        cell("## Limitations\n\nReads no tables.", tags=["remove_cell"]),
        cell("## Limitations\n\nReads no tables.", tags=["hide-input"]),
        cell("## Limitations\n\nReads no tables.", tags=["hidden"]),
        cell("## Limitations\n\nReads no tables.", tags=["Remove-Cell"]),
        cell("## Limitations\n\nReads no tables.", tags="no-display"),
        cell("## Limitations\n\nReads no tables.", nbsphinx="hidden"),
        cell("<!--\n## Limitations\n\nReads no tables."),
        cell("<div hidden>\n\n## Limitations\n\nReads no tables."),
        cell("## Limitations\n\n<!-- Reads no tables. -->"),
        cell("## Limitations\n\nTBD"),
    ],
)
def test_t56_what_a_reader_is_not_shown_states_nothing(other: dict[str, Any]) -> None:
    assert card(notebook(HEAD, other)).fields["known_limitations"].state != "present"


def test_t56_control_a_cell_with_other_tags_is_shown() -> None:
    shown = cell(
        "## Limitations\n\nReads no tables.",
        tags=["card", "show-input", "hide-output"],
        jupyter={"source_hidden": False},
    )
    assert card(notebook(HEAD, shown)).fields["known_limitations"].state == "present"


@pytest.mark.parametrize(
    "text",
    ['{"cells": 3}', '{"cells": [3]}', "{", '{"cells": [{"cell_type": "markdown"}]}', '{"nbformat": 4}', "[" * 9999],
)
def test_t16_what_is_no_notebook_is_refused_or_states_nothing(text: str) -> None:
    assert card(text).cause in ("refused", "template")


def test_t16_a_key_that_is_there_twice_is_refused() -> None:
    text = notebook(LIMITS).replace('"nbformat": 4,', '"nbformat": 4, "cells": [],')
    assert card(text).cause == "refused"


def test_what_was_read_once_is_not_read_again() -> None:
    evidence = evidence_of("card.ipynb", "", notebook(HEAD, LIMITS).encode())
    assert as_shown(as_shown(evidence)) == as_shown(evidence)


@pytest.mark.parametrize(
    "before",
    [
        "<!--",
        "An aside <!-- of ours",
        "```python\nx = 1",
        "~~~\n```",
        "<div hidden>\n",
        '<span style="display:none">',
        "<del>",
    ],
)  # fmt: skip
def test_t56_what_a_cell_leaves_open_ends_with_it_as_it_is_shown(before: str) -> None:
    found = card(notebook(HEAD, cell(before), LIMITS, RESULTS))
    assert found.fields["known_limitations"].state == "present"
    assert [(it.name, it.threshold) for it in found.metrics] == [("accuracy", 0.85)]
