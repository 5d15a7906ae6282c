"""A write-ahead log that was altered on the disk, told from one that simply ends.

SQLite reads a write-ahead log up to the first frame that is not as it was written, and takes what follows for never
committed. So it must be where a process ended in the middle of a commit, and so a flipped bit loses every commit after
it without a word. The two differ in what follows: each commit is flushed before the next one begins, so behind a torn
one there is no other.
"""

from __future__ import annotations

import struct
from pathlib import Path

_HEADER = struct.Struct(">8I")
_FRAME = struct.Struct(">6I")
_MAGIC = 0x377F0682


def is_damaged(path: Path) -> bool:
    """Whether the write-ahead log at `path` holds commits that SQLite would leave out. A file that is not there holds
    none."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return False
    if len(data) <= _HEADER.size:
        return False
    magic, _, page_size, _, *salts, first, second = _HEADER.unpack_from(data)
    order = ">" if magic & 1 else "<"
    if magic & ~1 != _MAGIC or _sum(order, data[:24], 0, 0) != (first, second):
        return True  # it is flushed before anything follows it
    frames = range(_HEADER.size, len(data) - _FRAME.size - page_size + 1, _FRAME.size + page_size)
    broken = committed = False
    for at in frames:
        _, commit, *frame_salts, frame_first, frame_second = _FRAME.unpack_from(data, at)
        if broken:
            if frame_salts == salts:
                if committed:
                    return True
                committed = commit != 0
            continue
        body = data[at : at + 8], data[at + _FRAME.size : at + _FRAME.size + page_size]
        sums = _sum(order, body[1], *_sum(order, body[0], first, second))
        if frame_salts != salts or sums != (frame_first, frame_second):
            broken, committed = True, commit != 0 and frame_salts == salts
            continue
        first, second = sums
    return False


def _sum(order: str, data: bytes, first: int, second: int) -> tuple[int, int]:
    """SQLite's checksum, going on from `first` and `second`."""
    words = iter(struct.unpack(f"{order}{len(data) // 4}I", data))
    for one, other in zip(words, words, strict=True):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + other + first) & 0xFFFFFFFF
    return first, second
