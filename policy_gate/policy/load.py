"""Layers in, a rule set out: the one way from policy documents to a RuleSet, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from policy_gate.errors import PolicyError, UsageError
from policy_gate.policy.cel import Language
from policy_gate.policy.compile import compiled_rules, known_to_packs, law_book, rule_set, scoring
from policy_gate.policy.definitions import fact_definition
from policy_gate.policy.items import CompiledItem, MergedPolicies
from policy_gate.policy.packs import seal_packs, stem
from policy_gate.policy.sealed import seal, seal_key, unseal, with_documents
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.rule_condition import Condition
from policy_gate.schema.rule_set import RuleSet, Scoring
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
    found = _enacted(layers, packs)
    if found.problems:
        # What is told of a sealed item says no place inside it.
        found = _enacted(_with_documents(layers), packs)
    if found.problems or found.scores is None:
        raise _policy_error(found.problems)
    made = rule_set(found.policy, found.rules, found.scores, layers, packs)
    if any(source.law and not source.proven for source in layers) and made.law is not None:
        _ = made.law.content  # what somebody else wrote is read at once, so that its faults are told here
    return made


def policies_as_written(layers: Sequence[LayerSource], packs: Sequence[str] = ()) -> dict[str, dict[str, Any]]:
    """'kind:id' to what the layers together say of it, as plain data; of policies that `load_policies` takes."""
    merged = _merged(_with_documents(layers), packs, Language({}))
    return {f"{item.kind}:{item.id}": item.raw for item in merged.every()}


def lost_between(
    was: Sequence[LayerSource], was_packs: Sequence[str], now: Sequence[LayerSource], now_packs: Sequence[str]
) -> tuple[str, ...]:
    """What the second layers ask less of than the first, a line each; of policies that `load_policies` takes."""
    from policy_gate.policy.comparison import losses  # noqa: PLC0415 - few changes touch the policies

    return tuple(losses(_merged(was, was_packs, Language({})), _merged(now, now_packs, Language({}))))


def lint_policies(
    layers: Sequence[LayerSource], packs: Sequence[str] = (), today: date | None = None
) -> tuple[Problem, ...]:
    """Every problem of the layers: errors first, then (marked `advice`) what had better be mended.

    Documents of packs that are not active are checked too, as if they were. With a day, rows of law that were last
    checked long before it, or after it, are advice.
    """
    from policy_gate.policy import lint  # noqa: PLC0415 - a check of built-in policies lints nothing
    from policy_gate.policy.lint_packs import pack_advice  # noqa: PLC0415 - likewise

    layers = _with_documents(layers)
    errors = list(_enacted(layers, packs, lint_all=True).problems)
    found = _enacted(layers, _every_pack(layers, packs), lint_all=True)
    errors += (problem for problem in found.problems if problem not in errors)
    book = None if errors else law_book(found.policy, layers)
    errors += book.problems if book is not None else ()
    of_law = pack_advice(book.content, today) if book is not None and not errors else ()
    unread = () if errors else lint.unread_facts(found.policy, book.facts if book is not None else ())
    idle = lint.packs_not_in_force(found.policy, packs)
    unsaid = (problem for source in layers for problem in source.advice)
    return (*errors, *unsaid, *found.policy.advice, *idle, *lint.advice(found.rules), *unread, *of_law)


def seal_policies(source: LayerSource, texts: dict[str, bytes]) -> bytes:
    """Seal the built-in policies, of which these are the documents by path; PolicyError where they have problems."""
    found = _enacted([source], _every_pack([source], ()), lint_all=True)
    if found.problems:
        raise _policy_error(found.problems)
    return seal(found.policy, seal_key(texts))


def seal_law(source: LayerSource) -> bytes:
    """Seal the built-in law packs; PolicyError where they, or the policies that they name, have problems."""
    found = _enacted([source], _every_pack([source], ()), lint_all=True)
    if found.problems:
        raise _policy_error(found.problems)
    return seal_packs(source.law, known_to_packs(found.policy))


def compile_condition(text: str, subject: Subject, policy: RuleSet) -> Condition:
    """One condition over the names of these policies, for trying it out; UsageError where it has faults."""
    try:
        return Language(policy.facts).compile(text, subject, Location("expression", 1, 1))
    except PolicyError as fault:
        raise UsageError(fault.message, hint=fault.hint, problems=fault.problems) from None


def _enacted(layers: Sequence[LayerSource], packs: Sequence[str], *, lint_all: bool = False) -> _Enacted:
    """Merge, compile and lint; of proven policies only that they fit these packs."""
    speaking = [source for source in layers if source.documents or source.sealed]
    proven = not lint_all and bool(speaking) and all(source.proven for source in speaking)
    language = Language({}, proven=proven)
    policy = _merged(layers, packs, language)
    policy.problems += _restated_packs(layers)
    if policy.problems:
        return _Enacted(policy, (), None, _in_order(policy.problems))
    _note_unevaluated(policy, packs, {stem(path) for source in layers for path in source.law})
    language.declare({id_: fact_definition(item) for id_, item in policy.items["fact"].items()})
    problems: list[Problem] = []
    rules = compiled_rules(policy, language, problems)
    scores = scoring(policy)
    if not proven:
        from policy_gate.policy.lint import faults  # noqa: PLC0415 - a check of built-in policies lints nothing

        problems += faults(policy, language, rules, scores, layers, packs, compiled=not problems)
    elif packs:
        from policy_gate.policy.consistency import pack_faults  # noqa: PLC0415 - likewise

        problems += pack_faults(policy, packs)
    return _Enacted(policy, rules, scores, _in_order(problems))


def _merged(layers: Sequence[LayerSource], packs: Sequence[str], language: Language) -> MergedPolicies:
    """The layers as one, earliest first; what is sealed is taken as it is, and what is not is read."""
    policy = MergedPolicies()
    for source in layers:
        policy.notes += source.notes
        if source.sealed is not None and unseal(policy, source.sealed, source, packs, language):
            continue
        if (read := with_documents(source)).documents:
            from policy_gate.policy.layers import add_layer  # noqa: PLC0415 - loads the models of documents

            add_layer(policy, read, packs)
    if not policy.problems and any("renames" in item.raw for item in policy.items["role"].values()):
        from policy_gate.policy.renaming import rename_roles  # noqa: PLC0415 - few layers rename a role

        rename_roles(policy)
    return policy


def _with_documents(layers: Sequence[LayerSource]) -> tuple[LayerSource, ...]:
    return tuple(with_documents(source) for source in layers)


def _every_pack(layers: Sequence[LayerSource], packs: Sequence[str]) -> tuple[str, ...]:
    contents = (document.content for source in layers for document in source.documents)
    found = {
        content["pack"] for content in contents if isinstance(content, dict) and isinstance(content.get("pack"), str)
    }
    return tuple(sorted(found | set(packs)))


def _restated_packs(layers: Sequence[LayerSource]) -> Iterator[Problem]:
    """Law packs from outside with the id of one that another layer has."""
    held: dict[str, str] = {}
    for source in layers:
        for path in sorted(source.law):
            first = held.setdefault(stem(path), path)
            if source.only_adds and first != path:
                message = f"pack {stem(path)} is there already ({first}): a pack from outside only adds"
                yield Problem(path, message, 1, 1, "give it an id of its own")


def _note_unevaluated(policy: MergedPolicies, packs: Sequence[str], of_law: set[str]) -> None:
    for pack in sorted(set(packs) - of_law):
        if pack not in policy.packs and pack in policy.items["regulation"]:
            policy.notes.append(f"pack {pack}: this version holds no rules for it, so {pack} is not evaluated")


def _in_order(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(dict.fromkeys(problems), key=lambda it: (it.path, it.line or 0, it.column or 0, it.message)))


def _policy_error(problems: tuple[Problem, ...]) -> PolicyError:
    first = problems[0]
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return PolicyError(f"{first.location}: {first.message}{more}", hint=first.hint, problems=problems)
