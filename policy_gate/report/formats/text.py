"""The report for a person at a terminal or in a log: the verdict, the work, and whose turn it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import count

from policy_gate.documents.spelling import listed
from policy_gate.errors import PolicyGateError
from policy_gate.report.formats.text_finding import Told
from policy_gate.report.formats.text_system import adoption_box, system_text, verdict_span
from policy_gate.report.grouping import SystemFindings, findings_by_system
from policy_gate.report.style import RenderOptions
from policy_gate.report.text_layout import (
    Line,
    Span,
    columns,
    ends,
    hanging,
    kept,
    line,
    plain,
    printed,
    prose,
    width_of,
    wrapped,
)
from policy_gate.report.wording import (
    called,
    debt_count,
    debt_in_line,
    forge_line,
    notes_of,
    notes_on,
    people_to_ask,
    plural,
    policies_line,
    result_of,
    revision,
    show_all,
    title_of,
)
from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report
from policy_gate.schema.source import Problem
from policy_gate.schema.vocabulary import NOTHING_CHANGED

_CROWD = 20
_DUE_SHOWN = 20
_RUNS_SHOWN = 8
_MANY = 5
_BROKEN_RULES = "mend the lines below where they stand; of base's own by a change that touches nothing else"
_UNTRUSTED = "untrusted rules: the organisation's folder lies in the judged checkout, so it may only tighten"


def text(report: Report, render: RenderOptions) -> str:
    """The whole report as text of `look.width` columns; only ids, paths and commands may be wider."""
    by_system = findings_by_system(report)
    shown = [grouped for grouped in by_system if _is_shown(grouped, report)]
    loud, well = _without_crowd(shown)
    if not loud and not report.problems:
        one = _in_one_line(report, render) + _incidents(report, render)
        return printed(one + _due(report, render), render)
    numbers = count(1)
    told: Told = {}
    lines = _context(report, render) + _headline(report, render) + _incidents(report, render)
    lines += _gap(lines) + problem_lines(report.problems, render, "" if report.headline else report.verdict)
    for grouped in loud:
        lines += [*_gap(lines), *system_text(grouped, report, render, numbers, told)]
    if well:
        lines += [(), line(verdict_span("pass", render), f"  {len(well)} other systems (--format json lists them)")]
    lines += _one_by_one(loud, report, render)
    lines += _asked(report, render)
    lines += adoption_box(report, render)
    lines += _also(by_system, report, render)
    lines += _due(report, render)
    said = [f"{it.system.id}: {note}" for it in loud if it.system for note in notes_on(report, it.system)]
    lines += _trust(report, render, said) + _preview(report, render) + _policy_impact(report, render)
    lines += _replay(report)
    return printed(lines + _ending(loud, report, render), render)


def failure(error: PolicyGateError, render: RenderOptions) -> str:
    """An error as text: where it is, what is wrong, what to do; `UNDECIDED` first where that is the answer."""
    if error.exit_code == 3:
        return printed(_undecided(error, render), render)
    if error.problems:
        head = prose(error.message, render) if error.message else []
        return printed(head + problem_lines(error.problems, render), render)
    lines = prose(f"policy-gate: {error.message}", render)
    return printed(lines + (_hint(error.hint, render) if error.hint else []), render)


def _undecided(error: PolicyGateError, render: RenderOptions) -> list[Line]:
    """The verdict first, then every place that it does not name already."""
    said = error.message or "the policies that must decide cannot be read"
    rest = [problem for problem in error.problems if problem.path not in said]
    answer = _no_answer("undecided", said, error.hint if error.message else _BROKEN_RULES, 3, render)
    return answer + ([(), *problem_lines(rest, render)] if rest else [])


def problem_lines(problems: Sequence[Problem], render: RenderOptions, verdict: str = "") -> list[Line]:
    """`path:line:col: message` and a hint for each; after a verdict where they are what decided it."""
    lines: list[Line] = []
    if problems and verdict:
        counted = f"{plural(len(problems), 'problem')} in governed documents"
        lines = [*hanging(line(verdict_span(verdict, render), "  "), counted, render, style="name"), ()]
    for problem in problems:
        first, *rest = wrapped(f"{problem.location}: {problem.message}", render.width - 2)
        lines += [line(first), *(line("  ", part) for part in rest)]
        lines += _hint(problem.hint, render) if problem.hint else []
    return lines


def _hint(hint: str, render: RenderOptions) -> list[Line]:
    return hanging(line(Span("  hint: ", "faint")), hint, render)


def _is_shown(grouped: SystemFindings, report: Report) -> bool:
    if report.trust.mode != "change":
        return True
    return not grouped.is_quiet


def _without_crowd(by_system: Sequence[SystemFindings]) -> tuple[list[SystemFindings], list[SystemFindings]]:
    """The dockets to print, and apart from them those that pass where they are too many to read."""
    well = [grouped for grouped in by_system if _is_well(grouped)]
    if len(well) <= _CROWD:
        return list(by_system), []
    return [grouped for grouped in by_system if not _is_well(grouped)], well


def _is_well(grouped: SystemFindings) -> bool:
    return grouped.verdict == "pass" and not grouped.debt and not grouped.work


def _in_one_line(report: Report, render: RenderOptions) -> list[Line]:
    """Nothing to speak of: the verdict and why, with the debt in half a line (D04)."""
    if report.verdict == "undecided":
        answer = _no_answer(report.verdict, report.headline, report.hint, report.exit_code, render)
        return answer + _trust(report, render)
    said = report.headline or ("nothing is owed" if report.trust.mode == "all" else NOTHING_CHANGED)
    verdict = verdict_span(report.verdict, render)
    counts = "" if "(" in said else _counts(report)
    lines = hanging(line(verdict, "  "), f"{said} ({counts})" if counts else said, render)
    lines += prose(report.hint, render, indent=width_of(verdict.text) + 2) if report.hint else []
    if not report.trust.enforcing:
        return lines + _trust(report, render)
    return lines + _notes(report.trust.misplaced, render)


def _counts(report: Report) -> str:
    """Systems and debt of what was read; a change that concerns no manifest reads none."""
    systems = max(report.system_count, len(report.systems))
    debt = [finding for grouped in findings_by_system(report) for finding in grouped.debt]
    return ", ".join([*([plural(systems, "system")] if systems else []), *([debt_in_line(debt)] if debt else [])])


def _no_answer(verdict: str, message: str, hint: str, code: int, render: RenderOptions) -> list[Line]:
    word = verdict_span(verdict, render)
    indent = width_of(word.text) + 2
    lines = hanging(line(word, "  "), message, render)
    lines += prose(hint, render, indent=indent) if hint else []
    return [*lines[:-1], *ends(lines[-1], f"exit {code}", render)]


def _context(report: Report, render: RenderOptions) -> list[Line]:
    """What was compared, and by which rules; left out where all is well."""
    if report.verdict == "pass" and report.trust.mode == "change":
        return []
    groups = [Span(f"base {revision(report.trust.base)}", "faint"), Span(f"result {result_of(report)}", "faint")]
    if report.trust.mode == "all":
        groups = [Span(f"everything at {result_of(report)}", "faint")]
    return [*columns([*groups, Span(f"policies {policies_line(report)}", "faint")], render), ()]


def _headline(report: Report, render: RenderOptions) -> list[Line]:
    """The sentence that decided a block or no answer where no single system did."""
    if not report.headline or report.verdict not in ("block", "undecided"):
        return []
    verdict = verdict_span(report.verdict, render)
    lines = hanging(line(verdict, "  "), report.headline, render)
    return lines + (prose(report.hint, render, indent=width_of(verdict.text) + 2) if report.hint else [])


def _gap(lines: Sequence[Line]) -> list[Line]:
    return [()] if lines and plain(lines[-1]).strip() else []


def _also(by_system: Sequence[SystemFindings], report: Report, render: RenderOptions) -> list[Line]:
    """Counts for all that is not shown, with the command that shows it."""
    if report.trust.mode == "all":
        return []
    hidden = [grouped for grouped in by_system if not _has_tables(grouped, report)]
    debt = [finding for grouped in hidden for finding in grouped.debt]
    counts = [(state, sum(len(grouped.of(state)) for grouped in hidden)) for state in ("waived", "deferred")]
    counts += [(state, report.count(state)) for state in ("upcoming", "met") if report.verdict != "pass"]
    groups = [Span(debt_count(debt))] if debt else []
    groups += [Span(f"{state} {number}") for state, number in counts if number]
    advice = sum(len(grouped.advice) for grouped in by_system) if report.verdict != "pass" else 0
    groups += [Span(f"advice {advice}")] if advice else []
    if not groups:
        return []
    if report.verdict == "pass":
        return columns([*groups, Span(f"({show_all(report)})", "faint")], render, indent=6)
    first, *rest = columns([*groups, Span(f"({show_all(report)})", "faint")], render, indent=9)
    return [(), line(Span("  also   ", "faint"), *first[1:]), *rest]


def _asked(report: Report, render: RenderOptions) -> list[Line]:
    """The fewest people to ask, where the pieces of work do not say as much one by one."""
    wanted = [finding for finding in report.findings if finding.able is not None and finding.state != "met"]
    is_choice = any(len(ask.roles) > 1 for ask in report.ask) or any(len(finding.able or ()) > 1 for finding in wanted)
    is_waiting = any(grouped.waiting for grouped in findings_by_system(report))
    if sum(len(ask.roles) for ask in report.ask) < 2 or not (is_choice or is_waiting):
        return []
    return [(), *hanging(line(Span("  ask    ", "faint")), people_to_ask(report), render)]


def _one_by_one(loud: Sequence[SystemFindings], report: Report, render: RenderOptions) -> list[Line]:
    """How to read of one system alone, where more are in trouble than a screen shows."""
    found = [it.system.id for it in loud if it.system and it.verdict in ("block", "undecided")]
    if len(found) < _MANY or report.trust.result_from not in ("head", "worktree"):
        return []
    tree = " --worktree" if report.trust.result_from == "worktree" else ""
    command = kept(f"policy-gate check{tree} --system {found[0]}")
    said = f"{len(found)} systems need work; to read of one alone: {command}"
    return [(), *hanging(line(Span("  each   ", "faint")), said, render)]


def _has_tables(grouped: SystemFindings, report: Report) -> bool:
    """Whether a system's block lists its debt and what was let pass, instead of leaving it to the counts."""
    if report.trust.mode != "change":
        return True
    return not grouped.is_quiet and grouped.verdict == "conditions"


