"""The command line says what the SDK says: a command is called like its call, an option like its parameter."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import click
import pytest

from intersession import (
    Assessments,
    Caseload,
    Client,
    Episodes,
    Goals,
    Homework,
    Journal,
    OwnTopics,
    Resources,
    Symptoms,
    Tracker,
    Vault,
)
from intersession.cli import main

CALLS: dict[str, Callable[..., Any]] = {
    "assess": Assessments.start,
    "assessments": Assessments.list,
    "backup": Tracker.backup,
    "caseload clients": Caseload.clients,
    "caseload episode begin": Episodes.begin,
    "caseload episode end": Episodes.end,
    "caseload episode list": Episodes.list,
    "caseload episode phase": Episodes.phase,
    "caseload pair": Caseload.pair,
    "caseload signals": Client.signals,
    "caseload sync": Caseload.sync,
    "entries": Journal.entries,
    "export": Tracker.export,
    "goals add": Goals.add,
    "goals list": Goals.list,
    "goals reach": Goals.reach,
    "goals step-done": Goals.step_done,
    "homework": Homework.list,
    "import store": Tracker.import_from,
    "import symptoms": Symptoms.import_csv,
    "log": Symptoms.log,
    "logs correct": Symptoms.correct,
    "logs list": Symptoms.logs,
    "logs share": Symptoms.share,
    "logs undo-import": Symptoms.undo_import,
    "logs withdraw": Symptoms.withdraw,
    "logs withdrawals": Symptoms.withdrawals,
    "pair": Tracker.pair,
    "plan": Tracker.plan,
    "progress": Tracker.progress,
    "record": Homework.record,
    "resources": Resources.list,
    "restore": Tracker.restore,
    "safety-plan": Tracker.safety,
    "search": Journal.search,
    "share": Journal.share,
    "status": Tracker.status,
    "symptoms": Symptoms.series,
    "sync": Tracker.sync,
    "today": Tracker.due,
    "topics add": OwnTopics.add,
    "topics list": OwnTopics.list,
    "topics tick-off": OwnTopics.tick_off,
    "topics withdraw": OwnTopics.withdraw,
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
NAMED_OTHERWISE = {
    "assess": "answers and completes what `start` begins, item by item",
    "assessments": "the SDK's `assessments.list`: a group of one command would be a word more to type",
    "homework": "the SDK's `homework.list`, likewise",
    "import store": "there is `import` for what else may be imported; `import from` would be half a sentence",
    "import symptoms": "there is `import` for what else may be imported; the SDK's name says the format",
    "logs list": "a command of its group; the SDK's `symptoms.logs`",
    "resources": "the SDK's `resources.list` and `get`, in one",
    "safety-plan": "what people look for; the SDK's `safety()` gives its resources and notice, too",
    "symptoms": "the SDK's `symptoms.series` for a name, `names` without one",
    "today": "goes through what `due` gives and asks",
}
"""Commands that are not the last word of their call, and why."""
ON_THE_LINE_ONLY = {
    *("store", "as_json", "yes"),
    *("days",),  # how far to look ahead
    *("answers", "complete"),  # `Draft.answer` and `Draft.complete`, of the draft that `start` gives
    *("only_available",),  # `Assessments.available`
    *("helped",),  # `Resources.helped`
    *("list_only",),  # asks nothing
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
    from intersession.inputs.changeable import BarrierWord, ProgressWord, words_of

    choices = {one.name: one.type for one in command("record").params}
    for name, words in (("status", words_of(ProgressWord)), ("barrier", words_of(BarrierWord))):
        kind = choices[name]
        assert isinstance(kind, click.Choice)
        assert tuple(kind.choices) == words


def test_every_command_is_called_like_its_call_or_says_why_not() -> None:
    def words(group: click.Group, before: str = "") -> Iterator[str]:
        for name, one in group.commands.items():
            if isinstance(one, click.Group):
                yield from words(one, f"{before}{name} ")
            else:
                yield before + name

    assert isinstance(main, click.Group)
    found = set(words(main))
    assert found == CALLS.keys()
    otherwise = {one for one in found if one.split()[-1].replace("-", "_") != CALLS[one].__name__}
    assert otherwise == NAMED_OTHERWISE.keys()
