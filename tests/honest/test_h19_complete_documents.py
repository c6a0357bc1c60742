"""H19: a complete document that is a few words short, or has a common template's headings, is not stopped (D54)."""

from __future__ import annotations

import pytest
from evidence import prose
from promotion import Promotion

PATH = "governance/privacy-impact-assessment.md"
COMMON = """# Data protection impact assessment

## Description of the processing operations

Applications are sent without name and photograph to a hosted model, which orders them for a recruiter who reads all.

## Necessity and proportionality of the processing

Four hundred people apply for a post; only the text of the application is used, and nothing is kept past thirty days.

## Risks to the rights and freedoms of data subjects

Somebody is ranked low for a gap in a career, and is read late; a school could count though it should not.

## Measures envisaged to address the risks

Names, schools and photographs are taken out before; everybody is read by a person, and may ask for the reason.
"""


@pytest.fixture(scope="module")
def promoted(tmp_path_factory: pytest.TempPathFactory) -> Promotion:
    return Promotion(tmp_path_factory.mktemp("h19"))


def test_h19_the_headings_of_a_common_template(promoted: Promotion) -> None:
    result = promoted.attempt({PATH: COMMON})
    assert (result.code, result.finding("privacy-impact-assessment")["state"]) == (0, "met")


@pytest.mark.parametrize(("sentence", "state"), [
    ("This assessment is withdrawn if the model changes.", "met"),
    ("This document is obsolete unless it is read again every year.", "met"),
    ("This assessment is superseded by no other document.", "met"),
    ("Status: superseded by nothing", "met"),
    ("This assessment is withdrawn.", "gap"),
])  # fmt: skip
def test_h19_what_is_to_end_on_a_condition_counts_until_then(promoted: Promotion, sentence: str, state: str) -> None:
    text = COMMON.replace("assessment\n\n", f"assessment\n\n{sentence}\n\n", 1)
    assert promoted.attempt({PATH: text}).finding("privacy-impact-assessment")["state"] == state


@pytest.mark.parametrize(("words", "state"), [(18, "met"), (17, "met"), (16, "gap"), (9, "gap")])
def test_h19_short_by_less_than_a_fifth_is_advice(promoted: Promotion, words: int, state: str) -> None:
    titles = ("Personal data", "Need", "Risks to people", "Measures")
    text = "".join(f"## {title}\n\n{prose(words, 9 * number)}\n\n" for number, title in enumerate(titles))
    finding = promoted.attempt({PATH: text}).finding("privacy-impact-assessment")
    assert finding["state"] == state
    assert f"{4 * words}" in (" ".join(finding["details"]) if state == "met" else finding["message"])


def test_h19_a_section_of_seven_words_is_advice(promoted: Promotion) -> None:
    text = COMMON.replace(COMMON.split("\n\n")[4], "Four hundred people apply for each post.")
    finding = promoted.attempt({PATH: text}).finding("privacy-impact-assessment")
    assert (finding["state"], "7 of 8 words" in " ".join(finding["details"])) == ("met", True)
