"""What is wrong with a questionnaire is said all at once, with its place; no bytes raise anything else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.schemas.instruments.wording.forms import (
    ORDINAL,
    WEIGHT,
    changed,
    coded,
    data,
    loinc,
    options,
    question,
    questionnaire,
    scored,
    weather,
    weather_by_value_set,
)
from tests.schemas.instruments.wording.questionnaires import only, problems, read

from intersession_schemas.instruments import (
    QuestionnaireInvalid,
    QuestionnaireProblem,
    import_questionnaire,
    read_questionnaire,
)


def test_conditions_are_said_not_to_be_applied() -> None:
    by_answer = question("a", "A?", enableWhen=[{"question": "b", "operator": "exists"}])
    by_rule = question("b", "B?", extension=[{"url": "https://x.example/sdc-questionnaire-enableWhenExpression"}])
    form = read(questionnaire(by_answer, by_rule, question("c", "C?")))
    assert [asked.conditional for asked in form.questions] == [True, True, False]
    assert form.notes == ("Conditions between questions (enableWhen) are not applied.",)


def test_codes_without_a_system_are_taken_for_loinc_when_they_look_like_it() -> None:
    form = read(
        questionnaire(question("a", "A?", code=[{"code": "44250-9"}, {"code": "mood"}]), code=[{"code": "44249-1"}])
    )
    assert (form.loinc, form.questions[0].loinc) == (("44249-1",), ("44250-9",))


def test_loinc_codes_of_items_and_of_link_ids() -> None:
    form = read(questionnaire(question("/44249-1/44250-9", "A?"), question("b", "B?", code=[loinc("44255-8")])))
    assert [asked.loinc for asked in form.questions] == [("44250-9",), ("44255-8",)]


@pytest.mark.parametrize(
    ("form", "where", "what"),
    [
        (b"", "file", "Empty."),
        (b"  \n", "file", "Empty."),
        (b"<Questionnaire/>", "file", "This is XML"),
        (b"{", "line 1, column 2", "Not JSON"),
        (b'{"item": [\n1,]}', "line 2, column", "Not JSON"),
        (b'{"a": NaN}', "file", "Not JSON"),
        (b"1" * 5_000, "file", "Not JSON"),
        (b"[" * 100_000, "file", "Nested too deeply"),
        (b"[" * 101 + b"]" * 101, "file", "Nested too deeply: more than 100"),
        (b"[" * 100 + b"]" * 100, "file", "one Questionnaire"),
        (b'{"title": "\xe4"}', "file", "Not UTF-8 from byte 11"),
        (b" " * (4 * 1024 * 1024 + 1), "file", "Larger than 4 MiB"),
        (b"[]", "file", "one Questionnaire"),
        (b"{}", "resourceType", "Missing"),
        (b'{"resourceType": "QuestionnaireResponse"}', "resourceType", "somebody's answers"),
        (b'{"resourceType": "Patient"}', "resourceType", "Must be Questionnaire"),
        (b'{"resourceType": "Questionnaire"}', "Questionnaire.item", "nothing to ask"),
        (questionnaire({"linkId": "d", "type": "display", "text": "Hello"}), "Questionnaire.item", "no question"),
        (changed(weather(), "item.1.linkId", None), "Questionnaire.item[1].linkId", "Missing"),
        (
            changed(weather(), "item.2.linkId", "w1"),
            "Questionnaire.item[2].linkId",
            "The same as at Questionnaire.item[0]",
        ),
        (changed(weather(), "item.1.text", None), "Questionnaire.item[1].text", "no text"),
        (changed(weather(), "item.1.text", "  "), "Questionnaire.item[1].text", "no text"),
        (changed(weather(), "item.1.text", 5), "Questionnaire.item[1].text", "Must be a text in quotation marks"),
        (changed(weather(), "item.1.text", "a" * 8_001), "Questionnaire.item[1].text", "Longer than 8000"),
        (changed(weather(), "item.1.type", "slider"), "Questionnaire.item[1].type", "No type of FHIR R4"),
        (changed(weather(), "item.1.answerOption", None), "Questionnaire.item[1].answerOption", "without answers"),
        (
            changed(weather(), "item.1.answerOption.2.valueCoding.display", None),
            "Questionnaire.item[1].answerOption[2].valueCoding.display",
            "An answer with the code often has no text",
        ),
        (
            changed(weather(), "item.1.answerOption.2.extension.0.valueDecimal", 1.5),
            "Questionnaire.item[1].answerOption[2].extension[0].valueDecimal",
            "fraction",
        ),
        (
            changed(weather(), "item.1.answerOption.2.extension.0.valueDecimal", "two"),
            "Questionnaire.item[1].answerOption[2].extension[0].valueDecimal",
            "must be a number",
        ),
        (
            changed(weather(), "item.1.answerOption.2.extension.0.valueDecimal", 10**400),
            "Questionnaire.item[1].answerOption[2].extension[0].valueDecimal",
            "between",
        ),
        (
            changed(weather(), "item.1.answerOption.2.extension.0.valueDecimal", None),
            "Questionnaire.item[1].answerOption[2].extension[0]",
            "States no score",
        ),
        (
            changed(weather(), "item.1.answerOption.2.valueCoding.extension", [scored(7, WEIGHT)]),
            "Questionnaire.item[1].answerOption[2]",
            "different scores for one answer: 2, 7",
        ),
        (changed(weather(), "item.1.answerOption.2", {}), "Questionnaire.item[1].answerOption[2]", "has no value"),
        (changed(weather(), "item.1.answerOption.2", 3), "Questionnaire.item[1].answerOption[2]", "object in braces"),
        (changed(weather(), "item.1.answerOption", "x"), "Questionnaire.item[1].answerOption", "list in brackets"),
        (changed(weather(), "item.1", "x"), "Questionnaire.item[1]", "object in braces"),
        (
            changed(weather_by_value_set("compose"), "contained.0.compose.include.0.concept.1.display", None),
            "Questionnaire.contained[0].compose.include[0].concept[1].display",
            "An answer with the code a1 has no text",
        ),
        (
            questionnaire(
                {"linkId": "a", "type": "choice", "text": "A?", "answerValueSet": "http://loinc.org/vs/LL1-9"}
            ),
            "Questionnaire.item[0].answerValueSet",
            "outside this file",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(form: Any, where: str, what: str) -> None:
    found = problems(form)
    assert found[0][0].startswith(where)
    assert what in found[0][1]
    assert len(found) == 1


def test_a_value_set_that_is_not_there_is_said_once() -> None:
    form = changed(weather_by_value_set("compose"), "contained", [])
    assert problems(form)[0][0] == "Questionnaire.item[0].answerValueSet"
    assert "No contained value set has that id" in problems(form)[0][1]


def test_all_problems_come_at_once() -> None:
    form = changed(changed(changed(weather(), "item.0.linkId", None), "item.1.text", None), "item.2.type", "slider")
    assert [where for where, _ in problems(form)] == [
        "Questionnaire.item[0].linkId",
        "Questionnaire.item[1].text",
        "Questionnaire.item[2].type",
    ]
    with pytest.raises(QuestionnaireInvalid, match="3 to fix") as caught:
        read(form)
    assert "Questionnaire.item[1].text: The question has no text." in str(caught.value)


def test_half_a_character_is_a_problem() -> None:
    raw = data(weather()).replace(b"grey inside", b"gr\\ud800y")
    assert only(raw)[0] == "Questionnaire.item[0].text"


def test_too_many_and_too_deep() -> None:
    assert only(questionnaire(*(question(f"q{n}", "Q?") for n in range(1_001))))[1] == "More than 1000 items."
    deep: dict[str, Any] = question("q", "Q?")
    for level in range(30):
        deep = {"linkId": f"g{level}", "type": "group", "item": [deep]}
    assert any("nested more than 20" in what for _, what in problems(questionnaire(deep)))
    many = questionnaire(question("q", "Q?", options(labels=tuple(f"A{n}" for n in range(201)))))
    assert "More than 200 answers" in problems(many)[0][1]


def test_value_sets_that_hold_each_other_come_to_an_end() -> None:
    sets = [
        {
            "resourceType": "ValueSet",
            "id": f"s{n}",
            "url": f"#s{n}",
            "compose": {"include": [{"valueSet": [f"#s{(n + 1) % 30}", f"#s{(n + 2) % 30}"]}]},
        }
        for n in range(30)
    ]
    item = {"linkId": "a", "type": "choice", "text": "A?", "answerValueSet": "#s0"}
    assert "lists no answers" in only(questionnaire(item, contained=sets))[1]


# --- no bytes raise anything else ------------------------------------------------------------------------------------

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
JSONS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def places(value: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every place in a form, for `changed`."""
    if isinstance(value, dict):
        pairs: list[tuple[Any, Any]] = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    else:
        return []
    found = []
    for key, inner in pairs:
        here = (*path, str(key))
        found += [here, *places(inner, here)]
    return found


