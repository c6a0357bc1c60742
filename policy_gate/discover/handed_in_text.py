"""Texts that reach a model by the name of a variable, in languages that are read by their text.

`const RANKER = "acme/rank-1"`, and later `create({ model: RANKER })`: a name that is handed on as a model, or as what
is said to one, is read as if it were called so where it is given something, in the same function, in one around it or
in the file. What it is given may be a name again.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from msgspec.structs import replace

from policy_gate.discover.code_facts import THROWN, CodeFacts
from policy_gate.discover.code_text import code_alone, text_facts, with_quotes
from policy_gate.discover.function_scopes import FunctionScopes, functions_in
from policy_gate.discover.given_in_text import is_telling
from policy_gate.discover.prefilter import Needed, is_short, windows
from policy_gate.schema.patterns import lazy_pattern

_EVERYTHING: Final = Needed(everything=True)
_NAME: Final = r"[A-Za-z_][\w$]{0,60}+"
_GIVEN: Final = lazy_pattern(
    rf"(?:(?P<either>\?)|[=:(,\[|+{{>]|\b(?:to|return|or)\b)\s{{0,80}}+(?P<mark>[&*$@]{{0,2}})"
    rf"(?P<path>(?:{_NAME}[?!]?(?:\.|::|->)[@$]?){{0,4}}{_NAME})(?P<at>(?:\[[^\[\]\n]{{0,80}}\]){{0,2}})"
    rf"(?P<call>\(\))?(?=[ \t]{{0,20}}(?:[,;)\]}}+|!\n]|\?\?|\Z|(?:as|or|if|unless)\b|(?(either):)))"
)
"""a name, or what is taken from one, where a value stands"""
_TARGET: Final = lazy_pattern(
    rf"\b(?<![^:]:)(?<![^:]:[ ])({_NAME})(?=\s{{0,5}}(?:\{{[^{{}}\n]{{0,60}}\}}\s{{0,5}}=(?![=>])"
    r"|(?::\s{0,5}[A-Za-z&*(\[][\w.&*?|\[\]()' ]{0,60}(?:<[^=;{}\n]{0,60}>)?[\[\]? ]{0,5})?"
    r"(?:=(?![=>~])|:=|<-|\?\?=|\|\|=|[+.]=)|string\s{0,5}=(?!=)|by\s{1,5}lazy\b)"
    r"|(?P<bare>\s{0,5}[({]?\s{0,5}\"))"
)
"""a name that is given something; `bare` without a sign of that, as members of enumerations are"""
_DEFINED: Final = lazy_pattern(rf"""\bdefine\s{{0,5}}\(\s{{0,20}}((["'])({_NAME})\2\s{{0,5}},)""")
_MAY_BE_BARE: Final = lazy_pattern(r"(?:@|\b(?:string|string_view|auto|String)\s{1,5})\w$|(?<![.\w])[A-Z]$")
_OF_OBJECT: Final = lazy_pattern(r"(?:\.|->|::\$|@)$")
_GIVING: Final = lazy_pattern(r"[^=\n]{0,80}=\s{0,80}")
_BEGINS: Final = lazy_pattern(r"(?:^|[\n;{}])\s*[$*]?$")
_ENTRY: Final = lazy_pattern(rf"""(["']?)({_NAME})\1\s{{0,20}}(?::(?!:)|=>|=(?![=>]))""")
_BRACKET: Final = lazy_pattern(r"[()\[\]{}]")
_PUT_IN: Final = lazy_pattern(rf"(?:[$#]\{{[@$]?|\{{\$|\$)(?P<path>(?:{_NAME}(?:\.|->)){{0,4}}{_NAME})")
"""a name in a text whose value is put there"""
_PARTED: Final = lazy_pattern(r"[?!]?(?:\.|::|->)[@$]?")
_KEY_ASKED: Final = lazy_pattern(r"""\[\s{0,5}(?:["']([^"'\n]{1,60})["']|:(\w{1,60}))\s{0,5}\]$""")
_LINE: Final = lazy_pattern(r"^", re.MULTILINE)
_MARK: Final = "\x1f"
_MARKED: Final = lazy_pattern(rf"{_MARK}(\d{{1,7}}) ")
_SAID: Final = "system_instruction"
"""what a message of the system is called, so that lists and sums of it are read, too"""
_OWN: Final = frozenset({"this", "self", "Self", "cls", "static", "super", "parent"})
_OWN_BY_GIVING: Final = frozenset({"php", "ruby", "r", "python", "hashed"})
"""languages in which a function that gives a name something has a name of its own by that"""
_MOST_OF_TABLES: Final = 4
"""times the length of a program that is looked through for keys of tables, which may stand in one another"""
_WAYS: Final = 6
"""names, one behind the other, over which a text is followed"""
_GROUPS: Final = 3
_LOOKED_BACK: Final = 160


class _Value(NamedTuple):
    """A name where a value stands, and what it is taken from: by its name, or as one of a table by its key.

    Where another name says which of a table it is, there is no name.
    """

    begin: int
    end: int
    name: str
    of: str = ""
    of_table: bool = False


_Way = tuple[int, str]
"""in which line a name is handed on, and as what"""


class _Near(Needed, frozen=True):
    """What of a program has to be read for names that are marked in it: what stands about them."""

    def is_in(self, text: str) -> bool:
        return False

    def places(self, text: str) -> list[int] | None:
        found = [it.start() for it in _MARKED.finditer(text)]
        return sorted({max(0, at - back) for at in found for back in (0, _LOOKED_BACK)})


def facts_with_handed(text: str, language: str, needed: Needed = _EVERYTHING) -> CodeFacts:
    """What the text of a program shows, and what it hands on by names, as far as these stand beside what is needed."""
    if language != "configuration" and is_short(text, needed):
        text = with_quotes(text, language).replace(_MARK, " ")
        for _ in range(_WAYS):
            told, keys = _Program(text, language).told(needed)
            if told == text:
                break
            text = told
            needed = needed if needed.everything else replace(needed, texts=(*{*needed.texts, *keys},))
    return text_facts(text, language, needed)


class _Program:
    """One program, as it stands and without its texts; both are as long."""

    def __init__(self, text: str, language: str) -> None:
        self._text, self._language = text, language
        self._code = code_alone(text, language)
        self._left = _MOST_OF_TABLES * len(text)

    def told(self, needed: Needed) -> tuple[str, set[str]]:
        """The program in which names that are handed on are called by what they are handed on as, and these names."""
        edits: dict[tuple[int, int], str] = {}
        handed = self._handed(needed)
        for (name, of, of_table), ways in handed.items():
            places = [] if name and of_table else self._places(name or of, sorted(ways))
            for place, key in (*places, *self._keys(name, of, sorted(ways))):
                is_defined = self._text[place[0]] in "\"'"
                edits.setdefault(place, f"{key} =" if is_defined else key)
        return _edited(self._text, edits), {key for ways in handed.values() for _, key in ways}

    def _handed(self, needed: Needed) -> Mapping[tuple[str, str, bool], Sequence[_Way]]:
        """Names that are given something, where they are handed on as a model or as what is said to one."""
        values = self._values(needed)
        marks = {(it.begin, it.end): f"{_MARK}{at} " for at, it in enumerate(values)}
        marked = _edited(self._text, {at: it if self._is_text(*at) else f'"{it}"' for at, it in marks.items()})
        found: dict[tuple[str, str, bool], list[_Way]] = {}
        for text, line, key in text_facts(marked, self._language, _Near()).literals if values else ():
            if key != THROWN and is_telling(key):
                for it in _MARKED.finditer(text):
                    *_, name, of, of_table = values[int(it[1])]
                    found.setdefault((name, of, of_table), []).append((line, _SAID if key == "system" else key))
        return found

    def _values(self, needed: Needed) -> list[_Value]:
        """The names that stand where a value does, near to what is needed, and are given something."""
        found: list[_Value] = []
        for begin, end in windows(self._text, needed.places(self._text)):
            found += filter(None, map(self._value, _GIVEN.finditer(self._code, begin, end)))
            found += filter(None, map(self._put_in, _PUT_IN.finditer(self._text, begin, end)))
        return list(filter(self._is_given, found))

    def _is_text(self, begin: int, end: int) -> bool:
        return self._code[begin:end].isspace()

    def _is_given(self, value: _Value) -> bool:
        is_given = value.name in self._targets or value.of in self._targets
        return is_given and not is_telling(value.name)

    def _value(self, found: re.Match[str]) -> _Value | None:
        parts = _PARTED.split(found["path"])
        of = "" if len(parts) == 1 or parts[0] in _OWN else parts[0]
        if found["at"]:
            asked = _KEY_ASKED.search(self._text[found.start("at") : found.end("at")])
            name = (asked[1] or asked[2]) if asked else ""
            return _Value(found.start("mark"), found.end(), name, of or parts[-1], of_table=True)
        if found["call"]:
            parts.pop()  # `RANKER.to_string()`: what a function comes to is not followed
        return _Value(found.start("mark"), found.end(), parts[-1], of) if parts else None

    def _put_in(self, found: re.Match[str]) -> _Value | None:
        """A name whose value is put into a text."""
        parts = _PARTED.split(found["path"])
        of = "" if len(parts) == 1 or parts[0] in _OWN else parts[0]
        return _Value(*found.span(), parts[-1], of) if self._is_text(*found.span()) else None

    @cached_property
    def _targets(self) -> Mapping[str, Sequence[tuple[int, int]]]:
        """Where names are given something."""
        found: dict[str, list[tuple[int, int]]] = {}
        for it in _TARGET.finditer(self._code):
            if not it["bare"] or _MAY_BE_BARE.search(self._code, max(0, it.start() - 20), it.start() + 1):
                found.setdefault(it[1], []).append(it.span(1))
        for it in _DEFINED.finditer(self._text) if self._language == "php" else ():
            if self._code[it.start()] == it[0][0]:
                found.setdefault(it[3], []).append(it.span(1))
        return found

    def _places(self, name: str, ways: Sequence[_Way]) -> Iterator[tuple[tuple[int, int], str]]:
        """Where a name is given something that holds where it is handed on, and as what."""
        for target in self._targets.get(name, ()):
            if key := self._seen_as(target, ways):
                yield target, key

    def _keys(self, name: str, of: str, ways: Sequence[_Way]) -> Iterator[tuple[tuple[int, int], str]]:
        """The same in what a table, or an object, is given: the keys of this name, or all."""
        at = 0
        for target, key in self._places(of, ways):
            for begin, end in self._groups(target[1]) if target[0] >= at else ():
                self._left -= end - begin
                if self._left > 0:
                    yield from ((place, key) for place in self._entries(name, begin, end))
                at = end

    def _groups(self, at: int) -> Iterator[tuple[int, int]]:
        """What stands in brackets behind a place, in the statement that goes on there."""
        given = _GIVING.match(self._code, at)
        at = given.end() if given else at
        for _ in range(_GROUPS):
            stop = self._code.find("\n", at)
            opening = _BRACKET.search(self._code, at, len(self._code) if stop < 0 else stop)
            if opening is None or opening[0] in ")]}":
                return
            at = self._closings.get(opening.start(), len(self._code)) + 1
            yield opening.start(), at

    def _entries(self, name: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
        """The keys of a table; those of this name, if there is one."""
        for it in _ENTRY.finditer(self._text, begin, end):
            is_code = self._code[it.start()] == ('"' if it[1] else it[2][0])
            if is_code and name in ("", it[2]):
                yield it.span(2)

    @cached_property
    def _closings(self) -> Mapping[int, int]:
        """By where a bracket opens, where it closes."""
        found: dict[int, int] = {}
        opened: list[int] = []
        for it in _BRACKET.finditer(self._code):
            if it[0] in "([{":
                opened.append(it.start())
            elif opened:
                found[opened.pop()] = it.start()
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return [it.start() for it in _LINE.finditer(self._code)]

    @cached_property
    def _functions(self) -> FunctionScopes:
        return FunctionScopes(functions_in(self._code, self._language))

    def _seen_as(self, target: tuple[int, int], ways: Sequence[_Way]) -> str:
        """As what a name is handed on that is given something here; nothing where a function has it for itself."""
        around = self._functions.around(target[0])
        if around is None or self._is_of_outer(*target):
            return ways[0][1]
        first, last = (bisect_right(self._starts, it) for it in around)
        found = bisect_left(ways, (first, ""))
        return ways[found][1] if found < len(ways) and ways[found][0] <= last else ""

    def _is_of_outer(self, begin: int, end: int) -> bool:
        """Is the name one of an object, or one that a function gives something without having it of its own?"""
        before = self._code[max(0, begin - _LOOKED_BACK) : begin]
        if _OF_OBJECT.search(before):
            return True
        is_own = self._language in _OWN_BY_GIVING or self._code[end : end + 9].lstrip().startswith(":=")
        return not is_own and _BEGINS.search(before) is not None


def _edited(text: str, edits: Mapping[tuple[int, int], str]) -> str:
    """A text with others in these places of it."""
    parts: list[str] = []
    at = 0
    for begin, end in sorted(edits):
        parts += [text[at:begin], edits[begin, end]]
        at = end
    return "".join([*parts, text[at:]])
