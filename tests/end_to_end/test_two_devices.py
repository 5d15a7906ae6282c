"""Several devices of one client, and their therapist's: they merge, they hear of each other live, and access ends.

One server serves all tests here; each has its own people.
"""

from __future__ import annotations

import shutil
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from tests.end_to_end.conftest import Note
from tests.end_to_end.support.deaf import LARGE_ENTRIES, fill, never_reading
from tests.end_to_end.support.practice import Invitation, Practice, desk
from tests.end_to_end.support.server_process import ServerProcess, serving, wait_for
from tests.end_to_end.support.wire import Token, code_of, redeem, welcomed
from websockets.exceptions import ConnectionClosed

from intersession import Caseload, Tracker
from intersession.errors import AccessEnded, NotFound
from intersession_schemas.errors import CloseCode

THERAPIST = "anna"
SEND_TIMEOUT = 2
"""Seconds after which the server cuts a connection that takes nothing."""
LEGEND = "The morning was quiet. The afternoon was loud. In the evening I slept."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with serving(
        tmp_path_factory.mktemp("two-devices") / "server", "--send-timeout-seconds", str(SEND_TIMEOUT)
    ) as running:
        yield running


@pytest.fixture(scope="module")
def practice(server: ServerProcess) -> Iterator[Practice]:
    with Practice.on(server) as made:
        made.add_therapist(THERAPIST)
        yield made


@pytest.fixture
def client(practice: Practice, request: pytest.FixtureRequest) -> Invitation:
    """A client in the care of `THERAPIST`, called like the test."""
    return practice.add_client(request.node.name, THERAPIST)


def live_caseload(caseload: Caseload, client: Invitation) -> None:
    """Wait until a live caseload has the client."""
    wait_for(lambda: client.person in {one.id for one in caseload.clients()}, 20, "the caseload has the client")


def texts(caseload: Caseload, client: Invitation) -> list[str]:
    return [entry.text for entry in caseload.client(client.person).entries()]


def test_two_devices_and_the_therapist_see_both_edits_of_one_entry(
    server: ServerProcess, practice: Practice, client: Invitation, tmp_path: Path
) -> None:
    with (
        practice.tracker(tmp_path / "phone.db", client) as phone,
        practice.tracker(tmp_path / "tablet.db", client.person) as tablet,
        practice.caseload(tmp_path / "therapist.db", THERAPIST) as caseload,
    ):
        id = phone.journal.write(LEGEND).id
        assert phone.sync().complete
        assert tablet.sync().complete
        # Both without a network from here on.
        phone.journal.edit(id, text=LEGEND.replace("quiet", "grey and quiet"), mood=4)
        tablet.journal.edit(id, text=LEGEND.replace("slept", "slept well"), tags=["evening"])
        phone.journal.edit(id, text=LEGEND.replace("quiet", "grey and very quiet"))
        for device in (phone, tablet, phone, caseload):
            assert device.sync().complete
        both = "The morning was grey and very quiet. The afternoon was loud. In the evening I slept well."
        for found in (phone.journal.get(id), tablet.journal.get(id), *caseload.client(client.person).entries()):
            assert (found.id, found.text, found.mood, found.tags) == (id, both, 4, ("evening",))
        with desk(server.url, THERAPIST) as signed_in:
            wait_for(lambda: [one["text"] for one in signed_in.entries(client.person)] == [both], 10, "both edits")
            (entry,) = signed_in.entries(client.person)
        assert (entry["id"], entry["mood"], entry["tags"]) == (str(id), 4, ["evening"])


def test_edits_of_the_same_words_are_both_kept_and_alike_everywhere(
    practice: Practice, client: Invitation, tmp_path: Path
) -> None:
    with (
        practice.tracker(tmp_path / "phone.db", client) as phone,
        practice.tracker(tmp_path / "tablet.db", client.person) as tablet,
    ):
        id = phone.journal.write("I felt fine.").id
        assert phone.sync().complete
        assert tablet.sync().complete
        phone.journal.edit(id, text="I felt tired.")
        tablet.journal.edit(id, text="I felt low.")
        for device in (phone, tablet, phone):
            assert device.sync().complete
        merged = phone.journal.get(id).text
        assert merged == tablet.journal.get(id).text
        assert "tired" in merged
        assert "low" in merged


