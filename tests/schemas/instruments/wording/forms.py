"""Questionnaires made up for tests, in the dialects that FHIR files come in. None has a real instrument's wording."""

from __future__ import annotations

import copy
import json
from typing import Any

from intersession_schemas.instruments import INSTRUMENTS

Json = dict[str, Any]

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
WEIGHT = "http://hl7.org/fhir/StructureDefinition/itemWeight"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
CALCULATED = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
LOINC = "http://loinc.org"
SYSTEM = "https://practice.example/answers"
LABELS = ("Never", "Now and then", "Often", "Always")


def scored(value: float, url: str = ORDINAL, kind: str = "valueDecimal") -> Json:
    """The extension that states a score."""
    return {"url": url, kind: value}


def option(text: str, value: int | None, *, url: str = ORDINAL, inside: bool = False, code: str | None = None) -> Json:
    """An answer with its score on the option or inside the coding."""
    coding: Json = {"system": SYSTEM, "code": code or text.lower().replace(" ", "-"), "display": text}
    made: Json = {"valueCoding": coding}
    if value is not None:
        (coding if inside else made)["extension"] = [scored(value, url)]
    return made


def options(low: int = 0, labels: tuple[str, ...] = LABELS, **how: Any) -> list[Json]:
    """Answers scored from `low` up."""
    return [option(label, value, **how) for value, label in enumerate(labels, low)]


def question(link: str, text: str, answers: list[Json] | None = None, **more: Any) -> Json:
    """A choice, unless another type is given."""
    made: Json = {"linkId": link, "text": text, "type": "choice", "answerOption": answers or options()}
    return made | more


def loinc(code: str, display: str | None = None) -> Json:
    return {"system": LOINC, "code": code} | ({"display": display} if display else {})


def questionnaire(*items: Json, **more: Any) -> Json:
    """A Questionnaire with these items."""
    return {"resourceType": "Questionnaire", "status": "active", "title": "Weather inside", "item": list(items)} | more


def data(form: object) -> bytes:
    return json.dumps(form, ensure_ascii=False).encode()


def weather(**how: Any) -> Json:
    """Three questions of our own, in the dialect that `how` names (see `option`)."""
    texts = ("How often was it grey inside?", "How often did it rain?", "How often did the sun come out?")
    return questionnaire(*(question(f"w{n}", text, options(**how)) for n, text in enumerate(texts, 1)))


def value_set(form: str) -> Json:
    """A contained value set with scored answers: composed, expanded, or the concepts of a code system."""
    concepts = [
        {"code": f"a{value}", "display": label, "extension": [scored(value)]} for value, label in enumerate(LABELS)
    ]
    if form == "compose":
        return {
            "resourceType": "ValueSet",
            "id": "often",
            "compose": {"include": [{"system": SYSTEM, "concept": concepts}]},
        }
    if form == "expansion":
        contains = [concept | {"system": SYSTEM} for concept in concepts]
        return {"resourceType": "ValueSet", "id": "often", "expansion": {"contains": contains}}
    return {"resourceType": "ValueSet", "id": "often", "compose": {"include": [{"system": SYSTEM}]}}


def code_system() -> Json:
    """A contained code system whose concepts state scores, half by extension, half by property."""
    concepts: list[Json] = []
    for value, label in enumerate(LABELS):
        by = (
            {"extension": [scored(value)]}
            if value % 2
            else {"property": [{"code": "itemWeight", "valueDecimal": value}]}
        )
        concepts.append({"code": f"a{value}", "display": label} | by)
    return {"resourceType": "CodeSystem", "id": "answers", "url": SYSTEM, "content": "complete", "concept": concepts}


def weather_by_value_set(form: str) -> Json:
    """`weather` with its answers in a contained value set."""
    made = weather()
    for item in made["item"]:
        del item["answerOption"]
        item["answerValueSet"] = "#often"
    made["contained"] = [value_set(form), *([code_system()] if form == "system" else [])]
    return made


