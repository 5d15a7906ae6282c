"""Commands for who reads what: share, withdraw, and the vault, which keeps private entries on all of one's devices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rich_click as click

from intersession.cli.care import pick
from intersession.cli.commands import main, open_store, shared_options
from intersession.cli.listing import page, page_options, show
from intersession.cli.output import care as shown
from intersession.cli.output import printing as output

_LOSING = (
    "Write the code below on paper. It is shown only once. If you lose both the passphrase and this code, the\n"
    "vault is lost: nobody can open it again, not even your practice."
)


@main.command()
@click.argument("entry")
@shared_options
def share(store: Path | None, as_json: bool, entry: str) -> None:
    """Share ENTRY (the beginning of its id) with your care team: its present text, without anything deleted earlier."""
    with open_store(store) as tracker:
        found = tracker.journal.share(pick(tracker.journal.entries(), entry).id)
    output.as_json(found) if as_json else output.say(output.entry(found))


@main.command()
@click.argument("entry")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@shared_options
def withdraw(store: Path | None, as_json: bool, entry: str, yes: bool) -> None:
    """Withdraw ENTRY (the beginning of its id): it is deleted here, and at your practice with the next sync."""
    with open_store(store) as tracker:
        chosen = pick(tracker.journal.entries(), entry)
        if not yes:
            click.confirm(
                "It is deleted from this device now. What has been read cannot be unread. Withdraw it?", abort=True
            )
        found = tracker.journal.withdraw(chosen.id)
    output.as_json(found) if as_json else output.say(shown.withdrawal(found))


@main.command()
@page_options
@shared_options
def withdrawals(store: Path | None, as_json: bool, **given: Any) -> None:
    """List what you have withdrawn, and when it may have been read."""
    with open_store(store) as tracker:
        found, more = page(tracker.journal.withdrawals, **given)
    show(found, more, as_json, shown.withdrawal, "Nothing was withdrawn.")


@main.group()
def vault() -> None:
    """The vault: private entries on all your devices, encrypted so that nobody else can read them."""


passphrase_option = click.password_option(
    "--passphrase", confirmation_prompt=False, help="The vault's passphrase. You are asked for it if omitted."
)


@vault.command("status")
@shared_options
def vault_status(store: Path | None, as_json: bool) -> None:
    """Show whether there is a vault, and whether it is unlocked on this device."""
    with open_store(store) as tracker:
        found = tracker.vault.status()
    output.as_json(found) if as_json else output.say(shown.vault(found))


@vault.command("create")
@click.password_option("--passphrase", help="At least 8 characters. You are asked for it if omitted.")
@shared_options
def vault_create(store: Path | None, as_json: bool, passphrase: str) -> None:
    """Create the vault and print its recovery code once."""
    with open_store(store) as tracker:
        code = tracker.vault.create(passphrase)
    output.as_json({"recovery_code": code}) if as_json else output.say(f"{_LOSING}\n\n    {code}")


@vault.command("unlock")
@passphrase_option
@shared_options
def vault_unlock(store: Path | None, as_json: bool, passphrase: str) -> None:
    """Unlock the vault on this device with the passphrase or the recovery code."""
    with open_store(store) as tracker:
        tracker.vault.unlock(passphrase)
        found = tracker.vault.status()
    output.as_json(found) if as_json else output.say(shown.vault(found))


@vault.command("lock")
@shared_options
def vault_lock(store: Path | None, as_json: bool) -> None:
    """Lock the vault on this device; entries already here stay readable."""
    with open_store(store) as tracker:
        tracker.vault.lock()
        found = tracker.vault.status()
    output.as_json(found) if as_json else output.say(shown.vault(found))


@vault.command("change-passphrase")
@click.password_option(
    "--old", confirmation_prompt=False, prompt="Passphrase or recovery code", help="The current passphrase."
)
@click.password_option("--new", prompt="New passphrase", help="The new passphrase, at least 8 characters.")
@shared_options
def vault_change_passphrase(store: Path | None, as_json: bool, old: str, new: str) -> None:
    """Change the vault's passphrase."""
    with open_store(store) as tracker:
        tracker.vault.change_passphrase(old, new)
        found = tracker.vault.status()
    output.as_json(found) if as_json else output.say("The passphrase has been changed.")


@vault.command("new-recovery-code")
@passphrase_option
@shared_options
def vault_new_recovery_code(store: Path | None, as_json: bool, passphrase: str) -> None:
    """Create a new recovery code and print it once; the old one stops working."""
    with open_store(store) as tracker:
        code = tracker.vault.new_recovery_code(passphrase)
    output.as_json({"recovery_code": code}) if as_json else output.say(f"{_LOSING}\n\n    {code}")
