"""Recovery codes as people write them down: 160 bits in Crockford's base32, in groups, with a check letter."""

from __future__ import annotations

from intersession_schemas.typed import ALPHABET, typed_code

CODE_BYTES = 20
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_LONGEST = 200
"""Characters of what may be a code: a passphrase of any length is asked the same question."""
_GROUP = 4
_DIGITS = CODE_BYTES * 8 // 5


def written(code: bytes) -> str:
    """The code of `CODE_BYTES` bytes as text; the check letter is the last of all."""
    number = int.from_bytes(code)
    digits = [number >> 5 * place & 31 for place in reversed(range(_DIGITS))]
    text = "".join(ALPHABET[digit] for digit in digits)
    groups = [text[at : at + _GROUP] for at in range(0, _DIGITS, _GROUP)]
    return "-".join(groups) + ALPHABET[_check(digits)]


def read(text: str) -> bytes | None:
    """The code that a person typed, however (see `typed_code`).

    None when it is no recovery code, or one with a slip of the pen.
    """
    if len(text) > _LONGEST:
        return None
    digits = [_VALUES.get(letter, -1) for letter in typed_code(text)]
    if len(digits) != _DIGITS + 1 or -1 in digits or _check(digits[:-1]) != digits[-1]:
        return None
    number = 0
    for digit in digits[:-1]:
        number = number << 5 | digit
    return number.to_bytes(CODE_BYTES)


def _check(digits: list[int]) -> int:
    """A sum in the field of 32 elements, each place with another weight: one wrong letter always shows, and so do
    two neighbours that changed places."""
    check = 0
    for digit in digits:
        check <<= 1
        if check & 32:
            check ^= 0b100101
        check ^= digit
    return check
