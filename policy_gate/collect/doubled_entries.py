"""Entries of one list that go by one name: the second would take the place of the first without a word.

Systems, incidents, artifacts, tests and items of policies are looked through where they are brought together. Waivers
go by no name: who asks for one anew puts it beside the one that ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from policy_gate.schema.documents import Manifest, MetricEntry, ModelEntry
from policy_gate.schema.source import Document, Loc, Problem
from policy_gate.schema.vendor_document import VendorEntry

_KEYS: Final[dict[type, tuple[str, ...]]] = {
    VendorEntry: ("id",),
    ModelEntry: ("name", "version", "path"),
    MetricEntry: ("name", "group"),
}
"""by what an entry is known in its list"""


def doubled_entries(manifests: Iterable[Document[Manifest]]) -> Iterator[Problem]:
    """A problem for each vendor, model and metric that is there a second time."""
    for manifest in manifests:
        yield from _doubled(manifest, "vendor", manifest.content.vendors, ("vendors",))
        for index, system in enumerate(manifest.content.systems):
            yield from _doubled(manifest, "model", system.models, ("systems", index, "models"))
            yield from _doubled(manifest, "metric", system.metrics, ("systems", index, "metrics"))


def _doubled(document: Document[Any], what: str, entries: Sequence[Any], at: Loc) -> Iterator[Problem]:
    first: dict[tuple[str, ...], int] = {}
    for index, entry in enumerate(entries):
        key = tuple(" ".join(str(getattr(entry, name) or "").casefold().split()) for name in _KEYS[type(entry)])
        earlier = first.setdefault(key, index)
        if earlier != index:
            place, known = document.at(*at, index), document.at(*at, earlier)
            named = " ".join(str(value) for name in _KEYS[type(entry)] if (value := getattr(entry, name)))
            hint = f"keep one entry; the first is in line {known.line}"
            yield Problem(place.path, f"{what} {named} is there twice", place.line, place.column, hint)
