"""The registry from an installed wheel: schema, questions and page stand in it."""

from __future__ import annotations

import json
import subprocess
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from parts import ROOT, build_wheel
from scratch import Scratch
from world import low_system, to_yaml

pytestmark = pytest.mark.real_git


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The Python of an environment of its own with the wheel in it; libraries it has from this one."""
    subprocess.run(build_wheel(tmp_path / "dist"), check=True, cwd=ROOT, capture_output=True, timeout=300)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    place = tmp_path / "venv"
    venv.create(place, with_pip=False, symlinks=True)
    paths = {"base": str(place), "platbase": str(place)}
    packages = Path(sysconfig.get_path("purelib", "venv", paths))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return place / "bin" / "python"


def test_an_installed_wheel_syncs_lists_asks_and_reports(scratch: Scratch, installed: Path, tmp_path: Path) -> None:
    manifest = {"schema": "policy-gate/manifest/v1", "systems": [low_system(id="SYS-001")]}
    scratch.commit(files={"governance.yaml": to_yaml(manifest)})

    def run(*words: str) -> str:
        command = [str(installed), "-I", "-m", "policy_gate", "registry", *words]
        done = subprocess.run(
            command, cwd=tmp_path, env=scratch.environment(), capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = subprocess.run(
        [str(installed), "-I", "-c", "import policy_gate; print(policy_gate.__file__)"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert Path(where).is_relative_to(tmp_path)
    assert "1 read (1 changed)" in run("sync", str(scratch.path), "--jobs", "1")
    assert [it["id"] for it in json.loads(run("list", "--format", "json"))["systems"]] == ["SYS-001"]
    assert json.loads(run("ask", "all-systems", "--format", "json"))["rows"][0]["system"] == "SYS-001"
    run("report", "--html", "page.html")
    assert "SYS-001" in (tmp_path / "page.html").read_text("utf-8")
