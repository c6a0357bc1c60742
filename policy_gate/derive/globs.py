"""Path patterns as texts: what one matches, and whether another covers all of it.

`*` and `?` stand for parts of one name, `**` for any number of folders; a pattern that names a folder
covers all below it. Matching takes time in proportion to pattern times path.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence


def rooted(folder: str, glob: str) -> str:
    """A pattern of a manifest in `folder`, from the repository's root; a leading `/` already is."""
    whole = glob if glob.startswith("/") or not folder else f"{folder}/{glob}"
    return "/".join(part for part in whole.split("/") if part not in ("", "."))


def covers(glob: str, path: str) -> bool:
    """Whether the pattern matches the path or a folder above it."""
    names = glob.split("/")
    parts = path.split("/")
    return _fits(names, parts, "**", _name_fits) or _fits([*names, "**"], parts, "**", _name_fits)


def covers_glob(wide: str, narrow: str) -> bool:
    """Whether everything `narrow` could match is surely matched by `wide`; in doubt, no."""
    if wide in (narrow, "**") or (not _has_wildcard(narrow) and covers(wide, narrow)):
        return True
    folder = wide.removesuffix("/**")
    return not _has_wildcard(folder) and narrow.startswith(f"{folder}/")


def _has_wildcard(text: str) -> bool:
    return "*" in text or "?" in text


def _name_fits(pattern: str, name: str) -> bool:
    return pattern == name or (
        _has_wildcard(pattern) and _fits(pattern, name, "*", lambda want, got: want in ("?", got))
    )


def _fits(pattern: Sequence[str], text: Sequence[str], star: str, fits: Callable[[str, str], bool]) -> bool:
    """Match with a `star` for any number of items; going back to the last star is enough."""
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
