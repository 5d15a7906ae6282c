from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.server.projections.records import MONDAY, RECEIVED, FakeLog, Record, log, new_id

from intersession_schemas.crdt import Document
from intersession_schemas.documents.care.goals import Goal
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress
from intersession_schemas.documents.diary import symptoms
from intersession_schemas.documents.diary.sections import Section
from intersession_schemas.documents.diary.symptoms import Log
from intersession_schemas.messages import RowType
from intersession_schemas.records.instants import to_micros
from intersession_schemas.records.kinds import SHAPES
from intersession_schemas.streams import Audience, Kind, kinds_of
from intersession_server.projections.applied import Applied
from intersession_server.projections.documents import DocumentRows, Location, project


def projected(record: Record, document: UUID) -> DocumentRows:
    rows = [row for row in record.log.rows[record.stream] if row.document == document]
    return project(Location(record.stream, record.client, document), Applied(rows))


def test_an_entry_has_what_was_written_and_when_it_arrived() -> None:
    record = FakeLog().record()
    id_ = record.entry(
        "slept badly",
        received=RECEIVED,
        zone="Europe/Amsterdam",
        mood=4,
        tags=["sleep", "work"],
        sections=[Section("What went well?", "the walk", "good")],
    )
    row = projected(record, id_).entry
    assert row is not None
    assert (row.document, row.stream, row.client, row.author, row.seq) == (
        id_,
        record.stream,
        record.client,
        record.client,
        1,
    )
    assert row.written_at == row.local_at == "2020-03-16T23:50:00+01:00"
    assert row.moment == to_micros(MONDAY)
    assert (row.arrived_at, row.changed_at, row.late) == (to_micros(RECEIVED), to_micros(RECEIVED), False)
    assert (row.text, row.mood, row.zone) == ("slept badly", 4, "Europe/Amsterdam")
    assert msgspec.json.decode(row.tags) == ["sleep", "work"]
    assert msgspec.json.decode(row.sections, type=list[Section]) == [Section("What went well?", "the walk", "good")]
    assert row.problems == "[]"


def test_an_edit_changes_what_is_shown_and_not_when_it_arrived() -> None:
    record = FakeLog().record()
    id_ = record.entry("slept badly", received=RECEIVED)
    record.edit(id_, text="slept very badly", received=RECEIVED + timedelta(days=3))
    row = projected(record, id_).entry
    assert row is not None
    assert row.text == "slept very badly"
    assert (row.seq, row.arrived_at, row.late) == (1, to_micros(RECEIVED), False)
    assert (row.changed_by, row.changed_at) == (record.client, to_micros(RECEIVED + timedelta(days=3)))


def test_who_made_a_document_and_who_changed_it_last_are_told_apart() -> None:
    record, therapist = FakeLog().record(), new_id()
    id_ = record.put(Kind.GOAL, Goal(what="sleep"), RECEIVED)
    record.change(id_, Kind.GOAL, RECEIVED + timedelta(days=3), why="to think")
    record.spoil(2, author=therapist)
    row = projected(record, id_).record
    assert row is not None
    assert (row.author, row.changed_by) == (record.client, therapist)
    assert (row.arrived_at, row.changed_at) == (to_micros(RECEIVED), to_micros(RECEIVED + timedelta(days=3)))


def test_an_entry_that_came_a_day_after_is_late() -> None:
    record = FakeLog().record()
    id_ = record.entry("slept badly", received=MONDAY + timedelta(hours=24, seconds=1))
    row = projected(record, id_).entry
    assert row is not None
    assert row.late


def test_each_log_arrived_with_the_row_that_brought_it() -> None:
    record = FakeLog().record()
    bucket = record.bucket(received=RECEIVED)
    first, second, third = (log(MONDAY + timedelta(hours=hour)) for hour in range(3))
    record.logs(bucket, [first, third], received=RECEIVED + timedelta(hours=5))
    record.logs(bucket, [second], received=RECEIVED + timedelta(days=5))
    rows = {row.log: row for row in projected(record, bucket).symptom_records}
    assert {id_: row.seq for id_, row in rows.items()} == {first.id: 2, third.id: 2, second.id: 3}
    assert rows[first.id].arrived_at == to_micros(RECEIVED + timedelta(hours=5))
    assert rows[second.id].arrived_at == to_micros(RECEIVED + timedelta(days=5))


