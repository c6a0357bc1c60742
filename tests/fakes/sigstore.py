"""A Sigstore of its own: certificate authority, certificate log, transparency log and time stamps, on loopback.

A fake of the services alone: keys, certificates, proofs and stamps are real, made here after the published formats
(RFC 5280, 6962, 3161, and what Fulcio and Rekor document), and judged by the library `sigstore`, which shares no code
with this. Tokens are believed where they are signed with the secret of the fake's own issuer.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

GITHUB = "https://token.actions.githubusercontent.com"
WORKFLOW = "https://github.com/example-org/app/.github/workflows/audit.yml@refs/heads/main"
ARC = "1.3.6.1.4.1.57264.1."
_SCT_LIST = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
_SIGNED_DATA, _TST_INFO = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
_SHA256, _ECDSA = "2.16.840.1.101.3.4.2.1", "1.2.840.10045.4.3.2"
_ALGORITHM = {"algorithm": "SHA2_256"}


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def compact(data: Any) -> bytes:
    """JSON as the logs hash and sign it."""
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode()


def spki(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def signed(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    return key.sign(data, ec.ECDSA(hashes.SHA256()))


def der(tag: int, *parts: bytes) -> bytes:
    """One value of DER."""
    content = b"".join(parts)
    size = len(content)
    long = size.to_bytes((size.bit_length() + 7) // 8 or 1, "big")
    return bytes([tag]) + (bytes([size]) if size < 128 else bytes([0x80 | len(long)]) + long) + content


def oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    found = bytearray([first * 40 + second])
    for number in rest:
        digits = [number & 0x7F]
        while number := number >> 7:
            digits.append(number & 0x7F | 0x80)
        found += bytes(reversed(digits))
    return der(0x06, bytes(found))


def integer(number: int) -> bytes:
    return der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def root_of(name: str, key: ec.EllipticCurvePrivateKey, start: datetime) -> x509.Certificate:
    """A self-signed certificate of an authority, valid for ten years."""
    who = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "fake"), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    return (
        _dated(x509.CertificateBuilder(), start, timedelta(days=3650))
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _dated(builder: x509.CertificateBuilder, start: datetime, length: timedelta) -> x509.CertificateBuilder:
    return builder.serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(start + length)


class Sigstore:
    """`with Sigstore() as service:` serves until its end; `now` is the clock of all its parts."""

    def __init__(self) -> None:
        self.secret = b"the secret of the issuer"
        self.start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3650 - 100)
        self.ahead = timedelta()
        self.ca, self.ct, self.log, self.tsa_root, self.tsa = (new_key() for _ in range(5))
        self.root = root_of("ca", self.ca, self.start)
        self.tsa_root_cert = root_of("time stamps", self.tsa_root, self.start)
        self.tsa_cert = self._tsa_certificate()
        self.leaves: list[bytes] = []
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: dict[str, tuple[int, bytes]] = {}
        """by the last part of an address: what is answered in place of the truth"""
        self.certificate_of: dict[str, Any] = {}
        """what certificates say in place of what the token says"""
        self.is_stamping, self.version, self.log_name = False, 1, "fake.log"
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Sigstore:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, kind, answer = service.answer(self.path, dict(self.headers), body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def now(self) -> datetime:
        return datetime.now(UTC).replace(microsecond=0) + self.ahead

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        self.asked.append((path, headers, body))
        for ending, (status, text) in self.answers.items():
            if path.endswith(ending):
                return status, "application/json", text
        if path == "/api/v2/signingCert":
            return self._certify(headers, json.loads(body))
        if path == "/api/v1/timestamp":
            digest = body[body.index(b"\x04\x20") + 2 :][:32]
            return 201, "application/timestamp-reply", self.stamp(digest, self.now)
        logged = self.logged_v1 if path == "/api/v1/log/entries" else self.logged_v2
        return 201, "application/json", json.dumps(logged(json.loads(body), self.now)).encode()

    def token(self, identity: str = WORKFLOW, issuer: str = GITHUB, **claims: Any) -> str:
        """An identity token, valid for five minutes unless `claims` say otherwise."""
        now = int(datetime.now(UTC).timestamp())
        said: dict[str, Any] = {"iss": issuer, "sub": identity, "aud": "sigstore", "iat": now, "exp": now + 300}
        said = {key: value for key, value in {**said, **claims}.items() if value is not None}
        if "@" in identity and "://" not in identity:
            said |= {"email": identity}
        parts = [base64.urlsafe_b64encode(json.dumps(it).encode()).rstrip(b"=") for it in ({"alg": "HS256"}, said)]
        mark = hmac.digest(self.secret, b".".join(parts), "sha256")
        return b".".join([*parts, base64.urlsafe_b64encode(mark).rstrip(b"=")]).decode("ascii")

    def certificate(
        self,
        key: Any,
        identity: str = WORKFLOW,
        issuer: str = GITHUB,
        at: datetime | None = None,
        *,
        called_by: str | None = None,
        repository_id: str = "",
        names: list[x509.GeneralName] | None = None,
        issuers: list[tuple[str, bytes]] | None = None,
        ca: ec.EllipticCurvePrivateKey | None = None,
        is_logged: bool = True,
        usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.CODE_SIGNING,
    ) -> x509.Certificate:
        """A certificate for ten minutes from `at`, as Fulcio fills them, with the proof of the certificate log."""
        start = at or self.now
        is_name = "://" in identity
        name: x509.GeneralName = x509.UniformResourceIdentifier(identity) if is_name else x509.RFC822Name(identity)
        said = [("1", issuer.encode()), ("8", der(0x0C, issuer.encode()))] if issuers is None else issuers
        caller = identity if called_by is None and is_name else called_by
        said += [("18", der(0x0C, caller.encode()))] if caller else []
        said += [("15", der(0x0C, repository_id.encode()))] if repository_id else []
        digital = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
        builder = (
            _dated(x509.CertificateBuilder(), start, timedelta(minutes=10))
            .subject_name(x509.Name([]))
            .issuer_name(self.root.subject)
            .public_key(key)
            .add_extension(digital, critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(x509.SubjectAlternativeName(names or [name]), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.ca.public_key()), critical=False)
        )
        for number, value in said:
            more = x509.UnrecognizedExtension(x509.ObjectIdentifier(ARC + number), value)
            builder = builder.add_extension(more, critical=False)
        by = ca or self.ca
        plain = builder.sign(by, hashes.SHA256())
        if not is_logged:
            return plain
        listed = self._proof_of_certificate(plain.tbs_certificate_bytes, start)
        return builder.add_extension(x509.UnrecognizedExtension(_SCT_LIST, listed), critical=False).sign(
            by, hashes.SHA256()
        )

    def _proof_of_certificate(self, tbs: bytes, at: datetime) -> bytes:
        """The extension with one signed certificate timestamp (RFC 6962)."""
        when = int(at.timestamp() * 1000).to_bytes(8, "big")
        issuer = hashlib.sha256(spki(self.ca)).digest()
        mark = signed(self.ct, b"\0\0" + when + b"\0\1" + issuer + len(tbs).to_bytes(3, "big") + tbs + b"\0\0")
        proof = b"\0" + hashlib.sha256(spki(self.ct)).digest() + when + b"\0\0\x04\x03" + len(mark).to_bytes(2, "big")
        proof += mark
        listed = len(proof).to_bytes(2, "big") + proof
        return der(0x04, len(listed).to_bytes(2, "big") + listed)

    def _certify(self, headers: dict[str, str], asked: dict[str, Any]) -> tuple[int, str, bytes]:
        raw = headers.get("Authorization", "").removeprefix("Bearer ")
        body, _, mark = raw.rpartition(".")
        right = base64.urlsafe_b64encode(hmac.digest(self.secret, body.encode(), "sha256")).rstrip(b"=").decode()
        if not hmac.compare_digest(mark, right):
            return (
                401,
                "application/json",
                b'{"code": 16, "message": "no such token"}',
            )
        payload = body.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
        request = x509.load_pem_x509_csr(base64.b64decode(asked["certificateSigningRequest"]))
        assert request.is_signature_valid
        said = {"identity": claims.get("email") or claims["sub"], "issuer": claims["iss"]} | self.certificate_of
        made = self.certificate(request.public_key(), **said)
        pems = [it.public_bytes(serialization.Encoding.PEM).decode() for it in (made, self.root)]
        answer = {"signedCertificateEmbeddedSct": {"chain": {"certificates": pems}}}
        return 201, "application/json", json.dumps(answer).encode()

    def _included(self, body: bytes) -> tuple[int, dict[str, Any]]:
        """Put a body into the tree: its place, and the proof that it is there with a signed checkpoint."""
        self.leaves.append(hashlib.sha256(b"\0" + body).digest())
        place = len(self.leaves) - 1
        root = _tree(self.leaves)
        note = f"{self.log_name} - 1\n{len(self.leaves)}\n{b64(root)}\n"
        mark = hashlib.sha256(spki(self.log)).digest()[:4] + signed(self.log, note.encode())
        checkpoint = f"{note}\n\u2014 {self.log_name} {b64(mark)}\n"
        return place, {"root": root, "hashes": _path(place, self.leaves), "checkpoint": checkpoint}

    def logged_v1(self, body: dict[str, Any], at: datetime) -> dict[str, Any]:
        """What Rekor 1 answers about a new entry."""
        text = compact(body)
        place, proof = self._included(text)
        entry = {
            "body": b64(text),
            "integratedTime": int(at.timestamp()),
            "logID": hashlib.sha256(spki(self.log)).hexdigest(),
            "logIndex": place,
        }
        told = {
            "logIndex": place,
            "rootHash": proof["root"].hex(),
            "treeSize": len(self.leaves),
            "hashes": [it.hex() for it in proof["hashes"]],
            "checkpoint": proof["checkpoint"],
        }
        more = {"inclusionProof": told, "signedEntryTimestamp": b64(signed(self.log, compact(entry)))}
        return {f"{place:064x}": {**entry, "verification": more}}

    def logged_v2(self, asked: dict[str, Any], _at: datetime) -> dict[str, Any]:
        """What Rekor 2 answers about a new entry; it knows no time."""
        request = asked["hashedRekordRequestV002"]
        spec = {"data": {**_ALGORITHM, "digest": request["digest"]}, "signature": request["signature"]}
        text = compact({"apiVersion": "0.0.2", "kind": "hashedrekord", "spec": {"hashedRekordV002": spec}})
        place, proof = self._included(text)
        told = {
            "logIndex": str(place),
            "rootHash": b64(proof["root"]),
            "treeSize": str(len(self.leaves)),
            "hashes": [b64(it) for it in proof["hashes"]],
            "checkpoint": {"envelope": proof["checkpoint"]},
        }
        return {
            "logIndex": str(place),
            "logId": {"keyId": b64(hashlib.sha256(spki(self.log)).digest())},
            "kindVersion": {"kind": "hashedrekord", "version": "0.0.2"},
            "integratedTime": "0",
            "inclusionProof": told,
            "canonicalizedBody": b64(text),
        }

    def bundle(self, message: bytes, at: datetime | None = None, stamped: datetime | None = None, **about: Any) -> Any:
        """A bundle over a message made by whoever may ask this service, without the library: as plain data."""
        key, when = new_key(), at or self.now
        made = self.certificate(key.public_key(), at=about.pop("valid_from", when - timedelta(seconds=5)), **about)
        digest = hashlib.sha256(message).digest()
        mark = key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))
        pem = made.public_bytes(serialization.Encoding.PEM)
        body = {
            "apiVersion": "0.0.1",
            "kind": "hashedrekord",
            "spec": {
                "data": {"hash": {"algorithm": "sha256", "value": digest.hex()}},
                "signature": {"content": b64(mark), "publicKey": {"content": b64(pem)}},
            },
        }
        ((_, entry),) = self.logged_v1(body, when).items()
        proof = entry["verification"]["inclusionProof"]
        logged = {
            "logIndex": str(entry["logIndex"]),
            "logId": {"keyId": b64(bytes.fromhex(entry["logID"]))},
            "kindVersion": {"kind": "hashedrekord", "version": "0.0.1"},
            "integratedTime": str(entry["integratedTime"]),
            "inclusionPromise": {"signedEntryTimestamp": entry["verification"]["signedEntryTimestamp"]},
            "inclusionProof": {
                "logIndex": str(proof["logIndex"]),
                "rootHash": b64(bytes.fromhex(proof["rootHash"])),
                "treeSize": str(proof["treeSize"]),
                "hashes": [b64(bytes.fromhex(it)) for it in proof["hashes"]],
                "checkpoint": {"envelope": proof["checkpoint"]},
            },
            "canonicalizedBody": entry["body"],
        }
        material: dict[str, Any] = {
            "certificate": {"rawBytes": b64(made.public_bytes(serialization.Encoding.DER))},
            "tlogEntries": [logged],
            "timestampVerificationData": {"rfc3161Timestamps": []},
        }
        if stamped is not None:
            stamp = self.stamp(hashlib.sha256(mark).digest(), stamped)
            material["timestampVerificationData"]["rfc3161Timestamps"] = [{"signedTimestamp": b64(stamp)}]
        return {
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": material,
            "messageSignature": {"messageDigest": {**_ALGORITHM, "digest": b64(digest)}, "signature": b64(mark)},
        }

    def _tsa_certificate(self) -> x509.Certificate:
        stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
        return (
            _dated(x509.CertificateBuilder(), self.start, timedelta(days=3650))
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stamper")]))
            .issuer_name(self.tsa_root_cert.subject)
            .public_key(self.tsa.public_key())
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(stamping, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.tsa.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.tsa_root.public_key()), critical=False
            )
            .sign(self.tsa_root, hashes.SHA256())
        )

    def stamp(self, digest: bytes, at: datetime) -> bytes:
        """A time stamp (RFC 3161) over a SHA-256 digest."""
        sha256 = der(0x30, oid(_SHA256))
        imprint = der(0x30, sha256, der(0x04, digest))
        when = der(0x18, at.strftime("%Y%m%d%H%M%SZ").encode())
        info = der(0x30, integer(1), oid("1.3.6.1.4.1.57264.2"), imprint, integer(len(self.leaves) + 1), when)
        certificate = self.tsa_cert.public_bytes(serialization.Encoding.DER)
        known = der(0x30, der(0x30, der(0x30, der(0x04, hashlib.sha256(certificate).digest()))))
        attributes = sorted(
            [
                der(0x30, oid("1.2.840.113549.1.9.3"), der(0x31, oid(_TST_INFO))),
                der(0x30, oid("1.2.840.113549.1.9.4"), der(0x31, der(0x04, hashlib.sha256(info).digest()))),
                der(0x30, oid("1.2.840.113549.1.9.16.2.47"), der(0x31, known)),
            ]
        )
        mark = signed(self.tsa, der(0x31, *attributes))
        who = der(0x30, self.tsa_cert.issuer.public_bytes(), integer(self.tsa_cert.serial_number))
        signer = der(0x30, integer(1), who, sha256, der(0xA0, *attributes), der(0x30, oid(_ECDSA)), der(0x04, mark))
        content = der(0x30, oid(_TST_INFO), der(0xA0, der(0x04, info)))
        data = der(0x30, integer(3), der(0x31, sha256), content, der(0xA0, certificate), der(0x31, signer))
        token = der(0x30, oid(_SIGNED_DATA), der(0xA0, data))
        return der(0x30, der(0x30, integer(0)), token)

    def trust_config(self, file: Path, url: str | None = None, *, root: Sigstore | None = None) -> Path:
        """The client trust configuration of this service (or of the keys of another), written to a file."""
        keys, since = root or self, {"start": (self.start + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")}
        base = url or self.url

        def log(key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
            details = {"keyDetails": "PKIX_ECDSA_P256_SHA_256", "rawBytes": b64(spki(key)), "validFor": since}
            mark = {"keyId": b64(hashlib.sha256(spki(key)).digest())}
            return {
                "baseUrl": f"https://{keys.log_name}",
                "hashAlgorithm": "SHA2_256",
                "publicKey": details,
                "logId": mark,
            }

        def authority(*chain: x509.Certificate) -> dict[str, Any]:
            listed = [{"rawBytes": b64(it.public_bytes(serialization.Encoding.DER))} for it in chain]
            who = {"organization": "fake", "commonName": "fake"}
            return {"subject": who, "uri": base, "certChain": {"certificates": listed}, "validFor": since}

        def service(address: str, version: int) -> list[dict[str, Any]]:
            return [{"url": address, "majorApiVersion": version, "validFor": since, "operator": "fake"}]

        trusted = {
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [log(keys.log)],
            "certificateAuthorities": [authority(keys.root)],
            "ctlogs": [log(keys.ct)],
            "timestampAuthorities": [authority(keys.tsa_cert, keys.tsa_root_cert)],
        }
        signing = {
            "mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json",
            "caUrls": service(base, 1),
            "oidcUrls": [],
            "rekorTlogUrls": service(base, self.version),
            "rekorTlogConfig": {"selector": "ANY"},
            "tsaUrls": service(f"{base}/api/v1/timestamp", 1) if self.is_stamping else [],
            "tsaConfig": {"selector": "ANY"},
        }
        media = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json"
        file.write_text(json.dumps({"mediaType": media, "trustedRoot": trusted, "signingConfig": signing}), "utf-8")
        return file


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _tree(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return _node(_tree(leaves[:half]), _tree(leaves[half:]))


def _path(place: int, leaves: list[bytes]) -> list[bytes]:
    """The audit path of a leaf (RFC 6962, 2.1.1)."""
    if len(leaves) == 1:
        return []
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    if place < half:
        return [*_path(place, leaves[:half]), _tree(leaves[half:])]
    return [*_path(place - half, leaves[half:]), _tree(leaves[:half])]
