"""What one worker of a sync does: read one source into a record, in this process or on another machine.

A worker keeps what repositories share, such as compiled rules, from one to the next. Whatever goes wrong with a
repository is an answer, never an end.
"""

from __future__ import annotations

import faulthandler
import hashlib
import os
import signal
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from policy_gate import __version__
from policy_gate.app.check import CheckSession, SharedReadings
from policy_gate.app.registry_record import record_of
from policy_gate.app.registry_sources import LocalRepository, RemoteRepository, without_secret
from policy_gate.errors import PolicyGateError
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.registry_record import SCHEMA, RepositoryRecord
from policy_gate.vcs.discovery import RepositoryLocation, find_repository
from policy_gate.vcs.kept_clone import KeptClone, address_of
from policy_gate.vcs.ref_files import BranchTip, default_branch_tip, remote_url

PLACE: Final = 16
"""characters at the start of what was asked that say of which place"""
GRACE: Final = 10
"""seconds after its time is up until a process that does not stop is ended"""
_PASSED_ON: Final = ("PATH", "HOME", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "XDG_CACHE_HOME", "LOCALAPPDATA")
_THREADS = threading.Lock()
"""Of a process with several workers one judges at a time: what is shared is shared without a lock of its own."""
_MOST_DOCUMENTS: Final = 2_000
_MOST_RULE_SETS: Final = 16


class Asked(Struct, frozen=True):
    """What a sync asks of every repository."""

    as_of: datetime
    as_of_given: bool
    policies: str | None
    policies_digest: str
    timeout: float
    clones: str
    """the folder of clones that are kept; empty where none are"""
    environment: Mapping[str, str]

    @property
    def day(self) -> str:
        return self.as_of.date().isoformat()


class Identity(Struct, frozen=True):
    """Which repository a source is: `name` where it names none itself, `shown` without secrets or local paths.

    `place` tells two sources apart and is a digest: an address, else a folder. `is_by_address` says that `name` is
    what its address calls it, and not merely a folder.
    """

    name: str
    shown: str
    place: str
    is_by_address: bool


class Task(Struct, frozen=True):
    """One source to read. `known` is what the registry has an answer for already, of this place."""

    source: LocalRepository | RemoteRepository
    identity: Identity
    asked: Asked
    known: frozenset[str]


class Answer(Struct, frozen=True):
    """A record as msgpack, or the reason why there is none; neither where nothing changed since `asked_for`."""

    asked_for: str = ""
    record: bytes | None = None
    error: str = ""


class _TimeIsUp(BaseException):
    """Raised into the worker's thread; no handler for errors takes it for one."""


class Worker:
    """What a process keeps between repositories."""

    def __init__(self) -> None:
        self.shared = SharedReadings()

    def trim(self) -> None:
        """Let go of what was read where it has become much: few documents are those of two repositories."""
        if self.shared.documents.size > _MOST_DOCUMENTS or len(self.shared.rule_sets) > _MOST_RULE_SETS:
            self.shared = SharedReadings()


_WORKER = Worker()


def read(task: Task) -> Answer:
    """The answer for one source; it never raises."""
    try:
        with _limited(task.asked.timeout):
            return _read(task)
    except _TimeIsUp:
        return Answer(error=f"it was not read within {task.asked.timeout:g} seconds; give it more with --timeout")
    except PolicyGateError as error:
        return Answer(error=_told(error))
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        return Answer(error=f"it cannot be read: {why}")
    except Exception as error:
        # One repository that meets a fault of ours must not cost the answers of all others.
        return Answer(error=f"a bug in policy-gate kept it from being read ({type(error).__name__}); please report it")


def _told(error: PolicyGateError) -> str:
    said = error.message
    if error.problems and not said.startswith(str(error.problems[0].location)):
        said = f"{said} ({error.problems[0].location})"
    return f"{said}; {error.hint}" if error.hint else said


def _read(task: Task) -> Answer:
    if isinstance(task.source, LocalRepository):
        place = find_repository(Path(task.source.path))
        return _judged(task, place.root, default_branch_tip(place))
    with _clones(task.asked) as folder:
        clone = KeptClone(folder, task.source.address, task.asked.timeout)
        tip = clone.tip()
        asked_for = asked_for_key(task.identity, tip, task.asked)
        if asked_for in task.known:
            return Answer(asked_for)
        clone.bring(tip)
        return _judged(task, clone.path, tip)