ANXIETY = ("69725-0", "68509-9", "69733-4", "69734-2", "69735-9", "69689-8", "69736-7")
MOOD = ("44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8")


def coded(codes: tuple[str, ...], low: int = 0, labels: tuple[str, ...] = LABELS) -> Json:
    """Made-up questions that bear the LOINC codes of an instrument's items."""
    return questionnaire(
        *(
            question(f"i{n}", f"Made-up {n}?", options(low, labels), code=[loinc(code)])
            for n, code in enumerate(codes, 1)
        ),
        title="Made up",
    )


def rows(title: str, count: int, low: int, high: int) -> Json:
    """A title and so many made-up questions without codes, scored from `low` to `high`."""
    labels = tuple(f"Answer {value}" for value in range(low, high + 1))
    return questionnaire(
        *(question(f"i{n}", f"Made-up {n}?", options(low, labels)) for n in range(1, count + 1)), title=title
    )


def changed(form: Json, path: str | tuple[str, ...], value: Any) -> Json:
    """A copy with one place changed, like `changed(form, "item.0.text", None)`; None takes it out.

    As steps where a key may have a full stop in it.
    """
    made: Any = copy.deepcopy(form)
    *steps, last = path.split(".") if isinstance(path, str) else path
    here = made
    for step in steps:
        here = here[int(step)] if isinstance(here, list) else here[step]
    key: Any = int(last) if isinstance(here, list) else last
    if value is None:
        del here[key]
    else:
        here[key] = value
    return made  # type: ignore[no-any-return]


ANSWERS: dict[int, tuple[str, ...]] = {
    3: ("No", "Now and then", "Often"),
    4: LABELS,
    5: ("Never", "Rarely", "Now and then", "Often", "Always"),
    6: ("Never", "Rarely", "Now and then", "Often", "Mostly", "Always"),
}
FALLING = {"epds": ("q1", "q2"), "isi": ("q4",), "core-10": ("q2", "q3"), "yp-core": ("q3", "q5", "q10")}
"""Items that ask about something good, and count the less of it there is."""


def printed(key: str, *, codes: bool = False, title: str | None = None, answers: tuple[str, ...] = ()) -> Json:
    """A known instrument as a form of our own words: its labels are the questions; `codes`: with its LOINC codes.

    Answers are ours too; of more than six values they are the values themselves.
    """
    instrument = INSTRUMENTS[key]
    items = []
    for item in instrument.items:
        made: Json = {"linkId": item.key, "text": f"{item.label}?"}
        if item.type == "yes-no":
            made["type"] = "boolean"
        else:
            labels = answers or ANSWERS.get(len(item.allowed)) or tuple(map(str, item.allowed))
            labels = labels[::-1] if item.key in FALLING.get(key, ()) else labels
            made |= {"type": "choice", "answerOption": [option(*one) for one in zip(labels, item.allowed, strict=True)]}
        if codes and item.loinc is not None:
            made["code"] = [loinc(item.loinc)]
        items.append(made)
    code = [loinc(instrument.codes.panel)] if codes and instrument.codes.panel else None
    return questionnaire(*items, title=title or instrument.title, **({"code": code} if code else {}))


def reordered(form: Json, *places: int) -> Json:
    """A copy with its items in another order, by their places."""
    return form | {"item": [copy.deepcopy(form["item"][place]) for place in places]}


def turned(form: Json, *places: int) -> Json:
    """A copy in which the scores of some items, or of all, run the other way along the same answers."""
    made: Json = copy.deepcopy(form)
    for place in places or range(len(made["item"])):
        answers = made["item"][place].get("answerOption", [])
        scores = [answer.get("extension") for answer in answers]
        for answer, score in zip(answers, reversed(scores), strict=True):
            if score is not None:
                answer["extension"] = score
    return made


def without_codes(form: Json) -> Json:
    """A copy without any code of a questionnaire or of its items."""
    made = {name: value for name, value in form.items() if name != "code"}
    made["item"] = [{name: value for name, value in item.items() if name != "code"} for item in form["item"]]
    return copy.deepcopy(made)
