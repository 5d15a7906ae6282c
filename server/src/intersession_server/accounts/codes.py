"""Pairing codes: eight characters that a person reads out or types. Pure; randomness comes from outside.

A code is Crockford base32, shown as XXXX-XXXX. Its first three characters locate the invitation, the other
five are the secret; only a salted hash of the secret is kept.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from intersession_schemas.typed import ALPHABET, typed_code

LENGTH = 8
LOCATOR_LENGTH = 3
LIFETIME = timedelta(minutes=10)
TRIES = 5


def code_from(random: bytes) -> str:
    """A code from at least 8 random bytes, in canonical form. Each character is uniform (256 = 8 × 32)."""
    if len(random) < LENGTH:
        raise ValueError(f"A pairing code needs {LENGTH} random bytes.")
    return "".join(ALPHABET[byte % 32] for byte in random[:LENGTH])


def shown(code: str) -> str:
    """The canonical code as it is shown: XXXX-XXXX."""
    return f"{code[:4]}-{code[4:]}"


def normalised(typed: str) -> str | None:
    """What a person typed, in canonical form; None when it cannot be a code.

    What makes no difference, `typed_code` says: case, spaces, dashes, width; O is read as 0, I and L as 1.
    """
    if len(typed) > 64:
        return None
    code = typed_code(typed)
    if len(code) != LENGTH or any(character not in ALPHABET for character in code):
        return None
    return code


def locator(code: str) -> str:
    """The part of a canonical code that finds the invitation."""
    return code[:LOCATOR_LENGTH]


def secret_hash(code: str, salt: bytes) -> str:
    """Hex SHA-256 of the secret part. 25 bits can be searched by whoever has the database and ten minutes;
    what protects a live code is that it is short-lived and takes five tries."""
    return hashlib.sha256(salt + code[LOCATOR_LENGTH:].encode()).hexdigest()


def secret_matches(code: str, salt: bytes, expected: str) -> bool:
    """Whether the secret part of a canonical code is the invitation's, in constant time."""
    return hmac.compare_digest(secret_hash(code, salt), expected)
