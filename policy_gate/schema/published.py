"""The JSON Schemas of the documents that people write."""

from __future__ import annotations

from typing import Any

from policy_gate.schema.card_document import Card
from policy_gate.schema.documents import ApprovalRecord, Config, Manifest, Waivers
from policy_gate.schema.incident_document import Incident
from policy_gate.schema.pack_document import PackFile
from policy_gate.schema.policy_cases import CaseFile
from policy_gate.schema.policy_document import PolicyFile
from policy_gate.schema.roles import Roles
from policy_gate.schema.strict import Strict

PUBLISHED: dict[str, type[Strict]] = {
    "manifest": Manifest,
    "config": Config,
    "roles": Roles,
    "card": Card,
    "policy": PolicyFile,
    "approval": ApprovalRecord,
    "waiver": Waivers,
    "incident": Incident,
    "case": CaseFile,
    "pack": PackFile,
}


def document_schema(document: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a document's kind; KeyError for an unknown one."""
    draft = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {**draft, **PUBLISHED[document].model_json_schema(by_alias=True)}
