"""The `intersession-server` command: what it prints, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import rich_click as click
from click.testing import CliRunner, Result
from tests.server.accounts.world import CHEAP, PASSWORD

from intersession_server import cli, event_log
from intersession_server.accounts import codes
from intersession_server.cli import options
from intersession_server.data_folder import DataFolder
from intersession_server.operator.door import run_command
from intersession_server.services import open_services
from intersession_server.settings import described


@pytest.fixture(autouse=True)
def _quick_and_quiet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Cheap password hashes, no change to this process's logging, and a data folder of the test's own."""
    monkeypatch.setattr(options, "open_services", lambda *given, **more: open_services(*given, hasher=CHEAP, **more))
    monkeypatch.setattr(event_log, "set_up", lambda *_: None)
    monkeypatch.setenv("INTERSESSION_DATA", str(tmp_path / "data"))


def run(*arguments: str, stdin: str = "", ends_with: int = 0) -> Result:
    result = CliRunner().invoke(cli.main, arguments, input=stdin)
    assert result.exit_code == ends_with, result.output
    return result


def data(*arguments: str, stdin: str = "") -> Any:
    return json.loads(run(*arguments, "--json", stdin=stdin).stdout)


def line_after(label: str, text: str) -> str:
    (found,) = [line.removeprefix(label) for line in text.splitlines() if line.startswith(label)]
    return found


@pytest.fixture
def practice() -> None:
    """A practice with a therapist and a client."""
    run("practice", "create", "Nord")
    run("therapist", "add", "ada", "--name", "Ada", "--password-stdin", stdin=PASSWORD + "\n")
    run("client", "invite", "Ann")


def test_the_first_steps_of_a_practice() -> None:
    assert run("practice", "create", "Nord").stdout.startswith("Created the practice Nord (")
    therapist = run("therapist", "add", "ada", "--name", "Ada L", "--password-stdin", stdin=PASSWORD + "\n").stdout
    assert therapist.startswith("Added the therapist Ada L, user name ada (")
    assert PASSWORD not in therapist
    client = run("client", "invite", "Ann").stdout
    for printed in (therapist, client):
        code = line_after("Pairing code: ", printed)
        assert codes.shown(codes.normalised(code) or "") == code
    assert run("assign", "Ann", "ada").stdout == "Assigned as primary.\n"
    assert run("assign", "Ann", "ada").stdout == "Assigned already.\n"
    assert "ada (primary)" in run("people").stdout
    assert run("unassign", "Ann", "ada").stdout.startswith("Unassigned.")
    assert run("devices").stdout.split() == ["id", "person", "app", "paired", "last", "sync", "revoked"]


@pytest.mark.usefixtures("practice")
def test_a_practice_is_staffed() -> None:
    assert data("therapist", "add", "ben", "--manager", "--password-stdin", stdin=PASSWORD)["username"] == "ben"
    assert run("therapist", "manager", "ada", "withdraw").stdout == "ada does not manage the practice now.\n"
    assert "last_manager" in run("therapist", "manager", "ben", "withdraw", "--json", ends_with=1).output
    assert run("therapist", "manager", "ada", "grant").stdout == "ada manages the practice now.\n"
    assert {one["username"]: one["manager"] for one in data("people")["people"] if one["username"]} == {
        "ada": True,
        "ben": True,
    }
    assert "work from now on for 10080 minutes" in run("practice", "code-lifetime", "Nord", "10080").stdout
    assert run("practice", "country", "Nord", "de").stdout == "Nord: the country is DE.\n"
    assert run("practice", "country", "Nord", "none").stdout == "Nord: the country is not said.\n"
    assert "bad_country" in run("practice", "country", "Nord", "ZZ", "--json", ends_with=1).output
    invited = run("client", "invite", "--client", "Ann").stdout
    assert len(line_after("Pairing code: ", invited)) == 19
    assert line_after("For one device of Ann, until ", invited)[4] == "-"  # a day, not a time of today
    assert run("revoke-code", "Ann").stdout == "Ann has no code any more.\n"
    assert run("rename", "Ann", "Anna").stdout.startswith("The name is Anna (")
    assert run("end", "Anna").stdout.startswith("The care of Anna has ended.\nAssignments ended: 0.")
    assert "ended" in run("client", "invite", "--client", "Anna", ends_with=1).output
    assert run("resume", "Anna").stdout == "Anna is back.\n"
    assert run("therapist", "sign-out", "ben").stdout == "ben is signed out everywhere.\n"
    assert run("therapist", "language", "ben", "de").stdout == "Language: de.\n"
    assert run("practice", "code-lifetime", "Nord", "9", ends_with=2).exit_code == 2


