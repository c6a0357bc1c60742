"""`policy-gate registry sync` and `registry record`: what repositories hold, into the registry or a file."""

from __future__ import annotations

import gc
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from policy_gate.app.registry_database import open_registry
from policy_gate.cli import options
from policy_gate.cli.output import show, tell, write_file
from policy_gate.cli.registry_options import database
from policy_gate.errors import UndecidedError, UsageError
from policy_gate.report.progress import progress
from policy_gate.report.views.registry_sync import sync_json, sync_text

if TYPE_CHECKING:
    from policy_gate.app.registry_reading import Asked
    from policy_gate.app.registry_sync import SyncEvent, SyncSummary
    from policy_gate.app.registry_workers import Workers

_DOING = "Reading repositories"


@click.command(short_help="Read repositories into the registry.")
@click.argument("sources", metavar="SOURCE...", nargs=-1)
@click.option(
    "--from",
    "lists",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A list of sources, one a line, as @FILE; may be repeated.",
)
@database
@options.policies
@click.option("--jobs", type=click.IntRange(1, 256), metavar="N", help="Processes. Default: one for each core.")
@click.option("--scheduler", metavar="URL", help="A Dask cluster instead, tcp://HOST:PORT.")
@options.as_of
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.001),
    default=600.0,
    show_default=True,
    metavar="S",
    help="Seconds for one repository.",
)
@click.option(
    "--clones",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where clones of URLs are kept. Default: the user's cache folder; in CI nowhere.",
)
@options.text_or_json
@options.directory
def sync(
    *,
    sources: tuple[str, ...],
    lists: tuple[Path, ...],
    database: str | None,
    policies: Path | None,
    jobs: int | None,
    scheduler: str | None,
    as_of: date | None,
    timeout: float,
    clones: Path | None,
    formats: Any,
    directory: Path,
) -> int:
    """Read each SOURCE as the nightly check sees it, and put what it holds into one database.

    A SOURCE is a repository or a folder of many, a URL (https, http, ssh), a forge's organisation (github:ORG or
    gitlab:GROUP, with GITHUB_TOKEN or POLICY_GATE_GITLAB_TOKEN), a report or record that a job left as JSON, or a
    list of these as @FILE. Of a repository its default branch is read. One that cannot be read is a row with its
    error. A repository is asked again only where its newest commit, the day, the organisation's policies or the
    version of this tool is another, so that a sync that was stopped goes on where it stood.

    \b
    Examples:
      policy-gate registry sync ~/src
      policy-gate registry sync github:example-org --db postgresql://db.example.org/registry
      policy-gate registry sync @repositories.txt reports/ --policies ../org-policies
      policy-gate registry sync ~/src --scheduler tcp://scheduler.example.org:8786

    Exit codes: 0 done, also where some failed, 2 usage, 3 none could be read.
    """
    from policy_gate.app.registry_sources import sources_of  # noqa: PLC0415 - slow, and `--help` needs none of it

    # It may go on for long: what a short run leaves to its end would fill the memory.
    gc.enable()
    found = sources_of(sources, lists, os.environ)
    if not found:
        raise UsageError("there is nothing to read", hint="name a folder, a URL, github:ORG or @FILE")
    asked = _asked(as_of, policies, timeout, clones)
    with open_registry(database, for_writing=True) as registry, progress(sys.stderr, len(found), _DOING) as shown:
        from policy_gate.app.registry_sync import Sync  # noqa: PLC0415 - needs the extra `registry`
        from policy_gate.app.registry_workers import Cluster, Processes  # noqa: PLC0415

        def workers() -> Workers:
            return Cluster(scheduler) if scheduler else Processes(jobs or os.cpu_count() or 1)

        summary = Sync(registry, workers, asked, lambda event: shown.step(_line(event))).run(found, _now)
        where = registry.place.shown
    _print(summary, where, formats)
    if summary.has_all_failed:
        raise UndecidedError("no source could be read", hint="see above for each")
    return 0


def _now() -> str:
    return options.now().isoformat().replace("+00:00", "Z")


def _asked(as_of: date | None, policies: Path | None, timeout: float, clones: Path | None) -> Asked:
    from policy_gate.app.registry_reading import Asked, digest_of_folder, passed_on  # noqa: PLC0415
    from policy_gate.collect.stored_readings import cache_folder  # noqa: PLC0415

    request = options.view(Path(), policies, as_of)
    cache = cache_folder(request.environment)
    folder = clones.resolve() if clones else cache / "clones" if cache else None
    return Asked(
        as_of=request.as_of,
        as_of_given=as_of is not None,
        policies=str(request.organisation_policies) if request.organisation_policies else None,
        policies_digest=digest_of_folder(request.organisation_policies),
        timeout=timeout,
        clones=str(folder) if folder else "",
        environment=passed_on(request.environment),
    )


def _line(event: SyncEvent) -> str:
    """What is told while it goes on: what changed, and what is not well."""
    if event.happened == "failed":
        return f"failed: {event.repository}: {event.error}"
    if event.happened == "passed-over":
        return f"passed over: {event.repository} ({event.source}): {event.error}"
    return f"read: {event.repository}" if event.happened == "read" else ""


def _print(summary: SyncSummary, where: str, formats: Any) -> None:
    counts = {name: getattr(summary, name) for name in ("sources", "read", "changed", "unchanged")}
    lists = (summary.failed, summary.passed_over)
    rows = [[(it.repository, it.error) for it in events] for events in lists]
    data = [
        [{"repository": it.repository, "source": it.source, "error": it.error} for it in events] for events in lists
    ]
    views = {
        "text": lambda render: sync_text(counts, rows[0], rows[1], summary.unnamed, where, render),
        "json": lambda _: sync_json(summary.number, counts, data[0], data[1], summary.unnamed),
    }
    tell(formats, views)


@click.command(short_help="Write what the registry would hold of this repository.")
@options.policies
@options.as_of
@click.option("-o", "output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Where to.")
@options.directory
def record(*, policies: Path | None, as_of: date | None, output: Path | None, directory: Path) -> int:
    """Write the record of this repository's default branch as JSON, for a `registry sync` elsewhere to read.

    It is for repositories that nobody else may clone: a job of theirs leaves it where a sync finds it.

    \b
    Examples:
      policy-gate registry record -o registry-record.json
      policy-gate registry sync collected-records/
    """
    from policy_gate.app.registry_reading import record_here  # noqa: PLC0415 - slow, and `--help` needs none of it
    from policy_gate.report.formats.json import dumped  # noqa: PLC0415

    text = dumped(msgspec.to_builtins(record_here(Path.cwd(), _asked(as_of, policies, 600.0, None))))
    if output is None:
        show(text)
    else:
        write_file(output, text)
    return 0
