"""Words in a sentence: a list of them, and the known word that a misspelt one is most like."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def listed(words: Sequence[str], last: str = "and") -> str:
    """'a', 'a and b', 'a, b and c'."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word most like `word`, or None where none is near; `cutoff` is a likeness from 0 to 1."""
    import difflib  # noqa: PLC0415 - only where something is misspelt

    found = difflib.get_close_matches(word, sorted(known), n=1, cutoff=cutoff)
    return found[0] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The hint that names the known word most like `word`, or an empty string."""
    near = nearest(word, known)
    return f'did you mean "{near}"?' if near else ""


def spelling_hint(word: str, known: Iterable[str], most: int = 12, none: str = "none is declared") -> str:
    """`did you mean "x"?`, or the first `most` known words, or `none` where there are none."""
    words = sorted(known)
    if hint := did_you_mean(word, words):
        return hint
    return f"known: {', '.join(words[:most])}{', …' if len(words) > most else ''}" if words else none
