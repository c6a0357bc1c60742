"""What a person reads: the verdict first, every piece once, nothing cut, nothing lost."""

from __future__ import annotations

import re
from html import unescape

import pytest
from msgspec.structs import replace
from sample_reports import (
    GATE,
    OLD_DEBT,
    SAMPLES,
    approval,
    blocked,
    conflict,
    finding,
    met,
    nothing_changed,
    other_system,
    passed,
    red_team_missing,
    report,
    system,
    trust,
)

from policy_gate.errors import BaseError, DocumentError, UsageError
from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.report.formats.text import failure
from policy_gate.report.wording import with_capital
from policy_gate.schema.finding import ClaimNote, Finding
from policy_gate.schema.report import Ref
from policy_gate.schema.source import Location, Problem

ANSI = re.compile(r"\x1b\[[0-9;]*m")
CALM = [name for name in SAMPLES if name != "hostile"]


def told(name: str, width: int = 80) -> str:
    return REPORTERS["text"](SAMPLES[name](), RenderOptions(width=width))


def test_all_is_well_in_three_lines() -> None:
    lines = REPORTERS["text"](passed(), RenderOptions()).splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("PASS  SYS-001")


@pytest.mark.parametrize(
    ("one", "about"),
    [
        (finding("that", "x", "Code that uses AI is new, and no system claims it", system=None), "this repository"),
        (approval("ciso", system=None), "this repository's rules and CI files"),
    ],
)
def test_what_is_of_no_system_is_said_to_be_of_the_repository(one: Finding, about: str) -> None:
    found = report(verdict="block", systems=(), findings=(one,))
    assert f"BLOCKED  {about}\n" in REPORTERS["text"](found, RenderOptions())
    assert f">{with_capital(about)}<" in unescape(REPORTERS["html"](found, RenderOptions()))


def test_nothing_changed_in_one_line_with_the_debt_counted() -> None:
    said = REPORTERS["text"](nothing_changed(), RenderOptions())
    assert said == "PASS  nothing governed changed (3 systems, debt 4, next due 2027-01-21)\n"


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("name", CALM)
def test_only_what_is_to_be_copied_is_wider_than_the_page(name: str, width: int) -> None:
    for line in told(name, width).splitlines():
        words = line.split()
        unbroken = len(words) <= 2 or "policy-gate " in line or "git " in line
        assert len(line) <= width or unbroken, line


@pytest.mark.parametrize("width", [20, 40, 80])
def test_commands_and_ids_are_never_broken(width: int) -> None:
    said = told("weakened", width)
    assert "policy-gate approve --for tier-lowering --system SYS-004 --role ai-safety-lead\n" in said
    assert "policy-gate explain bias-evaluation-results" in told("blocked", width)


def test_every_open_thing_is_shown_or_counted() -> None:
    said = REPORTERS["text"](blocked(), RenderOptions())
    for number in range(1, 6):
        assert f"\n  {number}  " in said
    assert "debt 2 (next due 2027-01-21)   upcoming 1   met 21" in said
    assert "policy-gate check --all" in said


def test_approvals_wait_while_papers_are_missing_and_are_asked_for_once_they_are_there() -> None:
    wait = REPORTERS["text"](
        report(findings=(red_team_missing(), approval("ciso"), approval("legal"))), RenderOptions()
    )
    assert "2  Approvals wait for the work: CISO, Legal" in wait
    assert "policy-gate approve" not in wait
    asked = REPORTERS["text"](report(findings=(approval("ciso"), approval("legal"))), RenderOptions())
    assert f"run    policy-gate approve --for {GATE} --system SYS-001 --role ciso" in asked
    assert "wait for the work" not in asked


def test_a_claim_that_does_not_count_is_shown_with_the_reason_even_while_approvals_wait() -> None:
    spent = ClaimNote("Ada Example", False, "the record is already in base")
    said = REPORTERS["text"](report(findings=(red_team_missing(), approval("ciso", claims=(spent,)))), RenderOptions())
    assert "seen   Ada Example: the record is already in base" in said


def test_people_are_named_where_known_and_roles_where_not() -> None:
    said = told("approval-refused")
    assert "Ada Example (CISO)" in said
    assert "Product owner (policies/roles.yaml names nobody)" in said


def test_next_names_whose_turn_it_is_by_the_numbers_above() -> None:
    assert "Next: Rae Kim 1, Sam Lee 2 to 4, then 3 approvals." in told("blocked")


@pytest.mark.parametrize(
    ("name", "code"), [("blocked", 1), ("adopted", 0), ("conflict", 3), ("undecided-fact", 3), ("deferred", 0)]
)
def test_the_last_line_says_the_exit_code(name: str, code: int) -> None:
    assert told(name).splitlines()[-1].endswith(f"exit {code}")


