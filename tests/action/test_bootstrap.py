"""What the action starts: what it installs and from where, what gets through to the gate, and what it says in need."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from parts import ROOT, build_wheel

from policy_gate.ci import bootstrap
from policy_gate.collect.policy_files import LAW_SEAL_FILE, SEAL_FILE
from policy_gate.discover.signs import SEAL_FILE as SIGNS_SEAL

LOCK = (ROOT / "requirements.txt").read_text("utf-8")
_PIN = re.compile(r"^([a-z0-9-]+)==([0-9][0-9.]*)", re.MULTILINE)


def start(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The bootstrap as the action starts it, with nothing of this machine but PATH."""
    told = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "RUNNER_TEMP": str(tmp_path / "temp")}
    (tmp_path / "temp").mkdir()
    told["GITHUB_OUTPUT"] = str(tmp_path / "outputs")
    command = [sys.executable, "-I", str(ROOT / "policy_gate" / "ci" / "bootstrap.py")]
    return subprocess.run(command, env=told | environment, cwd=tmp_path, capture_output=True, text=True, check=False)


# the lock


def test_the_lock_is_for_every_python_that_is_supported() -> None:
    assert not re.search(r"python_(full_)?version", LOCK), "one pin must do for all of them"


# the gate itself


@pytest.mark.real_runner
def test_what_is_copied_is_what_the_wheel_holds(tmp_path: Path) -> None:
    done = subprocess.run(build_wheel(tmp_path / "built"), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = (tmp_path / "built").glob("*.whl")
    with zipfile.ZipFile(wheel) as held:
        inside = {name for name in held.namelist() if name.startswith("policy_gate/")}
    # Seals are made while a wheel is built, and only save time: see tests/policy/test_sealed_policies.py.
    seals = (f"policies/{SEAL_FILE}", f"policies/{LAW_SEAL_FILE}", f"discover/{SIGNS_SEAL}")
    inside -= {f"policy_gate/{name}" for name in seals}
    bootstrap.copy_gate(ROOT, tmp_path)
    copied = {path.relative_to(tmp_path).as_posix() for path in (tmp_path / "policy_gate").rglob("*") if path.is_file()}
    assert copied == inside


def test_t40_nothing_compiled_is_copied(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for name in (
        "policy_gate/a.py",
        "policy_gate/__pycache__/a.pyc",
        "policy_gate/b.pyc",
        "policies/c.yaml",
        "templates/d.yml",
    ):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text("")
    bootstrap.copy_gate(source, tmp_path / "packages")
    copied = {path.name for path in (tmp_path / "packages").rglob("*") if path.is_file()}
    assert copied == {"a.py", "c.yaml", "d.yml"}


# what gets through


def test_t40_only_named_variables_get_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = {
        **dict.fromkeys(("PYTHONPATH", "PYTHONHOME", "GIT_DIR", "GIT_CONFIG_COUNT", "PIP_TARGET", "LD_PRELOAD"), "x"),
        **dict.fromkeys(("BASH_ENV", "INPUT_TOKEN", "POLICY_GATE_BASE", "NODE_OPTIONS", "ACTIONS_RUNTIME_TOKEN"), "x"),
    }
    good = {"INPUT_BASE": "main", "GITHUB_EVENT_NAME": "push", "HTTPS_PROXY": "http://proxy.example", "RUNNER_OS": "x"}
    for name, value in (bad | good).items():
        monkeypatch.setenv(name, value)
    through = bootstrap.job(tmp_path)
    assert not set(bad) & set(through)
    assert good.items() <= through.items()
    assert {f"INPUT_{name}" for name in bootstrap.INPUTS} <= set(through)
    assert through["TMPDIR"].startswith(str(tmp_path))
    assert not [name for name in bootstrap.machine(tmp_path) if name.startswith(("INPUT_", "GITHUB_"))]


def test_t40_a_place_of_packages_is_one_line() -> None:
    evil = "https://a.example/simple\nevil==1 --hash=sha256:0\n--no-binary=:all:"
    more = "https://b.example https://c.example"
    lines = list(bootstrap.index_lines({"PIP_INDEX_URL": evil, "PIP_EXTRA_INDEX_URL": more}))
    assert lines[0] == "--index-url=https://a.example/simple"
    assert all(re.fullmatch(r"--(extra-)?index-url=\S+", line) for line in lines), lines
    assert lines[-2:] == ["--extra-index-url=https://b.example", "--extra-index-url=https://c.example"]
    assert list(bootstrap.index_lines({"PIP_INDEX_URL": "--no-binary", "PIP_TARGET": "/x"})) == []


# in need


@pytest.mark.real_runner
def test_an_index_that_has_nothing_is_undecided_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "simple").mkdir()
    done = start(tmp_path, PIP_INDEX_URL=(tmp_path / "simple").as_uri())
    assert done.returncode == 3
    (error,) = [line for line in done.stdout.splitlines() if line.startswith("::error")]
    assert "there is no wheel of annotated-types" in error
    assert "Traceback" not in done.stdout + done.stderr
    assert (tmp_path / "outputs").read_text("utf-8") == "exit-code=3\n"
    assert list((tmp_path / "temp").iterdir()) == [], "its folder is gone"


@pytest.mark.real_runner
def test_t40_a_package_with_other_bytes_is_refused(tmp_path: Path) -> None:
    name, number = _PIN.findall(LOCK)[0]
    wheel = tmp_path / f"{name.replace('-', '_')}-{number}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as made:
        made.writestr("evil.pth", "import os\n")
    page = tmp_path / "simple" / name / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text(f'<a href="{wheel.as_uri()}">{wheel.name}</a>')
    done = start(tmp_path, PIP_INDEX_URL=(tmp_path / "simple").as_uri())
    assert done.returncode == 3
    assert "is not the one that requirements.txt names by its hash" in done.stdout, done.stdout


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ("ERROR: No matching distribution found for cel-expr-python==0.1.3\n", "no wheel of cel-expr-python==0.1.3"),
        ("WARNING: Max retries exceeded\nERROR: No matching distribution found for click==8\n", "No matching"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM\n", "by its hash"),
        ("ERROR: Could not connect\n", "Could not connect"),
        ("", "pip said nothing"),
    ],
)
def test_the_reason_is_one_sentence(told: str, wanted: str) -> None:
    assert wanted in bootstrap.reason(told)


def test_what_pip_says_gives_the_runner_no_command() -> None:
    said = bootstrap._one_line("a\n::error::forged ##[add-mask]x %0A\x1b[31m")
    assert "\n" not in said
    assert "##[" not in said
    assert "\x1b" not in said


def test_a_python_without_pip_takes_the_one_that_came_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    known = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pip" else known(name))
    if bootstrap._bundled_pip() is None:
        pytest.skip("this Python came without a wheel of pip")
    command = [sys.executable, "-I", *bootstrap.pip(), "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert ".whl" in done.stdout


def test_a_python_without_any_pip_is_told_which_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(bootstrap.InstallError, match="python3-pip"):
        bootstrap.pip()


def test_the_stages_are_measured() -> None:
    times = iter((0.0, 1.5, 4.0))
    clock = bootstrap.Clock(lambda: next(times))
    clock.lap("environment")
    clock.lap("libraries")
    assert str(clock) == "environment 1.5 s, libraries 2.5 s"
