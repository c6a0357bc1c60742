"""Whether bots and coding agents alone wrote a change, by what its commits say of themselves."""

from __future__ import annotations

from policy_gate.collect.inputs import OpenInputs
from policy_gate.collect.layout import Layout
from policy_gate.collect.policies_of_tree import DEFAULT_CONFIG
from policy_gate.errors import UndecidedError
from policy_gate.people.agents import is_agent, is_named_agent
from policy_gate.schema.rule_settings import Assurance
from policy_gate.vcs.commits import RawCommit
from policy_gate.vcs.repository import Repository


def is_by_agents(inputs: OpenInputs, assurance: Assurance) -> bool:
    """Whether every commit of the change is known to be one of theirs; merges and records are nobody's work.

    False of a work tree, whose author nobody knows, and where the commits cannot be listed.
    """
    revisions, repository = inputs.revisions, inputs.repository
    base = revisions.base_ref.commit if revisions is not None else None
    if revisions is None or repository is None or base is None or revisions.head_commit is None:
        return False
    if revisions.source == "worktree":
        return False
    try:
        commits = repository.commits_beyond(base, revisions.head_commit)
    except UndecidedError:
        return False
    written = [commit for commit in commits if len(commit.parents) < 2]
    others = [commit for commit in written if not _is_theirs(commit, assurance)]
    if len(others) == len(written):
        return False
    layout = Layout(inputs.base.config.content if inputs.base.config else DEFAULT_CONFIG)
    return all(_holds_records_alone(commit, repository, layout) for commit in others)


def _holds_records_alone(commit: RawCommit, repository: Repository, layout: Layout) -> bool:
    """Whether somebody only put down that they approve."""
    before = repository.tree_oid(commit.parents[0]) if commit.parents else None
    paths = repository.changed(before, commit.tree) if before else ()
    return bool(paths) and all(layout.is_record(path) for path in paths)


def _is_theirs(commit: RawCommit, assurance: Assurance) -> bool:
    """By its author, by those whom it names as co-authors, or by a trailer that says a tool wrote it."""
    if not assurance.agent_trailers.isdisjoint(commit.trailers):
        return True
    named = (*commit.authors[:1], *commit.co_authors)
    return any(is_agent(author, assurance.agents) for author in named) or is_named_agent(
        commit.unaddressed, assurance.agents
    )
