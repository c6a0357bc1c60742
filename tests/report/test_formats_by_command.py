"""All formats through the command: the exit code is the same for each, red is red in each, fingerprints hold."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from scratch import Scratch
from test_alerts import RED
from world import high_system

from policy_gate.report import REPORTERS

pytestmark = pytest.mark.real_git

CODES = {"passing": 0, "blocked": 1, "undecided": 3}
"""The repositories, and how a check of each ends."""


def _passing(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch("work")
    scratch.commit("Words", files={"README.md": "# Scratch, with words\n"})


def _blocked(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch("work")
    scratch.edit(stage="pre_deployment")
    scratch.commit("Promote with nothing in hand")


def _undecided(scratch: Scratch) -> None:
    """Both sides change one line, so that nobody can tell what merging gives."""
    scratch.adopt(high_system("development"))
    scratch.branch("work")
    scratch.commit("Ours", files={"README.md": "# Ours\n"})
    scratch.checkout("main")
    scratch.commit("Theirs", files={"README.md": "# Theirs\n"})
    scratch.checkout("work")


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Scratch]:
    made = {}
    for name, make in (("passing", _passing), ("blocked", _blocked), ("undecided", _undecided)):
        made[name] = Scratch(tmp_path_factory.mktemp(name))
        make(made[name])
    return made


@pytest.mark.parametrize("form", REPORTERS)
@pytest.mark.parametrize("name", CODES)
def test_the_exit_code_is_the_same_for_every_format(
    name: str, form: str, repositories: Mapping[str, Scratch], tmp_path: Path
) -> None:
    """T30: and what a machine reads is red where the code is, also where there is no answer to write."""
    file = tmp_path / "report"
    done = repositories[name].run("check", "--format", f"{form}={file}")
    assert done.code == CODES[name], done
    assert done.out == ""
    assert (done.err == "") == (name != "undecided")
    assert file.exists() == (name != "undecided" or form != "text")
    if form in RED:
        assert RED[form](file.read_text("utf-8")) == (CODES[name] != 0)


@pytest.mark.parametrize("name", CODES)
def test_all_formats_at_once_are_written_and_end_as_one_does(
    name: str, repositories: Mapping[str, Scratch], tmp_path: Path
) -> None:
    files = [word for form in REPORTERS for word in ("--format", f"{form}={tmp_path / form}")]
    done = repositories[name].run("check", *files)
    assert done.code == CODES[name], done
    written = {file.name for file in tmp_path.iterdir()}
    assert written == set(REPORTERS) - ({"text"} if name == "undecided" else set())
    assert {form: RED[form]((tmp_path / form).read_text("utf-8")) for form in RED} == dict.fromkeys(
        RED, CODES[name] != 0
    )


LOOSE = {"json": r'"enforcing": false', "junit": r'"enforcing" value="false"'}
"""How formats that do not say it in words tell that an answer does not enforce."""


def test_d30_advice_is_as_red_in_every_format_and_each_says_that_it_does_not_enforce(
    repositories: Mapping[str, Scratch], tmp_path: Path
) -> None:
    def reports(name: str, *more: str) -> dict[str, str]:
        (tmp_path / name).mkdir()
        files = [word for form in REPORTERS for word in ("--format", f"{form}={tmp_path / name / form}")]
        done = repositories["blocked"].run("check", *more, *files)
        assert (done.code, "exit 0 instead of 1" in done.err) == ((0, True) if more else (1, False))
        return {form: (tmp_path / name / form).read_text("utf-8") for form in REPORTERS}

    loose, binding = reports("loose", "--advisory"), reports("binding")
    for form in REPORTERS:
        said = LOOSE.get(form, "does not enforce")
        assert re.search(said, loose[form]), form
        assert re.search(said, binding[form]) is None, form
    assert all(RED[form](loose[form]) for form in RED)


def _places(scratch: Scratch, form: str) -> dict[str, int]:
    """Fingerprint to line, of what one format lists."""
    data = json.loads(scratch.run("check", "--format", form).out)
    if form == "codequality":
        return {entry["fingerprint"]: entry["location"]["lines"]["begin"] for entry in data}
    return {
        item["partialFingerprints"]["policyGateFinding/v1"]: item["locations"][0]["physicalLocation"]["region"][
            "startLine"
        ]
        for item in data["runs"][0]["results"]
    }


@pytest.mark.parametrize("form", ["sarif", "codequality"])
def test_fingerprints_hold_while_lines_move_and_go_with_the_finding(form: str, tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    _blocked(scratch)
    before = _places(scratch, form)
    assert len(before) > 3
    text = scratch.read("governance.yaml")
    scratch.commit("Only lines", files={"governance.yaml": "# who answers for what\n#\n#\n" + text})
    after = _places(scratch, form)
    assert set(after) == set(before)
    assert max(after.values()) == max(before.values()) + 3
    scratch.declare(high_system("pre_deployment"))
    scratch.commit("All papers")
    assert set(_places(scratch, form)) < set(before)
