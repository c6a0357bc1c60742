"""The portfolio page: whole by itself, usable by everybody, obeying nothing that it shows; and its calendar."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from filled_registry import fill, many
from icalendar import Calendar
from parts import node_file, part

from policy_gate.app.registry_portfolio import portfolio
from policy_gate.cli.app import app
from policy_gate.errors import UsageError
from policy_gate.registry.store import Registry
from policy_gate.report.views.portfolio import portfolio_html, portfolio_ics
from policy_gate.schema.portfolio import Portfolio, PortfolioSystem, SyncSeen, UnreadRepository

TODAY = date(2026, 11, 29)
GOLDEN = Path(__file__).parent / "golden" / "portfolio.html"
BROWSER = Path(__file__).resolve().parent.parent / "browser.py"
KINDS = ("small", "hostile", "empty", "many")
VOID = {"meta", "link", "br", "hr", "img", "input"}


def database(folder: Path, kind: str) -> str:
    path = folder / f"{kind}.db"
    if kind == "many":
        return str(many(path, 400, syncs=3))
    if kind == "empty":
        with Registry.open(path, for_writing=True):
            return str(path)
    return str(fill(path, with_hostile=kind == "hostile"))


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("portfolio")
    return {kind: database(folder, kind) for kind in KINDS}


@pytest.fixture(scope="module")
def pages(databases: dict[str, str]) -> dict[str, str]:
    return {kind: portfolio_html(portfolio(databases[kind], TODAY)) for kind in KINDS}


class Page(HTMLParser):
    """Elements with their attributes, what is out of order, and the visible words."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.faults += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"{tag} at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, name: str) -> list[str]:
        return [value or "" for _, attrs in self.elements for key, value in attrs.items() if key == name]


