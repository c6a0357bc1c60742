"""Whether a change leaves everything governed as it is: told from the trees alone, by no law (D04)."""

from __future__ import annotations

from typing import Any

from policy_gate.schema.papers import Papers, Terms
from policy_gate.schema.report import Report, Trust
from policy_gate.schema.snapshot import Snapshot

CONFIG = "policy-gate.yaml"


def leaves_all_as_it_is(papers: Papers, terms: Terms) -> bool:
    """Whether the answer is "nothing governed changed", whatever the law says.

    False where that cannot be told: where the configuration is unreadable, which says where governed
    files stand, where a governed document other than a policy is malformed, or where no tree declares
    a system (D28).
    """
    base, result = papers.base, papers.result
    if papers.mode != "change" or terms.require_stage is not None or not base.any_manifest or not result.any_manifest:
        return False
    law = {file.path for file in base.law_files}
    broken = {problem.path for side in (base, result) for problem in side.problems}
    if CONFIG in broken or not broken <= law or any(system.problems for system in result.systems):
        return False
    return _governed(base) == _governed(result)


def _governed(side: Snapshot) -> tuple[Any, ...]:
    """All that is governed in what was read of a tree, comparable."""
    return (
        side.law_files,
        side.enforcement_files,
        side.waivers.oid if side.waivers else None,
        [(manifest.path, manifest.oid) for manifest in side.manifests],
        [(system.key, system.vendors) for system in side.systems],
        {path: (seen.state, seen.oid) for path, seen in side.evidence.items()},
        side.declares_nothing,
    )


def untouched_report(papers: Papers, terms: Terms, version: str) -> Report:
    """The one answer that needs no law: nothing governed changed (D04)."""
    note = "the policies in force cannot be read; this change leaves everything governed as it is"
    trust = Trust(
        mode=papers.mode,
        enforcing=not papers.not_enforcing,
        base=papers.base_ref,
        head=papers.head_ref,
        result_tree=papers.result.tree,
        result_from=papers.result_from,
        policies_source="unreadable",
        policies_digest="",
        policies_trusted=False,
        approval_sources=(),
        approvals_complete=True,
        notes=(*papers.not_enforcing, *papers.notes, note),
    )
    said = "nothing governed changed"
    return Report(version, "pass", terms.as_of.date(), trust, (), (), headline=said, system_count=papers.system_count)
