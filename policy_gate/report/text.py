"""The report for a person at a terminal or in a log: the verdict, the work, and whose turn it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import count

from policy_gate.errors import PolicyGateError
from policy_gate.report.adoption import adoption_box
from policy_gate.report.block import block, verdict_span
from policy_gate.report.docket import Docket, dockets_of
from policy_gate.report.look import Look
from policy_gate.report.page import Line, Span, columns, ends, hanging, line, plain, printed, prose, width_of, wrapped
from policy_gate.report.wording import (
    SHOW_ALL,
    called,
    debt_count,
    debt_in_line,
    law_of,
    listed,
    notes_of,
    people_to_ask,
    plural,
    result_of,
    revision,
)
from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report
from policy_gate.schema.source import Problem

_CROWD = 20
_UNTRUSTED = "untrusted rules: the organisation's folder lies in the judged checkout, so it may only tighten"


def text(report: Report, look: Look) -> str:
    """The whole report as text of `look.width` columns; only ids, paths and commands may be wider."""
    dockets = dockets_of(report)
    shown = [docket for docket in dockets if _is_shown(docket, report)]
    loud, well = _without_crowd(shown)
    if not loud and not report.problems:
        return printed(_in_one_line(report, look), look)
    numbers = count(1)
    lines = _context(report, look) + _headline(report, look)
    lines += _gap(lines) + problem_lines(report.problems, look, "" if report.headline else report.verdict)
    for docket in loud:
        lines += [*_gap(lines), *block(docket, report, look, numbers)]
    if well:
        lines += [(), line(verdict_span("pass", look), f"  {len(well)} other systems (--format json lists them)")]
    lines += _asked(report, look)
    lines += adoption_box(report, look)
    lines += _also(dockets, report, look)
    lines += _trust(report, look) + _preview(report, look)
    return printed(lines + _ending(loud, report, look), look)


def failure(error: PolicyGateError, look: Look) -> str:
    """An error as text: where it is, what is wrong, what to do; `UNDECIDED` first where that is the answer."""
    if error.exit_code == 3:
        return printed(_undecided(error, look), look)
    if error.problems:
        head = prose(error.message, look) if error.message else []
        return printed(head + problem_lines(error.problems, look), look)
    lines = prose(f"policy-gate: {error.message}", look)
    return printed(lines + (_hint(error.hint, look) if error.hint else []), look)


def _undecided(error: PolicyGateError, look: Look) -> list[Line]:
    """The verdict first, then every place that it does not name already."""
    said = error.message or "the policies that must decide cannot be read"
    rest = [problem for problem in error.problems if problem.path not in said]
    answer = _no_answer("undecided", said, error.hint if error.message else "", 3, look)
    return answer + ([(), *problem_lines(rest, look)] if rest else [])


def problem_lines(problems: Sequence[Problem], look: Look, verdict: str = "") -> list[Line]:
    """`path:line:col: message` and a hint for each; after a verdict where they are what decided it."""
    lines: list[Line] = []
    if problems and verdict:
        counted = f"{plural(len(problems), 'problem')} in governed documents"
        lines = [*hanging(line(verdict_span(verdict, look), "  "), counted, look, style="name"), ()]
    for problem in problems:
        first, *rest = wrapped(f"{problem.location}: {problem.message}", look.width - 2)
        lines += [line(first), *(line("  ", part) for part in rest)]
        lines += _hint(problem.hint, look) if problem.hint else []
    return lines


def _hint(hint: str, look: Look) -> list[Line]:
    return hanging(line(Span("  hint: ", "faint")), hint, look)


def _is_shown(docket: Docket, report: Report) -> bool:
    if report.trust.mode != "change":
        return True
    return not docket.is_quiet


def _without_crowd(dockets: Sequence[Docket]) -> tuple[list[Docket], list[Docket]]:
    """The dockets to print, and apart from them those that pass where they are too many to read."""
    well = [docket for docket in dockets if _is_well(docket)]
    if len(well) <= _CROWD:
        return list(dockets), []
    return [docket for docket in dockets if not _is_well(docket)], well


def _is_well(docket: Docket) -> bool:
    return docket.verdict == "pass" and not docket.debt and not docket.work


def _in_one_line(report: Report, look: Look) -> list[Line]:
    """Nothing to speak of: the verdict and why, with the debt in half a line (D04)."""
    if report.verdict == "undecided":
        answer = _no_answer(report.verdict, report.headline, report.hint, report.exit_code, look)
        return answer + _trust(report, look)
    said = report.headline or ("nothing is owed" if report.trust.mode == "all" else "nothing governed changed")
    verdict = verdict_span(report.verdict, look)
    counts = "" if "(" in said else _counts(report)
    lines = hanging(line(verdict, "  "), f"{said} ({counts})" if counts else said, look)
    lines += prose(report.hint, look, indent=width_of(verdict.text) + 2) if report.hint else []
    return lines if report.trust.enforcing else lines + _trust(report, look)


def _counts(report: Report) -> str:
    """Systems and debt of what was read; a change that concerns no manifest reads none."""
    systems = max(report.system_count, len(report.systems))
    debt = [finding for docket in dockets_of(report) for finding in docket.debt]
    return ", ".join([*([plural(systems, "system")] if systems else []), *([debt_in_line(debt)] if debt else [])])


def _no_answer(verdict: str, message: str, hint: str, code: int, look: Look) -> list[Line]:
    word = verdict_span(verdict, look)
    indent = width_of(word.text) + 2
    lines = hanging(line(word, "  "), message, look)
    lines += prose(hint, look, indent=indent) if hint else []
    return [*lines[:-1], *ends(lines[-1], f"exit {code}", look)]


def _context(report: Report, look: Look) -> list[Line]:
    """What was compared, and by which rules; left out where all is well."""
    if report.verdict == "pass" and report.trust.mode == "change":
        return []
    groups = [Span(f"base {revision(report.trust.base)}", "faint"), Span(f"result {result_of(report)}", "faint")]
    if report.trust.mode == "all":
        groups = [Span(f"everything at {result_of(report)}", "faint")]
    return [*columns([*groups, Span(f"law {law_of(report)}", "faint")], look), ()]


def _headline(report: Report, look: Look) -> list[Line]:
    """The sentence that decided a block or no answer where no single system did."""
    if not report.headline or report.verdict not in ("block", "undecided"):
        return []
    verdict = verdict_span(report.verdict, look)
    lines = hanging(line(verdict, "  "), report.headline, look)
    return lines + (prose(report.hint, look, indent=width_of(verdict.text) + 2) if report.hint else [])


def _gap(lines: Sequence[Line]) -> list[Line]:
    return [()] if lines and plain(lines[-1]).strip() else []


def _also(dockets: Sequence[Docket], report: Report, look: Look) -> list[Line]:
    """Counts for all that is not shown, with the command that shows it."""
    if report.trust.mode == "all":
        return []
    hidden = [docket for docket in dockets if not _has_tables(docket, report)]
    debt = [finding for docket in hidden for finding in docket.debt]
    counts = [(state, sum(len(docket.of(state)) for docket in hidden)) for state in ("waived", "deferred")]
    counts += [(state, report.count(state)) for state in ("upcoming", "met") if report.verdict != "pass"]
    groups = [Span(debt_count(debt))] if debt else []
    groups += [Span(f"{state} {number}") for state, number in counts if number]
    advice = sum(len(docket.advice) for docket in dockets) if report.verdict != "pass" else 0
    groups += [Span(f"advice {advice}")] if advice else []
    if not groups:
        return []
    if report.verdict == "pass":
        return columns([*groups, Span(f"({SHOW_ALL})", "faint")], look, indent=6)
    first, *rest = columns([*groups, Span(f"({SHOW_ALL})", "faint")], look, indent=9)
    return [(), line(Span("  also   ", "faint"), *first[1:]), *rest]


def _asked(report: Report, look: Look) -> list[Line]:
    """The fewest people to ask, where the pieces of work do not say as much one by one."""
    wanted = [finding for finding in report.findings if finding.able is not None and finding.state != "met"]
    is_choice = any(len(ask.roles) > 1 for ask in report.ask) or any(len(finding.able or ()) > 1 for finding in wanted)
    is_waiting = any(docket.waiting for docket in dockets_of(report))
    if sum(len(ask.roles) for ask in report.ask) < 2 or not (is_choice or is_waiting):
        return []
    return [(), *hanging(line(Span("  ask    ", "faint")), people_to_ask(report), look)]


def _has_tables(docket: Docket, report: Report) -> bool:
    """Whether a system's block lists its debt and what was let pass, instead of leaving it to the counts."""
    if report.trust.mode != "change":
        return True
    return not docket.is_quiet and docket.verdict == "conditions"


