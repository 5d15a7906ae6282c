"""What is one's own in another store, or in an export, taken into this one: moments stay, ids are new."""

from __future__ import annotations

import os
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar
from uuid import UUID, uuid4

import msgspec
from msgspec import Struct

from intersession.diary import export_pages
from intersession.diary.exporting import gather
from intersession.diary.own_data import Own
from intersession.diary.symptoms import TOO_MANY_NAMES
from intersession.documents import records
from intersession.documents.long_prose import copy_entry
from intersession.documents.rows import Destination
from intersession.documents.symptom_logs import buckets
from intersession.documents.tables import symptom_rows, symptom_views
from intersession.documents.writing import Writing
from intersession.errors import InvalidField, StoreInvalid, StoreTooNew
from intersession.inputs.clock import zone_of
from intersession.models.drafts import FormDraft
from intersession.models.exports import FORMAT, VERSION, StoreImport
from intersession.models.measures import Assessment
from intersession.models.records import Assignment, Entry, Goal, GoalStep, HomeworkProgress, Topic
from intersession.models.symptoms import SymptomLog
from intersession.replica.backups import explained
from intersession.store import store_file
from intersession.store.store_key import StoreKey
from intersession_schemas.crdt import Document
from intersession_schemas.documents.assessments import assessments
from intersession_schemas.documents.assessments.answers import WordingTaken
from intersession_schemas.documents.care import goals, topics
from intersession_schemas.documents.diary.journal import JournalEntry
from intersession_schemas.documents.diary.symptoms import Log
from intersession_schemas.nesting import check_json
from intersession_schemas.streams import Kind

T = TypeVar("T")
Progress = Callable[[int, int], object]
Opened = Callable[[Path, "StoreKey | str | bytes | None"], AbstractContextManager[Own]]
"""Opens another store of one's own."""
_JSON = "export.json"
_AT_ONCE = 50
"""Things of one transaction: what is done is done, whatever ends it."""
_MOST_JSON = 2 * 1024**3


