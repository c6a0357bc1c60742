"""The page: well-formed, whole by itself, usable by everybody, and never obeying what it shows (T21)."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
from collections import Counter
from datetime import date
from typing import Any

import pytest
from html_page import BROWSER, LINKS, Page, headings_out_of_order, links_to_nothing
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import asdict, replace
from parts import node_file, part
from sample_policies import docs
from sample_reports import (
    GATE,
    HOSTILE,
    SAMPLES,
    approval,
    blocked,
    debt,
    falls_due,
    finding,
    met,
    other_system,
    red_team_missing,
    report,
    system,
    trust,
)
from test_report_goldens import hold

from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.report.formats.html.page_templates import printed
from policy_gate.report.sanitise import html
from policy_gate.schema.finding import ClaimNote
from policy_gate.schema.report import GateReport, LawReport, Report
from policy_gate.schema.source import Location

SCHEMES = {"mixed": ("light", "dark"), "adopted": ("light", "dark"), "armed-bare": ("light",)}


def page_of(said: Report, render: RenderOptions | None = None) -> str:
    return REPORTERS["html"](replace(said, docs=docs()), render or RenderOptions())


@pytest.mark.parametrize("name", ["blocked", "weakened", "adopted", "conflict"])
def test_the_page_is_set_as_its_golden_file(name: str) -> None:
    said = re.sub("<style>.*</style>", "<style></style>", page_of(SAMPLES[name]()), flags=re.DOTALL)
    hold(f"{name}.html", re.sub("sha256-[^']+", "sha256-", said))


@pytest.mark.parametrize("name", SAMPLES)
def test_each_report_is_a_well_formed_page_with_unique_ids(name: str) -> None:
    page = Page(page_of(SAMPLES[name]()))
    assert page.faults == []
    assert page.comments == []
    assert [id_ for id_, times in Counter(page.all("id")).items() if times > 1] == []


@pytest.mark.parametrize("name", SAMPLES)
def test_each_link_and_label_points_at_something_on_the_page(name: str) -> None:
    page = Page(page_of(SAMPLES[name]()))
    assert links_to_nothing(page) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_the_page_has_landmarks_and_headings_in_order(name: str) -> None:
    page = Page(page_of(SAMPLES[name]()))
    assert headings_out_of_order(page) == []
    assert len(page.tags("main")) == 1
    assert all(attrs.get("scope") for attrs in page.tags("th"))
    drawn = [attrs for attrs in page.tags("svg") if attrs.get("aria-hidden") != "true"]
    assert all(attrs.get("role") == "img" and attrs.get("aria-labelledby") for attrs in drawn)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_page_needs_nothing_from_anywhere(name: str) -> None:
    said = page_of(SAMPLES[name]())
    page = Page(said)
    assert [value for key in LINKS for value in page.all(key) if not value.startswith("#") and value != "data:,"] == []
    assert not {tag for tag, _ in page.elements} & {"script", "iframe", "object", "embed", "form", "base", "img"}
    style = re.findall(r"<style>(.*?)</style>", said, re.DOTALL)[0]
    assert "url(" not in style
    assert "@import" not in style


def test_the_security_policy_allows_this_style_sheet_and_nothing_else() -> None:
    said = page_of(blocked())
    style = re.findall(r"<style>(.*?)</style>", said, re.DOTALL)[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(attrs["content"] for attrs in Page(said).tags("meta") if attrs.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert Page(said).all("style") == []


def frame(page: Page) -> set[tuple[str, str]]:
    """Every kind of element with every attribute it carries."""
    return {(tag, name) for tag, attrs in page.elements for name in ("", *attrs)}


def disarmed(value: Any) -> Any:
    """The same report with a plain word in place of each hostile text."""
    if isinstance(value, str):
        for number, text in enumerate(HOSTILE):
            value = value.replace(text, f"plain{number:02}")
        return value
    if isinstance(value, tuple):
        return tuple(disarmed(it) for it in value)
    if isinstance(value, dict):
        return {key: disarmed(it) for key, it in value.items()}
    if isinstance(value, Struct):
        return replace(value, **{name: disarmed(part) for name, part in asdict(value).items()})
    return value


def test_t21_hostile_text_adds_no_element_attribute_or_address() -> None:
    hostile = SAMPLES["hostile"]()
    attacked, control = Page(page_of(hostile)), Page(page_of(disarmed(hostile)))
    assert [tag for tag, _ in attacked.elements] == [tag for tag, _ in control.elements]
    assert frame(attacked) == frame(control)
    for name in ("href", "id", "class", "aria-labelledby", "content", "for", "role"):
        assert attacked.all(name) == control.all(name)


def test_t21_hostile_text_is_shown_whole_and_nothing_invisible_remains() -> None:
    said = page_of(SAMPLES["hostile"]())
    text = Page(said).text
    assert "<script>alert(1)</script><img src=x onerror=alert(1)>" in text
    assert "]]> --> </details> &amp; %0A %3A" in text
    assert "a\\u202egnp.exe" in text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]", said)
    assert not re.search(r"^\s*::|##\w*\[", said, re.MULTILINE)


@given(st.text(st.characters(), max_size=60) | st.lists(st.sampled_from(HOSTILE), max_size=4).map("".join))
def test_t21_the_html_sanitiser_lets_no_markup_through(text: str) -> None:
    page = Page(f'<p title="{html(text)}">{html(text)}</p>')
    assert page.faults == []
    assert [tag for tag, _ in page.elements] == ["p"]
    assert set(page.elements[0][1]) == {"title"}
    assert not re.search(r"^\s*::|##\w*\[", html(text))


def test_t21_plain_words_pass_the_sanitiser_as_they_are() -> None:
    assert html("Hiring Resume Screener, v2 (beta): 100% a::b #1") == "Hiring Resume Screener, v2 (beta): 100% a::b #1"
    assert html("R&D <b>") == "R&#38;D &#60;b&#62;"


def test_t21_a_link_to_a_forge_holds_a_hostile_path() -> None:
    at = Location('a"b <c>?d#e\n.md', 3)
    said = report(findings=(red_team_missing(location=at),))
    page = Page(page_of(said, RenderOptions(source_url="https://forge.example/o/r/blob/1")))
    links = [href for href in page.all("href") if href.startswith("http")]
    assert links == ["https://forge.example/o/r/blob/1/a%22b%20%3Cc%3E%3Fd%23e%0A.md#L3"]
    assert page.faults == []


def test_the_verdict_its_exit_code_and_what_was_compared_come_first() -> None:
    said = page_of(blocked())
    head = Page(said[said.index("<header") : said.index("<nav")]).text
    assert "Blocked : this change may not be merged yet" in head
    assert "Base origin/main 3f2a9c1 Result HEAD 8d41b07 Policies built-in + base policies Exit code 1" in head


def test_work_is_sorted_to_people_with_the_numbers_of_the_text_report() -> None:
    said = page_of(blocked())
    people = re.findall(r'<h3 id="person-\d+">([^<]+)</h3>.*?<ol class="pieces">(.*?)</ol>', said, re.DOTALL)
    assert [(name, re.findall(r'id="piece-(\d+)"', work)) for name, work in people] == [
        ("Rae Kim", ["1"]), ("Sam Lee", ["2", "3", "4"]),
    ]  # fmt: skip
    assert "Next: Rae Kim 1, Sam Lee 2 to 4, then 3 approvals." in REPORTERS["text"](blocked(), RenderOptions())
    assert said.count("waits for the work above") == 3


def test_an_answer_that_does_not_enforce_says_so_in_its_head() -> None:
    weak, strong = page_of(SAMPLES["deferred"]()), page_of(blocked())
    assert "This answer does not enforce." in weak[: weak.index("<main")]
    assert "does not enforce" not in strong


def test_no_answer_never_reads_as_nothing_to_do() -> None:
    text = Page(page_of(SAMPLES["conflict"]())).text
    assert "Undecided : there is no trustworthy answer yet" in text
    assert "git fetch origin main && git merge origin/main, then run this again." in text
    assert "Nothing is asked of anybody" not in text
    assert "Nothing is asked of anybody now." in Page(page_of(SAMPLES["passed"]())).text


def test_a_claim_that_does_not_count_says_why() -> None:
    text = Page(page_of(SAMPLES["approval-refused"]())).text
    assert "Does not count Ada Example, 2026-11-20: for an earlier content" in text
    assert text.count("wrote commit 8d41b07 in this change") == 1


def test_evidence_is_complete_and_never_compliant() -> None:
    laws = (
        LawReport("eu-ai-act", 12, 10, 0, 0, 2, True),
        LawReport("gdpr", 0, 0, 0, 0, 0, False),
        LawReport("ecoa", 4, 2, 1, 1, 0, False),
    )
    said = page_of(report(systems=(system(law=laws),)))
    rows = [Page(row).text for row in re.findall(r"<tr role=.row.>.*?</tr>", said, re.DOTALL)]
    assert any("evidence complete 12 10 0 0 2" in row for row in rows)
    assert any("evidence incomplete 4 2 1 1 0" in row for row in rows)
    assert any("not evaluated" in row for row in rows)
    assert "compliant" not in Page(said).text


@pytest.mark.parametrize(("score", "tier", "mark"), [(5, "low", 14.1), (13, "high", 143.8), (23, "critical", 305.9)])
def test_the_gauge_marks_the_points_on_the_scale(score: int, tier: str, mark: float) -> None:
    weighed = system(score=score, score_tier=tier, tier=tier, effective_tier=tier, tier_range=(tier, tier))
    said = page_of(report(systems=(weighed,)))
    assert f'class="needle" d="M{mark} ' in said
    assert f"{score} points on a scale from 5 to 23: low from 5, medium from 7, high from 12" in said


def test_a_missing_dimension_is_drawn_as_a_range_and_not_as_a_score() -> None:
    said = page_of(SAMPLES["undecided-fact"]())
    assert 'class="mark"' not in said
    assert "Risk tier: medium to high" in said
    assert "Not declared yet: human_oversight." in said


def test_the_ladder_tells_gates_behind_entered_and_ahead() -> None:
    owed = GateReport(GATE, "Pre-Deployment Security Review", False, "", "conditions", ("red-team-report",))
    behind = page_of(report(systems=(system(stage="production", base_stage="production", gates=(owed,)),)))
    assert "Pre-Deployment Security Review: behind: 1 missing." in behind
    assert "Pre-Deployment Security Review: entered: blocked." in page_of(blocked())
    ahead = page_of(report(systems=(system(stage="conception", base_stage="conception", gates=()),)))
    assert "Pre-Deployment Security Review: ahead." in ahead


def test_debt_stands_in_its_month_and_what_is_overdue_stands_out() -> None:
    late = debt("x", "X is stale", date(2026, 10, 1), "engineering", id="late", blame="overdue")
    soon = debt("y", "Y is missing", date(2027, 1, 21), "engineering", id="soon")
    far = debt("z", "Z is missing", date(2029, 1, 1), "engineering", id="far")
    said = page_of(report(findings=(late, soon, far)))
    tiles = re.findall(r'<li class="(\w+)">(<span class="month">.*?)</li>', said, re.DOTALL)
    told = [(render, Page(f"<p>{tile}</p>").text) for render, tile in tiles]
    assert told[0] == ("late", "Overdue 1")
    assert [text for render, text in told if render == "has"] == ["Jan 2027 1 due", "Later 1 due"]
    assert len(told) == 14


def test_nothing_disappears_from_a_very_large_report() -> None:
    when = date(2027, 1, 1)
    many = tuple(other_system(id=f"SYS-{n:04}", verdict="pass") for n in range(1000))
    loud = tuple(system(id=f"NEW-{n:04}") for n in range(60))
    work = tuple(red_team_missing(id=f"w{n}", system=f"NEW-{n % 60:04}") for n in range(400))
    owed = tuple(debt("d", "D is missing", when, "legal", id=f"d{n}", system="SYS-0001") for n in range(900))
    good = tuple(met("artifact", f"m{n}", id=f"m{n}", system="SYS-0002") for n in range(2000))
    said = page_of(report(systems=many + loud, findings=work + owed + good, system_count=1500))
    text = Page(said).text
    for words in (
        "and 200 more: policy-gate check",
        "and 20 more: policy-gate check --format json",
        "and 700 more: policy-gate check --all --format json",
        "and 600 more: policy-gate check --all",
        "and 1700 more",
        "440 more systems are declared here",
    ):
        assert words in text
    assert len(said.encode()) < 1_500_000


def test_an_unknown_part_of_a_template_is_an_error_and_not_a_blank() -> None:
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError):
        printed(report=blocked())


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What one browser saw of the samples, of two pages that should alarm it, and of `hostile` without its policy."""
    folder = tmp_path_factory.mktemp("pages")
    pages = {name: page_of(SAMPLES[name]()) for name in ("adopted", "conflict", "hostile")}
    pages["mixed"] = page_of(mixed())
    pages["hostile-bare"] = pages["hostile"]
    armed = "<script>alert(1)</script><img src=https://evil.example/x.png><b style=color:#eee>faint</b><p id=w>x</p>"
    pages["armed"] = pages["armed-bare"] = pages["conflict"].replace("<footer>", f"{armed}<footer>")
    wanted = []
    for name, text in pages.items():
        path = folder / f"{name}.html"
        path.write_text(text, encoding="utf-8")
        looks = {"schemes": SCHEMES.get(name, ()), "keyboard": name == "mixed", "csp": "bare" not in name}
        wanted.append({"name": name, "path": str(path), **looks})
    told = subprocess.run(
        [part("python"), BROWSER], capture_output=True, text=True, check=True, timeout=300,
        input=json.dumps({"axe": str(node_file("axe-core/axe.min.js")), "shots": None, "pages": wanted}),
    )  # fmt: skip
    return {page["name"]: page for page in json.loads(told.stdout)}


