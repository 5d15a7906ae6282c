"""Symptom logs as series: one per symptom and scale, by time. Pure. Spellings of one name are one symptom.

Values on different scales are never joined: a 3 of 5 and a 3 of 10 are not the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from intersession_schemas.documents.diary.symptoms import Number
from intersession_schemas.documents.names import name_key, tidy_name
from intersession_server.projections.read_models import SymptomAnswers

Scale = tuple[Number, Number]


class Point(Struct, frozen=True):
    """One answer. `at` is local, with its offset; `late`: it arrived more than a day after."""

    at: datetime
    value: Number
    late: bool
    arrived_at: datetime


class Series(Struct, frozen=True):
    """The answers to one symptom on one scale, oldest first. `scale` is None where the logs had none."""

    name: str
    scale: Scale | None
    points: tuple[Point, ...]


def series_of(logs: Iterable[SymptomAnswers]) -> list[Series]:
    """One series per symptom and scale, by name and then by scale. Of a symptom's spellings the first is its name."""
    points: dict[tuple[str, Scale | None], list[Point]] = {}
    keys: dict[str, str] = {}
    spelled: dict[str, tuple[datetime, str]] = {}
    for log in logs:
        for name, value in log.values.items():
            if name not in keys:
                keys[name] = name_key(name)
            key = keys[name]
            spelled[key] = min(spelled.get(key, (log.at, name)), (log.at, name))
            points.setdefault((key, log.scale), []).append(Point(log.at, value, log.late, log.arrived_at))
    return [
        Series(tidy_name(spelled[key][1]), scale, tuple(sorted(found, key=lambda point: point.at)))
        for (key, scale), found in sorted(points.items(), key=_by_name)
    ]


def most_answered(series: Sequence[Series], most: int) -> tuple[list[Series], list[str]]:
    """The `most` series with the most answers, in their order, and the names of the symptoms of the others."""
    ranked = sorted(range(len(series)), key=lambda place: (-len(series[place].points), place))
    chosen = set(ranked[:most])
    others = [one.name for place, one in enumerate(series) if place not in chosen]
    return [series[place] for place in sorted(chosen)], list(dict.fromkeys(others))


def _by_name(item: tuple[tuple[str, Scale | None], object]) -> tuple[str, str, bool, Scale]:
    (name, scale), _ = item
    return name.casefold(), name, scale is None, scale or (0, 0)
