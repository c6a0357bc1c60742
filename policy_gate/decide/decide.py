"""Hear the people and settle: approvals, waivers, blame, verdict, and the Report of it all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from policy_gate.decide.approvals import decide_approvals
from policy_gate.decide.decision_context import DecisionContext
from policy_gate.decide.document_problems import problems_verdict, stage_untold, unread_incidents, unread_notes
from policy_gate.decide.findings import findings_of
from policy_gate.decide.notes import empty_gates, notes_of
from policy_gate.decide.nothing_changed import is_quiet_decision
from policy_gate.decide.suggest_approvers import whom_to_ask
from policy_gate.decide.system_change import SystemChange
from policy_gate.decide.system_report import system_report, worst
from policy_gate.decide.undeclared import undeclared_answer
from policy_gate.decide.vouching import agreed_once
from policy_gate.decide.waivers import apply_waivers
from policy_gate.decide.weighed_outcome import verdict_of
from policy_gate.people.identity import identity_among
from policy_gate.schema.check_inputs import CheckOptions, StagesBeside
from policy_gate.schema.due import DueItem
from policy_gate.schema.evaluation import Evaluation
from policy_gate.schema.finding import Finding, Reason, RequirementId, by_system
from policy_gate.schema.people import People
from policy_gate.schema.report import IncidentReport, Report, RoleGrant, SystemReport, Trust
from policy_gate.schema.roles import Roles
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.rule_settings import Owners
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.vocabulary import NOTHING_CHANGED, Scope, Verdict, stage_rank


def wants_signed_authors(evaluation: Evaluation) -> bool:
    """Whether base's policies want commits signed, at any tier that is judged here or for the rules themselves."""
    authors = evaluation.policy.assurance.authors
    return "signed" in {authors["critical"], *(authors[facts.tier] for facts in evaluation.now)}


def settled(
    context: DecisionContext, base: Snapshot, people: People, result: Snapshot | None = None
) -> tuple[DecisionContext, tuple[str, ...]]:
    """The people heard: what was blamed with approvals settled and waivers applied, and notes on waivers."""
    context = replace(context, people=people)
    context = replace(context, weighed=decide_approvals(context))
    waived, notes = apply_waivers(context, base, result or base)
    context = replace(context, weighed=waived)
    return replace(context, weighed=agreed_once(context)), notes


def decide(
    context: DecisionContext,
    base: Snapshot,
    result: Snapshot,
    people: People,
    trust: Trust,
    *,
    version: str,
    changed: frozenset[str] = frozenset(),
    result_roles: Roles | None = None,
) -> Report:
    """The Report: what merging this change would do to base, by the rules that base holds; `context` is as blamed."""
    context, notes = settled(context, base, people, result)
    policy, options = context.policy, context.options
    names = {identity_among(person, people.members): person.name for held in people.members.values() for person in held}
    findings = findings_of(context.weighed, policy, options.mode, names, options.branch_to_name, people.roles_file)
    undeclared = undeclared_answer(context, base, result, changed)
    findings += (*_stage_findings(context), *(undeclared.findings if undeclared else ()))
    systems = _systems(context, findings)
    broken, problems = problems_verdict(base, result, context.systems.values(), changed, options.mode, options.as_of)
    verdict = worst((*(verdict_of(item, options.mode) for item in context.weighed), broken, _blocked_by(findings)))
    unseen, unseen_notes = unread_incidents(base, result, context.systems.values())
    verdict = worst((verdict, unseen, undeclared.verdict if undeclared else "pass"))
    headline, hint, verdict = _headline(verdict, base, result, systems, context)
    if undeclared is not None and not context.weighed:
        headline, hint = undeclared.headline, undeclared.hint
    empty = (*empty_gates(context), *stage_untold(base, result, options))
    incidents = _incidents(context)
    verdict = worst((verdict, "undecided" if empty else "pass", _of_adoption(options), _of_unread(base, options)))
    return Report(
        version=version,
        verdict=verdict,
        as_of=options.as_of.date(),
        trust=replace(
            trust,
            notes=(
                *trust.notes,
                *notes_of(context, result_roles),
                *notes,
                *empty,
                *unread_notes(base, result, changed),
                *unseen_notes,
            ),
        ),
        systems=systems,
        findings=findings,
        problems=problems,
        headline=headline,
        hint=hint,
        scope=undeclared.scope if undeclared else _scope(base, result, verdict, systems),
        system_count=len(systems),
        grants=_grants(result_roles) if _is_for_all(context) else (),
        incidents=incidents,
        due=_due(context, findings, incidents, base),
        ask=whom_to_ask(context.weighed, names, policy, options.mode),
        names=_names(people),
        teams=_teams(people),
        titles=_titles(policy),
    )


def _is_for_all(context: DecisionContext) -> bool:
    """Whether roles that the change brings are agreed to by whoever merges it."""
    is_forgiven = any(item.forgiven and item.system_change is None for item in context.weighed)
    return context.options.mode == "adoption" or is_forgiven


def _systems(context: DecisionContext, findings: Sequence[Finding]) -> tuple[SystemReport, ...]:
    own = by_system(findings)
    return tuple(system_report(place, context, own.get(place.id, ())) for place in context.asked_for)


def _incidents(context: DecisionContext) -> tuple[IncidentReport, ...]:
    if not any(place.now.incidents for place in context.asked_for):
        return ()
    from policy_gate.decide.open_incidents import open_incidents  # noqa: PLC0415 - few systems have had one

    return open_incidents(context.asked_for, context.options.as_of)


