"""Vendors of the work tree: each described one with what the policies make of it, and answers taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct

from policy_gate.app.judge import policies_of_base
from policy_gate.app.views import refuse_unread
from policy_gate.collect.inputs import load_inputs
from policy_gate.documents.read_back import read_back
from policy_gate.documents.spelling import did_you_mean
from policy_gate.documents.writer import NewFile, update
from policy_gate.errors import DocumentError, PolicyError, UsageError
from policy_gate.facts.announced_terms import assessed_terms
from policy_gate.facts.facts import facts_of, vendor_values
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.documents import Manifest
from policy_gate.schema.facts import Facts
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.source import Document
from policy_gate.schema.vendors import AssessedVendor, LaterAssessment, VendorAssessment
from policy_gate.vcs.discovery import find_repository
from policy_gate.vendors.answers import Answers, contradictions, not_yet, read_answers
from policy_gate.vendors.assessment import assess
from policy_gate.write.vendor_lines import line_of, with_answers


def vendors_in(request: Request) -> tuple[RuleSet, tuple[AssessedVendor, ...]]:
    """Every vendor that a manifest of the work tree describes, by id, on the request's day; unused ones, too.

    Whether it gets personal data is told from its entry, else from the systems that use it: all of them must say no.
    Raises DocumentError where a manifest cannot be read, PolicyError where the policies say nothing of vendors.
    """
    with load_inputs(request) as inputs:
        policy = policies_of_base(inputs)
        side = inputs.result
        refuse_unread(side, "vendors")
        return policy, assessed_vendors_of(side, facts_of(side, policy), policy, request.as_of.date())


def assessed_vendors_of(
    side: Snapshot, facts: tuple[Facts, ...], policy: RuleSet, day: date
) -> tuple[AssessedVendor, ...]:
    """Every vendor that a manifest of a tree describes, by id, on a day; PolicyError as `vendors_in`."""
    found = [
        _assessed(manifest, index, facts, policy, day)
        for manifest in side.manifests
        for index in range(len(manifest.content.vendors))
    ]
    return tuple(sorted(found, key=lambda it: (it.entry.id, it.manifest.path)))


def _assessed(
    manifest: Document[Manifest], index: int, facts: tuple[Facts, ...], policy: RuleSet, day: date
) -> AssessedVendor:
    entry = manifest.content.vendors[index]
    users = [item for item in facts if any(vendor is entry or vendor == entry for vendor in item.declared.vendors)]
    said = [item.stated.get("system.processes_personal_data") for item in users]
    personal = True if True in said else False if said and set(said) == {False} else None
    terms = assessed_terms(vendor_values(entry), entry.announced, personal, policy)
    return AssessedVendor(
        entry=entry,
        manifest=manifest,
        index=index,
        systems=tuple(item.id for item in users),
        values=terms.on(day),
        assessment=_assessment(terms.on(day), policy),
        in_force=tuple(it for it in terms.later if it.day <= day),
        later=tuple(LaterAssessment(it, _assessment(it.values, policy)) for it in terms.ahead(day)),
    )


def _assessment(values: Mapping[str, Any], policy: RuleSet) -> VendorAssessment:
    found = assess(values, policy)
    if found is None:
        raise PolicyError("the policies say nothing of vendors", hint="add vendor_findings and vendor_tiers")
    return found


def chosen(vendors: tuple[AssessedVendor, ...], ids: tuple[str, ...]) -> tuple[AssessedVendor, ...]:
    """Those of these ids, or all; UsageError for an id that nobody describes."""
    known = [it.entry.id for it in vendors]
    for id_ in ids:
        if id_ not in known:
            raise UsageError(f'no vendor "{id_}"', hint=did_you_mean(id_, known) or "policy-gate vendor assess")
    return tuple(it for it in vendors if not ids or it.entry.id in ids)


class Imported(Struct, frozen=True):
    """What an import put into which manifest; `said` are the new fields."""

    answers: Answers
    vendor: str
    path: str
    said: Mapping[str, Any]


def import_answers(request: Request, file: Path, vendor: str | None) -> Imported:
    """Put the answers of a file into the entry of its vendor: what it leaves open is filled in, nothing overwritten.

    Raises DocumentError with every place that does not fit, UsageError where it cannot be told whose answers they are
    or the manifest takes no lines; then nothing is written.
    """
    policy, vendors = vendors_in(request)
    try:
        data = file.read_bytes()
    except OSError as fault:
        raise UsageError(f"cannot read {file}: {fault.strerror}") from fault
    answers = read_answers(str(file), data, policy)
    one = _only(vendors, answers, vendor)
    if wrong := (*contradictions(answers, one), *not_yet(answers, request.as_of.date())):
        raise DocumentError(f"{wrong[0].location}: {wrong[0].message}", hint=wrong[0].hint, problems=wrong)
    new = {name: value for name, value in answers.said.items() if one.said_of(name) != value}
    if new:
        _write(find_repository(request.directory).root, one, new)
    return Imported(answers, one.entry.id, one.manifest.path, new)


def _only(vendors: tuple[AssessedVendor, ...], answers: Answers, vendor: str | None) -> AssessedVendor:
    if vendor is not None and answers.vendor not in ("", vendor):
        raise UsageError(f'the answers are of "{answers.vendor}", not of "{vendor}"')
    id_ = vendor or answers.vendor
    if not id_:
        raise UsageError(
            "the file does not say whose answers these are", hint="policy-gate vendor import FILE --vendor ID"
        )
    found = chosen(vendors, (id_,))
    if len(found) > 1:
        places = ", ".join(it.place for it in found)
        raise UsageError(f"{id_} is described at {places}", hint="write the answers in by hand")
    return found[0]


def _write(root: Path, one: AssessedVendor, new: Mapping[str, Any]) -> None:
    """Write the manifest with the answers, once it reads as meant; UsageError with the lines where it would not."""
    path = one.manifest.path
    text = (root / path).read_bytes().decode("utf-8")
    wanted = one.entry.model_copy(update=dict(new))
    changed = with_answers(text, one.manifest, one.index, new)
    read = read_back(Manifest, path, changed)
    if read is None or read.content.vendors[one.index : one.index + 1] != [wanted]:
        lines = "; ".join(line_of(name, value) for name, value in new.items())
        raise UsageError(f"{one.place} takes no lines as it is written; nothing was written", hint=f"add: {lines}")
    update(root, NewFile(path, changed), text)
