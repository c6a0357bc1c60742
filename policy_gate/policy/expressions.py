"""What can be seen in an expression without evaluating it: names, compared words, contradictions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from policy_gate.schema.patterns import lazy_pattern

_TOKEN = lazy_pattern(
    r"""(?P<space>\s+|//[^\n]*)"""
    r"""|(?P<text>[rRbB]{0,2}(?:\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}"""
    r"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))"""
    r"""|(?P<number>\d[\w.]*)"""
    r"""|(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)"""
    r"""|(?P<mark>==|!=|<=|>=|&&|\|\||.)""",
    re.DOTALL,
)
_ORDERS = ("<", "<=", ">", ">=")
_LOOPS = (".exists", ".exists_one", ".all", ".filter")


class Token(NamedTuple):
    """A piece of an expression; `offset` counts from 0, `word` is a plain literal's text, else None."""

    kind: str
    text: str
    offset: int
    word: str | None = None


Pieces = tuple[Token, ...]


class Compared(NamedTuple):
    """A variable that an expression compares with a literal; `word` is None where that is no plain text."""

    name: str
    word: str | None
    shown: str
    offset: int


@lru_cache(maxsize=1024)
def tokens(text: str) -> tuple[Token, ...]:
    """The pieces of an expression, blanks and comments left out."""
    return tuple(
        Token(found.lastgroup or "", found[0], found.start(), _word(found))
        for found in _TOKEN.finditer(text)
        if found.lastgroup != "space"
    )


def _word(found: re.Match[str]) -> str | None:
    body = found[0][1:-1]
    plain = found.lastgroup == "text" and found[0][0] in "\"'" and body[:1] not in ("'", '"') and "\\" not in body
    return body if plain else None


def declared_names(text: str, declared: Collection[str]) -> tuple[str, ...]:
    """The declared names that the expression uses, each once, in order of first use."""
    found = (_declared(token.text, declared) for token in tokens(text) if token.kind == "name")
    return tuple(dict.fromkeys(name for name in found if name))


def names_read(text: str, declared: Collection[str]) -> tuple[str, ...] | None:
    """All variables that decide what the expression is, or None where that cannot be said for sure.

    A dot by itself may belong to a name that is written with blanks.
    """
    if any(token.text == "." for token in tokens(text)):
        return None
    return declared_names(text, declared)


def _declared(dotted: str, declared: Collection[str]) -> str | None:
    """The declared variable a dotted name begins with; what follows is a method."""
    while dotted not in declared:
        if "." not in dotted:
            return None
        dotted = dotted.rpartition(".")[0]
    return dotted


def uses_has(text: str) -> bool:
    """Whether the expression calls has(), which on a qualified name gives the fact's own value."""
    pieces = tokens(text)
    return any(a.text == "has" and a.kind == "name" and b.text == "(" for a, b in pairwise(pieces))


def compared_words(text: str, declared: Collection[str]) -> Iterator[Compared]:
    """Every literal that a declared variable, or a loop over one, is compared with by ==, != or in."""
    pieces = tokens(text)
    loops = dict(_loop_variables(pieces, declared))

    def variable(token: Token) -> str | None:
        if token.kind != "name":
            return None
        return loops.get(token.text) or (token.text if token.text in declared else None)

    for index in range(1, len(pieces) - 1):
        left, middle, right = pieces[index - 1 : index + 2]
        if middle.text in ("==", "!=") and (name := variable(left) or variable(right)):
            literal = right if variable(left) else left
            if literal.kind in ("text", "number"):
                yield Compared(name, literal.word, literal.text, literal.offset)
        elif middle.text == "in" and right.text == "[" and (name := variable(left)):
            for literal in _listed(pieces, index + 2):
                yield Compared(name, literal.word, literal.text, literal.offset)
        elif middle.text == "in" and left.kind == "text" and (name := variable(right)):
            yield Compared(name, left.word, left.text, left.offset)


