"""What a program of another language than Python says to a model, by the call, the class or the role that takes it.

`addSystemMessage("…")`, `SystemMessageArgs::default().content("…")`, `{ role: Role::System, content: "…" }`.
"""

from __future__ import annotations

import re
from typing import Final

from policy_gate.discover.code_facts import snake
from policy_gate.discover.given_before import takes_what_is_said
from policy_gate.discover.given_through import calls_before, places_around
from policy_gate.schema.patterns import lazy_pattern

_ROLE: Final = r"(?:system|developer|user|human)"
_HANDS_ON: Final = frozenset({"of", "from", "new", "content", "text", "addtext", "create", "setcontent"})
_OF_ROLE: Final = lazy_pattern(
    rf"(?:Role|Type)\s{{0,2}}(?:\.|::)?\s{{0,2}}(?i:{_ROLE})\w{{0,10}}(?:\.\w{{1,20}})?(?:\(\))?\s{{0,5}},\s{{0,40}}\Z"
)
_BESIDE_ROLE: Final = lazy_pattern(
    rf"\brole\s{{0,5}}(?::|=>|=|\()\s{{0,5}}(?:\w{{1,40}}(?:\.|::))?[.:]?{_ROLE}\b(?:\.\w{{1,20}})?(?:\(\))?"
    r"\s{0,5}\)?(?:\s{0,40}\.|,|\s)\s{0,40}(?:content|text)\s{0,5}(?::|=>|=|\()\s{0,40}\Z",
    re.IGNORECASE,
)
_PART_OF_MESSAGE: Final = lazy_pattern(
    r"\.(?:system|developer|user)\(\s{0,40}\.?(?:\w{1,60}\.)?init\(\s{0,40}content:\s{0,40}\Z"
    r"|\bSystem:\s{0,5}\[\][\w.]{1,60}\{\s{0,40}(?:[\w.]{0,60}\{)?\s{0,40}Text:\s{0,40}\Z"
)
_WORDS: Final = ("system", "developer", "user", "human")


def is_said(before: str) -> bool:
    """Is what comes next said to a model, by what stands before it?"""
    lower = before.lower()
    if not any(word in lower for word in _WORDS):
        return False
    return any(map(_is_taken, (before, *(place for place, _ in places_around(before)))))


def _is_taken(before: str) -> bool:
    if any(pattern.search(before) for pattern in (_OF_ROLE, _BESIDE_ROLE, _PART_OF_MESSAGE)):
        return True
    names = calls_before(before)
    if not names:
        return False
    if takes_what_is_said(names[-1]):
        return True
    is_handed_on = snake(names[-1]).replace("_", "") in _HANDS_ON
    return is_handed_on and any(it[0].isupper() and takes_what_is_said(it) for it in names[:-1])
