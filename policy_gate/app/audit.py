"""The audit trail joined with a check: what of an answer is recorded, and by whose keys entries are believed."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from policy_gate.app.check import CheckSession
from policy_gate.audit.append import LogWriter
from policy_gate.audit.signers import EntrySigner
from policy_gate.audit.statements import Draft
from policy_gate.collect.base_ref import branch_of_commit, is_on, tip_of_branch
from policy_gate.collect.inputs import OpenInputs
from policy_gate.collect.layout import WAIVERS_FILE
from policy_gate.errors import UndecidedError
from policy_gate.report.formats.attestation import attestation_data, unattestable
from policy_gate.schema.audit_entry import (
    ApprovalGiven,
    AuditEntry,
    Blocking,
    IncidentStep,
    Inputs,
    JudgedSystem,
    Record,
    Side,
    StageChange,
    VerdictRecord,
    WaiverStep,
    entry_id,
)
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.in_toto import EVENT_TYPE
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.report import Report
from policy_gate.schema.snapshot import Snapshot
from policy_gate.vcs.discovery import find_repository
from policy_gate.vcs.ref_writer import RefWriter
from policy_gate.vcs.repository import Repository

_LOGIN = lazy_pattern(r"(?<=://)[^/@\s]+@")
_ORGANISATION = lazy_pattern(r"organisation:[^+]*?(?=\s*(?:\+|$))")
_SECRET_NAME = lazy_pattern(r"TOKEN|SECRET|PASSWORD|PRIVATE|CREDENTIAL|API_?KEY")
_LEAST_SECRET = 8
_LEAST_PLACE = 4


@contextmanager
def log_writer(directory: Path, signer: EntrySigner | None = None) -> Iterator[LogWriter]:
    """The log of the repository that a directory is in, to be read and written."""
    with Repository.open(directory) as repository:
        yield LogWriter(repository, RefWriter(find_repository(directory)), signer)


def on_its_branch(request: Request) -> Request:
    """The request, with the branch that its base lies on where that is named by a commit alone.

    Without it no approval that names its branch would count, and the log would say for ever that the gate said no.
    """
    with Repository.open(request.directory) as repository:
        return replace(request, branch=branch_of_commit(repository, request))


def unrecordable(report: Report) -> str:
    """Why nothing may be recorded of this report, as half a sentence; empty where it may."""
    return unattestable(report)


def drafts_of(
    report: Report,
    request: Request,
    recorded: datetime,
    repository_url: str = "",
    session: CheckSession | None = None,
) -> list[Draft]:
    """What is recorded of one answer: the verdict, and what the change brings that an auditor asks for.

    What the change brings is read anew, in `session` where one is open.

    UndecidedError where the answer does not bind, so that there is nothing to record.
    """
    why_not = unrecordable(report)
    if why_not:
        raise UndecidedError(f"nothing is recorded: {why_not}", hint="policy-gate check shows the answer")
    with nullcontext(session) if session else CheckSession(request.directory) as opened:
        records, branch = opened.judge(request, lambda inputs, _: (records_of(report, inputs), inputs.target_branch))
        inputs = _inputs(report, request, branch, opened.repository)
    verdict = attestation_data(report, request.as_of, repository_url)
    event = {"subject": verdict["subject"][:2], "predicateType": EVENT_TYPE, "predicate": {}}
    name = report.trust.repository or _name_of(repository_url)
    cleaned = _Cleaner(request)
    drafts = []
    for record in records:
        entry = AuditEntry(
            sequence=0,
            previous=None,
            recorded=recorded.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            id=entry_id(inputs, record, msgspec.to_builtins(record)),
            version=report.version,
            repository=cleaned.text(name),
            inputs=inputs,
            record=record,
        )
        drafts.append(Draft(entry, cleaned.data(verdict if isinstance(record, VerdictRecord) else event)))
    return drafts


def records_of(report: Report, inputs: OpenInputs) -> list[Record]:
    """What happened, as far as this answer shows it: the verdict first."""
    found: list[Record] = [verdict_of(report)]
    found += _approvals(report)
    found += _stages(report)
    if inputs.mode != "all":
        found += _waivers(inputs.base, inputs.result)
        found += _incident_steps(inputs.base, inputs.result)
    return found


def brings(record: Record, inputs: OpenInputs) -> bool:
    """Whether a change, as two trees show it, brings this stage, waiver or step of an incident."""
    if isinstance(record, StageChange):
        stages = [it.entry.stage if it else "" for it in (side.system(record.system) for side in _sides(inputs))]
        return stages == [record.before, record.after] and record.before != record.after
    if isinstance(record, WaiverStep):
        return record in _waivers(*_sides(inputs))
    return isinstance(record, IncidentStep) and record in _incident_steps(*_sides(inputs))


def _sides(inputs: OpenInputs) -> tuple[Snapshot, Snapshot]:
    return inputs.base, inputs.result


def verdict_of(report: Report) -> VerdictRecord:
    """What a check answered, less what differs from day to day without a meaning."""
    systems = tuple(
        JudgedSystem(one.id, one.stage, one.effective_tier, one.verdict, one.subject_digest) for one in report.systems
    )
    blocking = tuple(
        Blocking(
            one.system or "", one.kind, one.subject, tuple(sorted(f"{why.kind}:{why.rule}" for why in one.because))
        )
        for one in report.findings
        if one.blocks
    )
    return VerdictRecord(report.verdict, systems, blocking)


def _approvals(report: Report) -> Iterator[ApprovalGiven]:
    found = {
        ApprovalGiven(
            system=one.system or "",
            for_=one.for_ or "",
            role=one.subject,
            person=claim.who,
            given=claim.when.isoformat() if claim.when else "",
            subject_digest=one.subject_digest or "",
        ): None
        for one in report.findings
        if one.kind == "approval"
        for claim in one.claims
        if claim.counts
    }
    yield from found


def _stages(report: Report) -> Iterator[StageChange]:
    for one in report.systems:
        if one.presence == "removed":
            yield StageChange(one.id, one.base_stage or "", "")
        elif one.presence in ("added", "enrolled"):
            yield StageChange(one.id, "", one.stage)
        elif one.base_stage is not None and one.base_stage != one.stage:
            yield StageChange(one.id, one.base_stage, one.stage)


def _waivers(base: Snapshot, result: Snapshot) -> Iterator[WaiverStep]:
    before, after = _waivers_of(base), _waivers_of(result)
    # Nobody withdraws what is only broken: it permits nothing until it can be read again, and is granted then.
    is_broken = any(problem.path == WAIVERS_FILE for problem in result.problems)
    left = "unreadable" if is_broken else "withdrawn"
    yield from (replace(one, step=left) for one in before if one not in after)
    yield from (one for one in after if one not in before)


def _waivers_of(side: Snapshot) -> dict[WaiverStep, None]:
    listed = side.waivers.content.waivers if side.waivers else []
    return {
        WaiverStep(
            step="granted",
            system=one.system,
            rule=one.rule,
            subject=one.subject or "",
            owner=one.owner,
            approver=one.approver,
            reason=one.reason,
            ticket=one.ticket or "",
            created=one.created.isoformat(),
            expires=one.expires.isoformat(),
        ): None
        for one in listed
    }


def _incident_steps(base: Snapshot, result: Snapshot) -> Iterator[IncidentStep]:
    before = set(_steps_of(base))
    yield from (step for step in _steps_of(result) if step not in before)


def _steps_of(side: Snapshot) -> Iterator[IncidentStep]:
    for document in side.incidents:
        one = document.content
        about = (one.id, one.system, one.type, one.severity)
        yield IncidentStep(*about, "reported", one.detected_at.astimezone(UTC).isoformat(), "", "")
        for entry in one.timeline:
            yield IncidentStep(*about, entry.step, entry.at.astimezone(UTC).isoformat(), entry.by, entry.clock or "")


def _inputs(report: Report, request: Request, branch: str, repository: Repository) -> Inputs:
    trust = report.trust
    cleaned = _Cleaner(request)
    tip = tip_of_branch(repository, branch)
    base, head = (
        Side(cleaned.text(side.ref), side.commit or "", is_on(repository, tip, side.commit or ""))
        for side in (trust.base, trust.head)
    )
    return Inputs(
        base=base,
        head=head,
        result_tree=trust.result_tree,
        branch=branch,
        mode=trust.mode,
        as_of=request.as_of.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        policies=trust.policies_digest,
        organisation=request.organisation_policies is not None,
        evidence=bool(request.evidence),
        require_stage=request.require_stage or "",
        require_governed_base=request.require_governed_base,
        approval_sources=trust.approval_sources,
    )


class _Cleaner:
    """Takes out of what the check itself said what is of the machine: places on it, and secrets that it was given.

    Records hold what the repository says, which every reader of the log can read there.
    """

    def __init__(self, request: Request) -> None:
        places = [request.directory, request.organisation_policies, request.checkout, *request.evidence]
        known = {str(place) for place in places if place} | {tempfile.gettempdir(), str(Path.cwd())}
        known |= {os.path.realpath(place) for place in known}
        known |= {request.environment.get("HOME", ""), request.environment.get("RUNNER_TEMP", "")}
        secrets = (value for name, value in request.environment.items() if _SECRET_NAME.search(name.upper()))
        self._places = sorted((place for place in known if len(place) >= _LEAST_PLACE), key=len, reverse=True)
        self._secrets = [value for value in secrets if len(value) >= _LEAST_SECRET]

    def text(self, text: str) -> str:
        text = _ORGANISATION.sub("organisation", _LOGIN.sub("", text))
        for secret in self._secrets:
            text = text.replace(secret, "***")
        for place in self._places:
            text = re.sub(re.escape(place) + r"(?:/[^\s,;:)'\"]*)?(?![\w-])", "(a place on the machine)", text)
        return text

    def data(self, data: Any) -> Any:
        """The same plain data with every text in it cleaned."""
        if isinstance(data, str):
            return self.text(data)
        if isinstance(data, Mapping):
            return {key: self.data(value) for key, value in data.items()}
        return [self.data(value) for value in data] if isinstance(data, list | tuple) else data


def _name_of(repository_url: str) -> str:
    return "/".join(_LOGIN.sub("", repository_url).rstrip("/").rsplit("/", 2)[-2:]) if repository_url else ""
