"""A server with 20 honest people on it, and what becomes of them during one attack."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import msgspec
from msgspec import Struct
from tests.bench.attacked import honest
from tests.bench.attacked.attacks import Target
from tests.end_to_end.support.practice import PASSWORD, Practice
from tests.end_to_end.support.server_process import ServerProcess
from tests.end_to_end.support.wire import Peer, redeem, welcomed

from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import symptoms

CLIENTS, THERAPISTS = 15, 5
LOGS, NAMES = 360, 200
"""Of the heavy record: a year's worth of logs, each with symptoms of its own."""


class Outcome(Struct, frozen=True):
    """How it went: seconds of every honest deed, sorted; memory of the server in bytes; what the attacker says."""

    attack: str
    took: list[float]
    failed: int
    memory_before: int
    memory_after: int
    memory_most: int
    said: str

    def at(self, share: float) -> float:
        """Milliseconds within which that share of the deeds was done; infinite where there were none."""
        return 1_000 * self.took[min(len(self.took) - 1, int(share * len(self.took)))] if self.took else float("inf")


class Trial:
    """One server with its people. Make it with `trial`."""

    def __init__(self, server: ServerProcess, tokens: list[str], desks: list[tuple[str, UUID]], target: Target) -> None:
        self.server = server
        self._tokens = tokens
        self._desks = desks
        self._target = target

    def run(self, attack: str, seconds: float) -> Outcome:
        """Let all of them do what they do for `seconds`; an empty name is no attack."""
        return asyncio.run(self._run(attack, seconds))

    async def _run(self, attack: str, seconds: float) -> Outcome:
        deeds = honest.Deeds({})
        url = self.server.url
        people = [asyncio.create_task(honest.client(url, token, deeds)) for token in self._tokens]
        people += [asyncio.create_task(honest.therapist(url, *desk, deeds)) for desk in self._desks]
        await asyncio.sleep(2.0)
        deeds.took.clear()
        deeds.failed = 0
        before = self.server.memory()
        self.server.forget_most_memory()
        said = await self._attack(attack, seconds) if attack else await asyncio.sleep(seconds, "")
        most = self.server.most_memory()
        for person in people:
            person.cancel()
        await asyncio.gather(*people, return_exceptions=True)
        return Outcome(attack or "(none)", deeds.all(), deeds.failed, before, self.server.memory(), most, said)

    async def _attack(self, name: str, seconds: float) -> str:
        """Attack from a process of its own; returns what it says that it has done."""
        attacker = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench.attacked.attacks", name),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        try:
            target = msgspec.structs.replace(self._target, seconds=seconds)
            async with asyncio.timeout(seconds + 15):
                said, _ = await attacker.communicate(msgspec.json.encode(target))
            return said.decode().strip()
        except TimeoutError:
            return "the attacker was stopped"
        finally:
            if attacker.returncode is None:
                attacker.kill()
                await attacker.wait()


@contextmanager
def trial(folder: Path, *flags: str) -> Iterator[Trial]:
    """A server on a new data folder, the honest, a heavy record, and an attacker who is a client like others."""
    server = ServerProcess(folder / "server", *flags)
    server.start()
    try:
        with Practice.on(server) as practice:
            for number in range(THERAPISTS + 1):
                practice.add_therapist(f"desk{number}")
            clients = [practice.add_client(f"Client {n}", f"desk{1 + n % THERAPISTS}") for n in range(CLIENTS)]
            desks = [(_cookie(server, f"desk{n + 1}"), clients[n].person) for n in range(THERAPISTS)]
            tokens = [redeem(server.url, one.code).token for one in clients]
            heavy = practice.add_client("Heavy", "desk0")
            _write_heavy(server, redeem(server.url, heavy.code).token)
            attacker = redeem(server.url, practice.add_client("Attacker", "desk0").code)
            target = Target(
                "127.0.0.1", server.port, attacker.token, _cookie(server, "desk0"), heavy.person, seconds=0.0
            )
            yield Trial(server, tokens, desks, target)
    finally:
        server.kill()


def _cookie(server: ServerProcess, username: str) -> str:
    with httpx.Client(base_url=server.url, timeout=30.0) as http:
        answer = http.post("/sign-in", json={"username": username, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return "; ".join(f"{name}={value}" for name, value in http.cookies.items())


def _write_heavy(server: ServerProcess, token: str) -> None:
    """A year of logs, written as raw changes: no app would take so many names."""
    start = datetime.now(UTC) - timedelta(days=LOGS)
    with welcomed(server.url, token) as peer:
        for month in range(LOGS // 30):
            _push_month(peer, start + timedelta(days=30 * month))


def _push_month(peer: Peer, start: datetime) -> None:
    document = Document.new(os.urandom(16))
    changes = [symptoms.create(document, symptoms.month_of(start))]
    for day in range(30):
        at = start + timedelta(days=day)
        id = str(uuid4())
        log = {
            "id": id,
            "at": at.isoformat(),
            "entered_at": at.isoformat(),
            "values": {f"{at:%j} symptom {number}": (day * 7 + number) % 10 for number in range(NAMES)},
        }
        with document.edit() as edit:
            edit.put(id, msgspec.json.encode(log).decode())
        assert edit.change is not None
        changes.append(edit.change)
    peer.push(uuid4(), changes, kind="symptom_log")
