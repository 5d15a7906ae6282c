"""A device with a real store that hears a hostile server, and what must hold of the store after each frame."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

from tests.fuzz.cases import Broken
from tests.fuzz.inputs.client_frames import welcome
from tests.fuzz.inputs.people import ACCOUNTS, CLIENT
from tests.fuzz.scenes.counted_side import Device

from intersession import Caseload, Tracker
from intersession.pairing.redeeming import PairingReply
from intersession.protocol import session as core
from intersession.sealing.sealing import Work
from intersession.sync.exchange import Exchange
from intersession_schemas import codec
from intersession_schemas.errors import RefusalCode, WireError
from intersession_schemas.messages import Accepted, Down, Erased, Rejected, Revoked, Row, Rows, RowType, Snapshot
from intersession_schemas.streams import Role

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
_FACES: dict[str, type[Tracker | Caseload]] = {"tracker": Tracker, "caseload": Caseload}
_OUTBOX = (
    "SELECT d.id, c.hash FROM outbox o JOIN changes c ON c.position = o.change"
    " JOIN documents d ON d.position = o.document"
    " UNION SELECT d.id, s.hash FROM sealed s JOIN documents d ON d.position = s.document WHERE s.waiting"
)


class StoreScene:
    """A copy of a store in which some entries wait to be sent, some were accepted, and one is to be withdrawn."""

    def __init__(self, kind: str, seed: int) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._path = Path(self._folder.name) / "store.db"
        shutil.copy(_template(kind), self._path)
        self.face = _FACES[kind].open(self._path, clock=lambda: NOON)
        self._store: Any = self.face._replica._store
        self._frame: Down | None = None
        self._too_large: set[bytes] = set()
        self.device = Device(Exchange(self.face._replica), seed, self)

    def __enter__(self) -> StoreScene:
        return self

    def __exit__(
        self, type_: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.face.close()
        self._folder.cleanup()

    def hear(self, data: bytes) -> None:
        """One message; what must hold of the outbox holds after it."""
        try:
            self._frame = codec.decode_down(data)
        except WireError:
            self.device.reconnect()
            return
        before = self._outbox()
        pushed = dict(self.device.pushed)
        self.device.hear(self._frame)
        self._check_outbox(before - self._outbox(), pushed)

    def _outbox(self) -> set[tuple[bytes, bytes]]:
        return {(document, hash) for document, hash in self._store.all(_OUTBOX)}

    def _check_outbox(self, gone: set[tuple[bytes, bytes]], pushed: dict[int, Any]) -> None:
        """What left the outbox was answered, has come back, or its document or stream is gone."""
        match self._frame:
            case Accepted(id_) | Erased(id_) | Rejected(id_):
                push = pushed.get(id_)
                about = set() if push is None else {push.document.bytes}
                gone = {one for one in gone if one[0] not in about}
            case Rows() | Snapshot():
                rows = _rows(self._frame)
                back = {(row.document.bytes, row.hash) for row in rows}
                away = {row.document.bytes for row in rows if row.type is not RowType.CHANGE}
                gone = {one for one in gone if one not in back and one[0] not in away}
            case Revoked():
                gone = {one for one in gone if self._store.one("SELECT 1 FROM documents WHERE id = ?", one[0])}
        if any(document not in self._too_large for document, _ in gone):
            raise Broken(f"{len(gone)} changes left the outbox without an answer")

    # --- around each effect ---

    def before(self, effect: core.Effect) -> None:
        """Look where a page's stream is."""
        if isinstance(effect, core.Refuse) and effect.code == RefusalCode.TOO_LARGE:
            self._too_large.add(effect.document.bytes)  # for any frame that the server takes, as it says
        self._at = self._cursor(effect.page.stream) if isinstance(effect, core.StorePage) else None

    def after(self, effect: core.Effect) -> None:
        """A page moved its cursor just so far, and all in it is kept or told as a problem."""
        if not isinstance(effect, core.StorePage) or self._at is None:
            return
        page, (cursor, backfill) = effect.page, self._at
        if isinstance(page, Rows):
            expected = (max(cursor, page.through), backfill)
        else:
            expected = (page.head if backfill is None else cursor, page.backfill or None)
        if self._cursor(page.stream) != expected:
            raise Broken("a page did not move its cursor as it says")
        rows = _rows(page)
        # What is set aside or erased later on in the same page, and what builds on it, has come and gone.
        away = {row.document for row in rows if row.type is not RowType.CHANGE}
        lost = [row for row in rows if row.document not in away and not self._is_kept(page.stream, row)]
        if lost:
            raise Broken(f"the cursor moved past {len(lost)} rows that are neither kept nor told as problems")
        if self._store.one("SELECT 1 FROM documents WHERE dirty LIMIT 1"):
            raise Broken("what a page brought is not applied")

    def _cursor(self, stream: UUID) -> tuple[int, int | None] | None:
        found: tuple[int, int | None] | None = self._store.one(
            "SELECT cursor, backfill FROM streams WHERE id = ?", stream.bytes
        )
        return found

    def _is_kept(self, stream: UUID, row: Row) -> bool:
        document = self._store.one("SELECT position, erased FROM documents WHERE id = ?", row.document.bytes)
        if self._store.one("SELECT 1 FROM problems WHERE stream = ? AND seq = ?", stream.bytes, row.seq):
            return True
        if document is None:
            return False
        position, erased = document
        kept = ("changes", "sealed")
        return bool(erased) or any(
            self._store.one(f"SELECT 1 FROM {table} WHERE document = ? AND hash = ?", position, row.hash)
            for table in kept
        )

    def check(self) -> None:
        """All that is held can be read, also by the next process."""
        self.device.rest()
        self._read()
        self.face.close()
        self.face = type(self.face).open(self._path, clock=lambda: NOON)
        self._store = self.face._replica._store
        self._read()

    def _read(self) -> None:
        self.face.status()
        if isinstance(self.face, Tracker):
            self.face.journal.entries()
            self.face.journal.search("a")
            self.face.symptoms.logs()
            self.face.due()
            self.face.progress()
            self.face.safety()
            self.face.goals.list()
            self.face.assessments.list()
        else:
            for client in self.face.clients():
                one = self.face.client(client.id)
                one.entries()
                one.logs()
                one.signals()
                one.brief()


