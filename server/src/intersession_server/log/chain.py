"""The chain of a stream: what a row's `chain` is, and the part of it that goes on the wire; and the sum of a row.

Each row's chain is a hash over the chain before it and the row's content, so two logs that agree on the
chain of a row agree on every row before it. It goes over the change's hash, never its bytes: bytes may be
dropped later without a break. Whether a row was quarantined is not in it either: that is found out after the
row was numbered, and before anybody reads it.

The sum of a row is over what readers are given of it, bytes included. It is only for the disk: it tells that the row
is read as it was written.
"""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from intersession_schemas.messages import CHAIN_BYTES

GENESIS = bytes(32)
"""The chain before the first row of every stream."""

_DOMAIN = b"intersession row 1\0"
SUM_BYTES = 8


def extend(
    previous: bytes,
    stream: UUID,
    seq: int,
    document: UUID,
    type_: str,
    kind: str,
    hash_: bytes,
    author: UUID,
    device: UUID,
    received_at: int,
) -> bytes:
    """The chain at row `seq`: SHA-256 over fields of fixed length and fields that say theirs.

    `type_` is what the row was appended as; `received_at` is in microseconds since 1970.
    """
    typed, kinded = type_.encode(), kind.encode()
    return sha256(
        b"".join(
            (
                _DOMAIN,
                previous,
                stream.bytes,
                seq.to_bytes(8, "big"),
                document.bytes,
                len(typed).to_bytes(2, "big"),
                typed,
                len(kinded).to_bytes(2, "big"),
                kinded,
                len(hash_).to_bytes(2, "big"),
                hash_,
                author.bytes,
                device.bytes,
                received_at.to_bytes(8, "big", signed=True),
            )
        )
    ).digest()


def on_wire(chain: bytes) -> bytes:
    """The part of a chain that replicas keep."""
    return chain[:CHAIN_BYTES]


def row_sum(
    stream: bytes,
    seq: int,
    document: bytes,
    kind: str,
    hash_: bytes,
    author: bytes,
    device: bytes,
    received_at: int,
    change: bytes | None,
) -> bytes:
    """What is stored beside a row, of its columns as they are stored.

    Not over `type`: a row is quarantined after it was written, and a type that is none cannot be read.
    """
    fields = b"%b%d %b%d %b%b%b%b%d %d " % (
        *(stream, seq, document, len(kind), kind.encode(), hash_, author, device, received_at),
        -1 if change is None else len(change),
    )
    return sha256(fields + (change or b"")).digest()[:SUM_BYTES]
