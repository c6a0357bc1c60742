"""H19: tables of limits that also say what was measured, what is hoped for or why, and results by set of data (T60)."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS
from evidence import card
from promotion import Promotion

from policy_gate.cards.reader import read_card
from policy_gate.schema.facts import Metric
from policy_gate.schema.snapshot import Evidence
from policy_gate.schema.source import Location

RESULTS = "| metric | value |\n|---|---|\n| accuracy | 0.91 |"


@pytest.fixture(scope="module")
def promoted(tmp_path_factory: pytest.TempPathFactory) -> Promotion:
    return Promotion(tmp_path_factory.mktemp("h19"))


def one(limits: str, results: str = RESULTS, group: str = "overall") -> Metric:
    text = f"# C\n\n## Overall performance\n\n{results}\n\n## Performance thresholds\n\n{limits}\n"
    found = read_card(Evidence("MODEL_CARD.md", "file", oid="1", text=text), Location("governance.yaml"), CARD_WORDS)
    return next(it for it in found.metrics if it.name == "accuracy" and it.group == group)


def table(head: str, *rows: str) -> str:
    bars = "|".join("---" for _ in head.split("|"))
    return "\n".join(f"| {row} |" for row in (head, bars, *rows))


LIMITS = table("metric | threshold", "accuracy | 0.85")


@pytest.mark.parametrize(("limits", "reached", "missed"), [
    (("metric | threshold | measured", "accuracy | 0.85 | 0.914"), 0.85, 0.84),
    (("metric | minimum | aspirational | 2.1.0", "accuracy | 0.85 | 0.95 | 0.91"), 0.85, None),
    (("metric | minimum | target | achieved", "accuracy | 0.85 | 0.95 | 0.91"), 0.85, 0.8),
    (("metric | required | why", "accuracy | 0.85 | 0.71 is what the search had"), 0.85, None),
    (("Kennzahl | Soll | Ist", "accuracy | 0,85 | 0,91"), 0.85, 0.8),
    (("métrique | seuil | résultat", "accuracy | 0,85 | 0,91"), 0.85, 0.8),
    ((" | accuracy | recall", "minimum | 0.85 | 0.8", "measured | 0.91 | 0.88", "reached | yes | yes"), 0.85, 0.8),
    (("model | accuracy | recall", "measured | 0.91 | 0.88", "required | 0.85 | 0.8"), 0.85, 0.8),
])  # fmt: skip
def test_h19_a_table_of_limits_says_what_was_measured(
    limits: tuple[str, ...], reached: float, missed: float | None
) -> None:
    text = table(*limits)
    found = one(text)
    assert (found.verdict, found.value, found.threshold) == ("met", 0.91, reached)
    if missed is not None:
        comma = "0,91" in text
        seen = next(it for it in ("0.914", "0,91", "0.91") if it in text)
        worse = one(text.replace(seen, f"{missed}".replace(".", "," if comma else ".")))
        assert (worse.verdict, worse.value) == ("missed", missed)


@pytest.mark.parametrize(("limits", "threshold"), [
    (("metric | minimum | target", "accuracy | - | 0.95"), 0.95),
    (("metric | target | wanted", "accuracy | 0.93 | 0.95"), 0.95),
    (("metric | target | required value", "accuracy | 0.9 | 0.95"), 0.95),
    (("metric | warning | block", "accuracy | 0.85 | 0.95"), 0.95),
    (("metric | value", "accuracy | 0.95"), 0.95),
    ((" | accuracy | recall", "limit | 0.95 | 0.8"), 0.95),
])  # fmt: skip
def test_h19_a_limit_stays_one_where_no_other_column_is_called_so(limits: tuple[str, ...], threshold: float) -> None:
    found = one(table(*limits))
    assert (found.verdict, found.threshold) == ("missed", threshold)


@pytest.mark.parametrize(("head", "row", "verdict"), [
    ("metric | train | val | test", "accuracy | 0.95 | 0.92 | 0.91", "met"),
    ("metric | train | val | test", "accuracy | 0.95 | 0.92 | 0.71", "missed"),
    ("metric | train | dev | held-out", "accuracy | 0.95 | 0.92 | 0.91", "met"),
    ("metric | ours | BERT | GPT", "accuracy | 0.91 | 0.88 | 0.83", "met"),
    ("metric | screener | BERT | GPT", "accuracy | 0.91 | 0.88 | 0.83", "unknown"),
    ("Kennzahl | Wert | Vorversion | Referenz", "accuracy | 0,91 | 0,83 | 0,71", "met"),
    ("Kennzahl | Wert | Vorversion | Referenz", "accuracy | 0,71 | 0,90 | 0,91", "missed"),
])  # fmt: skip
def test_h19_of_many_columns_the_one_that_is_called_the_result(head: str, row: str, verdict: str) -> None:
    assert one(LIMITS, table(head, row)).verdict == verdict


@pytest.mark.parametrize(("row", "verdict"), [
    ("keyword baseline | 0.71", "met"),
    ("BM25 baseline | 0.71", "met"),
    ("previous version | 0.71", "met"),
    ("old data | 0.71", "missed"),
    ("ours vs baseline | 0.71", "missed"),
    ("night shift | 0.71", "missed"),
])  # fmt: skip
def test_h19_of_rows_those_count_that_are_of_the_model(row: str, verdict: str) -> None:
    assert one(LIMITS, table("run | accuracy", "2.1.0 | 0.91", "2.1.1 | 0.92", row)).verdict == verdict


@pytest.mark.parametrize(("overall", "told"), [
    (RESULTS.replace("0.91", "0.71"), ("accuracy[overall]: 0.71, limit 0.85", "accuracy[overall]: 0.91, and now 0.71")),
    (RESULTS.replace("accuracy", "recall"), ("accuracy[overall]: no number, limit 0.85",)),
])  # fmt: skip
def test_h19_what_is_found_names_the_number(promoted: Promotion, overall: str, told: tuple[str, ...]) -> None:
    result = promoted.attempt({"MODEL_CARD.md": card(overall_performance=overall, performance_thresholds=LIMITS)})
    messages = " ".join(str(it["message"]) for it in result.findings("gap"))
    assert [it for it in told if it not in messages] == []