def _trust(report: Report, render: RenderOptions, said: Sequence[str] = ()) -> list[Line]:
    """What the answer cannot be trusted for, and notes beside what stands in the block of a system."""
    trust = report.trust
    notes = [note for note in notes_of(report) if note not in said]
    if trust.policies_source and not trust.policies_trusted and not any("untrusted" in note for note in notes):
        notes.insert(0, _UNTRUSTED)
    if not trust.approvals_complete and not any("approval" in note for note in notes):
        notes.insert(0, "not every source of approvals answered")
    lines: list[Line] = [] if trust.enforcing else [(), line("  ", Span("This answer does not enforce.", "conditions"))]
    lines += [()] if notes and trust.enforcing else []
    return lines + _notes(notes, render)


def _notes(notes: Sequence[str], render: RenderOptions) -> list[Line]:
    lines: list[Line] = []
    for number, note in enumerate(notes):
        lines += hanging(line(Span("  note   " if number == 0 else " " * 9, "faint")), note, render)
    return lines


def _preview(report: Report, render: RenderOptions) -> list[Line]:
    """What the result's own policies would have said."""
    if not report.preview:
        return []
    lines: list[Line] = [
        (),
        *prose("This change's own rules do not judge it. From the next change on:", render, indent=2),
    ]
    return lines + [row for said in report.preview for row in prose(said, render, indent=6)]


