"""Test results: a test counts by what ran and how it ended, for this version, in date."""

from __future__ import annotations

from datetime import date

from policy_gate.evaluate.context import SystemContext
from policy_gate.evaluate.dates import dated, is_earlier, period_of
from policy_gate.schema.facts import Facts, TestFact
from policy_gate.schema.finding import Outcome
from policy_gate.schema.source import Location
from policy_gate.schema.target_instances import said_of_share

CUT_OFF = "whether base held it before cannot be told: the history of this clone is cut off"
TOO_LONG = "whether base held it before cannot be told: its history holds more than is looked through"
LATER = "results with times of their own, later than those of base's, or somebody's word"
WHOLE = "the whole history (git fetch --unshallow; GitHub: fetch-depth: 0; GitLab: GIT_DEPTH: 0)"


def check_test(base: Outcome, facts: Facts, context: SystemContext) -> Outcome:
    """Met where enough tests ran, none failed, and the result is not too old."""
    spec = context.policy.tests[base.requirement.subject]
    fact = facts.tests.get(spec.id)
    if fact is None:
        return base.become(
            "gap",
            cause="not-run",
            seen="the manifest names no result for it",
            wanted="its result, named under tests",
            location=facts.declared.at("tests"),
        )
    if fact.attested is not None and not spec.may_be_attested:
        return base.become(
            "gap", cause="refused", seen="held elsewhere", wanted="a report here", location=fact.declared_at
        )
    if fact.attested is None and not fact.has_passed:
        lines = [case.line for case in fact.failed]
        place = Location(fact.path, min(lines), 1) if lines else fact.declared_at
        details = tuple(f"{fact.path}:{case.line} {case.name}: {case.message}" for case in fact.failed[:5])
        seen = f"{fact.detail}: {_short_of(fact)}" if fact.is_sample and fact.cause == "failed" else fact.detail
        return base.become("gap", cause=fact.cause, seen=seen, location=place, details=details)
    if fact.attested is None and fact.executed < spec.min_executed:
        return base.become(
            "gap",
            cause="not-run",
            seen=f"{fact.executed} of at least {spec.min_executed} tests ran"
            + (f"; {fact.unlisted}" if fact.unlisted else ""),
            location=fact.declared_at,
        )
    period = period_of(base.requirement.max_age, spec.max_age, facts.tier)
    fault = dated(fact.completed, period, context.today)
    if fault is not None and fault.cause == "undated" and fact.unread_timestamp:
        said = f'its timestamp "{fact.unread_timestamp}" cannot be read as a date: write `completed:` in the entry'
        fault = fault._replace(seen=said)
    if fault is not None:
        return base.become("gap", location=fact.declared_at, **fault._asdict())
    earlier = context.earlier if base.requirement.updated_in_change else None
    anew = _not_run_anew(base, fact, earlier, context.today) if earlier is not None else None
    if anew is None and earlier is not None and context.runs is not None:
        anew = _run_elsewhere(base, fact, context.runs.whose(fact, facts))
    if anew is not None:
        return anew
    if fact.attested is None:
        return base.become("met", seen=_passed(fact), location=fact.declared_at)
    return base.become(
        "gap",
        cause="not-approved",
        needs_attestation=fact.attested,
        seen=f"attested by digest {fact.attested[:12]}…, not read",
        wanted="an approval by the accountable role of exactly this digest",
        location=fact.declared_at,
    )


def _told(fact: TestFact) -> tuple[tuple[str, str | None], ...]:
    return ("model", fact.model), ("version", fact.version), ("seed", fact.seed)


def _short_of(fact: TestFact) -> str:
    least = f"at least {fact.min_pass_rate:.0%} is wanted" if fact.min_pass_rate < 1 else "all are wanted"
    return f"{said_of_share(fact)}, {least}"


def _passed(fact: TestFact) -> str:
    skipped = f", {fact.skipped} skipped" if fact.skipped else ""
    skipped += f"; {fact.unlisted}" if fact.unlisted else ""
    if not fact.is_sample:
        return f"{fact.executed} tests passed{skipped} ({fact.provenance})"
    of = "".join(f", {name} {value}" for name, value in _told(fact) if value)
    return f"{said_of_share(fact)}{skipped}{of} ({fact.provenance}, {fact.tool})"


def _not_run_anew(base: Outcome, fact: TestFact, earlier: Facts, today: date) -> Outcome | None:
    """Why the result is no run of this change: it is base's, or one that base's history held; None where it is."""
    before = earlier.tests.get(fact.id)
    known = (*((before,) if before else ()), *earlier.earlier_tests.get(fact.id, ()))
    if any(_is_the_same_run(it, fact, today) for it in known):
        return base.become(
            "gap",
            cause="not-run",
            seen="the result is the one from before this change",
            wanted="a run on what this change makes",
            location=fact.declared_at,
        )
    if fact.id in earlier.history_is_long and not fact.is_later_run(known):
        return base.become("unknown", cause="unknown", seen=TOO_LONG, wanted=LATER, location=fact.declared_at)
    if earlier.history_ends and fact.provenance == "committed" and all(it.cause is not None for it in known):
        return base.become("unknown", cause="unknown", seen=CUT_OFF, wanted=WHOLE, location=fact.declared_at)
    return None


def _run_elsewhere(base: Outcome, fact: TestFact, whose: str) -> Outcome | None:
    """What is wrong with a result that is a run of something else; None where nothing is."""
    if not whose:
        return None
    seen = f"the result is a run {whose}"
    wanted = "a run of this system on what this change makes, or a report that names each system that it is of"
    return base.become("gap", cause="not-run", seen=seen, wanted=wanted, location=fact.declared_at)


def _is_the_same_run(before: TestFact, fact: TestFact, today: date) -> bool:
    """Whether it tells of the run of before, in whatever dress, or is of no later day."""
    return fact.is_same_run(before) or is_earlier(fact.completed, before.completed, today)
