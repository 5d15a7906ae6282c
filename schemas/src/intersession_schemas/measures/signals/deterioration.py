"""Deterioration: each scale of each instrument against this person's best level, worded by what that rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from intersession_schemas.documents.care.episodes import scale_key
from intersession_schemas.instruments.change import threshold_of
from intersession_schemas.instruments.labels import telling as labels
from intersession_schemas.instruments.values import Instrument, Scale
from intersession_schemas.measures.material import Cut, Material
from intersession_schemas.measures.scores import Measured, episodes_of, instruments_of, measured
from intersession_schemas.measures.signals.signal import Signal, signal
from intersession_schemas.measures.signals.worsening import (
    HALF_A_YEAR,
    Administered,
    Allowance,
    Worsening,
    worsenings,
)
from intersession_schemas.measures.words import day_text, number_text, say
from intersession_schemas.streams import Kind

_OF = frozenset({Kind.ASSESSMENT, Kind.EPISODE, Kind.INSTRUMENT, Kind.PLAN})


class _Course(Struct, frozen=True):
    """The comparable scores of one scale, oldest first, and what has become worse in them."""

    instrument: Instrument
    scale: Scale
    scores: tuple[Measured, ...]
    found: tuple[Worsening, ...]


def deterioration(material: Material, cut: Cut) -> Iterator[Signal]:
    """One for each worsening that goes on, or that was over within the last half year."""
    what = ("deterioration", material.local_day(cut), cut.locale)
    today = material.local_day(cut)
    for course in material.once(what, _OF, lambda: _courses(material, cut)):
        for one in course.found:
            lately = (today - course.scores[one.confirmed].day).days <= HALF_A_YEAR
            if one.ended is None or lately:
                yield _told(course, one, material, cut)


def _courses(material: Material, cut: Cut) -> list[_Course]:
    known, phases, plan = instruments_of(material), _phases(material), material.plan
    rows: dict[tuple[str, str, tuple[str, ...]], dict[str, Measured]] = {}
    for one in reversed(measured(material, cut)):
        instrument = known[one.instrument]
        if one.amended or one.score.score is None or one.scale not in judged_scales(instrument):
            continue
        row = rows.setdefault((one.instrument, one.scale, one.score.not_applicable), {})
        # Two devices may complete one check-in while offline: of the two the worse one counts.
        other = row.get(one.occasion)
        if other is None or _burden(instrument, one) > _burden(instrument, other):
            row[one.occasion] = one
    found = []
    for (key, scale, _), by_occasion in rows.items():
        instrument, scores = known[key], tuple(by_occasion.values())
        scores = tuple(sorted(scores, key=lambda one: (one.measured_at, one.completed_at, one.completion)))
        limit = plan.thresholds.get(scale_key(key, scale))
        allowance = _allowance(instrument, instrument.scale(scale), None if limit is None else limit.at)
        row_ = [Administered(_burden(instrument, one), one.day.toordinal(), _phase(phases, one.day)) for one in scores]
        found.append(_Course(instrument, instrument.scale(scale), scores, tuple(worsenings(row_, allowance))))
    return found


def judged_scales(instrument: Instrument) -> set[str]:
    """The scales that say which way is worse and are no part of another one: a sum and its parts say one thing."""
    stated = [one for one in instrument.scales if instrument.direction_of(one.key) != "not stated"]
    items = {one.key: set(one.items) for one in stated}
    return {key for key, of in items.items() if not any(of < others for others in items.values())}


def _burden(instrument: Instrument, one: Measured) -> float:
    assert one.score.score is not None
    return -one.score.score if _is_reversed(instrument, one.scale) else one.score.score


def _is_reversed(instrument: Instrument, scale: str) -> bool:
    return instrument.direction_of(scale) == "higher is better"


def _allowance(instrument: Instrument, scale: Scale, limit: float | None) -> Allowance:
    change = scale.changes[0] if scale.changes else None
    threshold = None if change is None else threshold_of(change)
    better = _is_reversed(instrument, scale.key)
    bands = sorted(-one.high if better else one.low for one in scale.bands)[1:]
    cut_offs = sorted(-one.score if better else one.score for one in scale.cut_offs)
    return Allowance(
        width=scale.high - scale.low,
        limit=limit,
        reliable=threshold if change is not None and change.kind == "reliable" else None,
        published=threshold if change is not None and change.kind == "important" else None,
        borders=tuple(map(float, bands or cut_offs)),
        severest=len(bands) > 1,
    )


# -- phases of care ----------------------------------------------------------------------------------------------------


def _phases(material: Material) -> list[tuple[date, date | None]]:
    """When a phase began, and when the episode was over that it belongs to; oldest first."""
    found = set[tuple[date, date | None]]()
    for _, one in episodes_of(material):
        for began in (one.began_on, one.phase_began_on):
            if began is not None:
                found.add((began, one.ended_on))
    return sorted(found, key=lambda one: one[0])


def _phase(phases: Sequence[tuple[date, date | None]], day: date) -> int:
    """The day on which the phase began that a day lies in; 0 where it lies in none."""
    held = [began for began, ended in phases if began <= day and (ended is None or day < ended)]
    return max(held).toordinal() if held else 0


# -- in words ----------------------------------------------------------------------------------------------------------


def _told(course: _Course, one: Worsening, material: Material, cut: Cut) -> Signal:
    first, last = course.scores[one.first], course.scores[one.confirmed]
    locale, better = cut.locale, _is_reversed(course.instrument, course.scale.key)
    level = -one.level if better else one.level
    from_, to = course.scores[one.level_from], course.scores[one.level_to]
    text = say(
        locale,
        "deterioration once" if one.first == one.confirmed else "deterioration",
        title=labels.title(course.instrument, locale),
        scale=labels.scale_label(course.instrument, last.scale, locale),
        first=first.score.score,
        first_day=day_text(first.day),
        after=last.score.score,
        day=day_text(last.day),
    )
    text += say(
        locale,
        "level once" if from_ is to else "level",
        level=number_text(level),
        level_day=day_text(from_.day),
        level_to=day_text(to.day),
    )
    text += say(
        locale,
        f"evidence {one.evidence}",
        threshold=number_text(one.threshold),
        before=_band(course, level, locale),
        after=_band(course, float(last.score.score or 0), locale),
    )
    if one.variation is not None and one.evidence in ("reliable", "published"):
        text += say(locale, "evidence varies")
    if last.odd:
        text += say(locale, "odd", day=day_text(material.plan.day_of(last.completed_at)))
    if one.ended is not None:
        text += say(locale, "over", day=day_text(course.scores[one.ended].day))
    id_ = f"deterioration/{last.completion}/{last.scale}"
    days = material.days(cut)
    return signal("deterioration", id_, last.assessment, last.measured_at, last.arrived_at, text, cut, days)


def _band(course: _Course, value: float, locale: str) -> str:
    """The name of the band, or of the worst cut-off that is reached; empty where there is neither."""
    scale, better = course.scale, _is_reversed(course.instrument, course.scale.key)
    if scale.bands:
        of = [one for one in scale.bands if (value <= one.high if better else value >= one.low)]
        named = (min if better else max)(of, key=lambda one: one.low, default=scale.bands[0])
        return labels.band_label(named, locale)
    reached = [one for one in scale.cut_offs if (value <= one.score if better else value >= one.score)]
    return labels.cut_off_label((min if better else max)(reached, key=lambda one: one.score), locale) if reached else ""
