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

from intersession_schemas.instruments import INSTRUMENTS
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


# --- what watches it, and what does not -------------------------------------------------------------------------------

LABELS = ("Never", "Now and then", "Often", "Always")


def worded(key: str, labels: tuple[str, ...] = LABELS) -> list[dict[str, Any]]:
    """The questions of a known instrument in words of our own, without codes."""
    items = []
    for number, item in enumerate(INSTRUMENTS[key].items, start=1):
        asked = ask(number, item.allowed)
        for answer, label in zip(asked["answerOption"], labels, strict=True):
            answer["valueCoding"]["display"] = label
        items.append(asked | {"text": f"{item.label}?"})
    return items


def test_answers_that_run_the_wrong_way_are_not_the_known_one(operate: Operate, save: Callable[..., str]) -> None:
    file = save("PHQ-9", worded("phq-9", LABELS[::-1]))
    refused = operate("instrument", "import", file)
    assert refused.exit_code == 1
    assert refused.output.splitlines()[0].startswith("Error: No risk rule watches this file, as nothing was imported.")
    assert "“Always” scores 0 and “Never” scores 3" in refused.output
    assert "--as phq-9" not in refused.output
    said = operate("instrument", "import", file, "--as", "phq-9")
    assert (said.exit_code, "import it with --as new" in said.output, offered(operate)) == (1, True, {})


def test_the_item_on_risk_is_not_whatever_stands_last(operate: Operate, save: Callable[..., str]) -> None:
    items = worded("phq-9")
    file = save("PHQ-9", [items[8], *items[:8], items[9]])
    for how in ((), ("--as", "phq-9")):
        refused = operate("instrument", "import", file, *how)
        assert (refused.exit_code, offered(operate)) == (1, {})
        assert "No risk rule watches this file" in refused.output.splitlines()[0]
        assert "Questionnaire.item[0]: It asks about death or self-harm" in refused.output
    done = operate("instrument", "import", file, "--risk", "i9:2")
    assert done.exit_code == 0
    assert "A risk rule watches i9, “Thoughts of death or self-harm?”, from 2 up." in done.output


@pytest.mark.parametrize("how", [(), ("--as", "new")])
def test_the_first_line_says_that_no_risk_rule_watches_it(
    operate: Operate, save: Callable[..., str], how: tuple[str, ...]
) -> None:
    done = operate("instrument", "import", save("Week scale", [ask(1, (0, 1, 2)), ask(2, (0, 1, 2))]), *how)
    assert (done.exit_code, "no risk rule watches it" in done.output.splitlines()[0]) == (0, True)


def test_known_ones_say_what_is_watched(operate: Operate, save: Callable[..., str]) -> None:
    done = operate("instrument", "import", save("PHQ-9", worded("phq-9")))
    first, second, *_ = done.output.splitlines()
    assert (done.exit_code, "no risk rule" in first) == (0, False)
    assert second == "A risk rule watches i9, “Thoughts of death or self-harm?”, from 1 up."
    assert "risk rule" not in operate("instrument", "import", save("GAD-7", worded("gad-7"))).output


def test_a_risk_item_that_is_taken_on_trust_is_told_first(operate: Operate, save: Callable[..., str]) -> None:
    file = save("EPDS", [ask(n, (0, 1, 2, 3)) for n in range(1, 11)])
    first, second, *_ = operate("instrument", "import", file, "--as", "epds").output.splitlines()
    assert "taken on your word, nothing in the file confirms it" in first
    assert second == "A risk rule watches i10, “Question 10”, from 1 up."


