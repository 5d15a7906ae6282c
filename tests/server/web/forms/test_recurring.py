from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from tests.server.web.forms.browser import sent_by

from intersession_schemas.documents.recurrence import check_rule
from intersession_schemas.errors import InvalidField
from intersession_server.web.forms.recurring import (
    RecurrenceFields,
    made_rule,
    recurrence_fields,
    sent_rule,
    with_rule,
)
from intersession_server.web.page.rendering import _environment

TEMPLATE = _environment.from_string(
    '{% from "forms/recurring.html" import recurring %}'
    '<form>{{ recurring("r", fields, "Asked", prefix="a.", never=never, fresh=fresh, ends=ends) }}</form>'
)
EXPRESSIBLE = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;BYDAY=MO,TH",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;BYHOUR=18;BYMINUTE=30",
    "FREQ=DAILY;BYHOUR=8,20",
    "FREQ=DAILY;BYHOUR=8,20;BYMINUTE=15,45",
    "FREQ=WEEKLY;BYDAY=FR;UNTIL=20260531",
    "FREQ=WEEKLY;BYDAY=FR;COUNT=8",
    "FREQ=MONTHLY;SKIP=BACKWARD",
    "FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD",
    "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1",
    "FREQ=MONTHLY;BYDAY=1MO",
    "FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=9",
    "FREQ=YEARLY;SKIP=BACKWARD",
]
KEPT = [
    "FREQ=DAILY;BYDAY=MO,TU",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYMONTHDAY=31",
    "FREQ=MONTHLY;BYMONTHDAY=1,15",
    "FREQ=MONTHLY;BYDAY=1MO,3MO",
    "FREQ=MONTHLY;BYDAY=5MO",
    "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1",
    "FREQ=WEEKLY;WKST=SU;INTERVAL=2;BYDAY=SU,MO",
    "FREQ=DAILY;UNTIL=20260531T180000",
    "FREQ=HOURLY",
    "now and then",
    "FREQ=DAILY;INTERVAL=x",
]


class Shown(Struct, frozen=True):
    fields: RecurrenceFields
    never: str = "No fixed days"
    fresh: bool = False
    ends: bool = True


def rendered(shown: Shown) -> str:
    return TEMPLATE.render({name: getattr(shown, name) for name in shown.__struct_fields__})


def filled_in(rule: str, *, fresh: bool = False, ends: bool = True, **changes: Any) -> list[tuple[str, str]]:
    """What a browser sends of the form of a rule, with some of its fields changed."""
    sent = sent_by(rendered(Shown(recurrence_fields(rule), fresh=fresh, ends=ends)))
    for name, value in changes.items():
        sent = [pair for pair in sent if pair[0] != f"a.{name}"]
        sent += [(f"a.{name}", one) for one in (value if isinstance(value, list) else [str(value)])]
    return sent


@pytest.mark.parametrize("rule", EXPRESSIBLE)
def test_a_rule_comes_back_from_the_form_as_it_was(rule: str) -> None:
    fields = recurrence_fields(rule)
    assert fields.repeats not in ("", "kept")
    assert recurrence_fields(made_rule(fields)) == recurrence_fields(check_rule(rule))
    # Taken as new, it says the same; left alone, it changes nothing.
    assert recurrence_fields(sent_rule(filled_in(rule, fresh=True), "a.") or "") == recurrence_fields(made_rule(fields))
    assert sent_rule(filled_in(rule), "a.") is None


@pytest.mark.parametrize(
    "rule",
    ["FREQ=WEEKLY;INTERVAL=1;WKST=MO;BYDAY=TH,MO", "FREQ=DAILY;BYHOUR=08;BYMINUTE=00", "FREQ=MONTHLY;BYDAY=+1MO"],
)
def test_another_way_to_say_it_is_understood_and_stays_when_it_is_left_alone(rule: str) -> None:
    assert recurrence_fields(rule).repeats != "kept"
    assert sent_rule(filled_in(rule), "a.") is None


@pytest.mark.parametrize("rule", KEPT)
def test_what_the_form_has_no_fields_for_is_kept_and_said_in_words(rule: str) -> None:
    fields = recurrence_fields(rule)
    assert (fields.repeats, fields.rule) == ("kept", rule)
    html = rendered(Shown(fields))
    assert f'<option value="kept" selected>Keep: {fields.words}</option>' in html
    assert sent_rule(filled_in(rule), "a.") is None
    assert made_rule(fields) == rule


def test_a_kept_rule_gives_way_to_another() -> None:
    assert sent_rule(filled_in("FREQ=MONTHLY", repeats="daily"), "a.") == "FREQ=DAILY"


def test_nothing_is_kept_where_there_was_nothing() -> None:
    with pytest.raises(InvalidField):
        sent_rule([("a.repeats", "kept")], "a.")


