"""Symptom logs that are corrected, withdrawn and undone, on two devices of a client, the server and their therapist."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.end_to_end.support.practice import Desk, Invitation, Practice, desk

from intersession import Caseload, Tracker
from intersession.cli import main
from intersession.models.symptoms import SymptomLog

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Devices:
    """Two devices of a client, and their therapist's."""

    def __init__(
        self, practice: Practice, client: Invitation, one: Tracker, two: Tracker, anna: Caseload, desk: Desk
    ) -> None:
        self.practice = practice
        self.client = client
        self.one = one
        self.two = two
        self.anna = anna
        self.desk = desk

    def sync(self, *devices: Tracker | Caseload) -> None:
        for device in devices or (self.one, self.two, self.one, self.two, self.anna):
            assert device.sync().complete, device.status()
            assert device.status().pending == 0
            assert device.status().refusals == ()

    def seen(self) -> list[SymptomLog]:
        return self.anna.client(self.client.person).logs()

    def of_server(self) -> dict[str, object]:
        """What the HTTP API gives, by id."""
        answer = self.desk.http.get(f"/api/clients/{self.client.person}/symptoms?limit=200")
        items = answer.json()["items"]
        found: dict[str, object] = {item["id"]: (item["values"], item["note"], len(item["earlier"])) for item in items}
        assert len(found) == len(items)
        return found

    def agree(self) -> dict[str, object]:
        """What everybody shows, each log by its values and note; all show the same."""
        self.sync()
        everywhere = [self.one.symptoms.logs(), self.two.symptoms.logs(), self.seen()]
        found = [
            [(log.id, log.at, log.values, log.note, log.corrected_at, log.earlier, log.arrived_at) for log in logs]
            for logs in everywhere
        ]
        assert found[0] == found[1] == found[2]
        shown = {str(log.id): (log.values, log.note, len(log.earlier)) for log in everywhere[0]}
        until = time.monotonic() + 20
        while (of_server := self.of_server()) != shown and time.monotonic() < until:
            time.sleep(0.05)  # its read models follow the log
        assert of_server == shown
        return {f"{log.values} {log.note}": log for log in everywhere[0]}


@pytest.fixture
def devices(practice: Practice, tmp_path: Path) -> Iterator[Devices]:
    therapist = practice.add_therapist("anna")
    client = practice.add_client("Alma", "anna")
    with (
        practice.tracker(tmp_path / "one.db", client) as one,
        practice.tracker(tmp_path / "two.db", client.person) as two,
        practice.caseload(tmp_path / "anna.db", therapist) as anna,
        desk(practice.server.url, "anna") as signed_in,
    ):
        yield Devices(practice, client, one, two, anna, signed_in)


def csv(path: Path, rows: int, other: str = "") -> Path:
    lines = [f"{(NOON - timedelta(days=n)).isoformat()},{n % 7}" for n in range(rows)]
    path.write_text("\n".join(["time,worry", *lines, other]))
    return path


def test_a_correction_on_the_other_device_is_seen_by_all(devices: Devices) -> None:
    first = devices.one.symptoms.log({"worry": 3}, note="first", at=NOON)
    devices.sync()
    devices.two.symptoms.correct(first.id, values={"worry": 5}, at=NOON - timedelta(days=40))
    (log,) = devices.agree().values()
    assert isinstance(log, SymptomLog)
    assert (log.id, log.values, [one.values for one in log.earlier]) == (first.id, {"worry": 5}, [{"worry": 3}])
    assert log.corrected_at is not None
    page = devices.desk.http.get(f"/clients/{devices.client.person}/progress?range=all").text
    assert "corrected by the client" in page
    assert "Originally: worry 3, " in page


def test_what_is_withdrawn_goes_everywhere_and_the_rest_of_the_month_arrived_when_it_did(devices: Devices) -> None:
    kept = [devices.one.symptoms.log({"worry": n}, at=NOON + timedelta(hours=n)) for n in range(5)]
    gone = devices.one.symptoms.log({"worry": 9}, note="never mind", at=NOON)
    devices.sync()
    before = {log.id: log.arrived_at for log in devices.one.symptoms.logs()}
    devices.two.symptoms.correct(gone.id, note="not that either")  # not sent yet
    asked = devices.one.symptoms.withdraw(gone.id)
    assert asked.state == "waiting"
    devices.agree()
    done = devices.one.symptoms.withdrawal(gone.id)
    assert done.state == "erased"
    assert len(done.read_at) >= 1
    assert {log.id: log.arrived_at for log in devices.one.symptoms.logs()} == {one.id: before[one.id] for one in kept}
    with pytest.raises(KeyError):
        devices.two.symptoms.correct(gone.id, note="again")


def test_what_another_device_added_meanwhile_is_not_lost(devices: Devices) -> None:
    gone = devices.one.symptoms.log({"worry": 9}, at=NOON)
    devices.sync()
    devices.two.symptoms.correct(gone.id, values={"worry": 8})
    devices.sync()  # its bucket has the correction
    added = devices.two.symptoms.log({"worry": 1}, at=NOON + timedelta(hours=1), note="of two")  # in the same bucket
    devices.one.symptoms.withdraw(gone.id)
    devices.sync(devices.one)
    (log,) = devices.agree().values()
    assert isinstance(log, SymptomLog)
    assert (log.id, log.note) == (added.id, "of two")


