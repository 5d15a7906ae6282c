"""Symptom logs: one value each, that no merge mixes and no edit changes; odd buckets are read all the same."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import symptoms
from intersession_schemas.documents.diary.symptoms import Bucket, Log
from intersession_schemas.documents.names import is_name
from intersession_schemas.errors import InvalidField

AT = datetime(2020, 3, 31, 23, 50, tzinfo=timezone(timedelta(hours=2)))
SPACE = UUID(int=1)

characters = st.characters(exclude_categories=["C", "Z"])
names = st.text(characters, min_size=1, max_size=64).filter(is_name)
numbers = st.integers(-(10**15), 10**15) | st.floats(-1e15, 1e15)
logs = st.builds(
    Log,
    id=st.uuids(),
    at=st.datetimes(
        datetime(2, 1, 2),  # noqa: DTZ001
        datetime(9998, 12, 30),  # noqa: DTZ001
        timezones=st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes))),
    ),
    entered_at=st.just(AT),
    values=st.dictionaries(names, numbers, min_size=1, max_size=5),
    zone=st.none() | st.just("Europe/Amsterdam"),
    note=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    key=st.none() | st.text(characters, min_size=1, max_size=30),
)


def actor(number: int) -> bytes:
    return bytes([number]) * 16


def log(number: int = 0, **fields: Any) -> Log:
    plain = dict[str, Any](id=uuid5(SPACE, str(number)), at=AT, entered_at=AT, values={"worry": 3})
    return Log(**plain | fields)


def bucket(*held: Log) -> Document:
    document = Document.new(actor(1))
    symptoms.create(document, "2020-03")
    if held:
        symptoms.add(document, held)
    return document


# -- writing and reading -----------------------------------------------------------------------------------------------


@given(st.lists(logs, max_size=8, unique_by=lambda log: log.id))
@settings(max_examples=60)
def test_what_is_added_is_read_with_its_local_time_and_offset(added: list[Log]) -> None:
    document = bucket(*added)
    other = Document.new(actor(2))
    other.apply(document.changes())
    found = symptoms.read(other)
    assert found == Bucket("2020-03", tuple(sorted(added, key=lambda log: (log.at, log.id))))
    offsets = {log.id: (log.at.replace(tzinfo=None), log.at.utcoffset()) for log in added}
    assert {log.id: (log.at.replace(tzinfo=None), log.at.utcoffset()) for log in found.logs} == offsets


def test_whole_numbers_stay_whole_and_others_stay_as_they_are() -> None:
    (found,) = symptoms.read(bucket(log(values={"a": 3, "b": 3.0, "c": 0.1, "d": -0.0}))).logs
    assert [type(value) for value in found.values.values()] == [int, float, float, float]
    assert (found.values["c"], math.copysign(1, found.values["d"])) == (0.1, -1)


def test_a_log_of_ten_to_midnight_stays_on_its_day_and_in_its_month() -> None:
    (found,) = symptoms.read(bucket(log())).logs
    assert (found.at.day, found.at.isoformat()) == (31, "2020-03-31T23:50:00+02:00")
    assert symptoms.month_of(found.at) == "2020-03"
    assert symptoms.month_of(found.at.astimezone(timezone(timedelta(hours=9)))) == "2020-04"
    assert symptoms.month_of(datetime(987, 1, 1, tzinfo=UTC)) == "0987-01"


def test_all_logs_of_one_call_are_one_change() -> None:
    document = bucket()
    change = read_change(symptoms.add(document, [log(number) for number in range(30)]))
    assert (change.operations, len(document.changes())) == (30, 2)


def test_a_log_is_one_value() -> None:
    """So that no merge can take one answer of it from here and another from there."""
    document = bucket(log(values={"a": 1, "b": 2}, note="why", scale=(1, 5), key="k", zone="UTC"))
    assert document.keys() == sorted([str(log().id), "kind", "month"])
    assert isinstance(document.scalar(str(log().id)), str)


class Grade(IntEnum):
    BAD = 1


class Measured(float):
    """As numpy's numbers are: floats of a class of their own."""


