"""Two reports on the same papers under two sets of policies: what the second would do that the first does not. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from policy_gate.schema.finding import Finding, Reason, by_system
from policy_gate.schema.policy_impact import EFFECTS, DecidingRule, Difference, Effect, SystemImpact
from policy_gate.schema.report import Report, SystemReport
from policy_gate.schema.rule_set import Origin
from policy_gate.schema.vocabulary import Verdict

_CLOSED = ("met", "not-applicable", "waived")


Places = Mapping[str, Origin]
"""Where rules stand, by `kind:id`, as in `RuleSet.origins`."""


class _Terms(Struct, frozen=True):
    """On which terms both reports were asked for, and where the rules of both stand."""

    is_change: bool
    places: Places


def impact_on_systems(was: Report, now: Report, places: Places) -> tuple[SystemImpact, ...]:
    """Each system of two reports under two policies, the hardest hit first; the repository's own where it differs.

    An approval that both ask for and that is not here says nothing of either: no forge was asked.
    """
    terms = _Terms(now.trust.mode == "change", places)
    before, after = by_system(was.findings), by_system(now.findings)
    known = {system.id: system for system in was.systems}
    found = [
        _impact(known.get(system.id, system), system, _differences(before, after, system, terms))
        for system in now.systems
    ]
    own = _of_repository(before.get(None, ()), after.get(None, ()), _differences(before, after, None, terms))
    found += [own] if own.effect != "unchanged" else []
    return in_order(found)


def in_order(found: Iterable[SystemImpact]) -> tuple[SystemImpact, ...]:
    """The hardest hit first."""
    return tuple(sorted(found, key=lambda it: (EFFECTS.index(it.effect), it.id or "")))


def worst_effect(found: Iterable[SystemImpact]) -> Effect:
    """The first of `EFFECTS` that any of these has."""
    return min((it.effect for it in found), key=EFFECTS.index, default="unchanged")


def _impact(was: SystemReport, now: SystemReport, differences: tuple[Difference, ...]) -> SystemImpact:
    is_other = (was.effective_tier, was.law_class) != (now.effective_tier, now.law_class)
    return SystemImpact(
        now.id,
        now.name,
        now.manifest,
        _effect(differences, bool(differences) or is_other),
        was.verdict,
        now.verdict,
        was.effective_tier,
        now.effective_tier,
        differences,
    )


def _of_repository(was: Sequence[Finding], now: Sequence[Finding], differences: tuple[Difference, ...]) -> SystemImpact:
    effect = _effect(differences, bool(differences))
    return SystemImpact(None, "", "", effect, _verdict(was), _verdict(now), "", "", differences)


def _verdict(findings: Sequence[Finding]) -> Verdict:
    if any(finding.blocks for finding in findings):
        return "block"
    return "undecided" if any(finding.undecided for finding in findings) else "pass"


def _effect(differences: Sequence[Difference], is_other: bool) -> Effect:
    """What all differences of one system come to: what stops it weighs most, then what cannot be told."""
    decisive = [it for it in differences if it.decides]
    if any(it.stops and it.now != "unknown" for it in decisive):
        return "newly-blocked"
    if any(it.stops for it in decisive):
        return "unknown"
    if decisive:
        return "freed"
    return "changed" if is_other else "unchanged"


def _differences(
    before: Mapping[str | None, Sequence[Finding]],
    after: Mapping[str | None, Sequence[Finding]],
    system: SystemReport | None,
    terms: _Terms,
) -> tuple[Difference, ...]:
    """What differs for one system or for the repository, what decides first.

    Of a system that a change leaves alone only that: what it owes is no matter of this change.
    """
    id_ = system.id if system else None
    was, now = ({it.id: it for it in side.get(id_, ())} for side in (before, after))
    pairs = [(was.get(key), now.get(key)) for key in dict.fromkeys((*now, *was))]
    found = [_difference(one, other, terms) for one, other in pairs if _weight(_open(one)) != _weight(_open(other))]
    is_left_alone = terms.is_change and system is not None and system.presence == "unchanged"
    kept = (it for it in found if it.decides or not is_left_alone)
    return tuple(sorted(kept, key=lambda it: not it.decides))


def _open(finding: Finding | None) -> Finding | None:
    """The finding where it asks something of people; None where it is met or not there."""
    return finding if finding is not None and finding.state not in _CLOSED else None


def _weight(finding: Finding | None) -> tuple[object, ...]:
    """What an open finding asks of people."""
    if finding is None:
        return ()
    return (finding.state, finding.enforcement, finding.blocks, finding.undecided, finding.due)


def _difference(was: Finding | None, now: Finding | None, terms: _Terms) -> Difference:
    told = _open(now) or was
    assert told is not None  # noqa: S101 - one of both is open, or nothing would differ
    rules = _rules(_open(was), told.because)
    return Difference(
        told.requirement,
        told.title,
        was.state if was else None,
        now.state if now else None,
        tuple(_placed(it, terms.places) for it in rules),
        _stops(was, terms) != _stops(now, terms),
        told.due,
        told.location,
        told.fix,
        _stops(now, terms),
    )


def _rules(was: Finding | None, because: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """The rules that today's policies do not have, or not as strict; all that want it where none is new."""
    known = {(it.kind, it.rule, it.enforcement) for it in (was.because if was else ())}
    return tuple(it for it in because if (it.kind, it.rule, it.enforcement) not in known) or because


def _placed(it: Reason, places: Places) -> DecidingRule:
    origin = places.get(f"{it.kind}:{it.rule}")
    return DecidingRule(it.kind, it.rule, it.title, it.enforcement, origin.location if origin else None)


def _stops(finding: Finding | None, terms: _Terms) -> bool:
    """Whether a merge would wait for it: an approval left for later counts as missing, an unknown as one to answer."""
    if finding is None:
        return False
    is_left = finding.state == "deferred" and finding.blame == "introduced"
    is_open = finding.state == "unknown" and not terms.is_change
    return finding.blocks or finding.undecided or (finding.enforcement == "block" and (is_left or is_open))
