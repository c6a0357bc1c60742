"""How far an answer can be trusted, and on which terms it was asked for."""

from __future__ import annotations

from policy_gate.schema.law import RuleSet
from policy_gate.schema.papers import Papers, Request, Terms
from policy_gate.schema.people import People
from policy_gate.schema.report import Trust


def terms_of(request: Request, papers: Papers) -> Terms:
    """The part of a request that bears on the verdict, with what the papers say of it."""
    return Terms(
        mode=papers.mode,
        as_of=request.as_of,
        repository=repository_of(papers),
        target_branch=papers.target_branch,
        defer_approval=request.defer_approval,
        require_stage=request.require_stage,
        require_governed_base=request.require_governed_base,
        only=request.systems,
        law_only=papers.law_only,
        enforcing=not papers.not_enforcing,
    )


def trust_of(papers: Papers, law: RuleSet, people: People, notes: tuple[str, ...]) -> Trust:
    """What was read, by which law, and every note on what could not be verified."""
    return Trust(
        mode=papers.mode,
        enforcing=not papers.not_enforcing,
        base=papers.base_ref,
        head=papers.head_ref,
        result_tree=papers.result.tree,
        result_from=papers.result_from,
        policies_source=law.source,
        policies_digest=law.digest,
        policies_trusted=law.trusted,
        approval_sources=people.sources,
        approvals_complete=people.complete,
        notes=(*papers.not_enforcing, *papers.notes, *notes, *law.notes),
        repository=repository_of(papers),
    )


def repository_of(papers: Papers) -> str:
    """The repository's name by base's config; empty where it gives none."""
    return papers.base.config.content.repository if papers.base.config else ""
