"""What a test report is of: the model, its version and the system, as its properties say, against those wanted."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Final

from msgspec import Struct

from policy_gate.facts.result_formats.suites import Placed, Properties
from policy_gate.schema.facts import TestFact
from policy_gate.schema.observed import bare_model_name
from policy_gate.schema.patterns import lazy_pattern

_MODEL_VERSION_NAMES: Final = ("model-version", "modelversion")
_SYSTEM_NAMES: Final = ("policy-gate-system", "policy-gate-systems", "system-id", "system-ids", "systemid", "ai-system")
"""properties that name a system of ours, whatever stands in them"""
_MAYBE_SYSTEM_NAMES: Final = ("system", "systems")
"""properties that name one only where an id stands in them: to many tools the system is the machine"""
_DUMP: Final = lazy_pattern(r"(?:java|os|sun|user|ant|file)\.")
"""names that a tool writes with all its other settings, whose `version` and `system` are the build's"""
_POINTED_AT: Final = lazy_pattern(
    r"(?:file|https?|wss?|exec|python|golang|ruby|javascript|package|browser|mcp|webhook)\b|.*\.(?:py|m?js|ts|ya?ml)\b",
    re.IGNORECASE,
)


class Expected(Struct, frozen=True):
    """What a report must be of: its suite, the model version, the system; None where nothing is said."""

    test: str
    system: str
    suite: str | None = None
    cases: tuple[str, ...] = ()
    """names of the cases that count, with `*` for anything; all where there is none"""
    version: str | None = None
    version_must_be_stated: bool = False
    card_version: str | None = None
    """what the model card says, in its own words: it counts where the manifest states no version"""
    other_tests: Collection[str] = ()
    known_systems: frozenset[str] = frozenset()
    """this one among them"""
    model: str | None = None
    """the model that the entry of the test names: then every test must say that it ran on it"""
    models: tuple[str, ...] = ()
    """names of the models that the system's entry lists, with and without their version"""
    hosted: tuple[str, ...] = ()
    """how names of hosted models begin: only by such a name a report is of another model than those listed"""


def of_something_else(placed: list[Placed], fact: TestFact, expected: Expected) -> str | None:
    """Why the tests are not of the version or the system asked for, or None."""
    ran = tests_that_ran(placed)
    another = _of_another_model(ran, expected)
    if another is not None:
        return another
    if expected.version_must_be_stated:
        silent = sum(1 for stated in versions_of(ran, expected.version) if not stated)
        if silent:
            some = f": {silent} of {len(ran)} tests do not" if silent < len(ran) else ""
            return f"it does not say for which model version (expected {expected.version}){some}"
    if expected.version is not None and fact.version not in (None, expected.version):
        return f"for another model version (got {fact.version}, expected {expected.version})"
    if expected.version is None and expected.card_version is not None:
        for stated in {version for found in each(ran, _model_version_of) for version in found}:
            if not _says(expected.card_version, stated):
                return f"for another model version (got {stated}, the model card says {expected.card_version[:40]})"
    for named in each(ran, lambda properties: _systems_of(properties, expected)):
        if named and expected.system not in named:
            return f"for another system (got {', '.join(sorted(named))}, expected {expected.system})"
    return None


def names_its_system(placed: list[Placed], expected: Expected) -> bool:
    """Whether every test that ran says that it is of the system asked for, be it of others, too."""
    named = each(tests_that_ran(placed), lambda properties: _systems_of(properties, expected))
    return bool(named) and all(expected.system in systems for systems in named)


def tests_that_ran(placed: list[Placed]) -> list[Placed]:
    """The tests that ran, which alone say when and what of; all where none did."""
    return [it for it in placed if it.case.outcome != "skipped"] or placed


def each(placed: list[Placed], read: Callable[[Properties], frozenset[str]]) -> list[frozenset[str]]:
    """What each test says by its own properties, else by those of the nearest suite around it that says anything."""
    of_suites: dict[int, frozenset[str]] = {}
    found = []
    for case, around in placed:
        stated = read(case.properties) if case.properties else frozenset()
        for suite in () if stated else reversed(around):
            if id(suite) not in of_suites:
                of_suites[id(suite)] = read(suite.properties)
            stated = of_suites[id(suite)]
            if stated:
                break
        found.append(stated)
    return found


