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
from filled_registry import HOSTILE, SECOND, chatbot, fill, replace_tier, screener
from msgspec.structs import replace
from registry_world import record, system

from policy_gate.app.registry_ask import ask
from policy_gate.app.registry_portfolio import portfolio
from policy_gate.app.registry_systems import show_system
from policy_gate.cli.app import app
from policy_gate.errors import UsageError
from policy_gate.registry.questions import bound, complete_sql, names_bound, question, questions
from policy_gate.registry.store import Registry
from policy_gate.report.sanitise import csv_cell
from policy_gate.report.style import RenderOptions
from policy_gate.report.views.registry_answer import answer_csv, answer_json, answer_text, questions_text
from policy_gate.schema.registry_record import DueRecord, IncidentRecord, RecordedApproval, RepositoryRecord

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


def test_an_approval_whose_key_was_taken_out_since_was_verified_earlier(tmp_path: Path) -> None:
    """Who left signed what they signed; a record that says another thing now, or that no sync verified, is not that."""
    before, other = (record("a/b", system(), approvals=(approval(digest),)) for digest in ("sha256:1", "sha256:2"))
    with Registry.open(tmp_path / "registry.db", for_writing=True) as registry:
        for day, one in (("2026-01-05", before), ("2026-03-05", taken_out(before)), ("2026-05-05", taken_out(other))):
            registry.begin_sync("1.0", f"{day}T06:00:00Z")
            registry.record(one, day)
            registry.end_sync(f"{day}T06:00:00Z")
    days = {date(2026, 2, 1): "yes", date(2026, 4, 1): "earlier", date(2026, 6, 1): "no"}
    for day, said in days.items():
        assert [it["verified"] for it in rows(str(tmp_path / "registry.db"), "approvals-given", as_of=day)] == [said]


def approval(digest: str) -> RecordedApproval:
    return RecordedApproval("SYS-001", "release", "ciso", "Ann", "2026-01-02", "2026-04-02", digest, True, "a.yaml")


def taken_out(one: RepositoryRecord) -> RepositoryRecord:
    return replace(one, approvals=tuple(replace(it, verified=False) for it in one.approvals))


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
    (waiver,) = rows(filled, "waivers-ending", within="40")
    said = ("rule", "owner", "approver", "created")
    assert [waiver[it] for it in said] == ["red-team-report", "Bo", "Ann", "2026-05-01"]
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


