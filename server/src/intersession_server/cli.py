"""The `intersession-server` command.

Every command but `serve` and `demo` is a value of `operator.commands`: it is carried out here when nobody holds the
data folder, and by the running server when one does.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from collections.abc import Callable
from typing import IO, Any, TypeVar
from uuid import UUID

import msgspec
import rich_click as click
from click import termui

from intersession_schemas.errors import IntersessionError
from intersession_schemas.instruments import read_questionnaire, take
from intersession_server import event_log
from intersession_server.accounts import passwords
from intersession_server.data_folder import DataFolder
from intersession_server.demo.demo import run_demo
from intersession_server.operator import commands, terminal
from intersession_server.operator.door import run_command
from intersession_server.operator.wordings import spoken
from intersession_server.serve import serve
from intersession_server.services import open_services
from intersession_server.settings import Described, Settings, described, settings_from

DEMO_DATA = "intersession-demo"
MOST_FILE = 4 * 1024 * 1024
"""Bytes of a questionnaire; of a longer file no more is read than shows that it is longer."""

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


def _setting_options(command: F) -> F:
    for setting in reversed(described()):
        if setting.name != "data":
            command = _setting_option(setting)(command)
    return _data_option(command)


def _data_option(command: F) -> F:
    (setting,) = (setting for setting in described() if setting.name == "data")
    return click.option(
        "--data",
        metavar="DIR",
        default=None,
        callback=_note_data,
        help=f"{setting.description} [{setting.variable}] Default: {setting.default}.",
    )(command)


def _note_data(ctx: click.Context, _: click.Parameter, value: str | None) -> str | None:
    """`--data` may stand before the command as well as after it; after it counts."""
    state = ctx.find_root().ensure_object(dict)
    if value is not None:
        state["data"] = value
    given: str | None = state.get("data")
    return given


def _operator_options(command: F) -> F:
    """What every command that talks to the accounts takes."""
    json_flag = click.option(
        "--json", "as_json", is_flag=True, callback=_note_json, is_eager=True, help="Print JSON, for programs."
    )
    return _data_option(json_flag(command))


def _note_json(ctx: click.Context, _: click.Parameter, value: bool) -> bool:
    if value:
        ctx.find_root().ensure_object(dict)["json"] = True
    return value


def _practice_option(command: F) -> F:
    return click.option(
        "--practice", metavar="PRACTICE", default=None, help="Name or id; required if there are several practices."
    )(command)


def _execute(data: str | None, command: commands.AnyCommand) -> Any:
    settings = settings_from({"data": data}, os.environ)
    event_log.set_up("warning", "text")

    folder = DataFolder(settings.folder)

    async def directly(command: commands.AnyCommand) -> commands.AnyResult:
        async with open_services(settings, folder, background=False) as services:
            return await services.operations.execute(command)

    return asyncio.run(run_command(folder, command, directly))


def _answer(result: commands.AnyResult, as_json: bool, lines: list[str]) -> None:
    terminal.say([terminal.json_text(result, sys.stdout)] if as_json else lines)


@click.group(cls=ClearErrors, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="intersession-server", prog_name="intersession-server")
@_data_option
def main(data: str | None) -> None:
    """The practice's side of Intersession: the sync server and its accounts."""
    del data  # kept by `_note_data`
    os.umask(0o077)


@main.command("serve")
@_setting_options
def serve_command(**given: Any) -> None:
    """Serve devices and browsers until Ctrl-C. Prints the URL once it answers."""
    settings: Settings = settings_from(given, os.environ)
    event_log.set_up(settings.log_level, settings.log_format)

    def ready(url: str) -> None:
        click.echo(f"Serving on {url}")
        sys.stdout.flush()

    serve(settings, ready)


@main.command("demo")
@click.option("--data", metavar="DIR", default=None, callback=_note_data, help=f"Data folder. Default: {DEMO_DATA}.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on. Default: any free port.")
def demo_command(data: str | None, port: int) -> None:
    """Serve a fictitious practice with active clients, to try things out. Stop it with Ctrl-C; the data is kept.

    When it is ready, it prints one line: `ready URL USER PASSWORD`.
    """
    event_log.set_up("warning", "text")

    def say(line: str) -> None:
        click.echo(line, err=not line.startswith("ready "))
        sys.stdout.flush()

    run_demo(Settings(data=data or DEMO_DATA, port=port), say)


@main.group(cls=ClearErrors)
def practice() -> None:
    """Practices: the tenants of a server."""


@practice.command("create")
@click.argument("name")
@_operator_options
def practice_create(name: str, data: str | None, as_json: bool) -> None:
    """Create a practice called NAME."""
    result: commands.PracticeCreated = _execute(data, commands.CreatePractice(name=name))
    _answer(result, as_json, [f"Created the practice {result.name} ({result.practice})."])


RETENTIONS = {
    "erase": "What clients withdraw is permanently deleted from this server, shared entries included.",
    "hide": "What clients withdraw from their record is hidden from everybody but kept in the log, and the client is"
    " told so. Private entries are still deleted.",
}