def _rows(page: Rows | Snapshot) -> list[Row]:
    return page.items if isinstance(page, Rows) else [row for one in page.items for row in one.rows]


@lru_cache(maxsize=2)
def _folder(kind: str) -> tempfile.TemporaryDirectory[str]:
    """Kept as long as the process, which removes it at its end."""
    return tempfile.TemporaryDirectory()


@lru_cache(maxsize=2)
def _template(kind: str) -> Path:
    """A store that is copied for each case."""
    path = Path(_folder(kind).name) / "template.db"
    role = "therapist" if kind == "caseload" else "client"
    reply = PairingReply("token", ACCOUNTS[CLIENT], uuid4(), role, "practice", "Alma")  # type: ignore[arg-type]
    with (
        _FACES[kind].open(path, clock=lambda: NOON) as face,
        patch("intersession.pairing.redeeming.redeem", lambda *_, **__: reply),
    ):
        if isinstance(face, Tracker):
            face.pair("http://localhost", "code", share_by_default=True)
        else:
            face.pair("http://localhost", "code")
        side = Exchange(face._replica)
        side.join(welcome(Role.PRIMARY if kind == "caseload" else Role.CLIENT))
        if isinstance(face, Tracker):
            _write(face, side)
    return path


def _write(face: Tracker, side: Exchange) -> None:
    with patch("intersession.sealing.sealing.WORK", Work(memory=64, passes=1, lanes=1)):
        face.vault.create("correct horse")
    entries = [face.journal.write(f"What was on day {number}.", shared=True) for number in range(4)]
    for item in side.outgoing(frozenset(), 2, 2**19):
        side.settle([core.Settle(item.document, item.hashes)])
    face.journal.edit(entries[0].id, text="What really was.")
    face.journal.withdraw(entries[1].id)
    face.symptoms.log({"worry": 3, "sleep": 5}, shared=True)
    face.journal.write("Mine.", shared=False)