def test_weakened_values_stand_side_by_side_and_the_held_tier_is_said() -> None:
    said = told("weakened")
    assert "governance.yaml:14: human_oversight: partial -> full" in said
    assert "judged as high; medium judges from the next one on" in said


def test_a_weakened_answer_says_so_even_when_it_passes() -> None:
    quiet = replace(nothing_changed(), trust=trust(enforcing=False, notes=("--as-of was given",)))
    said = REPORTERS["text"](quiet, RenderOptions())
    assert "This answer does not enforce." in said
    assert "--as-of was given" in said
    assert "does not enforce" not in REPORTERS["text"](nothing_changed(), RenderOptions())


def test_rules_from_inside_the_checkout_are_called_untrusted() -> None:
    assert "untrusted rules" in REPORTERS["text"](
        replace(blocked(), trust=trust(policies_trusted=False)), RenderOptions()
    )
    assert "untrusted" not in REPORTERS["text"](blocked(), RenderOptions())


def test_a_headline_that_decides_is_told_beside_systems() -> None:
    said = REPORTERS["text"](
        replace(blocked(), headline="production is required", hint="deploy later"), RenderOptions()
    )
    assert "BLOCKED  production is required\n" in said


def test_a_crowd_of_systems_that_pass_is_counted() -> None:
    crowd = tuple(other_system(id=f"SYS-{number:03}") for number in range(30))
    everything = report(trust=trust(mode="all"), systems=(system(), *crowd), findings=(red_team_missing(),))
    said = REPORTERS["text"](everything, RenderOptions())
    assert "PASS  30 other systems" in said
    assert "SYS-007" not in said


def test_a_work_tree_and_a_merge_are_called_what_they_are() -> None:
    said = REPORTERS["text"](
        replace(blocked(), trust=trust(result_from="worktree", head=Ref("x", None))), RenderOptions()
    )
    assert "result the work tree" in said
    assert "merged into base" in REPORTERS["text"](
        replace(blocked(), trust=trust(result_from="merge")), RenderOptions()
    )


@pytest.mark.parametrize("name", CALM)
def test_colour_changes_no_word(name: str) -> None:
    coloured = REPORTERS["text"](SAMPLES[name](), RenderOptions(colour=True))
    assert "\x1b[" in coloured
    assert ANSI.sub("", coloured) == told(name)


def test_colour_does_not_ask_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    before = REPORTERS["text"](blocked(), RenderOptions(colour=True))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "20")
    assert REPORTERS["text"](blocked(), RenderOptions(colour=True)) == before


def test_wide_characters_count_two_columns() -> None:
    wide = report(findings=(red_team_missing(title="審査" * 50 + " " + "報告 " * 40),))
    body = [line for line in REPORTERS["text"](wide, RenderOptions()).splitlines() if "報告" in line]
    assert all(len(line) < 70 for line in body)


def test_plain_checks_are_counted_only_where_nothing_else_stands() -> None:
    inputs = (met("that", "x"), met("card", "complete"))
    well = report(verdict="pass", systems=(system(verdict="pass"),), findings=inputs)
    assert "1 document stands for content" in REPORTERS["text"](well, RenderOptions())
    assert "1 check stands for content" in REPORTERS["text"](replace(well, findings=inputs[:1]), RenderOptions())


def test_a_thing_the_manifest_does_not_name_is_told_with_the_line_to_put_it_on() -> None:
    said = REPORTERS["text"](report(findings=(red_team_missing(),)), RenderOptions())
    assert "then   governance.yaml:31, under artifacts" in said
    assert "the manifest names no" not in said
    lost = red_team_missing(seen="governance/red-team.md does not exist", wanted="")
    assert "seen   governance.yaml:31: governance/red-team.md does not exist" in REPORTERS["text"](
        report(findings=(lost,)), RenderOptions()
    )


def test_a_place_that_was_seen_is_not_told_again_as_a_fix() -> None:
    place = Location("governance/bias.md", 10, 1)
    found = red_team_missing(
        location=place, cause="template", seen="governance/bias.md is a template", fix="edit governance/bias.md:10:1"
    )
    said = REPORTERS["text"](report(findings=(found,)), RenderOptions())
    assert "seen   governance/bias.md:10: is a template" in said
    assert said.count("governance/bias.md") == 1


def test_debt_that_a_pass_leaves_is_counted_in_half_a_line() -> None:
    owing = replace(passed(), findings=(*passed().findings, *OLD_DEBT))
    last = REPORTERS["text"](owing, RenderOptions()).splitlines()[-1]
    assert last == "      debt 2 (next due 2027-01-21)   (policy-gate check --all)"


