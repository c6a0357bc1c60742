"""T30: whatever a file holds, its reader answers or refuses it, and nothing breaks. `make fuzz` searches long."""

from __future__ import annotations

import random

import pytest
from mutations import other_bytes, other_lines
from targets import TARGETS

_TRIES = 150


@pytest.mark.parametrize("name", TARGETS)
def test_what_it_begins_with_is_read(name: str) -> None:
    target = TARGETS[name]
    assert [target.read(seed) for seed in target.seeds()] != []


@pytest.mark.parametrize("name", TARGETS)
def test_what_nobody_would_write_is_read_or_refused(name: str) -> None:
    target = TARGETS[name]
    chance = random.Random(name)  # noqa: S311 - the same inputs every time
    seeds = list(target.seeds())
    refused = 0
    for number in range(_TRIES):
        seed = chance.choice(seeds)
        data = other_bytes(seed, chance) if number % 2 else other_lines(seed, seeds, chance)
        try:
            target.read(data)
        except target.refusals:
            refused += 1
    assert refused < _TRIES, "the changes are too wild to reach what is behind the first refusal"
