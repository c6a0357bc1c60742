"""The documentation of a rule set, made once: everything that has an id in words, and the titles that reports use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, Final

from msgspec.structs import replace

from policy_gate.documents.spelling import listed
from policy_gate.policy.condition_words import in_words
from policy_gate.policy.law_docs import law_docs, wanted_by_law
from policy_gate.schema.dates import Period
from policy_gate.schema.policy_docs import GateDoc, PolicyDocs, RuleDoc
from policy_gate.schema.rule import Requirement, Rule
from policy_gate.schema.rule_set import Artifact, ChangeKind, Named, RuleSet, TestDefinition
from policy_gate.schema.vocabulary import FACT_TYPES, Tier

_HOW_OFTEN: Final = attrgetter("every")


def policy_docs(policy: RuleSet) -> PolicyDocs:
    """What a report carries: entries of all that a finding can be explained by, and titles."""
    return _documented(policy, _entries_of_findings(policy))


def every_doc(policy: RuleSet) -> PolicyDocs:
    """What `explain` and `policy list` read: entries of every id, by kind and then in the policies' own order."""
    entries = (*_entries_of_findings(policy), *_names(policy), *_scoring(policy))
    if policy.law is None:
        return _documented(policy, entries)
    content = policy.law.content
    return _documented(policy, (*wanted_by_law(entries, content), *law_docs(content)))


def _documented(policy: RuleSet, entries: Iterable[RuleDoc]) -> PolicyDocs:
    return PolicyDocs(
        entries=tuple(entries),
        gates=tuple(
            GateDoc(gate.id, gate.title, gate.from_, gate.to, tuple(gate.none_for), gate.entered_by)
            for gate in policy.gates.values()
        ),
        thresholds=policy.scoring.thresholds,
        roles={id_: role.title for id_, role in policy.roles.items()},
        controls={id_: control.title for id_, control in policy.controls.items()},
        regulations={id_: regulation.title for id_, regulation in policy.regulations.items()},
        aliases=dict(policy.aliases),
        agencies=dict(policy.agencies),
        law_classes={f"{known.regulation}:{known.id}": known.title for known in policy.scoring.law_classes},
    )


def _entries_of_findings(policy: RuleSet) -> Iterator[RuleDoc]:
    """The entries that a finding can be explained by: rules of all sorts, artifacts and tests."""
    for rule in policy.rules:
        yield _rule(rule, policy)
    for broken in policy.waiver_rules.values():
        yield replace(
            _rule(broken.rule, policy), what="a rule about waivers, judged after all others by policy-gate itself"
        )
    for artifact in policy.artifacts.values():
        facts = [("length", f"at least {artifact.min_words} words in all")]
        facts += [("sections", _sections(artifact))] if artifact.sections else []
        facts += [("fields", _card_fields(policy))] if artifact.is_model_card else []
        facts += [("age", f"at most {_by_tier(artifact.max_age)}")] if artifact.max_age else []
        facts += [("also", f"{', '.join(artifact.satisfied_by)} count as it")] if artifact.satisfied_by else []
        yield _work("artifact", artifact, policy, facts, f"policy-gate draft {artifact.id} --system ID")
    for test in policy.tests.values():
        wanted = f"at least {test.min_executed} executed, none failed"
        facts = [("runs", f"{wanted}, as JUnit XML or as a tool for evaluations writes it")]
        facts += [("answers", _of_answers(test))] if test.wanted_cases > 1 or test.min_pass_rate < 1 else []
        facts += [("age", f"at most {_by_tier(test.max_age)}")] if test.max_age else []
        yield _work("test", test, policy, facts, "commit the suite's report and name it under tests")


def _of_answers(test: TestDefinition) -> str:
    """What is wanted of a sample of a model's answers, as tools for evaluations report it."""
    least = f"at least {test.min_pass_rate:.0%} of a model's answers right" if test.min_pass_rate < 1 else ""
    few = f"inconclusive below {test.wanted_cases} answers" if test.wanted_cases > 1 else ""
    return ", ".join(filter(None, (least, few)))


def _sections(artifact: Artifact) -> str:
    """'Scope, Findings (at least 8 words each)', or with a number for each where they differ."""
    least = {section.min_words for section in artifact.sections}
    if len(least) == 1:
        return f"{', '.join(section.title for section in artifact.sections)} (at least {least.pop()} words each)"
    return "; ".join(f"{section.title} (at least {section.min_words} words)" for section in artifact.sections)


def _card_fields(policy: RuleSet) -> str:
    return "; ".join(f"{field.id} ({', '.join(field.tiers)})" for field in policy.card_fields)


