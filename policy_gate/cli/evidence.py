"""`policy-gate evidence`: a period replayed into a pack for an auditor, and today's state as a page."""

from __future__ import annotations

import os
import sys
import time
from datetime import date
from pathlib import Path

import click

from policy_gate.app.evidence_pack import only_system, replay_period
from policy_gate.app.evidence_state import evidence_state
from policy_gate.app.recorded_verdicts import recorded_verdicts
from policy_gate.app.replay import Period, Replay
from policy_gate.cli import options
from policy_gate.cli.output import one_line, say, show, write_file, writing
from policy_gate.errors import UsageError
from policy_gate.schema.dates import end_of_day

_CI = ("CI", "GITHUB_", "GITLAB_", "GH_", "POLICY_GATE_GITLAB")


@click.command(short_help="Evidence of a system: a period replayed, or as it stands.")
@options.systems
@click.option("--from", "first", callback=options.day, metavar="DATE", help="The first day of the period, UTC.")
@click.option("--to", "last", callback=options.day, metavar="DATE", help="The last day of the period, in it.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="A .zip for a period; a .html page or .json for today.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(("json",)), help="The data itself, on standard output.")
@click.option("--branch", metavar="REF", help="The branch. Default: origin/HEAD, else main.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Only the newest N merges of the period.")
@click.option("--forge", metavar="FORGE:PATH",
              help="Ask github:OWNER/NAME (with GITHUB_TOKEN) or gitlab:GROUP/PROJECT (with "
                   "POLICY_GATE_GITLAB_TOKEN) for the reviews.")  # fmt: skip
@click.option("--with-names", is_flag=True, help="Today's page with the names and addresses of people.")
@options.as_of
@options.policies
@options.directory
def evidence(
    *,
    systems: tuple[str, ...],
    first: date | None,
    last: date | None,
    output: Path | None,
    form: str | None,
    branch: str | None,
    limit: int | None,
    forge: str | None,
    with_names: bool,
    as_of: date | None,
    policies: Path | None,
    directory: Path,
) -> int:
    """Write evidence that others can count again.

    With --from and --to every merge into the branch in that period is judged again by the rules of its time. The
    zip holds a page that opens offline, each merge as a line and as a report, every figure with its commits and the
    command that counts it again, and the documents as they were. Without them it writes how the systems stand today:
    tier, law, documents, tests, approvals and what is open, without names of people.

    \b
    Examples:
      policy-gate evidence --system SYS-001 --from 2026-01-01 --to 2026-06-30 -o evidence.zip
      policy-gate evidence --system SYS-001 --from 2026-01-01 --to 2026-06-30 --format json
      policy-gate evidence --system SYS-001 --from 2026-01-01 --to 2026-06-30 -o evidence.zip \\
        --forge gitlab:acme/ml/screener
      policy-gate evidence --system SYS-001 -o page.html
      policy-gate evidence -o systems.json

    Exit codes: 0 written, also where merges are against the replay; 2 usage; 3 the history here is cut off.
    """
    if output is None and form is None:
        raise UsageError("nothing says where the evidence goes", hint="give -o FILE, or --format json")
    organisation = policies.resolve() if policies else None
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_CI)}
    if first is None and last is None:
        _refuse({"--limit": limit, "--forge": forge}, "asks about a period: give --from and --to")
        with Replay(directory.resolve(), branch, organisation, environment) as replay:
            return _state(replay, systems, as_of, output, with_names=with_names)
    if first is None or last is None:
        raise UsageError("a period has two ends", hint="give --from and --to")
    if first > last:
        raise UsageError(f"--from {first} is after --to {last}", hint="the days are inclusive, the earlier one first")
    if len(systems) > 1:
        raise UsageError("the evidence of a period is of one system", hint="give --system ID, once")
    _refuse({"--as-of": as_of, "--with-names": with_names}, "asks about today: leave --from and --to out")
    if output is not None and output.suffix.lower() != ".zip":
        raise UsageError(f"{output}: the evidence of a period is a zip", hint="-o FILE.zip, or --format json")
    with Replay(directory.resolve(), branch, organisation, environment) as replay:
        system = systems[0] if systems else only_system(replay)
        return _period(replay, system, Period(first, last, limit), output, forge)


def _refuse(given: dict[str, object], why: str) -> None:
    for name, value in given.items():
        if value:
            raise UsageError(f"{name} {why}")


def _period(replay: Replay, system: str, period: Period, output: Path | None, forge: str | None) -> int:
    from policy_gate.report.evidence.pack_zip import PackWriter, pack_json  # noqa: PLC0415 - for a period alone

    asked = None
    if forge:
        from policy_gate.app.forge_job import forge_job  # noqa: PLC0415 - few runs ask

        asked = (forge, forge_job(forge, os.environ))
    audit = recorded_verdicts(replay.repository)
    organisation = replay.organisation_policies
    hidden = (str(organisation), "ORGANISATION-POLICIES") if organisation else None
    progress = _Progress()
    if output is None:
        found = replay_period(replay, system, period, progress=progress, forge=asked, audit=audit)
        progress.end()
        show(pack_json(found.head, found.records, hidden))
        return 0
    with writing(output) as file, PackWriter(file, hidden) as pack:
        found = replay_period(replay, system, period, keep=pack.report, progress=progress, forge=asked, audit=audit)
        progress.end()
        pack.finish(found.head, found.records, [(it.entry, it.data) for it in found.files])
    against = sum(1 for it in found.records if it.is_against)
    touching = sum(1 for it in found.records if it.touches == "yes")
    show(f"wrote {one_line(str(output))}")
    say(f"{len(found.records)} merges, {touching} touched {one_line(system)}, {against} against the replay")
    return 0


def _state(
    replay: Replay, systems: tuple[str, ...], as_of: date | None, output: Path | None, *, with_names: bool
) -> int:
    from policy_gate.report.evidence.state_page import state_json, state_page, without_people  # noqa: PLC0415

    if output is not None and output.suffix.lower() not in (".html", ".htm", ".json"):
        raise UsageError(f"{output}: today's evidence is a page or data", hint="-o FILE.html or -o FILE.json")
    options.say_files_are_of_now(as_of)
    moment = end_of_day(as_of) if as_of else options.now()
    state, names = evidence_state(replay, systems, moment, as_of_given=as_of is not None)
    if not with_names:
        state = without_people(state, names)
    is_page = output is not None and output.suffix.lower() != ".json"
    text = state_page(state) if is_page else state_json(state)
    if output is None:
        show(text)
    else:
        write_file(output, text)
        show(f"wrote {one_line(str(output))}")
    return 0


class _Progress:
    """How far a replay is and how fast it goes, on a terminal alone."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._told = 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if not sys.stderr.isatty() or (now - self._told < 0.1 and done < total):
            return
        self._told = now
        rate = done / max(now - self._started, 0.001)
        left = f", {(total - done) / rate:.0f} s left" if done and rate else ""
        sys.stderr.write(f"\r\x1b[K{done:,} of {total:,} merges, {rate:.0f} a second{left}")
        sys.stderr.flush()

    def end(self) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
