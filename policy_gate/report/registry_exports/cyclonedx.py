"""Systems, models and vendors as a bill of materials of CycloneDX 1.6.

A system is a component, a model that it runs on another, and a vendor a service; `dependencies` say who uses what.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from policy_gate import __version__
from policy_gate.report.formats.json import dumped
from policy_gate.report.sanitise import string
from policy_gate.schema.canonical import digest_of
from policy_gate.schema.registry_record import RepositoryRecord, SystemRecord

_MODEL: Final = "machine-learning-model"


def bill_of_materials(records: Sequence[RepositoryRecord]) -> str:
    """The same bytes for the same records; no clock is asked, so that it carries no instant of its own."""
    parts: dict[str, dict[str, Any]] = {}
    services: dict[str, dict[str, Any]] = {}
    uses: dict[str, list[str]] = {}
    for record in records:
        for system in record.systems:
            ref = _ref("system", record.repository, system.id)
            parts[ref] = _component(ref, record, system)
            uses[ref] = []
        for model in record.models:
            ref = _ref("model", model.vendor, model.name)
            known = {"supplier": {"name": string(model.vendor)}} if string(model.vendor) else {}
            told = _properties({"retires": model.retires})
            parts.setdefault(
                ref, {"type": _MODEL, "bom-ref": ref, "name": string(model.name) or "unnamed"} | known | told
            )
            _use(uses, _ref("system", record.repository, model.system), ref)
        for vendor in record.vendors:
            ref = _ref("vendor", vendor.id, vendor.product_name)
            name = string(vendor.product_name or vendor.vendor_name or vendor.id) or "unnamed"
            provider = {"provider": {"name": string(vendor.vendor_name or vendor.id)}}
            services.setdefault(ref, {"bom-ref": ref} | provider | {"name": name} | _properties({"risk": vendor.risk}))
            _use(uses, _ref("system", record.repository, vendor.system), ref)
    content = {
        "components": list(parts.values()),
        "services": list(services.values()),
        "dependencies": [{"ref": ref, "dependsOn": list(dict.fromkeys(used))} for ref, used in uses.items()],
    }
    serial = uuid5(NAMESPACE_URL, digest_of(content))
    tool = {"type": "application", "name": "policy-gate", "version": __version__}
    head = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"tools": {"components": [tool]}},
    }
    return dumped(head | content)


def _component(ref: str, record: RepositoryRecord, system: SystemRecord) -> dict[str, Any]:
    head: dict[str, Any] = {"type": _MODEL, "bom-ref": ref, "group": string(record.repository)}
    head["name"] = string(system.name or system.id) or "unnamed"
    if string(system.description):
        head["description"] = string(system.description)
    told = {
        "system": system.id,
        "repository": record.repository,
        "commit": record.commit,
        "as_of": record.as_of,
        "owner_team": system.owner_team,
        "incident_contact": system.incident_contact,
        "stage": system.stage,
        "deployment_date": system.deployment_date,
        "tier": system.effective_tier or system.tier,
        "verdict": system.verdict,
    }
    return head | _properties(told, law_class=system.law_class, regulatory_scope=system.regulatory_scope)


def _properties(told: dict[str, str | None], **several: Sequence[str]) -> dict[str, Any]:
    def rows() -> Iterator[tuple[str, str]]:
        yield from ((name, text) for name, text in told.items() if text)
        yield from ((name, text) for name, texts in several.items() for text in dict.fromkeys(texts))

    found = [{"name": f"policy-gate:{name}", "value": string(text)} for name, text in rows()]
    return {"properties": found} if found else {}


def _use(uses: dict[str, list[str]], system: str, ref: str) -> None:
    if system in uses:
        uses[system].append(ref)


def _ref(kind: str, *names: str) -> str:
    """A reference that is the same in every export; ids of repositories may hold anything, so it is a digest."""
    return f"{kind}-{digest_of(list(names)).removeprefix('sha256:')[:24]}"