@pytest.fixture(scope="module")
def retired(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A system that is retired and then gone, beside one that moved up a tier and whose papers changed later."""
    path = tmp_path_factory.mktemp("retired") / "registry.db"
    (old,) = chatbot().systems
    steps = (
        ("2026-01-05", "production", replace_tier(screener())),
        ("2026-03-05", "production", screener()),
        ("2026-06-05", "decommissioned", replace(screener(), findings=())),
        ("2026-09-05", "", replace(screener(), findings=(), due=())),
    )
    with Registry.open(path, for_writing=True) as registry:
        for day, stage, other in steps:
            registry.begin_sync("0.1.0", f"{day}T06:00:00Z")
            registry.record(other, day)
            left = (replace(old, stage=stage),) if stage else ()
            registry.record(replace(chatbot(), systems=left), day)
            registry.end_sync(f"{day}T06:00:00Z")
    return str(path)


def test_since_when_a_system_is_in_its_stage_is_no_matter_of_what_else_changed(retired: str) -> None:
    name, said = chatbot().repository, {}
    for day in ("2026-01-05", "2026-04-01", "2026-08-01"):
        found = rows(retired, "known-on", as_of=date.fromisoformat(day))
        known = {it["repository"]: it["in_stage_since"] for it in found}
        said[day] = known[name]
    assert said == {"2026-01-05": "2026-01-05", "2026-04-01": "2026-01-05", "2026-08-01": "2026-06-05"}
    assert known[screener().repository] == "2026-01-05"


def test_which_notices_came_late_is_told_of_closed_incidents_too(tmp_path: Path) -> None:
    clocks = (
        ("aia-73-2", "met", "2026-06-01T00:00:00Z"),
        ("gdpr-33", "late", "2026-06-22T23:00:00Z"),
        ("gdpr-34", "running", None),
        ("hipaa-404", "unknown", "2026-08-18T00:00:00Z"),
        ("nyc-871-b", "running", "2026-12-18T00:00:00Z"),
    )
    told = IncidentRecord("INC-1", "SYS-001", "bias_harm", "high", "closed", resolved_at="2026-07-02T00:00:00Z")
    closed = replace(told, clocks=clocks)
    with Registry.open(tmp_path / "registry.db", for_writing=True) as registry:
        registry.begin_sync("1.0", "2026-10-05T06:00:00Z")
        registry.record(record("a/b", system(), incidents=(closed,)), "x")
        registry.end_sync("2026-10-05T06:00:00Z")
    database = str(tmp_path / "registry.db")
    found = [(it["clock"], it["notice"], it["owner_team"]) for it in rows(database, "notices-late")]
    assert found == [("gdpr-33", "late", "People Ops"), ("hipaa-404", "unknown", "People Ops")]
    assert [it["clock"] for it in rows(database, "notices-late", since="2026-07-01")] == ["hipaa-404"]
    assert [it["clock"] for it in rows(database, "notices-late", as_of=date(2026, 12, 20))][2:] == ["nyc-871-b"]


def test_an_approval_that_has_ended_is_nothing_that_falls_due(tmp_path: Path) -> None:
    """It was spent at its merge, or was for nothing; one that has yet to end is told, and so is a late review."""
    due = [
        DueRecord("SYS-001", kind, f"{kind} {day}", day, "People Ops")
        for kind in ("approval", "review")
        for day in ("2026-11-01", "2026-12-24")
    ]
    with Registry.open(tmp_path / "registry.db", for_writing=True) as registry:
        registry.begin_sync("1.0", "2026-10-05T06:00:00Z")
        registry.record(record("a/b", system(), due=tuple(due)), "x")
        registry.end_sync("2026-10-05T06:00:00Z")
    found = [it.title for it in portfolio(str(tmp_path / "registry.db"), TODAY).due]
    assert sorted(found) == ["approval 2026-12-24", "review 2026-11-01", "review 2026-12-24"]


def test_what_is_gone_stands_as_it_was_last_and_not_as_on_the_day_compared_with(retired: str) -> None:
    for since in ("2026-02-01", "0001-01-01"):
        found = [it for it in rows(retired, "came-and-went", since=since) if it["change"] == "gone"]
        assert [(it["stage"], it["first_seen"], it["gone_on"]) for it in found] == [
            ("decommissioned", "2026-01-05", "2026-09-05")
        ]
    assert rows(retired, "came-and-went", since="2026-09-05") == []
    assert rows(retired, "came-and-went", as_of=date(2026, 8, 1), since="2026-02-01") == []


def test_a_tier_is_of_the_day_on_which_it_was_first_seen_whatever_changed_since(retired: str) -> None:
    (moved,) = rows(retired, "tier-changes", since="2026-02-01")
    assert (moved["was"], moved["now"], moved["seen_on"]) == ("medium", "high", "2026-03-05")


def test_a_clock_that_runs_on_is_told_after_its_incident_was_closed(tmp_path: Path) -> None:
    clocks = (
        ("gdpr-33", "met", "2026-11-20T10:00:00Z"), ("gdpr-34", "running", None),
        ("aia-73-2", "overdue", "2026-11-21T10:00:00Z"),
    )  # fmt: skip
    (incident,) = screener().incidents
    closed = replace(incident, state="resolved", resolved_at="2026-11-19T10:00:00Z", clocks=clocks)
    done = replace(closed, id="INC-2", clocks=clocks[:1])
    path = tmp_path / "registry.db"
    with Registry.open(path, for_writing=True) as registry:
        registry.begin_sync("0.1.0", SECOND)
        registry.record(replace(screener(), incidents=(closed, done)), "1")
        registry.end_sync(SECOND)
    found = [(it["incident"], it["clock"], it["late"]) for it in rows(str(path), "open-incidents")]
    assert found == [("INC-1", "gdpr-34", "no"), ("INC-1", "aia-73-2", "yes")]


def test_what_a_vendor_is_sent_and_under_which_terms_is_told(filled: str) -> None:
    (vendor,) = rows(filled, "vendors-in-use")
    assert (vendor["data_sent"], vendor["personal_data"], vendor["agreement"]) == ("CVs", "yes", "no")


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
        ("\u00a0+1", "' +1"),
        ("a;=1+1", "a;'=1+1"),
        ("a; --1", "a;' --1"),
        ("a; -- b", "a; -- b"),
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


def test_a_system_that_is_gone_is_refused_with_the_days_on_which_it_was_known(retired: str, tmp_path: Path) -> None:
    gone = str(tmp_path / "gone.db")
    with Registry.open(gone, for_writing=True) as registry:
        for day, systems in (("2026-01-05", chatbot().systems), ("2026-09-05", ())):
            registry.begin_sync("0.1.0", f"{day}T06:00:00Z")
            registry.record(replace(chatbot(), systems=systems), day)
            registry.end_sync(f"{day}T06:00:00Z")
    for database, repository, last in ((gone, None, "2026-01-05"), (retired, "acme/support", "2026-06-05")):
        with pytest.raises(UsageError, match=r"known from 2026-01-05 on, .* the sync of 2026-09-05") as told:
            show_system(database, "SYS-001", repository, None)
        assert f"--as-of {last}" in told.value.hint
        assert show_system(database, "SYS-001", repository, date.fromisoformat(last))


def test_the_past_of_a_system_holds_the_answers_behind_its_tier(tmp_path: Path) -> None:
    path = str(tmp_path / "registry.db")
    (one,) = screener().systems
    milder = replace(one, score=12, risk_profile={**(one.risk_profile or {}), "human_oversight": "full"})
    with Registry.open(path, for_writing=True) as registry:
        for day, system in (("2026-01-05", one), ("2026-02-05", milder)):
            registry.begin_sync("0.1.0", f"{day}T06:00:00Z")
            registry.record(replace(screener(), systems=(system,)), day)
            registry.end_sync(f"{day}T06:00:00Z")
    done = CliRunner().invoke(app, ["registry", "history", "SYS-001", "--db", path, "--format", "json"])
    first, last = json.loads(done.output)["history"]
    assert {"what": "waiver", "before": "", "after": "red-team-report until 2026-12-31"} in first["changes"]
    assert [(it["what"], it["before"], it["after"]) for it in last["changes"]] == [
        ("score", "13", "12"),
        ("answer", "human_oversight: partial", ""),
        ("answer", "", "human_oversight: full"),
    ]


def test_a_stage_is_of_the_day_on_which_it_was_first_seen_and_says_what_is_open(retired: str) -> None:
    day = date(2026, 8, 1)
    (moved,) = rows(retired, "stage-changes", day, since="2026-02-01")
    said = ("repository", "was", "now", "seen_on")
    assert [moved[it] for it in said] == [chatbot().repository, "production", "decommissioned", "2026-06-05"]
    assert rows(retired, "stage-changes", day, since="2026-07-01") == []
    new = rows(retired, "stage-changes", day)
    assert [(it["was"], it["now"]) for it in new] == [(None, "production"), (None, "decommissioned")]


def test_systems_that_entered_a_stage_without_something(filled: str) -> None:
    """An auditor's question in one: of one tier, in one stage, lacking one thing."""
    asked = {"stage": "production", "tier": "high", "what": "privacy-impact-assessment"}
    found = rows(filled, "stage-changes", **asked)
    assert [(it["repository"], it["gaps"]) for it in found] == [(screener().repository, 1)]
    for other in ({"stage": "deprecated"}, {"tier": "low"}, {"what": "rollback-procedure"}):
        assert rows(filled, "stage-changes", **asked | other) == []


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("lacking", {"what": "privacy-impact-assesment"}, 'no finding of "privacy-impact-assesment" in the registry'),
        ("overdue-by-team", {"team": "people ops"}, 'no team "people ops" in the registry; did you mean "People Ops"?'),
        ("all-systems", {"tier": "hi"}, 'no tier "hi" in the registry'),
        ("models-in-use", {"model": "claud-"}, 'no model "claud-" in the registry'),
    ],
)  # fmt: skip
def test_an_empty_answer_says_what_of_the_question_stands_nowhere(
    filled: str, name: str, given: dict[str, str], said: str
) -> None:
    """A slip in an id would else read as if nobody lacked it."""
    found = ask(filled, name, given, TODAY)
    assert (found.rows, said in " ".join(found.unmatched)) == ((), True), found.unmatched
    assert said.split(";", maxsplit=1)[0] in " ".join(answer_text(found, RenderOptions(width=1000)).split())
    assert json.loads(answer_json(found))["unmatched"] == list(found.unmatched)


def test_an_answer_that_is_empty_for_another_reason_says_nothing_of_the_words(filled: str) -> None:
    assert ask(filled, "waivers-ending", {"within": "5"}, TODAY).unmatched == ()
    assert ask(filled, "all-systems", {"tier": "high", "stage": "deprecated"}, TODAY).unmatched[1:] == ()
    assert ask(filled, "models-in-use", {"model": "claude-"}, TODAY).unmatched == ()
