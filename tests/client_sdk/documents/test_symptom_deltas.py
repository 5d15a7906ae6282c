"""The rows of symptom logs, brought up to each change as it comes, are those that the whole document makes."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from tests.client_sdk.practice import NOON, Practice, replica_of

from intersession import Caseload
from intersession.documents import applying, projections
from intersession.documents.documents import Documents
from intersession.documents.tables import symptom_rows
from intersession.store.store import Store
from intersession_schemas.changes import Change, read_change
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import symptoms
from intersession_schemas.documents.diary.symptoms import Log, Withdrawn, key_mark
from intersession_schemas.errors import DocumentError
from intersession_schemas.streams import Kind, Role

TABLES = ("symptom_logs", "symptom_withdrawn", "withdrawn_records", "symptoms_standing")


def new_id(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


class Bucket:
    """One document, written by several at once; what each has written waits until it is pushed."""

    def __init__(self, chance: random.Random, practice: Practice) -> None:
        self.chance, self.practice, self.id = chance, practice, new_id(chance)
        first = Document.new(chance.randbytes(16))
        made = symptoms.create(first, "2026-05")
        self.writers = [first, *(first.fork(chance.randbytes(16)) for _ in range(2))]
        self.waiting: list[list[bytes]] = [[made], [], []]
        self.push(0)

    def write(self, texts: dict[str, str | None]) -> None:
        writer = self.chance.randrange(len(self.writers))
        with self.writers[writer].edit() as edit:
            for key, text in texts.items():
                if text is not None:
                    edit.put(key, text)
                elif self.writers[writer].origin(key) is not None:
                    edit.delete(key)
        if edit.change is not None:
            self.waiting[writer].append(edit.change)

    def push(self, writer: int) -> None:
        for data in self.waiting[writer]:
            self.practice.received_at += timedelta(minutes=self.chance.randrange(3))
            self.practice.append(self.id, Kind.SYMPTOM_LOG, data)
        self.waiting[writer].clear()

    def pull(self, writer: int) -> None:
        """Take in what the others have pushed, as far as this one can."""
        rows = [row.change for row in self.practice.rows if row.document == self.id]
        self.writers[writer].apply(rows)


class Story:
    """Records of all sorts in two buckets, as they come to a therapist's device."""

    def __init__(self, seed: int, practice: Practice) -> None:
        self.chance = random.Random(seed)
        self.buckets = [Bucket(self.chance, practice) for _ in range(2)]
        self.known: list[UUID] = []
        self.of: dict[UUID, tuple[Bucket, str]] = {}
        """Where a record is, and what it says, while there is one of it."""

    def step(self) -> None:
        bucket = self.chance.choice(self.buckets)
        what = self.chance.choices(
            ["log", "withdraw", "over", "copy", "push", "pull"], [8, 2, 2, 1, 6, 3]
        )[0]  # fmt: skip
        writer = self.chance.randrange(3)
        if what == "push":
            bucket.push(writer)
        elif what == "pull":
            bucket.push(writer)
            bucket.pull(writer)
        elif what == "withdraw":
            bucket.write(self.records([self.withdrawn(new_id(self.chance))], bucket))
        elif what == "copy" and self.of:  # as where a copy of a store has added it to another bucket
            id_ = self.chance.choice(list(self.of))
            bucket.write({str(id_): self.of.pop(id_)[1]})
        elif what == "over" and self.of:  # what nobody's app does: to write over a record, or to delete it
            id_ = self.chance.choice(list(self.of))
            bucket = self.of[id_][0]
            other = self.chance.choice([self.log(id_), self.withdrawn(id_), None])
            bucket.write({str(id_): "{" if other is None else text_of(other)})
            if self.chance.random() < 0.4:
                bucket.write({str(id_): None})
        else:
            bucket.write(
                self.records([self.log(new_id(self.chance)) for _ in range(self.chance.randrange(1, 4))], bucket)
            )

    def records(self, made: Iterable[Log | Withdrawn], bucket: Bucket) -> dict[str, str | None]:
        records = {one.id: text_of(one) for one in made}
        self.known += records
        self.of |= {id_: (bucket, text) for id_, text in records.items()}
        return {str(id_): text for id_, text in records.items()}

    def log(self, id_: UUID) -> Log:
        corrects = self.chance.choice(self.known) if self.known and self.chance.random() < 0.3 else None
        return Log(
            id=id_,
            at=NOON + timedelta(hours=self.chance.randrange(50)),
            entered_at=NOON + timedelta(hours=self.chance.randrange(50)),
            values={self.chance.choice("abc"): self.chance.randrange(9)},
            key=self.chance.choice(["k1", "k2", "k3"]) if self.chance.random() < 0.3 else None,
            corrects=None if corrects == id_ else corrects,
        )

    def withdrawn(self, id_: UUID) -> Withdrawn:
        logs = self.chance.sample(self.known, min(len(self.known), self.chance.randrange(3)))
        marks = [key_mark(key) for key in ("k1", "k2") if self.chance.random() < 0.4]
        return Withdrawn(id_, NOON + timedelta(hours=self.chance.randrange(50)), tuple(logs), tuple(marks))


