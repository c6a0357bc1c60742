"""How far an answer can be trusted, and on which terms it was asked for."""

from __future__ import annotations

from policy_gate.errors import UndecidedError
from policy_gate.schema.check_inputs import CheckInputs, CheckOptions, Request
from policy_gate.schema.people import People
from policy_gate.schema.report import Ref, Report, Trust
from policy_gate.schema.rule_set import RuleSet


def options_of(request: Request, inputs: CheckInputs) -> CheckOptions:
    """The part of a request that bears on the verdict, with what the papers say of it."""
    return CheckOptions(
        mode=inputs.mode,
        as_of=request.as_of,
        repository=repository_of(inputs),
        target_branch=inputs.target_branch,
        defer_approval=request.defer_approval,
        require_stage=request.require_stage,
        require_governed_base=request.require_governed_base,
        only=request.systems,
        policies_only=inputs.policies_only,
        enforcing=not inputs.not_enforcing,
    )


def trust_of(inputs: CheckInputs, policy: RuleSet, people: People, notes: tuple[str, ...]) -> Trust:
    """What was read, by which policies, and every note on what could not be verified."""
    return Trust(
        mode=inputs.mode,
        enforcing=not inputs.not_enforcing,
        base=inputs.base_ref,
        head=inputs.head_ref,
        result_tree=inputs.result.tree,
        result_from=inputs.result_from,
        policies_source=policy.source,
        policies_digest=policy.digest,
        policies_trusted=policy.trusted,
        approval_sources=people.sources,
        approvals_complete=people.complete,
        notes=(*inputs.not_enforcing, *inputs.notes, *notes, *policy.notes),
        repository=repository_of(inputs),
    )


def repository_of(inputs: CheckInputs) -> str:
    """The repository's name by base's config; empty where it gives none."""
    return inputs.base.config.content.repository if inputs.base.config else ""


def weakening_options(request: Request) -> tuple[str, ...]:
    """The options asked for that keep an answer from binding (D30), a sentence each."""
    in_ci = any(request.environment.get(name) for name in ("CI", "GITHUB_ACTIONS", "GITLAB_CI"))
    reasons = (
        (request.as_of_given, "--as-of judges for another date than today"),
        (bool(request.systems), "--system judges only some systems"),
        (request.defer_approval, "--defer leaves approvals for later"),
        (request.advisory, "--advisory blocks nothing"),
        (bool(request.evidence) and not in_ci, "--evidence outside CI is vouched for by nobody"),
    )
    return tuple(reason for applies, reason in reasons if applies)


def undecided_report(request: Request, error: UndecidedError, version: str) -> Report:
    """The report of a check that could not be made: undecided, with what stood in its way."""
    weakened = weakening_options(request)
    trust = Trust(
        mode="all" if request.everything else "change",
        enforcing=not weakened,
        base=Ref(request.base or "", None),
        head=Ref(request.head, None),
        result_tree="",
        result_from="worktree" if request.worktree else "head",
        policies_source="",
        policies_digest="",
        policies_trusted=False,
        notes=(*weakened, error.message),
    )
    day = request.as_of.date()
    return Report(version, "undecided", day, trust, (), (), error.problems, headline=error.message, hint=error.hint)
