"""`policy-gate approve`: say yes, on record, to exact content."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from policy_gate import collect, gate
from policy_gate.cli import options
from policy_gate.cli.output import look, one_line, say, show
from policy_gate.collect.git import Repository
from policy_gate.errors import UsageError
from policy_gate.record import write
from policy_gate.record.approve import new_record, record
from policy_gate.record.identity import identity
from policy_gate.report.explanation import subject_text


@click.command(short_help="Record an approval for exact content.")
@click.option("--for", "--gate", "for_", required=True, metavar="GATE-OR-ID", help="The gate or governed change.")
@click.option("--system", metavar="ID", help="The system; not for policy-change and enforcement-change.")
@click.option("--role", required=True, metavar="ROLE", help="The role in which you approve.")
@click.option("--statement", default="", metavar="TEXT", help="What you say yes to, in your own words.")
@options.base
@options.head
@options.policies
@options.evidence
@click.option("--yes", is_flag=True, help="Do not ask; you have looked at the subject.")
@options.directory
def approve(
    *,
    for_: str,
    system: str | None,
    role: str,
    statement: str,
    base: str | None,
    head: str,
    policies: Path | None,
    evidence: tuple[Path, ...],
    yes: bool,
    directory: Path,
) -> int:
    """Write an approval record for the content of HEAD, under your git identity.

    Shows what the approval is for, and asks. The record counts once you commit it yourself: commit
    only the record, so that you are no author of what you approve.

    \b
    Examples:
      policy-gate approve --for pre-deployment-security-review --system SYS-001 --role ciso
      policy-gate approve --for tier-lowering --system SYS-001 --role ai-safety-lead
    """
    beside = tuple(folder.resolve() for folder in evidence)
    asked = options.request(directory, base=base, head=head, organisation_policies=policies, evidence=beside)
    root = Repository.open(directory).root
    approver = identity(root)
    if approver is None:
        raise UsageError("git does not know who you are", hint='git config user.name "…" and user.email "…" here')
    with collect.fetch(asked) as papers:
        law, target_branch = gate.law_in_force(asked, papers)[0], papers.target_branch
    if role not in law.roles:
        raise UsageError(f'no role "{role}"', hint=f"there are {', '.join(law.roles)}")
    subject = gate.subject(asked, system, for_)
    show(subject_text(subject.system, subject.for_, subject.digest, subject.parts, look()))
    text = record(
        system=subject.system,
        for_=subject.for_,
        role=role,
        approver=approver,
        subject_digest=subject.digest,
        target_branch=target_branch,
        today=options.today(),
        valid_for=law.assurance.valid_for,
        statement=statement,
    )
    file = new_record(root, text, system=subject.system, for_=subject.for_, role=role, today=options.today())
    show(f"\n{write.diff([file])}")
    _agree(yes, f"{approver.name} approves {for_} as {role}?")
    write.create(root, [file])
    say(f"wrote {file.path}; it counts once {one_line(approver.name)} commits it:")
    say(f'  git add {file.path} && git commit -m "Approve {for_} as {role}" {file.path}')
    return 0


def _agree(yes: bool, question: str) -> None:
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("nothing was written: there is no terminal to ask on", hint="look at it, then add --yes")
    click.confirm(one_line(question), abort=True)