def _trust(report: Report, look: Look) -> list[Line]:
    """What the answer cannot be trusted for."""
    trust = report.trust
    notes = notes_of(report)
    if trust.policies_source and not trust.policies_trusted and not any("untrusted" in note for note in notes):
        notes.insert(0, _UNTRUSTED)
    if not trust.approvals_complete and not any("approval" in note for note in notes):
        notes.insert(0, "not every source of approvals answered")
    lines: list[Line] = [] if trust.enforcing else [(), line("  ", Span("This answer does not enforce.", "conditions"))]
    lines += [()] if notes and trust.enforcing else []
    for number, note in enumerate(notes):
        lines += hanging(line(Span("  note   " if number == 0 else " " * 9, "faint")), note, look)
    return lines


def _preview(report: Report, look: Look) -> list[Line]:
    """What the result's own policies would have said."""
    if not report.preview:
        return []
    lines: list[Line] = [
        (),
        *prose("This change's own rules do not judge it. From the next change on:", look, indent=2),
    ]
    return lines + [row for said in report.preview for row in prose(said, look, indent=6)]


def _ending(loud: Sequence[Docket], report: Report, look: Look) -> list[Line]:
    """Whose turn it is, and the exit code; neither where all is well."""
    if report.verdict == "pass":
        return []
    turns = _turns(loud, report)
    says = f"Next: {turns}." if turns else _closing(report)
    return [(), *_last(says, f"exit {report.exit_code}", look)]


