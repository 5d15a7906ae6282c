"""What the parts on `/design` are filled with: invented, and the same each time. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from intersession_schemas.streams import Kind
from intersession_server.web.client.homework_views import SIGNS, Mark, Tally, state_words
from intersession_server.web.forms.recurring import RecurrenceFields, recurrence_fields
from intersession_server.web.forms.worksheet import QuestionFields, type_words
from intersession_server.web.page.prose import prose
from intersession_server.web.page.qr import QrCode, qr_code
from intersession_server.web.signals.cards import SeenBy, SignalShown
from intersession_server.web.timeline.entries import AnsweredSection, EntryCard, Moment
from intersession_server.web.timeline.items import LogLine, Remark, TimelineItem
from intersession_server.web.timeline.lines import TimelineLine


class Samples(Struct, frozen=True, kw_only=True):
    """One of each part in each of its states."""

    signals: Sequence[SignalShown]
    acknowledged: SignalShown
    items: Sequence[TimelineItem]
    marks: Sequence[Mark]
    tallies: Sequence[Tally]
    rules: Sequence[tuple[str, RecurrenceFields]]
    questions: Sequence[QuestionFields]
    question_types: Sequence[tuple[str, str]]
    qr: QrCode


def samples(now: datetime) -> Samples:
    """The samples, as if some had come just before `now`."""
    risk = SignalShown(
        "risk", "risk", "risk", "risk", "Risk item endorsed", "PHQ-9 item 9 scored 1.", now, now, late=True
    )
    worse = SignalShown(
        "deterioration",
        "deterioration",
        "deterioration",
        "attention",
        "Deterioration",
        "PHQ-9: 17, +7 since the first of this episode.",
        now,
        None,
        late=False,
    )
    silent = SignalShown(
        "silence", "silence", "silence", "note", "Nothing received", "Nothing for 21 days.", now, None, late=False
    )
    seen = [SeenBy("Dr Demo", now, "Mon 30 Nov, 09:12", prose("Called. The safety plan holds."))]
    done = SignalShown(
        "seen", "seen", "risk", "risk", "Risk item endorsed", "PHQ-9 item 9 scored 1.", now, now, late=False, seen=seen
    )
    return Samples(
        signals=[risk, worse, silent],
        acknowledged=done,
        items=_items(now),
        marks=[
            Mark(state, sign, state_words(state), f"{day} Nov") for day, (state, sign) in enumerate(SIGNS.items(), 2)
        ],
        tallies=[Tally(state, sign, state_words(state), 3) for state, sign in SIGNS.items()],
        rules=[
            ("Weekly", recurrence_fields("FREQ=WEEKLY;BYDAY=MO,WE,FR")),
            ("Monthly", recurrence_fields("FREQ=MONTHLY;BYDAY=1MO")),
            ("Once, or at any time", RecurrenceFields()),
        ],
        questions=[
            QuestionFields(id="scale", place=1, prompt="How strong was it?", type="scale", low="0", high="10"),
            QuestionFields(id="one", place=2, prompt="Where were you?", type="one_of", options="at home\nat work"),
            QuestionFields(id="new"),
        ],
        question_types=type_words(),
        qr=qr_code("a pairing code of nobody"),
    )


def _items(now: datetime) -> list[TimelineItem]:
    entry = EntryCard(
        UUID(int=1), "", "", now, [], True, 6, ["train"], prose("Counted stations instead."), _sections(), []
    )
    return [
        TimelineItem(
            id="sample-entry",
            kind=Kind.JOURNAL_ENTRY,
            name="Journal entry",
            sign="note",
            at=now,
            when="21:40",
            offset="UTC+1",
            late=True,
            moments=[Moment("received", "Mon 30 Nov, 05:46", now)],
            entry=entry,
            remarks=[Remark("sample-remark", "Dr Demo", now, "Mon 30 Nov, 09:12", prose("Well noticed."))],
        ),
        TimelineItem(
            id="sample-log",
            kind=Kind.SYMPTOM_LOG,
            name="Symptom log",
            sign="note",
            at=now,
            when="",
            logs=[
                LogLine(
                    "log-1", now, "08:10", [("worry", "4"), ("sleep", "6")], "of 0 to 10", prose(""), False, False, []
                ),
                LogLine("log-2", now, "21:35", [("worry", "3")], "of 0 to 10", prose("Better."), False, True, []),
            ],
        ),
        TimelineItem(
            id="sample-report",
            kind=Kind.HOMEWORK_PROGRESS,
            name="Homework done",
            sign="good",
            at=now - timedelta(days=1),
            when="18:05",
            lines=[TimelineLine("Difficulty, 0 to 10", prose("4"))],
        ),
    ]


def _sections() -> list[AnsweredSection]:
    return [AnsweredSection("How was the day?", prose(""), "4 of 5"), AnsweredSection("What helped?", prose(""))]
