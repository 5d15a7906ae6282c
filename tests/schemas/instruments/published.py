"""Writes docs/reference/scoring-vectors.json from the vectors made by hand.

Run `python -m tests.schemas.instruments.published`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.schemas.instruments.changes import CHANGES
from tests.schemas.instruments.vectors import VECTORS

FILE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "scoring-vectors.json"

ABOUT = [
    "Forms with the scores they must have, made by hand from the published rules. Use them to test any scoring code.",
    "No official wording is in this file. `source` is where a rule was read.",
    "vectors: `answers` are by item, q1 being the first one. null or no entry is an item without an answer.",
    "`answers` are the values printed on the form, reversed items not yet turned round; true and false are yes and no.",
    "An item that the form lets people skip counts its lowest value without an answer, and is not missing.",
    "Answers of the ORS and the SRS are tenths of a centimetre, those of CORE-10 and YP-CORE are scores.",
    "Answers of the EPDS are scores: more is worse in every item, whatever the order in which they are printed.",
    "`expect` is null for a form that must be refused. `scales` has what each score must be.",
    "raw is the plain sum, score the sum after multiplying; both are null where no score may be given.",
    "published is there where the source prints another number than the sum: a mean, or one read off a table.",
    "low and high are there where the range depends on the answers.",
    "`rules` are published counting rules, no diagnoses: true, false, or null when an answer is missing.",
    "`risks` are items whose answer somebody has to look at, `level` the highest level among them.",
    "`missing` is what a complete form would answer as well.",
    "changes: two scores of one scale, the threshold, and what may be said of the difference.",
]


def vectors() -> dict[str, Any]:
    """The content of the file."""
    return {
        "about": ABOUT,
        "vectors": [vector._asdict() for vector in VECTORS],
        "changes": [change._asdict() for change in CHANGES],
    }


def text() -> str:
    """The file: one vector a line."""
    parts = []
    for name, rows in vectors().items():
        lines = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in rows)
        parts.append(f'"{name}": [\n{lines}\n]')
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
