"""The stages that a tree says beside those that are compared, for a job that requires one of what it deploys (T39)."""

from __future__ import annotations

from collections.abc import Mapping

from policy_gate.collect.layout import Layout
from policy_gate.collect.manifests import all_manifests, is_anothers
from policy_gate.collect.revisions import Revisions
from policy_gate.documents.cache import DocumentCache
from policy_gate.errors import DocumentError, UndecidedError
from policy_gate.schema.check_inputs import Request, StagesBeside
from policy_gate.schema.documents import Manifest
from policy_gate.vcs.repository import Repository
from policy_gate.vcs.tree import Tree


def stages_beside(
    request: Request, revisions: Revisions, repository: Repository, layout: Layout, cache: DocumentCache
) -> StagesBeside | None:
    """What else has to say the stage: base where another tree is judged whole, and a head that merging would change.

    None where no stage is required, or nothing else is there. UndecidedError where a manifest cannot be read.
    """
    if request.require_stage is None:
        return None
    head = revisions.head_commit
    if request.everything:
        is_other = revisions.base_ref.commit != head or revisions.source == "worktree"
        return StagesBeside(base=_stages_in(revisions.policy, layout, cache)) if is_other else None
    if revisions.source != "merge" or head is None:
        return None
    own = repository.merged_already(repository.tree_oid(head))
    return StagesBeside(head=_stages_in(own, layout, cache), commit=head)


def _stages_in(tree: Tree, layout: Layout, cache: DocumentCache) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for place in all_manifests(tree, layout):
        if is_anothers(tree, place):
            continue
        try:
            manifest = cache.document(Manifest, tree, place)
        except DocumentError as error:
            raise UndecidedError(
                f"cannot tell which stage every system has reached: {place.path} cannot be read", hint=error.hint
            ) from error
        found |= {entry.id: entry.stage for entry in manifest.content.systems}
    return found
