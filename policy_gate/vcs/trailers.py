"""The trailers of a commit's message by git's own grammar (D55), and the people that one of them names.

`git interpret-trailers --parse` is the reference, as it answers with none of its settings changed; a test holds the
two together.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.people import Author

CO_AUTHOR = "co-authored-by"
"""the key of a trailer that names somebody who made a commit, in lower case"""
_BLANK = " \t\n\r"
"""what git takes for blank; other blanks, such as the no-break space, are letters to it"""
_COMMENT = "#"
_CUT = "# ------------------------ >8 ------------------------"
_OF_GIT = ("Signed-off-by: ", "(cherry picked from commit ")
_KEY = lazy_pattern(r"[0-9A-Za-z-]+[ \t]*:")
_LONGEST_NAME = 200
_WORD = lazy_pattern(r"[^\s<>()\[\]{},;:\"'`]+")


class Trailer(NamedTuple):
    """One trailer as git reads it: its key as written, and its value unfolded to one line."""

    key: str
    value: str


def trailers_of(message: str) -> tuple[Trailer, ...]:
    """The trailers of the last paragraph of a message, in order; none where that is no block of trailers."""
    lines = _without_end(message.partition("\0")[0].split("\n"))
    folded: list[list[str]] = []
    for line in lines[_start_of_block(lines) :]:
        if folded and _KEY.match(folded[-1][0]) and line[:1] and line[0] in _BLANK:
            folded[-1].append(line)
        else:
            folded.append([line])
    return tuple(_trailer(parts) for parts in folded if _KEY.match(parts[0]) and not parts[0].startswith(_COMMENT))


def people_in(value: str) -> tuple[Author, ...]:
    """Everybody whom the value of a trailer names by an address, in brackets or without; others cannot be told."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKC", value) if unicodedata.category(letter) != "Cf")
    return tuple(dict.fromkeys(_people(plain)))


def _people(text: str) -> Iterator[Author]:
    rest: list[str] = []
    end = 0
    while (closed := text.find(">", end)) >= 0:
        opened = text.rfind("<", end, closed)
        before = text[end : closed if opened < 0 else opened]
        address = "".join(text[opened + 1 : closed].split()) if opened >= 0 else ""
        end = closed + 1
        rest.append(before)
        if address:
            yield Author(before.strip(" \t,;&<"), address.removeprefix("mailto:"))
    for part in (*rest, text[end:]):
        for word in _WORD.finditer(part):
            name, _, host = word[0].partition("@")
            if name and host and "@" not in host:
                yield Author(_name_before(part, word.start()), word[0].rstrip("."))


def _name_before(text: str, end: int) -> str:
    """What stands before an address without brackets, where it is no longer than names are."""
    return text[:end].strip(" \t,;&(") if end < _LONGEST_NAME and "@" not in text[:end] else ""


def _without_end(lines: list[str]) -> list[str]:
    """The lines without a patch, what is below the scissors, and comments at the end."""
    for number, line in enumerate(lines):
        if (line.startswith("---") and (line[3:4] or "\n") in _BLANK) and not _is_last_bare(lines, number):
            lines = [*lines[:number], ""]
            break
    if _CUT in lines:
        lines = [*lines[: lines.index(_CUT)], ""]
    end = len(lines)
    in_conflicts = False
    ignored: int | None = None
    for number, line in enumerate(lines):
        if line.startswith(_COMMENT) or not line:
            ignored = number if ignored is None else ignored
        elif line == "Conflicts:" and number < end - 1:
            in_conflicts = True
            ignored = number if ignored is None else ignored
        elif not (in_conflicts and line.startswith("\t")) and ignored is not None:
            ignored, in_conflicts = None, False
    return lines if ignored is None else lines[:ignored]


def _is_last_bare(lines: list[str], number: int) -> bool:
    """Whether this is a last line that no line feed ends, and that is nothing but dashes."""
    return number == len(lines) - 1 and lines[number] == "---"


def _start_of_block(lines: list[str]) -> int:
    """The first line of the last paragraph where it is a block of trailers; the end where it is none."""
    title = _end_of_title(lines)
    trailers = others = maybe_folded = 0
    of_git, only_blanks = False, True
    for number in range(len(lines) - 1, title - 1, -1):
        line = lines[number]
        if line.startswith(_COMMENT):
            others, maybe_folded = others + maybe_folded, 0
        elif not line.strip(_BLANK):
            if only_blanks:
                continue
            others += maybe_folded
            is_block = (of_git and trailers * 3 >= others) or (trailers and not others)
            return number + 1 if is_block else len(lines)
        else:
            only_blanks = False
            if line.startswith(_OF_GIT):
                trailers, maybe_folded, of_git = trailers + 1, 0, True
            elif _KEY.match(line):
                trailers, maybe_folded = trailers + 1, 0
            elif line[0] in _BLANK:
                maybe_folded += 1
            else:
                others, maybe_folded = others + 1 + maybe_folded, 0
    return len(lines)


def _end_of_title(lines: list[str]) -> int:
    for number, line in enumerate(lines):
        if not line.startswith(_COMMENT) and not line.strip(_BLANK):
            return number
    return len(lines)


def _trailer(parts: list[str]) -> Trailer:
    key, _, value = "\n".join(parts).partition(":")
    first, *more = value.strip(_BLANK).split("\n")
    unfolded = " ".join([first, *(line.lstrip(_BLANK) for line in more)])
    return Trailer(key.rstrip(_BLANK), unfolded.strip(_BLANK))
