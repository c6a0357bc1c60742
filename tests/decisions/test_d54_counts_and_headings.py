"""D54: a count is no judge of content, headings match by their words, and one text is not two papers."""

from __future__ import annotations

import pytest
from evidence import document, prose
from promotion import Promotion

from policy_gate.evaluate.headings import WantedSections
from policy_gate.facts.document_sections import read_markdown
from policy_gate.schema.rule_set import WantedSection

REPORT = "red-team-report"
PATH = f"governance/{REPORT}.md"
RISKS = WantedSection("Risks to people", ("Risks", "Risk assessment"))
MEASURES = WantedSection("Measures", ("Mitigation", "Safeguards"))
TEXT = "Somebody is ranked low for a gap in a career and is read late by the recruiter."


def found(text: str, *wanted: WantedSection, **called: str) -> list[str]:
    return [section.title for section in WantedSections(wanted).find(read_markdown(text).sections, called)]


@pytest.mark.parametrize(
    "heading",
    [
        "Risks to people", "RISKS TO PEOPLE", "3.2 Risks to people", "3) Risks to people:", "⚠️ Risks to people",
        ":warning: Risks to people", "Risks to people {#risks}", "**Risks to people**", "People: risks to them",
        "Risks to the rights and freedoms of people", "Assessment of risk", "Risks to people <a name='r'></a>",
    ],
)  # fmt: skip
def test_d54_a_heading_is_known_by_its_words(heading: str) -> None:
    assert WantedSections([RISKS]).find(read_markdown(f"# A\n\n## {heading}\n\n{TEXT}\n").sections, {})[0].words == 17


@pytest.mark.parametrize(
    "heading", ["Scope", "People", "Asterisks", "What went on in the year before and after it all"]
)
def test_d54_another_heading_is_not(heading: str) -> None:
    assert found(f"# A\n\n## {heading}\n\n{TEXT}\n", RISKS) == [""]


def test_d54_one_heading_is_one_section() -> None:
    both = f"## Measures that address the risks\n\n{TEXT}\n"
    assert sorted(found(both, RISKS, MEASURES)) == ["", "Measures that address the risks"]
    apart = f"{both}\n## Risks to data subjects\n\n{TEXT} Twice.\n"
    assert found(apart, RISKS, MEASURES) == ["Risks to data subjects", "Measures that address the risks"]
    nested = read_markdown(f"## Risks seen by us\n\n### Measures taken by us\n\n{TEXT}\n").sections
    assert [section.words for section in WantedSections([RISKS, MEASURES]).find(nested, {})] == [0, 17]


def test_d54_the_heading_that_is_the_name_goes_before_a_longer_section_of_the_same_words() -> None:
    longer = f"## People: risks to them\n\n{TEXT} {TEXT}\n"
    assert found(longer, RISKS) == ["People: risks to them"]
    turned = WantedSection("Risks and measures")
    both = f"## Measures and risks\n\n{TEXT} Again: {TEXT}\n\n## Risks and measures\n\n{TEXT}\n"
    assert found(both, turned) == ["Risks and measures"]


def test_d54_the_manifest_may_say_how_a_section_is_called() -> None:
    text = f"## What could go wrong\n\n{TEXT}\n"
    assert found(text, RISKS) == [""]
    called = {"Risks to people": "1. What could go wrong"}
    assert WantedSections([RISKS]).find(read_markdown(text).sections, called)[0].title == "What could go wrong"
    two = WantedSections([RISKS, MEASURES]).find(
        read_markdown(text).sections, called | {"Measures": "What could go wrong"}
    )
    assert sorted(section.title for section in two) == ["", "What could go wrong"]
    first = read_markdown(f"## Measures\n\n{TEXT}\n\n{text}").sections
    assert [it.title for it in WantedSections([RISKS, MEASURES]).find(first, called)] == [
        "What could go wrong",
        "Measures",
    ]


def test_d54_same_words_again_are_thin_and_prose_is_not() -> None:
    some = ("audit", "security", "review", "model", "system", "test", "check", "report", "attack", "scope", "finding")
    shuffled = " ".join(some[(7 * number * number + 3 * number) % 11] for number in range(120))
    block = " ".join(prose(30).rstrip(".").split() * 8)
    for text in (shuffled, block, "we did it and we did well " * 6):
        section = read_markdown(f"## Scope\n\n{text}\n").sections[0]
        assert (section.words, "different words" in (section.placeholder or "")) == (0, True), text
    rows = "".join(f"| case {number} | tried | refused |\n" for number in range(30))
    assert read_markdown(f"## Scope\n\n| a | b | c |\n|---|---|---|\n{rows}").sections[0].words > 30
    assert read_markdown(f"## Scope\n\n{prose(60)}\n").sections[0].words == 60


@pytest.fixture(scope="module")
def promoted(tmp_path_factory: pytest.TempPathFactory) -> Promotion:
    return Promotion(tmp_path_factory.mktemp("d54"))


def test_d54_what_is_missing_is_said_with_what_is_there(promoted: Promotion) -> None:
    text = document(REPORT).replace("## Attacks tried", "## Who came")
    result = promoted.attempt({PATH: text})
    said = " ".join(result.finding(REPORT)["details"])
    assert result.blocking() == [f"artifact:{REPORT}"]
    assert all(word in said for word in ('"Attacks tried"', '"Scenarios"', "at least 8 words", '"Who came"')), said
    mapped = promoted.attempt({PATH: text}, sections={REPORT: {"Attacks tried": "Who came"}})
    assert (mapped.code, mapped.finding(REPORT)["state"]) == (0, "met")


def test_d54_one_file_is_not_two_papers(promoted: Promotion) -> None:
    other = "incident-response-plan"
    same = promoted.attempt(artifacts=promoted.inputs(other, path=PATH))
    assert f"artifact:{other}" in same.blocking() or f"artifact:{REPORT}" in same.blocking()
    text = document(REPORT)
    copied = promoted.attempt({f"governance/{other}.md": text, PATH: text})
    assert [name for name in copied.blocking() if name in (f"artifact:{other}", f"artifact:{REPORT}")]
    assert promoted.attempt({PATH: text}).code == 0


@pytest.mark.parametrize("more", [" \n", "<!-- another one -->\n", "\n2026-11-02\n", "\n\n"], ids=repr)
def test_d54_one_text_in_two_files_is_not_two_papers(promoted: Promotion, more: str) -> None:
    """It holds what both of them want, and is another blob each time."""
    other = "incident-response-plan"
    both = f"{document(REPORT)}\n{document(other)}"
    copied = promoted.attempt({f"governance/{other}.md": f"{both}{more}", PATH: both})
    assert [name for name in copied.blocking() if name in (f"artifact:{other}", f"artifact:{REPORT}")], copied
    assert promoted.attempt({PATH: both}).code == 0, "control: the other one is a paper of its own"
