"""What the templates show of a journal entry, prepared: in words, in order, cut where it is very long. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.diary.sections import Section
from intersession_server.language.language import count, say
from intersession_server.projections.read_models import EntryView
from intersession_server.web.page import phrases
from intersession_server.web.page.prose import FoldedText, answer_words, prose

MOST_TAGS = 50
APART = timedelta(minutes=10)
_EDITED_AFTER = timedelta(minutes=1)


class Moment(Struct, frozen=True):
    """When something happened to an entry: the word for it, the time in words, and the time for machines."""

    word: str
    text: str
    at: datetime


class AnsweredSection(Struct, frozen=True):
    """A section: its wording, what was written under it, and what was answered if it asks for no prose."""

    prompt: str
    prose: FoldedText
    said: str = ""


class EntryCard(Struct, frozen=True):
    """A journal entry as it is shown."""

    id: UUID
    heading: str
    offset: str
    about: datetime
    moments: list[Moment]
    late: bool
    mood: int | None
    tags: list[str]
    prose: FoldedText
    sections: list[AnsweredSection]
    problems: list[str]

    @property
    def is_empty(self) -> bool:
        """Whether nobody wrote anything."""
        return not (self.prose.shown or self.sections or self.tags or self.mood is not None or self.problems)


def entry_card(entry: EntryView) -> EntryCard:
    """An entry, prepared."""
    about = entry.written_at or entry.entered_at or entry.arrived_at
    return EntryCard(
        id=entry.id,
        heading=phrases.moment(about) if entry.written_at else say("Time of writing unknown"),
        offset=phrases.offset(about) if entry.written_at else "",
        about=about,
        moments=_moments(entry),
        late=entry.late,
        mood=entry.mood,
        tags=entry.tags[:MOST_TAGS] + _more(len(entry.tags) - MOST_TAGS),
        prose=prose(entry.text),
        sections=[_answer(section) for section in entry.sections],
        problems=entry.problems,
    )


def _more(number: int) -> list[str]:
    return [count("and %(n)s more", "and %(n)s more", number)] if number > 0 else []


def _moments(entry: EntryView) -> list[Moment]:
    found = []
    written, entered = entry.written_at, entry.entered_at
    if written is not None and entered is not None and abs(entered - written) > APART:
        # Written about Monday, entered on Friday.
        found.append(Moment(say("entered"), phrases.arrival(entered, written), entered))
    found.append(Moment(say("received"), _on_their_clock(entry, entry.arrived_at), entry.arrived_at))
    if entry.corrected_at is not None:
        found.append(Moment(say("time corrected"), _on_their_clock(entry, entry.corrected_at), entry.corrected_at))
        found.append(Moment(say("originally"), phrases.moment(entry.earlier[-1]), entry.earlier[-1]))
    if entry.changed_at - entry.arrived_at > _EDITED_AFTER:
        found.append(Moment(say("edited"), _on_their_clock(entry, entry.changed_at), entry.changed_at))
    return found


def _on_their_clock(entry: EntryView, at: datetime) -> str:
    if entry.written_at is None:
        return f"{phrases.moment(at)} {phrases.offset(at)}"
    return phrases.arrival(at, entry.written_at)


def _answer(section: Section) -> AnsweredSection:
    said = "" if section.type == "prose" else answer_words(section.value, section.label, section.unit)
    return AnsweredSection(section.prompt, prose(section.text), said)
