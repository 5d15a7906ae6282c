"""Which known instrument a questionnaire is, and whether it is what it says.

LOINC codes of the items decide first, then that of the panel, then names with the number of items and the scores. What
codes name and what does not fit is a problem with words, never a silent best guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from intersession_schemas.instruments.known import INSTRUMENTS
from intersession_schemas.instruments.questionnaires import (
    LOINC,
    Option,
    Problem,
    Question,
    Questionnaire,
    QuestionnaireInvalid,
)
from intersession_schemas.instruments.values import Instrument, Item

MatchedBy = Literal["items", "panel", "name"]

YES_NO: dict[tuple[str, str], bool] = {
    (LOINC, "LA33-6"): True,
    (LOINC, "LA32-8"): False,
    ("http://terminology.hl7.org/CodeSystem/v2-0136", "Y"): True,
    ("http://terminology.hl7.org/CodeSystem/v2-0136", "N"): False,
    ("http://snomed.info/sct", "373066001"): True,
    ("http://snomed.info/sct", "373067005"): False,
}

LABEL = 80
NUMBERS = 100
"""How far the bounds of a number may be apart for an item to be made of it."""

# Forms that share a name with an instrument and are another one.
OTHER_FORMS = {
    "modified", "adolescent", "adolescents", "teen", "teens", "child", "youth", "parent", "partner", "clinician",
    "proxy", "usaudit", "lifetime",
}  # fmt: skip


class Recognised(Struct, frozen=True, kw_only=True):
    """What a questionnaire was found to be. `doubts` say why it was not taken for an instrument whose name it bears."""

    instrument: Instrument | None
    by: MatchedBy | None
    doubts: tuple[Problem, ...] = ()


class Pairing(Struct, frozen=True, kw_only=True):
    """Which question asks which item, in the instrument's order; optional items may be missing."""

    questions: tuple[tuple[Item, Question], ...]
    problems: tuple[Problem, ...]


def match(questionnaire: Questionnaire) -> Instrument | None:
    """The known instrument that this is, or None.

    Raises `QuestionnaireInvalid` when its LOINC codes name an instrument that its questions or scores do not fit.
    """
    return recognise(questionnaire).instrument


def recognise(questionnaire: Questionnaire) -> Recognised:
    """As `match`, with how it was found and what kept a mere name from counting."""
    by_items = _by_items(questionnaire)
    found = by_items or _by_panel(questionnaire)
    if found is not None:
        if problems := compare(found, questionnaire):
            raise QuestionnaireInvalid(problems)
        return Recognised(instrument=found, by="items" if by_items else "panel")
    doubts: tuple[Problem, ...] = ()
    for candidate in _by_name(questionnaire):
        problems = compare(candidate, questionnaire)
        if not problems and not _extra(candidate, questionnaire) and not _coded_otherwise(candidate, questionnaire):
            return Recognised(instrument=candidate, by="name")
        doubts = doubts or problems
    return Recognised(instrument=None, by=None, doubts=doubts)


def compare(instrument: Instrument, questionnaire: Questionnaire) -> tuple[Problem, ...]:
    """What of a questionnaire does not fit an instrument: questions missing or in another order, other scores."""
    pairing = pair(instrument, questionnaire)
    problems = list(pairing.problems)
    if not problems:
        problems += _order(instrument, questionnaire, pairing)
        for item, question in pairing.questions:
            problems += _fits(instrument, item, question)
    if not problems:
        problems += _directions(instrument, pairing)
    return tuple(problems)


def askable(questionnaire: Questionnaire) -> tuple[tuple[Item, Question], ...]:
    """Every question that a number or a yes or no can answer, with an item made of it.

    Answers without scores make an item that is not scored: its value is the number that the answer is, or else the
    place of the answer, counted from 0.
    """
    pairs: list[tuple[Item, Question]] = []
    for question in questionnaire.questions:
        key, label = f"q{len(pairs) + 1}", question.text[:LABEL]
        values = tuple(sorted({option.score for option in question.options if option.score is not None}))
        if question.scored:
            pairs.append((Item(key=key, label=label, allowed=values), question))
        elif question.type == "boolean":
            item = Item(key=key, label=label, allowed=(0, 1), type="yes-no", optional=True, scored=False)
            pairs.append((item, question))
        elif (places := _unscored(question)) is not None:
            pairs.append((Item(key=key, label=label, allowed=places, optional=True, scored=False), question))
    return tuple(pairs)


