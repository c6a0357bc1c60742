"""Evidence of a policy case: documents, results and a card made to have just the outcome that is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from msgspec.structs import replace

from policy_gate.schema.card_fields import CARD_FIELDS
from policy_gate.schema.facts import ArtifactFact, CardFact, CardField, FailedCase, Metric, Section, TestFact
from policy_gate.schema.policy_cases import Case
from policy_gate.schema.source import Location

LONG_AGO: Final = date(2000, 1, 1)
_ENTRY: Final = Location("governance.yaml", 1, 1)
_WHOLE_CARD: Final = ("empty", "template", "refused")


def artifact_of_case(
    id_: str, outcome: str, day: date, titles: Mapping[str, Sequence[str]], *, earlier: bool = False
) -> ArtifactFact | None:
    """The document with that outcome; None for `absent`: the manifest names none. `earlier` is a year older.

    `titles` are those of the sections that it must have, as `RuleSet.section_titles` gives them.
    """
    if outcome == "absent":
        return None
    completed = day - timedelta(days=365 if earlier else 7)
    sections = tuple(Section(title, 3 + position, 200) for position, title in enumerate(titles.get(id_, ())))
    fact = ArtifactFact(
        id=id_,
        path=f"governance/{id_}.md",
        oid=("1" if earlier else "0") * 40,
        status="final",
        completed=completed,
        declared_at=_ENTRY,
        words=5000,
        sections=sections,
        substance=f"{id_}, {'as it was' if earlier else 'as it is'}",
    )
    return _with_defect(fact, outcome)


def _with_defect(fact: ArtifactFact, outcome: Any) -> ArtifactFact:
    if outcome == "draft":
        return replace(fact, status="draft")
    if outcome in ("stale", "undated"):
        return replace(fact, completed=LONG_AGO if outcome == "stale" else None)
    if outcome == "thin":
        return replace(fact, words=2, sections=tuple(replace(section, words=1) for section in fact.sections))
    if outcome == "not-approved":
        return replace(fact, path=None, oid=None, attested="0" * 64, words=0, sections=())
    return fact if outcome == "met" else replace(fact, cause=outcome, detail=f"{fact.path} is {outcome}")


def test_of_case(id_: str, outcome: Any, day: date) -> TestFact | None:
    """The test result with that outcome; None for `absent`: the manifest names none."""
    if outcome == "absent":
        return None
    completed = {"stale": LONG_AGO, "undated": None}.get(outcome, day - timedelta(days=7))
    fact = TestFact(id_, f"reports/{id_}.xml", "0" * 40, _ENTRY, None, "", executed=1000, completed=completed)
    if outcome in ("met", "stale", "undated"):
        return fact
    if outcome == "not-approved":
        return replace(fact, oid=None, attested="0" * 64, executed=0)
    if outcome == "inconclusive":
        return replace(fact, tool="promptfoo", is_sample=True, executed=5, passed=5, wanted_cases=30)
    if outcome == "uncounted":
        return replace(fact, tool="promptfoo", uncounted=("a case of no test",))
    if outcome == "failed":
        failed = (FailedCase(f"{id_}.case", "wanted another result", 3),)
        return replace(fact, cause="failed", detail="1 of 1000 failed", failed=failed)
    executed = 0 if outcome == "not-run" else fact.executed
    return replace(fact, cause=outcome, detail=f"{fact.path} is {outcome}", executed=executed)


def card_of_case(case: Case) -> CardFact | None:
    """The card that a case speaks of, or None where it speaks of none."""
    whole: Any = case.card.get("complete", "present" if case.all_met else "absent")
    named = {name: state for name, state in case.card.items() if name != "complete"}
    if not (named or case.metrics) and whole in ("absent", "not-run"):
        return None
    from policy_gate.cards.overall_limits import with_overall_limits  # noqa: PLC0415

    cause = whole if whole in _WHOLE_CARD else None
    states = dict.fromkeys(CARD_FIELDS, _state(whole)) | {name: _state(state) for name, state in named.items()}
    fields = {name: _field(states[name], position) for position, name in enumerate(CARD_FIELDS, 3)}
    return CardFact(
        path="MODEL_CARD.md",
        oid="0" * 40,
        cause=cause,
        detail=f"the card is {cause}" if cause else "",
        fields=fields,
        metrics=with_overall_limits([_metric(spec) for spec in case.metrics]),
        groups=2 if states["performance_by_group"] == "present" else 0,
        declared_at=_ENTRY,
    )


def _state(outcome: str) -> Any:
    if outcome in ("present", "met"):
        return "present"
    return "placeholder" if outcome in ("placeholder", "thin", "template", "draft") else "absent"


def _field(state: Any, line: int) -> CardField:
    texts = {"present": "As the case says.", "placeholder": "TBD", "absent": None}
    text = texts[state]
    return CardField(state, line if text else None, text, (text,) if state == "present" and text else ())


def _metric(spec: dict[str, Any]) -> Metric:
    from policy_gate.cards.metrics import OVERALL  # noqa: PLC0415

    value, threshold = spec.get("value"), spec.get("threshold")
    better = spec.get("meets") is not False or value is None or threshold is None or value < threshold
    return Metric(
        name=str(spec.get("name", "metric")),
        group=str(spec.get("group", OVERALL)),
        value=None if value is None else float(value),
        threshold=None if threshold is None else float(threshold),
        higher_is_better=better,
        line=3,
        size=spec.get("size"),
        low=spec.get("low"),
        high=spec.get("high"),
        evidence=spec.get("evidence", "claimed"),
    )
