"""What other policies would do here: every system, and the last merges, judged by today's and by those.

Nothing is judged for a merge by this: both answers are of the full check, or of merges that are long done. No forge is
asked, so that an approval that both policies want is left out of account.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.app.check import CheckSession
from policy_gate.app.impact_of_change import BothPolicies, impact, quiet
from policy_gate.app.judge import PolicyLoader, judge, packs_of, policies_of_base, refuse_unknown_systems
from policy_gate.collect.inputs import OpenInputs
from policy_gate.collect.policies_of_tree import policies_of, with_fetched_packs
from policy_gate.collect.policy_files import of_folder
from policy_gate.decide.policy_impact import impact_on_systems, worst_effect
from policy_gate.errors import DocumentError, PolicyError, PolicyGateError, UndecidedError, UngovernedError, UsageError
from policy_gate.schema.check_inputs import LayerSource, Request
from policy_gate.schema.policy_impact import MergeImpact, PolicyImpact
from policy_gate.vcs.tree import Tree
from policy_gate.vcs.worktree import WorkTree


class _Proposal(Struct, frozen=True):
    """Policies that do not hold yet, as layers, and the packs that they ask for."""

    layers: tuple[LayerSource, ...]
    packs: Sequence[str]
    notes: tuple[str, ...] = ()


def policy_impact(request: Request, proposed: str, last: int = 0) -> PolicyImpact:
    """What the policies of a folder or commit would do to every system of the result, and to the `last` merges of base.

    Raises UsageError where they are not there or cannot be read, UndecidedError where today's cannot be, and
    UngovernedError where no system is declared.
    """
    asked = quiet(replace(request, everything=True))
    with CheckSession(request.directory) as session:
        return session.judge(asked, lambda inputs, load: _told(asked, inputs, load, proposed, last, session))


def _told(
    request: Request, inputs: OpenInputs, load: PolicyLoader, wanted: str, last: int, session: CheckSession
) -> PolicyImpact:
    if request.systems:
        refuse_unknown_systems(request, inputs)
    if not inputs.result.systems and not last:
        raise UngovernedError("no AI system is declared in these files", hint="policy-gate init")
    today = policies_of_base(inputs, load)
    proposal = _proposed(request, inputs, wanted)
    try:
        both = BothPolicies(today, load(proposal.layers, proposal.packs))
    except PolicyError as error:
        raise _unreadable(wanted, error) from error
    found = impact(request, inputs, both)
    merges = tuple(_merges(request, inputs, both, last, session))
    notes = [*proposal.notes, *found.notes]
    if len(merges) < last:
        notes.append(f"the history of this clone holds {len(merges)} merges of the base branch, not {last}")
    return replace(found, merges=merges, notes=tuple(notes))


def _unreadable(wanted: str, error: PolicyError) -> UsageError:
    return UsageError(f"--policies {wanted} cannot be read", hint=error.hint, problems=error.problems)


def _proposed(request: Request, inputs: OpenInputs, wanted: str) -> _Proposal:
    """The layers that would hold: the repository's own from its folder or a commit, else an organisation's folder."""
    repository = inputs.repository
    assert repository is not None  # noqa: S101 - inputs of a session have one
    folder = request.directory / wanted
    if not folder.is_dir():
        commit = repository.resolve(wanted)
        if commit is None:
            hint = "name a folder of policies, or a branch, tag or commit of this repository"
            raise UsageError(f"--policies {wanted}: neither a folder nor a commit of this repository", hint=hint)
        return _own(request, inputs, repository.merged_already(repository.tree_oid(commit)), wanted)
    try:
        if not repository.is_bare:
            files = WorkTree(repository)
            layout = policies_of(files, "work tree", inputs.cache).layout
            if folder.resolve() == (repository.root / layout.policies).resolve():
                return _own(request, inputs, files, "work tree")
        return _organisations(inputs, of_folder(folder.resolve(), True))
    except PolicyError as error:
        raise _unreadable(wanted, error) from error


def _own(request: Request, inputs: OpenInputs, tree: Tree, name: str) -> _Proposal:
    """Another state of the repository's own layer, below whatever the job gives."""
    found = policies_of(tree, name, inputs.cache)
    outer = tuple(layer for layer in inputs.layers if layer.layer != "repository")
    found, unfetched = with_fetched_packs(found, request.environment)
    has_own = found.source in found.layers
    notes = unfetched if has_own else (f"{name} holds no policies of its own",)
    packs = found.config.content.pack_ids if found.config else ()
    return _Proposal((*outer, *found.layers), packs, notes)


def _organisations(inputs: OpenInputs, layer: LayerSource) -> _Proposal:
    """Another layer of the organisation's, in the place of the one that holds now."""
    kept = [it for it in inputs.layers if it.layer != "organisation"]
    at = sum(it.layer == "builtin" for it in kept)
    return _Proposal((*kept[:at], layer, *kept[at:]), packs_of(inputs))


def _merges(
    request: Request, inputs: OpenInputs, both: BothPolicies, last: int, session: CheckSession
) -> Iterator[MergeImpact]:
    """The newest merges of the base branch first, each as a change of its first parent."""
    repository, revisions = inputs.repository, inputs.revisions
    assert repository is not None and revisions is not None  # noqa: S101, PT018 - inputs of a session have them
    tip = inputs.base_ref.commit or revisions.head_commit
    if not last or tip is None:
        return
    for commit, parent in pairwise([tip, *repository.first_parents(tip, last)]):
        change = replace(request, everything=False, worktree=False, systems=(), base=parent, head=commit)
        title = repository.title(commit)
        try:
            yield session.judge(change, lambda seen, _: _merge(change, seen, both, commit, title))  # noqa: B023
        except (UndecidedError, DocumentError) as error:
            yield MergeImpact(commit, title, "unknown", None, None, problem=_why(error))


def _merge(request: Request, inputs: OpenInputs, both: BothPolicies, commit: str, title: str) -> MergeImpact:
    was, now = (judge(request, inputs, policy).report for policy in (both.today, both.other))
    found = tuple(it for it in impact_on_systems(was, now, both.places) if it.effect != "unchanged")
    return MergeImpact(commit, title, worst_effect(found), was.verdict, now.verdict, found)


def _why(error: PolicyGateError) -> str:
    return error.message or next((str(problem.message) for problem in error.problems), "no answer")
