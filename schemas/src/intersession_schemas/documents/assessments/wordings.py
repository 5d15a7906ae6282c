"""`instrument`: the words of an instrument as a practice brought them, so that it can be asked offline.

It is imported into the practice's library; scheduling the instrument copies it into the record. It is never edited: a
corrected wording is a new document, and what was answered keeps the hash of the words it was answered under. Of an
instrument that does not ship with the project it holds the definition too, so that devices can score it.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from intersession_schemas.documents.shapes import Element, Shape, line
from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments.known import INSTRUMENTS
from intersession_schemas.instruments.values import BoundWording, Choice, Instrument, Prompt, WordingStatus
from intersession_schemas.nesting import check_json
from intersession_schemas.streams import Kind

MAX_DEFINITION = 200_000
_definitions = msgspec.json.Decoder(Instrument)


class WordedChoice(Struct, frozen=True, kw_only=True):
    """One answer as it is shown; `value` is what is stored, None for one that counts as not answered."""

    text: Annotated[str, line(1_000)] = ""
    value: int | bool | None = None


class WordedItem(Element, frozen=True, kw_only=True):
    """One item as it is asked: its text, and its answers in the order they are shown."""

    text: Annotated[str, line(4_000)] = ""
    labels: Annotated[tuple[WordedChoice, ...], Meta(max_length=100)] = ()


class Wording(Struct, frozen=True, kw_only=True):
    """The bound wording of the instrument `key`, scored by `scheme`. `prompts` are by item, in the order asked.

    `status` and `hash` say whether the words are those of a known text; `definition` is `Instrument` as JSON, empty for
    instruments that ship.
    """

    key: Annotated[str, line(64)] = ""
    scheme: Annotated[str, line(200)] = ""
    status: WordingStatus = "imported"
    hash: Annotated[str, line(64)] = ""
    language: Annotated[str, line(64)] = ""
    title: Annotated[str, line(400)] = ""
    instructions: Annotated[tuple[Annotated[str, line(4_000)], ...], Meta(max_length=50)] = ()
    prompts: dict[str, WordedItem] = {}
    copyright: Annotated[str, line(4_000)] = ""
    source: Annotated[str, line(1_000)] = ""
    notes: Annotated[tuple[Annotated[str, line(1_000)], ...], Meta(max_length=50)] = ()
    definition: Annotated[str, line(MAX_DEFINITION)] = ""
    problems: tuple[str, ...] = ()


def check_wording(wording: Wording) -> None:
    """Raise `InvalidField` unless it names its instrument and has something to ask."""
    if not wording.key or not wording.scheme:
        raise InvalidField("A wording needs its instrument (key) and a scoring scheme (scheme).")
    if not wording.prompts or not all(item.text.strip() for item in wording.prompts.values()):
        raise InvalidField("A wording needs a text for each item.")
    if wording.definition and definition_of(wording) is None:
        raise InvalidField("The definition of the instrument cannot be read, or belongs to another instrument.")


INSTRUMENT = Shape(Kind.INSTRUMENT, Wording, check_wording)


def wording_of(bound: BoundWording, instrument: Instrument, *, ships: bool) -> Wording:
    """What to store of a bound wording; `ships`: every device knows the instrument, so its definition is left out."""
    return Wording(
        key=bound.instrument,
        scheme=bound.scheme,
        status=bound.status,
        hash=bound.hash,
        language=bound.language or "",
        title=instrument.title,
        instructions=bound.instructions,
        prompts={prompt.item: _worded(number, prompt) for number, prompt in enumerate(bound.prompts)},
        copyright=bound.copyright or "",
        source=bound.source or "",
        notes=bound.notes,
        definition="" if ships else msgspec.json.encode(instrument).decode(),
    )


def bound_of(wording: Wording) -> BoundWording:
    """The wording as instruments have it."""
    return BoundWording(
        instrument=wording.key,
        scheme=wording.scheme,
        status=wording.status,
        hash=wording.hash,
        prompts=tuple(
            Prompt(item=key, text=one.text, choices=tuple(Choice(text=c.text, value=c.value) for c in one.labels))
            for key, one in wording.prompts.items()
        ),
        instructions=wording.instructions,
        language=wording.language or None,
        copyright=wording.copyright or None,
        source=wording.source or None,
        notes=wording.notes,
    )


def definition_of(wording: Wording) -> Instrument | None:
    """The instrument itself where the wording brings it along; None where it does not, or it is of another."""
    if not wording.definition:
        return None
    try:
        check_json(wording.definition)
        found = _definitions.decode(wording.definition)
    except msgspec.MsgspecError:
        return None
    return found if (found.key, found.scheme) == (wording.key, wording.scheme) else None


def asked_of(wording: Wording) -> tuple[Instrument, BoundWording] | None:
    """The instrument and the words in which it can be asked; None where the wording is of another way of scoring, or of
    nothing known."""
    instrument = INSTRUMENTS.get(wording.key) or definition_of(wording)
    if instrument is None or wording.scheme != instrument.scheme:
        return None
    items = set(instrument.item_keys())
    bound = bound_of(wording)
    prompts = tuple(prompt for prompt in bound.prompts if prompt.item in items)
    return (instrument, replace(bound, prompts=prompts)) if prompts else None


def _worded(number: int, prompt: Prompt) -> WordedItem:
    labels = tuple(WordedChoice(text=choice.text, value=choice.value) for choice in prompt.choices)
    return WordedItem(order=float(number), text=prompt.text, labels=labels)
