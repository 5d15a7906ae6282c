"""Text as a terminal may be given it: what would move its cursor, change its colours or ring is shown, and not done.

What people wrote is kept and exported as it is; only where somebody looks at it in a terminal it comes through here.
"""

from __future__ import annotations

_CONTROLS = (*range(0x20), *range(0x7F, 0xA0))
_IN_A_CELL = {one: f"\\x{one:02x}" for one in _CONTROLS}
_IN_LINES = {one: shown for one, shown in _IN_A_CELL.items() if chr(one) not in "\n\t"}
_IN_JSON = {one: f"\\u{one:04x}" for one in range(0x7F, 0xA0)}


def visible(text: str) -> str:
    """Text in lines with its control characters (C0, DEL, C1) as `\\x1b`; line feeds and tabs stay."""
    return text.translate(_IN_LINES)


def visible_cell(text: str) -> str:
    """As `visible`, in one line: line feeds and tabs are shown too."""
    return text.translate(_IN_A_CELL)


def visible_json(text: str) -> str:
    """JSON of the same value: JSON writes the control characters of ASCII escaped, but neither DEL nor C1."""
    return text.translate(_IN_JSON)