def _unscored(question: Question) -> tuple[int, ...] | None:
    """The values of an item that no sum counts; None for a question that no such value can answer."""
    if question.repeats:
        return None
    if question.options:
        return tuple(sorted({value for _, value in numbers_or_places(question)}))
    if question.type == "number" and question.low is not None and question.high is not None:
        return tuple(range(question.low, question.high + 1)) if 0 < question.high - question.low <= NUMBERS else None
    return None


def numbers_or_places(question: Question) -> tuple[tuple[Option, int], ...]:
    """The answers of a question with the numbers that they are, or else with their places from 0."""
    if any(option.number is None for option in question.options):
        return tuple((option, place) for place, option in enumerate(question.options))
    return tuple((option, option.number or 0) for option in question.options)


def pair(instrument: Instrument, questionnaire: Questionnaire) -> Pairing:
    """Find the question of every item: by LOINC code, or by place where the questions have no codes of the items."""
    made = askable(questionnaire)
    if tuple(item for item, _ in made) == instrument.items:
        return Pairing(questions=made, problems=())
    coded = {code for item in instrument.required() if (code := item.loinc)}
    if any(code in coded for question in questionnaire.questions for code in question.loinc):
        return _by_code(instrument, questionnaire)
    return _by_place(instrument, questionnaire)


def _by_code(instrument: Instrument, questionnaire: Questionnaire) -> Pairing:
    pairs, problems = [], []
    for item in instrument.items:
        asked = [question for question in questionnaire.questions if item.loinc and item.loinc in question.loinc]
        if len(asked) > 1:
            problems.append(
                Problem(where=asked[1].path, what=f"Has the LOINC code {item.loinc}, as {asked[0].path} has. Keep one.")
            )
        elif asked:
            pairs.append((item, asked[0]))
        elif not item.optional:
            named = f"“{item.label}” of {instrument.title} (LOINC {item.loinc})"
            problems.append(Problem(where="Questionnaire.item", what=f"No question is coded as {named}. Add it."))
    found = {item.key: question for item, question in pairs}
    if not problems:
        _add_remaining(instrument, questionnaire, found)
    return Pairing(questions=_in_order(instrument, found), problems=tuple(problems))


def _in_order(instrument: Instrument, found: dict[str, Question]) -> tuple[tuple[Item, Question], ...]:
    return tuple((item, found[item.key]) for item in instrument.items if item.key in found)


def _by_place(instrument: Instrument, questionnaire: Questionnaire) -> Pairing:
    kinds = {item.type for item in instrument.items}
    mixed = len(kinds) > 1
    found: dict[str, Question] = {}
    problems = []
    for kind in ("number", "yes-no"):
        if kind not in kinds:
            continue
        items = [item for item in instrument.items if item.type == kind]
        required = [item for item in items if not item.optional]
        asked = [question for question in questionnaire.questions if _may_ask(kind, question, instrument, mixed=mixed)]
        if len(asked) in {len(items), len(required)}:
            chosen = items if len(asked) == len(items) else required
            found |= {item.key: question for item, question in zip(chosen, asked, strict=True)}
        elif kind == "number" or required:
            what = "questions with scores" if kind == "number" else "questions with yes and no"
            problems.append(
                Problem(
                    where="Questionnaire.item",
                    what=f"Has {len(asked)} {what}; {instrument.title} has {len(required)}.",
                )
            )
    if "number" in kinds and not problems:
        _add_remaining(instrument, questionnaire, found)
    return Pairing(questions=_in_order(instrument, found), problems=tuple(problems))


def _add_remaining(instrument: Instrument, questionnaire: Questionnaire, found: dict[str, Question]) -> None:
    """An optional item is the one question that is left after the others, if it has as many answers as the item."""
    items = [item for item in instrument.items if item.optional and item.type == "number" and item.key not in found]
    used = {question.path for question in found.values()}
    left = [q for q in questionnaire.questions if q.path not in used and q.type == "choice" and not q.repeats]
    if len(items) == len(left) == 1 and len(left[0].options) == len(items[0].allowed):
        found[items[0].key] = left[0]


