"""`policy-gate audit record`: judge, and put what was decided into the log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from policy_gate.app.audit import drafts_of, log_writer, on_its_branch
from policy_gate.app.check import run_check
from policy_gate.app.roles_in_time import RolesInTime
from policy_gate.audit.append import LogWriter
from policy_gate.audit.signers import SigstoreSigner
from policy_gate.cli import options
from policy_gate.cli.attest import repository_url
from policy_gate.cli.audit_options import own_trust, remote_of, signer_of, trust_config
from policy_gate.cli.output import one_line, say, tell
from policy_gate.errors import BaseError
from policy_gate.report.views.audit import added_text, entries_json
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.signing.sigstore_sign import TokenSource
from policy_gate.signing.sigstore_verify import RolesAt

_NAME = lazy_pattern(r"[A-Za-z_][A-Za-z0-9_]{0,127}")


_NO_CHANGE = (
    "base and head are one commit, so that no change was judged. What was merged last is recorded with "
    '--base "$(git rev-parse HEAD~1)" --head HEAD'
)


@click.command(short_help="Judge a change and record the verdict and what it brings.")
@options.base
@options.head
@click.option("--all", "everything", is_flag=True, help="Record the whole head as judged, old gaps too.")
@options.policies
@options.evidence
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Sign with this SSH key: a private key, or the .pub of one that your agent holds.",
)
@click.option("--sigstore", is_flag=True, help="Sign with Sigstore, as whom the identity token of this job names.")
@click.option(
    "--token-file", type=click.Path(path_type=Path), metavar="FILE", help="Take the identity token from FILE."
)
@click.option("--token-variable", metavar="NAME", help="Take the identity token from this environment variable.")
@trust_config
@click.option("--remote", metavar="NAME", help="Also push to this remote, by name or address; never by force.")
@options.text_or_json
@options.directory
def record(
    *,
    directory: Path,
    policies: Path | None,
    evidence: tuple[Path, ...],
    key: Path | None,
    sigstore: bool,
    token_file: Path | None,
    token_variable: str | None,
    trust_config: Path | None,
    remote: str | None,
    formats: Any,
    **asked: Any,
) -> int:
    """Judge as `check` does, and append the verdict, approvals that counted, waivers, stages and steps of incidents.

    A verdict is recorded whatever it is; one that does not bind, or undecided, is not. What the log holds already is
    not added again, so a rerun changes nothing. With --remote the entry is put after what others recorded there.

    \b
    Examples:
      policy-gate audit record
      policy-gate audit record --base "$(git rev-parse main~1)" --head main --key ~/.ssh/audit
      policy-gate audit record --all --remote origin
      policy-gate audit record --sigstore --remote origin

    Exit codes: 0 recorded (or recorded before), 1 a document cannot be read, 2 usage, 3 not recorded, 4 a bug.
    """
    request = options.request(
        directory,
        organisation_policies=policies.resolve() if policies else None,
        evidence=tuple(folder.resolve() for folder in evidence),
        **asked,
    )
    source = _token_source(key, sigstore, token_file, token_variable, trust_config)
    signer = signer_of(key, source, own_trust(directory, trust_config))
    far = remote_of(directory, remote)
    request = on_its_branch(request)
    report = run_check(request, documented=False)
    drafts = drafts_of(report, request, options.now(), repository_url(request.environment))
    with log_writer(directory, signer) as log:
        if signer is not None:
            signer.roles_at = _verified_by(log, directory)
        done = log.append(drafts, far)
    if isinstance(signer, SigstoreSigner) and signer.signed_as:
        say(one_line(f"signed as {signer.signed_as}"))
    where = f"at {far.name}" if far else "here"
    tell(
        formats,
        {
            "text": lambda _: added_text(done.added, done.known, where),
            "json": lambda _: entries_json(done.added),
        },
    )
    if report.trust.mode != "all" and report.trust.base.commit == report.trust.head.commit:
        say(_NO_CHANGE)
    return 0


def _verified_by(log: LogWriter, directory: Path) -> RolesAt | None:
    """The roles by which `verify` will judge the signatures, in this clone."""
    try:
        return RolesInTime(log.repository, options.request(directory)).at
    except BaseError as error:
        say(one_line(f"whether the signature will be believed cannot be told here: {error.message}"))
        return None


def _token_source(
    key: Path | None, sigstore: bool, file: Path | None, variable: str | None, trust: Path | None
) -> TokenSource | None:
    """Where the identity token is; None where nothing is signed with Sigstore."""
    if sigstore and key is not None:
        raise click.UsageError("--key and --sigstore are two ways to sign, and an entry has one signature")
    if not sigstore and (file is not None or variable is not None or trust is not None):
        raise click.UsageError("--token-file, --token-variable and --trust-config are for --sigstore")
    if file is not None and variable is not None:
        raise click.UsageError("--token-file and --token-variable name two tokens, and one is needed")
    for name, given in (("--token-file", str(file or "")), ("--token-variable", variable or "")):
        if given.startswith("eyJ"):  # not shown: whoever reads the log of the job could sign with it
            raise click.UsageError(f"{name} says where the token is, and is no place for the token itself")
    if variable is not None and not _NAME.fullmatch(variable):
        raise click.UsageError("--token-variable takes the name of an environment variable")
    return TokenSource(file.expanduser() if file else None, variable or "") if sigstore else None
