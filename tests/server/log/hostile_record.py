"""A record in which everything has its author, and peers who push whatever they like into it.

`Record` is the log in memory with the real judgement and the real applying. `samples` makes an honest document of each
kind, `Hostile` changes of it as no app would make them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from automerge import _automerge as am
from msgspec.structs import replace
from tests.schemas import forging

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import ROOT, Document
from intersession_schemas.documents.assessments import assessments
from intersession_schemas.documents.assessments.answers import WordingTaken
from intersession_schemas.documents.assessments.wordings import WordedItem, Wording
from intersession_schemas.documents.care.comments import Acknowledgement, Comment, Note
from intersession_schemas.documents.care.episodes import Baseline, Episode
from intersession_schemas.documents.care.goals import Goal, GoalStep
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress, HomeworkReview
from intersession_schemas.documents.care.plan import Plan, PlanTracker, SafetyStep
from intersession_schemas.documents.care.resources import Resource
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.documents.care.templates import Template
from intersession_schemas.documents.care.topics import Topic
from intersession_schemas.documents.diary import journal, sections, symptoms
from intersession_schemas.documents.forms import Field
from intersession_schemas.errors import DocumentError, RefusalCode
from intersession_schemas.records.kinds import SHAPES
from intersession_schemas.streams import WRITERS, Audience, Kind, Role, kinds_of
from intersession_server.log import applying
from intersession_server.log.applying import OpenDocument
from intersession_server.log.memory import MemoryLogStore
from intersession_server.log.submissions import Appended, Declined, Submission

NAMES = UUID(int=77)
NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
PRACTICE, ANNA, THEO, TARA = (uuid5(NAMES, name) for name in ("practice", "anna", "theo", "tara"))
STREAMS = {audience: uuid5(NAMES, audience) for audience in Audience}
PEOPLE: dict[Audience, dict[UUID, Role]] = {
    Audience.RECORD: {ANNA: Role.CLIENT, THEO: Role.PRIMARY, TARA: Role.COVERING},
    Audience.CHART: {THEO: Role.PRIMARY, TARA: Role.COVERING},
    Audience.LIBRARY: {THEO: Role.THERAPIST, TARA: Role.THERAPIST},
}
KINDS = [(audience, kind) for audience in PEOPLE for kind in sorted(kinds_of(audience))]
HOMEWORK = uuid5(NAMES, "homework")
VALUES: dict[Kind, Any] = {
    Kind.PLAN: Plan(
        introduction="Write what matters.",
        trackers={"t1": PlanTracker(name="worry", question="How much?")},
        safety_plan={"s1": SafetyStep(text="Go for a walk.")},
    ),
    Kind.TOPIC: Topic(text="My brother", made_at=NOW),
    Kind.GOAL: Goal(what="Sleep", why="To be rested", steps={"g1": GoalStep(text="Up at seven")}, made_at=NOW),
    Kind.RESOURCE: Resource(title="Breathing", text="In and out.", made_at=NOW),
    Kind.HOMEWORK: Homework(what="Walk", fields={"f1": Field(prompt="How was it?")}, assigned_at=NOW),
    Kind.HOMEWORK_PROGRESS: HomeworkProgress(homework=HOMEWORK, learned="It helped.", done_at=NOW, entered_at=NOW),
    Kind.HOMEWORK_REVIEW: HomeworkReview(homework=HOMEWORK, reason="It helps.", reviewed_at=NOW),
    Kind.COMMENT: Comment(on=HOMEWORK, text="Well done.", made_at=NOW),
    Kind.ACKNOWLEDGEMENT: Acknowledgement(signal="risk/1", note="Called.", made_at=NOW),
    Kind.SESSION: Session(planned_at=NOW),
    Kind.EPISODE: Episode(
        began_on=date(2026, 5, 4), reason="Low mood", baseline={"phq-9/total": Baseline(assessment=HOMEWORK)}
    ),
    Kind.NOTE: Note(text="Seems tired.", made_at=NOW),
    Kind.TEMPLATE: Template(title="Walk", what="Walk daily", fields={"f1": Field(prompt="How was it?")}),
    Kind.INSTRUMENT: Wording(key="phq-9", scheme="phq-9", prompts={"1": WordedItem(text="Little interest")}),
}
RISK = "q9"


def author_of(audience: Audience, kind: Kind) -> UUID:
    """Who makes the sample: the first of those who may."""
    return next(one for one, role in PEOPLE[audience].items() if role in WRITERS[audience, kind])


def sample(kind: Kind, document: Document) -> list[bytes]:
    """Write an honest document of a kind, complete where that kind can be complete."""
    match kind:
        case Kind.JOURNAL_ENTRY:
            section = sections.Section("How are you?", "Fine.", "s1")
            return [journal.create(document, written_at=NOW, entered_at=NOW, text="Today.", sections=[section], mood=4)]
        case Kind.SYMPTOM_LOG:
            return [symptoms.create(document, "2026-05"), symptoms.add(document, [log("first")])]
        case Kind.ASSESSMENT:
            start = assessments.Start(instrument="phq-9", scheme="phq-9", started_at=NOW)
            made = [assessments.create(document, start)]
            for item in ("q1", RISK):
                answered = assessments.answer(document, item, 3, answer_id=uuid5(NAMES, item), at=NOW)
                assert answered is not None
                made.append(answered)
            made.append(
                assessments.complete(document, completion_id=uuid5(NAMES, "done"), at=NOW, wording=WordingTaken())
            )
            return made
        case _:
            return [SHAPES[kind].create(document, VALUES[kind])]


def log(name: str) -> symptoms.Log:
    return symptoms.Log(id=uuid5(NAMES, name), at=NOW, entered_at=NOW, values={"worry": 7})


def honest_edit(kind: Kind, document: Document, number: int) -> bytes | None:
    """What an app would write next; None for a kind that is never edited. Raises where the document cannot be."""
    text = f"Words of edit {number}."
    match kind:
        case Kind.JOURNAL_ENTRY:
            return journal.edit(document, text=text, mood=number % 10)
        case Kind.SYMPTOM_LOG:
            return symptoms.add(document, [log(text)])
        case Kind.ASSESSMENT | Kind.ACKNOWLEDGEMENT | Kind.INSTRUMENT:
            return None
        case _:
            shape = SHAPES[kind]
            before: Any = shape.read(document)
            name = next(field.name for field in shape.fields if field.is_prose) if kind != Kind.SESSION else "minutes"
            return shape.update(document, before, replace(before, **{name: text if name != "minutes" else 1 + number}))


class Record:
    """All streams of one client and the library, in memory."""

    def __init__(self) -> None:
        self.store = MemoryLogStore()
        self._held: dict[UUID, OpenDocument] = {}
        for audience, people in PEOPLE.items():
            self.store.create_stream(STREAMS[audience], audience, PRACTICE, ANNA, NOW)
            for account, role in people.items():
                grant = uuid5(NAMES, f"{audience} {account}")
                self.store.grant(grant, STREAMS[audience], account, role, NOW)

    def push(self, by: UUID, audience: Audience, kind: Kind, id: UUID, changes: Sequence[bytes]) -> RefusalCode | None:
        """Push changes and apply what was taken. The code of the refusal; `does_not_apply` for what was set aside."""
        try:
            read = tuple(map(read_change, changes))
        except DocumentError as error:
            return RefusalCode(error.code)
        self.store.append(Submission(by, by, STREAMS[audience], id, kind, read), NOW)
        ((_, outcome),) = self.store.flush()
        if isinstance(outcome, Declined):
            return outcome.code
        assert isinstance(outcome, Appended)
        return RefusalCode.DOES_NOT_APPLY if self._apply() else None

    def made_by_server(self, audience: Audience, kind: Kind, id: UUID, changes: Sequence[bytes]) -> None:
        self.store.found(STREAMS[audience], id, kind, [read_change(change) for change in changes], NOW)
        self._apply()

    def document(self, id: UUID) -> Document:
        """The document as everybody has it."""
        made = Document.new(b"reader")
        made.apply(self.store.document_changes(id))
        return made

    def _apply(self) -> set[int]:
        aside: set[int] = set()
        while rows := self.store.unapplied(50, 10**7):
            for id, changes in applying.by_document(rows).items():
                if id not in self._held:
                    self._held[id] = OpenDocument(changes[0].kind, self.store.document_changes(id))
                held = self._held[id]
                steps = applying.advance(held, changes)
                while True:
                    try:
                        next(steps)
                    except StopIteration as done:
                        aside.update(done.value)
                        break
            for progress in applying.settle(rows, {(row.stream, row.seq) for row in rows if row.seq in aside}):
                self.store.applied(progress.stream, progress.through, progress.quarantined)
        return aside


def objects(document: am.Document) -> Iterator[tuple[bytes, list[Any], Any]]:
    """Every object of a document: its id, its keys, and its type."""
    waiting: list[tuple[bytes, Any]] = [(ROOT, am.ObjType.Map)]
    while waiting:
        id, kind = waiting.pop()
        keys = list(document.keys(id)) if kind == am.ObjType.Map else list(range(document.length(id)))
        yield id, keys, kind
        if kind == am.ObjType.Map:
            for key in keys:
                found = document.get(id, key)
                if found is not None and not isinstance(found[0], tuple):
                    waiting.append((found[1], found[0]))


SCALARS = [
    (am.ScalarType.Str, "mischief"),
    (am.ScalarType.Int, 0),
    (am.ScalarType.Null, None),
    (am.ScalarType.Boolean, True),
    (am.ScalarType.Str, str(THEO)),
]


def hostile_change(chance: random.Random, document: Document, actor: bytes, names: Sequence[str]) -> bytes | None:
    """A change that some tool made: anything anywhere, of the document as it is or was, or with a forged header."""
    if chance.random() < 0.15:
        ops = [forging.Op(chance.choice([*names, "kind"]).encode(), chance.choice([forging.SET, forging.MAKE_TEXT]))]
        return forging.change(
            forging.operations(ops),
            deps=chance.choice([(), document.heads]),
            actor=actor,
            seq=chance.choice([1, 1, 2, 9]),
            start_op=chance.choice([1, 2, 5, 199_999]),
        )
    raw = am.Document.load(document.save())
    changes = raw.get_changes([])
    if len(changes) > 1 and chance.random() < 0.3:
        raw = am.Document.load(b"".join(change.bytes for change in changes[: chance.randrange(1, len(changes))]))
    raw.set_actor(actor)
    before = raw.get_heads()
    with raw.transaction() as transaction:
        for _ in range(chance.choice([1, 1, 1, 2, 4])):
            id, keys, kind = chance.choice(list(objects(raw)))
            _do(chance, transaction, id, keys, kind, names)
    made = raw.get_changes(before)
    return made[0].bytes if made else None


def _do(chance: random.Random, transaction: Any, id: bytes, keys: list[Any], kind: Any, names: Sequence[str]) -> None:
    if kind != am.ObjType.Map:
        at = chance.randrange(len(keys) + 1)
        if kind == am.ObjType.Text and chance.random() < 0.5:
            transaction.splice_text(id, at, min(len(keys) - at, chance.randrange(3)), chance.choice(["", "x", "né 😀"]))
        else:
            transaction.insert(id, at, *chance.choice([*SCALARS, (am.ScalarType.Str, "several letters")]))
        return
    key = chance.choice([*keys, *keys, *names, "mischief"])
    there = key in keys
    match chance.randrange(5 if there else 4):
        case 0 | 1:
            transaction.put(id, key, *chance.choice(SCALARS))
        case 2:
            transaction.put_object(id, key, am.ObjType.Text)
        case 3:
            transaction.put_object(id, key, chance.choice([am.ObjType.Map, am.ObjType.List]))
        case _:
            transaction.delete(id, key)
