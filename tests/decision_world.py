"""Decisions in memory: facts made as policy cases make them, judged by the shipped rules. No git, no disk, no clock.

    found = outcomes(facts("high", "pre_deployment"))
    assert only(found, "red-team-engagement").state == "met"

What a policy case cannot say (a date, a digest, a number of words) is laid over its facts with `replace`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace
from world import ROLE_HOLDERS, email_of

from policy_gate.app.judge import evaluate_facts
from policy_gate.app.views import builtin_policies
from policy_gate.decide.decide import decide, settled
from policy_gate.decide.decision_context import blamed
from policy_gate.decide.governed_content import content_parts
from policy_gate.decide.system_change import SystemChange
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.evaluate.obligations import evaluate
from policy_gate.facts.case_facts import CASE_DAY, SYSTEM, facts_of_case
from policy_gate.schema.change import Change
from policy_gate.schema.check_inputs import CheckOptions
from policy_gate.schema.dates import Instant, end_of_day
from policy_gate.schema.evaluation import Evaluation
from policy_gate.schema.facts import Facts
from policy_gate.schema.finding import Outcome
from policy_gate.schema.people import Author, Claim, Commit, People, Verified
from policy_gate.schema.policy_cases import Case
from policy_gate.schema.report import Ref, Report, Trust
from policy_gate.schema.roles import Person
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.snapshot import Snapshot

RULES = builtin_policies()
TODAY = CASE_DAY
AS_OF = end_of_day(TODAY)
_PARTIAL = {"human_oversight": "partial", "user_vulnerability": "general_public", "deployment_scale": "thousands"}
PROFILES: Mapping[str, Mapping[str, str]] = {
    "low": {},
    "medium": {**_PARTIAL, "decision_impact": "financial"},
    "high": {**_PARTIAL, "decision_impact": "employment", "decision_reversibility": "difficult_to_reverse"},
    "critical": {
        **_PARTIAL,
        "decision_impact": "life_safety",
        "data_sensitivity": "special_category",
        "user_vulnerability": "vulnerable_populations",
        "decision_reversibility": "irreversible",
    },
}
"""What is laid over the plain profile of a policy case to reach each tier."""


def day(days: int) -> date:
    """The calendar date that many days after the day of the case; negative for before."""
    return TODAY + timedelta(days=days)


def sides(tier: str, stage: str, **case: Any) -> tuple[tuple[Facts, ...], tuple[Facts, ...], tuple[Change, ...]]:
    """Base's facts, the result's, and the changes; all evidence met unless `all_met=False`."""
    profile = {**PROFILES[tier], **case.pop("profile", {})}
    fields = {"id": "case", "title": "Case", "all_met": True, "stage": stage, "profile": profile, **case}
    return facts_of_case(Case.model_validate(fields), RULES)


def facts(tier: str = "high", stage: str = "pre_deployment", **case: Any) -> Facts:
    """The result's facts of one such system."""
    (found,) = sides(tier, stage, **case)[1]
    return found


def with_artifact(found: Facts, artifact: str, **fields: Any) -> Facts:
    """The facts with some fields of one document laid over."""
    return replace(found, artifacts={**found.artifacts, artifact: replace(found.artifacts[artifact], **fields)})


def with_test(found: Facts, test: str, **fields: Any) -> Facts:
    """The facts with some fields of one test result laid over."""
    return replace(found, tests={**found.tests, test: replace(found.tests[test], **fields)})


def with_entry(found: Facts, **fields: Any) -> Facts:
    """The facts with some fields of the manifest entry laid over, as the entry alone would say them."""
    declared = replace(found.declared, entry=found.declared.entry.model_copy(update=fields))
    return replace(found, declared=declared)


def rules_with(rule: str, rules: RuleSet = RULES, **fields: Any) -> RuleSet:
    """The rule set with some fields of one rule, gate or control laid over, wherever it is kept."""
    changed = tuple(replace(item, **fields) if item.id == rule else item for item in rules.rules)
    plain = {item.id: item for item in changed if item.kind == "rule"}
    return replace(rules, rules=changed, plain_rules=plain)


