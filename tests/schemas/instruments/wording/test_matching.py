"""Which instrument a questionnaire is: by codes, by name, or none; and what is said when it does not fit."""

from __future__ import annotations

from typing import Any

import pytest
from tests.schemas.instruments.wording.forms import (
    ANSWERS,
    ANXIETY,
    LABELS,
    MOOD,
    changed,
    coded,
    data,
    loinc,
    option,
    options,
    printed,
    question,
    questionnaire,
    reordered,
    rows,
    weather,
)

from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments import (
    INSTRUMENTS,
    NEW,
    Questionnaire,
    QuestionnaireInvalid,
    QuestionnaireUnclear,
    bind,
    import_questionnaire,
    match,
    read_questionnaire,
    recognise,
)


def read(form: object) -> Questionnaire:
    return read_questionnaire(data(form))


def found(form: object) -> str | None:
    instrument = match(read(form))
    return None if instrument is None else instrument.key


RECOGNISED = [
    "gad-7 by items", "gad-2 by items", "phq-9 by items", "phq-2 by items", "phq-4", "phq-8", "audit-c by items",
    "gad-7 by name", "phq-9 by name", "who-5", "pcl-5", "k10 from 1", "k10 from 0", "dass-21", "isi", "pss-10",
    "wsas", "audit-c by name", "another title", "phq-9 with 8", "for teens", "gad-7 from 1", "gad-7 in words unknown",
    "usaudit", "unknown",
]  # fmt: skip


def said(form: object) -> list[tuple[str, str]]:
    with pytest.raises(QuestionnaireInvalid) as caught:
        match(read(form))
    return [(problem.where, problem.what) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("form", "key"),
    [
        (coded(ANXIETY), "gad-7"),
        (coded(ANXIETY[:2]), "gad-2"),
        (coded(MOOD), "phq-9"),
        (coded(MOOD[:2]), "phq-2"),
        (coded(ANXIETY[:2] + MOOD[:2]), "phq-4"),
        (coded(MOOD[:8]), None),
        (coded(("68518-0", "68519-8", "68520-6"), labels=ANSWERS[5]), "audit-c"),
        (printed("gad-7", title="Generalised Anxiety Disorder 7 (GAD-7)"), "gad-7"),
        (printed("phq-9", title="CIRG-PHQ9"), "phq-9"),
        (printed("who-5", title="WHO-5"), "who-5"),
        (printed("pcl-5", title="PCL-5, past month"), "pcl-5"),
        (printed("k10-abs", title="Kessler K10"), "k10-abs"),
        (printed("k10-us", title="Kessler K10"), "k10-us"),
        (printed("dass-21", title="DASS-21"), "dass-21"),
        (printed("isi", title="Insomnia Severity Index"), "isi"),
        (printed("pss-10", title="Perceived Stress Scale"), "pss-10"),
        (reordered(printed("wsas", title="WSAS"), 1, 2, 3, 4, 5), "wsas"),
        (printed("audit-c", title="AUDIT-C"), "audit-c"),
        (rows("Weather inside", 7, 0, 3), None),
        (rows("PHQ-9", 8, 0, 3), None),
        (printed("phq-9", title="PHQ-9 modified for teens"), None),
        (rows("GAD-7", 7, 1, 4), None),
        (rows("GAD-7", 7, 0, 3), None),
        (rows("USAUDIT", 10, 0, 6), None),
        (weather(), None),
    ],
    ids=RECOGNISED,
)
def test_it_is_recognised_or_not(form: Any, key: str | None) -> None:
    assert found(form) == key


def test_a_name_in_the_url_counts() -> None:
    form = printed("gad-7", title="Wöchentlicher Bogen") | {"url": "https://practice.example/Questionnaire/gad-7|2.0"}
    assert found(form) == "gad-7"


def test_codes_of_items_win_over_a_wrong_panel() -> None:
    assert found(coded(ANXIETY) | {"code": [loinc("44249-1")]}) == "gad-7"


def test_link_ids_made_of_codes_count() -> None:
    form = coded(ANXIETY)
    for item, code in zip(form["item"], ANXIETY, strict=True):
        del item["code"]
        item["linkId"] = f"/{code}"
    assert found(form) == "gad-7"


def test_a_form_as_lhc_forms_exports_it() -> None:
    form = coded(ANXIETY) | {"code": [{"code": "69737-5"}]}
    codes = ("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9")
    for item, code in zip(form["item"], ANXIETY, strict=True):
        item |= {"linkId": f"/{code}", "code": [{"code": code}], "required": False}
        for answer, known in zip(item["answerOption"], codes, strict=True):
            answer["valueCoding"] = {"code": known, "display": answer["valueCoding"]["display"]}
    total = {"linkId": "/70274-6", "type": "decimal", "text": "Made-up total score", "code": [{"code": "70274-6"}]}
    help_text = {"linkId": "/70274-6-help", "type": "display", "text": "Made-up help"}
    form["item"].append(total | {"item": [help_text]})
    read_form = read(form)
    assert recognise(read_form).by == "items"
    assert read_form.totals == ("/70274-6",)


