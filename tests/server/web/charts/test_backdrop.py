"""Sessions and phases behind the pictures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from xml.etree import ElementTree as ET

from msgspec import Struct

from intersession_schemas.documents.care.episodes import Episode
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.measures.material import Cut, Material, material
from intersession_schemas.records.filing import FiledRows
from intersession_schemas.streams import Kind
from intersession_server.web.charts.backdrop import MOST_LINES, Backdrop, backdrop, behind, ruler, span_words
from intersession_server.web.charts.drawing import PlotArea

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
CUT = Cut(heads={}, now=NOW, zone="UTC")


def record(*models: tuple[Kind, Struct]) -> Material:
    rows = FiledRows(author=UUID(int=1), first_seq=1, last_seq=2)
    return material((UUID(int=number), kind, model, rows) for number, (kind, model) in enumerate(models, 1))


def session(day: int, state: str = "attended") -> tuple[Kind, Struct]:
    at = datetime(2026, 3, 1, 10, tzinfo=UTC) + timedelta(days=day - 1)
    return Kind.SESSION, Session(planned_at=at, state=state)  # type: ignore[arg-type]


def lines(drawn: Backdrop) -> ET.Element:
    frame = PlotArea.of_days(drawn.first, drawn.last, 0, 1)
    return ET.fromstring(f"<svg>{''.join(behind(frame, drawn))}</svg>")


def test_sessions_that_were_attended_are_lines_where_they_were() -> None:
    made = backdrop(record(session(5), session(12, "cancelled"), session(19, "missed"), session(26)), CUT, FIRST, LAST)
    assert [one.at.day for one in made.sessions] == [5, 26]
    found = [one for one in lines(made).iter("line") if one.attrib["class"] == "session"]
    assert [one.findtext("title") for one in found] == [
        "Session attended: Thu 5 Mar 2026, 10:00",
        "Session attended: Thu 26 Mar 2026, 10:00",
    ]
    assert [one.attrib["x1"] for one in found] == ["14.25%", "81.99%"]


def test_very_many_sessions_are_ticks() -> None:
    made = backdrop(record(*(session(1 - number) for number in range(MOST_LINES + 1))), CUT, date(2025, 1, 1), LAST)
    svg = lines(made)
    assert list(svg.iter("line")) == []
    (path,) = svg.iter("path")
    assert path.attrib["d"].count("M") == MOST_LINES + 1


def test_a_phase_goes_from_its_beginning_and_what_was_before_is_not_made_up() -> None:
    episode = Episode(phase="treatment", began_on=date(2026, 1, 5), phase_began_on=date(2026, 3, 10))
    made = backdrop(record((Kind.EPISODE, episode)), CUT, FIRST, LAST)
    assert [(one.phase, one.first, one.last, one.goes_on) for one in made.phases] == [
        (None, FIRST, date(2026, 3, 9), False),
        ("treatment", date(2026, 3, 10), LAST, True),
    ]
    assert [span_words(one).replace("\N{NO-BREAK SPACE}", " ") for one in made.phases] == [
        "Earlier in this episode: 1 Mar – 9 Mar 2026",
        "Treatment: 10 Mar – 31 Mar 2026",
    ]
    (begins,) = [one for one in lines(made).iter("line") if one.attrib["class"] == "phase-begins"]
    assert (begins.findtext("title") or "").startswith("Treatment: ")
    svg = ET.fromstring(ruler(made, "ruler"))
    assert [one.text for one in svg.iter("text") if one.attrib.get("class") == "phase-name"] == [
        "Earlier in this episode",
        "Treatment",
    ]


def test_an_episode_that_is_over_ends_and_one_elsewhere_is_not_drawn() -> None:
    over = Episode(phase="ended", began_on=date(2026, 3, 2), ended_on=date(2026, 3, 8))
    long_ago = Episode(phase="ended", began_on=date(2024, 1, 1), ended_on=date(2024, 3, 8))
    made = backdrop(record((Kind.EPISODE, over), (Kind.EPISODE, long_ago)), CUT, FIRST, LAST)
    assert [(one.phase, one.first, one.last) for one in made.phases] == [("ended", date(2026, 3, 2), date(2026, 3, 8))]