def test_one_file_on_two_devices_is_one_set_and_is_undone_as_one(devices: Devices, tmp_path: Path) -> None:
    file = csv(tmp_path / "diary.csv", 90)
    mine = devices.one.symptoms.log({"worry": 4}, note="mine", at=NOON)
    first = devices.one.symptoms.import_csv(file, time="time")
    second = devices.two.symptoms.import_csv(file, time="time")
    assert (first.imported, second.imported) == (90, 90)
    assert len(devices.agree()) == 8
    assert len(devices.one.symptoms.logs()) == 91
    (some,) = [log for log in devices.two.symptoms.logs() if log.at == NOON and log.note == ""]
    devices.two.symptoms.correct(some.id, values={"worry": 99})
    assert "{'worry': 99} " in devices.agree()
    assert devices.one.symptoms.undo_import(first) == 90
    (left,) = devices.agree().values()
    assert isinstance(left, SymptomLog)
    assert left.id == mine.id
    assert devices.one.symptoms.withdrawal(first.id).state == "erased"
    assert devices.two.symptoms.import_csv(file, time="time").imported == 90, "on purpose, once more"
    assert len(devices.agree()) == 8


def test_one_file_in_two_spellings_on_two_devices_is_one_set(devices: Devices, tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("time,worry\n2026-05-04T21:00+02:00,3\n2026-05-04T21:00+02:00,7\n2026-05-05T08:00Z,1\n", "utf-8")
    two.write_text("Zeit;worry\n05.05.2026 10:00;1\n04.05.2026 21:00;7\n04.05.2026 21:00;3\n", "utf-16")
    assert devices.one.symptoms.import_csv(one).imported == 3
    assert devices.two.symptoms.import_csv(two, zone="Europe/Berlin").imported == 3
    devices.agree()
    assert sorted(log.values["worry"] for log in devices.one.symptoms.logs()) == [1, 3, 7]


def test_an_import_that_is_undone_before_the_other_device_was_heard(devices: Devices, tmp_path: Path) -> None:
    file = csv(tmp_path / "diary.csv", 40)
    devices.two.symptoms.import_csv(file, time="time")
    report = devices.one.symptoms.import_csv(file, time="time")
    devices.sync(devices.one)
    assert devices.one.symptoms.undo_import(report) == 40
    devices.sync(devices.one)
    assert devices.agree() == {}


def test_how_far_a_devices_clock_is_off_is_known(practice: Practice, tmp_path: Path) -> None:
    client = practice.add_client("Alma")
    wrong = lambda: datetime.now(UTC) + timedelta(days=400)  # noqa: E731
    with Tracker.open(tmp_path / "ahead.db", clock=wrong) as ahead, Tracker.open(tmp_path / "right.db") as right:
        assert ahead.status().clock_offset is None
        ahead.pair(practice.server.url, client.code, share_by_default=True)
        right.pair(practice.server.url, practice.invite_client(client.person), share_by_default=True)
        assert ahead.sync().complete
        assert right.sync().complete
        off, none = ahead.status().clock_offset, right.status().clock_offset
        assert off is not None
        assert none is not None
        assert abs(off - timedelta(days=400)) < timedelta(minutes=2)
        assert abs(none) < timedelta(minutes=2)
        log = right.symptoms.log({"worry": 3})
        right.sync()
        ahead.sync()
        ahead.symptoms.correct(log.id, values={"worry": 9})
        ahead.sync()
        right.sync()
        right.symptoms.correct(log.id, values={"worry": 4})
        right.sync()
        ahead.sync()
        assert [one.symptoms.logs()[0].values for one in (right, ahead)] == [{"worry": 4}] * 2
    said = CliRunner().invoke(main, ["--store", str(tmp_path / "ahead.db"), "status"]).output
    assert "This device's clock is 400 days ahead of the server's. Check its date and time." in said
    assert "clock" not in CliRunner().invoke(main, ["--store", str(tmp_path / "right.db"), "status"]).output


def test_what_was_corrected_and_undone_before_pairing_stays_so(practice: Practice, tmp_path: Path) -> None:
    client = practice.add_client("Alma")
    file = csv(tmp_path / "diary.csv", 40)
    with (
        Tracker.open(tmp_path / "alone.db") as alone,
        practice.tracker(tmp_path / "two.db", client) as two,
    ):
        log = alone.symptoms.log({"worry": 3}, at=NOON)
        alone.symptoms.correct(log.id, values={"worry": 5})
        two.symptoms.import_csv(file, time="time")
        alone.symptoms.undo_import(alone.symptoms.import_csv(file, time="time"))
        alone.pair(
            practice.server.url, practice.invite_client(client.person), share_by_default=True, share_earlier=True
        )
        for device in (alone, two, alone, two):
            assert device.sync().complete
        for device in (alone, two):
            (one,) = device.symptoms.logs()
            assert (one.id, one.values, one.shared, len(one.earlier)) == (log.id, {"worry": 5}, True, 1)
