"""The pages of evidence: well-formed, whole by themselves, usable by everybody, and never obeying what they show."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
from collections import Counter
from typing import Any

import pytest
from html_page import BROWSER, LINKS, Page, headings_out_of_order, links_to_nothing
from msgspec.structs import replace
from parts import node_file, part
from sample_reports import HOSTILE

from policy_gate.report.evidence.figures import QUERIES, figures_of
from policy_gate.report.evidence.pack_page import pack_page
from policy_gate.report.evidence.state_page import state_json, state_page, without_people
from policy_gate.schema.evidence_pack import (
    ApprovalSeen,
    ApprovalState,
    DocumentState,
    EvidenceState,
    FindingSeen,
    IncidentSeen,
    LawRowState,
    LawState,
    MergeRecord,
    OpenPoint,
    PackDocument,
    PackHead,
    RecordedVerdict,
    SystemChangeSeen,
    SystemEvidence,
    SystemSeen,
    TestSeen,
    WaiverSeen,
    WaiverState,
)

BAD = " ".join(HOSTILE)
HEAD = PackHead(
    "SYS-001", "Screener", "example-org/screener", "main", "2026-01-01", "2026-06-30", "a" * 40, "0.1.0", True,
    "production", "high", "b" * 40,
)  # fmt: skip
TEST = TestSeen("bias", "reports/bias.xml", "c" * 40, "failed", 10, 1, 0, "2026-01-02", "committed")


def record(number: int, words: str = "Rank by skills", **more: Any) -> MergeRecord:
    commit = f"{number:040x}"
    told = MergeRecord(
        commit, "d" * 40, "e" * 40, 2, "merge", words, "Bo Author", "2026-01-02T12:00:00Z", "2026-01-02", "pass", "no"
    )
    return replace(told, **more)


def rich(words: str) -> MergeRecord:
    """A merge of which everything is told."""
    return record(
        1,
        words,
        verdict="block",
        touches="yes",
        problem=words,
        who=words,
        system=SystemSeen(
            words, "changed", "production", "development", "high", "medium", 13, "block", ("a-gate",),
            (SystemChangeSeen("dimension-lowered", "human_oversight", words, "full", weakening=True),),
        ),
        appeared=(words,),
        approvals=(
            ApprovalSeen("ciso", "weakening", "gap", words, counts=False, why=words, when="2026-01-01"),
            ApprovalSeen("legal", "weakening", "met", "Lin", counts=True),
            ApprovalSeen("dpo", "weakening", "gap"),
        ),
        waivers=(WaiverSeen(words, "red-team-report", words),),
        incidents=(IncidentSeen("INC-1", "availability", "low", "open", is_new=True, steps=(words,)),),
        tests=(replace(TEST, path=words),),
        blocking=(FindingSeen(words, "approval", "ciso", words), FindingSeen("More", "artifact", "x", "")),
        notes=(words,),
        recorded=RecordedVerdict("pass", "f" * 40, "2026-01-02T11:00:00Z"),
        together="f" * 40,
        reproduce=f"policy-gate check --base {words}",
        sources=("records",),
    )  # fmt: skip


def page_of(records: list[MergeRecord], head: PackHead = HEAD, words: str = "MODEL_CARD.md") -> str:
    documents = (
        PackDocument(words, "model card", "c" * 40, 12, "d" * 64, f"documents/{'c' * 40}.md"),
        PackDocument("big.bin", "evidence", "d" * 40, 9_000_000, left_out="larger than 8 MiB"),
    )
    return pack_page(head, records, figures_of(head, records), documents if records else ())


def state_of(words: str, systems: int = 1) -> EvidenceState:
    one = SystemEvidence(
        "SYS-001", words, words, words, "oncall@example.com", "production", "high", 13, (5, 23), (words,), (), "block",
        (words,), "2026-12-01: review", "sha256:" + "a" * 64,
        law=(LawState("gdpr", words, 4, 2, 1, 1, 0, "incomplete"), LawState("x", "X", 1, 1, 0, 0, 0, "complete")),
        rows=(LawRowState("gdpr/one", "gdpr", words, words, "upcoming", "2027-01-01", (("dpia", "met"),)),),
        documents=(DocumentState("dpia", words, words, "present", "2026-01-01", "git:" + "a" * 40),),
        tests=(replace(TEST, outcome="passed"),),
        approvals=(
            ApprovalState("weakening", "ciso", f"{words} <ada@example.com>", "2026-01-01", "2027-01", True, ""),
        ),
        waivers=(WaiverState("a-rule", words, words, "2026-02-01", is_over=True),),
        open_points=(OpenPoint(words, "gap", "block", "2026-12-01", f"ask Ada Example, ada@example.com {words}"),),
        incidents=(IncidentSeen("INC-1", "availability", "low", "open", is_new=False),),
    )  # fmt: skip
    all_ = tuple(replace(one, id=f"SYS-{number:03}") for number in range(1, systems + 1))
    return EvidenceState(
        "example-org/screener", "main", "a" * 40, "2026-11-29", "0.1.0", "sha256:b", "block", (), all_, (words,)
    )


def many(count: int) -> list[MergeRecord]:
    return [record(number, touches="yes" if number % 9 else "no") for number in range(count)]


PAGES = {
    "empty": page_of([], replace(HEAD, present=False, tip="", stage="", tier="")),
    "quiet": page_of([record(number) for number in range(3)]),
    "rich": page_of([rich("Plain words"), record(2, touches="unknown", verdict="not-judged", base="")]),
    "many": page_of(many(300)),
    "hostile": page_of([rich(BAD)], replace(HEAD, name=BAD, repository=BAD, branch=BAD, audit_log=BAD), BAD),
    "state": state_page(state_of("Plain words", systems=2)),
    "state-hostile": state_page(state_of(BAD)),
    "state-bare": state_page(without_people(replace(state_of("A system"), problems=()), ("Ada Example",))),
}


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_well_formed_and_its_links_lead_somewhere(name: str) -> None:
    page = Page(PAGES[name])
    assert page.faults == []
    assert page.comments == []
    assert [id_ for id_, times in Counter(page.all("id")).items() if times > 1] == []
    assert links_to_nothing(page) == []
    assert headings_out_of_order(page) == []
    assert len(page.tags("main")) == 1
    assert all(attrs.get("scope") for attrs in page.tags("th"))


def test_what_is_past_its_day_is_told_as_overdue() -> None:
    """A day alone reads as a plan; whoever gets the page should not have to compare it with the day at its top."""
    on_time, late = (state_page(replace(state_of("A system"), day=day)) for day in ("2026-12-01", "2026-12-02"))
    assert "overdue" not in on_time
    assert late.count("2026-12-01, overdue") == 1
    assert "2026-12-01: review, overdue" in late
    assert "1 thing is missing or not known, 1 overdue." in late


@pytest.mark.parametrize("name", PAGES)
def test_each_page_loads_nothing_and_links_only_to_its_own_pack(name: str) -> None:
    page = Page(PAGES[name])
    own = re.compile(r"#[\w-]+|data:,|reports/[0-9a-f]{40}\.json|documents/[0-9a-f]{40}(\.[A-Za-z0-9]{1,10})?")
    assert [value for key in LINKS for value in page.all(key) if not own.fullmatch(value)] == []
    assert not {tag for tag, _ in page.elements} & {"script", "iframe", "object", "embed", "form", "base", "img"}
    style = re.findall(r"<style>(.*?)</style>", PAGES[name], re.DOTALL)[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in PAGES[name]
    assert page.all("style") == []


@pytest.mark.parametrize(("hostile", "plain"), [("hostile", "rich"), ("state-hostile", "state-bare")])
def test_hostile_text_is_shown_and_adds_nothing(hostile: str, plain: str) -> None:
    page = Page(PAGES[hostile])
    assert {tag for tag, _ in page.elements} <= {tag for name in PAGES for tag, _ in Page(PAGES[name]).elements}
    names = {(tag, name) for tag, attrs in page.elements for name in attrs}
    known = {
        (tag, name) for it in (plain, "rich", "state") for tag, attrs in Page(PAGES[it]).elements for name in attrs
    }
    assert names <= known
    assert "<script>alert(1)</script>" in page.text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]", PAGES[hostile])
    assert not re.search(r"^\s*::|##\w*\[", PAGES[hostile], re.MULTILINE)


def test_the_page_begins_with_what_was_merged_against_the_replay() -> None:
    text = Page(PAGES["rich"]).text
    assert "By the rules of their time 1 was merged although the replay stops it." in text
    assert text.index("Merged against the replay") < text.index("Merges that touched SYS-001")
    assert "None of those that could be judged" in Page(PAGES["quiet"]).text
    assert "There was no merge in the period." in Page(PAGES["empty"]).text


def test_every_figure_stands_on_the_page_with_its_command() -> None:
    text = Page(PAGES["rich"]).text
    for title, query in QUERIES.values():
        assert title in text
        assert query.jq in text


def test_the_limits_say_what_was_not_asked_and_what_is_not_there() -> None:
    text = Page(PAGES["rich"]).text
    for words in ("No forge was asked", "There is no audit log", "a job laid aside", "committer date"):
        assert words in text
    asked = Page(page_of([record(1)], replace(HEAD, forge="github:a/b", audit_log="refs/x"))).text
    assert "reviews that were deleted or dismissed since" in asked
    assert "The audit log was read and not verified" in asked


def test_no_page_says_compliant() -> None:
    assert not [name for name, text in PAGES.items() if "compliant" in text.lower()]
    assert "evidence complete" in Page(PAGES["state"]).text


def test_nobody_is_named_unless_that_is_asked_for() -> None:
    bare, named = PAGES["state-bare"], PAGES["state"]
    assert "example.com" not in bare
    assert "Ada" not in bare
    assert "(address left out)" in bare
    assert "ada@example.com" in Page(named).text
    data = json.loads(state_json(without_people(state_of("Ada Example"), ("Ada Example", ""))))
    assert "Ada" not in json.dumps(data)
    assert data["systems"][0]["approvals"][0]["role"] == "ciso"


def test_a_very_long_period_is_counted_and_not_cut_in_silence() -> None:
    long = page_of([record(number, touches="yes" if number < 700 else "no") for number in range(3000)])
    assert "and 200 more: unzip -p PACK merges.json" in Page(long).text
    assert "and 300 more: unzip -p PACK merges.json" in Page(long).text


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What one browser saw of the pages; axe, which takes long over many of the same, sees thirty for three hundred."""
    folder = tmp_path_factory.mktemp("pages")
    pages = {**PAGES, "hostile-free": PAGES["hostile"], "thirty": page_of(many(30))}
    wanted = []
    for name, text in pages.items():
        path = folder / f"{name}.html"
        path.write_text(text, encoding="utf-8")
        schemes = ("light", "dark") if name != "many" else ()
        looks = {"schemes": schemes, "keyboard": name in ("rich", "state"), "csp": name != "hostile-free"}
        wanted.append({"name": name, "path": str(path), **looks})
    told = subprocess.run(
        [part("python"), BROWSER], capture_output=True, text=True, check=True, timeout=300,
        input=json.dumps({"axe": str(node_file("axe-core/axe.min.js")), "shots": None, "pages": wanted}),
    )  # fmt: skip
    return {page["name"]: page for page in json.loads(told.stdout)}


@pytest.mark.real_runner
def test_the_browser_asks_for_nothing_and_runs_nothing(seen: dict[str, dict[str, Any]]) -> None:
    assert {name: it["requests"] + it["console"] + it["dialogs"] for name, it in seen.items()} == {
        name: [] for name in seen
    }


@pytest.mark.real_runner
def test_axe_finds_nothing_on_the_pages_of_evidence(seen: dict[str, dict[str, Any]]) -> None:
    found = {(name, scheme): said for name, it in seen.items() for scheme, said in it["axe"].items() if said}
    assert found == {}


@pytest.mark.real_runner
def test_the_pages_of_evidence_fit_a_phone_and_a_desktop(seen: dict[str, dict[str, Any]]) -> None:
    assert {name: said for name, it in seen.items() for said in it["overflow"].values() if said} == {}


@pytest.mark.real_runner
def test_the_keyboard_reaches_all_evidence(seen: dict[str, dict[str, Any]]) -> None:
    for name in ("rich", "state"):
        assert seen[name]["reachable"] > 5
        assert seen[name]["unreached"] == []
        assert seen[name]["unmarked"] == 0
