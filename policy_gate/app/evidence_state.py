"""The evidence of systems as they stand on the branch today: what there is, in date, and what is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from policy_gate import __version__
from policy_gate.app.check import checked
from policy_gate.app.judge import PolicyLoader, policies_of_base
from policy_gate.app.replay import Replay
from policy_gate.app.replayed_merge import test_seen
from policy_gate.app.views import refuse_unread
from policy_gate.collect.inputs import OpenInputs
from policy_gate.documents.spelling import refuse_unknown
from policy_gate.errors import UngovernedError
from policy_gate.evaluate.obligations import law_of_system
from policy_gate.facts.facts import facts_of
from policy_gate.report.wording import plural
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.dates import Instant
from policy_gate.schema.evidence_pack import (
    ApprovalState,
    DocumentState,
    EvidenceState,
    IncidentSeen,
    LawRowState,
    LawState,
    OpenPoint,
    SystemEvidence,
    WaiverState,
)
from policy_gate.schema.facts import ArtifactFact, Facts
from policy_gate.schema.report import LawReport, Report, SystemReport
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.snapshot import Snapshot
from policy_gate.vcs.tree import Tree

_OPEN = ("gap", "unknown", "waived", "deferred", "upcoming")


def evidence_state(
    replay: Replay, systems: Sequence[str], as_of: Instant, *, as_of_given: bool
) -> tuple[EvidenceState, frozenset[str]]:
    """The systems of these ids, or all, as the tip of the branch has them; and the names of people known there.

    UsageError for an id that is not declared, UngovernedError where none is.
    """
    tip = replay.branch.commit or ""
    request = Request(
        replay.directory,
        as_of,
        base=tip,
        head=tip,
        everything=True,
        into=replay.branch_name,
        as_of_given=as_of_given,
        organisation_policies=replay.organisation_policies,
        environment=replay.environment,
    )
    return replay.session.judge(request, lambda inputs, load: _state(request, inputs, load, replay, systems))


def _state(
    request: Request, inputs: OpenInputs, load: PolicyLoader, replay: Replay, systems: Sequence[str]
) -> tuple[EvidenceState, frozenset[str]]:
    known = sorted(it.key.id for it in inputs.result.systems)
    if not known:
        refuse_unread(inputs.result)
        raise UngovernedError("no AI system is declared on this branch", hint="policy-gate init")
    refuse_unknown("system", systems, known)
    report = checked(request, inputs, load, documented=True)
    policy = policies_of_base(inputs, load)
    tree = replay.repository.merged_already(inputs.result.tree)
    facts = {it.id: it for it in facts_of(inputs.result, policy)}
    shown = [it for it in report.systems if it.id in facts and (not systems or it.id in systems)]
    state = EvidenceState(
        repository=report.trust.repository,
        branch=replay.branch_name,
        commit=replay.branch.commit or "",
        day=report.as_of.isoformat(),
        version=__version__,
        policies_digest=policy.digest,
        verdict=report.verdict,
        notes=(),
        systems=tuple(_evidence(it, facts[it.id], inputs.result, policy, report, request.as_of, tree) for it in shown),
        problems=tuple(f"{it.location}: {it.message}" for it in report.problems if not it.advice),
    )
    return state, frozenset(_names(report, inputs.result))


def _names(report: Report, side: Snapshot) -> Iterator[str]:
    """Of those who hold a role, approved, or own a waiver."""
    for names in report.names.values():
        yield from names
    for record in side.records:
        yield record.content.approver.name
    for waiver in side.waivers.content.waivers if side.waivers else ():
        yield from (waiver.owner, waiver.approver)


def _evidence(
    own: SystemReport, facts: Facts, side: Snapshot, policy: RuleSet, report: Report, as_of: Instant, tree: Tree
) -> SystemEvidence:
    entry, rating, today = facts.declared.entry, facts.rating, as_of.date()
    return SystemEvidence(
        id=own.id,
        name=own.name,
        description=entry.description or "",
        owner=entry.owner_team or "",
        contact=entry.incident_contact or "",
        stage=own.stage,
        tier=own.effective_tier,
        score=own.score,
        score_range=policy.scoring.score_range,
        why=tuple(_why(facts, policy)),
        undeclared=rating.undeclared,
        verdict=own.verdict,
        law_class=tuple(_law_class(report, name) for name in own.law_class),
        next_due=f"{own.next_due.isoformat()}: {own.next_due_title or 'review'}" if own.next_due else "",
        subject_digest=own.subject_digest,
        law=tuple(_law(it, report) for it in own.law),
        rows=tuple(_rows(facts, policy, as_of)),
        documents=tuple(_documents(facts, report, policy)),
        tests=tuple(test_seen(it) for it in facts.tests.values()),
        approvals=tuple(_approvals(own.id, side, tree)),
        waivers=tuple(_waivers(own.id, side, today)),
        open_points=tuple(_open(own.id, report)),
        incidents=tuple(
            IncidentSeen(it.content.id, it.content.type, it.content.severity, it.content.state, is_new=False)
            for it in side.incidents
            if it.content.system == own.id
        ),
    )


def _why(facts: Facts, policy: RuleSet) -> Iterator[str]:
    """What the tier is made of."""
    for dimension in policy.scoring.dimensions:
        value = getattr(facts.declared.entry.risk_profile, dimension.id, None)
        points = dimension.points.get(value) if value is not None else None
        said = f"{value}, {plural(points, 'point')}" if points is not None else "not declared"
        yield f"{dimension.id.replace('_', ' ')}: {said}"
    # A floor holds where the points alone reach as high, too: it lifts nothing then.
    yield from (floor.title for floor in policy.scoring.floors if floor.id in facts.rating.floors)


def _law_class(report: Report, name: str) -> str:
    return report.docs.law_classes.get(name, name) if report.docs else name


def _law(law: LawReport, report: Report) -> LawState:
    titles: Mapping[str, str] = report.docs.regulations if report.docs else {}
    is_evaluated = bool(law.applicable or law.unknown or law.evidence_complete)
    state = "complete" if law.evidence_complete else "incomplete" if is_evaluated else "not evaluated"
    return LawState(
        law.regulation, titles.get(law.regulation, law.regulation), law.applicable, law.met, law.gaps, law.unknown,
        law.upcoming, state,
    )  # fmt: skip


def _rows(facts: Facts, policy: RuleSet, as_of: Instant) -> Iterator[LawRowState]:
    """The rows that apply, or will; of those that cannot be told the regulation counts them."""
    law = law_of_system(facts, policy, as_of)
    for result in law.results:
        if result.counts:
            row = result.row
            begins = result.applies_from.isoformat() if result.applies_from else None
            seen = tuple((it.id, it.state) for it in law.evidence.get(row.id, ()))
            yield LawRowState(row.id, row.regulation, row.citation, row.requirement, result.state, begins, seen)


def _documents(facts: Facts, report: Report, policy: RuleSet) -> Iterator[DocumentState]:
    open_ = {
        it.artifact or it.subject: it
        for it in report.findings
        if it.system == facts.id and it.kind in ("artifact", "card") and it.state in ("gap", "unknown")
    }
    for artifact in facts.artifacts.values():
        gap = open_.get(artifact.id)
        cause = artifact.cause or (gap.cause or gap.state if gap else None)
        yield _document(artifact, _title(artifact.id, policy), cause or "present", gap.seen if gap else "")
    if facts.card is not None:
        id_ = policy.model_card or ""
        gap = open_.get(id_)
        state = facts.card.cause or (gap.cause or gap.state if gap else "present")
        oid = facts.card.oid
        yield DocumentState(id_, _title(id_, policy), facts.card.path, state, None, f"git:{oid}" if oid else "")


def _title(id_: str, policy: RuleSet) -> str:
    known = policy.artifacts.get(id_)
    return known.title if known else id_


def _document(artifact: ArtifactFact, title: str, state: str, detail: str) -> DocumentState:
    digest = f"sha256:{artifact.attested}" if artifact.attested else f"git:{artifact.oid}" if artifact.oid else ""
    completed = artifact.completed.isoformat() if artifact.completed else None
    said = artifact.detail or detail
    return DocumentState(artifact.id, title, artifact.path or "held elsewhere", state, completed, digest, said)


def _approvals(system: str, side: Snapshot, tree: Tree) -> Iterator[ApprovalState]:
    for record in side.records:
        said = record.content
        if said.system != system:
            continue
        yield ApprovalState(
            purpose=said.for_,
            role=said.role,
            who=f"{said.approver.name} <{said.approver.email}>",
            approved_on=said.approved_on.isoformat(),
            expires=said.expires.isoformat(),
            is_signed=tree.entry(f"{record.path}.sig") is not None,
            subject_digest=said.subject_digest,
        )


def _waivers(system: str, side: Snapshot, today: date) -> Iterator[WaiverState]:
    for waiver in side.waivers.content.waivers if side.waivers else ():
        if waiver.system == system:
            day = waiver.expires.isoformat()
            yield WaiverState(waiver.rule, waiver.subject or "", waiver.reason, day, waiver.expires < today)


def _open(system: str, report: Report) -> Iterator[OpenPoint]:
    for it in report.findings:
        if it.system == system and it.state in _OPEN:
            due = it.due.isoformat() if it.due else None
            yield OpenPoint(it.title, it.state, it.enforcement, due, it.seen or it.message)
