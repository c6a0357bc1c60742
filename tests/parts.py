"""Real programs that tests drive: runners, linters, validators, a browser. `.ci/run` installs them.

They stand in a folder of their own (`.parts`, or what POLICY_GATE_PARTS names), so that nothing of theirs gets
between the package and its dependencies: a virtual environment with Python programs in `bin`, and npm's in
`node/node_modules`. A test that needs one which is not there is skipped, and says so.
"""

from __future__ import annotations

import os
import shutil
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PARTS = Path(os.environ.get("POLICY_GATE_PARTS") or ROOT / ".parts")


def part(name: str) -> Path:
    """The program of that name, among the parts or on the PATH; skips the test where there is none."""
    for folder in (PARTS / "bin", PARTS / "node" / "node_modules" / ".bin"):
        if (folder / name).exists():
            return folder / name
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed here; .ci/run installs it")
    return Path(found)


def build_wheel(folder: Path) -> list[str]:
    """The command that builds the package's wheel into a folder, from ROOT, with the builder of this environment."""
    return [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]


def constraints(folder: Path) -> Path:
    """A file that holds pip to the versions of this environment, so that a test installs what is locked."""
    file = folder / f"constraints-{os.getpid()}.txt"
    pins = {f"{it.name}=={it.version}\n" for it in distributions() if it.name != "ai-policy-gate"}
    file.write_text("".join(sorted(pins)), "utf-8")
    return file


def node_file(place: str) -> Path:
    """A file of an npm package, by its place below node_modules; skips the test where it is not installed."""
    path = PARTS / "node" / "node_modules" / place
    if not path.exists():
        pytest.skip(f"{place} is not installed here; .ci/run installs it")
    return path
