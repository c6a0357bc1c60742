"""Sigstore bundles of audit entries: their bytes, their shape, and the library that reads the rest.

A bundle is stored in one spelling, so that no two readers see two things in it: the canonical form in ASCII and a line
break, of format 0.3, with one certificate, one entry of a transparency log and a signature of the message itself.
The library is an extra (`sigstore`), and loaded where it is used.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final

from policy_gate.errors import UndecidedError, UsageError
from policy_gate.schema.canonical import canonical
from policy_gate.signing.pinned_identities import CertifiedIdentity

MAX_BYTES: Final = 64 * 1024
"""A bundle of the public service is about 8 kB."""
MISSING_LIBRARY: Final = "Sigstore is not installed here: pip install 'ai-policy-gate[sigstore]'"
EARLIEST, LATEST = timedelta(minutes=10), timedelta(hours=24)
"""A signature counts where its proven time is at most so much before, and so much after, its entry was recorded."""
_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
_PARTS = {"mediaType", "verificationMaterial", "messageSignature"}
_MATERIAL = {"certificate", "tlogEntries"}
_ISSUER, _ISSUER_AS_TEXT = "1.3.6.1.4.1.57264.1.1", "1.3.6.1.4.1.57264.1.8"
_REPOSITORY_ID, _CALLED_BY = "1.3.6.1.4.1.57264.1.15", "1.3.6.1.4.1.57264.1.18"
_UTF8_STRING = 0x0C


class MalformedBundleError(ValueError):
    """The bytes are no bundle of an audit entry; the text says what is wrong."""


class MissingLibraryError(UsageError):
    """The extra `sigstore` is not installed."""


def library() -> Any:
    """What is used of the `sigstore` library; MissingLibraryError where it is not installed."""
    try:
        from cryptography import x509  # noqa: PLC0415 - an extra, and slow
        from sigstore import errors, models, oidc, sign, verify  # noqa: PLC0415 - likewise
        from sigstore.verify import policy  # noqa: PLC0415 - likewise
    except ImportError as error:
        raise MissingLibraryError(
            "Sigstore is not installed here", hint="pip install 'ai-policy-gate[sigstore]'"
        ) from error
    for name in ("sigstore", "tuf", "id"):  # what it logs says less than the errors that are raised, and is for nobody
        logging.getLogger(name).addHandler(logging.NullHandler())
    return SimpleNamespace(errors=errors, models=models, oidc=oidc, sign=sign, verify=verify, policy=policy, x509=x509)


def spelt(bundle: str) -> bytes:
    """The bytes that are stored of a bundle."""
    return (canonical(json.loads(bundle), ascii_only=True) + "\n").encode("ascii")


def check_bundle(data: bytes) -> None:
    """MalformedBundleError where the bytes are not exactly one bundle as it is stored."""
    if len(data) > MAX_BYTES:
        raise MalformedBundleError(f"it is too large (got {len(data)} bytes, at most {MAX_BYTES})")
    try:
        content = json.loads(data)
        is_spelt = (canonical(content, ascii_only=True) + "\n").encode("ascii") == data
    except (ValueError, RecursionError):
        raise MalformedBundleError("it is no JSON") from None
    if not is_spelt or not isinstance(content, dict):
        raise MalformedBundleError("it is not written as a bundle is stored")
    material = content.get("verificationMaterial")
    if content.get("mediaType") != _MEDIA_TYPE or set(content) != _PARTS or not isinstance(material, dict):
        raise MalformedBundleError("it is no bundle of format 0.3 with a signature of the message itself")
    if set(material) - {"timestampVerificationData"} != _MATERIAL or not isinstance(material["tlogEntries"], list):
        raise MalformedBundleError("it does not hold one certificate and an entry of a transparency log")


def identity_of(certificate: Any) -> CertifiedIdentity:
    """Who a certificate names; MalformedBundleError where it names nobody, or several."""
    x509 = library().x509
    extensions = {it.oid.dotted_string: it for it in certificate.extensions}
    found = extensions.get(x509.SubjectAlternativeName.oid.dotted_string)
    names = list(found.value) if found is not None else []
    if len(names) != 1 or not isinstance(names[0], x509.RFC822Name | x509.UniformResourceIdentifier):
        raise MalformedBundleError("its certificate does not name one workflow or e-mail address")
    name = str(names[0].value)
    if isinstance(names[0], x509.RFC822Name) != ("://" not in name):
        raise MalformedBundleError("its certificate names an e-mail address as a workflow, or the other way round")
    said = {_text(extensions[oid].value.value, oid) for oid in (_ISSUER, _ISSUER_AS_TEXT) if oid in extensions}
    if len(said) != 1:
        raise MalformedBundleError("its certificate does not name one issuer")
    more = {oid: _text(extensions[oid].value.value, oid) for oid in (_CALLED_BY, _REPOSITORY_ID) if oid in extensions}
    return CertifiedIdentity(said.pop(), name, more.get(_CALLED_BY, ""), more.get(_REPOSITORY_ID, ""))


def bundle_identity(data: bytes) -> CertifiedIdentity:
    """Whom a stored bundle names, unverified; UndecidedError where it cannot be read."""
    try:
        check_bundle(data)
        return identity_of(library().models.Bundle.from_json(data).signing_certificate)
    except MissingLibraryError:
        raise
    except Exception as error:
        raise UndecidedError(f"a Sigstore bundle of this clone's log is malformed: {type(error).__name__}") from error


def _text(value: bytes, oid: str) -> str:
    """An extension's text: bare in the oldest of them, a UTF8String in the others."""
    if oid != _ISSUER:
        length, start = (value[1], 2) if len(value) > 1 else (0, 0)
        if length & 0x80:
            start = 2 + (length & 0x7F)
            length = int.from_bytes(value[2:start], "big")
        if not value or value[0] != _UTF8_STRING or len(value) != start + length:
            raise MalformedBundleError("its certificate says something that is no text")
        value = value[start:]
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedBundleError("its certificate says something that is no text") from None


def times_of(bundle: Any) -> list[datetime]:
    """Every time that a bundle carries, proven or not: of its log's entry and of stamps, what the log signed first.

    As the library itself reads it: what only looks like a time to others is none.
    """
    (entry,) = json.loads(bundle.to_json())["verificationMaterial"]["tlogEntries"]
    seconds = int(entry.get("integratedTime") or 0)
    logged = [datetime.fromtimestamp(seconds, UTC)] if seconds else []
    read = bundle.verification_material.timestamp_verification_data
    stamped = [it.tst_info.gen_time.astimezone(UTC) for it in (read.rfc3161_timestamps if read is not None else ())]
    return [*logged, *stamped] if "inclusionPromise" in entry else [*stamped, *logged]


def ill_timed(times: list[datetime], recorded: datetime) -> str:
    """Why a signature of these times is none of what was recorded then; empty where it may be one."""
    for time in times:
        if not -EARLIEST <= time - recorded <= LATEST:
            said = _written(time)
            return f"its bundle says that it was signed {said}, and the entry that it was recorded {_written(recorded)}"
    return "" if times else "its bundle does not say when it was signed"


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
