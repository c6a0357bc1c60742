"""Verifying Sigstore bundles offline, by identities that base pins and by the keys of one trust root.

Whose the identity is, is read from the certificate and looked up in base's roles; whether certificate, transparency
log and signature are genuine is for the `sigstore` library to say. The trust root is of whoever verifies: a file that
they name, else the one that the library carries or fetched before. Nothing is asked over the network.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from policy_gate.errors import UsageError
from policy_gate.schema.people import UncheckedSignature
from policy_gate.schema.roles import Person, Roles
from policy_gate.signing.pinned_identities import CertifiedIdentity, holder_of_identity
from policy_gate.signing.sigstore_bundle import (
    MISSING_LIBRARY,
    MalformedBundleError,
    MissingLibraryError,
    check_bundle,
    identity_of,
    ill_timed,
    library,
    spelt,
    times_of,
)
from policy_gate.signing.verify import BadSignature

RolesAt = Callable[[datetime], "Roles | None"]
_MAX_TRUST_CONFIG = 4 * 1024 * 1024
_STOPS = (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError)


class VerifiedBundle(NamedTuple):
    """A genuine signature by an identity that base pins. Made by `BundleVerifier.who_signed` and by nothing else."""

    person: Person
    who: CertifiedIdentity
    signed: datetime


class BundleVerifier:
    """One trust root, for as many bundles as there are."""

    def __init__(self, trusted_root: Any) -> None:
        self._library = library()
        self._verifier = self._library.verify.Verifier(trusted_root=trusted_root)

    def who_signed(
        self, message: bytes, data: bytes, recorded: datetime, roles_at: RolesAt
    ) -> VerifiedBundle | BadSignature:
        """Who signed exactly this message, recorded at this moment, or why it is nobody.

        The identity must have been pinned when it was recorded, and still be when it was signed: the first alone lets
        somebody who has it no more say something of a day on which they had it.
        """
        try:
            check_bundle(data)
            bundle = self._library.models.Bundle.from_json(data)
            if spelt(bundle.to_json()) != data:
                raise MalformedBundleError("it says something in another way than it is read")
            who = identity_of(bundle.signing_certificate)
            times = times_of(bundle)
        except MalformedBundleError as error:
            return BadSignature(f"its Sigstore bundle is malformed: {error}")
        except BaseException as error:
            return BadSignature(f"its Sigstore bundle is malformed: {_said(error)}")
        if wrong := ill_timed(times, recorded):
            return BadSignature(wrong)
        moments = [recorded, *(it for it in times if it > recorded)]
        holders = [holder_of_identity(roles_at(it), who, it.date()) for it in moments]
        problem = next((holder.problem for holder in holders if holder.problem), "")
        person = holders[0].person
        if problem or person is None:
            return BadSignature(_since_when(problem, who, roles_at))
        wrong = self.why_not_genuine(message, bundle, who)
        return BadSignature(wrong) if wrong else VerifiedBundle(person, who, times[0])

    def why_not_genuine(self, message: bytes, bundle: Any, who: CertifiedIdentity) -> str:
        """Why a bundle is no signature of this message by this identity; empty where it is one."""
        wanted = self._library.policy.Identity(identity=who.identity, issuer=who.issuer)
        try:
            self._verifier.verify_artifact(message, bundle, wanted)
        except BaseException as error:
            return f"its Sigstore bundle does not verify by the trust root here: {_said(error)}"
        return ""


def bundle_verifier(trust_config: Path | None) -> BundleVerifier | UncheckedSignature:
    """The verifier by a trust configuration, else by the library's own root; what cannot be told without either."""
    try:
        config = trust_of(trust_config, is_offline=True)
        return BundleVerifier(config.trusted_root)
    except MissingLibraryError:
        return UncheckedSignature(MISSING_LIBRARY)
    except UsageError:
        raise
    except Exception as error:
        if trust_config is not None:
            raise _no_trust(trust_config, _said(error)) from error
        return UncheckedSignature(f"Sigstore's trust root cannot be read here: {_said(error)}")


def trust_of(file: Path | None, *, is_offline: bool) -> Any:
    """The library's trust configuration: of a file, else of the public service."""
    models = library().models
    if file is None:
        return models.ClientTrustConfig.production(offline=is_offline)
    try:
        with file.open("rb") as opened:
            data = opened.read(_MAX_TRUST_CONFIG + 1)
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}", hint="--trust-config names a file") from error
    if len(data) > _MAX_TRUST_CONFIG:
        raise _no_trust(file, f"it is larger than {_MAX_TRUST_CONFIG} bytes")
    try:
        config = models.ClientTrustConfig.from_json(data)
        config.trusted_root.get_fulcio_certs()
    except Exception as error:
        raise _no_trust(file, _said(error)) from error
    return config


def _no_trust(file: Path, why: str) -> UsageError:
    hint = "give the client trust configuration of your Sigstore, with trustedRoot and signingConfig"
    return UsageError(f"{file} is no Sigstore trust configuration: {why}", hint=hint)


def _since_when(problem: str, who: CertifiedIdentity, roles_at: RolesAt) -> str:
    """The problem, told more closely of an identity that is pinned now and was not then."""
    if "pinned for nobody" not in problem:
        return problem
    now = datetime.fromisoformat("9999-12-31T00:00:00+00:00")
    holder = holder_of_identity(roles_at(now), who, now.date())
    if holder.person is None:
        return problem
    return f"the identity {who} was pinned for {holder.person.name} at another time than it was recorded and signed"


def _said(error: BaseException) -> str:
    """What a library said of bytes that anybody may have made, in part; even its panics are only told."""
    if isinstance(error, _STOPS):
        raise error
    text = " ".join(str(error.strerror if isinstance(error, OSError) else error).split())
    return text[:200] if text and isinstance(error, Exception) else type(error).__name__
