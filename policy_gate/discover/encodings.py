"""Source code in whatever encoding compilers and interpreters take it, as UTF-8 with plain lines and letters.

By its byte order mark, by the zero bytes of UTF-16 and UTF-32 without one, by the line in which Python states it; and
by what a language takes for the end of a line, or for a letter of a name. And whether a file is one at all.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from policy_gate.documents.scalars import is_lfs_pointer
from policy_gate.schema.patterns import lazy_pattern

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x4c\x6f\xa7\x94", "cp037"),  # `<?xml` in EBCDIC
)
"""how a text begins that is in one of these; the longer marks first"""
_STATED: Final = lazy_pattern(rb"[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)")
"""what PEP 263 reads of a line"""
_END_OF_LINE: Final = lazy_pattern(rb"\r\n?|\n")
_SAYS_NOTHING: Final = lazy_pattern(rb"[ \t\f]*(?:#[^\r\n]*)?(?:\r\n?|\n)")
_ESCAPED_NAMES: Final = ("java", "csharp", "go")
"""languages in which a letter of a name, or of what is imported, may be written by its number"""
_ESCAPE: Final = lazy_pattern(rb"\\\\|\\u+([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\x([0-9A-Fa-f]{2})")
_NOT_ASCII: Final = bytes(range(128, 256)) + b"?"
_ENCRYPTED: Final = b"\0GITCRYPT\0"
_UTF_8: Final = frozenset({"utf-8", "utf-8-sig", "ascii"})


def stands_for_another(data: bytes) -> str:
    """What a file is that stands for one which is not in the tree; empty where it is the file itself."""
    if is_lfs_pointer(data):
        return "a pointer of Git LFS"
    return "encrypted by git-crypt" if data.startswith(_ENCRYPTED) else ""


def utf8_of(data: bytes) -> bytes:
    """The text of a file in UTF-8, without a mark; of a Python program as the encoding that it states has it."""
    return readings_of(data, is_python=True)[0][0]


def readings_of(data: bytes, *, is_python: bool) -> tuple[list[bytes], str]:
    """The text of a file in UTF-8, without a mark, and the encoding that it states and nobody here knows, or empty.

    Where a program states an encoding that has other letters for those of ASCII, it is read both ways: not everything
    that runs it heeds that line. Bytes that are no letter are replaced.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if not encoding and b"\0" in data:
        encoding = _wide(data)
        if not encoding:
            data = data.replace(b"\0", b"")
    stated, begin = _stated(data) if is_python and not encoding else ("", 0)
    try:
        encoding = encoding or (codecs.lookup(stated).name if stated else "utf-8")
        found = data if encoding in _UTF_8 else data[:begin] + _decoded(data[begin:], encoding)
    except (LookupError, ValueError, TypeError, AttributeError):
        return [data], stated
    is_other = bool(stated) and found.translate(None, _NOT_ASCII) != data.translate(None, _NOT_ASCII)
    return [found, data] if is_other else [found], ""


def _decoded(data: bytes, encoding: str) -> bytes:
    return data.decode(encoding, "replace").encode("utf-8", "replace")


def _wide(data: bytes) -> str:
    """UTF-16 without a mark, by where its zero bytes stand; empty where that says nothing."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if max(even, odd) * 3 < len(data) or min(even, odd) > max(even, odd) // 4:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def as_text(data: bytes) -> str:
    """The text of a file in UTF-8 with plain ends of lines; what is none of it is replaced."""
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n")


def as_compiled(data: bytes, language: str) -> bytes:
    """A program with its lines ended by line feeds, and letters outside of texts as themselves."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if language == "javascript" and b"\xe2\x80" in data:
        data = data.replace("\u2028".encode(), b"\n").replace("\u2029".encode(), b"\n")
    if language in _ESCAPED_NAMES and b"\\" in data:
        whole = language == "java"
        data = _ESCAPE.sub(lambda found: _letter(found, is_any=whole), data)
    return data


def _letter(found: re.Match[bytes], *, is_any: bool) -> bytes:
    """What an escape stands for: in Java any character, as it is read before all else; elsewhere one of a name."""
    number = int(next((it for it in found.groups() if it), b"0"), 16)
    is_of_name = number < 128 and (chr(number).isalnum() or chr(number) in "._-/")
    return chr(number).encode("utf-8", "replace") if is_of_name or (is_any and 0 < number < 0x110000) else found[0]


def _stated(data: bytes) -> tuple[str, int]:
    """The encoding that the first two lines of a Python program state, and where it begins; empty for none."""
    found = _STATED.match(data)
    if found is None and (first := _SAYS_NOTHING.match(data)):
        found = _STATED.match(data, first.end())
    if found is None:
        return "", 0
    end = _END_OF_LINE.search(data, found.end())
    return found[1].decode("ascii", "replace"), end.end() if end else len(data)
