"""Bad networks between devices and the server: what was written arrives once, and who is gone is noticed.

One server serves all of them, with heartbeats as they are but for their times; the long form has the true ones.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import pytest
from tests.end_to_end.conftest import Note
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.proxy import Link, Plan, Proxy, through_proxy
from tests.end_to_end.support.server_process import ServerProcess, serving, wait_for

from intersession import Caseload, Tracker
from intersession.caseload import Client
from intersession.device import Device
from intersession.protocol import reconnect
from intersession.sync import attempts
from intersession_server import serve

pytestmark = pytest.mark.timeout(300)

PROTOCOL = Path(__file__).resolve().parents[3] / "docs" / "reference" / "protocol.md"
THERAPIST = "anna"
PING_EVERY, PONG_WITHIN = 0.5, 1.5
SHORTER = f"""
from intersession_server import serve
serve.PING_EVERY, serve.PING_WITHIN = {PING_EVERY}, {PONG_WITHIN}
"""
SPARE = 2.0
"""Seconds that a busy machine may be late."""


def slow(chance: random.Random) -> Link:
    return Link(delay=chance.uniform(0.02, 0.2), jitter=chance.uniform(0.0, 0.2))


def sliced(chance: random.Random) -> Link:
    return Link(piece=chance.randint(1, 9), jitter=0.002)


def reset(chance: random.Random) -> Link:
    return Link(after_bytes=2_500 * chance.lognormvariate(0.0, 1.0), reset=True)


def half_open(chance: random.Random) -> Link:
    up, down = (2_500 * chance.lognormvariate(0.0, 1.0) for _ in range(2))
    return chance.choice([Link(lost_up=up), Link(lost_down=down), Link(lost_up=up, lost_together=True)])


def narrow(chance: random.Random) -> Link:
    return Link(bytes_per_second=chance.uniform(2_000, 20_000), piece=chance.randint(50, 1_500))


def mixed(chance: random.Random) -> Link:
    return Link(
        after_bytes=chance.choice([1e9, 4_000 * chance.lognormvariate(0.0, 1.0)]),
        after_seconds=chance.expovariate(1 / 4.0),
        reset=chance.random() < 0.5,
        delay=chance.uniform(0.0, 0.1),
        jitter=chance.choice([0.0, 0.1]),
        piece=chance.choice([4_096, chance.randint(1, 200)]),
        bytes_per_second=chance.choice([1e9, chance.uniform(4_000, 40_000)]),
        lost_up=chance.choice([1e9, 1e9, 3_000 * chance.lognormvariate(0.0, 1.0)]),
        lost_down=chance.choice([1e9, 1e9, 3_000 * chance.lognormvariate(0.0, 1.0)]),
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with serving(tmp_path_factory.mktemp("networks") / "server", first=SHORTER) as running:
        yield running


@pytest.fixture(scope="module")
def practice(server: ServerProcess) -> Iterator[Practice]:
    with Practice.on(server) as made:
        made.add_therapist(THERAPIST)
        yield made


@pytest.fixture
def shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "PING_EVERY", PING_EVERY)
    monkeypatch.setattr(attempts, "PONG_WITHIN", PONG_WITHIN)
    monkeypatch.setattr(reconnect, "LONGEST", 1.0)


class Scene:
    """A client with two devices and their therapist's, all behind a proxy; each word that is written is told apart."""

    def __init__(self, phone: Tracker, tablet: Tracker, laptop: Caseload, client: UUID, chance: random.Random) -> None:
        self.trackers = [phone, tablet]
        self.laptop = laptop
        self.written: list[str] = []
        self.private: list[tuple[Tracker, UUID, str]] = []
        self.comments: list[tuple[UUID, str]] = []
        self._client = client
        self._chance = chance

    @property
    def devices(self) -> list[Device]:
        return [*self.trackers, self.laptop]

    def write(self) -> None:
        """One thing that one of them does."""
        device, word = self._chance.choice(self.trackers), f"<{len(self.written)}>"
        known = [one for one in device.journal.entries() if one.shared]
        match self._chance.randrange(5):
            case 0 if known:
                about = self._chance.choice(known).id
                device.comment(about, word)
                self.comments.append((about, word))
            case 1 if self.private and (mine := self._chance.choice(self.private))[0] is device:
                self.private.remove(mine)
                device.journal.share(mine[1])
                self.written.append(mine[2])
            case 1:
                word = f"<private {len(self.private)} {self._chance.random()}>"
                self.private.append((device, device.journal.write(word, shared=False).id, word))
            case 2 | 3 if known:
                one = self._chance.choice(known)
                device.journal.edit(one.id, text=f"{one.text} {word}", based_on=one)
                self.written.append(word)
            case _:
                device.journal.write(word, shared=True)
                self.written.append(word)
        if self._chance.random() < 0.2 and (read := self._of_therapist()):
            about, word = self._chance.choice(list(read)), f"<therapist {len(self.comments)}>"
            self.laptop.client(self._client).comment(about, word)
            self.comments.append((about, word))

    def _of_therapist(self) -> dict[UUID, str]:
        known = {one.id for one in self.laptop.clients()}
        return {one.id: one.text for one in self.laptop.client(self._client).entries()} if self._client in known else {}

    def check(self, *later: Tracker) -> None:
        """All read the same, every word once; nothing waits, nothing was refused."""
        for one in [*self.devices, *later]:
            status = one.status()
            assert (status.pending, status.refusals, status.problems) == (0, (), 0)
        found = self._of_therapist()
        for tracker in [*self.trackers, *later]:
            shared = [(one.id, one.text) for one in tracker.journal.entries() if one.shared]
            assert dict(shared) == found
            assert len(shared) == len(found)
        everything = " ".join(found.values())
        assert sorted(everything.split()) == sorted(" ".join(self.written).split())
        readers: list[Tracker | Client] = [*self.trackers, *later, self.laptop.client(self._client)]
        for reader in readers:
            said = sorted((about, one.text) for about in found for one in reader.comments(about))
            assert said == sorted(self.comments)
        for device, id, word in self.private:
            assert device.journal.get(id).text == word


