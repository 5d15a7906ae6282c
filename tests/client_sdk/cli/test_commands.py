"""The `intersession` command: every command, its JSON, and its errors as one line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from tests.client_sdk.practice import Practice

from intersession import Tracker
from intersession.cli import main
from intersession.cli.output import printing


class Command:
    """Runs `intersession` on one store."""

    def __init__(self, store: Path) -> None:
        self.store = store

    def __call__(self, *arguments: str, input: str | None = None, code: int = 0) -> Result:
        result = CliRunner().invoke(main, arguments, input=input, env={"INTERSESSION_STORE": str(self.store)})
        assert result.exit_code == code, result.output
        return result

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--json").stdout)

    def error(self, *arguments: str) -> str:
        """The one line that a refused command prints."""
        result = self(*arguments, code=1)
        assert result.stdout == ""
        (line,) = result.stderr.splitlines()
        return line


@pytest.fixture
def run(tmp_path: Path) -> Command:
    return Command(tmp_path / "cli.db")


def test_write_and_list_entries(run: Command) -> None:
    written = run.json("write", "Slept", "badly", "--mood", "4", "--tag", "sleep", "--at", "2026-05-04T23:50+02:00")
    assert (written["text"], written["mood"], written["tags"]) == ("Slept badly", 4, ["sleep"])
    assert written["written_at"] == "2026-05-04T23:50:00+02:00"
    run("write", "-", input="from\nstandard input\n")
    assert [entry["text"] for entry in run.json("entries")] == ["from\nstandard input", "Slept badly"]
    assert [entry["id"] for entry in run.json("entries", "--until", "2026-05-07")] == [written["id"]]
    assert len(run.json("entries", "--limit", "1")) == 1
    shown = run("entries").stdout
    assert "2026-05-04 23:50+02:00" in shown
    assert "    standard input" in shown
    assert written["id"] in shown


def test_search_page_by_page(run: Command) -> None:
    for n in range(3):
        run("write", f"Walked -- home {n}", "--at", f"2026-05-0{n + 1}T08:00+02:00", "--private")
    first = run.json("search", "walk", "home", "--limit", "2")
    assert [(one["text"], one["snippet"], one["spans"]) for one in first["entries"]] == [
        (f"Walked -- home {n}", f"Walked -- home {n}", [[0, 6], [10, 14]]) for n in (2, 1)
    ]
    second = run.json("search", "walk", f"--after={first['next']}", "--since", "2026-05-01", "--until", "2026-05-02")
    assert ([one["text"] for one in second["entries"]], second["next"]) == (["Walked -- home 0"], None)
    shown = run("search", "walk", "--limit", "1").stdout
    assert "2026-05-03 08:00+02:00  private" in shown
    assert "    Walked -- home 2\nThere is more: --after=" in shown
    assert run("search", "nowhere").stdout == "Nothing found.\n"
    assert "after must be" in run.error("search", "walk", "--after", "x")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(printing, "_is_seen", lambda **_: True)
        result = CliRunner().invoke(main, ["--store", str(run.store), "search", "walk", "--limit", "1"], color=True)
    assert "\x1b[1mWalked\x1b[0m" in result.stdout


def test_log_and_list_symptoms(run: Command) -> None:
    log = run.json("log", "worry=3", "relax=2.5", "--scale", "1-5", "--note", "why", "--at", "2026-05-04T08:00+02:00")
    assert log["values"] == {"worry": 3, "relax": 2.5}
    assert run("log", "worry=-1", "fear of flying=2").exit_code == 0
    assert [point["value"] for point in run.json("symptoms", "worry")] == [-1]
    assert [point["value"] for point in run.json("symptoms", "worry", "--scale", "1-5")] == [3]
    assert "There are values on another scale: --scale 1-5" in run("symptoms", "worry").output
    assert run.json("symptoms", "worry", "--until", "2026-05-07") == [
        {"at": "2026-05-04T08:00:00+02:00", "value": 3, "late": True, "scale": [1, 5]}
    ]
    assert {one["name"]: one["count"] for one in run.json("symptoms")} == {"fear of flying": 1, "relax": 1, "worry": 2}
    assert "relax  1 times, last 2.5 on 2026-05-04 08:00+02:00" in run("symptoms").stdout
    assert "2026-05-04 08:00+02:00  3  synced later" in run("symptoms", "worry", "--scale", "1-5").stdout


def test_with_nothing_there(run: Command) -> None:
    assert run("entries").stdout == "No entries.\n"
    assert run("symptoms").stdout == "No symptoms.\n"
    assert run.json("entries") == run.json("symptoms") == run.json("symptoms", "worry") == []
    assert "Not paired" in run("status").stdout


def test_import(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text("who,t,worry\nme,2026-05-04T08:00Z,3\nme,2026-05-04,3\nyou,,\nme,,\n", encoding="utf-8")
    arguments = ("import", "symptoms", str(file), "--time", "t", "--only", "who=me", "--scale", "1-5")
    first = run(*arguments)
    assert first.stderr == ""
    assert first.stdout.splitlines()[:-1] == [
        "4 rows: 1 imported, 0 there already, 1 without an answer, 1 of others, 0 changed, 1 bad",
        "read: worry",
        "line 3: the time has no UTC offset",
    ]
    assert first.stdout.splitlines()[-1].startswith("to undo it: intersession logs undo-import ")
    file.write_text("who,t,worry\nme,2026-05-04T08:00Z,4\n", encoding="utf-8")
    report = run.json(*arguments, "--columns", "worry, ")
    assert (report["imported"], report["columns"], len(report["conflicts"])) == (0, ["worry"], 1)
    assert "line 2: already imported with other values (worry)" in run(*arguments).stdout


def test_status_as_json(run: Command) -> None:
    run("write", "x", "--share")
    status = run.json("status")
    assert (status["paired"], status["pending"], status["connected"], status["refusals"]) == (None, 1, False, [])
    assert "1 change waits" in run("status").stdout


@pytest.fixture
def practice_answers(monkeypatch: pytest.MonkeyPatch, practice: Practice) -> None:
    monkeypatch.setattr("intersession.pairing.redeeming.redeem", lambda *_, **__: practice.reply())


@pytest.mark.usefixtures("practice_answers")
@pytest.mark.parametrize(("flag", "shares"), [("--share", True), ("--private", False)])
def test_pair_says_what_is_shared(run: Command, flag: str, shares: bool) -> None:
    paired = run.json("pair", "http://localhost:1", "ABCD-EFGH", flag)
    assert (paired["share_by_default"], paired["practice"], paired["role"]) == (shares, "Practice", "client")
    assert "token" not in json.dumps(paired)
    assert ("is shared" in run("status").stdout) is shares


@pytest.mark.usefixtures("practice_answers")
def test_pair_shares_earlier_entries_on_request(run: Command) -> None:
    run("write", "before")
    run("pair", "http://localhost:1", "ABCD-EFGH", "--private", "--share-earlier")
    assert [entry["shared"] for entry in run.json("entries")] == [True]


@pytest.mark.usefixtures("practice_answers")
def test_pair_asks_on_a_terminal_and_refuses_to_guess_elsewhere(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "--share or --private" in run("pair", "http://localhost:1", "ABCD-EFGH", code=2).stderr
    monkeypatch.setattr("intersession.cli.commands.is_terminal", lambda: True)
    asked = run("pair", "http://localhost:1", "ABCD-EFGH", input="y\n")
    assert "Share what you write" in asked.stdout
    assert run.json("status")["paired"]["share_by_default"] is True


def test_errors_are_one_line(run: Command, tmp_path: Path) -> None:
    assert "outside the scale" in run.error("log", "worry=9", "--scale", "1-5")
    assert "not paired" in run.error("sync")
    assert "https" in run.error("pair", "http://practice.example", "ABCD-EFGH", "--share")
    assert "No server answered" in run.error("pair", "http://localhost:9", "ABCD-EFGH", "--share")
    other = tmp_path / "notes.txt"
    other.write_text("Dear diary, " * 100, encoding="utf-8")
    assert "not a store" in run.error("entries", "--store", str(other))
    with Tracker.open(run.store):
        assert "open in another" in run.error("entries")
    file = tmp_path / "answers.csv"
    file.write_text("t,worry\n", encoding="utf-8")
    assert "no column 'when'" in run.error("import", "symptoms", str(file), "--time", "when")


@pytest.mark.parametrize(
    "arguments",
    [
        ["log", "worry"],
        ["log", "worry=much"],
        ["log"],
        ["write"],
        ["write", " "],
        ["write", "x", "--mood", "11"],
        ["write", "x", "--at", "yesterday"],
        ["entries", "--limit", "-1"],
        ["import", "symptoms", "nothing.csv", "--time", "t"],
        ["nothing"],
    ],
    ids=" ".join,
)
def test_misuse_is_exit_code_2(run: Command, arguments: list[str]) -> None:
    run(*arguments, code=2)


def test_options_may_stand_before_or_after_the_command(run: Command, tmp_path: Path) -> None:
    other = str(tmp_path / "other.db")
    run("--store", other, "write", "in the other")
    assert [entry["text"] for entry in run.json("entries", "--store", other)] == ["in the other"]
    assert json.loads(run("--json", "--store", other, "entries").stdout)[0]["text"] == "in the other"
    assert run.json("entries") == []


def test_as_a_process_and_in_the_default_place(tmp_path: Path) -> None:
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "APPDATA": str(tmp_path)}
    environment.pop("INTERSESSION_STORE", None)
    command = [sys.executable, "-m", "intersession"]
    written, listed = (
        subprocess.run(
            [*command, *arguments], env=environment, capture_output=True, encoding="utf-8", check=True, timeout=60
        )
        for arguments in (["write", "grüße"], ["entries", "--json"])
    )
    assert "grüße" in written.stdout
    assert [entry["text"] for entry in json.loads(listed.stdout)] == ["grüße"]
    (store,) = tmp_path.rglob("store.db")
    assert store.parent.stat().st_mode & 0o077 == 0


def test_import_shows_what_it_understands_and_asks(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text("Datum;Sorge;Telefon\n04/05/2026 21:13;3,5;01715550001\n", encoding="utf-8")
    shown = run("import", "symptoms", str(file), "--plan", code=1)
    assert "Symptoms: Sorge" in shown.stdout
    assert "Left out: Telefon: its numbers are too large" in shown.stdout
    assert "--date-order: dmy, mdy" in shown.stderr
    assert "--zone" in shown.stderr
    refused = run("import", "symptoms", str(file), code=1)
    assert (refused.stdout, "--date-order" in refused.stderr) == ("", True)
    assert run.json("symptoms") == []
    given = ("--date-order", "dmy", "--zone", "Europe/Berlin")
    plan = run.json("import", "symptoms", str(file), "--plan", *given)
    assert (plan["ambiguous"], plan["first_rows"][0]["at"]) == ([], "2026-05-04T21:13:00+02:00")
    assert "line 2: 2026-05-04 21:13+02:00  Sorge=3.5" in run("import", "symptoms", str(file), "--plan", *given).stdout
    assert run.json("symptoms") == []
    assert "read: Sorge" in run("import", "symptoms", str(file), *given).stdout
    again = run("import", "symptoms", str(file), "--plan")
    assert "Read like the last file with this header" in again.stdout
    assert "1 there already" in run("import", "symptoms", str(file)).stdout


def test_import_of_nothing_is_an_error(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    for text in ("", "time;mood\n2026-05-04T21:13Z;good\n", "time;worry\n2026-05-04T21:13Z;\n"):
        file.write_text(text, encoding="utf-8")
        assert run.error("import", "symptoms", str(file), "--time", "time")


def test_import_takes_names_with_commas_words_and_a_tab(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text("day\tclock\tHow sad, or flat?\tdiary\n2026-05-04\t9:13 PM\toften\ta word\n", encoding="utf-8")
    arguments = ["--time", "day", "--time", "clock", "--zone", "Europe/Berlin", "--delimiter", "tab", "--note", "diary"]
    arguments += ["--columns", '"How sad, or flat?"', "--names", "How sad, or flat?=sad", "--words", "often=3"]
    report = run.json("import", "symptoms", str(file), *arguments)
    assert (report["imported"], report["columns"]) == (1, ["How sad, or flat?"])
    assert [(log["values"], log["note"]) for log in run.json("logs", "list")] == [({"sad": 3}, "a word")]
    run("import", "symptoms", str(file), "--words", "often", code=2)


def test_the_environment_says_where_the_store_is_and_nothing_else() -> None:
    def variables(command: click.Command, prefix: object) -> list[object]:
        inner = command.commands.values() if isinstance(command, click.Group) else ()
        own = [one.envvar for one in command.params if one.envvar is not None]
        found = prefix or command.context_settings.get("auto_envvar_prefix")
        assert found is None, "a variable would stand for --yes, or for a passphrase"
        return own + [name for one in inner for name in variables(one, found)]

    assert variables(main, None) == ["INTERSESSION_STORE"]
