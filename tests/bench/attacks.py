"""What somebody may do to a server, each bounded by a deadline: for `under_attack`, against its own server only."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import msgspec
from msgspec import Struct
from tests.end_to_end.wire import connected, welcomed

from intersession_schemas.crdt import Document
from intersession_schemas.documents import symptoms
from intersession_schemas.documents.symptoms import Log
from intersession_schemas.messages import Erase, Have, Hello, StreamCursor

MOST_SOCKETS = 400


class Target(Struct, frozen=True):
    """A server, and what the attacker has: one client's token, and a signed-in therapist's cookies."""

    url: str
    port: int
    token: str
    client: str
    username: str
    cookies: dict[str, str] = {}


Attack = Callable[[Target, float], None]


def _again(until: float, most: int = 100_000) -> Iterator[int]:
    for number in range(most):
        if time.monotonic() > until:
            return
        yield number


def _persistently(until: float, act: Callable[[], None]) -> None:
    """Again and again, however it ends, but no faster than a loop that is cut off each time need be."""
    for _ in _again(until):
        with contextlib.suppress(Exception):
            act()
        time.sleep(0.01)


def _open_sockets(target: Target, until: float, first: bytes, then: bytes = b"") -> None:
    """Hold many connections open that begin with `first` and go on with a little of `then`; open again what is cut."""
    held: list[socket.socket] = []
    for number in _again(until):
        with contextlib.suppress(OSError):
            if len(held) >= MOST_SOCKETS:
                held.pop(0).close()
            one = socket.create_connection(("127.0.0.1", target.port), 1.0)
            one.sendall(first)
            held.append(one)
        if then and number % 10 == 0:
            for one in held:
                with contextlib.suppress(OSError):
                    one.sendall(then)
        time.sleep(0.005)
    for one in held:
        one.close()


def silent_sockets(target: Target, until: float) -> None:
    """Connections that say nothing."""
    _open_sockets(target, until, b"")


def slow_header(target: Target, until: float) -> None:
    """A header that never ends."""
    _open_sockets(target, until, b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n", b"X-A: b\r\n")


def slow_body(target: Target, until: float) -> None:
    """A body that never ends."""
    head = f"POST /pair HTTP/1.1\r\nHost: 127.0.0.1:{target.port}\r\nContent-Type: application/json\r\n"
    _open_sockets(target, until, f"{head}Content-Length: 90000\r\n\r\n".encode(), b" ")


def no_hello(target: Target, until: float) -> None:
    """Websockets that are opened and say no hello."""
    with contextlib.ExitStack() as held:
        for _ in _again(until, 100):
            with contextlib.suppress(Exception):
                held.enter_context(connected(target.url, target.token))
            time.sleep(0.05)


def wrong_tokens(target: Target, until: float) -> None:
    """Websockets with tokens that are none."""

    def act() -> None:
        with connected(target.url, "x" * 43) as peer:
            peer.close_code()

    _persistently(until, act)


def wrong_codes(target: Target, until: float) -> None:
    """Pairing with codes that are wrong, many at once."""

    def one(_: int) -> None:
        with contextlib.suppress(httpx.HTTPError):
            httpx.post(f"{target.url}/pair", json={"code": "AAAA-BBBB", "agent": "x"}, timeout=5.0)

    with ThreadPoolExecutor(16) as pool:
        for _ in _again(until, 200):
            list(pool.map(one, range(32)))


def unknown_frames(target: Target, until: float) -> None:
    """Frames of a type that nobody knows, as fast as they go."""
    frame = msgspec.msgpack.encode({"type": "nothing", "x": b"0" * 500})

    def act() -> None:
        with welcomed(target.url, target.token) as peer:
            for _ in _again(until, 5_000):
                peer.say_raw(frame)

    _persistently(until, act)


def reconnecting(target: Target, until: float) -> None:
    """A burst of pushes, again with each new connection."""

    def act() -> None:
        with welcomed(target.url, target.token) as peer:
            for _ in range(200):
                peer.send_push(uuid4(), [b"no change"])
            for _ in range(200):
                peer.hear(2.0)

    _persistently(until, act)


def inflating(target: Target, until: float) -> None:
    """Changes whose two mebibytes inflate to two gibibytes."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    pieces = [packed.compress(bytes(1024 * 1024)) for _ in range(256)]
    body = b"".join(pieces) + packed.flush()
    head = b"\x85\x6f\x4a\x83" + bytes(4) + b"\x02" + _leb(len(body))

    def act() -> None:
        with welcomed(target.url, target.token) as peer:
            for _ in range(8):
                peer.push(uuid4(), [head + body] * 4)

    _persistently(until, act)