def test_the_therapist_sees_a_write_live(practice: Practice, client: Invitation, tmp_path: Path, note: Note) -> None:
    with (
        practice.caseload(tmp_path / "therapist.db", THERAPIST) as caseload,
        practice.tracker(tmp_path / "phone.db", client) as phone,
        caseload.live(),
        phone.live(),
    ):
        live_caseload(caseload, client)
        assert caseload.wait_synced(20)
        assert phone.wait_synced(20)
        changed = threading.Event()
        caseload.on_change(lambda change: changed.set() if change.documents else None)
        took = []
        for number in range(20):
            changed.clear()
            began = time.monotonic()
            entry = phone.journal.write(f"Entry {number}.")
            assert changed.wait(5.0)
            took.append(1000 * (time.monotonic() - began))
            (newest, *_) = caseload.client(client.person).entries()
            assert (newest.id, newest.text) == (entry.id, f"Entry {number}.")
            assert newest.arrived_at is not None
        note(f"live: from a write to the therapist's device {statistics.median(took):.0f} ms (median of {len(took)})")


def test_the_end_of_an_assignment_takes_the_record_away_within_a_second(
    server: ServerProcess, practice: Practice, client: Invitation, tmp_path: Path, note: Note
) -> None:
    secret = "Nobody but Anna should read this sentence about the lighthouse."
    store = tmp_path / "therapist.db"
    with (
        practice.caseload(store, THERAPIST) as caseload,
        practice.tracker(tmp_path / "phone.db", client) as phone,
        caseload.live(),
        desk(server.url, THERAPIST) as signed_in,
    ):
        phone.journal.write(secret)
        assert phone.sync().complete
        live_caseload(caseload, client)
        wait_for(lambda: texts(caseload, client) == [secret], 10, "the entry on the therapist's device")
        wait_for(lambda: len(signed_in.entries(client.person)) == 1, 10, "the entry in the HTTP API")
        assert leaks(store, secret)
        began = time.monotonic()
        practice.unassign(client.person, THERAPIST)
        wait_for(lambda: client.person not in {one.id for one in caseload.clients()}, 5.0, "the record is gone")
        took = time.monotonic() - began
        assert signed_in.http.get(f"/api/clients/{client.person}/entries").status_code == 404
        assert str(client.person) not in signed_in.http.get("/api/clients").text
        with pytest.raises(NotFound):
            caseload.client(client.person)
        phone.journal.write("Written after the end.")
        assert phone.sync().complete
        assert caseload.wait_synced(10)
        assert client.person not in {one.id for one in caseload.clients()}
        wait_for(lambda: not leaks(store, secret), 5.0, "nothing is left in the therapist's file")
    note(f"end of an assignment: the therapist's device had deleted the record {1000 * took:.0f} ms after the command")


def leaks(store: Path, sentence: str) -> bool:
    """Whether a sentence can be read in a store's files as they lie on the disk."""
    return any(sentence.encode() in path.read_bytes() for path in store.parent.glob(f"{store.name}*"))


def test_a_revoked_device_deletes_what_it_held_and_says_so(
    practice: Practice, client: Invitation, tmp_path: Path, note: Note
) -> None:
    secret = "The spare key lies under the blue pot."
    lost, away = tmp_path / "lost.db", tmp_path / "away.db"
    with (
        practice.tracker(lost, client) as phone,
        practice.tracker(tmp_path / "kept.db", client.person) as kept,
        practice.tracker(away, client.person) as tablet,
    ):
        phone.journal.write(secret)
        for device in (phone, kept, tablet):
            assert device.sync().complete
            assert device.pairing is not None
        with phone.live():
            assert phone.wait_synced(20)
            assert phone.pairing is not None
            began = time.monotonic()
            practice.revoke(phone.pairing.device)
            wait_for(lambda: phone.journal.entries() == [], 5.0, "the live device has deleted what it held")
            took = time.monotonic() - began
            wait_for(lambda: has_ended(phone), 5.0, "the live device is told that its access has ended")
        # One that was away hears of it when it comes back, and keeps nothing, not even what it has not sent.
        assert tablet.pairing is not None
        practice.revoke(tablet.pairing.device)
        tablet.journal.write("Written while away.")
        with pytest.raises(AccessEnded):
            tablet.sync()
        for device, store in ((phone, lost), (tablet, away)):
            assert device.journal.entries() == []
            assert not leaks(store, secret)
            with pytest.raises(AccessEnded):
                device.sync()
        assert kept.sync().complete
        assert [entry.text for entry in kept.journal.entries()] == [secret]
    note(f"revoked device: it had deleted all {1000 * took:.0f} ms after the command")


