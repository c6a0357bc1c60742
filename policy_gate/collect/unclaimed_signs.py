"""What files that no system claims bring of AI: not what papers only say, nor what moves from one to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from policy_gate.collect.code_files import may_be_paper
from policy_gate.collect.looker import USES
from policy_gate.collect.touched_files import TouchedFile
from policy_gate.schema.observed import IN_CODE, FileSigns, Signal
from policy_gate.schema.snapshot import Snapshot

SURE: Final = "high"
"""confidence of a sign that nothing else looks like"""


def less_of_paper(item: TouchedFile, snapshots: tuple[Snapshot, Snapshot]) -> TouchedFile:
    """Without what evidence only speaks of, such as a model and where it was asked; a program named as one is none."""
    if not may_be_paper(item.path) or not any(item.path in side.evidence for side in snapshots):
        return item
    return replace(item, before=_run_by(item.before), after=_run_by(item.after))


def _run_by(seen: FileSigns) -> FileSigns:
    """What a file starts or asks for, and not what it says."""
    return replace(seen, signals=tuple(it for it in seen.signals if it.kind in USES and it.kind != "host"), beside=())


def kinds_in(side: FileSigns) -> set[tuple[str, str]]:
    """What a file shows, wherever in it."""
    return set(map(_kind, side.signals))


def shown_in(touched: Iterable[TouchedFile], claimed: Mapping[str, set[str]]) -> set[str]:
    """What the claimed files of the change use: a dependency on that is theirs."""
    return {signal.what for item in touched if item.path in claimed for signal in item.after.signals}


def brought(outside: list[TouchedFile], of_systems: set[str]) -> Iterator[Signal]:
    """The signs that are new at a path, and did not stand in another unclaimed file before."""
    gone = Counter(
        _kind(signal) for item in outside for signal in item.before.signals if _kind(signal) not in kinds_in(item.after)
    )
    for item in outside:
        before = kinds_in(item.before)
        found = []
        for signal in item.after.signals:
            if _kind(signal) in before or signal.confidence == "low":
                continue
            if signal.kind == "dependency" and signal.what in of_systems:
                continue
            if gone[_kind(signal)] > 0:
                gone[_kind(signal)] -= 1
            else:
                found.append(signal)
        # A name or a text alone is no use of AI where no system is.
        if any(signal.kind in USES or (signal.kind == "prompt" and signal.what != IN_CODE) for signal in found):
            yield from found


def as_unclaimed(signal: Signal) -> Signal:
    """To depend on something is not yet to use it."""
    is_unsure = signal.kind == "dependency" and signal.confidence == SURE
    return replace(signal, confidence="medium") if is_unsure else signal


def _kind(signal: Signal) -> tuple[str, str]:
    return (signal.kind, signal.what)
