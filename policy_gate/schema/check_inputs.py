"""What was asked, and the papers that were fetched to answer it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct, field

from policy_gate.schema.dates import Instant
from policy_gate.schema.report import Ref
from policy_gate.schema.roles import Roles
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.source import Document, Problem
from policy_gate.schema.vocabulary import ROLES_FILE, Layer


class MergedChange(Struct, frozen=True):
    """The commit of a branch by which a change was merged; a replay asks a forge about it.

    `untold` says why the forge is not asked, where it is not.
    """

    commit: str
    branch: str
    untold: str = ""


class Request(Struct, frozen=True):
    """One `check` as asked for. `environment` is the process's, read once in cli/."""

    directory: Path
    as_of: Instant
    base: str | None = None
    into: str = ""
    """the branch that a base named by its commit is of, for a replay"""
    branch: str = ""
    """the branch that a base named by its commit lies on, as this clone's refs tell it: nobody said so by hand"""
    head: str = "HEAD"
    worktree: bool = False
    everything: bool = False
    systems: tuple[str, ...] = ()
    as_of_given: bool = False
    organisation_policies: Path | None = None
    defer_approval: bool = False
    evidence: tuple[Path, ...] = ()
    advisory: bool = False
    require_governed_base: bool = False
    require_stage: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    checkout: Path | None = None
    """the work tree of the change where `directory` is a clone of our own: a layer of rules inside it is untrusted"""
    merged: MergedChange | None = None
    """what became of the change, where a forge is asked about one of the past; no variable can say it"""

    def __repr__(self) -> str:
        return f"Request({self.directory}, base={self.base!r}, head={self.head!r})"


class SealedSource(Struct, frozen=True):
    """A layer that need not be read: its `seal`, and the policy documents by path that it must be of."""

    seal: bytes
    texts: Mapping[str, bytes]


class LayerSource(Struct, frozen=True):
    """The policy documents of one layer, parsed but not yet validated.

    `name` is for people: `builtin`, `organisation:/path`, `base:policies`. `content` of each document
    is plain data from the strict reader. An untrusted layer may only tighten.

    A document that cannot be parsed is among `documents` with `Unread` as its content, so that no
    rule set is made without it; what is wrong is in `problems` too.

    `proven` says that the layer is this version's own, which its tests have linted: by itself it is not
    linted again for each check, and its conditions are compiled as they are needed.
    """

    layer: Layer
    name: str
    documents: tuple[Document[Any], ...]
    cases: tuple[Document[Any], ...] = ()
    trusted: bool = True
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    advice: tuple[Problem, ...] = ()
    """files that are not read as they are and may be meant to be"""
    proven: bool = False
    sealed: SealedSource | None = None
    """where there is a seal, `documents` are not read; `policy.sealed` does so where they are needed"""
    law: Mapping[str, bytes] = field(default_factory=dict)
    """its law packs as bytes by path, which are read where a row of them is judged; `law_seal` is of just these"""
    law_seal: bytes | None = None
    only_adds: bool = False
    """a pack from outside: what it restates of other layers is an error, be it tighter or looser"""


class StagesBeside(Struct, frozen=True):
    """The stage of each system in trees beside the two that are compared, where a job requires one.

    `base` is what base says where another tree is judged as a whole, and `head` what the head itself says where it is
    judged as merging it would give, with its `commit`; None where nothing of that kind is to be asked.
    """

    base: Mapping[str, str] | None = None
    head: Mapping[str, str] | None = None
    commit: str = ""


class CheckInputs(Struct, frozen=True):
    """Everything one decision needs but the compiled policies and the people.

    `layers` are the policies in force (from base); `result_layers` those the result would bring, where they
    differ, else None. `policies_only` says that the change touches policy files and nothing else.
    """

    mode: Literal["change", "all", "adoption"]
    base: Snapshot
    result: Snapshot
    base_ref: Ref
    head_ref: Ref
    result_from: Literal["head", "merge", "forge", "worktree"]
    layers: tuple[LayerSource, ...]
    result_layers: tuple[LayerSource, ...] | None
    roles: Document[Roles] | None
    result_roles: Document[Roles] | None
    roles_untold: str | None
    """why it cannot be told whom base names; None where `roles` is all that base says of it"""
    target_branch: str
    policies_only: bool = False
    changed_paths: frozenset[str] = frozenset()
    system_count: int = 0
    not_enforcing: tuple[str, ...] = ()
    """why the answer does not bind (D30), in words; empty where it does"""
    notes: tuple[str, ...] = ()
    branch_to_name: str = ""
    """the branch merged into where a command that is told none would take another; else empty"""
    roles_file: str = ROLES_FILE
    """where base's roles stand, or would"""
    stages_beside: StagesBeside | None = None


class CheckOptions(Struct, frozen=True):
    """The part of a request that bears on the verdict itself."""

    mode: Literal["change", "all", "adoption"]
    as_of: Instant
    repository: str = ""
    target_branch: str = ""
    branch_to_name: str = ""
    defer_approval: bool = False
    require_stage: str | None = None
    stages_beside: StagesBeside | None = None
    require_governed_base: bool = False
    only: tuple[str, ...] = ()
    """system ids asked for; empty means all"""
    policies_only: bool = False
    enforcing: bool = True
