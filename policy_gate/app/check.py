"""The check: what merging a change would do to base, by the rules that base holds.

`check` is the decision itself: two trees, a rule set, people and a date in, a report out. `run_check` reads all that
for one request and asks for people only where an obligation needs one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec.structs import replace

from policy_gate import __version__
from policy_gate.app.judge import (
    PolicyLoader,
    decided,
    evaluate_change,
    judge,
    packs_of_result,
    policies_in_force,
    refuse_unknown_systems,
)
from policy_gate.collect.fast_forward import check_fast_forward
from policy_gate.collect.inputs import (
    OpenInputs,
    OpenRepository,
    inputs_of,
    lacking,
)
from policy_gate.collect.rebase import check_rebase
from policy_gate.decide.decision_context import blamed
from policy_gate.decide.nothing_changed import changes_nothing_governed, nothing_changed_report
from policy_gate.decide.trust import options_of, trust_of, undecided_report
from policy_gate.documents.cache import DocumentCache
from policy_gate.errors import PolicyError, UndecidedError
from policy_gate.policy.load import load_policies
from policy_gate.schema.check_inputs import CheckInputs, CheckOptions, LayerSource, Request
from policy_gate.schema.people import People
from policy_gate.schema.policy_docs import PolicyDocs
from policy_gate.schema.policy_impact import PolicyImpact
from policy_gate.schema.report import Report, Trust
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.snapshot import Snapshot
from policy_gate.vcs.repository import Repository

if TYPE_CHECKING:
    from policy_gate.decide.governed_paths import GovernedPaths


_Answer = TypeVar("_Answer")
_RULE_SETS = 200
"""rule sets that a session keeps before it begins anew"""
_BROKEN = "merged so, every check is undecided until a change mends them: policy-gate policy lint lists what is wrong"


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
    return decided(change, base, result, people, trust, inputs)


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
        check_fast_forward(inputs)
        note = check_rebase(inputs)
    except UndecidedError as error:
        if report.exit_code == 0:
            raise
        note = error.message
    return replace(report, trust=replace(report.trust, notes=(*report.trust.notes, note))) if note else report


def _on_the_merge(request: Request, inputs: OpenInputs, load: PolicyLoader, *, documented: bool) -> Report:
    options = options_of(request, inputs)
    if request.systems:
        refuse_unknown_systems(request, inputs)
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
        lacking_commits=lacking(inputs, dict.fromkeys((*people.reviewed_content, *people.unheld))),
        docs=_docs_of(policy) if documented else None,
    )


def _docs_of(policy: RuleSet) -> PolicyDocs:
    from policy_gate.policy.docs import policy_docs  # noqa: PLC0415 - most formats want none

    return policy_docs(policy)


def report_undecided(request: Request, error: UndecidedError) -> Report:
    """The report of a check that could not be made: undecided, with what stood in its way."""
    return undecided_report(request, error, __version__)


def _preview(
    report: Report,
    inputs: CheckInputs,
    people: People,
    options: CheckOptions,
    load: PolicyLoader,
    known: Sequence[str],
) -> tuple[str, ...]:
    """What the result's own policies would have decided: shown, never obeyed (principle 4).

    Then what they ask less of than base's, and than the layers before them where it is not `known` of base's, and what
    becomes of the roles. Nothing where each file is only laid out otherwise.
    """
    if inputs.result_layers is None or options.mode != "change" or _is_said_the_same(inputs):
        return ()
    try:
        policy = load(inputs.result_layers, packs_of_result(inputs))
    except PolicyError as error:
        return (f"the policies of this change cannot be read: {error.message}", _BROKEN)
    trust = trust_of(inputs, policy, people, ())
    verdict = check(inputs.base, inputs.result, policy, people, options, trust, inputs).verdict
    as_well = ", too" if verdict == report.verdict else ""
    said = f"by the policies of this change the verdict would be {verdict}{as_well}; base's policies decide"
    from policy_gate.app.policy_losses import policy_losses  # noqa: PLC0415 - few changes touch the policies

    notes = [note for note in policy.notes if note.replace("result:", "base:", 1) not in known]
    lost = [line for line in policy_losses(inputs) if not any(_tells(note, line) for note in notes)]
    return (said, *lost, *notes, *_of_roles(inputs, policy))


def _is_said_the_same(inputs: CheckInputs) -> bool:
    was, now = ({(file.path, file.oid) for file in side.policy_files} for side in (inputs.base, inputs.result))
    return was != now and {path for path, _ in was ^ now} <= set(inputs.result.policies_alike)


def _tells(note: str, line: str) -> bool:
    """Whether a note on the layers says what a line on base's rules would say again."""
    what, _, name = line.partition(" ")[2].rpartition(" of ")
    listed = note.partition(f" {name}.require: ")[2].split(", ")
    return note.endswith(f" {line}") or bool(what and what in listed)


def _of_roles(inputs: CheckInputs, policy: RuleSet) -> Iterator[str]:
    """Who comes into which role and who goes, and what lint says of the result's roles and does not say of base's."""
    if inputs.result_roles is None:
        if inputs.roles and all(problem.path != inputs.roles.path for problem in inputs.result.problems):
            yield f"{inputs.roles.path} is gone, or no roles file any more: nobody could approve anything"
        return
    if inputs.result_roles == inputs.roles:
        return
    from policy_gate.app.role_changes import role_changes  # noqa: PLC0415 - few changes touch the roles
    from policy_gate.policy.lint_roles import lint_roles  # noqa: PLC0415

    yield from role_changes(inputs.roles.content if inputs.roles else None, inputs.result_roles.content)
    before = {problem.message for problem in lint_roles(inputs.roles, policy)} if inputs.roles else set()
    for problem in lint_roles(inputs.result_roles, policy):
        if problem.message not in before:
            yield f"{problem.location}: {problem.message}"


def _impact_of_change(request: Request, inputs: OpenInputs, policy: RuleSet, load: PolicyLoader) -> PolicyImpact | None:
    """What a change of the policies would do to the systems of the result, as the nightly check would see them."""
    if inputs.result_layers is None or inputs.mode != "change":
        return None
    from policy_gate.app.impact_of_change import impact_of_change  # noqa: PLC0415 - few changes touch the policies

    return impact_of_change(request, inputs, policy, load)