def run_lengths(target: Target, until: float) -> None:
    """Few bytes that stand for many operations: a list of one value, repeated."""
    document = Document.new(uuid4().bytes)
    with document.edit() as edit:
        edit.put("kind", "journal_entry")
        edit.put_text("text", "a" * 19_000)
    assert edit.change is not None
    change = edit.change

    def act() -> None:
        with welcomed(target.url, target.token) as peer:
            for _ in range(50):
                peer.push(uuid4(), [change])

    _persistently(until, act)


def erasing(target: Target, until: float) -> None:
    """Erasures of documents that never were."""

    def act() -> None:
        with welcomed(target.url, target.token) as peer:
            stream = peer.offer().stream
            for number in range(500):
                peer.say(Erase(number + 1, stream, uuid4(), "journal_entry"))
            for _ in range(500):
                peer.hear(2.0)

    _persistently(until, act)


def many_cursors(target: Target, until: float) -> None:
    """A hello with ten thousand cursors."""
    cursors = [StreamCursor(uuid4(), 1, bytes(8)) for _ in range(10_000)]

    def act() -> None:
        with connected(target.url, target.token) as peer:
            peer.say(Hello((1, 1), uuid4(), "x", cursors))
            peer.hear(5.0)

    _persistently(until, act)


def many_heads(target: Target, until: float) -> None:
    """Haves with a thousand heads."""

    def act() -> None:
        with welcomed(target.url, target.token) as peer:
            stream = peer.offer().stream
            for _ in range(50):
                peer.say(Have(stream, uuid4(), [uuid4().bytes * 2 for _ in range(1_000)]))
            for _ in range(50):
                peer.hear(2.0)

    _persistently(until, act)


def filling(target: Target, until: float) -> None:
    """Entries of all that a change may hold, as fast as they are taken."""
    noise = "".join(uuid4().hex for _ in range(600))

    def act() -> None:
        with welcomed(target.url, target.token) as peer:
            for _ in range(50):
                document = Document.new(uuid4().bytes)
                with document.edit() as edit:
                    edit.put("kind", "journal_entry")
                    edit.put("padding", noise + uuid4().hex)
                assert edit.change is not None
                peer.push(uuid4(), [edit.change])

    _persistently(until, act)


def heavy_page(target: Target, until: float) -> None:
    """The pages of a heavy record, opened again and again in some windows."""
    paths = (
        f"/clients/{target.client}?range=all",
        f"/clients/{target.client}/brief",
        f"/api/clients/{target.client}/signals",
    )

    def window(number: int) -> None:
        with httpx.Client(base_url=target.url, cookies=target.cookies, timeout=60.0) as http:
            for path in itertools.islice(itertools.cycle(paths), number, None):
                if time.monotonic() > until:
                    return
                with contextlib.suppress(httpx.HTTPError):
                    http.get(path)

    threads = [threading.Thread(target=window, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def fill(target: Target, logs: int) -> None:
    """Make the attacker's record heavy: so many logs of 200 symptoms of their own names."""
    began = datetime.now(UTC) - timedelta(days=2)
    with welcomed(target.url, target.token) as peer:
        for first in range(0, logs, 20):
            document = Document.new(uuid4().bytes)
            changes = [symptoms.create(document, symptoms.month_of(began))]
            made = [
                Log(
                    id=uuid4(),
                    at=began + timedelta(minutes=number),
                    entered_at=began + timedelta(minutes=number),
                    values={f"symptom {number} {each}": each % 10 for each in range(200)},
                )
                for number in range(first, min(first + 20, logs))
            ]
            changes.append(symptoms.add(document, made))
            peer.push(uuid4(), changes, kind="symptom_log")


HEAVY = {"heavy_page": 360}
ATTACKS: dict[str, Attack] = {
    one.__name__: one
    for one in (
        silent_sockets, slow_header, slow_body, no_hello, wrong_tokens, wrong_codes, unknown_frames, reconnecting,
        inflating, run_lengths, erasing, many_cursors, many_heads, filling, heavy_page,
    )
}  # fmt: skip


def _leb(number: int) -> bytes:
    found = bytearray()
    while True:
        number, low = number >> 7, number & 0x7F
        found.append(low | (0x80 if number else 0))
        if not number:
            return bytes(found)
