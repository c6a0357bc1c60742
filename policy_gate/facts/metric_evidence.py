"""Numbers of a card against what they rest on: a test of the system, or a place in a file of results (D60)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from msgspec.structs import replace

from policy_gate.cards.metrics import metric
from policy_gate.cards.overall_limits import with_overall_limits
from policy_gate.cards.quantities import RATIO, NumberReading, on_one_scale, read_number
from policy_gate.cards.text_normal import key_of
from policy_gate.facts.result_formats import parse
from policy_gate.facts.result_formats.suites import ResultRefusedError, all_cases, all_suites
from policy_gate.facts.result_matching import name_key
from policy_gate.schema.documents import MetricEntry
from policy_gate.schema.facts import CardFact, Metric, MetricEvidence, TestFact
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.snapshot import DeclaredSystem, Evidence

_KEPT: Final = 64
"""files of which what was read is kept: many numbers may rest on one"""
_SAME: Final = 1e-9
_PART: Final = lazy_pattern(r"/((?:[^/~]|~[01])*)")


class _NoNumberError(Exception):
    """What is named for a number gives none; the reason in words."""


def with_evidence(
    card: CardFact, system: DeclaredSystem, tests: Mapping[str, TestFact], evidence: Mapping[str, Evidence]
) -> CardFact:
    """The card with the numbers that its system's entry states besides, each held against what it rests on."""
    metrics = _with_those_of_the_entry(card.metrics, system)
    sources = _Sources(system.files, tests, evidence)
    paths = (system.files.get(it.claim.file or "", "") for it in metrics if it.claim is not None)
    bound = {(path, oid) for path in paths if path in evidence and (oid := evidence[path].oid) is not None}
    return replace(card, metrics=tuple(sources.judged(it) for it in metrics), bound=tuple(sorted(bound)))


def held_against_files(metrics: Iterable[Metric], files: Mapping[str, Evidence]) -> tuple[Metric, ...]:
    """The numbers of a card that no system has, each held against what stands in the files, by their names in it."""
    sources = _Sources({name: name for name in files}, {}, files, "the card's folder")
    return tuple(sources.judged(it) for it in metrics)


def _with_those_of_the_entry(metrics: tuple[Metric, ...], system: DeclaredSystem) -> list[Metric]:
    found = {(key_of(it.name), key_of(it.group)): it for it in metrics}
    for position, entry in enumerate(system.entry.metrics):
        key = (key_of(entry.name), key_of(entry.group))
        stated = _stated(entry, system.at("metrics", position).line)
        known = found.get(key)
        found[key] = stated if known is None else _joined(known, stated)
    return list(with_overall_limits(sorted(found.values(), key=lambda it: (it.group, it.name))))


def _stated(entry: MetricEntry, line: int | None) -> Metric:
    """The metric as the entry states it; an entry may only say what a number of the card rests on."""
    claim = MetricEvidence(**entry.evidence.model_dump()) if entry.evidence else None
    plain = metric(entry.name, entry.group, entry.value, entry.threshold, line)
    return replace(plain, claim=claim, is_of_manifest=True)


def _joined(card: Metric, entry: Metric) -> Metric:
    """The card's number with the entry's evidence; where both state the number, they must not differ."""
    joined = replace(card, claim=card.claim or entry.claim)
    if entry.value is None or card.value is None:
        return joined
    seen = NumberReading(entry.value, entry.unit)
    if _is_the_same(card, card.value, seen):
        return joined
    return replace(joined, evidence="contradicted", evidence_said=f"The entry says {_said(seen)}.")


