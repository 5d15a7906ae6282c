"""Answers that a file names by LOINC codes: lists that are known, value sets that come beside it."""

from __future__ import annotations

import pytest
from tests.schemas.instruments.wording.forms import (
    LABELS,
    Json,
    changed,
    code_system,
    data,
    loinc,
    printed,
    question,
    questionnaire,
    value_set,
    weather_by_value_set,
)
from tests.schemas.instruments.wording.languages import ANSWERS, FREQUENCY, QUESTIONS, mood_in
from tests.schemas.instruments.wording.questionnaires import WEATHER, only, problems, read, scores

from intersession_schemas.instruments import (
    QuestionnaireUnclear,
    import_questionnaire,
    only_terminology,
    read_questionnaire,
)
from intersession_schemas.instruments.wording.answer_lists import LISTS, list_named, own_words
from intersession_schemas.instruments.wording.meaning.answers import extents, runs

ADDRESSES = ("http://loinc.org/vs/LL358-3", "http://loinc.org/vs/LL358-3|2.72", "https://loinc.org/LL358-3", "#LL358-3")


def listed(form: Json, reference: str) -> Json:
    for item in form["item"][:9]:
        del item["answerOption"]
        item["answerValueSet"] = reference
    return form


@pytest.mark.parametrize("reference", ADDRESSES)
@pytest.mark.parametrize("language", ANSWERS)
def test_a_list_that_is_known_is_read(reference: str, language: str) -> None:
    taken = import_questionnaire(read(listed(mood_in(language), reference)))
    assert taken.instrument.key == "phq-9"
    choices = taken.wording.prompts[8].choices
    assert [choice.value for choice in choices] == [0, 1, 2, 3]
    assert len({choice.text for choice in choices}) == 4
    assert any("short words of our own" in note for note in taken.notes)


def test_words_of_our_own_mean_what_their_codes_say() -> None:
    for codes in LISTS.values():
        for language in QUESTIONS:
            texts = [own_words(code, None, language) or "" for code in codes]
            read_as, _ = extents(texts, [None] * 4)
            assert runs(range(4), read_as)[0] in {1, None}, texts
    assert own_words("LA6568-5", None, "de-CH") == own_words("LA6568-5", "http://loinc.org", "de")
    assert own_words("LA6568-5", "http://snomed.info/sct", "de") is None
    assert own_words("LA6568-5", None, "fi") is None


def test_a_list_that_is_not_known_is_a_problem() -> None:
    form = listed(printed("phq-9"), "http://loinc.org/vs/LL1000-0")
    assert {what.partition(".")[0] for _, what in problems(form)} == {
        "The answers are in a value set outside this file"
    }
    assert list_named("http://loinc.org/vs/LL1000-0") is None


def test_a_list_in_a_language_without_words_of_our_own() -> None:
    form = listed(mood_in("en"), ADDRESSES[0]) | {"language": "fi"}
    assert "has no text. Give it a `display`" in problems(form)[0][1]


@pytest.mark.parametrize("texts", [True, False], ids=["with texts", "without"])
def test_coded_answers_without_scores_are_scored_as_loinc_scores_them(texts: bool) -> None:
    answers = [
        {"valueCoding": loinc(code, label if texts else None)} for code, label in zip(FREQUENCY, LABELS, strict=True)
    ]
    form = questionnaire(question("a", "How grey?", answers), title="Ours")
    taken = import_questionnaire(read(form))
    assert [choice.value for choice in taken.wording.prompts[0].choices] == [0, 1, 2, 3]
    assert taken.instrument.scale("total").high == 3
    assert any("scored as LOINC scores" in note for note in taken.notes)


def test_a_code_does_not_win_over_the_score_of_the_file() -> None:
    answers = [{"valueCoding": loinc(code, f"Plugh {code[-1]}")} for code in FREQUENCY]
    form = printed("phq-9", codes=True)
    for item in form["item"][:9]:
        item["answerOption"] = [
            coded | {"extension": scored["extension"]}
            for coded, scored in zip(answers, reversed(item["answerOption"]), strict=True)
        ]
    assert [score for _, score in scores(read(form))[0]] == [3, 2, 1, 0]
    with pytest.raises(QuestionnaireUnclear):
        import_questionnaire(read(form))


def test_value_sets_in_files_beside_it() -> None:
    form = weather_by_value_set("system")
    beside = [data(value_set("system")), data({"resourceType": "Bundle", "entry": [{"resource": code_system()}]})]
    del form["contained"]
    assert all(map(only_terminology, beside))
    assert not only_terminology(data(form))
    assert not only_terminology(b"{")
    assert not only_terminology(
        data({"resourceType": "Bundle", "entry": [{"resource": form}, {"resource": code_system()}]})
    )
    with_them = changed(form, "item.0.answerValueSet", "http://practice.example/vs/often")
    for item in with_them["item"]:
        item["answerValueSet"] = "http://practice.example/vs/often"
    assert scores(read_questionnaire(data(with_them), beside)) == WEATHER
    one = questionnaire(with_them["item"][0])
    assert "or give its file beside this one" in only(one)[1]
