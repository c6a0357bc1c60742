"""Previews: what an approval would be for, and what a waiver would come to, before anybody writes one."""

from __future__ import annotations

from msgspec.structs import replace

from policy_gate.app.judge import (
    evaluate_inputs,
    people_of,
    policies_in_force,
    refuse_unknown_systems,
    systems_read,
    with_reviewed_content,
)
from policy_gate.approvals.role_holders import names_only
from policy_gate.collect.inputs import load_inputs
from policy_gate.decide.approval_preview import ApprovalPreview, approval_preview, subjects_asked
from policy_gate.decide.decision_context import blamed
from policy_gate.decide.trust import options_of
from policy_gate.decide.waiver_preview import WaiverPreview, WaiverRequest, waiver_preview
from policy_gate.schema.approval_subject import ApprovalSubject
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.people import Claim
from policy_gate.schema.source import Problem


def approval_subjects(request: Request, system: str | None, for_: str | None = None) -> tuple[ApprovalSubject, ...]:
    """What each approval that this change asks for would be for: of one system or of none, as it stands now.

    With `for_` the one asked for; where nothing is asked for, what the system's own digest is over.
    Raises UsageError where the system is not declared or nothing of this change asks for `for_`.
    """
    with load_inputs(request) as inputs:
        if request.systems:
            refuse_unknown_systems(request, inputs)
        elif system is not None and system not in systems_read(inputs):
            return approval_subjects(replace(request, systems=(system,)), system, for_)
        policy, _ = policies_in_force(request, inputs)
        evaluation = evaluate_inputs(inputs, policy, request.as_of)
        change = blamed(evaluation, options_of(request, inputs))
        return subjects_asked(change, inputs.base, names_only(inputs), system, for_)


def preview_approval(request: Request, system: str | None, for_: str, claim: Claim) -> ApprovalPreview:
    """What somebody would agree to and what stands against it, before they do; `claim` is theirs.

    Its `digest` is filled in here. UsageError as for `subjects`, and where the role is unknown.
    """
    with load_inputs(request) as inputs:
        policy, _ = policies_in_force(request, inputs)
        evaluation = evaluate_inputs(inputs, policy, request.as_of)
        options = options_of(request, inputs)
        change = blamed(evaluation, options)
        people = with_reviewed_content(request, inputs, policy, people_of(request, inputs, change), options)
        return approval_preview(change, inputs.base, people, system, for_, claim)


def preview_waiver(request: Request, wanted: WaiverRequest) -> tuple[WaiverPreview, tuple[Problem, ...]]:
    """The waiver that a request comes to, by base's policies and roles, and what is wrong in the files as they are.

    Raises UsageError where such a waiver could not hold.
    """
    with load_inputs(request) as inputs:
        policy, _ = policies_in_force(request, inputs)
        evaluation = evaluate_inputs(inputs, policy, request.as_of)
        change = blamed(evaluation, options_of(request, inputs))
        found = waiver_preview(wanted, change, inputs.result, names_only(inputs))
        return found, inputs.result.problems
