"""T45: another model asks for new results, and those of another system, or of another test, are laid in their place."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from evidence import junit
from scratch import Result, Scratch
from world import days_ago, high_system

OLD, NEW = "gpt-4.1-2025-04-14", "gpt-4o-2024-08-06"
APP = 'import openai\nclient = openai.OpenAI()\nMODEL = "{}"\n'
SUITES = ("bias-benchmark-suite", "adversarial-robustness-evaluation")
ASKED = [f"any_of:{suite} or ai-safety-lead" for suite in sorted(SUITES)]
NAMES_BOTH = '<properties><property name="policy-gate.systems" value="SYS-001, SYS-009"/></properties>'


def run(suite: str, seed: int, day: str = days_ago(1)) -> str:
    """A run of a suite, with durations and a time of its own."""
    text = junit(suite).replace(days_ago(1), day).replace("T08:00:00", f"T08:{seed:02}:07")
    for number in range(3):
        text = text.replace('time="0.01"', f'time="0.{seed * 7919 + number * 613 + len(suite) * 31:05}"', 1)
    return text


def at(folder: str, suite: str) -> str:
    return f"{folder}reports/{suite}.xml"


@pytest.fixture
def repo(tmp_path: Path) -> Scratch:
    """Two systems in production, each with results of its own; of SYS-001 `main` holds a run of today."""
    repo = Scratch(tmp_path)
    first = high_system("production", stage_since=days_ago(20))
    second = high_system(
        "production", id="SYS-009", paths=["loans/**"], model_card="loans/MODEL_CARD.md", stage_since=days_ago(20)
    )
    runs = {at("", suite): run(suite, 11, days_ago(0)) for suite in SUITES}
    runs |= {at("loans/", suite): run(suite, 12, days_ago(9)) for suite in SUITES}
    code = {"screener/app.py": APP.format(OLD), "loans/app.py": APP.format(OLD)}
    repo.adopt(first, second, files={**runs, **code})
    repo.branch()
    return repo


def swapped(repo: Scratch, runs: Iterable[str]) -> Result:
    """SYS-009 goes to another model, with its card and these results."""
    said = repo.read("loans/MODEL_CARD.md").replace("distilroberta-base", NEW).replace("2.1.0", "2.2.0")
    said = said.replace("Retrained on the cleaned", "Moved to another one and retrained on the")
    repo.write({at("loans/", suite): text for suite, text in zip(SUITES, runs, strict=True)})
    repo.commit("Another model", files={"loans/app.py": APP.format(NEW), "loans/MODEL_CARD.md": said})
    return repo.check()


def test_t45_control_runs_of_its_own_are_new_results(repo: Scratch) -> None:
    found = swapped(repo, [run(suite, 13, days_ago(0)) for suite in SUITES])
    assert (found.code, found.blocking()) == (0, []), found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("case_", "loan case_"),
        ("T08:11:07", "T09:41:00"),
        ("<testcase ", "<testcase  "),
        (f' timestamp="{days_ago(0)}T08:11:07"', f' timestamp="{days_ago(0)}"'),
    ],
    ids=["as they are", "cases renamed", "at another time", "with a blank", "without the time of day"],
)
def test_t45_runs_that_base_holds_of_another_system_are_none(repo: Scratch, old: str, new: str) -> None:
    found = swapped(
        repo, [repo.read(at("", suite)).replace(old, new) if old else repo.read(at("", suite)) for suite in SUITES]
    )
    assert (found.code, found.blocking()) == (1, ASKED), found
    assert "SYS-001" in found.finding(ASKED[0].removeprefix("any_of:"))["message"]


def test_t45_nor_is_a_run_that_another_system_brings_with_it(repo: Scratch) -> None:
    runs = [run(suite, 14, days_ago(0)) for suite in SUITES]
    repo.write({at("", suite): text for suite, text in zip(SUITES, runs, strict=True)})
    found = swapped(repo, runs)
    assert (found.code, found.blocking()) == (1, ASKED), found


def test_t45_an_entry_points_at_the_results_of_another_system(repo: Scratch) -> None:
    tests = [it | ({"report": at("", it["id"])} if it["id"] in SUITES else {}) for it in repo.entry("SYS-009")["tests"]]
    repo.edit("SYS-009", tests=tests)
    found = swapped(repo, [run(suite, 12, days_ago(9)) for suite in SUITES])
    assert (found.code, found.blocking()) == (1, ASKED), found


def test_t45_control_a_report_that_names_both_is_for_both(repo: Scratch) -> None:
    runs = [
        run(suite, 15, days_ago(0)).replace("\n  <testcase", f"\n  {NAMES_BOTH}\n  <testcase", 1) for suite in SUITES
    ]
    repo.write({at("", suite): text for suite, text in zip(SUITES, runs, strict=True)})
    found = swapped(repo, runs)
    assert (found.code, found.blocking()) == (0, []), found


def test_t45_control_one_run_of_code_that_both_claim(repo: Scratch) -> None:
    repo.checkout("main")
    repo.edit(paths=["screener/**", "loans/**"])
    repo.commit("One program, two systems", by="Rae Kim")
    repo.branch()
    runs = [run(suite, 16, days_ago(0)) for suite in SUITES]
    card = repo.read("MODEL_CARD.md").replace("distilroberta-base", NEW).replace("2.1.0", "2.2.0")
    card = card.replace("Retrained on the cleaned", "Moved to another one and retrained on the")
    repo.write({"MODEL_CARD.md": card, **{at("", suite): text for suite, text in zip(SUITES, runs, strict=True)}})
    found = swapped(repo, runs)
    assert (found.code, found.blocking()) == (0, []), found


def test_t45_control_two_suites_of_one_report_are_two_runs(repo: Scratch) -> None:
    """One job writes all: the cases of each system are its own, though all began in the same second."""
    ours = [run(suite, 17, days_ago(0)) for suite in SUITES]
    theirs = [run(suite, 18, days_ago(0)).replace("T08:18:07", "T08:17:07") for suite in SUITES]
    repo.write({at("", suite): text for suite, text in zip(SUITES, ours, strict=True)})
    found = swapped(repo, [text.replace("case_", "loan_") for text in theirs])
    assert (found.code, found.blocking()) == (0, []), found


def test_t45_a_run_that_base_holds_of_another_test_is_none(repo: Scratch) -> None:
    rerun = run("suite", 19, days_ago(3))
    repo.checkout("main")
    tests = [*repo.entry("SYS-009")["tests"], {"id": "bias-benchmark-rerun", "report": "loans/reports/rerun.xml"}]
    repo.edit("SYS-009", tests=tests)
    repo.commit("A rerun", by="Rae Kim", files={"loans/reports/rerun.xml": rerun})
    repo.branch()
    repo.edit("SYS-009", tests=tests[:-1])
    found = swapped(repo, [rerun, run(SUITES[1], 20, days_ago(0))])
    assert (found.code, found.blocking()) == (1, [f"any_of:{SUITES[0]} or ai-safety-lead"]), found