def test_audit_with_its_uneven_answers() -> None:
    form = printed("audit", title="AUDIT")
    assert [len(item["answerOption"]) for item in form["item"]] == [5] * 8 + [3] * 2
    assert found(form) == "audit"


def test_wsas_with_its_tick_box() -> None:
    form = printed("wsas", title="WSAS")
    wording = bind(INSTRUMENTS["wsas"], read(form))
    assert found(form) == "wsas"
    assert [prompt.item for prompt in wording.prompts] == ["no-work", "q1", "q2", "q3", "q4", "q5"]


SCORED_FROM_ONE = (
    "Its answers score 1, 2, 3, 4; Generalized Anxiety Disorder 7 (GAD-7) takes 0, 1, 2, 3 here. "
    "Is it another version of the form?"
)
LAST_IS_MISSING = (
    "No question is coded as “Fear that something awful is coming” of Generalized Anxiety Disorder 7 (GAD-7) "
    "(LOINC 69736-7). Add it."
)
SCREENER = ("93246-7", "93247-5", "93248-3", "93249-1", "93250-9", "93267-3", "93269-9")
YES_NO = [
    {"valueCoding": loinc("LA33-6", "Ja")},
    {"valueCoding": loinc("LA32-8", "Nein")},
]


def screener(**more: Any) -> dict[str, Any]:
    items = [{"linkId": f"s{n}", "text": f"Made-up {n}?", "code": [loinc(c)]} | more for n, c in enumerate(SCREENER, 1)]
    return questionnaire(*items, code=[loinc("93373-9")])


@pytest.mark.parametrize(
    "more", [{"type": "boolean"}, {"type": "choice", "answerOption": YES_NO}], ids=["boolean", "choice"]
)
def test_a_screener_of_yes_and_no(more: dict[str, Any]) -> None:
    form = read(screener(**more))
    wording = bind(INSTRUMENTS["c-ssrs"], form)
    assert recognise(form).by == "items"
    values = [choice.value for choice in wording.prompts[0].choices]
    assert values == ([True, False] if more["type"] == "choice" else [])


def test_a_screener_whose_answers_are_neither() -> None:
    form = screener(type="choice", answerOption=options(labels=LABELS))
    assert "cannot be recognised as yes and no" in said(form)[0][1]


def test_scores_of_another_version_are_a_problem_where_codes_name_the_instrument() -> None:
    found = said(coded(ANXIETY, low=1))
    assert len(found) == 7
    assert found[0] == (
        "Questionnaire.item[0]",
        SCORED_FROM_ONE,
    )


def test_without_scores_and_without_known_codes_it_says_what_to_add() -> None:
    form = coded(ANXIETY)
    for item in form["item"]:
        item["answerOption"] = [option(label, None) for label in LABELS]
    assert "state no scores" in said(form)[0][1]
    assert "add ordinalValue" in said(form)[0][1]


def test_the_answer_codes_of_loinc_have_their_scores() -> None:
    codes = ("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9")
    form = coded(ANXIETY)
    for item in form["item"]:
        item["answerOption"] = [{"valueCoding": loinc(c, label)} for c, label in zip(codes, LABELS, strict=True)]
    wording = bind(INSTRUMENTS["gad-7"], read(form))
    assert [(choice.text, choice.value) for choice in wording.prompts[0].choices] == list(
        zip(LABELS, range(4), strict=True)
    )


def test_answers_that_are_numbers_count_as_the_instrument_says() -> None:
    form = coded(ANXIETY)
    for item in form["item"]:
        item["answerOption"] = [{"valueInteger": value} for value in range(4)]
    wording = bind(INSTRUMENTS["gad-7"], read(form))
    assert [choice.value for choice in wording.prompts[0].choices] == [0, 1, 2, 3]


def test_our_own_form_as_numbers_with_bounds() -> None:
    base = "http://hl7.org/fhir/StructureDefinition/"
    ends = [{"url": base + "minValue", "valueInteger": 0}, {"url": base + "maxValue", "valueInteger": 10}]
    labels = [item.label for item in INSTRUMENTS["check-in"].items]
    items = [{"linkId": f"c{n}", "type": "integer", "text": text, "extension": ends} for n, text in enumerate(labels)]
    assert found(questionnaire(*items, title="Intersession check-in")) == "check-in"
    assert found(questionnaire(*items, title="Something else")) is None


def test_a_missing_item_is_named() -> None:
    found = said(coded(ANXIETY[:6]) | {"code": [loinc("69737-5")]})
    assert found == [
        (
            "Questionnaire.item",
            LAST_IS_MISSING,
        )
    ]


def test_another_order_is_a_problem() -> None:
    form = coded(ANXIETY)
    form["item"][1], form["item"][2] = form["item"][2], form["item"][1]
    (problem,) = said(form)
    assert problem[0] == "Questionnaire.item[1]"
    assert "asks them the other way round" in problem[1]


def test_one_code_twice_is_a_problem() -> None:
    form = coded(ANXIETY)
    form["item"].append(question("again", "Made-up?", code=[loinc(ANXIETY[0])]))
    assert said(form | {"code": [loinc("69737-5")]})[0][0] == "Questionnaire.item[7]"


