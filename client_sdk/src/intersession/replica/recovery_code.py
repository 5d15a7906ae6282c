"""Recovery codes as people write them down: 160 bits in Crockford's base32, in groups, with a check letter."""

from __future__ import annotations

CODE_BYTES = 20
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)} | {"O": 0, "I": 1, "L": 1}
_IGNORED = str.maketrans("", "", " \t\r\n-‐‑–—_.")
_GROUP = 4
_DIGITS = CODE_BYTES * 8 // 5


def written(code: bytes) -> str:
    """The code of `CODE_BYTES` bytes as text; the check letter is the last of all."""
    number = int.from_bytes(code)
    digits = [number >> 5 * place & 31 for place in reversed(range(_DIGITS))]
    text = "".join(_LETTERS[digit] for digit in digits)
    groups = [text[at : at + _GROUP] for at in range(0, _DIGITS, _GROUP)]
    return "-".join(groups) + _LETTERS[_check(digits)]


def read(text: str) -> bytes | None:
    """The code that a person typed, whatever the case, spaces and dashes, O for 0, I and L for 1.

    None when it is no recovery code, or one with a slip of the pen.
    """
    letters = text.translate(_IGNORED).upper()
    digits = [_VALUES.get(letter, -1) for letter in letters]
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
