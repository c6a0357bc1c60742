"""Facts of base and result to typed changes: what is different in meaning, and which differences weaken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec.structs import replace

from policy_gate.facts.change_kinds import FactsPair, is_raising, is_weakening
from policy_gate.facts.changes_card import purpose_changes
from policy_gate.facts.changes_classification import classification_changes
from policy_gate.facts.changes_dates import RAISED, clock_changes
from policy_gate.facts.changes_evidence import proof_changes, vouched_changes
from policy_gate.facts.changes_observed import changes_at_new_places, changes_outside, observed_changes
from policy_gate.facts.changes_paths import path_changes
from policy_gate.facts.changes_vendors import vendor_changes
from policy_gate.facts.declared_models import listed_model_changes
from policy_gate.facts.statements_refuted import refuted_before, refuted_statements
from policy_gate.schema.change import Change
from policy_gate.schema.documents import Waiver
from policy_gate.schema.facts import Facts
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.snapshot import CodeFile, Snapshot, SystemKey
from policy_gate.schema.source import Location


def changes_between(
    was: Sequence[Facts],
    now: Sequence[Facts],
    base: Snapshot,
    result: Snapshot,
    policy: RuleSet,
    today: date | None = None,
) -> tuple[Change, ...]:
    """Every semantic difference between two trees, ordered by system and kind; none between equal trees.

    Systems are paired by manifest and id, then by id, so that a move is no delete (D20). Renames,
    reordering and formatting are no change. Changes of policies, CI files and waivers have no system and
    stand last; without `today` no date is known to lie ahead; kind and field name one change of a system.
    """
    pairs = pair_up(was, now)
    claimants = {facts.id: facts for facts in now}
    found: list[Change] = []
    for old, new in pairs:
        if new is None:
            found += _removed(old, policy)
            continue
        if old is None:
            found.append(_added(new, base, policy))
            found += vouched_changes(None, new, policy)
        elif old is not new:
            found += _between(FactsPair(old, new, policy, today), claimants)
            found += observed_changes(FactsPair(old, new, policy), result.observed.by_system.get(new.id))
        if old is not None:
            found += changes_at_new_places(FactsPair(old, new, policy), result.observed.at_new_places.get(new.id))
        found += refuted_statements(old, new, result.observed.stated.get(new.id), policy)
    return (*_in_order(found), *_of_repository(base, result, policy))


def _in_order(changes: Iterable[Change]) -> list[Change]:
    return sorted(changes, key=lambda change: (change.system or "", change.kind, change.field))


def with_exemptions(
    changes: Sequence[Change], claimed: Mapping[tuple[str, str], bool], policy: RuleSet
) -> tuple[Change, ...]:
    """The changes, with the first statements of these facts of these systems as reliefs (T57).

    One that takes something away moves the system to its safer-looking side; another is an answer on its milder side.
    """

    def told(change: Change) -> Change:
        takes_away = claimed.get((change.system or "", change.field))
        if takes_away is None or change.kind not in ("fact-added", "fact-answered"):
            return change
        kind = "fact-flipped" if takes_away else "fact-answered"
        return replace(change, kind=kind, weakening=is_weakening(kind, policy), raising=is_raising(kind, policy))

    of_systems = _in_order(told(change) for change in changes if change.system is not None)
    return (*of_systems, *(change for change in changes if change.system is None))


def refuted_in_base(was: Sequence[Facts], now: Sequence[Facts], result: Snapshot, policy: RuleSet) -> Iterator[str]:
    """A sentence for each statement of the manifest that the code under the change refuted before, for people."""
    for old, new in pair_up(was, now) if result.observed.stated else ():
        if new is not None:
            yield from refuted_before(old, new, result.observed.stated.get(new.id), policy)


def pair_up(was: Sequence[Facts], now: Sequence[Facts]) -> list[tuple[Facts | None, Facts | None]]:
    """Both sides of each system, by manifest and id, else by id; None where a side has none."""
    left = {facts.key: facts for facts in was}
    pairs: list[tuple[Facts | None, Facts | None]] = []
    rest: list[Facts] = []
    for facts in sorted(now, key=lambda item: item.key):
        old = left.pop(facts.key, None)
        if old is not None:
            pairs.append((old, facts))
        else:
            rest.append(facts)
    by_id = {facts.id: facts for facts in sorted(left.values(), key=lambda item: item.key, reverse=True)}
    for facts in rest:
        old = by_id.pop(facts.id, None)
        if old is not None:
            del left[old.key]
        pairs.append((old, facts))
    gone = sorted(left.values(), key=lambda item: item.key)
    return pairs + [(facts, None) for facts in gone]


def with_mended_ids(was: Sequence[Facts], now: Sequence[Facts]) -> tuple[Facts, ...]:
    """Base's systems, under the result's id where their own was a guess and the result has the same code under another.

    Only the one new system of the same manifest with the same paths and the same files can be meant (D48).
    """
    ids = {facts.id for facts in now}
    guessed = [facts for facts in was if "id" in facts.declared.entry.guessed and facts.id not in ids]
    if not guessed:
        return tuple(was)
    known, new = {facts.id for facts in was}, defaultdict[_Place, list[Facts]](list)
    for facts in now:
        if facts.id not in known:
            new[_place(facts)].append(facts)
    mended = {}
    for facts in guessed:
        same = [item for item in new.get(_place(facts), ()) if item.declared.code == facts.declared.code]
        if len(same) == 1:
            mended[facts.key] = _renamed(facts, same[0].key)
    found = [mended.get(facts.key, facts) for facts in was]
    names = [facts.id for facts in found]
    return tuple(found) if len(names) == len(set(names)) else tuple(was)


_Place = tuple[str, tuple[str, ...]]
"""A manifest, and the paths that one of its entries names."""


def _place(facts: Facts) -> _Place:
    return facts.key.manifest, tuple(facts.declared.entry.paths)


def _renamed(facts: Facts, key: SystemKey) -> Facts:
    return replace(facts, declared=replace(facts.declared, key=key))


def _between(pair: FactsPair, claimants: Mapping[str, Facts]) -> Iterator[Change]:
    classified = list(classification_changes(pair))
    yield from classified
    yield from clock_changes(pair, raises=any(change.raising and change.field in RAISED for change in classified))
    yield from path_changes(pair, claimants)
    yield from purpose_changes(pair)
    yield from vendor_changes(pair)
    yield from listed_model_changes(pair)
    if pair.was.incidents or pair.now.incidents:
        from policy_gate.facts.changes_incidents import incident_changes  # noqa: PLC0415 - few systems have had one

        yield from incident_changes(pair)
    yield from proof_changes(pair)


def _added(facts: Facts, base: Snapshot, policy: RuleSet) -> Change:
    """Enrolled where its code existed, the change leaves it alone, and the entry says since when (D27).

    Not where base may have declared it in a manifest that cannot be read (D45).
    """
    system = facts.declared
    is_old = system.entry.enrolled is not None and system.existed and not system.touched
    if is_old and base.unread:
        paths = (system.manifest.path, *(file.path for file in system.code))
        is_old = not any(True for path in paths for _ in base.may_be_governed_by(path))
    kind = "system-enrolled" if is_old else "system-added"
    return Change(kind, facts.id, "system", None, facts.tier, is_weakening(kind, policy), location=system.at())


def _removed(facts: Facts | None, policy: RuleSet) -> Iterator[Change]:
    if facts is not None:
        kind, place = "system-removed", facts.declared.at()
        yield Change(kind, facts.id, "system", facts.tier, None, is_weakening(kind, policy), base_location=place)


def _of_repository(base: Snapshot, result: Snapshot, policy: RuleSet) -> Iterator[Change]:
    for change in _files("policy-changed", base.policy_files, result.policy_files, policy):
        if change.field not in result.policies_alike:
            yield change
    yield from _files("enforcement-changed", base.enforcement_files, result.enforcement_files, policy)
    yield from _vanished(base, result, policy)
    yield from _waivers(base, result, policy)
    yield from changes_outside(result.observed, policy)


def _files(kind: str, was: Sequence[CodeFile], now: Sequence[CodeFile], policy: RuleSet) -> Iterator[Change]:
    """One change for each file that is another, with its blob on both sides."""
    old, new = {file.path: file for file in was}, {file.path: file for file in now}
    for path in sorted({*old, *new}):
        before, after = old.get(path), new.get(path)
        if before != after:
            place = Location(path)
            yield Change(
                kind,
                None,
                path,
                before.oid if before else None,
                after.oid if after else None,
                is_weakening(kind, policy),
                location=place if after else None,
                base_location=place if before else None,
            )


def _vanished(base: Snapshot, result: Snapshot, policy: RuleSet) -> Iterator[Change]:
    """Manifests that nobody could read and that are gone, or that declare nothing now: with which systems? (D45)."""
    still = {unread.path for unread in result.unread}
    still |= {manifest.path for manifest in result.manifests if manifest.content.systems}
    kind = "unread-manifest-removed"
    for unread in base.unread:
        if unread.path not in still:
            place = Location(unread.path)
            yield Change(kind, None, unread.path, unread.oid, None, is_weakening(kind, policy), base_location=place)


def _waivers(base: Snapshot, result: Snapshot, policy: RuleSet) -> Iterator[Change]:
    before, after = _waivers_of(base), _waivers_of(result)
    if before == after:
        return
    document = result.waivers or base.waivers
    assert document is not None  # noqa: S101 - or neither side had any
    change = Change(
        "waivers-changed",
        None,
        document.path,
        before,
        after,
        is_weakening("waivers-changed", policy),
    )
    yield replace(
        change,
        location=Location(result.waivers.path, 1, 1) if result.waivers else None,
        base_location=Location(base.waivers.path, 1, 1) if base.waivers else None,
    )


def _waivers_of(side: Snapshot) -> list[dict[str, Any]]:
    """Every waiver in full, whatever their order: an approval is for the dates and the people in them too."""
    waivers = side.waivers.content.waivers if side.waivers else []
    return [it.model_dump(mode="json", exclude_none=True) for it in sorted(waivers, key=Waiver.model_dump_json)]
