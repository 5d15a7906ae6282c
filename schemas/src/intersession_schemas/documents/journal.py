"""`journal_entry`: prose that two devices may edit at once, sections, mood and tags.

Shape of the document (root map): `kind`, `written_at`, `entered_at`, `zone`, `mood` (0–10 or null), `text`
(Automerge text), `tags` (map: tag → true), `sections` (map: "1", "2" … → {`key`, `prompt`, `text`, and `answer` where
it is no prose: one JSON text of type, value, label and unit}), `times` (see `entry_times`). All objects are made by the
entry's first change, so that no two devices ever make one at the same place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, time
from itertools import zip_longest
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from intersession_schemas.crdt import Document
from intersession_schemas.documents import forms
from intersession_schemas.documents.entry_times import Time, read_corrections
from intersession_schemas.documents.moments import check_written, check_zone, is_zone, moment_text, read_kept
from intersession_schemas.documents.names import Names, name_key, spelled_as
from intersession_schemas.documents.texts import check_rewritten, check_text
from intersession_schemas.errors import InvalidField
from intersession_schemas.nesting import check_json
from intersession_schemas.streams import Kind

MAX_TEXT = 18_000
"""Characters of an entry, its sections and its text together: each is an operation, and a change has 20,000 at most."""
MAX_PROMPT = 1_000
MAX_SECTIONS = 50
MAX_TAGS = 50
MOST_TAGS_READ = 200
"""Merges may leave more tags than one device may write; an entry with more than these says how many."""
MAX_TAG = 64
MOOD_RANGE = (0, 10)


class Section(Struct, frozen=True):
    """An answer with the wording it was answered under (`prompt`); `key` names it in a template.

    Prose is in `text`. Any other `type` has its answer in `value`, as `forms.Answer` has it, with the `label` of a
    point on a scale and the `unit` of a number; `text` may say more.
    """

    prompt: str
    text: str = ""
    key: str = ""
    type: forms.FieldType = "prose"
    value: forms.Value = None
    label: str = ""
    unit: str = ""

    @property
    def is_answered(self) -> bool:
        """Whether it says anything."""
        value = self.value.strip() if isinstance(self.value, str) else self.value
        return bool(self.text.strip()) or value not in (None, (), "")


class _Typed(Struct, frozen=True, omit_defaults=True):
    """What `answer` holds of a section."""

    type: forms.FieldType
    value: forms.Value = None
    label: Annotated[str, Meta(max_length=100)] = ""
    unit: Annotated[str, Meta(max_length=40)] = ""


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
    _check_sections(sections)
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
        section_map = edit.put_map("sections")
        for number, section in enumerate(sections, start=1):
            one = edit.put_map(str(number), section_map)
            edit.put("key", section.key, one)
            edit.put("prompt", section.prompt, one)
            edit.put_text("text", section.text, one)
            if section.type != "prose":
                edit.put("answer", _answer_text(section), one)
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
        texts.update(_section_texts(document, sections, longest))
        answers = _section_answers(document, sections)
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
        sections=_read_sections(document, problems),
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
        typed = _read_answer(document, one)
        if typed is None:
            problems.append(f"section {number[:9]}: invalid answer")
            typed = _PROSE
        found.append(
            Section(
                prompt=prompt if isinstance(prompt, str) else "",
                text=document.text(text) if text is not None else "",
                key=key if isinstance(key, str) else "",
                type=typed.type,
                value=typed.value,
                label=typed.label,
                unit=typed.unit,
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


def _section_texts(document: Document, sections: Sequence[Section], longest: int) -> dict[bytes, str]:
    objects = [one for _, one in _section_objects(document) if one is not None]
    if [document.scalar("prompt", one) for one in objects] != [section.prompt for section in sections]:
        raise InvalidField("sections must name the entry's prompts, in order.")
    _check_sections(
        sections, [document.text(held) if (held := _text_of(document, one)) else "" for one in objects], longest
    )
    texts = {}
    for one, section in zip(objects, sections, strict=True):
        target = _text_of(document, one)
        if target is not None:
            texts[target] = section.text
    return texts


def _section_answers(document: Document, sections: Sequence[Section]) -> dict[bytes, str]:
    """The answers that differ from what the sections hold, by section."""
    objects = [one for _, one in _section_objects(document) if one is not None]
    found = {}
    for one, section in zip(objects, sections, strict=True):
        if section.type == "prose":
            continue
        held = _read_answer(document, one)
        if held is not None and held.type != section.type:
            raise InvalidField("The type of an answered section cannot be changed.")
        answer = _answer_text(section)
        if held is None or msgspec.json.encode(held).decode() != answer:
            found[one] = answer
    return found


_PROSE = _Typed("prose")


def _answer_text(section: Section) -> str:
    return msgspec.json.encode(_Typed(section.type, section.value, section.label, section.unit)).decode()


def _read_answer(document: Document, section: bytes) -> _Typed | None:
    """What a section holds beside its text; None where that is not an answer of its type."""
    if "answer" not in document.keys(section):
        return _PROSE
    stored = document.scalar("answer", section)
    try:
        if not isinstance(stored, str):
            return None
        check_json(stored)
        found = msgspec.json.decode(stored, type=_Typed)
        if found.type == "prose":
            return None
        forms.check_answer(found.type, found.value)
    except (msgspec.MsgspecError, InvalidField):
        return None
    return found


def sections_from(template: Mapping[str, forms.Field], given: Mapping[str, object]) -> tuple[Section, ...]:
    """Sections from answers: `given` maps a section's id in `template`, or its prompt, to what was answered.

    They come in the template's order, and what is not in it after them: as prose for text, as yes or no, a number or a
    time of day (a `time`) for those. Raises `InvalidField` for an answer that does not fit its question, for one of
    another type, and where a required question has none.
    """
    by_prompt = {field.prompt: id_ for id_, field in template.items()}
    known: dict[str, object] = {}
    others: dict[str, object] = {}
    for name, value in given.items():
        id_ = name if name in template else by_prompt.get(spelled_as(name, by_prompt) or "")
        if id_ is not None and id_ in known:
            raise InvalidField("A section was answered twice, once by its id and once by its prompt.")
        (others if id_ is None else known)[name if id_ is None else id_] = value
    asked = [_answered(id_, field, known.get(id_)) for id_, field in template.items() if id_ in known or field.required]
    return (*asked, *(_unasked(prompt, value) for prompt, value in others.items()))


def check_required(template: Mapping[str, forms.Field], sections: Sequence[Section]) -> None:
    """Raise `InvalidField` where a required question of `template` has no answer among `sections`."""
    for id_, field in template.items():
        if field.required and not any(
            section.is_answered
            for section in sections
            if section.key == id_ or name_key(section.prompt) == name_key(field.prompt)
        ):
            raise InvalidField("A required section was left empty.")


def _answered(id_: str, field: forms.Field, value: object) -> Section:
    if field.type != "prose":
        found = forms.answer(id_, field, value)
        return Section(field.prompt, "", id_, found.type, found.value, found.label, found.unit)
    # An answer in prose may be as long as an entry.
    if value is not None and not isinstance(value, str):
        raise InvalidField("A section that asks for text was answered with something else.")
    if field.required and not (value or "").strip():
        raise InvalidField("A required section was left empty.")
    return Section(field.prompt, check_text("A section's text", value or "", MAX_TEXT), id_)


def _unasked(prompt: str, value: object) -> Section:
    match value:
        case str():
            return Section(prompt, value)
        case bool():
            return Section(prompt, type="yes_no", value=value)
        case int() | float():
            field = forms.Field(prompt=prompt, type="number")
        case time():
            return Section(prompt, type="time", value=f"{value:%H:%M}")
        case _:
            raise InvalidField("An answer is text, True or False, a number or a time of day.")
    return Section(prompt, type="number", value=forms.answer("", field, value).value)


def _check_sections(sections: Sequence[Section], before: Sequence[str] = (), longest: int = MAX_TEXT) -> None:
    """`before`: the texts of an entry's sections that these take the place of."""
    if len(sections) > MAX_SECTIONS:
        raise InvalidField(f"An entry may have at most {MAX_SECTIONS} sections.")
    for section, text in zip_longest(sections, before, fillvalue=None):
        assert section is not None
        check_text("A section's prompt", section.prompt, MAX_PROMPT)
        check_text("A section's key", section.key, MAX_TAG)
        check_rewritten("A section's text", text or "", section.text, longest)
        check_text("A section's label", section.label, 100)
        check_text("A section's unit", section.unit, 40)
        if section.type == "prose" and section.value is not None:
            raise InvalidField("Put a section's prose into its text, not its value.")
        forms.check_answer(section.type, section.value)


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
    spelled = {name_key(tag): tag for tag in held if not tag.isspace()}
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
