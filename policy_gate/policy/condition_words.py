"""Conditions in words, for people who do not write rules: 'tier is critical or high, and user_facing is true'.

What is not understood is not guessed: such a condition is told by the names that it depends on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from policy_gate.documents.spelling import listed
from policy_gate.policy.expressions import Token, tokens

_DECLARED = "system.declared"
_WEAKENING = "change.weakening"
_OPPOSITE = {
    "is": "is not",
    "is one of": "is none of",
    "holds": "does not hold",
    "is stated": "is not stated",
    "is true": "is false",
    "is empty": "is not empty",
    "begins with": "does not begin with",
    "has": "does not have",
}
_OPPOSITE |= {said: plain for plain, said in _OPPOSITE.items()}
_COMPARED = {"==": "is", "!=": "is not", "<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least"}
_EMPTY = {("==", "0"): "is empty", (">", "0"): "is not empty", ("!=", "0"): "is not empty"}


class _NotUnderstoodError(Exception):
    """There are no words here for this piece of the language."""


class _Said(NamedTuple):
    """One statement, `subject verb rest`; joined statements have `parts` and the word that joins them."""

    subject: str = ""
    verb: str = ""
    rest: str = ""
    joint: str = ""
    parts: tuple[_Said, ...] = ()

    @property
    def text(self) -> str:
        if not self.parts:
            return " ".join(word for word in (self.subject, self.verb, self.rest) if word)
        texts = [f"({part.text})" if part.parts else part.text for part in self.parts]
        comma = "," if len(texts) > 2 or any(" or " in text for text in texts) else ""
        return f"{comma} {self.joint} ".join(texts)


@lru_cache(maxsize=1024)
def in_words(text: str) -> str:
    """The condition as a sentence without its full stop."""
    pieces = tokens(text)
    try:
        reader = _Reader(pieces)
        said = reader.either()
        reader.expect_end()
    except _NotUnderstoodError:
        dotted = [".".join(token.text.split(".")[:2]) for token in pieces if token.kind == "name" and "." in token.text]
        return f"its condition on {listed(list(dict.fromkeys(map(_named, dotted)))) or 'nothing'} is met"
    return said.text


class _Reader:
    """Reads the pieces of one expression from left to right; `_NotUnderstoodError` where they are others."""

    def __init__(self, pieces: Sequence[Token]) -> None:
        self._pieces = pieces
        self._at = 0

    def expect_end(self) -> None:
        if self._at != len(self._pieces):
            raise _NotUnderstoodError

    def either(self) -> _Said:
        return _joined("or", self._several("||", self._both))

    def _both(self) -> _Said:
        return _joined("and", self._several("&&", self._one))

    def _several(self, mark: str, read: Callable[[], _Said]) -> list[_Said]:
        found = [read()]
        while self._takes(mark):
            found.append(read())
        return found

    def _one(self) -> _Said:
        if self._takes("!"):
            return _not(self._one())
        if self._takes("("):
            said = self.either()
            self._wants(")")
            return said
        return self._statement()

    def _statement(self) -> _Said:
        token = self._next()
        if token.kind == "text":
            return self._membership(token)
        if token.kind != "name":
            raise _NotUnderstoodError
        if self._takes("("):
            return self._call(token.text)
        return self._compared(token)

    def _membership(self, literal: Token) -> _Said:
        """`"x" in NAME`: whether a fact is stated, or a list holds a word."""
        self._wants("in")
        name = self._name()
        word = _word(literal)
        return _Said(word, "is stated") if name == _DECLARED else _Said(_named(name), "has", word)

    def _compared(self, name: Token) -> _Said:
        subject = _named(name.text)
        if self._takes("in"):
            words = self._list()
            return _Said(subject, "is one of" if len(words) > 1 else "is", listed(words, "or"))
        mark = self._peek()
        if mark not in _COMPARED:
            return _Said("the change", "is", "a weakening") if name.text == _WEAKENING else _Said(subject, "is true")
        self._next()
        value = self._next()
        if value.kind not in ("text", "number", "name"):
            raise _NotUnderstoodError
        return _Said(subject, _COMPARED[mark], _named(value.text) if value.kind == "name" else _word(value))

    def _call(self, name: str) -> _Said:
        owner, _, method = name.rpartition(".")
        if name == "size":
            return self._size()
        if method == "startsWith":
            literal = self._next()
            self._wants(")")
            return _Said(_named(owner), "begins with", _word(literal))
        if method == "exists":
            return self._exists(_named(owner))
        raise _NotUnderstoodError

    def _size(self) -> _Said:
        subject = _named(self._name())
        self._wants(")")
        verb = _EMPTY.get((self._next().text, self._next().text))
        if verb is None:
            raise _NotUnderstoodError
        return _Said(subject, verb)

    def _exists(self, subject: str) -> _Said:
        self._name()
        self._wants(",")
        said = self.either()
        self._wants(")")
        if said.parts:
            raise _NotUnderstoodError
        beside = said.verb in ("is not", "is none of")
        if said.verb in ("is", "is one of", "is not", "is none of"):
            return _Said(subject, "has", f"one beside {said.rest}" if beside else said.rest)
        return _Said(subject, "has", f"one that {said.verb} {said.rest}")

    def _list(self) -> list[str]:
        self._wants("[")
        words = []
        while not self._takes("]"):
            words.append(_word(self._next()))
            self._takes(",")
        return words

    def _name(self) -> str:
        token = self._next()
        if token.kind != "name":
            raise _NotUnderstoodError
        return token.text

    def _peek(self) -> str:
        return self._pieces[self._at].text if self._at < len(self._pieces) else ""

    def _next(self) -> Token:
        if self._at >= len(self._pieces):
            raise _NotUnderstoodError
        self._at += 1
        return self._pieces[self._at - 1]

    def _takes(self, text: str) -> bool:
        is_next = self._peek() == text and self._pieces[self._at].kind != "text"
        self._at += is_next
        return is_next

    def _wants(self, text: str) -> None:
        if not self._takes(text):
            raise _NotUnderstoodError


def _joined(joint: str, said: list[_Said]) -> _Said:
    """Several statements as one; what a neighbour says of the same fact is said once."""
    parts: list[_Said] = []
    for part in said:
        before = parts[-1] if parts else None
        if before is None or before.parts or part.parts or before.subject != part.subject:
            parts.append(part)
        elif joint == "and" and before.verb == "is stated":
            parts[-1] = part
        elif joint == "or" and before.verb == "is not stated":
            parts[-1] = part._replace(rest=f"{part.rest} or not stated".strip())
        else:
            parts.append(part)
    return parts[0] if len(parts) == 1 else _Said(joint=joint, parts=tuple(parts))


def _not(said: _Said) -> _Said:
    if said.parts:
        return _Said(joint="and" if said.joint == "or" else "or", parts=tuple(_not(part) for part in said.parts))
    if said.verb not in _OPPOSITE or said.rest.endswith("not stated"):
        raise _NotUnderstoodError
    return said._replace(verb=_OPPOSITE[said.verb])


def _word(token: Token) -> str:
    if token.kind == "text":
        if token.word is None:
            raise _NotUnderstoodError
        return token.word or '""'
    if token.kind != "number":
        raise _NotUnderstoodError
    return token.text


def _named(name: str) -> str:
    """A name of the language as people say it: facts by their id, others with whose they are."""
    whose, _, what = name.partition(".")
    if not what or whose == "system":
        return what or name
    if name in ("change.kind", "today.date"):
        return "the change" if whose == "change" else "today"
    return f"the {whose}'s {what}"
