"""The check: what merging a change would do to base, by the rules that base holds.

`check` is the decision itself: two trees, a rule set, people and a date in, a report out. `run_check` reads all that
for one request and asks for people only where an obligation needs one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from policy_gate import __version__
from policy_gate.approvals.role_holders import names_only
from policy_gate.collect.inputs import (
    OpenInputs,
    OpenRepository,
    earlier_layers,
    inputs_of,
    lacking,
    load_inputs_at,
    with_all_seen,
)
from policy_gate.collect.rebase import check_rebase
from policy_gate.collect.stored_readings import stored_readings
from policy_gate.collect.written_by import is_by_agents
from policy_gate.decide.approval_preview import subjects_of_change
from policy_gate.decide.approvals import needs_approvals, reviewed_commits
from policy_gate.decide.decide import decide, wants_signed_authors
from policy_gate.decide.decision_context import DecisionContext, blamed
from policy_gate.decide.nothing_changed import changes_nothing_governed, nothing_changed_report
from policy_gate.decide.trust import options_of, reproducing, trust_of, undecided_report
from policy_gate.documents.cache import DocumentCache
from policy_gate.errors import DocumentError, PolicyError, UndecidedError, UsageError
from policy_gate.evaluate.law import law_of_systems
from policy_gate.evaluate.law_exemptions import exemptions_claimed
from policy_gate.evaluate.obligations import evaluate
from policy_gate.facts.changes import changes_between, refuted_in_base, with_exemptions, with_mended_ids
from policy_gate.facts.changes_card import gains_of_cards, word_edits
from policy_gate.facts.changes_vendors import with_former_vendors
from policy_gate.facts.conditions_asked import asks_what_is_seen, asks_who_wrote
from policy_gate.facts.facts import facts_of
from policy_gate.facts.held_facts import as_if_raised, hold
from policy_gate.policy.load import load_policies
from policy_gate.schema.check_inputs import CheckInputs, CheckOptions, LayerSource, Request
from policy_gate.schema.dates import Instant
from policy_gate.schema.evaluation import Evaluation
from policy_gate.schema.facts import Change, Facts
from policy_gate.schema.people import People, ReviewedContent
from policy_gate.schema.policy_docs import PolicyDocs
from policy_gate.schema.policy_impact import PolicyImpact
from policy_gate.schema.report import Report, Trust
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.snapshot import Snapshot
from policy_gate.vcs.repository import Repository

if TYPE_CHECKING:
    from policy_gate.decide.governed_paths import GovernedPaths

PolicyLoader = Callable[[Sequence[LayerSource], Sequence[str]], RuleSet]
"""Layers and active packs to the rule set that they make; PolicyError as `load_policies`."""

_Answer = TypeVar("_Answer")
_RULE_SETS = 200
"""rule sets that a session keeps before it begins anew"""


def check(
    base: Snapshot,
    result: Snapshot,
    policy: RuleSet,
    people: People,
    options: CheckOptions,
    trust: Trust,
    inputs: CheckInputs | None = None,
) -> Report:
    """Judge what merging this change would do to base, by the rules that base holds. Pure."""
    change = blamed(evaluate_change(base, result, policy, options.as_of), options)
    return _decided(change, base, result, people, trust, inputs)


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
    now = hold(was, declared, changes, policy) if changes else declared
    before = evaluate(policy, was, (), as_of)
    after = before if now is was and not changes else evaluate(policy, now, changes, as_of, was)
    raised = evaluate(policy, as_if_raised(was, now, changes, policy), (), as_of)
    law = law_of_systems(declared, policy, as_of)
    return Evaluation(policy, was, declared, now, changes, before, after, as_of, raised, law)


def _without_unreadable(changes: tuple[Change, ...], base: Snapshot, result: Snapshot) -> tuple[Change, ...]:
    """A system whose manifest became unreadable did not leave: the problem itself is what blocks."""
    unreadable = {problem.path for problem in result.problems}
    kept = {system.key.id for system in base.systems if system.key.manifest in unreadable}
    return tuple(change for change in changes if change.kind != "system-removed" or change.system not in kept)


def run_check(request: Request, *, documented: bool = True) -> Report:
    """Check one request, as a `CheckSession` for it alone does."""
    with CheckSession(request.directory) as session:
        return session.check(request, documented=documented)


class SharedReadings:
    """What the sessions of several repositories read once for all of them: documents and rule sets, by content."""

    def __init__(self) -> None:
        self.documents = DocumentCache()
        self.rule_sets: dict[tuple[Any, ...], RuleSet] = {}


class CheckSession:
    """Many checks of one repository: it is opened once, and no document or rule set is read twice.

    Each answer is the one that `run_check` gives. What is kept is kept by content (ids of git objects), so that no
    check can change what another one sees, whether it fails or not; nothing is kept beyond the session, but in the
    readings that it shares with other sessions. Close it, or use it in a `with`.
    """

    def __init__(self, directory: Path, shared: SharedReadings | None = None) -> None:
        """UsageError where the directory is in no repository, UndecidedError where no git is installed."""
        shared = shared or SharedReadings()
        self._directory = directory
        self._opened = OpenRepository(directory, shared.documents)
        self._rule_sets = shared.rule_sets

    def __enter__(self) -> CheckSession:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the processes and remove what was made; the session cannot be used afterwards."""
        self._opened.close()

    @property
    def repository(self) -> Repository:
        """The repository, opened for reading."""
        return self._opened.repository

    def expect(self, changes: Iterable[tuple[str, str]]) -> None:
        """These changes, as commit ids of base and head, will be checked: one process works out all their merges."""
        self._opened.repository.expect_merges(changes)

    def check(self, request: Request, *, documented: bool = True) -> Report:
        """Check a request: read both trees and the policies, evaluate them, ask for approvals, decide.

        The report carries the documentation of the policies, unless it is not `documented` because no format wants
        it. Raises the errors of `policy_gate.errors` where no report can be given at all.
        """
        self._opened.trim()
        # A work tree may change between two looks at it, so that nothing of it is kept.
        load = load_policies if request.worktree else self._rule_set
        return checked(request, self._inputs(request), load, documented=documented)

    def check_with(self, request: Request, of: Callable[[Report, OpenInputs], _Answer]) -> _Answer:
        """What `of` makes of a check's report, which carries no documentation, and of what was read for it."""
        self._opened.trim()
        inputs = self._inputs(request)
        load = load_policies if request.worktree else self._rule_set
        return of(checked(request, inputs, load, documented=False), inputs)

    def judge(self, request: Request, of: Callable[[OpenInputs, PolicyLoader], _Answer]) -> _Answer:
        """What `of` makes of a request, read once, with the way in which this session loads rule sets."""
        self._opened.trim()
        return of(self._inputs(request), load_policies if request.worktree else self._rule_set)

    def governed_paths(self, request: Request) -> GovernedPaths | None:
        """The governed paths of base, for a hook to keep; None where they are not clear."""
        from policy_gate.collect.governed_paths import governed_paths_of  # noqa: PLC0415 - for a hook alone

        return governed_paths_of(self._inputs(request))

    def _inputs(self, request: Request) -> OpenInputs:
        if request.directory != self._directory:
            raise ValueError(f"this session is for {self._directory}, not for {request.directory}")
        return inputs_of(request, self._opened)

    def _rule_set(self, layers: Sequence[LayerSource], packs: Sequence[str]) -> RuleSet:
        """The rule set that these layers make; each layer by all that it says and where, files by their blobs."""
        said = tuple(
            (
                *(it.layer, it.name, it.trusted, it.proven, it.notes),
                tuple((doc.path, doc.oid) for doc in it.documents),
                () if it.proven else tuple(sorted(it.law.items())),
            )
            for it in layers
        )
        key = (said, tuple(packs))
        if key not in self._rule_sets:
            if len(self._rule_sets) >= _RULE_SETS:
                self._rule_sets.clear()
            self._rule_sets[key] = load_policies(layers, packs)
        return self._rule_sets[key]


