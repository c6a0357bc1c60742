"""What the documentation names is there: pages, ids, fields, variables, commands, tables copied from the rules."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import get_args

import click
import pytest
import yaml
from doc_pages import ALL_PAGES, PAGES, ROOT, blocks, prose, shipped_policies, spans

from policy_gate.cli.app import app
from policy_gate.collect.policy_files import builtin_layer
from policy_gate.policy.load import policies_as_written
from policy_gate.policy.variables import variables
from policy_gate.registry.questions import questions
from policy_gate.report.registry_exports import EXPORTS
from policy_gate.schema.documents import SystemEntry
from policy_gate.schema.due import DueKind
from policy_gate.schema.vendor_document import VendorEntry
from policy_gate.schema.vocabulary import STATES, WAIVER_FAULTS, Cause

DOCS = [page for page in PAGES if page.parent.name == "docs"]
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_ID = re.compile(r"(?:[a-z]+:)?([a-z0-9]+(?:-[a-z0-9]+)+)")


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in _LINK.findall(prose(page)):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.+)$", prose(target), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in headings}, link


def test_the_map_leads_to_every_page() -> None:
    linked = {(ROOT / "docs" / link).resolve() for link in _LINK.findall(prose(ROOT / "docs" / "index.md"))}
    own = [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "adr").glob("*.md")]
    assert {page for page in own if page.name != "index.md"} - linked == set()


def known_ids() -> set[str]:
    """Every id of the shipped policies, and the words of ours that are spelt alike."""
    ids = {item.partition(":")[2] for item in policies_as_written([builtin_layer()])}
    ids |= _names_in_ci()
    ids |= set(get_args(Cause)) | set(get_args(DueKind)) | set(questions()) | set(EXPORTS)
    return ids | set(WAIVER_FAULTS) | set(STATES) | {"policy-gate"}


def _names_in_ci() -> set[str]:
    """Inputs and outputs of the action, inputs of the component."""
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    component = next(yaml.safe_load_all((ROOT / "templates" / "policy-gate.yml").read_text("utf-8")))
    return {*action["inputs"], *action["outputs"], *component["spec"]["inputs"]}


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_ids_exist(page: Path) -> None:
    own = set(re.findall(r"^\s*- id: ([a-z0-9-]+)$", "\n".join(b.text for b in blocks(page, "yaml")), re.MULTILINE))
    named = {match[1] for span in spans(page) if (match := _ID.fullmatch(span))}
    assert named - known_ids() - own == set()


def test_a_wrong_id_would_be_noticed() -> None:
    assert "red-team-reprot" not in known_ids()
    assert {"red-team-report", "ai-safety-lead", "ciso-approval", "tier-lowered", "decommissioning"} <= known_ids()


def test_variables_exist() -> None:
    policy = shipped_policies()
    known = {name for names in variables(policy.facts).values() for name in names}
    page = ROOT / "docs" / "policies.md"
    named = {name for span in spans(page) for name in re.findall(r"\b(?:system|vendor|change|metric|today)\.\w+", span)}
    assert named - known == set()
    built_in = {name for name in variables({})["system"] if name.split(".")[1] not in _dimensions()}
    assert built_in - named == set(), "the page leaves out names"


def _dimensions() -> set[str]:
    return {dimension.id for dimension in shipped_policies().scoring.dimensions}


def test_the_manifest_page_speaks_of_every_field() -> None:
    page = ROOT / "docs" / "manifest.md"
    said = " ".join([*spans(page), *(block.text for block in blocks(page))])
    for model in (SystemEntry, VendorEntry):
        assert [name for name in model.model_fields if not re.search(rf"\b{name}\b", said)] == []


def test_card_fields_stand_under_their_tiers() -> None:
    rows = [line.split("|")[1:-1] for line in prose(ROOT / "docs" / "manifest.md").splitlines() if "| yes" in line]
    tiers = ("low", "medium", "high", "critical")
    told = {
        field: {tier for tier, cell in zip(tiers, row[1:], strict=True) if "yes" in cell}
        for row in rows
        for field in re.findall(r"`(\w+)`", row[0])
    }
    assert told == {spec.id: set(spec.tiers) for spec in shipped_policies().card_fields}


def _row_roles(line: str) -> set[str]:
    return set(re.findall(r"`([a-z-]+)`", line.split("|")[3]))


def test_approvals_of_gates_and_changes_are_those_of_the_rules() -> None:
    wanted: dict[str, set[str]] = {}
    for rule in shipped_policies().rules:
        roles = {want.subject for want in rule.requirements if want.kind == "approval"}
        if roles and rule.kind != "control":
            wanted[rule.id] = roles
    told: dict[str, set[str]] = {}
    for line in prose(ROOT / "docs" / "approvals.md").splitlines():
        if line.startswith("| `") and line.count("|") == 4 and _row_roles(line):
            told |= dict.fromkeys(re.findall(r"`([a-z-]+)`", line.split("|")[1]), _row_roles(line))
    assert told == wanted


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_options_exist(page: Path) -> None:
    inline = [span for span in spans(page) if span.startswith("policy-gate ")]
    shown = [line for block in blocks(page, "", "text") for line in block.text.splitlines()]
    for text in [*inline, *(line for line in shown if line.startswith("policy-gate "))]:
        words = shlex.split(text, comments=True)[1:]
        command = _command(words)
        known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        assert {word.partition("=")[0] for word in words if word.startswith("--")} <= known, text


def _command(words: list[str]) -> click.Command:
    command: click.Command = app
    for word in words:
        if not isinstance(command, click.Group) or word == "COMMAND":
            break
        found = command.get_command(click.Context(command), word)
        assert found is not None, f"no command {word}"
        command = found
    return command
