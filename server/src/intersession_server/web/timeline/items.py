"""What the page of a timeline shows, prepared: days, and what there is of each, in words and in order. Pure.

What was received more than a day after what it is about was synced later; what was also entered that much later was
entered later. Being offline is not being late.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.assessments.assessments import Assessment
from intersession_schemas.documents.care.homework import HomeworkProgress
from intersession_schemas.documents.diary.symptoms import Number
from intersession_schemas.documents.moments import is_late
from intersession_schemas.instruments import Instrument
from intersession_schemas.records.instants import from_micros, to_micros
from intersession_schemas.records.kinds import moment_of
from intersession_schemas.streams import Kind
from intersession_server.language.language import say
from intersession_server.projections.read_models import (
    CommentView,
    EntryView,
    RecordView,
    SymptomLogView,
    model_of,
    subject_of_view,
)
from intersession_server.projections.timeline.values import KINDS, TimelineContent, TimelineRow
from intersession_server.web.page import phrases
from intersession_server.web.page.prose import FoldedText, prose
from intersession_server.web.timeline.entries import APART, EntryCard, Moment, entry_card
from intersession_server.web.timeline.filters import anchor, place_address
from intersession_server.web.timeline.kinds import Sign, named, sign
from intersession_server.web.timeline.lines import Body, TimelineLine, body_of, titled

MANY_LOGS = 3
"""So many symptom logs of one day are shown together."""
_WHOLE_DAYS = frozenset({Kind.SESSION, Kind.EPISODE})
"""Kinds that are about a time that was agreed, which nobody is late for by writing it down."""

_NAMED_BY_SUBJECT = frozenset({Kind.HOMEWORK_PROGRESS, Kind.HOMEWORK_REVIEW})
"""Kinds whose heading is that of what they are about, and which need none beside the way there."""


class Remark(Struct, frozen=True):
    """A comment, below what it is on."""

    id: str
    author: str
    at: datetime
    when: str
    text: FoldedText
    helped: str = ""


class LogLine(Struct, frozen=True):
    """A symptom log: its values with their scale, and its note."""

    id: str
    at: datetime
    when: str
    values: list[tuple[str, str]]
    scale: str
    note: FoldedText
    late: bool
    entered_late: bool
    moments: list[Moment]
    originally: str = ""


class TimelineItem(Struct, frozen=True, kw_only=True):
    """One thing on a timeline. `on`: the document that a comment may be made on, where one may."""

    id: str
    kind: Kind
    name: str
    sign: Sign
    at: datetime
    when: str
    offset: str = ""
    late: bool = False
    entered_late: bool = False
    moments: list[Moment] = []
    author: str = ""
    heading: str = ""
    lines: Sequence[TimelineLine] = ()
    link: str = ""
    about: tuple[str, str] | None = None
    entry: EntryCard | None = None
    logs: list[LogLine] = []
    remarks: list[Remark] = []
    on: UUID | None = None
    problems: Sequence[str] = ()


class TimelineDay(Struct, frozen=True):
    """A local day, and what there is of it, the newest first."""

    id: str
    words: str
    items: list[TimelineItem]


class Surroundings(Struct, frozen=True):
    """What is known around the items: the client, the names of people, the client's clock, instruments by key."""

    here: str
    client: UUID
    names: Mapping[UUID, str]
    zone: tzinfo
    day_begins: int = 0
    known: Mapping[str, Instrument] = {}


def days_of(rows: Sequence[TimelineRow], found: TimelineContent, around: Surroundings) -> list[TimelineDay]:
    """The days of a page, the newest first; what has gone meanwhile is left out."""
    days: list[tuple[date, list[TimelineItem]]] = []
    for row in rows:
        item = item_of(row, found, around)
        if item is None:
            continue
        day = (item.at - timedelta(hours=around.day_begins)).date()
        if not days or days[-1][0] != day:
            days.append((day, []))
        days[-1][1].append(item)
    return [
        TimelineDay(f"day-{number}-{day.isoformat()}", phrases.day(day), _together(items))
        for number, (day, items) in enumerate(days)
    ]


