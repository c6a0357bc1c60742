"""One repository to its record for the registry: the full check of its default branch, and all that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from policy_gate import __version__
from policy_gate.app.check import CheckSession
from policy_gate.app.discover import discovered
from policy_gate.app.judge import Judged, PolicyLoader, judge, policies_in_force
from policy_gate.app.registry_people import approvals_of, due_keys, waivers_of
from policy_gate.app.vendors import assessed_vendors_of
from policy_gate.collect.inputs import OpenInputs, with_all_seen
from policy_gate.errors import DocumentError
from policy_gate.facts.declared_models import model_values
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.documents import ModelEntry
from policy_gate.schema.facts import Facts
from policy_gate.schema.finding import Finding
from policy_gate.schema.incidents import IncidentFact
from policy_gate.schema.law import RowResult
from policy_gate.schema.observed import model_family, plain_model_name
from policy_gate.schema.registry_record import (
    AiUseRecord,
    DueRecord,
    FindingRecord,
    GateStatus,
    IncidentRecord,
    LawRecord,
    ModelRecord,
    RecordedApproval,
    RepositoryRecord,
    SystemRecord,
    VendorRecord,
    WaiverRecord,
)
from policy_gate.schema.report import GateReport, Report, SystemReport
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.vendors import AssessedVendor

OPEN: Final = ("gap", "unknown", "waived", "deferred", "upcoming")
"""States of a finding that is not met."""
_OWED: Final = ("gap", "unknown", "deferred")
MOST_AI_USES: Final = 5_000
"""signs of AI of one repository that are kept; of more the first ones, by path"""


def record_of(session: CheckSession, request: Request, name: str, source: str, branch: str) -> RepositoryRecord:
    """The record of the commit that a request for everything names as head.

    `name` holds where base's policy-gate.yaml gives none. DocumentError where a manifest cannot be read, the errors of
    `CheckSession.check` where no report can be given.
    """

    def told(inputs: OpenInputs, load: PolicyLoader) -> RepositoryRecord:
        unread = {item.path for item in inputs.result.unread if not item.is_anothers}
        if unread:
            problems = tuple(it for it in inputs.result.problems if it.path in unread)
            said = f": {problems[0].message}" if problems else ""
            raise DocumentError(f"{min(unread)} cannot be read{said}", problems=problems)
        policy, notes = policies_in_force(request, inputs, load)
        judged = judge(request, with_all_seen(inputs), policy, notes)
        return _record(request, judged, policy, name, source, branch)

    return session.judge(request, told)


def _record(request: Request, judged: Judged, policy: RuleSet, name: str, source: str, branch: str) -> RepositoryRecord:
    report, inputs, evaluation = judged.report, judged.inputs, judged.evaluation
    facts = {item.id: item for item in evaluation.declared}
    day = request.as_of.date()
    assessed = assessed_vendors_of(inputs.result, evaluation.declared, policy, day) if _has_vendors(inputs) else ()
    law = tuple(_law(evaluation.law, report))
    models = tuple(_models(inputs, facts, policy))
    incidents = tuple(_incidents(inputs, facts, request.as_of))
    approvals = approvals_of(request, inputs)
    waivers = tuple(waivers_of(inputs, report.findings))
    due = _Due({it.id: it.declared.entry.owner_team for it in facts.values()}, day)
    due.add_findings(report)
    due.add_vendors(assessed)
    due.add_others(law, models, incidents, approvals, waivers)
    return RepositoryRecord(
        repository=report.trust.repository or name,
        source=source,
        commit=inputs.head_ref.commit,
        branch=branch,
        as_of=day.isoformat(),
        tool_version=__version__,
        policies_digest=report.trust.policies_digest,
        governed=bool(report.systems),
        verdict=report.verdict,
        headline=report.headline,
        systems=tuple(_system(it, facts[it.id]) for it in report.systems if it.id in facts),
        findings=tuple(finding_record(it) for it in report.findings if it.state in OPEN),
        law=law,
        vendors=tuple(_vendors(assessed)),
        models=models,
        incidents=incidents,
        approvals=approvals,
        waivers=waivers,
        due=due.sorted(due_keys(inputs)),
        ai_uses=tuple(_ai_uses(inputs)),
    )


def _has_vendors(inputs: OpenInputs) -> bool:
    return any(manifest.content.vendors for manifest in inputs.result.manifests)


def _system(report: SystemReport, facts: Facts) -> SystemRecord:
    entry = facts.declared.entry
    profile = {name: str(value) for name, value in entry.risk_profile.model_dump(exclude_none=True).items()}
    return SystemRecord(
        id=report.id,
        name=report.name,
        manifest=report.manifest,
        description=entry.description,
        owner_team=entry.owner_team,
        incident_contact=entry.incident_contact or "",
        stage=report.stage,
        stage_since=_iso(entry.stage_since),
        deployment_date=entry.deployment_date or "",
        enrolled=_iso(entry.enrolled),
        tier=report.tier,
        effective_tier=report.effective_tier,
        score=report.score,
        score_range=report.score_range,
        law_class=report.law_class,
        regulatory_scope=facts.regulations,
        required_controls=report.required_controls,
        risk_profile=profile,
        verdict=report.verdict,
        gates=tuple(_gate(it) for it in report.gates),
        next_due=_iso(report.next_due),
        next_due_title=report.next_due_title,
        subject_digest=report.subject_digest,
        paths=tuple(entry.paths),
        facts={name: _plain(value) for name, value in sorted(facts.values.items()) if name.startswith("system.")},
    )


def _gate(gate: GateReport) -> GateStatus:
    missing = (*gate.missing_artifacts, *gate.missing_approvals, *gate.failed_tests, *gate.tests_not_run)
    return GateStatus(gate.id, gate.title, gate.verdict, tuple(dict.fromkeys(missing)))


def finding_record(finding: Finding) -> FindingRecord:
    """A finding as the registry keeps it."""
    return FindingRecord(
        id=finding.id,
        system=finding.system or "",
        state=finding.state,
        enforcement=finding.enforcement,
        blame=finding.blame or "",
        kind=finding.kind,
        subject=finding.subject,
        title=finding.title,
        message=finding.message,
        due=_iso(finding.due),
        responsible=finding.responsible,
        accountable=finding.accountable,
        rules=tuple(reason.rule for reason in finding.because),
        waiver=finding.waiver,
        path=finding.location.path if finding.location else "",
        line=(finding.location.line or 0) if finding.location else 0,
    )


def _law(law: Mapping[str, tuple[RowResult, ...]], report: Report) -> Iterator[LawRecord]:
    """The rows that apply or will, with how complete the evidence for each is: met, gap, unknown or upcoming."""
    owed: dict[tuple[str, str], list[Finding]] = {}
    for finding in report.findings:
        for reason in finding.because:
            if reason.kind == "law" and finding.state in OPEN:
                owed.setdefault((finding.system or "", reason.rule), []).append(finding)
    for system, results in sorted(law.items()):
        for result in results:
            if result.counts:
                found = owed.get((system, result.row.id), [])
                due = min((it.due for it in found if it.due is not None), default=None)
                state, row = _standing(result, found), result.row
                yield LawRecord(system, row.regulation, row.id, row.title, state, _iso(result.applies_from), _iso(due))


def _standing(result: RowResult, owed: Iterable[Finding]) -> str:
    if result.state == "upcoming":
        return "upcoming"
    states = {finding.state for finding in owed}
    if "gap" in states:
        return "gap"
    return "unknown" if result.missing_facts or "unknown" in states else next(iter(sorted(states)), "met")


def _vendors(assessed: Iterable[AssessedVendor]) -> Iterator[VendorRecord]:
    for vendor in assessed:
        entry, told = vendor.entry, vendor.assessment
        for system in vendor.systems or ("",):
            yield VendorRecord(
                system=system,
                id=entry.id,
                vendor_name=entry.vendor_name,
                product_name=entry.product_name or "",
                access_type=vendor.said_of("access_type") or "",
                data_sent=entry.data_sent or "",
                sends_personal_data=vendor.values.get("vendor.gets_personal_data"),
                has_dpa=vendor.said_of("has_dpa"),
                risk=told.tier.id,
                score=told.score,
                open=tuple(item.finding.id for item in told.open),
                assessed_on=_iso(entry.assessed_on),
                review_due=_iso(told.review_due),
            )


def _models(inputs: OpenInputs, facts: Mapping[str, Facts], policy: RuleSet) -> Iterator[ModelRecord]:
    """The models of each system: those that its entry lists, then those that its code names, each once a file."""
    seen = inputs.result.observed.by_tree or {}
    for system, item in sorted(facts.items()):
        vendors = {model_family(it.value): it.vendor for it in seen.get(system, ()) if it.kind == "model" and it.vendor}
        for entry, values in zip(item.declared.entry.models, item.models, strict=True):
            name, vendor = _spelled(entry), vendors.get(model_family(entry.name), "")
            retires, pinned = str(values["model.retires"]) or None, _is_pinned(values)
            yield ModelRecord(system, name, vendor, "declared", pinned, retires, entry.path or "")
        named = {(it.value or it.found, it.path): it for it in seen.get(system, ()) if it.kind == "model"}
        for (name, path), signal in sorted(named.items()):
            if not name.strip():
                continue
            values = model_values(ModelEntry(name=name[:2000]), policy)
            retires, pinned = str(values["model.retires"]) or None, _is_pinned(values)
            yield ModelRecord(system, name, signal.vendor, "code", pinned, retires, path)


def _spelled(entry: ModelEntry) -> str:
    return f"{entry.name} {entry.version}" if entry.version else entry.name


def _is_pinned(values: Mapping[str, Any]) -> bool | None:
    """Whether the same name goes on meaning the same model; None where only its name is known, and says nothing."""
    if values["model.is_moving"]:
        return False
    name = str(values["model.name"])
    is_dated = model_family(name) != plain_model_name(name)
    return True if values["model.has_digest"] or values["model.has_version"] or is_dated else None


def _incidents(inputs: OpenInputs, facts: Mapping[str, Facts], now: datetime) -> Iterator[IncidentRecord]:
    """Every incident, with its clocks where its system is declared."""
    of_system = {fact.id: fact for item in facts.values() for fact in item.incidents}
    for document in inputs.result.incidents:
        one = document.content
        fact = of_system.get(one.id)
        yield IncidentRecord(
            id=one.id,
            system=one.system,
            type=one.type,
            severity=one.severity,
            state=one.state,
            path=document.path,
            occurred_at=_moment(one.occurred_at),
            detected_at=_moment(one.detected_at),
            resolved_at=_moment(one.first("resolved")),
            clocks=_clocks(fact, now) if fact else (),
        )


def _clocks(fact: IncidentFact, now: datetime) -> tuple[tuple[str, str, str | None], ...]:
    running = ((clock, clock.state(now)) for clock in fact.clocks)
    return tuple((clock.id, state, _moment(clock.deadline)) for clock, state in running if state != "not-required")


def _ai_uses(inputs: OpenInputs) -> Iterator[AiUseRecord]:
    """What the code shows of AI, once a file, product and system; of names and texts alone nothing is made."""
    found = discovered(inputs)
    uses: dict[AiUseRecord, None] = {}
    for signal in found.signals:
        if signal.confidence == "low":
            continue
        product = signal.value if signal.kind == "model" and signal.value else signal.what
        for system in found.claimed.get(signal.path, ("",)):
            uses[AiUseRecord(signal.path, product, signal.kind, system)] = None
        if len(uses) >= MOST_AI_USES:
            break
    return iter(list(uses)[:MOST_AI_USES])


class _Due:
    """Everything of one repository that has a day, each once."""

    def __init__(self, owners: Mapping[str, str], today: date) -> None:
        self._owners = owners
        self._today = today
        self._found: dict[DueRecord, None] = {}

    def _add(self, system: str, kind: str, title: str, day: str | None) -> None:
        if day:
            self._found[DueRecord(system, kind, title, day, self._owners.get(system, ""))] = None

    def add_findings(self, report: Report) -> None:
        """What is owed by a day, and what of that which is met is asked for again."""
        for finding in report.findings:
            # What a law asks from a day on is told with the row itself.
            is_of_row = finding.state == "upcoming" and all(it.kind == "law" for it in finding.because)
            if finding.due is not None and finding.state not in ("waived", "not-applicable") and not is_of_row:
                is_owed = finding.state in _OWED
                title = finding.title if is_owed or not finding.because else finding.because[0].title
                self._add(finding.system or "", "finding" if is_owed else "review", title, finding.due.isoformat())

    def add_vendors(self, assessed: Iterable[AssessedVendor]) -> None:
        """The next review of each vendor, and the days from which other terms hold."""
        for vendor in assessed:
            for system in vendor.systems or ("",):
                review = _iso(vendor.next_review(self._today))
                self._add(system, "vendor-assessment", f"Review {vendor.entry.vendor_name}", review)
                for later in vendor.later:
                    title = f"{vendor.entry.vendor_name} changes its terms"
                    self._add(system, "vendor-term", title, _iso(later.terms.day))

    def add_others(
        self,
        law: Iterable[LawRecord],
        models: Iterable[ModelRecord],
        incidents: Iterable[IncidentRecord],
        approvals: Iterable[RecordedApproval],
        waivers: Iterable[WaiverRecord],
    ) -> None:
        """What ends, begins or runs out by itself."""
        for row in law:
            if row.state == "upcoming":
                self._add(row.system, "law", f"{row.row} applies: {row.title}", row.applies_from)
        for model in models:
            self._add(model.system, "model", f"{model.name} is retired by its vendor", model.retires)
        for incident in incidents:
            for clock, state, deadline in incident.clocks:
                if state in ("running", "overdue", "unknown"):
                    self._add(incident.system, "incident-clock", f"{incident.id}: {clock}", (deadline or "")[:10])
        for approval in approvals:
            title = f"The approval of {approval.purpose} as {approval.role} expires"
            self._add(approval.system, "approval", title, approval.expires)
        for waiver in waivers:
            self._add(waiver.system, "waiver", f"The waiver of {waiver.rule} expires", waiver.expires)

    def sorted(self, more: Iterable[DueRecord]) -> tuple[DueRecord, ...]:
        """All of them, and some more, by day."""
        found = dict.fromkeys((*self._found, *more))
        return tuple(sorted(found, key=lambda it: (it.day, it.system, it.kind, it.title)))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at is not None else None


def _plain(value: Any) -> Any:
    """A fact as JSON knows it."""
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if isinstance(value, (bool, int, float, str)) or value is None else str(value)