@practice.command("retention")
@click.argument("practice")
@click.argument("retention", type=click.Choice(list(RETENTIONS)))
@_operator_options
def practice_retention(practice: str, retention: commands.Retention, data: str | None, as_json: bool) -> None:
    """Set what happens to entries that clients of PRACTICE (name or id) withdraw from now on.

    erase (the default): they are deleted. hide: nobody can see them any more, but the log keeps them.
    """
    result: commands.RetentionSet = _execute(data, commands.SetRetention(practice=practice, retention=retention))
    backups = "Backups made earlier are not changed, nor is what was withdrawn before."
    was = "was already set" if result.already else "is set"
    _answer(result, as_json, [f"{result.name}: {retention} {was}.", RETENTIONS[retention], backups])


@main.group(cls=ClearErrors)
def therapist() -> None:
    """Therapists: their devices and their sign-in."""


def _password_options(command: F) -> F:
    stdin = click.option(
        "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
    )
    generate = click.option("--generate-password", is_flag=True, help="Generate a password and print it once.")
    return stdin(generate(command))


@therapist.command("add")
@click.argument("username")
@click.option("--name", default=None, help="Name shown to clients and colleagues. Default: the user name.")
@_practice_option
@_password_options
@_operator_options
def therapist_add(
    username: str,
    name: str | None,
    practice: str | None,
    password_stdin: bool,
    generate_password: bool,
    data: str | None,
    as_json: bool,
) -> None:
    """Add a therapist who signs in as USERNAME, and print a code to pair their device.

    Without --password-stdin you are asked for a password on a terminal; otherwise one is generated and printed once.
    """
    password, made = _new_password(password_stdin, generate_password)
    command = commands.AddTherapist(username=username, name=name or username, password=password, practice=practice)
    result: commands.Invited = _execute(data, command)
    if as_json:
        fields = msgspec.to_builtins(result)
        terminal.say([terminal.json_text({**fields, "password": password} if made else fields, sys.stdout)])
        return
    lines = [f"Added the therapist {result.name}, user name {result.username} ({result.person})."]
    _answer(result, False, [*lines, *([f"Password: {password}"] if made else []), *_code_lines(result)])


@therapist.command("invite")
@click.argument("therapist")
@_operator_options
def therapist_invite(therapist: str, data: str | None, as_json: bool) -> None:
    """Print a code to pair another device of THERAPIST (user name or id)."""
    result: commands.Invited = _execute(data, commands.InviteTherapist(therapist=therapist))
    _answer(result, as_json, _code_lines(result))


@therapist.command("password")
@click.argument("therapist")
@_password_options
@_operator_options
def therapist_password(
    therapist: str, password_stdin: bool, generate_password: bool, data: str | None, as_json: bool
) -> None:
    """Set a new password for THERAPIST (user name or id); ends their browser sessions."""
    password, made = _new_password(password_stdin, generate_password)
    result: commands.PasswordSet = _execute(data, commands.SetPassword(therapist=therapist, password=password))
    if as_json:
        fields = msgspec.to_builtins(result)
        terminal.say([terminal.json_text({**fields, "password": password} if made else fields, sys.stdout)])
        return
    _answer(result, False, [f"The password of {result.username} is set.", *([f"Password: {password}"] if made else [])])


@main.group(cls=ClearErrors)
def client() -> None:
    """Clients: invited by their practice."""


@client.command("invite")
@click.argument("name", required=False)
@click.option(
    "--client", metavar="CLIENT", default=None, help="Invite another device of this existing client (id or name)."
)
@click.option("--new", "namesake", is_flag=True, help="Add another person with the same name as an existing client.")
@_practice_option
@_operator_options
def client_invite(
    name: str | None, client: str | None, namesake: bool, practice: str | None, data: str | None, as_json: bool
) -> None:
    """Invite a new client called NAME, and print a code to pair their device.

    With --client instead of NAME: a code for another device of an existing client.
    """
    if (name is None) == (client is None):
        raise click.UsageError("Give the NAME of a new client, or --client for an existing one.")
    command: commands.AnyCommand
    if client is not None:
        command = commands.InviteClient(client=client)
    else:
        command = commands.AddClient(name=name or "", practice=practice, namesake=namesake)
    result: commands.Invited = _execute(data, command)
    added = [f"Added the client {result.name} ({result.person})."] if result.added else []
    _answer(result, as_json, added + _code_lines(result))


@main.command("assign")
@click.argument("client")
@click.argument("therapist")
@click.option(
    "--role",
    type=click.Choice(["primary", "covering", "supervisor"]),
    default="primary",
    show_default=True,
    help="Role of THERAPIST on the care team: primary, covering or supervisor.",
)
@_operator_options
def assign_command(client: str, therapist: str, role: commands.CareRole, data: str | None, as_json: bool) -> None:
    """Add THERAPIST (user name or id) to the care team of CLIENT (id or exact name)."""
    command = commands.Assign(client=client, therapist=therapist, role=role)
    result: commands.TherapistAssigned = _execute(data, command)
    _answer(result, as_json, ["Assigned already." if result.already else f"Assigned as {result.role}."])


