"""What a manifest states under `facts:` and `regulatory_scope`, checked against the policies in force."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from policy_gate.documents.spelling import spelling_hint
from policy_gate.schema.rule_set import FactDefinition, RuleSet
from policy_gate.schema.rule_targets import SYSTEM_FIELDS
from policy_gate.schema.snapshot import DeclaredSystem
from policy_gate.schema.source import Location, Problem
from policy_gate.schema.vocabulary import DIMENSIONS, FACT_TYPES


def stated_facts(system: DeclaredSystem, policy: RuleSet) -> tuple[dict[str, Any], list[Problem]]:
    """The facts that hold, by name and in the policies' types; and a problem for each that does not."""
    facts: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, raw in sorted(system.entry.facts.items()):
        value = checked_fact(name, raw, policy)
        if isinstance(value, Refused):
            problems.append(problem_at(system.at("facts", name), value.message, value.hint))
        else:
            facts[name] = value
    return facts, problems


def regulations(system: DeclaredSystem, policy: RuleSet) -> tuple[tuple[str, ...], list[Problem]]:
    """The canonical ids of the declared regulations, sorted; unknown names are problems."""
    known: set[str] = set()
    problems: list[Problem] = []
    for position, name in enumerate(system.entry.regulatory_scope):
        found = _regulation(name, policy)
        if found:
            known.update(found)
        else:
            names = (*policy.regulations, *policy.aliases, *policy.agencies)
            place = system.at("regulatory_scope", position)
            problems.append(
                problem_at(
                    place, f"unknown regulation (got {name})", known_hint(name.casefold().replace("_", "-"), names)
                )
            )
    return tuple(sorted(known)), problems


def names_declared(values: Mapping[str, Any], policy: RuleSet) -> list[str]:
    """`system.declared`: the facts, dimensions and optional fields that these values hold, sorted."""
    held = [key.removeprefix("system.") for key in values]
    return sorted([name for name in held if name in policy.facts or name in DIMENSIONS or name == "deployment_date"])


def are_evaluated(scope: Iterable[str], policy: RuleSet) -> bool:
    """Whether an active pack evaluates every regulation of the scope (D42)."""
    return all(policy.regulations[name].pack is not None for name in scope if name in policy.regulations)


def unknown_ids(system: DeclaredSystem, policy: RuleSet) -> list[Problem]:
    """Artifacts, tests, vendors and not_applicable claims that neither the policies nor the manifest know."""
    entry = system.entry
    vendors = {vendor.id for vendor in system.vendors}
    problems = _unknown(system, "artifacts", "artifact", [item.id for item in entry.artifacts], policy.artifacts)
    problems += _unknown(system, "tests", "test", [item.id for item in entry.tests], policy.tests)
    if claims := [item.id for item in entry.not_applicable]:
        claimable = {*policy.artifacts, *policy.tests, *policy.controls, *policy.gates, *policy.plain_rules}
        problems += _unknown(system, "not_applicable", "requirement", claims, claimable)
    of_manifest = (vendor.id for vendor in system.manifest.content.vendors)
    others = () if vendors.issuperset(entry.vendors) else {*of_manifest, *vendors}
    return problems + _unknown(system, "vendors", "vendor", entry.vendors, vendors, others)


def _unknown(
    system: DeclaredSystem,
    where: str,
    what: str,
    ids: Iterable[str],
    known: Collection[str],
    others: Collection[str] = (),
) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[str] = set()
    for position, id_ in enumerate(ids):
        if id_ not in known:
            hint = known_hint(id_, others or known)
            problems.append(problem_at(system.at(where, position), f"unknown {what} (got {id_})", hint))
        elif id_ in seen:
            problems.append(problem_at(system.at(where, position), f"{what} {id_} is named twice", "keep one entry"))
        seen.add(id_)
    return problems


def problem_at(place: Location, message: str, hint: str = "") -> Problem:
    """A problem at a place of a manifest."""
    return Problem(place.path, message, place.line, place.column, hint)


def known_hint(name: str, known: Iterable[str]) -> str:
    """The name meant, or the first few known ones."""
    return spelling_hint(name, known, most=8, none="the policies know none")


def _regulation(name: str, policy: RuleSet) -> tuple[str, ...]:
    """The ids that a name leads to; none for one that nobody knows."""
    folded = name.strip().casefold()
    plain = folded.replace("_", "-").replace(" ", "-")
    if plain in policy.regulations:
        return (plain,)
    known = policy.aliases.get(folded) or policy.aliases.get(plain)
    return (known,) if known else policy.agencies.get(folded, ())


class Refused(NamedTuple):
    """What is wrong with a stated fact, and what to do."""

    message: str
    hint: str = ""


def checked_fact(name: str, raw: Any, policy: RuleSet) -> Any:
    """The value of one stated fact in the policies' type, or `Refused`."""
    if name in SYSTEM_FIELDS:
        return Refused(f"{name} is worked out, not declared under facts", "remove the line")
    spec = policy.facts.get(name)
    if spec is None:
        return Refused(f"unknown fact (got {name})", known_hint(name, policy.facts))
    value = _typed(spec, raw)
    if value is None:
        return Refused(f"{name} has the wrong type (got {_show(raw)}, expected {FACT_TYPES[spec.type]})")
    for part in value if isinstance(value, list) else [value]:
        if spec.values is not None and part not in spec.values:
            message = f'{name} is "{part}" (expected one of {", ".join(spec.values)})'
            return Refused(message, known_hint(str(part), spec.values))
    return value


def _show(raw: Any) -> str:
    return str(raw).lower() if isinstance(raw, bool) else repr(raw)


def _typed(spec: FactDefinition, raw: Any) -> Any:
    """The value in the fact's type, or None; whole numbers are accepted for DOUBLE, lists are sorted sets."""
    if spec.type == "BOOL":
        return raw if isinstance(raw, bool) else None
    if spec.type == "STRING":
        return raw if isinstance(raw, str) else None
    if spec.type == "LIST<STRING>":
        is_list = isinstance(raw, list) and all(isinstance(part, str) for part in raw)
        return sorted(set(raw)) if is_list else None
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    if spec.type == "INT":
        return int(raw) if isinstance(raw, int) and abs(raw) < 2**63 else None
    return float(raw) if abs(raw) <= 1e300 else None  # which not-a-number is not
