"""What a draft asks of whoever writes a document or a card: sentences that are nobody's answer, marked or not.

A draft marks each with TODO; the mark is quickly taken away, and the question would stand there as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from policy_gate.cards.text_normal import words_of
from policy_gate.schema.card_fields import WantedCardField
from policy_gate.schema.patterns import lazy_pattern

FORMS: Final[Mapping[str, str]] = {
    "text": "say it in a sentence or two",
    "list": "a list, one thing an item",
    "metrics": "a table of metric, value and threshold",
    "groups": "a table of group, metric and value",
}
"""what is to be written for each form of a field"""
_ANY: Final = "What was done, what was seen, and what follows?"
_QUESTIONS: Final = (
    (("scope", "purpose", "overview", "description"), "What is looked at, for whom, and what is left out?"),
    (("prohibited", "out of scope", "not be used"), "What must nobody use it for, and what stops them?"),
    (("intended", "use"), "Who uses it, to decide what, and who is affected?"),
    (
        ("method", "approach", "procedure", "process", "steps"),
        "How is it done, in which order, with which data and tools?",
    ),
    (
        ("group", "fairness", "bias", "result", "finding", "metric", "performance"),
        "What was seen, in numbers, for whom?",
    ),
    (("limit", "residual", "uncertain"), "What can this not say, and what is left over?"),
    (("risk", "threat", "harm", "attack"), "What can go wrong, for whom, and how likely is it?"),
    (
        ("mitigation", "measure", "remediation", "control", "action"),
        "What was changed, who saw that it works, and when?",
    ),
    (("owner", "role", "contact", "responsib", "escalation"), "Who does it, who stands in, and how are they reached?"),
    (("data", "source", "retention"), "Which data, from where, on what ground, kept for how long?"),
    (("monitor", "alert", "threshold", "trigger"), "What is measured, what is too much, and who is told?"),
    (("rollback", "recover", "stop"), "How is it taken back, by whom, and how long does it take?"),
    (("conclusion", "decision", "summary", "recommendation"), "What was decided, by whom, and on what condition?"),
)
_KNOWN: Final = frozenset(
    " ".join(words_of(text)) for text in (*FORMS.values(), _ANY, *(question for _, question in _QUESTIONS))
)
_LEAST: Final = lazy_pattern(r"\W*[^.?!]{1,80}, at least \d{1,4} words\W*")
_BLANK: Final = lazy_pattern(r"\n\s*\n")
_SIGNS: Final = ("?", "words", *FORMS.values())
"""one of these is in every text that holds something asked"""


def asked_of_field(field: WantedCardField) -> str:
    """What is asked of a field of a card."""
    return field.why or FORMS[field.form]


def asked_of_section(title: str, least: int) -> str:
    """A question that the section answers, by words of its title, and how long the answer has to be."""
    said = title.lower()
    asked = next((question for words, question in _QUESTIONS if any(word in said for word in words)), _ANY)
    return f"{said}, at least {least} words. {asked}"


def may_ask(text: str) -> bool:
    """False where a text surely holds no sentence of a draft."""
    return any(sign in text for sign in _SIGNS)


def is_asked(sentence: str) -> bool:
    """Whether a sentence is one of those with which a draft asks."""
    return " ".join(words_of(sentence)) in _KNOWN or _LEAST.fullmatch(sentence) is not None


def without_said(text: str, said: Iterable[str]) -> str:
    """The text less its paragraphs and lines that only say one of these again, in whatever markup."""
    known = {" ".join(words_of(it)) for it in said}
    kept = []
    for paragraph in _BLANK.split(text):
        if " ".join(words_of(paragraph)) not in known:
            kept += [line for line in paragraph.splitlines() if " ".join(words_of(line)) not in known]
    return "\n\n".join(kept)


def is_asked_of(text: str, field: WantedCardField) -> bool:
    """Whether a text is no more than what is asked of this field."""
    return words_of(text) == words_of(asked_of_field(field))
