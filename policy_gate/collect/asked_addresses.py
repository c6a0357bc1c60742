"""Who a touched file asks in place of a known vendor, where nobody knows the address and no name tells of it."""

from __future__ import annotations

from msgspec.structs import replace

from policy_gate.collect.touched_files import TouchedFile
from policy_gate.discover.places import language_of, most_bytes
from policy_gate.errors import UndecidedError
from policy_gate.schema.observed import Signal
from policy_gate.vcs.tree import Tree


def with_addresses(item: TouchedFile, trees: tuple[Tree, Tree]) -> TouchedFile:
    """The file with the addresses that come to it, where a host or a client of a known vendor leaves it.

    Code that only moves elsewhere brings none, and one who puts another in its place brings one.
    """
    hosts = {it.value for it in item.before.signals if it.kind == "host" and it.vendor}
    vendors = {it.vendor for it in item.before.signals if it.kind == "sdk" and it.vendor}
    left = hosts - {it.value for it in item.after.counting}
    if not item.is_there or not (left or vendors - {it.vendor for it in item.after.counting}):
        return item
    entries = [tree.entry(item.path) for tree in trees]
    most = most_bytes(language_of(item.path))
    try:
        texts = [
            tree.read(entry)
            for tree, entry in zip(trees, entries, strict=True)
            if entry is not None and entry.kind == "file" and tree.size(entry) <= most
        ]
    except UndecidedError:
        return item  # the looker has told that it cannot be read
    if len(texts) != len(trees):
        return item
    from policy_gate.discover.new_addresses import new_addresses  # noqa: PLC0415 - seldom asked

    seen = {it.value for it in item.after.counting}
    come = {it.host: it for it in new_addresses(item.path, texts[0], texts[1], frozenset(left)) if it.host not in seen}
    signs = [Signal(item.path, it.line, "host", "An address", "low", it.host, "", it.host) for it in come.values()]
    return replace(item, after=replace(item.after, beside=(*item.after.beside, *signs)))
