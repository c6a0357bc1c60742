"""The subject of an approval: the named parts of the content that it is for, and the digest over them."""

from __future__ import annotations

from msgspec import Struct


class ApprovalSubject(Struct, frozen=True):
    """What an approval is for: the digest over its parts, and each part by name, for people to check.

    `places` says for a part where in the repository it stands, as a path; parts that have none are left out.
    """

    system: str | None
    for_: str
    digest: str
    parts: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...] = ()
