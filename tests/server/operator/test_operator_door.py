"""The operator's door: who may knock, and that the server does what the command itself would have done."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import msgspec
import pytest
from tests.server.accounts.world import CHEAP, PASSWORD, Clock, http_client, practice_with, settings_for

from intersession_schemas.nesting import DEPTH
from intersession_server.app import create_app, create_operator_app
from intersession_server.data_folder import DataFolder, Door
from intersession_server.errors import FolderBusy, Refused, StorageError
from intersession_server.operator import commands
from intersession_server.operator.door import run_command
from intersession_server.serve import listening, running
from intersession_server.services import Services, open_services

pytestmark = pytest.mark.anyio

BODY = msgspec.json.encode(commands.CreatePractice(name="Nord"))


@pytest.fixture
async def http(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with http_client(create_operator_app(services)) as client:
        yield client


async def test_it_is_not_on_the_network(services: Services) -> None:
    async with http_client(create_app(services)) as client:
        answer = await client.post(
            "/operator", content=BODY, headers={"authorization": f"Bearer {services.operator_token}"}
        )
    assert answer.status_code == 404


async def test_only_the_token_of_the_data_folder_opens_it(services: Services, http: httpx.AsyncClient) -> None:
    token = services.operator_token
    for value in (None, "", "Bearer", "Bearer ", f"Basic {token}", token, f"Bearer {token}x", "Bearer " + "A" * 43):
        headers = {} if value is None else {"authorization": value}
        assert (await http.post("/operator", content=BODY, headers=headers)).status_code == 401
    assert (await http.post("/operator", content=BODY, headers={"authorization": f"Bearer {token}"})).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b'{"command": "Shutdown"}',
        b'{"command": "CreatePractice"}',
        b"\xff",
        BODY[:-1] + b', "new": ' + b"[" * DEPTH + b"]" * DEPTH + b"}",
    ],
)
async def test_what_is_no_command_is_refused(services: Services, http: httpx.AsyncClient, body: bytes) -> None:
    answer = await http.post("/operator", content=body, headers={"authorization": f"Bearer {services.operator_token}"})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


async def never(_: commands.AnyCommand) -> commands.AnyResult:
    raise AssertionError("the folder is held: nothing may be done directly")


async def test_a_running_server_and_a_free_folder_give_the_same_results(tmp_path: Path, clock: Clock) -> None:
    """The same commands through the door of one server, and directly on another folder: equal but for the ids."""

    async def all_of_them(folder: Path, through_the_door: bool) -> list[object]:
        settings = settings_for(folder)
        holder = DataFolder(folder)
        results: list[object] = []

        async def directly(command: commands.AnyCommand) -> commands.AnyResult:
            async with open_services(settings, holder, clock=clock, hasher=CHEAP, background=False) as services:
                return await services.operations.execute(command)

        async def run(folder: DataFolder) -> None:
            for command in SESSION:
                try:
                    result = await run_command(folder, command, never if through_the_door else directly)
                except Refused as refused:
                    results.append((refused.code, str(refused)))
                else:
                    results.append({key: value for key, value in msgspec.to_builtins(result).items() if key not in IDS})

        if not through_the_door:
            await run(holder)
            return results
        async with open_services(settings, holder, clock=clock, hasher=CHEAP) as services:
            with listening("127.0.0.1", 0, settings) as private:
                port = private.getsockname()[1]
                async with running(create_operator_app(services), private, settings, services):
                    holder.open_door(Door(port, services.operator_token, 1))
                    await run(DataFolder(folder))
        return results

    directly = await all_of_them(tmp_path / "free", through_the_door=False)
    through = await all_of_them(tmp_path / "held", through_the_door=True)
    assert through == directly
    assert len(directly) == len(SESSION)


IDS = {"practice", "person", "invitation", "client", "therapist", "assignment", "device", "code", "people"}
SESSION: list[commands.AnyCommand] = [
    commands.CreatePractice(name="Nord"),
    commands.CreatePractice(name="Nord"),
    commands.AddTherapist(username="ada", name="Ada Ł", password=PASSWORD),
    commands.AddTherapist(username="ben", name="Ben", password="short"),
    commands.AddClient(name="Ann"),
    commands.AddClient(name="Bob"),
    commands.InviteClient(client="Bob"),
    commands.Assign(client="Ann", therapist="ada", role="covering"),
    commands.Assign(client="Ann", therapist="ada", role="covering"),
    commands.Unassign(client="Bob", therapist="ada"),
    commands.Unassign(client="Ann", therapist="ada"),
    commands.SetPassword(therapist="ada", password=PASSWORD * 2),
    commands.ListPeople(),
    commands.ListDevices(),
]


async def test_a_server_that_was_killed_left_a_door_that_leads_nowhere(tmp_path: Path, clock: Clock) -> None:
    folder = DataFolder(tmp_path)
    with listening("127.0.0.1", 0, settings_for(tmp_path)) as unused:
        folder.open_door(Door(unused.getsockname()[1], "A" * 43, 4711))

    async def directly(command: commands.AnyCommand) -> commands.AnyResult:
        return commands.Rebuilt(rows=1)

    assert await run_command(folder, commands.Rebuild(), directly) == commands.Rebuilt(rows=1)
    with DataFolder(tmp_path).held(), pytest.raises(FolderBusy, match="4711"):
        await run_command(folder, commands.Rebuild(), directly, wait=0.0)


async def test_a_command_waits_for_another_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def directly(command: commands.AnyCommand) -> commands.AnyResult:
        return commands.Rebuilt(rows=1)

    with ExitStack() as other:
        other.enter_context(DataFolder(tmp_path).held())
        monkeypatch.setattr(DataFolder, "door", lambda _: other.close())  # it ends once it has been in the way
        assert await run_command(DataFolder(tmp_path), commands.Rebuild(), directly) == commands.Rebuilt(rows=1)


async def test_a_failure_of_the_server_is_the_commands_failure(services: Services, tmp_path: Path) -> None:
    await practice_with(services)
    operations = services.operations
    with listening("127.0.0.1", 0, services.settings) as private:
        async with running(create_operator_app(services), private, services.settings, services):
            door = Door(private.getsockname()[1], services.operator_token, 1)
            folder = DataFolder(tmp_path)
            folder.open_door(door)

            async def fail(command: commands.AnyCommand) -> commands.AnyResult:
                raise StorageError("the disk of /somewhere is full")

            operations.execute = fail  # type: ignore[method-assign, assignment]
            with pytest.raises(StorageError, match="could not access its disk") as caught:
                await run_command(folder, commands.ListPeople(), never)
            assert "somewhere" not in str(caught.value)

            async def break_down(command: commands.AnyCommand) -> commands.AnyResult:
                raise KeyError("secret")

            operations.execute = break_down  # type: ignore[method-assign, assignment]
            with pytest.raises(StorageError, match="server failed") as caught:
                await run_command(folder, commands.ListPeople(), never)
            assert "secret" not in str(caught.value)


async def test_a_questionnaire_of_the_largest_size_goes_through(services: Services, http: httpx.AsyncClient) -> None:
    """A request of the public app may be a mebibyte; a command holds a file of four, in base64."""
    body = msgspec.json.encode(commands.ImportInstrument(questionnaire=b" " * 4 * 1024 * 1024))
    headers = {"authorization": f"Bearer {services.operator_token}"}
    assert (await http.post("/operator", content=body, headers=headers)).json()["code"] == "not_found"  # no practice
    await http.post("/operator", content=BODY, headers=headers)
    answer = await http.post("/operator", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "questionnaire_invalid")
    assert (await http.post("/operator", content=body * 2, headers=headers)).status_code == 413
