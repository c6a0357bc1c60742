"""One sync: every source asked what is not known yet, its answers put into the registry as they come.

Only this process writes the database. What was written is kept when the sync is stopped, and the next one goes on
from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from policy_gate import __version__
from policy_gate.app.registry_reading import (
    PLACE,
    Answer,
    Asked,
    Identity,
    Task,
    asked_for_key,
    identity_of_address,
    identity_of_folder,
)
from policy_gate.app.registry_reports import read_report
from policy_gate.app.registry_sources import LocalRepository, NoSource, ReportFile, Source
from policy_gate.app.registry_workers import Workers
from policy_gate.errors import PolicyGateError
from policy_gate.registry.asked import asked_before
from policy_gate.registry.rows import unkept
from policy_gate.registry.store import Registry
from policy_gate.schema.registry_record import RepositoryRecord
from policy_gate.vcs.ref_files import default_branch_tip

Happened = Literal["read", "unchanged", "failed", "passed-over"]


class SyncEvent(Struct, frozen=True):
    """What came of one source; `changed` says whether what was read differs from what the registry held."""

    happened: Happened
    repository: str
    source: str
    error: str = ""
    changed: bool = False


class SyncSummary(Struct):
    """What a sync came to. `failed` and `passed_over` are told one by one, the rest as numbers."""

    number: int
    sources: int
    read: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: list[SyncEvent] = []
    passed_over: list[SyncEvent] = []

    def add(self, event: SyncEvent) -> None:
        """Count one more."""
        if event.happened == "failed":
            self.failed.append(event)
        elif event.happened == "passed-over":
            self.passed_over.append(event)
        elif event.happened == "unchanged":
            self.unchanged += 1
        else:
            self.read += 1
            self.changed += event.changed

    @property
    def has_all_failed(self) -> bool:
        """Whether nothing at all could be told of any source."""
        return bool(self.failed) and not (self.read or self.unchanged)


class _Holder(Struct, frozen=True):
    """Who has a name in this sync."""

    place: str
    is_by_address: bool
    identity: Identity


class Sync:
    """A sync under way: `run` does it; `tell` is called with what came of each source."""

    def __init__(
        self, registry: Registry, workers: Callable[[], Workers], asked: Asked, tell: Callable[[SyncEvent], None]
    ) -> None:
        self._registry = registry
        self._workers = workers
        self._asked = asked
        self._tell = tell
        self._known: dict[str, str] = {}
        self._former: dict[str, str] = {}
        self._of_place: dict[str, list[str]] = {}
        self._places: dict[str, str] = {}
        self._names: dict[str, _Holder] = {}
        self._failing: set[str] = set()
        self._left: dict[str, None] = {}

    def run(self, sources: Iterable[Source], now: Callable[[], str]) -> SyncSummary:
        """Ask every source; UsageError where another sync is at work. `now` is the instant in ISO 8601."""
        sources = tuple(sources)
        before = asked_before(self._registry)
        summary = SyncSummary(self._registry.begin_sync(__version__, now()), len(sources))
        self._known = before.answered
        for asked_for in self._known:
            self._of_place.setdefault(asked_for[:PLACE], []).append(asked_for)
        self._former = {asked_for[:PLACE]: name for asked_for, name in before.held.items()}
        pool: Workers | None = None
        try:
            for source in sources:
                if pool is not None and isinstance(source, ReportFile):
                    # What a repository said itself goes before what a report says of it.
                    self._take(pool, summary, everything=True)
                for event in self._begin(source):
                    if isinstance(event, Task):
                        pool = pool or self._workers()
                        pool.submit(event)
                    else:
                        self._note(event, summary)
                while pool is not None and pool.is_full:
                    self._take(pool, summary)
            if pool is not None:
                self._take(pool, summary, everything=True)
        except BaseException:
            if pool is not None:
                pool.close(at_once=True)
            raise
        if pool is not None:
            pool.close()
        self._end_left()
        self._registry.end_sync(now())
        return summary

    def _note(self, event: SyncEvent, summary: SyncSummary) -> None:
        summary.add(event)
        self._tell(event)

    def _take(self, pool: Workers, summary: SyncSummary, *, everything: bool = False) -> None:
        for task, answer in pool.finished(everything=everything):
            for event in self._answered(task, answer):
                self._note(event, summary)

    def _end_left(self) -> None:
        """End the rows under names that their repositories gave up, where nobody else has them now."""
        for name in self._left:
            if name not in self._names and name not in self._failing:
                self._registry.forget(name)

    # before anything is read

    def _begin(self, source: Source) -> Iterable[SyncEvent | Task]:
        """The task that a source is, or what is clear of it at once."""
        if isinstance(source, NoSource):
            return [self._failed(source.shown, source.shown, source.error)]
        if isinstance(source, ReportFile):
            return self._of_report(source)
        shown = ""
        try:
            if isinstance(source, LocalRepository):
                shown = Path(source.path).name.removesuffix(".git") or "repository"
                identity, place = identity_of_folder(source.path)
                tip = default_branch_tip(place)
            else:
                identity, tip = identity_of_address(source.address.url, source.name), None
        except PolicyGateError as error:
            said = f"{error.message}; {error.hint}" if error.hint else error.message
            return [self._failed(shown, shown, said.replace(getattr(source, "path", "\0"), shown))]
        except (OSError, ValueError) as error:
            return [self._failed(shown, shown, f"it cannot be looked into ({type(error).__name__})")]
        if identity.place in self._places:
            first = self._places[identity.place]
            return [SyncEvent("passed-over", identity.name, identity.shown, f"it was read already, from {first}")]
        self._places[identity.place] = identity.shown
        if tip is not None and (event := self._unchanged(asked_for_key(identity, tip, self._asked), identity)):
            return [event]
        known = frozenset(self._of_place.get(identity.place[:PLACE], ()))
        return [Task(source, identity, self._asked, known)]

    def _unchanged(self, asked_for: str, identity: Identity) -> SyncEvent | None:
        name = self._known.get(asked_for)
        if name is None or name in self._names or not self._registry.is_current(name, asked_for):
            return None
        self._names[name] = _Holder(identity.place, identity.is_by_address and name == identity.name, identity)
        return SyncEvent("unchanged", name, identity.shown)

    def _of_report(self, source: ReportFile) -> Iterable[SyncEvent]:
        shown = f"{source.name}.json"
        identity = Identity(source.name, shown, f"report {source.path}", is_by_address=False)
        try:
            record, asked_for = read_report(Path(source.path), source.name)
        except PolicyGateError as error:
            return [self._failed(source.name, shown, f"{error.message}; {error.hint}" if error.hint else error.message)]
        if event := self._unchanged(asked_for, identity):
            return [event]
        if record.repository in self._names:
            first = self._names[record.repository].identity.shown
            return [SyncEvent("passed-over", record.repository, shown, f"{first} tells of it")]
        return self._kept(replace(record, source=shown), asked_for, identity)

    # once it is read

    def _answered(self, task: Task, answer: Answer) -> Iterable[SyncEvent]:
        identity = task.identity
        if answer.error:
            # Under the name that it gave itself when it could be read.
            name = self._former.get(identity.place[:PLACE], identity.name)
            return [self._failed(name, identity.shown, answer.error)]
        if answer.record is None:
            event = self._unchanged(answer.asked_for, identity)
            return [event or self._failed(identity.name, identity.shown, "it has the name of another repository")]
        record = msgspec.msgpack.decode(answer.record, type=RepositoryRecord)
        return self._kept(record, answer.asked_for, identity)

    def _kept(self, record: RepositoryRecord, asked_for: str, identity: Identity) -> Iterable[SyncEvent]:
        """Keep a record under its name, if the name is its own."""
        name = record.repository
        if error := unkept(record):
            return [self._failed(name, identity.shown, error)]
        is_by_address = identity.is_by_address and name == identity.name
        holder = self._names.get(name)
        if holder is not None and (holder.is_by_address or not is_by_address):
            return [self._refused(identity, name, holder.identity)]
        self._names[name] = _Holder(identity.place, is_by_address, identity)
        changed = self._registry.record(record, asked_for)
        if (former := self._former.get(identity.place[:PLACE], name)) != name:
            self._left[former] = None
        event = SyncEvent("read", name, identity.shown, changed=changed)
        # Whose address says so goes before whose file does.
        return [event, self._refused(holder.identity, name, identity)] if holder is not None else [event]

    def _refused(self, identity: Identity, name: str, holder: Identity) -> SyncEvent:
        """A repository under a name that another one has: nobody's row is taken by who says to be him."""
        why = f"its name {name} is that of another repository, {holder.shown}; name it otherwise in policy-gate.yaml"
        own = identity.name if identity.name != name else f"{name} ({identity.place[:8]})"
        return self._failed(own, identity.shown, why)

    def _failed(self, name: str, shown: str, error: str) -> SyncEvent:
        self._failing.add(name)
        if name not in self._names:
            self._registry.failed(name, shown, error)
        return SyncEvent("failed", name, shown, error)
