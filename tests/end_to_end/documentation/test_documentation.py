"""What the README and the how-tos show works as it stands there: every block is executed, in its order."""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.end_to_end.documentation.blocks import ROOT, Block, blocks, run_python
from tests.end_to_end.support.practice import NAME, Practice

from intersession import Caseload, Tracker

PROGRAMS = Path(sys.executable).parent
CODE = re.compile(r"^Pairing code: (\S+)$", re.MULTILINE)
HOW_TOS = ROOT / "docs" / "how-to"


SCORE = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
OPTION = {"valueCoding": {"code": "a", "display": "a"}, "extension": [{"url": SCORE, "valueDecimal": 1}]}
ITEM = {"linkId": "1", "type": "choice", "text": "Question", "answerOption": [OPTION]}
FORM = {"resourceType": "Questionnaire", "status": "active", "title": "Week", "name": "Week", "item": [ITEM]}
"""A questionnaire, in the place of one that belongs to somebody."""


def environment(**more: str) -> dict[str, str]:
    """What a shell has in which the distributions were installed."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("INTERSESSION_")}
    return clean | {"PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"} | more


def run_shell(block: Block, folder: Path, **more: str) -> str:
    """What the lines of a block print, each of which must succeed."""
    assert block.language == "sh", block.place
    command = ["bash", "-euc", block.text]
    done = subprocess.run(
        command, cwd=folder, env=environment(**more), capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, f"{block.place}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_readme_as_it_is_pasted(tmp_path: Path) -> None:
    demo, install, ten_lines, server = blocks(ROOT / "README.md")
    assert re.findall(r"^\./run \w+", demo.text, re.MULTILINE) == ["./run demo", "./run test"]
    installs, *commands, serve = server.text.splitlines()
    for line in (install.text.strip(), installs):
        assert line.startswith("pip install ")
        words = line.removeprefix("pip install ").split()
        if words[0] == "-c":
            assert (ROOT / words[1]).is_file()
            words = words[2:]
        assert words
        assert all((ROOT / folder / "pyproject.toml").is_file() for folder in words)

    said = run_shell(Block("sh", "\n".join(commands), server.place), tmp_path)
    assert (tmp_path / "practice-data").is_dir()
    _, code = CODE.findall(said)
    data = next(line for line in commands if line.startswith("export "))
    process = subprocess.Popen(
        ["bash", "-euc", f"{data}\nexec {serve}"],
        cwd=tmp_path,
        env=environment(INTERSESSION_PORT="0"),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert select.select([process.stdout], [], [], 60)[0]
        url = process.stdout.readline().removeprefix("Serving on ").strip()
        script = ten_lines.text.replace("https://practice.example", url).replace("ABCD-EFGH", code)
        assert script.count(url) == script.count(code) == 1
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "complete=True" in done.stdout
        assert "Slept badly, walked it off." in done.stdout
    finally:
        process.terminate()
        process.wait(20)
        if process.stdout is not None:
            process.stdout.close()


def plan_a_week(found: list[Block], practice: Practice, folder: Path) -> None:
    """Blocks open the stores themselves; both are paired."""
    del practice, folder
    names: dict[str, object] = {}
    for block in found:
        run_python(block, names)


def assess(found: list[Block], practice: Practice, folder: Path) -> None:
    """`client` is one of a caseload, `tracker` the client's; `ask` and `show` are an app's."""
    importing, scheduling, answering, before, thresholds, topics, phases = found
    (folder / "phq9.json").write_text(json.dumps(FORM), "utf-8")
    assert "check-in" in run_shell(importing, folder, INTERSESSION_DATA=str(practice.server.data))
    names: dict[str, object] = {
        "ask": lambda _, choices: next(one.value for one in choices if one.value is not None),
        "show": print,
    }
    with Caseload.open("caseload.db") as caseload, Tracker.open("journal.db") as tracker:
        caseload.sync()
        names |= {"client": caseload.client(caseload.clients()[0].id), "tracker": tracker}
        run_python(scheduling, names)
        caseload.sync()
        tracker.sync()
        run_python(answering, names)
        tracker.sync()
        caseload.sync()
        run_python(before, names)
        for block in (thresholds, topics, phases):
            run_python(block, names)


def back_up_a_store(found: list[Block], practice: Practice, folder: Path) -> None:
    """`tracker` is open for the first block; the second and the commands find the store closed."""
    del practice
    copying, copy_command, restoring, restore_command = found
    store = folder / "store.db"
    with Tracker.open(store) as tracker:
        tracker.journal.write("kept")
        run_python(copying, {"tracker": tracker})
    run_python(restoring, {"Tracker": Tracker})
    (folder / "journal-backup.db").unlink()
    run_shell(copy_command, folder, INTERSESSION_STORE=str(store))
    run_shell(
        Block("sh", f"yes | {restore_command.text}", restore_command.place), folder, INTERSESSION_STORE=str(store)
    )
    with Tracker.open(store) as tracker:
        assert [entry.text for entry in tracker.journal.entries()] == ["kept"]


def import_a_spreadsheet(page: list[Block], practice: Practice, folder: Path) -> None:
    del practice
    shown, prints, imported, app = page
    store = str(folder / "diary.db")
    assert run_shell(shown, folder, INTERSESSION_STORE=store) == prints.text
    assert "1 imported" in run_shell(imported, folder, INTERSESSION_STORE=store)
    run_python(app, {})
    with Tracker.open("journal.db") as tracker:
        assert [point.value for point in tracker.symptoms.series("Schlaf")] == [6.5]


def import_wording(found: list[Block], practice: Practice, folder: Path) -> None:
    """The file is whatever the practice has."""
    (folder / "phq9-questionnaire.json").write_text(json.dumps(FORM), "utf-8")
    (importing,) = found
    assert "Week" in run_shell(importing, folder, INTERSESSION_DATA=str(practice.server.data))


def take_your_own_along(found: list[Block], practice: Practice, folder: Path) -> None:
    """`tracker` is an open store, the old one first; the commands find both closed, and pairing is done elsewhere."""
    del practice
    export_command, exporting, import_command, importing = found
    with Tracker.open(folder / "old.db") as tracker:
        tracker.journal.write("mine")
    run_shell(export_command, folder, INTERSESSION_STORE="old.db")
    (folder / "my-record.zip").unlink()
    with Tracker.open(folder / "old.db") as tracker:
        run_python(exporting, {"tracker": tracker})
    pairing, command = import_command.text.splitlines()
    assert pairing.startswith("intersession --store new.db pair ")
    assert "1 entries" in run_shell(Block("sh", command, import_command.place), folder)
    with Tracker.open(folder / "new.db") as tracker:
        run_python(importing, {"tracker": tracker})
        assert [entry.text for entry in tracker.journal.entries()] == ["mine"]


def edit_what_others_edit(found: list[Block], practice: Practice, folder: Path) -> None:
    """Both blocks open the client's store; the first one writes what the second one reads."""
    del practice, folder
    names: dict[str, object] = {}
    for block in found:
        run_python(block, names)
    with Tracker.open("journal.db") as tracker:
        (entry,) = tracker.journal.entries()
        assert (entry.text, entry.mood) == ("Yesterday: Slept badly. Walked it off.", 5)


