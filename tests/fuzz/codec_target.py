"""Bytes against the codec: a frame comes of them, or a `WireError`, and nothing else."""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import Any

import msgspec
from tests.fuzz.cases import Broken, Case
from tests.fuzz.inputs import corpus
from tests.fuzz.inputs.mutated_changes import mutant
from tests.fuzz.inputs.mutated_frames import mutated_frame

from intersession_schemas import codec
from intersession_schemas.errors import ErrorCode, WireError

_CODES = {ErrorCode.PROTOCOL_ERROR, ErrorCode.UNKNOWN_FRAME, ErrorCode.FRAME_TOO_LARGE}
FRAMES_A_CASE = 16


class CodecTarget:
    """`codec.decode_up` and `decode_down`."""

    def make(self, chance: Random) -> Case:
        """A few frames, each mutated on its own."""
        inputs = []
        for _ in range(FRAMES_A_CASE):
            up = chance.random() < 0.5
            frame = mutated_frame(chance.choice(_frames(up)), chance)
            if chance.random() < 0.0005:
                frame = chance.choice((frame[:1], b"\x91", b"\x81\xa1a", b"\xc0")) * 1_500_000
            inputs.append(("up" if up else "down", frame))
        return Case(tuple(inputs))

    def run(self, case: Case) -> str:
        """Decode them; what is a frame is one again once it is written and read."""
        outcome = "refused"
        for way, data in case.inputs:
            decode: Any = codec.decode_up if way == "up" else codec.decode_down
            try:
                frame = decode(data)
            except WireError as error:
                if error.code not in _CODES or len(str(error)) > 400:
                    raise Broken(f"an error that says {error.code}, in {len(str(error))} characters") from error
                continue
            outcome = "decoded"
            try:
                again = codec.encode(frame)
            except OverflowError:  # a moment that does not exist in UTC
                continue
            if decode(again) != frame:
                raise Broken("a frame is another one once it is written and read")
        return outcome


@lru_cache(maxsize=2)
def _frames(up: bool) -> tuple[bytes, ...]:
    """Frames of the corpus, and some that hold real changes."""
    chance = Random(0)
    found = list(corpus.frames(up=up))
    for story in corpus.stories():
        change = story.changes[-1]
        for one in (change, mutant(change, chance)):
            if up:
                fields = {"stream": bytes(16), "document": bytes(16), "kind": story.kind, "changes": [one]}
                found.append(msgspec.msgpack.encode({"frame": "push", "id": 1, **fields}))
    return tuple(found)
