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
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from intersession_server.data_folder import DataFolder
from intersession_server.errors import ConfigurationError, Refused, StorageError
from intersession_server.operator import commands
from intersession_server.operator.door import run_command
from intersession_server.serve import serve
from intersession_server.services import open_services, utc_now
from intersession_server.settings import Settings

THERAPIST = "therapist"
COVERING = "covering"
NAMES = {THERAPIST: "Dr Demo", COVERING: "Sam Locum"}
PRACTICE = "Demo practice"
_FILE = "demo.json"
_DEVICES = "devices"
_END_WITHIN = 2.0


class SetBackClock:
    """The demo's clock: what was before is received when it was, so it stands in the past while that happens."""

    def __init__(self) -> None:
        self.at: datetime | None = None

    def __call__(self) -> datetime:
        return self.at or utc_now()


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
    clock = SetBackClock()
    clients = _Clients(settings, kept, clock, say)
    try:
        serve(settings, clients.start, demo=True, clock=clock)
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
            for username, name in NAMES.items():
                password = login.password if username == THERAPIST else secrets.token_urlsafe(9)
                await execute(commands.AddTherapist(username=username, name=name, password=password, practice=PRACTICE))
    _keep(settings, login)
    return login


class _Clients:
    """The clients' process, and the thread that answers it."""

    def __init__(self, settings: Settings, kept: Kept, clock: SetBackClock, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._kept = kept
        self._clock = clock
        self._say = say
        self._process: subprocess.Popen[str] | None = None
        self._ending = False
        self.failure: StorageError | None = None

    def start(self, url: str) -> None:
        """Start them once the server answers at `url`. Called on the server's event loop, so it does not wait."""
        _keep(self._settings, msgspec.structs.replace(self._kept, port=urlsplit(url).port or 0))
        self._say(f"serving on {url}; what its clients have lived through is now being played")
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
            asked = json.loads(line)
            answer = self._answer(asked, url)
            if answer is not None:
                process.stdin.write(json.dumps(answer) + "\n")
                process.stdin.flush()
        if not self._ending:
            self.failure = StorageError("The demo's clients have stopped unexpectedly; see their output above.")
            os.kill(os.getpid(), signal.SIGINT)

    def _answer(self, asked: Mapping[str, Any], url: str) -> dict[str, Any] | None:
        """What is answered to a line of the clients' process, if anything."""
        try:
            match asked:
                case {"at": at}:
                    self._clock.at = None if at is None else datetime.fromisoformat(at).astimezone(UTC)
                    return {}
                case {"code_for": name, "covered": covered}:
                    return {"code": asyncio.run(self._code_for(name, covered=covered))}
                case {"therapist_code": who}:
                    invited = asyncio.run(self._run(commands.InviteTherapist(therapist=who)))
                    assert isinstance(invited, commands.Invited)
                    return {"code": invited.code}
                case {"questions": form, "risks": risks}:
                    imported = asyncio.run(self._run(_questions(form, risks)))
                    assert isinstance(imported, commands.InstrumentImported)
                    return {"key": imported.key}
                case {"part": part}:
                    self._say(f"{part} % of it has happened")
                case {"synced": entries, "app": name, "code": code}:
                    self._say(f"{entries} journal entries are in; every minute somebody writes again")
                    self._say(f"the client's app, as {name}: {url}/app/pair#{code} (for ten minutes)")
                    self._say(f"ready {url} {self._kept.user} {self._kept.password}")
        except Refused as error:
            return {"error": str(error)}
        return None

    async def _code_for(self, name: str, *, covered: bool) -> str:
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
            if covered:
                await self._run(commands.Assign(client=name, therapist=COVERING, role="covering"))
        assert isinstance(invited, commands.Invited)
        return invited.code

    async def _run(self, command: commands.AnyCommand) -> commands.AnyResult:
        async def directly(_: commands.AnyCommand) -> commands.AnyResult:
            raise StorageError("The demo's server has stopped.")

        return await run_command(DataFolder(self._settings.folder), command, directly)


def _questions(form: Mapping[str, Any], risks: list[str]) -> commands.ImportInstrument:
    """The practice's own questions, in the words of the demo."""
    return commands.ImportInstrument(questionnaire=json.dumps(form).encode(), taken_as="new", risks=tuple(risks))
