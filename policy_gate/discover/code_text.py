"""Programs of other languages by their text: comments taken out, texts kept apart, imports by each language's word.

No grammar: what is a comment and what a text is told by the marks of the language, which is all that is asked here.
What it cannot tell apart (a text that is put together, a name that an alias hides) is a limit and is not guessed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import accumulate
from typing import Final

from policy_gate.discover.code_facts import (
    ASKED_WEIGHTS,
    OF_MESSAGE,
    ROLES,
    CodeFacts,
    Literal,
    Named,
    loaded_as,
    snake,
)
from policy_gate.discover.declared_defaults import defaults_declared
from policy_gate.discover.given_before import GIVES, key_before
from policy_gate.discover.given_in_text import Row, is_outer
from policy_gate.discover.model_constants import constants_in
from policy_gate.discover.prefilter import Needed, is_short
from policy_gate.discover.settings_by_group import models_in_groups
from policy_gate.discover.settings_in_other_forms import models_in_other_forms
from policy_gate.discover.settings_over_lines import settings_over_lines
from policy_gate.discover.settings_within_lines import settings_in, whole_setting, without_properties
from policy_gate.discover.type_imports import is_for_types
from policy_gate.schema.patterns import lazy_pattern

_DOUBLE: Final = r'"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"'
_STRINGS: Final = _DOUBLE + r"|'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*'"
_LONG: Final = r'"""[\s\S]*?(?:"""|\Z)|' + r"'''[\s\S]*?(?:'''|\Z)"
_TICKS: Final = r"`[^`\\]*(?:\\[\s\S][^`\\]*)*(?:`|\Z)"
_SLASHES: Final = r"//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)"
_HASH: Final = r"#[^\n]*"
_RAW: Final = r'r#"[\s\S]*?(?:"#|\Z)|\#"[\s\S]*?(?:"\#|\Z)'
_RAW_OF_C: Final = r'R"[A-Za-z_]{0,16}\([\s\S]*?(?:\)[A-Za-z_]{0,16}"|\Z)'
_CHARACTER: Final = r"'(?:\\.[^'\n]{0,8}|[^'\\\n])'"
_VERBATIM: Final = r'\$@"(?:""|[^"])*(?:"|\Z)|@\$?"(?:""|[^"])*(?:"|\Z)'
_LONG_DOUBLE: Final = r'"[^"\\]*(?:\\[\s\S][^"\\]*)*(?:"|\Z)'
_SEVERAL_LINES: Final = _LONG_DOUBLE + r"|'[^'\\]*(?:\\[\s\S][^'\\]*)*(?:'|\Z)"
_EXPRESSION: Final = (
    r"/(?:(?<=[(=,:\[!&|?;\n]/)|(?<=[(=,:\[!&|?;] /))(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n]){0,80}\]|[^/\\\n\[]){1,200}/"
)
"""a regular expression: the quotes in it begin no text"""
_HERE: Final = lazy_pattern(r"<<<?[~-]?[\"']?([A-Za-z_]\w{0,40})[\"']?(?![\w(.])")
"""where a text of several lines begins, and by which word it ends"""
_FIRST_WORD: Final = lazy_pattern(r"[ \t]*([A-Za-z_]\w{0,40})\b")
_HAVE_HERE: Final = frozenset({"ruby", "php"})

_COMMENTS: Final[Mapping[str, str]] = {
    "javascript": f"{_SLASHES}|{_EXPRESSION}",
    "java": _SLASHES,
    "go": _SLASHES,
    "csharp": _SLASHES,
    "rust": _SLASHES,
    "swift": _SLASHES,
    "other": _SLASHES,
    "hashed": _HASH,
    "php": rf"{_SLASHES}|{_HASH}",
    "ruby": rf"=(?<=^=)begin\b[\s\S]*?(?:^=end\b|\Z)|{_HASH}",
    "r": _HASH,
    "python": _HASH,
    "configuration": r"(?:(?<=\s)|^)#[^\n]*|^[ \t]*//[^\n]*",
}
_TEXTS: Final[Mapping[str, str]] = {
    "javascript": f"{_STRINGS}|{_TICKS}",
    "java": f"{_LONG}|{_STRINGS}",
    "go": f"{_DOUBLE}|{_TICKS}|{_CHARACTER}",
    "csharp": f"{_LONG}|{_VERBATIM}|{_DOUBLE}|{_CHARACTER}",
    "rust": f"{_RAW}|{_LONG_DOUBLE}|{_CHARACTER}",
    "swift": f"{_LONG}|{_RAW}|{_DOUBLE}",
    "other": f"{_LONG}|{_RAW_OF_C}|{_STRINGS}",
    "hashed": f"{_LONG}|{_DOUBLE}|{_CHARACTER}",
    "php": _SEVERAL_LINES,
    "ruby": _STRINGS,
    "r": _SEVERAL_LINES,
    "python": f"{_LONG}|{_STRINGS}",
    "configuration": _STRINGS,
}
_TOKENS: Final = {name: lazy_pattern(f"{_COMMENTS[name]}|{_TEXTS[name]}", re.MULTILINE) for name in _TEXTS}
"""comments and texts; each begins with its mark where it can, by which it is found fastest"""
_MARKS: Final = frozenset({"'", '"', "`", "$", "@", "r", "R"})
"""what texts begin with"""
_MARKS_AND_HASH: Final = _MARKS | {"#"}
_IS_KEY: Final = lazy_pattern(r"""(["'])[A-Za-z_$][\w$.-]{0,80}\1\s{0,20}(?::(?!:)|=>|\]\s{0,20}=(?!=))""")
"""a text that is a name, and what follows it is given to that name"""
_BEHIND_NO_KEY: Final = frozenset(",;)}")
"""what most texts that are no such name are followed by"""
_LOADED: Final = lazy_pattern(r"(?:\bfrom|\bimport|\brequire\s{0,5}\(|\bimport\s{0,5}\()\s{0,20}$")
_RUBY: Final = lazy_pattern(r"\b(?:require|gem|autoload)\s{0,5}\(?\s{0,5}$")
_ALIAS: Final = lazy_pattern(r"^\s*(?:import\s+)?(?:[\w.]+\s+)?$")
_ROLE: Final = lazy_pattern(r"""\brole["']?\s{0,5}(?::|=>|=)\s{0,5}$""")
_IMPORTS: Final = {
    "java": lazy_pattern(r"^[ \t]*import[ \t]+(?:static[ \t]+)?([\w.]{1,200})", re.MULTILINE),
    "csharp": lazy_pattern(
        r"^[ \t]*(?:@?(?:global[ \t]+)?using|Imports|open)[ \t]+(?:static[ \t]+)?(?:\w+[ \t]*=[ \t]*)?([\w.]{1,200})",
        re.MULTILINE,
    ),
    "rust": lazy_pattern(r"^[ \t]*(?:pub[ \t]+)?(?:use|extern[ \t]+crate)[ \t]+(?:::)?(\w{1,80})", re.MULTILINE),
    "php": lazy_pattern(r"\buse[ \t]+(?:function[ \t]+)?\\?([\w\\]{1,200})"),
    "swift": lazy_pattern(r"^[ \t]*(?:@\w+[ \t]+)?import[ \t]+(?:\w+[ \t]+)?(\w{1,80})[ \t]*$", re.MULTILINE),
    "r": lazy_pattern(r"\b(?:library|require|requireNamespace)[ \t]{0,5}\([ \t]{0,5}([\w.]{1,80})|\b([\w.]{1,80})::"),
    "python": lazy_pattern(r"^[ \t]*(?:import|from)[ \t]+([\w.]{1,200})", re.MULTILINE),
}
_PLAIN: Final = lazy_pattern(
    r"""^[ \t]*(?:-[ \t]+)?(?:export[ \t]+|ENV[ \t]+|ARG[ \t]+)?["']?([\w.-]{1,80})["']?[ \t]*(?:[:?]=|[:=])[ \t]*"""
    r"""([^\s"'#{\[|>][^#\n]{0,500})$""",
    re.MULTILINE,
)
_BARE: Final = lazy_pattern(
    r"""^[ \t]*(?:-[ \t]+)?([^\s"'#{}\[\]<>|,]{1,199}[^\s"'#{}\[\]<>|,:])[ \t]*$|((?:https?|wss?)://[^\s"'<>]{1,500})""",
    re.MULTILINE,
)
"""a line or list item of one word, an address on a command line"""
_LIST: Final = lazy_pattern(r"\[([^\[\]\n]{1,500})\]")
_SPACED: Final = lazy_pattern(r"^[ \t]*(?:ENV|ARG)[ \t]+(\w{1,80})[ \t]+(\S{1,200})[ \t]*$", re.MULTILINE)
_ENVIRONMENT: Final = lazy_pattern(r"\benv\.([A-Z][A-Z0-9_]{1,80})\b")
_ROLE_AFTER: Final = lazy_pattern(
    r"""\s{0,80},\s{0,80}["']?role["']?\s{0,5}(?::|=>|=)\s{0,5}["'](?:system|developer|user|human)["']"""
)
_LOOKED_BACK: Final = 160
_LONGEST_IMPORT: Final = 5_000
_EVERYTHING: Final = Needed(everything=True)
_PLAIN_MARKS: Final = ('"', "'")
_ALL_MARKS: Final = ('"""', "'''", '"', "'", "`")


class _Told:
    """Whether something needed stands in a part of a text; asked from its beginning on."""

    def __init__(self, needed: Needed, text: str, places: list[int] | None) -> None:
        self._needed, self._text, self._places = needed, text, places
        self._ahead = iter(places or ())
        self._next = next(self._ahead, len(text))

    def holds(self, near: int, end: int) -> bool:
        """`near` is never before that of an earlier question."""
        if self._places is None:
            return self._needed.is_in(self._text[near:end])
        while self._next < near:
            self._next = next(self._ahead, len(self._text))
        return self._next < end


def text_facts(text: str, language: str, needed: Needed = _EVERYTHING) -> CodeFacts:
    """What the text of a program shows, as far as it stands beside something that is `needed`."""
    text = with_quotes(text, language)
    places = needed.places(text)
    literals = [*(_of_settings(text) if language == "configuration" else ()), *_of_defaults(text, language, needed)]
    if language == "configuration" and places is not None and "role" not in text and "\\\n" not in text:
        text = _near(text, places)
    lines = _Lines(text)
    imports: list[Named] = []
    for_types: list[Named] = []
    bare: list[str] = []
    row, between = Row(is_program=language != "configuration" and is_short(text, needed)), ""
    at, is_system = 0, False
    marks, told = _marks_of(language), _Told(needed, text, places)
    for token in _TOKENS[language].finditer(text):
        start, end = token.span()
        gap = text[at:start]
        bare.append(gap)
        at = end
        whole = token[0]
        if whole[0] not in marks:
            bare.append(_blank(whole))
            between += gap
            continue
        gap, between = between + gap, ""
        is_key = (
            text[end : end + 1] not in _BEHIND_NO_KEY
            and gap.rstrip()[-1:] != "?"
            and _IS_KEY.match(text, start) is not None
        )
        bare.append(whole if is_key else _emptied(whole))
        if not (is_system or told.holds(max(0, start - _LOOKED_BACK), end) or row.goes_on(gap)):
            row.part()
            continue
        before = "".join(bare[-4:-1])[-_LOOKED_BACK:]
        wide = "".join(bare[-8:-1])[-_LOOKED_BACK:] if row.is_program else before
        line, value = lines.of(start), _inner(whole)
        last = gap.rstrip()[-1:] or before.rstrip()[-1:]
        key, is_by_row = _key_of(row, gap, wide, "" if is_key else value)
        row.note(value, key, wide, is_key=is_key)
        if not is_by_row and _is_loaded(language, before, last):
            is_type = language == "javascript" and is_for_types("".join(bare[-12:-1])[-_LONGEST_IMPORT:])
            (for_types if is_type else imports).append(Named(value, line))
        elif value or key:
            if language == "configuration" and (both := whole_setting(value)):
                literals.append(Literal(both[1], line, snake(both[0])))
            is_said = key in OF_MESSAGE and (is_system or _ROLE_AFTER.match(text, end) is not None)
            literals.append(Literal(value, line, "system" if is_said else snake(key)))
        if key == "role" or (last in GIVES and "role" in before and _ROLE.search(before)):
            is_system = value in ROLES
        elif key == "type" and value in ("system", "developer"):
            is_system = True
        elif is_system:
            is_system = "}" not in before
    bare.append(text[at:])
    found = CodeFacts(tuple(imports), tuple(literals), for_types=tuple(for_types))
    return _with_bare(found, _lines_with("".join(bare), needed), language)


def _of_settings(text: str) -> Iterator[Literal]:
    """What a file of settings gives names otherwise than on one line of its own."""
    yield from settings_over_lines(text)
    yield from models_in_groups(text)
    yield from models_in_other_forms(text)


def _of_defaults(text: str, language: str, needed: Needed) -> Iterator[Literal]:
    if is_short(text, needed):
        yield from defaults_declared(text, lambda: code_alone(text, language), needed.places(text))


def _key_of(row: Row, gap: str, before: str, value: str) -> tuple[str, bool]:
    """What a text is given to, and whether the texts before it say so; a key of its own has no `value`."""
    last = gap.rstrip()[-1:] or before.rstrip()[-1:]
    own, by_row = key_before(before, last), row.key(gap, before, value) if value else ""
    is_by_row = bool(by_row) and is_outer(own, last, before, by_row)
    own = loaded_as(value) if own == ASKED_WEIGHTS else own
    return row.named(by_row if is_by_row else own, before), is_by_row


def _with_bare(found: CodeFacts, plain: str, language: str) -> CodeFacts:
    """With what the program says outside of texts."""
    lines = _Lines(plain)
    literals: tuple[Literal, ...] = ()
    if language == "configuration":
        literals = tuple(_unquoted(plain, lines))
    elif language == "javascript":
        literals = tuple(Literal(it[1], lines.of(it.start())) for it in _ENVIRONMENT.finditer(plain))
    imports = (*found.imports, *_by_word(plain, language, lines))
    constants = () if language == "configuration" else tuple(_constants(plain, lines))
    return CodeFacts(imports, (*found.literals, *literals), for_types=found.for_types, constants=constants)


def _constants(plain: str, lines: _Lines) -> Iterator[Named]:
    yield from (Named(name, lines.of(at)) for name, at in constants_in(plain))


def _near(text: str, places: list[int]) -> str:
    """The lines at and shortly behind these places; the others are left empty, as many as they are and as long."""
    kept: list[str] = []
    at = 0
    for place in places:
        if place < at:
            continue
        begin = max(at, text.rfind("\n", 0, place) + 1)
        kept.append(_blank(text[at:begin]))
        at = text.find("\n", place + _LOOKED_BACK)
        at = len(text) if at < 0 else at
        kept.append(text[begin:at])
    return "".join([*kept, _blank(text[at:])])


def _marks_of(language: str) -> frozenset[str]:
    """What tells a text of the language from a comment: how it begins."""
    return _MARKS_AND_HASH if language in ("rust", "swift") else _MARKS


def _lines_with(plain: str, needed: Needed) -> str:
    """The lines that hold something that is needed; the others are left empty."""
    if needed.everything:
        return plain
    places = needed.places(plain)
    if places is None:
        return "\n".join([line if line and needed.is_in(line) else "" for line in plain.split("\n")])
    kept: list[str] = []
    at = 0
    for place in places:
        if place < at or plain.startswith("\\\n", place):
            continue  # in a line that is kept, or the end of one
        begin = plain.rfind("\n", at, place) + 1 or at
        kept.append("\n" * plain.count("\n", at, begin))
        end = plain.find("\n", place)
        at = len(plain) if end < 0 else end
        kept.append(plain[begin:at])
    return "".join([*kept, "\n" * plain.count("\n", at)])


def without_comments(text: str, language: str) -> str:
    """The text of a program with blanks in place of its comments."""
    text = with_quotes(text, language)
    marks = _marks_of(language)
    return _TOKENS.get(language, _TOKENS["other"]).sub(
        lambda found: found[0] if found[0][0] in marks else _blank(found[0]), text
    )


def code_alone(text: str, language: str) -> str:
    """A program as long as it is, with blanks for its comments and texts; a text that says something keeps a mark."""
    marks = _marks_of(language)
    return _TOKENS[language].sub(lambda found: _emptied(found[0]) if found[0][0] in marks else _blank(found[0]), text)


def with_quotes(text: str, language: str) -> str:
    """The same lines with texts between marks (`<<~END`) written in quotes, where the language has such."""
    return _quoted(text) if language in _HAVE_HERE else text


def _quoted(text: str) -> str:
    lines = text.split("\n")
    ends: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        if word := _FIRST_WORD.match(line):
            ends.setdefault(word[1], []).append(number)
    written: list[str] = []
    while len(written) < len(lines):
        at = len(written)
        begin = _HERE.search(lines[at])
        later = ends.get(begin[1], []) if begin else []
        found = bisect_right(later, at)
        end = later[found] if found < len(later) else None
        if begin is None or end is None:
            written.append(lines[at])
            continue
        inside = [re.sub(r'([\\"])', r"\\\1", line) + " \\" for line in lines[at + 1 : end]]
        rest = lines[end].replace(begin[1], '"', 1) + lines[at][begin.end() :]
        written += [f'{lines[at][: begin.start()]}"\\', *inside, rest]
    return "\n".join(written)


class _Lines:
    """The line of a place in a text."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate(map((1).__add__, map(len, self._text.split("\n"))))]

    def of(self, at: int) -> int:
        return bisect_right(self._starts, at)


def _blank(text: str) -> str:
    """As many lines and characters, and no words."""
    if "\n" not in text:
        return " " * len(text)
    return "\n".join(" " * len(line) for line in text.split("\n"))


def _emptied(token: str) -> str:
    """A text without its words: as long, with the mark that it begins with where there are words in it."""
    if len(token) <= 2:
        return "  "
    return f'"{_blank(token[2:])} ' if "\n" in token else '"'.ljust(len(token))


def _inner(token: str) -> str:
    if token[0] in _PLAIN_MARKS and token[-1] == token[0] != token[1:2] and "\\" not in token:
        return token[1:-1]
    if token[0] in _PLAIN_MARKS:
        mark = token[0] * 3 if token.startswith(token[0] * 3) else token[0]
        begin = 0
    else:
        marks = [(at, -len(mark), mark) for mark in _ALL_MARKS if (at := token.find(mark, 0, 4)) >= 0]
        if not marks:
            return token
        begin, _, mark = min(marks)
    value = token[begin + len(mark) :].rstrip("#").removesuffix(mark)
    return value if "\\" not in value else _ESCAPE.sub(_unescaped, value)


_ESCAPE: Final = lazy_pattern(r"\\(?:u\{?([0-9A-Fa-f]{4,6})\}?|x([0-9A-Fa-f]{2})|([\s\S]))")

_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "\n": ""}


def _unescaped(found: re.Match[str]) -> str:
    if found[3] is None:
        number = int(found[1] or found[2], 16)
        return chr(number) if number < 0x110000 else found[0]
    return _ESCAPED.get(found[3], found[3])


def _is_loaded(language: str, before: str, last: str) -> bool:
    if language == "javascript":
        return bool(last) and last in "mt(" and _LOADED.search(before) is not None
    if language == "go":
        return _ALIAS.match(before.rpartition("\n")[2]) is not None
    return language == "ruby" and _RUBY.search(before) is not None


def _by_word(plain: str, language: str, lines: _Lines) -> Iterator[Named]:
    pattern = _IMPORTS.get(language)
    for found in pattern.finditer(plain) if pattern else ():
        yield Named(found[1] or found[2], lines.of(found.start(found.lastindex or 0)))


def _unquoted(plain: str, lines: _Lines) -> Iterator[Literal]:
    """What stands without quotes: `key: value`, `KEY=value`, items of lists, lone words, addresses."""
    for name, value, start in settings_in(plain):
        yield Literal(value.rstrip(",;"), lines.of(start), snake(name))
    for found in _PLAIN.finditer(plain):
        yield Literal(without_properties(found[2].strip()).rstrip(",;"), lines.of(found.start(1)), snake(found[1]))
    for found in _SPACED.finditer(plain):
        yield Literal(found[2], lines.of(found.start(1)), snake(found[1]))
    for found in _BARE.finditer(plain):
        yield Literal(found[1] or found[2], lines.of(found.start(found.lastindex or 0)))
    for found in _LIST.finditer(plain):
        for item in found[1].split(","):
            yield Literal(item.strip(), lines.of(found.start()))