@pytest.mark.usefixtures("practice")
def test_programs_get_json() -> None:
    assert data("practice", "create", "Süd")["name"] == "Süd"
    added = data("therapist", "add", "ben", "--practice", "Süd", "--password-stdin", stdin=PASSWORD)
    assert (added["role"], added["username"], added["added"], "password" in added) == ("therapist", "ben", True, False)
    invited = data("client", "invite", "Bob", "--practice", "Süd")
    assert (invited["role"], invited["name"], len(invited["code"])) == ("client", "Bob", 9)
    assigned = data("assign", "Bob", "ben", "--role", "covering")
    assert (assigned["client"], assigned["role"], assigned["already"]) == (invited["person"], "covering", False)
    people = {person["name"]: person for person in data("people")["people"]}
    assert people["Bob"]["care_team"] == {"ben": "covering"}
    assert [person["name"] for person in data("people", "--practice", "Süd")["people"]] == ["ben", "Bob"]
    assert data("devices")["devices"] == []
    assert data("unassign", "Bob", "ben")["therapist"] == added["person"]
    assert data("therapist", "invite", "ben")["person"] == added["person"]
    assert data("client", "invite", "--client", "Bob")["added"] is False


@pytest.mark.usefixtures("practice")
def test_a_practice_is_told_what_its_retention_means() -> None:
    for retention, word in (("hide", "hidden from everybody"), ("erase", "deleted from this server")):
        assert data("practice", "retention", "Nord", retention)["already"] is False
        told = run("practice", "retention", "Nord", retention).stdout
        assert told.startswith(f"Nord: {retention} was already set.\n")
        assert word in told
        assert "Backups" in told
    run("practice", "retention", "Nord", "burn", ends_with=2)


@pytest.mark.usefixtures("practice")
def test_a_password_that_was_made_is_told_once() -> None:
    made = data("therapist", "add", "ben", "--generate-password")["password"]
    assert len(made) >= 12
    printed = run("therapist", "password", "ben", "--generate-password").stdout
    assert line_after("Password: ", printed) != made
    unasked = run("therapist", "add", "eve").stdout  # not on a terminal: nobody can be asked
    assert len(line_after("Password: ", unasked)) >= 12


@pytest.mark.usefixtures("practice")
def test_errors_are_one_line_and_exit_code_1() -> None:
    for arguments, code in (
        (("practice", "create", "Nord"), "name_taken"),
        (("client", "invite", "Ann"), "name_taken"),
        (("client", "invite", "--client", "Nobody"), "not_found"),
        (("assign", "Ann", "nobody"), "not_found"),
        (("unassign", "Ann", "ada"), "not_assigned"),
        (("revoke", str(uuid4())), "not_found"),
        (("therapist", "add", "x y"), "bad_name"),
        (("devices", "--person", "nobody"), "not_found"),
    ):
        result = run(*arguments, ends_with=1)
        assert result.stdout == ""
        assert result.stderr.startswith("Error: ")
        assert result.stderr.count("\n") == 1
        result = run(*arguments, "--json", ends_with=1)
        assert result.stdout == ""
        assert json.loads(result.stderr)["error"]["code"] == code


def test_a_short_password_is_refused_before_anything_is_made() -> None:
    run("practice", "create", "Nord")
    result = run("therapist", "add", "ada", "--password-stdin", stdin="short\n", ends_with=1)
    assert "8 to 256 characters" in result.stderr
    assert data("people")["people"] == []


def test_wrong_usage_is_exit_code_2() -> None:
    for arguments in (
        ("practice",),
        ("practice", "create"),
        ("client", "invite"),
        ("client", "invite", "Ann", "--client", "Bob"),
        ("assign", "Ann"),
        ("assign", "Ann", "ada", "--role", "friend"),
        ("revoke", "not-an-id"),
        ("therapist", "add", "ada", "--password-stdin", "--generate-password"),
        ("frobnicate",),
    ):
        assert run(*arguments, ends_with=2).stdout == "" or arguments == ("practice",)


def test_the_data_folder_may_be_named_before_or_after_the_command(tmp_path: Path) -> None:
    run("--data", str(tmp_path / "one"), "practice", "create", "Nord")
    run("practice", "create", "Nord", "--data", str(tmp_path / "two"))
    run("--data", str(tmp_path / "two"), "practice", "create", "Nord", "--data", str(tmp_path / "three"))
    for name in ("one", "two", "three"):
        run("practice", "create", "Nord", "--data", str(tmp_path / name), ends_with=1)
    assert not (tmp_path / "data").exists()


def test_a_folder_in_use_says_by_whom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "run_command", lambda *given: run_command(*given, wait=0.0))
    with DataFolder(tmp_path / "data").held():
        assert "in use by another process" in run("people", ends_with=1).stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--host", "0.0.0.0"), "without TLS"),
        (("--tls-cert", "x.pem"), "together"),
        (("--public-url", "nonsense"), "--public-url"),
        (("--idle-minutes", "0"), "--idle-minutes"),
    ],
)
def test_serve_refuses_settings_that_are_unsafe_or_wrong(arguments: tuple[str, ...], says: str) -> None:
    assert says in run("serve", *arguments, ends_with=1).stderr


