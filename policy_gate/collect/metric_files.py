"""Files of results that numbers of a model card rest on: named in the card, and so known once that is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from policy_gate.collect.layout import Layout
from policy_gate.schema.snapshot import DeclaredSystem, Evidence


def with_files_of_numbers(system: DeclaredSystem, evidence: Mapping[str, Evidence], layout: Layout) -> DeclaredSystem:
    """The system with the files that its card names as evidence of numbers; a way out of its folder is left out."""
    found = {written: path for written, path in _named(system, evidence, layout) if written not in system.files}
    return replace(system, files={**system.files, **found}) if found else system


def _named(system: DeclaredSystem, evidence: Mapping[str, Evidence], layout: Layout) -> Iterator[tuple[str, str]]:
    card = evidence.get(system.files.get(system.entry.model_card or "", ""))
    if card is None or card.data is None or "evidence" not in (card.text or ""):
        return
    from policy_gate.cards.named_evidence import files_named  # noqa: PLC0415 - only where a card names evidence

    folder = system.key.manifest.rpartition("/")[0]
    for written in files_named(card.data):
        path = layout.resolved(folder, written)
        if path is not None:
            yield written, path