def test_a_log_that_was_written_over_arrived_with_the_value_that_is_shown() -> None:
    record = FakeLog().record()
    bucket = record.bucket()
    kept = log(values={"worry": 1})
    record.logs(bucket, [kept], received=RECEIVED)
    other = msgspec.structs.replace(kept, values={"worry": 5})
    record.write_over(bucket, other, RECEIVED + timedelta(days=2))
    (row,) = projected(record, bucket).symptom_records
    assert (msgspec.json.decode(row.model)["values"], row.seq) == ({"worry": 5}, 3)
    assert row.arrived_at == to_micros(RECEIVED + timedelta(days=2))


def test_of_two_devices_that_write_one_bucket_each_log_has_its_own_arrival() -> None:
    record = FakeLog().record()
    bucket = record.bucket()
    other = Document.load(record.document(bucket).save(), b"another device  ")
    here, there = log(MONDAY), log(MONDAY + timedelta(hours=1))
    record.logs(bucket, [here], received=RECEIVED + timedelta(minutes=1))
    record.add(bucket, Kind.SYMPTOM_LOG, symptoms.add(other, [there]), RECEIVED + timedelta(minutes=2))
    assert {row.log: row.seq for row in projected(record, bucket).symptom_records} == {here.id: 2, there.id: 3}


def test_a_quarantined_row_changes_nothing() -> None:
    record = FakeLog().record()
    id_ = record.entry("slept badly", received=RECEIVED)
    before = projected(record, id_)
    record.add(id_, Kind.JOURNAL_ENTRY, b"", RECEIVED + timedelta(hours=1), RowType.QUARANTINE)
    assert projected(record, id_) == before


def test_a_document_of_which_all_is_quarantined_has_no_rows() -> None:
    record = FakeLog().record()
    id_ = record.add(new_id(), Kind.JOURNAL_ENTRY, b"", type_=RowType.QUARANTINE)
    assert projected(record, id_) == DocumentRows(id_)


def test_an_erased_document_has_no_rows() -> None:
    record = FakeLog().record()
    id_ = record.entry("slept badly")
    record.add(id_, Kind.JOURNAL_ENTRY, b"", type_=RowType.ERASURE)
    assert projected(record, id_) == DocumentRows(id_)


def test_a_document_whose_bytes_were_dropped_has_no_rows() -> None:
    record = FakeLog().record()
    id_ = record.entry("slept badly")
    record.edit(id_, text="slept")
    record.erase(id_)
    assert projected(record, id_) == DocumentRows(id_)
    rows = [row for row in record.log.rows[record.stream] if row.type is not RowType.ERASURE]
    assert project(Location(record.stream, record.client, id_), Applied(rows)) == DocumentRows(id_)


def test_a_record_of_fields_is_one_row_with_what_it_is_about() -> None:
    record = FakeLog().record()
    homework = record.put(Kind.HOMEWORK, Homework(what="a walk", assigned_at=MONDAY), RECEIVED)
    done = HomeworkProgress(homework=homework, occurrence="2020-03-16", done_at=MONDAY, entered_at=MONDAY)
    id_ = record.put(Kind.HOMEWORK_PROGRESS, done, RECEIVED + timedelta(days=2))
    record.change(id_, Kind.HOMEWORK_PROGRESS, RECEIVED + timedelta(days=3), learned="it helped")
    row = projected(record, id_).record
    assert row is not None
    assert (row.document, row.stream, row.client, row.author) == (id_, record.stream, record.client, record.client)
    assert (row.kind, row.about, row.device, row.seq) == ("homework_progress", homework, record.device, 2)
    assert (row.moment, row.late) == (to_micros(MONDAY), True)
    assert row.arrived_at == to_micros(RECEIVED + timedelta(days=2))
    assert row.changed_at == to_micros(RECEIVED + timedelta(days=3))
    assert msgspec.json.decode(row.heads) == [head.hex() for head in record.document(id_).heads]
    assert msgspec.json.decode(row.model, type=HomeworkProgress) == msgspec.structs.replace(done, learned="it helped")
    assert row.problems == "[]"
    other = projected(record, homework).record
    assert other is not None
    assert (other.about, other.late) == (None, None)


def test_a_record_of_fields_that_cannot_be_read_is_kept_and_says_so() -> None:
    record = FakeLog().record()
    row = projected(record, record.add(new_id(), Kind.GOAL, b"nothing that can be read", RECEIVED)).record
    assert row is not None
    assert (row.moment, row.heads) == (to_micros(RECEIVED), "[]")
    assert row.problems == '["document: could not be read"]'


