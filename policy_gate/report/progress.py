"""How far long work is: a bar with rate and time left on a terminal, elsewhere one line for each thing told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from policy_gate.report.sanitise import log_line


class Progress:
    """`step` counts one more thing done, and tells a line of it where there is one."""

    def __init__(self, step: Callable[[str], None]) -> None:
        self.step = step


@contextmanager
def progress(stream: TextIO, total: int, what: str) -> Iterator[Progress]:
    """Tell of work on `total` things on a stream, which is never the one that the answer goes to."""
    if stream.isatty():
        with _bar(stream, total, what) as shown:
            yield shown
        return

    def line(text: str) -> None:
        if text:
            stream.write(f"{log_line(text)}\n")
            stream.flush()

    yield Progress(line)


@contextmanager
def _bar(stream: TextIO, total: int, what: str) -> Iterator[Progress]:
    from rich.console import Console  # noqa: PLC0415 - slow, and only for terminals
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(file=stream), transient=True) as bar:
        task = bar.add_task(what, total=total, rate="")

        def step(text: str) -> None:
            speed = bar.tasks[0].speed
            bar.update(task, advance=1, rate=f"{speed:,.0f}/s" if speed else "")
            if text:
                bar.console.print(Text(log_line(text)))

        yield Progress(step)