def play(proxy: Proxy, practice: Practice, folder: Path, chance: random.Random, steps: int, seconds: float) -> Scene:
    """Write behind a bad network for some seconds, mend it, and wait until everything is exchanged."""
    client = practice.add_client(f"client {folder.name}", THERAPIST)
    with ExitStack() as opened:
        phone = opened.enter_context(Tracker.open(folder / "phone.db"))
        tablet = opened.enter_context(Tracker.open(folder / "tablet.db"))
        laptop = opened.enter_context(Caseload.open(folder / "laptop.db"))
        for tracker in (phone, tablet):
            tracker.pair(proxy.url, practice.invite_client(client.person), share_by_default=True)
        laptop.pair(proxy.url, practice.invite_therapist(THERAPIST))
        scene = Scene(phone, tablet, laptop, client.person, chance)
        proxy.calm = False
        for one in scene.devices:
            opened.enter_context(one.live())
        for _ in range(steps):
            scene.write()
            time.sleep(seconds / steps)
        proxy.mend()
        for _ in range(2):  # what one has sent, the others have got
            for one in scene.devices:
                assert one.wait_synced(30), one.status()
        later = opened.enter_context(practice.tracker(folder / "later.db", client.person))
        assert later.sync().complete
        scene.check(later)
    return scene


@pytest.mark.usefixtures("shorter")
@pytest.mark.parametrize("plan", [slow, sliced, reset, half_open, narrow, mixed])
def test_everything_arrives_once(
    server: ServerProcess, practice: Practice, tmp_path: Path, plan: Plan, note: Note
) -> None:
    with through_proxy(server.port, plan, seed=1) as proxy:
        scene = play(proxy, practice, tmp_path, random.Random(1), 30, 1.5)
        counts = proxy.counts
    assert counts.connections >= 3
    assert counts.cut > 0 or plan not in (reset, mixed)
    assert counts.lost > 0 or plan not in (half_open, mixed)
    told(note, plan, scene, counts.connections, counts.cut, counts.lost)


@pytest.mark.long
@pytest.mark.usefixtures("shorter")
@pytest.mark.parametrize("seed", range(30))
def test_everything_arrives_once_at_length(
    server: ServerProcess, practice: Practice, tmp_path: Path, seed: int, note: Note
) -> None:
    with through_proxy(server.port, mixed, seed=seed) as proxy:
        scene = play(proxy, practice, tmp_path, random.Random(seed), 150, 8.0)
        told(note, mixed, scene, proxy.counts.connections, proxy.counts.cut, proxy.counts.lost)


def told(note: Note, plan: Plan, scene: Scene, connections: int, cut: int, lost: int) -> None:
    note(
        f"network {plan.__name__}: {len(scene.written)} writes and {len(scene.comments)} comments, each found once on"
        f" every device; {connections} connections, {cut} of them cut, {lost} half open"
    )


ways = pytest.mark.parametrize(
    "lost", [Link(lost_up=1_500), Link(lost_down=2_500), Link(lost_up=1_500, lost_together=True)]
)


@ways
@pytest.mark.usefixtures("shorter")
def test_a_half_open_connection_is_noticed(
    server: ServerProcess, practice: Practice, tmp_path: Path, lost: Link, note: Note
) -> None:
    notice(server, practice, tmp_path, lost, PING_EVERY + PONG_WITHIN, note)


def test_the_time_that_is_documented() -> None:
    assert attempts.PING_EVERY + attempts.PONG_WITHIN == serve.PING_EVERY + serve.PING_WITHIN == 85.0
    assert "within 85 s" in PROTOCOL.read_text("utf-8")


@ways
@pytest.mark.long
def test_a_half_open_connection_is_noticed_in_the_time_that_is_documented(
    tmp_path: Path, lost: Link, note: Note
) -> None:
    with serving(tmp_path / "server") as server, Practice.on(server) as practice:
        notice(server, practice, tmp_path, lost, 85.0, note)


def notice(server: ServerProcess, practice: Practice, folder: Path, lost: Link, within: float, note: Note) -> None:
    """Lose the way, and see who notices when; the device comes back by itself, with what it could not send."""
    client = practice.add_client(f"client {folder.name}")
    with through_proxy(server.port, lambda _: lost, seed=1) as proxy, Tracker.open(folder / "phone.db") as phone:
        phone.pair(proxy.url, practice.invite_client(client.person), share_by_default=True)
        proxy.calm = False
        with phone.live():
            texts: list[str] = []
            while not proxy.counts.lost:
                texts.append(phone.journal.write(f"entry {len(texts)}").text)
                assert len(texts) < 200, "no way was lost"
                time.sleep(0.02)
            proxy.calm = True
            # Where one way still goes, who notices first closes, and the other hears of it.
            needed = 2 if lost.lost_together else 1
            wait_for(lambda: len(proxy.noticed) >= needed, within + SPARE, "the loss is noticed")
            assert phone.wait_synced(20)
        assert phone.status().pending == 0
        assert sorted(one.text for one in phone.journal.entries()) == sorted(texts)
    times = ", ".join(f"{who} after {after:.1f} s" for who, after in proxy.noticed)
    note(f"half open, heartbeats within {within:.0f} s: {times}")
    assert all(after < within + SPARE for _, after in proxy.noticed)
