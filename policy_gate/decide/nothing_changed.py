"""Whether a change leaves everything governed as it is (D04): told from the trees alone, by no policy, or once decided.

Whether it touches a governed path at all is told by `governed_paths`, which is enough for both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.schema.check_inputs import CheckInputs, CheckOptions
from policy_gate.schema.report import Report, SystemReport, Trust
from policy_gate.schema.snapshot import DeclaredSystem, Snapshot
from policy_gate.schema.vocabulary import NOTHING_CHANGED, Verdict

CONFIG = "policy-gate.yaml"


def changes_nothing_governed(inputs: CheckInputs, options: CheckOptions) -> bool:
    """Whether the answer is "nothing governed changed", whatever the policies say.

    False where that cannot be told: where the configuration is unreadable, which says where governed
    files stand, where a governed document other than a policy is malformed, or where no tree declares
    a system (D28).
    """
    base, result = inputs.base, inputs.result
    if inputs.mode != "change" or options.require_stage is not None or not base.any_manifest or not result.any_manifest:
        return False
    policy = {file.path for file in base.policy_files}
    broken = {problem.path for side in (base, result) for problem in side.problems}
    if CONFIG in broken or not broken <= policy or any(map(_is_otherwise_made, result.systems)):
        return False
    seen = result.observed
    return _governed(base) == _governed(result) and not (
        seen.by_system or seen.at_new_places or seen.unclaimed or seen.refuting
    )


def is_quiet_decision(
    verdict: Verdict, systems: Sequence[SystemReport], weighed: Sequence[WeighedOutcome], options: CheckOptions
) -> bool:
    """Whether a decided change differs from base in no system and in nothing that rules ask of the repository."""
    is_unchanged = all(system.presence == "unchanged" for system in systems)
    is_of_systems = all(item.system_change is not None for item in weighed)
    return options.mode == "change" and verdict == "pass" and is_unchanged and is_of_systems


def _is_otherwise_made(system: DeclaredSystem) -> bool:
    """Whether an entry that may say what base's says has lost code, taken another's, or links out of the tree."""
    return bool(system.problems or system.left_behind or system.takes_from or system.links_out)


def _governed(side: Snapshot) -> tuple[Any, ...]:
    """All that is governed in what was read of a tree, comparable."""
    return (
        side.policy_files,
        side.enforcement_files,
        side.waivers.oid if side.waivers else None,
        [(incident.path, incident.oid) for incident in side.incidents],
        side.unread_incidents,
        [(manifest.path, manifest.oid) for manifest in side.manifests],
        [(system.key, system.vendors) for system in side.systems],
        {path: (seen.state, seen.oid) for path, seen in side.evidence.items()},
        side.declares_nothing,
    )


def nothing_changed_report(inputs: CheckInputs, options: CheckOptions, version: str) -> Report:
    """The one answer that needs no policies: nothing governed changed (D04)."""
    note = "the policies in force cannot be read; this change leaves everything governed as it is"
    trust = Trust(
        mode=inputs.mode,
        enforcing=not inputs.not_enforcing,
        base=inputs.base_ref,
        head=inputs.head_ref,
        result_tree=inputs.result.tree,
        result_from=inputs.result_from,
        policies_source="unreadable",
        policies_digest="",
        policies_trusted=False,
        approval_sources=(),
        approvals_complete=True,
        notes=(*inputs.not_enforcing, *inputs.notes, note),
        misplaced=inputs.result.misplaced,
    )
    return Report(
        version, "pass", options.as_of.date(), trust, (), (), headline=NOTHING_CHANGED, system_count=inputs.system_count
    )
