"""The plan of an import: it writes nothing, remembers what was answered, and takes only what can be meant."""

from __future__ import annotations

from typing import Any

import pytest
from tests.client_sdk.importing.spreadsheets import BERLIN, T, Write, asks
from tests.client_sdk.practice import replica_of

from intersession import InvalidField, Tracker


def test_a_plan_writes_nothing(tracker: Tracker, write: Write) -> None:
    with replica_of(tracker).reading() as store:
        before = store.number("SELECT total_changes()")
    plan = tracker.symptoms.plan_import(write(f"time,worry\n{T},3\n"))
    with replica_of(tracker).reading() as store:
        assert store.number("SELECT total_changes()") == before
    assert (plan.rows, plan.first_rows[0].line, plan.first_rows[0].values) == (1, 2, {"worry": 3})


def test_what_was_answered_is_not_asked_again(open_tracker: Any, write: Write) -> None:
    with open_tracker("one") as tracker:
        file = write("Datum;Sorge\n04/05/2026 21:13;3\n")
        assert tracker.symptoms.import_csv(file, zone=BERLIN, date_order="dmy").imported == 1
    with open_tracker("one") as tracker:
        file = write("Datum;Sorge\n04/05/2026 21:13;3\n06/05/2026 07:00;4\n")
        plan = tracker.symptoms.plan_import(file)
        assert (plan.ambiguous, plan.remembered, plan.zone, plan.date_order) == ((), True, BERLIN, "dmy")
        assert tracker.symptoms.import_csv(file).imported == 1
        assert asks(tracker.symptoms.plan_import(write("Datum;Sorge\n05/13/2026 21:13;3\n"))) == {"date_order"}
        assert asks(tracker.symptoms.plan_import(write("Tag;Sorge\n04/05/2026 21:13;3\n"))) == {"date_order", "zone"}


def test_what_was_not_imported_is_not_remembered(tracker: Tracker, write: Write) -> None:
    with pytest.raises(InvalidField):
        tracker.symptoms.import_csv(write("Datum;Sorge\nx;3\n"), time="Datum", zone=BERLIN)
    assert asks(tracker.symptoms.plan_import(write("Datum;Sorge\n13.05.2026 21:13;3\n"))) == {"zone"}


def test_a_plan_and_more_is_refused(tracker: Tracker, write: Write) -> None:
    file = write(f"time,worry\n{T},3\n")
    plan = tracker.symptoms.plan_import(file)
    with pytest.raises(InvalidField, match="not both"):
        tracker.symptoms.import_csv(file, plan, zone=BERLIN)
    with pytest.raises(InvalidField, match="plan_import"):
        tracker.symptoms.import_csv(file, "plan")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "given",
    [
        {"zone": "Berlin"},
        {"zone": "../../etc/passwd"},
        {"date_order": "ydm"},
        {"delimiter": ""},
        {"delimiter": '"'},
        {"encoding": "klingon"},
        {"encoding": "rot13"},
        {"decimal": ";"},
        {"layout": "round"},
        {"time_of_day": "late"},
        {"words": {"never": "0"}},
        {"names": {"worry": 1}},
        {"note": "diary"},
        {"name_column": "what", "value_column": "worry"},
        {"time": ()},
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_refused(tracker: Tracker, write: Write, given: dict[str, Any]) -> None:
    with pytest.raises(InvalidField):
        tracker.symptoms.plan_import(write(f"time,worry\n{T},3\n"), **given)