BASES = [
    weather_by_value_set("compose"),
    weather_by_value_set("system"),
    coded(("44250-9", "44255-8")),
    questionnaire(
        question(
            "a", "A?", [{"valueString": "x", "_valueString": {"extension": [scored(1, ORDINAL)]}}, {"valueInteger": 1}]
        )
    ),
]


def never_raises_anything_else(raw: bytes) -> None:
    found: tuple[QuestionnaireProblem, ...] | None = None
    try:
        import_questionnaire(read_questionnaire(raw))
    except QuestionnaireInvalid as invalid:
        found = invalid.problems
    assert found is None or (found and all(problem.where and problem.what for problem in found))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_form_changed_anywhere_is_read_or_refused(drawn: st.DataObject) -> None:
    form = drawn.draw(st.sampled_from(BASES))
    for _ in range(drawn.draw(st.integers(1, 3))):
        place = drawn.draw(st.sampled_from(places(form)))
        form = changed(form, place, drawn.draw(JSONS))
    never_raises_anything_else(json.dumps(form).encode())


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60) | JSONS.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    never_raises_anything_else(raw)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2_000), st.binary(max_size=4))
def test_a_damaged_file_is_read_or_refused(at: int, damage: bytes) -> None:
    raw = data(weather())
    never_raises_anything_else(raw[: at % len(raw)] + damage + raw[at % len(raw) + 1 :])