def _may_ask(kind: str, question: Question, instrument: Instrument, *, mixed: bool) -> bool:
    if kind == "yes-no":
        return question.type == "boolean" or yes_no(question) is not None
    if mixed and yes_no(question) is not None:
        return False
    bounded = question.type == "number" and question.low is not None and question.high is not None
    return bounded or any(value is not None for _, value in valued(instrument, question))


def values_of(instrument: Instrument, item: Item, question: Question) -> tuple[tuple[Option, int | None], ...]:
    """The answers of an item's question with the values that are stored; of one without scores, their places."""
    values = valued(instrument, question)
    if item.scored or any(value is not None for _, value in values):
        return values
    return numbers_or_places(question)


def valued(instrument: Instrument, question: Question) -> tuple[tuple[Option, int | None], ...]:
    """The answers of a question with their scores: those of the file, else those of LOINC's answer codes.

    Where an answer is a number, it is that number: the instrument says what it counts.
    """
    if question.repeats:
        return tuple((option, None) for option in question.options)
    if question.scored:
        return tuple((option, option.score) for option in question.options)
    known = dict(instrument.codes.answers)
    values = tuple(
        (
            option,
            known.get(option.code or "") if option.number is None and option.system in {LOINC, None} else option.number,
        )
        for option in question.options
    )
    return values if all(value is not None for _, value in values) else tuple((option, None) for option, _ in values)


def yes_no(question: Question) -> tuple[tuple[Option, bool], ...] | None:
    """The answers of a choice between yes and no, told apart by code or by the scores 1 and 0; None for any other."""
    if question.type != "choice" or len(question.options) != 2 or question.repeats:
        return None
    options = question.options
    by_code = [YES_NO.get((option.system or "", option.code or "")) for option in options]
    if set(by_code) == {True, False}:
        return tuple((option, bool(value)) for option, value in zip(options, by_code, strict=True))
    if {option.score for option in options} == {0, 1}:
        return tuple((option, option.score == 1) for option in options)
    return None


def _by_items(questionnaire: Questionnaire) -> Instrument | None:
    """The instrument all of whose items are here by code, and nothing else that is scored."""
    here = {code for question in questionnaire.questions for code in question.loinc}
    found = [
        instrument
        for instrument in INSTRUMENTS.values()
        if all(item.loinc in here for item in instrument.required()) and not _extra(instrument, questionnaire)
    ]
    return max(found, key=lambda instrument: len(instrument.items), default=None)


def _extra(instrument: Instrument, questionnaire: Questionnaire) -> bool:
    """Whether more is scored than the items of the instrument."""
    used = {question.path for _, question in pair(instrument, questionnaire).questions}
    return any(question.scored and question.path not in used for question in questionnaire.questions)


def _by_panel(questionnaire: Questionnaire) -> Instrument | None:
    panels = {instrument.codes.panel: instrument for instrument in INSTRUMENTS.values() if instrument.codes.panel}
    return next((panels[code] for code in questionnaire.loinc if code in panels), None)


def _by_name(questionnaire: Questionnaire) -> list[Instrument]:
    """Instruments whose name the url, the name or the title has, the longest name first."""
    last = (questionnaire.url or "").rstrip("/").rpartition("/")[2].partition("|")[0]
    texts = [words(text) for text in (questionnaire.title, questionnaire.name, last) if text]
    if any(word in OTHER_FORMS for text in texts for word in text.split()):
        return []
    found = []
    for instrument in INSTRUMENTS.values():
        named = [len(name) for name in instrument.names for text in texts if f" {name} " in f" {text} "]
        if named:
            found.append((max(named), instrument))
    return [instrument for _, instrument in sorted(found, key=lambda one: -one[0])]


def _coded_otherwise(instrument: Instrument, questionnaire: Questionnaire) -> bool:
    """Whether a bearer of the name has items with LOINC codes, and they are others than those known for it."""
    known = {item.loinc for item in instrument.items if item.loinc}
    here = {code for question in questionnaire.questions if question.scored for code in question.loinc}
    return bool(known and here and not known & here)


