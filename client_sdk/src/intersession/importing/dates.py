"""How people spell a moment: days, clocks and offsets as written, before it is decided what they mean. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from intersession.inputs.numbers import plain

_MONTHS = (
    "jan january januar jänner jän janvier janv enero ene gennaio gen januari janeiro",
    "feb february februar feber février févr fév febrero febbraio februari fevereiro fev",
    "mar march märz mär mrz mars marzo maart mrt março",
    "apr april avril avr abril abr aprile",
    "may mai mayo maggio mag mei maio",
    "jun june juni juin junio giugno giu junho",
    "jul july juli juillet juil julio luglio lug julho",
    "aug august août agosto ago augustus",
    "sep sept september septembre septiembre settembre set setembro",
    "oct october oktober okt octobre octubre ottobre ott outubro out",
    "nov november novembre noviembre novembro",
    "dec december dezember dez décembre déc diciembre dic dicembre dezembro",
)
MONTHS = {name: month for month, names in enumerate(_MONTHS, start=1) for name in names.split()}
"""Months by their names, in lower case, in English, German, French, Spanish, Italian, Dutch and Portuguese."""
_DAYS = (
    "mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat saturday sun sunday "
    "mo montag di dienstag mi mittwoch do donnerstag fr freitag sa samstag sonnabend so sonntag "
    "lun lundi mardi mer mercredi jeu jeudi ven vendredi sam samedi dim dimanche "
    "lunes martes mié miércoles jue jueves vie viernes sáb sábado dom domingo "
    "lunedì martedì gio mercoledì giovedì venerdì sabato domenica "
    "ma maandag dinsdag wo woensdag donderdag vr vrijdag za zaterdag zo zondag "
    "seg segunda ter terça qua quarta qui quinta sex sexta"
)
_WEEKDAYS = frozenset(_DAYS.split())

_ISO = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-2][0-9]):([0-5][0-9])(?::([0-5][0-9])(?:\.([0-9]{1,6}))?)?"
    r"(?:(Z)|([+-])([0-2][0-9]):([0-5][0-9]))?"
)
_WORD = r"[^\W\d_]{2,12}"
_YEAR_FIRST = re.compile(r"(\d{4})(?:([-./]) ?(\d{1,2})\2 ?(\d{1,2})\.?|年(\d{1,2})月(\d{1,2})日)(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?=T|[ _]|$)")
_YEAR_LAST = re.compile(r"(\d{1,2})([-./]) ?(\d{1,2})\2 ?(\d{4}|\d{2})(?!\d)\.?")
_DAY_NAME = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)?[ -]*(?:de |of )?({_WORD})\.?[ ,-]*(?:de |del )?(\d{{4}}|\d{{2}})(?![\d:])",
    re.IGNORECASE,
)
_NAME_DAY = re.compile(rf"({_WORD})\.?[ -]*(\d{{1,2}})(?:st|nd|rd|th)?,? ?-?(\d{{4}})(?!\d)", re.IGNORECASE)
_YEAR_NAME = re.compile(rf"(\d{{4}})[ -]({_WORD})\.?[ -](\d{{1,2}})(?!\d)", re.IGNORECASE)
_WEEKDAY = re.compile(rf"({_WORD})[.,]* +", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:(?P<sep>[:.h]|\s?uhr\s?)(?P<minute>\d{2})"
    r"(?:(?:[:.]|min)(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?s?)?)?"
    r"(?P<half> ?[ap]\.? ?m\.?(?![a-z])| ?[ap](?![a-z]))?(?P<uhr> ?uhr| ?h(?![a-z]))?",
    re.IGNORECASE,
)
_COMPACT_CLOCK = re.compile(r"T(\d{2})(\d{2})(\d{2})?(?![\d:])")
_OFFSET = re.compile(r"(?:UTC|GMT)? ?([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?(?!\d)", re.IGNORECASE)
_ZONE = re.compile(r"\[([A-Za-z][\w+\-/]{1,60})\]|([A-Za-z][\w+-]*(?:/[\w+-]+)+)|\(?([A-Za-z]{1,5})\)?(?![A-Za-z])")
_AND = re.compile(r"[T_](?=\d)|[ ,]*(?:(?:[-–]|at|um|à|a las|alle|om|às) )? *", re.IGNORECASE)
_COMMENT = re.compile(r" ?\([^()]*\)$")
_BARE = re.compile(r"\d+(?:[.,]\d+)?")
_LONGEST = 80

_FIRST_UNIX, _LAST_UNIX = 10**9, 4 * 10**9
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # 1954 to 2119


class Clock(NamedTuple):
    """A time of day; the 24th hour begins the next day."""

    hour: int
    minute: int = 0
    second: int = 0
    microsecond: int = 0


class Spelled(NamedTuple):
    """A moment as it is written.

    `order`: of the three `numbers`, ``"ymd"`` and the like where the spelling says it; else the sign between them, or
    ``"short"`` for years of two digits. `offset` in seconds. `seconds`: since 1970; `serial`: days as Excel counts.
    """

    numbers: tuple[int, int, int] | None = None
    order: str = ""
    clock: Clock | None = None
    offset: int | None = None
    zone: str | None = None
    seconds: float | None = None
    serial: float | None = None


@lru_cache(maxsize=20_000)
def spelled(cell: str) -> Spelled | None:
    """How a cell spells a moment, a day or a time of day; None if it is none."""
    if not cell or len(cell) > _LONGEST:
        return None
    iso = _ISO.fullmatch(cell)
    if iso is not None and iso[4] < "24" and (iso[10] or "") < "24":
        return _iso(iso)
    if not any(map(str.isdecimal, cell)):
        return None
    text = " ".join(plain(cell).split())
    if _BARE.fullmatch(text):
        bare = _bare(text)
        if bare is not None:
            return bare
    weekday = _WEEKDAY.match(text)
    if weekday is not None and weekday[1].casefold() in _WEEKDAYS:
        text = text[weekday.end() :]
    day = _day(text)
    if day is None:
        return _clock_first(text)
    numbers, order, end = day
    rest = text[end:]
    if not rest:
        return Spelled(numbers, order)
    compact = _COMPACT_CLOCK.match(rest)
    if compact is not None:
        hour, minute, second = (int(part or 0) for part in compact.groups())
        return _zoned(Spelled(numbers, order, Clock(hour, minute, second)), rest[compact.end() :])
    joined = _AND.match(rest)
    if joined is None or joined.end() == 0:
        return None
    rest = rest[joined.end() :]
    clock = _clock(rest)
    if clock is None:
        return _zoned(Spelled(numbers, order), rest)
    return _zoned(Spelled(numbers, order, clock[0]), rest[clock[1] :])


def _iso(found: re.Match[str]) -> Spelled:
    """The usual spelling, which most files have."""
    year, month, day, hour, minute, second, part, utc, sign, hours, minutes = found.groups()
    clock = Clock(int(hour), int(minute), int(second or 0), int((part or "0").ljust(6, "0")))
    offset = 0 if utc else None if sign is None else int(f"{sign}1") * (int(hours) * 3600 + int(minutes) * 60)
    return Spelled((int(year), int(month), int(day)), "ymd", clock, offset)


def _bare(text: str) -> Spelled | None:
    whole = text.replace(",", ".").partition(".")[0]
    value = float(text.replace(",", "."))
    for digits, unit in ((10, 1), (13, 1e3), (16, 1e6), (19, 1e9)):
        if len(whole) == digits and _FIRST_UNIX <= value / unit < _LAST_UNIX:
            return Spelled(seconds=value / unit)
    if len(whole) == 5 and _FIRST_SERIAL <= value < _LAST_SERIAL:
        return Spelled(serial=value)
    return None


def _day(text: str) -> tuple[tuple[int, int, int], str, int] | None:
    """The three numbers of a day, their order, and where it ends."""
    found = _YEAR_FIRST.match(text)
    if found is not None:
        year, _, month, day, month_2, day_2 = found.groups()
        return (int(year), int(month or month_2), int(day or day_2)), "ymd", found.end()
    found = _YEAR_LAST.match(text)
    if found is not None:
        first, sign, second, year = found.groups()
        return (int(first), int(second), int(year)), sign if len(year) == 4 else "short", found.end()
    found = _COMPACT.match(text)
    if found is not None and found[1].startswith(("19", "20")):
        return (int(found[1]), int(found[2]), int(found[3])), "ymd", found.end()
    return _named(text)


def _named(text: str) -> tuple[tuple[int, int, int], str, int] | None:
    for pattern, places in ((_YEAR_NAME, (1, 2, 3)), (_DAY_NAME, (3, 2, 1)), (_NAME_DAY, (3, 1, 2))):
        found = pattern.match(text)
        month = MONTHS.get(found[places[1]].casefold()) if found is not None else None
        if found is not None and month is not None:
            year = found[places[0]]
            numbers = (int(year), month, int(found[places[2]]))
            return numbers, "ymd" if len(year) == 4 else "short named", found.end()
    return None


def _clock_first(text: str) -> Spelled | None:
    """`21:13`, `9:13 PM, May 4 2026`: a time of day, perhaps with the day after it."""
    clock = _clock(text)
    if clock is None:
        return None
    rest = text[clock[1] :].lstrip(" ,-–")
    if rest == text[clock[1] :] and rest:
        zoned = _zoned(Spelled(clock=clock[0]), rest)
        return zoned if clock[2] else None
    day = _day(rest) if rest else None
    if day is not None:
        return _zoned(Spelled(day[0], day[1], clock[0]), rest[day[2] :])
    return _zoned(Spelled(clock=clock[0]), rest) if clock[2] else None


def _clock(text: str) -> tuple[Clock, int, bool] | None:
    """The time of day that a text begins with, where it ends, and whether it can be nothing else."""
    found = _CLOCK.match(text)
    if found is None:
        return None
    half, sign = (found["half"] or "").strip(" .")[:1].lower(), (found["sep"] or "").strip().lower()
    if not half and not found["uhr"] and found["minute"] is None:
        return None
    hour = int(found["hour"])
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    minute, second = int(found["minute"] or 0), int(found["second"] or 0)
    part = int((found["part"] or "0")[:6].ljust(6, "0"))
    last = (hour, minute, second, part) == (24, 0, 0, 0)
    if (hour > 23 and not last) or minute > 59 or second > 59:
        return None
    return Clock(hour, minute, second, part), found.end(), sign != "." or bool(half or found["uhr"])


def _zoned(so_far: Spelled, rest: str) -> Spelled | None:
    """With the offset and the zone that a text ends with; None if there is something else in it."""
    rest = rest.strip()
    if not rest:
        return so_far
    if so_far.clock is None:
        return None
    found = _OFFSET.match(rest)
    if found is not None:
        sign, hours, minutes, seconds = found.groups()
        offset = int(hours) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
        if int(hours) > 23 or int(minutes or 0) > 59:
            return None
        so_far = so_far._replace(offset=-offset if sign == "-" else offset)
        rest = rest[found.end() :].strip()
        if not rest or _COMMENT.fullmatch(rest):
            zone = _ZONE.fullmatch(rest) if rest else None
            return so_far._replace(zone=next((one for one in zone.groups() if one), None)) if zone else so_far
    named = _ZONE.fullmatch(rest)
    if named is None:
        return None
    zone_name = next(one for one in named.groups() if one)
    if zone_name.upper() in ("Z", "UTC", "GMT") and so_far.offset is None:
        return so_far._replace(offset=0)
    return so_far._replace(zone=zone_name)
