"""Bytes to frame and back, with the size limit of a frame. The only module that knows msgpack."""

from __future__ import annotations

import zlib
from typing import TypeVar, get_args

import msgspec
from msgspec.msgpack import Decoder, Encoder

from intersession_schemas.errors import ErrorCode, WireError
from intersession_schemas.messages import Down, Frame, Packed, Rows, Snapshot, Up
from intersession_schemas.nesting import DEPTH, TooDeep, check_msgpack

MAX_FRAME_UP = 2 * 1024 * 1024
MAX_FRAME_DOWN = 8 * 1024 * 1024
# Of a frame that holds more than what is known here: each of its values is looked at, one by one.
MAX_VALUES_UP = 128 * 1024
MAX_VALUES_DOWN = 1024 * 1024

PACK_FROM = 4 * 1024
"""A page of so many bytes is packed,"""
_PACKED_TO = 0.9
"""if that leaves less than this part of it."""
_LEVEL = 1

UP_FRAMES: dict[str, type[Frame]] = {t.__name__.lower(): t for t in get_args(Up)}
DOWN_FRAMES: dict[str, type[Frame]] = {t.__name__.lower(): t for t in (*get_args(Down), Packed)}

_F = TypeVar("_F")
# What the decoder raises. Text that is not UTF-8 has an error of its own, which quotes it; a moment after the year 9999
# fails as a plain `ValueError`.
_UNDECODABLE = (msgspec.MsgspecError, RecursionError, ValueError)
_encoder = Encoder(uuid_format="bytes")
_up: Decoder[Up] = Decoder(Up)
_down: Decoder[Down | Packed] = Decoder(Down | Packed)


class _Tag(msgspec.Struct):
    frame: str


_tag = Decoder(_Tag)


def encode(frame: Up | Down) -> bytes:
    """The frame as msgpack; a large page packed, where that pays."""
    data = _encoder.encode(frame)
    if len(data) < PACK_FROM or not isinstance(frame, Rows | Snapshot):
        return data
    # Where its beginning does not get smaller, as with blobs of a vault, trying the whole would be for nothing.
    if len(zlib.compress(data[:PACK_FROM], _LEVEL)) > _PACKED_TO * PACK_FROM:
        return data
    packed = _encoder.encode(Packed(zlib.compress(data, _LEVEL)))
    return packed if len(packed) < _PACKED_TO * len(data) else data


def decode_up(data: bytes | str, limit: int = MAX_FRAME_UP) -> Up:
    """A frame from a replica.

    Raises `WireError` with code `frame_too_large`, `unknown_frame` (the text names it) or `protocol_error`.
    """
    return _decode(data, limit, MAX_VALUES_UP, _up, UP_FRAMES)


def decode_down(data: bytes | str, limit: int = MAX_FRAME_DOWN) -> Down:
    """A frame from a server; of a packed one, what is in it. Raises `WireError` as `decode_up` does."""
    frame = _decode(data, limit, MAX_VALUES_DOWN, _down, DOWN_FRAMES)
    if not isinstance(frame, Packed):
        return frame
    inside = _decode(_unpacked(frame.data, limit), limit, MAX_VALUES_DOWN, _down, DOWN_FRAMES)
    if not isinstance(inside, Rows | Snapshot):
        raise WireError("A `packed` frame holds something else than a page of rows or a snapshot.")
    return inside


def _unpacked(data: bytes, limit: int) -> bytes:
    inflater = zlib.decompressobj()
    try:
        frame = inflater.decompress(data, limit + 1)
    except zlib.error:
        raise WireError("What is in a `packed` frame does not inflate.") from None
    if len(frame) <= limit and not (inflater.eof and not inflater.unused_data):
        raise WireError("What is in a `packed` frame does not end where it should.")
    return frame


def _decode(data: bytes | str, limit: int, most_values: int, decoder: Decoder[_F], known: dict[str, type[Frame]]) -> _F:
    if isinstance(data, str):
        raise WireError("A TEXT message was received; frames are binary messages. The peer's app has a defect.")
    if len(data) > limit:
        raise WireError(
            f"A frame of {len(data)} bytes was received; the limit is {limit}. Send less in one frame.",
            code=ErrorCode.FRAME_TOO_LARGE,
        )
    try:
        frame = decoder.decode(data)
    except _UNDECODABLE as failure:
        _check_nesting(data, most_values)
        raise _explain(data, failure, known) from None
    # What is known nests a few levels and is written in the fewest bytes. Only what was left out may go deeper.
    if len(data) > _length(frame):
        _check_nesting(data, most_values)
    return frame


def _length(frame: object) -> int:
    """How long the frame is as we write it; 0 where it holds a moment that cannot be written in UTC."""
    try:
        return len(_encoder.encode(frame))
    except OverflowError:
        return 0


def _check_nesting(data: bytes, most_values: int) -> None:
    """Raise unless every Python would decode it, whichever frame it is and whatever unknown fields it has."""
    try:
        check_msgpack(data, most_values)
    except TooDeep:
        raise WireError(
            f"A frame may be nested {DEPTH} deep and hold {most_values} values besides unknown fields."
        ) from None


def _explain(data: bytes, failure: Exception, known: dict[str, type[Frame]]) -> WireError:
    """Which of the three it was. The decoder's own text may quote the frame, so only its outline is given."""
    try:
        name = _tag.decode(data).frame
    except _UNDECODABLE:
        return WireError("The message is not a frame: a frame is a msgpack map with a `frame` field.")
    if name not in known:
        shown = name[:40] if name.isascii() and name.isidentifier() else "of another name"
        return WireError(
            f"There is no frame {shown!r} in this direction; known frames: {', '.join(sorted(known))}.",
            code=ErrorCode.UNKNOWN_FRAME,
        )
    path = str(failure).rpartition(" - at ")[2] if " - at " in str(failure) else "the frame itself"
    return WireError(f"The frame {name!r} has a missing or malformed field, at {path}.")
