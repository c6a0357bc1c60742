"""Who reads the repositories of a sync: processes of this machine, or the workers of a Dask cluster.

Both are a `concurrent.futures.Executor`; what differs is how the death of a worker is told.
"""

from __future__ import annotations

import logging
import multiprocessing
import signal
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from types import TracebackType
from typing import Any, Final, Self

from policy_gate.app.registry_reading import Answer, Task, read
from policy_gate.errors import UndecidedError, UsageError

_AHEAD: Final = 3
"""tasks for each worker that are handed out: enough to keep it busy, few enough to keep memory flat"""
_TOGETHER_AFAR: Final = 16
"""tasks that go to a worker of a cluster at once: the way there and back costs as much as a repository"""
_KILLED: Final = "the process that read it was ended from outside: killed, or out of memory"
_CONNECTING: Final = 30
"""seconds for the scheduler to answer"""
_LOOKING: Final = 10
"""seconds without an answer after which it is asked whether anybody is left to give one"""
_DESERTED: Final = 60
"""seconds for a cluster to get a worker again: one that is killed is started anew within a few"""


class Workers(ABC):
    """Reads tasks in no order, `together` of them at a time by one worker; at most `ahead` are under way."""

    together = 1

    def __init__(self, count: int, reader: Callable[[Task], Answer] = read) -> None:
        self.ahead = max(2, count * _AHEAD * self.together)
        self._reader = reader
        self._waiting: list[Task] = []
        self._pending: dict[Future[list[Answer]], Sequence[Task]] = {}

    @abstractmethod
    def executor(self) -> Executor:
        """The executor to hand tasks to."""

    @abstractmethod
    def close(self, *, at_once: bool = False) -> None:
        """Let go of the workers; what is under way is waited for, or `at_once` dropped."""

    def submit(self, task: Task) -> None:
        """Hand out one task, with others once there are enough of them."""
        self._waiting.append(task)
        if len(self._waiting) >= self.together:
            self._hand_out()

    @property
    def is_full(self) -> bool:
        return len(self._waiting) + sum(map(len, self._pending.values())) >= self.ahead

    def finished(self, *, everything: bool = False) -> Iterator[tuple[Task, Answer]]:
        """Those that are done, at least one where any is under way; or all, to the last."""
        if everything or not self._pending:
            self._hand_out()
        while self._pending:
            done, _ = wait(self._pending, timeout=_LOOKING, return_when=FIRST_COMPLETED)
            if not done and (why := self.deserted()):
                yield from self._given_up(why)
                return
            for future in done:
                if future in self._pending:
                    yield from self._settled(future)
            if done and not everything:
                return

    def deserted(self) -> str:
        """Why nobody is left who could answer; empty where somebody is."""
        return ""

    def _given_up(self, why: str) -> Iterator[tuple[Task, Answer]]:
        """What is under way, and what waits, as failed."""
        left = [*(task for tasks in self._pending.values() for task in tasks), *self._waiting]
        for future in self._pending:
            future.cancel()
        self._pending.clear()
        self._waiting.clear()
        yield from ((task, Answer(error=why)) for task in left)

    def _hand_out(self) -> None:
        tasks, self._waiting = self._waiting, []
        if tasks:
            self._hand_to_one(tasks)

    def _hand_to_one(self, tasks: Sequence[Task]) -> None:
        try:
            self._pending[self.executor().submit(_read_each, self._reader, tasks)] = tasks
        except BrokenProcessPool:
            # The executor broke before anybody asked for its answers: these tasks are told with the others.
            failed: Future[list[Answer]] = Future()
            failed.set_exception(BrokenProcessPool(_KILLED))
            self._pending[failed] = tasks

    def _settled(self, future: Future[list[Answer]]) -> Iterator[tuple[Task, Answer]]:
        tasks = self._pending.pop(future)
        try:
            answers = future.result()
        except Exception as error:
            yield from self.broken(tasks, error)
        else:
            yield from zip(tasks, answers, strict=True)

    def broken(self, tasks: Sequence[Task], error: Exception) -> Iterator[tuple[Task, Answer]]:
        """What to tell of tasks whose worker gave no answer; of several, each is tried alone first."""
        if len(tasks) > 1:
            for task in tasks:
                self._hand_to_one([task])
            return
        yield tasks[0], Answer(error=self.why(error))

    def why(self, error: Exception) -> str:
        """The sentence for a task whose worker failed with an error."""
        return f"no worker could read it ({type(error).__name__})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close(at_once=kind is not None)