def _policy_impact(report: Report, render: RenderOptions) -> list[Line]:
    """What this change of the policies does to the systems here."""
    if report.policy_impact is None:
        return []
    from policy_gate.report.policy_impact import counts_line, rows_of_change  # noqa: PLC0415 - few changes have it

    said = f"What this policy change does here, {counts_line(report.policy_impact)}"
    lines: list[Line] = [(), *prose(said, render, indent=2)]
    for head, rows in rows_of_change(report.policy_impact):
        lines += prose(head, render, indent=6)
        lines += [part for row in rows for part in prose(row, render, indent=9)]
    return lines


def _incidents(report: Report, render: RenderOptions) -> list[Line]:
    """The full check begins with the clocks that run; a change says of incidents what stands in its way."""
    if report.trust.mode != "all" or not report.incidents:
        return []
    from policy_gate.report.incident_rows import counted, incident_rows  # noqa: PLC0415 - few checks have one

    lines = prose(f"{counted(report)} (policy-gate incident status):", render)
    for head, rows in incident_rows(report):
        lines += prose(head, render, indent=2)
        lines += [part for row in rows for part in prose(row, render, indent=6)]
    return [*lines, ()]


def _due(report: Report, render: RenderOptions) -> list[Line]:
    """The calendar of the full check: what comes, in order of days."""
    if not report.due:
        return []
    from policy_gate.report.due_rows import due_count, due_rows  # noqa: PLC0415 - no change has it

    rows = due_rows(report)
    lines: list[Line] = [(), *prose(due_count(report), render, indent=2)]
    for row in rows[:_DUE_SHOWN]:
        day = Span(f"      {row.day.isoformat()}  ", "late" if row.is_late else "")
        said = ", ".join(part for part in (f"{row.system} {row.title}".strip(), row.who) if part)
        lines += hanging(line(day), f"late: {said}" if row.is_late else said, render)
        if row.what:
            lines += prose(
                f"{row.what} ({row.where})" if row.where else row.what, render, indent=width_of(day.text), style="faint"
            )
    if len(rows) > _DUE_SHOWN:
        lines += prose(f"{len(rows) - _DUE_SHOWN} more (--format json lists them)", render, indent=6, style="faint")
    return lines


