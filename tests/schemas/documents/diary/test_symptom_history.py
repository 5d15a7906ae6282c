"""Which symptom logs stand: the same in whatever order records come, and what each kind of record does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import symptoms
from intersession_schemas.documents.diary.symptom_history import (
    MOST_ALIKE,
    MOST_EARLIER,
    Gone,
    LogRecord,
    Standing,
    of_buckets,
    standing,
)
from intersession_schemas.documents.diary.symptoms import Log, Withdrawn, key_mark

MONDAY = datetime(2026, 5, 4, 21, 13, tzinfo=UTC)
HOUR = timedelta(hours=1)


def id_(number: int) -> UUID:
    return UUID(int=number)


def noted(
    number: int, worry: float = 3, *, entered: int = 0, key: str | None = None, corrects: int | None = None
) -> Log:
    return Log(
        id=id_(number),
        at=MONDAY,
        entered_at=MONDAY + entered * HOUR,
        values={"worry": worry},
        key=key,
        corrects=None if corrects is None else id_(corrects),
    )


def withdrawn(*logs: int, keys: tuple[str, ...] = (), entered: int = 0) -> Withdrawn:
    return Withdrawn(id_(900), MONDAY + entered * HOUR, tuple(map(id_, logs)), tuple(map(key_mark, keys)))


def stands(*logs: Log, gone: tuple[Withdrawn, ...] = ()) -> list[Standing]:
    return standing(map(LogRecord, logs), Gone(gone))


def test_a_correction_stands_under_the_id_of_what_it_corrects() -> None:
    moved = replace(noted(2, 5, entered=1, corrects=1), at=MONDAY - 24 * HOUR, note="it was yesterday", scale=(0, 10))
    (one,) = stands(noted(1, key="k"), moved)
    assert one.log == Log(
        id=id_(1),
        at=MONDAY - 24 * HOUR,
        entered_at=MONDAY,
        values={"worry": 5},
        scale=(0, 10),
        note="it was yesterday",
        key="k",
    )
    assert one.corrected_at == MONDAY + HOUR
    assert one.earlier == (noted(1, key="k"),)


def test_the_last_correction_stands_and_the_others_are_told() -> None:
    first, second, third = noted(1), noted(2, 4, entered=1, corrects=1), noted(3, 5, entered=2, corrects=1)
    (one,) = stands(third, first, second)
    assert one.log.values == {"worry": 5}
    assert one.earlier == (first, second)


def test_one_key_is_one_log_and_a_correction_of_either_is_one_of_it() -> None:
    here, there = noted(1, key="k"), noted(2, 7, entered=3, key="k")
    (one,) = stands(there, here)
    assert (one.log.id, one.log.values) == (id_(1), {"worry": 3})
    (one,) = stands(there, here, noted(3, 9, entered=4, corrects=2))
    assert (one.log.id, one.log.values) == (id_(1), {"worry": 9})
    assert len(stands(noted(1, key="k"), noted(2, key="other"), noted(3))) == 3


def test_what_is_withdrawn_is_gone_with_its_corrections() -> None:
    assert stands(noted(1), noted(2, entered=1, corrects=1), gone=(withdrawn(1),)) == []
    assert [one.log.id for one in stands(noted(1), noted(4), gone=(withdrawn(1),))] == [id_(4)]


def test_a_key_that_is_withdrawn_is_gone_on_every_device_up_to_then() -> None:
    logs = noted(1, key="k"), noted(2, entered=1, key="k"), noted(3, 9, entered=2, corrects=2)
    assert stands(*logs, gone=(withdrawn(1, keys=("k",), entered=5),)) == []
    (again,) = stands(*logs, noted(4, entered=6, key="k"), gone=(withdrawn(1, keys=("k",), entered=5),))
    assert again.log.id == id_(4)
    assert len(stands(noted(1, key="k2"), gone=(withdrawn(keys=("k",), entered=5),))) == 1


def test_a_correction_of_what_is_not_here_is_nothing_yet() -> None:
    assert stands(noted(2, corrects=1)) == []


def test_a_copy_is_one_with_what_it_is_a_copy_of_and_arrived_when_that_did() -> None:
    first, late = noted(1), MONDAY + 90 * 24 * HOUR
    copy = replace(first, arrived_at=MONDAY + HOUR)
    (one,) = standing([LogRecord(copy, late)], Gone())
    assert one.arrived_at == MONDAY + HOUR
    (both,) = standing([LogRecord(copy, late), LogRecord(first, MONDAY + 2 * HOUR)], Gone())
    assert both == one
    assert both.log.arrived_at is None


def test_of_copies_that_differ_all_readers_take_the_same() -> None:
    one, other = noted(1, 5), replace(noted(1, 3), zone="UTC")
    assert stands(one, other) == stands(other, one)
    assert stands(one, other)[0].log == other  # the first as JSON, which other implementations can compare as well


LOGS = st.builds(
    noted,
    st.integers(1, 6),
    st.integers(0, 3),
    entered=st.integers(0, 3),
    key=st.sampled_from([None, "a", "b"]),
    corrects=st.sampled_from([None, None, 1, 2, 3]),
).filter(lambda log: log.corrects != log.id)
RECORDS = st.builds(LogRecord, LOGS, st.sampled_from([None, MONDAY, MONDAY + HOUR]))
WITHDRAWN = st.builds(
    lambda logs, keys, entered: withdrawn(*logs, keys=tuple(keys), entered=entered),
    st.lists(st.integers(1, 6), max_size=2),
    st.lists(st.sampled_from(["a", "b"]), max_size=1),
    st.integers(0, 3),
)


@given(st.lists(RECORDS, max_size=8), st.lists(WITHDRAWN, max_size=2), st.randoms(use_true_random=False))
def test_the_order_and_how_often_records_come_make_no_difference(
    records: list[LogRecord], gone: list[Withdrawn], chance: object
) -> None:
    found = standing(records, Gone(gone))
    again = [*records, *records[:3]]
    chance.shuffle(again)  # type: ignore[attr-defined]
    assert standing(again, Gone([*reversed(gone), *gone])) == found
    assert len({one.log.id for one in found}) == len(found)
    keys = [one.log.key for one in found if one.log.key is not None]
    assert len(set(keys)) == len(keys)
    assert not any(Gone(gone).has(one.log) for one in found)


def test_a_bucket_holds_them_all() -> None:
    document = Document.new(bytes(16))
    symptoms.create(document, "2026-05")
    symptoms.add(document, [noted(1), noted(2, 5, entered=1, corrects=1), noted(3)])
    symptoms.add(document, [], [withdrawn(3, keys=("k",))])
    bucket = symptoms.read(document)
    assert bucket.problems == ()
    assert bucket.withdrawn == (withdrawn(3, keys=("k",)),)
    (one,) = of_buckets([bucket])
    assert one.log.values == {"worry": 5}


def test_a_clock_that_is_ahead_does_not_win_for_ever() -> None:
    """A device whose clock is a year ahead corrects; what another device corrects after that stands all the same."""
    ahead = noted(2, 7, entered=24 * 365, corrects=1)
    after = noted(3, 5, entered=3, corrects=1)
    arrived = [LogRecord(noted(1), MONDAY), LogRecord(ahead, MONDAY + HOUR), LogRecord(after, MONDAY + 3 * HOUR)]
    (one,) = standing(arrived, Gone())
    assert one.log.values == {"worry": 5}


def test_of_very_many_corrections_those_count_that_arrived_first() -> None:
    made = [
        LogRecord(noted(10 + n, n, entered=n, corrects=1), MONDAY + timedelta(seconds=n)) for n in range(2 * MOST_ALIKE)
    ]
    (one,) = standing([LogRecord(noted(1), MONDAY), *reversed(made)], Gone())
    assert one.log.values == {"worry": MOST_ALIKE - 1}
    assert len(one.earlier) == MOST_EARLIER
    assert one.earlier[0] == noted(1)
    alike = [
        LogRecord(noted(n, n, entered=-n, key="k"), MONDAY + timedelta(seconds=n)) for n in range(1, 2 * MOST_ALIKE)
    ]
    (one,) = standing(alike, Gone())
    assert one.log.id == id_(MOST_ALIKE)


def test_what_says_it_was_withdrawn_and_is_no_such_record_is_a_problem() -> None:
    good = msgspec.json.encode(withdrawn(3, keys=("k",))).decode()
    for bad in (
        good.replace(key_mark("k"), "a-b"),
        good.replace(key_mark("k"), key_mark("k").upper()),
        good.replace(str(id_(3)), "no id"),
        good.replace("2026-05-04T21:13:00Z", "0001-01-01T00:00:00Z"),
        msgspec.json.encode(withdrawn(*range(1, 1_002))).decode(),
    ):
        assert bad != good
        document = Document.new(bytes(16))
        symptoms.create(document, "2026-05")
        with document.edit() as edit:
            edit.put(str(id_(900)), bad)
        found = symptoms.read(document)
        assert found.withdrawn == ()
        assert found.problems == (f"log {id_(900)}: not a readable log",)
