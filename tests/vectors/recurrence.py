"""Cases of recurrence: what rules are taken, in which plain form, and when they are due."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from tests.vectors.cases import Case, Json, Subject

from intersession_schemas.documents.recurrence import check_rule, occurrences, read_occurrence

YEAR = ("2026-01-01", "2026-12-31")
SPRING = ("2026-03-02", "2026-03-15")


def rule(given: dict[str, Json]) -> Json:
    """The plain form of a rule; `zone` is where the person is, for an UNTIL in UTC."""
    zone = given.get("zone")
    return check_rule(given["rule"], None if zone is None else ZoneInfo(zone))


def due(given: dict[str, Json]) -> Json:
    """The plain form of a rule, and the keys of its occurrences in the window."""
    since, first, last = (date.fromisoformat(given[name]) for name in ("since", "first", "last"))
    return {
        "rule": check_rule(given["rule"]),
        "occurrences": [one.key for one in occurrences(given["rule"], since, first, last)],
    }


def key(given: dict[str, Json]) -> Json:
    """What an occurrence's key names."""
    return read_occurrence(given["key"])


def _rule(shows: str, text: str, zone: str | None = None) -> Case:
    return Case(shows, "rule", {"rule": text} | ({"zone": zone} if zone is not None else {}))


def _due(shows: str, text: str, since: str, window: tuple[str, str] = SPRING) -> Case:
    return Case(shows, "due", {"rule": text, "since": since, "first": window[0], "last": window[1]})


def _key(shows: str, text: str) -> Case:
    return Case(shows, "key", {"key": text})


WORDS = (
    "daily",
    "every day",
    "weekly",
    "every week",
    "every two weeks",
    "weekdays",
    "fortnightly",
    "monthly",
    "every month",
    "yearly",
    "every year",
    "every other day",
    "every 3 weeks",
    "every 2nd month",
    "every six months",
    "every 1 week",
    "every 3rd year",
)