def models_of(placed: list[Placed]) -> list[str]:
    """The model that each test ran on, as the nearest suite around it says; empty where none does."""
    return [next((suite.model for suite in reversed(around) if suite.model), "") for _, around in placed]


def versions_of(placed: list[Placed], wanted: str | None) -> list[frozenset[str]]:
    """The model version that each test states, be it as the end of its model's name."""
    stated = each(placed, version_of)
    named = wanted.casefold() if wanted else ""
    return [
        found or (frozenset({str(wanted)}) if _ends_in_version(model, named) else found)
        for found, model in zip(stated, models_of(placed), strict=True)
    ]


def _ends_in_version(model: str, version: str) -> bool:
    head = model.casefold().removesuffix(version)
    return head != model.casefold() and head[-1:] in ("", "-", ":", "@", "/", "_", "v", " ")


def _of_another_model(ran: list[Placed], expected: Expected) -> str | None:
    """Why the tests ran on another model, where the entry names one or the system lists those it has; else None."""
    wanted = (expected.model,) if expected.model else expected.models
    if not wanted or not any(suite.tool for it in ran for suite in it.around[:1]):
        return None
    for model in dict.fromkeys(models_of(ran)):
        if not model and expected.model:
            return f"it does not say on which model it ran (expected {expected.model})"
        is_told = bool(expected.model) or _is_hosted(model, expected.hosted)
        if is_told and not any(_is_same_model(model, name) for name in wanted):
            more = "; `suite:` in its entry picks the tests of one model" if len(set(models_of(ran))) > 1 else ""
            return f"for another model (got {model[:60]}, expected {' or '.join(wanted[:3])}){more}"
    return None


def _is_same_model(stated: str, wanted: str) -> bool:
    return not _spellings(stated).isdisjoint(_spellings(wanted))


def _spellings(name: str) -> set[str]:
    """A model's name as written, without whoever serves it, and without the ways before it."""
    plain = name.casefold().strip()
    return {plain, bare_model_name(plain), plain.rpartition(":")[2], plain.rpartition("/")[2]}


def _is_hosted(name: str, beginnings: Collection[str]) -> bool:
    """Whether a name is that of a hosted model, and no address, file or program that the tool was pointed at."""
    if _POINTED_AT.match(name):
        return False
    return any(it.startswith(tuple(beginnings)) for it in _spellings(name))


def _values(properties: Properties, names: Collection[str]) -> frozenset[str]:
    return frozenset(value for name, value in properties if value and name_key(name) in names)


def _model_version_of(properties: Properties) -> frozenset[str]:
    return _values(properties, _MODEL_VERSION_NAMES)


def version_of(properties: Properties) -> frozenset[str]:
    """The model version, also by the plain name where it is not one of all the settings of a build."""
    stated = _model_version_of(properties)
    return stated if stated or _is_dump(properties) else _values(properties, ("version",))


def _systems_of(properties: Properties, expected: Expected) -> frozenset[str]:
    """The systems that properties name; a machine or an operating system is none."""
    named = {part for text in _values(properties, _SYSTEM_NAMES) for part in _parts(text)}
    if named or _is_dump(properties):
        return frozenset(named)
    for text in _values(properties, _MAYBE_SYSTEM_NAMES):
        parts = [part for part in _parts(text) if _is_id(part, expected)]
        named |= set(parts) if parts and parts[0] == _parts(text)[0] else set()
    return frozenset(named)


def _is_id(text: str, expected: Expected) -> bool:
    """Whether a text is the id of a system: one that is known, or one that differs from ours in its number alone."""
    if text in expected.known_systems:
        return True
    shape = re.sub(r"\d+", "0", expected.system.casefold())
    return "0" in shape and re.sub(r"\d+", "0", text.casefold()) == shape


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[,;\s]+", text) if part]


def _is_dump(properties: Properties) -> bool:
    return any(_DUMP.match(name) for name, _ in properties)


def _says(card_version: str, stated: str) -> bool:
    """Whether the words of a card name this version, be it as 2.1, v2.1 or "2.1 of May"."""
    words = {word.strip(".").removeprefix("v") for word in re.findall(r"[\w.+-]+", card_version.casefold())}
    return stated.casefold().removeprefix("v") in words or stated.casefold() in card_version.casefold().split(",")


def name_key(name: str) -> str:
    """A name as it is compared: "Bias suite" and bias_suite are one."""
    return re.sub(r"[\s_.-]+", "-", name.strip().casefold())