def test_numbers_that_follow_each_other_are_told_as_a_run() -> None:
    hers = [red_team_missing(id=f"f{number}", title=f"Report {number} is missing") for number in range(3)]
    his = red_team_missing(id="g", responsible=("engineering",))
    said = REPORTERS["text"](
        report(findings=(*hers, his, approval("ai-safety-lead", for_="tier-lowering"))), RenderOptions()
    )
    assert "Next: Rae Kim 1 to 3 and 5, Sam Lee 4." in said


def test_of_very_many_numbers_the_first_are_told_and_the_rest_counted() -> None:
    """Every other piece is somebody else's, so that no two numbers make a run."""
    roles = (("ai-safety-lead",), ("engineering",))
    found = [red_team_missing(id=f"f{at:03}", title=f"Report {at:03}", responsible=roles[at % 2]) for at in range(60)]
    last = REPORTERS["text"](report(findings=tuple(found)), RenderOptions(width=200)).splitlines()[-1]
    assert "Rae Kim 1, 3, 5, 7, 9, 11, 13, 15 and 22 more, Sam Lee 2, 4, 6, 8, 10, 12, 14, 16 and 22 more." in last


def test_what_does_not_block_is_told_as_what_can_wait() -> None:
    later = red_team_missing(id="l", title="A notice is missing", enforcement="remediate", blocks=False)
    found = report(findings=(red_team_missing(), later))
    assert "Next: Rae Kim 1; 2 can wait." in REPORTERS["text"](found, RenderOptions())
    calm = replace(found, verdict="conditions", findings=(later,))
    assert "Next: Rae Kim 1." in REPORTERS["text"](calm, RenderOptions()), "nothing else has to be done first"


@pytest.mark.parametrize(
    ("able", "teams", "who"),
    [
        (("Rae Kim",), {}, "Rae Kim"),
        (("Ada Example",), {}, "Ada Example"),
        ((), {}, "you"),
        ((), {"ai-governance-committee": ("github:o/c",)}, "AI Governance Committee"),
        (None, {}, "AI Governance Committee"),
    ],
)
def test_next_names_nobody_who_could_not_approve(
    able: tuple[str, ...] | None, teams: dict[str, tuple[str, ...]], who: str
) -> None:
    asked = approval("ai-governance-committee", for_="policy-change", able=able)
    said = REPORTERS["text"](report(findings=(asked,), teams=teams), RenderOptions())
    assert f"Next: {who} 1." in said


def test_a_note_about_a_system_stands_in_its_block_and_nowhere_else() -> None:
    notes = ("SYS-001: its code went to ranking/", "SYS-009: another", "something else")
    said = REPORTERS["text"](report(findings=(red_team_missing(),), trust=trust(notes=notes)), RenderOptions())
    head, _, rest = said.partition("  1  Red team")
    assert "note: its code went to ranking/" in head
    assert "ranking" not in rest
    assert "SYS-009: another" in rest
    assert "something else" in rest


@pytest.mark.parametrize(("number", "is_told"), [(4, False), (5, True)])
def test_many_systems_in_trouble_can_be_read_one_by_one(number: int, is_told: bool) -> None:
    ids = [f"SYS-{at:03}" for at in range(number)]
    found = report(
        systems=tuple(system(id=id_) for id_ in ids),
        findings=tuple(red_team_missing(id=id_, system=id_) for id_ in ids),
    )
    said = REPORTERS["text"](found, RenderOptions())
    assert ("policy-gate check --system SYS-000" in said) is is_told


def test_an_error_is_located_and_hinted() -> None:
    problem = Problem("governance.yaml", 'human_oversight is "partal"', 14, 24, 'did you mean "partial"?')
    said = failure(DocumentError("", problems=(problem,)), RenderOptions())
    assert said == 'governance.yaml:14:24: human_oversight is "partal"\n  hint: did you mean "partial"?\n'


def test_an_error_without_an_answer_begins_with_undecided() -> None:
    said = failure(BaseError("origin/main is not here", hint="git fetch origin main"), RenderOptions())
    assert said.startswith("UNDECIDED  origin/main is not here\n")
    assert said.endswith("exit 3\n")


def test_a_usage_error_names_the_program() -> None:
    assert failure(UsageError("no such system", hint="SYS-001"), RenderOptions()) == (
        "policy-gate: no such system\n  hint: SYS-001\n"
    )


def test_a_conflict_gives_the_command_that_mends_it() -> None:
    said = REPORTERS["text"](conflict(), RenderOptions())
    assert said.startswith("UNDECIDED  cannot tell what merging would give")
    assert "git fetch origin main && git merge origin/main" in said
