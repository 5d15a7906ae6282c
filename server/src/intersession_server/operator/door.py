"""The operator's door: a command handed to the server that holds the data folder, over this machine's loopback.

It is an app of its own on a socket of its own, so that it is not on the network at all. The port and the token
stand in a file of the data folder that only its owner can read.
"""

from __future__ import annotations

import asyncio
import getpass
import os
import time
from collections.abc import Awaitable, Callable

import httpx
import msgspec
import structlog
from litestar import Request, Response, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException

from intersession_schemas.nesting import check_json
from intersession_server.data_folder import DataFolder, Door
from intersession_server.edge.defences import ErrorBody
from intersession_server.errors import FolderBusy, Refused, StorageError
from intersession_server.operator.commands import AnyCommand, AnyResult
from intersession_server.operator.operations import CommandRunner

log = structlog.get_logger(__name__)

ANSWER_WITHIN = 600.0
MOST_BYTES = 8 * 1024 * 1024
"""Of a command: one holds a questionnaire, of up to 4 MiB, in base64."""

_decode_command: msgspec.json.Decoder[AnyCommand] = msgspec.json.Decoder(AnyCommand)
_decode_result: msgspec.json.Decoder[AnyResult] = msgspec.json.Decoder(AnyResult)


@post(
    "/operator",
    status_code=200,
    request_max_body_size=MOST_BYTES,
    opt={"access": "operator"},
    include_in_schema=False,
)
async def operate(
    request: Request[object, object, State], operations: NamedDependency[CommandRunner]
) -> Response[bytes]:
    """Carry out one command; the body is the command, the answer its result."""
    try:
        body = await request.body()
        check_json(body)
        command = _decode_command.decode(body)
    except msgspec.DecodeError as error:
        raise HTTPException(status_code=400) from error
    result = await operations.execute(command)
    log.info("operator.done", command=type(command).__name__)
    return Response(msgspec.json.encode(result), media_type="application/json")


async def run_command(
    folder: DataFolder,
    command: AnyCommand,
    directly: Callable[[AnyCommand], Awaitable[AnyResult]],
    *,
    wait: float = 10.0,
) -> AnyResult:
    """Carry out a command: `directly` when nobody holds the folder, else by the server that does.

    Raises `Refused`, `StorageError`, and `FolderBusy` when whoever holds the folder takes no commands for `wait`
    seconds (another command, or a server that is starting or ending).
    """
    command = msgspec.structs.replace(command, by=command.by or _user())
    until = time.monotonic() + wait
    while True:
        try:
            with folder.held():
                return await directly(command)
        except FolderBusy:
            door = folder.door()
            if door is not None:
                try:
                    return await _through(door, command)
                except httpx.TransportError:
                    # The server that wrote the file has ended, or has not begun to listen.
                    pass
            if time.monotonic() >= until:
                raise
        await asyncio.sleep(0.1)


def _user() -> str:
    """Who runs this process, as the machine knows them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user in the machine's list, as in some containers
        return str(os.getuid()) if hasattr(os, "getuid") else ""


async def _through(door: Door, command: AnyCommand) -> AnyResult:
    async with httpx.AsyncClient(trust_env=False, timeout=httpx.Timeout(ANSWER_WITHIN, connect=2.0)) as client:
        answer = await client.post(
            f"http://127.0.0.1:{door.port}/operator",
            content=msgspec.json.encode(command),
            headers={"Authorization": f"Bearer {door.token}", "Content-Type": "application/json"},
        )
    if answer.status_code == httpx.codes.OK:
        return _decode_result.decode(answer.content)
    try:
        problem = msgspec.json.decode(answer.content, type=ErrorBody)
    except msgspec.DecodeError as error:
        raise StorageError(
            "The running server sent an answer that this command cannot read. Check that both are the same version."
        ) from error
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise StorageError(f"The running server failed: {problem.message}", code=problem.code)
    raise Refused(problem.code, problem.message)
