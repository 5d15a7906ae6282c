"""What callers give, checked before anything is begun: every refusal is an `InvalidField` that names the field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from intersession.clock import optional_moment
from intersession.errors import InvalidField
from intersession.replica.projections import Window
from intersession_schemas.documents.journal import Section
from intersession_schemas.documents.symptoms import Number

Sections = Mapping[str, str] | Iterable[Section]


def text(field: str, value: object) -> str:
    """`value` if it is text that can be written down: a lone half of a surrogate pair cannot."""
    if not isinstance(value, str):
        raise InvalidField(f"{field} must be text.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidField(f"{field} holds half of a surrogate pair, which is not text.") from None
    return value


def query(value: object) -> str:
    """What to search for: any text, without what can be in no entry."""
    if not isinstance(value, str):
        raise InvalidField("query must be text.")
    return value.encode("utf-8", "ignore").decode().replace("\0", " ")


def uuid(field: str, value: object) -> UUID:
    """`value` if it is a UUID, or a UUID's text."""
    if isinstance(value, UUID):
        return value
    try:
        return UUID(text(field, value))
    except ValueError:
        raise InvalidField(f"{field} must be a UUID.") from None


def sections(value: Sections) -> tuple[Section, ...]:
    """Prompt → text, or `Section`s, as sections."""
    if isinstance(value, Mapping):
        value = [
            Section(text("A section's prompt", prompt), text("A section's text", answer))
            for prompt, answer in value.items()
        ]
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InvalidField("sections must map prompts to texts, or be a list of Section.")
    found = tuple(value)
    for section in found:
        if not isinstance(section, Section):
            raise InvalidField("sections must map prompts to texts, or be a list of Section.")
        text("A section's prompt", section.prompt)
        text("A section's text", section.text)
        text("A section's key", section.key)
    return found


def values(given: object) -> dict[str, Number]:
    """A mapping of names to numbers, those of subclasses (as numpy's) as the numbers they are."""
    if not isinstance(given, Mapping):
        raise InvalidField("values must map names to numbers.")
    return {name: _plain(value) for name, value in given.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return float(value)
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else value


def tags(value: object) -> tuple[str, ...]:
    """Texts."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InvalidField("tags must be a list of texts.")
    return tuple(text("A tag", tag) for tag in value)


def scale(value: object) -> tuple[Number, Number] | None:
    """`"1-5"`, `(1, 5)` or None as two numbers; whether they make a scale, the schemas check."""
    if value is None:
        return None
    if isinstance(value, str):
        lowest, dash, highest = value.strip().rpartition("-")
        try:
            return (_number(lowest), _number(highest)) if dash else _no_scale()
        except ValueError:
            return _no_scale()
    if isinstance(value, tuple | list) and len(value) == 2:
        return (value[0], value[1])
    return _no_scale()


def _no_scale() -> tuple[Number, Number]:
    raise InvalidField('scale must be like "1-5" or (1, 5).')


def _number(written: str) -> Number:
    return float(written) if "." in written else int(written)


def count(field: str, value: int | None) -> int | None:
    """`value` if it is a whole number from 0 on, or None."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63):
        raise InvalidField(f"{field} must be a whole number from 0 on.")
    return value


def window(
    since: datetime | None, until: datetime | None, limit: int | None = None, stream: UUID | None = None
) -> Window:
    """Which rows to read."""
    return Window(optional_moment("since", since), optional_moment("until", until), count("limit", limit), stream)
