"""Texts reduced to their words, for telling whether two say the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from policy_gate.schema.patterns import lazy_pattern

_BLANK_LETTERS: Final = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe0e\ufe0f"
_UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD: Final = rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:['’.,:/-][^\W_{_UNSPACED}]+)*"
_SPACED_WORD: Final = r"[^\W_]+(?:['’.,:/-][^\W_]+)*"
_BEFORE_NUMBER: Final = r"(?<![^\W_])[+-](?=[.,]?\d)|(?<=\d)\^(?=[+-]?\d)"
_AFTER_WORD: Final = r"(?<=[^\W_])(?:\+{1,2}|#)(?![^\W_])"
_PLAIN_SIGN: Final = rf"!=|[<>=%$]|{_BEFORE_NUMBER}|{_AFTER_WORD}"
"""what makes another number or another thing of it, such as below -5, of 18+, in C#"""
_MATHEMATICAL: Final = (
    "%‰‱±¬×÷$\u00a2-\u00a5\u20a0-\u20cf\u2200-\u2211\u2213-\u2216\u2218\u221a-\u22c4\u22c6-\u22ff\u2a00-\u2aff"
)
"""operators, relations and currencies, without those that stand for a dash or a bullet"""
_SIGN: Final = rf"!=|[<>={_MATHEMATICAL}]|{_BEFORE_NUMBER}|{_AFTER_WORD}"
_MINUS: Final = lazy_pattern(r"(?<![^\W_])[\u2010\u2012\u2013\u2212](?=[.,]?\d)")
_HYPHEN: Final = lazy_pattern(r"(?<=[^\W_])[\u2010\u2011](?=[^\W_])|(?<=\d)[\u2012\u2013](?=\d)")
_RAISED: Final = lazy_pattern(r"(?<=\d)(?=[\u00b2\u00b3\u00b9\u2070\u2074-\u2079])")
_PLAIN_WORD: Final = r"[^\W_]+(?:['.,:/-][^\W_]+)*"
_ASCII_WORD: Final = lazy_pattern(_PLAIN_WORD, re.ASCII)
_ASCII_WORD_OR_SIGN: Final = lazy_pattern(rf"{_PLAIN_WORD}|{_PLAIN_SIGN}", re.ASCII)
"""The same for plain text, as above for what no such script is in: the great classes take long to compile."""
_CONTROL: Final = lazy_pattern(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FORMAT: Final = (
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001"
    "\U000e0020-\U000e007f"
)
"""characters of Unicode's class Cf, which tell others how to be shown"""
_SHOWS_NOTHING: Final = lazy_pattern(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f{_FORMAT}{_BLANK_LETTERS}]")
_TURNS: Final = "\u202e"
_TURNED: Final = lazy_pattern("\u202e[^\n\u202c\u2029\u0590-\u08ff]*")
"""what stands behind a right-to-left override, up to the end of its line or a letter of a script that runs so:
other letters that run backwards are no words"""
SENTENCE_END: Final = lazy_pattern(r"\s(?:(?<=[.!?]\s)\s*|(?<=\n)\n*)")
"""what parts two sentences or lines, both of which it leaves whole"""
_ONE_UNSPACED: Final = lazy_pattern(rf"[{_UNSPACED}]")


def visible(text: str) -> str:
    """`text` without characters that show nothing (format and control characters, blank letters), and without what is
    shown from its end to its beginning.
    """
    is_printable = text.isprintable() or text.replace("\n", "").isprintable()
    if text.isascii():
        return text if is_printable else _CONTROL.sub("", text)
    if is_printable and not holds_any(text, _BLANK_LETTERS):
        return text
    if _TURNS in text:
        text = _TURNED.sub("", text)
    return _SHOWS_NOTHING.sub("", text)


def holds_any(text: str, signs: Iterable[str]) -> bool:
    """Whether one of these is in a text."""
    for sign in signs:  # noqa: SIM110 - this is asked of every sentence, and `any` takes twice as long
        if sign in text:
            return True
    return False


def lower_as_matched(text: str) -> str:
    """The text in lower case, its letters as patterns that ignore case take them: a long s or an i without dot, too."""
    if text.isascii():
        return text.lower()
    return text.replace("İ", "i").lower().replace("ſ", "s").replace("ı", "i")


def is_unspaced(word: str) -> bool:
    """Whether a word begins with a character of a script that is written without spaces."""
    return may_be_unspaced(word[:1]) and bool(_ONE_UNSPACED.match(word))


def may_be_unspaced(text: str) -> bool:
    """False where a text surely holds no such character; Latin, Greek, punctuation and symbols are none."""
    return not text.isascii() and any(char >= "\u0e00" and not "\u1e00" <= char <= "\u2fff" for char in set(text))


def as_typed(text: str) -> str:
    """The text with the apostrophes and hyphens of a keyboard where an editor has set typographic ones within words."""
    if text.isascii():
        return text
    return _HYPHEN.sub("-", text.replace("\u2019", "'").replace("\u02bc", "'"))


def words_of(text: str) -> list[str]:
    """The words of a text, folded; a character of a script without spaces stands alone."""
    text = as_typed(text)
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    found = re.findall(_WORD if may_be_unspaced(text) else _SPACED_WORD, text)
    return [word.casefold() for word in found]


def key_of(text: str) -> str:
    """A text reduced to its words and its signs of quantity: case, punctuation and blanks aside (D38)."""
    shown = as_typed(visible(text))
    if not shown.isascii():
        shown = unicodedata.normalize("NFKC", _RAISED.sub("^", shown))
    folded = shown.casefold()
    if folded.isascii():
        return " ".join(_ASCII_WORD_OR_SIGN.findall(folded))
    folded = _MINUS.sub("-", folded)
    word = _WORD if may_be_unspaced(folded) else _SPACED_WORD
    return " ".join(re.findall(f"{word}|{_SIGN}", folded))


def has_key(text: str, key: str) -> bool:
    """Whether this is the key of a text; most plain texts are told by their first word."""
    if text.isascii():
        first = _ASCII_WORD_OR_SIGN.search(visible(text).lower())
        if first is None or not key.startswith(first[0]):
            return first is None and not key
    return key_of(text) == key


@lru_cache(maxsize=4096)
def title_key(title: str) -> str:
    """A heading without case, numbering, emphasis, underscores, punctuation, and signs such as `:memo:` or `{#id}`."""
    title = re.sub(r"(?:^|\s):[a-z0-9_+-]+:(?=\s|$)|\s*\{:?\s*[#.][^{}]*\}\s*$", " ", visible(title))
    words = re.sub(r"[^\w\s]", " ", title.casefold()).replace("_", " ").split()
    return re.sub(r"^[\d\s]+", "", " ".join(words))
