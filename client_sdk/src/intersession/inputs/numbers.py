"""What number a cell holds: decimal comma or point, thousands, units; and what a cell proves about its file. Pure.

`1,234` is one and a bit, or more than a thousand. Whether it is the one or the other is read from other cells, or
asked; it is never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

from intersession_schemas.documents.diary.symptoms import MAX_VALUE, Number
from intersession_schemas.documents.names import name_key
from intersession_schemas.documents.texts import without_unseen

Decimal = Literal[".", ","]

_NOTHING = (
    "|-|--|–|—|na|n/a|n.a.|n. a.|#n/a|<na>|nan|null|none|nil|k.a.|k. a.|k.a|keine angabe|s.o.|n.v.t.|s/o|n/d|nd|"
    "no answer|missing"
)
NO_ANSWER = frozenset(_NOTHING.split("|"))
"""What people and programs write where there is no answer, in lower case."""

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<body>[0-9.,][0-9.,' ]*?)(?P<exponent>[eE][+-]?[0-9]{1,3})?"
    r"(?P<unit> ?(?:%|°[CFcf]?|[^\W\d_]{1,12}))?"
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:(?P<group>[ '])[0-9]{3})(?:(?P=group)[0-9]{3})*(?P<rest>[.,][0-9]+)?")
_LONGEST = 60
_DIGITS = 15
"""More digits than that and a whole number is kept as the nearest float."""
_SIGNS = {"，": ",", "．": ".", "٫": ",", "٬": "'", "−": "-", "－": "-", "＋": "+", "％": "%", "’": "'", "｀": "'"}
_NO_UNITS = frozenset(("am", "pm", "a", "p", "uhr", "st", "nd", "rd", "th"))
"""What follows a time of day, or a place in an order."""
_BEGIN_NUMBERS = tuple("0123456789+-.,")
_KEYCAP = ("\ufe0f", "\u20e3")
"""Behind the digit of an emoji of a number."""
_SPACES = ("\u00a0", "\u202f", "\u2009", "\u3000")


class Written(NamedTuple):
    """A number as a cell has it. `proves`: its decimal sign; ``"?"``: it could be either; empty: it has none."""

    sign: str
    digits: str
    proves: str
    exponent: str
    unit: str


def plain(cell: str) -> str:
    """A cell with digits and signs of other scripts as the usual ones, one kind of space, and nothing unseen.

    An apostrophe before a number is how spreadsheets mark it as text.
    """
    if not cell.isascii():
        cell = "".join(map(_plain, without_unseen(cell)))
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _BEGIN_NUMBERS else cell


def _plain(character: str) -> str:
    if character in _SIGNS:
        return _SIGNS[character]
    if character in _SPACES:
        return " "
    if character in _KEYCAP:
        return ""
    return character if character.isascii() else str(unicodedata.decimal(character, character))


def is_answer(cell: str) -> bool:
    """Whether a cell says anything."""
    return len(cell) > 16 or cell.casefold() not in NO_ANSWER


@lru_cache(maxsize=20_000)  # answers repeat themselves
def written(cell: str) -> Written | None:
    """The number that a cell holds, as it is written; None if it holds something else."""
    if not cell or len(cell) > _LONGEST:
        return None
    found = _NUMBER.fullmatch(plain(cell).strip())
    if found is None or (found["unit"] or "").strip().casefold() in _NO_UNITS:
        return None
    parts = _parts(found["body"].rstrip(), exact=bool(found["exponent"]))
    if parts is None:
        return None
    digits, proves = parts
    return Written(found["sign"], digits, proves, found["exponent"] or "", (found["unit"] or "").strip())


def _parts(body: str, *, exact: bool) -> tuple[str, str] | None:
    """The digits, with ``.`` before the decimals or as written where that is open, and what they prove."""
    if body.isdigit():
        return body, ""
    if " " in body or "'" in body:
        grouped = _GROUPED.fullmatch(body)
        if grouped is None:
            return None
        rest = grouped["rest"] or ""
        whole = body[: len(body) - len(rest)].replace(grouped["group"], "")
        return whole + rest.replace(",", "."), rest[:1]
    points, commas = body.count("."), body.count(",")
    if points and commas:
        return _both(body)
    sign = "." if points else ","
    if points + commas == 1:
        before, _, after = body.partition(sign)
        if not before and not after:
            return None
        if len(after) == 3 and 1 <= len(before) <= 3 and before[0] != "0" and not exact:
            return body, "?"
        return f"{before}.{after}", sign
    return (body.replace(sign, ""), "," if sign == "." else ".") if _is_grouped(body, sign) else None


def _both(body: str) -> tuple[str, str] | None:
    sign = "." if body.rfind(".") > body.rfind(",") else ","
    group = "," if sign == "." else "."
    whole, _, rest = body.rpartition(sign)
    if sign in whole or not rest or not _is_grouped(whole, group):
        return None
    return f"{whole.replace(group, '')}.{rest}", sign


def _is_grouped(body: str, group: str) -> bool:
    first, *others = body.split(group)
    return 1 <= len(first) <= 3 and first[0] != "0" and all(len(other) == 3 for other in others)


def number(
    cell: str, decimal: Decimal | None = None, unit: str | None = None, words: Mapping[str, Number] | None = None
) -> Number | None:
    """The number that a cell holds, whole ones as int; None for one that is not certain, of another unit, or none."""
    if words and (meant := words.get(name_key(cell))) is not None:
        return meant
    found = written(cell)
    if found is None or (unit is not None and found.unit.casefold() != unit.casefold()):
        return None
    digits = found.digits
    if found.proves == "?":
        if decimal is None:
            return None
        digits = digits.replace(decimal, ".") if decimal in digits else digits.replace(".", "").replace(",", "")
    if "." not in digits and not found.exponent and len(digits) <= _DIGITS:
        return int(found.sign + digits)
    value = float(found.sign + digits + found.exponent)
    return value if abs(value) <= MAX_VALUE else None


def typed(text: str) -> Number | None:
    """The number that somebody types, with a decimal comma or a decimal point; None for anything else.

    `1.234` has a decimal point, as everything that is typed here; `1,234` may be more than a thousand, and is none.
    """
    found = written(text.strip())
    if found is None or found.unit:
        return None
    return number(text.strip(), "." if "." in found.digits else None)