def _closing(report: Report) -> str:
    if report.trust.mode == "adoption":
        return "From the next change on, only what a change adds or weakens blocks it."
    if report.verdict == "conditions" and not report.hint:
        return "Nothing blocks."
    if report.problems and not report.hint:
        return "Next: mend these lines, then run this again."
    return "" if report.headline else report.hint


def _last(says: str, code: str, look: Look) -> list[Line]:
    lines = prose(says, look) if says else [line("")]
    return [*lines[:-1], *ends(lines[-1], code, look)]


def _turns(loud: Sequence[Docket], report: Report) -> str:
    """'Rae Kim 1, Sam Lee 2 and 3, then 3 approvals'."""
    numbers = count(1)
    turns: dict[str, list[int]] = defaultdict(list)
    waiting = 0
    for docket in loud:
        for finding in docket.work:
            turns[_whose(finding, report)].append(next(numbers))
        if docket.waiting:
            next(numbers)
            waiting += len(docket.waiting)
    parts = [f"{who} {_numbers(mine)}" for who, mine in turns.items()]
    return ", ".join(parts + ([f"then {plural(waiting, 'approval')}"] if waiting else []))


def _whose(finding: Finding, report: Report) -> str:
    roles = (finding.subject,) if finding.kind == "approval" else finding.responsible or finding.accountable
    return called(report, roles[0]) if roles else "you"


def _numbers(mine: Sequence[int]) -> str:
    """'1', '1 and 2', '1 to 5, 7 and 8': numbers that follow each other as one run."""
    runs: list[list[int]] = []
    for number in mine:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [[f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(number) for number in run] for run in runs]
    return listed([part for run in parts for part in run])
