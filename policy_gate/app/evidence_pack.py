"""What the evidence of a period is made of: its merges replayed, and the documents as they stood at its end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from policy_gate import __version__
from policy_gate.app.judge import PolicyLoader, policies_of_base
from policy_gate.app.replay import ForgeJob, Line, Period, Recorded, Replay, Replayed, pushed_at_once
from policy_gate.app.replayed_merge import Merge
from policy_gate.collect.inputs import OpenInputs
from policy_gate.collect.layout import WAIVERS_FILE, Layout
from policy_gate.collect.policies_of_tree import DEFAULT_CONFIG
from policy_gate.documents.spelling import spelling_hint
from policy_gate.errors import DocumentError, UndecidedError, UsageError
from policy_gate.facts.facts import system_facts
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.dates import end_of_day
from policy_gate.schema.evidence_pack import MergeRecord, PackDocument, PackHead
from policy_gate.schema.report import Report
from policy_gate.schema.snapshot import DeclaredSystem, Snapshot
from policy_gate.vcs.tree import Tree

MOST_BYTES = 8 * 1024 * 1024
"""of one document that is put into a pack"""

Progress = Callable[[int, int], None]
"""Told how many merges are done, and of how many."""
Keep = Callable[[MergeRecord, Report], None]
"""Told each merge and the report on it, oldest first, so that no more than one need be held."""


class FileOfEnd(Struct, frozen=True):
    """A document of the end of the period with its bytes; None where they are left out."""

    entry: PackDocument
    data: bytes | None


class EndOfPeriod(Struct, frozen=True):
    """What the tree held at the end: whether the system is declared, and its documents."""

    known: tuple[str, ...] = ()
    name: str = ""
    repository: str = ""
    stage: str = ""
    tier: str = ""
    files: tuple[FileOfEnd, ...] = ()
    problem: str = ""


class ReplayedPeriod(Struct, frozen=True):
    """All of a pack but the reports, which `Keep` was told."""

    head: PackHead
    records: tuple[MergeRecord, ...]
    files: tuple[FileOfEnd, ...]


def replay_period(
    replay: Replay,
    system: str,
    period: Period,
    *,
    keep: Keep = lambda _, __: None,
    progress: Progress = lambda _, __: None,
    forge: tuple[str, ForgeJob] | None = None,
    audit: tuple[str, Recorded | None] = ("", None),
) -> ReplayedPeriod:
    """Replay the merges of a period and gather what was there at its end.

    `forge` and `audit` come with what to call them. UsageError where no such system was ever there, UndecidedError
    where the history is cut off.
    """
    line = replay.line(period)
    merges = replay.merges(line)
    end = end_of_period(replay, system, line.tip, min(period.last, date.max))
    records = []
    for number, merge in enumerate(merges):
        progress(number, len(merges))
        found = replay.replayed(merge, system, forge[1] if forge else None, audit[1])
        records.append(found.record)
        _keep(found, keep)
    progress(len(merges), len(merges))
    records = _with_pushes(replay, merges, records)
    is_known = system in end.known or any(it.system is not None for it in records)
    if not is_known:
        _refuse_unknown(replay, system, end)
    names = (it.system.name for it in reversed(records) if it.system is not None)
    end = end if end.name else replace(end, name=next(names, ""))
    head = _head(replay, system, period, line, end, forge[0] if forge else "", audit[0])
    return ReplayedPeriod(head, tuple(records), end.files if system in end.known else ())


def _keep(found: Replayed, keep: Keep) -> None:
    if found.report is not None:
        keep(found.record, found.report)


def _with_pushes(replay: Replay, merges: list[Merge], records: list[MergeRecord]) -> list[MergeRecord]:
    """Plain commits of one moment: where one of them is stopped and all of them pass together, that is said."""
    by_commit = {record.commit: record for record in records}
    for run in pushed_at_once(merges):
        stopped = [it.commit for it in run if by_commit[it.commit].is_against]
        if stopped and replay.passes_together(run[0].base, run[-1].commit, run[-1].day):
            for commit in stopped:
                by_commit[commit] = replace(by_commit[commit], together=run[-1].commit)
    return list(by_commit.values())


def only_system(replay: Replay) -> str:
    """The system of a branch that declares one; UsageError with those to choose from where it declares others."""
    known = end_of_period(replay, "", replay.branch.commit or "", date.max).known
    if len(known) == 1:
        return known[0]
    named = f"give --system ID, once: {', '.join(known)}" if known else "give --system ID, once"
    raise UsageError("the evidence of a period is of one system", hint=named)


def _refuse_unknown(replay: Replay, system: str, end: EndOfPeriod) -> None:
    """UsageError for a system that was never there; one that came after the period has an empty pack."""
    today = end_of_period(replay, system, replay.branch.commit or "", date.max)
    known = tuple(dict.fromkeys((*today.known, *end.known)))
    if system not in known and not _was_ever_declared(replay, system):
        hint = spelling_hint(system, known)
        raise UsageError(f'no system "{system}" was ever declared on {replay.branch_name}', hint=hint)


def _was_ever_declared(replay: Replay, system: str) -> bool:
    """Whether some manifest of the branch's history names it; looked for only where neither end knows it."""
    repository, tip = replay.repository, replay.branch.commit or ""
    layout = Layout(DEFAULT_CONFIG)
    edits = repository.first_parent_edits(tip, len(repository.dated_line(tip)))
    tree = repository.merged_already(repository.tree_oid(tip))  # any will do: a file is read by its id
    return any(layout.is_manifest(it.path) and system.encode() in tree.read(it) for it in edits)


