"""T55, D52: other bytes are no other content, for results of tests, for cards and for papers."""

from __future__ import annotations

import pytest
from evidence import document, junit
from scratch import Result, Scratch
from world import days_ago, high_system

SUITE = "bias-benchmark-suite"
ANEW = f"{SUITE} or ai-safety-lead"
"""what another model asks for: a new run, or somebody's word"""
PAPER = "red-team-report"


@pytest.fixture
def repo(scratch: Scratch) -> Scratch:
    scratch.adopt(high_system("production", model_version="2.1.0", stage_since=days_ago(20)))
    scratch.branch()
    return scratch


def _path(repo: Scratch, test: str) -> str:
    return next(str(item["report"]) for item in repo.entry()["tests"] if item["id"] == test)


@pytest.mark.parametrize(
    "touch",
    [
        lambda text: text.replace("</testsuite>", "\n\n</testsuite>"),
        lambda text: text.replace("</testsuite>", "<!-- run again --></testsuite>"),
        lambda text: text.replace("/>", " />"),
        lambda text: text.replace('name="case_0" time="0.01"', 'time="0.01" name="case_0"'),
    ],
    ids=["blank lines", "a comment", "blanks in a tag", "attributes turned round"],
)
def test_t55_a_result_that_was_only_touched_is_no_new_run(repo: Scratch, touch: object) -> None:
    path = _path(repo, SUITE)
    assert callable(touch)
    text = str(touch(repo.read(path)))
    assert text != repo.read(path)
    repo.edit(model_version="2.2.0")
    repo.commit("Another model", files={path: text})
    assert repo.check().finding(ANEW)["state"] == "gap"


def test_t55_control_a_new_run_counts(repo: Scratch) -> None:
    repo.edit(model_version="2.2.0")
    again = junit(SUITE).replace('time="0.01"', 'time="0.02"').replace(days_ago(1), days_ago(0))
    repo.commit("Another model", files={_path(repo, SUITE): again})
    assert repo.check().finding(ANEW)["state"] == "met"


def _renewed(repo: Scratch, old: str, new: str) -> None:
    text = document(PAPER, words=60)
    assert old in text
    item = {"id": PAPER, "path": "governance/rt.md", "status": "final"}
    kept = [entry for entry in repo.entry()["artifacts"] if entry["id"] != PAPER]
    repo.checkout("main")
    repo.edit(artifacts=[*kept, item | {"completed": days_ago(200)}])
    repo.commit("Base", by="Rae Kim", files={"governance/rt.md": text})
    repo.branch("renew")
    repo.edit(artifacts=[*kept, item | {"completed": days_ago(1)}])
    repo.commit("Renew", files={"governance/rt.md": text.replace(old, new, 1)})


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("examined", "[examined](https://example.com/new)", "evidence-redated"),
        ("The screener", "7. The screener", "evidence-redated"),
        ("The screener", "The\u200b  screener", "evidence-redated"),
        ("examined", "studied", "evidence-renewed"),
    ],
    ids=["a link", "the number of a list", "what shows nothing", "one word"],
)
def test_t55_a_later_date_on_the_same_text_is_somebodys_word(repo: Scratch, old: str, new: str, kind: str) -> None:
    _renewed(repo, old, new)
    found = repo.check()
    assert kind in found.changes(), found
    assert found.code == 1
    if kind == "evidence-renewed":
        assert found.finding("evidence-renewal")["requirement"]["subject"] == "ciso"
        repo.approve("ciso", "evidence-renewal")
        assert repo.check().code == 0, repo.check()


def test_t55_control_a_paper_written_anew_and_a_typo_ask_nobody(repo: Scratch) -> None:
    text = document(PAPER, words=60)
    _renewed(repo, text, document(PAPER, words=90))
    assert not {"evidence-renewed", "evidence-redated"} & set(repo.check().changes())
    repo.checkout("main")
    repo.branch("typo")
    repo.commit("Typo", files={"governance/rt.md": text.replace("examined", "examined,", 1)})
    assert repo.check().code == 0


HOLLOW = '<testsuite name="x" tests="1"><testcase name="later"><skipped/></testcase></testsuite>\n'


def _without_result(repo: Scratch) -> None:
    repo.edit(tests=[item for item in repo.entry()["tests"] if item["id"] != SUITE])


def _at_another_path(repo: Scratch, text: str) -> None:
    repo.write({"governance/again.xml": text})
    moved = [
        item | ({"report": "governance/again.xml"} if item["id"] == SUITE else {}) for item in repo.entry()["tests"]
    ]
    repo.edit(tests=moved)


AWAY = {
    "its entry is gone": _without_result,
    "its file is gone": lambda repo: repo.remove(_path(repo, SUITE)),
    "another one stands there": lambda repo: repo.write({_path(repo, SUITE): HOLLOW}),
    "another one that passes": lambda repo: repo.write(
        {_path(repo, SUITE): junit(SUITE, passed=1).replace(days_ago(1), days_ago(200))}
    ),
}


def _away_and_back(repo: Scratch, away: object, back: object = None) -> Result:
    """A change takes the result away, a merge later; two merges on, another model comes with it again."""
    entry, path = repo.entry(), _path(repo, SUITE)
    text = repo.read(path)
    assert callable(away)
    away(repo)
    repo.commit("Tidy up")
    repo.merge()
    repo.commit("Unrelated", files={"README.md": "# Something else\n"}, by="Rae Kim")
    repo.branch("back")
    repo.edit(tests=entry["tests"], model_version="2.2.0")
    repo.write({path: text})
    if callable(back):
        back(repo, text)
    repo.commit("Another model, and its results")
    return repo.check()


