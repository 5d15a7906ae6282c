"""What callers give, checked before anything is begun: every refusal is an `InvalidField` that names the field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from intersession.errors import InvalidField
from intersession.inputs import elements, numbers
from intersession.inputs.clock import local_clock, optional_moment
from intersession.inputs.windows import ReadWindow
from intersession_schemas.documents.diary.sections import Section, check_required, sections_from
from intersession_schemas.documents.diary.symptoms import Number
from intersession_schemas.documents.forms import Field, Label
from intersession_schemas.documents.names import tidy_name
from intersession_schemas.documents.recurrence import check_rule

MAX_PAGE = 1_000
"""Entries of a page at most: each is shown with its passage."""

AnswerGiven = str | int | float | bool | time | Iterable[str] | None
"""An answer in the way of its question: a text, a number, yes or no, a time of day, one option or several."""
Sections = Mapping[str, str] | Mapping[str, object] | Iterable[Section]
"""Prompts (or ids) with their answers (as `AnswerGiven`), or whole sections."""
Fields = Mapping[str, Field] | Iterable[Field] | Iterable[Field | str]
"""Questions by id, or in their order; text is the prompt of one answered by text."""
Labels = Mapping[int, str] | Mapping[float, str] | Iterable[Label]
"""What points of a scale are called."""


def text(field: str, value: object) -> str:
    """`value` if it is text that can be written down: a lone half of a surrogate pair cannot."""
    if not isinstance(value, str):
        raise InvalidField(f"{field} must be text.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidField(f"{field} contains a lone surrogate, which is not valid text.") from None
    return value


def query(value: object) -> str:
    """What to search for: any text, without what can be in no entry."""
    if not isinstance(value, str):
        raise InvalidField("query must be a string.")
    return value.encode("utf-8", "ignore").decode().replace("\0", " ")


def page(since: datetime | None, until: datetime | None, limit: object, stream: UUID | None = None) -> ReadWindow:
    """Which rows to search, and how many of them make a page."""
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MAX_PAGE:
        raise InvalidField(f"limit must be an integer from 1 to {MAX_PAGE}.")
    return window(since, until, limit, stream)


def cursor(value: object) -> str | None:
    """What `next` of a page was, or None."""
    return None if value is None else text("after", value)


def uuid(field: str, value: object) -> UUID:
    """`value` if it is a UUID, or a UUID's text."""
    if isinstance(value, UUID):
        return value
    try:
        return UUID(text(field, value))
    except ValueError:
        raise InvalidField(f"{field} must be a UUID.") from None


def sections(value: Sections, asked: Mapping[str, Field]) -> tuple[Section, ...]:
    """Prompt (or id in `asked`) → answer, or `Section`s, as sections; `asked` are the questions of the plan."""
    if isinstance(value, Mapping):
        given = {text("A section's prompt", prompt): answer for prompt, answer in value.items()}
        for answer in given.values():
            if isinstance(answer, str):
                text("A section's text", answer)
        value = sections_from(asked, given)
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InvalidField("sections must map prompts to texts, or be a list of Section.")
    found = tuple(value)
    for section in found:
        if not isinstance(section, Section):
            raise InvalidField("sections must map prompts to texts, or be a list of Section.")
        text("A section's prompt", section.prompt)
        text("A section's text", section.text)
        text("A section's key", section.key)
    check_required(asked, found)
    return found


def values(given: object) -> dict[str, Number]:
    """A mapping of names to numbers, those of subclasses (as numpy's) as the numbers they are."""
    if not isinstance(given, Mapping):
        raise InvalidField("values must map names to numbers.")
    return {_tidy(name): _plain(value) for name, value in given.items()}


def name(field: str, value: object) -> str:
    """A name as it is kept; what no name may hold is left for the schemas to refuse."""
    given = text(field, value)
    return given if len(given.splitlines()) > 1 else tidy_name(given)


def _tidy(value: Any) -> Any:
    return name("A symptom's name", value) or value if isinstance(value, str) else value


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return float(value)
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else value


