"""How much a text says: its words of substance, and whether it only repeats itself."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from policy_gate.cards.placeholders import is_placeholder, split_sentences, strip_placeholders
from policy_gate.cards.text_normal import is_unspaced, visible, words_of
from policy_gate.cards.unwritten import is_filler, without_unwritten
from policy_gate.cards.vacuous import says_nothing

_FEW: Final = 20
"""words of a section from which on it matters whether they are different ones"""
_STRETCH: Final = 60


def substantive_words(pieces: Iterable[str], told: set[str] | None = None, title: str = "") -> int:
    """Count the words of substance in `pieces`.

    Placeholders and latin filler do not count; a sentence that comes again counts once; a run of one word
    counts once; few words repeated many times count little.
    Two characters of a script without spaces count as a word.
    `told` are the long sentences of other parts of the document, which do not count here, be it that they differ in
    the words of the part's own `title`; it is added to.
    """
    fresh, seen = _fresh_words(pieces, set(told or ()), " ".join(words_of(title)))
    if told is not None:
        told |= seen
    characters = _unspaced_in(fresh)
    total = (len(fresh) - characters) + (characters + 1) // 2
    return len(set(fresh)) if _is_sparse(fresh) else total


def repetition_in(pieces: Iterable[str]) -> str:
    """Says so where less than half of the words of a text are different ones; empty for prose, and for few words.

    Long prose has the same words again: there each stretch of _STRETCH words is looked at, and a few words more of the
    whole.
    """
    words, _ = _fresh_words(pieces, set())
    different = len(set(words))
    if len(words) < _FEW or _unspaced_in(words):
        return ""
    stretches = [words[at : at + _STRETCH] for at in range(0, max(len(words) - _STRETCH, 0) + 1, _STRETCH)]
    found = sum(len(set(stretch)) / len(stretch) for stretch in stretches) / len(stretches)
    least = (min(len(words), _STRETCH) + max(len(words) - _STRETCH, 0) // 16) // 2
    return f"{different} different words among {len(words)}" if found < 0.5 or different < least else ""


def _unspaced_in(words: list[str]) -> int:
    """How many of the words are characters of a script without spaces; plain text has none."""
    return 0 if "".join(words).isascii() else sum(1 for word in words if is_unspaced(word))


def _fresh_words(pieces: Iterable[str], elsewhere: set[str], title: str = "") -> tuple[list[str], set[str]]:
    """The words of substance in their order, and the sentences they were found in."""
    fresh: list[str] = []
    seen: set[str] = set()
    own = frozenset(title.split())
    for piece in pieces:
        for words, key, sentence in _worded(piece):
            plain = f" {key} ".replace(f" {title} ", " ").strip() if title else key
            is_told = len(words) >= 8 and (key in elsewhere or plain in elsewhere)
            if not ((len(words) >= 4 and key in seen) or is_told or says_nothing(sentence, own=own)):
                seen |= {key, plain}
                fresh += words
    return fresh, seen


@lru_cache(maxsize=4096)
def _worded(piece: str) -> tuple[tuple[list[str], str, str], ...]:
    """The sentences of a text that say something: their words, one string of them, and as they were written.

    What a line break has cut off is no sentence, and empty as it was written.
    """
    parts = split_sentences(without_unwritten(strip_placeholders(visible(piece))))
    sentences = [it for it in parts if not is_placeholder(it)]
    found = zip(map(_words_without_runs, sentences), sentences, strict=True)
    said = ((words, it if len(sentences) == 1 or _is_whole(it) else "") for words, it in found)
    return tuple((words, " ".join(words), it) for words, it in said if words and not is_filler(words))


def _is_whole(sentence: str) -> bool:
    """Whether a part of a text begins and ends as a sentence does."""
    return not sentence[0].islower() and sentence.rstrip(" *_\"')”")[-1:] in (".", "!", "?", ":", "…")


def _is_sparse(words: list[str]) -> bool:
    """Whether the same few words come again and again, as no prose does."""
    ratio = 0.12 if len(words) < 500 else 0.04
    return len(words) > 12 and len(set(words)) < ratio * len(words)


def _words_without_runs(sentence: str) -> list[str]:
    words = words_of(sentence)
    return [word for word, before in zip(words, ["", *words], strict=False) if word != before]