def checked(
    request: Request, inputs: OpenInputs, load: PolicyLoader, *, documented: bool, is_merged: bool = False
) -> Report:
    """The report on the merge; where nothing in it stops, another outcome of a rebase is undecided (D24, D46).

    Of what `is_merged` already it is known what came in, and how nobody asks any more.
    """
    report = _on_the_merge(request, inputs, load, documented=documented)
    if is_merged:
        return report
    try:
        check_rebase(inputs)
    except UndecidedError as error:
        if report.exit_code == 0:
            raise
        return replace(report, trust=replace(report.trust, notes=(*report.trust.notes, error.message)))
    return report


def _on_the_merge(request: Request, inputs: OpenInputs, load: PolicyLoader, *, documented: bool) -> Report:
    options = options_of(request, inputs)
    if request.systems:
        known_systems(request, inputs)
    try:
        policy, notes = policies_in_force(request, inputs, load)
    except PolicyError:
        if not changes_nothing_governed(inputs, options):
            raise
        return nothing_changed_report(inputs, options, __version__)
    judged = judge(request, inputs, policy, notes)
    report, people, inputs = judged.report, judged.people, judged.inputs
    return replace(
        report,
        system_count=max(inputs.system_count, report.system_count),
        preview=_preview(report, inputs, people, options, load, policy.notes),
        policy_impact=_impact_of_change(request, inputs, policy, load),
        lacking_commits=lacking(inputs, people.reviewed_content),
        docs=_docs_of(policy) if documented else None,
    )


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
    report = _decided(change, inputs.base, inputs.result, people, trust, inputs)
    return Judged(report, people, inputs, evaluation)


