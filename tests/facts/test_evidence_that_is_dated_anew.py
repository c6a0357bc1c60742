"""D09, D52: a date that moves without work is told of papers and results alike, and a date that work moved is not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from facts_world import entry, policy, snapshot
from msgspec.structs import replace

from policy_gate.cards.placeholders import UNKNOWN
from policy_gate.facts.changes import changes_between
from policy_gate.facts.facts import facts_of
from policy_gate.schema.change import Change
from policy_gate.schema.snapshot import EarlierSystem, Snapshot
from policy_gate.schema.source import Mark

PAPER, RUN = "red-team-report", "smoke-test-suite"
NOW = date(2026, 11, 22)
EARLIER, PAST, TO_COME, LATER = "2026-03-01", "2026-10-01", "2027-01-01", "2027-06-01"
OPEN = "## Team\n\nTBD\n"
WHERE = "https://example.org/r"
A, B = "a" * 64, "b" * 64


def text(other: int = 0, more: str = "") -> str:
    """A report of a hundred words, the first of which are others."""
    words = (f"{'other' if number < other else 'word'}{number}" for number in range(100))
    return f"# Report\n\n{' '.join(words)}\n\n{more}"


def suite(name: str) -> str:
    return f"<testsuite name='smoke'><testcase name='{name}'/></testsuite>"


def paper(day: str = "", written: str | None = None, **fields: Any) -> Snapshot:
    """A tree with one paper of that day."""
    item = {"id": PAPER, "path": "r.md", **({"completed": day} if day else {}), **fields}
    files = {} if written is None else {"r.md": written}
    return snapshot(entry(artifacts=[{k: v for k, v in item.items() if v is not None}]), files=files)


def run(day: str = "", name: str | None = None, **fields: Any) -> Snapshot:
    """A tree with one result of that day."""
    item = {"id": RUN, "report": "t.xml", **({"completed": day} if day else {}), **fields}
    files = {} if name is None else {"t.xml": suite(name)}
    return snapshot(entry(tests=[{k: v for k, v in item.items() if v is not None}]), files=files)


def held(make: Any, day: str, digest: str = A, **fields: Any) -> Snapshot:
    """A paper or result that is held elsewhere."""
    where = {"path": None} if make is paper else {"report": None}
    return make(day, None, sha256=digest, held_by="Legal", **where, **fields)  # type: ignore[no-any-return]


def after(base: Snapshot, *older: Snapshot) -> Snapshot:
    """Base with what its history held before it, the newest first."""
    return replace(base, earlier={"SYS-001": tuple(EarlierSystem(it.systems[0], it.evidence) for it in older)})


def changes(base: Snapshot, result: Snapshot) -> list[Change]:
    was, now = facts_of(base, policy()), facts_of(result, policy())
    return list(changes_between(was, now, base, result, policy(), NOW))


def told(base: Snapshot, result: Snapshot) -> list[str]:
    return [it.kind for it in changes(base, result)]


@pytest.mark.parametrize(
    ("was", "now", "kinds"),
    [
        (paper(PAST, text()), paper(PAST, text()), []),
        (paper(EARLIER, text()), paper(PAST, text()), ["evidence-redated"]),
        (paper(PAST, text()), paper(EARLIER, text()), []),
        (paper("", text()), paper(PAST, text()), []),
        (paper(PAST, text()), paper("", text()), []),
        # a draft that was open, and the day on which it was finished
        (paper(EARLIER, text(0, OPEN)), paper(PAST, text()), []),
        (paper(EARLIER), paper(PAST, text(0, f"- {UNKNOWN} who did it\n")), []),
        # a day to come is no date, so that the same work gets its first one from now on
        (paper(TO_COME, text()), paper(PAST, text()), ["evidence-redated"]),
        (paper(TO_COME, text(4)), paper(PAST, text()), ["evidence-redated"]),
        (paper(TO_COME, text(40)), paper(PAST, text()), ["evidence-replaced"]),
        (paper(LATER, text()), paper(TO_COME, text()), []),
        (paper(TO_COME, text()), paper("", text()), []),
        (paper("", text(4)), paper(PAST, text()), []),
        (paper(TO_COME, text(0, OPEN)), paper(PAST, text()), []),
        (snapshot(entry()), paper(PAST, text()), []),
    ],
)
def test_d52_a_paper_that_stays_is_redated_and_one_that_is_worked_on_is_not(
    was: Snapshot, now: Snapshot, kinds: list[str]
) -> None:
    assert told(was, now) == kinds


@pytest.mark.parametrize(
    ("was", "now", "kinds"),
    [
        (run(PAST, "a"), run(PAST, "a"), []),
        (run(EARLIER, "a"), run(PAST, "a"), ["evidence-redated"]),
        (run(EARLIER, "a"), run(PAST, "b"), []),
        (run(PAST, "a"), run(EARLIER, "a"), []),
        (run("", "a"), run(PAST, "a"), []),
        (run(PAST, "a"), run("", "a"), []),
        # where no report is, no run is dated, and one that is still to come takes nothing away
        (run(EARLIER), run(PAST), []),
        (run(EARLIER, report=None, url=WHERE), run(PAST, report=None, url=WHERE), []),
        (snapshot(entry()), run(PAST), []),
        (run(EARLIER, "a"), run(EARLIER), ["test-removed"]),
        (run(TO_COME, "a"), run(PAST, "a"), ["evidence-redated"]),
        (run(TO_COME, "a"), run(PAST, "b"), []),
        (run(LATER, "a"), run(TO_COME, "a"), []),
        (run(TO_COME, "a"), run("", "a"), []),
        (snapshot(entry()), run(PAST, "a"), []),
    ],
)
def test_d52_a_run_that_stays_is_redated_and_another_one_is_not(was: Snapshot, now: Snapshot, kinds: list[str]) -> None:
    assert told(was, now) == kinds


@pytest.mark.parametrize(
    ("was", "now"), [(paper("", text(40)), paper("", text())), (paper(EARLIER, text(40)), paper("", text()))]
)
def test_a_paper_of_history_that_claims_no_day_is_not_redated(was: Snapshot, now: Snapshot) -> None:
    assert told(after(was, paper(EARLIER, text())), now) == ["evidence-replaced"]


def test_d58_what_small_steps_came_to_in_base_is_no_news_in_a_change_that_leaves_it() -> None:
    base = after(paper(PAST, text(12)), paper(PAST, text(6)), paper(PAST, text()))
    assert told(base, paper(PAST, text(12))) == []
    assert told(base, paper(PAST, text(13))) == ["evidence-replaced"], "the control: one more step"


@pytest.mark.parametrize("make", [paper, run])
@pytest.mark.parametrize(
    ("day", "digest", "fields", "kinds"),
    [
        (EARLIER, A, {}, []),
        (PAST, A, {}, ["evidence-redated"]),
        # what else is said of it anew is new to whoever vouched for it
        (PAST, A, {"url": WHERE}, ["evidence-attested", "evidence-redated"]),
        (PAST, B, {}, ["evidence-attested"]),
        ("", A, {}, ["evidence-attested"]),
    ],
)
def test_d47_a_later_date_alone_is_nothing_else_to_vouch_for(
    make: Any, day: str, digest: str, fields: dict[str, Any], kinds: list[str]
) -> None:
    found = told(held(make, EARLIER), held(make, day, digest, **fields))
    assert found == kinds


@pytest.mark.parametrize(("make", "kind"), [(paper, "artifact-removed"), (run, "test-removed")])
def test_d47_what_was_held_elsewhere_and_is_nowhere_now_is_removed(make: Any, kind: str) -> None:
    assert told(held(make, EARLIER), make(EARLIER)) == [kind]
    assert told(snapshot(entry()), held(make, EARLIER)) == ["evidence-attested"]


def lined(tree: Snapshot, place: str, line: int) -> Snapshot:
    """The tree with its entry at line 2, a list or field of it at the line, and its first item two lines below."""
    marks = {
        ("systems", 0): Mark(2, 5),
        ("systems", 0, place): Mark(line, 5),
        ("systems", 0, place, 0): Mark(line + 2, 9),
    }
    manifest = replace(tree.manifests[0], marks=marks)
    return replace(tree, systems=(replace(tree.systems[0], manifest=manifest),), manifests=(manifest,))


def card(numbers: str = "") -> Snapshot:
    return snapshot(entry(model_card="c.md"), files={"c.md": f"# C\n\n## Evaluation\n\n{numbers}\n{text()}\n"})


TABLE = "| metric | value |\n|---|---|\n| recall | 0.9 |\n"


@pytest.mark.parametrize(
    ("was", "now", "place", "kind", "lines"),
    [
        (paper(EARLIER, text()), paper(PAST, text()), "artifacts", "evidence-redated", (12, 22)),
        (run(EARLIER, "a"), run(PAST, "a"), "tests", "evidence-redated", (12, 22)),
        (paper(EARLIER, text()), snapshot(entry()), "artifacts", "artifact-removed", (12, 20)),
        (held(paper, PAST), held(paper, PAST, B), "artifacts", "evidence-attested", (10, 22)),
        (held(run, PAST), held(run, PAST, B), "tests", "evidence-attested", (10, 22)),
        (card(), snapshot(entry()), "model_card", "artifact-removed", (10, 20)),
        (card(TABLE), card(), "model_card", "metric-regressed", (7, 20)),
    ],
)
def test_what_is_told_of_evidence_stands_at_its_lines_in_both_manifests(
    was: Snapshot, now: Snapshot, place: str, kind: str, lines: tuple[int, int]
) -> None:
    (found,) = (it for it in changes(lined(was, place, 10), lined(now, place, 20)) if it.kind == kind)
    assert (found.base_location and found.base_location.line, found.location and found.location.line) == lines


def test_whether_a_claim_of_somebody_weakens_say_the_policies() -> None:
    spec = policy().change_kinds["evidence-attested"]
    strict = replace(policy(), change_kinds={**policy().change_kinds, spec.id: replace(spec, weakening=True)})
    for rules, weakens in ((policy(), False), (strict, True)):
        base, result = held(paper, PAST), held(paper, PAST, B)
        found = changes_between(facts_of(base, rules), facts_of(result, rules), base, result, rules)
        assert [it.weakening for it in found if it.kind == spec.id] == [weakens]


@pytest.mark.parametrize(("words", "kinds"), [(0, ["evidence-redated"]), (4, ["evidence-replaced"])])
def test_d52_policies_that_know_no_small_step_know_the_same_text_all_the_same(words: int, kinds: list[str]) -> None:
    spec = policy().change_kinds["evidence-renewed"]
    exact = replace(policy(), change_kinds={**policy().change_kinds, spec.id: replace(spec, below_percent=None)})
    base, result = paper(TO_COME, text()), paper(PAST, text(words))
    found = changes_between(facts_of(base, exact), facts_of(result, exact), base, result, exact, NOW)
    assert [it.kind for it in found] == kinds