def test_a_number_that_no_json_holds_does_not_stop_it() -> None:
    record = FakeLog().record()
    document = Document.new(bytes(16))
    with document.edit() as edit:
        edit.put("helpfulness", 2**63 - 1)
        edit.put("answers", '[{"value":' + "9" * 400 + "}]")
        edit.put("difficulty", math.inf)
    assert edit.change is not None
    row = projected(record, record.add(new_id(), Kind.HOMEWORK_PROGRESS, edit.change)).record
    assert row is not None
    assert row.problems != "[]"


@pytest.mark.parametrize("kind", SHAPES)
def test_only_what_lives_in_a_record_has_a_row(kind: Kind) -> None:
    record = FakeLog().record()
    row = projected(record, record.add(new_id(), kind, b"x")).record
    assert (row is not None) == (kind in kinds_of(Audience.RECORD))


def test_a_kind_without_a_read_model_has_no_rows() -> None:
    record = FakeLog().record()
    id_ = record.entry("slept badly")
    record.spoil(1, kind=Kind.NOTE.value)
    assert projected(record, id_) == DocumentRows(id_)


def test_an_entry_that_cannot_be_read_is_kept_and_says_so() -> None:
    record = FakeLog().record()
    id_ = record.add(new_id(), Kind.JOURNAL_ENTRY, b"no change at all", RECEIVED)
    row = projected(record, id_).entry
    assert row is not None
    assert msgspec.json.decode(row.problems) == ["document: could not be read"]
    assert row.arrived_at == row.moment == to_micros(RECEIVED)
    assert row.local_at == RECEIVED.isoformat()
    assert (row.text, row.written_at, row.late) == ("", None, False)


def test_an_entry_without_its_fields_is_kept_and_lists_them() -> None:
    record = FakeLog().record()
    document = Document.new(bytes(16))
    with document.edit() as edit:
        edit.put("mood", 99)
    id_ = record.add(new_id(), Kind.JOURNAL_ENTRY, edit.change or b"", RECEIVED)
    row = projected(record, id_).entry
    assert row is not None
    said = {problem.split(":")[0] for problem in msgspec.json.decode(row.problems)}
    assert said >= {"written_at", "entered_at", "text", "mood"}


def test_a_bucket_that_cannot_be_read_is_a_problem() -> None:
    record = FakeLog().record()
    id_ = record.add(new_id(), Kind.SYMPTOM_LOG, b"no change at all", RECEIVED)
    rows = projected(record, id_)
    assert rows.symptom_records == ()
    assert rows.problem is not None
    assert (rows.problem.problems, rows.problem.kind) == ('["document: could not be read"]', "symptom_log")


def test_a_log_that_cannot_be_read_is_a_problem_and_the_others_are_rows() -> None:
    record = FakeLog().record()
    bucket, good, bad = record.bucket(), log(), new_id()
    with record.document(bucket).edit() as edit:
        edit.put(str(bad), "{nothing")
    record.add(bucket, Kind.SYMPTOM_LOG, edit.change or b"")
    record.logs(bucket, [good])
    rows = projected(record, bucket)
    assert [row.log for row in rows.symptom_records] == [good.id]
    assert rows.problem is not None
    assert str(bad) in rows.problem.problems


def test_one_log_id_in_two_buckets_is_two_rows() -> None:
    record = FakeLog().record()
    same = log()
    rows = [projected(record, record.logs(record.bucket(), [same])).symptom_records[0] for _ in range(2)]
    assert [row.log for row in rows] == [same.id, same.id]
    assert rows[0].id != rows[1].id


@given(
    st.datetimes(datetime(2, 1, 2), datetime(9998, 12, 30)),  # noqa: DTZ001
    st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_any_moment_that_a_document_may_hold_can_be_projected(at: datetime, zone: timezone) -> None:
    record = FakeLog().record()
    moment = at.replace(tzinfo=zone)
    entry = projected(record, record.entry("x", at=moment)).entry
    assert entry is not None
    assert entry.written_at == entry.local_at == moment.isoformat()
    (row,) = projected(record, record.logs(record.bucket(), [log(moment)])).symptom_records
    assert entry.moment == (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert msgspec.json.decode(row.model, type=Log).at == moment
