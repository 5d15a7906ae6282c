"""`journal_entry`: prose that two devices may edit at once, sections, mood and tags.

Shape of the document (root map): `kind`, `written_at`, `entered_at`, `zone`, `mood` (0–10 or null), `text`
(Automerge text), `tags` (map: tag → true), `sections` (see `sections`), `times` (see `entry_times`). All objects are
made by the entry's first change, so that no two devices ever make one at the same place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from msgspec import UNSET, Struct, UnsetType

from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary.entry_times import Time, read_corrections
from intersession_schemas.documents.diary.sections import (
    MAX_TEXT,
    Section,
    check_sections,
    read_sections,
    section_answers,
    section_texts,
    write_sections,
)
from intersession_schemas.documents.moments import check_written, check_zone, is_zone, moment_text, read_kept
from intersession_schemas.documents.names import Names, name_key
from intersession_schemas.documents.texts import check_rewritten, check_text
from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind

MAX_TAGS = 50
MOST_TAGS_READ = 200
"""Merges may leave more tags than one device may write; an entry with more than these says how many."""
MAX_TAG = 64
MOOD_RANGE = (0, 10)


class JournalEntry(Struct, frozen=True):
    """An entry as its document says now. `problems` lists what could not be read, by field.

    `corrected_at` is when its time was last corrected, and `earlier` the times it had before, the oldest first.
    """

    written_at: datetime | None
    entered_at: datetime | None
    zone: str | None
    text: str
    sections: tuple[Section, ...]
    mood: int | None
    tags: tuple[str, ...]
    problems: tuple[str, ...] = ()
    corrected_at: datetime | None = None
    earlier: tuple[Time, ...] = ()


def create(
    document: Document,
    *,
    written_at: datetime,
    entered_at: datetime,
    zone: str | None = None,
    text: str = "",
    sections: Sequence[Section] = (),
    mood: int | None = None,
    tags: Iterable[str] = (),
    held: Collection[str] = (),
) -> bytes:
    """Write a new entry into an empty document; returns the change. Raises `InvalidField`.

    `held`: the tags of the entry that it is a copy of, which may be more than one writes.
    """
    check_written("written_at", written_at)
    check_written("entered_at", entered_at)
    check_zone(zone)
    check_text("text", text, MAX_TEXT)
    _check_mood(mood)
    wanted = _check_tags(tags, held)
    check_sections(sections)
    if len(text) + sum(len(section.text) for section in sections) > MAX_TEXT:
        raise InvalidField(f"An entry may have at most {MAX_TEXT} characters, sections included.")
    with document.edit() as edit:
        edit.put("kind", Kind.JOURNAL_ENTRY.value)
        edit.put("written_at", moment_text(written_at))
        edit.put("entered_at", moment_text(entered_at))
        if zone is not None:
            edit.put("zone", zone)
        edit.put("mood", mood)
        edit.put_text("text", text)
        tag_map = edit.put_map("tags")
        for tag in sorted(wanted):
            edit.put(tag, True, tag_map)
        edit.put_map("times")
        write_sections(edit, sections)
    assert edit.change is not None
    return edit.change


def edit(
    document: Document,
    *,
    text: str | UnsetType = UNSET,
    sections: Sequence[Section] | UnsetType = UNSET,
    mood: int | UnsetType | None = UNSET,
    tags: Iterable[str] | UnsetType = UNSET,
    longest: int = MAX_TEXT,
) -> bytes | None:
    """Change what is given; returns the change, or None if nothing differs.

    A text that a merge made longer than `longest` may be made shorter, and not longer. One step of a rewriting gives
    as `longest` how long the text was before all its steps, if that is more.

    Text is changed by its differences, so a concurrent edit elsewhere in it survives. `sections` must name
    the same prompts in the same order as the entry has; one that is given as prose keeps the answer it has beside
    its text, and none gets another type. Raises `InvalidField`.
    """
    answers: dict[bytes, str] = {}
    texts: dict[bytes, str] = {}
    if text is not UNSET:
        target = document.object("text", "text")
        if target is None:
            raise InvalidField("This entry has no editable text.")
        texts[target] = check_rewritten("text", document.text(target), text, longest)
    if sections is not UNSET:
        texts.update(section_texts(document, sections, longest))
        answers = section_answers(document, sections)
    with document.edit() as edit:
        for target, after in texts.items():
            edit.rewrite(target, after)
        for section, answer in answers.items():
            edit.put("answer", answer, section)
        if mood is not UNSET and _check_mood(mood) != document.scalar("mood"):
            edit.put("mood", mood)
        if tags is not UNSET:
            tag_map = document.object("tags", "map")
            if tag_map is None:
                raise InvalidField("This entry has no editable tags.")
            held = set(document.keys(tag_map))
            wanted = _check_tags(tags, held)
            for tag in sorted(held - wanted):
                edit.delete(tag, tag_map)
            for tag in sorted(wanted - held):
                edit.put(tag, True, tag_map)
    return edit.change


def read(document: Document) -> JournalEntry:
    """The entry as the document says; never raises for odd content, which is listed in `problems`."""
    problems: list[str] = []
    written_at = read_kept(document.scalar("written_at"))
    if written_at is None:
        problems.append("written_at: missing or not a time with an offset")
    entered_at = read_kept(document.scalar("entered_at"))
    if entered_at is None:
        problems.append("entered_at: missing or not a time with an offset")
    zone = _zone(document, problems)
    times = [] if written_at is None else [Time(written_at, entered_at or written_at, zone)]
    times += read_corrections(document, problems)
    text = document.object("text", "text")
    if text is None:
        problems.append("text: missing or not a text")
    mood = document.scalar("mood")
    if mood is not None and not _is_mood(mood):
        problems.append("mood: not an integer from 0 to 10")
        mood = None
    return JournalEntry(
        written_at=times[-1].written_at if times else None,
        entered_at=entered_at,
        zone=times[-1].zone if times else zone,
        text=document.text(text) if text is not None else "",
        sections=read_sections(document, problems),
        mood=mood if isinstance(mood, int) else None,
        tags=_read_tags(document, problems),
        problems=tuple(problems),
        corrected_at=times[-1].entered_at if len(times) > 1 else None,
        earlier=tuple(times[:-1]),
    )


def _zone(document: Document, problems: list[str]) -> str | None:
    zone = document.scalar("zone")
    if zone is None or (isinstance(zone, str) and is_zone(zone)):
        return zone
    problems.append("zone: not the name of a time zone")
    return None


def _read_tags(document: Document, problems: list[str]) -> tuple[str, ...]:
    tag_map = document.object("tags", "map")
    if tag_map is None:
        problems.append("tags: missing or not a map")
        return ()
    held = document.keys(tag_map)
    readable = [tag for tag in held if tag.strip() and len(tag) <= MAX_TAG]
    if len(readable) < len(held):
        problems.append("tags: one is empty or too long")
    tags = Names(readable, most=MOST_TAGS_READ)
    if tags.left_out:
        problems.append(f"tags: {tags.left_out:,} more than are shown")
    return tuple(tags)


def _is_mood(mood: object) -> bool:
    return isinstance(mood, int) and not isinstance(mood, bool) and MOOD_RANGE[0] <= mood <= MOOD_RANGE[1]


def _check_mood(mood: int | None) -> int | None:
    if mood is not None and not _is_mood(mood):
        raise InvalidField(f"mood must be an integer from {MOOD_RANGE[0]} to {MOOD_RANGE[1]}, or None.")
    return mood


def _check_tags(tags: Iterable[str], held: Collection[str] = ()) -> set[str]:
    """The tags as a set, each once however it is spelled.

    Those an entry has already may stay, whatever they are and however many merges left; a new spelling of one of them
    is that one.
    """
    if isinstance(tags, str):
        raise InvalidField("tags must be a list of strings, not a single string.")
    given = list(tags)
    # Of several spellings that merges left, the one that is shown: the first of them.
    spelled = {name_key(tag): tag for tag in sorted(held, reverse=True) if not tag.isspace()}
    if any(not isinstance(tag, str) for tag in given):
        raise InvalidField("tags must be a list of strings.")
    wanted = {tag if tag in held else spelled.setdefault(name_key(tag), tag) for tag in given}
    new = wanted.difference(held)
    if new and len(wanted) > MAX_TAGS:
        raise InvalidField(f"An entry may have at most {MAX_TAGS} tags.")
    for tag in new:
        if not name_key(check_text("A tag", tag, MAX_TAG)):
            raise InvalidField("A tag must not be empty.")
    return wanted
