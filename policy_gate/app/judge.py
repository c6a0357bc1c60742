"""Judging what was read of a change by one rule set: facts, changes, outcomes, people, and the decision.

`app/check.py` reads what is judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from policy_gate import __version__
from policy_gate.approvals.role_holders import names_only
from policy_gate.collect.inputs import (
    OpenInputs,
    earlier_layers,
    load_inputs_at,
    with_all_seen,
)
from policy_gate.collect.stored_readings import stored_readings
from policy_gate.collect.written_by import is_by_agents
from policy_gate.decide.approval_preview import subjects_of_change
from policy_gate.decide.approvals import needs_approvals, reviewed_commits
from policy_gate.decide.decide import decide, wants_signed_authors
from policy_gate.decide.decision_context import DecisionContext, blamed
from policy_gate.decide.trust import options_of, reproducing, trust_of
from policy_gate.documents.spelling import spelling_hint
from policy_gate.errors import DocumentError, PolicyError, UndecidedError, UsageError
from policy_gate.evaluate.law import law_of_systems
from policy_gate.evaluate.law_exemptions import exemptions_claimed
from policy_gate.evaluate.obligations import evaluate
from policy_gate.facts.changes import changes_between, refuted_in_base, with_exemptions, with_mended_ids
from policy_gate.facts.changes_card import gains_of_cards, word_edits
from policy_gate.facts.changes_vendors import with_former_vendors
from policy_gate.facts.conditions_asked import asks_what_is_seen, asks_who_wrote
from policy_gate.facts.facts import facts_of
from policy_gate.facts.held_facts import as_if_raised, at_shared_tiers, hold
from policy_gate.policy.load import load_policies
from policy_gate.schema.change import Change
from policy_gate.schema.check_inputs import CheckInputs, CheckOptions, LayerSource, Request
from policy_gate.schema.dates import Instant
from policy_gate.schema.evaluation import Evaluation
from policy_gate.schema.facts import Facts
from policy_gate.schema.people import People, ReviewedContent
from policy_gate.schema.report import Report, Trust
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.snapshot import Snapshot

PolicyLoader = Callable[[Sequence[LayerSource], Sequence[str]], RuleSet]
"""Layers and active packs to the rule set that they make; PolicyError as `load_policies`."""


class Judged(Struct, frozen=True):
    """A report with what it was made of: the people who were heard, the inputs as closely as they were looked at."""

    report: Report
    people: People
    inputs: OpenInputs
    evaluation: Evaluation


def judge(request: Request, inputs: OpenInputs, policy: RuleSet, notes: tuple[str, ...] = ()) -> Judged:
    """Judge what was read by one rule set, and hear the people where it needs an approval."""
    options = options_of(request, inputs)
    if asks_what_is_seen(policy):
        inputs = with_all_seen(inputs)
    with stored_readings(request, (inputs.base, inputs.result)):
        change = blamed(evaluate_inputs(inputs, policy, request.as_of), options)
    people = with_reviewed_content(request, inputs, policy, people_of(request, inputs, change), options)
    evaluation = change.evaluation
    refuted = refuted_in_base(evaluation.was, evaluation.declared, inputs.result, policy)
    trust = trust_of(inputs, policy, people, (*notes, *refuted))
    trust = replace(trust, reproduce=reproducing(request, inputs))
    report = decided(change, inputs.base, inputs.result, people, trust, inputs)
    return Judged(report, people, inputs, evaluation)


def evaluate_inputs(inputs: OpenInputs, policy: RuleSet, as_of: Instant) -> Evaluation:
    """`evaluate_change` of what was fetched; who wrote it is looked at where a rule asks and something changed."""
    return evaluate_change(
        inputs.base, inputs.result, policy, as_of, by_agents=lambda: is_by_agents(inputs, policy.assurance)
    )


def evaluate_change(
    base: Snapshot,
    result: Snapshot,
    policy: RuleSet,
    as_of: Instant,
    *,
    by_agents: Callable[[], bool] = lambda: False,
) -> Evaluation:
    """Work out facts, changes and outcomes of both trees; no approval is looked at yet."""
    was = facts_of(base, policy)
    declared = was if result is base else facts_of(result, policy)
    was = was if result is base else with_former_vendors(with_mended_ids(was, declared), declared)
    changes = () if result is base else changes_between(was, declared, base, result, policy, as_of.date())
    changes = _without_unreadable(changes, base, result)
    if claimed := exemptions_claimed(changes, declared, policy, as_of.date()):
        changes = with_exemptions(changes, claimed, policy)
    if changes and asks_who_wrote(policy) and by_agents():
        changes = tuple(replace(change, by_agent=True) for change in changes)
    evaluation = evaluate_facts(policy, was, declared, changes, as_of)
    if declared is was:
        return evaluation
    edits, gains = word_edits(was, declared, policy), gains_of_cards(was, declared, policy)
    return replace(evaluation, edits=edits, gains=gains)


def evaluate_facts(
    policy: RuleSet, was: tuple[Facts, ...], declared: tuple[Facts, ...], changes: tuple[Change, ...], as_of: Instant
) -> Evaluation:
    """Hold what the change weakens, and apply the rules to both sides."""
    held = hold(was, declared, changes, policy) if changes else declared
    now = at_shared_tiers(was, held) if changes else declared
    before = evaluate(policy, was, (), as_of)
    after = before if now is was and not changes else evaluate(policy, now, changes, as_of, was)
    raised = evaluate(policy, as_if_raised(was, held, changes, policy), (), as_of)
    law = law_of_systems(declared, policy, as_of)
    return Evaluation(policy, was, declared, now, changes, before, after, as_of, raised, law)


def _without_unreadable(changes: tuple[Change, ...], base: Snapshot, result: Snapshot) -> tuple[Change, ...]:
    """A system whose manifest became unreadable did not leave: the problem itself is what blocks.

    Where the manifest is read in spite of its problem, what left it is told beside it.
    """
    unreadable = {problem.path for problem in result.problems} - {manifest.path for manifest in result.manifests}
    kept = {system.key.id for system in base.systems if system.key.manifest in unreadable}
    return tuple(change for change in changes if change.kind != "system-removed" or change.system not in kept)


def decided(
    change: DecisionContext,
    base: Snapshot,
    result: Snapshot,
    people: People,
    trust: Trust,
    inputs: CheckInputs | None,
) -> Report:
    """The report on a change of which gaps are blamed and people heard; `inputs` say which paths it touches."""
    return decide(
        change,
        base,
        result,
        people,
        trust,
        version=__version__,
        changed=inputs.changed_paths if inputs else frozenset(),
        result_roles=inputs.result_roles.content if inputs and inputs.result_roles else None,
    )


def policies_of_base(inputs: CheckInputs, load: PolicyLoader = load_policies) -> RuleSet:
    """The policies in force: built-in, organisation, and base's own, layered and compiled."""
    policy = load(inputs.layers, packs_of(inputs))
    pin = inputs.base.config.content.tool if inputs.base.config else None
    if pin and pin.digests and policy.digest not in pin.digests:
        raise UndecidedError(
            f"base pins the policies {' or '.join(pin.digests)}, these are {policy.digest}",
            hint="install the pinned version, or change the pin in policy-gate.yaml in a change of its own",
        )
    return policy


