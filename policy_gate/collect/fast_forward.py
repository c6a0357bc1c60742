"""Whether a fast-forward of the change would take base off its own line of first parents (D46)."""

from __future__ import annotations

from typing import Final

from policy_gate.collect.inputs import OpenInputs
from policy_gate.collect.layout import Layout
from policy_gate.collect.policies_of_tree import DEFAULT_CONFIG
from policy_gate.errors import UndecidedError

FAST_FORWARD: Final = "fast-forward"
MOST_COMMITS: Final = 10_000
"""first parents of the branch among which base is looked for"""


def check_fast_forward(inputs: OpenInputs) -> None:
    """UndecidedError where base would be left as a second parent, and with it all that it held before.

    What base held earlier is read along first parents. Asked only where base's config says that its forge
    fast-forwards; a merge commit of the forge, a squash and a rebase have base below them in any case.
    """
    repository, revisions = inputs.repository, inputs.revisions
    if repository is None or revisions is None or inputs.mode == "all" or revisions.source == "worktree":
        return
    base, head = revisions.base_ref.commit, revisions.head_commit
    layout = Layout(inputs.base.config.content if inputs.base.config else DEFAULT_CONFIG)
    if base is None or head is None or FAST_FORWARD not in layout.config.merge_methods:
        return
    if base == head or not repository.merge_base_is(base, head):
        return
    if base not in repository.first_parent_line(head, MOST_COMMITS):
        raise UndecidedError(
            "this branch has merged base instead of standing on it: a fast-forward would put base's history aside",
            hint="rebase it and push",
        )
