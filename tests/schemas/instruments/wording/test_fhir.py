"""Questionnaires in every dialect are read the same, in every language that they come in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.schemas.instruments.wording.forms import (
    CALCULATED,
    TRANSLATION,
    WEIGHT,
    changed,
    code_system,
    data,
    option,
    options,
    question,
    questionnaire,
    scored,
    weather,
    weather_by_value_set,
)
from tests.schemas.instruments.wording.questionnaires import WEATHER, only, read, scores

from intersession_schemas.instruments import QuestionnaireInvalid, in_language, read_questionnaire


@pytest.mark.parametrize(
    "form",
    [
        weather(),
        weather(inside=True),
        weather(url=WEIGHT),
        weather(url=WEIGHT, inside=True),
        weather_by_value_set("compose"),
        weather_by_value_set("expansion"),
        weather_by_value_set("system"),
    ],
    ids=["ordinalValue", "ordinalValue inside", "itemWeight", "itemWeight inside", "compose", "expansion", "system"],
)
def test_every_dialect_reads_the_same(form: Any) -> None:
    assert scores(read(form)) == WEATHER


def test_scores_are_read_as_integers_and_as_decimals() -> None:
    form = weather()
    for kind, value in (("valueInteger", 1), ("valueDecimal", 1.0), ("valueString", "1")):
        form["item"][0]["answerOption"][1]["extension"] = [scored(value, kind=kind)]  # type: ignore[arg-type]
        assert scores(read(form)) == WEATHER


def test_answers_that_are_texts_or_numbers() -> None:
    texts: list[dict[str, Any]] = [
        {"valueString": "No", "_valueString": {"extension": [scored(0)]}},
        {"valueString": "Yes", "extension": [scored(2)]},
    ]
    numbers: list[dict[str, Any]] = [{"valueInteger": 1}, {"valueInteger": 2, "extension": [scored(5)]}]
    form = read(questionnaire(question("a", "A?", texts), question("b", "B?", numbers)))
    assert scores(form) == [[("No", 0), ("Yes", 2)], [("1", None), ("2", 5)]]


def test_scores_of_a_code_system_reach_the_codings_of_options() -> None:
    plain = [{"valueCoding": {"system": code_system()["url"], "code": f"a{value}"}} for value in range(4)]
    form = questionnaire(question("a", "A?", plain), contained=[code_system()])
    assert scores(read(form)) == WEATHER[:1]


def test_no_score_is_ever_guessed() -> None:
    plain = [option("0 never", None, code="0"), option("1 often", None, code="1")]
    form = read(questionnaire(question("a", "A?", plain), question("b", "B?")))
    assert scores(form)[0] == [("0 never", None), ("1 often", None)]
    assert not form.questions[0].scored
    assert "Questionnaire.item[0]: its answers state no scores; read as unscored." in form.notes


def test_an_answer_without_a_score_among_scored_ones_is_kept() -> None:
    form = read(questionnaire(question("a", "A?", [*options(), option("I would rather not say", None)])))
    assert form.questions[0].scored
    assert form.questions[0].options[-1].score is None
    assert any("count as not answered" in note for note in form.notes)


def test_groups_display_items_and_totals() -> None:
    inner = {"linkId": "g2", "type": "group", "text": "And this", "item": [question("b", "B?")]}
    outer = {
        "linkId": "g1",
        "type": "group",
        "text": "In the last days",
        "item": [{"linkId": "d", "type": "display", "text": "Take your time"}, question("a", "A?"), inner],
    }
    total = {
        "linkId": "sum",
        "type": "decimal",
        "text": "All",
        "extension": [{"url": CALCULATED, "valueExpression": {}}],
    }
    kept = {"linkId": "ro", "type": "integer", "text": "Office", "readOnly": True}
    named = {"linkId": "sc", "type": "integer", "text": "Total score"}
    hidden = question("h", "H?", extension=[{"url": "https://x.example/questionnaire-hidden", "valueBoolean": True}])
    form = read(questionnaire(outer, total, kept, named, hidden))
    assert [asked.link_id for asked in form.questions] == ["a", "b"]
    assert form.questions[1].path == "Questionnaire.item[0].item[2].item[0]"
    assert form.instructions == ("In the last days", "Take your time", "And this")
    assert form.totals == ("sum", "ro", "sc")


def test_every_type_is_read() -> None:
    kinds = ["boolean", "integer", "decimal", "quantity", "string", "text", "date", "dateTime", "time", "url"]
    items = [{"linkId": kind, "type": kind, "text": f"{kind}?"} for kind in kinds]
    opened = question("open", "Open?", type="open-choice")
    form = read(questionnaire(*items, opened))
    assert [asked.type for asked in form.questions] == ["boolean", *["number"] * 3, *["other"] * 6, "choice"]


def test_bounds_of_a_number() -> None:
    base = "http://hl7.org/fhir/StructureDefinition/"
    ends = [{"url": base + "minValue", "valueInteger": 0}, {"url": base + "maxValue", "valueDecimal": 10}]
    form = read(questionnaire({"linkId": "n", "type": "integer", "text": "How much?", "extension": ends}))
    assert (form.questions[0].low, form.questions[0].high) == (0, 10)


def test_translations() -> None:
    parts = [{"url": "lang", "valueCode": "de"}, {"url": "content", "valueString": "Wie grau war es?"}]
    beside = {"extension": [{"url": TRANSLATION, "extension": parts}]}
    form = read(questionnaire(question("a", "How grey was it?", _text=beside)))
    assert form.questions[0].translations == (("de", "Wie grau war es?"),)
    alone = question("a", "", _text=beside)
    assert read(questionnaire(alone)).questions[0].text == "Wie grau war es?"


def test_a_questionnaire_in_another_of_its_languages() -> None:
    def beside(text: str) -> dict[str, Any]:
        parts = [{"url": "lang", "valueCode": "de"}, {"url": "content", "valueString": text}]
        return {"extension": [{"url": TRANSLATION, "extension": parts}]}

    form = questionnaire(
        {"linkId": "top", "type": "display", "text": "The last days", "_text": beside("Die letzten Tage")},
        question("a", "How grey?", _text=beside("Wie grau?")),
        question("b", "3 + 4?", [option("7", 1), option("10", 0)]),
        {"linkId": "c", "type": "text", "text": "Anything else?"},
        language="en",
        title="Weather",
    )
    for number, answer in enumerate(form["item"][1]["answerOption"]):
        answer["valueCoding"]["_display"] = beside(f"Antwort {number}")
    german = in_language(read(form), "de")
    assert read(form).languages() == ("de",)
    assert [asked.text for asked in german.questions] == ["Wie grau?", "3 + 4?", "Anything else?"]
    assert [one.text for one in german.questions[0].options] == [f"Antwort {number}" for number in range(4)]
    assert (german.language, german.instructions) == ("de", ("Die letzten Tage",))
    assert german.notes[-1] == "The title has no translation into de, and stays as it is."
    titled = in_language(read(form | {"_title": beside("Wetter")}), "de")
    assert (titled.title, len(titled.notes)) == ("Wetter", len(german.notes) - 1)


@pytest.mark.parametrize(
    ("lacking", "where"),
    [
        ("item.0._text", "Questionnaire.item[0].text"),
        ("item.1._text", "Questionnaire.item[1].text"),
        ("item.1.answerOption.2.valueCoding._display", "Questionnaire.item[1], answer 3"),
    ],
)
def test_part_of_a_translation_is_not_the_whole(lacking: str, where: str) -> None:
    parts = [{"url": "lang", "valueCode": "de"}, {"url": "content", "valueString": "Auf Deutsch"}]
    german = {"extension": [{"url": TRANSLATION, "extension": parts}]}
    form = questionnaire(
        {"linkId": "top", "type": "group", "text": "The last days", "_text": german},
        question("a", "How grey?", _text=german),
        language="en",
    )
    for answer in form["item"][1]["answerOption"]:
        answer["valueCoding"]["_display"] = german
    assert in_language(read(form), "de").language == "de"
    with pytest.raises(QuestionnaireInvalid) as refused:
        in_language(read(changed(form, lacking, None)), "de")
    assert [problem.where for problem in refused.value.problems] == [where]
    with pytest.raises(QuestionnaireInvalid) as refused:
        in_language(read(form), "fr")
    assert len(refused.value.problems) == 6


def test_german_text_and_a_byte_order_mark() -> None:
    labels = ("Überhaupt nicht", "An einzelnen Tagen", "Öfter", "Fast täglich")
    form = questionnaire(question("a", "Wie oft fühlten Sie sich müde?", options(labels=labels)), language="de-DE")
    for raw in (data(form), b"\xef\xbb\xbf" + data(form), json.dumps(form).encode("utf-16")):
        found = read_questionnaire(raw)
        assert (found.language, found.questions[0].text) == ("de-DE", "Wie oft fühlten Sie sich müde?")
        assert found.questions[0].options[0].text == "Überhaupt nicht"


def test_a_bundle_with_its_value_set() -> None:
    form = weather_by_value_set("compose")
    (answers,) = form.pop("contained")
    answers["url"] = "https://practice.example/ValueSet/often"
    for item in form["item"]:
        item["answerValueSet"] = answers["url"] + "|1.0"
    bundle = {"resourceType": "Bundle", "entry": [{"resource": answers}, {"resource": form}]}
    assert scores(read(bundle)) == WEATHER
    assert only({"resourceType": "Bundle", "entry": []}) == ("Bundle.entry", "Must hold one Questionnaire; it holds 0.")


def test_the_names_of_other_versions_of_fhir() -> None:
    item = question("a", "A?", type="coding")
    item["option"] = item.pop("answerOption")
    assert scores(read(questionnaire(item))) == WEATHER[:1]


def test_a_value_set_named_by_the_address_that_its_id_ends() -> None:
    form = weather_by_value_set("compose")
    for item in form["item"]:
        item["answerValueSet"] = "http://practice.example/vs/often"
    assert scores(read(form)) == WEATHER


def test_a_text_that_is_there_as_xhtml_only() -> None:
    marked = {
        "extension": [
            {"url": "https://x.example/rendering-xhtml", "valueString": "<div>How <b>grey</b> &amp; wet?</div>"}
        ]
    }
    item = question("a", "", _text=marked)
    assert read(questionnaire(item)).questions[0].text == "How grey & wet?"
