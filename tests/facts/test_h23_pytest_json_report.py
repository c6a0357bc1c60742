"""H23: what pytest-json-report really writes, made here by running it."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from policy_gate.facts.result_formats import parse
from policy_gate.facts.result_formats.suites import Suite, all_cases

TESTS = """
import pytest

@pytest.fixture
def broken():
    raise RuntimeError("no data")

def test_gap(record_property):
    record_property("model_version", "2.1.0")

@pytest.mark.parametrize("group", ["women", "men"])
def test_of(group):
    assert group == "women", "0.78, wanted 0.80"

def test_with(broken):
    pass

@pytest.mark.skip
def test_later():
    pass

@pytest.mark.xfail
def test_known():
    assert False
"""


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    if find_spec("pytest_jsonreport") is None:
        pytest.skip("pytest-json-report is not installed here; it is among the test tools")
    folder = tmp_path_factory.mktemp("run")
    (folder / "test_bias.py").write_text(TESTS, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov"]
    file = folder / "report.json"
    plugin = [] if _is_entered() else ["-p", "pytest_jsonreport.plugin", "-p", "pytest_metadata.plugin"]
    subprocess.run(
        [*command, *plugin, "--rootdir", str(folder), "--json-report", f"--json-report-file={file}", str(folder)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=False,
        timeout=120,
    )
    return parse(Path(file).read_text("utf-8"))[0]


def _is_entered() -> bool:
    from importlib.metadata import entry_points

    return any(it.value.startswith("pytest_jsonreport") for it in entry_points(group="pytest11"))


def test_each_outcome_is_read(suite: Suite) -> None:
    outcomes = {case.name.rpartition("::")[2]: case.outcome for case in all_cases([suite])}
    assert outcomes == {
        "test_gap": "passed",
        "test_of[women]": "passed",
        "test_of[men]": "failed",
        "test_with": "error",
        "test_later": "skipped",
        "test_known": "skipped",
    }


def test_times_properties_and_messages_are_read(suite: Suite) -> None:
    cases = {case.name.rpartition("::")[2]: case for case in all_cases([suite])}
    assert cases["test_gap"].properties == [("model_version", "2.1.0")]
    assert "wanted 0.80" in cases["test_of[men]"].message
    assert float(cases["test_gap"].time) > 0
    assert suite.timestamp
    assert suite.claimed == 2
    assert not suite.own
