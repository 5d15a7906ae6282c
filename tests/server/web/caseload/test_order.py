"""Who is shown in a caseload, in which order, and what stays where it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intersession_schemas.errors import InvalidField
from intersession_schemas.measures.signals.signal import SignalKind
from intersession_schemas.streams import Role
from intersession_server.projections.overviews.overview import NewItems, OpenSignal
from intersession_server.web.caseload import order
from intersession_server.web.record.caseload.client_item import ClientItem

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
"""A Wednesday."""
TOKYO = timezone(timedelta(hours=9))


def signal(kind: SignalKind = "risk", arrived: datetime = NOW) -> OpenSignal:
    return OpenSignal(kind=kind, id=f"{kind}/{arrived}", about=None, at=arrived, arrived_at=arrived)


def item(number: int, name: str = "", **fields: Any) -> ClientItem:
    nothing: dict[str, Any] = dict.fromkeys(
        ("last_written_at", "last_arrived_at", "last_heard_at", "next_session_at", "homework_this_week", "course")
    )
    nothing |= {"entries": 0, "symptom_logs": 0, "signals": [], "signals_left_out": 0, "new": NewItems()}
    nothing |= {"looked_at": True, "sessions": []}
    id_ = UUID(bytes=number.to_bytes(5, "big") + bytes(11))
    return ClientItem(id=id_, name=name or f"Client {number}", role=Role.PRIMARY, **(nothing | fields))


def by(sort: order.Sort, *items: ClientItem) -> list[str]:
    return [one.name for one in sorted(items, key=order.sort_key(sort))]


def test_open_risk_comes_first_then_other_signals_then_what_is_new_then_the_name() -> None:
    found = by(
        "pressing",
        item(1, "anna"),
        item(2, "Zoe", signals=[signal("risk")]),
        item(3, "Berta", new=NewItems(entries=1)),
        item(4, "Ada"),
        item(5, "Yusuf", signals=[signal("silence"), signal("deterioration")]),
        item(6, "Xaver", signals=[signal("silence")]),
        item(7, "Alma", signals=[signal("silence"), signal("risk")]),
    )
    assert found == ["Alma", "Zoe", "Yusuf", "Xaver", "Berta", "Ada", "anna"]


def test_other_orders() -> None:
    one = item(1, "b", new=NewItems(entries=2), last_heard_at=NOW, next_session_at=NOW)
    two = item(2, "a", new=NewItems(symptom_logs=9), last_heard_at=NOW - timedelta(days=2))
    three = item(3, "c", next_session_at=NOW - timedelta(hours=1))
    assert by("name", one, two, three) == ["a", "b", "c"]
    assert by("new", one, two, three) == ["a", "b", "c"]
    assert by("sync", one, two, three) == ["c", "a", "b"]
    assert by("session", one, two, three) == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("show", "fields", "expected"),
    [
        ("all", {}, True),
        ("signals", {}, False),
        ("signals", {"signals": [signal()]}, True),
        ("new", {}, False),
        ("new", {"new": NewItems(comments=1)}, True),
        ("quiet", {}, True),
        ("quiet", {"last_heard_at": NOW - timedelta(days=7)}, True),
        ("quiet", {"last_heard_at": NOW - timedelta(days=6, hours=23)}, False),
        ("today", {"sessions": [NOW + timedelta(hours=3)]}, True),
        ("today", {"sessions": [datetime(2026, 3, 4, 23, 0, tzinfo=TOKYO)]}, True),
        ("today", {"sessions": [datetime(2026, 3, 5, 1, 0, tzinfo=TOKYO)]}, False),
        ("week", {"sessions": [NOW + timedelta(days=4)]}, True),
        ("week", {"sessions": [NOW + timedelta(days=5)]}, False),
        ("week", {"sessions": [NOW - timedelta(days=2)]}, True),
    ],
)
def test_who_is_shown(show: order.Show, fields: dict[str, Any], *, expected: bool) -> None:
    assert order.matches(item(1, **fields), show, NOW) is expected


@pytest.mark.parametrize(
    ("name", "query", "expected"),
    [
        ("Mara Keller", "", True),
        ("Mara Keller", "kell mar", True),
        ("Mara Keller", "tom", False),
        ("Renée Öz", "renee oz", True),
        ("İlk", "ilk", True),
        ("STRASSE", "straße", True),
    ],
)
def test_a_name_is_found_by_its_words(name: str, query: str, *, expected: bool) -> None:
    assert order.is_named(item(1, name), query) is expected


# --- the order that is kept -------------------------------------------------------------------------------------------


def kept(shown: list[ClientItem], rows: dict[UUID, int] | None = None) -> order.KeptOrder:
    text = order.kept_text(shown, shown, rows or {})
    read = order.read_kept(text)
    assert read is not None
    return read


def test_whoever_is_sorted_by_something_else_is_named_without_looking_at_anybody_else() -> None:
    one, two = item(1, new=NewItems(entries=1)), item(2)
    text = order.kept_text([one, two], [one, two], {}, "pressing")
    kept_order = order.read_kept(text)
    assert kept_order is not None
    more = item(1, new=NewItems(entries=5))
    assert order.moved_alone([more, two], kept_order, "pressing", "all", NOW) == set()
    risk = item(2, signals=[signal()])
    assert order.moved_alone([more, risk], kept_order, "pressing", "all", NOW) == {risk.id}
    assert order.moved_alone([more, two], kept_order, "pressing", "new", NOW) == {two.id}
    assert order.moved_alone([item(3)], kept_order, "pressing", "all", NOW) == {item(3).id}


def test_who_would_move_stays_and_is_named() -> None:
    before = [item(number) for number in range(5)]
    now = [before[3], *before[:3], before[4]]
    found = order.arranged(now, now, kept(before))
    assert found.items == before
    assert found.moved == {before[3].id}


def test_of_whom_something_came_is_said_to_move_rather_than_others() -> None:
    before = anna, berta, carl = item(1, "A"), item(2, "B"), item(3, "C")
    now = [anna, carl, berta]
    for came in ({carl.id}, {anna.id, carl.id}):
        assert order.arranged(now, now, kept([*before]), came).moved == {carl.id}
    assert order.arranged(now, now, kept([*before]), {berta.id}).moved == {berta.id}


def test_who_came_since_stands_at_the_end_and_who_no_longer_matches_stays() -> None:
    before = [item(number) for number in range(3)]
    new = item(9)
    found = order.arranged([new, before[0], before[2]], [*before, new], kept(before))
    assert found.items == [*before, new]
    assert found.moved == {before[1].id}


def test_who_is_not_in_care_any_more_is_gone() -> None:
    before = [item(number) for number in range(3)]
    found = order.arranged(before[1:], before[1:], kept(before))
    assert (found.items, found.moved) == (before[1:], frozenset())


@given(st.permutations(range(12)))
def test_those_that_are_not_named_are_in_order_among_themselves(ranks: list[int]) -> None:
    before = [item(number) for number in range(12)]
    now = [before[number] for number in ranks]
    found = order.arranged(now, now, kept(before))
    rest = [one for one in found.items if one.id not in found.moved]
    assert rest == [one for one in now if one.id not in found.moved]
    assert found.items == before
    if list(ranks) == list(range(12)):
        assert not found.moved


def test_a_risk_is_new_that_was_not_there_wherever_its_client_stands() -> None:
    known, later = signal(arrived=NOW), signal(arrived=NOW + timedelta(microseconds=1))
    other = signal(arrived=NOW - timedelta(days=3))
    one, two, three = item(1, signals=[known]), item(2), item(3, signals=[known])
    order_ = order.read_kept(order.kept_text([one], [one, two, three], {}))
    assert order_ is not None
    assert order.new_risks([one, two, three], order_) == []
    worse = item(1, signals=[later, known]), item(2, signals=[other, signal("silence", later.at)]), three
    assert order.new_risks(worse, order_) == [(worse[0], later), (worse[1], other)]


def test_an_order_carries_up_to_which_row_it_was_shown() -> None:
    one, two = item(1), item(2)
    assert kept([two, one], {one.id: 7}).rows == {order.short(two.id): 0, order.short(one.id): 7}


def test_two_hundred_clients_fit_into_an_address() -> None:
    many = [item(number * 2**28, signals=[signal()]) for number in range(200)]
    assert len(order.kept_text(many, many, {one.id: 100_000 for one in many})) < 6_000


@pytest.mark.parametrize("text", ["", "x", "ä", "____", "AAAB", "AAAAAQ", "AAAAAA" + "AAAA" * 2])
def test_an_order_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidField):
        order.read_kept(text)
