"""A Questionnaire in XML reads as the same one in JSON; whatever else is in XML is refused, and nothing is expanded."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.schemas.instruments.wording.forms import (
    ANXIETY,
    TRANSLATION,
    Json,
    code_system,
    coded,
    printed,
    question,
    questionnaire,
    weather,
    weather_by_value_set,
)
from tests.schemas.instruments.wording.languages import mood_in
from tests.schemas.instruments.wording.questionnaires import problems, read

from intersession_schemas.instruments import QuestionnaireInvalid, import_questionnaire, in_language, read_questionnaire

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
FHIR = "http://hl7.org/fhir"
NARRATIVE = '<text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml">Question <b>9</b></div></text>'


def element(name: str, value: Any, beside: Any = None) -> str:
    """One element of FHIR, as its XML has it: values are attributes, lists are elements one after another."""
    if isinstance(value, list):
        return "".join(element(name, one) for one in value)
    if isinstance(value, dict) and "resourceType" in value:
        return f"<{name}>{resource(value)}</{name}>"
    if isinstance(value, dict):
        attributes = "".join(
            f" {key}={quoteattr(value[key])}" for key in ("url",) if name == "extension" and key in value
        )
        inside = children({key: one for key, one in value.items() if not (name == "extension" and key == "url")})
        return f"<{name}{attributes}>{inside}</{name}>"
    text = "true" if value is True else "false" if value is False else str(value)
    return f"<{name} value={quoteattr(text)}>{children(beside or {})}</{name}>"


def children(content: Json) -> str:
    made = ""
    for name, value in content.items():
        if name.startswith("_"):
            made += "" if name[1:] in content else f"<{name[1:]}>{children(value)}</{name[1:]}>"
        elif name != "resourceType":
            made += element(name, value, content.get(f"_{name}"))
    return made


def resource(content: Json, more: str = "") -> str:
    kind = content["resourceType"]
    return f'<{kind} xmlns="{FHIR}">{more}{children(content)}</{kind}>'


def xml(content: Json) -> bytes:
    return (HEAD + resource(content, NARRATIVE)).encode()


def german(text: str) -> Json:
    parts = [{"url": "lang", "valueCode": "de"}, {"url": "content", "valueString": text}]
    return {"extension": [{"url": TRANSLATION, "extension": parts}]}


BOUNDED = questionnaire(
    {
        "linkId": "n", "type": "integer", "text": "How & how <much>?", "required": True,
        "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueInteger": 10}],
        "enableWhen": [{"question": "b", "operator": "=", "answerBoolean": True}],
    },
    {"linkId": "b", "type": "boolean", "text": "", "_text": german("Und jetzt?")},
    question("a", "Antworten?", [{"valueInteger": 1}, {"valueString": "2", "_valueString": german("zwei")}]),
)  # fmt: skip


@pytest.mark.parametrize(
    "form",
    [
        weather(),
        weather(inside=True),
        weather_by_value_set("compose"),
        weather_by_value_set("expansion"),
        weather_by_value_set("system"),
        coded(ANXIETY),
        printed("phq-9", codes=True),
        printed("c-ssrs", codes=True),
        mood_in("pt", answer_codes=True),
        BOUNDED,
        {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": weather()}, {"resource": code_system()}],
        },
    ],
    ids=["score", "inside", "compose", "expansion", "system", "codes", "phq-9", "c-ssrs", "pt", "bounds", "bundle"],
)
def test_it_reads_as_its_json_does(form: Json) -> None:
    assert read_questionnaire(xml(form)) == read(form)


def test_encodings_that_xml_has() -> None:
    form = mood_in("fr")
    plain = HEAD.replace("UTF-8", "UTF-16") + resource(form)
    assert read_questionnaire(plain.encode("utf-16")) == read(form)
    latin = (HEAD.replace("UTF-8", "ISO-8859-1") + resource(form)).encode("latin-1")
    assert read_questionnaire(b"\n" + xml(form)[len(HEAD) :]) == read_questionnaire(latin) == read(form)
    assert read_questionnaire(b"\xef\xbb\xbf" + xml(form)) == read(form)


def test_translations_are_read() -> None:
    form = questionnaire(
        question(
            "a", "How grey?", [{"valueString": "Very", "_valueString": german("Sehr")}], _text=german("Wie grau?")
        ),
        language="en",
    )
    assert in_language(read_questionnaire(xml(form)), "de").questions[0].options[0].text == "Sehr"


def test_it_is_recognised() -> None:
    taken = import_questionnaire(read_questionnaire(xml(printed("epds"))))
    assert (taken.instrument.key, [one.link_id for one in taken.watched]) == ("epds", ["q10"])


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE Questionnaire [<!ENTITY l0 "ha">{LAUGHS}]>' + resource(weather()).replace("Never", "&l9;")
OUTSIDE = '<!DOCTYPE Questionnaire [<!ENTITY out SYSTEM "file:///etc/hostname">]>' + resource(weather()).replace(
    "Never", "&out;"
)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (BOMB.encode(), "Has a document type"),
        (OUTSIDE.encode(), "Has a document type"),
        (b'<!DOCTYPE html SYSTEM "http://x.example/x.dtd"><html/>', "Has a document type"),
        (b"<html><body>Sign in</body></html>", "no resource of FHIR"),
        (b"<Questionnaire/>", "no resource of FHIR"),
        (resource(weather())[:-20].encode(), "Not XML"),
        (f'<Questionnaire xmlns="{FHIR}">&hidden;</Questionnaire>'.encode(), "Not XML"),
        (f'<?xml version="1.0" encoding="klingon"?>{resource(weather())}'.encode(), "encoding cannot be read"),
        ((f'<Questionnaire xmlns="{FHIR}">' + "<item>" * 200).encode(), "inside one another"),
        (resource({"resourceType": "Patient", "active": True}).encode(), "Must be Questionnaire"),
        (b"<", "Not XML"),
    ],
    ids=["bomb", "outside", "dtd", "page", "no namespace", "cut", "entity", "encoding", "deep", "patient", "one sign"],
)
def test_what_is_no_questionnaire_is_refused(raw: bytes, said: str) -> None:
    (found,) = problems(raw)
    assert said in found[1]


@given(st.binary(max_size=200), st.integers(0, 2_000))
@settings(max_examples=200, deadline=None)
def test_no_bytes_raise_anything_else(noise: bytes, place: int) -> None:
    raw = xml(mood_in("de"))
    for mangled in (b"<" + noise, raw[:place] + noise + raw[place:], raw[:place] + raw[place + len(noise) :]):
        try:
            import_questionnaire(read_questionnaire(mangled), "new")
        except QuestionnaireInvalid:
            continue
