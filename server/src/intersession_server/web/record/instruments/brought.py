"""A wording as a therapist sends it, what it was found to be, and what became of it. Pure values."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from intersession_schemas.instruments import Preview, Questionnaire

MOST_FILE = 1024 * 1024
"""Bytes of a file or a text that is sent over the web; the command line takes larger ones."""
FIND_OUT = ""
SentAs = Literal["questionnaire", "lines"]


class Brought(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A wording as it was sent: a FHIR R4 `questionnaire` (JSON or XML), or `lines` as they stand in a document.

    `instrument` is the key of the instrument that it is, `new` for one of the practice's own; empty: found out from the
    questionnaire. `language` is one of the questionnaire's, or that of the lines; `title` the name of a new instrument.
    """

    questionnaire: Annotated[str, Meta(max_length=MOST_FILE)] = ""
    lines: Annotated[str, Meta(max_length=MOST_FILE)] = ""
    instrument: Annotated[str, Meta(max_length=64)] = FIND_OUT
    language: Annotated[str, Meta(max_length=35)] = ""
    title: Annotated[str, Meta(max_length=200)] = ""


class ReadWording(Struct, frozen=True, kw_only=True):
    """What a wording was found to be: nothing of it is stored. `left_out` are lines that are no part of it, with their
    numbers; `languages` those that the file has; `by_order`: the values of answers are by their order alone."""

    taken_as: str
    questionnaire: Questionnaire
    preview: Preview
    sent_as: SentAs
    left_out: tuple[tuple[int, str], ...] = ()
    languages: tuple[str, ...] = ()
    by_order: bool = False


class BroughtIn(Struct, frozen=True, kw_only=True):
    """What became of a wording. `already`: it was offered before; `replaced`: another one was until now."""

    key: str
    title: str
    status: Literal["own", "verified", "imported"]
    language: str
    items: int
    known: bool
    already: bool = False
    replaced: bool = False
