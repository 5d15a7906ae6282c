"""A moment or a day at the ends of the calendar: refused by every door, and where it is there it costs nobody a list.

On one device: tests/client_sdk/inputs/test_odd_moments.py. In files: test_spreadsheets.py beside this.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock
from uuid import UUID

import httpx
import pytest
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import NOON, SettableClock
from tests.end_to_end.cases.conftest import Command
from tests.end_to_end.support.practice import EACH_ITS_OWN, PASSWORD, Practice
from tests.end_to_end.support.server_process import ServerProcess

from intersession import Caseload, Client, InvalidField, Tracker
from intersession_schemas.crdt import Document
from intersession_schemas.documents import moments
from intersession_schemas.documents.care.homework import PROGRESS, REVIEW
from intersession_schemas.documents.shapes import Shape

BEYOND = [
    datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))),
    datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
    datetime.max.replace(tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-1))),
]
"""Moments that some time zone cannot show."""
FAR = [datetime(2, 1, 1, 15, tzinfo=UTC), datetime(9998, 12, 31, 9, tzinfo=UTC)]
"""The first and the last that every one can."""
NAIVE = datetime(2026, 5, 4, 21, 13)  # noqa: DTZ001
DAYS = [date.min, date.max, date(1, 12, 31), date(9999, 1, 1)]


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def care(tmp_path: Path, clock: SettableClock) -> Iterator[Care]:
    with Tracker.open(tmp_path / "t.db", clock=clock) as tracker, Caseload.open(tmp_path / "c.db", clock=clock) as team:
        yield Care(tracker, team)


# -- refused -----------------------------------------------------------------------------------------------------------

WRITES: dict[str, Callable[[Care, datetime], object]] = {
    "an entry": lambda care, at: care.tracker.journal.write("x", at=at),
    "an entry's time": lambda care, at: care.tracker.journal.edit(care.tracker.journal.write("x").id, at=at),
    "a log": lambda care, at: care.tracker.symptoms.log({"worry": 3}, at=at),
    "a log's time": lambda care, at: care.tracker.symptoms.correct(care.tracker.symptoms.log({"w": 1}).id, at=at),
    "when homework was done": lambda care, at: care.tracker.homework.record(assigned(care), done_at=at),
    "a session": lambda care, at: care.client.sessions.plan(at),
    "a session's time": lambda care, at: care.client.sessions.move(care.client.sessions.plan(NOON).id, at),
    "answers on paper": lambda care, at: care.client.assessments.on_paper("phq-2", {"q1": 0, "q2": 1}, at=at),
    "what is due": lambda care, at: care.tracker.due(at),
    "a brief": lambda care, at: care.client.brief(now=at),
    "a brief elsewhere": lambda care, at: care.client.brief(now=at, zone="Pacific/Kiritimati"),
}


def assigned(care: Care) -> UUID:
    one = care.client.homework.assign("Walk")
    care.sync()
    return one.id


@pytest.mark.parametrize("what", WRITES)
def test_every_call_refuses_it(care: Care, what: str) -> None:
    for at in (*BEYOND, NAIVE):
        with pytest.raises(InvalidField):
            WRITES[what](care, at)


@pytest.mark.parametrize("what", WRITES)
def test_and_takes_the_first_and_the_last(care: Care, what: str) -> None:
    for at in FAR:
        WRITES[what](care, at)


@pytest.mark.parametrize("at", [*BEYOND, *FAR])
def test_a_window_may_be_as_wide_as_one_likes(care: Care, at: datetime) -> None:
    tracker, client = care.tracker, care.client
    tracker.journal.write("x")
    tracker.symptoms.log({"worry": 3})
    care.sync()
    for one in (tracker.journal.entries, tracker.symptoms.logs, client.entries, client.logs):
        assert len(one(since=at)) + len(one(until=at)) == 1
    for find in (tracker.journal.search, client.search):
        assert len(find("x", since=at).entries) + len(find("x", until=at).entries) == 1
    tracker.upcoming(at)
    tracker.progress(at)


@pytest.mark.parametrize("now", BEYOND)
def test_a_device_whose_clock_is_there_says_so(tmp_path: Path, now: datetime) -> None:
    clock = SettableClock(NOON)
    with Tracker.open(tmp_path / "t.db", clock=clock) as tracker:
        clock.now = now
        for call in (lambda: tracker.journal.write("x"), lambda: tracker.symptoms.log({"w": 1}), tracker.due):
            with pytest.raises(InvalidField, match="clock"):
                call()


@pytest.mark.parametrize("at", ["0001-01-01T00:00+01:00", "9999-12-31T23:59-01:00", "0001-01-01", "9999-12-31T12:00"])
def test_every_command_refuses_it_in_words(command: Command, at: str) -> None:
    for words in (("write", "x"), ("log", "worry=1")):
        done = command(*words, "--at", at)
        assert done.exit_code in (1, 2)
        assert "Traceback" not in done.output
    assert command("entries").output == "No entries.\n"
    for listing in ("entries", "logs list", "progress", "search x", "symptoms"):
        for option in ("--since", "--until"):
            assert command(*listing.split(), option, at).exit_code in (0, 2)


# -- there already -----------------------------------------------------------------------------------------------------


class There(NamedTuple):
    """A practice where a client and a therapist have written it all, and another client wrote as usual."""

    server: ServerProcess
    http: httpx.Client
    team: Caseload
    tracker: Tracker
    client: UUID
    other: UUID

    @property
    def record(self) -> Client:
        return self.team.client(self.client)


@pytest.fixture(scope="module")
def there(practice: Practice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    folder = tmp_path_factory.mktemp("moments")
    practice.add_therapist("moments")
    odd, usual = practice.add_client("Odd", "moments"), practice.add_client("Usual", "moments")
    with (
        practice.tracker(folder / "odd.db", odd) as tracker,
        practice.tracker(folder / "usual.db", usual) as other,
        practice.caseload(folder / "team.db", "moments") as team,
        httpx.Client(base_url=practice.server.url, timeout=30.0, limits=EACH_ITS_OWN) as http,
    ):
        other.journal.write("As usual.")
        other.sync()
        team.sync()
        with mock.patch.object(moments, "is_kept", return_value=True):  # as an app that does not check
            _write_all(tracker, team.client(odd.person), lambda: (team.sync(), tracker.sync()))
            for one in (tracker, team, tracker):
                assert one.sync().reason is None
        http.post("/sign-in", json={"username": "moments", "password": PASSWORD})
        _wait(http, odd.person)
        yield There(practice.server, http, team, tracker, odd.person, usual.person)


def _write_all(tracker: Tracker, client: Client, sync: Callable[[], object]) -> None:
    walk = client.homework.assign("Walk", rule="daily", since=date.today() - timedelta(days=3))  # noqa: DTZ011
    client.sessions.plan(datetime.now(UTC) + timedelta(days=2))
    with client.plan.edit() as plan:
        plan.add_tracker("worry", rule="daily")
    sync()
    tracker.journal.write("As usual.")
    for at in (*BEYOND, *FAR):
        tracker.journal.write("Odd.", at=at)
        tracker.journal.edit(tracker.journal.write("Corrected.").id, at=at)
        tracker.symptoms.log({"worry": 3}, at=at)
        tracker.symptoms.log({"worry": 4}, at=at, key=at.isoformat())
        tracker.symptoms.correct(tracker.symptoms.log({"worry": 5}).id, at=at)
        tracker.homework.record(walk.id, date.today(), done_at=at)  # noqa: DTZ011
        client.sessions.plan(at)
        client.assessments.on_paper("phq-2", {"q1": 3, "q2": 3}, at=at)
    for day in DAYS:
        client.homework.assign("Once", due=day)
        client.homework.assign("Often", rule="daily", since=day)
        with client.plan.edit() as plan:
            plan.pause(day, day)
            plan.add_section("Q", active_from=day, active_to=day)
            plan.add_tracker(f"w{day}", rule="weekly", since=day, until=day)
            plan.add_assessment("check-in", rule="weekly", since=day, until=day)
        client.episodes.end(client.episodes.begin("r", on=day).id, on=day)


def _wait(http: httpx.Client, client: UUID) -> None:
    for _ in range(100):
        if len(http.get(f"/api/clients/{client}/sessions").json()["items"]) > len(BEYOND):
            return
        time.sleep(0.1)
    raise AssertionError("the record is not shown")


LISTS: dict[str, Callable[[There], object]] = {
    "clients": lambda there: [there.team.client(one.id).summary() for one in there.team.clients()],
    "entries": lambda there: there.record.entries(),
    "logs": lambda there: [there.record.logs(), *(there.record.series(name) for name in there.record.names())],
    "search": lambda there: there.record.search("odd"),
    "brief": lambda there: [there.record.brief(zone=zone) for zone in ("Asia/Tokyo", "America/Adak", None)],
    "signals and scores": lambda there: [there.record.signals(), there.record.scores()],
    "together": lambda there: there.record.together("worry"),
    "sessions": lambda there: [there.record.sessions.list(), there.record.sessions.next()],
    "homework": lambda there: [there.record.homework.list(), there.record.plan.read(), there.record.episodes.list()],
    "a client's day": lambda there: [there.tracker.due(), there.tracker.upcoming(datetime.max.replace(tzinfo=UTC))],
    "a client's lists": lambda there: [there.tracker.progress(), there.tracker.journal.entries()],
}


@pytest.mark.parametrize("what", LISTS)
def test_no_list_of_a_device_is_lost_to_it(there: There, what: str) -> None:
    LISTS[what](there)


def test_what_was_written_beside_it_is_all_there(there: There, tmp_path: Path) -> None:
    assert {one.name for one in there.team.clients()} == {"Odd", "Usual"}
    assert [entry.text for entry in there.record.entries()].count("Odd.") == len(BEYOND) + len(FAR)
    assert there.tracker.export(tmp_path / "out").entries == 1 + 2 * (len(BEYOND) + len(FAR))
    with Tracker.open(tmp_path / "new.db") as new:
        assert new.import_from(tmp_path / "out").entries > 0


PAGES = ["/", "/fragments", "/clients/{id}", "/fragments/clients/{id}", "/clients/{id}/brief", "/api/clients"]
PAGES += [
    f"/api/clients/{{id}}/{what}"
    for what in ("entries", "symptoms", "homework", "assessments", "scores", "signals", "together?symptom=worry")
]
PAGES += [
    f"/api/clients/{{id}}/{what}"
    for what in ("brief", "sessions", "episodes", "plan", "goals", "resources", "comments", "search?q=odd")
]
GIVEN = ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:00-01:00", "0001-01-01", "2026-02-30", "٢٠٢٦-٠٥-٠٤", "x" * 999]
PARAMETERS = ("since", "until", "now", "before", "zone", "range")


@pytest.mark.parametrize("page", PAGES)
def test_no_page_and_no_answer_is_lost_to_it(there: There, page: str) -> None:
    for client in (there.client, there.other):
        answer = there.http.get(page.format(id=client))
        assert answer.status_code in (200, 400) if "together" in page else answer.status_code == 200
    for name in PARAMETERS:
        for value in GIVEN:
            path = httpx.URL(page.format(id=there.client)).copy_merge_params({name: value})
            assert there.http.get(path).status_code in (200, 400), (name, value)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("sessions", {"planned_at": BEYOND[0].isoformat()}),
        ("sessions", {"planned_at": BEYOND[-1].isoformat()}),
        ("assessments", {"instrument": "phq-2", "answers": {"q1": 0, "q2": 1}, "at": BEYOND[0].isoformat()}),
    ],
)
def test_the_api_refuses_it(there: There, path: str, body: dict[str, Any]) -> None:
    token = {"x-csrf-token": there.http.get("/api/me").json()["csrf"]}
    answer = there.http.post(f"/api/clients/{there.client}/{path}", json=body, headers=token)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_field"), answer.text


@pytest.mark.parametrize("shape", [PROGRESS, REVIEW], ids=lambda shape: str(shape.kind))
def test_a_field_that_holds_it_is_listed_and_nothing_else_is_lost(shape: Shape[Any]) -> None:
    document = Document.new(bytes(16))
    name = next(field.name for field in shape.fields if field.name.endswith("_at"))
    with document.edit() as edit:
        edit.put("kind", shape.kind.value)
        for field in shape.fields:
            if field.name.endswith("_at"):
                edit.put(field.name, BEYOND[0].isoformat())
        edit.put("homework", str(UUID(int=1)))
    found = shape.read(document)
    assert (getattr(found, name), found.homework) == (None, UUID(int=1))
    assert any(problem.startswith(name) for problem in found.problems)
