"""Messages to a push service: encrypted for one subscription (RFC 8291), and signed as this server's (RFC 8292)."""

from __future__ import annotations

import base64
import os
import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from intersession_schemas.errors import InvalidField

CURVE = ec.SECP256R1()
SALT_BYTES = 16
AUTH_BYTES = 16
TOKEN_LASTS = timedelta(hours=12)
"""How long a signed token may be used; push services take at most a day."""
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")
_POINT_BYTES = 65
_RECORD_SIZE = 4096
_TAG_BYTES = 16
_LAST_RECORD = b"\x02"


def encoded(data: bytes) -> str:
    """In base64url without padding, as all of this is written in text."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str, length: int) -> bytes:
    """What was encoded. Raises `InvalidField` unless it is of that length."""
    # As text first: the decoder takes the letters of the other alphabet, too.
    written = _BASE64URL.fullmatch(text) is not None and len(text) % 4 != 1
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) if written else b""
    if len(data) != length:
        raise InvalidField(f"A key of a push subscription must be {length} bytes in base64url.")
    return data


def point(public: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as messages have it: 65 bytes, uncompressed."""
    return public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def subscription_key(text: str) -> ec.EllipticCurvePublicKey:
    """The public key of a subscription (`p256dh`). Raises `InvalidField` where it is none."""
    data = decoded(text, _POINT_BYTES)
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, data)
    except ValueError:
        raise InvalidField("The key of a push subscription is not a point of its curve.") from None


def encrypted(
    payload: bytes,
    receiver: ec.EllipticCurvePublicKey,
    auth: bytes,
    *,
    padded_to: int = 0,
    sender: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The body of a message in the coding `aes128gcm`: one record, which says `payload` and zeros up to `padded_to`
    bytes. `sender` and `salt` are made for the one message; tests give their own."""
    sender = sender or ec.generate_private_key(CURVE)
    salt = salt or os.urandom(SALT_BYTES)
    ours, theirs = point(sender.public_key()), point(receiver)
    shared = _derived(sender.exchange(ec.ECDH(), receiver), auth, b"WebPush: info\0" + theirs + ours, 32)
    key = _derived(shared, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(shared, salt, b"Content-Encoding: nonce\0", 12)
    record = (payload + _LAST_RECORD).ljust(padded_to + len(_LAST_RECORD), b"\0")
    if len(record) + _TAG_BYTES > _RECORD_SIZE:
        raise ValueError("A message to a push service has one record.")
    header = salt + _RECORD_SIZE.to_bytes(4, "big") + len(ours).to_bytes(1, "big") + ours
    return header + AESGCM(key).encrypt(nonce, record, None)


def authorization(endpoint: str, key: ec.EllipticCurvePrivateKey, contact: str, now: datetime) -> str:
    """The header that says whose message it is: a token for the endpoint's push service alone.

    `contact`: whom that service may turn to, a `mailto:` or `https:` address.
    """
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + TOKEN_LASTS).timestamp()),
        "sub": contact,
    }
    said = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
    r, s = decode_dss_signature(key.sign(said.encode(), ec.ECDSA(hashes.SHA256())))
    signature = encoded(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={said}.{signature}, k={encoded(point(key.public_key()))}"


def _json(value: dict[str, object]) -> str:
    return encoded(msgspec.json.encode(value))


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)
