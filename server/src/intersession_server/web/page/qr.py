"""A pairing link as a QR code: a picture of one path. Pure."""

from __future__ import annotations

import segno
from msgspec import Struct

_BORDER = 4
"""Empty modules around it, as readers need."""


class QrCode(Struct, frozen=True):
    """A square of `size` modules a side; `path` draws the dark ones, as an SVG path has it."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """The QR code of a text, which a quarter of dirt does not spoil."""
    rows = [bytes(row) for row in segno.make_qr(text, error="q").matrix_iter(border=_BORDER)]
    dark = [(x, y, width) for y, row in enumerate(rows) for x, width in _runs(row)]
    return QrCode(len(rows), "".join(f"M{x} {y}h{width}v1h-{width}z" for x, y, width in dark))


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Where dark modules begin, and how many follow one another."""
    runs, start = [], None
    for place, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            runs.append((start, place - start))
            start = None
    return runs
