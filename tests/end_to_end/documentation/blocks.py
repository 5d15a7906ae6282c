"""The blocks of a documentation page, as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).parents[3]
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$|((?:^    \S[^\n]*\n)+)", re.MULTILINE | re.DOTALL)


class Block(Struct, frozen=True):
    """A block: its language (`sh` for one that is indented), its text, its place (for tracebacks)."""

    language: str
    text: str
    place: str


def blocks(page: Path) -> list[Block]:
    """All blocks of a page in their order."""
    written = page.read_text(encoding="utf-8")
    found = []
    for match in _FENCED.finditer(written):
        line = written.count("\n", 0, match.start()) + 1
        language, text = (match[1], match[2]) if match[3] is None else ("sh", re.sub(r"(?m)^    ", "", match[3]))
        found.append(Block(language, text, f"{page.relative_to(ROOT)}:{line}"))
    return found


def run_python(block: Block, names: dict[str, object]) -> None:
    """Execute a block, with the names of those before it."""
    assert block.language == "python", block.place
    exec(compile(block.text, block.place, "exec"), names)
