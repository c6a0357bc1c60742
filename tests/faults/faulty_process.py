"""Runs of the command that meet a fault at a step of their own choosing.

A step is whatever changes something on disk or starts git: Python tells an audit hook of each before it is done.
The hook counts them, and at the step asked for ends the process (`kill`), or lets this step and each one after it that
needs room fail (`full`), or each one below a folder (`denied`). `torn` lets a file that is written from there on take
so many bytes, and then ends the process in the middle of the write.

One Python that has loaded everything forks for each run, so that a few hundred runs take seconds.
"""

from __future__ import annotations

import errno
import io
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
NEEDS_ROOM = ("open", "os.mkdir", "os.link", "os.symlink", "subprocess.Popen")
CHANGES = ("os.rename", "os.link", "os.symlink", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate")
TORN_AT = 5
"""bytes that a torn file gets"""


class Fault(NamedTuple):
    """What happens at which step, counted from 0; `folder` is where `denied` denies. A kind of "" only counts."""

    kind: str = ""
    step: int = 0
    folder: str = "/"


NO_FAULT = Fault()


class Run(NamedTuple):
    """How a run ended: the exit code (negative: the signal), both streams, and the steps that it came to."""

    code: int
    out: str
    err: str
    steps: tuple[str, ...]


class FaultyProcess:
    """Starts runs with faults; close it."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", __file__], env=dict(env), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def run(self, args: Sequence[str], cwd: Path, env: Mapping[str, str], fault: Fault = NO_FAULT) -> Run:
        """The command in a folder, with exactly this environment and one fault."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"args": list(args), "cwd": str(cwd), "env": dict(env), "fault": list(fault)}
        self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        return Run(told["code"], told["out"], told["err"], tuple(told["steps"]))

    def close(self) -> None:
        self._process.communicate()


# What follows runs in the Python that forks.


def _step(event: str, args: tuple[Any, ...]) -> str | None:
    """The path that an event is about, where it changes something there; None where it only reads."""
    if event == "open":
        path, _, flags = args
        is_one = isinstance(path, str | bytes) and isinstance(flags, int) and flags & WRITING
        return None if not is_one or os.fsdecode(path).startswith("/dev/") else os.fsdecode(path)
    if event == "subprocess.Popen":
        return " ".join(map(str, args[1]))
    if event in CHANGES and args and isinstance(args[0], str | bytes):
        return os.fsdecode(args[1] if event in ("os.rename", "os.link", "os.symlink") else args[0])
    return None


def _meet(fault: Fault, log: int) -> None:
    """From now on steps are counted, told to `log`, and the fault is met."""
    count = -1

    def hook(event: str, args: tuple[Any, ...]) -> None:
        nonlocal count
        place = _step(event, args)
        if place is None:
            return
        count += 1
        os.write(log, json.dumps(f"{event} {place}").encode() + b"\n")
        if not fault.kind or count < fault.step:
            return
        if fault.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif fault.kind == "torn" and count == fault.step:
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_FSIZE, (TORN_AT, TORN_AT))
        elif fault.kind == "full":
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
            if event in NEEDS_ROOM and event != "subprocess.Popen" and count > fault.step:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), place)
        elif fault.kind == "denied" and event != "subprocess.Popen" and _is_below(place, fault.folder):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), place)

    sys.addaudithook(hook)


def _is_below(place: str, folder: str) -> bool:
    return os.path.abspath(place).startswith(folder)  # noqa: PTH100 - a hook must not cause steps of its own


def _child(asked: dict[str, Any], out: int, err: int, log: int) -> None:
    from policy_gate.cli.errors import guarded

    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    os.setsid()
    _meet(Fault(*asked["fault"]), log)
    code = 99
    try:
        code = guarded(asked["args"])
        sys.stdout.flush()
        sys.stderr.flush()
        _end_of_process()
    finally:
        os._exit(code)


def _end_of_process() -> None:
    """What Python does when it ends: whoever asked to be told is, such as those that remove what they made."""
    import atexit

    atexit._run_exitfuncs()


def _forked(asked: dict[str, Any]) -> dict[str, Any]:
    pipes = [os.pipe() for _ in range(3)]
    child = os.fork()
    if child == 0:
        try:
            _child(asked, *(end for _, end in pipes))
        finally:
            os._exit(98)
    said: list[bytes] = [b"", b"", b""]

    def read(number: int) -> None:
        with os.fdopen(pipes[number][0], "rb") as stream:
            said[number] = stream.read()

    for _, end in pipes:
        os.close(end)
    readers = [threading.Thread(target=read, args=(number,)) for number in range(3)]
    for reader in readers:
        reader.start()
    _, status = os.waitpid(child, 0)
    for reader in readers:
        reader.join()
    out, err, log = (part.decode("utf-8", "replace") for part in said)
    steps = [json.loads(line) for line in log.splitlines()]
    return {"code": os.waitstatus_to_exitcode(status), "out": out, "err": err, "steps": steps}


def _warmed(asked: dict[str, Any]) -> dict[str, Any]:
    """The run in this very Python, so that those forked after it need not make the rules anew."""
    from policy_gate.cli.errors import guarded

    os.environ.clear()
    os.environ.update(asked["env"])
    os.chdir(asked["cwd"])
    with io.StringIO() as said, redirect_stdout(said), redirect_stderr(said):
        code = guarded(asked["args"])
    os.chdir("/")
    return {"code": code, "out": "", "err": "", "steps": []}


def _main() -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from command import _load_everything

    _load_everything()
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(json.dumps(_forked(json.loads(line))).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _main()
