"""What a push costs a server, in one number, so that a replica can pace itself by what the server will count.

One unit is about a millisecond of a server's core. Bytes on the wire say little: a kilobyte may inflate to a
megabyte, or hold as many operations as a long entry. So the cost is counted over what a push turns into.
"""

from __future__ import annotations

FRAME = 0.3
"""Of every frame: decoding, the look-ups of its checks, its answer."""
PUSH = 1.0
"""Of every push beside that: keeping it, making its document and what pages read of it."""
ROW = 0.1
"""Of every change that becomes a row, or every row that is looked up."""
KIB = 0.02
"""Of every KiB, inflated."""
OPERATION = 0.001
"""Of every operation that is applied and projected."""


def work(*, frames: int = 1, pushes: int = 0, rows: int = 0, size: int = 0, operations: int = 0) -> float:
    """The cost of `frames` frames, `pushes` of them pushes, with `rows` changes of `size` bytes inflated and
    `operations` operations in all."""
    return FRAME * frames + PUSH * pushes + ROW * rows + KIB * size / 1024 + OPERATION * operations
