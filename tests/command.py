"""The command line as tests run it: a process of its own each time, started the quick way where that is the same.

A fresh Python spends three quarters of a check on loading libraries. So each test process keeps one Python beside it
that has loaded everything, and whose libraries have built what they build at their first use. For every run it forks:
the child gets the arguments, folder, umask, environment and streams of that run, runs the package as
`python -P -m policy_gate` does, and ends as a process ends. The commands of SERVED, which are most of all runs, it
answers itself with the same, one after another, as the package keeps nothing between runs but what follows from
contents: a fork that copies all it touches would cost more than the check. The others may start workers beside them.

Some things a process takes in while it starts: variables named in STARTUP_NAMES, and whatever a test marked
`own_start` is about. Those runs, and all of them where POLICY_GATE_OWN_START=1 or where there is no Linux, get a fresh
Python. Nothing here decides an outcome: with and without that variable the suite must say the same.
"""

from __future__ import annotations

import atexit
import io
import json
import os
import pickle
import runpy
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, redirect_stderr, redirect_stdout, suppress
from functools import wraps
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, BinaryIO, NamedTuple, TextIO

STARTUP_NAMES = ("PATH", "LANG", "TZ")
STARTUP_PREFIXES = ("PYTHON", "LC_", "LD_", "MALLOC_", "GIT_PYTHON_")

SERVED = (
    "approve",
    "audit",
    "card",
    "check",
    "ci",
    "classify",
    "discover",
    "doctor",
    "draft",
    "evidence",
    "explain",
    "guide",
    "hook",
    "incident",
    "init",
    "law",
    "policy",
    "raci",
    "vendor",
    "waive",
)

# What the package loads only when it needs it; the client of forges and Sigstore are extras and may be absent.
LIBRARIES = (
    "cel_expr_python",
    "defusedxml.ElementTree",
    "git.cmd",
    "jinja2",
    "markdown_it",
    "requests",
    "rich.console",
    "sigstore.sign",
    "sigstore.verify.policy",
    "yaml",
)


_RULE_SETS, _DOCUMENTS = 100, 1_000
"""rule sets, and YAML documents, that are kept before it begins anew"""


class Ended(NamedTuple):
    """How a run ended: exit code (negative: the signal that ended it), and the bytes of both streams."""

    code: int
    out: bytes
    err: bytes


class Starter:
    """Starts the command; `is_own` says whether each run is to get a fresh Python."""

    def __init__(self) -> None:
        self.is_own = False
        self._forker: _Forker | None = None
        self._lock = threading.Lock()

    def run(self, args: Sequence[str], cwd: Path, env: Mapping[str, str], stdin: bytes = b"") -> Ended:
        """Run `policy-gate ARGS` in a folder with exactly this environment, and wait for its end."""
        if self.is_own or os.environ.get("POLICY_GATE_OWN_START") == "1" or sys.platform != "linux":
            return _fresh(args, cwd, env, stdin)
        with self._lock:
            if self._forker is None:
                self._forker = _Forker(env)
                atexit.register(self._forker.close)
            if _startup_part(env) != self._forker.startup:
                return _fresh(args, cwd, env, stdin)
            return self._forker.run(args, cwd, env, stdin)