class _Sources:
    """What the numbers of a card may rest on: files by how they are written, which lie in `home`, and tests."""

    def __init__(
        self,
        files: Mapping[str, str],
        tests: Mapping[str, TestFact],
        evidence: Mapping[str, Evidence],
        home: str = "the manifest's folder",
    ) -> None:
        self._files = files
        self._tests = tests
        self._evidence = evidence
        self._home = home

    def judged(self, own: Metric) -> Metric:
        """The metric with what its evidence comes to."""
        if own.claim is None or own.evidence == "contradicted":
            return own
        if own.value is None:
            is_only_named = own.is_of_manifest and own.threshold is None and not own.problem
            said = "The card states no such number."
            return replace(own, evidence="unread", evidence_said=said) if is_only_named else own
        try:
            seen, where = self._number(own.claim)
        except _NoNumberError as problem:
            return replace(own, evidence="unread", evidence_said=f"Its evidence cannot be read: {problem}.")
        if _is_the_same(own, own.value, seen):
            return replace(own, evidence="shown")
        said = f"It says {_said(NumberReading(own.value, own.unit))}, and {where} says {_said(seen)}."
        return replace(own, evidence="contradicted", evidence_said=said)

    def _number(self, claim: MetricEvidence) -> tuple[NumberReading, str]:
        """The number that is named, and where it stands in words; _NoNumberError where there is none."""
        if claim.problem:
            raise _NoNumberError(claim.problem)
        if claim.test is None:
            return self._in_file(self._files.get(claim.file or ""), claim)
        fact = self._tests.get(claim.test)
        if fact is None:
            raise _NoNumberError(f"the entry names no result of {claim.test}")
        if fact.cause not in (None, "failed"):
            raise _NoNumberError(f"{claim.test}: {fact.detail}")
        if claim.pointer or claim.property:
            return self._in_file(fact.path, claim)
        if not fact.executed:
            raise _NoNumberError(f"{claim.test}: nothing ran")
        return NumberReading(fact.pass_rate, RATIO), f"{claim.test} ({fact.path})"

    def _in_file(self, path: str | None, claim: MetricEvidence) -> tuple[NumberReading, str]:
        if path is None:
            raise _NoNumberError(f"{claim.file} leads outside {self._home}")
        found = self._evidence.get(path)
        if found is None or found.text is None:
            raise _NoNumberError(f"{path} is {'absent' if found is None else found.state}")
        place = claim.pointer or claim.property or ""
        try:
            value = _pointed_at(found.data, found.text, place) if claim.pointer else _property(found.text, place)
        except ResultRefusedError as problem:
            raise _NoNumberError(f"{path}: {problem}") from None
        reading = read_number(value)
        if reading is None:
            raise _NoNumberError(f"{path} has no number at {place}")
        return reading, f"{path} at {place}"


def _pointed_at(data: Any, text: str, pointer: str) -> Any:
    """The value at a JSON pointer, of what was read already or else of JSON; ResultRefusedError without one."""
    if _PART.sub("", pointer):
        raise ResultRefusedError(f"{pointer} is no JSON pointer (write / before each key, ~1 for a / in one)")
    value = data if data is not None else _json(text)
    for part in _PART.findall(pointer):
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            raise ResultRefusedError(f"{pointer} leads nowhere: there is no {key!r}")
    return value


@lru_cache(maxsize=_KEPT)
def _json(text: str) -> Any:
    from policy_gate.facts.result_formats.json_text import read_json  # noqa: PLC0415

    return read_json(text)


@lru_cache(maxsize=_KEPT)
def _properties(text: str) -> Mapping[str, frozenset[str]]:
    suites = parse(text)
    held = [suite.properties for suite in all_suites(suites)] + [case.properties for case in all_cases(suites)]
    found: dict[str, set[str]] = {}
    for name, value in (pair for pairs in held for pair in pairs):
        found.setdefault(name_key(name), set()).add(value)
    return {name: frozenset(values) for name, values in found.items()}


def _property(text: str, name: str) -> str:
    """The one value that a report gives a property; ResultRefusedError where it gives none, or several."""
    values = _properties(text).get(name_key(name), frozenset())
    if len(values) != 1:
        said = f"gives {name} {len(values)} values" if values else f"has no property {name}"
        raise ResultRefusedError(f"the report {said}")
    return next(iter(values))


def _is_the_same(own: Metric, value: float, seen: NumberReading) -> bool:
    """Whether two numbers are one, the metric's own `value` perhaps rounded as it is written."""
    pair = on_one_scale(own.name, NumberReading(value, own.unit), seen)
    if pair is None:
        return False
    factor = abs(pair[0].value / value) if value else 1.0
    return abs(pair[0].value - pair[1].value) <= own.step * factor + _SAME * max(abs(pair[1].value), 1.0)


def _said(number: NumberReading) -> str:
    if number.unit == RATIO:
        return f"{number.value * 100:.4g}%"
    return f"{number.value:.6g} {number.unit}".strip()
