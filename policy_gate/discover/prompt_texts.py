"""Which texts are prompts: by the name that they are given to, by their opening words, or by their length alone."""

from __future__ import annotations

from typing import Final

from policy_gate.schema.patterns import lazy_pattern

_KEY: Final = lazy_pattern(
    r"(?:^|_)(?:prompt|instructions?|preamble)s?(?:_?(?:template|text|message|str|v?[0-9]{1,3}))?$"
    r"|^system(?:_(?:prompt|message|instruction|instructions|text))?$"
)
_SYSTEM_KEY: Final = lazy_pattern(r"(?:^|_)(?:system|developer)(?:_|$)")
_SAYING: Final = ("prompt", "instruction", "preamble", "system_message", "systemmessage")
_ADDRESSES: Final = lazy_pattern(
    r"\s*(?:You are(?! (?:(?:cordially|kindly|warmly|hereby) )?(?:about|not|now|using|running|already|currently|logged"
    r"|(?:trying|attempting) to (?:use|access|run|install|import|call|load|open|connect|log|set|create|delete|pass)"
    r"|invited|receiving|(?:un)?subscribed|registered|signed|welcome|visiting|viewing|leaving|offline)\b)"
    r"|You're|Act as|As an AI)\b"
)
_SHORTEST: Final = 40
_LEAST_WORDS: Final = 12
_LEAST_PLAIN: Final = 8
"""of these, words without a mark of a program"""
_OF_SHELL: Final = ("$(", "{?", "%{", "%F{", "\x1b[", "\\e[")
_MARKS: Final = frozenset("$={}<>|;\\`")
"""that a text has which is a prompt because its file is one of prompts; a message about an error has fewer"""


def speaks_of_prompt(key: str) -> bool:
    """Does the name, as it is written, say that what is given to it is said to a model?"""
    lower = key.lower()
    return any(word in lower for word in _SAYING)


def is_prompt(key: str, value: str) -> bool:
    """May the text that is given to this name (in snake_case) be one, by the name or by its opening words?"""
    return (_KEY.search(key) is not None and not _is_of_shell(value)) or addresses_model(value)


def addresses_model(value: str) -> bool:
    """Does the text open as one does that is said to a model?"""
    return _ADDRESSES.match(value) is not None


def _is_of_shell(value: str) -> bool:
    """Is it what a command line shows before it reads: marks of a program, and no word beside them?"""
    return any(mark in value for mark in _OF_SHELL) and not any(_MARKS.isdisjoint(word) for word in value.split())


def is_surely_prompt(key: str, value: str, *, beside_people: bool) -> bool:
    """Is it more than what a person may be asked? `beside_people` where its file holds what people are asked."""
    is_label = beside_people and not _SYSTEM_KEY.search(key)
    says_so = _ADDRESSES.match(value) is not None or ("prompt" in key and not is_label)
    return len(value) >= _SHORTEST and says_so


def is_as_long_as_prompt(value: str) -> bool:
    """Has it as many words as a prompt that nothing but its file says to be one? A piece of a program has marks."""
    words = value.split()
    return len(words) >= _LEAST_WORDS and sum(_MARKS.isdisjoint(word) for word in words) >= _LEAST_PLAIN
