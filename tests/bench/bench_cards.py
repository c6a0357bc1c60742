"""How well cards as people write them are read: precision, recall and F1 of each field, false presence, speed.

`make bench-cards` reads the labelled cards beside this repository, or in the folder given as an argument, or where
POLICY_GATE_CARDS says. Skipped, with the reason, where they are absent. A third of them, chosen by a hash of the file
name, is held out: its figures stand in columns of their own, and reading rules are to be learnt from the other two.
Nothing is fetched.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from policy_gate.cards import markdown_outline
from policy_gate.cards.field_names import vocabulary
from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.collect.policy_files import builtin_layer
from policy_gate.policy.load import load_policies
from policy_gate.schema.card_fields import CARD_FIELDS
from policy_gate.schema.source import Location

_WORDS = vocabulary(load_policies([builtin_layer()]).card_words)
STATES = ("present", "placeholder", "absent")
ROUNDS = 3
"""how often all cards are read for the time"""


class Read(Struct, frozen=True):
    """One field of one card: what a person read, and what was read here."""

    card: str
    field: str
    label: str
    found: str
    is_ambiguous: bool


class Score(Struct, frozen=True):
    """Right, wrong and missed of one state."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Of what was said, the right part; 1 where nothing was said."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Of what is so, the part that was said; 1 where nothing is so."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 1.0

    def __str__(self) -> str:
        return f"{self.precision:.3f} {self.recall:.3f} {self.f1:.3f}"


def is_held(name: str) -> bool:
    """Whether a card is of the third that nobody learns from."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 3 == 0


def reads_of(folder: Path) -> Iterator[Read]:
    """Every labelled field of every card, as it is read now."""
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    for name, label in sorted(labels.items()):
        if (folder / name).is_file():
            states = _states(name, (folder / name).read_bytes())
            doubtful = frozenset(label.get("ambiguous", ()))
            for field in CARD_FIELDS:
                if field in label:
                    yield Read(name, field, label[field], states[field], field in doubtful)


def _states(name: str, text: bytes) -> Mapping[str, str]:
    found = read_card(evidence_of(name, "", text), Location("governance.yaml"), _WORDS)
    return {field: value.state for field, value in found.fields.items()}


def score(reads: Sequence[Read], state: str) -> Score:
    """How well this state is told."""
    both = Counter((read.label == state, read.found == state) for read in reads)
    return Score(both[True, True], both[False, True], both[True, False])


def false_presence(reads: Sequence[Read]) -> float:
    """The share of the absent fields that are said to be present."""
    absent = [read for read in reads if read.label == "absent"]
    return sum(read.found == "present" for read in absent) / len(absent) if absent else 0.0


def cards_per_second(folder: Path) -> float:
    """Whole cards from bytes to fields by a second of processor time, nothing kept between two of them."""
    texts = [(path.name, path.read_bytes()) for path in sorted(folder.iterdir()) if path.name[:2].isdigit()]
    kept = list(_of_what_was_read())
    rounds = [sum(_seconds(name, text, kept) for name, text in texts) for _ in range(ROUNDS)]
    return len(texts) / min(rounds)


def _of_what_was_read() -> Iterator[Any]:
    """The caches of what a text says; what is made once for all cards, the words and the parser, is no such."""
    once = {vocabulary, markdown_outline._markdown}
    for name, module in list(sys.modules.items()):
        if name.startswith("policy_gate."):
            yield from (it for it in vars(module).values() if hasattr(it, "cache_clear") and it not in once)


def _seconds(name: str, text: bytes, kept: Sequence[Any]) -> float:
    for cache in kept:
        cache.cache_clear()
    began = time.process_time()
    _states(name, text)
    return time.process_time() - began


def table(every: Sequence[Read]) -> Iterator[str]:
    """The report, a line at a time; `(n)` is how many cards have the field."""
    clear = [read for read in every if not read.is_ambiguous]
    parts = {
        "all": every,
        "held out": [read for read in every if is_held(read.card)],
        "without doubtful labels": clear,
        "held out, without": [read for read in clear if is_held(read.card)],
    }
    yield f"{'':32}" + "".join(f"{name:26}" for name in parts)
    yield f"{'':32}" + f"{'precis recall F1':26}" * len(parts)
    for state in STATES:
        scores = [score(reads, state) for reads in parts.values()]
        yield f"{state:32}" + "".join(f"{one!s} ({one.right + one.missed}){'':20}"[:25] + " " for one in scores)
    yield f"{'absent, said to be present':32}" + "".join(f"{false_presence(it):<26.2%}" for it in parts.values())
    yield ""
    yield "present, by field"
    for field in CARD_FIELDS:
        of_field = {name: [read for read in reads if read.field == field] for name, reads in parts.items()}
        scores = [score(reads, "present") for reads in of_field.values()]
        if of_field["all"]:
            yield f"{field:32}" + "".join(f"{one!s} ({one.right + one.missed}){'':20}"[:25] + " " for one in scores)


def main(arguments: Sequence[str]) -> int:
    """Print the figures; with `--wrong`, what was read otherwise in cards that are not held out."""
    parser = argparse.ArgumentParser(description=__doc__)
    beside = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "cards"
    chosen = os.environ.get("POLICY_GATE_CARDS")
    parser.add_argument("corpus", nargs="?", type=Path, default=Path(chosen) if chosen else beside)
    parser.add_argument("--wrong", action="store_true", help="list fields read otherwise than labelled")
    asked = parser.parse_args(arguments)
    if not (asked.corpus / "labels.json").is_file():
        print(f"skipped: no labelled cards in {asked.corpus}")
        return 0
    every = list(reads_of(asked.corpus))
    cards = {read.card for read in every}
    print(f"{len(cards)} cards, {sum(map(is_held, cards))} of them held out; {len(every)} labelled fields\n")
    print("\n".join(table(every)))
    print(f"\n{cards_per_second(asked.corpus):.0f} cards a second")
    for read in every if asked.wrong else ():
        if read.label != read.found and not is_held(read.card):
            doubt = " (doubtful)" if read.is_ambiguous else ""
            print(f"{read.card}: {read.field} is {read.label}, read as {read.found}{doubt}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