def _read_each(reader: Callable[[Task], Answer], tasks: Sequence[Task]) -> list[Answer]:
    return [reader(task) for task in tasks]


class Processes(Workers):
    """Processes of this machine. One that dies takes the pool with it, so what was under way is read again, alone."""

    def __init__(self, jobs: int, reader: Callable[[Task], Answer] = read) -> None:
        super().__init__(jobs, reader)
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None

    def executor(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = _pool(self._jobs)
        return self._pool

    def broken(self, tasks: Sequence[Task], error: Exception) -> Iterator[tuple[Task, Answer]]:
        if not isinstance(error, BrokenProcessPool):
            yield from super().broken(tasks, error)
            return
        suspects = [*tasks, *(task for under_way in self._pending.values() for task in under_way)]
        self._pending.clear()
        self.close(at_once=True)
        alone: ProcessPoolExecutor | None = None
        try:
            for suspect in suspects:
                alone = alone or _pool(1)
                try:
                    answer = alone.submit(self._reader, suspect).result()
                except BrokenProcessPool:
                    # Now it is known who ended it.
                    answer, alone = Answer(error=_KILLED), None
                yield suspect, answer
        finally:
            if alone is not None:
                alone.shutdown()

    def close(self, *, at_once: bool = False) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        running = list((pool._processes or {}).values())
        pool.shutdown(wait=not at_once, cancel_futures=at_once)
        for process in running if at_once else ():
            process.terminate()


def _pool(jobs: int) -> ProcessPoolExecutor:
    """Processes that hold nothing of this one, such as its connection to the database; loaded once for all of them."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _leave_interrupts)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([read.__module__])
    return ProcessPoolExecutor(jobs, context, _leave_interrupts)


def _leave_interrupts() -> None:
    """An interrupt at the keyboard is for the process that was started; it ends the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class Cluster(Workers):
    """The workers of a Dask cluster, which must see the same folders and have the same version installed."""

    together = _TOGETHER_AFAR

    def __init__(self, scheduler: str, reader: Callable[[Task], Answer] = read) -> None:
        """UsageError where `distributed` is not installed, UndecidedError where no scheduler answers there."""
        if find_spec("distributed") is None:
            hint = 'run pip install "ai-policy-gate[cluster]", or leave out --scheduler'
            raise UsageError("distributed, which talks to a Dask cluster, is not installed", hint=hint)
        # Imported by its name, as it is slow, an extra, and of no types.
        distributed: Any = import_module("distributed")
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        try:
            self._client = distributed.Client(scheduler, timeout=_CONNECTING, set_as_default=False)
        except (OSError, TimeoutError, ValueError, TypeError) as error:
            hint = "start one with dask scheduler, or check the address: tcp://HOST:8786"
            raise UndecidedError(f"no Dask scheduler answers at {scheduler}", hint=hint) from error
        threads = sum(self._client.nthreads().values())
        if not threads:
            self._client.close()
            raise UndecidedError(
                f"the cluster at {scheduler} has no worker", hint=f"start one: dask worker {scheduler}"
            )
        super().__init__(threads, reader)
        self._alone_since: float | None = None
        # Every task is read for its own sake: none is the same as an earlier one because it looks alike.
        self._executor: Executor = self._client.get_executor(pure=False)

    def executor(self) -> Executor:
        return self._executor

    def deserted(self) -> str:
        if self._has_workers():
            self._alone_since = None
            return ""
        now = time.monotonic()
        self._alone_since = self._alone_since or now
        return f"the cluster has had no worker for {_DESERTED} s" if now - self._alone_since >= _DESERTED else ""

    def _has_workers(self) -> bool:
        try:
            return self._client.status == "running" and bool(self._client.nthreads())
        except (OSError, TimeoutError):
            return False

    def why(self, error: Exception) -> str:
        return _KILLED if type(error).__name__ == "KilledWorker" else super().why(error)

    def close(self, *, at_once: bool = False) -> None:
        for future in self._pending:
            future.cancel()
        self._pending.clear()
        self._executor.shutdown(wait=not at_once)
        with suppress(OSError, TimeoutError):
            self._client.close()
