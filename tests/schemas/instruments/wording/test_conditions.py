"""Questions that are asked only when another was answered in some way: kept where the instrument has that, or said."""

from __future__ import annotations

from typing import Any

import pytest
from tests.schemas.instruments.wording.forms import LOINC, Json, option, printed, question, questionnaire
from tests.schemas.instruments.wording.questionnaires import read

from intersession_schemas.instruments import NEW, QuestionnaireUnclear, import_questionnaire, missing_items

YES: dict[str, Any] = {"system": LOINC, "code": "LA33-6", "display": "Yes"}
EXPRESSION = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"


def when(link: str, **answer: Any) -> list[Json]:
    return [{"question": link, "operator": "=", **(answer or {"answerBoolean": True})}]


def screener(conditions: dict[str, list[Json]], *, choices: bool = False) -> Json:
    form = printed("c-ssrs", codes=True)
    for item in form["item"]:
        if choices:
            item |= {
                "type": "choice",
                "answerOption": [{"valueCoding": YES}, {"valueCoding": YES | {"code": "LA32-8", "display": "No"}}],
            }
        if item["linkId"] in conditions:
            item["enableWhen"] = conditions[item["linkId"]]
    return form


@pytest.mark.parametrize(
    ("answer", "choices"),
    [
        ({"answerBoolean": True}, False),
        ({"operator": "!=", "answerBoolean": False}, False),
        ({"answerCoding": YES}, True),
        ({"answerCoding": {"display": "Yes"}}, True),
    ],
    ids=["yes", "not no", "coded", "displayed"],
)
def test_conditions_that_the_instrument_has_are_no_problem(answer: dict[str, Any], choices: bool) -> None:
    conditions = {key: when("q2", **answer) for key in ("q3", "q4", "q5")} | {"q6-recent": when("q6", **answer)}
    taken = import_questionnaire(read(screener(conditions, choices=choices)))
    assert taken.instrument.key == "c-ssrs"
    assert not any("enableWhen" in note for note in taken.notes)


@pytest.mark.parametrize(
    "conditions",
    [
        {"q3": when("q1")},
        {"q3": when("q2", answerBoolean=False)},
        {"q1": when("q2")},
        {"q6": when("q2")},
        {"q3": [*when("q2"), *when("q1")]},
        {"q3": when("elsewhere")},
        {"q3": when("q2", operator="exists")},
    ],
    ids=["another", "a no", "the first", "the sixth", "two", "nowhere", "answered at all"],
)
def test_conditions_that_it_does_not_have_are_for_a_person_to_decide(conditions: dict[str, list[Json]]) -> None:
    form = read(screener(conditions))
    with pytest.raises(QuestionnaireUnclear, match="Is asked only under a condition") as asked:
        import_questionnaire(form)
    assert len(asked.value.problems) == 1
    taken = import_questionnaire(form, "c-ssrs")
    assert any("are asked always" in note for note in taken.notes)


def test_the_condition_of_a_group_is_one_of_each_question_in_it() -> None:
    form = printed("gad-7")
    inside = form["item"][3:]
    form["item"] = [
        *form["item"][:3],
        {"linkId": "g", "type": "group", "item": inside, "enableWhen": when("q1", answerInteger=1)},
    ]
    with pytest.raises(QuestionnaireUnclear) as asked:
        import_questionnaire(read(form))
    assert len(asked.value.problems) == 4


def test_an_optional_question_may_have_a_condition() -> None:
    form = printed("phq-9")
    form["item"][9]["enableWhen"] = when("q1", answerInteger=1)
    assert import_questionnaire(read(form)).instrument.key == "phq-9"


def test_work_that_is_not_applicable() -> None:
    form = printed("wsas")
    form["item"][1]["enableWhen"] = when("no-work", answerBoolean=False)
    assert import_questionnaire(read(form)).instrument.key == "wsas"


def own(*conditions: Json, **more: Any) -> Json:
    return questionnaire(
        {"linkId": "out", "type": "boolean", "text": "Did you go out?"},
        {"linkId": "far", "type": "boolean", "text": "Did you go far?", "enableWhen": list(conditions)} | more,
        question(
            "how", "How was it?", [option(text, None) for text in ("Grey", "Bright")], enableWhen=list(conditions)
        ),
        question("wet", "How wet was it?"),
    )


def test_a_question_of_ones_own_can_wait_for_a_yes() -> None:
    taken = import_questionnaire(read(own(*when("out"))))
    assert [item.asked_when for item in taken.instrument.items] == [None, "q1", "q1", None]
    assert missing_items(taken.instrument, {"q1": False, "q4": 1}) == ()


@pytest.mark.parametrize(
    "conditions",
    [when("out", answerBoolean=False), when("wet", answerInteger=2), [*when("out"), *when("wet", answerInteger=2)]],
)
def test_other_conditions_of_ones_own_are_said(conditions: list[Json]) -> None:
    form = read(own(*conditions))
    with pytest.raises(QuestionnaireUnclear, match="this one would be asked always") as asked:
        import_questionnaire(form)
    assert [problem.where for problem in asked.value.problems] == ["Questionnaire.item[1]", "Questionnaire.item[2]"]
    taken = import_questionnaire(form, NEW)
    assert [item.asked_when for item in taken.instrument.items] == [None] * 4
    assert any("are asked always" in note for note in taken.notes)


def test_a_scored_question_of_ones_own_does_not_wait() -> None:
    form = own(*when("out"))
    form["item"][3]["enableWhen"] = when("out")
    with pytest.raises(QuestionnaireUnclear) as asked:
        import_questionnaire(read(form))
    assert [problem.where for problem in asked.value.problems] == ["Questionnaire.item[3]"]


def test_one_of_two_conditions_and_an_expression_cannot_be_kept() -> None:
    either = own(*when("out"), *when("out"), enableBehavior="any")
    with pytest.raises(QuestionnaireUnclear):
        import_questionnaire(read(either))
    form = own(*when("out"), extension=[{"url": EXPRESSION, "valueExpression": {}}])
    with pytest.raises(QuestionnaireUnclear) as asked:
        import_questionnaire(read(form))
    assert [problem.where for problem in asked.value.problems] == ["Questionnaire.item[1]"]
