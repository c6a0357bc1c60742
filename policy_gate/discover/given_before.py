"""What a text of a program is given to by what stands right before it: `name = "text"`, `name: "text"`, `name("text")`.

Languages other than Python, which are read by their text; in what stands before, texts are blanks behind a mark.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from policy_gate.discover.code_facts import (
    ASKED_WEIGHTS,
    LOADS_WEIGHTS,
    SAYS_TO_MODEL,
    TAKES_MODEL,
    THROWN,
    snake,
)
from policy_gate.schema.patterns import lazy_pattern

_KEY: Final = lazy_pattern(
    r"""(?<!\w)((?!(?:default|else)\s{0,5}:[^"=]{1,80}=)[A-Za-z_$][\w$.-]{0,80}+)"""
    r"""(?:["']?+\]|["']|\[\d{0,6}\])?+\s{0,20}+"""
    r"""(?:[:]\s{0,5}+[A-Za-z&*(\[][\w<>?\[\]. &'*,()]{0,60})?"""
    r"""(?:[+.]=|(?:\?\?|\|\|)=|:=|=>|<-|=|:|\()\s{0,40}$"""
)
"""nothing of a name or of the space behind it is given back, as no other part could take it"""
_ROLE_CONSTANT: Final = lazy_pattern(
    r"\bRole:\s{0,20}[\w.]{0,80}(?:System|Developer|User)\w{0,20},\s{0,40}Content:\s{0,20}$"
)
_THROWS: Final = lazy_pattern(r"\b(?:throw|raise)\s{1,5}(?:new\s{1,5})?[A-Za-z_][\w.:]{0,80}\s{0,5}\(\s{0,40}$")
_ROLE: Final = r"(?:system|developer|user|human)"
_TAKES: Final = lazy_pattern(
    r"(?:(?:add|create|new|append|push|make|build|chat|completion|request|response|open_?ai|anthropic|llm|ai|input"
    rf"|message|prompt)_){{0,6}}{_ROLE}_(?:chat_)?(?:message|instruction|prompt)s?"
    r"(?:_(?:param|args|part|block|template|content|builder|input))?|new_(?:system|user)|default_(?:system|user)"
    r"|(?:with|default|set)_(?:system|developer)_(?:message|instruction|prompt)s?"
)
"""names of calls and classes, in snake_case, that take what is said to a model and show nobody anything"""
_LOADS: Final = tuple(f".{name}" for name in LOADS_WEIGHTS)
_MAKES_PATH: Final = frozenset({"File", "FileInputStream", "Path", "URL", "get", "of", "create", "OpenRead"})
_CALL: Final = lazy_pattern(r"([A-Za-z_$][\w$.]{0,80})\s{0,5}\(\s{0,40}(?:new\s{1,5})?(?:java\.[a-z.]{2,12}\.)?$")
"""the call whose first argument comes"""
GIVES: Final = frozenset("=:>(-")
"""what ends in front of a text that is given to something"""


def key_before(before: str, last: str) -> str:
    """What the text is given to, by what stands before it and ends so."""
    if last not in GIVES:
        return ""
    # None of these stands between a name and what it is given.
    of = before.rfind
    begin = max(of(";"), of("{"), of("}"), of(","), of(")"), of("(", 0, len(before.rstrip()) - 1))
    found = _KEY.search(before, begin + 1)
    if found is None:
        return ""
    name = found[1].rpartition(".")[2].lstrip("$")
    if name == "string":
        return ""  # the type of a variable of Go
    if name == "Content" and _ROLE_CONSTANT.search(before):
        return "system"
    if last == "(" and takes_what_is_said(name):
        return "system"
    if last == "(" and _loads(before[: found.start()], found[1]):
        return ASKED_WEIGHTS
    if last == "(" and name in TAKES_MODEL:
        return "model"
    return THROWN if last == "(" and _THROWS.search(before) else snake(name)


@lru_cache(maxsize=4096)
def takes_what_is_said(name: str) -> bool:
    """Is a call or a class of this name handed what is said to a model?"""
    return name in SAYS_TO_MODEL or _TAKES.fullmatch(snake(name)) is not None


def _loads(before: str, name: str) -> bool:
    """Does a call load weights, or make a path for one that does (`new File("…")`)?"""
    if name.rpartition(".")[2] in _MAKES_PATH and (outer := _CALL.search(before)):
        name = outer[1]
    return f".{name}".endswith(_LOADS)
