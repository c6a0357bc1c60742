"""T11: sections whose sentences say, at any length, that what should stand there is to come or stands elsewhere."""

from __future__ import annotations

import pytest
from evidence import document

from policy_gate.cards.card_values import field_of
from policy_gate.cards.substance import substantive_words
from policy_gate.facts.document_sections import read_markdown

TITLES = ("Personal data", "Need", "Risks to people", "Measures")
UNWRITTEN = [
    "This section on what the system is sent will be added before launch, when the product has been decided upon.",
    "The description of it will be completed in the next quarter by whoever is then in charge of the product.",
    "The team will write this part once the legal department has had time to look at it.",
    "This chapter was deliberately left blank because the deadline was close and few people were there.",
    "We intend to finish the remaining sections; this section is not yet written.",
    "See the internal wiki for everything about it, which everybody in the company can open at any time.",
    "All of it is documented in our Confluence space, on the page that the privacy team keeps up to date.",
    "Tracked in ticket PRIV-77, which is assigned to Bo and due in the coming quarter of this year.",
    "As an AI language model, I cannot provide details of your system and of the people it is about.",
    "Here is a general template that can be filled in by whoever knows the system well enough.",
    "This section will be\nadded later, when the product\nhas been decided upon.",
    "The limitations of this model will be documented after launch by the team that runs it.",
    "Bias testing is planned for the third quarter and done by an external company.",
    "There are no limitations that we know of at this point in time.",
    "We did not find any serious biases so far.",
    "As with any machine learning model, there may be limitations.",
    "Weit hinten, hinter den Wortbergen, fern der Länder Vokalien und Konsonantien leben die Blindtexte.",
    "Sed ut perspiciatis unde omnis iste natus error sit voluptatem accusantium doloremque laudantium totam rem.",
]
WRITTEN = [
    "This report will be provided to the regulator within 72 hours, together with the log of the incident.",
    "The description of the incident is written into the log by the engineer on call within a day.",
    "This plan is updated after each release, and the product owner signs every version of it.",
    "The form will be completed by the reviewer for each case, and kept for three years.",
    "Incidents are tracked in Jira with the label ai-incident and a severity that the duty officer sets.",
    "In this section of the pipeline, names and photographs are removed before the model sees a text.",
    "The page that applicants see was left without a photograph, so that nobody is judged by it.",
    "A language model reads each application, and a person reads it after that.",
    "There are no limitations on the length of a text, which is why long ones are cut off at 512 tokens.",
    "We did not find any biases in 4,000 paired applications that differ in name and gender only.",
    "As with any ranking model, applicants at the end of a list are read late or not at all.",
    "Users will be informed of these limits in the next step of the form before they send anything.",
    "We have not evaluated the model on applications in other languages than English.",
]


@pytest.mark.parametrize("sentence", UNWRITTEN)
def test_t11_a_sentence_that_puts_off_its_section_has_no_words(sentence: str) -> None:
    assert substantive_words([sentence]) == 0


@pytest.mark.parametrize("sentence", UNWRITTEN)
def test_t11_nor_does_it_state_a_field_of_a_card(sentence: str) -> None:
    assert field_of(sentence, 1, "known_limitations").state == "placeholder"


@pytest.mark.parametrize("sentence", WRITTEN)
def test_t11_control_sentences_about_the_work_are_words(sentence: str) -> None:
    assert substantive_words([sentence]) > 10
    assert field_of(sentence, 1, "known_limitations").state == "present"


def test_t11_what_else_stands_in_such_a_section_counts() -> None:
    text = f"{UNWRITTEN[0]} Names and photographs are removed before the model sees a text."
    assert substantive_words([text]) == 11


def test_t11_one_text_with_the_name_of_each_section_in_it_is_said_once() -> None:
    same = "All aspects of {} were looked at with great care by all those who are concerned by it."
    text = "".join(f"## {title}\n\n{same.format(title.lower())}\n\n" for title in TITLES)
    said = [section.words for section in read_markdown(text).sections]
    assert said[0] > 10
    assert said[1:] == [0, 0, 0]


def test_t11_control_sections_of_like_build_are_told_apart() -> None:
    text = "".join(
        f"## {title}\n\n{said} is reviewed by the data protection officer each quarter, and signed by {who}.\n\n"
        for title, said, who in zip(
            TITLES,
            ("The list of what is sent", "The reason for each part", "What can harm applicants", "What is done"),
            ("Rae", "Bo", "Kim", "Sam"),
            strict=True,
        )
    )
    assert all(section.words > 12 for section in read_markdown(text).sections)


def test_t11_control_the_documents_of_the_catalogue_count_as_before() -> None:
    assert all(section.own > 10 for section in read_markdown(document("red-team-report")).sections[1:])