@contextmanager
def _clones(asked: Asked) -> Iterator[Path]:
    if asked.clones:
        folder = Path(asked.clones)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="policy-gate-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def _judged(task: Task, root: Path, tip: BranchTip) -> Answer:
    asked, identity = task.asked, task.identity
    request = Request(
        directory=root,
        as_of=asked.as_of,
        as_of_given=asked.as_of_given,
        base=tip.commit,
        into=tip.branch,
        head=tip.commit,
        everything=True,
        organisation_policies=Path(asked.policies) if asked.policies else None,
        environment=asked.environment,
    )
    with _THREADS, _ended_if_stuck(asked.timeout):
        try:
            with CheckSession(root, _WORKER.shared) as session:
                record = record_of(session, request, identity.name, identity.shown, tip.branch)
        finally:
            _WORKER.trim()
    return Answer(asked_for_key(identity, tip, asked), msgspec.msgpack.encode(record))


def record_here(directory: Path, asked: Asked) -> RepositoryRecord:
    """The record of the repository that a directory is in; the errors of `record_of` where there is none to be had."""
    identity, place = identity_of_folder(str(directory))
    task = Task(LocalRepository(str(place.root)), identity, asked, frozenset())
    answer = _judged(task, place.root, default_branch_tip(place))
    return msgspec.msgpack.decode(answer.record or b"", type=RepositoryRecord)


def identity_of_folder(path: str) -> tuple[Identity, RepositoryLocation]:
    """Which repository a folder is, by the address of its remote, else by the folder's name."""
    place = find_repository(Path(path))
    folder = place.root.name.removesuffix(".git") or "repository"
    url = remote_url(place)
    address = address_of(url) if url else None
    if address is None:
        return Identity(folder, folder, _digest("folder", str(place.root)), False), place
    return identity_of_address(address.url, "", url), place


def identity_of_address(url: str, name: str, shown: str = "") -> Identity:
    """Which repository an address is: what its forge calls it, else what its path says."""
    parts = urlsplit(url)
    path = parts.path.strip("/").removesuffix(".git")
    host = (parts.hostname or "").lower()
    # The same repository by https and by ssh is one.
    place = _digest("address", host, str(parts.port or ""), path.lower())
    return Identity(name or path or host, without_secret(shown or url), place, True)


def identity_of_lost(path: str, name: str) -> Identity:
    """What can be told of a source that cannot be opened: the folder that it would be."""
    return Identity(name, name, _digest("folder", path or name), False)


def asked_for_key(identity: Identity, tip: BranchTip, asked: Asked) -> str:
    """All that an answer hangs on: the commit, the day, the organisation's policies, this version; and whose it is."""
    parts = (SCHEMA, identity.place, *tip, asked.day, asked.policies_digest, __version__)
    return f"{identity.place[:PLACE]} {tip.commit[:12]} {asked.day} {_digest(*parts)}"


def passed_on(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that a worker needs: none of a job, which would make it look for a pull request."""
    return {name: environment[name] for name in (*_PASSED_ON, "POLICY_GATE_CACHE") if name in environment}


def digest_of_folder(folder: Path | None) -> str:
    """Over every file of the organisation's policies; empty without any."""
    if folder is None:
        return ""
    seen = hashlib.sha256()
    for file in sorted(it for it in folder.rglob("*") if it.is_file()):
        data = file.read_bytes()
        seen.update(f"{file.relative_to(folder).as_posix()}\0{len(data)}\0".encode("utf-8", "surrogatepass") + data)
    return f"sha256:{seen.hexdigest()}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """`_TimeIsUp` in this thread once the seconds are over."""
    if threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer"):
        before = signal.signal(signal.SIGALRM, _interrupt)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        return
    with _limited_thread(seconds):
        yield


def _interrupt(number: int, frame: Any) -> None:
    raise _TimeIsUp


@contextmanager
def _limited_thread(seconds: float) -> Iterator[None]:
    """As `_limited`, in a thread that gets no signals."""
    import ctypes  # noqa: PLC0415 - only in workers of a cluster

    thread, lock = ctypes.c_ulong(threading.get_ident()), threading.Lock()
    is_over = False

    def stop() -> None:
        with lock:
            if not is_over:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(_TimeIsUp))

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:
            is_over = True
        timer.cancel()


@contextmanager
def _ended_if_stuck(seconds: float) -> Iterator[None]:
    """End the process where it does not stop long after its time is up: whoever started it tells so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    with Path(os.devnull).open("w") as nowhere:
        faulthandler.dump_traceback_later(seconds + GRACE, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
