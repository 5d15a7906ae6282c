"""Questions and answers: the fields of a journal template and of a worksheet, and what was answered under which.

An answer keeps the wording it was given under: the prompt, and the label of a point on a scale or the options chosen as
they were called then. So what somebody said last month still says it after the therapist has reworded the question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from typing import Annotated, Any, Literal, get_args

from msgspec import Meta, Struct

from intersession_schemas.documents.names import spelled_as
from intersession_schemas.documents.shapes import Element, line, prose
from intersession_schemas.documents.texts import check_text
from intersession_schemas.errors import InvalidField

FieldType = Literal["prose", "scale", "number", "yes_no", "one_of", "several_of", "time", "checklist"]
Number = int | float
Value = bool | int | float | str | tuple[str, ...] | None

MAX_ANSWER = 4_000
MAX_OPTIONS = 50
MAX_OPTION = 200
MAX_NUMBER = 10**15
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class Label(Struct, frozen=True):
    """What a point of a scale is called."""

    at: Number
    text: Annotated[str, line(100)]


class Field(Element, frozen=True, kw_only=True):
    """One question. `low` and `high` bound a scale (both needed) or a number; `labels` name points of a scale.

    `options` are what a `one_of`, `several_of` or `checklist` offers; `unit` says what a number counts.
    """

    prompt: Annotated[str, prose(1_000)] = ""
    type: FieldType = "prose"
    required: bool = False
    low: Number | None = None
    high: Number | None = None
    labels: Annotated[tuple[Label, ...], Meta(max_length=MAX_OPTIONS)] = ()
    options: Annotated[tuple[Annotated[str, line(MAX_OPTION)], ...], Meta(max_length=MAX_OPTIONS)] = ()
    unit: Annotated[str, line(40)] = ""


class Answer(Struct, frozen=True, kw_only=True):
    """What was answered to one question. `key` is the question's id, `prompt` its wording then.

    `value` is the text (`prose`), the number (`scale`, `number`), True or False (`yes_no`), the option (`one_of`), the
    options (`several_of`, `checklist`: those ticked) or "HH:MM" (`time`); None where nothing was answered. `label` is
    what the chosen point of a scale was called, `unit` what a number counted.
    """

    key: Annotated[str, line(64)] = ""
    prompt: Annotated[str, line(1_000)] = ""
    type: FieldType = "prose"
    value: Value = None
    label: Annotated[str, line(100)] = ""
    unit: Annotated[str, line(40)] = ""


def check_field(name: str, field: Field) -> None:
    """Raise `InvalidField` unless the question can be answered: a scale has ends, a choice has options."""
    if not field.prompt.strip():
        raise InvalidField(f"{name} needs a prompt.")
    if field.type == "scale" and (field.low is None or field.high is None):
        raise InvalidField(f"{name} is a scale and needs a lowest and a highest value.")
    if field.low is not None and field.high is not None and not field.low < field.high:
        raise InvalidField(f"{name}: the lowest value must be below the highest.")
    if field.type in ("one_of", "several_of", "checklist"):
        if not field.options or not all(option.strip() for option in field.options):
            raise InvalidField(f"{name} needs options, none of them empty.")
        if len(set(field.options)) < len(field.options):
            raise InvalidField(f"{name} has the same option twice.")


def answer(key: str, field: Field, value: object) -> Answer:
    """The answer `value` to a question, with the question's wording. Raises `InvalidField` where it does not fit.

    A required question takes no None and no empty answer. Options are chosen by their text; a `several_of` or
    `checklist` takes a list, tuple or set of them and keeps the question's order. A time may be a `time`.
    """
    checked = _checked(field, value)
    if field.required and (checked is None or checked == () or (isinstance(checked, str) and not checked.strip())):
        raise InvalidField("A required question was left empty.")
    label = ""
    if field.type == "scale":
        label = next((one.text for one in field.labels if one.at == checked), "")
    return Answer(key=key, prompt=field.prompt, type=field.type, value=checked, label=label, unit=field.unit)


def check_answer(type_: FieldType, value: object) -> None:
    """Raise `InvalidField` unless `value` can answer a question of `type_`, whatever its options and ends."""
    if type_ not in get_args(FieldType):
        raise InvalidField("There is no such question type.")
    options: tuple[str, ...] = ()
    if type_ in ("one_of", "several_of", "checklist"):
        chosen = (value,) if isinstance(value, str) else value
        if chosen is not None and not (isinstance(chosen, tuple) and len(chosen) <= MAX_OPTIONS):
            raise InvalidField("Answer this question with a list of its options.")
        options = tuple(check_text("An option", option, MAX_OPTION) for option in chosen or ())
    _checked(Field(prompt="-", type=type_, options=options), value)


def answers(fields: Mapping[str, Field], given: Mapping[str, object]) -> tuple[Answer, ...]:
    """Answers to the questions of a form, in its order; `given` maps a question's id, or its prompt, to a value.

    Raises `InvalidField` for a value that does not fit, a required question without one, a name that is no question.
    """
    by_prompt = {field.prompt: id_ for id_, field in fields.items()}
    values: dict[str, object] = {}
    for name, value in given.items():
        id_ = name if name in fields else by_prompt.get(spelled_as(name, by_prompt) or "")
        if id_ is None:
            raise InvalidField("One of the answers is for a question that this form does not have.")
        if id_ in values:
            raise InvalidField("A question was answered twice, once by its id and once by its prompt.")
        values[id_] = value
    return tuple(
        answer(id_, field, values.get(id_)) for id_, field in fields.items() if id_ in values or field.required
    )


def _checked(field: Field, value: object) -> Value:  # noqa: C901 - one case a type
    if value is None:
        return None
    match field.type:
        case "prose":
            if not isinstance(value, str):
                raise InvalidField("Answer this question with text.")
            return check_text("An answer", value, MAX_ANSWER)
        case "scale" | "number":
            if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MAX_NUMBER:
                raise InvalidField("Answer this question with a number.")
            return _within(field, value)
        case "yes_no":
            if not isinstance(value, bool):
                raise InvalidField("Answer this question with yes or no (True or False).")
            return value
        case "time":
            if isinstance(value, time):
                return f"{value:%H:%M}"
            if not isinstance(value, str) or not _TIME.fullmatch(value):
                raise InvalidField("Answer this question with a time of day, for example 22:30.")
            return value
        case "one_of":
            if not isinstance(value, str) or value not in field.options:
                raise InvalidField("Answer this question with one of its options.")
            return value
        case "several_of" | "checklist":
            return _chosen(field, value)


def _within(field: Field, value: Any) -> Number:
    number: Number = float(value) if isinstance(value, float) else int(value)
    if (field.low is not None and number < field.low) or (field.high is not None and number > field.high):
        raise InvalidField("The number is outside the range of this question.")
    return number


def _chosen(field: Field, value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, list | tuple | set | frozenset):
        raise InvalidField("Answer this question with a list of its options.")
    chosen = list(value)
    if not all(option in field.options for option in chosen):
        raise InvalidField("Answer this question with a list of its options.")
    return tuple(option for option in field.options if option in chosen)
