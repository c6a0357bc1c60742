"""Policy cases: whether the findings are those that a case expects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_gate.schema.finding import Finding
from policy_gate.schema.policy_cases import Case, ExpectedFinding

OPEN = ("gap", "unknown")


def compare(case: Case, findings: Sequence[Finding]) -> tuple[str, ...]:
    """One sentence for each way in which the findings differ from what the case expects."""
    return tuple(f"{case.id}: {problem}" for problem in _differences(case, findings))


def _differences(case: Case, findings: Sequence[Finding]) -> Iterator[str]:
    seen: dict[str, list[Finding]] = {}
    for finding in findings:
        seen.setdefault(f"{finding.kind}:{finding.subject}", []).append(finding)
    for expected in case.expect:
        yield from _missed(expected, seen.get(expected.requirement, []), exactly=case.exactly)
    for name in case.never:
        if name in _reasons(findings):
            yield f"{name} must be at rest here, but finds something missing"
        elif any(finding.state in OPEN for finding in seen.get(name, [])):
            yield f"{name} must not be missing here, but is"
    if case.exactly:
        wanted = {expected.requirement for expected in case.expect if expected.state in OPEN}
        for name in sorted(set(_open(seen)) - wanted):
            rules = sorted({reason.rule for finding in seen[name] for reason in finding.because})
            yield f"{name} is found missing (by {', '.join(rules)}), which the case does not expect"


def _reasons(findings: Sequence[Finding]) -> set[str]:
    """`kind:id` of every rule, gate and control that wants something that is missing."""
    opened = [finding for finding in findings if finding.state in OPEN]
    return {f"{reason.kind}:{reason.rule}" for finding in opened for reason in finding.because}


def _open(seen: dict[str, list[Finding]]) -> Iterator[str]:
    for name, findings in seen.items():
        if any(finding.state in OPEN for finding in findings):
            yield name


def _missed(expected: ExpectedFinding, found: Sequence[Finding], *, exactly: bool) -> Iterator[str]:
    alike = [finding for finding in found if finding.state == expected.state]
    if not alike:
        got = ", ".join(sorted({finding.state for finding in found})) or "nothing"
        yield f"{expected.requirement} should be {expected.state} (got {got})"
        return
    reasons = {reason.rule for finding in alike for reason in finding.because}
    wanted = set(expected.rules)
    if wanted and (reasons != wanted if exactly else not wanted <= reasons):
        yield f"{expected.requirement} should be wanted by {sorted(wanted)} (got {sorted(reasons)})"
    if expected.enforcement and all(finding.enforcement != expected.enforcement for finding in alike):
        yield f"{expected.requirement} should {expected.enforcement} (got {alike[0].enforcement})"
