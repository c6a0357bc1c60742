"""Path patterns: `*` and `?` inside one name, `**` for any number of folders. There is no negation.

Matching takes time in proportion to pattern times path, whatever the author of a pattern writes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")


def matches(glob: str, path: str) -> bool:
    """Does the pattern match this whole path (from the root, without a leading `/`)?"""
    parts, folder = _parsed(glob)
    if folder and not path.startswith(folder):
        return False
    return _greedy(parts, path.split("/"), "**", _name_matches)


def matches_any(globs: Iterable[str], path: str) -> bool:
    """Does one of the patterns match this path?"""
    return any(matches(glob, path) for glob in globs)


def covers(glob: str, path: str) -> bool:
    """Like `matches`, but a pattern that names a folder also covers all that is in it."""
    if not has_wildcard(glob):
        folder = _parsed(glob)[1]
        return not folder or path == folder or path.startswith(f"{folder}/")
    return matches(glob, path) or matches(f"{glob.rstrip('/')}/**", path)


def literal_folder(glob: str) -> str:
    """The deepest path that everything the pattern covers lies at or below; empty for the root."""
    return _parsed(glob)[1].rstrip("/")


def paths_below(ordered: Sequence[str], folder: str) -> Iterator[str]:
    """Of sorted paths, those at or below a folder; all of them where it is empty."""
    if not folder:
        yield from ordered
        return
    at = bisect_left(ordered, folder)
    if at < len(ordered) and ordered[at] == folder:
        yield folder
    after_slash = chr(ord("/") + 1)
    yield from ordered[bisect_left(ordered, f"{folder}/") : bisect_left(ordered, f"{folder}{after_slash}")]


def has_wildcard(name: str) -> bool:
    """Does the text hold `*` or `?`?"""
    return "*" in name or "?" in name


@lru_cache(maxsize=4096)
def _parsed(glob: str) -> tuple[tuple[str, ...], str]:
    """The names of a pattern, and the literal ones it begins with, joined."""
    parts = tuple(part for part in glob.split("/") if part not in ("", "."))
    literal: list[str] = []
    for part in parts:
        if has_wildcard(part):
            return parts, "/".join(literal)
        literal.append(part)
    return parts, "/".join(literal)


def _name_matches(pattern: str, name: str) -> bool:
    return pattern == name or (has_wildcard(pattern) and _greedy(pattern, name, "*", _letter_matches))


def _letter_matches(pattern: str, letter: str) -> bool:
    return pattern in ("?", letter)


def _greedy(pattern: Sequence[T], text: Sequence[T], star: T, fits: Callable[[T, T], bool]) -> bool:
    """Match a pattern whose `star` stands for any number of items, going back to the last star only."""
    at = seen = resume = 0
    last_star = -1
    while seen < len(text):
        if at < len(pattern) and pattern[at] == star:
            last_star, resume = at, seen
            at += 1
        elif at < len(pattern) and fits(pattern[at], text[seen]):
            at, seen = at + 1, seen + 1
        elif last_star >= 0:
            resume += 1
            at, seen = last_star + 1, resume
        else:
            return False
    return all(item == star for item in pattern[at:])


def rooted(folder: str, glob: str) -> str:
    """A pattern of a manifest in `folder`, from the repository's root; a leading `/` already is."""
    whole = glob if glob.startswith("/") or not folder else f"{folder}/{glob}"
    return "/".join(part for part in whole.split("/") if part not in ("", "."))


def covers_glob(wide: str, narrow: str) -> bool:
    """Whether everything `narrow` could match is surely matched by `wide`; in doubt, no."""
    if wide in (narrow, "**") or (not has_wildcard(narrow) and covers(wide, narrow)):
        return True
    folder = wide.removesuffix("/**")
    return not has_wildcard(folder) and narrow.startswith(f"{folder}/")
