"""Signs that no reader sees: taken out of what a model is sent, as of what it answers.

They would carry instructions past whoever looks at the prompt, and break up the form by which a secret is known.
"""

from __future__ import annotations

import unicodedata

_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def without_hidden(text: str) -> str:
    """The text without control, bidirectional and invisible signs; line breaks and tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(sign for sign in text if sign in "\n\t" or not _is_hidden(sign))


def _is_hidden(sign: str) -> bool:
    return sign in _LETTERS or unicodedata.category(sign) in _CATEGORIES
