"""What a person is shown before a wording is offered, and what they have to confirm."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace
from tests.schemas.instruments.wording.forms import data, option, printed, question, questionnaire
from tests.schemas.instruments.wording.languages import UNKNOWN, mood_in

from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments import (
    INSTRUMENTS,
    NEW,
    Confirmations,
    Questionnaire,
    QuestionnaireInvalid,
    import_confirmed,
    preview,
    read_questionnaire,
    suspected,
    wording_hash,
)
from intersession_schemas.instruments.wording.by_hand import preview as previews

ALL = [f"q{number}" for number in range(1, 10)]


def read(form: Any) -> Questionnaire:
    return read_questionnaire(data(form))


def confirmed(*without: str) -> Confirmations:
    items = frozenset(ALL) - {one.removeprefix("item ") for one in without if one.startswith("item ")}
    directions = frozenset(ALL) - {one.removeprefix("direction ") for one in without if one.startswith("direction ")}
    return Confirmations(items=items, directions=directions, risks=frozenset(() if "risk" in without else ("q9",)))


def test_every_item_is_shown_beside_its_line_with_how_sure_that_is() -> None:
    found = preview(read(mood_in("en")), "phq-9")
    assert [item.key for item in found.items] == ALL
    assert {(item.sure, item.direction) for item in found.items} == {("confirmed", "confirmed")}
    assert [item.risk for item in found.items] == [None] * 8 + [1]
    assert (found.items[0].answers[0].text, found.items[0].answers[0].value) == ("Never", 0)
    assert not found.verified
    assert found.to_confirm() == {"items": tuple(ALL), "directions": tuple(ALL), "risks": ("q9",)}


def test_what_nothing_confirms_is_not_confirmed_and_what_means_something_else_keeps_it_out() -> None:
    unread = preview(read(mood_in(UNKNOWN)), "phq-9")
    assert {(item.sure, item.direction) for item in unread.items} == {("not confirmed", "not confirmed")}
    assert unread.wording is not None
    form = mood_in("en")
    form["item"][0]["text"], form["item"][8]["text"] = form["item"][8]["text"], form["item"][0]["text"]
    crossed = preview(read(form), "phq-9")
    assert crossed.items[0].sure == crossed.items[8].sure == "contradicted"
    assert crossed.problems
    with pytest.raises(QuestionnaireInvalid):
        import_confirmed(read(form), "phq-9", confirmed())


@pytest.mark.parametrize("left", ["item q1", "item q9", "direction q5", "risk"])
def test_nothing_is_imported_before_every_item_direction_and_risk_is_confirmed(left: str) -> None:
    with pytest.raises(InvalidField) as raised:
        import_confirmed(read(mood_in("de")), "phq-9", confirmed(left))
    assert "not confirmed" in str(raised.value)
    taken = import_confirmed(read(mood_in("de")), "phq-9", confirmed())
    assert (taken.wording.status, [one.link_id for one in taken.watched]) == ("imported", ["q9"])


def test_words_of_a_text_that_was_checked_need_no_confirmation(monkeypatch: pytest.MonkeyPatch) -> None:
    form = read(mood_in("en"))
    known = replace(INSTRUMENTS["phq-9"], wording_hashes=(wording_hash(form),))
    monkeypatch.setitem(INSTRUMENTS, "phq-9", known)
    found = preview(form, "phq-9")
    assert found.verified
    assert not any(found.to_confirm().values())
    assert import_confirmed(form, "phq-9", Confirmations()).wording.status == "verified"


def test_one_of_ones_own_has_the_risk_items_that_somebody_chose() -> None:
    form = questionnaire(
        question("grey", "Was it grey?", [option("Never", 0), option("Often", 1), option("Always", 2)]),
        question("end", "Thoughts of suicide?", [option("Never", 0), option("Often", 1), option("Always", 2)]),
    )
    found = preview(read(form), NEW)
    assert [item.asks_about_risk for item in found.items] == [False, True]
    assert found.to_confirm()["risks"] == ("q2",)
    both = frozenset({"q1", "q2"})
    everything = Confirmations(items=both, directions=both, risks=frozenset({"q2"}))
    with pytest.raises(InvalidField):
        import_confirmed(read(form), NEW, replace(everything, risks=frozenset()), {"q2": 1})
    taken = import_confirmed(read(form), NEW, everything, {"q1": 2, "q2": 1})
    assert [(one.item, one.at_least) for one in taken.instrument.risks] == [("q1", 2), ("q2", 1)]
    unwatched = import_confirmed(read(form), NEW, everything)
    assert unwatched.unwatched == ("end",)
    with pytest.raises(InvalidField):
        import_confirmed(read(form), NEW, everything, {"q7": 1})


def test_what_a_file_may_be_is_found_out() -> None:
    assert suspected(read(mood_in("en"))) == "phq-9"
    assert suspected(read(mood_in("en", title="Weather"))) == "phq-9"
    assert suspected(read(printed("gad-7", codes=True))) == "gad-7"
    assert suspected(read(questionnaire(question("a", "Was it grey?")))) == NEW
    assert preview(read(mood_in("en")), NEW).suspects == ("phq-9",)
    with pytest.raises(InvalidField):
        preview(read(mood_in("en")), "nothing")


def test_every_known_instrument_can_be_looked_at() -> None:
    for key, instrument in INSTRUMENTS.items():
        found = preview(read_questionnaire(json.dumps(printed(key)).encode()), key)
        assert len(found.items) == len(instrument.items), key
    assert set(previews.PARTS) == {"items", "directions", "risks"}
