"""The pack as a zip: the same bytes for the same content, each member with its SHA-256 in `manifest.json`."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Sequence
from pathlib import PurePosixPath
from types import TracebackType
from typing import IO, Any

import msgspec
from msgspec.structs import replace

from policy_gate.report.evidence.figures import MERGES, PACK, figures_of
from policy_gate.report.evidence.pack_page import pack_page
from policy_gate.report.formats.json import dumped, report_data
from policy_gate.report.sanitise import json_text
from policy_gate.schema.evidence_pack import PACK_SCHEMA, MergeRecord, PackDocument, PackHead
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.report import Report

PAGE, FIGURES, DOCUMENTS, MANIFEST = "index.html", "figures.json", "documents.json", "manifest.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PLAIN_ENDING = lazy_pattern(r"\.[A-Za-z0-9]{1,10}")


class PackWriter:
    """Writes a pack member by member; `hidden` is a path of this machine that no member may show, and its name."""

    def __init__(self, file: IO[bytes], hidden: tuple[str, str] | None = None) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9)
        self._digests: dict[str, str] = {}
        self._hidden = hidden

    def __enter__(self) -> PackWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._zip.close()

    def report(self, record: MergeRecord, report: Report) -> None:
        """Add the report on one merge."""
        self._text(f"reports/{record.commit}.json", dumped(shown(report_data(report), self._hidden)))

    def finish(
        self, head: PackHead, records: Sequence[MergeRecord], files: Sequence[tuple[PackDocument, bytes | None]]
    ) -> None:
        """Add all that comes last."""
        documents = [self._document(entry, data) for entry, data in files]
        figures = figures_of(head, records)
        rows = [shown(msgspec.to_builtins(record), self._hidden) for record in records]
        self._text(MERGES, "".join(f"{line(row)}\n" for row in rows))
        self._text(FIGURES, dumped([msgspec.to_builtins(figure) for figure in figures]))
        self._text(DOCUMENTS, dumped([msgspec.to_builtins(it) for it in documents]))
        self._text(PACK, dumped({"schema": PACK_SCHEMA, "head": msgspec.to_builtins(head)}))
        kept = [msgspec.convert(row, MergeRecord) for row in rows]
        self._text(PAGE, pack_page(head, kept, figures, documents))
        self._write(MANIFEST, dumped({"schema": PACK_SCHEMA, "sha256": dict(sorted(self._digests.items()))}).encode())

    def _document(self, entry: PackDocument, data: bytes | None) -> PackDocument:
        """Files are named by their blobs: no name of a repository becomes one of the zip."""
        if data is None:
            return entry
        ending = PurePosixPath(entry.path).suffix
        member = f"documents/{entry.blob}{ending if _PLAIN_ENDING.fullmatch(ending) else ''}"
        if member not in self._digests:
            self._write(member, data)
        return replace(entry, member=member)

    def _text(self, name: str, text: str) -> None:
        self._write(name, text.encode("utf-8", "backslashreplace"))

    def _write(self, name: str, data: bytes) -> None:
        self._digests[name] = hashlib.sha256(data).hexdigest()
        info = zipfile.ZipInfo(name, _EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.create_system = 3
        info.external_attr = 0o100644 << 16
        self._zip.writestr(info, data)


def line(row: Any) -> str:
    """One record as JSON on one line."""
    return json_text(json.dumps(row, ensure_ascii=False)).replace("\n", " ")


def shown(data: Any, hidden: tuple[str, str] | None) -> Any:
    """Plain data without a path of this machine."""
    if hidden is None:
        return data
    if isinstance(data, str):
        return data.replace(*hidden)
    if isinstance(data, dict):
        return {key: shown(value, hidden) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [shown(value, hidden) for value in data]
    return data


def pack_json(head: PackHead, records: Sequence[MergeRecord], hidden: tuple[str, str] | None = None) -> str:
    """The pack without documents and reports, for programs."""
    figures = figures_of(head, records)
    data = {
        "schema": PACK_SCHEMA,
        "head": msgspec.to_builtins(head),
        "figures": [msgspec.to_builtins(figure) for figure in figures],
        "merges": [msgspec.to_builtins(record) for record in records],
    }
    return dumped(shown(data, hidden))