def _names(policy: RuleSet) -> Iterator[RuleDoc]:
    """Roles, activities, change kinds, facts and regulations."""
    for role in policy.roles.values():
        wanted_by = _wanting("approval", role.id, policy)
        yield _plain("role", role, role.about, facts=_duties(role.id, policy), wanted_by=wanted_by)
    for activity in policy.raci.values():
        told = (("consulted", activity.consulted), ("informed", activity.informed))
        rows = tuple((label, ", ".join(roles)) for label, roles in told if roles)
        owners = {"responsible": tuple(activity.responsible), "accountable": (activity.accountable,)}
        yield _plain("activity", activity, "a row of the RACI matrix", facts=rows, **owners)
    for kind in policy.change_kinds.values():
        what = "a weakening: it makes a system look safer without work" if kind.weakening else "a change of meaning"
        yield _plain("change", kind, what, wanted_by=_judging(kind, policy))
    conditions = [(rule, _conditions(rule)) for rule in policy.rules]
    for fact in policy.facts.values():
        values = (("values", ", ".join(fact.values)),) if fact.values else ()
        facts = (("type", FACT_TYPES[fact.type]), *values, ("weaker", _WEAKER[fact.weaker]))
        how = (f"state {fact.id} under facts of the system",)
        used = _speaking_of(f"system.{fact.id}", conditions)
        yield RuleDoc("fact", fact.id, fact.about, how=how, facts=facts, wanted_by=used)
    for law_spec in policy.regulations.values():
        aliases = (("also", ", ".join(law_spec.aliases)),) if law_spec.aliases else ()
        agency = (("agency", ", ".join(law_spec.enforced_by)),) if law_spec.enforced_by else ()
        facts = (*aliases, *agency, ("pack", law_spec.pack or "none: declared, not evaluated"))
        yield _plain("regulation", law_spec, "a law or standard that regulatory_scope may name", facts=facts)


def _scoring(policy: RuleSet) -> Iterator[RuleDoc]:
    """What the tier and the law class are worked out from."""
    for dimension in policy.scoring.dimensions:
        points = ", ".join(f"{value} {number}" for value, number in dimension.points.items())
        meanings = tuple(f"{value}: {said}" for value, said in dimension.meanings.items())
        yield _plain(
            "dimension", dimension, "a dimension of the risk profile", facts=(("points", points),), how=meanings
        )
    for floor in policy.scoring.floors:
        what = f"the tier is never below {floor.tier}"
        yield RuleDoc("floor", floor.id, floor.title, what, facts=(("when", in_words(floor.when.text)),))
    for known in policy.scoring.law_classes:
        what = f"a class that {known.regulation} puts a system in"
        yield RuleDoc("law-class", known.id, known.title, what, facts=(("when", in_words(known.when.text)),))


def _plain(kind: str, spec: Named, what: str, **more: Any) -> RuleDoc:
    return RuleDoc(kind, spec.id, spec.title, what, spec.why or "", spec.citation, **more)


_WEAKER = {
    "false": "set to false, or removed, is a weakening",
    "true": "set to true, or removed, is a weakening",
    "lower": "a lower number, or none, is a weakening",
    "higher": "a higher number, or none, is a weakening",
    "any": "another value, or none, is a weakening",
    "none": "no move of it is a weakening",
}


def _rule(rule: Rule, policy: RuleSet) -> RuleDoc:
    """A gate, control or rule, with each thing it requires as one line."""
    wanted = tuple(said for requirement in rule.requirements for said in [required(requirement)])
    what = {"gate": _gate_words, "control": _control_words, "rule": _rule_words}[rule.kind](rule, policy)
    facts = [("when", in_words(rule.when.text))] if rule.when else []
    facts += [("from", f"{rule.effective.isoformat()} on")] if rule.effective else []
    facts.append(("a gap", _GAP[rule.enforcement]))
    facts += [("waiver", "never")] if not rule.waivable else []
    due = (
        [item for item in policy.rules if item.kind == "control" and item.gate == rule.id]
        if rule.kind == "gate"
        else []
    )
    facts += [("controls", ", ".join(item.id for item in due))] if due else []
    if rule.kind == "control" and policy.controls[rule.id].satisfied_by:
        facts.append(("also", f"{', '.join(policy.controls[rule.id].satisfied_by)} count as it"))
    fix = (rule.fix,) if rule.fix else ()
    does = policy.raci[rule.activity] if rule.activity is not None else None
    return RuleDoc(
        rule.kind, rule.id, rule.title, what, rule.why, rule.citation,
        tuple(does.responsible) if does else (), (does.accountable,) if does else (), (*wanted, *fix), tuple(facts),
    )  # fmt: skip


