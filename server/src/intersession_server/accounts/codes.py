"""Pairing codes: characters that a person reads out or types. Pure; randomness comes from outside.

A code is Crockford base32, shown in groups of four. Its first three characters locate the invitation, the others are
the secret; only a salted hash of the secret is kept.

How long a code lasts decides how long it is. Who guesses at the server has five tries at an invitation, however long
it lives: with eight characters 5 in 33 million. Who has a copy of the database (a backup) can search 25 bits at once,
and is kept out only because the code has ended by then; so what lives longer than an hour has 16 characters, whose 65
bits cannot be searched in its life of at most 14 days. A guess of one length burns no try of the other.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from intersession_schemas.typed import ALPHABET, typed_code

LENGTH = 8
LOCATOR_LENGTH = 3
LONG_LENGTH = 16
LIFETIME = timedelta(minutes=10)
"""Of a code where the practice says nothing else; the shortest there is."""
SHORT_LIVED = timedelta(hours=1)
"""Up to here a code has `LENGTH` characters, beyond it `LONG_LENGTH`."""
LONGEST_LIFETIME = timedelta(days=14)
TRIES = 5


def length_of(lifetime: timedelta) -> int:
    """How many characters a code has that lives so long."""
    return LENGTH if lifetime <= SHORT_LIVED else LONG_LENGTH


def code_from(random: bytes, length: int = LENGTH) -> str:
    """A code from at least `length` random bytes, in canonical form. Each character is uniform (256 = 8 × 32)."""
    if len(random) < length:
        raise ValueError(f"A pairing code needs {length} random bytes.")
    return "".join(ALPHABET[byte % 32] for byte in random[:length])


def shown(code: str) -> str:
    """The canonical code as it is shown: XXXX-XXXX."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def normalised(typed: str) -> str | None:
    """What a person typed, in canonical form; None when it cannot be a code.

    What makes no difference, `typed_code` says: case, spaces, dashes, width; O is read as 0, I and L as 1.
    """
    if len(typed) > 64:
        return None
    code = typed_code(typed)
    if len(code) not in (LENGTH, LONG_LENGTH) or any(character not in ALPHABET for character in code):
        return None
    return code


def locator(code: str) -> str:
    """The part of a canonical code that finds the invitation."""
    return code[:LOCATOR_LENGTH]


def secret_hash(code: str, salt: bytes) -> str:
    """Hex SHA-256 of the secret part."""
    return hashlib.sha256(salt + code[LOCATOR_LENGTH:].encode()).hexdigest()


def secret_matches(code: str, salt: bytes, expected: str) -> bool:
    """Whether the secret part of a canonical code is the invitation's, in constant time."""
    return hmac.compare_digest(secret_hash(code, salt), expected)