def text_of(record: Log | Withdrawn) -> str:
    return msgspec.json.encode(record).decode()


class RolledBackError(Exception):
    """Ends what was only tried."""


def rows(store: Store) -> dict[str, list[object]]:
    return {table: sorted(store.all(f"SELECT * FROM {table}"), key=repr) for table in TABLES}


def made_anew(store: Store) -> dict[str, list[object]]:
    """The rows as the whole documents make them."""
    found: dict[str, list[object]] = {}
    try:
        with store.transaction():
            for table in TABLES:
                store.run(f"DELETE FROM {table}")
            store.run("UPDATE documents SET dirty = 1")
            applying.apply_dirty(store, Documents(store))
            found = rows(store)
            raise RolledBackError
    except RolledBackError:
        return found


def follow(seed: int, practice: Practice, caseload: Caseload, steps: int) -> None:
    side = practice.join(caseload, Role.PRIMARY)
    story = Story(seed, practice)
    replica = replica_of(caseload)
    held = 0
    for number in range(steps):
        story.step()
        if story.chance.random() < 0.3 or number == steps - 1:
            size = story.chance.choice([1, 2, 5, 1000])
            while held < practice.head:
                side.store_page(practice.page(held, most=size))
                held = min(held + size, practice.head)
            if story.chance.random() < 0.2:
                replica.documents._loaded.clear()
            with replica.reading() as store:
                assert rows(store) == made_anew(store), f"seed {seed}, step {number}"


@pytest.mark.parametrize("seed", range(30))
def test_rows_that_follow_are_those_made_anew(seed: int, practice: Practice, caseload: Caseload) -> None:
    follow(seed, practice, caseload, steps=40)


@pytest.mark.parametrize("seed", range(100, 112))
def test_also_where_some_changes_do_not_apply(
    seed: int, practice: Practice, caseload: Caseload, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = random.Random(seed)
    spoiled: dict[bytes, bool] = {}

    def is_bad(data: bytes) -> bool:
        # Its first change is needed; of the others some fail, the same ones each time.
        change = read_change(data)
        return spoiled.setdefault(change.hash, bool(change.deps) and bad.random() < 0.15)

    apply, load = Document.apply, Document.load.__func__  # type: ignore[attr-defined]
    theirs: set[int] = set()

    def applying_some(document: Document, changes: Sequence[bytes | Change]) -> None:
        if id(document) in theirs and any(is_bad(one if isinstance(one, bytes) else one.data) for one in changes):
            raise DocumentError("no", code="does_not_apply")
        apply(document, changes)

    def loading(cls: type[Document], data: bytes, actor: bytes, operations: int = 0) -> Document:
        if any(failed and row.change in data for row in practice.rows if (failed := is_bad(row.change))):
            raise DocumentError("no", code="does_not_apply")
        made = load(cls, data, actor, operations)
        theirs.add(id(made))
        kept.append(made)
        return made  # type: ignore[no-any-return]

    kept: list[Document] = []  # so that no id is used twice
    monkeypatch.setattr(Document, "apply", applying_some)
    monkeypatch.setattr(Document, "load", classmethod(loading))
    follow(seed, practice, caseload, steps=40)
    with replica_of(caseload).reading() as store:
        assert seed != 100 or store.number("SELECT count(*) FROM changes WHERE set_aside") > 0


def test_only_what_a_change_wrote_is_read(
    practice: Practice, caseload: Caseload, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the usual case: else the tests above would hold for a device that makes everything anew each time."""
    side = practice.join(caseload, Role.PRIMARY)
    story = Story(1, practice)
    side.store_page(practice.page(0))
    anew: list[object] = []
    whole = symptom_rows.project
    monkeypatch.setitem(
        projections.PROJECTIONS,
        Kind.SYMPTOM_LOG,
        projections.Projection(lambda *given: anew.append(whole(*given)), lambda *_: "", symptom_rows.follow),
    )
    for _ in range(5):
        bucket = story.buckets[0]
        bucket.write(story.records([story.log(new_id(story.chance)), story.withdrawn(new_id(story.chance))], bucket))
        for writer in range(3):
            bucket.push(writer)
        side.store_page(practice.page(practice.head - 1))
    assert anew == []


def test_a_record_of_more_names_than_are_kept_apart_is_made_anew(practice: Practice, caseload: Caseload) -> None:
    side = practice.join(caseload, Role.PRIMARY)
    story = Story(3, practice)
    bucket, held = story.buckets[0], 0
    for number in range(45):
        values = {f"name {number} {each}": 1 for each in range(10)}
        log = msgspec.structs.replace(story.log(new_id(story.chance)), values=values, corrects=None)
        bucket.write({str(log.id): text_of(log)})
        for writer in range(3):
            bucket.push(writer)
        side.store_page(practice.page(held))
        held = practice.head
    with replica_of(caseload).reading() as store:
        assert rows(store) == made_anew(store)
        assert store.number("SELECT count(*) FROM symptom_logs") < 45
