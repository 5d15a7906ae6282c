"""Long layouts, notes, words for numbers, and the exports of known apps."""

from __future__ import annotations

from typing import Any

import pytest
from tests.client_sdk.importing.spreadsheets import BERLIN, T, Write, asks, logs

from intersession import Tracker


def test_the_long_layout(tracker: Tracker, write: Write) -> None:
    rows = [(T, "worry", 3), (T, "sleep", 6), ("2026-05-05T08:00Z", "worry", 4), (T, "worry", 3)]
    file = write("time,symptom,value\n" + "".join(f"{at},{name},{value}\n" for at, name, value in rows))
    plan = tracker.symptoms.plan_import(file)
    assert (plan.layout, plan.name_column, plan.value_column, plan.ambiguous) == ("long", "symptom", "value", ())
    report = tracker.symptoms.import_csv(file, plan)
    assert (report.imported, report.unchanged, report.rows) == (3, 1, 4)
    assert logs(tracker) == [
        ("2026-05-04T21:13+02:00", {"worry": 3, "sleep": 6}),
        ("2026-05-05T08:00+00:00", {"worry": 4}),
    ]
    again = tracker.symptoms.import_csv(file)
    assert (again.imported, again.unchanged) == (0, 4)


def test_two_answers_of_one_symptom_at_one_moment_are_two_logs(tracker: Tracker, write: Write) -> None:
    file = write(f"time,symptom,value\n{T},worry,3\n{T},worry,5\n{T},sleep,6\n")
    assert tracker.symptoms.import_csv(file).imported == 3
    assert sorted(point.value for point in tracker.symptoms.series("worry")) == [3, 5]


def test_a_layout_that_may_be_long_is_asked_about(tracker: Tracker, write: Write) -> None:
    rows = "".join(f"2026-05-{day:02}T08:00Z,{name},{day % 5}\n" for day in range(1, 9) for name in ("worry", "sleep"))
    file = write("time,what_it_was,how_much\n" + rows)
    assert asks(tracker.symptoms.plan_import(file)) == {"layout"}
    report = tracker.symptoms.import_csv(file, layout="long")
    assert (report.imported, tracker.symptoms.names()) == (16, ["sleep", "worry"])


def test_notes(tracker: Tracker, write: Write) -> None:
    file = write(f'time,worry,Notiz\n{T},3,"Slept badly, then\nwalked"\n2026-05-05T08:00Z,4,{"x" * 2001}\n')
    report = tracker.symptoms.import_csv(file)
    assert [(cell.line, cell.column) for cell in report.bad_cells] == [(4, "Notiz")]
    assert [log.note for log in tracker.symptoms.logs()] == ["", "Slept badly, then\nwalked"]


def test_a_note_is_chosen_or_left_out(tracker: Tracker, write: Write) -> None:
    file = write(f"time,worry,diary,note\n{T},3,a word,and another one\n")
    assert tracker.symptoms.plan_import(file, note="diary").first_rows[0].note == "a word"
    assert tracker.symptoms.plan_import(file, note=["note", "diary"]).first_rows[0].note == "and another one\na word"
    assert tracker.symptoms.plan_import(file, note=()).first_rows[0].note == ""


def test_daylio(tracker: Tracker, write: Write) -> None:
    file = write(
        "full_date,date,weekday,time,mood,activities,scales,note_title,note\n"
        '2026-05-20,May 20,Wednesday,22:13,rad,exercise | work,,Morning,"Felt great, rested"\n'
        "2026-05-19,May 19,Tuesday,10:00 PM,meh,,,,\n"
    )
    plan = tracker.symptoms.plan_import(file)
    assert (plan.source, asks(plan), plan.scale) == ("daylio", {"zone"}, (1, 5))
    tracker.symptoms.import_csv(file, zone=BERLIN)
    assert logs(tracker) == [("2026-05-19T22:00+02:00", {"mood": 3}), ("2026-05-20T22:13+02:00", {"mood": 5})]
    assert tracker.symptoms.logs()[0].note == "Morning\nFelt great, rested"


def test_daylio_with_moods_of_ones_own(tracker: Tracker, write: Write) -> None:
    file = write(
        "full_date,date,weekday,time,mood,activities,note_title,note\n"
        "2026-05-20,20. Mai,Mittwoch,22:13,super,,,\n2026-05-19,19. Mai,Dienstag,22:00,mies,,,\n"
    )
    plan = tracker.symptoms.plan_import(file, zone=BERLIN)
    (unclear,) = plan.ambiguous
    assert (unclear.option, set(unclear.choices)) == ("words", {"super", "mies"})
    tracker.symptoms.import_csv(file, zone=BERLIN, words={"super": 5, "mies": 2})
    assert [point.value for point in tracker.symptoms.series("mood")] == [5, 2]


def test_bearable(tracker: Tracker, write: Write) -> None:
    file = write(
        "date formatted,weekday,time of day,category,rating/amount,detail,notes\n"
        '22nd Jan 2026,Thu,09:30,Mood,7,,"a hard morning"\n'
        "22nd Jan 2026,Thu,09:30,Symptom,2,Headache,\n"
        "23rd Jan 2026,Fri,10:15 PM,Symptom,1,Headache,\n"
    )
    plan = tracker.symptoms.plan_import(file)
    assert (plan.source, asks(plan), plan.layout) == ("bearable", {"zone"}, "long")
    tracker.symptoms.import_csv(file, zone=BERLIN)
    assert logs(tracker) == [
        ("2026-01-22T09:30+01:00", {"Mood": 7, "Headache": 2}),
        ("2026-01-23T22:15+01:00", {"Headache": 1}),
    ]


def test_bearable_with_parts_of_the_day(tracker: Tracker, write: Write) -> None:
    file = write(
        "date formatted,weekday,time of day,category,rating/amount,detail,notes\n"
        "22nd Jan 2026,Thu,am,Symptom,2,Headache,\n22nd Jan 2026,Thu,all day,Symptom,3,Nausea,\n"
    )
    assert asks(tracker.symptoms.plan_import(file, zone=BERLIN)) == {"time_of_day"}


@pytest.mark.parametrize(
    ("stamp", "asked"),
    [
        ("2026/05/04 9:13:24 PM GMT+2", set()),
        ("5/4/2026 21:13:24", {"date_order", "zone"}),
        ("04.05.2026 21:13:24", {"zone"}),
    ],
)
def test_google_forms(tracker: Tracker, write: Write, stamp: str, asked: set[str]) -> None:
    file = write(f'Timestamp,"How worried are you?","Anything else?"\n"{stamp}",3,no\n')
    plan = tracker.symptoms.plan_import(file)
    assert (plan.source, asks(plan), plan.columns) == ("google-forms", asked, ("How worried are you?",))
    given: dict[str, Any] = {"zone": BERLIN} if "zone" in asked else {}
    given |= {"date_order": "mdy"} if "date_order" in asked else {}
    tracker.symptoms.import_csv(file, **given)
    assert logs(tracker)[0][0] == "2026-05-04T21:13+02:00"


def test_words_may_mean_numbers(tracker: Tracker, write: Write) -> None:
    file = write(f"time,worry\n{T},Often\n2026-05-05T08:00Z,never\n2026-05-06T08:00Z,sometimes\n")
    report = tracker.symptoms.import_csv(file, words={"never": 0, "often": 2})
    assert [point.value for point in tracker.symptoms.series("worry")] == [0, 2]
    assert [row.line for row in report.bad] == [4]
