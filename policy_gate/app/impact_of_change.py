"""What the policies of a change would do to the systems of its result: shown in its report, never obeyed."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.app.judge import PolicyLoader, judge
from policy_gate.collect.inputs import OpenInputs
from policy_gate.decide.policy_impact import impact_on_systems
from policy_gate.decide.trust import weakening_options
from policy_gate.errors import DocumentError, UndecidedError
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.policy_impact import PolicyImpact
from policy_gate.schema.rule_set import Origin, RuleSet

MOST_SYSTEMS = 500
"""Systems up to which the report of a change says what its policies would do; beyond, the command does."""


class BothPolicies(Struct, frozen=True):
    """Today's rule set and the other one."""

    today: RuleSet
    other: RuleSet

    @property
    def places(self) -> Mapping[str, Origin]:
        """Where each rule of either stands; of one that is in both, where the other set has it."""
        return {**self.today.origins, **self.other.origins}


def impact_of_change(request: Request, inputs: OpenInputs, policy: RuleSet, load: PolicyLoader) -> PolicyImpact | None:
    """What the policies of a change would do to the systems of its result; None where they say the same or are broken.

    Each system is taken as the full check would take it: of the change's own steps nothing is asked twice.
    """
    assert inputs.result_layers is not None  # noqa: S101 - asked only of changes that touch the policies
    if not inputs.result.systems or len(inputs.result.systems) > MOST_SYSTEMS:
        return None
    config = inputs.result.config
    try:
        other = load(inputs.result_layers, config.content.pack_ids if config else ())
        if other.digest == policy.digest:
            return None
        alone = replace(inputs, mode="all", base=inputs.result, policies_only=False, changed_paths=frozenset())
        return impact(quiet(replace(request, everything=True)), alone, BothPolicies(policy, other))
    except (UndecidedError, DocumentError):
        # What is only shown never stands in the way of the answer.
        return None


def quiet(request: Request) -> Request:
    """The request without what would ask a forge or stop at something that both policies ask for alike."""
    return replace(request, environment={}, defer_approval=True, require_stage=None, evidence=())


def impact(request: Request, inputs: OpenInputs, both: BothPolicies) -> PolicyImpact:
    """Every system as it stands, under both."""
    was, now = (judge(request, inputs, policy).report for policy in (both.today, both.other))
    unsure = [note for note in inputs.not_enforcing if note not in weakening_options(request)]
    commit = inputs.head_ref.commit
    return PolicyImpact(
        both.today.source,
        both.other.source,
        both.today.digest,
        both.other.digest,
        "the work tree" if inputs.result_from == "worktree" else f"{inputs.head_ref.ref} {(commit or '')[:12]}".strip(),
        impact_on_systems(was, now, both.places),
        notes=(*unsure, *inputs.notes, *both.other.notes),
    )
