"""Bytes to clean text: UTF-8 only, without characters that have no place in a document."""

from __future__ import annotations

from policy_gate.collect.scalars import MAX_BYTES, UNCLEAN, RefusedError
from policy_gate.errors import DocumentError
from policy_gate.schema.source import Problem

BOM = b"\xef\xbb\xbf"


def decode(path: str, data: bytes) -> str:
    """UTF-8 text without a leading BOM; DocumentError naming the first byte that is no UTF-8."""
    try:
        return data.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as fault:
        bad = fault.object[fault.start]
        line, column = _place_after(fault.object[: fault.start].decode("utf-8"))
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
        line, column = _place_after(text[: found.start()])
        raise RefusedError(f"character U+{ord(found[0]):04X} has no place in the text", line, column, "remove it")


def document_error(path: str, message: str, line: int = 1, column: int = 1, hint: str = "") -> DocumentError:
    """The error of a document with one located problem."""
    problem = Problem(path, message, line, column, hint)
    return DocumentError(f"{problem.location}: {message}", hint=hint, problems=(problem,))


def _place_after(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - before.rfind("\n")