def test_the_page_is_set_as_its_golden_file(pages: dict[str, str]) -> None:
    said = re.sub("<style>.*</style>", "<style></style>", pages["hostile"], flags=re.DOTALL)
    said = re.sub("sha256-[^']+", "sha256-", said)
    if os.environ.get("POLICY_GATE_WRITE_GOLDENS") == "1":
        GOLDEN.write_text(said, "utf-8")
    assert said == GOLDEN.read_text("utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_each_page_is_well_formed_whole_and_ordered(pages: dict[str, str], kind: str) -> None:
    page = Page(pages[kind])
    assert page.faults == []
    assert [id_ for id_, times in Counter(page.all("id")).items() if times > 1] == []
    ids = set(page.all("id"))
    assert [it for it in page.all("href") if it != "data:," and not (it.startswith("#") and it[1:] in ids)] == []
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert [(a, b) for a, b in pairwise(levels) if b > a + 1] == []
    assert not {tag for tag, _ in page.elements} & {"script", "iframe", "object", "embed", "form", "base", "img"}
    style = re.findall(r"<style>(.*?)</style>", pages[kind], re.DOTALL)[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in pages[kind]
    assert "url(" not in style


def test_hostile_texts_are_shown_and_add_no_element(pages: dict[str, str]) -> None:
    page = Page(pages["hostile"])
    assert "<script>alert(1)</script>" in page.text
    assert "egnp.exe" in page.text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e]", pages["hostile"])
    assert not any(name.startswith("on") for _, attrs in page.elements for name in attrs)


def test_the_page_tells_what_is_owed_by_whom_and_when(pages: dict[str, str]) -> None:
    text = Page(pages["small"]).text
    for said in (
        "As of 2026-11-29, from sync 2 of 2026-11-20T06:00:00Z over 4 repositories.",
        "1 repository never read: what they hold is unknown, which is not no.",
        "2027-12-02: 1 for 1 system",
        "acme/notebooks PyTorch in 2 files",
        "acme/<gone> no such repository <b> nothing is known of it",
        "acme/support the host did not answer what is told of it is as of 2026-10-01",
        "The day is past: 1",
        "December 2026: 1",
        "No team is named",
        "nobody says which",
    ):
        assert said in text, said
    assert "systems from 2 to 2, gaps from 1 to 1" in text


def test_the_page_speaks_of_the_day_that_was_asked_for(databases: dict[str, str]) -> None:
    before = portfolio(databases["small"], date(2026, 11, 1))
    after = portfolio(databases["small"], TODAY)
    assert [it.tier for it in before.systems] == ["medium", "medium"]
    assert [it.tier for it in after.systems] == ["high", "medium"]
    assert [len(it.trend) for it in (before, after)] == [1, 2]
    assert (before.systems[0].overdue, after.systems[0].overdue) == (1, 1)


def test_four_hundred_systems_stay_folded_by_team(pages: dict[str, str]) -> None:
    page = Page(pages["many"])
    teams = [attrs for tag, attrs in page.elements if tag == "details" and "team" in (attrs.get("class") or "")]
    assert len(teams) == 17
    assert not any("open" in attrs for attrs in teams)
    assert len([1 for tag, attrs in page.elements if tag == "li" and "system " in (attrs.get("class") or "")]) == 400


def test_the_calendar_holds_what_is_to_come(databases: dict[str, str]) -> None:
    said = portfolio_ics(portfolio(databases["hostile"], TODAY))
    found = Calendar.from_ical(said)
    events = {str(it["SUMMARY"]) for it in found.walk("VEVENT")}
    assert "acme/hiring:SYS-001 Hiring Resume Screener: Waiver of red-team-report ends" in events
    assert len(events) == 2
    assert "1 dates are past" in str(found.walk("VJOURNAL")[0]["DESCRIPTION"])


def test_the_command_writes_both_or_says_what_lacks(databases: dict[str, str], tmp_path: Path) -> None:
    html, ics = tmp_path / "p.html", tmp_path / "due.ics"
    words = ["registry", "report", "--db", databases["small"], "--as-of", "2026-11-29"]
    done = CliRunner().invoke(app, [*words, "--html", str(html), "--ics", str(ics)], standalone_mode=False)
    assert (done.exception, done.output) == (None, "")
    assert html.read_text("utf-8").startswith("<!doctype html>")
    assert ics.read_text("utf-8").startswith("BEGIN:VCALENDAR")
    assert isinstance(CliRunner().invoke(app, words, standalone_mode=False).exception, UsageError)
    nowhere = [*words, "--html", str(tmp_path / "none" / "p.html")]
    assert isinstance(CliRunner().invoke(app, nowhere, standalone_mode=False).exception, UsageError)


@pytest.fixture(scope="module")
def seen(pages: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("pages")
    wanted = []
    for kind in KINDS:
        path = folder / f"{kind}.html"
        path.write_text(pages[kind], "utf-8")
        schemes = ["light", "dark"] if kind != "many" else []
        wanted.append({"name": kind, "path": str(path), "schemes": schemes, "keyboard": kind == "small"})
    path = folder / "bare.html"
    path.write_text(pages["hostile"], "utf-8")
    wanted.append({"name": "bare", "path": str(path), "schemes": [], "csp": False})
    told = subprocess.run(
        [part("python"), BROWSER], capture_output=True, text=True, check=True, timeout=300,
        input=json.dumps({"axe": str(node_file("axe-core/axe.min.js")), "shots": None, "pages": wanted}),
    )  # fmt: skip
    return {page["name"]: page for page in json.loads(told.stdout)}


@pytest.mark.real_runner
def test_the_browser_finds_nothing_wrong_with_the_page(seen: dict[str, dict[str, Any]]) -> None:
    for kind, page in seen.items():
        assert page["requests"] == page["console"] == page["dialogs"] == [], kind
        assert page["overflow"] == {"phone": [], "desktop": []}, kind
        assert [said for found in page["axe"].values() for said in found] == [], kind


@pytest.mark.real_runner
def test_the_keyboard_reaches_everything_and_shows_where_it_is(seen: dict[str, dict[str, Any]]) -> None:
    assert seen["small"]["reachable"] > 20
    assert seen["small"]["unreached"] == []
    assert seen["small"]["unmarked"] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="the driver of the browser is for Linux")
@pytest.mark.real_runner
def test_a_tier_that_is_not_wanted_is_hidden_without_a_script(pages: dict[str, str], tmp_path: Path) -> None:
    unchecked = pages["small"].replace('id="tier-high" checked', 'id="tier-high"')
    file = tmp_path / "page.html"
    file.write_text(unchecked, "utf-8")
    script = (
        "import sys\nfrom playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p:\n"
        "    page = p.chromium.launch(executable_path='/usr/bin/chromium', args=['--no-sandbox']).new_page()\n"
        "    page.goto('file://' + sys.argv[1])\n"
        "    print(page.evaluate(\"[...document.querySelectorAll('li.system')].filter(it => "
        'it.checkVisibility()).length"))\n'
    )
    told = subprocess.run([part("python"), "-c", script, str(file)], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "1"


def test_a_page_of_more_systems_than_a_browser_opens_lists_the_highest_tiers_and_counts_all() -> None:
    systems = tuple(
        PortfolioSystem(f"acme/{n:04}", "SYS-001", f"Named {n}", "", f"Team {n % 3}", "", "production",
                        "critical" if n >= 5_100 else "low", None, "pass")
        for n in range(5_200)
    )  # fmt: skip
    unread = tuple(UnreadRepository(f"acme/{n}", "no answer", "") for n in range(1_001))
    page = portfolio_html(Portfolio("2026-11-29", "0.1.0", SyncSeen("2026-11-29T06:00:00Z", 1, 5_200),
                                    systems, unread=unread))  # fmt: skip
    text = Page(page).text
    assert page.count('<li class="system ') == 5_000
    assert page.count('<li class="system tier-critical') == 100
    assert "5200 systems" in text
    assert "200 systems of the lowest tiers are counted above and not listed here" in text
    assert text.count("more of this team") == 3
    assert "and 1 more: policy-gate registry ask not-read" in text
    assert len(page) < 8_000_000
