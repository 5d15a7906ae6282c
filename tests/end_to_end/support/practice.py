"""A practice on a running server: what its operator does, and what its therapist reads over HTTP.

The operator's commands are those of the command line, handed to the server through the operator's door as the
command line does it: some hundred are given, and a process for each would take longer than all else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
import msgspec
from msgspec import Struct
from tests.end_to_end.support.server_process import ServerProcess

from intersession import Caseload, Tracker
from intersession_server.data_folder import DataFolder
from intersession_server.operator import commands

PASSWORD = "correct horse battery"
NAME = "Praxis am Fluss"
EACH_ITS_OWN = httpx.Limits(max_keepalive_connections=0)
"""A connection for each request: one that is used again after some seconds may just be closed by the server."""

R = TypeVar("R", bound=commands.Result)


class Invitation(Struct, frozen=True):
    """A person, and the code for one device of theirs."""

    person: UUID
    name: str
    code: str


class Practice:
    """The operator of one server with one practice. Thread-safe."""

    def __init__(self, server: ServerProcess) -> None:
        self.server = server
        self._http = httpx.Client(trust_env=False, timeout=30.0, limits=EACH_ITS_OWN)

    @classmethod
    @contextmanager
    def on(cls, server: ServerProcess) -> Iterator[Practice]:
        """A practice on a server that has none."""
        practice = cls(server)
        with practice._http:
            practice.operate(commands.CreatePractice(name=NAME), commands.PracticeCreated)
            yield practice

    def operate(self, command: commands.AnyCommand, answer: type[R]) -> R:
        """Have the running server carry out a command."""

        door = DataFolder(self.server.data).door()
        assert door is not None, "no server runs on the data folder"
        said = self._http.post(
            f"http://127.0.0.1:{door.port}/operator",
            content=msgspec.json.encode(command),
            headers={"Authorization": f"Bearer {door.token}", "Content-Type": "application/json"},
        )
        assert said.status_code == 200, said.text
        return msgspec.json.decode(said.content, type=answer)

    def add_therapist(self, username: str) -> Invitation:
        """A new therapist, who signs in with `PASSWORD`."""
        command = commands.AddTherapist(username=username, name=f"Dr {username}", password=PASSWORD)
        return _invitation(self.operate(command, commands.Invited))

    def add_client(self, name: str, *therapists: str) -> Invitation:
        """A new client, with these therapists as their care team."""
        invited = self.operate(commands.AddClient(name=name), commands.Invited)
        for therapist in therapists:
            self.assign(invited.person, therapist)
        return _invitation(invited)

    def invite_client(self, client: UUID) -> str:
        """A code for another device of a client."""
        return self.operate(commands.InviteClient(client=str(client)), commands.Invited).code

    def invite_therapist(self, username: str) -> str:
        """A code for another device of a therapist."""
        return self.operate(commands.InviteTherapist(therapist=username), commands.Invited).code

    def assign(self, client: UUID, therapist: str) -> None:
        """Make a therapist part of a client's care team."""
        self.operate(commands.Assign(client=str(client), therapist=therapist), commands.TherapistAssigned)

    def unassign(self, client: UUID, therapist: str) -> None:
        """End an assignment."""
        self.operate(commands.Unassign(client=str(client), therapist=therapist), commands.Unassigned)

    def revoke(self, device: UUID) -> None:
        """End a device's access."""
        self.operate(commands.RevokeDevice(device=device), commands.DeviceRevoked)

    @contextmanager
    def tracker(self, path: Path, client: Invitation | UUID, *, share_earlier: bool = False) -> Iterator[Tracker]:
        """A client's store at `path`, paired and sharing what it writes."""
        code = client.code if isinstance(client, Invitation) else self.invite_client(client)
        with Tracker.open(path) as tracker:
            tracker.pair(self.server.url, code, share_by_default=True, share_earlier=share_earlier)
            yield tracker

    @contextmanager
    def caseload(self, path: Path, therapist: Invitation | str) -> Iterator[Caseload]:
        """A therapist's store at `path`, paired."""
        code = therapist.code if isinstance(therapist, Invitation) else self.invite_therapist(therapist)
        with Caseload.open(path) as caseload:
            caseload.pair(self.server.url, code)
            yield caseload


class Desk:
    """A signed-in therapist at the HTTP API."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def clients(self) -> dict[str, dict[str, Any]]:
        """The caseload by client's name."""
        items: list[dict[str, Any]] = self._get("/api/clients", {})["items"]
        return {item["name"]: item for item in items}

    def entries(self, client: UUID | str, *, limit: int = 50) -> list[dict[str, Any]]:
        """All journal entries of a client, page by page."""
        return self._all(f"/api/clients/{client}/entries", limit)

    def symptoms(self, client: UUID | str, *, limit: int = 50) -> list[dict[str, Any]]:
        """All symptom logs of a client, page by page."""
        return self._all(f"/api/clients/{client}/symptoms", limit)

    def _all(self, path: str, limit: int) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        before: dict[str, Any] = {}
        while True:
            page = self._get(path, {"limit": limit, **before})
            assert len(page["items"]) <= limit
            items += page["items"]
            if page["next"] is None:
                return items
            before = {"before": page["next"]}

    def _get(self, path: str, parameters: dict[str, Any]) -> dict[str, Any]:
        answer = self.http.get(path, params=parameters)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        found: dict[str, Any] = answer.json()
        return found


@contextmanager
def desk(url: str, username: str) -> Iterator[Desk]:
    """Sign in with user name and password, as a program does; the cookie does the rest."""
    with httpx.Client(base_url=url, timeout=30.0, limits=EACH_ITS_OWN) as http:
        answer = http.post("/sign-in", json={"username": username, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        yield Desk(http)


def _invitation(invited: commands.Invited) -> Invitation:
    return Invitation(invited.person, invited.name, invited.code)
