"""A package index of one's own: the locked wheels, fetched once from the real registry and served as files.

Index pages of a registry list every release ever made, and reading those is most of an installation. A test of the
action installs many times, so it is given this index, as a self-hosted runner is given its mirror (PIP_INDEX_URL).
"""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from parts import ROOT


def index(factory: pytest.TempPathFactory) -> str:
    """The address of the index, made by the first process of this test run that asks; the others wait for it."""
    own = factory.getbasetemp()
    shared = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own
    place = shared / "wheelhouse"
    done = place / "done"
    try:
        place.mkdir()
    except FileExistsError:
        for _ in range(3000):
            if done.exists():
                return done.read_text("utf-8")
            time.sleep(0.1)
        raise AssertionError(f"nobody filled {place}") from None
    _fill(place)
    done.write_text((place / "simple").as_uri(), "utf-8")
    return done.read_text("utf-8")


def _fill(place: Path) -> None:
    files = place / "files"
    command = [
        *(sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "download", "--require-hashes"),
        *("--only-binary", ":all:", "--no-deps", "--dest", str(files), "-r", str(ROOT / "requirements.txt")),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for wheel in sorted(files.glob("*.whl")):
        name = re.sub(r"[-_.]+", "-", wheel.name.partition("-")[0]).lower()
        page = place / "simple" / name / "index.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(f'<!DOCTYPE html><a href="{wheel.as_uri()}">{html.escape(wheel.name)}</a>\n', "utf-8")
