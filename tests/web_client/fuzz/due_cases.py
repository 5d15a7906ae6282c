"""Random rules, plans, homework, sessions, and what was done of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from intersession_schemas.documents import recurrence

Json = Any
Given = dict[str, Json]
T = TypeVar("T")

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Africa/Casablanca",
    "UTC",
)
NAMES = ("worry", "Worry ", "ＷＯＲＲＹ", "Straße", "STRASSE", "sleep", "İstanbul", "ﬁt", "ΣΊΣΥΦΟΣ", "σίσυφος")
TODAY = date(2026, 3, 28)
"""Clocks are changed on the next night in Europe; cases lie around it."""
_LINES = ("RRULE:{}", " {} ", "{}\r\n", "rrule:{};", "{};;", "{}\n{}", "DTSTART:20260101\n{}", "{};X-A=1", "\u200b{}")


def maybe(random: Random, make: Callable[[], T], chance: float = 0.5) -> T | None:
    """Something, or nothing."""
    return make() if random.random() < chance else None


def some(given: dict[str, Json]) -> Given:
    """What was given, without what was not."""
    return {name: value for name, value in given.items() if value is not None}


def day(random: Random, spread: int = 40) -> str:
    """A day around today."""
    return (TODAY + timedelta(days=random.randint(-spread, spread))).isoformat()


def moment(random: Random, spread: int = 40) -> str:
    """A moment around today, as a clock somewhere showed it."""
    micros = random.choice((0, 0, 500_000, random.randrange(10**6)))
    at = datetime(2026, 3, 28, tzinfo=UTC) + timedelta(days=random.uniform(-spread, spread))
    local = at.astimezone(ZoneInfo(random.choice(ZONES))).replace(microsecond=micros)
    return (local.replace(minute=0, second=0, microsecond=0) if random.random() < 0.2 else local).isoformat()


# -- rules -------------------------------------------------------------------------------------------------------------


def rule(random: Random) -> str:
    """A rule, mostly one that is taken."""
    kind = random.random()
    if kind < 0.15:
        return _words(random)
    if kind < 0.2:
        return _damaged(random, _parts(random))
    line = _parts(random)
    return random.choice(_LINES).replace("{}", line) if kind < 0.3 else line


def _words(random: Random) -> str:
    number = random.choice((*recurrence.NUMBERS, "1", "3rd", "21st", "0", "1000"))
    unit = random.choice((*recurrence.UNITS, "hour"))
    weekday = random.choice(("monday", "sundays", "friday", "holiday"))
    words = random.choice(
        (
            *recurrence.WORDS,
            *[f"every {number} {unit}{random.choice(('', 's'))}"] * 10,
            *[f"{random.choice(('', 'on ', 'every '))}{weekday}"] * 5,
        )
    )
    return random.choice((words, words.upper(), f"  {words.title()}", words.replace(" ", "\u00a0\t")))


def _parts(random: Random) -> str:
    frequency = random.choice(recurrence.FREQUENCIES)
    parts = {"FREQ": frequency}
    if random.random() < 0.5:
        parts["INTERVAL"] = str(random.choice((1, 2, 3, 7, 12, 40, 400, 999, 1000, "02")))
    match random.random():
        case end if end < 0.25:
            parts["COUNT"] = str(random.choice((1, 2, 5, 30, 999, 0)))
        case end if end < 0.5:
            last = day(random, 200).replace("-", "")
            time = random.choice(("", "T180000", "T235959", "T000000Z", "T225930Z", "T080015", "T2460"))
            parts["UNTIL"] = random.choice((f"{last}{time}", f"{last}{time}", "20260230"))
    _add_days(random, frequency, parts)
    if random.random() < 0.25:
        parts["BYHOUR"] = _list(random, range(25 if random.random() < 0.1 else 24), 4)
        if random.random() < 0.5:
            parts["BYMINUTE"] = _list(random, range(0, 60, 5), 3)
    if random.random() < 0.2:
        parts["WKST"] = random.choice(recurrence.DAYS)
    if random.random() < 0.05:
        parts["BYMINUTE"] = "0"
    if random.random() < 0.05:
        parts[random.choice(("BYSETPOS", "BYSECOND", "RSCALE"))] = random.choice(("0", "1", "GREGORIAN"))
    named = list(parts.items())
    if random.random() < 0.2:
        random.shuffle(named)
    line = ";".join(f"{name}={value}" for name, value in named)
    return line.lower() if random.random() < 0.1 else line


def _add_days(random: Random, frequency: str, parts: dict[str, str]) -> None:
    """Days as the frequency takes them, and now and then as it does not."""
    odd = random.random() < 0.05
    if random.random() < 0.5 and (frequency != "YEARLY" or odd):
        numbered = frequency == "MONTHLY" or odd
        days = [
            random.choice(("", "1", "2", "+3", "5", "-1", "-5")) * (numbered and random.random() < 0.7) + one
            for one in random.sample(recurrence.DAYS, random.randint(1, 4))
        ]
        parts["BYDAY"] = ",".join(days)
    if random.random() < 0.4 and (frequency != "WEEKLY" or odd):
        parts["BYMONTHDAY"] = _list(
            random, (1, 2, 13, 28, 29, 30, 31, "+5", -1, -2, -30, -31, *([32] if odd else [])), 4
        )
    if random.random() < 0.4 and (frequency == "YEARLY" or odd):
        parts["BYMONTH"] = _list(random, range(1, 14 if odd else 13), 4)
    if random.random() < 0.3 and (frequency in ("MONTHLY", "YEARLY") or odd):
        parts["SKIP"] = "FORWARD" if odd else "BACKWARD"


def _list(random: Random, of: Any, most: int) -> str:
    return ",".join(str(random.choice(list(of))) for _ in range(random.randint(1, most)))


def _damaged(random: Random, line: str) -> str:
    at = random.randrange(len(line))
    return line[:at] + random.choice(("", ";", "=", ",", "é", " ", "\n", "\x85", "\n ", "ﬁ", "X", "-")) + line[at + 1 :]


# -- a client's work ---------------------------------------------------------------------------------------------------


def work(random: Random) -> Given:
    """What a client has agreed to do, what of it is done, and when and where it is now."""
    homework = {str(UUID(int=number + 1)): _homework(random) for number in range(random.randint(0, 4))}
    schedules = {f"a{number}": _schedule(random) for number in range(random.randint(0, 3))}
    sessions = {str(UUID(int=number + 100)): _session(random) for number in range(random.randint(0, 4))}
    plan = some(
        {
            "journal_rule": maybe(random, lambda: _kept_rule(random)),
            "journal_since": maybe(random, lambda: day(random)),
            "day_begins": maybe(random, lambda: random.randint(0, 23)),
            "sections": {
                f"s{number}": some(
                    {
                        "active_from": maybe(random, lambda: day(random)),
                        "active_to": maybe(random, lambda: day(random)),
                    }
                )
                for number in range(random.randint(0, 2))
            },
            "trackers": {f"t{number}": _tracker(random) for number in range(random.randint(0, 3))},
            "assessments": schedules,
            "pauses": pauses(random),
        }
    )
    keys = [day(random, 4) for _ in range(5)]
    now = {"at": moment(random, 3), "zone": random.choice(ZONES)}
    done = {
        "entries": [_about(random, now["at"]) for _ in range(random.randint(0, 4))],
        "logs": [
            {"at": _about(random, now["at"]), "names": random.sample(NAMES, random.randint(0, 3))}
            for _ in range(random.randint(0, 5))
        ],
        "homework": {id: [random.choice((*keys, "once", f"{keys[0]}T08:00"))] for id in homework},
        "assessments": {id: random.sample((*keys, *(f"session/{one}" for one in sessions)), 2) for id in schedules},
    }
    return {"plan": plan, "homework": homework, "sessions": sessions, "done": done, "now": now}


def _about(random: Random, now: str) -> str:
    """A moment of the same day, or of one around it."""
    if random.random() < 0.3:
        return moment(random, 3)
    return (datetime.fromisoformat(now) + timedelta(minutes=random.randint(-600, 600))).isoformat()


def _slots(random: Random) -> str:
    """A rule with several times on each day."""
    return f"FREQ=DAILY;BYHOUR={_list(random, range(24), 4)}"


def _kept_rule(random: Random) -> str:
    """A rule that a document may hold, taken or not."""
    return _slots(random) if random.random() < 0.3 else rule(random)[: recurrence.MAX_RULE]


def until(random: Random) -> Given:
    """As `work`, and until when it is asked for."""
    return work(random) | {"until": moment(random, random.choice((5, 60)))}


def pauses(random: Random) -> dict[str, Given]:
    """Days on which nothing is due."""
    return {
        f"p{number}": some(
            {"first": maybe(random, lambda: day(random), 0.9), "last": maybe(random, lambda: day(random))}
        )
        for number in range(random.choice((0, 0, 0, 1, 2)))
    }


def _tracker(random: Random) -> Given:
    return some(
        {
            "name": random.choice(NAMES),
            "question": random.choice(("", " \x85", " How much?\u3000")),
            "rule": maybe(random, lambda: _kept_rule(random)),
            "since": maybe(random, lambda: day(random)),
            "until": maybe(random, lambda: day(random)),
        }
    )


def _homework(random: Random) -> Given:
    return some(
        {
            "what": random.choice(("Walk", "\n Walk \n far", "\u2028A\x1cB", " ")),
            "rule": maybe(random, lambda: _kept_rule(random)),
            "due": maybe(random, lambda: day(random, 20), 0.2),
            "since": maybe(random, lambda: day(random), 0.8),
            "until": maybe(random, lambda: day(random), 0.3),
            "ended_on": maybe(random, lambda: day(random), 0.3),
            "assigned_at": maybe(random, lambda: moment(random)),
        }
    )


def _schedule(random: Random) -> Given:
    return some(
        {
            "instrument": random.choice(("phq-9", "gad-7")),
            "rule": maybe(random, lambda: _kept_rule(random)),
            "before_each_session": random.random() < 0.6,
            "since": maybe(random, lambda: day(random)),
            "until": maybe(random, lambda: day(random), 0.2),
            "open_days": maybe(random, lambda: random.choice((1, 2, 7, 14, 90))),
            "remind_days": maybe(random, lambda: random.choice((1, 3, 5))),
        }
    )


def _session(random: Random) -> Given:
    return some(
        {
            "planned_at": maybe(random, lambda: moment(random, 20), 0.9),
            "state": random.choice(("planned", "planned", "attended", "cancelled")),
        }
    )


def course(random: Random) -> Given:
    """An assignment and all that was said of it."""
    homework = _homework(random)
    keys = ["once", *(day(random) for _ in range(4)), f"{day(random)}T08:00", "odd", "\U0001f600", "\uffee"]
    progress = []
    for number in range(random.randint(0, 12)):
        said = some(
            {
                "occurrence": random.choice(keys),
                "status": random.choice(("done", "partly", "not", "could_not")),
                "difficulty": maybe(random, lambda: random.randint(0, 10)),
                "helpfulness": maybe(random, lambda: random.randint(0, 10)),
                "barrier": maybe(random, lambda: random.choice(("forgot", "too_hard", "unclear"))),
                "done_at": maybe(random, lambda: moment(random, 2), 0.9),
                "entered_at": maybe(random, lambda: moment(random, 2), 0.9),
            }
        )
        id = str(UUID(int=random.getrandbits(128) if random.random() < 0.5 else number))
        progress.append(some({"id": id, "says": said, "arrived_at": maybe(random, lambda: moment(random, 2))}))
    plan = some({"day_begins": maybe(random, lambda: random.randint(0, 23)), "pauses": pauses(random)})
    return {"homework": homework, "plan": plan, "now": moment(random, 40), "progress": progress}


def window(random: Random) -> Given:
    """A rule, and the days that are asked for: sometimes many years, or none."""
    spread = random.choice((40, 400, 4_000))
    since = random.choice((day(random, 400), day(random, 20_000)))
    first, last = day(random, spread), day(random, spread)
    if random.random() < 0.9:
        first, last = sorted((first, last))
    return {"rule": rule(random), "since": since, "first": first, "last": last}
