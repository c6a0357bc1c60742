"""`policy-gate waive`: write down a permission to miss one thing for a while."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from policy_gate.app.previews import preview_waiver
from policy_gate.cli import options
from policy_gate.cli.completing_rules import completing_rules
from policy_gate.cli.confirm import confirm
from policy_gate.cli.output import one_line, say, show_lines, to_root
from policy_gate.decide.waiver_preview import WaiverPreview, WaiverRequest
from policy_gate.documents import writer
from policy_gate.documents.read_back import read_back
from policy_gate.documents.writer import NewFile
from policy_gate.errors import UsageError
from policy_gate.schema.dates import Period
from policy_gate.schema.documents import Waivers
from policy_gate.vcs.repository import Repository
from policy_gate.write import waiver_record as waiving
from policy_gate.write.git_identity import identity


def _last_day(ctx: click.Context, param: click.Parameter, value: str) -> date | None:
    """A calendar date, or a period from today."""
    try:
        return Period.parse(value).after(options.today())
    except ValueError:
        return options.day(ctx, param, value)


@click.command(short_help="Ask for a permission to miss one thing for a while.")
@click.option(
    "--system",
    shell_complete=options.completing("system"),
    required=True,
    metavar="ID",
    help="The one system that it is for.",
)
@click.option(
    "--rule",
    required=True,
    shell_complete=completing_rules("rule"),
    metavar="RULE",
    help="The one rule, gate or control that wants the thing.",
)
@click.option("--subject", metavar="ID", help="The thing, where the rule wants several.")
@click.option("--reason", required=True, metavar="TEXT", help="Why, and what is done meanwhile.")
@click.option(
    "--expires",
    required=True,
    callback=_last_day,
    metavar="DATE",
    help="The last day on which it holds, or how long from today, such as P30D.",
)
@click.option("--ticket", metavar="URL", help="Where the work is followed.")
@click.option("--owner", metavar="NAME", help="Who answers for it; you, where left out.")
@click.option("--approver", metavar="NAME", help="Who agrees; the one other person who may, where left out.")
@options.base
@options.policies
@click.option("--yes", is_flag=True, help="Do not ask; you have looked at it.")
@options.directory
def waive(
    *,
    system: str,
    rule: str,
    subject: str | None,
    reason: str,
    expires: date,
    ticket: str | None,
    owner: str | None,
    approver: str | None,
    base: str | None,
    policies: Path | None,
    yes: bool,
    directory: Path,
) -> int:
    """Add a waiver to governance/waivers.yaml: one system, one rule, one thing, until a day.

    Shows what is added, and asks. A waiver holds once it is in base: commit it in a change of its own
    and have that change approved.

    \b
    Examples:
      policy-gate waive --system SYS-001 --rule model-re-evaluation --subject bias-benchmark-suite \\
        --reason "The suite runs again on Monday; traffic stays on the old model." --expires P14D
    """
    organisation = policies.resolve() if policies else None
    asked = options.request(directory, base=base, worktree=True, systems=(system,), organisation_policies=organisation)
    with Repository.open(directory) as repository:
        root = repository.root
    wanted = WaiverRequest(
        system, rule, subject, owner or _myself(root), approver, reason, ticket, options.today(), expires
    )
    found, problems = preview_waiver(asked, wanted)
    broken = tuple(problem for problem in problems if problem.path == waiving.FILE)
    if broken:
        show_lines(waiving.entry(found.waiver))
        raise UsageError("nothing was written: mend this first, then add the lines above", problems=broken)
    known = _known(root) if found.held is not None else ""
    file = _file(known, found)
    show_lines(writer.diff([file], {file.path: known} if found.held is not None else None))
    _tell(found)
    confirm(yes, f"Ask {found.waiver.approver} to waive {subject or rule} for {system} until {expires}?")
    if found.held is None:
        writer.create(root, [file])
    else:
        writer.update(root, file, known)
    _next(found, root)
    return 0


def _myself(root: Path) -> str:
    me = identity(root)
    if me is None:
        raise UsageError("git does not know who you are", hint="give --owner NAME, or set user.name and user.email")
    return me.name


def _known(root: Path) -> str:
    try:
        return (root / waiving.FILE).read_bytes().decode("utf-8")
    except OSError as error:
        raise UsageError(f"cannot read {waiving.FILE}: {error.strerror}") from error


def _file(known: str, found: WaiverPreview) -> NewFile:
    """The file as it is to be, read back to be sure that it says just this much more."""
    if found.held is None:
        return NewFile(waiving.FILE, waiving.whole(found.waiver))
    text = waiving.appended(known, found.held, found.waiver)
    read = read_back(Waivers, waiving.FILE, text)
    if read is None or read.content.waivers != [*found.held.content.waivers, found.waiver]:
        show_lines(waiving.entry(found.waiver))
        raise UsageError(
            f"nothing was written: {waiving.FILE} is not written as a list that can be added to",
            hint="put the lines above under waivers: yourself",
        )
    return NewFile(waiving.FILE, text)


def _tell(found: WaiverPreview) -> None:
    for seen in found.covers:
        say(f"missing now: {one_line(seen)}")
    for rule in found.others:
        say(f"{rule} wants it too: it needs a waiver of its own")
    if not found.covers and found.is_unused:
        say("nothing of it is missing now: a waiver that waives nothing is reported as waiver-unused")
    elif not found.covers:
        say("nothing of it is missing yet: it will hold when the system gets there")


def _next(found: WaiverPreview, root: Path) -> None:
    waiver = found.waiver
    say(f"wrote {waiving.FILE}; it holds once it is in base, until {waiver.expires}. In a change of its own:")
    what = f"{waiver.subject or waiver.rule} for {waiver.system}"
    say(f'  {one_line(to_root(root))}git add {waiving.FILE} && git commit -m "Waive {one_line(what)}" {waiving.FILE}')
    for role in found.roles:
        say(f"  policy-gate approve --for waiver --role {role}{found.flags}      (not by who commits it)")