def _together(items: Sequence[TimelineItem]) -> list[TimelineItem]:
    """The symptom logs of a day as one item, where they are many: in the place of the newest."""
    logs = [one for one in items if one.kind is Kind.SYMPTOM_LOG]
    if len(logs) < MANY_LOGS:
        return list(items)
    first = logs[0]
    whole = TimelineItem(
        id=f"logs-{first.id}",
        kind=Kind.SYMPTOM_LOG,
        name=named(Kind.SYMPTOM_LOG, number=len(logs)),
        sign=first.sign,
        at=first.at,
        when="",
        logs=[line for one in logs for line in one.logs],
    )
    return [whole if one is first else one for one in items if one is first or one.kind is not Kind.SYMPTOM_LOG]


def item_of(row: TimelineRow, found: TimelineContent, around: Surroundings) -> TimelineItem | None:
    """What stands at a place, prepared; None where it has gone."""
    remarks = [_remark(one, around) for one in found.comments.get(row.id, ())]
    if (entry := found.entries.get(row.id)) is not None:
        return _of_entry(entry, remarks)
    if (log := found.logs.get(row.id)) is not None:
        return _of_log(row.id, log)
    view = found.records.get(row.id)
    return None if view is None else _of_record(row, view, found, remarks, around)


def _of_entry(entry: EntryView, remarks: list[Remark]) -> TimelineItem:
    card = entry_card(entry)
    return TimelineItem(
        id=anchor(entry.id),
        kind=Kind.JOURNAL_ENTRY,
        name=named(Kind.JOURNAL_ENTRY),
        sign=sign(Kind.JOURNAL_ENTRY),
        at=card.about,
        when=phrases.clock(card.about) if entry.written_at else card.heading,
        offset=card.offset,
        late=entry.late,
        entered_late=is_entered_late(entry.written_at, entry.entered_at),
        moments=card.moments,
        entry=card,
        remarks=remarks,
        on=entry.id,
        problems=card.problems,
    )


def _of_log(row: UUID, log: SymptomLogView) -> TimelineItem:
    moments = [] if abs(log.entered_at - log.at) <= APART else [_moment(say("entered"), log.entered_at, log.at)]
    if log.arrived_at - log.entered_at > APART:
        moments.append(_moment(say("received"), log.arrived_at, log.at))
    if log.corrected_at is not None:
        moments.append(_moment(say("corrected"), log.corrected_at, log.at))
    line = LogLine(
        id=anchor(row),
        at=log.at,
        when=phrases.clock(log.at),
        values=[(name, phrases.number(value)) for name, value in log.values.items()],
        scale=_scale(log.scale),
        note=prose(log.note),
        late=log.late,
        entered_late=is_entered_late(log.at, log.entered_at),
        moments=moments,
        originally=_originally(log),
    )
    return TimelineItem(
        id=f"log-{row}",
        kind=Kind.SYMPTOM_LOG,
        name=named(Kind.SYMPTOM_LOG),
        sign=sign(Kind.SYMPTOM_LOG),
        at=log.at,
        when="",
        logs=[line],
    )


def _originally(log: SymptomLogView) -> str:
    """What a log said before it was ever corrected."""
    if not log.earlier:
        return ""
    was = log.earlier[-1]
    values = (f"{name} {phrases.number(value)}" for name, value in was.values.items())
    at = "" if was.at == log.at else phrases.moment(was.at)
    return say("Originally: %(what)s", what=phrases.joined(at, *values, was.note))