_GAP = {"block": "blocks", "remediate": "is listed with a date, does not block", "advise": "is told, does not block"}


def _gate_words(rule: Rule, policy: RuleSet) -> str:
    gate = policy.gates.get(rule.id)
    move = f"between {gate.from_} and {gate.to}" if gate else "of the lifecycle"
    again = f"; comes back {_by_tier(rule.recurring, _HOW_OFTEN)}" if rule.recurring else ""
    return f"a gate {move}, for {listed(_tiers(rule))}{again}"


def _control_words(rule: Rule, policy: RuleSet) -> str:
    due = f"due at {rule.gate}" if rule.gate else _by_tier(rule.recurring or {}, _HOW_OFTEN)
    return f"a control, {due}, for {listed(_tiers(rule))}"


def _rule_words(rule: Rule, policy: RuleSet) -> str:
    return f"a rule, asked of each {rule.for_each}"


def _tiers(rule: Rule) -> list[str]:
    return [tier for tier in ("critical", "high", "medium", "low") if tier in rule.tiers] or ["every tier"]


def required(requirement: Requirement) -> str:
    """One requirement in words: 'artifact red-team-report, final'."""
    if requirement.kind == "any_of":
        return " or ".join(required(part) for part in requirement.alternatives)
    if requirement.kind == "that":
        holds = in_words(requirement.condition.text) if requirement.condition else requirement.subject
        return f"{holds}; else: {requirement.message}" if requirement.message else holds
    words = f"{requirement.kind} {requirement.subject}"
    words += f", {requirement.status}" if requirement.status else ""
    words += f", by {requirement.count} people" if requirement.count > 1 else ""
    words += ", updated in the change" if requirement.updated_in_change else ""
    words += f", at most {_by_tier(requirement.max_age)} old" if requirement.max_age else ""
    conditions = ", and ".join(in_words(condition.text) for condition in requirement.when)
    return f"{words}, when {conditions}" if conditions else words


def _work(
    kind: str, spec: Artifact | TestDefinition, policy: RuleSet, facts: list[tuple[str, str]], how: str
) -> RuleDoc:
    """An artifact or a test."""
    return RuleDoc(
        kind, spec.id, spec.title, spec.about, spec.why or "", spec.citation, tuple(spec.responsible),
        tuple(spec.accountable), (how,), tuple(facts), _wanting(kind, spec.id, policy),
    )  # fmt: skip


def _wanting(kind: str, subject: str, policy: RuleSet) -> tuple[tuple[str, str, str], ...]:
    return tuple((rule.kind, rule.id, rule.title) for rule in policy.rules_wanting.get((kind, subject), ()))


def _speaking_of(word: str, conditions: Iterable[tuple[Rule, str]]) -> tuple[tuple[str, str, str], ...]:
    """The rules whose condition, or that of one of their requirements, names a change kind or a fact."""
    whole = re.compile(re.escape(word) + r"(?!\w)")
    return tuple((rule.kind, rule.id, rule.title) for rule, text in conditions if whole.search(text))


def _judging(kind: ChangeKind, policy: RuleSet) -> tuple[tuple[str, str, str], ...]:
    """The rules that a change of this kind may set off: what else they ask of it, the kind does not tell."""
    told = {"change.kind": kind.id, "change.weakening": kind.weakening}
    return tuple(
        (rule.kind, rule.id, rule.title)
        for rule in policy.rules
        if rule.for_each == "change" and (rule.when is None or rule.when.truth(told).value is not False)
    )


def _conditions(rule: Rule) -> str:
    conditions = [rule.when, *(c for part in rule.requirements for c in (*part.when, part.condition))]
    return "\n".join(condition.text for condition in conditions if condition)


def _duties(role: str, policy: RuleSet) -> tuple[tuple[str, str], ...]:
    """What a role does and what it signs."""
    specs: list[Artifact | TestDefinition] = [*policy.artifacts.values(), *policy.tests.values()]
    does = [spec.id for spec in specs if role in spec.responsible]
    signs = [spec.id for spec in specs if role in spec.accountable]
    return tuple((label, ", ".join(ids)) for label, ids in (("does", does), ("signs", signs)) if ids)


def _by_tier(periods: Mapping[Tier, Period], said: Callable[[Period], str] = attrgetter("words")) -> str:
    """'1 year', or where tiers differ '6 months (critical, high), 1 year (medium)'."""
    tiers: dict[str, list[str]] = {}
    for tier, period in periods.items():
        tiers.setdefault(said(period), []).append(tier)
    if len(tiers) == 1:
        return next(iter(tiers))
    return ", ".join(f"{words} ({', '.join(names)})" for words, names in tiers.items())
