"""Hear the people and settle: approvals, waivers, blame, verdict, and the Report of it all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from policy_gate.govern.approvals import Bar, needs_people, settle_approvals
from policy_gate.govern.asking import whom_to_ask
from policy_gate.govern.blame import judge
from policy_gate.govern.findings import findings_of
from policy_gate.govern.judged import Judged, weight
from policy_gate.govern.notes import empty_gates, notes_of
from policy_gate.govern.problems import problems_verdict
from policy_gate.govern.standing import Standing, standings
from policy_gate.govern.systems import system_report, worst
from policy_gate.govern.waivers import apply_waivers
from policy_gate.schema.finding import Finding, Reason
from policy_gate.schema.identity import identity_among
from policy_gate.schema.judgement import Judgement
from policy_gate.schema.papers import Terms
from policy_gate.schema.people import People
from policy_gate.schema.report import Report, RoleGrant, SystemReport, Trust
from policy_gate.schema.roles import Roles
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.vocabulary import Verdict, stage_rank

FLOORS_OF_REMOVAL = frozenset({"decommissioning"})


def blamed(judgement: Judgement, terms: Terms) -> tuple[tuple[Standing, ...], tuple[Judged, ...]]:
    """Where each system stands, and every outcome with its blame, before anybody is heard."""
    places = standings(judgement)
    by_id = {standing.id: standing for standing in places}
    judged = []
    for outcome in judgement.after:
        standing = by_id.get(outcome.system) if outcome.system is not None else None
        item = judge(outcome, standing, judgement.law, terms)
        if _concerns(item, terms):
            judged.append(item)
    return places, tuple(judged)


def _concerns(item: Judged, terms: Terms) -> bool:
    """Of a system that left, only its leaving is judged; with --system only those asked for."""
    standing = item.standing
    if standing is None:
        return not terms.only
    if terms.only and standing.id not in terms.only:
        return False
    if standing.presence != "removed":
        return True
    return item.outcome.rule.for_each == "change" or item.gate in FLOORS_OF_REMOVAL


def _asked_for(places: Sequence[Standing], terms: Terms) -> tuple[Standing, ...]:
    """All systems, or with --system those that it names."""
    return tuple(place for place in places if not terms.only or place.id in terms.only)


def hears_people(judgement: Judgement, terms: Terms) -> bool:
    """Whether the decision needs anybody's approval; if not, no source is asked (D04)."""
    return needs_people(blamed(judgement, terms)[1], terms)


def wants_signed_authors(judgement: Judgement) -> bool:
    """Whether base's policies want commits signed, at any tier that is judged here or for the rules themselves."""
    authors = judgement.law.assurance.authors
    return "signed" in {authors["critical"], *(authors[facts.tier] for facts in judgement.now)}


def bar_of(
    judgement: Judgement, base: Snapshot, people: People, terms: Terms, result: Snapshot | None = None
) -> tuple[Bar, tuple[Standing, ...], tuple[str, ...]]:
    """Everything judged, with approvals settled and waivers applied; the standings; notes on waivers."""
    places, judged = blamed(judgement, terms)
    bar = Bar(judgement.law, people, terms, judgement.changes, judged)
    bar = replace(bar, judged=settle_approvals(bar))
    waived, notes = apply_waivers(bar, places, base, result or base)
    return replace(bar, judged=waived), places, notes


def settle(
    judgement: Judgement,
    base: Snapshot,
    result: Snapshot,
    people: People,
    terms: Terms,
    trust: Trust,
    *,
    version: str,
    changed: frozenset[str] = frozenset(),
    result_roles: Roles | None = None,
) -> Report:
    """The Report: what merging this change would do to base, by the rules that base holds."""
    bar, places, notes = bar_of(judgement, base, people, terms, result)
    names = {identity_among(person, people.members): person.name for held in people.members.values() for person in held}
    findings = findings_of(bar.judged, judgement.law, terms.mode, names)
    findings += tuple(_stage_findings(places, terms))
    own: dict[str | None, list[Finding]] = {}
    for finding in findings:
        own.setdefault(finding.system, []).append(finding)
    systems = tuple(system_report(place, bar, own.get(place.id, ())) for place in _asked_for(places, terms))
    broken, problems = problems_verdict(base, result, places, changed, terms.mode, terms.as_of)
    verdict = worst((*(weight(item, terms.mode) for item in bar.judged), broken, _blocked_by(findings)))
    headline, hint, verdict = _headline(verdict, base, result, systems, bar, terms)
    empty = empty_gates(_asked_for(places, terms), bar)
    verdict = worst((verdict, "undecided" if empty else "pass", _of_adoption(terms)))
    grants = _grants(result_roles) if terms.mode == "adoption" or any(item.forgiven for item in bar.judged) else ()
    return Report(
        version=version,
        verdict=verdict,
        as_of=terms.as_of.date(),
        trust=replace(
            trust,
            notes=(
                *trust.notes,
                *notes_of(bar, places),
                *notes,
                *empty,
            ),
        ),
        systems=systems,
        findings=findings,
        problems=problems,
        headline=headline,
        hint=hint,
        system_count=len(systems),
        grants=grants,
        ask=whom_to_ask(bar.judged, names, judgement.law, terms.mode),
        names=_names(people, judgement),
        titles=_titles(judgement),
    )


