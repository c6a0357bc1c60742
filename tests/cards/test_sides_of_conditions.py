"""Both sides of conditions that small faults showed nothing in memory held."""

from __future__ import annotations

import pytest

from policy_gate.cards.corrections import _is_the_same
from policy_gate.cards.measured import of_all_below
from policy_gate.cards.metrics import _typed, worsened_by
from policy_gate.cards.piece import Piece
from policy_gate.cards.stated_twice import _is_the_same as is_the_same_metric
from policy_gate.cards.text_standing import _of_section
from policy_gate.schema.facts import Metric


@pytest.mark.parametrize(
    ("was", "now", "per_cent"),
    [(0.8, 0.4, 50.0), (0.8, 0.9, 0.0), (0.8, 0.0, 100.0), (0.8, None, 100.0), (0.0, 0.5, 100.0)],
)
def test_a_number_gets_worse_by_a_part_of_what_it_was(was: float, now: float | None, per_cent: float) -> None:
    old, new = Metric(name="recall", group="overall", value=was), Metric(name="recall", group="overall", value=now)
    assert worsened_by(old, new) == pytest.approx(per_cent)


def test_a_number_that_is_gone_got_worse_by_all_of_it() -> None:
    assert worsened_by(Metric(name="recall", group="overall", value=0.8), None) == 100.0


@pytest.mark.parametrize("raw", [0.9, "0.9", {"value": 0.9}, {"value": "0.90"}])
def test_a_correction_to_the_number_that_stands_is_known_in_each_form(raw: object) -> None:
    assert _is_the_same("0.9", raw)


@pytest.mark.parametrize("raw", [0.8, "0.8", {"value": 0.8}, {}, None])
def test_a_correction_to_another_number_is_none_to_the_same(raw: object) -> None:
    assert not _is_the_same("0.9", raw)


@pytest.mark.parametrize(("length", "is_heading"), [(240, True), (241, False)])
def test_a_heading_of_estimates_is_about_what_is_below_unless_it_is_a_text(length: int, is_heading: bool) -> None:
    title = "Estimated results " + "x" * (length - len("Estimated results "))
    assert of_all_below(title, has_limits=False) is is_heading


def test_a_heading_of_results_leaves_what_is_below() -> None:
    assert not of_all_below("Results", has_limits=False)


def test_an_item_that_introduces_what_no_longer_holds_takes_its_own_list_and_no_more() -> None:
    lead = [Piece("item", "Outdated:", 1, block=1, depth=1), Piece("item", "It ranks loans.", 2, block=1, depth=2)]
    after = Piece("item", "It ranks offers.", 3, block=1, depth=1)
    assert [piece.text for piece in _of_section([*lead, after], hidden=False)] == ["Outdated:", "It ranks offers."]


def test_an_item_that_introduces_what_holds_leaves_its_list() -> None:
    lead = [Piece("item", "In use:", 1, block=1, depth=1), Piece("item", "It ranks loans.", 2, block=1, depth=2)]
    assert [piece.text for piece in _of_section(lead, hidden=False)] == ["In use:", "It ranks loans."]


@pytest.mark.parametrize(("word", "is_better_higher"), [("up", True), ("higher", True), ("max", True), ("down", False)])
def test_a_typed_number_says_which_way_is_better(word: str, is_better_higher: bool) -> None:
    for name in ("recall", "latency"):
        read = _typed(name, "overall", {"value": 0.5, "direction": word}, None, None)
        assert read.higher_is_better is is_better_higher


def test_a_number_stated_again_is_the_same_with_the_same_limit_alone() -> None:
    bare, limited, other = (
        Metric(name="recall", group="overall", value=0.8, threshold=limit) for limit in (None, 0.7, 0.75)
    )
    assert is_the_same_metric(bare, bare)
    assert is_the_same_metric(limited, limited)
    assert not is_the_same_metric(bare, limited)
    assert not is_the_same_metric(limited, other)
