"""D28: where no tree declares a system, what the code shows decides, and what was not looked at is not nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from decision_world import EMPTY, RULES, TODAY, evaluation, options
from msgspec.structs import replace

from policy_gate.decide.decision_context import blamed
from policy_gate.decide.undeclared import UndeclaredAnswer, undeclared_answer
from policy_gate.schema.observed import Observed, Signal, Undeclared
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.source import Problem

PLAIN = Signal("app/a.py", 3, "sdk", "An SDK", "high", "openai")
FAINT = Signal("app/b.py", 4, "package", "A package", "medium", "torch")
LEFT = Problem("big.bin", "is too large", 1), Problem("odd.py", "cannot be read")
NOTHING = replace(EMPTY, any_manifest=False)
NOWHERE = "no AI system is declared anywhere in this repository"


def answer(
    seen: Undeclared | None, enrol_by: date | None = None, changed: frozenset[str] = frozenset(), **fields: Any
) -> UndeclaredAnswer:
    policy = replace(RULES, debt=replace(RULES.debt, enrol_by=enrol_by))
    context = blamed(evaluation([], [], rules=policy), options(**fields))
    found = undeclared_answer(context, NOTHING, replace(NOTHING, observed=Observed(undeclared=seen)), changed)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("seen", "fields", "verdict", "scope", "headline"),
    [
        (None, {}, "undecided", "unknown", NOWHERE),
        (Undeclared(), {}, "pass", "none", "no AI system is declared, and no file shows AI (0 looked at)"),
        (Undeclared(files=9), {}, "pass", "none", "no AI system is declared, and no file shows AI (9 looked at)"),
        (
            Undeclared(files=9, by_text=LEFT),
            {},
            "pass",
            "none",
            "no AI system is declared, and no file shows AI (9 looked at; big.bin:1: is too large, and 1 more)",
        ),
        (Undeclared(), {"require_governed_base": True}, "undecided", "unknown", NOWHERE),
        (Undeclared(), {"require_stage": "production"}, "undecided", "unknown", NOWHERE),
        (Undeclared((PLAIN,)), {}, "conditions", "undeclared", ""),
        (Undeclared((PLAIN,)), {"require_stage": "production"}, "undecided", "undeclared", ""),
        (Undeclared((PLAIN,)), {"require_governed_base": True, "enrol_by": TODAY}, "block", "undeclared", ""),
        (Undeclared((PLAIN,)), {"enrol_by": TODAY}, "block", "undeclared", ""),
        (Undeclared((PLAIN,)), {"enrol_by": TODAY + timedelta(1)}, "conditions", "undeclared", ""),
        (Undeclared((FAINT,)), {"enrol_by": TODAY}, "conditions", "undeclared", ""),
        (
            Undeclared(left_out=LEFT[:1], files=2),
            {},
            "conditions",
            "unknown",
            "no AI system is declared, and whether there is one cannot be told: big.bin:1: is too large",
        ),
        (
            Undeclared(left_out=LEFT),
            {"enrol_by": TODAY},
            "undecided",
            "unknown",
            "no AI system is declared, and whether there is one cannot be told: big.bin:1: is too large, and 1 more",
        ),
        (Undeclared((FAINT,), LEFT), {}, "conditions", "undeclared", ""),
    ],
)
def test_what_undeclared_ai_comes_to(
    seen: Undeclared | None, fields: dict[str, Any], verdict: str, scope: str, headline: str
) -> None:
    found = answer(seen, **fields)
    assert (found.verdict, found.scope, found.headline) == (verdict, scope, headline)
    assert bool(found.findings) == bool(seen and seen.signals)
    assert found.hint == ("" if verdict == "pass" or found.findings else found.hint)
    assert bool(found.hint) == bool(headline and verdict != "pass")


@pytest.mark.parametrize(
    ("signals", "fields", "said"),
    [
        ((PLAIN, FAINT), {}, ("gap", "block", "inherited", None, False, "absent")),
        ((PLAIN, FAINT), {"changed": frozenset({"app/b.py"})}, ("gap", "block", "introduced", None, False, "absent")),
        ((PLAIN, FAINT), {"enrol_by": TODAY}, ("gap", "block", "overdue", TODAY, True, "absent")),
        ((FAINT,), {"enrol_by": TODAY}, ("gap", "advise", "inherited", None, False, "absent")),
    ],
)
def test_the_finding_of_undeclared_ai(
    signals: tuple[Signal, ...], fields: dict[str, Any], said: tuple[Any, ...]
) -> None:
    (found,) = answer(Undeclared(signals), **fields).findings
    assert (found.state, found.enforcement, found.blame, found.due, found.blocks, found.cause) == said
    assert found.location is not None
    assert (found.location.path, found.location.line, found.location.column) == (signals[0].path, signals[0].line, 1)
    assert (found.kind, found.subject, found.system, found.id) == ("that", "ai-use-declared", None, "ai-use-declared")
    assert (found.responsible, found.accountable) == (RULES.owners.responsible, RULES.owners.accountable)
    assert [(reason.kind, reason.rule) for reason in found.because] == [("rule", "ai-use-declared")]
    shown = {"app/a.py": "app/a.py:3 An SDK (openai)", "app/b.py": "app/b.py:4 A package (torch)"}
    assert found.seen == "; ".join(shown[signal.path] for signal in signals)
    assert found.wanted == "a manifest that declares it, or says why it is no AI system"


def test_its_day_is_told_before_it_comes_and_many_signs_are_counted() -> None:
    later = TODAY + timedelta(30)
    (found,) = answer(Undeclared((PLAIN,) * 7), enrol_by=later).findings
    assert found.wanted.endswith(f"; from {later.isoformat()} on this blocks")
    assert (found.due, found.blocks) == (later, False)
    assert found.seen.endswith("(openai); 2 more")
    (six,) = answer(Undeclared((PLAIN,) * 6)).findings
    assert six.seen.endswith("(openai); 1 more")
    (five,) = answer(Undeclared((PLAIN,) * 5)).findings
    assert five.seen.endswith("(openai)")
    (faint,) = answer(Undeclared((FAINT,)), enrol_by=later).findings
    assert (faint.due, "on this blocks" in faint.wanted) == (None, False)


@pytest.mark.parametrize("sides", [(True, False), (False, True), (True, True)])
def test_a_manifest_on_either_side_answers_itself(sides: tuple[bool, bool]) -> None:
    base, result = (replace(NOTHING, any_manifest=held) for held in sides)
    context = blamed(evaluation([], []), options())
    assert undeclared_answer(context, base, result, frozenset()) is None
    assert isinstance(base, Snapshot)
