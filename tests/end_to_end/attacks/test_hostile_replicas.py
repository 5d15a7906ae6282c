"""Random hostile changes, judged by the server's log and read by real replicas: the same documents, the same signals.

What the server set aside, no device shows; what it kept, every device has; and the care team's device works out the
same signals from its store as the server does from its rows.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.client_sdk.practice import exchange, replica_of
from tests.server.log.hostile_record import ANNA, NOW, PEOPLE, STREAMS, THEO, Record
from tests.server.log.test_protection import attack, everything

from intersession import Caseload, Tracker
from intersession.device import Device
from intersession.documents import material as of_device
from intersession.models.devices import Pairing
from intersession_schemas.measures.material import Cut, material
from intersession_schemas.measures.signals.of_record import signals
from intersession_schemas.messages import Limits, Rows, RowType, StreamOffer, Welcome
from intersession_schemas.streams import Audience, Kind, Role, kinds_of
from intersession_server.log.store import NotReadable, Reader
from intersession_server.projections.applied import Applied
from intersession_server.projections.filing import filing

STREAM = STREAMS[Audience.RECORD]
ATTACKED = sorted(kinds_of(Audience.RECORD))


class Reading:
    """A real device's store, which reads what the log gives to its account, in pages of random size."""

    def __init__(self, device: Device, account: UUID, chance: random.Random) -> None:
        self.device = device
        self.account = account
        self._chance = chance
        self._side = exchange(device)
        self._after: dict[UUID, int] = {}

    def read(self, record: Record) -> None:
        """Everything that there is to have now."""
        reader = Reader(self.account, self.account)
        offers = record.store.offers(reader)
        told = [
            StreamOffer(
                stream=one.stream,
                audience=one.audience,
                role=one.role,
                grant=one.grant,
                client=one.client,
                label="Anna",
                head=one.head,
            )
            for one in offers
        ]
        self._side.join(Welcome(1, "test", self.account, self.account, told, Limits(2**20, 8, 0.0)))
        for offer in offers:
            while self._after.get(offer.stream, 0) < offer.head:
                after = self._after.get(offer.stream, 0)
                room = self._chance.choice([1, 400, 2_000, 100_000])
                page = record.store.page(reader, offer.stream, offer.grant, after, room)
                assert not isinstance(page, NotReadable)
                self._side.store_page(Rows(page.stream, page.items, page.through, page.chain))
                self._after[offer.stream] = page.through


@contextmanager
def reading(kind: type[Device], path: Path, account: UUID, role: Role, seed: str) -> Iterator[Reading]:
    with kind.open(path, clock=lambda: NOW) as device:
        with replica_of(device).reading() as store, store.transaction():
            whose = Pairing(
                url="https://journal.example.org",
                account=account,
                device=account,
                practice="Nord",
                role="client" if role is Role.CLIENT else "therapist",
                name="Anna",
                share_by_default=True,
            )
            store.set_meta("pairing", whose)
        yield Reading(device, account, random.Random(seed))


def compared(record: Record, one: Reading) -> int:
    """The number of documents, all of which are the same here as in the log; nothing waits, nothing is a problem."""
    replica, documents = replica_of(one.device), 0
    with replica.reading() as store:
        ids = [UUID(bytes=id) for (id,) in store.all("SELECT id FROM documents WHERE stream = ?", STREAM.bytes)]
        assert store.number("SELECT count(*) FROM problems") == 0
        for id in ids:
            position = store.number("SELECT position FROM documents WHERE id = ?", id.bytes)
            held = replica.documents.read(position)
            assert everything(held) == everything(record.document(id)), id
            assert sorted(held.heads) == sorted(record.document(id).heads), id
            documents += 1
    there = {row.document for row in record.store.stream_rows(STREAM, 0, 10**9) if record.document(row.document).heads}
    assert set(ids) >= there
    assert one.device.status().pending == 0
    return documents


def signs(record: Record, one: Reading) -> tuple[list[object], list[object]]:
    """The signals of the record, as the server and as the device work them out at the same cut."""
    rows = record.store.stream_rows(STREAM, 0, 10**9)
    cut = Cut(heads={str(STREAM): rows[-1].seq}, now=NOW, zone="UTC")
    filed = [filing(Applied(record.store.document_rows(id))) for id in dict.fromkeys(row.document for row in rows)]
    known = [one for one in filed if one is not None]
    heard = [one.heard[ANNA] for one in known if ANNA in one.heard]
    server = material(
        (one.document for one in known if one.document is not None),
        heard_at=max(heard, default=None),
        not_accepted=(row for one in known for row in one.not_accepted),
    )
    replica = replica_of(one.device)
    with replica.reading() as store:
        device = of_device.build(store, replica.documents, STREAM.bytes, cut)
    return list(signals(server, cut)), list(signals(device, cut))


def attacked(tmp_path: Path, seed: int, kinds: list[Kind], rounds: int) -> None:
    record, chance = Record(), random.Random(f"replicas {seed}")
    assert set(PEOPLE[Audience.RECORD]) >= {ANNA, THEO}
    with (
        reading(Caseload, tmp_path / "theo.db", THEO, Role.PRIMARY, f"theo {seed}") as theo,
        reading(Tracker, tmp_path / "anna.db", ANNA, Role.CLIENT, f"anna {seed}") as anna,
    ):
        ended: dict[str, int] = {}
        for kind in kinds:
            for how, count in attack(record, Audience.RECORD, kind, chance, rounds).items():
                ended[how] = ended.get(how, 0) + count
            if chance.random() < 0.6:
                theo.read(record)
            if chance.random() < 0.6:
                anna.read(record)
        for one in (theo, anna):
            one.read(record)
            assert compared(record, one) >= len(kinds)
        of_server, of_theo = signs(record, theo)
        assert of_server == of_theo
        aside = [row for row in record.store.stream_rows(STREAM, 0, 10**9) if row.type is RowType.QUARANTINE]
        if any(row.kind == Kind.ASSESSMENT for row in aside):
            assert any(getattr(sign, "kind", "") == "not_accepted" for sign in of_theo)
        assert ended.get("None", 0) > 0
        assert len(ended) > 1
        # what was read page by page is what a device that comes later reads
        with reading(Caseload, tmp_path / f"{uuid4()}.db", THEO, Role.PRIMARY, f"late {seed}") as late:
            late.read(record)
            compared(record, late)
            assert signs(record, late)[1] == of_theo


@pytest.mark.parametrize("seed", range(2))
def test_devices_follow_the_server_whatever_is_pushed(tmp_path: Path, seed: int) -> None:
    attacked(tmp_path, seed, ATTACKED, 6)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(40))
def test_the_same_at_length(tmp_path: Path, seed: int) -> None:
    attacked(tmp_path, 1_000 + seed, ATTACKED, 25)
