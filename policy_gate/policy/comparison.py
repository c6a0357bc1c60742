"""Two states of the layers side by side: what the second asks less of than the first."""

from __future__ import annotations

from collections.abc import Iterator

from policy_gate.policy.items import Item, MergedPolicies
from policy_gate.policy.renaming import respelt
from policy_gate.policy.strictness import Loosened, loosened, shown


def losses(was: MergedPolicies, now: MergedPolicies) -> Iterator[str]:
    """Each item of `was` that is gone, and each field that asks for less, in a line of its own.

    A later layer is held against the earlier ones when it is read. This is about what one and the same layer said
    before: its own rules it may change at will, and nobody would see it from their merging.
    """
    for kind, items in was.items.items():
        for item in items.values():
            if kind == "role" and item.id in now.renamed:
                continue
            other = now.items[kind].get(item.id)
            if other is None:
                yield f"drops {item.name}"
            elif item.canonical != other.canonical:
                before = respelt(item, now.renamed) if now.renamed else item
                yield from (_told(other, change) for change in loosened(before.spec, other.spec, _fields(before)))
                yield from _required(before, other)
    yield from _covered(was, now)


def _covered(was: MergedPolicies, now: MergedPolicies) -> Iterator[str]:
    """Rules of `was` for which a rule that is new asks now."""
    for item in now.items["rule"].values():
        if item.id not in was.items["rule"]:
            for id_, kinds in item.spec.covers.items():
                if id_ in was.items["rule"] and kinds:
                    yield _told(item, Loosened(f"covers.{id_}", "nothing", shown(kinds)))


def _required(was: Item, now: Item) -> Iterator[str]:
    """Requirements that are gone, and those of which the same thing is asked on other terms."""
    asked = getattr(now.spec, "require", ())
    still = [shown(part) for part in asked]
    for part in getattr(was.spec, "require", ()):
        if part not in asked:
            yield f"{'changes' if shown(part) in still else 'drops'} {shown(part)} of {now.name}"


def _told(item: Item, change: Loosened) -> str:
    return f"loosens {item.name}.{change.field}: {change.was} to {change.now}"


def _fields(item: Item) -> list[str]:
    key = "tier" if item.kind == "threshold" else "id"
    fields = type(item.spec).model_fields.items()
    return [field.alias or name for name, field in fields if name not in (key, "require")]
