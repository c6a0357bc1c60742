"""The report as OSCAL assessment results, so that tools of auditors can read it beside other assessments.

OSCAL is NIST's language for such documents. Version 1.2.1 is the newest that compliance-trestle reads; the JSON
Schema of 1.2.3 accepts it too. The assessment plan is the policies in force, which stand in the back matter: every
reference resolves inside the document. `Report.as_of` is the only time there is: the same report, the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_gate.report.formats.json import dumped
from policy_gate.report.formats.oscal.findings import READABLE, VERDICT, oscal_entries, paths_of
from policy_gate.report.formats.oscal.terms import (
    CHECK,
    Book,
    Data,
    control_of,
    filled,
    line,
    objective_of,
    paragraphs,
    prop,
    uid,
)
from policy_gate.report.sanitise import relative_uri, string, token
from policy_gate.report.style import RenderOptions
from policy_gate.report.wording import (
    VERDICT_WORDS,
    change_line,
    people_to_ask,
    plural,
    policies_line,
    result_of,
    revision,
    title_of,
)
from policy_gate.schema.report import Report, SystemReport

OSCAL_VERSION = "1.2.1"
_LIVE, _GONE = ("production",), ("deprecated", "decommissioned")


def oscal_report(report: Report, render: RenderOptions) -> str:
    """The report as an OSCAL document in JSON; `look` does not matter here."""
    book = Book.of(report)
    document = {
        "uuid": book.document,
        "metadata": _metadata(book),
        "import-ap": {"href": f"#{book.plan}", "remarks": "The policies in force are the plan of this assessment."},
        "local-definitions": {"objectives-and-methods": list(_objectives(book))},
        "results": [_result(book)],
        "back-matter": {"resources": [_plan(book), *(_file(book, path) for path in paths_of(report))]},
    }
    return dumped({"assessment-results": document})


def _metadata(book: Book) -> Data:
    report = book.report
    names = sorted({name for people in report.names.values() for name in people})
    held = sorted(role for role, people in report.names.items() if people)
    return {
        "title": line(f"AI governance check: {VERDICT_WORDS[report.verdict]}"),
        "last-modified": book.now,
        "version": report.as_of.isoformat(),
        "oscal-version": OSCAL_VERSION,
    } | filled(
        props=[*prop("tool-version", report.version), *prop("repository", report.trust.repository)],
        roles=[{"id": token(role), "title": line(title_of(report, role))} for role in _roles(report)],
        parties=[
            {"uuid": book.party(name), "type": "person", "name": string(name) or "(nothing said)"} for name in names
        ],
        responsible_parties=[
            {"role-id": token(role), "party-uuids": sorted({book.party(name) for name in report.names[role]})}
            for role in held
        ],
    )


def _roles(report: Report) -> list[str]:
    """Every role that the document speaks of."""
    asked = {finding.subject for finding in report.findings if finding.kind == "approval"}
    duties = {role for finding in report.findings for role in (*finding.responsible, *finding.accountable)}
    return sorted({*report.names, *asked, *duties})


def _objectives(book: Book) -> Iterator[Data]:
    """What each control wants, as objectives of this document: findings point at them."""
    wanted: dict[str, dict[str, str]] = {
        CHECK: {VERDICT: "The change may be merged by the rules of its base.", READABLE: "Each document can be read."}
    }
    placed = {VERDICT, READABLE}
    for finding in book.report.findings:
        objective = objective_of(finding)
        controls = [control_of(reason) for reason in finding.because] or [CHECK]
        for control in controls:
            wanted.setdefault(control, {})
        if objective not in placed:
            wanted[controls[0]][objective] = finding.wanted_in_words or f"{finding.kind} {finding.subject}"
            placed.add(objective)
    for control, objectives in wanted.items():
        parts = [
            {"id": objective, "name": "assessment-objective", "prose": line(prose)}
            for objective, prose in objectives.items()
        ]
        if parts:
            yield {"control-id": control, "parts": parts}


def _reviewed(book: Book) -> Data:
    controls = {CHECK: None} | {
        control_of(reason): None for finding in book.report.findings for reason in finding.because
    }
    objectives = {VERDICT: None, READABLE: None} | {objective_of(finding): None for finding in book.report.findings}
    return {
        "control-selections": [{"include-controls": [{"control-id": control} for control in controls]}],
        "control-objective-selections": [{"include-objectives": [{"objective-id": it} for it in objectives]}],
    }


def _result(book: Book) -> Data:
    report, found = book.report, list(oscal_entries(book))
    return {
        "uuid": uid("result", book.document),
        "title": line(f"{result_of(report)} against {revision(report.trust.base)}"),
        "description": line(f"{VERDICT_WORDS[report.verdict]}: {plural(len(report.systems), 'system')}"),
        "start": book.now,
        "end": book.now,
        "props": _trust(report),
        "local-definitions": {
            "components": list(_components(book)),
            "assessment-assets": _assets(book),
        },
        "reviewed-controls": _reviewed(book),
    } | filled(
        observations=[entry.observation for entry in found],
        risks=[entry.risk for entry in found if entry.risk],
        findings=[entry.finding for entry in found if entry.finding],
        remarks=paragraphs(_remarks(report)),
    )


def _trust(report: Report) -> list[Data]:
    trust = report.trust
    return [
        *prop("verdict", report.verdict),
        *prop("enforcing", trust.enforcing),
        *prop("mode", trust.mode),
        *prop("base-ref", trust.base.ref),
        *prop("base-commit", trust.base.commit),
        *prop("head-ref", trust.head.ref),
        *prop("head-commit", trust.head.commit),
        *prop("result-tree", trust.result_tree),
        *prop("result-from", trust.result_from),
        *prop("policies", policies_line(report)),
        *prop("policies-digest", trust.policies_digest),
        *(source for name in trust.approval_sources for source in prop("approvals-from", name)),
        *prop("approvals-complete", trust.approvals_complete),
    ]


def _remarks(report: Report) -> Iterator[str]:
    """What a reader must know before trusting it."""
    if not report.trust.enforcing:
        yield "This check does not enforce."
    yield from (report.headline, report.hint)
    yield from report.trust.notes
    yield from (f"preview: {text}" for text in report.preview)
    yield from (f"would be able to approve: {grant.name} as {', '.join(grant.roles)}" for grant in report.grants)
    if report.ask:
        yield people_to_ask(report)


def _components(book: Book) -> Iterator[Data]:
    """The repository, and each system that the report speaks of."""
    name = book.report.trust.repository
    yield {
        "uuid": book.component(None),
        "type": "this-system",
        "title": line(name, "The repository"),
        "description": "The repository that holds the systems, its rules and its documents.",
        "status": {"state": "operational"},
    }
    known = {system.id for system in book.report.systems}
    for system in book.report.systems:
        yield _system(book, system)
    for other in sorted({finding.system for finding in book.report.findings if finding.system} - known):
        yield {
            "uuid": book.component(other),
            "type": "software",
            "title": line(other),
            "description": "A system that the report names and does not describe.",
            "props": prop("id", other),
            "status": {"state": "other", "remarks": "not described"},
        }


def _system(book: Book, system: SystemReport) -> Data:
    state = "operational" if system.stage in _LIVE else "disposition" if system.stage in _GONE else "under-development"
    return {
        "uuid": book.component(system.id),
        "type": "software",
        "title": line(system.name, system.id),
        "description": line(f"{system.id}, declared in {system.manifest}"),
        "props": [
            *prop("id", system.id),
            *prop("verdict", system.verdict),
            *prop("presence", system.presence),
            *prop("stage", system.stage),
            *prop("base-stage", system.base_stage),
            *prop("tier", system.effective_tier),
            *prop("score", system.score),
            *prop("subject-digest", system.subject_digest),
            *(one for name in system.law_class for one in prop("law-class", name)),
            *(one for gate in system.gates if gate.entered for one in prop("enters-gate", gate.id)),
        ],
        "status": {"state": state},
    } | filled(remarks=paragraphs([*map(change_line, system.changes), *_law(system)]))


def _law(system: SystemReport) -> Iterator[str]:
    """How far evidence is complete; never a claim of compliance."""
    for law in system.law:
        if not law.applicable and not law.unknown:
            yield f"{law.regulation}: nothing evaluated"
            continue
        complete = "evidence complete" if law.evidence_complete else "evidence incomplete"
        yield (
            f"{law.regulation}: {complete}, {law.met} of {law.applicable} met, {plural(law.gaps, 'gap')}, "
            f"{law.unknown} unknown, {law.upcoming} upcoming"
        )


def _assets(book: Book) -> Data:
    tool = {
        "uuid": book.tool,
        "type": "software",
        "title": "policy-gate",
        "description": "Judges what merging a change would do, by the rules that its base holds.",
        "props": prop("version", book.report.version),
        "status": {"state": "operational"},
    }
    platform = {
        "uuid": uid("platform", "policy-gate"),
        "title": "policy-gate check",
        "uses-components": [{"component-uuid": book.tool}],
    }
    return {"components": [tool], "assessment-platforms": [platform]}


def _plan(book: Book) -> Data:
    trust = book.report.trust
    return {
        "uuid": book.plan,
        "title": "Policies in force",
        "description": line(f"{policies_line(book.report) or 'none could be read'} {trust.policies_digest}"),
        "props": [*prop("trusted", trust.policies_trusted), *prop("policies-digest", trust.policies_digest)],
    }


def _file(book: Book, path: str) -> Data:
    """A file of the judged tree, by its path in the repository."""
    href = relative_uri(path)
    return {"uuid": book.resource(path), "title": line(path)} | filled(rlinks=[{"href": href}] if href else [])
