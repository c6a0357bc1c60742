"""Roles under another name: a layer renames a role, and whatever names the old one means the new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from policy_gate.documents.spelling import spelling_hint
from policy_gate.policy.items import Item, MergedPolicies

_NAMING = frozenset(
    {
        "approval", "responsible", "accountable", "consulted", "informed", "separate_roles", "stage_responsible",
        "stage_accountable", "roles",
    }
)  # fmt: skip
"""Fields that hold role ids, wherever in an item they stand."""


def rename_roles(policy: MergedPolicies) -> None:
    """Put every renamed role's new name where the old one stood; what cannot be renamed becomes a problem.

    A role may be renamed once, by a layer that is trusted, to an id that is no other role's.
    """
    names = {old: item for item in policy.items["role"].values() if (old := item.raw.get("renames")) is not None}
    if not names:
        return
    problems = [problem for item in policy.items["role"].values() if (problem := _fault(item, names, policy))]
    if problems:
        policy.problems += (item.problem(message, "renames", hint=hint) for item, message, hint in problems)
        return
    renamed = {old: _last(old, names) for old in names}
    for old in renamed:
        del policy.items["role"][old]
        policy.notes.append(f"{names[old].place.source.name} calls the role {old} {names[old].id}")
    policy.renamed.update(renamed)
    if renamed:
        for items in policy.items.values():
            items.update({id_: respelt(item, renamed) for id_, item in items.items()})


def _fault(item: Item, names: Mapping[str, Item], policy: MergedPolicies) -> tuple[Item, str, str] | None:
    old = item.spec.renames
    if old is None:
        return None
    if old not in policy.items["role"] or old == item.id:
        known = [id_ for id_ in policy.items["role"] if id_ != item.id]
        return item, f'there is no role "{old}" to rename', spelling_hint(old, known)
    if names[old] is not item:
        return item, f"{old} is renamed already, to {names[old].id}", "one role has one name"
    if "renames" in item.restated:
        return item, f"{item.id} is a role of its own already, and would be two", "rename to an id that is new"
    if not item.place.source.trusted:
        return item, "a layer inside the judged checkout renames no role", ""
    if _last(old, names) == old:
        return item, f"{old} is renamed in a circle", ""
    return None


def _last(old: str, names: Mapping[str, Item]) -> str:
    """The name that a role has in the end; its own where the names go round in a circle."""
    now, seen = old, {old}
    while now in names:
        now = names[now].id
        if now in seen:
            return old
        seen.add(now)
    return now


def respelt(item: Item, names: Mapping[str, str]) -> Item:
    """The item with each role that `names` renames under its new name."""
    raw = _put(item.raw, names)
    if raw == item.raw:
        return item
    stated = _put(item.spec.model_dump(by_alias=True, exclude_unset=True), names)
    spec = type(item.spec).model_validate(stated)
    return replace(item, said=raw, validated=spec, definition=None, rule=None, spelled="")


def _put(value: Any, names: Mapping[str, str], naming: bool = False) -> Any:
    if isinstance(value, dict):
        return {key: _put(part, names, key in _NAMING) for key, part in value.items()}
    if isinstance(value, list):
        return [_put(part, names, naming) for part in value]
    return names.get(value, value) if naming and isinstance(value, str) else value
