"""What a change does is listed for people as JSON has it, and each debt says how to begin."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from sample_reports import red_team_missing, report, system

from policy_gate.app.views import builtin_policies
from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.report.finding_rows import begin_of, other_changes, rows_for
from policy_gate.schema.change import Change
from policy_gate.schema.finding import RequirementId
from policy_gate.schema.source import Location

AT = Location("MODEL_CARD.md", 9, 1)
REGRESSED = Change("metric-regressed", "SYS-001", "accuracy[overall]", 0.81, 0.31, True, location=AT)
SAID = "MODEL_CARD.md:9: accuracy[overall]: 0.81 -> 0.31"


@pytest.mark.parametrize("way", ["text", "markdown"])
@pytest.mark.parametrize("verdict", ["pass", "conditions", "block"])
def test_a_change_that_no_finding_shows_is_listed(way: str, verdict: str) -> None:
    changed = system(presence="changed", changes=(REGRESSED,), verdict=verdict)
    told = report(systems=(changed,), findings=(red_team_missing(),), verdict=verdict)
    said = REPORTERS[way](told, RenderOptions(width=120)).replace("\\", "")
    assert "Also changed" in said
    assert "0.81" in said
    assert "0.31" in said


def test_only_what_a_changed_system_changes_is_listed_and_once() -> None:
    for presence, found in (("changed", (SAID,)), ("unchanged", ()), ("added", ())):
        made = system(presence=presence, changes=(REGRESSED, REGRESSED))
        assert other_changes((), report(systems=(made,)), made) == found
    moved = system(presence="changed", changes=(Change("stage-advanced", "SYS-001", "stage", "a", "b"),))
    assert other_changes((), report(systems=(moved,)), moved) == ()


def test_a_debt_says_its_id_the_command_and_what_is_missing() -> None:
    owed = red_team_missing(fix="policy-gate draft red-team-report --system SYS-001", missing_facts=("eu_market",))
    assert begin_of(owed) == (
        "red-team-report: policy-gate draft red-team-report --system SYS-001",
        "state eu_market under facts",
    )


def test_no_expression_is_shown_to_people() -> None:
    made = replace(
        red_team_missing(),
        requirement=RequirementId("that", "metric"),
        seen="The number is worse.",
        wanted="metric.meets",
    )
    assert "metric.meets" not in str(list(rows_for(made, report(), None)))


def test_every_value_of_a_dimension_has_a_meaning_in_one_sentence() -> None:
    for dimension in builtin_policies().scoring.dimensions:
        assert dimension.meanings.keys() == dimension.points.keys()
        for said in dimension.meanings.values():
            assert said.endswith(".")
            assert ". " not in said


@pytest.mark.parametrize("way", sorted(REPORTERS))
def test_edits_beside_a_changed_list_and_a_changed_map_are_told(way: str) -> None:
    lists = Change("fact-answered", "SYS-001", "annex_iii_points", None, [], location=AT)
    maps = Change("waiver-changed", "SYS-001", "terms", {"a": 1}, {"a": [2]}, location=AT)
    edit = Change("edit", "SYS-001", "known_limitations", "Reads only English", "Reads English", location=AT)
    changed = system(presence="changed", changes=(lists, maps), edits=(edit,), verdict="block")
    said = REPORTERS[way](report(systems=(changed,), verdict="block"), RenderOptions(width=120))
    if way in ("text", "markdown", "json", "html"):
        assert "Reads English" in said.replace("\\", "")