def has_ended(device: Tracker) -> bool:
    """Whether a live device knows that its access has ended."""
    try:
        device.wait_synced(0.1)
    except AccessEnded:
        return True
    return False


def test_what_was_written_on_two_devices_before_pairing_is_all_there(
    server: ServerProcess, practice: Practice, client: Invitation, tmp_path: Path
) -> None:
    at = datetime.fromisoformat("2026-02-27T23:50:00+01:00")
    with Tracker.open(tmp_path / "phone.db") as phone, Tracker.open(tmp_path / "tablet.db") as tablet:
        for device, name in ((phone, "phone"), (tablet, "tablet")):
            device.journal.write(f"From the {name}.", at=at)
            device.journal.write(f"For the {name} alone.", shared=False)
            device.symptoms.log({"worry": 3, name: 1}, at=at, key=name)
            edited = device.journal.write("Frist version.", at=at).id
            device.journal.edit(edited, text=f"First version on the {name}.")
        phone.pair(server.url, client.code, share_by_default=True, share_earlier=True)
        code = practice.invite_client(client.person)
        tablet.pair(server.url, code, share_by_default=True, share_earlier=True)
        for device in (phone, tablet, phone):
            assert device.sync().complete
        shared = sorted(
            ["From the phone.", "From the tablet.", "First version on the phone.", "First version on the tablet."]
        )
        for device, name in ((phone, "phone"), (tablet, "tablet")):
            private = f"For the {name} alone."
            found = device.journal.entries()
            assert sorted(entry.text for entry in found if entry.shared) == shared
            assert [entry.text for entry in found if not entry.shared] == [private]
            assert sorted(device.symptoms.names()) == ["phone", "tablet", "worry"]
            assert len(device.symptoms.logs()) == 2
        with desk(server.url, THERAPIST) as signed_in:
            wait_for(lambda: len(signed_in.entries(client.person)) >= 4, 10, "all entries")
            wait_for(lambda: len(signed_in.symptoms(client.person)) >= 2, 10, "all logs")
            entries, logs = signed_in.entries(client.person), signed_in.symptoms(client.person)
        assert sorted(entry["text"] for entry in entries) == shared
        assert {entry["written_at"] for entry in entries} == {"2026-02-27T23:50:00+01:00"}
        assert sorted(sorted(log["values"]) for log in logs) == [["phone", "worry"], ["tablet", "worry"]]


def test_both_copies_of_a_store_go_on_and_lose_nothing(
    server: ServerProcess, practice: Practice, client: Invitation, tmp_path: Path
) -> None:
    """A backup that was put onto a second device: two stores with one identity, one token and one history."""
    first, second = tmp_path / "first.db", tmp_path / "second.db"
    with practice.tracker(first, client) as tracker:
        id = tracker.journal.write(LEGEND).id
        assert tracker.sync().complete
        tracker.journal.edit(id, text=LEGEND + " Not sent yet.")
        tracker.symptoms.log({"worry": 1}, key="before")
    shutil.copyfile(first, second)
    with Tracker.open(first) as one, Tracker.open(second) as other:
        one.journal.edit(id, text=one.journal.get(id).text.replace("morning", "early morning"))
        other.journal.edit(id, text=other.journal.get(id).text.replace("evening", "late evening"))
        one.symptoms.log({"worry": 2}, key="one")
        other.symptoms.log({"worry": 3}, key="other")
        one.journal.write("From the first.")
        other.journal.write("From the second.")
        check_alike(server, client, id, one, other, logs=3)


