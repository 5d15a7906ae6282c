"""Binding of imported words to items, their hash, and instruments made of questionnaires that nobody knows."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from tests.schemas.instruments.wording.forms import (
    ANXIETY,
    LABELS,
    MOOD,
    coded,
    data,
    loinc,
    option,
    options,
    question,
    questionnaire,
    weather,
    weather_by_value_set,
)

from intersession_schemas.instruments import (
    INSTRUMENTS,
    NEW,
    Questionnaire,
    QuestionnaireInvalid,
    QuestionnaireUnclear,
    bind,
    import_questionnaire,
    instrument_from,
    read_questionnaire,
    score,
    wording_hash,
)
from intersession_schemas.instruments.wording.binding import normalised

GAD_7 = INSTRUMENTS["gad-7"]


def read(form: object) -> Questionnaire:
    return read_questionnaire(data(form))


def test_prompts_are_bound_to_items() -> None:
    form = coded(ANXIETY) | {
        "url": "https://practice.example/gad",
        "version": "2",
        "copyright": "Somebody",
        "language": "en",
    }
    wording = bind(GAD_7, read(form))
    assert (wording.instrument, wording.scheme, wording.status) == ("gad-7", GAD_7.scheme, "imported")
    assert (wording.source, wording.copyright, wording.language) == ("https://practice.example/gad|2", "Somebody", "en")
    prompt = wording.prompt("q2")
    assert prompt is not None
    assert (prompt.text, [choice.text for choice in prompt.choices]) == ("Made-up 2?", list(LABELS))
    assert wording.prompt("q8") is None


def test_known_wording_is_verified_and_one_changed_letter_is_not() -> None:
    form = read(coded(ANXIETY))
    known = replace(GAD_7, wording_hashes=(wording_hash(form),))
    assert bind(known, form).status == "verified"
    other = coded(ANXIETY)
    other["item"][3]["text"] += "s"
    assert bind(known, read(other)).status == "imported"
    other_answer = coded(ANXIETY, labels=("At no time", *LABELS[1:]))
    assert bind(known, read(other_answer)).status == "imported"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Made-up  2?", "made-up 2?"), ("ＭADE-UP\n2?", "Made-up 2?"), ("2. Made-up 2?", "Made-up 2?"), ("(2) x", "x")],
)
def test_case_width_spaces_and_numbering_do_not_count(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


def test_numbers_that_are_words_count() -> None:
    assert normalised("2 weeks") != normalised("weeks")
    assert normalised("3.5 hours") == "3.5 hours"


def test_the_hash_does_not_depend_on_dialect_order_of_answers_or_instructions() -> None:
    form = coded(ANXIETY)
    turned = coded(ANXIETY)
    for item in turned["item"]:
        item["answerOption"].reverse()
    turned["item"].insert(0, {"linkId": "d", "type": "display", "text": "Read this"})
    assert wording_hash(read(form)) == wording_hash(read(turned))
    assert wording_hash(read(weather())) == wording_hash(read(weather_by_value_set("system")))
    assert wording_hash(read(form)) != wording_hash(read(coded(MOOD)))


def test_the_phq_2_can_be_bound_to_the_wording_of_the_phq_9() -> None:
    form = read(coded(MOOD))
    wording = bind(INSTRUMENTS["phq-2"], form)
    assert [prompt.text for prompt in wording.prompts] == ["Made-up 1?", "Made-up 2?"]
    assert wording.hash == wording_hash(read(coded(MOOD[:2])))


def test_the_item_on_difficulty_is_bound_when_it_can_be_told() -> None:
    form = coded(MOOD)
    form["item"].append(question("d", "Made-up d?", [option(label, None) for label in LABELS]))
    for answers in (form["item"][-1]["answerOption"], options()):
        form["item"][-1]["answerOption"] = answers
        prompt = bind(INSTRUMENTS["phq-9"], read(form)).prompt("difficulty")
        assert prompt is not None
        assert [choice.value for choice in prompt.choices] == [0, 1, 2, 3]
    form["item"][-1]["answerOption"] = options(labels=LABELS[:3])
    assert bind(INSTRUMENTS["phq-9"], read(form)).prompt("difficulty") is None


def test_other_questions_are_named() -> None:
    form = coded(ANXIETY)
    form["item"].append({"linkId": "anything-else", "type": "text", "text": "Anything else?"})
    wording = bind(GAD_7, read(form))
    assert any("anything-else" in note for note in wording.notes)


def test_what_does_not_fit_is_not_bound() -> None:
    with pytest.raises(QuestionnaireInvalid):
        bind(GAD_7, read(coded(MOOD)))


# --- unknown ones -----------------------------------------------------------------------------------------------------


def mixed() -> dict[str, Any]:
    return questionnaire(
        {"linkId": "when", "type": "date", "text": "When?"},
        question("a", "How grey?"),
        question("b", "How wet?", options(1)),
        {"linkId": "c", "type": "boolean", "text": "Did you go out?"},
        question("d", "Which?", [option(label, None) for label in LABELS]),
        title="Wetter im Herzen",
        publisher="Praxis Nord",
    )


def test_an_unknown_questionnaire_becomes_a_sum_without_bands() -> None:
    taken = import_questionnaire(read(mixed()))
    instrument = taken.instrument
    assert not taken.known
    assert instrument.key.startswith("x-wetter-im-herzen-")
    assert [(item.key, item.allowed, item.optional) for item in instrument.items] == [
        ("q1", (0, 1, 2, 3), False),
        ("q2", (1, 2, 3, 4), False),
        ("q3", (0, 1), True),
        ("q4", (0, 1, 2, 3), True),
    ]
    assert [item.scored for item in instrument.items] == [True, True, False, False]
    (scale,) = instrument.scales
    assert (scale.low, scale.high, scale.bands, scale.cut_offs, scale.changes) == (1, 7, (), (), ())
    assert instrument.direction == "not stated"
    assert [prompt.text for prompt in taken.wording.prompts] == ["How grey?", "How wet?", "Did you go out?", "Which?"]
    scored = score(instrument, {"q1": 3, "q2": 2, "q3": True})
    assert scored.scale("total").score == 5
    assert not score(instrument, {"q1": 3}).scale("total").valid


def test_answers_without_scores_are_kept_by_their_place_and_never_summed() -> None:
    form = questionnaire(question("a", "Which?", [option(label, None) for label in LABELS]))
    taken = import_questionnaire(read(form))
    assert taken.instrument.scales == ()
    assert taken.instrument.scheme == "no score"
    assert [(choice.text, choice.value) for choice in taken.wording.prompts[0].choices] == [
        (label, place) for place, label in enumerate(LABELS)
    ]
    assert score(taken.instrument, {"q1": 2}).scales == ()


def test_numbers_are_kept_and_never_summed() -> None:
    base = "http://hl7.org/fhir/StructureDefinition/"
    ends = [{"url": base + "minValue", "valueInteger": 0}, {"url": base + "maxValue", "valueInteger": 24}]
    hours = {"linkId": "h", "type": "integer", "text": "Hours of sleep?", "extension": ends}
    cups = question("c", "Cups of tea?", [{"valueInteger": value} for value in (1, 2, 4)])
    free = {"linkId": "n", "type": "integer", "text": "Any number?"}
    instrument = import_questionnaire(read(questionnaire(hours, cups, free))).instrument
    assert [(item.allowed, item.scored) for item in instrument.items] == [(tuple(range(25)), False), ((1, 2, 4), False)]
    assert instrument.scales == ()


def test_its_key_changes_with_its_wording() -> None:
    other = mixed()
    other["item"][1]["text"] = "How dark?"
    assert instrument_from(read(mixed())).key == instrument_from(read(mixed())).key
    assert instrument_from(read(mixed())).key != instrument_from(read(other)).key


def test_a_title_without_latin_letters_still_makes_a_key() -> None:
    form = weather() | {"title": "天気"}
    assert instrument_from(read(form)).key.startswith("x-questionnaire-")


def test_nothing_that_can_be_answered_is_a_problem() -> None:
    form = questionnaire({"linkId": "a", "type": "text", "text": "How are you?"})
    with pytest.raises(QuestionnaireInvalid, match="those that count need scores"):
        import_questionnaire(read(form))


def test_a_name_that_is_not_believed_is_asked_about() -> None:
    form = weather() | {"title": "GAD-7"}
    with pytest.raises(QuestionnaireUnclear, match="as new: an instrument of your own") as asked:
        import_questionnaire(read(form))
    assert asked.value.candidates == {}
    assert not import_questionnaire(read(form), NEW).known


def test_taking_a_known_one_binds_it() -> None:
    taken = import_questionnaire(read(coded(ANXIETY) | {"code": [loinc("69737-5")]}))
    assert taken.known
    assert taken.instrument is GAD_7
    assert taken.wording.status == "imported"