DUE = (
    _due(
        "Every day is due, both ends of the window included.", "FREQ=DAILY", "2026-01-01", ("2026-03-02", "2026-03-05")
    ),
    _due("Nothing is due before the rule began.", "FREQ=DAILY", "2026-03-04", ("2026-03-02", "2026-03-05")),
    _due(
        "A window that ends before it begins holds nothing.", "FREQ=DAILY", "2026-01-01", ("2026-03-05", "2026-03-02")
    ),
    _due(
        "Every third day is counted from the day the rule began, wherever the window begins.",
        "FREQ=DAILY;INTERVAL=3",
        "2026-01-01",
    ),
    _due(
        "A weekly rule without BYDAY is due on the weekday of its beginning: 1 January 2026 is a Thursday.",
        "FREQ=WEEKLY",
        "2026-01-01",
    ),
    _due("A weekly rule names its weekdays, and is due in the order of days.", "FREQ=WEEKLY;BYDAY=FR,MO", "2026-01-01"),
    _due("The word weekdays is due from Monday to Friday.", "weekdays", "2026-01-01"),
    _due(
        "Every second week is counted in weeks that begin on Monday: Sunday 8 March is one, 15 March is not.",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO",
        "2026-03-04",
        ("2026-03-01", "2026-03-31"),
    ),
    _due(
        "With WKST=SU weeks begin on Sunday, so that other Sundays fall into every second week.",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU",
        "2026-03-04",
        ("2026-03-01", "2026-03-31"),
    ),
    _due("COUNT ends a rule after so many occurrences.", "FREQ=DAILY;COUNT=5", "2026-03-02"),
    _due(
        "COUNT is counted from the beginning, also where the window begins later.", "FREQ=DAILY;COUNT=5", "2026-02-28"
    ),
    _due("A rule whose COUNT was used up before the window has nothing in it.", "FREQ=DAILY;COUNT=5", "2026-01-01"),
    _due("COUNT counts times of day, not days.", "FREQ=DAILY;COUNT=3;BYHOUR=8,20", "2026-03-02"),
    _due("UNTIL with a day includes that day.", "FREQ=DAILY;UNTIL=20260304", "2026-01-01"),
    _due(
        "UNTIL with a time includes what is due at that minute and nothing after it.",
        "FREQ=DAILY;BYHOUR=8,20;UNTIL=20260303T080000",
        "2026-01-01",
    ),
    _due(
        "UNTIL with a time in the day includes a day that has no time of day.",
        "FREQ=DAILY;UNTIL=20260303T120000",
        "2026-03-02",
    ),
    _due("UNTIL at 23:59 stands for the whole day.", "FREQ=DAILY;UNTIL=20260303T235959", "2026-03-02"),
    _due(
        "BYHOUR without BYMINUTE is at the full hour.",
        "FREQ=DAILY;BYHOUR=9",
        "2026-01-01",
        ("2026-03-02", "2026-03-03"),
    ),
    _due(
        "Every hour goes with every minute, sorted by the clock, each once.",
        "FREQ=DAILY;BYHOUR=18,9,9;BYMINUTE=30,0",
        "2026-01-01",
        ("2026-03-02", "2026-03-03"),
    ),
    _due("A daily rule with BYDAY is due on these weekdays only.", "FREQ=DAILY;BYDAY=SA,SU", "2026-01-01"),
    _due(
        "A daily rule with BYMONTHDAY is due on these days of the month only; -1 is the last one.",
        "FREQ=DAILY;BYMONTHDAY=1,-1",
        "2026-01-01",
        ("2026-01-01", "2026-03-31"),
    ),
    _due(
        "A daily rule with BYDAY and an INTERVAL counts the days, and takes those that are such weekdays.",
        "FREQ=DAILY;INTERVAL=2;BYDAY=MO",
        "2026-03-02",
        ("2026-03-01", "2026-03-31"),
    ),
    _due(
        "A monthly rule without days is due on the day of the month on which it began.",
        "FREQ=MONTHLY",
        "2026-01-15",
        YEAR,
    ),
    _due("FREQ=MONTHLY from the 31st leaves out months that have no 31st.", "FREQ=MONTHLY", "2026-01-31", YEAR),
    _due(
        "With SKIP=BACKWARD a month without a 31st is due on its last day.",
        "FREQ=MONTHLY;SKIP=BACKWARD",
        "2026-01-31",
        YEAR,
    ),
    _due("The word monthly does as SKIP=BACKWARD does.", "monthly", "2026-01-31", YEAR),
    _due("FREQ=MONTHLY from the 30th leaves out February.", "FREQ=MONTHLY", "2026-01-30", YEAR),
    _due(
        "With SKIP=BACKWARD the 30th is the last day of February, and the 30th again from March on.",
        "FREQ=MONTHLY;SKIP=BACKWARD",
        "2026-01-30",
        YEAR,
    ),
    _due("FREQ=MONTHLY from the 29th leaves out February of a common year.", "FREQ=MONTHLY", "2026-01-29", YEAR),
    _due(
        "With SKIP=BACKWARD the 29th is 28 February in a common year and 29 February in a leap year.",
        "FREQ=MONTHLY;SKIP=BACKWARD",
        "2027-01-29",
        ("2027-02-01", "2028-03-31"),
    ),
    _due(
        "Two days of a month that SKIP=BACKWARD makes the same are one.",
        "FREQ=MONTHLY;SKIP=BACKWARD;BYMONTHDAY=30,31",
        "2026-01-01",
        ("2026-01-01", "2026-04-30"),
    ),
    _due(
        "BYMONTHDAY=-1 is the last day of each month, without SKIP too.",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "2026-01-01",
        YEAR,
    ),
    _due(
        "BYMONTHDAY=-31 is the first day of months of 31 days, and of no other.",
        "FREQ=MONTHLY;BYMONTHDAY=-31",
        "2026-01-01",
        YEAR,
    ),
    _due(
        "With SKIP=BACKWARD, BYMONTHDAY=-31 is the first day of every month.",
        "FREQ=MONTHLY;SKIP=BACKWARD;BYMONTHDAY=-31",
        "2026-01-01",
        ("2026-01-01", "2026-04-30"),
    ),
    _due(
        "Every second month is counted from the month in which the rule began.",
        "FREQ=MONTHLY;INTERVAL=2;SKIP=BACKWARD",
        "2025-12-31",
        YEAR,
    ),
    _due("1MO is the first Monday of a month.", "FREQ=MONTHLY;BYDAY=1MO", "2026-01-01", YEAR),
    _due(
        "+2TU is the second Tuesday of a month.", "FREQ=MONTHLY;BYDAY=+2TU", "2026-01-01", ("2026-01-01", "2026-04-30")
    ),
    _due("-1FR is the last Friday of a month.", "FREQ=MONTHLY;BYDAY=-1FR", "2026-01-01", ("2026-01-01", "2026-04-30")),
    _due("5MO is due only in months that have five Mondays.", "FREQ=MONTHLY;BYDAY=5MO", "2026-01-01", YEAR),
    _due(
        "A weekday without a number is every such day of the month.",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=MO",
        "2026-01-01",
        ("2026-01-01", "2026-04-30"),
    ),
    _due(
        "Weekdays with a number and without one are due each: the first Friday, and every Monday.",
        "FREQ=MONTHLY;BYDAY=1FR,MO",
        "2026-01-01",
        ("2026-01-01", "2026-02-28"),
    ),
    _due(
        "BYDAY and BYMONTHDAY together are the days that are both: Friday the 13th.",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "2026-01-01",
        YEAR,
    ),
    _due(
        "A yearly rule is due on the day on which it began.", "FREQ=YEARLY", "2024-03-05", ("2024-01-01", "2027-12-31")
    ),
    _due(
        "FREQ=YEARLY from 29 February is due in leap years only.",
        "FREQ=YEARLY",
        "2024-02-29",
        ("2024-01-01", "2032-12-31"),
    ),
    _due(
        "The word yearly from 29 February is due on 28 February in common years.",
        "yearly",
        "2024-02-29",
        ("2024-01-01", "2028-12-31"),
    ),
    _due(
        "A yearly rule names its months; the day is that of its beginning.",
        "FREQ=YEARLY;BYMONTH=3,9",
        "2025-06-10",
        ("2025-01-01", "2027-12-31"),
    ),
    _due(
        "A yearly rule names days of its months.",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1",
        "2026-01-01",
        ("2026-01-01", "2028-12-31"),
    ),
    _due(
        "Every second year is counted from the year in which the rule began.",
        "FREQ=YEARLY;INTERVAL=2",
        "2025-05-01",
        ("2025-01-01", "2030-12-31"),
    ),
    _due(
        "COUNT of a monthly rule counts the months that have the day, and no other.",
        "FREQ=MONTHLY;COUNT=3",
        "2026-01-31",
        YEAR,
    ),
    _due(
        "COUNT of every second week counts from the first week.", "FREQ=WEEKLY;INTERVAL=2;COUNT=3", "2026-03-02", YEAR
    ),
    _due(
        "No rule is counted from before 1 January 1990.",
        "FREQ=DAILY;INTERVAL=7",
        "1985-06-01",
        ("1990-01-01", "1990-01-20"),
    ),
    _due(
        "A rule may find no day at all.",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "2026-01-01",
        ("2026-01-01", "2029-12-31"),
    ),
)