def test_serve_takes_every_setting_as_a_flag_with_its_description() -> None:
    (serve,) = [command for name, command in cli.main.commands.items() if name == "serve"]
    options = {option.opts[0]: option for option in serve.params if isinstance(option, click.Option)}
    for setting in described():
        assert setting.description in (options[setting.flag].help or "")
        assert f"[{setting.variable}]" in (options[setting.flag].help or "")
    assert set(options) == {setting.flag for setting in described()}


def test_every_command_explains_itself() -> None:
    def walk(command: click.Command, path: str) -> list[str]:
        if isinstance(command, click.Group):
            return [found for name, one in command.commands.items() for found in walk(one, f"{path} {name}")]
        assert command.help, path
        for parameter in command.params:
            assert not isinstance(parameter, click.Option) or parameter.help or parameter.opts == ["--role"], path
        return [path.strip()]

    assert sorted(walk(cli.main, "")) == sorted(COMMANDS)


COMMANDS = [
    "serve", "demo", "practice create", "practice retention", "practice code-lifetime", "practice reminders",
    "practice country", "therapist add", "therapist invite", "therapist password", "therapist manager",
    "therapist sign-out", "therapist language", "client invite", "assign", "unassign", "people", "devices", "revoke",
    "rename", "end", "resume", "revoke-code", "instrument import", "instrument list", "rebuild", "verify",
]  # fmt: skip


QUESTION = {
    "linkId": "1",
    "type": "choice",
    "text": "How was the week?",
    "answerOption": [
        {
            "valueCoding": {"code": str(score), "display": label},
            "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": score}],
        }
        for score, label in enumerate(("good", "bad"))
    ],
}


def questionnaire(**more: Any) -> str:
    return json.dumps({"resourceType": "Questionnaire", "title": "Our week", "item": [QUESTION], **more})


@pytest.mark.usefixtures("practice")
def test_wording_is_imported_and_listed(tmp_path: Path) -> None:
    file = tmp_path / "week.json"
    file.write_text(questionnaire(copyright="Ours to give."), "utf-8")
    said = run("instrument", "import", str(file)).stdout.splitlines()
    assert said[0].startswith("Our week (x-our-week-")
    assert said[0].endswith("a new instrument, 1 items.")
    assert "Scores: Sum 0-1; without bands: a sum, without interpretation." in said
    assert "Licence: Ours to give." in said
    assert said[-1] == "Nord can now offer it to clients."
    again = run("instrument", "import", "-", stdin=file.read_text("utf-8")).stdout
    assert again.endswith("Nord already offers this wording. Nothing was changed.\n")
    assert data("instrument", "import", str(file))["already"] is True
    file.write_text(questionnaire(copyright="Ours to give again."), "utf-8")
    assert "instead of the previous wording" in run("instrument", "import", str(file)).stdout
    listed = run("instrument", "list").stdout.splitlines()
    assert listed[0].split() == ["key", "title", "wording", "language", "for", "clients", "licence"]
    assert " paper only " in next(line for line in listed if line.startswith("gad-7 "))
    assert " our own " in next(line for line in listed if line.startswith("check-in "))
    assert " imported " in listed[-1]


@pytest.mark.usefixtures("practice")
def test_a_file_that_cannot_be_used_is_answered_with_all_that_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "week.json"
    file.write_text(questionnaire(item=[{"linkId": f"{number}"} for number in range(30)]), "utf-8")
    lines = run("instrument", "import", str(file), ends_with=1).stderr.splitlines()
    assert lines[0] == "Error: The questionnaire cannot be used; 30 problems to fix:"
    assert len(lines) == 31
    assert lines[30].startswith("- Questionnaire.item[29].")
    error = json.loads(run("instrument", "import", str(file), "--json", ends_with=1).stderr)["error"]
    assert (error["code"], len(error["problems"])) == ("questionnaire_invalid", 30)
    assert error["problems"][0]["where"].startswith("Questionnaire.item[0]")
    file.write_text("{", "utf-8")
    assert "1 problem to fix" in run("instrument", "import", str(file), ends_with=1).stderr
    file.write_bytes(b"[" * (5 * 1024 * 1024))
    assert "Larger than 4 MiB." in run("instrument", "import", str(file), ends_with=1).stderr
    assert run("instrument", "import", str(tmp_path / "none.json"), ends_with=2).stderr
    run("instrument", "import", "-", "--language", "fr", stdin=questionnaire(), ends_with=1)
    assert not any(one["key"].startswith("x-") for one in data("instrument", "list")["instruments"])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("words", [("practice", "create", "Here"), ("devices",), ("devices", "--json")])
def test_an_answer_that_cannot_be_written_is_said_in_one_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    program = "from intersession_server.cli import main; main()"
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", program, *words, "--data", str(tmp_path / "data")],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 1
    assert b"could not be written: No space left on device" in done.stderr
    assert done.stderr.count(b"\n") == 1
    if words[0] == "practice":
        again = CliRunner().invoke(cli.main, [*words, "--data", str(tmp_path / "data")])
        assert "There is already a practice" in again.output, "it was carried out"
