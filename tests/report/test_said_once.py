"""What one command settles is told once, with the numbers of all that it settles."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace
from sample_reports import approval, red_team_missing, report, system
from scratch import Scratch
from world import days_ago, high_system

from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.schema.change import Change
from policy_gate.schema.finding import Reason
from policy_gate.schema.source import Location

COMMAND = "policy-gate approve --for model-re-evaluation --system SYS-001 --role ai-safety-lead"


def test_three_pieces_of_one_change_are_told_in_the_words_of_the_first(scratch: Scratch) -> None:
    scratch.adopt(high_system("production", stage_since=days_ago(20)))
    card = scratch.read("MODEL_CARD.md").replace("distilroberta-base", "roberta-large")
    scratch.branch("model")
    scratch.commit("Another base model", files={"MODEL_CARD.md": card})
    said = scratch.run("check").out
    numbers = [int(it) for it in re.findall(r"(?m)^ +(\d+)  The model, its vendor", said)]
    assert len(numbers) >= 2
    assert said.count(COMMAND) == 1
    assert said.count("distilroberta-base -> roberta-large") == 1
    assert said.count(f"as     {numbers[0]}, and the same command settles it") == len(numbers) - 1
    assert re.search(rf"\b{numbers[-1]}\b", said.rpartition("Next:")[2]), "each keeps its number"


def test_what_another_command_settles_is_told_by_itself(scratch: Scratch) -> None:
    scratch.adopt(high_system("production", stage_since=days_ago(20)))
    text = scratch.read("MODEL_CARD.md").replace("distilroberta-base", "roberta-large")
    scratch.branch("both")
    scratch.commit("Both", files={"MODEL_CARD.md": text.replace("- Automatic rejection of an applicant\n", "")})
    said = scratch.run("check").out
    assert said.count("--for use-case-change ") == 1
    assert said.count(COMMAND) == 1


LONG = "Whoever looks at it later has to know who attacked the system, how, and what was done."


@pytest.mark.parametrize(("sentence", "times"), [(LONG, 1), ("Nobody has looked.", 2)])
def test_a_long_reason_and_a_long_way_to_mend_are_told_once_for_many_systems(sentence: str, times: int) -> None:
    ids = ("SYS-001", "SYS-002")
    why = (Reason("rule", "somebody-looked", "Nobody looked", None, sentence),)
    found = report(
        systems=tuple(system(id=id_) for id_ in ids),
        findings=tuple(red_team_missing(id=id_, system=id_, because=why, fix=f"Look. {sentence}") for id_ in ids),
    )
    said = " ".join(REPORTERS["text"](found, RenderOptions()).split())
    assert said.count(f"why {sentence}") == times
    assert said.count(f"fix Look. {sentence}") == times
    assert ("why as in 1" in said) is (times == 1)
    assert ("fix as in 1" in said) is (times == 1)


def test_both_sides_of_a_change_stand_under_the_first_that_asks_about_it() -> None:
    place = Location("MODEL_CARD.md", 9, 1)
    both = Change("limit-dropped", "SYS-001", "known_limitations", "Reads only English", None, location=place)
    mine = Change("use-case-changed", "SYS-001", "primary_intended_uses", "Rank", "Reject", location=place)
    kinds = frozenset({"limit-dropped", "use-case-changed"})
    asked = [
        approval("ai-safety-lead", for_="weakening", shows=frozenset({"limit-dropped"}), about=("limit-dropped", "x")),
        approval("legal", for_="use-case-change", shows=kinds, about=("use-case-changed", "x"), id="second"),
    ]
    found = report(systems=(system(changes=(both, mine)),), findings=tuple(asked))
    said = REPORTERS["text"](found, RenderOptions())
    assert said.count("Reads only English") == 1
    assert "seen   known_limitations: as in 1" in said
    assert said.count("was    Rank") == 1
    assert "Also changed" not in said
    alone = REPORTERS["text"](replace(found, findings=(asked[1],)), RenderOptions())
    assert alone.count("Reads only English") == 1


def test_what_is_said_of_one_field_in_two_ways_is_no_further_change() -> None:
    place = Location("MODEL_CARD.md", 9, 1)
    told = ("known_limitations", "Reads only English", None)
    kinds = ("limit-dropped", "card-section-removed")
    changes = tuple(Change(kind, "SYS-001", *told, location=place) for kind in kinds)
    elsewhere = Change("card-section-removed", "SYS-001", *told, location=Location("OTHER.md", 2, 1))
    asked = approval("ai-safety-lead", for_="weakening", shows=frozenset({"limit-dropped"}), about=("limit-dropped",))
    found = report(systems=(system(changes=(*changes, elsewhere)),), findings=(asked,))
    said = REPORTERS["text"](found, RenderOptions())
    assert "Also changed: 1" in said, "the same words of another file are another change"
    assert "OTHER.md:2" in said
