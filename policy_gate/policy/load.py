"""Layers in, a rule set out: the one way from policy documents to a RuleSet, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from policy_gate.errors import PolicyError, UsageError
from policy_gate.policy import lint as checks
from policy_gate.policy.applicability import coverage, misplaced
from policy_gate.policy.cel import Language
from policy_gate.policy.compile import CompiledItem, compiled_rules, rule_set, scoring
from policy_gate.policy.items import MergedPolicies
from policy_gate.policy.layers import merged
from policy_gate.policy.unreachable import unreachable
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.rule_set import Condition, Origin, RuleSet, Scoring
from policy_gate.schema.source import Location, Problem
from policy_gate.schema.vocabulary import Subject


class _Enacted(NamedTuple):
    """Everything made on the way; `problems` are the errors, and with any of them nothing is in force."""

    policy: MergedPolicies
    rules: tuple[CompiledItem, ...]
    scores: Scoring | None
    problems: tuple[Problem, ...]


def load_policies(layers: Sequence[LayerSource], packs: Sequence[str] = ()) -> RuleSet:
    """The one rule set that the layers make, earliest first; `packs` are the active ones.

    Items merge by id. A later layer may add and tighten, and loosen what an earlier one marked
    overridable; loosening is told in the notes. PolicyError with every located problem.
    """
    found = _enacted(layers, packs, all(source.proven for source in layers))
    if found.problems or found.scores is None:
        raise _policy_error(found.problems)
    return rule_set(found.policy, found.rules, found.scores, layers, packs)


def lint_policies(layers: Sequence[LayerSource], packs: Sequence[str] = ()) -> tuple[Problem, ...]:
    """Every problem of the layers: errors first, then (marked `advice`) what had better be mended.

    Documents of packs that are not active are checked too, as if they were.
    """
    errors = list(_enacted(layers, packs).problems)
    found = _enacted(layers, _every_pack(layers, packs))
    errors += (problem for problem in found.problems if problem not in errors)
    return (*errors, *checks.advice(found.policy, found.rules))


def compile_condition(text: str, subject: Subject, policy: RuleSet) -> Condition:
    """One condition over the names of these policies, for trying it out; UsageError where it has faults."""
    try:
        return Language(policy.facts).compile(text, subject, Location("expression", 1, 1))
    except PolicyError as fault:
        raise UsageError(fault.message, hint=fault.hint, problems=fault.problems) from None


def _enacted(layers: Sequence[LayerSource], packs: Sequence[str], proven: bool = False) -> _Enacted:
    """Merge, compile and lint; of proven policies only that they fit these packs."""
    policy = merged(layers, packs)
    if policy.problems:
        return _Enacted(policy, (), None, _in_order(policy.problems))
    _note_unevaluated(policy, packs)
    facts = {id_: item.spec for id_, item in policy.items["fact"].items()}
    language = Language(facts, proven=proven)
    problems: list[Problem] = []
    rules = compiled_rules(policy, language, problems)
    scores = scoring(policy, language, problems)
    problems += checks.completeness(policy, layers, packs)
    if not proven:
        problems += (*checks.references(policy), *checks.shapes(policy), *coverage(policy))
    if not proven and not problems:
        problems += (*unreachable(policy, language, rules, scores), *misplaced(policy, language, rules))
    return _Enacted(policy, rules, scores, _in_order(problems))


def _every_pack(layers: Sequence[LayerSource], packs: Sequence[str]) -> tuple[str, ...]:
    contents = (document.content for source in layers for document in source.documents)
    found = {
        content["pack"] for content in contents if isinstance(content, dict) and isinstance(content.get("pack"), str)
    }
    return tuple(sorted(found | set(packs)))


def _note_unevaluated(policy: MergedPolicies, packs: Sequence[str]) -> None:
    for pack in sorted(set(packs)):
        if pack not in policy.packs and pack in policy.items["regulation"]:
            policy.notes.append(f"pack {pack}: this version holds no rules for it, so {pack} is not evaluated")


def _in_order(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(dict.fromkeys(problems), key=lambda it: (it.path, it.line or 0, it.column or 0, it.message)))


def _policy_error(problems: tuple[Problem, ...]) -> PolicyError:
    first = problems[0]
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return PolicyError(f"{first.location}: {first.message}{more}", hint=first.hint, problems=problems)


class Listed(NamedTuple):
    """One effective item: `values` are its fields that differ from their defaults, each with its origin."""

    kind: str
    id: str
    title: str
    origin: Origin
    values: tuple[tuple[str, Any, Origin], ...]


def list_items(policy: RuleSet) -> tuple[Listed, ...]:
    """Each gate, control, rule, artifact, test, role, fact and the like, with where it was set."""
    return tuple(_listed(policy))


def _listed(policy: RuleSet) -> Iterator[Listed]:
    kinds = {
        "gate": policy.gates, "control": policy.controls, "rule": policy.plain_rules, "artifact": policy.artifacts,
        "test": policy.tests, "role": policy.roles, "fact": policy.facts, "change-kind": policy.change_kinds,
        "regulation": policy.regulations, "activity": policy.raci,
        "card-field": {field.id: field for field in policy.card_fields},
        "dimension": {dimension.id: dimension for dimension in policy.scoring.dimensions},
    }  # fmt: skip
    for kind, specs in kinds.items():
        for id_, spec in specs.items():
            key = f"{kind}:{id_}"
            own = policy.origins[key]
            plain = spec.model_dump(mode="json", by_alias=True, exclude_defaults=True)
            values = tuple((name, value, policy.origins.get(f"{key}.{name}", own)) for name, value in plain.items())
            yield Listed(kind, id_, getattr(spec, "title", plain.get("about", "")), own, values)
