"""Signing an audit entry with Sigstore, without a key: a token says who, a certificate lasts minutes, a log keeps it.

The token is the job's own (GitHub, GitLab and others that the library knows), or in a file or variable that is named.
It goes to the certificate authority and nowhere else. Nobody is asked for anything and no browser opens.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from policy_gate.errors import PolicyGateError, UndecidedError, UsageError
from policy_gate.signing.pinned_identities import CertifiedIdentity
from policy_gate.signing.sigstore_bundle import MAX_BYTES, identity_of, ill_timed, library, spelt, times_of
from policy_gate.signing.sigstore_verify import BundleVerifier, trust_of

T = TypeVar("T")
_SECONDS = 120.0
"""How long the services may take over one signature; the library itself would wait for ever."""
_CERTIFICATE_SECONDS = 300.0
"""A certificate is used for so long, half of the time that it is valid."""
_MAX_TOKEN = 64 * 1024
_NOTHING = "nothing was recorded"
_WHY_TOKEN = {
    "ExpiredSignatureError": "it has expired",
    "ImmatureSignatureError": "it is not valid yet: look at the clock of this machine",
    "InvalidAudienceError": "it is for another audience than sigstore",
    "NoneType": "it has expired or is not valid yet: look at the clock of this machine",
    "MissingRequiredClaimError": "it does not say who it is for, or until when",
}


class TokenSource(NamedTuple):
    """Where the identity token is: a file, a variable, or else the job itself."""

    file: Path | None = None
    variable: str = ""

    def token(self) -> str:
        """The token; UsageError where there is none."""
        if self.file is not None:
            return _read(self.file)
        if self.variable:
            found = os.environ.get(self.variable, "").strip()
            if not found:
                raise UsageError(f"the variable {self.variable} holds no identity token", hint=_NOTHING)
            return found
        return _of_this_job()


class KeylessSigner:
    """Signs for one run, with a new certificate and token where the last one has lived long enough."""

    def __init__(self, source: TokenSource, trust_config: Path | None = None) -> None:
        """UsageError where the library, the token or the trust configuration is missing or none."""
        self._library = library()
        self._source = source
        self._identity = self._token()
        self._context: Any = None
        self._verifier: Any = None
        self._signer: Any = None
        self._since = 0.0
        self._trust_config = trust_config
        if trust_config is not None:
            self._connect()

    def sign(self, message: bytes, recorded: datetime) -> tuple[bytes, CertifiedIdentity]:
        """The bundle over a message that was recorded at this moment, and whom it names.

        UndecidedError where it was not made, or does not verify: what is stored is for ever.
        """
        bundle = _within(lambda: self._signed(message), "sign the entry")
        try:
            who = identity_of(bundle.signing_certificate)
            wrong = self._verifier.why_not_genuine(message, bundle, who)
            ill = ill_timed(times_of(bundle), recorded)
        except Exception as error:
            raise _unusable(type(error).__name__) from error
        if wrong:
            raise _unusable(wrong)
        if ill:
            raise UndecidedError(f"nothing is recorded: {ill}", hint="look at the clock of this machine")
        data = spelt(bundle.to_json())
        if len(data) > MAX_BYTES:
            raise _unusable(f"its bundle takes {len(data)} bytes, more than {MAX_BYTES}")
        return data, who

    def _signed(self, message: bytes) -> Any:
        if self._context is None:
            self._connect()
        if self._signer is None or time.monotonic() - self._since > _CERTIFICATE_SECONDS:
            token = self._identity if self._signer is None else self._token()
            self._signer = self._library.sign.Signer(token, self._context)
            self._since = time.monotonic()
        return self._signer.sign_artifact(message)

    def _connect(self) -> None:
        config = trust_of(self._trust_config, is_offline=False)
        try:
            self._context = self._library.sign.SigningContext.from_trust_config(config)
            self._verifier = BundleVerifier(config.trusted_root)
        except Exception as error:
            said = " ".join(str(error).split())[:200]
            raise UsageError(
                f"the Sigstore trust configuration names no services to sign with: {said}",
                hint="its signingConfig needs caUrls and rekorTlogUrls that are valid now",
            ) from error

    def _token(self) -> Any:
        oidc = self._library.oidc
        raw = self._source.token()
        try:
            return oidc.IdentityToken(raw)
        except oidc.IdentityError as error:
            why = _WHY_TOKEN.get(type(error.__cause__).__name__, "it is malformed")
            raise UsageError(
                f"the identity token is of no use: {why}", hint="get a new one, for the audience sigstore"
            ) from error


def _read(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            data = opened.read(_MAX_TOKEN + 1)
    except OSError as error:
        raise UsageError(f"cannot read the identity token in {file}: {error.strerror}", hint=_NOTHING) from error
    text = data.decode("ascii", "replace").strip()
    if not text or len(data) > _MAX_TOKEN:
        raise UsageError(f"{file} holds no identity token", hint=_NOTHING)
    return text


def _of_this_job() -> str:
    oidc = library().oidc
    try:
        found = _within(oidc.detect_credential, "get an identity token of this job", passed=(oidc.IdentityError,))
    except oidc.IdentityError as error:
        if os.environ.get("GITHUB_ACTIONS"):
            hint = "give the job permissions: id-token: write; a pull request of a fork never has it"
        elif os.environ.get("GITLAB_CI"):
            hint = "give the job id_tokens: SIGSTORE_ID_TOKEN: aud: sigstore"
        else:
            hint = "--token-file or --token-variable names one"
        raise UsageError("this job has no identity token to sign with", hint=hint) from error
    if not found:
        raise UsageError(
            "there is no identity token to sign with here",
            hint="--sigstore is for jobs, which have one; --token-file or --token-variable names another",
        )
    return str(found)


def _within(step: Callable[[], T], what: str, passed: tuple[type[Exception], ...] = ()) -> T:
    """What a step of the library gives, in bounded time; what goes wrong in it as one of our errors."""
    answers: list[T] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            answers.append(step())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(_SECONDS)
    if answers:
        return answers[0]
    if not errors:
        raise UndecidedError(f"Sigstore did not {what} within {_SECONDS:.0f} seconds", hint="run it again later")
    if isinstance(errors[0], (PolicyGateError, *passed)):
        raise errors[0]
    raise _failed(errors[0]) from errors[0]


def _failed(error: BaseException) -> UndecidedError:
    """What an error of the library means; its own words can hold what a service answered, and are left out."""
    kind = type(error).__name__
    status = getattr(getattr(error.__cause__, "response", None), "status_code", None)
    if kind == "FulcioClientError" and status:
        refused = f"the certificate authority refused the identity token (HTTP {status})"
        return UndecidedError(f"nothing is recorded: {refused}", hint="is it a new one, of an issuer that it knows?")
    if kind in ("ExpiredCertificate", "ExpiredIdentity"):
        what = "the certificate" if kind == "ExpiredCertificate" else "the identity token"
        said = f"nothing is recorded: {what} has expired by the clock of this machine"
        return UndecidedError(said, hint="look at the clock, and get a new token")
    if kind == "RekorClientError":
        return UndecidedError("nothing is recorded: the transparency log refused the entry", hint="run it again later")
    if kind == "TUFError":
        hint = "this machine must reach tuf-repo-cdn.sigstore.dev, or name your own with --trust-config"
        return UndecidedError("nothing is recorded: Sigstore's trust root cannot be fetched", hint=hint)
    if isinstance(error, OSError) and kind not in ("JSONDecodeError", "InvalidJSONError"):
        return UndecidedError(
            f"nothing is recorded: a Sigstore service cannot be reached ({kind})", hint="run it again later"
        )
    return _unusable(kind)


def _unusable(why: str) -> UndecidedError:
    return UndecidedError(
        f"nothing is recorded: a Sigstore service gave an answer that is of no use: {why}",
        hint="is it the service that the trust configuration is for?",
    )
