"""What is installed from: versions with their hashes, no address, and all that pyproject.toml asks for."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from parts import ROOT

PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]
GROUPS: dict[str, list[str]] = PYPROJECT["dependency-groups"]
LOCKS = {"": ROOT / "requirements.txt"} | {name: ROOT / ".ci" / f"{name}.txt" for name in GROUPS}
"""The lock of each group of pyproject.toml; that of the package itself is the one that the action installs."""
NODE, NODE_LOCK = ROOT / ".ci" / "package.json", ROOT / ".ci" / "package-lock.json"

ADDRESS = re.compile(
    r"://|\bresolved\b|index-url|find-links|\b[a-z0-9-]+\.(?:org|com|net|io|dev|example|local)\b", re.I
)
_ENTRY = re.compile(
    r"(?P<name>[a-z0-9-]+)==(?P<version>[0-9][0-9a-z.+!]*)(?: ; (?P<marker>[^\\\n]+?))?"
    r"(?: \\\n    --hash=sha256:[0-9a-f]{64})+\n"
)


class Entry(NamedTuple):
    """One locked version, and where it is installed."""

    name: str
    version: Version
    marker: str


def entries(lock: Path) -> Iterator[Entry]:
    """What a lock holds; fails at the first thing in it that is no version with hashes."""
    text, position = lock.read_text("utf-8"), 0
    while position < len(text):
        found = _ENTRY.match(text, position)
        assert found, f"{lock.name}: {text[position : position + 120]!r}"
        position = found.end()
        yield Entry(found["name"], Version(found["version"]), found["marker"] or "")


@pytest.mark.parametrize("lock", LOCKS.values(), ids=lambda lock: lock.name)
def test_a_lock_holds_versions_with_hashes_and_nothing_else(lock: Path) -> None:
    found = list(entries(lock))
    assert len(found) >= 5
    assert all(Marker(entry.marker) for entry in found if entry.marker)
    assert ADDRESS.findall(lock.read_text("utf-8")) == []


@pytest.mark.parametrize("group", LOCKS)
def test_a_lock_holds_all_that_is_asked_for_within_its_bounds(group: str) -> None:
    wanted = GROUPS[group] if group else [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["github"]]
    held = {entry.name: entry for entry in entries(LOCKS[group])}
    assert wanted
    for line in wanted:
        requirement = Requirement(line)
        entry = held[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(entry.version), line
        assert bool(entry.marker) == bool(requirement.marker), line


def test_the_builder_of_the_package_is_locked() -> None:
    wanted = PYPROJECT["build-system"]["requires"]
    assert {Requirement(line).name for line in wanted} <= {entry.name for entry in entries(LOCKS["build"])}


def test_what_shares_an_environment_has_one_version_of_each() -> None:
    pins: dict[str, set[Version]] = {}
    for group, lock in LOCKS.items():
        for entry in entries(lock) if group != "parts" else ():
            pins.setdefault(entry.name, set()).add(entry.version)
    assert {name: found for name, found in pins.items() if len(found) > 1} == {}


def test_the_extras_are_tested_with() -> None:
    tested = {Requirement(line).name for line in GROUPS["test"]}
    wanted = {Requirement(line).name for lines in PROJECT["optional-dependencies"].values() for line in lines}
    assert wanted - {PROJECT["name"]} <= tested


def test_the_lock_of_node_holds_a_hash_for_each_package_and_no_address() -> None:
    text = NODE_LOCK.read_text("utf-8")
    root, *packages = json.loads(text)["packages"].items()
    assert root[1]["dependencies"] == json.loads(NODE.read_text("utf-8"))["dependencies"]
    assert len(packages) > 50
    assert [place for place, package in packages if not package.get("integrity", "").startswith("sha512-")] == []
    assert ADDRESS.findall(text) == []
    for name, version in root[1]["dependencies"].items():
        assert dict(packages)[f"node_modules/{name}"]["version"] == version


@pytest.mark.parametrize("broken", ["click>=8\n", "click==8.5.1\n", "-r other.txt\n", "--index-url x\n", "# click\n"])
def test_what_is_no_locked_version_is_seen(tmp_path: Path, broken: str) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(LOCKS["build"].read_text("utf-8") + broken, "utf-8")
    with pytest.raises(AssertionError):
        list(entries(lock))
