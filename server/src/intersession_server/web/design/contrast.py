"""The colours of the style sheet, and how well each can be read. Pure.

Contrast is that of WCAG 2.2 (relative luminance, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio): text needs 4.5:1,
signs and edges of controls 3:1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

TEXT, SIGN = 4.5, 3.0
PAIRS: tuple[tuple[str, str, float], ...] = (
    ("ink", "paper", TEXT),
    ("ink", "card", TEXT),
    ("ink", "faint", TEXT),
    ("ink", "mark", TEXT),
    ("quiet", "paper", TEXT),
    ("quiet", "card", TEXT),
    ("quiet", "faint", TEXT),
    ("accent", "paper", TEXT),
    ("accent", "card", TEXT),
    ("accent", "faint", TEXT),
    ("accent", "accent-paper", TEXT),
    ("accent-ink", "accent", TEXT),
    ("risk", "card", TEXT),
    ("risk", "risk-paper", TEXT),
    ("attention", "card", TEXT),
    ("attention", "attention-paper", TEXT),
    ("good", "card", TEXT),
    ("good", "good-paper", TEXT),
    ("card", "good", TEXT),
    ("edge", "card", SIGN),
    ("edge", "paper", SIGN),
)
"""What is written or drawn on what, and the contrast that it needs."""

_VALUE = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")


class ColourPair(Struct, frozen=True):
    """A colour on another."""

    front: str
    back: str
    ratio: float
    needed: float


def colours(style_sheet: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The colours of the tokens, light and dark, as #rrggbb by their names."""
    light, _, dark = style_sheet.partition("@media (prefers-color-scheme: dark)")
    plain = dict(_VALUE.findall(light))
    return plain, plain | dict(_VALUE.findall(dark.partition("\n}\n")[0]))


def pairs(named: Mapping[str, str]) -> list[ColourPair]:
    """Every pair that is used, with its contrast."""
    return [ColourPair(front, back, contrast(named[front], named[back]), needed) for front, back, needed in PAIRS]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, #rrggbb: from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
