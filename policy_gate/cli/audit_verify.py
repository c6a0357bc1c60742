"""`policy-gate audit verify`: whether the log can be believed."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from policy_gate.app.audit_branch import with_branch
from policy_gate.app.audit_replay import replayed
from policy_gate.app.roles_in_time import RolesInTime
from policy_gate.audit.append import LogWriter, how_to_accept, rewritten
from policy_gate.audit.log import first_lost
from policy_gate.audit.verification import Bundles, verified_chain, with_origin, with_signatures
from policy_gate.cli import options
from policy_gate.cli.audit_options import entries_of, opened_log, own_trust, remote, trust_config
from policy_gate.cli.output import say, tell
from policy_gate.errors import BaseError
from policy_gate.report.views.audit import verification_json, verification_text
from policy_gate.schema.audit_entry import Fault, Verification
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.signing.sigstore_verify import bundle_verifier

_ID = lazy_pattern(r"[0-9a-f]{40}|[0-9a-f]{64}")


@click.command(short_help="Verify the chain, the order, the signatures and, with --replay, the verdicts.")
@click.option("--replay", is_flag=True, help="Judge each entry again from the commits that it names, and compare.")
@click.option("--require-signed", is_flag=True, help="An entry without a good signature is broken.")
@click.option(
    "--require-recorded", is_flag=True, help="A commit of the branch that no entry covers, or that left it, is broken."
)
@click.option("--signed-by", metavar="ROLE", default="", help="Believe only those who hold this role.")
@click.option("--expect", metavar="COMMIT", default="", help="An entry that must be in the log, by its full commit id.")
@trust_config
@options.base
@options.policies
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    metavar="NUMBER",
    help="Signatures, and judgements of a long --replay, at once; one a core where none is given.",
)
@remote
@options.text_or_json
@options.directory
def verify(
    *,
    replay: bool,
    require_signed: bool,
    require_recorded: bool,
    signed_by: str,
    expect: str,
    trust_config: Path | None,
    base: str | None,
    policies: Path | None,
    jobs: int | None,
    remote: str | None,
    formats: Any,
    directory: Path,
) -> int:
    """Verify the log: each entry whole, each link, the numbers, signatures by what base pinned at the time.

    Signatures of Sigstore are verified offline, by the trust root that its library carries, or by --trust-config.

    Also that what this clone saw of the log before is still in it, and the entry given with --expect: a log that was
    replaced as a whole is right in itself. Where that cannot be told here (a cut-off clone, commits that are missing)
    the answer is not 0. What came to the branch between recorded commits and no entry covers, and commits that are on
    it no more, are notes: a job that was off breaks no log. --require-recorded makes them broken.

    \b
    Examples:
      policy-gate audit verify
      policy-gate audit verify --replay --require-signed --signed-by audit
      policy-gate audit verify --remote origin --expect 3f2c…

    Exit codes: 0 all of it holds, 1 something is broken, 2 usage, 3 something cannot be told here.
    """
    expect = expect.lower()
    if expect and not _ID.fullmatch(expect):
        raise click.UsageError("--expect takes a full commit id, of 40 or 64 digits")
    jobs = jobs or min(64, os.cpu_count() or 1)
    asked = options.request(directory, base=base)
    trust = own_trust(directory, trust_config)
    with opened_log(directory, remote) as (log, head, name):
        seen = log.remembered(name)
        lost = _lost(log, head, name, seen, expect)
        if lost and not head:
            found = Verification(head, (), tuple(lost))
        else:
            found = verified_chain(entries_of(log, head))
            found = replace(found, broken=(*lost, *found.broken))
            found = with_origin(found, log.repository.expect, log.repository.holds_commit)
        if any(one.signature is not None for one in found.entries) or require_signed:
            bundles = partial(bundle_verifier, trust)
            found = _with_signatures(found, log, asked, signed_by, bundles, is_required=require_signed, jobs=jobs)
        else:
            found = with_signatures(found, lambda _: None, os.environ, is_required=False)
        found = with_branch(found, log.repository, asked, is_required=require_recorded)
        if not found.broken:
            log.remember(head, name, seen)
    if replay and found.entries:
        organisation = policies.resolve() if policies else None
        found = replayed(found, asked.directory, organisation, os.environ, jobs, _progress)
    tell(formats, {"text": lambda _: verification_text(found), "json": lambda _: verification_json(found)})
    return 1 if found.broken else 3 if found.untold else 0


def _lost(log: LogWriter, head: str, name: str, seen: str, expect: str) -> list[Fault]:
    """What was seen before, or is expected, and is not in the log."""
    found = []
    lost = first_lost(log.repository, seen, head) if seen else None
    if lost is not None:
        say(how_to_accept(name))
        found.append(Fault(lost.entry.sequence if lost.entry else None, lost.commit, rewritten(name, lost)))
    if expect and expect != head:
        is_here = bool(head) and log.repository.holds_commit(expect) and log.repository.holds_commit(head)
        if not is_here or expect not in log.repository.first_parent_line(head, 10_000_000):
            found.append(Fault(None, expect, "the entry that is expected is not in the log"))
    return found


def _with_signatures(
    found: Verification, log: LogWriter, asked: Any, signed_by: str, bundles: Bundles, *, is_required: bool, jobs: int
) -> Verification:
    try:
        roles = RolesInTime(log.repository, asked, signed_by)
    except BaseError as error:
        what = f"whose keys are pinned cannot be told: {error.message}"
        found = replace(found, untold=(*found.untold, Fault(None, "", what)))
        return with_signatures(found, lambda _: None, os.environ, is_required=is_required)
    return with_signatures(found, roles.at, os.environ, is_required=is_required, jobs=jobs, bundles=bundles)


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\rjudged again: {done} of {of}" + ("\n" if done == of else ""))
        sys.stderr.flush()
