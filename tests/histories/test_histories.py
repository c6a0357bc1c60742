"""A second opinion on every verdict: histories judged by the gate and by the model of its decisions, which agree."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from unittest.mock import patch

import pytest
from adoption import adopted_otherwise
from commit_line import Histories
from comparison import clear, play, shrunk
from defences import DEFENCES, found_after
from evidence import PACKAGE
from forge import is_on_gitlab
from gate_in_memory import without
from history import history
from honest_helper import stuck
from invariants import broken
from prove import compared
from script import as_script

from policy_gate.decide import claim_check

TESTS = Path(__file__).resolve().parents[1]
MODEL = sorted((TESTS / "model").glob("*.py"))
SHARES = 6
FOUND_AT_ONCE = ("T01", "T03", "T04", "T36", "T38")
"""what a few dozen histories show where its defence is off"""

BY_TEAM = 389
"""a history that merges by a review of somebody in a team, which few do"""


@pytest.fixture
def gate() -> Iterator[Histories]:
    with Histories().at_work() as at_work:
        yield at_work


def test_the_model_knows_nothing_of_the_gate() -> None:
    imported = {
        name
        for path in MODEL
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        )
    }  # fmt: skip
    own = {path.stem for path in MODEL}
    assert imported - own - set(sys.stdlib_module_names) <= {"yaml", "collections.abc"}


def test_the_decisions_are_short_enough_to_read() -> None:
    """What reads conditions and tables of `policies/` aside."""
    statements = [
        node
        for path in MODEL
        if path.stem not in ("conditions", "tables")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.stmt) and not isinstance(node, ast.Import | ast.ImportFrom)
    ]
    said = [node for node in statements if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]
    assert len(said) <= 900


@pytest.mark.parametrize("share", range(SHARES))
def test_the_gate_and_the_model_agree(share: int) -> None:
    seen = compared(range(share * 40, share * 40 + 40))
    assert seen.differing == (), "make prove shows the smallest history of each"
    assert seen.broken == ()
    assert seen.checks > 100


@pytest.mark.nightly
@pytest.mark.parametrize("share", range(20))
def test_the_gate_and_the_model_agree_over_many(share: int) -> None:
    """Each night other ones, so that fifty nights are a million; what differs is a seed of `make prove`."""
    first = (datetime.now(UTC).date().toordinal() * 20 + share) * 1_000
    seen = compared(range(first, first + 1_000))
    assert (seen.differing, seen.broken) == ((), ())


def test_a_seed_gives_one_history() -> None:
    assert history(7) == history(7) != history(8)


def test_histories_end_in_every_way(gate: Histories) -> None:
    turns = [turn for seed in range(12) for turn in play(history(seed), gate).turns]
    assert {turn.code for turn in turns} >= {0, 1}
    assert len({turn.merged for turn in turns}) == 2
    assert any(len(turn.made) > 1 for turn in turns)


def test_histories_on_a_forge_merge_by_reviews_and_are_stopped_beside_them(gate: Histories) -> None:
    seen: set[tuple[str, bool]] = set()
    kinds = ("reviewed on GitHub", "reviewed on GitLab", "by team")
    wanted = {*product(kinds, (True, False)), ("silent", False)}
    for seed in (BY_TEAM, *range(60)):
        for turn in play(history(seed), gate).turns:
            if not turn.forge:
                continue
            if any(it.says == "approved" for it in turn.forge.reviews):
                seen.add(("reviewed on GitLab" if is_on_gitlab(turn.forge) else "reviewed on GitHub", turn.merged))
                if {it.who for it in turn.forge.reviews} & {"Tia Tamm", "Uma Voss"}:
                    seen.add(("by team", turn.merged))
            if turn.forge.is_silent and turn.code == 3:
                seen.add(("silent", False))
        if seen == wanted:
            return
    raise AssertionError(f"none of these: {wanted - seen}")


@pytest.mark.parametrize("threat", FOUND_AT_ONCE)
def test_a_defence_that_is_switched_off_is_noticed(threat: str) -> None:
    number = next(n for n, defence in enumerate(DEFENCES) if defence.threat == threat)
    assert found_after(number, 150) is not None


@pytest.mark.parametrize("threat", ["T33", "T61", "T68"])
def test_without_a_look_at_code_an_invariant_breaks(threat: str) -> None:
    (defence,) = [it for it in DEFENCES if it.threat == threat]
    clear()
    gate, whole = Histories(without(rules=defence.rules)), Histories()
    shown = (made for made in map(history, range(500)) if made.shows_ai)
    with gate.at_work():
        found = next(made for made in shown if any(broken(made, play(made, gate), gate)))
    with whole.at_work():
        assert not any(broken(found, play(found, whole), whole)), "the control"
    clear()


def test_what_differs_is_shrunk_to_the_change_that_shows_it() -> None:
    clear()
    gate = Histories(without(rules=["system-vanished"]))
    with gate.at_work():
        seed = next(seed for seed in range(500) if play(history(seed), gate).disagreement)
        small = shrunk(history(seed), gate)
        assert len([edit for it in small.proposals for edit in (*it.edits, *it.beside_edits)]) == 1
        said = str(play(small, gate).disagreement)
    assert "only the model" in said
    assert "system-vanished" in said


def test_without_a_guard_an_invariant_breaks_whatever_the_model_says() -> None:
    clear()
    gate = Histories(without(weakenings=["dimension-lowered"]))
    with gate.at_work():
        found = (said for seed in range(120) for said in broken(history(seed), play(history(seed), gate), gate))
        assert any("scores less" in said for said in found)
    clear()


@pytest.mark.parametrize("rule", ["prohibited-practice", "waiver"])
def test_an_adoption_that_brings_what_it_may_not_is_noticed(rule: str) -> None:
    clear()
    gate, whole = Histories(without(rules=[rule])), Histories()
    with gate.at_work():
        found = next(made for made in map(history, range(200)) if [*adopted_otherwise(made, gate)])
    with whole.at_work():
        assert [*adopted_otherwise(found, whole)] == [], "the control"
    clear()


def test_where_no_yes_counts_honest_work_is_stuck_and_the_reason_is_told(gate: Histories) -> None:
    with patch.object(claim_check, "_time", lambda *_: "never"):
        said = next(filter(None, (stuck(play(history(seed), gate), gate) for seed in range(60))))
    assert "honest work does not get past it" in said
    assert " approval " in said


def _is_telling(seed: int, gate: Histories) -> bool:
    """A few changes, of which one merges by approvals and one is stopped."""
    turns = play(history(seed), gate).turns
    approved = any(turn.merged and len(turn.made) > 1 for turn in turns)
    if any(turn.forge for turn in turns):
        return False
    return 3 <= len(turns) <= 5 and approved and any(turn.code == 1 for turn in turns)


def _is_of_many_ways(seed: int, gate: Histories) -> bool:
    """One is squashed or rebased, one begins before base, and one goes on with the branch of another."""
    turns = play(history(seed), gate).turns
    is_landed = any(turn.merged and turn.way != "merge" for turn in turns)
    is_behind = any(turn.behind and turn.merged for turn in turns)
    if any(turn.forge for turn in turns):
        return False
    return len(turns) <= 8 and is_landed and is_behind and any(turn.kept for turn in turns)


@pytest.mark.real_git
@pytest.mark.parametrize("is_wanted", [_is_telling, _is_of_many_ways])
def test_a_script_makes_the_history_with_git(tmp_path: Path, gate: Histories, is_wanted: Callable[..., bool]) -> None:
    seed = next(seed for seed in range(400) if is_wanted(seed, gate))
    script = tmp_path / "history.sh"
    script.write_text(as_script(history(seed), gate), "utf-8")
    command = f"{sys.executable} -m policy_gate"
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(PACKAGE.parent), "POLICY_GATE": command, "POLICY_GATE_CACHE": "off",
    }  # fmt: skip
    done = subprocess.run(
        ["bash", str(script)], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    codes = [int(code) for code in re.findall(r"^change \d+: exit (\d+)$", done.stdout, re.MULTILINE)]
    assert codes == [turn.code for turn in play(history(seed), gate).turns]
    assert len(set(codes)) > 1
