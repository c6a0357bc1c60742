"""The one error boundary: whatever happens becomes a message a person can act on, and an exit code.

0 pass or conditions, 1 block, 2 usage, 3 undecided, 4 a bug; 130 when interrupted from the keyboard.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import click

from policy_gate.cli.app import app
from policy_gate.cli.output import one_line, say
from policy_gate.cli.repeated import refuse_repeated
from policy_gate.errors import PolicyGateError
from policy_gate.report import RenderOptions

USAGE, BUG, INTERRUPTED = 2, 4, 130
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS)
_UNWRAPPED = RenderOptions(width=10_000)


def guarded(arguments: Sequence[str]) -> int:
    """Run the command line; its exit code. Never raises, and never gives 0 where something broke."""
    _open_closed()
    for stream in (sys.stdout, sys.stderr):
        _speak_utf8(stream)
    try:
        code = _answer(arguments)
        _flush()
    except OSError as error:
        code = _of_the_machine(error)
    except Exception as error:
        code = bug(error)
    return code


def _of_the_machine(error: OSError) -> int:
    if error.errno in _NO_ROOM:
        return _unwritable(error)
    if _is_nowhere():
        return _nowhere()
    return _no_temporary() if isinstance(error, FileNotFoundError) and _has_no_temporary() else bug(error)


def _unwritable(error: OSError) -> int:
    """Tell that there is no room for an answer, or no reader; never a pass, and no bug."""
    where = f" {error.filename}" if error.filename else ""
    with suppress(OSError, AttributeError):
        # What is left in the buffer would fail once more when the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    with suppress(OSError, AttributeError):
        say(f"policy-gate: cannot write{where}: {error.strerror}; the answer is not complete")
        say("  hint: make room, or write it elsewhere: --format NAME=FILE")
    return USAGE


def _is_nowhere() -> bool:
    """Whether the folder that this process is in was removed."""
    try:
        Path.cwd()
    except OSError:
        return True
    return False


def _nowhere() -> int:
    say("policy-gate: the folder that it was started in is gone")
    say("  hint: change into the repository again, or name it with -C DIR")
    return USAGE


def _has_no_temporary() -> bool:
    """Whether no folder for temporary files takes any, such as on a full disk."""
    import tempfile  # noqa: PLC0415 - only where something broke

    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        return True
    return False


def _no_temporary() -> int:
    say("policy-gate: no folder for temporary files can be written to")
    say("  hint: make room, or set TMPDIR to a folder with room")
    return USAGE


def _answer(arguments: Sequence[str]) -> int:
    try:
        refuse_repeated(app, arguments, "policy-gate")
        code = app.main(list(arguments), prog_name="policy-gate", standalone_mode=False)
    except PolicyGateError as error:
        return _refused(error)
    except click.ClickException as error:
        return _misused(error, arguments)
    except (click.Abort, KeyboardInterrupt):
        say("stopped; nothing more was done")
        return INTERRUPTED
    if not isinstance(code, int):
        raise TypeError(f"a command gave {type(code).__name__} instead of an exit code")
    return code


def _refused(error: PolicyGateError) -> int:
    from policy_gate.report.formats.text import failure  # noqa: PLC0415 - loads what only an error needs

    first = f"{error.problems[0].location}:" if error.problems else ""
    if first and error.message.startswith(first):
        # The message only repeats the first of the problems.
        error = type(error)("", hint=error.hint, problems=error.problems)
    say(failure(error, _UNWRAPPED).rstrip("\n"))
    return error.exit_code


def _misused(error: click.ClickException, arguments: Sequence[str]) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return USAGE
    ctx = getattr(error, "ctx", None)
    say(f"policy-gate: {one_line(_own_words(error, arguments)).rstrip('.')}")
    if ctx is not None:
        say(f"  hint: {ctx.command_path} --help")
    return USAGE


def _own_words(error: click.ClickException, arguments: Sequence[str]) -> str:
    """What was misused. Names and choices are ours to say: what click says of them differs from version to version."""
    if isinstance(error, click.NoSuchOption):
        from policy_gate.documents.spelling import did_you_mean  # noqa: PLC0415 - only where something is misspelt

        known = [name for param in error.ctx.command.get_params(error.ctx) for name in param.opts] if error.ctx else []
        # The dashes are in all of them, and would make any two look alike.
        near = did_you_mean(error.option_name.lstrip("-"), [name[2:] for name in known if name.startswith("--")])
        near = near.replace('"', '"--', 1)
        return f"no option {error.option_name}" + (f"; {near}" if near else "")
    if isinstance(error, click.BadParameter) and error.param is not None:
        name = _name(error.param)
        if isinstance(error, click.MissingParameter):
            missing = [*dict.fromkeys((name, *_not_given(error.ctx, arguments)))]
            *before, last = missing
            return f"{', '.join(before)} and {last} are missing" if before else f"{name} is missing"
        if isinstance(error.param.type, click.Choice):
            return f"{name} is none of {', '.join(map(str, error.param.type.choices))}"
    return error.format_message()


def _not_given(ctx: click.Context | None, arguments: Sequence[str]) -> Iterator[str]:
    """The required options that stand nowhere among these: click stops at the first of them."""
    said = {word.partition("=")[0] for word in arguments}
    for param in ctx.command.params if ctx is not None else ():
        if param.param_type_name == "option" and param.required and said.isdisjoint(param.opts):
            yield _name(param)


def _name(param: click.Parameter) -> str:
    return param.opts[0] if param.param_type_name == "option" else param.human_readable_name


def bug(error: Exception, what: str = "no verdict was reached") -> int:
    """Tell that this is a bug, what is lost by it, and how to report it; the exit code."""
    import traceback  # noqa: PLC0415 - only for bugs

    text = "".join(traceback.format_exception(error))
    frames = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    name = hashlib.sha256("|".join([type(error).__name__, *frames]).encode()).hexdigest()[:8]
    say(f"policy-gate: this is a bug in policy-gate ({type(error).__name__}, id {name}); {what}")
    if os.environ.get("POLICY_GATE_TRACEBACK") == "1":
        say(text)
    else:
        say("  hint: run it again with POLICY_GATE_TRACEBACK=1 and report what it prints")
    return BUG


def _open_closed() -> None:
    """Stand in for streams that we were started without: nobody reads them, and the exit code says the verdict."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - for as long as we run


def _speak_utf8(stream: TextIO) -> None:
    # A locale of C must not turn names into question marks, or crash on them.
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has seen enough; the exit code still says the verdict.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
