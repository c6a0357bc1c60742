"""What the commands of `policy-gate audit` share: which log, at which remote, and having it here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from policy_gate.app.audit import log_writer
from policy_gate.audit.append import HERE, LogWriter, no_entry_at
from policy_gate.audit.log import ReadLog, read_log
from policy_gate.audit.signers import EntrySigner, SigstoreSigner, SshSigner
from policy_gate.errors import PolicyGateError, UndecidedError
from policy_gate.schema.audit_entry import REF
from policy_gate.signing.sign import signing_key
from policy_gate.signing.sigstore_sign import KeylessSigner, TokenSource
from policy_gate.vcs.discovery import RepositoryLocation, find_repository
from policy_gate.vcs.ref_remote import GitRefRemote, own_remote

remote = click.option(
    "--remote", metavar="NAME", help="Take the log of this remote, by name or address, in place of the one here."
)


def remote_of(directory: Path, name: str | None) -> GitRefRemote | None:
    """The remote of that name or address, asked with the user's own settings; None where none is named."""
    if not name:
        return None
    if name.startswith("-"):
        raise click.UsageError(f"--remote {name} is no name or address of a remote")
    return own_remote(find_repository(directory).git_dir, name)


trust_config = click.option(
    "--trust-config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Trust this Sigstore (a client trust configuration as JSON) in place of the public one.",
)


def own_trust(directory: Path, file: Path | None) -> Path | None:
    """The trust configuration that is named; UsageError where whoever changes the repository could change it."""
    if file is None:
        return None
    place, found = find_repository(directory), file.expanduser()
    if any(_is_of(place, it) for it in (found.resolve(), found.parent.resolve() / found.name)):
        raise click.UsageError(
            f"--trust-config {file} is inside the repository, whose authors could so choose who is believed: keep it "
            "elsewhere"
        )
    return found


def _is_of(place: RepositoryLocation, file: Path) -> bool:
    """Whether a file lies in this repository, or in another work tree of it."""
    if file.is_relative_to(place.root.resolve()):
        return True
    try:
        return find_repository(file.parent).common_dir.resolve() == place.common_dir.resolve()
    except PolicyGateError:
        return False


def signer_of(key: Path | None, source: TokenSource | None, trust: Path | None) -> EntrySigner | None:
    """What signs the entries; UsageError where the key, the token or the trust configuration is none."""
    if source is not None:
        return SigstoreSigner(KeylessSigner(source, trust))
    return SshSigner(signing_key(key.expanduser())) if key else None


@contextmanager
def opened_log(directory: Path, name: str | None) -> Iterator[tuple[LogWriter, str, str]]:
    """The log to read: its writer, the commit that it ends in (empty: there is none), and what it is remembered as."""
    far = remote_of(directory, name)
    with log_writer(directory) as log:
        if far is None:
            yield log, log.writer.at(REF), HERE
            return
        head = far.head(REF)
        if head and not log.repository.holds_commit(head):
            far.fetch(REF)
        yield log, head, far.name


def entries_of(log: LogWriter, head: str, limit: int | None = None) -> ReadLog:
    """The entries up to a head; UndecidedError where there is no log or its newest entry is not here."""
    if not head:
        raise UndecidedError(
            "there is no audit log in this clone",
            hint="policy-gate audit record begins one; --remote origin looks at the one of a remote",
        )
    if not log.repository.holds_commit(head):
        raise no_entry_at(log.repository, head)
    return read_log(log.repository, head, limit)
