"""Files that are translated in part: said with places, and not taken for that language."""

from __future__ import annotations

import pytest
from tests.schemas.instruments.wording.forms import TRANSLATION, Json, question, questionnaire
from tests.schemas.instruments.wording.questionnaires import read

from intersession_schemas.instruments import NEW, QuestionnaireInvalid, import_questionnaire, in_language, same_language
from intersession_schemas.instruments.wording.meaning.languages import known_language, language_of

GREY = {
    "en": "How grey has the day been for you?",
    "de": "Wie grau war der Tag und haben Sie ihn gesehen?",
    "fr": "Avez-vous vu la couleur dans votre ciel ?",
    "es": "¿Ha visto usted los colores y el cielo?",
    "nl": "Hoe grijs was het voor u?",
    "it": "Che colori hai visto nel cielo di oggi, sono grigi?",
    "pt": "Você viu uma nuvem com os olhos?",
}


def beside(text: str, language: str) -> Json:
    parts = [{"url": "lang", "valueCode": language}, {"url": "content", "valueString": text}]
    return {"extension": [{"url": TRANSLATION, "extension": parts}]}


@pytest.mark.parametrize("language", GREY)
def test_a_language_is_told_by_its_small_words(language: str) -> None:
    assert language_of(GREY[language]) == language
    assert known_language(f"{language}-XX") == language


@pytest.mark.parametrize("text", ["Grey", "", "7 + 3", "How grau? Wie grey?", "Sahen Sie the sky of the day?"])
def test_a_text_without_them_or_with_those_of_two_is_in_none(text: str) -> None:
    assert language_of(text) is None


@pytest.mark.parametrize("language", [language for language in GREY if language != "en"])
def test_a_question_in_another_language_is_named_with_its_place(language: str) -> None:
    form = questionnaire(question("a", GREY[language]), question("b", GREY["en"]), language=f"{language}-XX")
    with pytest.raises(QuestionnaireInvalid) as refused:
        import_questionnaire(read(form))
    (problem,) = refused.value.problems
    assert (problem.where, problem.what.startswith(f"Reads as en, in a questionnaire that says it is {language}")) == (
        "Questionnaire.item[1]",
        True,
    )
    taken = import_questionnaire(read(form), NEW)
    assert any("Reads as en" in note for note in taken.notes)


def test_a_file_that_is_wholly_in_another_language_is_taken_as_that() -> None:
    taken = import_questionnaire(read(questionnaire(question("a", GREY["de"]), language="en")))
    assert taken.wording.language == "de"
    assert any("taken as de" in note for note in taken.notes)
    assert import_questionnaire(read(questionnaire(question("a", GREY["de"]), language="da"))).wording.language == "da"


def test_instructions_and_answers_are_read_too() -> None:
    answers = [{"valueString": "der Himmel ist nicht grau"}, {"valueString": "grau"}]
    form = questionnaire(
        {"linkId": "top", "type": "display", "text": "Wie oft waren Sie im Regen?"},
        question("a", GREY["en"], answers),
        {"linkId": "free", "type": "text", "text": GREY["fr"]},
        language="en",
    )
    with pytest.raises(QuestionnaireInvalid) as refused:
        import_questionnaire(read(form))
    assert [problem.where for problem in refused.value.problems] == ["Questionnaire.item[0]", "Questionnaire.item[1]"]


def test_a_translation_that_is_the_original_is_none() -> None:
    form = questionnaire(question("a", GREY["en"], _text=beside(GREY["en"], "de")), language="en")
    for answer in form["item"][0]["answerOption"]:
        answer["valueCoding"]["_display"] = beside(answer["valueCoding"]["display"], "de")
    with pytest.raises(QuestionnaireInvalid) as refused:
        in_language(read(form), "de")
    assert [problem.where for problem in refused.value.problems] == ["Questionnaire.item[0].text"]
    assert "is the same as the original" in refused.value.problems[0].what


def test_a_region_is_one_of_its_language() -> None:
    form = questionnaire(
        question("a", GREY["en"], [{"valueInteger": 1}], _text=beside(GREY["de"], "de-AT")), language="en"
    )
    assert in_language(read(form), "de").questions[0].text == GREY["de"]
    assert same_language("de_CH", "DE")
    assert not same_language("de", "de-CH")
    assert not same_language("den", "de")
