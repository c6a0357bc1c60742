"""Facts of systems recorded for a registry, and other policies held against such a file without cloning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec

from policy_gate.app.judge import policies_of_base
from policy_gate.collect.inputs import load_inputs
from policy_gate.collect.policy_files import builtin_layer_sealed, of_folder
from policy_gate.decide.policy_impact import in_order
from policy_gate.decide.recorded_impact import differing_parts, impact_on_recorded
from policy_gate.errors import PolicyError, UngovernedError, UsageError
from policy_gate.facts.facts import facts_of
from policy_gate.policy.load import load_policies
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.policy_impact import PolicyImpact
from policy_gate.schema.recorded import SCHEMA, RecordedRepository, RecordedSystem
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.target_instances import vendors_on

_MOST_BYTES = 200_000_000


def recorded(request: Request) -> RecordedRepository:
    """The facts of every system here, as a line of a registry."""
    with load_inputs(request) as inputs:
        policy = policies_of_base(inputs)
        config, today = inputs.result.config, request.as_of.date()
        systems = tuple(
            RecordedSystem(it.id, it.declared.entry.name, it.key.manifest, it.values, vendors_on(it, today), it.models)
            for it in facts_of(inputs.result, policy)
        )
        name = (config.content.repository if config else None) or request.directory.resolve().name
        commit = inputs.revisions.head_commit if inputs.revisions else None
        return RecordedRepository(name, systems, SCHEMA, commit, today.isoformat(), policy.digest)


def impact_on_registry(registry: Path, proposed: Path, in_force: Path | None, day: date) -> PolicyImpact:
    """What the policies of a folder would do to every system of a registry file, or of a folder of such files.

    Held against the built-in policies with the organisation's layer that is in force. A repository's own rules are not
    there: of one that was read under others a note says so. UsageError where a file or the policies cannot be read.
    """
    was, now = _rules(in_force), _rules(proposed)
    repositories = list(_repositories(registry))
    if not any(it.systems for it in repositories):
        raise UngovernedError(f"no AI system is recorded in {registry}", hint="policy-gate policy facts >> FILE")
    found = [impact_on_recorded(was, now, system, it.repository, day) for it in repositories for system in it.systems]
    over = f"{registry}, {len(repositories)} repositories"
    notes = tuple(_notes(was, now, repositories))
    return PolicyImpact(was.source, now.source, was.digest, now.digest, over, in_order(found), notes=notes)


def _rules(folder: Path | None) -> RuleSet:
    try:
        layers = [builtin_layer_sealed(), *([of_folder(folder.resolve(), True)] if folder else [])]
        return load_policies(layers)
    except PolicyError as error:
        raise UsageError(f"--policies {folder} cannot be read", hint=error.hint, problems=error.problems) from error


def _notes(was: RuleSet, now: RuleSet, repositories: Sequence[RecordedRepository]) -> Iterator[str]:
    if parts := differing_parts(was, now):
        yield f"both differ in {', '.join(parts)}: what that does to a system is not told from recorded facts"
    others = [it.repository for it in repositories if it.policies_digest not in ("", was.digest)]
    if others:
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        yield f"{others[0]}{more} recorded under other policies than these: rules of its own are not held against it"
    without = [f"{it.repository} {system.id}" for it in repositories for system in it.systems if system.facts is None]
    if without:
        more = f" and {len(without) - 1} more" if len(without) > 1 else ""
        yield f"{without[0]}{more}: a report names it, and its facts are not recorded (policy-gate policy facts)"


def _repositories(path: Path) -> Iterator[RecordedRepository]:
    """Each line of a file of JSON lines, each document of a folder."""
    files = sorted([*path.glob("*.json"), *path.glob("*.jsonl")]) if path.is_dir() else [path]
    for file in files:
        try:
            if file.stat().st_size > _MOST_BYTES:
                raise UsageError(f"--registry {file}: the file is too large (at most {_MOST_BYTES} bytes)")
            data = file.read_bytes()
        except OSError as error:
            raise UsageError(f"--registry {file} cannot be read: {error.strerror}") from error
        for number, line in _documents(file, data):
            yield _read(file, number, line)


def _documents(file: Path, data: bytes) -> Iterator[tuple[int, bytes]]:
    try:
        msgspec.json.decode(data)
        yield 1, data
    except msgspec.DecodeError:
        for number, line in enumerate(data.split(b"\n"), 1):
            if line.strip():
                yield number, line


def _read(file: Path, number: int, line: bytes) -> RecordedRepository:
    """A line of facts, or the JSON report of a check, which names systems and holds no facts."""
    place = f"--registry {file}:{number}"
    try:
        value = msgspec.json.decode(line)
        if isinstance(value, dict) and value.get("schema") == SCHEMA:
            return msgspec.convert(value, RecordedRepository)
        if isinstance(value, dict) and "schema_version" in value and isinstance(value.get("systems"), list):
            named = [{key: it.get(key) for key in ("id", "name", "manifest")} for it in value["systems"]]
            return RecordedRepository(file.stem, tuple(msgspec.convert(it, RecordedSystem) for it in named))
    except (msgspec.DecodeError, msgspec.ValidationError, AttributeError) as error:
        raise UsageError(f"{place} is not a record of facts: {error}", hint=f"expected a line of {SCHEMA}") from error
    raise UsageError(f"{place} is neither a record of facts nor a report", hint=f"expected a line of {SCHEMA}")
