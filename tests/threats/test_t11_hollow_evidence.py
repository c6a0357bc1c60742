"""T11: evidence that is there and says nothing."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS
from evidence import document, prose
from promotion import Promotion

from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.source import Location

PATH = "governance/red-team-report.md"
HEADINGS = ("# Red team report", "## Scope", "## Attacks tried", "## Findings", "## Remediation")


def under_each(text: str) -> str:
    return "\n\n".join(f"{heading}\n\n{text}" for heading in HEADINGS)


def below_each(text: str, line: int) -> tuple[str, str, int]:
    return under_each(text), "is a template", line


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("", "is empty", 1),
        (" \n\t\n\u200b\u2060\n", "is empty", 1),
        ("TODO\n", "is a template", 1),
        ("All good.\n", "0 of 4 sections have text", 1),
        ("\n\n".join(HEADINGS), "is a template", 1),
        below_each("TODO", 3),
        below_each("To be determined.", 3),
        below_each("[Describe the attacks that were tried here]", 3),
        below_each("Lorem ipsum dolor sit amet, consectetur adipiscing elit sed do eiusmod.", 3),
        below_each(f"<!-- {prose(40)} -->", 1),
        below_each(f"<div hidden>\n\n{prose(40)}\n\n</div>", 1),
        (under_each("This part will be added before launch, when the product is known well enough."), "template", 1),
        (under_each("See our internal wiki, which everybody in the company can open at any time."), "template", 1),
        (under_each(prose(40)), "0 of 4 sections have text", 5),
        (under_each("secure " * 60), "0 of 4 sections have text", 5),
        (f"{prose(200)}\n", "0 of 4 sections have text", 1),
    ],
)
def test_t11_a_report_that_says_nothing_blocks(promotion: Promotion, text: str, said: str, line: int) -> None:
    result = promotion.attempt({PATH: text})
    finding = result.finding("red-team-report")
    assert (result.code, result.blocking()) == (1, ["artifact:red-team-report"])
    assert said in finding["message"]
    assert (finding["location"]["path"], finding["location"]["line"]) == (PATH, line)


def test_t11_the_same_promotion_with_a_real_report_goes_through(promotion: Promotion) -> None:
    result = promotion.attempt({PATH: document("red-team-report").replace("quarter", "half-year")})
    assert (result.code, result.blocking()) == (0, [])
    assert result.finding("red-team-report")["state"] == "met"


def test_t11_a_report_that_calls_itself_a_draft_blocks_where_its_entry_calls_it_final(promotion: Promotion) -> None:
    text = document("red-team-report")
    title = text.split("\n", 1)[0]
    fields = {"artifacts": promotion.inputs("red-team-report", status="final")}
    said = promotion.attempt({PATH: text.replace(title, f"{title}\n\nStatus: DRAFT, not reviewed", 1)}, **fields)
    assert (said.code, said.blocking()) == (1, ["artifact:red-team-report"])
    assert "says of itself that it is not final" in said.finding("red-team-report")["message"]
    honest = text.replace(title, f"{title}\n\nStatus: reviewed and final", 1)
    assert promotion.attempt({PATH: honest}, **fields).code == 0


def test_t11_the_draft_that_the_tool_itself_writes_is_no_report(promotion: Promotion) -> None:
    promotion.restart()
    promotion.remove(PATH)
    assert promotion.run("draft", "red-team-report", "--system", "SYS-001").code == 0
    assert "## Findings" in promotion.read(PATH)
    result = promotion.judge()
    assert (result.code, result.blocking()) == (1, ["artifact:red-team-report"])


def test_t11_headings_of_a_card_with_nothing_under_them_block(promotion: Promotion) -> None:
    promotion.restart()
    card = promotion.read("MODEL_CARD.md")
    headings = "\n\n".join(line for line in card.splitlines() if line.startswith("#"))
    result = promotion.attempt({"MODEL_CARD.md": headings})
    assert result.code == 1
    assert "artifact:model-card" in result.blocking()


@pytest.mark.parametrize(
    "sentence",
    [
        "The model has some limitations.", "Known limitations: none at all", "It was trained on data.",
        "There are risks.", "It is not intended for use.", "Bias may exist.", "Failures happen now and then here.",
        "Mitigations were made.", "No fairness testing was done across gender or age.",
    ],
)  # fmt: skip
def test_t11_a_hollow_sentence_states_no_field_of_a_card(sentence: str) -> None:
    text = f"# Ranker\n\n## Model summary\n\n{sentence}\n"
    card = read_card(evidence_of("MODEL_CARD.md", "", text.encode()), Location("governance.yaml"), CARD_WORDS)
    assert {name for name, field in card.fields.items() if field.state == "present"} == {"model_name"}


def drafted(promotion: Promotion, artifact: str, path: str) -> str:
    """What `draft` writes where that document is not there yet."""
    promotion.restart()
    promotion.remove(path)
    promotion.edit(artifacts=[it for it in promotion.entry()["artifacts"] if it["id"] != artifact], model_card=None)
    assert promotion.run("draft", artifact, "--system", "SYS-001").code == 0
    return promotion.read(path)


@pytest.mark.parametrize("mark", ["", "Answer to ", "> ", "Note: "])
def test_t11_questions_of_a_draft_whose_mark_was_taken_away_answer_nothing(promotion: Promotion, mark: str) -> None:
    text = drafted(promotion, "red-team-report", PATH)
    assert text.count("TODO: ") == 4
    result = promotion.attempt({PATH: text.replace("TODO: ", mark)})
    assert (result.code, result.blocking()) == (1, ["artifact:red-team-report"])


def test_t11_control_answers_below_the_questions_of_a_draft_count(promotion: Promotion) -> None:
    """Whoever leaves the questions where they stand has answered them all the same."""
    told = document("red-team-report").replace("quarter", "half-year").split("\n## ")
    asked = drafted(promotion, "red-team-report", PATH).replace("TODO: ", "").split("\n## ")
    pairs = zip(asked[1:], told[1:], strict=True)
    both = [asked[0], *(question + answer.partition("\n")[2] for question, answer in pairs)]
    result = promotion.attempt({PATH: "\n## ".join(both)})
    assert (result.code, result.blocking()) == (0, []), result


def test_t11_what_a_drafted_card_asks_states_no_field(promotion: Promotion) -> None:
    text = drafted(promotion, "model-card", "MODEL_CARD.md")
    result = promotion.attempt({"MODEL_CARD.md": text.replace("TODO: ", "")})
    assert "artifact:model-card" in result.blocking()
    stated = result.finding("model-card", "artifact")["message"]
    assert "Version" in stated.partition("wanted:")[2], "whose question is the policies' own"
    assert "Prohibited uses" in stated.partition("wanted:")[2]


@pytest.mark.parametrize(
    ("tier", "state"),
    [("Low / Medium / High", "placeholder"), ("low, limited or high", "placeholder"), ("High", "present")],
)
def test_t11_a_tier_that_nobody_chose_is_none_and_a_chosen_one_is(tier: str, state: str) -> None:
    text = f"# Ranker\n\n- **Risk tier**: {tier}\n"
    card = read_card(evidence_of("MODEL_CARD.md", "", text.encode()), Location("governance.yaml"), CARD_WORDS)
    assert card.fields["risk_tier"].state == state