RULES = (
    _rule("A rule in its plain form stays as it is.", "FREQ=WEEKLY;BYDAY=MO,TH"),
    _rule(
        "Case, spaces around it, the prefix RRULE: and a last semicolon make no difference.",
        " rrule:freq=weekly;byday=mo; ",
    ),
    _rule("The order of a rule's parts stays.", "BYDAY=MO;FREQ=WEEKLY;WKST=SU"),
    *(_rule(f"Words that stand for a rule: {words}.", words) for words in WORDS),
    _rule("Words may be written in any case and with any spaces.", "  Every   Two Weeks "),
    _rule(
        "UNTIL in UTC becomes the local minute where the person is.",
        "FREQ=DAILY;UNTIL=20260601T180000Z",
        "Europe/Berlin",
    ),
    _rule(
        "UNTIL in UTC that is the last minute of a local day becomes that day.",
        "FREQ=DAILY;UNTIL=20260601T215959Z",
        "Europe/Berlin",
    ),
    _rule("UNTIL in UTC may be another local day.", "FREQ=DAILY;UNTIL=20260601T180000Z", "Asia/Tokyo"),
    _rule("UNTIL with a local time is cut to the minute.", "FREQ=DAILY;UNTIL=20260601T180045"),
    _rule("UNTIL in UTC is refused where nobody says in which zone.", "FREQ=DAILY;UNTIL=20260601T180000Z"),
    _rule("UNTIL on a day that does not exist is refused.", "FREQ=DAILY;UNTIL=20260230"),
    _rule("UNTIL with an hour and no seconds is refused.", "FREQ=DAILY;UNTIL=20260601T1800"),
    _rule("COUNT and UNTIL together are refused.", "FREQ=DAILY;COUNT=2;UNTIL=20260601"),
    _rule("Words that are none are refused.", "now and then"),
    _rule("An empty rule is refused.", ""),
    _rule("A rule of more than 200 characters is refused.", "FREQ=MONTHLY;BYMONTHDAY=" + ",".join(["1"] * 90)),
    _rule("A rule without FREQ is refused.", "BYDAY=MO"),
    _rule("FREQ=HOURLY is refused.", "FREQ=HOURLY"),
    _rule("A part that is not taken is refused.", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1"),
    _rule("A part that stands twice is refused.", "FREQ=DAILY;INTERVAL=2;INTERVAL=3"),
    _rule("An empty part is refused.", "FREQ=DAILY;;INTERVAL=2"),
    _rule("INTERVAL=0 is refused.", "FREQ=DAILY;INTERVAL=0"),
    _rule("INTERVAL of four digits is refused.", "FREQ=DAILY;INTERVAL=1000"),
    _rule("BYMINUTE without BYHOUR is refused.", "FREQ=DAILY;BYMINUTE=30"),
    _rule("An hour that there is not is refused.", "FREQ=DAILY;BYHOUR=24"),
    _rule("More than twelve minutes are refused.", "FREQ=DAILY;BYHOUR=9;BYMINUTE=" + ",".join(map(str, range(13)))),
    _rule("A weekday that there is not is refused.", "FREQ=WEEKLY;BYDAY=MI"),
    _rule("A counted weekday in a weekly rule is refused.", "FREQ=WEEKLY;BYDAY=1MO"),
    _rule(
        "A counted weekday beside BYMONTHDAY is refused: they may never meet.", "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=31"
    ),
    _rule("A sixth weekday of a month is refused.", "FREQ=MONTHLY;BYDAY=6MO"),
    _rule("Day 32 of a month is refused.", "FREQ=MONTHLY;BYMONTHDAY=32"),
    _rule("BYMONTHDAY in a weekly rule is refused.", "FREQ=WEEKLY;BYMONTHDAY=1"),
    _rule("BYMONTH in a monthly rule is refused.", "FREQ=MONTHLY;BYMONTH=3"),
    _rule("BYDAY in a yearly rule is refused.", "FREQ=YEARLY;BYDAY=MO"),
    _rule("SKIP=FORWARD is refused.", "FREQ=MONTHLY;SKIP=FORWARD"),
    _rule("SKIP=BACKWARD in a weekly rule is refused.", "FREQ=WEEKLY;SKIP=BACKWARD"),
    _rule("SKIP=BACKWARD beside BYDAY is refused.", "FREQ=MONTHLY;SKIP=BACKWARD;BYDAY=1MO"),
    _rule("WKST that is no weekday is refused.", "FREQ=WEEKLY;WKST=1"),
)

KEYS = (
    _key("The key of an occurrence is its day.", "2026-05-04"),
    _key("With a time of day the key is day and minute.", "2026-05-04T18:30"),
    _key("A key is spelled in one way only: without seconds.", "2026-05-04T18:30:00"),
    _key("A key is spelled in one way only: no other form of ISO 8601.", "20260504"),
    _key("A day that does not exist is no key.", "2026-02-30"),
)

SUBJECT = Subject(
    "When something is due again: which rules are taken, in which plain form, and the occurrences they give.",
    {"due": due, "rule": rule, "key": key},
    (*DUE, *RULES, *KEYS),
)
