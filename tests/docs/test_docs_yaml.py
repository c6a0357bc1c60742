"""Every YAML example of the documentation is read by the real reader and judged by the real validator and policies."""

from __future__ import annotations

from typing import Any

import pytest
from doc_pages import CI_FRAGMENTS, PAGES, Block, blocks, shipped_policies

from policy_gate.collect.layout import Layout
from policy_gate.collect.policies_of_tree import DEFAULT_CONFIG
from policy_gate.collect.policy_files import builtin_layer
from policy_gate.collect.systems import declared_systems, entries_of
from policy_gate.documents.validation import validated
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import PolicyError
from policy_gate.facts.facts import system_facts
from policy_gate.policy.cases import read_cases
from policy_gate.policy.load import load_policies
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.documents import ApprovalRecord, Config, Manifest, Strict, Waivers
from policy_gate.schema.policy_cases import CaseFile
from policy_gate.schema.published import PUBLISHED
from policy_gate.schema.roles import Roles
from policy_gate.schema.source import Document

POLICY, CASE, MANIFEST = "policy-gate/policy/v1", "policy-gate/case/v1", "policy-gate/manifest/v1"
EXAMPLES = [
    block for page in PAGES for block in blocks(page, "yaml", "yml") if block.value("fragment", ":") not in CI_FRAGMENTS
]
ENTRY: dict[str, Any] = {
    "id": "SYS-001",
    "name": "Example",
    "owner_team": "Team",
    "stage": "development",
    "paths": ["example/**"],
    "risk_profile": {},
}
RULE: dict[str, Any] = {
    "id": "example-of-the-page",
    "title": "Example",
    "why": "To be read.",
    "when": 'system.tier == "high"',
    "enforcement": "block",
}


def whole(block: Block) -> Document[Any]:
    """The document that a block is, or that a fragment stands in."""
    raw, marks = read_yaml(block.name, block.text.encode("utf-8"))
    fragment = block.value("fragment", ":")
    if fragment == "systems":
        entries = raw if isinstance(raw, list) else [ENTRY | raw]
        return Document(block.name, "", {"schema": MANIFEST, "systems": entries}, {})
    if fragment == "require":
        return Document(block.name, "", {"schema": POLICY, "rules": [RULE | {"require": raw}]}, {})
    if fragment is not None:
        return Document(block.name, "", {"schema": POLICY, fragment: raw}, {})
    return Document(block.name, "", raw, marks)


def layer(*documents: Document[Any]) -> LayerSource:
    return LayerSource("repository", "page", documents)


@pytest.mark.parametrize("block", EXAMPLES, ids=lambda block: block.name)
def test_example_is_sound(block: Block) -> None:
    document = whole(block)
    assert isinstance(document.content, dict), block.name
    schema = document.content.get("schema")
    assert schema, f"{block.name}: no schema; say which fragment it is (```yaml fragment:systems)"
    if schema == POLICY:
        _check_policy(block, document)
    elif schema == CASE:
        _check_cases(block, document)
    else:
        model: type[Strict] = PUBLISHED[schema.split("/")[1]]
        _check_names(block, validated(model, document.path, "", document.content, document.marks))


def _check_policy(block: Block, document: Document[Any]) -> None:
    if "refused" in block.words:
        with pytest.raises(PolicyError):
            load_policies([builtin_layer(), layer(document)])
        return
    assert load_policies([builtin_layer(), layer(document)]).digest != shipped_policies().digest, (
        "the example changes nothing"
    )


def _check_cases(block: Block, document: Document[Any]) -> None:
    """The cases of a page are read against the rules of the same page; that they pass is the console's to show."""
    cases = validated(CaseFile, document.path, "", document.content, document.marks).content.cases
    own = [whole(other) for other in EXAMPLES if other.page == block.page and "refused" not in other.words]
    policy = load_policies([builtin_layer(), layer(*(other for other in own if other.content.get("schema") == POLICY))])
    assert len(read_cases([document], policy)) == len(cases)


def _check_names(block: Block, document: Document[Any]) -> None:
    """What the document names must be there in the shipped policies."""
    policy, content = shipped_policies(), document.content
    if isinstance(content, Manifest):
        systems = list(declared_systems(entries_of([document]), content.vendors, Layout(DEFAULT_CONFIG)))
        for system in systems:
            problems = system_facts(system, {}, policy, {it.key.id for it in systems}).problems
            assert problems == (), block.name
    elif isinstance(content, Roles):
        assert set(content.roles) <= set(policy.roles)
    elif isinstance(content, Waivers):
        assert {waiver.rule for waiver in content.waivers} <= {rule.id for rule in policy.rules}
    elif isinstance(content, ApprovalRecord):
        assert content.role in policy.roles
        assert content.for_ in {rule.id for rule in policy.rules}
    elif isinstance(content, Config):
        assert set(content.pack_ids) <= set(policy.regulations)


def test_an_unsound_example_would_be_noticed() -> None:
    block = EXAMPLES[0]
    for text in ("facts: {eu_markt: true}", "artifacts: [{id: red-team-reprot, path: x}]", "regulatory_scope: [GDRP]"):
        wrong = Block(block.page, 1, "yaml", ("fragment:systems",), text)
        with pytest.raises(AssertionError):
            test_example_is_sound(wrong)
    with pytest.raises(AssertionError):
        test_example_is_sound(Block(block.page, 1, "yaml", (), "a: 1\n"))