def _of_record(
    row: TimelineRow, view: RecordView, found: TimelineContent, remarks: list[Remark], around: Surroundings
) -> TimelineItem:
    model = model_of(view)
    about_id = subject_of_view(view)
    subject = None if about_id is None else found.subjects.get(about_id)
    about_model = model_of(subject) if isinstance(subject, RecordView) else subject
    about_words = about_of(subject, None if subject is None else found.kinds[subject.id], around)
    body: Body = body_of(model, about_model, around.known)
    at = _local(moment_of(row.kind, model) or from_micros(row.moment), view, around)
    about, entered, arrived = _times(row.kind, view, model, at)
    late = row.kind not in _WHOLE_DAYS and is_late(about, arrived)
    moments = []
    if isinstance(model, Assessment) and abs(about - at) > APART:
        moments.append(_moment(say("completed"), about, at))
    if entered is not None and abs(entered - about) > APART:
        moments.append(_moment(say("entered"), entered, at))
    if isinstance(model, HomeworkProgress) and model.corrected_at is not None:
        moments.append(_moment(say("corrected"), model.corrected_at, at))
    if arrived - (entered or about) > APART:
        moments.append(_moment(say("received"), arrived, at))
    return TimelineItem(
        id=anchor(row.id),
        kind=row.kind,
        name=named(row.kind, model),
        sign=sign(row.kind, model),
        at=at,
        when="" if row.kind is Kind.EPISODE else phrases.clock(at),
        offset=phrases.offset(at),
        late=late,
        entered_late=is_entered_late(about, entered),
        moments=moments,
        author=around.names.get(view.author, "") if view.author != around.client else "",
        heading="" if about_words and row.kind in _NAMED_BY_SUBJECT else body.heading,
        lines=body.lines,
        link=body.link,
        about=about_words,
        remarks=remarks,
        on=None if row.kind is Kind.COMMENT else row.id,
        problems=list(getattr(model, "problems", ())),
    )


def _local(at: datetime, view: RecordView, around: Surroundings) -> datetime:
    """A moment as the client's clock showed it: their own as they gave it, that of others as it was there then."""
    return at if view.author == around.client and at.tzinfo is not UTC else at.astimezone(around.zone)


def _times(kind: Kind, view: RecordView, model: object, at: datetime) -> tuple[datetime, datetime | None, datetime]:
    """What a document is about, when that was entered where it says so, and when it was received."""
    if isinstance(model, HomeworkProgress):
        return at, model.entered_at, view.arrived_at
    if isinstance(model, Assessment) and model.completions:
        # What was received before was a draft.
        return model.completions[-1].completed_at, None, view.changed_at
    return at, None, view.arrived_at


def is_entered_late(about: datetime | None, entered: datetime | None) -> bool:
    """Whether something was entered more than a day after what it is about."""
    return about is not None and entered is not None and is_late(about, entered)


def about_of(subject: EntryView | RecordView | None, kind: Kind | None, around: Surroundings) -> tuple[str, str] | None:
    """Where the thing is that something is about, and what it is called; None for what is on no timeline."""
    if subject is None or kind is None or kind not in KINDS:
        return None
    if isinstance(subject, EntryView):
        at = subject.written_at or subject.entered_at or subject.arrived_at
        words = phrases.moment(at)
    else:
        model = model_of(subject)
        at = moment_of(kind, model) or subject.arrived_at
        words = body_of(model, None, around.known).heading or phrases.moment(_local(at, subject, around))
    name = say("%(kind)s: %(title)s", kind=named(kind), title=titled(words))
    return place_address(around.here, to_micros(at), subject.id), name


def _remark(one: CommentView, around: Surroundings) -> Remark:
    at = _local(one.comment.made_at or one.arrived_at, one, around)
    body = body_of(one.comment, None, {})
    helped = "" if one.comment.helped is None else body.lines[-1].text.shown
    return Remark(
        id=f"remark-{one.id}",
        author=around.names.get(one.author, ""),
        at=at,
        when=phrases.moment(at),
        text=prose(one.comment.text),
        helped=helped,
    )


def _moment(word: str, at: datetime, about: datetime) -> Moment:
    return Moment(word, phrases.arrival(at, about), at)


def _scale(scale: tuple[Number, Number] | None) -> str:
    if scale is None:
        return ""
    return say("of %(low)s to %(high)s", low=phrases.number(scale[0]), high=phrases.number(scale[1]))