def packs_of(inputs: CheckInputs) -> Sequence[str]:
    """The packs that base's policy-gate.yaml asks for."""
    return inputs.base.config.content.pack_ids if inputs.base.config else ()


def packs_of_result(inputs: CheckInputs) -> Sequence[str]:
    """The packs that the result's own policy-gate.yaml asks for: they go with `result_layers`, and judge nothing."""
    return inputs.result.config.content.pack_ids if inputs.result.config else ()


def policies_in_force(
    request: Request, inputs: CheckInputs, load: PolicyLoader = load_policies
) -> tuple[RuleSet, tuple[str, ...]]:
    """Base's policies; where they are unreadable and the change only repairs them, the last readable ones (D25)."""
    try:
        return policies_of_base(inputs, load), ()
    except PolicyError:
        if not inputs.policies_only or inputs.mode == "all":
            raise
        for layers, packs in earlier_layers(request, inputs):
            policy = _readable(load, layers, packs_of(inputs)) or _readable(load, layers, packs)
            if policy is None:
                continue
            if inputs.result_layers is not None:
                load(inputs.result_layers, packs_of_result(inputs))
            return policy, ("base's policies cannot be read: judged by the last readable ones of its history",)
        raise


def _readable(load: PolicyLoader, layers: tuple[LayerSource, ...], packs: Sequence[str]) -> RuleSet | None:
    try:
        return load(layers, packs)
    except PolicyError:
        return None


def people_of(request: Request, inputs: CheckInputs, change: DecisionContext) -> People:
    """The people, asked only where an obligation needs one; their names always (D04)."""
    if needs_approvals(change) and change.options.mode != "adoption":
        from policy_gate.approvals.people import load_people  # noqa: PLC0415 - few checks ask for people

        return load_people(request, inputs, wants_signed_authors(change.evaluation))
    return names_only(inputs)


def with_reviewed_content(
    request: Request, inputs: OpenInputs, policy: RuleSet, people: People, options: CheckOptions
) -> People:
    """The people, with what each commit that one of them reviewed would have asked approvals for (D12)."""
    commits = reviewed_commits(people)
    return replace(
        people, reviewed_content={commit: _reviewed_at(request, inputs, policy, options, commit) for commit in commits}
    )


def _reviewed_at(
    request: Request, inputs: OpenInputs, policy: RuleSet, options: CheckOptions, commit: str
) -> ReviewedContent:
    try:
        with load_inputs_at(request, inputs, commit) as seen:
            if asks_what_is_seen(policy):
                seen = with_all_seen(seen)  # noqa: PLW2901 - the same inputs, looked at more closely
            change = blamed(evaluate_inputs(seen, policy, request.as_of), options)
            return ReviewedContent(subjects_of_change(change, seen.base, names_only(inputs)))
    except (UndecidedError, DocumentError) as error:
        return ReviewedContent(problem=f"{error.message} ({error.hint})" if error.hint else error.message)


def systems_read(inputs: CheckInputs) -> set[str]:
    """The systems of what was read; a change that does not touch one leaves it unread."""
    return {system.key.id for side in (inputs.base, inputs.result) for system in side.systems}


def refuse_unknown_systems(request: Request, inputs: CheckInputs) -> None:
    """UsageError for a system named by `--system` that neither tree declares."""
    known = sorted(systems_read(inputs))
    for name in request.systems:
        if name not in known:
            raise UsageError(f'no system "{name}" is declared', hint=spelling_hint(name, known))
