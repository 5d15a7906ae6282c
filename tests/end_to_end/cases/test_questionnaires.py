"""Questionnaires that a practice brings, by the operator's command: no score and no risk item goes unasked.

More of each kind in tests/schemas/instruments/wording: what is recognised in test_matching.py, translations in
test_fhir.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from intersession_server.cli import main

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
Operate = Callable[..., Result]


def ask(number: int, scores: tuple[int, ...], code: str | None = None) -> dict[str, Any]:
    answers = [
        {
            "valueCoding": {"code": word, "display": f"answer {word}"},
            "extension": [{"url": ORDINAL, "valueDecimal": score}],
        }
        for word, score in zip("abcdefg", scores, strict=False)
    ]
    item = {"linkId": f"i{number}", "type": "choice", "text": f"Question {number}", "answerOption": answers}
    return item | ({"code": [{"system": "http://loinc.org", "code": code}]} if code else {})


def german(text: str) -> dict[str, Any]:
    parts = [{"url": "lang", "valueCode": "de"}, {"url": "content", "valueString": text}]
    return {"extension": [{"url": TRANSLATION, "extension": parts}]}


@pytest.fixture
def operate(tmp_path: Path) -> Operate:
    """Runs `intersession-server` on a folder with a practice, in this process."""

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, ["--data", str(tmp_path / "data"), *words])

    assert run("practice", "create", "Nord").exit_code == 0
    return run


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., str]:
    def saved(title: str, items: list[dict[str, Any]], **more: Any) -> str:
        path = tmp_path / "form.json"
        form = {"resourceType": "Questionnaire", "status": "active", "title": title, "item": items, **more}
        path.write_text(json.dumps(form), "utf-8")
        return str(path)

    return saved


def offered(operate: Operate) -> dict[str, str]:
    """Titles of what clients can be asked, but for the check-in of our own, by key."""
    listed = json.loads(operate("instrument", "list", "--json").stdout)["instruments"]
    return {one["key"]: one["title"] for one in listed if one["offered"] and one["key"] != "check-in"}


def test_a_code_does_not_win_over_what_the_form_holds(operate: Operate, save: Callable[..., str]) -> None:
    drink = ["68518-0", "68519-8", "68520-6"] + [None] * 7
    items = [ask(n + 1, (0, 1, 2, 3, 4) if n < 8 else (0, 2, 4), drink[n]) for n in range(10)]
    file = save("AUDIT, ten items", items, name="AUDIT", code=[{"system": "http://loinc.org", "code": "72109-2"}])
    refused = operate("instrument", "import", file)
    assert refused.exit_code == 1
    assert "Questionnaire.item[9]: Has scores but is not part of AUDIT-C" in refused.output
    assert {"- --as audit:", "- --as new:"} <= {
        line.partition(" scored")[0].partition(" an")[0] for line in refused.output.splitlines()
    }
    assert offered(operate) == {}
    taken = operate("instrument", "import", file, "--as", "audit")
    assert (taken.exit_code, "(audit): a known instrument, 10 items" in taken.output) == (0, True)


def test_a_new_instrument_takes_the_scores_that_its_file_states(operate: Operate, save: Callable[..., str]) -> None:
    done = operate(
        "instrument", "import", save("Week scale", [ask(1, (0, 1, 2, 3)), ask(2, (0, 1, 2, 3)), ask(3, (3, 2, 1, 0))])
    )
    assert done.exit_code == 0
    assert "Sum 0-9" in done.output
    assert "kept as the file states them: i3" in done.output
    assert "Mend" not in done.output


def test_a_known_one_that_is_not_recognised_is_not_offered_under_its_name(
    operate: Operate, save: Callable[..., str]
) -> None:
    items = [ask(n, (0, 1, 2, 3)) for n in range(1, 11)]
    file = save("Edinburgh Postnatal Depression Scale (EPDS)", items, name="EPDS")
    refused = operate("instrument", "import", file)
    assert (refused.exit_code, offered(operate)) == (1, {})
    assert "--as epds" in refused.output
    assert "Mend" not in refused.output
    assert operate("instrument", "import", file, "--as", "epds").exit_code == 0
    assert set(offered(operate)) == {"epds"}
    own = operate("instrument", "import", file, "--as", "new")
    assert (own.exit_code, "a new instrument, 10 items" in own.output) == (0, True)
    assert operate("instrument", "import", file, "--as", "epsd").exit_code == 1


def test_what_it_could_be_is_there_for_programs(operate: Operate, save: Callable[..., str]) -> None:
    file = save("EPDS", [ask(n, (0, 1, 2, 3)) for n in range(1, 11)])
    refused = operate("instrument", "import", file, "--json")
    error = json.loads(refused.stderr or refused.output)["error"]
    assert (error["code"], error["candidates"]) == ("questionnaire_unclear", {"epds": 0, "new": 0})


@pytest.mark.parametrize("complete", [False, True])
def test_part_of_a_translation_is_not_the_whole(operate: Operate, save: Callable[..., str], complete: bool) -> None:
    items = [ask(1, (0, 1, 2)), ask(2, (0, 1, 2))]
    items[0]["_text"] = german("Frage 1")
    if complete:
        items[1]["_text"] = german("Frage 2")
        for item in items:
            for number, answer in enumerate(item["answerOption"]):
                answer["valueCoding"]["_display"] = german(f"Antwort {number}")
    file = save("Partly translated", items, language="en")
    done = operate("instrument", "import", file, "--language", "de")
    if complete:
        assert (done.exit_code, "Language: de." in done.output) == (0, True)
    else:
        assert (done.exit_code, offered(operate)) == (1, {})
        assert "Questionnaire.item[1].text: Has no translation into de: “Question 2”." in done.output
        assert operate("instrument", "import", file).exit_code == 0