def test_a_risk_item_of_ones_own_is_kept(operate: Operate, save: Callable[..., str]) -> None:
    items = [ask(1, (0, 1, 2)), ask(2, (0, 1, 2)) | {"text": "Thoughts of suicide?"}]
    file = save("Week scale", items)
    refused = operate("instrument", "import", file)
    assert (refused.exit_code, "- --risk i2: " in refused.output) == (1, True)
    told = operate("instrument", "import", file, "--json")
    assert json.loads(told.stderr or told.output)["error"]["risky"] == ["i2"]
    told = json.loads(operate("instrument", "import", file, "--risk", "i2", "--json").stdout)
    assert [(one["link_id"], one["at_least"]) for one in told["watched"]] == [("i2", 1)]
    assert json.loads(operate("instrument", "import", file, "--risk", "i2", "--json").stdout)["already"] is True
    bare = operate("instrument", "import", file, "--as", "new")
    assert "no risk rule watches it, though it asks about death or self-harm (i2)" in bare.output.splitlines()[0]
    assert operate("instrument", "import", file, "--risk", "nowhere").exit_code == 1
    assert operate("instrument", "import", file, "--as", "phq-9", "--risk", "i2").exit_code == 1


# --- several files ----------------------------------------------------------------------------------------------------


def test_several_files_are_imported_each_on_its_own(operate: Operate, tmp_path: Path) -> None:
    forms = {
        "gad.json": ("GAD-7", worded("gad-7")),
        "wrong.json": ("WHO-5", worded("gad-7")),
        "own.json": ("Week", [ask(1, (0, 1))]),
    }
    files = []
    for name, (title, items) in forms.items():
        form = {"resourceType": "Questionnaire", "status": "active", "title": title, "item": items}
        files.append(str(tmp_path / name))
        (tmp_path / name).write_text(json.dumps(form), "utf-8")
    done = operate("instrument", "import", *files)
    assert done.exit_code == 1
    assert f"{files[0]}: Generalized Anxiety Disorder 7 (GAD-7) (gad-7): a known instrument, 7 items." in done.output
    assert f"{files[1]}: Error: This may be the WHO-5 Well-Being Index" in done.output
    assert any(
        line.startswith(f"{files[2]}: Week") and "no risk rule watches it" in line for line in done.output.splitlines()
    )
    assert len(offered(operate)) == 2
    told = json.loads(operate("instrument", "import", *files, "--json").stdout)
    assert [("error" in one, one.get("already")) for one in told] == [(False, True), (True, None), (False, True)]
    assert operate("instrument", "import", *files, "--as", "new").exit_code == 2


def test_answers_in_a_file_beside_it_and_in_xml(operate: Operate, save: Callable[..., str], tmp_path: Path) -> None:
    item = {"linkId": "a", "type": "choice", "text": "How grey?", "answerValueSet": "http://practice.example/vs/grey"}
    file = save("Grey", [item])
    concepts = "".join(
        f'<concept><extension url="{ORDINAL}"><valueDecimal value="{score}"/></extension>'
        f'<code value="g{score}"/><display value="Grey {score}"/></concept>'
        for score in range(3)
    )
    beside = tmp_path / "grey.xml"
    beside.write_text(
        '<ValueSet xmlns="http://hl7.org/fhir"><url value="http://practice.example/vs/grey"/>'
        f"<compose><include>{concepts}</include></compose></ValueSet>",
        "utf-8",
    )
    assert "or give its file beside this one" in operate("instrument", "import", file).output
    done = operate("instrument", "import", file, str(beside))
    assert (done.exit_code, "Sum 0-2" in done.output) == (0, True)


def test_a_list_of_loinc_that_is_known(operate: Operate, save: Callable[..., str]) -> None:
    items = [{k: v for k, v in one.items() if k != "answerOption"} for one in worded("phq-9")]
    for item in items[:9]:
        item["answerValueSet"] = "http://loinc.org/vs/LL358-3"
    items[9]["answerValueSet"] = "http://loinc.org/vs/LL359-1"
    done = operate("instrument", "import", save("PHQ-9", items, language="de"))
    assert (done.exit_code, "(phq-9): a known instrument, 10 items." in done.output) == (0, True)