def _replay(report: Report) -> list[Line]:
    """What was not asked, and how to have just this judged once more; neither where all is well."""
    if report.verdict == "pass" or not report.trust.reproduce:
        return []
    unasked = forge_line(report)
    return [
        (),
        *([line(Span("  unread ", "faint"), unasked)] if unasked else []),
        line(Span("  replay ", "faint"), Span(report.trust.reproduce, "command")),
    ]


def _ending(loud: Sequence[SystemFindings], report: Report, render: RenderOptions) -> list[Line]:
    """Whose turn it is, and the exit code; neither where all is well."""
    if report.verdict == "pass":
        return []
    turns = _turns(loud, report)
    first = "mend the lines above, then " if any(not problem.advice for problem in report.problems) else ""
    says = f"Next: {first}{turns}." if turns else _closing(report)
    return [(), *_last(says, f"exit {report.exit_code}", render)]


def _closing(report: Report) -> str:
    if report.trust.mode == "adoption":
        return "From the next change on, only what a change adds or weakens blocks it."
    if report.verdict == "conditions" and not report.hint:
        return "Nothing blocks."
    if report.problems and not report.hint:
        return "Next: mend these lines, then run this again."
    return "" if report.headline else report.hint


def _last(says: str, code: str, render: RenderOptions) -> list[Line]:
    lines = prose(says, render) if says else [line("")]
    return [*lines[:-1], *ends(lines[-1], code, render)]


def _turns(loud: Sequence[SystemFindings], report: Report) -> str:
    """'Rae Kim 1, Sam Lee 2 and 3, then 3 approvals; 4 and 5 can wait'."""
    numbers = count(1)
    turns: dict[str, list[int]] = defaultdict(list)
    later: list[int] = []
    waiting = 0
    for grouped in loud:
        for finding in grouped.work:
            can_wait = report.verdict == "block" and not (finding.blocks or finding.undecided)
            (later if can_wait else turns[_whose(finding, report)]).append(next(numbers))
        if grouped.waiting:
            next(numbers)
            waiting += len(grouped.waiting)
    parts = [f"{who} {_numbers(mine)}" for who, mine in turns.items()]
    parts += [f"then {plural(waiting, 'approval')}"] if waiting else []
    return "; ".join(part for part in (", ".join(parts), f"{_numbers(later)} can wait" if later else "") if part)


def _whose(finding: Finding, report: Report) -> str:
    """Who is next: for an approval somebody who can give it, and whoever made the change where nobody can."""
    if finding.kind == "approval" and finding.able is not None and len(finding.able) < 2:
        is_team = bool(report.teams.get(finding.subject))
        return title_of(report, finding.subject) if is_team else next(iter(finding.able), "you")
    roles = (finding.subject,) if finding.kind == "approval" else finding.responsible or finding.accountable
    return called(report, roles[0]) if roles else "you"


def _numbers(mine: Sequence[int]) -> str:
    """'1', '1 and 2', '1 to 5, 7 and 8': numbers that follow each other as one run; of many runs the first."""
    runs: list[list[int]] = []
    for number in mine:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    left = sum(map(len, runs[_RUNS_SHOWN:])) if len(runs) > _RUNS_SHOWN + 1 else 0
    shown = runs[:_RUNS_SHOWN] if left else runs
    parts = [[f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(number) for number in run] for run in shown]
    return listed([part for run in parts for part in run] + ([f"{left} more"] if left else []))
