"""What a text is given to by way of a call, a cast or a branch: `model: String::from("…")`, `env("M", "…")`.

What stands around such a call is asked as if the text stood in its place. Only calls that come to the text are passed:
those that give it a type, and those that are handed it as what holds where nothing is set.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from policy_gate.discover.code_facts import snake
from policy_gate.schema.patterns import lazy_pattern

_NAME: Final = lazy_pattern(r"([A-Za-z_$][\w$]{0,60})[!?]?(?:(?:::)?<[^<>()]{0,60}>|\[[\w.*]{1,40}\])?\s{0,3}\Z")
"""a name before a bracket, with the types that it is given"""
_PARTS: Final = lazy_pattern(r"\s{0,60}(?:\?\.|!\.|\.|::|->)\s{0,20}\Z")
_BEFORE_NAME: Final = lazy_pattern(r"(?:\bnew|\bawait|\btry|&|\*)\s{0,5}\Z")
_CAST: Final = lazy_pattern(
    r"(?:(?<=[=(:,?|&])|(?<=\breturn))\s{0,5}(?:<[\w.\[\]\"' |]{1,60}>|\([A-Za-z_][\w.: ]{0,40}\*?\))\s{0,3}\Z"
)
_BLOCK: Final = lazy_pattern(r"\)\s{0,5}\{\s{0,20}(?:\|\w{0,20}\|\s{0,5})?\Z")
"""a block behind a call, which comes to what holds otherwise"""
_COMES_TO: Final = frozenset(
    {
        *("from", "of", "new", "init", "valueof", "fromstr", "fromstring", "parse", "format", "tostring", "intern"),
        *("newtextblock", "textblock", "newtextpart", "textpart"),
        *("f", "string", "str", "text", "newopt", "opt", "ptr", "toptr", "pointer", "ref", "pointerto", "raw"),
        *("some", "just", "ok", "right", "box", "arc", "rc", "cow", "borrowed", "owned", "optional", "ofnullable"),
        *("default", "catch", "cast", "identity", "trim", "nonnull", "requirenonnull", "notnull", "unwrapor", "orelse"),
        *("freeze", "lazy", "value", "secretstr", "literal", "const", "custom", "other"),
    }
)
"""calls, by their names without humps and lines, that come to the text that they are handed"""
_HAS_DEFAULT: Final = lazy_pattern(
    r"\w{0,30}env\w{0,20}|\w{0,30}(?:config|settings?|property|option)|[a-z]{0,20}or(?:default|else)"
    r"|(?:get|opt|fetch|dig|read|lookup)(?:string|str|value|text|or)?|string(?:var|p|varp)?|definestring|value"
)
"""the same of calls that come to a later argument where what they ask for is not there"""
_EITHER: Final = frozenset({"or", "coalesce", "firstnonempty", "firstnonnull", "defaultto", "ifempty", "ifnull", "nvl"})
"""calls that come to the first of their arguments that is something"""
_TAKES_BLOCK: Final = frozenset({"fetch", "orelseget", "unwraporelse", "getorelse", "ifempty", "ifblank", "getorput"})
_KEYED: Final = lazy_pattern(r"(?:\"[^\"(){}]{0,80}|:\w{1,60})\s{0,5},\s{0,40}\Z")
"""a text or an atom as the argument before"""
_NAMED: Final = lazy_pattern(
    r"(?:&\s?(?:[\w$]+\.){0,3}|(?<!:):)([A-Za-z_]\w{0,60})\s{0,5},(?:\s{0,5}\"\s{0,80},)?\s{0,40}\Z"
)
"""where it is written to, or by which atom it is asked for"""
_TYPE_OF_MODEL: Final = lazy_pattern(
    r"(?:[A-Z]\w{0,40})?(?:Chat|Language|Embeddings?|Completion|LLM|Llm|AI|Ai|GPT|Gpt)Model|Model"
    r"|(?:[A-Z]\w{0,40})?Model(?:Id|ID|Name|Ref|Identifier)"
)
_MAKES: Final = frozenset({"of", "from", "new", "init", "valueof", "fromstr", "fromstring", "parse", "custom", "other"})
_GIVEN: Final = r"\s{0,5}(?::\s{0,5}[\w<>?\[\]. ]{1,40})?\s{0,5}(?:\?\?=|\|\|=|:=|<-|=(?![=>])|:(?!:)|=>|->)\s{0,40}"
_CHOSEN: Final = lazy_pattern(
    rf"{_GIVEN}(?:return\s{{1,5}})?"
    r"(?:(?:match|switch|case|when|cond|if|unless)\b|\(?[\w.()]{1,60}\)?\s{1,5}(?:switch|match)\s{0,5}\{)"
    r"(?P<inside>[^;]{0,150}?)(?P<mark>=>|->|\belse|\bthen|\{|\bdo|\breturn|\byield|(?:case|default)\b[^;{}]{0,60}:)"
    r"\s{0,40}\{?\s{0,40}\Z"
)
"""the name is given what one of several branches comes to, and this is one"""
_CHOOSES: Final = lazy_pattern(r"\b(?:match|switch|case|when|cond|if|unless)\b")
_BRANCH_MARKS: Final = frozenset(">{:eond")
"""the last letters of the marks that branches begin with"""
_NEXT_BRANCH: Final = lazy_pattern(
    r"(?:\.\w{1,20}\(\)|\))?\s{0,40}[,;}]?[^;{}=\"]{0,80}?(?:=>|->|\belse|\bthen|\breturn)\s{0,40}\{?\s{0,40}"
)
_DEEPEST: Final = 4


class _Call(NamedTuple):
    """A call whose argument comes next: where it begins, its names from the first on, what it holds so far."""

    begin: int
    names: tuple[str, ...]
    inside: str


def places_around(before: str) -> Iterator[tuple[str, str]]:
    """What stands before each call that comes to the text, from the innermost, with what the call itself says of it."""
    for _ in range(_DEEPEST):
        cast = _CAST.search(before)
        if cast is not None:
            before = before[: cast.start()]
            yield before, ""
        passed = _passed(before)
        if passed is None:
            return
        before = before[: passed[0]]
        yield before, passed[1]


def is_branch(before: str, end: int) -> bool:
    """Is what comes next one of the branches that the name is given which ends there?"""
    found = _CHOSEN.match(before, end)
    if found is None:
        return False
    inside = f"{found['inside']}{found['mark']}"
    opened = inside.count("{") + found[0][: found.start("inside") - found.start()].count("{")
    is_inside = opened > inside.count("}") if opened else " end" not in inside
    return is_inside and inside.count("(") == inside.count(")")


def may_be_branch(before: str) -> bool:
    """May what comes next be one of several branches, by the mark that it stands behind?"""
    return before.rstrip()[-1:] in _BRANCH_MARKS and _CHOOSES.search(before) is not None


def is_next_branch(gap: str) -> bool:
    """Is what comes after this gap the next of several branches?"""
    return _NEXT_BRANCH.fullmatch(gap) is not None


def calls_before(before: str) -> tuple[str, ...]:
    """The names of the call whose first argument comes, with those of what it is asked of."""
    call = _call(before)
    return call.names if call is not None and not call.inside.strip() else ()


def _passed(before: str) -> tuple[int, str] | None:
    """Where a call begins that comes to the text, and what it says of that; None where it does not."""
    if block := _BLOCK.search(before):
        begin, names = _callee(before, opening_before(before, block.start()))
        return (begin, "") if names and _plain(names[-1]) in _TAKES_BLOCK else None
    call = _call(before)
    if call is None or not call.names:
        return None
    last = _plain(call.names[-1])
    if not call.inside.strip():
        said = _said_by_type(call.names)
        is_type = last != "new" or len(call.names) > 1  # a new one of a type that stands elsewhere may be anything
        return (call.begin, said) if said or (last in _COMES_TO and is_type) else None
    if last in _EITHER:
        return call.begin, ""
    if _HAS_DEFAULT.fullmatch(last) is None or not call.inside.rstrip().endswith(","):
        return None
    named = _NAMED.search(call.inside)
    return (call.begin, named[1] if named else "") if named or _KEYED.search(call.inside) else None


def _said_by_type(names: tuple[str, ...]) -> str:
    """A model, where a class is called after models that is made of the text."""
    of = names[-2] if len(names) > 1 and _plain(names[-1]) in _MAKES else names[-1]
    return "model" if _TYPE_OF_MODEL.fullmatch(of) else ""


def _call(before: str) -> _Call | None:
    opening = opening_before(before, len(before))
    if opening < 0 or before[opening] != "(":
        return None
    begin, names = _callee(before, opening)
    return _Call(begin, names, before[opening + 1 :])


def _callee(text: str, end: int) -> tuple[int, tuple[str, ...]]:
    """Where what is called before this bracket begins, and its names."""
    names: list[str] = []
    while end > 0 and (found := _NAME.search(text, max(0, end - 130), end)):
        names.append(found[1])
        end = found.start()
        parts = _PARTS.search(text, max(0, end - 90), end)
        if parts is None:
            break
        end = parts.start()
        if text[end - 1 : end] == ")":
            end = opening_before(text, end - 1)
    if found := _BEFORE_NAME.search(text, max(0, end - 12), max(0, end)):
        end = found.start()
    return max(0, end), tuple(reversed(names))


def opening_before(text: str, end: int, first: int = 0) -> int:
    """The bracket from `first` on that is still open at a place; below 0 where there is none in the statement."""
    closed = 0
    for at in range(end - 1, first - 1, -1):
        mark = text[at]
        if mark in ")]}":
            closed += 1
        elif mark in "([{":
            if not closed:
                return at
            closed -= 1
        elif mark == ";" and not closed:
            return -1
    return -1


def _plain(name: str) -> str:
    return snake(name).replace("_", "").strip("$!?")
