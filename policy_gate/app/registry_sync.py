"""One sync: every source asked what is not known yet, its answers put into the registry as they come.

Only this process writes the database. What was written is kept when the sync is stopped, and the next one goes on
from there.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from policy_gate import __version__
from policy_gate.app.registry_names import Holder, Names, is_by_address, is_report, place_of_report
from policy_gate.app.registry_reading import (
    PLACE,
    Answer,
    Asked,
    Identity,
    Task,
    asked_for_key,
    identity_of_address,
    identity_of_folder,
    identity_of_lost,
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
    """What a sync came to. `failed` and `passed_over` are told one by one, the rest as numbers.

    `unnamed` are the repositories of the registry that were among no source and stand as they were known last.
    """

    number: int
    sources: int
    read: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: list[SyncEvent] = []
    passed_over: list[SyncEvent] = []
    unnamed: list[str] = []

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
        self._of_place: dict[str, list[str]] = {}
        self._places: dict[str, str] = {}
        self._names = Names({}, {})
        self._failing: set[str] = set()
        self._left: dict[str, None] = {}
        self._waiting: list[tuple[RepositoryRecord, str, Identity]] = []

    def run(self, sources: Iterable[Source], now: Callable[[], str]) -> SyncSummary:
        """Ask every source; UsageError where another sync is at work. `now` is the instant in ISO 8601."""
        sources = tuple(sources)
        before = asked_before(self._registry)
        summary = SyncSummary(self._registry.begin_sync(__version__, now()), len(sources))
        self._known = before.answered
        for asked_for in self._known:
            self._of_place.setdefault(asked_for[:PLACE], []).append(asked_for)
        self._names = Names(before.held, before.unread)
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
            self._settle_waiting(summary)
        except BaseException:
            if pool is not None:
                pool.close(at_once=True)
            raise
        if pool is not None:
            pool.close()
        self._end_left()
        self._registry.end_sync(now())
        known = self._registry.known_repositories()
        summary.unnamed = [it for it in known if it not in self._names and it not in self._failing]
        return summary

    def _settle_waiting(self, summary: SyncSummary) -> None:
        for record, asked_for, identity in self._waiting:
            for event in self._settled(record, asked_for, identity):
                self._note(event, summary)

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
            return [self._failed(identity_of_lost(source.path, source.shown), source.shown, source.error)]
        if isinstance(source, ReportFile):
            return self._of_report(source)
        lost = identity_of_lost("", "")
        try:
            if isinstance(source, LocalRepository):
                lost = identity_of_lost(source.path, Path(source.path).name.removesuffix(".git") or "repository")
                identity, place = identity_of_folder(source.path)
                tip = default_branch_tip(place)
            else:
                identity, tip = identity_of_address(source.address.url, source.name), None
        except PolicyGateError as error:
            said = _said(error).replace(getattr(source, "path", "\0"), lost.shown)
            return [self._failed(lost, lost.name, said)]
        except (OSError, ValueError) as error:
            return [self._failed(lost, lost.name, f"it cannot be looked into ({type(error).__name__})")]
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
        self._names.take(name, identity)
        return SyncEvent("unchanged", name, identity.shown)

    def _of_report(self, source: ReportFile) -> Iterable[SyncEvent]:
        shown, place = f"{source.name}.json", place_of_report(source.name)
        identity = Identity(source.name, shown, place, is_by_address=False)
        try:
            record, content = read_report(Path(source.path), source.name)
        except PolicyGateError as error:
            return [self._failed(identity, source.name, _said(error))]
        asked_for = f"{place} {content}"
        if event := self._unchanged(asked_for, identity):
            return [event]
        if record.repository in self._names and (holder := self._names.holder(record.repository)):
            return [SyncEvent("passed-over", record.repository, shown, f"{holder.identity.shown} tells of it")]
        return self._kept(replace(record, source=shown), asked_for, identity)

    # once it is read

    def _answered(self, task: Task, answer: Answer) -> Iterable[SyncEvent]:
        identity = task.identity
        if answer.error:
            # Under the name that it gave itself when it could be read.
            return [self._failed(identity, self._names.former(identity, identity.name), answer.error)]
        if answer.record is None:
            event = self._unchanged(answer.asked_for, identity)
            return [event or self._failed(identity, identity.name, "it has the name of another repository")]
        record = msgspec.msgpack.decode(answer.record, type=RepositoryRecord)
        return self._kept(record, answer.asked_for, identity)

    def _kept(self, record: RepositoryRecord, asked_for: str, identity: Identity) -> Iterable[SyncEvent]:
        """Keep a record under its name, if the name is its own."""
        name = record.repository
        if error := unkept(record):
            return [self._failed(identity, name, error)]
        if (former := self._names.former(identity, name)) != name:
            self._names.give_up(former)
        holder = self._names.other(name, identity)
        if holder is not None and not holder.is_of_now and not self._names.is_for(name, identity):
            # Who has the name may be about to call himself otherwise.
            self._waiting.append((record, asked_for, identity))
            return []
        return self._settled(record, asked_for, identity)

    def _settled(self, record: RepositoryRecord, asked_for: str, identity: Identity) -> Iterable[SyncEvent]:
        name = record.repository
        holder = self._names.other(name, identity)
        if holder is not None and not self._names.is_for(name, identity):
            return [self._refused(identity, name, holder)]
        former = self._names.former(identity, name)
        self._names.take(name, identity)
        changed = self._registry.record(record, asked_for)
        for other in (former, *self._names.told_under(identity, name)):
            if other != name:
                self._left[other] = None
        event = SyncEvent("read", name, identity.shown, changed=changed)
        if holder is None or is_report(holder.identity.place):
            return [event]
        # Whose address says so goes before whose file does.
        return [event, self._refused(holder.identity, name, Holder(identity, is_by_address(identity, name)))]

    def _refused(self, identity: Identity, name: str, holder: Holder) -> SyncEvent:
        """A repository under a name that another one has: nobody's row is taken by who says to be him."""
        why = f"its name {name} is that of another repository, {holder.identity.shown}; name it otherwise"
        why = f"{why} in policy-gate.yaml" if not is_report(identity.place) else why
        if not holder.is_of_now:
            # It may have moved, which only who keeps the registry can tell.
            why = (
                f"{why}, or where it is the same one and has moved, run policy-gate registry forget {shlex.quote(name)}"
            )
        return self._failed(identity, name, why)

    def _failed(self, identity: Identity, wanted: str, error: str) -> SyncEvent:
        """Tell of one that could not be read under the name it wants, or where that is another's under its own."""
        name = self._names.own(identity, wanted)
        self._failing.add(name)
        if name not in self._names:
            self._registry.failed(name, identity.shown, error)
        return SyncEvent("failed", name, identity.shown, error)


def _said(error: PolicyGateError) -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message
