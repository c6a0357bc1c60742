"""The comment on a pull request and the step summary: when, how long, and what GitHub makes of them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from github_markdown import Page, pages_of
from msgspec.structs import replace
from sample_reports import (
    HOSTILE,
    OLD_DEBT,
    SAMPLES,
    approval,
    blocked,
    hostile,
    nothing_changed,
    passed,
    red_team_missing,
    report,
    system,
    trust,
)

from policy_gate.ci.github import outputs
from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.report.formats.comment import LIMIT, MARKER, SUMMARY_LIMIT, comment, is_comment_needed, summary
from policy_gate.report.sanitise import code, markdown
from policy_gate.schema.report import Report, RoleGrant

SOURCE = "https://forge.example/org/repo/blob/8d41b07"
OURS = {
    "p", "strong", "code", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "ul", "li",
}  # fmt: skip
GITHUB_TAKES = 65_536


def size(text: str) -> int:
    return len(text.encode("utf-8"))


# what it says


@pytest.mark.parametrize("name", SAMPLES)
def test_the_marker_is_the_first_line_and_the_verdict_follows_it(name: str) -> None:
    marker, verdict, *_ = comment(SAMPLES[name](), RenderOptions()).splitlines()
    assert marker == MARKER == "<!-- policy-gate:comment -->"
    assert verdict.startswith("**policy-gate: ")


@pytest.mark.parametrize("make", [passed, nothing_changed])
def test_all_is_well_in_one_line_that_names_what_was_judged(make: Callable[[], Report]) -> None:
    lines = comment(make(), RenderOptions()).splitlines()
    assert len(lines) == 2
    assert lines[1].endswith("(judged: `HEAD 8d41b07` on `origin/main 3f2a9c1`)")


def test_what_is_not_well_is_the_markdown_report() -> None:
    assert comment(blocked(), RenderOptions()) == f"{MARKER}\n{REPORTERS['markdown'](blocked(), RenderOptions())}"
    assert summary(blocked(), RenderOptions()) == REPORTERS["markdown"](blocked(), RenderOptions())


@pytest.mark.parametrize("make", [passed, blocked])
def test_d30_an_answer_that_does_not_enforce_says_so_in_its_first_line(make: Callable[[], Report]) -> None:
    weak = replace(make(), trust=trust(enforcing=False))
    assert "**does not enforce**" in comment(weak, RenderOptions()).splitlines()[1]
    assert "does not enforce" not in comment(make(), RenderOptions())


# when one is written


@pytest.mark.parametrize(
    ("name", "is_needed"), [(name, name not in ("passed", "nothing-changed")) for name in SAMPLES]
)  # fmt: skip
def test_one_is_needed_where_the_change_has_something_to_tell(name: str, is_needed: bool) -> None:
    assert is_comment_needed(SAMPLES[name]()) is is_needed


def test_debt_that_was_there_before_is_no_reason() -> None:
    late = replace(OLD_DEBT[0], blame="overdue", id="late")
    told = report(verdict="conditions", systems=(system(verdict="conditions"),), findings=(late, *OLD_DEBT))
    assert not is_comment_needed(told)
    own = red_team_missing(enforcement="remediate", blocks=False)
    assert is_comment_needed(replace(told, findings=(*told.findings, own)))


def test_an_approval_that_is_asked_for_is_a_reason_and_one_that_is_given_is_none() -> None:
    asked = approval("ciso", state="deferred", blocks=False)
    given = approval("ciso", state="met", blame=None, blocks=False)
    told = report(verdict="conditions", systems=(system(verdict="conditions"),), findings=(asked,))
    assert is_comment_needed(told)
    assert not is_comment_needed(replace(told, findings=(given,)))


def test_powers_that_a_change_gives_are_a_reason() -> None:
    assert not is_comment_needed(passed())
    assert is_comment_needed(replace(passed(), grants=(RoleGrant("Ada Example", ("ciso",)),)))


# how long


def crowded(count: int, word: str = "x", lines: int = 1) -> Report:
    """So many gaps of this change, each told apart by its number, and as many grants."""
    gaps = tuple(
        red_team_missing(
            f"begin{number:04d} {word} end{number:04d}",
            id=f"f{number}",
            details=tuple(f"{word} detail{number:04d}" for _ in range(lines)),
        )
        for number in range(count)
    )
    grants = tuple(RoleGrant(f"person{number:04d} {word}", ("ciso",)) for number in range(count))
    return report(findings=gaps, grants=grants)


@pytest.mark.parametrize("word", ["x", "long " * 40, "ü漢字" * 30, "@|<&" * 30])
@pytest.mark.parametrize("count", [90, 700])
def test_it_is_cut_at_whole_items_and_says_how_many_more(count: int, word: str) -> None:
    whole = crowded(count, word, lines=5)
    said = comment(whole, RenderOptions())
    assert size(said) <= LIMIT == GITHUB_TAKES
    if size(REPORTERS["markdown"](whole, RenderOptions())) + size(f"{MARKER}\n") <= LIMIT:
        assert said.count("full report") == 0
        return
    why = said.partition("<summary>Why")[2].partition("</details>")[0]
    begun, ended = (set(re.findall(rf"{part}(\d{{4}})", why)) for part in ("begin", "end"))
    more = re.search(r"- (\d+) more, in the full report\n", why)
    assert begun == ended
    assert more is not None
    assert len(begun) + int(more[1]) == count
    for number in begun:
        assert why.count(f"detail{number}") == 5, "an item is whole or not there"
    assert said.count("| begin") == 10, "the table goes before what is folded"
    assert said.count("<details>") == said.count("</details>")
    assert said.endswith("</details>\n")


def test_the_room_is_used_and_one_item_that_is_too_long_hides_none_behind_it() -> None:
    monster = red_team_missing("monster " + "y" * 70_000, id="monster")
    whole = crowded(400, "word " * 30)
    said = comment(replace(whole, findings=(monster, *whole.findings)), RenderOptions())
    assert LIMIT - 2_000 < size(said) <= LIMIT
    assert "monster" not in said
    assert "begin0000" in said


def test_the_last_byte_counts_with_the_marker() -> None:
    def padded(length: int) -> Report:
        return report(findings=(red_team_missing("y" * length),))

    def whole(length: int) -> int:
        return size(f"{MARKER}\n{REPORTERS['markdown'](padded(length), RenderOptions())}")

    exact = (LIMIT - whole(0)) // 2
    sizes = [(whole(length), size(comment(padded(length), RenderOptions()))) for length in range(exact - 3, exact + 20)]
    assert all(kept <= LIMIT for _, kept in sizes)
    assert [kept == uncut for uncut, kept in sizes] == [uncut <= LIMIT for uncut, _ in sizes]
    assert {uncut <= LIMIT for uncut, _ in sizes} == {True, False}


@pytest.mark.parametrize("length", [LIMIT - 400, 10 * LIMIT])
def test_lines_that_are_too_long_give_way_to_the_verdict(length: int) -> None:
    said = comment(report(findings=(red_team_missing(),), systems=(system(name="n" * length),)), RenderOptions())
    assert size(said) < 3_000
    assert said.splitlines()[1] == "**policy-gate: BLOCKED**, 1 thing to do"
    assert "(A line too long to show here; it is in the full report.)" in said
    assert "Red team report is missing" in said
    well = comment(replace(passed(), systems=(system(name="n" * length, verdict="pass", gates=()),)), RenderOptions())
    assert "**policy-gate: PASS**" in well.splitlines()[1]
    assert size(well) <= LIMIT


def test_a_summary_is_longer_than_a_comment_may_be_and_within_a_mebibyte() -> None:
    some, many = crowded(400, "word " * 40), crowded(4_000, "word " * 40)
    assert LIMIT < size(summary(some, RenderOptions())) < 1024 * 1024
    assert "full report" not in summary(some, RenderOptions())
    said = summary(many, RenderOptions())
    assert SUMMARY_LIMIT - 2_000 < size(said) <= SUMMARY_LIMIT < outputs.MOST_SUMMARY == 1024 * 1024
    assert "more, in the full report" in said


# what GitHub makes of it


@pytest.fixture(scope="module")
def pages() -> dict[str, Page]:
    """Every sample's comment as GitHub shows it, linked, and a crowded one."""
    texts = {name: comment(make(), RenderOptions(source_url=SOURCE)) for name, make in SAMPLES.items()}
    texts["hostile-bare"] = comment(hostile(), RenderOptions())
    texts["crowded"] = comment(crowded(700, "@octocat #1 <b> | x", lines=2), RenderOptions())
    return dict(zip(texts, pages_of(list(texts.values())), strict=True))


