"""A device that writes as fast as it can, until it is killed: `python -m tests.end_to_end.writing_process STORE SEED`.

For each line on standard input a process of its own opens the store and writes, connected, so that what is killed may
just as well be storing what the server said. A line that is not empty is a point of `dying`, as JSON: the writer then
ends there, and mostly edits one entry, as some points need a long history. It says what it does, one JSON object a
line: `writing` before each call, with what the call will leave; `written` once it has returned; and `ended` after it.
Forked from a process that has imported all there is, so that a hundred of them start quickly.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from pathlib import Path

import msgspec
from tests.end_to_end.support import dying

from intersession import Tracker

GIVE_UP = 60
"""Seconds after which a writer that never came to its point ends all the same, as an error."""
WORDS = [
    "again",
    "a",
    "quiet",
    "day",
    "and",
    "then",
    "the",
    "phone",
    "rang",
    "so",
    "I",
    "went",
    "out",
    "for",
    "a",
    "walk",
]


def main(store: Path, seed: str) -> None:
    """Fork a writer for each line that comes, and await its end."""
    for number, line in enumerate(sys.stdin):
        writer = os.fork()
        if writer == 0:
            sys.stdin.close()
            if line.strip():
                dying.arm(msgspec.json.decode(line, type=dying.Point))
                signal.alarm(GIVE_UP)
            write(store, random.Random(f"{seed}/{number}"), one=bool(line.strip()))
        _, status = os.waitpid(writer, 0)
        say(ended=os.waitstatus_to_exitcode(status))


def write(store: Path, chance: random.Random, *, one: bool) -> None:
    """Write until killed; `one`: mostly the oldest entry."""
    with Tracker.open(store) as tracker, tracker.live():
        say(opened=os.getpid())
        known = [entry.id for entry in tracker.journal.entries()]
        while True:
            text = " ".join(chance.choices(WORDS, k=chance.randint(1, 40))) + f" {chance.getrandbits(64)}"
            id = chance.choice(known) if known and chance.random() < 0.6 else None
            if one and known and chance.random() < 0.9:
                id = known[-1]
            say(writing=text, id=None if id is None else str(id))
            if id is None:
                id = tracker.journal.write(text).id
                known.insert(0, id)
            else:
                tracker.journal.edit(id, text=text)
            say(written=text, id=str(id))


def say(**what: object) -> None:
    """One line, at once, whole: a pipe takes a line of this length in one piece."""
    os.write(1, (json.dumps(what) + "\n").encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
