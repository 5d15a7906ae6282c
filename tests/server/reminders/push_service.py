"""A push service of our own on this machine's loopback: it looks at everything that RFC 8030, 8291 and 8292 ask of a
message, and reads it as the browser would that it is for."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def text(data: bytes) -> str:
    """In base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def data(encoded: str) -> bytes:
    """From base64url without padding."""
    return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))


class Browser:
    """A browser's side of a subscription: its keys, and how it reads what comes."""

    def __init__(self, private: ec.EllipticCurvePrivateKey | None = None, auth: bytes = b"0123456789abcdef") -> None:
        self.private = private or ec.generate_private_key(ec.SECP256R1())
        self.auth = auth
        self.public = self.private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )

    def read(self, body: bytes) -> bytes:
        """The one record of a message, without its padding."""
        salt, size, sender = body[:16], int.from_bytes(body[16:20], "big"), body[21 : 21 + body[20]]
        assert len(body) <= size
        other = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.private.exchange(ec.ECDH(), other)
        secret = _hkdf(shared, self.auth, b"WebPush: info\0" + self.public + sender, 32)
        key = _hkdf(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(secret, salt, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, body[21 + len(sender) :], None).rstrip(b"\0")
        assert padded[-1] == 2, "the last record ends with a 2"
        return padded[:-1]


def _hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


@dataclass
class Message:
    """What came: to which path, with which headers and claims, encrypted."""

    path: str
    headers: dict[str, str]
    claims: dict[str, Any]
    body: bytes


@dataclass
class PushService:
    """`answers` with a status and headers; takes messages that are signed with the key that was `subscribed` with."""

    url: str
    subscribed: str = ""
    status: int = 201
    more: dict[str, str] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    asked: int = 0
    wrong: list[str] = field(default_factory=list)
    """What was wrong with a message; empty in every test."""

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int:
        """Look at a request; the status to answer with."""
        self.asked += 1
        try:
            claims = self._claims(headers["authorization"])
            assert headers["content-encoding"] == "aes128gcm"
            assert 0 < int(headers["ttl"]) < 24 * 3600
        except (AssertionError, KeyError, ValueError) as problem:
            self.wrong.append(repr(problem))
            return 400
        if 200 <= self.status < 300:
            self.messages.append(Message(path, headers, claims, body))
        return self.status

    def _claims(self, header: str) -> dict[str, Any]:
        scheme, _, rest = header.partition(" ")
        given = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert scheme == "vapid"
        assert given["k"] == self.subscribed, "signed with the key that was subscribed with"
        said, _, signature = given["t"].rpartition(".")
        head, claims = (json.loads(data(part)) for part in said.split("."))
        assert head == {"typ": "JWT", "alg": "ES256"}
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data(given["k"]))
        raw = data(signature)
        halves = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        key.verify(encode_dss_signature(*halves), said.encode(), ec.ECDSA(hashes.SHA256()))
        assert claims["aud"] == self.url
        assert claims["sub"].startswith(("mailto:", "https://"))
        found: dict[str, Any] = claims
        return found


@contextmanager
def push_service() -> Iterator[PushService]:
    """One that serves until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status = service.take(self.path, {key.lower(): value for key, value in self.headers.items()}, body)
            self.send_response(status)
            for key, value in service.more.items():
                self.send_header(key, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = PushService(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
