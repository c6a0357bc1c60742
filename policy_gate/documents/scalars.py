"""Scalars and caps shared by the strict readers: YAML 1.2's core schema, finite numbers, clean text."""

from __future__ import annotations

import math
import re
from typing import Any, Final

from policy_gate.errors import DocumentError
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.source import Problem, SpeltFloat, SpeltInt

MAX_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 40
MAX_NODES: Final = 200_000
MAX_INT: Final = 1 << 63

TYPED_STARTS: Final = frozenset("~nNtTfF+-.0123456789<")
"""First characters of plain scalars that may be something else than text (or a merge key)."""

UNCLEAN: Final = lazy_pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
"""Control characters, line breaks that editors do not show as such, lone surrogates, BOMs."""

_CONFLICT: Final = lazy_pattern(r"^<{7} ", re.MULTILINE)

_CONSTANTS: Final[dict[str, bool | None]] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_INT: Final = lazy_pattern(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = lazy_pattern(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = lazy_pattern(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


class ScalarRefusedError(Exception):
    """One fault at one place of the text being read; line and column count from 1.

    `first` is another line that the hint ends with; as `line`, it is one of the text and not of the file around it.
    """

    def __init__(self, message: str, line: int, column: int, hint: str = "", first: int = 0) -> None:
        super().__init__(message)
        self.message, self.line, self.column, self.hint, self.first = message, line, column, hint, first

    def hint_in(self, above: int) -> str:
        """The hint for a file in which so many lines stand above the text."""
        return f"{self.hint} {self.first + above}" if self.first else self.hint


def doubled_key(shown: str, line: int, column: int, first: int) -> ScalarRefusedError:
    """The refusal of a key that is there already, in the line `first`."""
    hint = "keep one of them; the first is in line"
    return ScalarRefusedError(f"key {shown!r} is there twice", line, column, hint, first)


def too_deep(line: int, column: int) -> ScalarRefusedError:
    """The refusal of a node that is opened below the deepest level."""
    hint = "write it with fewer levels, or keep that part in a file of its own"
    return ScalarRefusedError(f"nested too deeply (at most {MAX_DEPTH} levels are read)", line, column, hint)


def too_many(line: int, column: int) -> ScalarRefusedError:
    """The refusal of a document with more nodes than are read."""
    message = f"the document has too many nodes (at most {MAX_NODES} are read)"
    return ScalarRefusedError(message, line, column, "split the document")


def short(text: str) -> str:
    """A word of the document as a message quotes it: at most 60 characters."""
    return text if len(text) <= 60 else text[:57] + "..."


class ScalarError(ValueError):
    """A number that no decision can be built on: not finite, or beyond 64 bits."""


def core_scalar(text: str) -> Any:
    """What a plain scalar means in YAML 1.2's core schema; numbers remember their spelling.

    ScalarError for infinities, not-a-number, and numbers out of range.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INT.fullmatch(text):
        return whole_number(text)
    if _FLOAT.fullmatch(text):
        return broken_number(text)
    if _NOT_FINITE.fullmatch(text):
        raise ScalarError(f"{short(text)} is no finite number")
    return text


def whole_number(text: str) -> int:
    """An integer of at most 64 bits, decimal, octal (0o) or hexadecimal (0x)."""
    base = {"0o": 8, "0x": 16}.get(text[:2], 10)
    if len(text) > 80 or not -MAX_INT <= (value := int(text, base)) < MAX_INT:
        raise ScalarError("the number does not fit 64 bits")
    return value if str(value) == text else SpeltInt.of(value, text)


def broken_number(text: str) -> float:
    """A finite double."""
    value = float(text)
    if not math.isfinite(value):
        raise ScalarError(f"{short(text)} is no finite number")
    return SpeltFloat.of(value, text)


def unclean(text: str) -> str | None:
    """The name of the first character that has no place in a document, or None."""
    found = UNCLEAN.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


BOM = b"\xef\xbb\xbf"
_LFS_VERSIONS = (
    *("version https://git-lfs.github.com/spec/", "version https://hawser.github.com/spec/"),
    "version http://git-media.io/v/",
)
_LFS_HEAD = 1024
"""bytes of a file by which git-lfs tells a pointer"""


def is_lfs_pointer(data: bytes) -> bool:
    """Whether git-lfs may take a file for a pointer: it trims blanks, and knows the addresses of its early versions."""
    return data[:_LFS_HEAD].decode("utf-8", "replace").strip().startswith(_LFS_VERSIONS)


def decode(path: str, data: bytes) -> str:
    """UTF-8 text without a leading BOM; DocumentError naming the first byte that is no UTF-8."""
    try:
        return data.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as fault:
        bad = fault.object[fault.start]
        line, column = place_after(fault.object[: fault.start].decode("utf-8"))
        raise document_error(path, f"byte 0x{bad:02x} is no UTF-8", line, column, "save the file as UTF-8") from None


def clean_text(path: str, data: bytes) -> str:
    """The text of a document that a parser is to read: capped, no BOM; see `decode` for the errors."""
    if len(data) > MAX_BYTES:
        raise document_error(path, f"the file is too large (got {len(data)} bytes, at most {MAX_BYTES} are read)")
    if data.startswith(BOM):
        raise document_error(path, "the file begins with a byte order mark", hint="save it as UTF-8 without BOM")
    return decode(path, data)


def refuse_unclean(text: str) -> None:
    """RefusedError at the first character that has no place in a document."""
    if found := UNCLEAN.search(text):
        raise no_character(f"U+{ord(found[0]):04X}", *place_after(text[: found.start()]))


def no_character(name: str, line: int, column: int) -> ScalarRefusedError:
    """The refusal of a character that has no place in a document."""
    return ScalarRefusedError(f"character {name} has no place in the text", line, column, "remove it")


def merge_mark(text: str) -> ScalarRefusedError | None:
    """The refusal of what git leaves where two sides conflict, by the first mark; None where there is none."""
    found = _CONFLICT.search(text)
    if found is None or text.find("\n>>>>>>> ", found.end()) < 0:
        return None
    hint = "keep what should stay of both sides, and delete the lines of <<<<<<<, ======= and >>>>>>>"
    return ScalarRefusedError("a conflict of a merge was not resolved", *place_after(text[: found.start()]), hint)


def document_error(path: str, message: str, line: int = 1, column: int = 1, hint: str = "") -> DocumentError:
    """The error of a document with one located problem."""
    problem = Problem(path, message, line, column, hint)
    return DocumentError(f"{problem.location}: {message}", hint=hint, problems=(problem,))


def place_after(before: str) -> tuple[int, int]:
    """Line and column, from 1, of what follows this beginning of a text."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")