def outcomes(
    found: Facts,
    *changes: Change,
    rules: RuleSet = RULES,
    earlier: Facts | None = None,
    as_of: Instant = AS_OF,
) -> tuple[Outcome, ...]:
    """What every rule that speaks of the system came to."""
    return evaluate(rules, (found,), changes, as_of, (earlier,) if earlier else ())


def only(found: Iterable[Outcome], rule: str, subject: str = "") -> Outcome:
    """The one outcome of a rule, or of one of its requirements; AssertionError where there is not exactly one."""
    matching = [item for item in found if item.rule.id == rule and subject in ("", item.requirement.subject)]
    assert len(matching) == 1, [(item.rule.id, item.requirement.subject, item.state) for item in matching]
    return matching[0]


def change(kind: str, field: str = "", before: Any = None, after: Any = None, system: str | None = SYSTEM) -> Change:
    """A change of the system, a weakening where the shipped rules say so."""
    return Change(kind, system, field, before, after, weakening=RULES.change_kinds[kind].weakening)


def evaluation(
    was: Sequence[Facts], declared: Sequence[Facts], changes: Sequence[Change] = (), rules: RuleSet = RULES
) -> Evaluation:
    """Both sides evaluated, what the changes weaken held."""
    return evaluate_facts(rules, tuple(was), tuple(declared), tuple(changes), AS_OF)


def system_change(now: Facts, was: Facts | None = None, **fields: Any) -> SystemChange:
    """A changed system that enters no gate, unless `fields` say otherwise."""
    presence = fields.pop("presence", "changed" if was is not None else "added")
    return SystemChange(
        now.id, presence, was, now, now, fields.pop("changes", ()), content=content_parts(now), **fields
    )


def options(**fields: Any) -> CheckOptions:
    """A change, as of the day of the case, onto `main` of a named repository."""
    return CheckOptions(
        **{"mode": "change", "as_of": AS_OF, "repository": "org/repo", "target_branch": "main", **fields}
    )


def person(name: str) -> Person:
    return Person(name=name, email=email_of(name))


def people(*claims: Claim, commits: Sequence[Commit] = (), **fields: Any) -> People:
    """Everybody of `world` in their roles, and what was claimed."""
    members = {role: (person(name),) for role, name in ROLE_HOLDERS.items()}
    return People(**{"members": members, "claims": claims, "commits": tuple(commits), **fields})


def claim(role: str, for_: str, digest: str | None, /, **fields: Any) -> Claim:
    """The holder of a role approves exactly this content today, verified."""
    name = ROLE_HOLDERS[role]
    return Claim(
        **{
            "source": "records",
            "proof": Verified("signature"),
            "approver": Author(name, email_of(name)),
            "role": role,
            "for_": for_,
            "system": SYSTEM,
            "digest": digest,
            "approved_on": TODAY,
            **fields,
        }
    )


def weighed(made: Evaluation, who: People | None = None, **fields: Any) -> tuple[WeighedOutcome, ...]:
    """Every outcome after blame, approvals and waivers."""
    return settled(blamed(made, options(**fields)), EMPTY, who or people())[0].weighed


def one(found: Iterable[WeighedOutcome], rule: str, instance: str = "") -> WeighedOutcome:
    """The one judged outcome of a rule, or about one instance such as `path-narrowed:paths`."""
    matching = [item for item in found if item.outcome.rule.id == rule and instance in ("", item.outcome.instance)]
    assert len(matching) == 1, [(item.outcome.rule.id, item.outcome.instance) for item in matching]
    return matching[0]


def report(made: Evaluation, who: People | None = None, **fields: Any) -> Report:
    """The Report of the decision."""
    ref = Ref("main", "0" * 40)
    on = options(**fields)
    trust = Trust(on.mode, True, ref, ref, "0" * 40, "head", "builtin", made.policy.digest, True)
    return decide(blamed(made, on), EMPTY, EMPTY, who or people(), trust, version="0")


EMPTY = Snapshot(None, "0" * 40, (), (), {}, any_manifest=True)
"""A tree that adds nothing to the facts at hand."""
