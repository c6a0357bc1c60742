"""T55, D52: other bytes are no other content, for results of tests, for cards and for papers."""

from __future__ import annotations

import pytest
from evidence import document, junit
from scratch import Scratch
from world import days_ago, high_system

SUITE = "bias-benchmark-suite"
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
    assert repo.check().finding(SUITE)["state"] == "gap"


def test_t55_control_a_new_run_counts(repo: Scratch) -> None:
    repo.edit(model_version="2.2.0")
    again = junit(SUITE).replace('time="0.01"', 'time="0.02"').replace(days_ago(1), days_ago(0))
    repo.commit("Another model", files={_path(repo, SUITE): again})
    assert repo.check().finding(SUITE)["state"] == "met"


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
