"""Wordings of instruments as a practice would have imported them, in words of our own."""

from __future__ import annotations

from uuid import UUID

from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import replica_of

from intersession.replica.scope import LibraryScope
from intersession_schemas.documents.assessments.wordings import WordedChoice, WordedItem, Wording
from intersession_schemas.instruments.known import INSTRUMENTS
from intersession_schemas.streams import Kind


def wording_of_phq_9() -> Wording:
    """Prompts that are none of anybody else's."""
    return wording_of("phq-9")


def wording_of(key: str) -> Wording:
    """The labels of a shipped instrument as its questions."""
    instrument = INSTRUMENTS[key]
    return Wording(
        key=key,
        scheme=instrument.scheme,
        status="imported",
        hash="0" * 64,
        language="en",
        title=instrument.title,
        prompts={
            item.key: WordedItem(
                order=float(number),
                text=f"How much: {item.label}?",
                labels=tuple(WordedChoice(text=f"{value} of it", value=value) for value in item.allowed)
                if item.type == "number"
                else (),
            )
            for number, item in enumerate(instrument.items)
        },
        copyright="Nobody",
    )


def library_has(care: Care, wording: Wording) -> UUID:
    """Put a wording into the practice's library, as an import does."""
    replica = replica_of(care.caseload)
    with replica.writing() as touched:
        return LibraryScope(replica).add(touched, Kind.INSTRUMENT, wording)
