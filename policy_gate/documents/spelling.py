"""Words in a sentence: a list of them, the known word that a misspelt one is most like, and the refusal of others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from policy_gate.errors import UsageError

_SHORTEST = 3
"""letters of a word that may be short for another"""
_MOST = 12
"""words of a list that are told"""


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
    """The hint that names the known word most like `word`, or the one that it is short for; or an empty string."""
    words = sorted(known)
    near = nearest(word, words) or _in_full(word, words)
    return f'did you mean "{near}"?' if near else ""


def _in_full(word: str, known: Iterable[str]) -> str | None:
    """The one known word that begins with `word`, as `production` with `prod`."""
    short = word.casefold()
    found = [it for it in known if len(short) >= _SHORTEST and it.casefold().startswith(short)]
    return found[0] if len(found) == 1 else None


def spelling_hint(word: str, known: Iterable[str], most: int = _MOST, none: str = "none is declared") -> str:
    """`did you mean "x"?`, or the first `most` known words, or `none` where there are none."""
    words = sorted(known)
    return did_you_mean(word, words) or (f"known: {_first(words, most)}" if words else none)


def choices_hint(word: str, choices: Iterable[str], none: str = "none is declared") -> str:
    """As `spelling_hint`, for words whose own order says something, such as severities: `there are high, low`."""
    words = list(choices)
    return did_you_mean(word, words) or (f"there are {_first(words, _MOST)}" if words else none)


def refuse_unknown(
    what: str, words: Iterable[str], known: Collection[str], hint: Callable[[str, Collection[str]], str] = spelling_hint
) -> None:
    """UsageError `no WHAT "word"` with its hint for the first of `words` that is not known."""
    for word in words:
        if word not in known:
            raise UsageError(f'no {what} "{word}"', hint=hint(word, known))


def _first(words: Sequence[str], most: int) -> str:
    return f"{', '.join(words[:most])}{', …' if len(words) > most else ''}"
