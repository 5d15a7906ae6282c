"""The same calls on every log store give the same answers, whatever the calls: histories drawn at random."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contracts.log_stores import (
    ANNA,
    CHART,
    MORNING,
    PLENTY,
    RECORD,
    STORES,
    THEO,
    VAULT,
    Pen,
    Person,
    at,
    blob,
    ended,
    erasure,
    furnish,
    id_of,
    push,
)

from intersession_schemas.changes import Change
from intersession_schemas.errors import IntersessionError
from intersession_schemas.streams import Role
from intersession_server.log.store import LogStore
from intersession_server.log.submissions import Appended, Declined, Submission

Call = Callable[[LogStore], Awaitable[object]]

DOCUMENTS = ("entry", "goal", "note")
WRITERS = {
    "entry": [(ANNA, RECORD)],
    "goal": [(ANNA, RECORD), (THEO, RECORD)],
    "note": [(THEO, CHART)],
    "blobs": [(ANNA, VAULT)],
}
KINDS = {"entry": "journal_entry", "goal": "goal", "note": "note"}
WRITTEN: dict[str, tuple[Change, ...]] = {name: Pen(name).changes(6) for name in DOCUMENTS}
BLOBS = tuple(blob(bytes([n]) * 20) for n in range(4))


@dataclass(frozen=True)
class Step:
    """A call with a name that hypothesis can show."""

    name: str
    call: Call

    def __repr__(self) -> str:
        return self.name


def step(name: str, call: Call) -> Step:
    return Step(name, call)


people = st.sampled_from([ANNA, THEO])
streams = st.sampled_from([RECORD, CHART, VAULT])
sometimes = st.sampled_from([False, False, True])
rarely = st.sampled_from([False] * 7 + [True])


@st.composite
def pushes(draw: st.DrawFn) -> Submission:
    """Any run of a document's changes, mostly by somebody who may, to where they belong and in order."""
    name = draw(st.sampled_from([*DOCUMENTS, "blobs"]))
    person, stream = draw(st.sampled_from(WRITERS[name]))
    if draw(rarely):
        person, stream = draw(people), draw(streams)
    if name == "blobs" or stream == VAULT:
        some = draw(st.lists(st.sampled_from(BLOBS), min_size=1, max_size=3))
        replaced = draw(st.lists(st.sampled_from(BLOBS), max_size=2, unique=True)) if draw(sometimes) else []
        replaces = tuple(one.hash for one in replaced)
        return push(*some, by=person, stream=stream, document="blobs", replaces=replaces)
    start = draw(st.sampled_from([0, 0, 0, 1, 2, 3]))
    chosen = list(WRITTEN[name][start : draw(st.integers(start + 1, 6))])
    if draw(rarely):
        chosen = draw(st.permutations(chosen))
    return push(*chosen, by=person, stream=stream, document=name, kind=KINDS[name])


async def outcome_of(store: LogStore, submission: Submission) -> Appended | Declined:
    return await store.append(submission, MORNING)


def granting(person: Person, stream: UUID, role: Role, number: int) -> Step:
    grant = id_of(f"{person.name} {stream} {number}")
    return step(
        f"grant {person.name} {role} #{number}", lambda s: s.grant(grant, stream, person.account, role, at(number))
    )


def erasing(name: str, wrong: bool, keep: bool) -> Step:
    stream = VAULT if (name == "blobs") is not wrong else RECORD
    request = erasure(name, by=THEO if wrong and name == "goal" else ANNA, stream=stream)

    async def call(store: LogStore) -> object:
        return await store.erase(request, at(3), keep=keep)

    return step(f"erase {name} keep={keep}", call)