@pytest.mark.real_runner
def test_t21_github_renders_our_tags_alone_and_closes_them(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert set(page.tags) <= OURS | {"a"}, name
        assert page.unclosed == [], name
        assert page.attributes <= {"href"}, name
        assert page.comments == ["policy-gate:comment"], name


@pytest.mark.real_runner
def test_t21_github_finds_no_mention_no_reference_and_no_image(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert page.references == [], name
        assert "img" not in page.tags, name


@pytest.mark.real_runner
def test_t21_every_link_leads_to_a_file_of_the_result(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert all(address.startswith(f"{SOURCE}/") for address in page.addresses), name
    assert f"{SOURCE}/governance.yaml#L31" in pages["blocked"].addresses
    assert pages["hostile-bare"].addresses == []
    assert pages["hostile"].addresses


@pytest.mark.real_runner
def test_the_page_is_laid_out_as_it_is_meant(pages: dict[str, Page]) -> None:
    page = pages["blocked"]
    assert (page.tags["table"], page.tags["details"], page.tags["summary"]) == (1, 4, 4)
    assert page.tags["tr"] == 6
    assert page.tags["td"] == 15
    assert pages["crowded"].tags["tr"] == 11, "ten rows below the heading; the rest is folded away"
    assert set(pages["passed"].tags) == {"p", "strong", "code"}


@pytest.mark.real_runner
def test_t21_no_text_becomes_markup_wherever_it_stands_and_unsanitised_it_would() -> None:
    frames = (
        "{}",
        "| a | b |\n|---|---|\n| {} | x |",
        "- {}\n  - {}",
        "**{}**",
        "<details>\n<summary>s</summary>\n\n- {}\n</details>",
    )
    safe = [frame.replace("{}", clean(text)) for frame in frames for text in HOSTILE for clean in (markdown, code)]
    for text, page in zip(safe, pages_of(safe), strict=True):
        assert set(page.tags) <= OURS, text
        assert (page.unclosed, page.references, page.addresses, page.comments) == ([], [], [], []), text
        assert page.tags["td"] == (2 if text.startswith("| a") else 0), text
    raw = pages_of([text.encode("utf-8", "replace").decode("utf-8") for text in HOSTILE])
    assert {"a", "img", "h1", "table"} <= {tag for page in raw for tag in page.tags}
    assert ["@octocat", "#1"] in [page.references for page in raw]
