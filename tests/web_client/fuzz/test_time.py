"""Moments, zones and local days: the core reads, shows and places them as the Python code does."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from itertools import pairwise
from random import Random
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from playwright.sync_api import Page
from tests.web_client.fuzz.asking import ask_both, cases

from intersession_schemas.documents import moments
from intersession_schemas.documents.local_days import LocalDays, day_of, in_zone, instant

Given = dict[str, Any]
Make = Callable[[Random, Sequence[str]], Given]
ZONES = sorted(one for one in available_timezones() if "/" in one and not one.startswith(("posix", "right", "Etc")))
YEARS = range(1990, 2045)
ENDS = ("0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59.999999-10:00", "0001-01-01T08:00:00+00:00")
"""Where another zone would need a day that there is not."""
ODD = (
    "2026-05-04",
    "2026-05-04T18:30",
    "2026-05-04T24:00Z",
    "2026-05-04T18:60Z",
    "2026-02-29T10:00Z",
    "0000-01-01T00:00Z",
    "0001-01-01T00:00+10:00",
    "9999-12-31T23:59:59.999999-10:00",
    "0001-12-31T23:00-02:00",
    "2026-05-04T18:30+24:00",
    "2026-05-04T18:30-00:00",
    "2026-05-04T18:30+00:00:30",
    "2026-05-04T18:30-23:59:59.999999",
    "20260504T183015Z",
    "20260504 1830+0200",
    "2026-W19-1T10Z",
    "2026-W53-7T10Z",
    "2025-W53-1T10Z",
    "2026W191T10:00:00,25Z",
    "2026-05-04T18:30z",
    "2026-05-04T18:30:15.Z",
    "２０２６-05-04T18:30Z",
    "2026-05-04T18:30Z\n",
    "2026-05-04T18:30:15.1234567899+02",
    "2026-05-04\U0001f60018:30Z",
    "",
)


def _offset(random: Random) -> timezone:
    return timezone(timedelta(minutes=random.choice((0, 60, 120, -300, 345, 840, -720, random.randint(-1_439, 1_439)))))


def _at(random: Random, *odd: int) -> datetime:
    """A moment, of these decades mostly, as some clock showed it."""
    year = random.choice((*YEARS, *[2026] * 40, *odd))
    at = datetime(year, random.randint(1, 12), random.randint(1, 28), tzinfo=_offset(random))
    return at + timedelta(minutes=random.randrange(1_440), microseconds=random.choice((0, 0, 1, 999_999, 43 * 10**6)))


def _text(random: Random, _: Sequence[str]) -> Given:
    if random.random() < 0.2:
        return {"text": random.choice(ODD)}
    text = _at(random, 2, 1969, 9998).isoformat()
    if random.random() < 0.4:
        at = random.randrange(len(text))
        text = text[:at] + random.choice("0123456789.,:-+ZWT ") + text[at + random.randint(0, 1) :]
    return {"text": text}


_CLOCK = r"\d{2}(:[0-5]\d(:[0-5]\d([.,]\d+)?)?|[0-5]\d([0-5]\d([.,]\d+)?)?)?"
_DATE = r"(\d{4}-\d{2}-\d{2}|\d{8}|\d{4}-W\d{2}(-\d)?|\d{4}W\d{2}\d?)"
_WELL_FORMED = re.compile(f"{_DATE}.{_CLOCK}(Z|[+-]{_CLOCK})", re.ASCII | re.DOTALL)


def _is_clear(given: Given) -> bool:
    """Whether every Python says the same of a text: some read what none says that it reads, which the core does not."""
    text = given.get("text", "")
    return _WELL_FORMED.fullmatch(text) is not None or moments.read_moment(text) is None


def _claim(random: Random, _: Sequence[str]) -> Given:
    claimed = _at(random, 2, 1969, 9998)
    apart = timedelta(days=random.choice((0, 1, -1, 366, -366, 400)), microseconds=random.randint(-2, 2))
    arrived = (claimed + apart).astimezone(UTC) if random.random() < 0.9 else None
    told = None if arrived is None else arrived.isoformat()
    return {"claimed": claimed.isoformat(), "arrived": told, "long_ago": random.random() < 0.3}


def _shown(random: Random, zones: Sequence[str]) -> Given:
    at, zone = _at(random).isoformat(), random.choice(zones)
    if random.random() < 0.1:
        at, zone = random.choice(ENDS), random.choice(("Europe/Berlin", "America/New_York", "UTC"))
    return {"at": at, "zone": zone, "begins": random.choice((0, 0, 4, 23))}


def _slot(random: Random, zones: Sequence[str]) -> Given:
    """A time of a day, often of one on which clocks are changed."""
    zone = random.choice(zones)
    day = _at(random).date()
    if random.random() < 0.6:
        changed = _changed(zone, day)
        day = changed + timedelta(days=random.choice((-1, 0, 0, 0, 1)))
    if random.random() < 0.03:
        zone = random.choice(("Europe/Berlin", "America/New_York", "Pacific/Apia"))
        day = random.choice((date.min, date.max, date(2011, 12, 30)))
    at = time(random.randrange(24), random.choice((0, 0, 30, 45, random.randrange(60))), random.choice((0, 59)))
    given = None if random.random() < 0.2 else at.isoformat()
    return {"zone": zone, "begins": random.choice((0, 0, 4, 23)), "day": day.isoformat(), "time": given}


@cache
def _changed(zone: str, day: date) -> date:
    """The next day at whose end clocks in a zone have another offset, within a year."""
    clocks = ZoneInfo(zone)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    later = (noon + timedelta(days=number) for number in range(366))
    return next(
        (
            at.date()
            for at in later
            if (at + timedelta(days=1)).astimezone(clocks).utcoffset() != noon.astimezone(clocks).utcoffset()
        ),
        day,
    )


def _zone(random: Random, _: Sequence[str]) -> Given:
    kind = random.random()
    characters = "Aé😀\u200b\u00a0\x00 \ue000"
    text = "".join(random.choice(characters if kind < 0.5 else "A😀") for _ in range(random.choice((0, 1, 3, 64, 65))))
    return {"zone": text}


# -- what Python says --------------------------------------------------------------------------------------------------


def _read(given: Given) -> Any:
    at, kept = moments.read_moment(given["text"]), moments.read_kept(given["text"])
    return {
        "moment": at,
        "kept": kept,
        "as_kept": None if at is None else moments.as_kept(at),
    }


def _judged(given: Given) -> Any:
    claimed = datetime.fromisoformat(given["claimed"])
    arrived = None if given["arrived"] is None else datetime.fromisoformat(given["arrived"])
    plausible = moments.plausible(claimed, arrived, long_ago=given["long_ago"])
    late = arrived is not None and moments.is_late(claimed, arrived)
    return {"plausible": plausible, "odd": moments.is_odd(claimed, plausible), "late": late}


def _local(given: Given) -> Any:
    there = in_zone(datetime.fromisoformat(given["at"]), ZoneInfo(given["zone"]))
    return {"at": there, "day": day_of(there, given["begins"]), "instant": instant(there)}


def _moment(given: Given) -> Any:
    at = None if given["time"] is None else time.fromisoformat(given["time"])
    return LocalDays(ZoneInfo(given["zone"]), given["begins"]).moment(date.fromisoformat(given["day"]), at)


@pytest.fixture(scope="module")
def zones(core: Page) -> Sequence[str]:
    """Zones of which the browser and this machine know the same: rules change, and one hears of it before the other."""
    asked = Random(3).sample(ZONES, 60)
    seconds = {zone: _telling(ZoneInfo(zone)) for zone in asked}
    questions = [{"call": "offsets", "given": {"zone": zone, "seconds": some}} for zone, some in seconds.items()]
    answers = core.evaluate("(cases) => answers('time', cases)", questions)
    known = [
        zone
        for (zone, some), said in zip(seconds.items(), answers, strict=True)
        if said.get("answer") == [_offset_in(ZoneInfo(zone), one) for one in some]
    ]
    assert len(known) > 0.8 * len(asked)
    return known


def _telling(zone: ZoneInfo) -> list[int]:
    """The seconds of each week, and those between which clocks in a zone are changed."""
    first, last = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (YEARS[0] - 1, YEARS[-1] + 2))
    weeks = list(range(first, last, 604_800))
    changes = []
    for begin, end in pairwise(weeks):
        before = _offset_in(zone, begin)
        if before != _offset_in(zone, end):
            changed = bisect_left(range(begin, end), 1, key=lambda one: _offset_in(zone, one) != before) + begin
            changes += [changed - 1, changed]
    return weeks + changes


def _offset_in(zone: ZoneInfo, seconds: int) -> float:
    offset = datetime.fromtimestamp(seconds, zone).utcoffset()
    assert offset is not None
    return offset.total_seconds()


@pytest.mark.page
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("call", "make", "python", "number"),
    [
        ("read", _text, _read, 2_000),
        ("claim", _claim, _judged, 500),
        ("shown", _shown, _local, 1_500),
        ("slot", _slot, _moment, 2_000),
        ("zone", _zone, lambda given: moments.is_zone(given["zone"]), 200),
    ],
)
def test_answered_alike(
    core: Page,
    request: pytest.FixtureRequest,
    zones: Sequence[str],
    call: str,
    make: Make,
    python: Callable[[Given], object],
    number: int,
) -> None:
    made = cases(lambda random: make(random, zones), 11, number * (10 if request.config.getoption("--long") else 1))
    ask_both(core, "time", call, [one for one in made if _is_clear(one)], python)
