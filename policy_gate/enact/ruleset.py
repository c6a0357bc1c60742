"""Layers in, law out: the one way from policy documents to a RuleSet, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from policy_gate.enact import lint as checks
from policy_gate.enact.cel import Language
from policy_gate.enact.compile import CompiledItem, compiled_rules, rule_set, scoring
from policy_gate.enact.firing import unfirable
from policy_gate.enact.items import Merged
from policy_gate.enact.layers import merged
from policy_gate.errors import LawError, UsageError
from policy_gate.schema.law import Condition, Origin, RuleSet, Scoring
from policy_gate.schema.papers import LayerSource
from policy_gate.schema.source import Location, Problem
from policy_gate.schema.vocabulary import Subject


class _Enacted(NamedTuple):
    """Everything made on the way; `problems` are the errors, and with any of them nothing is in force."""

    law: Merged
    rules: tuple[CompiledItem, ...]
    scores: Scoring | None
    problems: tuple[Problem, ...]


def enact(layers: Sequence[LayerSource], packs: Sequence[str] = ()) -> RuleSet:
    """The one rule set that the layers make, earliest first; `packs` are the active ones.

    Items merge by id. A later layer may add and tighten, and loosen what an earlier one marked
    overridable; loosening is told in the notes. LawError with every located problem.
    """
    found = _enacted(layers, packs, all(source.proven for source in layers))
    if found.problems or found.scores is None:
        raise _law_error(found.problems)
    return rule_set(found.law, found.rules, found.scores, layers, packs)


def lint(layers: Sequence[LayerSource], packs: Sequence[str] = ()) -> tuple[Problem, ...]:
    """Every problem of the layers: errors first, then (marked `advice`) what had better be mended.

    Documents of packs that are not active are checked too, as if they were.
    """
    errors = list(_enacted(layers, packs).problems)
    found = _enacted(layers, _every_pack(layers, packs))
    errors += (problem for problem in found.problems if problem not in errors)
    return (*errors, *checks.advice(found.law, found.rules))


def condition(text: str, subject: Subject, law: RuleSet) -> Condition:
    """One condition over the names of this law, for trying it out; UsageError where it has faults."""
    try:
        return Language(law.facts).compile(text, subject, Location("expression", 1, 1))
    except LawError as fault:
        raise UsageError(fault.message, hint=fault.hint, problems=fault.problems) from None


def _enacted(layers: Sequence[LayerSource], packs: Sequence[str], proven: bool = False) -> _Enacted:
    """Merge, compile and lint; of a proven law only that it fits these packs."""
    law = merged(layers, packs)
    if law.problems:
        return _Enacted(law, (), None, _in_order(law.problems))
    _note_unevaluated(law, packs)
    facts = {id_: item.spec for id_, item in law.items["fact"].items()}
    language = Language(facts, proven=proven)
    problems: list[Problem] = []
    rules = compiled_rules(law, language, problems)
    scores = scoring(law, language, problems)
    problems += checks.completeness(law, layers, packs)
    if not proven:
        problems += (*checks.references(law), *checks.shapes(law))
    if not proven and not problems:
        problems += unfirable(law, language, rules, scores)
    return _Enacted(law, rules, scores, _in_order(problems))


def _every_pack(layers: Sequence[LayerSource], packs: Sequence[str]) -> tuple[str, ...]:
    contents = (document.content for source in layers for document in source.documents)
    found = {
        content["pack"] for content in contents if isinstance(content, dict) and isinstance(content.get("pack"), str)
    }
    return tuple(sorted(found | set(packs)))


def _note_unevaluated(law: Merged, packs: Sequence[str]) -> None:
    for pack in sorted(set(packs)):
        if pack not in law.packs and pack in law.items["regulation"]:
            law.notes.append(f"pack {pack}: this version holds no rules for it, so {pack} is not evaluated")


def _in_order(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(dict.fromkeys(problems), key=lambda it: (it.path, it.line or 0, it.column or 0, it.message)))


def _law_error(problems: tuple[Problem, ...]) -> LawError:
    first = problems[0]
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return LawError(f"{first.location}: {first.message}{more}", hint=first.hint, problems=problems)


class Listed(NamedTuple):
    """One effective item: `values` are its fields that differ from their defaults, each with its origin."""

    kind: str
    id: str
    title: str
    origin: Origin
    values: tuple[tuple[str, Any, Origin], ...]


def listing(law: RuleSet) -> tuple[Listed, ...]:
    """Each gate, control, rule, artifact, test, role, fact and the like of the law, with where it was set."""
    return tuple(_listed(law))


def _listed(law: RuleSet) -> Iterator[Listed]:
    kinds = {
        "gate": law.gates, "control": law.controls, "rule": law.plain_rules, "artifact": law.artifacts,
        "test": law.tests, "role": law.roles, "fact": law.facts, "change-kind": law.change_kinds,
        "regulation": law.regulations, "activity": law.raci,
        "card-field": {field.id: field for field in law.card_fields},
        "dimension": {dimension.id: dimension for dimension in law.scoring.dimensions},
    }  # fmt: skip
    for kind, specs in kinds.items():
        for id_, spec in specs.items():
            key = f"{kind}:{id_}"
            own = law.origins[key]
            plain = spec.model_dump(mode="json", by_alias=True, exclude_defaults=True)
            values = tuple((name, value, law.origins.get(f"{key}.{name}", own)) for name, value in plain.items())
            yield Listed(kind, id_, getattr(spec, "title", plain.get("about", "")), own, values)
