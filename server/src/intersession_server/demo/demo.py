"""`intersession-server demo`: a server with an invented practice whose clients write, to have something to see.

The clients are the SDK's (`python -m intersession.demo`), in a process of their own that talks to this one over
standard input and output: the server never imports the SDK, and where that is not installed the demo says so.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import msgspec
from msgspec import Struct

from intersession_server.data_folder import DataFolder
from intersession_server.demo.care import give_care
from intersession_server.errors import ConfigurationError, StorageError
from intersession_server.operator import commands
from intersession_server.operator.door import run_command
from intersession_server.serve import serve
from intersession_server.services import open_services
from intersession_server.settings import Settings

THERAPIST = "therapist"
PRACTICE = "Demo practice"
_FILE = "demo.json"
_DEVICES = "devices"
_END_WITHIN = 2.0


class Kept(Struct, frozen=True):
    """What a later start needs: what the therapist signs in with, and the port that the devices know."""

    user: str
    password: str
    port: int = 0


def run_demo(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve the demo until SIGINT or SIGTERM; `say` is given progress and, once all is there, the `ready` line.

    Raises what `serve` raises, and `ConfigurationError` where the client SDK is not installed.
    """
    if importlib.util.find_spec("intersession") is None:
        raise ConfigurationError(
            "The demo's clients need the package `intersession`. Install it alongside this server."
        )
    kept = asyncio.run(_prepare(settings))
    if settings.port == 0 and _is_free(kept.port):
        settings = msgspec.structs.replace(settings, port=kept.port)
    clients = _Clients(settings, kept, say)
    try:
        serve(settings, clients.start)
    finally:
        clients.end()
    if clients.failure is not None:
        raise clients.failure


def _is_free(port: int) -> bool:
    with socket.socket() as trying:
        return port != 0 and trying.connect_ex(("127.0.0.1", port)) != 0


def _keep(settings: Settings, kept: Kept) -> None:
    file = settings.folder / _FILE
    file.touch(mode=0o600)
    file.write_bytes(msgspec.json.encode(kept))


async def _prepare(settings: Settings) -> Kept:
    """The practice and its therapist, made on the first start."""
    file = settings.folder / _FILE
    if file.is_file():
        return msgspec.json.decode(file.read_bytes(), type=Kept)
    login = Kept(THERAPIST, secrets.token_urlsafe(9))
    async with open_services(settings) as services:
        execute = services.operations.execute
        people = await execute(commands.ListPeople())
        assert isinstance(people, commands.PeopleListed)
        if any(person.username == THERAPIST for person in people.people):
            # A first start that was cut short: the password was never told to anybody.
            await execute(commands.SetPassword(therapist=THERAPIST, password=login.password))
        elif people.people:
            raise ConfigurationError(f"{settings.folder} holds a real practice. Use another folder for the demo.")
        else:
            await execute(commands.CreatePractice(name=PRACTICE))
            await execute(
                commands.AddTherapist(username=THERAPIST, name="Dr Demo", password=login.password, practice=PRACTICE)
            )
    _keep(settings, login)
    return login


class _Clients:
    """The clients' process, and the thread that answers it."""

    def __init__(self, settings: Settings, kept: Kept, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._kept = kept
        self._say = say
        self._process: subprocess.Popen[str] | None = None
        self._ending = False
        self.failure: StorageError | None = None

    def start(self, url: str) -> None:
        """Start them once the server answers at `url`. Called on the server's event loop, so it does not wait."""
        _keep(self._settings, msgspec.structs.replace(self._kept, port=urlsplit(url).port or 0))
        self._say(f"serving on {url}; the clients are now writing offline and will then sync")
        devices = Path(self._settings.folder) / _DEVICES
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "intersession.demo", url, str(devices)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for us: we end them, and then it is no failure
        )
        threading.Thread(target=self._listen, args=(self._process, url), name="demo-clients", daemon=True).start()

    def end(self) -> None:
        """End them, gently first."""
        self._ending = True
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_END_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _listen(self, process: subprocess.Popen[str], url: str) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        for line in process.stdout:
            match json.loads(line):
                case {"code_for": name}:
                    process.stdin.write(json.dumps({"code": asyncio.run(self._code_for(name))}) + "\n")
                    process.stdin.flush()
                case {"synced": entries}:
                    self._give_care(url)
                    self._say(f"{entries} journal entries are in; each client writes again within a minute")
                    self._say(f"ready {url} {self._kept.user} {self._kept.password}")
        if not self._ending:
            self.failure = StorageError("The demo's clients have stopped unexpectedly; see their output above.")
            os.kill(os.getpid(), signal.SIGINT)

    def _give_care(self, url: str) -> None:
        try:
            give_care(url, self._kept.user, self._kept.password)
        except httpx.HTTPError:
            self._say("the plan and homework could not be created; the demo continues without them")

    async def _code_for(self, name: str) -> str:
        """A pairing code for a device of that client, who is made and assigned the first time."""
        people = await self._run(commands.ListPeople())
        assert isinstance(people, commands.PeopleListed)
        known = [person for person in people.people if person.name == name]
        if known:
            invited = await self._run(commands.InviteClient(client=name))
        else:
            invited = await self._run(commands.AddClient(name=name))
        if not known or not known[0].care_team:
            await self._run(commands.Assign(client=name, therapist=THERAPIST))
        assert isinstance(invited, commands.Invited)
        return invited.code

    async def _run(self, command: commands.AnyCommand) -> commands.AnyResult:
        async def directly(_: commands.AnyCommand) -> commands.AnyResult:
            raise StorageError("The demo's server has stopped.")

        return await run_command(DataFolder(self._settings.folder), command, directly)
