"""What looks like a run or a rule and is none: a report of something else, a rule that can want nothing."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from edits import OF_OTHERS, Edit, wanted_tests

_NOTE: Mapping[str, Any] = {
    "title": "Nobody of the team has looked", "why": "Four eyes see more.", "for_each": "change",
    "when": "change.weakening", "enforcement": "block", "effective": "2026-01-01",
    "require": [{"approval": "engineering"}],
}  # fmt: skip
_WANT: Mapping[str, Any] = {
    "title": "Nobody is named to call", "why": "At night nobody looks up who built it.",
    "when": 'system.tier == "high"', "enforcement": "advise", "effective": "2026-01-01",
    "require": [{"artifact": "on-call-playbook"}],
}  # fmt: skip
RULES = (
    _WANT,
    _WANT | {"when": 'system.tier == "hihg"'},
    _WANT | {"when": 'system.tierr == "high"'},
    _WANT | {"require": [{"artifact": "on-call-playbok"}]},
    _WANT | {"require": [{"approval": "cisso"}]},
    _WANT | {"require": []},
    _NOTE | {"covers": {"weakening": ["fact-flipped", "dimension-lowered"]}},
    _NOTE | {"covers": {"first-classification": ["system-added"]}},
)
"""Rules of a layer of one's own. Of these the first is sound, the last two would ask somebody easier in place of
others."""


def slip(made: random.Random, system: str) -> Edit:
    return made.choice((_run_of_another, _run_dated_anew, _number, _rule, _rule, _no_rule, _settings))(made, system)


def _run_of_another(made: random.Random, system: str) -> Edit:
    return "test", (system, made.choice(wanted_tests("critical")), made.choice(OF_OTHERS))


def _run_dated_anew(made: random.Random, system: str) -> Edit:
    return "test", (system, made.choice(wanted_tests("critical")), "dated anew")


def _number(made: random.Random, system: str) -> Edit:
    return "card", (system, "number", made.choice(("met", "missed", "none", "none")))


def _rule(made: random.Random, _: str) -> Edit:
    said = {"schema": "policy-gate/policy/v1", "about": "What this repository asks besides."}
    name = made.choice(("note", "note", "contact"))
    return "own_rule", (name, {**said, "rules": [{**made.choice(RULES), "id": f"{name}-of-our-own"}]})


def _no_rule(made: random.Random, _: str) -> Edit:
    return "own_rule", (made.choice(("note", "note", "contact")), None)


def _settings(made: random.Random, _: str) -> Edit:
    return "settings", (made.choice((1, 1, 0)),)
