"""What the commands share: how they take settings, are carried out and answer."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import rich_click as click

from intersession_schemas.errors import IntersessionError
from intersession_server import event_log
from intersession_server.data_folder import DataFolder
from intersession_server.operator import commands, terminal
from intersession_server.operator.door import run_command
from intersession_server.services import open_services
from intersession_server.settings import Described, described, settings_from

F = TypeVar("F", bound=Callable[..., Any])


class ClearErrors(click.RichGroup):
    """Errors raised on purpose end as one line on standard error and exit code 1; with --json as one JSON object."""

    def main(self, *args: Any, **given: Any) -> Any:
        terminal.escape_what_cannot_be_shown(sys.stdout, sys.stderr)
        return super().main(*args, **given)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except IntersessionError as error:
            as_json = bool((ctx.find_root().obj or {}).get("json"))
            text = terminal.problem_text(error, as_json=as_json, to=sys.stderr)
            click.echo(terminal.shown(text, sys.stderr), err=True, color=True)
            ctx.exit(1)


def _setting_option(setting: Described) -> Callable[[F], F]:
    flags = {"is_flag": True, "flag_value": True, "default": None} if setting.type is bool else {"default": None}
    shown = "" if setting.default in (None, False) else f" Default: {setting.default}."
    return click.option(setting.flag, setting.name, help=f"{setting.description} [{setting.variable}]{shown}", **flags)


def setting_options(command: F) -> F:
    """All settings of the server, as options."""
    for setting in reversed(described()):
        if setting.name != "data":
            command = _setting_option(setting)(command)
    return data_option(command)


def data_option(command: F) -> F:
    """The server's data folder."""
    (setting,) = (setting for setting in described() if setting.name == "data")
    return click.option(
        "--data",
        metavar="DIR",
        default=None,
        callback=note_data,
        help=f"{setting.description} [{setting.variable}] Default: {setting.default}.",
    )(command)


def note_data(ctx: click.Context, _: click.Parameter, value: str | None) -> str | None:
    """`--data` may stand before the command as well as after it; after it counts."""
    state = ctx.find_root().ensure_object(dict)
    if value is not None:
        state["data"] = value
    given: str | None = state.get("data")
    return given


def operator_options(command: F) -> F:
    """What every command that talks to the accounts takes."""
    json_flag = click.option(
        "--json", "as_json", is_flag=True, callback=_note_json, is_eager=True, help="Print JSON, for programs."
    )
    return data_option(json_flag(command))


def _note_json(ctx: click.Context, _: click.Parameter, value: bool) -> bool:
    if value:
        ctx.find_root().ensure_object(dict)["json"] = True
    return value


def practice_option(command: F) -> F:
    """The practice that a command is about."""
    return click.option(
        "--practice", metavar="PRACTICE", default=None, help="Name or id; required if there are several practices."
    )(command)


def execute(data: str | None, command: commands.AnyCommand) -> Any:
    """Carry a command out here, or have the running server do it; returns its result. Raises what it raises."""
    settings = settings_from({"data": data}, os.environ)
    event_log.set_up("warning", "text")

    folder = DataFolder(settings.folder)

    async def directly(command: commands.AnyCommand) -> commands.AnyResult:
        async with open_services(settings, folder, background=False) as services:
            return await services.operations.execute(command)

    return asyncio.run(run_command(folder, command, directly))


def answer(result: commands.AnyResult, as_json: bool, lines: list[str]) -> None:
    """Print a result: as lines for people, or as JSON."""
    terminal.say([terminal.json_text(result, sys.stdout)] if as_json else lines)
