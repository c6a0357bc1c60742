"""Where answers go: standard output, files, and messages on standard error.

Nothing here changes an exit code: a format or a reader that went away never decides a verdict.
"""

from __future__ import annotations

import errno
import json
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TextIO

from policy_gate.documents.atomic_file import replacing
from policy_gate.errors import UsageError
from policy_gate.report.sanitise import json_text, log_line
from policy_gate.report.style import RenderOptions
from policy_gate.schema.source import Problem

_ELSEWHERE = "name a file in a folder that is there, and that you may write"


def say(text: str) -> None:
    """A message for people, on standard error: nothing in its lines is obeyed by a terminal or a runner."""
    _write(sys.stderr, "\n".join(map(log_line, text.split("\n"))) + "\n")


def say_page(page: str) -> None:
    """What a reporter made for people, on standard error, colours included."""
    _write(sys.stderr, page + "\n")


def say_problems(problems: Iterable[Problem]) -> None:
    """What is wrong in governed documents, each once, beside an answer that was given without it."""
    for problem in dict.fromkeys(problems):
        say(f"{problem.location}: {problem.message}" + (f"\n  hint: {problem.hint}" if problem.hint else ""))


def show(text: str) -> None:
    """The answer itself, on standard output, ending in one line break."""
    _write(sys.stdout, text if text.endswith("\n") else text + "\n")


def show_lines(text: str) -> None:
    """Lines about what was done, or text as it stands, on standard output; nothing in them is obeyed."""
    show("\n".join(map(log_line, text.split("\n"))))


def one_line(text: str) -> str:
    """Text from a repository, safe on one line of a terminal or a CI log."""
    return log_line(text)


def to_root(root: Path) -> str:
    """What a shell's command begins with so that paths from the root lead somewhere; nothing where that is here."""
    way = os.path.relpath(root)
    return "" if way == "." else f"cd {shlex.quote(way)} && "


def as_json(data: Any) -> str:
    """Data as JSON with the keys in the order given; control and bidirectional characters escaped."""
    return json_text(json.dumps(data, ensure_ascii=False, indent=2)) + "\n"


def render_options(stream: TextIO | None = None) -> RenderOptions:
    """How reports should look on a stream, by itself on standard output."""
    is_terminal = (stream or sys.stdout).isatty()
    fancy = is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    width = shutil.get_terminal_size().columns if is_terminal else 80
    return RenderOptions(width=max(40, min(width, 120)), colour=fancy, symbols=fancy)


def tell(
    wanted: Iterable[tuple[str, Path | None]],
    renderers: Mapping[str, Callable[[RenderOptions], str]],
) -> None:
    """Write each wanted format to its file, or to standard output; at most one goes to the latter.

    UsageError where two would share standard output or a file, or a file cannot be written.
    """
    ways = tuple(wanted) or (("text", None),)
    if sum(1 for _, file in ways if file is None) > 1:
        raise UsageError("two formats cannot share standard output", hint="give all but one a file: --format NAME=FILE")
    places = [Path(os.path.realpath(file)) for _, file in ways if file is not None]
    if shared := next((it for it in places if places.count(it) > 1 and (it.is_file() or not it.exists())), None):
        raise UsageError(f"two formats cannot share {shared}", hint="give each a file of its own")
    for name, file in ways:
        if file is None:
            show(renderers[name](render_options()))
        else:
            write_file(file, renderers[name](RenderOptions()))


def write_file(path: Path, text: str) -> None:
    """Put `text` at `path`: a file whole or not at all; a device, pipe or link is written to, never replaced."""
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            path.write_text(text, encoding="utf-8", newline="\n")
        else:
            _replace(path, text)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}", hint=_ELSEWHERE) from error


def _replace(path: Path, text: str) -> None:
    data = text.encode("utf-8")
    try:
        with replacing(path) as out:
            out.write(data)
    except OSError as error:
        # A file that a container was given by itself is a mount of its own: it can be written, and not replaced.
        if error.errno != errno.EBUSY:
            raise
        path.write_bytes(data)


@contextmanager
def writing(path: Path) -> Iterator[IO[bytes]]:
    """A file to be written as bytes, by the rules of `write_file`."""
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            with path.open("wb") as out:
                yield out
        else:
            with replacing(path) as out:
                yield out
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}", hint=_ELSEWHERE) from error


def _write(stream: Any, text: str) -> None:
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        # The reader has seen enough; what it leaves unread must not turn into a crash or another code.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
