"""The sections of a journal entry: answers, each with the wording that it was answered under.

They are in the map `sections` of the entry: "1", "2" … → {`key`, `prompt`, `text`, and `answer` where it is no prose:
one JSON text of type, value, label and unit}.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time
from itertools import zip_longest
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from intersession_schemas.crdt import Document, Edit
from intersession_schemas.documents import forms
from intersession_schemas.documents.names import name_key, spelled_as
from intersession_schemas.documents.texts import check_rewritten, check_text
from intersession_schemas.errors import InvalidField
from intersession_schemas.nesting import check_json

MAX_TEXT = 18_000
"""Characters of an entry, its sections and its text together: each is an operation, and a change has 20,000 at most."""
MAX_PROMPT = 1_000
MAX_SECTIONS = 50
MAX_KEY = 64


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


class TypedAnswer(Struct, frozen=True, omit_defaults=True):
    """What `answer` holds of a section."""

    type: forms.FieldType
    value: forms.Value = None
    label: Annotated[str, Meta(max_length=100)] = ""
    unit: Annotated[str, Meta(max_length=40)] = ""


def write_sections(edit: Edit, sections: Sequence[Section]) -> None:
    """Write the sections of a new entry."""
    section_map = edit.put_map("sections")
    for number, section in enumerate(sections, start=1):
        one = edit.put_map(str(number), section_map)
        edit.put("key", section.key, one)
        edit.put("prompt", section.prompt, one)
        edit.put_text("text", section.text, one)
        if section.type != "prose":
            edit.put("answer", _answer_text(section), one)


def read_sections(document: Document, problems: list[str]) -> tuple[Section, ...]:
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


def section_texts(document: Document, sections: Sequence[Section], longest: int) -> dict[bytes, str]:
    objects = [one for _, one in _section_objects(document) if one is not None]
    if [document.scalar("prompt", one) for one in objects] != [section.prompt for section in sections]:
        raise InvalidField("sections must name the entry's prompts, in order.")
    check_sections(
        sections, [document.text(held) if (held := _text_of(document, one)) else "" for one in objects], longest
    )
    texts = {}
    for one, section in zip(objects, sections, strict=True):
        target = _text_of(document, one)
        if target is not None:
            texts[target] = section.text
    return texts


def section_answers(document: Document, sections: Sequence[Section]) -> dict[bytes, str]:
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


_PROSE = TypedAnswer("prose")


def _answer_text(section: Section) -> str:
    return msgspec.json.encode(TypedAnswer(section.type, section.value, section.label, section.unit)).decode()


def _read_answer(document: Document, section: bytes) -> TypedAnswer | None:
    """What a section holds beside its text; None where that is not an answer of its type."""
    if "answer" not in document.keys(section):
        return _PROSE
    stored = document.scalar("answer", section)
    try:
        if not isinstance(stored, str):
            return None
        check_json(stored)
        found = msgspec.json.decode(stored, type=TypedAnswer)
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


def answered_again(section: Section, field: forms.Field | None, value: object) -> Section:
    """A section that is no prose with another answer, of the type and under the wording that it has.

    `field` is the question as it is asked now, None where it is not. While its wording is the section's, the answer has
    to fit it: what else the section has chosen stays possible. Raises `InvalidField` for one that does not fit.
    """
    if field is None or (field.type, field.prompt) != (section.type, section.prompt):
        field = forms.Field(prompt=section.prompt, type=section.type, options=_options_in(value))
        forms.check_answer(section.type, field.options if isinstance(value, list | set | frozenset) else value)
    options = (*field.options, *(one for one in _options_in(section.value) if one not in field.options))
    found = forms.answer(section.key, replace(field, options=options, required=False), value)
    # The same answer keeps what it was called when it was given.
    same = (type(found.value), found.value) == (type(section.value), section.value)
    return section if same else replace(section, value=found.value, label=found.label)


def _options_in(value: object) -> tuple[str, ...]:
    """What an answer chooses, as far as it is made of texts."""
    chosen = (value,) if isinstance(value, str) else value
    some = chosen if isinstance(chosen, list | tuple | set | frozenset) else ()
    return tuple(dict.fromkeys(one for one in some if isinstance(one, str)))


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


def check_sections(sections: Sequence[Section], before: Sequence[str] = (), longest: int = MAX_TEXT) -> None:
    """`before`: the texts of an entry's sections that these take the place of."""
    if len(sections) > MAX_SECTIONS:
        raise InvalidField(f"An entry may have at most {MAX_SECTIONS} sections.")
    for section, text in zip_longest(sections, before, fillvalue=None):
        assert section is not None
        check_text("A section's prompt", section.prompt, MAX_PROMPT)
        check_text("A section's key", section.key, MAX_KEY)
        check_rewritten("A section's text", text or "", section.text, longest)
        check_text("A section's label", section.label, 100)
        check_text("A section's unit", section.unit, 40)
        if section.type == "prose" and section.value is not None:
            raise InvalidField("Put a section's prose into its text, not its value.")
        forms.check_answer(section.type, section.value)