def mixed() -> Report:
    """One report with every part that a page can have."""
    claim = ClaimNote("Bo Author", False, "wrote commit 8d41b07 in this change", date(2026, 11, 21))
    gates = (GateReport(GATE, "Pre-Deployment Security Review", True, "", "block"),)
    laws = (LawReport("eu-ai-act", 12, 10, 0, 0, 2, True), LawReport("gdpr", 0, 0, 0, 0, 0, False))
    open_ = tuple(
        finding("artifact", f"thing-{state}", f"Thing {state}", state=state, id=state, blocks=False, blame=None)
        for state in ("waived", "deferred", "upcoming", "not-applicable")
    )
    late = debt("x", "X is stale", date(2026, 10, 1), "engineering", id="late", blame="overdue")
    return replace(
        blocked(),
        systems=(system(gates=gates, law=laws), *blocked().systems[1:]),
        findings=(*blocked().findings, *open_, late, approval("dpo", claims=(claim,), id="dpo")),
        trust=trust(enforcing=False, notes=("--as-of: a replay does not bind",)),
        due=falls_due(),
        preview=("the verdict would be pass",),
        problems=SAMPLES["bad-input"]().problems,
        grants=SAMPLES["adopted"]().grants,
    )


OURS = ("adopted", "conflict", "hostile", "mixed")


