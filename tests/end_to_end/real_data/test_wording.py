"""The real wording of the PHQ-9, as a practice would import it: read, recognised, verified by its hash."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from tests.end_to_end.support.server_process import CLEAN, SERVER, ServerProcess

from intersession_schemas.instruments import INSTRUMENTS, bind, import_questionnaire, match, read_questionnaire, score

FILE = Path(__file__).resolve().parents[4] / "shared" / "data" / "fhir" / "phq9-questionnaire.json"


@pytest.fixture
def raw() -> bytes:
    assert FILE.is_file(), (
        f"This test needs the real questionnaire at {FILE} (beside the repository, as shared/data; see its README)."
    )
    return FILE.read_bytes()


def test_the_phq_9_is_verified_and_can_be_asked(raw: bytes) -> None:
    taken = import_questionnaire(read_questionnaire(raw))
    assert taken.known
    assert taken.instrument is INSTRUMENTS["phq-9"]
    assert taken.wording.status == "verified"
    assert [prompt.item for prompt in taken.wording.prompts] == [*(f"q{n}" for n in range(1, 10)), "difficulty"]
    assert {tuple(choice.value for choice in prompt.choices) for prompt in taken.wording.prompts} == {(0, 1, 2, 3)}
    last = {prompt.item: prompt.choices[-1].value for prompt in taken.wording.prompts}
    assert score(taken.instrument, last).scale("total").score == 27


def test_without_the_item_on_difficulty_it_is_verified_too(raw: bytes) -> None:
    form = json.loads(raw)
    form["item"] = [item for item in form["item"] if item["linkId"] != "difficulty"]
    assert import_questionnaire(read_questionnaire(json.dumps(form).encode())).wording.status == "verified"


def test_the_phq_2_takes_its_wording_from_there(raw: bytes) -> None:
    assert bind(INSTRUMENTS["phq-2"], read_questionnaire(raw)).status == "verified"


def test_without_its_codes_it_is_known_by_name(raw: bytes) -> None:
    form = json.loads(raw)
    form.pop("code")
    for item in form["item"]:
        item.pop("code", None)
    read = read_questionnaire(json.dumps(form).encode())
    assert match(read) is INSTRUMENTS["phq-9"]
    assert import_questionnaire(read).wording.status == "verified"


def test_one_changed_word_is_imported_and_not_verified(raw: bytes) -> None:
    form = json.loads(raw)
    form["item"][3]["text"] += " lately"
    assert import_questionnaire(read_questionnaire(json.dumps(form).encode())).wording.status == "imported"


def command(data: Path, *arguments: str, ends_with: int = 0) -> str:
    """What the command prints, on both its outputs."""
    ended = subprocess.run(
        [*SERVER, *arguments, "--data", str(data)],
        env=CLEAN,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == ends_with, ended.stdout
    return ended.stdout


def test_a_practice_imports_it_with_one_command(raw: bytes, tmp_path: Path) -> None:
    data = tmp_path / "data"
    command(data, "practice", "create", "Nord")
    said = command(data, "instrument", "import", str(FILE))
    assert "(phq-9): a known instrument" in said
    assert "verified" in said
    assert "Nothing was changed." in command(data, "instrument", "import", str(FILE))
    listed = {one["key"]: one for one in json.loads(command(data, "instrument", "list", "--json"))["instruments"]}
    assert (listed["phq-9"]["status"], listed["phq-9"]["offered"]) == ("verified", True)
    assert (listed["gad-7"]["status"], listed["gad-7"]["offered"]) == ("none", False)
    assert listed["check-in"]["status"] == "own"

    # The same while a server holds the folder, with another wording: it is offered from now on.
    form = json.loads(raw)
    form["item"][3]["text"] += " lately"
    other = tmp_path / "other.json"
    other.write_text(json.dumps(form), "utf-8")
    server = ServerProcess(data)
    server.start()
    try:
        assert "instead of the previous wording" in command(data, "instrument", "import", str(other))
        assert "Nothing was changed." in command(data, "instrument", "import", str(other))
        other.write_text(json.dumps({"resourceType": "Questionnaire", "item": [{"linkId": 1}, 5]}), "utf-8")
        problems = command(data, "instrument", "import", str(other), ends_with=1)
        assert "- Questionnaire.item[1]: Must be an object in braces" in problems
        listed = {one["key"]: one for one in json.loads(command(data, "instrument", "list", "--json"))["instruments"]}
        assert listed["phq-9"]["status"] == "imported"
    finally:
        server.stop()
