"""Commands that those who manage a practice have as pages, too."""

from __future__ import annotations

import rich_click as click

from intersession_server.cli.options import answer, execute, operator_options
from intersession_server.cli.people import practice, therapist
from intersession_server.operator import staff_commands as staff


@practice.command("code-lifetime")
@click.argument("practice")
@click.argument("minutes", type=click.IntRange(10, 14 * 24 * 60))
@operator_options
def practice_code_lifetime(practice: str, minutes: int, data: str | None, as_json: bool) -> None:
    """Set how many MINUTES pairing codes of PRACTICE (name or id) work: 10 (the default) to 20160 (14 days).

    Codes that work for up to an hour have 8 characters, others 16. Either way a code takes five attempts.
    """
    result: staff.CodeLifetimeSet = execute(data, staff.SetCodeLifetime(practice=practice, minutes=minutes))
    was = "already worked" if result.already else "work from now on"
    answer(result, as_json, [f"{result.name}: pairing codes {was} for {result.minutes} minutes."])


@practice.command("reminders")
@click.argument("practice")
@click.argument("offered", type=click.Choice(["on", "off"]))
@operator_options
def practice_reminders(practice: str, offered: str, data: str | None, as_json: bool) -> None:
    """Offer clients of PRACTICE (name or id) reminders that reach their device while the app is closed, or no longer.

    They come by the push service of each client's browser (of Google, Mozilla, Apple or Microsoft), which learns that
    a device gets a message of this server and when, never what it is about. Clients turn them on themselves.
    """
    result: staff.RemindersSet = execute(data, staff.SetReminders(practice=practice, offered=offered == "on"))
    now = "are offered" if result.offered else "are not offered"
    answer(result, as_json, [f"{result.name}: reminders {now}{' already' if result.already else ' now'}."])


@practice.command("country")
@click.argument("practice")
@click.argument("country")
@operator_options
def practice_country(practice: str, country: str, data: str | None, as_json: bool) -> None:
    """Say in which COUNTRY (two letters, as DE; or none) PRACTICE (name or id) is.

    Its clients' apps show the emergency number and crisis lines of that country with every safety plan, after what the
    practice's own resources say.
    """
    command = staff.SetCountry(practice=practice, country=None if country.lower() == "none" else country)
    result: staff.CountrySet = execute(data, command)
    now = result.country if result.country is not None else "not said"
    answer(result, as_json, [f"{result.name}: the country {'was already' if result.already else 'is'} {now}."])


@therapist.command("manager")
@click.argument("therapist")
@click.argument("right", type=click.Choice(["grant", "withdraw"]))
@operator_options
def therapist_manager(therapist: str, right: str, data: str | None, as_json: bool) -> None:
    """Grant THERAPIST (user name or id) the right to manage their practice by its pages, or withdraw it.

    It gives no access to what clients write. Somebody always has it.
    """
    command = staff.SetManager(therapist=therapist, manager=right == "grant")
    result: staff.ManagerSet = execute(data, command)
    now = "manages the practice" if result.manager else "does not manage the practice"
    answer(result, as_json, [f"{result.username} {now}{' already' if result.already else ' now'}."])


@click.command("rename")
@click.argument("person")
@click.argument("name")
@operator_options
def rename_command(person: str, name: str, data: str | None, as_json: bool) -> None:
    """Give PERSON (a therapist's user name, a client's exact name, or an id) the name NAME."""
    result: staff.Renamed = execute(data, staff.Rename(person=person, name=name))
    answer(result, as_json, [f"The name is {result.name} ({result.person})."])


@click.command("end")
@click.argument("person")
@operator_options
def end_command(person: str, data: str | None, as_json: bool) -> None:
    """End the care of a client, or the access of a therapist who leaves (user name, exact name or id).

    Assignments, devices, sign-in sessions and pairing codes end; devices delete what they hold when they next connect.
    What was written stays on the server.
    """
    result: staff.PersonEnded = execute(data, staff.EndPerson(person=person))
    what = "The care" if result.role == "client" else "The access"
    lines = [f"{what} of {result.name} {'had ended already' if result.already else 'has ended'}."]
    answer(result, as_json, [*lines, f"Assignments ended: {result.assignments}. Devices revoked: {result.devices}."])


@click.command("resume")
@click.argument("person")
@operator_options
def resume_command(person: str, data: str | None, as_json: bool) -> None:
    """Take up the care of a client again, or bring a therapist back.

    Assignments are made and devices are paired anew.
    """
    result: staff.PersonResumed = execute(data, staff.ResumePerson(person=person))
    answer(result, as_json, [f"{result.name} {'had not been away' if result.already else 'is back'}."])


@click.command("revoke-code")
@click.argument("person")
@operator_options
def revoke_code_command(person: str, data: str | None, as_json: bool) -> None:
    """Revoke the pairing code that PERSON (user name, exact name or id) has now."""
    result: staff.InvitationRevoked = execute(data, staff.RevokeInvitation(person=person))
    done = "had no code that works" if result.already else "has no code any more"
    answer(result, as_json, [f"{result.name} {done}."])


@therapist.command("sign-out")
@click.argument("therapist")
@operator_options
def therapist_sign_out(therapist: str, data: str | None, as_json: bool) -> None:
    """Sign THERAPIST (user name or id) out of every browser."""
    result: staff.SessionsEnded = execute(data, staff.EndSessions(therapist=therapist))
    answer(result, as_json, [f"{result.username} is signed out everywhere."])


@therapist.command("language")
@click.argument("therapist")
@click.argument("language", type=click.Choice(["browser", "en", "de"]))
@operator_options
def therapist_language(therapist: str, language: str, data: str | None, as_json: bool) -> None:
    """Set the language in which THERAPIST (user name or id) reads the pages; browser: the one that it asks for."""
    command = staff.SetLanguage(therapist=therapist, language=None if language == "browser" else language)
    result: staff.LanguageSet = execute(data, command)
    answer(result, as_json, [f"Language: {result.language or 'as the browser asks'}."])


STAFF_COMMANDS = (rename_command, end_command, resume_command, revoke_code_command)
