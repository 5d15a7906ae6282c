"""`journal_entry`: prose that two devices may edit at once, sections, mood and tags.

Shape of the document (root map): `kind`, `written_at`, `entered_at`, `zone`, `mood` (0–10 or null), `text`
(Automerge text), `tags` (map: tag → true), `sections` (map: "1", "2" … → {`key`, `prompt`, `text`}). All
objects are made by the entry's first change, so that no two devices ever make one at the same place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from msgspec import UNSET, Struct, UnsetType

from intersession_schemas.crdt import Document
from intersession_schemas.documents.moments import check_moment, check_zone, is_zone, moment_text, read_moment
from intersession_schemas.documents.texts import check_text
from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind

MAX_TEXT = 18_000
"""Letters of an entry, its sections together with its text: each is an operation, and a change has 20,000 at most."""
MAX_PROMPT = 1_000
MAX_SECTIONS = 50
MAX_TAGS = 50
MAX_TAG = 64
MOOD_RANGE = (0, 10)


class Section(Struct, frozen=True):
    """An answer (`text`) with the wording it was answered under (`prompt`); `key` names it in a template."""

    prompt: str
    text: str = ""
    key: str = ""


class JournalEntry(Struct, frozen=True):
    """An entry as its document says now. `problems` lists what could not be read, by field."""

    written_at: datetime | None
    entered_at: datetime | None
    zone: str | None
    text: str
    sections: tuple[Section, ...]
    mood: int | None
    tags: tuple[str, ...]
    problems: tuple[str, ...] = ()


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
) -> bytes:
    """Write a new entry into an empty document; returns the change. Raises `InvalidField`."""
    check_moment("written_at", written_at)
    check_moment("entered_at", entered_at)
    check_zone(zone)
    check_text("text", text, MAX_TEXT)
    _check_mood(mood)
    wanted = _check_tags(tags)
    _check_sections(sections)
    if len(text) + sum(len(section.text) for section in sections) > MAX_TEXT:
        raise InvalidField(f"An entry has at most {MAX_TEXT} letters, its sections included.")
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
        section_map = edit.put_map("sections")
        for number, section in enumerate(sections, start=1):
            one = edit.put_map(str(number), section_map)
            edit.put("key", section.key, one)
            edit.put("prompt", section.prompt, one)
            edit.put_text("text", section.text, one)
    assert edit.change is not None
    return edit.change


def edit(
    document: Document,
    *,
    text: str | UnsetType = UNSET,
    sections: Sequence[Section] | UnsetType = UNSET,
    mood: int | UnsetType | None = UNSET,
    tags: Iterable[str] | UnsetType = UNSET,
) -> bytes | None:
    """Change what is given; returns the change, or None if nothing differs.

    Text is changed by its differences, so a concurrent edit elsewhere in it survives. `sections` must name
    the same prompts in the same order as the entry has. Raises `InvalidField`.
    """
    texts: dict[bytes, str] = {}
    if text is not UNSET:
        target = document.object("text", "text")
        if target is None:
            raise InvalidField("This entry has no text that could be edited.")
        texts[target] = check_text("text", text, MAX_TEXT)
    if sections is not UNSET:
        texts.update(_section_texts(document, sections))
    with document.edit() as edit:
        for target, after in texts.items():
            edit.rewrite(target, after)
        if mood is not UNSET and _check_mood(mood) != document.scalar("mood"):
            edit.put("mood", mood)
        if tags is not UNSET:
            tag_map = document.object("tags", "map")
            if tag_map is None:
                raise InvalidField("This entry has no tags that could be edited.")
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
    written_at = read_moment(document.scalar("written_at"))
    if written_at is None:
        problems.append("written_at: missing or not a time with an offset")
    entered_at = read_moment(document.scalar("entered_at"))
    if entered_at is None:
        problems.append("entered_at: missing or not a time with an offset")
    text = document.object("text", "text")
    if text is None:
        problems.append("text: missing or not a text")
    mood = document.scalar("mood")
    if mood is not None and not _is_mood(mood):
        problems.append("mood: not a whole number from 0 to 10")
        mood = None
    zone = document.scalar("zone")
    if zone is not None and not is_zone(zone):
        problems.append("zone: not the name of a time zone")
        zone = None
    return JournalEntry(
        written_at=written_at,
        entered_at=entered_at,
        zone=zone if isinstance(zone, str) else None,
        text=document.text(text) if text is not None else "",
        sections=_read_sections(document, problems),
        mood=mood if isinstance(mood, int) else None,
        tags=_read_tags(document, problems),
        problems=tuple(problems),
    )


def _read_tags(document: Document, problems: list[str]) -> tuple[str, ...]:
    tag_map = document.object("tags", "map")
    if tag_map is None:
        problems.append("tags: missing or not a map")
        return ()
    held = document.keys(tag_map)
    tags = tuple(tag for tag in held if tag.strip() and len(tag) <= MAX_TAG)
    if len(tags) < len(held):
        problems.append("tags: one is empty or too long")
    return tags


def _read_sections(document: Document, problems: list[str]) -> tuple[Section, ...]:
    found = []
    if document.object("sections", "map") is None:
        problems.append("sections: missing or not a map")
    for number, one in _section_objects(document):
        if one is None:
            problems.append(f"section {number[:9]}: not a section")
            continue
        prompt, key, text = document.scalar("prompt", one), document.scalar("key", one), _text_of(document, one)
        if not isinstance(prompt, str) or text is None:
            problems.append(f"section {number[:9]}: no prompt or no text")
        found.append(
            Section(
                prompt=prompt if isinstance(prompt, str) else "",
                text=document.text(text) if text is not None else "",
                key=key if isinstance(key, str) else "",
            )
        )
    return tuple(found)


def _section_objects(document: Document) -> list[tuple[str, bytes | None]]:
    """The sections by number; None for what is not one."""
    section_map = document.object("sections", "map")
    if section_map is None:
        return []
    numbers = sorted(document.keys(section_map), key=lambda number: (len(number), number))
    return [(number, document.object(number, "map", section_map)) for number in numbers]


def _text_of(document: Document, section: bytes) -> bytes | None:
    return document.object("text", "text", section)


def _section_texts(document: Document, sections: Sequence[Section]) -> dict[bytes, str]:
    _check_sections(sections)
    objects = [one for _, one in _section_objects(document) if one is not None]
    if [document.scalar("prompt", one) for one in objects] != [section.prompt for section in sections]:
        raise InvalidField("sections must name the prompts that the entry was written under, in their order.")
    texts = {}
    for one, section in zip(objects, sections, strict=True):
        target = _text_of(document, one)
        if target is not None:
            texts[target] = section.text
    return texts


def _check_sections(sections: Sequence[Section]) -> None:
    if len(sections) > MAX_SECTIONS:
        raise InvalidField(f"An entry has at most {MAX_SECTIONS} sections.")
    for section in sections:
        check_text("A section's prompt", section.prompt, MAX_PROMPT)
        check_text("A section's key", section.key, MAX_TAG)
        check_text("A section's text", section.text, MAX_TEXT)


def _is_mood(mood: object) -> bool:
    return isinstance(mood, int) and not isinstance(mood, bool) and MOOD_RANGE[0] <= mood <= MOOD_RANGE[1]


def _check_mood(mood: int | None) -> int | None:
    if mood is not None and not _is_mood(mood):
        raise InvalidField(f"mood must be a whole number from {MOOD_RANGE[0]} to {MOOD_RANGE[1]}, or None.")
    return mood


def _check_tags(tags: Iterable[str], held: Collection[str] = ()) -> set[str]:
    """The tags as a set. Those an entry has already may stay, whatever they are and however many merges left."""
    if isinstance(tags, str):
        raise InvalidField("tags must be a list of texts, not one text.")
    wanted = set(tags)
    new = wanted.difference(held)
    if new and len(wanted) > MAX_TAGS:
        raise InvalidField(f"An entry has at most {MAX_TAGS} tags.")
    for tag in new:
        if not check_text("A tag", tag, MAX_TAG).strip():
            raise InvalidField("A tag must not be empty.")
    return wanted