def offer_reminders(found: list[Block], practice: Practice, folder: Path) -> None:
    """The practice has another name."""
    said = [
        run_shell(
            Block(one.language, one.text.replace("Practice North", NAME), one.place),
            folder,
            INTERSESSION_DATA=str(practice.server.data),
        )
        for one in found
    ]
    assert said == [f"{NAME}: reminders are offered now.\n", f"{NAME}: reminders are not offered now.\n"]


SCENES: dict[str, Callable[[list[Block], Practice, Path], None]] = {
    "assess": assess,
    "back-up-a-store": back_up_a_store,
    "import-a-spreadsheet": import_a_spreadsheet,
    "import-wording": import_wording,
    "offer-reminders": offer_reminders,
    "plan-a-week": plan_a_week,
    "edit-what-others-edit": edit_what_others_edit,
    "export-your-data": take_your_own_along,
}
EDITS_OF_SOURCES = {"extend"}
"""Its blocks are edits of the sources: `tests/project/documentation/test_extend.py` carries them out on a copy."""
COMMANDS_ELSEWHERE = {"check-the-data-folder", "compare-the-app", "fuzz", "measure"}
"""Their commands are tried by `tests/server/soundness`, `tests/project`, `tests/fuzz` and `tests/bench`."""

NO_COMMANDS = {"offer-the-app", "use-the-pages"}
"""What they tell of is tried in a browser, by `tests/end_to_end/pages` and `tests/server/web/client_app`."""


@pytest.mark.parametrize(
    "page", sorted({path.stem for path in HOW_TOS.glob("*.md")} - EDITS_OF_SOURCES - COMMANDS_ELSEWHERE - NO_COMMANDS)
)
def test_a_how_to(page: str, practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    practice.add_therapist("anna")
    alma = practice.add_client("Alma", "anna")
    with practice.tracker(tmp_path / "journal.db", alma) as tracker:
        tracker.sync()
    with practice.caseload(tmp_path / "caseload.db", "anna") as caseload:
        caseload.sync()
    monkeypatch.chdir(tmp_path)
    SCENES[page](blocks(HOW_TOS / f"{page}.md"), practice, tmp_path)
