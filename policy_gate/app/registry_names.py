"""Whose a name in the registry is: the place that had it last, or where no place has, who comes first with it.

What a repository or a record calls itself is its author's word, so that it takes nobody's rows. Who is called so by
the address of his repository goes before who only says so.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from policy_gate.app.registry_reading import PLACE, Identity, identity_of_address
from policy_gate.registry.asked import Held
from policy_gate.vcs.kept_clone import address_of

_OF_REPORT: Final = "r"
"""how the places of files begin; all others are hexadecimal"""
_OF_ANY_REPORT: Final = "report "
"""how they began before they had places of their own"""


class Holder(Struct, frozen=True):
    """Who has a name: `identity.place` may be its beginning alone. `is_of_now` says that this sync met him."""

    identity: Identity
    is_by_address: bool
    is_of_now: bool = True


def place_of_report(name: str) -> str:
    """The place of a file that a job left, by its name below the folder that was given."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{_OF_REPORT}{digest[: PLACE - 1]}"


class Names:
    """The names of one sync: who has each of them, from before it and since."""

    def __init__(self, held: Mapping[str, Held], unread: Mapping[str, str]) -> None:
        self._held = dict(held)
        self._unread = unread
        self._taken: dict[str, Holder] = {}
        self._alike: dict[str, str] = {}
        for name in held:
            self._alike.setdefault(_shown(name), name)
        self._former = {it.asked_for[:PLACE]: name for name, it in held.items()}

    def __contains__(self, name: str) -> bool:
        """Whether somebody of this sync has a name."""
        return name in self._taken

    def holder(self, name: str) -> Holder | None:
        """Who has a name, in this sync or from one before, or one that reads the same."""
        found = self._taken.get(name) or self._from_before(name)
        alike = self._alike.get(_shown(name), name)
        return found or self._taken.get(alike) or self._from_before(alike)

    def other(self, name: str, identity: Identity) -> Holder | None:
        """Who else has a name; None where it is free, or this one's already."""
        holder = self.holder(name)
        if holder is None or (not holder.is_of_now and _is_place(holder.identity.place, identity.place)):
            return None
        return holder

    def is_for(self, name: str, identity: Identity) -> bool:
        """Whether one may have a name: it is free or his, or his address calls him so and no other's does."""
        other = self.other(name, identity)
        return other is None or (is_by_address(identity, name) and not other.is_by_address)

    def take(self, name: str, identity: Identity) -> None:
        """Somebody has a name from here on."""
        self._taken[name] = Holder(identity, is_by_address(identity, name))
        self._alike.setdefault(_shown(name), name)

    def give_up(self, name: str) -> None:
        """Whoever had a name before this sync wants another one now."""
        self._held.pop(name, None)
        if self._alike.get(_shown(name)) == name and name not in self._taken:
            del self._alike[_shown(name)]

    def former(self, identity: Identity, name: str) -> str:
        """What one was called before; `name` where nothing is known of him."""
        return self._former.get(identity.place[:PLACE], name)

    def own(self, identity: Identity, wanted: str) -> str:
        """A name under which to tell of one that may not have the one he wants."""
        choices = dict.fromkeys((wanted, identity.name))
        return next((it for it in choices if self.is_for(it, identity)), _marked(identity, wanted))

    def told_under(self, identity: Identity, name: str) -> list[str]:
        """Other names than this one under which one was told of before he could be read."""
        names = (identity.name, _marked(identity, identity.name), _marked(identity, name))
        return [it for it in dict.fromkeys(names) if it != name and self._unread.get(it) == identity.shown]

    def _from_before(self, name: str) -> Holder | None:
        if (held := self._held.get(name)) is None:
            return None
        place = held.asked_for[:PLACE]
        address = address_of(held.source)
        if address is not None:
            known = identity_of_address(address.url, "", held.source)
            if known.place.startswith(place):
                return Holder(known, is_by_address(known, name), is_of_now=False)
        return Holder(Identity(name, held.source or name, place, False), is_by_address=False, is_of_now=False)


def is_by_address(identity: Identity, name: str) -> bool:
    """Whether it is the address that calls one so, and not only what he says himself."""
    return identity.is_by_address and name == identity.name


def is_report(place: str) -> bool:
    """Whether a place is that of a file that a job left."""
    return place.startswith(_OF_REPORT)


def _shown(name: str) -> str:
    """A name as people read it: case, width, blanks and unseen letters aside."""
    seen = "".join(it for it in unicodedata.normalize("NFKC", name) if unicodedata.category(it) != "Cf")
    return " ".join(seen.casefold().split())


def _marked(identity: Identity, name: str) -> str:
    return f"{name} ({identity.place[:8]})"


def _is_place(held: str, place: str) -> bool:
    if held.startswith(_OF_ANY_REPORT):
        return place.startswith(_OF_REPORT)
    return held[:PLACE] == place[:PLACE]
