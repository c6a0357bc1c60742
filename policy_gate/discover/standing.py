"""What a tree says of who answers for its files, and of whether it is in use: CODEOWNERS and workflows that deploy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from policy_gate.discover.about import Seen
from policy_gate.documents.globs import matches
from policy_gate.schema.patterns import lazy_pattern

_PLACES: Final = ("CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
_OWNER: Final = lazy_pattern(r"@?[\w.+-]{1,100}(?:[/@][\w.-]{1,100}){0,2}")
_DEPLOYS: Final = lazy_pattern(
    r"^\.github/workflows/[^/]*(?:deploy|release|publish|production)[^/]*\.ya?ml$", re.IGNORECASE
)
_DEPLOYMENT: Final = lazy_pattern(
    r"^\s{2,12}environment:\s{0,5}(?:\n\s{2,16}name:\s{0,5})?[\"']?prod", re.MULTILINE | re.IGNORECASE
)


class OwnerRule(NamedTuple):
    """One line of CODEOWNERS: whose the files of a pattern are, and where that stands."""

    pattern: str
    owners: tuple[str, ...]
    place: str


def owner_rules(read: Callable[[str], str | None]) -> tuple[OwnerRule, ...]:
    """The lines of the repository's CODEOWNERS, later ones stronger; empty where it has none."""
    for path in _PLACES:
        text = read(path)
        if text is None:
            continue
        found = []
        for number, line in enumerate(text.split("\n"), 1):
            pattern, *owners = line.partition("#")[0].split()[:20] or [""]
            named = tuple(owner for owner in owners if _OWNER.fullmatch(owner))
            if pattern and named and not pattern.startswith(("[", "^[")):
                found.append(OwnerRule(_glob(pattern), named, f"{path}:{number}"))
        return tuple(found)
    return ()


def owner_of(files: Iterable[str], rules: Iterable[OwnerRule]) -> OwnerRule | None:
    """The rule that speaks for most of the files."""
    last = [next((rule for rule in reversed(tuple(rules)) if matches(rule.pattern, path)), None) for path in files]
    named = [rule for rule in last if rule is not None]
    return max(named, key=lambda it: (named.count(it), it.place)) if named else None


def _glob(pattern: str) -> str:
    """The pattern of CODEOWNERS as one of ours."""
    inner = pattern.strip("/")
    anchored = "/" in pattern.rstrip("/")
    if inner == "*":
        return "**"
    base = inner if anchored else f"**/{inner}"
    return base if "*" in inner.rpartition("/")[2] or "." in inner.rpartition("/")[2] else f"{base}/**"


def deployed(paths: Iterable[str], read: Callable[[str], str | None]) -> Seen | None:
    """A workflow that brings the code into use; None where none says so."""
    for path in sorted(paths):
        if _DEPLOYS.match(path):
            return Seen("production", f"{path}:1")
        if path.startswith(".github/workflows/") and (text := read(path)) and (found := _DEPLOYMENT.search(text)):
            return Seen("production", f"{path}:{text.count(chr(10), 0, found.start()) + 1}")
    return None
