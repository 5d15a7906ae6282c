"""Completed assessments as scores: with bands, and compared with the episode's baseline and with the last one.

An assessment that was amended is shown and no longer compared with. Nothing is guessed: where there is no score, or
nothing is published to compare by, it says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from intersession_schemas.documents.assessments.answers import AnswerValue, Completion, WordingUsed
from intersession_schemas.documents.assessments.assessments import Assessment
from intersession_schemas.documents.assessments.wordings import Wording, definition_of
from intersession_schemas.documents.care.episodes import Episode, is_open, scale_key
from intersession_schemas.documents.moments import is_odd, plausible
from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments import labels
from intersession_schemas.instruments.change import ScoreChange, reliable_change
from intersession_schemas.instruments.known import INSTRUMENTS
from intersession_schemas.instruments.scoring import ScaleScore, Scored, score
from intersession_schemas.instruments.values import Instrument
from intersession_schemas.measures.material import Cut, Material
from intersession_schemas.records.filing import Filed
from intersession_schemas.streams import Kind

Against = Literal["baseline", "first of the episode", "last"]
NOT_TAKEN = "has answers that the instrument does not allow"
OTHER_SCHEME = "scored with a different scheme than the instrument has now"


class Compared(Struct, frozen=True, kw_only=True):
    """A score set against an earlier one: that of the `assessment`, completed at `at`, on the local `day` of that."""

    against: Against
    assessment: UUID
    at: datetime
    day: date
    change: ScoreChange


class Measured(Struct, frozen=True, kw_only=True):
    """One scale of one completion. `amended`: another assessment has corrected it; `paper`: the care team took it down.

    `occasion` is the scheduled occurrence that was answered, else the assessment. Of `one_of` completions of it this is
    one: two devices may complete one check-in while offline. They are never compared with each other.

    `score.score` is None where there is none, and `score.why` says why. `measured_at` is when it was completed, of an
    amendment when what it corrects was, and `day` the local day of that. `odd`: the device says `completed_at`, which
    cannot be; `measured_at` is when it arrived.
    """

    assessment: UUID
    completion: UUID
    instrument: str
    title: str
    scale: str
    label: str
    score: ScaleScore
    scheme: str
    wording: WordingUsed
    completed_at: datetime
    measured_at: datetime
    day: date
    arrived_at: datetime | None
    paper: bool = False
    amended: bool = False
    odd: bool = False
    occasion: str = ""
    one_of: int = 1
    compared: tuple[Compared, ...] = ()


def instruments_of(material: Material) -> dict[str, Instrument]:
    """The instruments that can be scored here, by key: those that ship and those that wordings bring along."""
    brought = (definition_of(wording) for _, wording in material.of(Kind.INSTRUMENT, Wording))
    return {one.key: one for one in brought if one is not None} | INSTRUMENTS


_MEASURED_OF = frozenset({Kind.ASSESSMENT, Kind.EPISODE, Kind.INSTRUMENT, Kind.PLAN})


def measured(material: Material, cut: Cut) -> tuple[Measured, ...]:
    """Every scale of every completion whose instrument is known, newest first, compared with earlier ones."""
    what = ("measured", material.local_day(cut), cut.locale)
    return material.once(what, _MEASURED_OF, lambda: _measured(material, cut))


def _measured(material: Material, cut: Cut) -> tuple[Measured, ...]:
    known, plan = instruments_of(material), material.plan
    assessments = material.of(Kind.ASSESSMENT, Assessment)
    amendments = _amendments(assessments)
    times = _times(assessments)
    together = Counter(
        _occasion(filed, one)
        for filed, one in assessments
        if one.amends is None and filed.id not in amendments
        for _ in one.completions
    )
    found: list[Measured] = []
    for filed, assessment in assessments:
        instrument = known.get(assessment.instrument)
        if instrument is None:
            continue
        for completion in assessment.completions:
            at = times.get(filed.id) or when(filed, assessment, completion.id, completion.completed_at)
            day, amended = plan.day_of(at), filed.id in amendments
            scales = _scales(filed, assessment, completion, instrument, at, day, amended=amended, locale=cut.locale)
            number = max(together[_occasion(filed, assessment)], 1)
            found += [replace(one, one_of=number) for one in scales]
    found.sort(key=lambda one: (one.measured_at, one.completed_at, one.completion, one.scale))
    episode = open_episode(material, cut)
    compared: list[Measured] = []
    before: dict[tuple[str, str], list[Measured]] = {}
    for one in found:
        of_scale = before.setdefault((one.instrument, one.scale), [])
        compared.append(_compare(one, of_scale, known[one.instrument], episode, amendments))
        of_scale.append(one)
    return tuple(reversed(compared))


def _occasion(filed: Filed, assessment: Assessment) -> str:
    if not assessment.schedule or assessment.amends is not None:
        return str(filed.id)
    return f"{assessment.schedule}/{assessment.occurrence}"


SERVER = UUID(int=0)
"""The author of what a record begins with."""


def episodes_of(material: Material) -> list[tuple[Filed, Episode]]:
    """The episodes of a record; without the one that it began with, where nobody has written to that, and to another.

    Whoever begins one, on whatever day, means that it counts.
    """
    found = list(material.of(Kind.EPISODE, Episode))
    begun = [(filed, one) for filed, one in found if not is_untouched(filed)]
    return begun or found


def is_untouched(filed: Filed) -> bool:
    """Whether the server made it and nobody has written to it."""
    return filed.rows.author == SERVER and filed.rows.first_seq == filed.rows.last_seq


def open_episode(material: Material, cut: Cut) -> Episode | None:
    """The episode that is open today: of several the one begun last."""
    today = material.local_day(cut)
    found = [(model.began_on, one.id, model) for one, model in episodes_of(material)]
    opened = [(began, id_, model) for began, id_, model in found if began is not None and is_open(model, today)]
    return max(opened, key=lambda one: one[:2])[2] if opened else None


def numbers(answers: Mapping[str, AnswerValue]) -> dict[str, int | bool | None]:
    """The answers as scoring takes them: whole numbers as such. Raises `InvalidField` for a text or a fraction."""
    found: dict[str, int | bool | None] = {}
    for item, value in answers.items():
        if isinstance(value, str) or (isinstance(value, float) and not value.is_integer()):
            raise InvalidField(f"The answer to {item} is not an integer.")
        found[item] = int(value) if isinstance(value, float) else value
    return found


def scored(instrument: Instrument, completion: Completion) -> Scored | None:
    """What a completion says; None where it holds answers that the instrument does not have."""
    try:
        return score(instrument, numbers(completion.answers))
    except InvalidField:
        return None


def _amendments(assessments: Sequence[tuple[Filed, Assessment]]) -> dict[UUID, UUID]:
    """Which assessment was corrected by which: by completed ones only, of several the one completed last."""
    found: dict[UUID, UUID] = {}
    completed = [
        (when(filed, one, one.completions[-1].id, one.completions[-1].completed_at), filed.id, one)
        for filed, one in assessments
        if one.completions
    ]
    for _, id_, one in sorted(completed, key=lambda each: each[:2]):
        if one.amends is not None and one.amends != id_:
            found[one.amends] = id_
    return found


def _latest(id_: UUID, amendments: Mapping[UUID, UUID]) -> UUID:
    """The amendment that holds now; the assessment itself where it has none."""
    seen = set[UUID]()
    while id_ in amendments and id_ not in seen:
        seen.add(id_)
        id_ = amendments[id_]
    return id_


def _times(assessments: Sequence[tuple[Filed, Assessment]]) -> dict[UUID, datetime]:
    """When each amendment counts as measured: when what it corrects was first completed."""
    by_id = {filed.id: (filed, one) for filed, one in assessments}
    found: dict[UUID, datetime] = {}
    for id_, one in by_id.items():
        seen, root = {id_}, one
        while root[1].amends in by_id and root[1].amends not in seen:
            seen.add(root[1].amends)
            root = by_id[root[1].amends]
        if root is not one and root[1].completions:
            first = root[1].completions[0]
            found[id_] = when(*root, first.id, first.completed_at)
    return found


def when(filed: Filed, assessment: Assessment, part: UUID, claimed: datetime) -> datetime:
    """When an answer or a completion was given, as far as arrival bounds that. A form on paper may be of long ago."""
    return plausible(claimed, filed.arrived(part), long_ago=assessment.administered_by is not None)


def _scales(
    filed: Filed,
    assessment: Assessment,
    completion: Completion,
    instrument: Instrument,
    at: datetime,
    day: date,
    *,
    amended: bool,
    locale: str,
) -> list[Measured]:
    result = scored(instrument, completion)
    why = NOT_TAKEN
    if completion.scheme and completion.scheme != instrument.scheme:
        result, why = None, OTHER_SCHEME
    found = []
    for scale in instrument.scales:
        nothing = ScaleScore(key=scale.key, raw=None, score=None, low=scale.low, high=scale.high, why=why)
        found.append(
            Measured(
                assessment=filed.id,
                completion=completion.id,
                instrument=instrument.key,
                title=labels.title(instrument, locale),
                scale=scale.key,
                label=labels.scale_label(instrument, scale.key, locale),
                score=nothing if result is None else result.scale(scale.key),
                scheme=completion.scheme or assessment.scheme,
                wording=completion.wording.status,
                completed_at=completion.completed_at,
                measured_at=at,
                day=day,
                arrived_at=filed.arrived(completion.id),
                occasion=_occasion(filed, assessment),
                paper=assessment.administered_by is not None,
                odd=is_odd(completion.completed_at, when(filed, assessment, completion.id, completion.completed_at)),
                amended=amended,
            )
        )
    return found


def _compare(
    one: Measured,
    before: Sequence[Measured],
    instrument: Instrument,
    episode: Episode | None,
    amendments: Mapping[UUID, UUID],
) -> Measured:
    """`one` with what it is compared with; `before` are all of its scale completed before it, oldest first."""
    if one.score.score is None:
        return one
    compared = []
    against: Against = "baseline"
    baseline = _baseline(one, before, episode, amendments)
    if baseline is None and episode is not None and episode.began_on is not None:
        began = episode.began_on
        against = "first of the episode"
        baseline = next(
            (other for other in before if other.day >= began and not other.amended and _is_comparable(other, one)), None
        )
    if baseline is not None:
        compared.append(_compared(against, baseline, one, instrument))
    last = next((other for other in reversed(before) if not other.amended and _is_comparable(other, one)), None)
    if last is not None:
        compared.append(_compared("last", last, one, instrument))
    return replace(one, compared=tuple(compared))


def _baseline(
    one: Measured, before: Sequence[Measured], episode: Episode | None, amendments: Mapping[UUID, UUID]
) -> Measured | None:
    """The baseline that the episode names, as it is amended; None for itself, and for one that is not before it."""
    named = episode.baseline.get(scale_key(one.instrument, one.scale)) if episode is not None else None
    if named is None or named.assessment is None:
        return None
    wanted = _latest(named.assessment, amendments)
    return next(
        (other for other in before if other.assessment == wanted and _is_comparable(other, one)),
        None,
    )


def _is_comparable(before: Measured, after: Measured) -> bool:
    """Whether both are scores of one scale over the same items, from two assessments."""
    return (
        (before.instrument, before.scale) == (after.instrument, after.scale)
        and before.occasion != after.occasion
        and before.score.score is not None
        and before.score.not_applicable == after.score.not_applicable
    )


def _compared(against: Against, before: Measured, after: Measured, instrument: Instrument) -> Compared:
    change = reliable_change(instrument, after.scale, before.score.score, after.score.score)
    return Compared(against=against, assessment=before.assessment, at=before.measured_at, day=before.day, change=change)
