"""`--attest FILE`: the attestation of one check, for those who sign it; and no other one in its place.

Whoever signs FILE afterwards must find the answer of this check there or nothing at all: neither an older one, nor
one that came with the checkout. So FILE is taken away before anything is judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from policy_gate.cli.output import one_line, say
from policy_gate.documents.atomic_file import replacing
from policy_gate.errors import UsageError
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.report import Report

_HINT = "give --attest FILE a place for a file of its own"
_REPOSITORY = lazy_pattern(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")


def withdraw(file: Path) -> None:
    """Take away what stands at `file`; of a link the link alone. UsageError where it is no file or cannot be."""
    try:
        if file.is_symlink() and file.exists() and not file.is_file():
            raise UsageError(f"cannot put an attestation at {file}: it is a link to what is no file", hint=_HINT)
        if not file.is_symlink() and file.exists() and not file.is_file():
            raise UsageError(f"cannot put an attestation at {file}: it is no file", hint=_HINT)
        file.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"cannot put an attestation at {file}: {error.strerror}", hint=_HINT) from error


def attest(file: Path, report: Report, request: Request) -> None:
    """Write the attestation of this report to `file`, or say on standard error why there is none.

    UsageError as for `withdraw`; nothing older is at `file` afterwards either way.
    """
    from policy_gate.report.formats.attestation import attestation, unattestable  # noqa: PLC0415 - slow, and rarely wanted

    withdraw(file)
    why_not = unattestable(report)
    if why_not:
        decline(file, why_not)
        return
    _write(file, attestation(report, request.as_of, repository_url(request.environment)))


def decline(file: Path, why_not: str) -> None:
    """Say that there is no attestation, and why."""
    say(one_line(f"no attestation in {file}: {why_not}"))


def repository_url(environment: Mapping[str, str]) -> str:
    """The web address of the repository whose job this is, as GitHub and GitLab tell it; empty elsewhere."""
    if environment.get("GITHUB_ACTIONS") == "true":
        server, name = environment.get("GITHUB_SERVER_URL", ""), environment.get("GITHUB_REPOSITORY", "")
        return f"{server.rstrip('/')}/{name}" if server and _REPOSITORY.fullmatch(name) else ""
    return environment.get("CI_PROJECT_URL", "") if environment.get("GITLAB_CI") == "true" else ""


def _write(file: Path, text: str) -> None:
    """Put `text` at `file` whole or not at all, in the place of whatever came there since; no link is followed."""
    try:
        with replacing(file) as out:
            out.write(text.encode("utf-8"))
    except OSError as error:
        raise UsageError(f"cannot put an attestation at {file}: {error.strerror}", hint=_HINT) from error
