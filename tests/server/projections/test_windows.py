from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intersession_schemas.errors import InvalidField
from intersession_schemas.records.instants import to_micros
from intersession_server.projections.read_models import EntryView
from intersession_server.projections.windows import Place, place_of, place_text, read_bound, read_place


@given(st.builds(Place, st.integers(-(2**63), 2**63 - 1), st.uuids()))
def test_a_place_is_what_it_was(place: Place) -> None:
    assert read_place(place_text(place)) == place


@given(st.one_of(st.text(), st.binary().map(lambda data: data.hex()), st.just(place_text(Place(1, UUID(int=1)))[:-2])))
def test_any_other_text_is_refused(text: str) -> None:
    with contextlib.suppress(InvalidField):
        assert place_text(read_place(text)) == text.rstrip("=")


@pytest.mark.parametrize("id_", [UUID(int=0), UUID(int=2**127), UUID(int=2**128 - 1)])
@pytest.mark.parametrize("known", [("written_at", "entered_at"), ("entered_at",), ()])
def test_a_list_from_an_entrys_place_begins_with_it(id_: UUID, known: tuple[str, ...]) -> None:
    moments = {"written_at": datetime(2020, 3, 16, tzinfo=UTC), "entered_at": datetime(2020, 3, 17, tzinfo=UTC)}
    arrived = datetime(2020, 3, 18, tzinfo=UTC)
    given: dict[str, Any] = {name: moments[name] if name in known else None for name in moments}
    entry = EntryView(
        id=id_,
        **given,
        zone=None,
        arrived_at=arrived,
        changed_by=id_,
        changed_at=arrived,
        late=False,
        mood=None,
        tags=[],
        text="",
        sections=[],
        problems=[],
    )
    place, moment = place_of(entry), to_micros(moments[known[0]] if known else arrived)
    own, above = (moment, id_), [(moment + 1, UUID(int=0)), (moment, UUID(int=min(id_.int + 1, 2**128 - 1)))]
    assert own < (place.moment, place.id)
    assert all((place.moment, place.id) <= one for one in above if one != own)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("2020-03-16", date(2020, 3, 16)),
        ("2020-03-16T23:50:00Z", datetime(2020, 3, 16, 23, 50, tzinfo=UTC)),
        ("2020-03-16T23:50:00 01:00", datetime(2020, 3, 16, 22, 50, tzinfo=UTC)),
        ("2020-03-16 23:50+01:00", datetime(2020, 3, 16, 22, 50, tzinfo=UTC)),
    ],
)
def test_bounds(text: str, bound: date) -> None:
    assert read_bound("since", text) == bound


@pytest.mark.parametrize(
    "text", ["", "today", "2020-02-30", "2020-03-16T23:50:00", "16.3.2020", "20200316", "2020-03-16T"]
)
def test_a_bound_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidField, match="since must be a day"):
        read_bound("since", text)
