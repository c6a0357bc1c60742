"""What the report says of each system: tiers, gates with their lists, law, and the next date."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from policy_gate.decide.approvals import subject_of
from policy_gate.decide.decision_context import DecisionContext
from policy_gate.decide.system_change import SystemChange
from policy_gate.decide.weighed_outcome import WeighedOutcome, verdict_of
from policy_gate.schema.facts import Facts
from policy_gate.schema.finding import Finding
from policy_gate.schema.law import RowResult
from policy_gate.schema.report import GateReport, LawReport, SystemReport
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.vocabulary import VERDICTS, Verdict


def system_report(system_change: SystemChange, context: DecisionContext, findings: Sequence[Finding]) -> SystemReport:
    """One system of the union of base and result, with its own verdict; `findings` are its own."""
    declared = system_change.written
    entry = declared.declared.entry
    own = context.by_system.get(system_change.id, ())
    due, title = _next_due(findings)
    return SystemReport(
        id=system_change.id,
        name=entry.name,
        manifest=declared.key.manifest,
        presence=system_change.presence,
        stage=declared.stage,
        base_stage=system_change.was.stage if system_change.was else None,
        score=declared.rating.score,
        score_range=context.policy.scoring.score_range,
        score_tier=declared.rating.score_tier,
        tier=declared.tier,
        tier_range=declared.rating.tier_range,
        undeclared=declared.rating.undeclared,
        effective_tier=system_change.now.tier,
        base_tier=system_change.was.tier if system_change.was else None,
        law_class=declared.law_class,
        required_controls=context.policy.controls_by_tier[system_change.now.tier],
        subject_digest=system_change.content_digest,
        changes=system_change.changes,
        gates=tuple(_gates(system_change, own, context)),
        law=_law(declared, own, context),
        verdict=worst((*(verdict_of(item, context.options.mode) for item in own), *_forced(findings))),
        next_due=due,
        next_due_title=title,
        line=0 if system_change.presence == "removed" else declared.declared.at().line or 0,
        edits=context.evaluation.edits_by_system.get(system_change.id, ()),
        card_gains=context.evaluation.gains_by_system.get(system_change.id, ()),
    )


def _forced(findings: Sequence[Finding]) -> tuple[Verdict, ...]:
    """What findings that no rule made, such as a stage the job requires, do to the verdict."""
    return tuple("block" for finding in findings if finding.blocks)


def worst(verdicts: object) -> Verdict:
    """The worst of some verdicts, pass where there are none (D24)."""
    return max(verdicts, key=VERDICTS.index, default="pass")  # type: ignore[call-overload,no-any-return]


def _law(declared: Facts, own: Sequence[WeighedOutcome], context: DecisionContext) -> tuple[LawReport, ...]:
    """One line for each law that is declared or of which a row applies, will, or cannot be told."""
    results = context.evaluation.law.get(declared.id, ())
    short = {
        item.outcome.rule.id
        for item in own
        if item.outcome.rule.kind == "law" and item.outcome.state not in ("met", "not-applicable")
    }
    touched = (result.row.regulation for result in results if result.counts)
    names = dict.fromkeys((*declared.regulations, *sorted(touched)))
    return tuple(_of_law(name, [it for it in results if it.row.regulation == name], short) for name in names)


def _of_law(regulation: str, results: Sequence[RowResult], short: Collection[str]) -> LawReport:
    """Rows in force are met or gaps; a law without a pack, or of which no row applies, is never complete (D42)."""
    in_force = [result for result in results if result.state == "enforceable"]
    gaps = sum(1 for result in in_force if result.row.id in short)
    open_ = sum(1 for result in in_force if result.missing_facts and result.row.id not in short)
    unknown = sum(1 for result in results if result.state == "unknown")
    upcoming = sum(1 for result in results if result.state == "upcoming")
    return LawReport(
        regulation,
        applicable=len(in_force) + upcoming,
        met=len(in_force) - gaps - open_,
        gaps=gaps,
        unknown=unknown + open_,
        upcoming=upcoming,
        evidence_complete=bool(in_force or upcoming) and not gaps and not unknown and not open_,
    )


def _gates(system_change: SystemChange, own: Sequence[WeighedOutcome], context: DecisionContext) -> list[GateReport]:
    found = []
    by_gate: dict[str | None, list[WeighedOutcome]] = {}
    for item in own:
        if item.outcome.rule.kind == "law":
            continue  # it is owed from the gate on, and no part of what the gate itself asks
        by_gate.setdefault(item.gate, []).append(item)
    for gate in context.policy.gates.values():
        items = by_gate.get(gate.id, [])
        if not items and gate.id not in system_change.entered:
            continue
        gaps = [item for item in items if item.outcome.state in ("gap", "unknown", "deferred")]
        found.append(
            GateReport(
                gate.id,
                gate.title,
                gate.id in system_change.entered,
                subject_of(gate.id, system_change, context).digest,
                worst(verdict_of(item, context.options.mode) for item in items),
                _subjects(gaps, context.policy, "artifact", "card"),
                _subjects(gaps, context.policy, "approval"),
                _tests(gaps, failed=True),
                _tests(gaps, failed=False),
            )
        )
    return found


def _subjects(items: Sequence[WeighedOutcome], policy: RuleSet, *kinds: str) -> tuple[str, ...]:
    names = [
        policy.model_card or "card" if item.outcome.requirement.kind == "card" else item.outcome.requirement.subject
        for item in items
        if item.outcome.requirement.kind in kinds
    ]
    return tuple(dict.fromkeys(names))


def _tests(items: Sequence[WeighedOutcome], *, failed: bool) -> tuple[str, ...]:
    """Failed and not run are told apart; a result too old counts as not run (fault E29)."""
    tests = [item for item in items if item.outcome.requirement.kind == "test"]
    return tuple(
        dict.fromkeys(item.outcome.requirement.subject for item in tests if (item.outcome.cause == "failed") is failed)
    )


def _next_due(findings: Sequence[Finding]) -> tuple[date | None, str]:
    dated = [(it.due, it.title, number) for number, it in enumerate(findings) if it.due is not None]
    if not dated:
        return None, ""
    due, title, number = min(dated)
    because = findings[number].because
    return due, because[0].title if because else title
