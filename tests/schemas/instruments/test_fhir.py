"""Questionnaires in every dialect are read the same; what is wrong with one is said all at once, with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.schemas.instruments.forms import (
    CALCULATED,
    LABELS,
    ORDINAL,
    TRANSLATION,
    WEIGHT,
    changed,
    code_system,
    coded,
    data,
    loinc,
    option,
    options,
    question,
    questionnaire,
    scored,
    weather,
    weather_by_value_set,
)

from intersession_schemas.instruments import (
    Questionnaire,
    QuestionnaireInvalid,
    QuestionnaireProblem,
    in_language,
    read_questionnaire,
    take,
)


def read(form: object) -> Questionnaire:
    return read_questionnaire(data(form))


def problems(form: object) -> list[tuple[str, str]]:
    with pytest.raises(QuestionnaireInvalid) as caught:
        read_questionnaire(form if isinstance(form, bytes) else data(form))
    return [(problem.where, problem.what) for problem in caught.value.problems]


def only(form: object) -> tuple[str, str]:
    (found,) = problems(form)
    return found


def scores(form: Questionnaire) -> list[list[tuple[str, int | None]]]:
    return [[(one.text, one.score) for one in asked.options] for asked in form.questions]


WEATHER = [[(label, value) for value, label in enumerate(LABELS)]] * 3


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
                {"linkId": "a", "type": "choice", "text": "A?", "answerValueSet": "http://loinc.org/vs/LL358-3"}
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
        take(read_questionnaire(raw))
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
