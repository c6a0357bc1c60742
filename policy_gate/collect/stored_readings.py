"""Readings of documents kept between runs: who checks a whole repository again reads only what is new in it.

They are kept by content, by exactly this reader, in a folder of the user who runs the check. No tree that is judged
can name or write it, and a job of a forge keeps nothing unless POLICY_GATE_CACHE says where.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from policy_gate.schema.check_inputs import Request
from policy_gate.schema.snapshot import Evidence, Snapshot

if TYPE_CHECKING:
    from policy_gate.facts.document_sections import DocumentReading, DocumentText

FEWEST: Final = 50
"""documents, below which reading them takes less than looking for their readings"""
_READER: Final = ("cards", "facts", "schema")
"""the packages whose code makes a reading"""
_DOCUMENTS: Final = (".md", ".markdown", ".txt", ".rst", ".adoc", ".asciidoc", ".org", ".tex")
_OFF: Final = ("", "0", "off", "no", "none", "false")


@contextmanager
def stored_readings(request: Request, sides: Iterable[Snapshot]) -> Iterator[None]:
    """Within, documents that an earlier run read count as read; those that are read within are kept for the next."""
    found = {it.oid: it for side in sides for it in side.evidence.values() if _is_document(it)}
    folder = cache_folder(request.environment) if len(found) >= FEWEST else None
    made_by = _reader_digest() if folder is not None else None
    if folder is None or made_by is None:
        yield
        return
    from policy_gate.documents.disk_cache import DiskCache  # noqa: PLC0415 - few checks read so much
    from policy_gate.facts.document_sections import READINGS  # noqa: PLC0415

    cache = DiskCache(folder, "readings", made_by)
    unread = {_key(text): text for text in _texts(found.values()) if READINGS.known(text) is None}
    known = _decoded(cache.entries(unread))
    READINGS.keep({unread.pop(key): reading for key, reading in known.items()})
    yield
    read = {key: reading for key, text in unread.items() if (reading := READINGS.known(text)) is not None}
    if read:
        cache.keep(_encoded(read))


def cache_folder(environment: Mapping[str, str]) -> Path | None:
    """Where readings are kept: POLICY_GATE_CACHE, else the user's cache folder and in a CI job nowhere."""
    told = environment.get("POLICY_GATE_CACHE")
    if told is not None:
        return None if told.lower() in _OFF or not Path(told).is_absolute() else Path(told)
    if any(environment.get(name) for name in ("CI", "GITHUB_ACTIONS", "GITLAB_CI")):
        return None
    for name, below in (("XDG_CACHE_HOME", ""), ("LOCALAPPDATA", ""), ("HOME", ".cache")):
        place = environment.get(name)
        if place and Path(place).is_absolute():
            return Path(place, below, "policy-gate")
    return None


def _is_document(found: Evidence) -> bool:
    return found.state == "file" and found.path.lower().endswith(_DOCUMENTS)


def _texts(found: Iterable[Evidence]) -> Iterator[DocumentText]:
    from policy_gate.facts.evidence import document_text  # noqa: PLC0415

    return (document_text(it.path, it.text, it.body_line) for it in found if it.text is not None)


def _key(text: DocumentText) -> bytes:
    return hashlib.sha256(f"{text.first_line}\n{text.text}".encode("utf-8", "surrogatepass")).digest()


def _encoded(read: Mapping[bytes, DocumentReading]) -> dict[bytes, bytes]:
    from msgspec.msgpack import Encoder  # noqa: PLC0415

    encode = Encoder().encode
    return {key: encode(reading) for key, reading in read.items()}


def _decoded(entries: Mapping[bytes, bytes]) -> dict[bytes, DocumentReading]:
    from msgspec import MsgspecError  # noqa: PLC0415
    from msgspec.msgpack import Decoder  # noqa: PLC0415

    from policy_gate.facts.document_sections import DocumentReading  # noqa: PLC0415

    decode = Decoder(DocumentReading).decode
    try:
        return {key: decode(entry) for key, entry in entries.items()}
    except MsgspecError:
        return {}


def _reader_digest() -> str | None:
    """A digest over the code that reads documents and the parser's version; None where the code is not at hand."""
    from importlib.metadata import version  # noqa: PLC0415

    package = Path(__file__).resolve().parent.parent
    files = sorted(file for part in _READER for file in (package / part).rglob("*.py"))
    seen = hashlib.sha256(version("markdown-it-py").encode())
    for file in files:
        seen.update(file.relative_to(package).as_posix().encode() + b"\0" + file.read_bytes())
    return seen.hexdigest()[:32] if files else None