class _Taken(Struct, frozen=True, kw_only=True):
    """Of an export, what another store can take."""

    format: str
    version: int
    entries: tuple[Entry, ...] = ()
    symptom_logs: tuple[SymptomLog, ...] = ()
    homework: tuple[Assignment, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    goals: tuple[Goal, ...] = ()
    topics: tuple[Topic, ...] = ()
    drafts: tuple[FormDraft, ...] = ()
    comments: tuple[msgspec.Raw, ...] = ()


class _Version(Struct):
    format: str = ""
    version: int = 0


def import_from(
    tracker: Own,
    opened: Opened,
    source: str | os.PathLike[str],
    *,
    key: StoreKey | str | bytes | None,
    share: bool,
    progress: Progress | None,
) -> StoreImport:
    """See `Tracker.import_from`."""
    if not isinstance(share, bool):
        raise InvalidField("share must be True or False.")
    path = Path(source).absolute()
    with explained(path):
        found = _read(opened, path, key)
    return _Feed(tracker, share, progress).feed(found)


def _read(opened: Opened, path: Path, key: StoreKey | str | bytes | None) -> _Taken:
    store_file.check_path(path)
    if path.is_dir():
        if not (path / _JSON).is_file():
            raise StoreInvalid(f"{path} is a folder without {_JSON}. Give a store or an export.")
        return _decoded((path / _JSON).read_bytes(), path)
    if not store_file.regular(path):
        raise StoreInvalid(f"There is no file {path} to import.")
    if path.suffix.lower() == ".json":
        return _decoded(path.read_bytes(), path)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            if _JSON not in archive.namelist() or archive.getinfo(_JSON).file_size > _MOST_JSON:
                raise _no_export(path)
            return _decoded(archive.read(_JSON), path)
    with opened(path, key) as old:
        return _decoded(msgspec.json.encode(gather(old)), path)


def _decoded(content: bytes, path: Path) -> _Taken:
    try:
        check_json(content)
        said = msgspec.json.decode(content, type=_Version)
        if said.format != FORMAT:
            raise _no_export(path)
        if said.version > VERSION:
            raise StoreTooNew(f"{path} was made by a newer version of this app. Update the app to import it.")
        return msgspec.json.decode(content, type=_Taken)
    except (msgspec.MsgspecError, UnicodeDecodeError) as failure:
        raise _no_export(path) from failure


def _no_export(path: Path) -> InvalidField:
    return InvalidField(f"{path.name} is not a store or export of this app, or was changed by hand.")


class _Feed:
    """Feeds one store; counts what it took."""

    def __init__(self, tracker: Own, share: bool, progress: Progress | None) -> None:
        self._tracker = tracker
        self._replica = tracker._replica  # noqa: SLF001 - a part of the tracker
        self._share = share
        self._progress = progress
        self._new: Counter[str] = Counter()
        self._unchanged = 0
        self._not_shared: Counter[str] = Counter()
        self._odd = 0
        self._done = self._all = 0

    def feed(self, found: _Taken) -> StoreImport:
        """Take what is new, some at a time."""
        progress = [(homework, one) for homework in found.homework for one in homework.progress]
        shared = (found.goals, found.topics, found.assessments)
        self._all = sum(map(len, (found.entries, found.symptom_logs, *shared, progress)))
        self._each("entries", found.entries, lambda one: one.id, self._entry)
        self._each("logs", found.symptom_logs, lambda one: one.id, self._log)
        self._each("progress", progress, lambda one: one[1].id, lambda writing, one: self._entry(writing, _told(*one)))
        self._each("goals", found.goals, lambda one: one.id, self._goal)
        self._each("topics", found.topics, lambda one: one.id, self._topic)
        # What corrects another comes after it.
        in_order = sorted(found.assessments, key=lambda one: (one.amends is not None, one.started_at))
        self._each("assessments", in_order, lambda one: one.id, self._assessment)
        drafts = 0
        there = {one.name for one in self._tracker.drafts.list()}
        for draft in found.drafts:
            if draft.name not in there:
                self._tracker.drafts.keep(draft.name, draft.title, draft.answers)
                drafts += 1
        return StoreImport(
            entries=self._new["entries"],
            symptom_logs=self._new["logs"],
            goals=self._new["goals"],
            topics=self._new["topics"],
            assessments=self._new["assessments"],
            progress=self._new["progress"],
            drafts=drafts,
            unchanged=self._unchanged,
            left_out=tuple(self._left_out(found)),
        )

    def _left_out(self, found: _Taken) -> Iterator[str]:
        for what, count in self._not_shared.items():
            yield f"{count} {what}: a care team can read them. Import again with share to include them."
        if self._new["progress"]:
            yield "Homework belongs to your therapists: what you reported about it is here as journal entries."
        if found.comments:
            yield f"{len(found.comments)} comments: what they are about is not in this store. They are in the export."
        if self._odd:
            yield f"{self._odd} items were unfinished, or contain what this app does not support."
        yield "Plan, homework, resources and sessions: they belong to your care team and arrive with a sync."

    def _each(
        self, what: str, items: Sequence[T], id_of: Callable[[T], UUID], take: Callable[[Writing, T], UUID | None]
    ) -> None:
        for start in range(0, len(items), _AT_ONCE):
            with self._replica.writing() as writing:
                for one in items[start : start + _AT_ONCE]:
                    self._done += 1
                    if self._known(id_of(one)):
                        self._unchanged += 1
                        continue
                    try:
                        with writing.attempt():
                            made = take(writing, one)
                    except InvalidField:
                        self._odd += 1
                        continue
                    if made is None:
                        continue
                    self._replica.store.run("INSERT INTO taken (old, new) VALUES (?, ?)", id_of(one).bytes, made.bytes)
                    self._new[what] += 1
            if self._progress is not None:
                self._progress(self._done, self._all)

    def _known(self, id: UUID) -> bool:
        """Whether it was taken before, or is here under its own id."""
        store = self._replica.store
        return any(
            store.one(sql, id.bytes) is not None
            for sql in (
                "SELECT 1 FROM taken WHERE old = ?",
                "SELECT 1 FROM documents WHERE id = ? AND NOT erased",
                "SELECT 1 FROM symptom_logs WHERE log = ?",
                "SELECT 1 FROM aliases WHERE old = ?",
            )
        )

    def _to(self, shared: bool) -> Destination:
        """What nobody else read stays so, whatever is asked."""
        return self._replica.destination(shared and self._share)

    def _entry(self, writing: Writing, one: Entry) -> UUID:
        entry = JournalEntry(one.written_at, one.entered_at, one.zone, one.text, one.sections, one.mood, one.tags)
        made = writing.create(Kind.JOURNAL_ENTRY, lambda document: copy_entry(document, entry), self._to(one.shared))
        return made.document.id

    def _log(self, writing: Writing, one: SymptomLog) -> UUID | None:
        store = writing.store
        log = Log(uuid4(), one.at, one.entered_at, one.values, one.zone, one.scale, one.note, one.key)
        same = one.key is not None and symptom_views.with_key(store, one.key) is not None
        if same or symptom_rows.is_withdrawn(store, log):
            self._unchanged += 1  # the same file was imported here
            return None
        if not symptom_rows.has_room_for(store, log.values):
            raise InvalidField(TOO_MANY_NAMES)
        return buckets.add(writing, [log], self._to(one.shared))[log.id].id

    def _goal(self, writing: Writing, one: Goal) -> UUID | None:
        if not self._share:
            self._not_shared["goals"] += 1
            return None
        value = goals.Goal(
            what=one.what,
            why=one.why,
            steps={step.id: _step(number, step) for number, step in enumerate(one.steps, start=1)},
            state=one.state,
            made_at=one.made_at,
        )
        return writing.create(Kind.GOAL, records.creation(Kind.GOAL, value), self._to(shared=True)).document.id

    def _topic(self, writing: Writing, one: Topic) -> UUID | None:
        if not self._share:
            self._not_shared["topics"] += 1
            return None
        value = topics.Topic(text=one.text, made_at=one.made_at, talked_on=one.talked_on)
        return writing.create(Kind.TOPIC, records.creation(Kind.TOPIC, value), self._to(shared=True)).document.id

    def _assessment(self, writing: Writing, one: Assessment) -> UUID | None:
        if not self._share:
            self._not_shared["assessments"] += 1
            return None
        if not one.completions:
            raise InvalidField("It is not completed.")
        made = writing.create(Kind.ASSESSMENT, lambda document: self._answered(document, one), self._to(shared=True))
        return made.document.id

    def _answered(self, document: Document, one: Assessment) -> list[bytes]:
        kept = one.completions[-1]
        row = (
            None
            if one.amends is None
            else self._replica.store.one("SELECT new FROM taken WHERE old = ?", one.amends.bytes)
        )
        start = assessments.Start(
            instrument=one.instrument,
            scheme=one.scheme,
            started_at=one.started_at,
            zone=one.zone,
            amends=None if row is None else UUID(bytes=row[0]),
        )
        changes: list[bytes | None] = [assessments.create(document, start)]
        changes += [
            assessments.answer(document, item, value, answer_id=uuid4(), at=kept.completed_at)
            for item, value in kept.answers.items()
        ]
        wording = WordingTaken(status=kept.wording)
        changes.append(
            assessments.complete(document, completion_id=uuid4(), at=kept.completed_at, zone=one.zone, wording=wording)
        )
        return [change for change in changes if change is not None]


def _step(number: int, step: GoalStep) -> goals.GoalStep:
    return goals.GoalStep(text=step.text, done_on=step.done_on, order=float(number))


def _told(homework: Assignment, one: HomeworkProgress) -> Entry:
    """What was said of homework, as an entry: the homework itself is not here."""
    lines = [f"{homework.what}: {one.status}"]
    lines += [f"{answer.prompt}\n{export_pages.shown(answer)}" for answer in one.answers]
    for prompt, said in (("Hard", one.difficulty), ("Helpful", one.helpfulness)):
        lines += [f"{prompt}: {said} of 10"] if said is not None else []
    lines += [said for said in (one.learned, one.barrier or "", one.barrier_note) if said]
    return Entry(
        id=one.id,
        text="\n\n".join(lines),
        sections=(),
        mood=None,
        tags=("homework",),
        written_at=one.done_at,
        entered_at=one.entered_at,
        zone=zone_of(one.done_at),
        arrived_at=None,
        shared=True,
        late=False,
    )
