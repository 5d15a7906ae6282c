"""Which pages may open a sync connection: those of this server's own origin, told apart by scheme, host and port."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.server.accounts.world import CHEAP, Clock, practice_with, settings_for
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from intersession_schemas import codec
from intersession_schemas.messages import PROTOCOL, Hello, Welcome
from intersession_server.accounts import invitations
from intersession_server.app import create_app
from intersession_server.serve import listening, running
from intersession_server.services import open_services

pytestmark = pytest.mark.anyio

PUBLIC = "https://journal.example.org"


@asynccontextmanager
async def served(folder: Path, **changes: object) -> AsyncIterator[tuple[int, str]]:
    """A server with these settings on a real port; the port, and a device's token."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    async with open_services(settings_for(folder, port=port, **changes), clock=Clock(), hasher=CHEAP) as services:
        ann = (await practice_with(services, clients=("Ann",)))["Ann"]
        token = (await invitations.redeem(ann.code, "app", services.clock())).token
        with listening("127.0.0.1", port, services.settings) as listener:
            async with running(create_app(services), listener, services.settings, services):
                yield port, token


async def taken(
    port: int, token: str, origin: str | None, host: str | None = None, headers: dict[str, str] | None = None
) -> bool:
    """Whether a page of that origin gets as far as a welcome; False: refused with 403 before anything is accepted."""
    given: dict[str, Any] = {"additional_headers": {"Authorization": f"Bearer {token}", **(headers or {})}}
    if origin is not None:
        given["origin"] = Origin(origin)
    url = f"ws://{host or f'127.0.0.1:{port}'}/sync"
    try:
        async with connect(url, host="127.0.0.1", port=port, proxy=None, **given) as page:
            await page.send(codec.encode(Hello((PROTOCOL, PROTOCOL), uuid4())))
            return isinstance(codec.decode_down(await page.recv()), Welcome)
    except InvalidStatus as failure:
        refused = failure.response
    assert refused.status_code in (403, 421)
    assert token.encode() not in (refused.body or b"")
    return False


async def test_on_this_machine(tmp_path: Path) -> None:
    async with served(tmp_path) as (port, token):
        origins: dict[str | None, bool] = {
            None: True,  # no browser
            f"http://127.0.0.1:{port}": True,
            f"http://localhost:{port}": True,
            f"http://[::1]:{port}": True,
            f"HTTP://LocalHost:{port}": True,
            f"https://127.0.0.1:{port}": False,
            f"ws://127.0.0.1:{port}": False,
            f"http://127.0.0.1:{port + 1}": False,
            "http://127.0.0.1": False,
            f"http://127.0.0.1:{port}/": False,
            f"http://127.0.0.1:{port}.evil.example": False,
            f"http://127.0.0.1.evil.example:{port}": False,
            f"http://evil.example@127.0.0.1:{port}": False,
            f"http://2130706433:{port}": False,
            "null": False,
            "file://": False,
            "*": False,
            "": False,
        }
        for origin, expected in origins.items():
            assert await taken(port, token, origin) == expected, origin


@pytest.mark.parametrize("proxy", [True, False], ids=["behind a proxy", "with its own name"])
async def test_under_a_public_name(tmp_path: Path, proxy: bool) -> None:
    """The page's scheme is the one that the browser sees, whatever the proxy speaks to the server."""
    async with served(tmp_path, public_url=PUBLIC, behind_proxy=proxy) as (port, token):
        origins: dict[str | None, bool] = {
            None: True,
            PUBLIC: True,
            f"{PUBLIC}:443": True,
            PUBLIC.upper(): True,
            "http://journal.example.org": False,
            "http://journal.example.org:443": False,
            f"{PUBLIC}:8443": False,
            f"{PUBLIC}/": False,
            f"{PUBLIC}.": False,
            "https://example.org": False,
            "https://other.journal.example.org": False,
            f"https://evil.example/{PUBLIC}": False,
            "null": False,
            "": False,
        }
        for scheme in ("http", "https"):
            said = {"X-Forwarded-Proto": scheme, "X-Forwarded-For": "203.0.113.7"}
            for origin, expected in origins.items():
                found = await taken(port, token, origin, "journal.example.org", said)
                assert found == expected, (origin, scheme)


APP = "app.journal.example.org"


async def test_where_the_app_has_a_name_of_its_own(tmp_path: Path) -> None:
    async with served(tmp_path, public_url=PUBLIC, app_host=APP, behind_proxy=True) as (port, token):
        for host, origin, expected in (
            (APP, f"https://{APP}", True),
            (APP, None, True),
            (APP, PUBLIC, False),
            (APP, f"http://{APP}", False),
            (APP, f"https://{APP}.evil.example", False),
            ("journal.example.org", PUBLIC, False),
            ("journal.example.org", f"https://{APP}", False),
            ("journal.example.org", None, False),
        ):
            assert await taken(port, token, origin, host) == expected, (host, origin)