@pytest.mark.real_runner
def test_the_browser_asks_for_nothing_and_complains_of_nothing(seen: dict[str, dict[str, Any]]) -> None:
    assert {name: seen[name]["requests"] + seen[name]["console"] for name in OURS} == {name: [] for name in OURS}
    assert any("Content Security Policy" in said for said in seen["armed"]["console"])
    assert seen["armed-bare"]["requests"] == ["https://evil.example/x.png"]


@pytest.mark.real_runner
def test_axe_finds_nothing_in_light_or_dark(seen: dict[str, dict[str, Any]]) -> None:
    found = {(name, scheme): said for name in OURS for scheme, said in seen[name]["axe"].items()}
    assert found == {(name, scheme): [] for name in OURS for scheme in SCHEMES.get(name, ())}
    assert any(said.startswith("color-contrast") for said in seen["armed-bare"]["axe"]["light"])
    assert any(said.startswith("image-alt") for said in seen["armed-bare"]["axe"]["light"])


@pytest.mark.real_runner
def test_nothing_overflows_on_a_phone_or_a_desktop(seen: dict[str, dict[str, Any]]) -> None:
    found = {(name, width): said for name in OURS for width, said in seen[name]["overflow"].items()}
    assert found == {(name, width): [] for name in OURS for width in ("phone", "desktop")}


@pytest.mark.real_runner
def test_the_keyboard_reaches_everything_and_shows_where_it_is(seen: dict[str, dict[str, Any]]) -> None:
    assert seen["mixed"]["reachable"] > 40
    assert seen["mixed"]["unreached"] == []
    assert seen["mixed"]["unmarked"] == 0


@pytest.mark.real_runner
def test_t21_no_script_of_the_repository_runs_even_without_the_security_policy(seen: dict[str, dict[str, Any]]) -> None:
    assert seen["hostile"]["dialogs"] == seen["hostile-bare"]["dialogs"] == []
    assert seen["hostile-bare"]["requests"] == []
    assert seen["armed"]["dialogs"] == []
    assert seen["armed-bare"]["dialogs"] == ["1"]
