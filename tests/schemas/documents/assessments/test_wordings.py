"""Bound wording: what was imported comes out as it went in, with the definition where the instrument is not known."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from intersession_schemas.crdt import Document
from intersession_schemas.documents.assessments.wordings import (
    INSTRUMENT,
    WordedItem,
    Wording,
    bound_of,
    definition_of,
    wording_of,
)
from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments.definitions.check_in import CHECK_IN
from intersession_schemas.instruments.known import INSTRUMENTS
from intersession_schemas.instruments.values import BoundWording, Choice, Prompt

OWN = CHECK_IN.wording
assert OWN is not None
SHORT = BoundWording(
    instrument="x-short-0",
    scheme=CHECK_IN.scheme,
    status="imported",
    hash="ab" * 32,
    prompts=(
        Prompt(
            item="q2", text="Second, asked first", choices=(Choice(text="Skip", value=None), Choice(text="1", value=1))
        ),
        Prompt(item="q10", text="Yes or no?", choices=(Choice(text="No", value=False), Choice(text="Yes", value=True))),
        Prompt(item="q1", text="Last?"),
    ),
    copyright="Somebody",
    source="practice.example/x|1",
    notes=("A note.",),
)


def stored(wording: Wording) -> Wording:
    document = Document.new(b"1" * 16)
    INSTRUMENT.create(document, wording)
    return INSTRUMENT.read(document)


@pytest.mark.parametrize("bound", [OWN, SHORT], ids=["own", "imported"])
def test_a_wording_comes_out_as_it_went_in(bound: BoundWording) -> None:
    wording = wording_of(bound, CHECK_IN, ships=True)
    found = stored(wording)
    assert found == wording
    assert bound_of(found) == bound
    assert found.title == CHECK_IN.title
    assert definition_of(found) is None


@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=INSTRUMENTS)
def test_an_instrument_comes_along_where_it_does_not_ship(instrument: Any) -> None:
    bound = replace(SHORT, instrument=instrument.key, scheme=instrument.scheme)
    assert definition_of(stored(wording_of(bound, instrument, ships=False))) == instrument


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": ""},
        {"scheme": ""},
        {"prompts": {}},
        {"prompts": {"q1": WordedItem(text=" ")}},
        {"definition": "{"},
        {"definition": "[" * 100_000},
        {"status": "paper"},
    ],
)
def test_what_is_no_wording_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidField):
        INSTRUMENT.create(Document.new(b"1" * 16), replace(wording_of(SHORT, CHECK_IN, ships=True), **wrong))


def test_the_definition_of_another_instrument_is_none() -> None:
    wording = wording_of(SHORT, CHECK_IN, ships=False)
    assert definition_of(wording) is None
    with pytest.raises(InvalidField):
        INSTRUMENT.create(Document.new(b"1" * 16), wording)
