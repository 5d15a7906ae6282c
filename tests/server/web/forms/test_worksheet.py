from __future__ import annotations

from typing import Any

import msgspec
import pytest

from intersession_schemas.documents.forms import Field, Label
from intersession_schemas.errors import InvalidField
from intersession_schemas.library import TEMPLATES
from intersession_server.web.forms.problems import FieldProblem
from intersession_server.web.forms.worksheet import (
    BLANK,
    placed,
    question_fields,
    questions_shown,
    sent_questions,
    type_words,
)

SCALE = Field(prompt="How?", type="scale", low=0, high=2.5, labels=(Label(0, "bad"), Label(2.5, "a = b")), order=1.0)


def sent(fields: dict[str, Field], **changes: str) -> list[tuple[str, str]]:
    """What the form of these questions sends, with some fields changed: `q__prompt="…"`."""
    pairs: dict[str, str] = {}
    for one in question_fields(fields):
        shown = msgspec.structs.asdict(one) | {"was": one.place or "", "place": one.place or ""}
        for part in ("prompt", "type", "place", "was", "low", "high", "labels", "options", "unit"):
            pairs[f"fields.{one.id}.{part}"] = str(shown[part])
        pairs[f"fields.{one.id}.required"] = "true" if one.required else "false"
    pairs |= {f"fields.{name.replace('__', '.')}": value for name, value in changes.items()}
    return list(pairs.items())


def plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {id_: None if one is None else msgspec.to_builtins(one) for id_, one in fields.items()}


@pytest.mark.parametrize("key", TEMPLATES)
def test_what_is_sent_as_it_is_says_what_was_there(key: str) -> None:
    fields = TEMPLATES[key].fields
    found = sent_questions(sent(fields))
    assert set(found) == set(fields)
    for id_, change in found.items():
        given = {name: value for name, value in msgspec.structs.asdict(change).items() if value is not msgspec.UNSET}
        assert msgspec.structs.replace(fields[id_], **given) == fields[id_]


def test_what_does_not_fit_the_type_counts_for_nothing() -> None:
    (change,) = sent_questions(sent({"q": SCALE}, q__type="prose", q__options="a\nb")).values()
    assert (change.low, change.high, change.labels, change.options) == (None, None, (), ())
    (change,) = sent_questions(sent({"q": SCALE})).values()
    assert (change.low, change.high, change.labels) == (0, 2.5, SCALE.labels)


def test_blank_questions_ask_for_nothing_and_new_ones_stand_last() -> None:
    assert len(question_fields({"q": SCALE})) == 1 + BLANK
    found = sent_questions(sent({"q": SCALE}, **{"+2__prompt": "b", "+1__prompt": "a", "+3__prompt": " "}))
    assert list(found) == ["q", "+1", "+2"]
    assert all(one.order is msgspec.UNSET for one in found.values())


@pytest.mark.parametrize("part", ["low", "high", "labels", "options", "unit"])
def test_what_is_written_of_a_question_that_asks_nothing_is_not_dropped(part: str) -> None:
    with pytest.raises(FieldProblem) as refused:
        sent_questions(sent({"q": SCALE}, **{f"+1__{part}": "3"}))
    assert refused.value.field == "fields.+1.prompt"


def test_a_removed_question_is_none() -> None:
    assert plain(sent_questions(sent({"q": SCALE}, q__remove="true"))) == {"q": None}


@pytest.mark.parametrize(
    ("changes", "order"),
    [
        ({"d": 2}, "adbc"),
        ({"a": 4}, "bcda"),
        ({"a": 2}, "bacd"),
        ({"b": 1}, "bacd"),
        ({"a": 4, "d": 1}, "dbca"),
        ({}, "abcd"),
    ],
)
def test_a_place_is_where_it_is_put(changes: dict[str, int], order: str) -> None:
    wanted = {
        key: {"was": str(number), "place": str(changes.get(key, number))} for number, key in enumerate("abcd", start=1)
    }
    shuffled = dict(sorted(wanted.items(), reverse=True))  # a browser's fields arrive in no order that counts
    before, after = placed(shuffled)
    assert ("".join(before), "".join(after)) == ("abcd", order)


@pytest.mark.parametrize(
    "changes",
    [
        {"q__low": "x"},
        {"q__low": "1e400"},
        {"q__low": "nan"},
        {"q__labels": "bad"},
        {"q__labels": "x = bad"},
        {"q__type": "nonsense"},
        {"q__place": "first"},
        {"q__prompt": "x" * 1_001},
        {"q__unit": "x" * 41},
    ],
)
def test_what_a_question_may_not_hold_is_said_without_it(changes: dict[str, str]) -> None:
    with pytest.raises(InvalidField) as refused:
        sent_questions(sent({"q": SCALE}, **changes))
    assert "xx" not in str(refused.value)
    assert "nonsense" not in str(refused.value)


def test_a_client_meets_questions_in_words() -> None:
    fields = {
        "b": Field(prompt="Which?", type="one_of", options=("a", "b"), order=2.0, required=True),
        "a": SCALE,
        "c": Field(prompt="How many?", type="number", low=0, unit="km", order=3.0),
    }
    how, which, many = questions_shown(fields)
    assert (how.prompt, how.answered) == ("How?", "0 to 2.5: 0 bad, 2.5 a = b")
    assert (which.options, which.required, which.answered) == (["a", "b"], True, "One of several")
    assert many.answered == "Number, km"
    assert len({words for _, words in type_words()}) == len(type_words())
