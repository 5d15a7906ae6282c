"""Commands about practices, people and their devices."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import rich_click as click
from click import termui

from intersession_server.accounts import passwords
from intersession_server.cli.options import (
    ClearErrors,
    answer,
    execute,
    operator_options,
    practice_option,
)
from intersession_server.operator import commands, terminal

F = TypeVar("F", bound=Callable[..., Any])


@click.group(cls=ClearErrors)
def practice() -> None:
    """Practices: the tenants of a server."""


@practice.command("create")
@click.argument("name")
@operator_options
def practice_create(name: str, data: str | None, as_json: bool) -> None:
    """Create a practice called NAME."""
    result: commands.PracticeCreated = execute(data, commands.CreatePractice(name=name))
    answer(result, as_json, [f"Created the practice {result.name} ({result.practice})."])


RETENTIONS = {
    "erase": "What clients withdraw is permanently deleted from this server, shared entries included.",
    "hide": "What clients withdraw from their record is hidden from everybody but kept in the log, and the client is"
    " told so. Private entries are still deleted.",
}


@practice.command("retention")
@click.argument("practice")
@click.argument("retention", type=click.Choice(list(RETENTIONS)))
@operator_options
def practice_retention(practice: str, retention: commands.Retention, data: str | None, as_json: bool) -> None:
    """Set what happens to entries that clients of PRACTICE (name or id) withdraw from now on.

    erase (the default): they are deleted. hide: nobody can see them any more, but the log keeps them.
    """
    result: commands.RetentionSet = execute(data, commands.SetRetention(practice=practice, retention=retention))
    backups = "Backups made earlier are not changed, nor is what was withdrawn before."
    was = "was already set" if result.already else "is set"
    answer(result, as_json, [f"{result.name}: {retention} {was}.", RETENTIONS[retention], backups])


@click.group(cls=ClearErrors)
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
@click.option("--manager", is_flag=True, help="Lets them manage the practice by its pages as well.")
@practice_option
@_password_options
@operator_options
def therapist_add(
    username: str,
    name: str | None,
    practice: str | None,
    password_stdin: bool,
    generate_password: bool,
    manager: bool,
    data: str | None,
    as_json: bool,
) -> None:
    """Add a therapist who signs in as USERNAME, and print a code to pair their device.

    The first therapist of a practice manages it, as those do who are added with --manager.

    Without --password-stdin you are asked for a password on a terminal; otherwise one is generated and printed once.
    """
    password, made = _new_password(password_stdin, generate_password)
    command = commands.AddTherapist(
        username=username, name=name or username, password=password, practice=practice, manager=manager
    )
    result: commands.Invited = execute(data, command)
    if as_json:
        fields = msgspec.to_builtins(result)
        terminal.say([terminal.json_text({**fields, "password": password} if made else fields, sys.stdout)])
        return
    lines = [f"Added the therapist {result.name}, user name {result.username} ({result.person})."]
    answer(result, False, [*lines, *([f"Password: {password}"] if made else []), *_code_lines(result)])


@therapist.command("invite")
@click.argument("therapist")
@operator_options
def therapist_invite(therapist: str, data: str | None, as_json: bool) -> None:
    """Print a code to pair another device of THERAPIST (user name or id)."""
    result: commands.Invited = execute(data, commands.InviteTherapist(therapist=therapist))
    answer(result, as_json, _code_lines(result))


@therapist.command("password")
@click.argument("therapist")
@_password_options
@operator_options
def therapist_password(
    therapist: str, password_stdin: bool, generate_password: bool, data: str | None, as_json: bool
) -> None:
    """Set a new password for THERAPIST (user name or id); ends their browser sessions."""
    password, made = _new_password(password_stdin, generate_password)
    result: commands.PasswordSet = execute(data, commands.SetPassword(therapist=therapist, password=password))
    if as_json:
        fields = msgspec.to_builtins(result)
        terminal.say([terminal.json_text({**fields, "password": password} if made else fields, sys.stdout)])
        return
    answer(result, False, [f"The password of {result.username} is set.", *([f"Password: {password}"] if made else [])])


@click.group(cls=ClearErrors)
def client() -> None:
    """Clients: invited by their practice."""


@client.command("invite")
@click.argument("name", required=False)
@click.option(
    "--client", metavar="CLIENT", default=None, help="Invite another device of this existing client (id or name)."
)
@click.option("--new", "namesake", is_flag=True, help="Add another person with the same name as an existing client.")
@practice_option
@operator_options
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
    result: commands.Invited = execute(data, command)
    added = [f"Added the client {result.name} ({result.person})."] if result.added else []
    answer(result, as_json, added + _code_lines(result))


@click.command("assign")
@click.argument("client")
@click.argument("therapist")
@click.option(
    "--role",
    type=click.Choice(["primary", "covering", "supervisor"]),
    default="primary",
    show_default=True,
    help="Role of THERAPIST on the care team: primary, covering or supervisor.",
)
@operator_options
def assign_command(client: str, therapist: str, role: commands.CareRole, data: str | None, as_json: bool) -> None:
    """Add THERAPIST (user name or id) to the care team of CLIENT (id or exact name)."""
    command = commands.Assign(client=client, therapist=therapist, role=role)
    result: commands.TherapistAssigned = execute(data, command)
    answer(result, as_json, ["Assigned already." if result.already else f"Assigned as {result.role}."])


@click.command("unassign")
@click.argument("client")
@click.argument("therapist")
@operator_options
def unassign_command(client: str, therapist: str, data: str | None, as_json: bool) -> None:
    """Remove THERAPIST from the care team of CLIENT; the therapist's devices delete the client's data."""
    result: commands.Unassigned = execute(data, commands.Unassign(client=client, therapist=therapist))
    answer(result, as_json, ["Unassigned. Connected devices delete the record now, others when they next connect."])


@click.command("people")
@practice_option
@operator_options
def people_command(practice: str | None, data: str | None, as_json: bool) -> None:
    """List therapists and clients, with their ids and care teams."""
    result: commands.PeopleListed = execute(data, commands.ListPeople(practice=practice))
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
    answer(result, as_json, terminal.table(("id", "role", "name", "practice", "care team"), rows))


@click.command("devices")
@click.option(
    "--person", metavar="PERSON", default=None, help="List only this person's devices: user name, id or client's name."
)
@operator_options
def devices_command(person: str | None, data: str | None, as_json: bool) -> None:
    """List the paired devices and when each last synced."""
    result: commands.DevicesListed = execute(data, commands.ListDevices(person=person))
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
    answer(result, as_json, terminal.table(("id", "person", "app", "paired", "last sync", "revoked"), rows))


@click.command("revoke")
@click.argument("device", type=click.UUID)
@operator_options
def revoke_command(device: UUID, data: str | None, as_json: bool) -> None:
    """Revoke the access of DEVICE (an id from `devices`). It deletes its data when it next connects."""
    result: commands.DeviceRevoked = execute(data, commands.RevokeDevice(device=device))
    answer(
        result,
        as_json,
        [f"This device of {result.name} {'was already revoked' if result.already else 'has been revoked'}."],
    )


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
    until = invited.expires_at.astimezone()
    soon = until - datetime.now(UTC) < timedelta(hours=12)
    when = until.strftime("%H:%M" if soon else "%Y-%m-%d %H:%M")
    return [f"Pairing code: {invited.code}", f"For one device of {invited.name}, until {when}."]