def words(text: str) -> str:
    """A name as words in small letters: `CIRG-PHQ9` is `cirg phq9`."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", text))
    return " ".join(re.sub(r"[\W_]+", " ", spaced.casefold()).split())


def _order(instrument: Instrument, questionnaire: Questionnaire, pairing: Pairing) -> list[Problem]:
    places = {question.path: place for place, question in enumerate(questionnaire.questions)}
    asked = [(item, question) for item, question in pairing.questions if not item.optional]
    problems = []
    for (before, first), (item, question) in pairwise(asked):
        if places[question.path] < places[first.path]:
            what = f"“{item.label}” comes before “{before.label}”; {instrument.title} asks them the other way round."
            problems.append(Problem(where=question.path, what=what))
    return problems


def _fits(instrument: Instrument, item: Item, question: Question) -> list[Problem]:
    """Whether a question offers exactly the values of an item."""
    if item.type == "yes-no":
        if question.type == "boolean" or yes_no(question) is not None:
            return []
        what = "Its answers cannot be told apart as yes and no. Make it a boolean, or code them LA33-6 and LA32-8."
        return [Problem(where=question.path, what=what)]
    takes = ", ".join(map(str, item.allowed))
    if question.type == "number":
        if (question.low, question.high) == (item.allowed[0], item.allowed[-1]):
            return []
        what = (
            f"Does not take {item.allowed[0]} to {item.allowed[-1]} (minValue, maxValue), as {instrument.title} does."
        )
        return [Problem(where=question.path, what=what)]
    values = {value for _, value in values_of(instrument, item, question) if value is not None}
    if not values:
        what = f"Its answers state no scores. {instrument.title} takes {takes}: add ordinalValue to each of them."
        return [Problem(where=question.path, what=what)]
    if values != set(item.allowed):
        has = ", ".join(map(str, sorted(values)[:20]))
        what = f"Its answers score {has}; {instrument.title} takes {takes} here. Is it another version of the form?"
        return [Problem(where=question.path, what=what)]
    return []


def _directions(instrument: Instrument, pairing: Pairing) -> list[Problem]:
    """Whether the scores run up or down the page as they do in the instrument, item by item."""
    runs = directions(instrument, pairing.questions)
    expected = {item.key: -1 if item.highest_first else 1 for item, _ in pairing.questions}
    problems = []
    for item, question in pairing.questions:
        if runs.get(item.key) == 0:
            problems.append(Problem(where=question.path, what="Its answers are not in the order of their scores."))
    if problems:
        return problems
    fixed = {key: run * expected[key] for key, run in runs.items() if not instrument.item(key).reverse}
    turned = {run for key, run in runs.items() if instrument.item(key).reverse}
    usual = _usual(fixed.values())
    for item, question in pairing.questions:
        if item.key in fixed and fixed[item.key] != usual:
            way = "from the highest to the lowest" if runs[item.key] < 0 else "from the lowest to the highest"
            what = f"Its scores run {way}, unlike those of the other items in {instrument.title}. Mend its scores."
            problems.append(Problem(where=question.path, what=what))
    if len(turned) > 1:
        what = "Some of the reversed items have scores that are already turned round, and some have not."
        problems.append(Problem(where="Questionnaire.item", what=what))
    return problems


def directions(instrument: Instrument, pairs: Iterable[tuple[Item, Question]]) -> dict[str, int]:
    """For each number item with answers: 1 when scores rise down the page, -1 when they fall, 0 for neither."""
    found = {}
    for item, question in pairs:
        values = [value for _, value in valued(instrument, question) if value is not None]
        if item.type == "number" and item.scored and len(values) > 1:
            rising = values == sorted(values)
            found[item.key] = 1 if rising else -1 if values == sorted(values, reverse=True) else 0
    return found


def turned_already(instrument: Instrument, pairs: tuple[tuple[Item, Question], ...]) -> bool:
    """Whether the scores of the reversed items run against the others: the file has turned them round itself."""
    runs = directions(instrument, pairs)
    plain = _usual(run for key, run in runs.items() if not instrument.item(key).reverse)
    return any(run == -plain for key, run in runs.items() if instrument.item(key).reverse and plain)


def _usual(runs: Iterable[int]) -> int:
    """The direction most items have; 0 when there is none."""
    runs = list(runs)
    return 0 if not runs else 1 if runs.count(1) >= runs.count(-1) else -1
