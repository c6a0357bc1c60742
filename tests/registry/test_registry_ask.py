"""An auditor's questions by name: right answers, as of any day, in every form, whatever the texts are."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from filled_registry import HOSTILE, fill

from policy_gate.app.registry_ask import ask
from policy_gate.app.registry_portfolio import portfolio
from policy_gate.cli.app import app
from policy_gate.errors import UsageError
from policy_gate.registry.questions import bound, complete_sql, names_bound, question, questions
from policy_gate.registry.store import Registry
from policy_gate.report.sanitise import csv_cell
from policy_gate.report.style import RenderOptions
from policy_gate.report.views.registry_answer import answer_csv, answer_json, answer_text, questions_text

TODAY = date(2026, 11, 29)
GOLDEN = Path(__file__).parent / "golden"
DOCS = Path(__file__).resolve().parent.parent.parent / "docs" / "registry-questions.md"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(fill(tmp_path_factory.mktemp("filled") / "registry.db"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(fill(tmp_path_factory.mktemp("hostile") / "registry.db", with_hostile=True))


def rows(database: str, name: str, as_of: date = TODAY, **given: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(answer_json(ask(database, name, given, as_of)))["rows"]
    return found


def held(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("POLICY_GATE_WRITE_GOLDENS") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


def test_every_question_says_what_it_is_and_what_it_cannot_know() -> None:
    assert len(questions()) >= 20
    for one in questions().values():
        assert one.title.endswith("?")
        assert one.about.endswith(".")
        assert one.cannot.endswith(".")
        assert set(names_bound(complete_sql(one))) <= {"as_of", *(it.name for it in one.parameters)}
        assert {it.name for it in one.parameters} <= set(names_bound(complete_sql(one)))
        assert one.sql.lower().startswith("select")


def test_the_documentation_lists_every_question_with_its_title() -> None:
    told = dict(re.findall(r"^\| `([a-z-]+)` \| (.+?) \|", DOCS.read_text("utf-8"), re.MULTILINE))
    assert told == {one.name: one.title for one in questions().values()}


def test_who_decides_about_employment_and_what_says_so(filled: str) -> None:
    found = [(it["repository"], it["said_by"]) for it in rows(filled, "decides-about")]
    assert found == [("acme/hiring", "decision impact"), ("acme/support", "unknown")]
    assert [it["said_by"] for it in rows(filled, "decides-about", domain="credit")] == ["unknown"]


def test_who_approved_what_and_when(filled: str) -> None:
    (one,) = rows(filled, "approvals-given")
    assert (one["approver"], one["role"], one["verified"], one["ended"]) == ("Ada Example", "ciso", "yes", "no")
    assert rows(filled, "approvals-given", as_of=date(2026, 12, 1))[0]["ended"] == "yes"
    assert rows(filled, "approvals-given", since="2026-10-01") == []
    assert rows(filled, "approvals-given", system="SYS-001' or '1'='1") == []


def test_what_was_known_on_a_day(filled: str) -> None:
    assert rows(filled, "known-on", as_of=date(2026, 9, 30)) == []
    before = {it["repository"]: it["tier"] for it in rows(filled, "known-on", as_of=date(2026, 11, 19))}
    after = {it["repository"]: it["tier"] for it in rows(filled, "known-on", as_of=date(2026, 11, 20))}
    assert (before["acme/hiring"], after["acme/hiring"]) == ("medium", "high")
    assert before["acme/support"] == after["acme/support"] == "medium"
    hiring = rows(filled, "known-on", system="SYS-001")[0]
    assert (hiring["gaps"], hiring["unknown"], hiring["since"]) == (1, 1, "2026-11-20")


def test_what_is_overdue_stands_under_the_team_that_owns_it(filled: str) -> None:
    found = [(it["team"], it["due"], it["what"]) for it in rows(filled, "overdue-by-team")]
    assert found == [
        ("People Ops", "2026-11-01", "Privacy impact assessment"),
        ("People Ops", "2026-11-21", "INC-1: gdpr-authority"),
    ]
    assert rows(filled, "overdue-by-team", team="Nobody") == []


def test_vendors_models_waivers_and_what_ends(filled: str) -> None:
    (vendor,) = rows(filled, "vendors-without-agreement")
    assert (vendor["vendor"], vendor["personal_data"], vendor["agreement"]) == ("anthropic", "yes", "no")
    assert rows(filled, "vendors-in-use")[0]["open"] == ["no data processing agreement"]
    (model,) = rows(filled, "retiring-models", within="0")
    assert (model["model"], model["ended"], model["stage"]) == ("claude-3-opus", "yes", "production")
    assert [it["rule"] for it in rows(filled, "waivers-ending", within="40")] == ["red-team-report"]
    assert rows(filled, "waivers-ending", within="5") == []
    assert [it["why"] for it in rows(filled, "model-version-unknown")] == ["no model is named", "not pinned"]


def test_gaps_of_ownership_privacy_and_inventory(filled: str) -> None:
    assert [(it["repository"], it["missing"]) for it in rows(filled, "without-owner")] == [("acme/support", "both")]
    assert [it["state"] for it in rows(filled, "without-privacy-assessment")] == ["gap"]
    assert rows(filled, "undeclared-ai") == [
        {"repository": "acme/notebooks", "ai_product": "PyTorch", "files": 2, "first_file": "serve.py"}
    ]
    assert [(it["repository"], it["known_as_of"]) for it in rows(filled, "not-read")] == [
        ("acme/<gone>", None),
        ("acme/support", "2026-10-01"),
    ]
    (incident,) = rows(filled, "open-incidents")
    assert (incident["incident"], incident["clock"], incident["late"]) == ("INC-1", "gdpr-authority", "yes")


def test_law_from_which_day_and_tiers_that_moved(filled: str) -> None:
    found = [(it["law"], it["applies_from"], it["in_force"], it["incomplete"]) for it in rows(filled, "law-by-day")]
    assert ("eu-ai-act", "2026-08-02", "yes", 1) in found
    assert ("eu-ai-act", "2027-12-02", "no", 0) in found
    assert [(it["was"], it["now"]) for it in rows(filled, "tier-changes", since="2026-10-15")] == [("medium", "high")]
    assert rows(filled, "came-and-went", since="2026-10-15") == []
    assert {it["change"] for it in rows(filled, "came-and-went")} == {"new"}


@pytest.mark.parametrize("name", sorted(questions()))
def test_an_answer_says_which_sync_it_speaks_of_and_what_it_cannot_know(filled: str, name: str) -> None:
    told = answer_text(ask(filled, name, {}, TODAY), RenderOptions(width=10_000))
    assert "As of 2026-11-29, from sync 2 of 2026-11-20T06:00:00Z over 4 repositories." in told
    assert "2 repositories could not be read last time" in told
    assert "1 repository never read: what they hold is unknown, which is not no." in told
    assert f"It cannot know: {question(name).cannot}" in told


@pytest.mark.parametrize("form", ["text", "json", "csv"])
@pytest.mark.parametrize("name", ["overdue-by-team", "lacking", "vendors-in-use"])
def test_answers_are_told_as_their_golden_files(hostile: str, name: str, form: str) -> None:
    answer = ask(hostile, name, {}, TODAY)
    told = {"text": answer_text(answer, RenderOptions()), "json": answer_json(answer), "csv": answer_csv(answer)}
    held(f"ask-{name}.{'txt' if form == 'text' else form}", told[form])


@pytest.mark.parametrize("name", sorted(questions()))
def test_hostile_texts_stay_texts_in_every_answer(hostile: str, name: str) -> None:
    answer = ask(hostile, name, {}, TODAY)
    for told in (answer_text(answer, RenderOptions()), answer_json(answer), answer_csv(answer)):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e]", told)
    for row in csv.reader(io.StringIO(answer_csv(answer))):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("given", [*HOSTILE, "' or 1=1 --", "%", ":as_of"])
def test_a_value_is_a_value_and_never_sql(filled: str, given: str) -> None:
    assert rows(filled, "overdue-by-team", team=given) == []
    assert rows(filled, "all-systems", tier=given) == []
    assert len(rows(filled, "all-systems")) == 2


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        (" @x", "' @x"),
        ("\t=1", "' =1"),
        ("plain", "plain"),
        ("a=b", "a=b"),
        ("-2", "'-2"),
        ("\n=1", "' =1"),
        ("\r=1", "' =1"),
        (" \t x", "'   x"),
        ("\u00a0+1", "'\u00a0+1"),
        ("\uff1d1", "'\uff1d1"),
    ],
)
def test_no_cell_of_csv_is_a_formula(cell: str, shown: str) -> None:
    assert csv_cell(cell) == shown


def test_an_empty_registry_says_that_nothing_is_known(tmp_path: Path) -> None:
    with Registry.open(tmp_path / "empty.db", for_writing=True):
        pass
    for name in questions():
        told = answer_text(ask(str(tmp_path / "empty.db"), name, {}, TODAY), RenderOptions())
        assert "Nothing that is known." in told
        assert "No sync was finished by 2026-11-29: nothing is known." in told


def test_what_cannot_be_asked_is_told_with_the_nearest_name(filled: str) -> None:
    with pytest.raises(UsageError) as caught:
        ask(filled, "overdue-by-teams", {}, TODAY)
    assert caught.value.hint == 'did you mean "overdue-by-team"?'
    with pytest.raises(UsageError, match='has no parameter "days"'):
        ask(filled, "waivers-ending", {"days": "3"}, TODAY)
    for value in ("soon", "9" * 30, "-1"):
        with pytest.raises(UsageError, match="is no value of within"):
            ask(filled, "waivers-ending", {"within": value}, TODAY)
    with pytest.raises(UsageError, match="is no value of since"):
        bound(question("approvals-given"), {"since": "yesterday"}, TODAY)
    with pytest.raises(UsageError, match="there is no registry"):
        ask(str(Path(filled).with_name("none.db")), "all-systems", {}, TODAY)


def test_the_command_lists_answers_and_writes(filled: str, tmp_path: Path) -> None:
    runner = CliRunner()

    def told(*words: str) -> str:
        return runner.invoke(app, ["registry", "ask", *words], standalone_mode=False).output

    assert told() == questions_text(questions().values(), RenderOptions())
    assert [it["name"] for it in json.loads(told("--format", "json"))["questions"]] == sorted(questions())
    out = tmp_path / "owed.csv"
    assert told("all-systems", "--db", filled, "--param", "tier=high", "--format", "csv", "-o", str(out)) == ""
    assert [row["system"] for row in csv.DictReader(io.StringIO(out.read_text("utf-8")))] == ["SYS-001"]
    assert "medium" in told("known-on", "--db", filled, "--on", "2026-10-31")
    for words in (["--param", "tier"], ["--param", "tier=a", "--param", "tier=b"]):
        done = runner.invoke(app, ["registry", "ask", "all-systems", "--db", filled, *words], standalone_mode=False)
        assert isinstance(done.exception, UsageError)


def test_the_shell_completes_names_of_questions_and_parameters() -> None:
    ctx = app.get_command(None, "registry").get_command(None, "ask")  # type: ignore[arg-type, union-attr]
    assert ctx is not None
    name, param = ctx.params[0], ctx.params[1]
    assert [it.value for it in name.shell_complete(_context(ctx), "waiv")] == ["waivers-ending"]
    assert [it.value for it in param.shell_complete(_context(ctx, "waivers-ending"), "w")] == ["within="]


def _context(command: Any, name: str | None = None) -> Any:
    import click

    ctx = click.Context(command)
    ctx.params["name"] = name
    return ctx


@pytest.mark.real_runner
def test_both_databases_answer_alike(hostile: str, postgres: str) -> None:
    import psycopg

    with psycopg.connect(f"{postgres}postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE asked")
    fill(f"{postgres}asked", with_hostile=True)
    for name in questions():
        for day in (date(2026, 10, 15), TODAY):
            assert ask(f"{postgres}asked", name, {}, day) == ask(hostile, name, {}, day), (name, day)
    assert portfolio(f"{postgres}asked", TODAY) == portfolio(hostile, TODAY)
