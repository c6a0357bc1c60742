"""Texts reduced to their words, for telling whether two say the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_BLANK_LETTERS: Final = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe0e\ufe0f"
_UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD: Final = rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:['’.,:/-][^\W_{_UNSPACED}]+)*"
_WORD_OR_SIGN: Final = rf"{_WORD}|[<>≤≥≠=%±$€£]"
_ASCII_WORD: Final = re.compile(r"[^\W_]+(?:['.,:/-][^\W_]+)*", re.ASCII)
_ASCII_WORD_OR_SIGN: Final = re.compile(rf"{_ASCII_WORD.pattern}|[<>=%$]", re.ASCII)
"""The same for plain text: the great classes above take longer to compile than all else at start-up."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
UNSPACED: Final = rf"[{_UNSPACED}]"
"""One character of a script that is written without spaces; an expression."""


def visible(text: str) -> str:
    """`text` without characters that show nothing: format and control characters, blank letters."""
    if text.isascii():
        return text if text.isprintable() else _CONTROL.sub("", text)
    kept = (c for c in text if c in "\n\t" or not (c in _BLANK_LETTERS or unicodedata.category(c) in ("Cf", "Cc")))
    return "".join(kept)


def words_of(text: str) -> list[str]:
    """The words of a text, folded; a character of a script without spaces stands alone."""
    found = _ASCII_WORD.findall(text) if text.isascii() else re.findall(_WORD, text)
    return [word.casefold() for word in found]


def key_of(text: str) -> str:
    """A text reduced to its words and its signs of quantity: case, punctuation and blanks aside (D38)."""
    folded = unicodedata.normalize("NFKC", visible(text)).casefold()
    return " ".join(_ASCII_WORD_OR_SIGN.findall(folded) if folded.isascii() else re.findall(_WORD_OR_SIGN, folded))


@lru_cache(maxsize=4096)
def title_key(title: str) -> str:
    """A heading without case, numbering, emphasis, underscores, punctuation, and signs such as `:memo:` or `{#id}`."""
    title = re.sub(r"(?:^|\s):[a-z0-9_+-]+:(?=\s|$)|\s*\{:?\s*[#.][^{}]*\}\s*$", " ", visible(title))
    words = re.sub(r"[^\w\s]", " ", title.casefold()).replace("_", " ").split()
    return re.sub(r"^[\d\s]+", "", " ".join(words))
