"""The edits that a page tells of, as it tells them, carried out on a copy of the sources."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec import Struct

_BLOCK = re.compile(r"^`(?P<path>[\w/.]+)`(?P<new> \(new\))?\n\n```(?P<form>\w+)\n(?P<text>.*?)^```$", re.M | re.S)
_FENCES = re.compile(r"^```\w", re.M)


class Edit(Struct, frozen=True):
    """One block: the file it stands under, whether that is new, and the block's lines."""

    path: str
    new: bool
    lines: tuple[str, ...]


class DoesNotFit(Exception):
    """An edit cannot be carried out as the page says; the text names the file and what does not fit."""


def edits(section: str) -> list[Edit]:
    """All edits of a section, in their order. Raises `DoesNotFit` for one without a path, or of another form."""
    found = []
    for match in _BLOCK.finditer(section):
        path, new = match["path"], match["new"] is not None
        if match["form"] != ("python" if new else "diff"):
            raise DoesNotFit(f"{path}: a new file is a python block, an edit a diff")
        found.append(Edit(path, new, tuple(match["text"].splitlines(keepends=True))))
    if len(found) != len(_FENCES.findall(section)):
        raise DoesNotFit("a block stands under no path")
    return found


def carry_out(edit: Edit, root: Path) -> None:
    """Make the edit in the tree at `root`. Raises `DoesNotFit` where its place is not there, or there twice."""
    path = root / edit.path
    if edit.new:
        if path.exists() or not path.parent.is_dir():
            raise DoesNotFit(f"{edit.path}: there already, or its folder is not")
        path.write_text("".join(edit.lines), encoding="utf-8")
        return
    if not path.is_file():
        raise DoesNotFit(f"{edit.path}: not there")
    text = path.read_text("utf-8")
    for place in "".join(edit.lines).split("@@\n"):
        before, after = sides(place, edit.path)
        there = [match.start() for match in re.finditer(rf"^(?={re.escape(before)})", text, re.M)]
        if len(there) != 1:
            raise DoesNotFit(f"{edit.path}: {len(there)} times there, not once:\n{before}")
        text = text[: there[0]] + after + text[there[0] + len(before) :]
    path.write_text(text, encoding="utf-8")


def sides(place: str, path: str) -> tuple[str, str]:
    """What the lines of one place were, and what they become."""
    before, after = "", ""
    for line in place.splitlines(keepends=True):
        sign, rest = (" ", line) if line == "\n" else (line[0], line[1:])
        if sign not in " +-":
            raise DoesNotFit(f"{path}: a line of a diff begins with a space, + or -: {line}")
        before += rest if sign != "+" else ""
        after += rest if sign != "-" else ""
    if not before or before == after:
        raise DoesNotFit(f"{path}: a place with nothing to find it by, or nothing to do:\n{place}")
    return before, after
