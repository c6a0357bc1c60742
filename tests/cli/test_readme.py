"""README: its commands run, its YAML is read, its links lead somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from scratch import Scratch
from world import from_yaml, high_system

ROOT = Path(__file__).resolve().parent.parent.parent
TEXT = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w*)[^\n]*\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
COMMANDS = sorted({line.split("#")[0].strip() for kind, block in BLOCKS if not kind for line in block.splitlines()})
YAML = [block for kind, block in BLOCKS if kind == "yaml"]


@pytest.mark.parametrize("command", [line for line in COMMANDS if line.startswith("policy-gate ")])
def test_commands_of_the_readme_run(scratch: Scratch, command: str) -> None:
    scratch.commit("Code", files={"screener/rank.py": "import transformers\n"})
    arguments = shlex.split(command)[1:]
    if arguments == ["init"]:
        arguments.append("--yes")
    else:
        scratch.adopt(high_system())
    assert scratch.run(*arguments).code == 0


def test_make_targets_of_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"make ([a-z]+)", TEXT)) <= targets


def test_links_of_the_readme_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert links
    for link in links:
        assert (ROOT / link).exists(), link


def test_commands_in_the_table_exist(scratch: Scratch) -> None:
    named = re.findall(r"^\| `policy-gate ([a-z]+)", TEXT, re.MULTILINE)
    assert len(named) >= 9
    listed = scratch.run("--help").out
    assert [name for name in named if f"  {name} " not in listed] == []


@pytest.mark.parametrize("block", [block for block in YAML if "policy/v1" in block])
def test_policies_of_the_readme_are_sound(scratch: Scratch, block: str) -> None:
    scratch.adopt()
    scratch.write({"policies/org.yaml": block})
    done = scratch.run("policy", "lint")
    assert done.code == 0, done


def test_manifest_of_the_readme_classifies_as_it_says(scratch: Scratch) -> None:
    (block,) = [block for block in YAML if "manifest/v1" in block]
    assert from_yaml(block)["systems"][0]["id"] == "SYS-001"
    scratch.adopt()
    scratch.commit("Declare", files={"governance.yaml": block})
    (system,) = scratch.run("classify", "--format", "json").report["systems"]
    assert (system["score"], system["tier"]) == (13, "high")
