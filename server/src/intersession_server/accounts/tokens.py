"""Opaque 256-bit secrets (device tokens, sign-in sessions, the operator's): made, hashed, compared. Pure.

Kept is a SHA-256 (the secret has 256 bits of its own, so a slow hash would add nothing) and, where a row has to
be found, the first characters as a look-up prefix.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

TOKEN_BYTES = 32
PREFIX_LENGTH = 8

_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")


def token_from(random: bytes) -> str:
    """A token of 43 characters (base64url without padding) from exactly 32 random bytes."""
    if len(random) != TOKEN_BYTES:
        raise ValueError(f"A token is made of {TOKEN_BYTES} random bytes.")
    return base64.urlsafe_b64encode(random).rstrip(b"=").decode()


def looks_like_token(text: str) -> bool:
    """Whether `text` has the shape of a token; anything else need not be looked up."""
    return _SHAPE.fullmatch(text) is not None


def prefix(token: str) -> str:
    """What the row is found by; 48 of the 256 bits."""
    return token[:PREFIX_LENGTH]


def token_hash(token: str) -> str:
    """Hex SHA-256 of the token."""
    return hashlib.sha256(token.encode()).hexdigest()


def matches(token: str, expected_hash: str) -> bool:
    """Whether `token` is the one that was hashed, in constant time."""
    return hmac.compare_digest(token_hash(token), expected_hash)


def derived(token: str, purpose: str) -> str:
    """A second secret that whoever holds `token` can be asked for, and that does not reveal it (CSRF)."""
    return hmac.new(token.encode(), purpose.encode(), hashlib.sha256).hexdigest()
