"""T55, D52: a run of tests is told by what it ran, for how long and when, and not by how the file is laid out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from evidence import junit
from scratch import Result, Scratch
from world import days_ago, high_system

from policy_gate.facts.result_dialects import read_moment
from policy_gate.facts.test_results import Expected, read_results
from policy_gate.schema.facts import TestFact
from policy_gate.schema.source import Location

SUITE = "bias-benchmark-suite"
ANEW = f"{SUITE} or ai-safety-lead"


def run(*times: str, at: str = "2026-11-20T09:14:02", names: str = "abcdef") -> str:
    cases = "".join(f'<testcase name="{name}" time="{time}"/>' for name, time in zip(names, times, strict=False))
    stamp = f' timestamp="{at}"' if at else ""
    return f'<testsuite name="bias"{stamp}>{cases}</testsuite>'


def fact(text: str) -> TestFact:
    blank = TestFact(
        SUITE, "r.xml", str(hash(text)), Location("governance.yaml", 1, 1), None, "", completed=date.today()
    )
    found = read_results(text, Expected(SUITE, "SYS-001"), blank)
    assert found.cause in (None, "failed"), found.detail
    return found


LONG = run("0.213", "1.07", "0.5")
SHORT = run("0.01", "0.01")
BARE = run("", "", at="")


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (SHORT, run("0.010", "1e-2")),
        (SHORT, run("0.01", "0.01", at="2026-11-20 09:14:02.000Z")),
        (SHORT, run("0.01", "0.01", at="Fri, 20 Nov 2026 09:14:02 GMT")),
        (SHORT, run("0.01", "0.01", at="")),
        (SHORT, run("", "", at="")),
        (SHORT, run("0.01", "0.01", names="ba")),
        (SHORT, run("0.01")),
        (SHORT, run("0.01", "0.01", "0.02", at="")),
        (SHORT, f'<testsuites><testsuite name="all" timestamp="2026-11-28T01:00:00">{SHORT}</testsuite></testsuites>'),
        (SHORT, SHORT.replace("/>", "><properties><property name='x' value='1'/></properties></testcase>", 1)),
        (SHORT, SHORT.replace("/>", "><skipped/></testcase>", 1)),
        (LONG, run("0.213", "1.07", "0.5", at="2026-11-28T01:00:00")),
        (LONG, run("1.070", "0.213", "0.50", at="2026-11-28T01:00:00", names="xyz")),
        (SHORT, run("0.01", "0.01", names="xy")),
        (SHORT, run("", "", names="xy")),
        (BARE, BARE + "\n"),
        (BARE, run("", "", "", at="")),
    ],
)
def test_t55_one_run_stays_one_in_any_dress(before: str, now: str) -> None:
    assert fact(now).is_same_run(fact(before))


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (SHORT, run("0.01", "0.02")),
        (SHORT, run("0.01", "0.02", at="")),
        (SHORT, run("0.01", "0.01", at="2026-11-20T09:14:03")),
        (LONG, run("0.209", "1.11", "0.5")),
        (LONG, run("0.209", "1.11", "0.5", at="2026-11-28T01:00:00")),
        (run("0", "0"), run("0", "0", at="2026-11-21T00:00:01")),
        (BARE, run("", "")),
        (BARE, run("", "", at="", names="xy")),
        (BARE.replace("/>", "><failure/></testcase>", 1), BARE),
    ],
)
def test_t55_control_a_run_anew_is_told_by_its_durations_or_its_times(before: str, now: str) -> None:
    assert not fact(now).is_same_run(fact(before))


@pytest.mark.parametrize(
    "text",
    ["2026-11-20T09:14:02+01:00", "20261120T091402Z", "20261120091402", "Nov 20, 2026, 9:14:02", "1795166042118"],
)
def test_a_moment_has_one_form(text: str) -> None:
    assert read_moment(text) == "2026-11-20 091402"
    assert (read_moment("2026-11-20"), read_moment("0"), read_moment("soon")) == ("2026-11-20", "", "")


@pytest.fixture
def repo(scratch: Scratch) -> Scratch:
    scratch.adopt(high_system("production", model_version="2.1.0", stage_since=days_ago(20)))
    scratch.branch()
    return scratch


def _path(repo: Scratch) -> str:
    return next(str(item["report"]) for item in repo.entry()["tests"] if item["id"] == SUITE)


def _dated_today(text: str) -> str:
    return re.sub(r' timestamp="[^"]*"', "", text)


@pytest.mark.parametrize("touch", [_dated_today, lambda text: text.replace('"0.01"', '"0.010"')])
def test_t55_a_result_without_times_is_no_new_run_for_another_model(repo: Scratch, touch: Callable[[str], str]) -> None:
    tests = [it | ({"completed": days_ago(0)} if it["id"] == SUITE else {}) for it in repo.entry()["tests"]]
    repo.edit(model_version="2.2.0", tests=tests)
    repo.commit("Another model", files={_path(repo): touch(repo.read(_path(repo)))})
    assert repo.check().finding(ANEW)["state"] == "gap"


def _without(repo: Scratch) -> tuple[list[dict[str, str]], str, str]:
    tests, path = repo.entry()["tests"], _path(repo)
    text = repo.read(path)
    repo.edit(tests=[it for it in tests if it["id"] != SUITE])
    repo.remove(path)
    repo.commit("Tidy up")
    repo.merge()
    return tests, path, text


def _back(repo: Scratch, tests: list[dict[str, str]], files: dict[str, str], path: str = "governance.yaml") -> Result:
    repo.branch("back")
    repo.edit(path=path, tests=tests, model_version="2.2.0")
    repo.commit("Another model, and its results", files=files)
    return repo.check()


@pytest.mark.parametrize("place", ["screener/governance.yaml", "a/b/governance.yaml"])
def test_t55_a_result_comes_back_after_its_manifest_moved(repo: Scratch, place: str) -> None:
    tests, path, text = _without(repo)
    entry = repo.entry()
    up = "/" if "shared" in entry else ""
    assert not up
    repo.checkout("main")
    repo.remove("governance.yaml")
    repo.declare_only(entry | {"paths": [], "artifacts": [], "tests": []}, path=place)
    repo.commit("The manifest elsewhere", by="Rae Kim")
    folder = place.rpartition("/")[0]
    found = _back(repo, [it for it in tests if it["id"] == SUITE], {f"{folder}/{path}": text}, place)
    assert found.finding(ANEW)["state"] == "gap", found
    again = junit(SUITE).replace('time="0.01"', 'time="0.02"').replace(days_ago(1), days_ago(0))
    repo.commit("A run anew", files={f"{folder}/{path}": again})
    assert repo.check().finding(ANEW)["state"] == "met", "control"


def _between(repo: Scratch, count: int, size: int = 0) -> None:
    """So many other results in base, one after the other, each padded to this many bytes."""
    repo.checkout("main")
    repo.edit(tests=[*repo.entry()["tests"], {"id": SUITE, "report": "d.xml"}])
    for number in range(count):
        text = junit(SUITE, passed=number + 1).replace(days_ago(1), days_ago(90 - number))
        repo.commit(f"Run {number}", by="Rae Kim", files={"d.xml": f"{text}<!-- {'x' * size} -->\n"})
    repo.edit(tests=[it for it in repo.entry()["tests"] if it["id"] != SUITE])
    repo.commit("Tidy", by="Rae Kim")


def test_t55_a_result_comes_back_after_many_others(repo: Scratch) -> None:
    tests, path, text = _without(repo)
    _between(repo, 14)
    assert _back(repo, tests, {path: text}).finding(ANEW)["state"] == "gap"


def test_t55_what_more_history_held_than_is_read_is_not_told(repo: Scratch) -> None:
    tests, path, text = _without(repo)
    _between(repo, 3, size=2 << 20)
    bare = _dated_today(text).replace('time="0.01"', 'time="0.02"')
    dated = [it | ({"completed": days_ago(0)} if it["id"] == SUITE else {}) for it in tests]
    found = _back(repo, dated, {path: bare})
    assert "holds more than is looked through" in str(found.finding(ANEW)), found
    assert f"whether {SUITE} of SYS-001 is older work is not told" in str(found.report["trust"]["notes"])
    repo.commit(
        "With times", files={path: text.replace('time="0.01"', 'time="0.02"').replace(days_ago(1), days_ago(0))}
    )
    assert repo.check().finding(ANEW)["state"] == "met", "control: its own times say that it is later"
