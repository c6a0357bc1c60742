"""TLS with a private authority's certificate before a plain server on loopback, as self-managed forges have it.

with TlsFront(tmp_path, server.url) as front:
    front.url          # https://127.0.0.1:PORT, for the same server
    front.authority    # the file with the authority's certificate
"""

from __future__ import annotations

import ipaddress
import select
import socket
import ssl
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class TlsFront:
    """Takes TLS connections on a free port and hands their bytes on, until it is closed."""

    def __init__(self, folder: Path, url: str) -> None:
        parts = urlsplit(url)
        self._target = parts.hostname or "", parts.port or 0
        self.authority, pair = _certificates(folder)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(pair)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                taken, _ = self._listener.accept()
                self._threads.append(threading.Thread(target=self._serve, args=(taken,), daemon=True))
                self._threads[-1].start()

    def _serve(self, taken: socket.socket) -> None:
        # A client that does not trust the certificate ends the handshake.
        with (
            suppress(OSError),
            taken,
            self._context.wrap_socket(taken, server_side=True) as client,
            socket.create_connection(self._target) as server,
        ):
            while _passed_on(client, server):
                pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)


def _passed_on(client: ssl.SSLSocket, server: socket.socket) -> bool:
    """Hand on what came from either side; False once one of them has ended."""
    ready = [client] if client.pending() else select.select([client, server], [], [], 5)[0]
    for one, other in ((client, server), (server, client)):
        if one in ready:
            data = one.recv(65536)
            if not data:
                return False
            other.sendall(data)
    return bool(ready)


def _certificates(folder: Path) -> tuple[Path, Path]:
    """A file with an authority, and one with the key and certificate of 127.0.0.1 by it."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A private authority")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    authority = _signed(issuer, issuer, authority_key, authority_key, x509.BasicConstraints(ca=True, path_length=None))
    own = _signed(x509.Name([]), issuer, key, authority_key, address)
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    files = folder / "authority.pem", folder / "server.pem"
    files[0].write_bytes(authority.public_bytes(pem))
    files[1].write_bytes(secret + own.public_bytes(pem))
    return files


def _signed(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    by: ec.EllipticCurvePrivateKey,
    extension: x509.ExtensionType,
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    return builder.add_extension(extension, critical=True).sign(by, hashes.SHA256())
