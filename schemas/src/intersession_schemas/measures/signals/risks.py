"""Positive risk items. One counts wherever it stands, and each time that it was given: nothing hides it.

No threshold, pause or limit of a plan applies here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.assessments.answers import AnswerValue
from intersession_schemas.documents.assessments.assessments import Assessment
from intersession_schemas.documents.local_days import day_of
from intersession_schemas.documents.moments import is_odd
from intersession_schemas.instruments.labels import telling as labels
from intersession_schemas.instruments.scoring import LEVELS, highest_level, positive_risk
from intersession_schemas.instruments.values import Instrument, RiskRule
from intersession_schemas.measures.material import Cut, Material
from intersession_schemas.measures.scores import instruments_of, when
from intersession_schemas.measures.signals.signal import Signal, signal
from intersession_schemas.measures.words import ago_text, day_text, number_text, say
from intersession_schemas.records.filing import Filed
from intersession_schemas.streams import Kind


class _Stands(Struct, frozen=True):
    """One answer, where it stands (`where`: what the words call it), when it was given, and the part it is."""

    item: str
    value: AnswerValue
    where: str
    at: datetime
    part: UUID


class _Endorsed(Struct, frozen=True):
    """A positive answer: what names it in an id, and the rules that it meets."""

    name: str
    stands: _Stands
    rules: tuple[RiskRule, ...]


class _Positive(Struct, frozen=True):
    """Positive answers of an assessment that are one signal."""

    filed: Filed
    assessment: Assessment
    instrument: Instrument
    found: list[_Endorsed]


def risks(material: Material, cut: Cut) -> Iterator[Signal]:
    """One for each time that a positive answer was given to a risk item.

    Where the source grades its questions (C-SSRS), one answers them one after the other: they are one signal, the most
    severe first.
    """
    for one in material.once("positive risk items", _OF, lambda: list(_positive(material))):
        yield _risk(one.filed, one.assessment, one.instrument, one.found, material, cut)


_OF = frozenset({Kind.ASSESSMENT, Kind.INSTRUMENT})


def _positive(material: Material) -> Iterator[_Positive]:
    """All that there are, whatever the time is."""
    known = instruments_of(material)
    assessments = material.of(Kind.ASSESSMENT, Assessment)
    amended = {one.amends for _, one in assessments if one.completions}
    for filed, assessment in assessments:
        instrument = known.get(assessment.instrument)
        if instrument is None or not instrument.risks:
            continue
        found = []
        for name, one in _endorsed(assessment, amended=filed.id in amended):
            rules = tuple(rule for rule in positive_risk(instrument, {one.item: one.value}) if rule.item == one.item)
            if rules:
                found.append(_Endorsed(name, one, rules))
        if found and any(rule.level is not None for rule in instrument.risks):
            yield _Positive(filed, assessment, instrument, _by_severity(instrument, found))
        else:
            for each in found:
                yield _Positive(filed, assessment, instrument, [each])


def _by_severity(instrument: Instrument, found: list[_Endorsed]) -> list[_Endorsed]:
    """The most severe first: by level, then by what the instrument asks last."""
    items = instrument.item_keys()
    return sorted(found, key=lambda one: (_severity(one), items.index(one.stands.item)), reverse=True)


def _severity(one: _Endorsed) -> int:
    return LEVELS.get(level, 0) if (level := highest_level(one.rules)) is not None else 0


def _endorsed(assessment: Assessment, *, amended: bool) -> Iterator[tuple[str, _Stands]]:
    """Each value that was given to an item, with a name: once for as long as it stood.

    A value that comes back after another one was given is a new fact. What is told is where it stands best: completed.
    """
    drafted, completed = dict[str, list[_Stands]](), dict[str, list[_Stands]]()
    for one in _standing(assessment, amended=amended):
        (completed if one.where in _COMPLETED else drafted).setdefault(one.item, []).append(one)
    for item in dict.fromkeys((*completed, *drafted)):
        runs = _runs(drafted.get(item, []))
        for one in completed.get(item, []):
            # Whoever completes says again what stood in the draft: that is no second fact.
            before = next((run for run in reversed(runs) if _exact(run[0].value) == _exact(one.value)), None)
            if before is None:
                runs.append([one])
            else:
                before.append(one)
        told = set[str]()
        for run in runs:
            name = f"{item}/{_exact(run[0].value)}"
            if name in told:
                name += f"/{run[0].part}"
            told.add(name)
            yield name, min(run, key=lambda one: _WHERE.index(one.where))


def _runs(given: list[_Stands]) -> list[list[_Stands]]:
    """The answers of a draft in the order they were given, those together that say the same."""
    runs: list[list[_Stands]] = []
    for one in sorted(given, key=lambda one: (one.at, one.part)):
        if not runs or _exact(runs[-1][0].value) != _exact(one.value):
            runs.append([])
        runs[-1].append(one)
    return runs


_COMPLETED = ("risk completed", "risk amended")
_WHERE = (*_COMPLETED, "risk draft", "risk not kept", "risk overridden")
"""Of several places where one value stands, the first of these is told."""


def _standing(assessment: Assessment, *, amended: bool) -> Iterator[_Stands]:
    """Every answer of an assessment wherever it stands: what was completed first, then what was written over."""
    for completion in assessment.completions:
        for item, value in completion.answers.items():
            where = "risk amended" if amended else "risk completed"
            yield _Stands(item, value, where, completion.completed_at, completion.id)
    kept = "risk not kept" if assessment.completions else "risk draft"
    for where, given in ((kept, assessment.draft), ("risk overridden", assessment.overridden)):
        for item, answers in given.items():
            for one in answers:
                yield _Stands(item, one.value, where, one.at, one.id)


def _risk(
    filed: Filed, assessment: Assessment, instrument: Instrument, found: list[_Endorsed], material: Material, cut: Cut
) -> Signal:
    """The signal of the first of these, which names the others as well."""
    one, days = found[0].stands, material.days(cut)
    at = when(filed, assessment, one.part, one.at)
    text = say(
        cut.locale,
        "risk",
        title=labels.title(instrument, cut.locale),
        item=labels.label(instrument, one.item, cut.locale),
        answer=_shown(cut.locale, one.value),
        where=say(cut.locale, one.where),
        age=ago_text(cut.locale, (days.of(cut.now) - day_of(at, days.begins)).days),
    )
    if (level := highest_level(found[0].rules)) is not None:
        text += say(cut.locale, "risk level", level=level)
    others = dict.fromkeys(each.stands.item for each in found[1:] if each.stands.item != one.item)
    if others:
        told = (say(cut.locale, "quoted", what=labels.label(instrument, key, cut.locale)) for key in others)
        text += say(cut.locale, "risk others", items=", ".join(told))
    if is_odd(one.at, at):
        text += say(cut.locale, "odd", day=day_text(day_of(one.at, days.begins)))
    id_ = f"risk/{filed.id}/" + "+".join(sorted(each.name for each in found))
    arrived = [filed.arrived(each.stands.part) for each in found]
    latest = None if None in arrived else max(each for each in arrived if each is not None)
    return signal("risk", id_, filed.id, at, latest, text, cut, days)


def _exact(value: AnswerValue) -> str:
    """A value in an id: yes is 1, as risk rules count it."""
    return number_text(value) if isinstance(value, int | float) else ""


def _shown(locale: str, value: AnswerValue) -> str:
    if isinstance(value, bool):
        return say(locale, "yes" if value else "no")
    return number_text(value) if isinstance(value, int | float) else ""
