"""This project governs itself: its own manifest, judged by the gate of this checkout."""

from __future__ import annotations

import shutil
from pathlib import Path

from parts import ROOT
from scratch import Scratch


def test_the_project_passes_its_own_gate(scratch: Scratch) -> None:
    for name in ("governance.yaml", "policy-gate.yaml"):
        shutil.copy(ROOT / name, scratch.path / name)
    shutil.copytree(ROOT / ".github", scratch.path / ".github")
    scratch.commit("As it is")
    scratch.git("update-ref", "refs/remotes/origin/main", "HEAD")
    scratch.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    done = scratch.check("--all")
    assert done.code == 0, done
    assert [system["id"] for system in done.report["systems"]] == ["drafting-help"]
    assert done.report["trust"]["enforcing"] is True


def test_a_change_of_what_runs_the_gate_is_noticed_here_too(scratch: Scratch) -> None:
    for name in ("governance.yaml", "policy-gate.yaml"):
        shutil.copy(ROOT / name, scratch.path / name)
    shutil.copytree(ROOT / ".github", scratch.path / ".github")
    scratch.commit("As it is")
    scratch.branch()
    workflow = Path(".github/workflows/policy-gate.yml")
    scratch.write({str(workflow): scratch.read(str(workflow)).replace("judged", "other")})
    scratch.commit("Look elsewhere")
    done = scratch.check()
    assert done.code != 0, done
    assert done.findings("gap") or done.findings("unknown")
