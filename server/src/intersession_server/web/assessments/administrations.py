"""A client's assessments in order, each with its scores, what corrects it, and the words it was asked in. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.assessments.answers import Completion
from intersession_schemas.documents.assessments.assessments import Assessment
from intersession_schemas.documents.assessments.wordings import Wording, bound_of
from intersession_schemas.instruments import BoundWording, Instrument
from intersession_schemas.measures.material import Cut, Material
from intersession_schemas.measures.scores import Measured, instruments_of, measured, when
from intersession_schemas.records.filing import Filed
from intersession_schemas.records.instants import to_micros
from intersession_schemas.streams import Kind
from intersession_server.web.record.paging import SortKey


class Administration(Struct, frozen=True, kw_only=True):
    """One assessment. `at` is when it counts as taken; `scores` are by completion, in the order of the scales.

    `instrument` is None where the record does not have its definition. `amends` and `amended_by` are other assessments
    of this record; `author` made it.
    """

    id: UUID
    author: UUID | None
    arrived_at: datetime | None
    at: datetime
    assessment: Assessment
    instrument: Instrument | None
    scores: Mapping[UUID, tuple[Measured, ...]]
    arrived: Mapping[UUID, datetime | None]
    amends: UUID | None
    amended_by: tuple[UUID, ...]
    wordings: Mapping[str, BoundWording]

    @property
    def place(self) -> SortKey:
        """Its place in a list that begins with the newest: the highest first."""
        return to_micros(self.at), str(self.id)

    def wording_of(self, completion: Completion | None) -> BoundWording | None:
        """The words that were answered; None for a paper form, and where the record does not have them."""
        own = None if self.instrument is None else self.instrument.wording
        if completion is None:
            of_key = [one for one in self.wordings.values() if one.instrument == self.assessment.instrument]
            return of_key[-1] if of_key else own
        if completion.wording.status == "own":
            return own
        return self.wordings.get(completion.wording.hash)


_MADE_OF = frozenset({Kind.ASSESSMENT, Kind.EPISODE, Kind.INSTRUMENT, Kind.PLAN})


def administrations(material: Material, cut: Cut) -> list[Administration]:
    """All assessments of a record, the newest first."""
    what = ("administrations", material.local_day(cut), cut.locale)
    return material.once(what, _MADE_OF, lambda: _administrations(material, cut))


def _administrations(material: Material, cut: Cut) -> list[Administration]:
    known = instruments_of(material)
    scores: dict[UUID, dict[UUID, list[Measured]]] = {}
    for one in measured(material, cut):
        scores.setdefault(one.assessment, {}).setdefault(one.completion, []).append(one)
    filed = material.of(Kind.ASSESSMENT, Assessment)
    corrections = _corrections(filed)
    words = {one.hash: bound_of(one) for _, one in material.of(Kind.INSTRUMENT, Wording) if one.hash}
    found = [
        _administration(one, assessment, known, scores.get(one.id, {}), corrections, words) for one, assessment in filed
    ]
    return sorted(found, key=lambda one: one.place, reverse=True)


def _administration(
    filed: Filed,
    assessment: Assessment,
    known: Mapping[str, Instrument],
    scores: Mapping[UUID, list[Measured]],
    corrections: Mapping[UUID, tuple[UUID, ...]],
    words: Mapping[str, BoundWording],
) -> Administration:
    instrument = known.get(assessment.instrument)
    order = {} if instrument is None else {key: place for place, key in enumerate(instrument.scale_keys())}
    return Administration(
        id=filed.id,
        author=filed.rows.author,
        arrived_at=filed.arrived(),
        at=_taken_at(filed, assessment, scores),
        assessment=assessment,
        instrument=instrument,
        scores={id_: tuple(sorted(some, key=lambda one: order.get(one.scale, 0))) for id_, some in scores.items()},
        arrived={one.id: filed.arrived(one.id) for one in assessment.completions},
        amends=assessment.amends if assessment.amends != filed.id else None,
        amended_by=corrections.get(filed.id, ()),
        wordings=words,
    )


def _taken_at(filed: Filed, assessment: Assessment, scores: Mapping[UUID, list[Measured]]) -> datetime:
    """When it counts as taken: when it was completed, of a draft when it was begun, as far as arrival bounds that."""
    if scores:
        return min(one.measured_at for some in scores.values() for one in some)
    claimed = assessment.completions[0].completed_at if assessment.completions else assessment.started_at
    if claimed is not None:
        part = assessment.completions[0].id if assessment.completions else filed.id
        return when(filed, assessment, part, claimed)
    arrived = filed.arrived()
    assert arrived is not None  # what is on the server has arrived
    return arrived


def _corrections(filed: Sequence[tuple[Filed, Assessment]]) -> Mapping[UUID, tuple[UUID, ...]]:
    found: dict[UUID, tuple[UUID, ...]] = {}
    for one, assessment in filed:
        if assessment.amends is not None and assessment.amends != one.id and assessment.completions:
            found[assessment.amends] = (*found.get(assessment.amends, ()), one.id)
    return found


def used_instruments(found: Sequence[Administration]) -> list[str]:
    """The keys of the instruments that were given, the one given last first."""
    return list(dict.fromkeys(one.assessment.instrument for one in found if one.assessment.instrument))


def of_instrument(found: Sequence[Administration], key: str | None) -> list[Administration]:
    """Those of one instrument; all where None is asked for."""
    return [one for one in found if key in (None, one.assessment.instrument)]