class _Forker:
    """The client's side of the Python that forks; it ends when this process does, or when closed."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.startup = _startup_part(env)
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", __file__, str(theirs.fileno())], env=dict(env), pass_fds=[theirs.fileno()]
            )

    def run(self, args: Sequence[str], cwd: Path, env: Mapping[str, str], stdin: bytes) -> Ended:
        umask = os.umask(0)
        os.umask(umask)
        asked = {"args": list(args), "cwd": str(cwd), "env": dict(env), "umask": umask}
        with ExitStack() as ends:
            (their_in, our_in), (our_out, their_out), (our_err, their_err) = (os.pipe() for _ in range(3))
            to = ends.enter_context(os.fdopen(our_in, "wb"))
            from_out, from_err = (ends.enter_context(os.fdopen(end, "rb")) for end in (our_out, our_err))
            try:
                message = json.dumps(asked, ensure_ascii=True).encode("ascii")
                self._socket.send(len(message).to_bytes(8, "big"))
                socket.send_fds(self._socket, [b"streams"], [their_in, their_out, their_err])
                for at in range(0, len(message), _CHUNK):
                    self._socket.send(message[at : at + _CHUNK])
            finally:
                for end in (their_in, their_out, their_err):
                    os.close(end)
            out, err = _talk(to, from_out, from_err, stdin)
        code = self._socket.recv(64)
        if not code:
            raise RuntimeError(f"the Python that forks has ended ({self._process.wait()})")
        return Ended(int(code), out, err)

    def close(self) -> None:
        self._socket.close()
        self._process.wait()


_CHUNK = 64 * 1024


def _talk(to: BinaryIO, out: BinaryIO, err: BinaryIO, stdin: bytes) -> tuple[bytes, bytes]:
    """Feed stdin and read both streams to their ends, all at once so that no pipe stands full."""

    def feed() -> None:
        with suppress(BrokenPipeError), to:
            to.write(stdin)

    complaints: list[bytes] = []
    helpers = [threading.Thread(target=lambda: complaints.append(err.read()))]
    if stdin:
        helpers.append(threading.Thread(target=feed))
    else:
        to.close()
    for helper in helpers:
        helper.start()
    said = out.read()
    for helper in helpers:
        helper.join()
    return said, complaints[0]


def _fresh(args: Sequence[str], cwd: Path, env: Mapping[str, str], stdin: bytes) -> Ended:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "policy_gate", *args],
        cwd=cwd,
        env=env,
        input=stdin,
        capture_output=True,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def _startup_part(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if name in STARTUP_NAMES or name.startswith(STARTUP_PREFIXES)}


STARTER = Starter()


# What follows runs in the Python that forks.


def _load_everything() -> None:
    """Load what any command may need. What cannot be loaded is left to the run that needs it, which then says so."""
    import policy_gate

    ours = [found.name for found in walk_packages(policy_gate.__path__, "policy_gate.", onerror=lambda name: None)]
    for name in (*ours, *LIBRARIES):
        if not name.endswith("__main__"):
            with suppress(Exception):
                import_module(name)


def _build_everything() -> None:
    """Let the libraries build now what they would build anew in every run, such as the validators of documents."""
    from pydantic import BaseModel

    for model in _below(BaseModel):
        if model.__module__.startswith("policy_gate."):
            model.model_rebuild()
    with io.StringIO() as said, redirect_stdout(said), redirect_stderr(said), tempfile.TemporaryDirectory() as nowhere:
        before = Path.cwd()
        os.chdir(nowhere)
        import_module("policy_gate.cli.errors").guarded(["policy", "lint"])
        os.chdir(before)


def _below(kind: type[Any]) -> set[type[Any]]:
    return {found for below in kind.__subclasses__() for found in (below, *_below(below))}


def _serve(server: socket.socket) -> dict[str, Any] | None:
    """Answer or fork for each run asked for. Returns in each child, with what is asked, and None when nobody asks."""
    while size := server.recv(8):
        _, streams, _, _ = socket.recv_fds(server, 64, 3)
        message = b""
        while len(message) < int.from_bytes(size, "big"):
            message += server.recv(_CHUNK)
        asked: dict[str, Any] = json.loads(message)
        if _is_served(asked["args"]):
            code = _answered(asked, streams)
        else:
            child = os.fork()
            if child == 0:
                for number, stream in enumerate(streams):
                    os.dup2(stream, number)
                os.closerange(3, max(*streams, server.detach()) + 1)
                return asked
            for stream in streams:
                os.close(stream)
            _, status = os.waitpid(child, 0)
            code = os.waitstatus_to_exitcode(status)
        server.send(str(code).encode("ascii"))
    return None


def _is_served(args: Sequence[str]) -> bool:
    """Is this a run of one of SERVED, after any `-C FOLDER`, that starts no workers beside it?"""
    at = 0
    while args[at : at + 1] == ["-C"]:
        at += 2
    return bool(args[at:]) and args[at] in SERVED and "--replay" not in args


def _share_what_is_made() -> None:
    """All runs that this process answers get one rule set of the same layers, and read the same YAML once.

    Done before any module asks for them.
    """
    from policy_gate.documents import yaml_reader
    from policy_gate.policy import load

    yaml_reader.read_yaml = _read_once(yaml_reader.read_yaml)
    load.load_policies = _made_once(load.load_policies)
    load.lint_policies = _made_once(load.lint_policies)


def _made_once(make: Callable[..., Any]) -> Callable[..., Any]:
    """The same of layers that say the same and equal packs and days; what is raised is raised anew."""
    made: dict[Any, Any] = {}

    @wraps(make)
    def shared(layers: Sequence[Any], packs: Sequence[str] = (), **more: Any) -> Any:
        key = (tuple(map(_said, layers)), tuple(packs), tuple(sorted(more.items())))
        if key not in made:
            if len(made) >= _RULE_SETS:
                made.clear()
            made[key] = make(layers, packs, **more)
        return made[key]

    return shared


def _read_once(read: Callable[[str, bytes], Any]) -> Callable[[str, bytes], Any]:
    """What stands in the same bytes, the values each time as objects of their own."""
    known: dict[bytes, tuple[bytes, Any]] = {}

    @wraps(read)
    def shared(path: str, data: bytes) -> Any:
        if data not in known:
            if len(known) >= _DOCUMENTS:
                known.clear()
            value, marks = read(path, data)
            known[data] = pickle.dumps(value, pickle.HIGHEST_PROTOCOL), marks
        value, marks = known[data]
        return pickle.loads(value), marks  # noqa: S301 - its own

    return shared


def _said(layer: Any) -> tuple[Any, ...]:
    """All that a layer says, and where: its files by their blobs."""
    documents, law = tuple((it.path, it.oid) for it in layer.documents), tuple(sorted(layer.law.items()))
    how = layer.trusted, layer.proven, layer.only_adds, layer.sealed is not None
    return layer.layer, layer.name, how, layer.notes, layer.advice, documents, law


def _answered(asked: dict[str, Any], streams: list[int]) -> int:
    """The exit code of a run in this very process, which is left as it was."""
    from policy_gate.cli.errors import guarded

    own, environment = [os.dup(number) for number in range(3)], dict(os.environ)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    try:
        _take_over(asked)
        code = guarded(asked["args"])
    finally:
        # Closed, as what a broken pipe left in them would come out in the next run.
        for stream in (sys.stdout, sys.stderr, sys.stdin):
            with suppress(OSError, ValueError):
                stream.close()
        for number, kept in enumerate(own):
            os.dup2(kept, number)
            os.close(kept)
        _open_streams()
        os.environ.clear()
        os.environ.update(environment)
        os.chdir("/")
    return code & 0xFF


def _take_over(asked: dict[str, Any]) -> None:
    """Make this process what a fresh one would be for the run that is asked for."""
    os.umask(asked["umask"])
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    tempfile.tempdir = None  # asked of the variables again
    sys.argv[1:] = asked["args"]
    _open_streams()


def _open_streams() -> None:
    for number, (name, spoken) in enumerate(_SPOKEN.items()):
        stream = _stream(number, *spoken)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _become(asked: dict[str, Any]) -> None:
    """Run the package in this child as in a process of its own."""
    _take_over(asked)
    try:
        runpy.run_module("policy_gate", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if isinstance(end.code, int) and threading.active_count() == 1:
            _end(end.code)
        raise


def _end(code: int) -> None:
    """End as a process does, but leave taking the loaded modules apart to the system. Returns where it cannot."""
    atexit._run_exitfuncs()
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code & 0xFF)


def _stream(number: int, encoding: str, errors: str | None) -> TextIO:
    """A standard stream as Python makes it at its start."""
    raw = open(number, "rb" if number == 0 else "wb", closefd=False)  # noqa: SIM115 - a descriptor, for good
    return io.TextIOWrapper(raw, encoding, errors, newline="\n", line_buffering=number == 2 or raw.isatty())


_SPOKEN = {
    name: (stream.encoding, stream.errors) for name in ("stdin", "stdout", "stderr") if (stream := getattr(sys, name))
}
"""Encoding and error handling of the standard streams as this Python has started."""


def _main() -> None:
    import gc

    server = socket.socket(fileno=int(sys.argv[1]))
    _share_what_is_made()
    _load_everything()
    _build_everything()
    gc.collect()
    gc.freeze()
    asked = _serve(server)
    if asked is not None:
        _become(asked)


if __name__ == "__main__":
    _main()
