"""What is mutated: real documents of every kind, made by our own writers, and real frames of every kind."""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct
from tests.fuzz.inputs.change_parts import parts_of
from tests.schemas import forging, hostile
from tests.schemas.frames import DOWN, UP

from intersession_schemas import codec
from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import journal
from intersession_schemas.messages import Frame
from intersession_schemas.streams import Kind

VECTORS = Path(__file__).parents[3] / "docs" / "reference" / "vectors"
AT = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Story(Struct, frozen=True):
    """A document that somebody honest made: its kind, and its changes, dependencies first."""

    kind: str
    changes: tuple[bytes, ...]


@cache
def stories() -> tuple[Story, ...]:
    """Documents of every kind, the ones of the vectors among them."""
    found: dict[tuple[str, tuple[bytes, ...]], None] = {}
    for name in ("layout", "merge"):
        for case in json.loads((VECTORS / f"{name}.json").read_text("utf-8"))["cases"]:
            for kind, changes in _documents(case):
                if changes and _applies(changes):
                    found[kind, tuple(changes)] = None
    for kind, changes in _longer():
        found[kind, tuple(changes)] = None
    made = tuple(Story(kind, changes) for kind, changes in found)
    assert {story.kind for story in made} == set(Kind) - {Kind.VAULT_KEY}, "a kind without a document"
    return made


@cache
def stories_of(kind: str) -> tuple[Story, ...]:
    """Those of one kind."""
    return tuple(story for story in stories() if story.kind == kind)


@cache
def frames(*, up: bool) -> tuple[bytes, ...]:
    """A frame of every kind on the wire, and those of the vectors."""
    direction = codec.UP_FRAMES if up else codec.DOWN_FRAMES
    some: list[Frame] = [*UP] if up else [*DOWN]
    cases = json.loads((VECTORS / "frames.json").read_text("utf-8"))["cases"]
    written = [case for case in cases if case["call"] == "write" and case["given"]["frame"]["frame"] in direction]
    found = [*map(codec.encode, some), *(bytes.fromhex(case["expected"]) for case in written)]  # type: ignore[arg-type]
    return tuple(dict.fromkeys(found))


def _documents(case: dict[str, Any]) -> list[tuple[str, list[bytes]]]:
    """The documents in a case of the vectors."""
    given, expected = case["given"], case["expected"]
    kind = given.get("kind")
    if kind is None:
        return []
    changes = [b64decode(one) for one in given.get("changes", given.get("base", ()))]
    changes += [b64decode(one) for name in ("one", "other") for one in given.get(name, ())]
    if isinstance(expected, dict):
        more = expected.get("changes") or [expected.get("change")]
        changes += [b64decode(one) for one in more if isinstance(one, str)]
    return [(kind, changes)]


def _longer() -> list[tuple[str, list[bytes]]]:
    """What is longer than a vector: prose that was edited often, and values by two writers."""
    document = Document.new(b"e" * 16)
    made = [journal.create(document, written_at=AT, entered_at=AT, text="It was a long day. " * 60)]
    for number in range(8):
        edited = journal.edit(document, text=f"Day {number}. It was a lång day 😀. " * (20 + number), mood=number)
        made += [edited] if edited else []
    return [(Kind.JOURNAL_ENTRY, made), (Kind.GOAL, hostile.honest_changes())]


def _applies(changes: list[bytes]) -> bool:
    try:
        Document.new(bytes(16)).apply(changes)
    except Exception:  # noqa: BLE001 - some vectors are of what is refused
        return False
    return True


@cache
def first_change(kind: str, actor: bytes) -> bytes:
    """The change that makes a document of a kind, by an actor."""
    parts = parts_of(stories_of(kind)[0].changes[0])
    parts.actor = actor
    return forging.sealed(parts.body())


def hash_of(data: bytes) -> bytes:
    """The hash of an honest change."""
    return read_change(data).hash


DEAREST = (
    forging.change(forging.sets(20_000)),
    forging.change(forging.sets(20_000, key_string=forging.run(20_000, forging.text(b"k" * 52)))),
    forging.big(1),
    forging.text_of([forging.LETTER] * 19_999),
)
"""Changes that cost the most of what passes."""