def _of_adoption(terms: Terms) -> Verdict:
    """A first adoption is at best conditions, and no answer where a governed base is demanded (D26)."""
    if terms.mode != "adoption":
        return "pass"
    return "undecided" if terms.require_governed_base else "conditions"


def _blocked_by(findings: Sequence[Finding]) -> Verdict:
    return "block" if any(finding.blocks for finding in findings) else "pass"


def _headline(
    verdict: Verdict, base: Snapshot, result: Snapshot, systems: Sequence[SystemReport], bar: Bar, terms: Terms
) -> tuple[str, str, Verdict]:
    """One sentence where there is no system to speak of, and the verdict that goes with it (D04, D28)."""
    if not systems and not result.any_manifest and not base.any_manifest and not bar.judged:
        return "no AI system is declared anywhere in this repository", "policy-gate init", worst((verdict, "undecided"))
    if terms.mode == "adoption" and terms.require_governed_base:
        return (
            "base holds neither a manifest nor policies, and this job demands both",
            "merge an adoption first",
            verdict,
        )
    if result.declares_nothing is not None and base.declares_nothing is not None and not systems:
        return f"this repository declares that it holds no AI system: {base.declares_nothing}", "", verdict
    quiet = all(system.presence == "unchanged" for system in systems)
    if terms.mode == "change" and quiet and verdict == "pass" and not any(item.standing is None for item in bar.judged):
        return "nothing governed changed", "", verdict
    return "", "", verdict


def _stage_findings(places: Sequence[Standing], terms: Terms) -> list[Finding]:
    """`--require-stage`: every judged system has reached the stage, and base says so too."""
    if terms.require_stage is None:
        return []
    wanted, found = terms.require_stage, []
    for place in _asked_for(places, terms):
        stages = [facts.stage for facts in (place.was, place.declared) if facts is not None]
        short = len(stages) < 2 or any(stage_rank(stage) < stage_rank(wanted) for stage in stages)
        if short:
            found.append(_stage_finding(place, wanted))
    return found


def _stage_finding(place: Standing, wanted: str) -> Finding:
    base_stage = place.was.stage if place.was else "not declared"
    return Finding(
        id=f"require-stage-{place.id}",
        system=place.id,
        state="gap",
        enforcement="block",
        blame="introduced",
        kind="that",
        subject="required-stage",
        title=f"{place.id} has not reached {wanted}",
        message=f"base says {base_stage}, the result says {place.now.stage}; wanted: {wanted} in both",
        because=(Reason("rule", "required-stage", "The stage this job requires", None),),
        location=place.now.declared.at("stage"),
        fix=f"merge the change that moves {place.id} to {wanted} first",
        responsible=("engineering",),
        accountable=("product-owner",),
        cause="false",
        blocks=True,
    )


def _grants(roles: Roles | None) -> tuple[RoleGrant, ...]:
    """Whom a new roles file makes able to approve what."""
    held: dict[str, list[str]] = {}
    for role, holders in (roles.roles if roles else {}).items():
        source = roles.roles.get(holders.same_as, holders) if roles and holders.same_as else holders
        for person in source.members:
            held.setdefault(person.name, []).append(role)
    return tuple(RoleGrant(name, tuple(found)) for name, found in held.items())


def _names(people: People, judgement: Judgement) -> dict[str, tuple[str, ...]]:
    return {role: tuple(person.name for person in held) for role, held in sorted(people.members.items())}


def _titles(judgement: Judgement) -> dict[str, str]:
    law = judgement.law
    known = {role: spec.title for role, spec in law.roles.items()}
    known.update({gate: spec.title for gate, spec in law.gates.items()})
    return known
