"""A form is what its words and codes mean; a risk rule watches what asks about risk, not what stands in its place."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.schemas.instruments.wording.forms import (
    MOOD,
    Json,
    changed,
    loinc,
    option,
    printed,
    question,
    questionnaire,
    reordered,
    rows,
    turned,
    without_codes,
)
from tests.schemas.instruments.wording.languages import QUESTIONS, UNKNOWN, mood_in
from tests.schemas.instruments.wording.questionnaires import read

from intersession_schemas.instruments import (
    INSTRUMENTS,
    NEW,
    Imported,
    QuestionnaireInvalid,
    QuestionnaireOther,
    QuestionnaireUnclear,
    import_questionnaire,
    recognise,
)
from intersession_schemas.instruments.wording.directions import check_directions
from intersession_schemas.instruments.wording.meaning.answers import extent, extents, runs
from intersession_schemas.instruments.wording.meaning.items import FALLING, STEMS, read_as
from intersession_schemas.instruments.wording.meaning.risk import asks_about_risk
from intersession_schemas.instruments.wording.option_values import yes_no

RISK_FIRST = (8, 0, 1, 2, 3, 4, 5, 6, 7, 9)


def taken(form: Json, *how: str) -> Imported:
    return import_questionnaire(read(form), *how)


def unclear(form: Json) -> QuestionnaireUnclear:
    with pytest.raises(QuestionnaireUnclear) as caught:
        taken(form)
    return caught.value


def never_as(form: Json, key: str) -> str:
    """It is not taken by itself, not offered to be taken as that, and refused when somebody says so."""
    assert key not in unclear(form).candidates
    with pytest.raises(QuestionnaireOther) as caught:
        taken(form, key)
    assert "Mend" not in str(caught.value)
    assert "fix" not in str(caught.value)
    assert "import it as new" in str(caught.value)
    own = taken(form, NEW)
    assert (own.known, own.watched) == (False, ())
    return str(caught.value)


@pytest.mark.parametrize("codes", [False, True], ids=["without codes", "with codes"])
@pytest.mark.parametrize("key", [key for key in INSTRUMENTS if key != "check-in" and key in STEMS])
def test_every_known_one_is_known_by_meaning(key: str, codes: bool) -> None:
    found = taken(printed(key, codes=codes))
    assert (found.known, found.instrument.key) == (True, key)
    assert {one.link_id for one in found.watched} == {risk.item for risk in found.instrument.risks}
    assert all(one.confirmed for one in found.watched)


@pytest.mark.parametrize("codes", [False, True], ids=["without codes", "with codes"])
@pytest.mark.parametrize("key", ["phq-9", "who-5", "k10-abs", "k10-us", "gad-7", "epds", "isi", "dass-21", "pcl-5"])
def test_answers_that_run_the_wrong_way_are_never_taken(key: str, codes: bool) -> None:
    said = never_as(turned(printed(key, codes=codes)), key)
    assert "“Never” scores" in said


def test_one_item_that_runs_the_wrong_way_is_enough() -> None:
    said = never_as(turned(printed("gad-7"), 4), "gad-7")
    assert "Questionnaire.item[4]: “Always” scores 0 and “Never” scores 3" in said


def test_answers_printed_from_the_highest_down_are_fine() -> None:
    form = printed("who-5")
    for item in form["item"]:
        item["answerOption"].reverse()
    assert [choice.value for choice in taken(form).wording.prompts[0].choices] == [5, 4, 3, 2, 1, 0]


@pytest.mark.parametrize("codes", [False, True], ids=["without codes", "with codes"])
def test_the_item_on_suicide_in_the_first_place_is_not_the_last_one(codes: bool) -> None:
    form = reordered(printed("phq-9", codes=codes), *RISK_FIRST)
    assert str(unclear(form)).startswith("No risk rule watches this file, as nothing was imported.")
    said = never_as(form, "phq-9")
    assert ("comes before" if codes else "Questionnaire.item[0]: It asks about death or self-harm") in said
    marked = import_questionnaire(read(form), None, ["q9"])
    assert [(one.link_id, one.at_least) for one in marked.watched] == [("q9", 1)]


def test_items_in_another_order_are_not_taken_by_place() -> None:
    never_as(reordered(printed("phq-9"), 1, 0, 2, 3, 4, 5, 6, 7, 8, 9), "phq-9")
    never_as(reordered(printed("who-5"), 4, 3, 2, 1, 0), "who-5")
    never_as(reordered(printed("k10-us"), 0, 2, 1, *range(3, 10)), "k10-us")


def test_a_code_that_its_text_contradicts_confirms_nothing() -> None:
    form = printed("phq-9", codes=True)
    for place, code in ((2, MOOD[8]), (8, MOOD[2])):
        form["item"][place]["code"] = [loinc(code)]
    assert unclear(form).candidates == {"phq-9": 0}  # its texts stand where they belong, and a person may say so
    assert taken(form, "phq-9").watched[0].link_id == "q9"
    form["item"][2]["text"], form["item"][8]["text"] = "Xyzzy?", "Plugh?"
    never_as(form, "phq-9")  # now the codes are all there is, and they say that its items stand in another order


def test_one_item_with_a_code_that_its_text_contradicts() -> None:
    form = printed("phq-9")
    form["item"][8]["code"] = [loinc(MOOD[2])]
    assert "Is coded as “Sleep”, and its text (“Thoughts of death or self-harm?”)" in str(unclear(form))
    assert [one.link_id for one in taken(form, "phq-9").watched] == ["q9"]


def test_a_question_about_something_else_under_the_code_of_the_risk_item() -> None:
    form = changed(printed("phq-9", codes=True), "item.8.text", "Trouble with sleep?")
    assert "where “Thoughts of death or self-harm” of" in never_as(form, "phq-9")


def test_a_question_about_self_harm_in_place_of_another_one() -> None:
    form = changed(printed("gad-7", codes=True), "item.3.text", "Did you think of killing yourself?")
    assert "It asks about death or self-harm" in never_as(form, "gad-7")


def test_the_epds_scored_by_position_is_not_the_epds() -> None:
    form = printed("epds")
    for item in form["item"]:
        labels = [answer["valueCoding"]["display"] for answer in item["answerOption"]]
        printed_order = labels if item["linkId"] in {"q1", "q2", "q4"} else labels[::-1]
        item["answerOption"] = [option(label, place) for place, label in enumerate(printed_order)]
    for form_of_it in (form, form | {"title": "Fragebogen"}):
        asked = unclear(form_of_it)
        assert asked.candidates == {}
        assert str(asked).startswith("No risk rule watches this file, as nothing was imported.")
    never_as(form, "epds")


def test_what_cannot_be_read_is_not_known_until_somebody_says_so() -> None:
    form = rows("EPDS", 10, 0, 3)
    assert unclear(form).candidates == {"epds": 0}
    found = taken(form, "epds")
    assert [(one.link_id, one.confirmed) for one in found.watched] == [("i10", False)]
    assert any("that is taken on your word" in note for note in found.notes)


def test_a_risk_instrument_without_its_name_and_codes_is_not_one_of_ones_own() -> None:
    asked = unclear(printed("phq-9", title="Weekly form"))
    assert (asked.candidates, asked.risky) == ({"phq-9": 0}, ("q9",))
    assert taken(printed("phq-9", title="Weekly form"), "phq-9").watched[0].confirmed


def test_any_question_about_self_harm_is_for_a_person_to_decide() -> None:
    form = rows("Weather inside", 2, 0, 3)
    form["item"].append(question("dark", "Haben Sie daran gedacht, sich umzubringen?"))
    asked = unclear(form)
    assert (asked.candidates, asked.risky) == ({}, ("dark",))
    assert "- risk dark: an instrument of your own" in str(asked)
    assert taken(form, NEW).unwatched == ("dark",)


@pytest.mark.parametrize("language", QUESTIONS)
def test_it_is_read_in_seven_languages(language: str) -> None:
    form = mood_in(language)
    found = taken(form)
    assert (found.instrument.key, [one.link_id for one in found.watched]) == ("phq-9", ["q9"])
    never_as(turned(form), "phq-9")
    never_as(reordered(form, *RISK_FIRST[:9]), "phq-9")
    marked = [text for text in QUESTIONS[language] if asks_about_risk(text)]
    assert marked == [QUESTIONS[language][8]]


def test_in_words_that_nobody_reads_codes_are_what_there_is() -> None:
    form = mood_in(UNKNOWN, codes=True, answer_codes=True)
    assert taken(form).watched[0].confirmed
    never_as(turned(form), "phq-9")
    without_answers = mood_in(UNKNOWN, codes=True)
    assert unclear(without_answers).candidates == {"phq-9": 0}
    assert unclear(without_codes(without_answers)).candidates == {"phq-9": 0}


def test_a_code_of_an_answer_does_not_win_over_its_words_and_its_score() -> None:
    form = mood_in("en", codes=True, answer_codes=True)
    for item in form["item"]:
        codes = [answer["valueCoding"]["code"] for answer in item["answerOption"]]
        for answer, code in zip(item["answerOption"], reversed(codes), strict=True):
            answer["valueCoding"]["code"] = code
    assert "do not belong together" in str(unclear(form))
    assert [choice.value for choice in taken(form, "phq-9").wording.prompts[0].choices] == [0, 1, 2, 3]


def test_two_scores_in_the_middle_that_changed_places() -> None:
    form = printed("phq-9")
    for place in (3, 8):
        answers = form["item"][place]["answerOption"]
        answers[1]["extension"], answers[2]["extension"] = answers[2]["extension"], answers[1]["extension"]
    said = never_as(form, "phq-9")
    assert "Questionnaire.item[3]: Its scores do not follow what its answers say: “Never” scores 0, “Now and" in said
    assert "Questionnaire.item[8]: Its scores do not follow" in said


def test_answers_that_stand_about_are_for_a_person_to_decide() -> None:
    form = printed("phq-9")
    answers = form["item"][3]["answerOption"]
    answers[1], answers[2] = answers[2], answers[1]
    assert "Questionnaire.item[3]: Its answers are not in the order of their scores." in str(unclear(form))
    assert taken(form, "phq-9").known


@pytest.mark.parametrize("yes_no", [("Yes", "No"), ("Ja", "Nein")])
def test_a_yes_that_is_scored_as_a_no(yes_no: tuple[str, str]) -> None:
    form = printed("c-ssrs", codes=True)
    for item in form["item"]:
        item |= {
            "type": "choice",
            "answerOption": [option(text, value) for text, value in zip(yes_no, (1, 0), strict=True)],
        }
    assert taken(form).instrument.key == "c-ssrs"
    never_as(turned(form), "c-ssrs")


def test_a_yes_of_a_reversed_item_is_a_yes_whatever_it_scores() -> None:
    one = INSTRUMENTS["c-ssrs"].items[0]
    form = questionnaire(question("a", "Xyzzy?", [option("Ja", 0), option("Nein", 1)]))
    (asked,) = read(form).questions
    assert [value for _, value in yes_no(asked) or ()] == [True, False]
    for reverse, run in ((False, 1), (True, 0)):
        found = check_directions(INSTRUMENTS["c-ssrs"], [(replace(one, reverse=reverse), asked)])
        assert len(found.wrong) == run


def test_reversed_items_that_the_file_has_turned_are_kept_as_printed() -> None:
    plain, again = taken(printed("pss-10")), taken(turned(printed("pss-10"), 3, 4, 6, 7))
    assert [sorted(c.value or 0 for c in one.choices) for one in again.wording.prompts] == [[0, 1, 2, 3, 4]] * 10
    assert again.wording.hash == plain.wording.hash
    assert any("already account for reversed items" in note for note in again.notes)
    assert not any("already account for reversed items" in note for note in plain.notes)


def test_items_turned_by_halves_are_not_taken() -> None:
    form = read(turned(printed("pss-10"), 3, 4))
    assert any("already reversed, others do not" in str(doubt) for doubt in recognise(form).doubts)
    with pytest.raises(QuestionnaireInvalid):
        import_questionnaire(form)


# --- the words themselves ---------------------------------------------------------------------------------------------


def test_the_items_of_every_known_one_have_words() -> None:
    for instrument in INSTRUMENTS.values():
        stems = STEMS.get(instrument.key, {})
        if not stems:
            continue  # one that is known by its codes only
        assert stems.keys() == set(instrument.item_keys()), instrument.key
        for item in instrument.items:
            assert item.key in read_as(instrument.key, item.label), (instrument.key, item.key)
    assert {"phq-9", "epds", "c-ssrs"} <= {key for key, stems in STEMS.items() if stems}
    assert all(items <= set(INSTRUMENTS[key].item_keys()) for key, items in FALLING.items() if key in INSTRUMENTS)


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ("Never", "Rarely"),
        ("Not very often", "Very often"),
        ("No, not at all", "Yes, sometimes"),
        ("Überhaupt nicht", "Fast täglich"),
        ("Fast nie", "Ziemlich oft"),
        ("Jamais", "La plupart du temps"),
        ("Nunca", "Casi siempre"),
        ("Helemaal niet", "Bijna altijd"),
        ("Per niente", "Quasi sempre"),
        ("De modo nenhum", "Quase todos os dias"),
        ("Nein, gar nicht", "Ja"),
        ("Ueberhaupt nicht", "An mehr als der Haelfte der Tage"),
    ],
)
def test_less_is_less(less: str, more: str) -> None:
    low, high = extent(less), extent(more)
    assert low is not None
    assert high is not None
    assert low[1] < high[0]


def test_what_is_not_read_says_nothing() -> None:
    assert extent("Xyzzy") is None
    words, _ = extents(["Xyzzy", "Plugh"], [None, None])
    assert runs([0, 1], words) == (None, False)
    assert runs([0, 1, 2], [(0, 0), None, (5, 6)]) == (1, True)
    assert runs([0, 1, 2], [(0, 0), (5, 6), None]) == (1, False)
    assert runs([2, 1, 0], [(0, 0), None, (5, 6)]) == (-1, True)
    assert runs([0, 2, 1], [(0, 0), (2, 2), (5, 6)]) == (0, True)


def test_umlauts_may_be_spelled_out() -> None:
    assert read_as("phq-9", "Mueder als sonst") == {"q4"}
    assert asks_about_risk("Sich toeten wollen")


@pytest.mark.parametrize(
    "text", ["I felt dead tired", "Die Woche", "Todo bien", "I die of laughter", "Doodmoe", "mortel"]
)
def test_words_that_look_like_death_and_are_not(text: str) -> None:
    assert not asks_about_risk(text)