def _docs_of(policy: RuleSet) -> PolicyDocs:
    from policy_gate.policy.docs import policy_docs  # noqa: PLC0415 - most formats want none

    return policy_docs(policy)


def report_undecided(request: Request, error: UndecidedError) -> Report:
    """The report of a check that could not be made: undecided, with what stood in its way."""
    return undecided_report(request, error, __version__)


def _decided(
    change: DecisionContext,
    base: Snapshot,
    result: Snapshot,
    people: People,
    trust: Trust,
    inputs: CheckInputs | None,
) -> Report:
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
    if pin and pin.policies_digest and pin.policies_digest != policy.digest:
        raise UndecidedError(
            f"base pins the policies {pin.policies_digest}, these are {policy.digest}",
            hint="install the pinned version, or change the pin in policy-gate.yaml in a change of its own",
        )
    return policy


def packs_of(inputs: CheckInputs) -> Sequence[str]:
    """The packs that base's policy-gate.yaml asks for."""
    return inputs.base.config.content.pack_ids if inputs.base.config else ()


def policies_in_force(
    request: Request, inputs: CheckInputs, load: PolicyLoader = load_policies
) -> tuple[RuleSet, tuple[str, ...]]:
    """Base's policies; where they are unreadable and the change only repairs them, the last readable ones (D25)."""
    try:
        return policies_of_base(inputs, load), ()
    except PolicyError:
        if not inputs.policies_only or inputs.mode == "all":
            raise
        for layers in earlier_layers(request, inputs):
            try:
                policy = load(layers, packs_of(inputs))
            except PolicyError:
                continue
            if inputs.result_layers is not None:
                load(inputs.result_layers, packs_of(inputs))
            return policy, ("base's policies cannot be read: judged by the last readable ones of its history",)
        raise


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


def _preview(
    report: Report,
    inputs: CheckInputs,
    people: People,
    options: CheckOptions,
    load: PolicyLoader,
    known: Sequence[str],
) -> tuple[str, ...]:
    """What the result's own policies would have decided: shown, never obeyed (principle 4).

    Then what they ask less of than the layers before them, where it is not `known` of base's.
    """
    if inputs.result_layers is None or options.mode != "change":
        return ()
    try:
        policy = load(inputs.result_layers, packs_of(inputs))
    except PolicyError as error:
        return (f"the policies of this change cannot be read: {error.message}",)
    trust = trust_of(inputs, policy, people, ())
    verdict = check(inputs.base, inputs.result, policy, people, options, trust, inputs).verdict
    as_well = ", too" if verdict == report.verdict else ""
    said = f"by the policies of this change the verdict would be {verdict}{as_well}; base's policies decide"
    return (said, *(note for note in policy.notes if note not in known))


def _impact_of_change(request: Request, inputs: OpenInputs, policy: RuleSet, load: PolicyLoader) -> PolicyImpact | None:
    """What a change of the policies would do to the systems of the result, as the nightly check would see them."""
    if inputs.result_layers is None or inputs.mode != "change":
        return None
    from policy_gate.app.policy_impact import impact_of_change  # noqa: PLC0415 - few changes touch the policies

    return impact_of_change(request, inputs, policy, load)


def systems_read(inputs: CheckInputs) -> set[str]:
    """The systems of what was read; a change that does not touch one leaves it unread."""
    return {system.key.id for side in (inputs.base, inputs.result) for system in side.systems}


def known_systems(request: Request, inputs: CheckInputs) -> None:
    known = sorted(systems_read(inputs))
    for name in request.systems:
        if name not in known:
            raise UsageError(f"no system {name!r} is declared", hint=f"declared: {', '.join(known) or 'none'}")