def test_an_older_copy_that_is_put_back_and_what_came_after_it_both_survive(
    server: ServerProcess, practice: Practice, client: Invitation, tmp_path: Path
) -> None:
    store, backup = tmp_path / "store.db", tmp_path / "backup.db"
    with practice.tracker(store, client) as tracker:
        id = tracker.journal.write(LEGEND + " Not sent yet.").id
        tracker.symptoms.log({"worry": 1}, key="before")
    shutil.copyfile(store, backup)
    with Tracker.open(store) as tracker:
        tracker.journal.edit(id, text=tracker.journal.get(id).text.replace("morning", "early morning"))
        tracker.symptoms.log({"worry": 2}, key="one")
        tracker.journal.write("From the first.")
        assert tracker.sync().complete
    # The device is lost, and its older copy put back: it knows nothing of what it sent after that.
    shutil.copyfile(backup, store)
    with Tracker.open(store) as restored, practice.tracker(tmp_path / "other.db", client.person) as other:
        restored.journal.edit(id, text=restored.journal.get(id).text.replace("evening", "late evening"))
        restored.symptoms.log({"worry": 3}, key="other")
        restored.journal.write("From the second.")
        check_alike(server, client, id, restored, other, logs=3)


def check_alike(server: ServerProcess, client: Invitation, id: UUID, *devices: Tracker, logs: int) -> None:
    """After a sync, every device and the therapist have both edits, all entries and all logs."""
    for device in (*devices, *devices):
        assert device.sync().complete
    merged = "The early morning was quiet. The afternoon was loud. In the late evening I slept. Not sent yet."
    expected = sorted([merged, "From the first.", "From the second."])
    for device in devices:
        assert device.journal.get(id).text == merged
        assert sorted(entry.text for entry in device.journal.entries()) == expected
        assert sorted(log.values["worry"] for log in device.symptoms.logs()) == list(range(1, logs + 1))
        status = device.status()
        assert (status.pending, status.refusals, status.problems) == (0, (), 0)
    with desk(server.url, THERAPIST) as signed_in:
        wait_for(lambda: sorted(one["text"] for one in signed_in.entries(client.person)) == expected, 10, "all edits")
        wait_for(lambda: len(signed_in.symptoms(client.person)) == logs, 10, "all logs")


def test_a_reader_that_takes_nothing_is_cut_and_the_others_go_on(
    server: ServerProcess, practice: Practice, client: Invitation, tmp_path: Path, note: Note
) -> None:
    """Five connections that never read are all that a device may have: only when they are cut, another gets in."""
    with practice.tracker(tmp_path / "phone.db", client) as phone, ExitStack() as stack:
        token = redeem(server.url, practice.invite_client(client.person))
        fill(server, token)
        before = server.memory()
        for _ in range(5):
            stack.enter_context(never_reading(server, token))
        assert not is_admitted(server, token)
        delays = []
        with phone.live(), practice.caseload(tmp_path / "therapist.db", THERAPIST) as caseload:
            began = time.monotonic()
            while not is_admitted(server, token):
                assert time.monotonic() - began < 30
                wrote = time.monotonic()
                phone.journal.write("Meanwhile.")
                assert phone.wait_synced(10)
                delays.append(1000 * (time.monotonic() - wrote))
                time.sleep(0.1)
            took = time.monotonic() - began
            assert server.memory() - before < 64 * 2**20
            assert caseload.sync(timeout=100).complete
            assert len(texts(caseload, client)) == LARGE_ENTRIES + len(delays)
    note(
        f"slow readers: 5 cut after {took:.1f} s (limit {SEND_TIMEOUT} s); another device's writes meanwhile accepted"
        f" in {statistics.median(delays):.0f} ms (median), {max(delays):.0f} ms at most"
    )


def is_admitted(server: ServerProcess, token: Token) -> bool:
    """Whether the device may open one more connection."""
    try:
        with welcomed(server.url, token.token):
            return True
    except ConnectionClosed as closed:
        too_many = code_of(closed) == CloseCode.TOO_MANY
    assert too_many
    return False
