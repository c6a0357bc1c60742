"""How far an answer can be trusted, and on which terms it was asked for."""

from __future__ import annotations

import re

from policy_gate.errors import UndecidedError
from policy_gate.schema.check_inputs import CheckInputs, CheckOptions, Request
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.people import People
from policy_gate.schema.report import Ref, Report, Trust
from policy_gate.schema.rule_set import RuleSet

_PLAIN = lazy_pattern(r"[\w@%+=:,./-]+", re.ASCII)
"""What a shell takes as it stands."""


def options_of(request: Request, inputs: CheckInputs) -> CheckOptions:
    """The part of a request that bears on the verdict, with what the papers say of it."""
    return CheckOptions(
        mode=inputs.mode,
        as_of=request.as_of,
        repository=repository_of(inputs),
        target_branch=inputs.target_branch,
        branch_to_name=inputs.branch_to_name,
        defer_approval=request.defer_approval,
        require_stage=request.require_stage,
        stages_beside=inputs.stages_beside,
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
        misplaced=inputs.result.misplaced,
        repository=repository_of(inputs),
        roles_file=inputs.roles_file,
    )


def repository_of(inputs: CheckInputs) -> str:
    """The repository's name by base's config; empty where it gives none."""
    return inputs.base.config.content.repository if inputs.base.config else ""


def weakening_options(request: Request) -> tuple[str, ...]:
    """The options asked for that keep an answer from binding (D30), a sentence each."""
    in_ci = any(request.environment.get(name) for name in ("CI", "GITHUB_ACTIONS", "GITLAB_CI"))
    reasons = (
        (request.as_of_given, "--as-of judges for another date than today"),
        (bool(request.into), "--into names the branch by hand"),
        (bool(request.systems), "--system judges only some systems"),
        (request.defer_approval, "--defer leaves approvals for later"),
        (request.advisory, "--advisory blocks nothing"),
        (bool(request.evidence) and not in_ci, "--evidence outside CI is vouched for by nobody"),
    )
    return tuple(reason for applies, reason in reasons if applies)


def reproducing(request: Request, inputs: CheckInputs) -> str:
    """The command that asks the same again: base and head by their commits, the day, and what else was given.

    Of a work tree it judges the files as they are by then.
    """
    flags = {
        "--worktree": inputs.result_from == "worktree",
        "--all": inputs.mode == "all",
        "--require-governed-base": request.require_governed_base,
    }
    given = [
        ("--base", inputs.base_ref.commit),
        ("--into", inputs.target_branch),
        ("--head", None if flags["--worktree"] else inputs.head_ref.commit),
        *(("--system", system) for system in request.systems),
        ("--policies", request.organisation_policies and str(request.organisation_policies)),
        *(("--evidence", str(folder)) for folder in request.evidence),
        ("--defer", "approval" if request.defer_approval else None),
        ("--require-stage", request.require_stage),
        ("--as-of", request.as_of.date().isoformat()),
    ]
    words = ["policy-gate", "check", *(flag for flag, is_set in flags.items() if is_set)]
    words += [part for option, value in given if value for part in (option, value)]
    return " ".join(word if _PLAIN.fullmatch(word) else "'" + word.replace("'", "'\\''") + "'" for word in words)


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
