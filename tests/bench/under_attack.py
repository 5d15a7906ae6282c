"""How long honest people wait while somebody attacks: `.venv/bin/python -m tests.bench.under_attack [--seconds N] [NAME …]`.

A server of its own process with default settings; ten clients who write an entry now and then and wait until it is
accepted, ten therapists' windows that read pages and the API, and beside them one attack after the other, each in a
process of its own. Printed: median and 99th percentile of what honest people waited for, and the server's memory.
Only this machine's loopback is used; every loop is bounded in count and time.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import msgspec
from msgspec import Struct
from tests.bench.attacks import ATTACKS, HEAVY, Target, fill
from tests.end_to_end.practice import Practice, desk
from tests.end_to_end.server_process import ServerProcess
from tests.end_to_end.wire import redeem, welcomed

from intersession_schemas.crdt import Document
from intersession_schemas.documents import journal
from intersession_schemas.messages import Accepted

CLIENTS, WINDOWS = 10, 10
PAUSE = (0.3, 0.9)
"""Seconds between what one person does and does next."""


class Measured(Struct, frozen=True):
    """What honest people saw of one attack: seconds, and failures; the server's memory in bytes."""

    name: str
    waits: list[float]
    failed: int
    memory_before: int
    memory_after: int
    notes: str = ""

    @property
    def median(self) -> float:
        """The middle of the waits."""
        return statistics.median(self.waits)

    @property
    def p99(self) -> float:
        """Of a hundred waits one is longer."""
        return sorted(self.waits)[int(len(self.waits) * 0.99)]


class Crowd:
    """Twenty honest people, each in a thread, until `stop`."""

    def __init__(self, server: ServerProcess, tokens: list[str], cookies: httpx.Cookies, clients: list[str]) -> None:
        self._server = server
        self._tokens = tokens
        self._cookies = cookies
        self._clients = clients
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._waits: list[float] = []
        self._failed = 0
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Set everybody going."""
        todo: list[tuple[Callable[..., None], str]] = [(self._write, token) for token in self._tokens]
        todo += [(self._read, self._clients[number % len(self._clients)]) for number in range(WINDOWS)]
        self._threads = [threading.Thread(target=what, args=(whose,), daemon=True) for what, whose in todo]
        for thread in self._threads:
            thread.start()

    def take(self) -> tuple[list[float], int]:
        """What was waited for since the last time, and how often something failed."""
        with self._lock:
            waits, self._waits, failed, self._failed = self._waits, [], self._failed, 0
        return waits, failed

    def stop(self) -> None:
        """End, and wait until all have."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(30)

    def _timed(self, act: Callable[[], None]) -> None:
        began = time.monotonic()
        failed = 0
        try:
            act()
        except Exception:  # noqa: BLE001 - whatever it is, somebody honest was not served
            failed = 1
        with self._lock:
            self._waits.append(time.monotonic() - began)
            self._failed += failed

    def _pause(self) -> bool:
        return self._stopping.wait(random.uniform(*PAUSE))

    def _write(self, token: str) -> None:
        while not self._stopping.is_set():
            try:
                with welcomed(self._server.url, token) as peer:
                    while not self._pause():
                        at = datetime.now(UTC)
                        document = Document.new(uuid4().bytes)
                        change = journal.create(document, written_at=at, entered_at=at, text="How it was today.")

                        def push(change: bytes = change) -> None:
                            assert isinstance(peer.push(uuid4(), [change]), Accepted)

                        self._timed(push)
            except Exception:  # noqa: BLE001 - cut off, and back again
                with self._lock:
                    self._failed += 1
                self._stopping.wait(1.0)

    def _read(self, client: str) -> None:
        paths = ("/", f"/clients/{client}", f"/api/clients/{client}/entries", "/api/clients", "/health")
        with httpx.Client(base_url=self._server.url, cookies=self._cookies, timeout=20.0) as http:
            number = 0
            while not self._pause():
                number += 1

                def get(path: str = paths[number % len(paths)]) -> None:
                    http.get(path).raise_for_status()

                self._timed(get)


def _attack(name: str, target: bytes, seconds: float) -> None:
    """In the attacker's process."""
    ATTACKS[name](msgspec.msgpack.decode(target, type=Target), time.monotonic() + seconds)


def run(folder: Path, names: list[str], seconds: float) -> list[Measured]:
    """All of it, on a new server in `folder`."""
    server = ServerProcess(folder / "data")
    server.start()
    found = []
    crowd: Crowd | None = None
    try:
        with Practice.on(server) as practice:
            practice.add_therapist("noor")
            people = [practice.add_client(f"Client {number}", "noor") for number in range(CLIENTS)]
            tokens = [redeem(server.url, one.code).token for one in people]
            attacker = practice.add_client("Attacker", "noor")
            target = Target(
                url=server.url,
                port=server.port,
                token=redeem(server.url, attacker.code).token,
                client=str(attacker.person),
                username="noor",
            )
            with desk(server.url, "noor") as noor:
                target = msgspec.structs.replace(
                    target, cookies={cookie.name: cookie.value or "" for cookie in noor.http.cookies.jar}
                )
                crowd = Crowd(server, tokens, noor.http.cookies, [str(one.person) for one in people])
                crowd.start()
                time.sleep(1.0)
                crowd.take()
                context = multiprocessing.get_context("spawn")
                for name in ["none", *names]:
                    notes = ""
                    if name in HEAVY:
                        fill(target, HEAVY[name])
                        notes = _page_of(target)
                        crowd.take()
                    before = server.memory()
                    attack = context.Process(
                        target=_attack, args=(name, msgspec.msgpack.encode(target), seconds), daemon=True
                    )
                    if name == "none":
                        time.sleep(seconds)
                    else:
                        attack.start()
                        attack.join(seconds + 30)
                        if attack.is_alive():
                            attack.kill()
                    waits, failed = crowd.take()
                    time.sleep(1.0)
                    crowd.take()
                    measured = Measured(name, waits or [seconds], failed, before, server.memory(), notes)
                    found.append(measured)
                    _print(measured)
        return found
    finally:
        if crowd is not None:
            crowd.stop()
        if server.is_running():
            server.kill()


def _page_of(target: Target) -> str:
    """How large the page of the heavy record is, and how long it takes once what was pushed has arrived."""
    with httpx.Client(base_url=target.url, cookies=target.cookies, timeout=60.0) as http:
        for _ in range(100):
            if http.get(f"/api/clients/{target.client}/symptoms", params={"limit": 1}).json()["items"]:
                break
            time.sleep(0.2)
        began = time.monotonic()
        size = len(http.get(f"/clients/{target.client}", params={"range": "all"}).content)
        return f"its page: {size / 1024:.0f} KiB in {time.monotonic() - began:.2f} s"


def _print(one: Measured) -> None:
    mib = 1024 * 1024
    sys.stdout.write(
        f"{one.name:22} {len(one.waits):5} waits  median {one.median * 1000:7.1f} ms  p99 {one.p99 * 1000:8.1f} ms"
        f"  failed {one.failed:3}  memory {one.memory_before / mib:6.0f} -> {one.memory_after / mib:6.0f} MiB  {one.notes}\n"
    )
    sys.stdout.flush()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each attack")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"attacks; all if left out: {', '.join(ATTACKS)}")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), given.names or list(ATTACKS), given.seconds)


if __name__ == "__main__":
    main()