def test_a_name_that_does_not_fit_leaves_a_doubt() -> None:
    recognised = recognise(read(rows("GAD-7", 7, 1, 4)))
    assert recognised.instrument is None
    assert recognised.suspect is INSTRUMENTS["gad-7"]
    assert len(recognised.doubts) == 7


def ten_of_audit(code: str | None = None) -> dict[str, Any]:
    """The whole AUDIT, with the codes that its first three items share with the AUDIT-C."""
    form = printed("audit", title="AUDIT, ten items")
    for item, known in zip(form["item"], ("68518-0", "68519-8", "68520-6"), strict=False):
        item["code"] = [loinc(known)]
    return form | ({"code": [loinc(code)]} if code else {})


def half_coded() -> dict[str, Any]:
    form = rows("PHQ-9", 9, 0, 3) | {"code": [loinc("55757-9")]}
    for item, known in zip(form["item"], MOOD[:2], strict=False):
        item["code"] = [loinc(known)]
    return form


def with_more(form: dict[str, Any]) -> dict[str, Any]:
    form["item"].append(question("more", "Made-up, and more?", options()))
    return form


def recoded() -> dict[str, Any]:
    form = rows("PHQ-9", 9, 0, 3)
    for number, item in enumerate(form["item"]):
        item["code"] = [loinc(f"8920{number}-1")]
    return form


UNCLEAR: dict[str, tuple[Any, dict[str, int]]] = {
    "a panel of three, ten scored": (ten_of_audit("72109-2"), {"audit-c": 7, "audit": 0}),
    "a panel of two, nine scored": (half_coded(), {"phq-2": 7, "phq-9": 0}),
    "a panel, and one more that is scored": (with_more(coded(ANXIETY) | {"code": [loinc("69737-5")]}), {"gad-7": 1}),
    "a name, and one more that is scored": (with_more(printed("gad-7", title="GAD-7")), {}),
    "a name, and questions in words unknown": (rows("GAD-7", 7, 0, 3), {"gad-7": 0}),
    "a name, and other scores": (rows("GAD-7", 7, 1, 4), {}),
    "a name, and too few items": (rows("PHQ-9", 8, 0, 3), {}),
    "a name, and other codes": (recoded(), {"phq-9": 0}),
    "positions for scores": (rows("EPDS", 10, 0, 3), {"epds": 0}),
    "another form of one with risk items": (printed("phq-9", title="PHQ-9 modified for teens"), {"phq-9": 0}),
    "two known ones in one": (coded((*MOOD, *ANXIETY)), {"phq-9": 7}),
}


@pytest.mark.parametrize("which", UNCLEAR)
def test_what_would_lose_scores_or_risk_items_is_asked_about(which: str) -> None:
    form, candidates = UNCLEAR[which]
    with pytest.raises(QuestionnaireUnclear) as asked:
        import_questionnaire(read(form))
    assert asked.value.problems
    assert asked.value.candidates == candidates
    for key in candidates:
        assert import_questionnaire(read(form), key).instrument is INSTRUMENTS[key]
    own = import_questionnaire(read(form), NEW)
    assert (own.known, own.instrument.risks) == (False, ())
    assert len(own.wording.prompts) == len(form["item"])
    with pytest.raises(InvalidField):
        import_questionnaire(read(form), "nobody-knows")


def test_what_somebody_says_that_it_is_has_to_fit() -> None:
    with pytest.raises(QuestionnaireInvalid) as refused:
        import_questionnaire(read(rows("GAD-7", 7, 1, 4)), "gad-7")
    assert len(refused.value.problems) == 7


def test_scores_of_the_file_are_kept_as_they_are() -> None:
    form = rows("EPDS", 10, 0, 3)
    taken = import_questionnaire(read(form), "epds")
    assert [risk.item for risk in taken.instrument.risks] == ["q10"]
    assert {tuple(choice.value for choice in prompt.choices) for prompt in taken.wording.prompts} == {(0, 1, 2, 3)}
    assert any("kept as the file states them" in note for note in taken.notes)


@pytest.mark.parametrize("scores", [(3, 2, 1, 0), (0, 2, 1, 3), (0, 3, 0, 1)])
def test_a_new_instrument_takes_the_scores_that_its_file_states(scores: tuple[int, ...]) -> None:
    form = rows("Week scale", 3, 0, 3)
    form["item"][2]["answerOption"] = [option(label, score) for label, score in zip(LABELS, scores, strict=True)]
    taken = import_questionnaire(read(form))
    assert [choice.value for choice in taken.wording.prompts[2].choices] == list(scores)
    assert any("in reverse of the expected order" in note for note in taken.notes)


def test_a_bearer_of_the_name_with_other_codes_is_another_form() -> None:
    form = printed("phq-9", title="PHQ-9")
    for number, item in enumerate(form["item"]):
        item["code"] = [loinc(f"8920{number}-1")]
    assert found(form) is None


def test_a_doubtful_shape_is_not_matched_by_changing_one_option() -> None:
    form = changed(coded(ANXIETY), "item.3.answerOption.3", None)
    assert "Its answers score 0, 1, 2; " in said(form)[0][1]
