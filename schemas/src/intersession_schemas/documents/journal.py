"""`journal_entry`: prose that two devices may edit at once, sections, mood and tags.

Shape of the document (root map): `kind`, `written_at`, `entered_at`, `zone`, `mood` (0–10 or null), `text`
(Automerge text), `tags` (map: tag → true), `sections` (map: "1", "2" … → {`key`, `prompt`, `text`}). All
objects are made by the entry's first change, so that no two devices ever make one at the same place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import UNSET, Struct, UnsetType

from intersession_schemas.crdt import Document
from intersession_schemas.documents.moments import check_moment, check_zone, moment_text, read_moment
from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind

MAX_TEXT = 100_000
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
    _check_text("text", text, MAX_TEXT)
    _check_mood(mood)
    wanted = _check_tags(tags)
    _check_sections(sections)
    with document.edit() as edit:
        edit.put("kind", Kind.JOURNAL_ENTRY.value)
        edit.put("written_at", moment_text(written_at))
        edit.put("entered_at", moment_text(entered_at))
        if zone is not None:
            edit.put("zone", zone)
        edit.put("mood", mood)
        edit.put_text("text", text)
        tag_map = edit.put_map("tags")
        for tag in wanted:
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
        texts[target] = _check_text("text", text, MAX_TEXT)
    if sections is not UNSET:
        texts.update(_section_texts(document, sections))
    with document.edit() as edit:
        for target, after in texts.items():
            edit.rewrite(target, after)
        if mood is not UNSET and _check_mood(mood) != document.scalar("mood"):
            edit.put("mood", mood)
        if tags is not UNSET:
            tag_map, wanted = document.object("tags", "map"), _check_tags(tags)
            if tag_map is None:
                raise InvalidField("This entry has no tags that could be edited.")
            held = set(document.keys(tag_map))
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
    tag_map = document.object("tags", "map")
    return JournalEntry(
        written_at=written_at,
        entered_at=entered_at,
        zone=zone if isinstance(zone, str) else None,
        text=document.text(text) if text is not None else "",
        sections=_read_sections(document, problems),
        mood=mood if isinstance(mood, int) else None,
        tags=tuple(document.keys(tag_map)) if tag_map is not None else (),
        problems=tuple(problems),
    )


def _read_sections(document: Document, problems: list[str]) -> tuple[Section, ...]:
    found = []
    for number, one in _section_objects(document):
        prompt, key, text = document.scalar("prompt", one), document.scalar("key", one), _text_of(document, one)
        if not isinstance(prompt, str) or text is None:
            problems.append(f"section {number}: no prompt or no text")
        found.append(
            Section(
                prompt=prompt if isinstance(prompt, str) else "",
                text=document.text(text) if text is not None else "",
                key=key if isinstance(key, str) else "",
            )
        )
    return tuple(found)


def _section_objects(document: Document) -> list[tuple[str, bytes]]:
    section_map = document.object("sections", "map")
    if section_map is None:
        return []
    numbers = sorted(document.keys(section_map), key=lambda number: (len(number), number))
    objects = [(number, document.object(number, "map", section_map)) for number in numbers]
    return [(number, one) for number, one in objects if one is not None]


def _text_of(document: Document, section: bytes) -> bytes | None:
    return document.object("text", "text", section)


def _section_texts(document: Document, sections: Sequence[Section]) -> dict[bytes, str]:
    _check_sections(sections)
    objects = [one for _, one in _section_objects(document)]
    if [document.scalar("prompt", one) for one in objects] != [section.prompt for section in sections]:
        raise InvalidField("sections must name the prompts that the entry was written under, in their order.")
    texts = {}
    for one, section in zip(objects, sections, strict=True):
        target = _text_of(document, one)
        if target is not None:
            texts[target] = section.text
    return texts


def _check_text(field: str, text: str, most: int) -> str:
    if not isinstance(text, str) or len(text) > most:
        raise InvalidField(f"{field} must be text of at most {most} letters.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidField(f"{field} holds half of a surrogate pair, which is not text.") from None
    return text


def _check_sections(sections: Sequence[Section]) -> None:
    if len(sections) > MAX_SECTIONS:
        raise InvalidField(f"An entry has at most {MAX_SECTIONS} sections.")
    for section in sections:
        _check_text("A section's prompt", section.prompt, MAX_PROMPT)
        _check_text("A section's key", section.key, MAX_TAG)
        _check_text("A section's text", section.text, MAX_TEXT)


def _is_mood(mood: object) -> bool:
    return isinstance(mood, int) and not isinstance(mood, bool) and MOOD_RANGE[0] <= mood <= MOOD_RANGE[1]


def _check_mood(mood: int | None) -> int | None:
    if mood is not None and not _is_mood(mood):
        raise InvalidField(f"mood must be a whole number from {MOOD_RANGE[0]} to {MOOD_RANGE[1]}, or None.")
    return mood


def _check_tags(tags: Iterable[str]) -> set[str]:
    if isinstance(tags, str):
        raise InvalidField("tags must be a list of texts, not one text.")
    wanted = set(tags)
    if len(wanted) > MAX_TAGS:
        raise InvalidField(f"An entry has at most {MAX_TAGS} tags.")
    for tag in wanted:
        if not _check_text("A tag", tag, MAX_TAG).strip():
            raise InvalidField("A tag must not be empty.")
    return wanted
