"""What whoever writes code here should know: what is governed, which changes ask whom, what a next stage takes."""

from __future__ import annotations

from msgspec import Struct


class Asked(Struct, frozen=True):
    """What somebody is asked for, in words: the roles that approve with who holds them, and the work."""

    approvals: tuple[str, ...] = ()
    work: tuple[str, ...] = ()


class NextStage(Struct, frozen=True):
    """The gate that a system passes next, with everything that it and the controls due at it may ask for."""

    gate: str
    title: str
    to: str
    asked: Asked


class GuidedSystem(Struct, frozen=True):
    """One system; `paths` are patterns from the repository's root."""

    id: str
    name: str
    tier: str
    tier_range: tuple[str, str]
    stage: str
    manifest: str
    paths: tuple[str, ...]
    next_stage: NextStage | None = None


class AskingChange(Struct, frozen=True):
    """A rule about changes that asks for something; of no `systems` where it is about the repository."""

    rule: str
    title: str
    systems: tuple[str, ...]
    asked: Asked
    blocks: bool
    """else what it asks for is owed, and the change may merge"""


class Guide(Struct, frozen=True):
    """All of it, as the files here say it; `places` are the governed files and folders beside the systems' own."""

    systems: tuple[GuidedSystem, ...]
    changes: tuple[AskingChange, ...]
    places: tuple[str, ...]
