"""Which heading stands for which wanted section (D54): a table of names, headings and who wins."""

from __future__ import annotations

import pytest

from policy_gate.evaluate.headings import WantedSections
from policy_gate.schema.facts import Section
from policy_gate.schema.rule_set import WantedSection


def found(wanted: list[str], *headings: str, called: dict[str, str] | None = None) -> list[str]:
    """The headings that stand for the wanted sections; each has as many words as its place in the document."""
    names = [WantedSection(title, tuple(aliases)) for title, *aliases in (it.split(" / ") for it in wanted)]
    sections = [Section(title, at, at) for at, title in enumerate(headings, 1)]
    return [it.title for it in WantedSections(names).find(sections, called or {})]


@pytest.mark.parametrize(
    ("wanted", "headings", "expected"),
    [
        (["Scope"], ["Scope"], ["Scope"]),
        (["Scope"], ["Findings"], [""]),
        (["Scope"], [], [""]),
        (["Scope", "Findings"], ["Preface", "Scope", "Words", "Findings"], ["Scope", "Findings"]),
        # small words and the ending of many make no difference, the order of words neither
        (["Test results"], ["Result of the test"], ["Result of the test"]),
        (["Test results"], ["Results"], [""]),
        (["Bus"], ["Bu"], [""]),
        (["Bias"], ["Bia"], ["Bia"]),
        (["Of the"], ["The of"], ["The of"]),
        (["Of the"], ["A"], [""]),
        # the name itself goes before the same words, these before the name among others
        (["Test results"], ["Results of tests", "Test results", "All test results"], ["Test results"]),
        (["Test results"], ["Test results", "Tests result"], ["Test results"]),
        (["Test results"], ["All test results", "Results, tests"], ["Results, tests"]),
        # among headings that hold the name: more of it, then earlier in it, then more words below
        (["Scope"], ["Scope and many other things", "Scope notes"], ["Scope notes"]),
        (["Scope"], ["Notes scope", "Scope notes"], ["Scope notes"]),
        (["Scope"], ["Scope notes", "Scope remark"], ["Scope remark"]),
        # no heading for two sections, and no section twice
        (["Scope", "Findings"], ["Scope and findings"], ["Scope and findings", ""]),
        (["Findings", "Scope"], ["Scope and findings"], ["", "Scope and findings"]),
        (["Scope", "Findings"], ["Scope and findings", "Findings"], ["Scope and findings", "Findings"]),
        (["Scope", "Scope of tests"], ["Scope of tests", "Scope"], ["Scope", "Scope of tests"]),
        (["Scope / Extent"], ["Extent"], ["Extent"]),
        (["Scope / Extent"], ["Extent", "Scope"], ["Scope"]),
        # a sentence is no heading
        (["Scope"], ["Scope " + "word " * 13], ["Scope " + "word " * 13]),
        (["Scope"], ["Scope " + "word " * 14], [""]),
        (["Scope scope"], ["Scope"], ["Scope"]),
    ],
)
def test_which_heading_stands_for_which_section(wanted: list[str], headings: list[str], expected: list[str]) -> None:
    assert found(wanted, *headings) == expected


@pytest.mark.parametrize(
    ("called", "headings", "expected"),
    [
        ({"Scope": "Extent"}, ["Scope", "Extent"], ["Extent", ""]),
        ({"Scope": "Extent"}, ["Scope"], ["", ""]),
        ({"Scope": "Extent"}, ["Extent of it"], ["Extent of it", ""]),
        ({"Scope": "Extent"}, ["Extent and more"], ["", ""]),
        ({"Scope": "Tested extent"}, ["Extent that was tested", "Findings"], ["", "Findings"]),
        ({"Scope": "Tested extent"}, ["Extents, tested", "Findings"], ["Extents, tested", "Findings"]),
        ({"Scope": "Extent"}, ["Extent", "Findings"], ["Extent", "Findings"]),
        ({"Scope": "Extent"}, ["Findings", "Extent"], ["Extent", "Findings"]),
        ({"scope": "Extent"}, ["Extent"], ["Extent", ""]),
        ({"Another": "Extent"}, ["Scope", "Extent"], ["Scope", ""]),
        ({"Scope": "Findings"}, ["Findings"], ["Findings", ""]),
    ],
)
def test_a_document_may_say_what_it_calls_a_section(
    called: dict[str, str], headings: list[str], expected: list[str]
) -> None:
    assert found(["Scope", "Findings"], *headings, called=called) == expected