def _head(
    replay: Replay, system: str, period: Period, line: Line, end: EndOfPeriod, forge: str, audit: str
) -> PackHead:
    return PackHead(
        system=system,
        name=end.name,
        repository=end.repository,
        branch=replay.branch_name,
        first_day=period.first.isoformat(),
        last_day=period.last.isoformat(),
        tip=line.tip,
        version=__version__,
        present=system in end.known,
        stage=end.stage,
        tier=end.tier,
        branch_commit=replay.branch.commit or "",
        forge=forge or "not asked",
        audit_log=audit,
        outside=line.outside,
        more=line.more,
    )


def end_of_period(replay: Replay, system: str, tip: str, day: date) -> EndOfPeriod:
    """The system and its documents as a commit holds them; empty where there is no commit."""
    if not tip:
        return EndOfPeriod()
    request = Request(
        replay.directory, end_of_day(day), base=tip, head=tip, everything=True, as_of_given=True,
        organisation_policies=replay.organisation_policies, environment=replay.environment,
    )  # fmt: skip
    try:
        return replay.session.judge(request, lambda inputs, load: _end(inputs, load, replay, system, tip))
    except (UndecidedError, DocumentError) as error:
        return EndOfPeriod(problem=error.message)


def _end(inputs: OpenInputs, load: PolicyLoader, replay: Replay, system: str, tip: str) -> EndOfPeriod:
    side = inputs.result
    known = tuple(sorted(it.key.id for it in side.systems))
    repository = side.config.content.repository if side.config else ""
    declared = side.system(system)
    if declared is None:
        return EndOfPeriod(known, repository=repository)
    tier = ""
    with suppress(UndecidedError):
        tier = system_facts(declared, side.evidence, policies_of_base(inputs, load), set(known)).tier
    tree = replay.repository.merged_already(replay.repository.tree_oid(tip))
    files = tuple(_files(tree, dict(_documents(side, declared, tree))))
    return EndOfPeriod(known, declared.entry.name, repository, declared.entry.stage, tier, files)


def _documents(side: Snapshot, declared: DeclaredSystem, tree: Tree) -> Iterator[tuple[str, str]]:
    """Path and purpose of each file that is about the system; what is named last is what it is called."""
    for file in side.policy_files:
        yield file.path, "rules"
    yield declared.key.manifest, "manifest"
    entry = declared.entry
    purposes = {it.path: it.id for it in entry.artifacts if it.path}
    purposes |= {it.report: f"results of {it.id}" for it in entry.tests if it.report}
    if entry.model_card:
        purposes[entry.model_card] = "model card"
    for written, path in declared.files.items():
        yield path, purposes.get(written, "evidence")
    for record in side.records:
        if record.content.system in (declared.key.id, None):
            yield record.path, "approval"
            if tree.entry(f"{record.path}.sig"):
                yield f"{record.path}.sig", "signature of an approval"
    for incident in side.incidents:
        if incident.content.system == declared.key.id:
            yield incident.path, "incident"
    if side.waivers is not None:
        yield WAIVERS_FILE, "waivers"


def _files(tree: Tree, wanted: dict[str, str]) -> Iterator[FileOfEnd]:
    for path, what in sorted(wanted.items()):
        entry = tree.entry(path)
        if entry is None or entry.kind != "file":
            said = "no file stands there" if entry is None else f"a {entry.kind} stands there"
            yield FileOfEnd(PackDocument(path, what, entry.oid if entry else "", 0, left_out=said), None)
            continue
        size = tree.size(entry)
        if size > MOST_BYTES:
            said = f"larger than {MOST_BYTES // (1024 * 1024)} MiB"
            yield FileOfEnd(PackDocument(path, what, entry.oid, size, left_out=said), None)
            continue
        data = tree.read(entry)
        yield FileOfEnd(PackDocument(path, what, entry.oid, size, hashlib.sha256(data).hexdigest()), data)
