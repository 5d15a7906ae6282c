"""Short ways to write the questions of a template down."""

from __future__ import annotations

from msgspec.structs import replace

from intersession_schemas.documents.forms import Field, FieldType, Label


def in_order(**fields: Field) -> dict[str, Field]:
    """The fields by their names, asked in the order in which they are given."""
    return {name: replace(field, order=float(place)) for place, (name, field) in enumerate(fields.items(), start=1)}


def text(prompt: str, *, required: bool = False) -> Field:
    """A question that is answered in words."""
    return Field(prompt=prompt, required=required)


def scale(prompt: str, lowest: str, highest: str, *, high: int = 10) -> Field:
    """A question that is answered from 0 to `high`, with a word for each end."""
    return Field(prompt=prompt, type="scale", low=0, high=high, labels=(Label(0, lowest), Label(high, highest)))


def distress(prompt: str) -> Field:
    """How distressed somebody is, from 0 to 100, in their own units."""
    return scale(prompt, "calm", "the worst I can imagine", high=100)


def choice(prompt: str, *options: str, type: FieldType = "one_of") -> Field:
    """A question that is answered by one of its options, or by several."""
    return Field(prompt=prompt, type=type, options=options)


def count(prompt: str, unit: str, most: int) -> Field:
    """A question that is answered by how many of something."""
    return Field(prompt=prompt, type="number", low=0, high=most, unit=unit)


def clock(prompt: str) -> Field:
    """A question that is answered by a time of day."""
    return Field(prompt=prompt, type="time")


def yes_no(prompt: str) -> Field:
    """A question that is answered by yes or no."""
    return Field(prompt=prompt, type="yes_no")
