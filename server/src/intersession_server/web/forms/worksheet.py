"""A worksheet in a form: its questions as fields, and what the fields say as changes of questions. Pure.

    questions = question_fields(homework.fields)          # for the macro `worksheet` of forms/worksheet.html
    changes = sent_questions(form.fields, "fields.")      # by id, as a request of the HTTP API has them

The form ends with blank questions; one without a prompt asks for nothing. Questions that stay in their order keep
their places, so that two who add one at the same time both find theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from math import inf
from typing import Any, get_args

import msgspec
from msgspec import Struct

from intersession_schemas.documents.forms import Field, FieldType, Label
from intersession_schemas.errors import InvalidField
from intersession_server.language.language import say
from intersession_server.web.forms.problems import FieldProblem
from intersession_server.web.page import phrases
from intersession_server.web.record.changes import NEW, NewHomework

BLANK = 6
"""Questions that can be added at once."""
Pairs = Sequence[tuple[str, str]]
"""Names and values of what a form sent."""

_LABEL = re.compile(r"\s*([-+−]?\d+(?:[.,]\d+)?)\s*[=:]\s*(.+?)\s*")
_CHOICES = ("one_of", "several_of", "checklist")
_ABOUT_A_QUESTION = ("low", "high", "labels", "options", "unit")
_NUMBERS = ("scale", "number")


class QuestionFields(Struct, frozen=True, kw_only=True):
    """What the form shows of a question. `place` counts from 1; 0 of one that is not there yet."""

    id: str
    place: int = 0
    prompt: str = ""
    type: FieldType = "prose"
    required: bool = False
    low: str = ""
    high: str = ""
    labels: str = ""
    options: str = ""
    unit: str = ""

    @property
    def is_new(self) -> bool:
        """Whether it is one to be added."""
        return self.place == 0


def type_words() -> list[tuple[FieldType, str]]:
    """The types of a question, and what they are called."""
    words: dict[FieldType, str] = {
        "prose": say("Text"),
        "scale": say("Scale"),
        "number": say("Number"),
        "yes_no": say("Yes or no"),
        "one_of": say("One of several"),
        "several_of": say("Several of several"),
        "checklist": say("Checklist"),
        "time": say("Time of day"),
    }
    return list(words.items())


def question_fields(fields: Mapping[str, Field]) -> list[QuestionFields]:
    """The questions of a worksheet in their order, and blank ones behind them."""
    blank = [QuestionFields(id=f"{NEW}{number}") for number in range(1, BLANK + 1)]
    return [_shown(id_, field, place) for place, (id_, field) in enumerate(in_order(fields), start=1)] + blank


def in_order(fields: Mapping[str, Field]) -> list[tuple[str, Field]]:
    """Ids and questions as they are asked."""
    return sorted(fields.items(), key=lambda one: (one[1].order, one[0]))


def _shown(id_: str, field: Field, place: int) -> QuestionFields:
    return QuestionFields(
        id=id_,
        place=place,
        prompt=field.prompt,
        type=field.type,
        required=field.required,
        low="" if field.low is None else phrases.number(field.low),
        high="" if field.high is None else phrases.number(field.high),
        labels="\n".join(f"{phrases.number(one.at)} = {' '.join(one.text.split())}" for one in field.labels),
        options="\n".join(" ".join(option.split()) for option in field.options),
        unit=field.unit,
    )


def sent_questions(pairs: Pairs, prefix: str = "fields.") -> Any:
    """Changes of questions by id, in the order in which they are asked; None for one to be removed.

    Raises `InvalidField` for a number that is none, for what a question may not hold, and for one that asks nothing.
    """
    sent: dict[str, dict[str, str]] = {}
    for name, value in pairs:
        id_, dot, part = name.removeprefix(prefix).rpartition(".")
        if name.startswith(prefix) and dot:
            sent.setdefault(id_, {})[part] = value.replace("\r\n", "\n")
    wanted, gone = {}, []
    for id_, given in sent.items():
        if given.get("remove") == "true":
            gone.append(id_)
        elif given.get("prompt", "").strip() or not id_.startswith(NEW):
            wanted[id_] = given
        elif any(given.get(part, "").strip() for part in _ABOUT_A_QUESTION):
            # Whoever typed that means a question; what was typed must not vanish with a form that is taken.
            raise FieldProblem(
                f"{prefix}{id_}.prompt", say("Write the question, or empty the fields that belong to it.")
            )
    before, order = placed(wanted)
    renumbered = order != before
    found: dict[str, Any] = dict.fromkeys(gone)
    for number, id_ in enumerate(order, start=1):
        found[id_] = _question(wanted[id_]) | ({"order": float(number)} if renumbered else {})
    try:
        return msgspec.convert({"fields": found}, NewHomework).fields  # type: ignore[attr-defined]
    except msgspec.ValidationError:
        raise InvalidField(say("A question of the worksheet is too long, or has too many options.")) from None


def placed(wanted: Mapping[str, Mapping[str, str]]) -> tuple[list[str], list[str]]:
    """The ids of what has a `place` and one it `was` at: in the order of the form, and in the one that was asked for.

    What is new stands last. Raises `InvalidField` for a place that is no number.
    """
    before = sorted(wanted, key=lambda id_: _was(id_, wanted[id_]))
    return before, sorted(before, key=lambda id_: _place(wanted[id_]))


def _was(id_: str, given: Mapping[str, str]) -> tuple[float, str]:
    """Where a question stood when the form was made; those to be added stand behind, in the order of the form."""
    was = _number(given.get("was", ""))
    return (inf if was is None else was), id_


def _place(given: Mapping[str, str]) -> tuple[float, int]:
    """Where a question is put. Of two at one place, the one that came there from further behind is first."""
    place, was = _number(given.get("place", "")), _number(given.get("was", ""))
    if place is None:
        return (inf if was is None else was), 0
    return place, 0 if was is None else (place > was) - (place < was)


def _question(given: Mapping[str, str]) -> dict[str, Any]:
    """What of the fields fits the type of the question; the rest counts for nothing."""
    type_ = given.get("type", "prose")
    if type_ not in get_args(FieldType):
        raise InvalidField(say("Choose the type of each question."))
    numbers, choices = type_ in _NUMBERS, type_ in _CHOICES
    return {
        "prompt": given.get("prompt", "").strip(),
        "type": type_,
        "required": given.get("required") == "true",
        "low": _number(given.get("low", "")) if numbers else None,
        "high": _number(given.get("high", "")) if numbers else None,
        "labels": [{"at": at, "text": text} for at, text in _labels(given.get("labels", ""))]
        if type_ == "scale"
        else [],
        "options": list(_lines(given.get("options", ""))) if choices else [],
        "unit": given.get("unit", "").strip() if numbers else "",
    }


def _number(text: str) -> int | float | None:
    plain = text.strip().replace("−", "-").replace(",", ".")
    if not plain:
        return None
    try:
        return int(plain) if re.fullmatch(r"[-+]?\d{1,15}", plain) else _finite(plain)
    except ValueError:
        raise InvalidField(say("Write a number as 10 or 2.5.")) from None


def _finite(plain: str) -> float:
    number = float(plain)
    if not abs(number) <= 10**15:
        raise ValueError
    return number


def _labels(text: str) -> Iterable[tuple[int | float, str]]:
    for one in _lines(text):
        found = _LABEL.fullmatch(one)
        at = None if found is None else _number(found[1])
        if found is None or at is None:
            raise InvalidField(say("Write what a point of a scale is called on a line of its own, as 0 = not at all."))
        yield at, found[2]


def _lines(text: str) -> Iterable[str]:
    return (line.strip() for line in text.split("\n") if line.strip())


# --- a worksheet to be looked at --------------------------------------------------------------------------------------


class QuestionShown(Struct, frozen=True):
    """A question as a client meets it: how it is answered in words, and its options or the ends of its scale."""

    prompt: str
    answered: str
    required: bool
    options: list[str]


def questions_shown(fields: Mapping[str, Field]) -> list[QuestionShown]:
    """The questions of a worksheet in their order."""
    return [
        QuestionShown(field.prompt, _answered(field), field.required, list(field.options))
        for _, field in in_order(fields)
    ]


def _answered(field: Field) -> str:
    words = dict(type_words())[field.type]
    if field.type in _NUMBERS:
        words = _range_words(field, words)
        named = _label_words(field.labels)
        return phrases.joined(words, named, by=": ")
    return words


def _range_words(field: Field, words: str) -> str:
    low, high = ("" if one is None else phrases.number(one) for one in (field.low, field.high))
    if low and high:
        return phrases.joined(say("%(low)s to %(high)s", low=low, high=high), field.unit, by=" ")
    return phrases.joined(words, field.unit)


def _label_words(labels: Sequence[Label]) -> str:
    return ", ".join(f"{phrases.number(one.at)} {one.text}" for one in labels)
