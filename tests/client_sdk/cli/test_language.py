"""The command speaks the language that the system is set to."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from intersession import Tracker
from intersession.cli import main
from intersession.cli.output.language import language, told

SETTINGS = ("LC_ALL", "LC_MESSAGES", "LANG")


def said(store: Path, *words: str, **settings: str) -> str:
    environment: dict[str, str | None] = {name: settings.get(name) for name in SETTINGS}
    result = CliRunner().invoke(main, ["--store", str(store), *words], env=environment)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def store(tmp_path: Path) -> Path:
    with Tracker.open(tmp_path / "mine.db") as tracker:
        tracker.journal.write("Slept through.", mood=7)
        tracker.topics.add("The shift")
    return tmp_path / "mine.db"


def test_in_german_where_the_system_is(store: Path) -> None:
    assert "Noch nicht verbunden.\n" in said(store, "status", LANG="de_AT.UTF-8")
    assert "Stimmung 7, privat" in said(store, "entries", LANG="de_DE.UTF-8")
    assert "Niemand liest hier in Echtzeit mit" in said(store, "safety-plan", LC_ALL="de")


def test_in_english_everywhere_else(store: Path) -> None:
    for setting in ("C", "C.UTF-8", "en_GB.UTF-8", "xx", "POSIX"):
        assert "Not paired yet.\n" in said(store, "status", LANG=setting)
    assert "mood 7, private" in said(store, "entries")


def test_the_first_setting_that_there_is_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    assert language() == "en"
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert (language(), told("never")) == ("de_DE.UTF-8", "noch nie")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert told("never") == "never"