def test_changes_make_a_rule() -> None:
    weekly = filled_in("FREQ=DAILY", repeats="weekly", every=2, weekdays=["TH", "MO"], times="20:30")
    assert sent_rule(weekly, "a.") == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;BYHOUR=20;BYMINUTE=30"
    assert sent_rule(filled_in("FREQ=DAILY", until="2026-05-31"), "a.") == "FREQ=DAILY;UNTIL=20260531"
    assert sent_rule(filled_in("FREQ=DAILY", count="5"), "a.") == "FREQ=DAILY;COUNT=5"
    assert sent_rule(filled_in("FREQ=DAILY", repeats=""), "a.") == ""
    assert sent_rule(filled_in("", repeats="monthly", monthly="-1FR"), "a.") == "FREQ=MONTHLY;BYDAY=-1FR"


def test_what_belongs_to_another_frequency_counts_for_nothing() -> None:
    weekly = filled_in("FREQ=WEEKLY;BYDAY=MO", repeats="monthly", monthly="15")
    assert sent_rule(weekly, "a.") == "FREQ=MONTHLY;BYMONTHDAY=15"
    monthly = filled_in("FREQ=MONTHLY;BYDAY=1MO", repeats="daily")
    assert sent_rule(monthly, "a.") == "FREQ=DAILY"


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("8", ";BYHOUR=8"),
        ("20:00 8:00", ";BYHOUR=8,20"),
        ("8.30;20.30", ";BYHOUR=8,20;BYMINUTE=30"),
        ("08:00, 08:30", ";BYHOUR=8;BYMINUTE=0,30"),
        ("  ", ""),
    ],
)
def test_times_of_day_are_read_as_people_type_them(typed: str, parts: str) -> None:
    rule = sent_rule(filled_in("FREQ=DAILY;BYHOUR=3", times=typed), "a.")
    assert rule == f"FREQ=DAILY{parts}"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"times": "evening"}, "Write times of day as 08:00, 20:30."),
        ({"times": "25:00"}, "Write times of day as 08:00, 20:30."),
        ({"times": "08:00, 20:30"}, "same minute"),
        ({"until": "2026-05-31", "count": "3"}, "not both"),
        ({"every": "0"}, "INTERVAL"),
        ({"every": "often"}, "whole number"),
        ({"repeats": "hourly"}, "one of the choices"),
        ({"repeats": "monthly", "monthly": "<b>"}, "Choose a day"),
        ({"repeats": "monthly", "monthly": "1;FREQ=DAILY"}, "Choose a day"),
    ],
)
def test_what_no_rule_says_is_refused_with_a_reason(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidField, match=said):
        sent_rule(filled_in("FREQ=DAILY", **changes), "a.")


def test_the_rule_is_put_among_the_fields_where_it_changes() -> None:
    assert ("trackers.x.rule", "FREQ=DAILY") in with_rule(filled_in("", repeats="daily"), "trackers.x.rule", "a.")
    assert with_rule(filled_in("FREQ=DAILY"), "trackers.x.rule", "a.") == filled_in("FREQ=DAILY")
    assert with_rule([("name", "x")], "rule") == [("name", "x")]


def test_an_end_is_asked_for_where_it_is_the_rules_own() -> None:
    assert "a.until" not in rendered(Shown(recurrence_fields("FREQ=DAILY"), ends=False))
    # A rule that has one keeps it nevertheless.
    ended = "FREQ=DAILY;UNTIL=20260531"
    assert sent_rule(filled_in(ended, ends=False, every=2), "a.") == "FREQ=DAILY;INTERVAL=2;UNTIL=20260531"


def test_a_hostile_rule_is_text() -> None:
    html = rendered(Shown(recurrence_fields("<script>alert(1)</script>\"'=")))
    assert "<script>" not in html


@given(
    repeats=st.sampled_from(["daily", "weekly", "monthly", "yearly"]),
    every=st.integers(1, 999),
    weekdays=st.sets(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])),
    monthly=st.sampled_from(["", "1", "28", "29", "31", "-1", "1MO", "-1SU"]),
    hours=st.sets(st.integers(0, 23), max_size=3),
    minute=st.integers(0, 59),
    end=st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 999)),
)
def test_whatever_is_chosen_is_shown_as_chosen(
    repeats: str, every: int, weekdays: set[str], monthly: str, hours: set[int], minute: int, end: date | int | None
) -> None:
    sent = [("a.repeats", repeats), ("a.every", str(every)), ("a.monthly", monthly)]
    sent += [("a.weekdays", one) for one in weekdays]
    sent += [("a.times", ", ".join(f"{hour:02}:{minute:02}" for hour in hours))]
    sent += [("a.count", str(end))] if isinstance(end, int) else [("a.until", str(end or ""))]
    rule = sent_rule(sent, "a.")
    assert rule
    fields = recurrence_fields(rule)
    assert (fields.repeats, fields.every) == (repeats, every)
    assert set(fields.weekdays) == (weekdays if repeats == "weekly" else set())
    assert fields.monthly == (monthly if repeats == "monthly" else "")
    assert fields.times == ", ".join(f"{hour:02}:{minute:02}" for hour in sorted(hours))
    assert (fields.count if isinstance(end, int) else fields.until) == end
    assert sent_rule(filled_in(rule), "a.") is None