def _due(
    context: DecisionContext, findings: Sequence[Finding], incidents: Sequence[IncidentReport], base: Snapshot
) -> tuple[DueItem, ...]:
    if context.options.mode != "all":
        return ()
    from policy_gate.decide.due_items import due_items  # noqa: PLC0415 - no change has it

    return due_items(context, findings, incidents, base.waivers)


def _of_unread(base: Snapshot, options: CheckOptions) -> Verdict:
    """No answer where a governed base is demanded and nothing of base says that it is one (D45)."""
    is_open = bool(base.unread) and not base.manifests
    return "undecided" if options.require_governed_base and is_open else "pass"


def _of_adoption(options: CheckOptions) -> Verdict:
    """A first adoption is at best conditions, and no answer where a governed base is demanded (D26)."""
    if options.mode != "adoption":
        return "pass"
    return "undecided" if options.require_governed_base else "conditions"


def _blocked_by(findings: Sequence[Finding]) -> Verdict:
    return "block" if any(finding.blocks for finding in findings) else "pass"


def _headline(
    verdict: Verdict,
    base: Snapshot,
    result: Snapshot,
    systems: Sequence[SystemReport],
    context: DecisionContext,
) -> tuple[str, str, Verdict]:
    """One sentence where there is no system to speak of, and the verdict that goes with it (D04, D28)."""
    options = context.options
    if options.mode == "adoption" and options.require_governed_base:
        return (
            "base holds neither a manifest nor policies, and this job demands both",
            "merge an adoption first",
            verdict,
        )
    if options.mode == "adoption" and result.declares_nothing is not None and not systems and verdict != "block":
        return (
            f"first adoption: this repository declares that it holds no AI system: {result.declares_nothing}",
            "",
            verdict,
        )
    if result.declares_nothing is not None and base.declares_nothing is not None and not systems:
        return f"this repository declares that it holds no AI system: {base.declares_nothing}", "", verdict
    if is_quiet_decision(verdict, systems, context.weighed, options):
        return NOTHING_CHANGED, "", verdict
    return "", "", verdict


def _scope(base: Snapshot, result: Snapshot, verdict: Verdict, systems: Sequence[SystemReport]) -> Scope:
    """None where both trees say with a reason that there is no system, and nothing stands against it (D28)."""
    says_none = base.declares_nothing is not None and result.declares_nothing is not None and not systems
    return "none" if says_none and verdict == "pass" else "systems"


def _stage_findings(context: DecisionContext) -> list[Finding]:
    """`--require-stage`: every system has reached the stage, base says so too, and so does a head that is no result."""
    wanted, found = context.options.require_stage, []
    if wanted is None:
        return []
    for place in (it for it in context.asked_for if it.declared is not None):
        said = _stages_said(place, context.options.stages_beside)
        if any(stage is None or stage_rank(stage) < stage_rank(wanted) for stage in said.values()):
            found.append(_stage_finding(place, wanted, said, context.policy.owners))
    return found


def _stages_said(place: SystemChange, beside: StagesBeside | None) -> dict[str, str | None]:
    """Which stage each tree says of a system, None where it declares none."""
    said = {"base": place.was.stage if place.was else None, "the result": place.now.stage}
    if beside is not None and beside.base is not None:
        said["base"] = beside.base.get(place.id)
    if beside is not None and beside.head is not None:
        said[beside.commit[:12]] = beside.head.get(place.id)
    return said


def _stage_finding(place: SystemChange, wanted: str, said: Mapping[str, str | None], owners: Owners) -> Finding:
    told = ", ".join(f"{tree} says {stage or 'not declared'}" for tree, stage in said.items())
    return Finding(
        id=f"require-stage-{place.id}",
        system=place.id,
        state="gap",
        enforcement="block",
        blame="introduced",
        requirement=RequirementId("that", "required-stage"),
        title=f"{place.id} has not reached {wanted}",
        message=f"{told}; wanted: {wanted} in {'both' if len(said) == 2 else 'each'}",
        because=(Reason("rule", "required-stage", "The stage this job requires", None),),
        location=place.now.declared.at("stage"),
        fix=f"merge the change that moves {place.id} to {wanted} first, then start this job anew for what holds it",
        responsible=owners.stage_responsible,
        accountable=owners.stage_accountable,
        cause="false",
        blocks=True,
    )


def _grants(roles: Roles | None) -> tuple[RoleGrant, ...]:
    """Whom a new roles file makes able to approve what."""
    held: dict[str, list[str]] = {}
    known = roles.roles if roles else {}
    for role, holders in known.items():
        source = known.get(holders.same_as or "", holders)
        for person in source.members:
            held.setdefault(person.name, []).append(role)
    return tuple(RoleGrant(name, tuple(found)) for name, found in held.items())


def _names(people: People) -> dict[str, tuple[str, ...]]:
    return {role: tuple(person.name for person in held) for role, held in sorted(people.members.items())}


def _teams(people: People) -> dict[str, tuple[str, ...]]:
    roles = people.roles.content if people.roles else None
    held = {role: roles.teams_of(role) for role in sorted(roles.roles)} if roles else {}
    return {role: teams for role, teams in held.items() if teams}


def _titles(policy: RuleSet) -> dict[str, str]:
    known = {role: spec.title for role, spec in policy.roles.items()}
    known.update({gate: spec.title for gate, spec in policy.gates.items()})
    return known
