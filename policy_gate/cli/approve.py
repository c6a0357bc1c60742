"""`policy-gate approve`: say yes, on record, to exact content."""

from __future__ import annotations

from pathlib import Path

import click

from policy_gate.app.previews import preview_approval
from policy_gate.cli import options
from policy_gate.cli.completing_rules import completing_rules
from policy_gate.cli.confirm import confirm
from policy_gate.cli.output import render_options, show, show_lines
from policy_gate.cli.signing import who_signs
from policy_gate.documents import writer
from policy_gate.report.views.subject import proposal_text, subject_text
from policy_gate.schema.people import Author, Claim
from policy_gate.signing.sign import proof_once_signed
from policy_gate.vcs.discovery import find_repository
from policy_gate.write.approval_record import new_record, record


@click.command(short_help="Record an approval for exact content.")
@click.option(
    "--for",
    "--gate",
    "for_",
    required=True,
    shell_complete=completing_rules("gate-or-rule"),
    metavar="GATE-OR-ID",
    help="The gate or governed change.",
)
@click.option(
    "--system",
    shell_complete=options.completing("system"),
    metavar="ID",
    help="The system; not for policy-change, enforcement-change and waiver.",
)
@click.option(
    "--role",
    required=True,
    shell_complete=completing_rules("role"),
    metavar="ROLE",
    help="The role in which you approve.",
)
@click.option("--statement", default="", metavar="TEXT", help="What you say yes to, in your own words.")
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Sign with this SSH key: a private key, or the .pub of one that your agent holds."
    " Default: what git config policygate.signingkey names.",
)
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
    key: Path | None,
    base: str | None,
    head: str,
    policies: Path | None,
    evidence: tuple[Path, ...],
    yes: bool,
    directory: Path,
) -> int:
    """Write an approval record for the content of HEAD, signed with --key or under your git identity.

    Shows what the approval is for, and asks. A signed record counts whoever commits it, where base pins
    the key; an unsigned one only where base accepts it, once you commit it yourself. Commit only the
    record, so that you are no author of what you approve.

    \b
    Examples:
      policy-gate approve --for pre-deployment-security-review --system SYS-001 --role ciso --key ~/.ssh/approvals
      policy-gate approve --for tier-lowering --system SYS-001 --role ai-safety-lead --key ~/.ssh/approvals.pub
    """
    beside = tuple(folder.resolve() for folder in evidence)
    asked = options.request(directory, base=base, head=head, organisation_policies=policies, evidence=beside)
    root = find_repository(directory).root
    contributor = who_signs(key, root, asked)
    approver = contributor.approver
    today = options.today()
    source = "signed-records" if contributor.key else "records"
    author = contributor.author or Author(approver.name, approver.email)
    proof = proof_once_signed(contributor.key) if contributor.key else None
    claim = Claim(
        source, proof, author, role, for_, system, None, today, added_by=(author,), problem=contributor.problem
    )
    found = preview_approval(asked, system, for_, claim)
    subject = found.subject
    show(subject_text(subject, render_options()))
    show(proposal_text(found.changes, found.missing, found.roles, found.against, render_options()))
    text = record(
        system=subject.system,
        for_=subject.for_,
        role=role,
        approver=approver,
        subject_digest=subject.digest,
        target_branch=found.target_branch,
        today=today,
        valid_for=found.valid_for,
        content=dict(subject.parts),
        statement=statement,
    )
    file = new_record(root, text, system=subject.system, for_=subject.for_, role=role, today=today)
    show_lines(f"\n{writer.diff([file])}")
    confirm(yes, f"{approver.name} approves {for_} as {role}?")
    files = contributor.files(file)
    writer.create(root, files)
    contributor.tell(files, root, f"{for_} as {role}", found.against)
    return 0
