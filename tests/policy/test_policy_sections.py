"""A policy document is validated by a model of the sections that it has; what is said of it is the same."""

from __future__ import annotations

from typing import Any

import pytest

from policy_gate.documents.validation import validated
from policy_gate.errors import DocumentError
from policy_gate.schema.policy_document import PolicyFile
from policy_gate.schema.policy_head import PolicyHead
from policy_gate.schema.policy_sections import policy_file_of
from policy_gate.schema.strict import Strict

SCHEMA = "policy-gate/policy/v1"


def told(model: type[Strict], raw: dict[str, Any]) -> tuple[str, ...]:
    with pytest.raises(DocumentError) as refused:
        validated(model, "policies/own.yaml", "", raw, {})
    return tuple(f"{it.message} ({it.hint})" for it in refused.value.problems)


def test_the_sections_of_a_document_and_no_others() -> None:
    raw = {"schema": SCHEMA, "debt": {"critical": "P30D"}, "facts": []}
    assert set(policy_file_of(raw).model_fields) == {"schema_", "about", "pack", "debt", "facts"}
    assert policy_file_of(["facts", "about", "debt"]) is policy_file_of(raw) is not policy_file_of(["facts", "schema"])


@pytest.mark.parametrize("section", sorted(PolicyFile.model_fields.keys() - PolicyHead.model_fields.keys()))
def test_faults_of_a_section_are_told_as_the_whole_model_tells_them(section: str) -> None:
    for entry in ("text", [{"id": "No Id", "unknown": 1}], {"unknown": 1}):
        raw = {"schema": SCHEMA, "about": 3, section: entry}
        assert policy_file_of(raw) is not PolicyFile
        assert told(policy_file_of(raw), raw) == told(PolicyFile, raw)


@pytest.mark.parametrize("key", ["ruels", "schema_"])
def test_beside_an_unknown_key_all_known_ones_are_named(key: str) -> None:
    assert policy_file_of(["schema", "rules", key]) is PolicyFile


def test_a_missing_schema_is_told() -> None:
    assert told(policy_file_of(["facts"]), {"facts": []}) == told(PolicyFile, {"facts": []})


def test_the_whole_model_checks_nothing_that_one_of_some_sections_would_not() -> None:
    assert not PolicyFile.__pydantic_decorators__.model_validators
    assert not PolicyFile.__pydantic_decorators__.field_validators
    for name, field in policy_file_of(["schema", *PolicyFile.model_fields.keys() - {"schema_"}]).model_fields.items():
        assert repr(field) == repr(PolicyFile.model_fields[name])