@st.composite
def steps(draw: st.DrawFn) -> Step:
    kind = draw(st.sampled_from(["push"] * 14 + ["apply"] * 5 + ["erase"] * 2 + ["grant", "end", "revoke"]))
    if kind == "push":
        submission = draw(pushes())
        numbers = [change.seq for change in submission.changes]
        return step(f"push {submission.kind} {numbers}", lambda s: outcome_of(s, submission))
    stream, person, number = draw(streams), draw(people), draw(st.integers(1, 9))
    match kind:
        case "erase":
            return erasing(draw(st.sampled_from(["entry", "blobs", "unknown", "goal"])), draw(rarely), draw(sometimes))
        case "apply":
            aside = draw(st.lists(st.integers(1, 12), max_size=2))
            return step(f"apply through {number} but {aside}", lambda s: s.applied(stream, number, aside))
        case "grant":
            return granting(person, stream, draw(st.sampled_from([Role.CLIENT, Role.PRIMARY])), number)
        case "end":
            return step(f"end {person.name}", lambda s: s.end_grants(stream, person.account, at(number)))
    return step(f"revoke {person.name}", lambda s: s.revoke_device(person.device, at(number)))


async def told(store: LogStore, call: Call) -> object:
    try:
        return await call(store)
    except (IntersessionError, ValueError) as error:
        return type(error).__name__


async def everything(store: LogStore) -> list[object]:
    """All that can be read."""
    found: list[object] = [await store.stream_heads(), await store.unapplied(7, 150)]
    for person in (ANNA, THEO):
        offers = await store.offers(person.reader)
        found += [offers, await ended(store, person.reader, [RECORD, CHART, VAULT])]
        for offer in offers:
            for after in (0, 3):
                found.append(await store.page(person.reader, offer.stream, offer.grant, after, 400))
            for below in (None, 3):
                found.append(await store.backfill(person.reader, offer.stream, offer.grant, 8, below, 500))
    for stream in (RECORD, CHART, VAULT):
        found += [await store.grants_of(stream), await store.stream_rows(stream, 0, 100)]
        found += [await store.chain_at(stream, seq) for seq in range(12)]
    for name in (*DOCUMENTS, "blobs", "unknown"):
        found += [await store.document_changes(id_of(name)), await store.document_rows(id_of(name))]
    return found


async def play(history: list[Step]) -> dict[str, list[object]]:
    answers: dict[str, list[object]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, open_store in STORES.items():
            store = open_store(Path(folder))
            await furnish(store)
            answers[name] = [await told(store, one.call) for one in history]
            answers[name] += await everything(store)
            await store.close()
    return answers


@settings(max_examples=60)
@given(st.lists(steps(), max_size=25))
def test_stores_agree(history: list[Step]) -> None:
    first, *others = asyncio.run(play(history)).values()
    for other in others:
        assert other == first


@st.composite
def deliveries(draw: st.DrawFn) -> list[tuple[Change, ...]]:
    """Pieces of one document's changes, overlapping, repeated and out of order."""
    spans = st.tuples(st.integers(0, 5), st.integers(1, 6))
    return [WRITTEN["entry"][start : start + length] for start, length in draw(st.lists(spans, max_size=12))]


async def deliver(pieces: list[tuple[Change, ...]]) -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        store = STORES["sqlite"](Path(folder))
        await furnish(store)
        waiting = [store.append(push(*piece), MORNING) for piece in pieces]
        for piece, outcome in zip(pieces, [await one for one in waiting], strict=True):
            if isinstance(outcome, Appended):
                rows = {row.seq: row.hash for row in await store.unapplied(100, PLENTY)}
                assert rows[outcome.seq] in {change.hash for change in piece}
        hashes = [row.hash for row in await store.unapplied(100, PLENTY)]
        await store.close()
        return hashes


@settings(max_examples=40)
@given(deliveries())
def test_whatever_is_delivered_each_change_has_one_row_after_those_it_builds_on(
    pieces: list[tuple[Change, ...]],
) -> None:
    hashes = asyncio.run(deliver(pieces))
    expected: list[bytes] = []
    for piece in pieces:
        if piece[0].seq <= len(expected) + 1:
            expected += [change.hash for change in piece[len(expected) - piece[0].seq + 1 :]]
    assert hashes == expected
