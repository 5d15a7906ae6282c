"""Which instruments are known here and which of them can be asked: the own check-in, and those with a wording here.

Functions hold the replica's lock already, or take it.
"""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from intersession.documents.records import StoredRecord
from intersession.documents.writing import Writing
from intersession.errors import InvalidField
from intersession.inputs import checks
from intersession.replica.scope import LibraryScope, Scope
from intersession_schemas.documents.assessments.answers import WordingTaken
from intersession_schemas.documents.assessments.wordings import Wording, asked_of, definition_of
from intersession_schemas.instruments.known import INSTRUMENTS
from intersession_schemas.instruments.values import BoundWording, Instrument
from intersession_schemas.streams import Kind

PAPER = "The care team can enter it from paper, item by item."


class Askable(Struct, frozen=True):
    """An instrument, and the words in which it is asked here."""

    instrument: Instrument
    wording: BoundWording

    @property
    def taken(self) -> WordingTaken:
        """What an assessment keeps of the wording."""
        return WordingTaken(status=self.wording.status, hash=self.wording.hash)


def known(scope: Scope) -> dict[str, Instrument]:
    """The instruments that can be scored here, by key: those that ship, and those that wordings bring along."""
    brought = (definition_of(row.model) for row in reversed(_newest_first(scope.kept(Kind.INSTRUMENT))))
    return {one.key: one for one in brought if one is not None} | INSTRUMENTS


def askable(scope: Scope) -> dict[str, Askable]:
    """The instruments that a client can be asked here, by key: the own ones, and those whose wording is here."""
    found = {
        one.key: Askable(one, one.wording) for one in INSTRUMENTS.values() if one.wording is not None
    }  # the words are our own
    for row in reversed(_newest_first(scope.kept(Kind.INSTRUMENT))):
        if (one := _askable(row.model)) is not None:
            found[one.instrument.key] = one
    return found


def ask(scope: Scope, key: str) -> Askable:
    """How an instrument is asked here. Raises `InvalidField` when it cannot be."""
    found = askable(scope)
    if key not in found:
        instrument = known(scope).get(key)
        if instrument is None:
            raise InvalidField(
                f"There is no instrument with that name here. Those that can be answered: {', '.join(found)}."
            )
        raise InvalidField(f"The wording of {instrument.title} is not available here, so it cannot be asked. {PAPER}")
    return found[key]


def check_schedulable(scope: Scope, key: str) -> str:
    """`key` if the record or the practice's library has words for it. Raises `InvalidField`."""
    checks.text("instrument", key)
    with scope.replica.reading():
        if key in askable(scope) or _in_library(scope, key) is not None:
            return key
        instrument = known(scope).get(key)
    if instrument is None:
        raise InvalidField(f"There is no instrument with that name here. Available: {', '.join(INSTRUMENTS)}.")
    raise InvalidField(
        f"This practice has not imported a wording of {instrument.title}, so clients cannot be asked. Import it first."
        + PAPER
    )


def bring(scope: Scope, writing: Writing, key: str) -> None:
    """Copy the library's newest wording of an instrument into the record, unless the record has it."""
    source = _in_library(scope, key)
    if source is None:
        return
    here = [row.model for row in scope.kept(Kind.INSTRUMENT)]
    if all((one.key, one.hash, one.language) != (key, source.hash, source.language) for one in here):
        scope.add(writing, Kind.INSTRUMENT, replace(source, problems=()))


def bring_definition(scope: Scope, writing: Writing, key: str) -> None:
    """The same for an instrument that does not ship: without it no device could score what is taken down."""
    if key not in INSTRUMENTS:
        bring(scope, writing, key)


def definition(scope: Scope, key: str) -> Instrument:
    """An instrument whose scores can be taken from paper. Raises `InvalidField` for one that nobody here knows."""
    found = known(scope).get(key)
    if found is None and (source := _in_library(scope, key)) is not None:
        found = definition_of(source)
    if found is None:
        raise InvalidField(f"There is no instrument with that name here. Available: {', '.join(known(scope))}.")
    return found


def _in_library(scope: Scope, key: str) -> Wording | None:
    library = LibraryScope(scope.replica)
    if not library.is_here():
        return None
    rows = [row for row in _newest_first(library.rows(Kind.INSTRUMENT)) if row.model.key == key]
    return next((row.model for row in rows if _askable(row.model) is not None), None)


def _askable(wording: Wording) -> Askable | None:
    found = asked_of(wording)
    return None if found is None else Askable(*found)


def _newest_first(rows: list[StoredRecord[Wording]]) -> list[StoredRecord[Wording]]:
    """By arrival; what has not arrived anywhere yet is newest, the last made first."""

    def when(row: StoredRecord[Wording]) -> tuple[float, int, UUID]:
        if row.arrived_at is None:
            return float("inf"), row.position, row.id
        return row.arrived_at.timestamp(), 0, row.id

    return sorted(rows, key=when, reverse=True)