def test_numbers_of_other_classes_are_the_numbers_they_are() -> None:
    (found,) = symptoms.read(bucket(log(values={"a": Grade.BAD, "b": Measured(2.5)}))).logs
    assert found.values == {"a": 1, "b": 2.5}


# -- merges ------------------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), min_size=1, max_size=12))
@settings(max_examples=40)
def test_logs_of_several_devices_are_all_kept_and_never_mixed(turns: list[tuple[int, int]]) -> None:
    first = bucket()
    devices = [first, *(Document.load(first.save(), actor(number)) for number in (2, 3))]
    added = []
    for number, (writer, value) in enumerate(turns):
        made = log(number, values=dict.fromkeys("abc", value), note=str(value))
        symptoms.add(devices[writer], [made])
        added.append(made)
    for device in devices:
        for other in devices:
            device.apply(other.changes())
    found = [symptoms.read(device) for device in devices]
    assert found[0] == found[1] == found[2]
    assert sorted(found[0].logs, key=lambda log: log.id) == sorted(added, key=lambda log: log.id)
    assert all({*log.values.values()} == {int(log.note)} for log in found[0].logs)


def test_one_id_written_twice_shows_one_whole_log() -> None:
    first = bucket()
    other = Document.load(first.save(), actor(2))
    symptoms.add(first, [log(values={"a": 1, "b": 1})])
    symptoms.add(other, [log(values={"a": 2, "b": 2})])
    first.apply(other.changes())
    (found,) = symptoms.read(first).logs
    assert found.values in ({"a": 1, "b": 1}, {"a": 2, "b": 2})


# -- what may not be written -------------------------------------------------------------------------------------------

NAIVE = datetime(2020, 3, 1)  # noqa: DTZ001
INVALID: dict[str, dict[str, Any]] = {
    "a naive time": {"at": NAIVE},
    "a naive time of entry": {"entered_at": NAIVE},
    "no time": {"at": None},
    "an id of text": {"id": "b0d0b0a0-0000-0000-0000-000000000000"},
    "a zone of two lines": {"zone": "a\nb"},
    "no values": {"values": {}},
    "values that are none": {"values": None},
    "values in a list": {"values": [3]},
    "many values": {"values": {str(number): 1 for number in range(201)}},
    "an empty name": {"values": {"": 1}},
    "a blank name": {"values": {" ": 1}},
    "a long name": {"values": {"x" * 65: 1}},
    "a name of two lines": {"values": {"a\nb": 1}},
    "a name with half a surrogate pair": {"values": {"\ud800": 1}},
    "a name that is a number": {"values": {1: 1}},
    "not a number": {"values": {"a": math.nan}},
    "infinite": {"values": {"a": math.inf}},
    "too far from 0": {"values": {"a": 10**15 + 1}},
    "a number of 400 digits": {"values": {"a": 10**400}},
    "true": {"values": {"a": True}},
    "text": {"values": {"a": "3"}},
    "none": {"values": {"a": None}},
    "below the scale": {"values": {"a": 0}, "scale": (1, 5)},
    "above the scale": {"values": {"a": 5.1}, "scale": (1, 5)},
    "one of several off the scale": {"values": {"a": 1, "b": 6}, "scale": (1, 5)},
    "a scale upside down": {"scale": (5, 1)},
    "a scale of one point": {"scale": (3, 3)},
    "a scale of one number": {"scale": (1,)},
    "a scale that is a number": {"scale": 5},
    "a scale of text": {"scale": ("1", "5")},
    "an endless scale": {"scale": (0, math.inf)},
    "a long note": {"note": "x" * 2_001},
    "a note with half a surrogate pair": {"note": "\udfff"},
    "no note": {"note": None},
    "an empty key": {"key": ""},
    "a long key": {"key": "x" * 201},
    "a key with half a surrogate pair": {"key": "\ud800"},
    "a key that is a number": {"key": 5},
}


