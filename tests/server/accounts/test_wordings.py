"""Wording that a practice brings: what it becomes, and that the same twice is the same once."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from intersession_schemas.documents.assessments.wordings import definition_of
from intersession_schemas.streams import Kind
from intersession_server import library
from intersession_server.accounts.tables import AuditRow, Practice
from intersession_server.errors import Refused
from intersession_server.operator import commands
from intersession_server.services import Services

pytestmark = pytest.mark.anyio

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"


def option(score: int, label: str) -> dict[str, Any]:
    return {
        "valueCoding": {"code": str(score), "display": label, "_display": in_german(f"{label} (deutsch)")},
        "extension": [{"url": ORDINAL, "valueDecimal": score}],
    }


def in_german(text: str) -> dict[str, Any]:
    parts = [{"url": "lang", "valueCode": "de"}, {"url": "content", "valueString": text}]
    return {"extension": [{"url": TRANSLATION, "extension": parts}]}


def form(text: str = "How was the week?", **more: Any) -> bytes:
    question = {
        "linkId": "1",
        "type": "choice",
        "text": text,
        "_text": in_german("Wie war die Woche?"),
        "answerOption": [option(0, "good"), option(1, "bad")],
    }
    return msgspec.json.encode(
        {"resourceType": "Questionnaire", "title": "Our week", "language": "en", "item": [question], **more}
    )


async def imported(services: Services, raw: bytes, **more: Any) -> commands.InstrumentImported:
    result = await services.operations.execute(commands.ImportInstrument(questionnaire=raw, **more))
    assert isinstance(result, commands.InstrumentImported)
    return result


async def refused(services: Services, raw: bytes, **more: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        await imported(services, raw, **more)
    return caught.value


async def shelf(services: Services) -> list[library.Shelved]:
    practice = await Practice.objects().first()
    assert practice is not None
    return await library.shelved(services.log, practice.library_stream, Kind.INSTRUMENT)


@pytest.fixture(autouse=True)
async def nord(services: Services) -> None:
    await services.operations.execute(commands.CreatePractice(name="Nord"))


async def test_an_unknown_questionnaire_is_an_instrument_with_a_sum_and_no_bands(services: Services) -> None:
    result = await imported(services, form(copyright="Ours", publisher="Nord"))
    assert (result.title, result.known, result.status, result.items) == ("Our week", False, "imported", 1)
    assert (result.scales, result.bands, result.language, result.already) == (["Sum 0-1"], False, "en", False)
    (held,) = await shelf(services)
    instrument = definition_of(held.value)
    assert instrument is not None
    assert (instrument.key, held.value.prompts["q1"].text) == (result.key, "How was the week?")
    assert (held.author.int, held.value.copyright) == (0, "Ours")  # made by the server itself


async def test_the_same_again_says_so_and_changes_nothing(services: Services) -> None:
    first = await imported(services, form())
    second = await imported(services, form())
    assert (first.already, second.already, second.replaced) == (False, True, False)
    assert msgspec.structs.replace(second, already=False) == first
    assert len(await shelf(services)) == 1
    rows = await AuditRow.select().where(AuditRow.action == "instrument_imported")
    assert [row["document"] for row in rows] == [(await shelf(services))[0].id]


async def test_another_wording_is_offered_from_then_on_and_the_older_one_stays(services: Services) -> None:
    raw = form(name="x", copyright="first")
    again = form(name="x", copyright="second")
    first, second = await imported(services, raw), await imported(services, again)
    assert (first.key, second.replaced) == (second.key, True)
    back = await imported(services, raw)
    assert (back.replaced, back.already) == (True, False)
    assert [one.value.copyright for one in await shelf(services)] == ["first", "second", "first"]
    practice = await Practice.objects().first()
    assert practice is not None
    offered = await library.wordings(services.log, practice.library_stream)
    assert offered[first.key].copyright == "first"
    assert (await imported(services, raw)).already


async def test_one_of_its_languages(services: Services) -> None:
    result = await imported(services, form(), language="de")
    (held,) = await shelf(services)
    assert (result.language, held.value.prompts["q1"].text) == ("de", "Wie war die Woche?")
    error = await refused(services, form(), language="fr")
    assert (error.code, "It has: en, de." in str(error)) == ("no_such_language", True)


async def test_what_may_be_a_known_one_is_kept_when_somebody_has_said_what_it_is(services: Services) -> None:
    raw = form(name="PHQ-9", title="PHQ-9")
    assert (await refused(services, raw)).code == "questionnaire_unclear"
    assert await shelf(services) == []
    assert (await refused(services, raw, taken_as="phq-9")).code == "questionnaire_invalid"
    assert (await refused(services, raw, taken_as="nothing")).code == "questionnaire_invalid"
    assert not (await imported(services, raw, taken_as="new")).known


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"resourceType": "Patient"}', b"\xff\xfe", form(item=[])])
async def test_what_cannot_be_used_is_refused_and_nothing_is_kept(services: Services, raw: bytes) -> None:
    assert (await refused(services, raw)).code == "questionnaire_invalid"
    assert await shelf(services) == []
    assert await AuditRow.select().where(AuditRow.action == "instrument_imported") == []


async def test_texts_about_it_may_be_long_and_questions_are_never_cut(services: Services) -> None:
    await imported(services, form(copyright="c" * 7_000, url="http://practice.example/" + "u" * 3_000))
    (held,) = await shelf(services)
    assert (len(held.value.copyright), held.value.copyright[-1], len(held.value.source)) == (4_000, "…", 1_000)
    assert (await refused(services, form("q" * 5_000))).code == "questionnaire_invalid"
    answers = [option(number, f"{number} " + "a" * 900) for number in range(90)]
    items = [{"linkId": f"{n}", "type": "choice", "text": f"Question {n}?", "answerOption": answers} for n in range(20)]
    assert "too long in total" in str(await refused(services, form(item=items)))
    assert len(await shelf(services)) == 1


async def test_the_list_has_what_ships_and_what_was_brought(services: Services) -> None:
    key = (await imported(services, form())).key
    result = await services.operations.execute(commands.ListInstruments())
    assert isinstance(result, commands.InstrumentsListed)
    listed = {one.key: one for one in result.instruments}
    assert (listed["check-in"].status, listed["check-in"].offered) == ("own", True)
    assert (listed["phq-9"].status, listed["phq-9"].offered) == ("none", False)
    assert (listed[key].status, listed[key].offered, listed[key].scales) == ("imported", True, ["Sum 0-1"])
    assert result.instruments[-1].key == key
    assert all(one.licence for one in result.instruments)


async def test_it_belongs_to_one_practice(services: Services) -> None:
    await services.operations.execute(commands.CreatePractice(name="South"))
    assert (await refused(services, form())).code == "ambiguous"
    key = (await imported(services, form(), practice="South")).key
    for name, there in (("South", True), ("Nord", False)):
        result = await services.operations.execute(commands.ListInstruments(practice=name))
        assert isinstance(result, commands.InstrumentsListed)
        assert (key in {one.key for one in result.instruments}) is there