@pytest.mark.parametrize("away", AWAY.values(), ids=AWAY)
def test_t55_a_result_that_left_and_came_back_is_no_new_run(repo: Scratch, away: object) -> None:
    found = _away_and_back(repo, away)
    assert (found.code, found.finding(ANEW)["state"]) == (1, "gap"), found


@pytest.mark.parametrize(
    "back",
    [
        _at_another_path,
        lambda repo, text: repo.write({_path(repo, SUITE): text.replace("</testsuite>", "\n</testsuite>")}),
        lambda repo, text: repo.edit(
            tests=[it | ({"completed": days_ago(0)} if it["id"] == SUITE else {}) for it in repo.entry()["tests"]]
        ),
    ],
    ids=["at another path", "touched", "with a later date"],
)
def test_t55_nor_is_it_one_in_another_place_or_dress(repo: Scratch, back: object) -> None:
    found = _away_and_back(repo, _without_result, back)
    assert (found.code, found.finding(ANEW)["state"]) == (1, "gap"), found


def test_t55_control_a_result_after_a_time_without_one_counts(repo: Scratch) -> None:
    def anew(repo: Scratch, text: str) -> None:
        repo.write({_path(repo, SUITE): text.replace('time="0.01"', 'time="0.02"').replace(days_ago(1), days_ago(0))})

    found = _away_and_back(repo, _without_result, anew)
    assert found.finding(ANEW)["state"] == "met", found


def test_t55_where_history_is_cut_off_a_result_that_base_lacks_does_not_count(repo: Scratch) -> None:
    _away_and_back(repo, _without_result)
    tip = repo.git("rev-parse", "main")
    (repo.path / ".git" / "shallow").write_text(f"{tip}\n")
    found = repo.check()
    assert "cut off" in str(found.finding(ANEW)), found
    assert (found.code, found.finding(ANEW)["state"]) == (1, "gap"), "what is not known is no new run; a word would do"
    assert "--unshallow" in str(found.finding(ANEW)), "the way to know it"
    assert f"whether {SUITE} of SYS-001 stood in base before is not told" in str(found.report["trust"]["notes"])


def test_t55_control_where_history_is_cut_off_a_new_run_beside_base_s_counts(repo: Scratch) -> None:
    tip = repo.git("rev-parse", "main")
    repo.edit(model_version="2.2.0")
    again = junit(SUITE).replace('time="0.01"', 'time="0.02"').replace(days_ago(1), days_ago(0))
    repo.commit("Another model", files={_path(repo, SUITE): again})
    (repo.path / ".git" / "shallow").write_text(f"{tip}\n")
    assert repo.check().finding(ANEW)["state"] == "met"


def _paper_away_and_back(repo: Scratch, text: str, later: str, hollow: bool) -> Result:
    item = {"id": PAPER, "path": "governance/rt.md", "status": "final"}
    kept = [entry for entry in repo.entry()["artifacts"] if entry["id"] != PAPER]
    repo.checkout("main")
    repo.edit(artifacts=[*kept, item | {"completed": days_ago(200)}])
    repo.commit("Base", by="Rae Kim", files={"governance/rt.md": text})
    if hollow:
        repo.commit("Hollow", by="Rae Kim", files={"governance/rt.md": "# Red team report\n\nTODO\n"})
    else:
        repo.edit(artifacts=kept)
        repo.commit("Without", by="Rae Kim")
    repo.branch("renew")
    repo.edit(artifacts=[*kept, item | {"completed": days_ago(1)}])
    repo.commit("Back again", files={"governance/rt.md": later})
    return repo.check()


@pytest.mark.parametrize("hollow", [False, True], ids=["taken out", "emptied"])
@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda text: text, "evidence-redated"),
        (lambda text: text.replace("The screener", "The\u200b  screener"), "evidence-redated"),
        (lambda text: text.replace("examined", "studied", 1), "evidence-renewed"),
    ],
    ids=["as it was", "but for blanks", "but for a word"],
)
def test_t55_a_paper_that_comes_back_with_a_later_date(repo: Scratch, hollow: bool, change: object, kind: str) -> None:
    text = document(PAPER, words=60)
    assert callable(change)
    found = _paper_away_and_back(repo, text, str(change(text)), hollow)
    assert kind in found.changes(), found
    assert found.code == 1


def test_t55_control_a_paper_that_comes_back_as_it_was_is_a_repair(repo: Scratch) -> None:
    text = document(PAPER, words=60)
    item = {"id": PAPER, "path": "governance/rt.md", "status": "final", "completed": days_ago(200)}
    kept = [entry for entry in repo.entry()["artifacts"] if entry["id"] != PAPER]
    repo.checkout("main")
    repo.edit(artifacts=[*kept, item])
    repo.commit("Base", by="Rae Kim", files={"governance/rt.md": text})
    repo.commit("Hollow", by="Rae Kim", files={"governance/rt.md": "# Red team report\n\nTODO\n"})
    repo.branch("repair")
    repo.commit("Repair", files={"governance/rt.md": text})
    found = repo.check()
    assert (found.code, {"evidence-redated", "evidence-renewed"} & set(found.changes())) == (0, set()), found
