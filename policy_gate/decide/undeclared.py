"""Where no tree declares a system: whether the code shows AI all the same, and what follows from that (D28)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from policy_gate.decide.decision_context import DecisionContext
from policy_gate.schema.finding import Finding, Reason, RequirementId
from policy_gate.schema.observed import Signal, Undeclared
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.source import Location, Problem
from policy_gate.schema.vocabulary import Scope, Verdict

SUBJECT = "ai-use-declared"
"""of the requirement that AI which the code shows is declared"""
_SHOWN = 5
_NOWHERE = "no AI system is declared anywhere in this repository"
_SAY_SO = 'policy-gate init, or policy-gate init --no-ai "WHY NOT" where there is none'


class UndeclaredAnswer(Struct, frozen=True):
    """What the lack of any declared system comes to."""

    verdict: Verdict
    scope: Scope
    headline: str
    hint: str = ""
    findings: tuple[Finding, ...] = ()


def undeclared_answer(
    context: DecisionContext, base: Snapshot, result: Snapshot, changed: frozenset[str]
) -> UndeclaredAnswer | None:
    """The answer where neither tree holds a manifest; None where one does.

    Without a sign of AI it is pass, with one conditions, and block from the organisation's `enrol_by` on where the
    sign is plain. What was not looked at is never taken for none. A job that demands a governed base, or a stage, has
    no answer here.
    """
    if base.any_manifest or result.any_manifest:
        return None
    seen, options = result.observed.undeclared, context.options
    is_late = context.policy.debt.enrol_by is not None and options.as_of.date() >= context.policy.debt.enrol_by
    demands = options.require_governed_base or options.require_stage is not None
    if seen is None or (demands and not seen.signals):
        return UndeclaredAnswer("undecided", "unknown", _NOWHERE, "policy-gate init")
    if seen.signals:
        blocks = is_late and seen.is_sure
        verdict: Verdict = "block" if blocks else "undecided" if demands else "conditions"
        finding = _finding(seen, context, changed, blocks=blocks)
        return UndeclaredAnswer(verdict, "undeclared", "", "", (finding,))
    if seen.left_out:
        said = f"no AI system is declared, and whether there is one cannot be told: {_first_of(seen.left_out)}"
        return UndeclaredAnswer("undecided" if is_late else "conditions", "unknown", said, _SAY_SO)
    by_text = f"; {_first_of(seen.by_text)}" if seen.by_text else ""
    said = f"no AI system is declared, and no file shows AI ({seen.files} looked at{by_text})"
    return UndeclaredAnswer("pass", "none", said)


def _first_of(problems: Sequence[Problem]) -> str:
    first, more = problems[0], len(problems) - 1
    return f"{first.location}: {first.message}" + (f", and {more} more" if more else "")


def _finding(seen: Undeclared, context: DecisionContext, changed: frozenset[str], *, blocks: bool) -> Finding:
    first, owners, due = seen.signals[0], context.policy.owners, context.policy.debt.enrol_by
    is_brought = any(signal.path in changed for signal in seen.signals)
    until = f"; from {due.isoformat()} on this blocks" if due and seen.is_sure and not blocks else ""
    says = "AI that nothing declares" if seen.is_sure else "What may be AI, and nothing says of it"
    wanted = f"a manifest that declares it, or says why it is no AI system{until}"
    return Finding(
        id=SUBJECT,
        system=None,
        state="gap",
        enforcement="block" if seen.is_sure else "advise",
        blame="introduced" if is_brought else "overdue" if blocks else "inherited",
        requirement=RequirementId("that", SUBJECT),
        title=f"{says}: {first.path}:{first.line}",
        message=f"{_told(seen.signals)}; wanted: {wanted}",
        because=(
            Reason("rule", SUBJECT, "AI that is used is declared", None, "What nobody declares nobody has classified."),
        ),
        location=Location(first.path, first.line, 1),
        fix="policy-gate init",
        responsible=owners.responsible,
        accountable=owners.accountable,
        cause="absent",
        due=due if seen.is_sure else None,
        blocks=blocks,
        seen=_told(seen.signals),
        wanted=wanted,
    )


def _told(signals: Sequence[Signal]) -> str:
    shown = [f"{it.path}:{it.line} {it.what} ({it.found})" for it in signals[:_SHOWN]]
    more = len(signals) - _SHOWN
    return "; ".join([*shown, *([f"{more} more"] if more > 0 else [])])
