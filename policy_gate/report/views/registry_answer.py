"""The `registry ask` view: an answer as text, JSON or CSV, and the questions there are.

A cell of CSV that a spreadsheet would take for a formula begins with an apostrophe instead.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from policy_gate.report.formats.json import dumped
from policy_gate.report.sanitise import csv_cell, terminal
from policy_gate.report.style import RenderOptions
from policy_gate.report.text_layout import Line, Span, line, printed, prose, width_of
from policy_gate.report.wording import plural
from policy_gate.schema.portfolio import SyncSeen
from policy_gate.schema.registry_answer import Answer, Question

_WIDEST_CELL = 60


def questions_text(questions: Iterable[Question], render: RenderOptions) -> str:
    """Every question by name, with its title and the parameters that it takes."""
    lines: list[Line] = []
    for one in questions:
        takes = "".join(f" [--param {it.name}={it.default or '…'}]" for it in one.parameters)
        lines += [line(Span(one.name, "name"), Span(takes, "faint")), *prose(one.title, render, indent=2)]
    return printed(lines, render)


def questions_json(questions: Iterable[Question]) -> str:
    """`{"questions": […]}` with name, title, about, cannot and parameters."""
    return dumped(
        {
            "questions": [
                {
                    "name": one.name,
                    "title": one.title,
                    "about": one.about,
                    "cannot": one.cannot,
                    "parameters": [
                        {"name": it.name, "type": it.type, "default": it.default, "about": it.about}
                        for it in one.parameters
                    ],
                }
                for one in questions
            ]
        }
    )


def caveats(answer: Answer) -> Iterator[str]:
    """What an answer rests on, and what it cannot know: one sentence each."""
    yield from answer.unmatched
    yield from sync_words(answer.sync, answer.as_of)
    yield f"It cannot know: {answer.question.cannot}"


def sync_words(sync: SyncSeen, as_of: str) -> Iterator[str]:
    """Which sync is spoken of, and what was not read; unknown is not no."""
    if not sync.at:
        yield f"No sync was finished by {as_of}: nothing is known."
        return
    over = plural(sync.repositories, "repository", "repositories")
    yield f"As of {as_of}, from sync {sync.number} of {sync.at} over {over}."
    if sync.failed:
        since = f", the oldest as of {sync.oldest}" if sync.oldest else ""
        said = plural(sync.failed, "repository", "repositories")
        yield f"{said} could not be read last time: what is told of them is older{since}, or missing."
    if sync.unread:
        said = plural(sync.unread, "repository", "repositories")
        yield f"{said} never read: what they hold is unknown, which is not no."


def answer_text(answer: Answer, render: RenderOptions, widest: int | None = None) -> str:
    """The rows as a table, or row by row where that is wider than `widest`; then what the answer rests on."""
    lines = prose(answer.question.title, render, style="name")
    asked = ", ".join(f"{name} {value}" for name, value in answer.asked.items() if value)
    lines += prose(asked, render, style="faint") if asked else []
    rows = [[_shown(value) for value in row] for row in answer.rows]
    lines += [()]
    lines += (
        _table(answer.columns, rows, render, widest or render.width)
        if rows
        else prose("Nothing that is known.", render)
    )
    lines += [(), *prose(plural(len(rows), "row"), render, style="faint")] if rows else [()]
    for said in caveats(answer):
        lines += prose(said, render, style="faint")
    return printed(lines, render)


def answer_json(answer: Answer) -> str:
    """`{"question", "title", "as_of", "parameters", "unmatched", "sync", "cannot", "rows": [{…}]}`; lists are lists."""
    sync = answer.sync
    return dumped(
        {
            "question": answer.question.name,
            "title": answer.question.title,
            "as_of": answer.as_of,
            "parameters": dict(answer.asked),
            "unmatched": list(answer.unmatched),
            "sync": {
                "number": sync.number or None,
                "at": sync.at or None,
                "repositories": sync.repositories,
                "failed": sync.failed,
                "never_read": sync.unread,
                "oldest": sync.oldest or None,
            },
            "cannot": answer.question.cannot,
            "rows": [
                {name: _value(value) for name, value in zip(answer.columns, row, strict=True)} for row in answer.rows
            ],
        }
    )


def answer_csv(answer: Answer) -> str:
    """The rows as CSV with a head; what the answer rests on stands in the text and JSON forms."""
    paper = io.StringIO()
    writer = csv.writer(paper, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows([csv_cell(_shown(value)) for value in row] for row in answer.rows)
    return paper.getvalue()


def _value(value: Any) -> Any:
    """A list that the database keeps as JSON is one again."""
    if isinstance(value, str) and value.startswith("["):
        try:
            found = json.loads(value)
        except ValueError:
            return value
        return found if isinstance(found, list) and all(isinstance(it, str) for it in found) else value
    return value


def _shown(value: Any) -> str:
    plain = _value(value)
    if isinstance(plain, list):
        return ", ".join(plain)
    return "" if plain is None else str(plain)


def _table(columns: tuple[str, ...], rows: list[list[str]], render: RenderOptions, widest: int) -> Iterator[Line]:
    """Columns that hold anything, side by side where they fit, else each row as a block of labelled lines."""
    kept = [at for at in range(len(columns)) if any(row[at] for row in rows)]
    columns = tuple(columns[at] for at in kept)
    safe = [[terminal(row[at]) for at in kept] for row in rows]
    widths = [max(width_of(cell) for cell in (name, *(row[at] for row in safe))) for at, name in enumerate(columns)]
    if sum(widths) + 2 * (len(widths) - 1) <= widest and max(widths) <= _WIDEST_CELL:
        for at, row in enumerate([list(columns), *safe]):
            cells = (cell + " " * (wide - width_of(cell)) for cell, wide in zip(row, widths, strict=True))
            yield line(Span("  ".join(cells).rstrip(), "" if at else "faint"))
        return
    label = max(len(name) for name in columns)
    for at, row in enumerate(safe):
        if at:
            yield ()
        for name, cell in zip(columns, row, strict=True):
            if cell:
                yield from _labelled(name.ljust(label), cell, render)


def _labelled(label: str, text: str, render: RenderOptions) -> Iterator[Line]:
    first, *rest = prose(text, render, indent=len(label) + 4)
    yield (Span(f"  {label}  ", "faint"), *first[1:])
    yield from rest
