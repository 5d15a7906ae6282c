"""Writes what the TypeScript core takes from the Python code as data, `src/generated`: nothing of it is typed twice.

./run vectors      writes it anew; a test says when a file is not what the code says
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from client_sdk.web.generate import (
    agenda,
    answers,
    brief,
    characters,
    crisis,
    instruments,
    limits,
    models,
    names,
    protection,
    shapes,
    streams,
    wire,
    words,
)

FOLDER = Path(__file__).parents[1] / "src" / "generated"

FILES: dict[str, Callable[[], Any]] = {
    "agenda.json": agenda.data,
    "answers.ts": answers.text,
    "brief.json": brief.data,
    "characters.json": characters.data,
    "crisis.json": crisis.data,
    "frames.ts": wire.types,
    "instruments.json": instruments.data,
    "limits.json": limits.data,
    "models.ts": models.text,
    "names.json": names.data,
    "protection.json": protection.data,
    "shapes.json": shapes.data,
    "streams.json": streams.data,
    "wire.json": wire.data,
    **words.FILES,
}
"""What makes the content of each file: data, or the text of a module."""


def text_of(name: str) -> str:
    """The content of a file."""
    content = FILES[name]()
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write every file."""
    FOLDER.mkdir(exist_ok=True)
    for name in FILES:
        (FOLDER / name).write_text(text_of(name), encoding="utf-8")
    sys.stdout.write(f"{len(FILES)} files in {FOLDER.relative_to(FOLDER.parents[3])}\n")


if __name__ == "__main__":
    main()
