"""A server in a process of its own, on the disk of the temporary folder, with a practice on it."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from uuid import UUID

from msgspec import Struct
from tests.bench.actor import Actor, acting
from tests.bench.devices import ClientApp, TherapistApp
from tests.bench.material import Prepared
from tests.bench.pushing import push_documents
from tests.end_to_end.support.forked_server import forking
from tests.end_to_end.support.practice import Invitation, Practice
from tests.end_to_end.support.server_process import ServerProcess, serving
from tests.end_to_end.support.wire import redeem

THERAPIST = "anna"
PROJECTED_WITHIN = 900.0
LOOK_EVERY = 0.02


class Ground(Struct):
    """Where a workload takes place: a folder for devices' stores, the server, its practice."""

    folder: Path
    server: ServerProcess
    practice: Practice

    def add_client(self, name: str, therapist: str = THERAPIST) -> Invitation:
        """A client of the therapist."""
        return self.practice.add_client(name, therapist)

    def device(self, client: Invitation, name: str, app: type[ClientApp] = ClientApp) -> AbstractContextManager[Actor]:
        """An app of the client, paired, in a process of its own; its store is called `name`."""
        code = self.practice.invite_client(client.person)
        return acting(app, self.folder / f"{name}.db", self.server.url, code)

    def desk(self, name: str, app: type[TherapistApp] = TherapistApp) -> AbstractContextManager[Actor]:
        """An app of the therapist."""
        code = self.practice.invite_therapist(THERAPIST)
        return acting(app, self.folder / f"{name}.db", self.server.url, code)

    def token(self, client: Invitation | UUID) -> str:
        """Pair one more device of a client, which speaks the protocol by hand; its token."""
        person = client.person if isinstance(client, Invitation) else client
        return redeem(self.server.url, self.practice.invite_client(person)).token

    def fill(self, client: Invitation, documents: Sequence[Prepared]) -> None:
        """Have the server hold these documents: applied, projected and saved."""
        push_documents(self.server.url, self.token(client), documents)
        self.wait_projected()
        self.wait_saved()

    def crowd(
        self, names: Sequence[str], documents: Callable[[], Sequence[Prepared]], therapist: str = THERAPIST
    ) -> None:
        """Further clients of a therapist, whose devices have pushed these documents and gone."""
        for name in names:
            code = self.add_client(name, therapist).code
            push_documents(self.server.url, redeem(self.server.url, code).token, documents())
        self.wait_projected()
        self.wait_saved()

    def restart(self) -> None:
        """Stop the server in order and start it again."""
        self.server.stop()
        self.server.start()

    def wait_projected(self, within: float = PROJECTED_WITHIN) -> None:
        """Wait until every record's read models have all that was accepted. Costs the server nothing."""
        give_up = time.perf_counter() + within
        while not self.is_projected():
            assert time.perf_counter() < give_up, f"not projected within {within:.0f} s"
            time.sleep(LOOK_EVERY)

    def wait_saved(self, within: float = PROJECTED_WITHIN) -> None:
        """Wait until the documents of all that has come to rest are saved. Costs the server nothing."""
        give_up = time.perf_counter() + within
        sql = "SELECT id, saved FROM streams WHERE saved < head AND audience <> 'vault'"
        while _asked(self.server.data / "log.db", sql):
            assert time.perf_counter() < give_up, f"not saved within {within:.0f} s"
            time.sleep(LOOK_EVERY)

    def count_documents(self, kind: str) -> int:
        """How many documents of a kind the log holds."""
        with closing(_reader(self.server.data / "log.db")) as reader:
            (count,) = reader.execute("SELECT count(*) FROM documents WHERE kind = ?", [kind]).fetchone()
        return int(count)

    def is_projected(self) -> bool:
        """Whether the read models have every row of every record. Asks the server's files, beside the server."""
        heads = _asked(self.server.data / "log.db", "SELECT id, head FROM streams WHERE audience = 'record' AND head")
        through = _asked(self.server.data / "projections.db", "SELECT stream, through FROM projected")
        return all(through.get(stream, 0) >= head for stream, head in heads.items())


def _asked(path: Path, query: str) -> dict[UUID, int]:
    with closing(_reader(path)) as reader:
        return {_uuid(id): number for id, number in reader.execute(query)}


def _reader(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=30)


def _uuid(stored: bytes | str) -> UUID:
    return UUID(bytes=stored) if isinstance(stored, bytes) else UUID(stored)


@contextmanager
def ground(*flags: str, forked: bool = False) -> Iterator[Ground]:
    """A new server with a practice and its therapist; it ends, and its folder goes, with the block.

    `forked`: one that starts again quickly, for runs that start it very often.
    """
    with (
        tempfile.TemporaryDirectory(prefix="intersession-bench-") as name,
        (forking if forked else serving)(Path(name) / "server", *flags) as server,
        Practice.on(server) as practice,
    ):
        practice.add_therapist(THERAPIST)
        yield Ground(Path(name), server, practice)