@pytest.mark.parametrize("fields", INVALID.values(), ids=INVALID)
def test_what_no_log_may_hold_is_refused_and_none_of_its_call_is_added(fields: dict[str, Any]) -> None:
    document = bucket()
    heads = document.heads
    with pytest.raises(InvalidField):
        symptoms.add(document, [log(1), log(2, **fields)])
    assert document.heads == heads
    assert symptoms.read(document) == Bucket("2020-03", ())


def test_a_log_is_never_written_over() -> None:
    document = bucket(log(1))
    heads = document.heads
    for again in ([log(1, values={"worry": 5})], [log(2), log(2)], []):
        with pytest.raises(InvalidField):
            symptoms.add(document, again)
    assert document.heads == heads


@pytest.mark.parametrize("value", [1, 5, 1.5, 3])
def test_both_ends_of_a_scale_are_on_it(value: float) -> None:
    symptoms.check_values({"a": value}, (1, 5))


# -- odd buckets -------------------------------------------------------------------------------------------------------


def encoded(**fields: Any) -> str:
    plain = {"id": str(log().id), "at": AT.isoformat(), "entered_at": AT.isoformat(), "values": {"worry": 3}}
    return json.dumps({name: value for name, value in (plain | fields).items() if value is not ...})


def read_with(entries: Mapping[str, Any]) -> Bucket:
    document = bucket(log(9))
    with document.edit() as edit:
        for key, value in entries.items():
            edit.put(key, value)
    return symptoms.read(document)


ODD: dict[str, Any] = {
    "a number": 5,
    "null": None,
    "bytes": b"{}",
    "no JSON": "words",
    "half of it": encoded()[:-5],
    "a list": "[]",
    "another id": encoded(id=str(log(1).id)),
    "no id": encoded(id=...),
    "no time": encoded(at=...),
    "no time of entry": encoded(entered_at=...),
    "no values": encoded(values=...),
    "empty values": encoded(values={}),
    "a naive time": encoded(at="2020-03-01T00:00:00"),
    "a value of text": encoded(values={"worry": "bad"}),
    "a value of null": encoded(values={"worry": None}),
    "true": encoded(values={"worry": True}),
    "NaN": encoded(values={"worry": math.nan}),
    "an endless number": encoded().replace("3}", "1e999}"),
    "a number of 400 digits": encoded(values={"worry": 10**400}),
    "off its scale": encoded(scale=[4, 5]),
    "no scale": encoded(scale=[1]),
    "a long note": encoded(note="x" * 3_000),
    "half a surrogate pair": encoded(note="\ud800"),
    "deeply nested": encoded(values=...)[:-1] + ', "values": ' + "[" * 50_000,
    "deeply nested elsewhere": encoded()[:-1] + ', "unknown": ' + "[" * 50_000 + "]" * 50_000 + "}",
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_unreadable_log_is_a_listed_problem_and_the_others_are_read(odd: Any) -> None:
    found = read_with({str(log().id): odd})
    assert found.logs == (log(9),)
    assert found.problems == (f"log {log().id}: not a readable log",)


def test_unknown_fields_of_a_log_do_no_harm() -> None:
    assert log() in read_with({str(log().id): encoded(mood="from the future")}).logs


def test_only_ids_in_canonical_form_are_logs() -> None:
    canonical = str(log().id)
    spelled = {canonical.upper(), canonical.replace("-", "") + "----", "{" + canonical[1:-1] + "}", canonical + " "}
    found = read_with({key: encoded() for key in spelled} | {"": 1, "x" * 36: 2})
    assert found == Bucket("2020-03", (log(9),))


def test_a_bucket_without_its_month_is_read_with_a_problem() -> None:
    assert read_with({"month": 3}) == Bucket("", (log(9),), ("month: missing",))
    assert symptoms.read(Document.new(actor(1))) == Bucket("", (), ("month: missing",))


def test_no_problem_quotes_a_log() -> None:
    sentence = "nobody may read this sentence"
    found = read_with({str(log().id): sentence, sentence: sentence})
    assert sentence not in str(found.problems)