def tags(value: object) -> tuple[str, ...]:
    """Texts."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InvalidField("tags must be a list of strings.")
    return tuple(name("A tag", tag) for tag in value)


def scale(value: object) -> tuple[Number, Number] | None:
    """`"1-5"`, `(1, 5)` or None as two numbers; whether they make a scale, the schemas check."""
    if value is None:
        return None
    if isinstance(value, str):
        lowest, highest = (numbers.typed(part) for part in value.strip().rpartition("-")[::2])
        return _no_scale() if lowest is None or highest is None else (lowest, highest)
    if isinstance(value, tuple | list) and len(value) == 2:
        return (value[0], value[1])
    return _no_scale()


def one_scale(value: object) -> tuple[Number, Number] | UnsetType | None:
    """A scale to choose by: `"none"` for values that have none; None says nothing."""
    return UNSET if value is None else None if value == "none" else scale(value)


def _no_scale() -> tuple[Number, Number]:
    raise InvalidField('scale must be like "1-5" or (1, 5).')


def count(field: str, value: int | None) -> int | None:
    """`value` if it is a non-negative integer, or None."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63):
        raise InvalidField(f"{field} must be a non-negative integer.")
    return value


def window(
    since: datetime | None,
    until: datetime | None,
    limit: int | None = None,
    stream: UUID | None = None,
    after: UUID | None = None,
) -> ReadWindow:
    """Which rows to read."""
    return replace(
        listed(limit, after),
        since=optional_moment("since", since),
        until=optional_moment("until", until),
        stream=stream,
    )


def listed(limit: int | None, after: UUID | None) -> ReadWindow:
    """Which part of a list to read: `limit` items at most, those behind the one with the id `after`."""
    return ReadWindow(limit=count("limit", limit), after=optional_uuid("after", after))


# -- plans, homework, goals, resources ---------------------------------------------------------------------------------


def day(field: str, value: object) -> date:
    """`value` if it is a day, and not a moment: whose day that would be is not to be guessed."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise InvalidField(f"{field} must be a date.")
    return value


def optional_day(field: str, value: object) -> date | None:
    """As `day`, or None."""
    return None if value is None else day(field, value)


def optional_uuid(field: str, value: object) -> UUID | None:
    """As `uuid`, or None."""
    return None if value is None else uuid(field, value)


def uuids(field: str, value: object) -> tuple[UUID, ...]:
    """UUIDs, each once."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InvalidField(f"{field} must be a list of ids.")
    return tuple(dict.fromkeys(uuid(field, one) for one in value))


def texts(field: str, value: object) -> tuple[str, ...]:
    """Texts in their order."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InvalidField(f"{field} must be a list of strings.")
    return tuple(text(field, one) for one in value)


def rule(value: object) -> str:
    """A rule in its plain form, "daily" and the like included; empty for none. Its end is in this device's zone."""
    if value is None or value == "":
        return ""
    return check_rule(text("rule", value), local_clock().tzinfo)


def labels(value: Labels) -> tuple[Label, ...]:
    """`{0: "none", 10: "worst"}`, or `Label`s, as labels."""
    if isinstance(value, Mapping):
        return tuple(Label(at=at, text=text("A label", called)) for at, called in value.items())
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InvalidField("labels must map points of the scale to texts, or be a list of Label.")
    found = tuple(value)
    if not all(isinstance(label, Label) for label in found):
        raise InvalidField("labels must map points of the scale to texts, or be a list of Label.")
    return found


def fields(value: Fields | None) -> dict[str, Field]:
    """Questions by id, in the order given; those without an id get one."""
    if value is None:
        return {}
    if isinstance(value, Mapping):
        if not all(isinstance(field, Field) for field in value.values()):
            raise InvalidField("fields must map ids to Field, or be a list of Field or of prompts.")
        in_order = all(field.order == 0 for field in value.values())
        return {
            text("A field's id", id): _with_order(field, number) if in_order else field
            for number, (id, field) in enumerate(value.items(), start=1)
        }
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InvalidField("fields must map ids to Field, or be a list of Field or of prompts.")
    return elements.numbered([_field(field) for field in value])


def _field(value: object) -> Field:
    if isinstance(value, Field):
        return value
    if isinstance(value, str):
        return Field(prompt=text("A prompt", value))
    raise InvalidField("fields must map ids to Field, or be a list of Field or of prompts.")


def _with_order(field: Field, number: int) -> Field:
    return replace(field, order=float(number))