@main.command("unassign")
@click.argument("client")
@click.argument("therapist")
@_operator_options
def unassign_command(client: str, therapist: str, data: str | None, as_json: bool) -> None:
    """Remove THERAPIST from the care team of CLIENT; the therapist's devices delete the client's data."""
    result: commands.Unassigned = _execute(data, commands.Unassign(client=client, therapist=therapist))
    _answer(result, as_json, ["Unassigned. Connected devices delete the record now, others when they next connect."])


@main.command("people")
@_practice_option
@_operator_options
def people_command(practice: str | None, data: str | None, as_json: bool) -> None:
    """List therapists and clients, with their ids and care teams."""
    result: commands.PeopleListed = _execute(data, commands.ListPeople(practice=practice))
    rows = [
        (
            str(person.person),
            person.role,
            person.name if person.username is None else f"{person.name} [{person.username}]",
            person.practice,
            ", ".join(f"{name} ({role})" for name, role in person.care_team.items()),
        )
        for person in result.people
    ]
    _answer(result, as_json, terminal.table(("id", "role", "name", "practice", "care team"), rows))


@main.command("devices")
@click.option(
    "--person", metavar="PERSON", default=None, help="List only this person's devices: user name, id or client's name."
)
@_operator_options
def devices_command(person: str | None, data: str | None, as_json: bool) -> None:
    """List the paired devices and when each last synced."""
    result: commands.DevicesListed = _execute(data, commands.ListDevices(person=person))
    rows = [
        (
            str(device.device),
            f"{device.name} ({device.role})",
            device.agent,
            terminal.moment(device.paired_at),
            terminal.moment(device.last_heard_at),
            terminal.moment(device.revoked_at),
        )
        for device in result.devices
    ]
    _answer(result, as_json, terminal.table(("id", "person", "app", "paired", "last sync", "revoked"), rows))


@main.command("revoke")
@click.argument("device", type=click.UUID)
@_operator_options
def revoke_command(device: UUID, data: str | None, as_json: bool) -> None:
    """Revoke the access of DEVICE (an id from `devices`). It deletes its data when it next connects."""
    result: commands.DeviceRevoked = _execute(data, commands.RevokeDevice(device=device))
    _answer(
        result,
        as_json,
        [f"This device of {result.name} {'was already revoked' if result.already else 'has been revoked'}."],
    )


@main.group(cls=ClearErrors)
def instrument() -> None:
    """Instruments: questionnaires, and the wording that a practice brings for them."""


@instrument.command("import")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--language", metavar="CODE", default=None, help="A translation in the file, such as de. Default: its own language."
)
@click.option(
    "--as", "taken_as", metavar="KEY", default=None, help="What the file is, if ambiguous: a key such as phq-9, or new."
)
@_practice_option
@_operator_options
def instrument_import(file: IO[bytes], data: str | None, as_json: bool, **given: Any) -> None:
    """Import the wording of FILE, a FHIR R4 Questionnaire in JSON (- reads standard input).

    Wording of a known instrument is checked against the official text. Anything else becomes an instrument of your
    own, with a sum but no bands; a file that looks like a known one but does not match it needs --as. If a file cannot
    be used, all its problems are listed.
    """
    command = commands.ImportInstrument(questionnaire=file.read(MOST_FILE + 1), **given)
    asked = spoken(read_questionnaire(command.questionnaire), command.language)
    take(asked, command.taken_as)  # whatever is wrong is said here, in full
    result: commands.InstrumentImported = _execute(data, command)
    _answer(result, as_json, terminal.imported_lines(result))


@instrument.command("list")
@_practice_option
@_operator_options
def instrument_list(practice: str | None, data: str | None, as_json: bool) -> None:
    """List the instruments, whether their wording is imported, and whether clients can be asked."""
    result: commands.InstrumentsListed = _execute(data, commands.ListInstruments(practice=practice))
    rows = [terminal.listed_row(one) for one in result.instruments]
    _answer(result, as_json, terminal.table(terminal.INSTRUMENTS_HEAD, rows))


@main.command("rebuild")
@_operator_options
def rebuild_command(data: str | None, as_json: bool) -> None:
    """Rebuild the read models from the log."""
    result: commands.Rebuilt = _execute(data, commands.Rebuild())
    _answer(result, as_json, [f"Rebuilt from {result.rows} rows."])


def _new_password(from_stdin: bool, generate: bool) -> tuple[str, bool]:
    """(password, whether it was made here and has to be told)."""
    if from_stdin and generate:
        raise click.UsageError("Give --password-stdin or --generate-password, not both.")
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif generate or not sys.stdin.isatty():
        return secrets.token_urlsafe(12), True
    else:
        password = str(termui.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    passwords.check_new(password)
    return password, False


def _code_lines(invited: commands.Invited) -> list[str]:
    until = invited.expires_at.astimezone().strftime("%H:%M")
    return [f"Pairing code: {invited.code}", f"For one device of {invited.name}, until {until}."]
