"""A page in a browser opens a sync connection: with its token among the subprotocols, which is told to nobody."""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import structlog
from tests.server.edge.test_websocket_origin import served
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from intersession_schemas import codec
from intersession_schemas.errors import CloseCode
from intersession_schemas.messages import PROTOCOL, Hello, Welcome
from intersession_server import event_log

pytestmark = pytest.mark.anyio


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that a server logs that was told to log all it can."""
    root = logging.getLogger()
    before = root.handlers, root.level
    stream = io.StringIO()
    event_log.set_up("debug", "json", stream)
    yield stream
    root.handlers, root.level = before
    structlog.reset_defaults()


def opening(port: int, *subprotocols: str, origin: str | None = None, host: str | None = None) -> connect:
    """What a page does with `new WebSocket(url, subprotocols)`."""
    return connect(
        f"ws://{host or f'127.0.0.1:{port}'}/sync",
        host="127.0.0.1",
        port=port,
        proxy=None,
        origin=Origin(origin or f"http://127.0.0.1:{port}"),
        subprotocols=[Subprotocol(one) for one in subprotocols],
    )


async def closed_with(page: ClientConnection) -> int | None:
    """What the server closes with, after whatever it says before."""
    try:
        while True:
            await page.recv()
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd is not None else None


async def test_it_is_welcomed_under_the_protocols_name(tmp_path: Path) -> None:
    async with served(tmp_path) as (port, token), opening(port, "intersession.1", f"bearer.{token}") as page:
        assert page.subprotocol == "intersession.1"
        assert page.response is not None
        assert token not in repr(page.response)
        await page.send(codec.encode(Hello((PROTOCOL, PROTOCOL), uuid4())))
        assert isinstance(codec.decode_down(await page.recv()), Welcome)


async def test_a_wrong_token_is_closed_with_its_code(tmp_path: Path) -> None:
    async with served(tmp_path) as (port, token):
        for offered in (["bearer." + "A" * 43], ["bearer."], [], [f"bearer.{token}", "bearer.x"]):
            async with opening(port, "intersession.1", *offered) as page:
                assert page.subprotocol == "intersession.1"
                assert await closed_with(page) == CloseCode.UNAUTHENTICATED
        async with opening(port, f"bearer.{token}") as page:
            assert page.subprotocol is None
            assert await closed_with(page) == CloseCode.UNAUTHENTICATED


def all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_the_token_is_written_down_nowhere(
    tmp_path: Path, logged: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not in logs at their fullest, nor in any file of the data folder: taken, refused, and cut off in the middle."""
    wrong = "B" * 43
    async with served(tmp_path) as (port, token):
        for given in (token, wrong):
            async with opening(port, "intersession.1", f"bearer.{given}") as page:
                with contextlib.suppress(ConnectionClosed):  # the wrong one may be closed already
                    await page.send(b"\xc1 no frame")
                await closed_with(page)
            for elsewhere in ({"origin": "https://evil.example"}, {"host": "evil.example"}):
                with pytest.raises(InvalidStatus) as refused:
                    await opening(port, "intersession.1", f"bearer.{given}", **elsewhere)
                assert given not in repr(refused.value.response.body) + repr(refused.value.response.headers)
    out = capfd.readouterr()
    said = logged.getvalue() + out.out + out.err
    assert "http.wrong_host" in said  # it did log
    held = await asyncio.to_thread(all_bytes, tmp_path)
    for given in (token, wrong):
        assert given not in said
        assert given.encode() not in held
