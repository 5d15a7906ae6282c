"""The command line says what the SDK says: a command is called like its call, an option like its parameter."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import click
import pytest

from intersession import Goals, Homework, Journal, Symptoms, Tracker, Vault
from intersession.cli import main

CALLS: dict[str, Callable[..., Any]] = {
    "backup": Tracker.backup,
    "entries": Journal.entries,
    "goals add": Goals.add,
    "goals list": Goals.list,
    "goals reach": Goals.reach,
    "homework": Homework.list,
    "import symptoms": Symptoms.import_csv,
    "log": Symptoms.log,
    "pair": Tracker.pair,
    "plan": Tracker.plan,
    "progress": Tracker.progress,
    "record": Homework.record,
    "search": Journal.search,
    "share": Journal.share,
    "status": Tracker.status,
    "sync": Tracker.sync,
    "upcoming": Tracker.upcoming,
    "vault change-passphrase": Vault.change_passphrase,
    "vault create": Vault.create,
    "vault lock": Vault.lock,
    "vault new-recovery-code": Vault.new_recovery_code,
    "vault status": Vault.status,
    "vault unlock": Vault.unlock,
    "withdraw": Journal.withdraw,
    "withdrawals": Journal.withdrawals,
    "write": Journal.write,
}
ON_THE_LINE_ONLY = {
    *("store", "as_json", "yes"),
    *("days",),  # how far to look ahead
    *("old", "passphrase"),  # `passphrase_or_code`, asked for one after the other
}


def command(words: str) -> click.Command:
    found: click.Command = main
    for word in words.split():
        assert isinstance(found, click.Group)
        found = found.commands[word]
    return found


@pytest.mark.parametrize("words", CALLS)
def test_options_are_called_like_parameters(words: str) -> None:
    parameters = set(inspect.signature(CALLS[words]).parameters)
    options = {one.name for one in command(words).params if isinstance(one, click.Option)}
    if words == "progress":
        options.remove("until")  # refused with words
    assert options - parameters - ON_THE_LINE_ONLY == set()


@pytest.mark.parametrize("words", [words for words in CALLS if words.startswith(("vault", "goals"))])
def test_a_command_of_a_group_is_called_like_its_call(words: str) -> None:
    assert words.split()[-1].replace("-", "_") == CALLS[words].__name__


def test_what_is_chosen_is_chosen_by_the_same_words() -> None:
    from intersession.changeable import BarrierWord, ProgressWord, words_of

    choices = {one.name: one.type for one in command("record").params}
    for name, words in (("status", words_of(ProgressWord)), ("barrier", words_of(BarrierWord))):
        kind = choices[name]
        assert isinstance(kind, click.Choice)
        assert tuple(kind.choices) == words
