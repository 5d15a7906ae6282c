"""The form for scores from paper: an instrument item by item, with the values that each may have. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.assessments.answers import AnswerValue
from intersession_schemas.documents.assessments.wordings import Wording, bound_of
from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments import INSTRUMENTS, BoundWording, Instrument, Item, labels
from intersession_server.language.language import current, say
from intersession_server.web.assessments.views import short_title, title_of, value_words
from intersession_server.web.instruments.views import instrument_of
from intersession_server.web.page import phrases

MOST_BUTTONS = 11
"""An item of more values than these is a number to be typed."""
PREFIX = "answers."


class PaperOption(Struct, frozen=True):
    """A value that can be chosen, and what it says where the wording is here."""

    value: str
    number: str
    words: str
    chosen: bool


class PaperItem(Struct, frozen=True, kw_only=True):
    """An item with its values, one button each; of very many values, the bounds of a number."""

    key: str
    number: int
    label: str
    wording: str
    asked_in: str
    options: tuple[PaperOption, ...]
    low: int
    high: int
    given: str
    optional: bool
    risk: bool


class PaperForm(Struct, frozen=True, kw_only=True):
    """The form of one instrument. `at` is the time it begins with, on the client's clock."""

    key: str
    title: str
    short: str
    window: str
    missing: str
    items: tuple[PaperItem, ...]
    at: str
    zone: str
    amends: UUID | None = None
    amends_at: datetime | None = None


def paper_form(
    instrument: Instrument,
    wording: Wording | None,
    at: datetime,
    given: Mapping[str, AnswerValue] = {},
    amends: tuple[UUID, datetime] | None = None,
) -> PaperForm:
    """The form of an instrument, with the answers `given` filled in; `amends` is what it corrects, and of when."""
    title = title_of(instrument, instrument.key)
    bound = bound_of(wording) if wording is not None else instrument.wording
    risky = {rule.item for rule in instrument.risks}
    return PaperForm(
        key=instrument.key,
        title=title,
        short=short_title(title),
        window=say(instrument.window),
        missing=say(instrument.missing),
        items=tuple(
            _item(number, instrument, item, bound, given.get(item.key), risk=item.key in risky)
            for number, item in enumerate(instrument.items, 1)
        ),
        at=f"{at:%Y-%m-%dT%H:%M}",
        zone=phrases.offset(at),
        amends=None if amends is None else amends[0],
        amends_at=None if amends is None else amends[1],
    )


def _item(
    number: int, instrument: Instrument, item: Item, bound: BoundWording | None, given: AnswerValue, *, risk: bool
) -> PaperItem:
    prompt = None if bound is None else bound.prompt(item.key)
    words = {} if prompt is None else {choice.value: choice.text for choice in prompt.choices}
    chosen = "" if given is None or isinstance(given, str) else str(int(given))
    few = len(item.allowed) <= MOST_BUTTONS
    values = item.allowed[::-1] if item.highest_first else item.allowed
    options = []
    for value in values if few else ():
        text = value_words(bool(value)) if item.type == "yes-no" else str(value)
        said = words.get(bool(value) if item.type == "yes-no" else value, "")
        options.append(PaperOption(str(value), text, "" if said == text else said, str(value) == chosen))
    return PaperItem(
        key=item.key,
        number=number,
        label=labels.label(instrument, item.key, current().tag),
        wording="" if prompt is None else prompt.text,
        asked_in="" if bound is None else bound.language or "",
        options=tuple(options),
        low=item.allowed[0],
        high=item.allowed[-1],
        given=chosen,
        optional=item.optional,
        risk=risk,
    )


def read_answers(instrument: Instrument, fields: Sequence[tuple[str, str]]) -> dict[str, bool | int | None]:
    """The answers that a form sent. Raises `InvalidField`, which names the item, for a value that it does not have."""
    items = {item.key: (number, item) for number, item in enumerate(instrument.items, 1)}
    found: dict[str, bool | int | None] = {}
    for name, value in fields:
        key = name.removeprefix(PREFIX)
        if not name.startswith(PREFIX) or not value.strip():
            continue
        if key not in items:
            raise InvalidField(say("An answer is to an item that this instrument does not have."))
        number, item = items[key]
        text = value.strip()
        if not (text.isascii() and text.lstrip("-").isdigit() and len(text) < 9 and int(text) in item.allowed):
            label = labels.label(instrument, key, current().tag)
            raise InvalidField(
                say(
                    "Item %(number)s, %(label)s: the value must be one of %(values)s.",
                    number=number,
                    label=label,
                    values=_values(item),
                )
            )
        found[key] = bool(int(text)) if item.type == "yes-no" else int(text)
    if not found:
        raise InvalidField(say("Answer at least one item."))
    return found


def _values(item: Item) -> str:
    low, high = item.allowed[0], item.allowed[-1]
    return f"{low}–{high}" if len(item.allowed) == high - low + 1 else ", ".join(map(str, item.allowed))


def read_at(text: str, clock: tzinfo) -> datetime | None:
    """The date and time of a form, on the client's clock; None where it was left empty. Raises `InvalidField`."""
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InvalidField(say("The date and time cannot be read.")) from None
    if found.year < 1900:
        raise InvalidField(say("The date is too long ago."))
    return found.replace(tzinfo=clock) if found.tzinfo is None else found.astimezone(clock)


def paper_choices(brought: Mapping[str, Wording], used: Sequence[str]) -> tuple[list[tuple[str, str]], ...]:
    """The instruments that can be entered: those that this client has been given, and all others by title."""
    keys = [*INSTRUMENTS, *(key for key in brought if key not in INSTRUMENTS)]
    known = {key: one for key in keys if (one := instrument_of(key, brought)) is not None}
    titled = {key: title_of(one, key) for key, one in known.items()}
    again = [(key, titled[key]) for key in used if key in titled]
    others = sorted(
        ((key, title) for key, title in titled.items() if key not in used), key=lambda one: one[1].casefold()
    )
    return again, others
