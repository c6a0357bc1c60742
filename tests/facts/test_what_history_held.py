"""What base's history held is known again: an old paper or run under a new date, and small steps that are one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from facts_world import entry, policy, snapshot
from msgspec.structs import replace

from policy_gate.facts.changes import changes_between
from policy_gate.facts.facts import facts_of
from policy_gate.schema.change import Change
from policy_gate.schema.facts import Facts
from policy_gate.schema.snapshot import EarlierSystem, Snapshot

PAPER, RUN = "red-team-report", "smoke-test-suite"
SUITE = "<testsuite name='smoke'><testcase name='{name}'/></testsuite>"


def text(*other: int) -> str:
    """A report of a hundred words, some of which are others."""
    words = (f"{'other' if number in other else 'word'}{number}" for number in range(99))
    return f"# Report\n\n{' '.join(words)}\n"


def side(written: str | None = None, day: str = "2026-01-01", run: str | None = None, **fields: Any) -> Snapshot:
    """A tree that declares one report and one result of that day, with the texts that are there."""
    dated = {"completed": day} if day else {}
    named = {
        "artifacts": [{"id": PAPER, "path": "r.md", **dated}],
        "tests": [{"id": RUN, "report": "t.xml", "suite": "smoke", **dated}],
    }
    files = {} if written is None else {"r.md": written}
    files |= {} if run is None else {"t.xml": SUITE.format(name=run)}
    return snapshot(entry(**named, **fields), files=files)


def after(base: Snapshot, *older: Snapshot, **fields: Any) -> Snapshot:
    """Base with what its history held before it, the newest first."""
    held = tuple(EarlierSystem(tree.systems[0], tree.evidence) for tree in older)
    return replace(base, earlier={"SYS-001": held} if held else {}, **fields)


def facts(tree: Snapshot) -> Facts:
    return facts_of(tree, policy())[0]


def changes(base: Snapshot, result: Snapshot) -> list[Change]:
    found = changes_between(facts_of(base, policy()), facts_of(result, policy()), base, result, policy())
    return [change for change in found if change.kind.startswith("evidence-")]


def told(base: Snapshot, result: Snapshot) -> list[tuple[str, str, Any, Any]]:
    return [(change.kind, change.field, change.before, change.after) for change in changes(base, result)]


def test_all_that_history_held_is_told_the_newest_first_and_what_was_not_there_is_nothing() -> None:
    newer, older, none = side(text(1), run="b"), side(text(2), run="a", stage="conception"), side()
    known = facts(after(side(text(), run="c"), newer, older, none))
    reports = [newer.evidence["r.md"].oid, older.evidence["r.md"].oid]
    assert [fact.oid for fact in known.earlier_artifacts[PAPER]] == reports
    assert [fact.oid for fact in known.earlier_in_stage[PAPER]] == reports[:1], "the other was held in another stage"
    assert [fact.oid for fact in known.earlier_tests[RUN]] == [tree.evidence["t.xml"].oid for tree in (newer, older)]
    assert not known.history_ends


def test_that_history_was_cut_off_is_known_also_where_none_of_it_is_left() -> None:
    assert facts(replace(side(), history_ends=True)).history_ends
    assert facts(after(side(), side(text()), history_ends=True)).history_ends
    plain = facts(side(text()))
    assert (plain.history_ends, plain.earlier_artifacts, plain.earlier_tests) == (False, {}, {})


def test_that_history_holds_more_than_is_read_is_known_of_the_system_also_where_none_of_it_was() -> None:
    cut = frozenset({("SYS-001", PAPER), ("SYS-002", RUN)})
    for base in (side(), after(side(), side(text()))):
        assert facts(replace(base, history_is_long=cut)).history_is_long == {PAPER}


def test_t12_a_paper_of_history_under_a_new_date_is_redated() -> None:
    base = after(side(text(*range(40)), "2026-03-01"), side(text(), "2026-02-01"))
    redated = [("evidence-redated", PAPER, "2026-02-01", "2026-11-01")]
    assert told(base, side(text(), "2026-11-01")) == redated
    assert told(base, side(text(*range(40, 80)), "2026-11-01"))[0][0] == "evidence-replaced", "the control: new work"
    # a date that base holds already claims nothing, nor does base's own paper without one count as a later day
    assert told(base, side(text(), "2026-03-01"))[0][0] == "evidence-replaced"
    gone = after(side(None, "2026-03-01"), side(text(), "2026-02-01"))
    assert told(gone, side(text(), "2026-03-01")) == [("evidence-redated", PAPER, "2026-02-01", "2026-03-01")]
    undated = after(side(text(*range(40)), ""), side(text(), "2026-02-01"))
    assert told(undated, side(text(), "2026-03-01")) == [("evidence-redated", PAPER, "2026-02-01", "2026-03-01")]


def test_d52_a_paper_of_history_with_a_word_more_is_hardly_renewed() -> None:
    base = after(side(text(*range(40)), "2026-03-01"), side(text(), "2026-02-01"))
    assert told(base, side(text(90), "2026-11-01")) == [("evidence-renewed", PAPER, "2026-02-01", "2026-11-01")]


def test_t12_a_run_of_history_under_a_new_date_is_redated() -> None:
    base = after(side(None, "2026-03-01", "new"), side(None, "2026-02-01", "old"))

    def of_run(day: str, name: str) -> list[Any]:
        return [change for change in told(base, side(None, day, name)) if change[1] == RUN]

    assert of_run("2026-11-01", "old") == [("evidence-redated", RUN, "2026-02-01", "2026-11-01")]
    assert of_run("2026-11-01", "new") == [("evidence-redated", RUN, "2026-03-01", "2026-11-01")]
    assert of_run("2026-11-01", "other") == []
    assert of_run("2026-03-01", "old") == [], "base's own date claims nothing"
    assert of_run("2026-01-01", "new") == [], "an earlier one still less"


def test_t12_base_history_of_a_paper_that_base_itself_has_no_more_counts_too() -> None:
    base = after(snapshot(entry()), side(text(), "2026-02-01", "old"))
    found = told(base, side(text(), "2026-11-01", "old"))
    assert found == [
        ("evidence-redated", PAPER, "2026-02-01", "2026-11-01"),
        ("evidence-redated", RUN, "2026-02-01", "2026-11-01"),
    ]


@pytest.mark.parametrize(
    ("steps", "is_told"),
    [
        ([], False),
        ([{"words": range(4)}], False),
        ([{"words": range(4)}, {"words": ()}], True),
        # a date or a stage of its own has been somebody's word, and what is no small step is no typo
        ([{"words": range(4)}, {"words": (), "day": "2025-12-01"}], False),
        ([{"words": range(4), "day": "2025-12-01"}, {"words": ()}], False),
        ([{"words": range(4)}, {"words": (), "stage": "conception"}], False),
        ([{"words": range(4)}, {"words": range(50)}], False),
        ([{"words": range(4)}, {"words": None}, {"words": ()}], True),
        # nor is one that stood open: with it the steps end, and what they come to is told all the same
        ([{"words": ()}, {"words": (), "open": True}], True),
        ([{"words": range(4)}, {"words": (), "open": True}, {"words": ()}], False),
    ],
)
def test_d58_small_steps_under_one_date_are_one_step(steps: list[dict[str, Any]], is_told: bool) -> None:
    def step(words: Any, day: str = "2026-01-01", stage: str = "development", **fields: Any) -> Snapshot:
        more = "\n## Team\n\nTBD\n" if fields.get("open") else ""
        return side(None if words is None else text(*words) + more, day, stage=stage)

    base = after(step(range(8)), *(step(**one) for one in steps))
    found = changes(base, step(range(12)))
    assert [change.kind for change in found] == (["evidence-replaced"] if is_told else [])
    for change in found:
        first, last = step(()).evidence["r.md"].oid or "", step(range(12)).evidence["r.md"].oid or ""
        assert (change.before, change.after) == (f"r.md ({first[:10]})", f"r.md ({last[:10]})")


TIER, REST = "risk-tier-classification", " ".join(f"word{number}" for number in range(190))


@pytest.mark.parametrize(
    ("raised", "words", "was", "now", "kinds"),
    [
        # as many words on the raise as the policies say, in a paper from before it
        ("2026-06-01", 8, "2026-01-01", "2026-06-01", []),
        ("2026-06-01", 7, "2026-01-01", "2026-06-01", ["evidence-renewed"]),
        ("2026-06-01", 8, "2026-06-01", "2026-07-01", ["evidence-renewed"]),
        ("2026-06-01", 8, "2026-01-01", "2026-05-31", ["evidence-renewed"]),
        (None, 8, "2026-01-01", "2026-06-01", ["evidence-renewed"]),
        ("2026-06-01", 40, "2026-01-01", "2026-06-01", []),
        (None, 40, "2026-01-01", "2026-06-01", ["evidence-replaced"]),
        ("2026-06-01", 8, "", "2026-06-01", []),
        ("2026-06-01", 8, "2026-01-01", "", []),
        ("2026-06-01", 40, "2026-01-01", "", ["evidence-replaced"]),
    ],
)
def test_d49_a_sentence_on_the_raise_is_what_its_classification_lacked(
    raised: str | None, words: int, was: str, now: str, kinds: list[str]
) -> None:
    assert policy().change_kinds["evidence-renewed"].after_raise == {TIER: 8}

    def tree(day: str, more: int, name: str = TIER) -> Snapshot:
        item = {"id": name, "path": "r.md", **({"completed": day} if day else {})}
        said = " ".join(f"raised{number}" for number in range(more))
        return snapshot(entry(artifacts=[item], reclassified=raised), files={"r.md": f"# Paper\n\n{REST} {said}\n"})

    assert [change.kind for change in changes(tree(was, 0), tree(now, words))] == kinds
    other = [change.kind for change in changes(tree(was, 0, PAPER), tree(now, words, PAPER))]
    expected = "evidence-replaced" if words == 40 else "evidence-renewed" if was and now else None
    assert other == ([expected] if expected else []), "no other paper tells why the tier rose"


TO_COME, PAST, NOW = "2027-01-01", "2026-10-01", date(2026, 11, 22)


def of_one(base: Snapshot, result: Snapshot, id_: str) -> list[str]:
    found = changes_between(facts_of(base, policy()), facts_of(result, policy()), base, result, policy(), NOW)
    return [change.kind for change in found if change.kind.startswith("evidence-") and change.field == id_]


def test_d52_a_run_of_a_day_to_come_that_gets_a_past_one_is_redated() -> None:
    was = side(None, TO_COME, "smoke")
    assert of_one(was, side(None, PAST, "smoke"), RUN) == ["evidence-redated"]
    assert of_one(was, side(None, PAST, "another"), RUN) == [], "the control: another run"


def test_d52_a_paper_held_elsewhere_of_a_day_to_come_that_gets_a_past_one_is_redated() -> None:
    def held(day: str, digest: str) -> Snapshot:
        paper = {
            "id": PAPER,
            "sha256": digest * 64,
            "url": "https://example.com/r",
            "held_by": "Legal",
            "completed": day,
        }
        return snapshot(entry(artifacts=[paper]))

    assert "evidence-redated" in of_one(held(TO_COME, "a"), held(PAST, "a"), PAPER)
    assert "evidence-redated" not in of_one(held(TO_COME, "a"), held(PAST, "b"), PAPER)