def ordered_words(text: str, declared: Collection[str]) -> Iterator[Compared]:
    """Every text that a declared variable is held against by `<`, `<=`, `>` or `>=`; `shown` is the operator."""
    pieces = tokens(text)
    for left, middle, right in zip(pieces, pieces[1:], pieces[2:], strict=False):
        name, literal = (left, right) if left.kind == "name" else (right, left)
        if middle.text in _ORDERS and name.text in declared and literal.kind == "text":
            yield Compared(name.text, literal.word, middle.text, middle.offset)


def _listed(pieces: Pieces, start: int) -> Iterator[Token]:
    for token in pieces[start:]:
        if token.text == "]":
            return
        if token.kind in ("text", "number"):
            yield token


def _loop_variables(pieces: Pieces, declared: Collection[str]) -> Iterator[tuple[str, str]]:
    for call, bracket, variable in zip(pieces, pieces[1:], pieces[2:], strict=False):
        if call.kind == "name" and bracket.text == "(" and variable.kind == "name" and call.text.endswith(_LOOPS):
            name = call.text.rpartition(".")[0]
            if name in declared:
                yield variable.text, name


Domain = frozenset[str]
Domains = Mapping[str, Domain]
"""The values a variable can still have; a variable that is not in it can have any."""


def narrowed(text: str, domains: Domains) -> dict[str, Domain]:
    """The values that plain comparisons joined by && leave to each variable; an empty set means never.

    BOOL variables get the values "true" and "false". What is not understood narrows nothing.
    """
    left = dict(domains)
    for part in _conjuncts(tokens(text)):
        if (limit := _limit(part, left)) is not None:
            name, values = limit
            left[name] = values
    return left


def _conjuncts(pieces: Pieces) -> Iterator[Pieces]:
    pieces = _unwrapped(pieces)
    depth, start, cuts = 0, 0, []
    for index, token in enumerate(pieces):
        depth += token.text in ("(", "[", "{")
        depth -= token.text in (")", "]", "}")
        if depth == 0 and token.text in ("||", "?"):
            yield pieces
            return
        if depth == 0 and token.text == "&&":
            cuts.append(pieces[start:index])
            start = index + 1
    if not cuts:
        yield pieces
        return
    for part in [*cuts, pieces[start:]]:
        yield from _conjuncts(part)


def _unwrapped(pieces: Pieces) -> Pieces:
    while len(pieces) > 2 and pieces[0].text == "(" and _closes(pieces) == len(pieces) - 1:
        pieces = pieces[1:-1]
    return pieces


def _closes(pieces: Pieces) -> int:
    depth = 0
    for index, token in enumerate(pieces):
        depth += token.text == "("
        depth -= token.text == ")"
        if depth == 0:
            return index
    return -1


def _limit(part: Pieces, left: Domains) -> tuple[str, Domain] | None:
    """The variable and the values that one simple comparison leaves it, or None where it is not simple."""
    texts = [token.text for token in part]
    if len(part) == 1 and part[0].kind == "name" and texts[0] not in ("true", "false"):
        return _within(texts[0], frozenset({"true"}), left)
    if len(part) == 2 and texts[0] == "!" and part[1].kind == "name":
        return _within(texts[1], frozenset({"false"}), left)
    if len(part) == 3 and texts[1] in ("==", "!="):
        name, literal = (part[0], part[2]) if part[0].kind == "name" else (part[2], part[0])
        if name.kind != "name" or literal.word is None:
            return None
        if texts[1] == "==":
            return _within(name.text, frozenset({literal.word}), left)
        return (name.text, left[name.text] - {literal.word}) if name.text in left else None
    if len(part) >= 4 and part[0].kind == "name" and texts[1:3] == ["in", "["] and texts[-1] == "]":
        inner = [token for token in part[3:-1] if token.text != ","]
        if all(token.word is not None for token in inner):
            return _within(texts[0], frozenset(str(token.word) for token in inner), left)
    return None


def _within(name: str, values: Domain, left: Domains) -> tuple[str, Domain]:
    return name, (left[name] & values if name in left else values)
