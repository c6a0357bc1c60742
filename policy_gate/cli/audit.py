"""`policy-gate audit`: the log of what was decided, and whether it can be believed."""

from __future__ import annotations

import click

from policy_gate.cli.app import CONTEXT, LazyGroup


@click.group(
    cls=LazyGroup,
    lazy={
        "record": "audit_record:record",
        "log": "audit_read:log",
        "query": "audit_read:query",
        "verify": "audit_verify:verify",
        "export": "audit_read:export",
    },
    context_settings=CONTEXT,
    short_help="Record verdicts and approvals in a log, read it, verify it.",
)
def audit() -> None:
    """Record verdicts, approvals, waivers, changes of stage and steps of incidents in a log that only grows.

    The log is the ref refs/policy-gate/audit of the repository: a commit for each entry, chained by its parent and
    by a digest inside its statement, signed where a key or an identity token is given.

    \b
    Examples:
      policy-gate audit record --base "$(git rev-parse main~1)" --head main
      policy-gate audit record --key ~/.ssh/audit --remote origin
      policy-gate audit record --sigstore --remote origin
      policy-gate audit log --limit 5
      policy-gate audit query --kind approval --role ciso --from 2026-01-01
      policy-gate audit verify --replay --require-signed
      policy-gate audit export --format oscal=audit.json
    """
