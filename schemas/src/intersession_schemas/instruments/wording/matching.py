"""Which known instrument a questionnaire is, and whether it is what it says.

LOINC codes of the items decide first, then that of the panel, then names with the number of items and the scores. What
is named and does not fit, or would lose scores or risk items, is for a person to decide, never a silent best guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from intersession_schemas.instruments.known import INSTRUMENTS
from intersession_schemas.instruments.values import Instrument, Item
from intersession_schemas.instruments.wording.directions import misdirected
from intersession_schemas.instruments.wording.option_values import numbers_or_places, valued, values_of, yes_no
from intersession_schemas.instruments.wording.questionnaires import (
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireProblem,
    QuestionnaireUnclear,
)

MatchedBy = Literal["items", "panel", "name"]

LABEL = 80
NUMBERS = 100
"""How far the bounds of a number may be apart for an item to be made of it."""

# Forms that share a name with an instrument and are another one.
OTHER_FORMS = {
    "modified", "adolescent", "adolescents", "teen", "teens", "child", "youth", "parent", "partner", "clinician",
    "proxy", "usaudit", "lifetime",
}  # fmt: skip


class Recognised(Struct, frozen=True, kw_only=True):
    """What a questionnaire was found to be.

    `doubts` say why it was not taken for `suspect`, the instrument whose name or risk items it has; a person decides
    then. `candidates` are the keys of instruments that it can be taken as, each with how many of its scored questions
    would not be asked then.
    """

    instrument: Instrument | None
    by: MatchedBy | None
    suspect: Instrument | None = None
    doubts: tuple[QuestionnaireProblem, ...] = ()
    candidates: Mapping[str, int] = {}


class ItemMatching(Struct, frozen=True, kw_only=True):
    """Which question asks which item, in the instrument's order; optional items may be missing."""

    questions: tuple[tuple[Item, QuestionnaireItem], ...]
    problems: tuple[QuestionnaireProblem, ...]


def match(questionnaire: Questionnaire) -> Instrument | None:
    """The known instrument that this is, or None.

    Raises `QuestionnaireUnclear` when its LOINC codes name an instrument that its questions or scores do not fit, or
    that does not score all that the file scores.
    """
    return recognise(questionnaire).instrument


def recognise(questionnaire: Questionnaire) -> Recognised:
    """As `match`, with how it was found and what kept a mere name from counting."""
    by_items = _by_items(questionnaire)
    found = by_items or _by_panel(questionnaire)
    if found is not None:
        if problems := [*compare(found, questionnaire), *_lost(found, questionnaire)]:
            raise QuestionnaireUnclear(found.title, problems, _candidates([found], questionnaire))
        return Recognised(instrument=found, by="items" if by_items else "panel")
    named, others = _by_name(questionnaire)
    suspect, doubts = None, list[QuestionnaireProblem]()
    for candidate in named:
        problems = [
            *compare(candidate, questionnaire),
            *_lost(candidate, questionnaire),
            *_coded_otherwise(candidate, questionnaire),
        ]
        if not problems:
            return Recognised(instrument=candidate, by="name")
        if suspect is None:
            suspect, doubts = candidate, problems
    if suspect is None:
        suspect, doubts = _risks_of_others(questionnaire, others)
    if suspect is None:
        return Recognised(instrument=None, by=None)
    candidates = _candidates([suspect, *named, *others], questionnaire)
    return Recognised(instrument=None, by=None, suspect=suspect, doubts=tuple(doubts), candidates=candidates)


def _candidates(suspects: Iterable[Instrument], questionnaire: Questionnaire) -> dict[str, int]:
    """The keys of those that a person may say it is: all that fit, whichever way their scores run."""
    named, others = _by_name(questionnaire)
    found = {one.key: one for one in (*suspects, *named, *others)}
    return {
        key: len(_lost(one, questionnaire, trusted=True))
        for key, one in found.items()
        if not compare(one, questionnaire, trusted=True)
    }


def _risks_of_others(
    questionnaire: Questionnaire, others: Iterable[Instrument]
) -> tuple[Instrument | None, list[QuestionnaireProblem]]:
    """A known instrument with risk items of which this is another form, or some of whose risk items it asks."""
    for other in others:
        if other.risks:
            what = f"Says that it is another form of {other.title}. A new instrument has no risk items."
            return other, [QuestionnaireProblem(where="Questionnaire.title", what=what)]
    for instrument in INSTRUMENTS.values():
        risky = {instrument.item(risk.item).loinc: risk for risk in instrument.risks}
        for question in questionnaire.questions:
            risk = next((risky[code] for code in question.loinc if code in risky), None)
            if risk is not None:
                what = f"Is coded as a risk item of {instrument.title} (“{risk.label}”); a new instrument has none."
                return instrument, [QuestionnaireProblem(where=question.path, what=what)]
    return None, []


def compare(
    instrument: Instrument, questionnaire: Questionnaire, *, trusted: bool = False
) -> tuple[QuestionnaireProblem, ...]:
    """What of a questionnaire does not fit an instrument: questions missing or in another order, other scores.

    `trusted`: somebody has said that its scores are right, whichever way they run; those of a new instrument are.
    """
    pairing = pair(instrument, questionnaire, trusted=trusted)
    problems = list(pairing.problems)
    if not problems:
        problems += _order(instrument, questionnaire, pairing)
        for item, question in pairing.questions:
            problems += _fits(instrument, item, question)
    if not problems and not trusted and instrument.key in INSTRUMENTS:
        problems += misdirected(instrument, pairing.questions)
    return tuple(problems)


def askable(questionnaire: Questionnaire) -> tuple[tuple[Item, QuestionnaireItem], ...]:
    """Every question that a number or a yes or no can answer, with an item made of it.

    Answers without scores make an item that is not scored: its value is the number that the answer is, or else the
    place of the answer, counted from 0.
    """
    pairs: list[tuple[Item, QuestionnaireItem]] = []
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


def _unscored(question: QuestionnaireItem) -> tuple[int, ...] | None:
    """The values of an item that no sum counts; None for a question that no such value can answer."""
    if question.repeats:
        return None
    if question.options:
        return tuple(sorted({value for _, value in numbers_or_places(question)}))
    if question.type == "number" and question.low is not None and question.high is not None:
        return tuple(range(question.low, question.high + 1)) if 0 < question.high - question.low <= NUMBERS else None
    return None


def pair(instrument: Instrument, questionnaire: Questionnaire, *, trusted: bool = False) -> ItemMatching:
    """Find the question of every item: by LOINC code, or by place where the questions have no codes of the items.

    `trusted`: by place too where codes are missing, as somebody has said which instrument it is.
    """
    made = askable(questionnaire)
    if tuple(item for item, _ in made) == instrument.items:
        return ItemMatching(questions=made, problems=())
    coded = {code for item in instrument.required() if (code := item.loinc)}
    if any(code in coded for question in questionnaire.questions for code in question.loinc):
        found = _by_code(instrument, questionnaire)
        if not (trusted and found.problems):
            return found
    return _by_place(instrument, questionnaire)


def _by_code(instrument: Instrument, questionnaire: Questionnaire) -> ItemMatching:
    pairs, problems = [], []
    for item in instrument.items:
        asked = [question for question in questionnaire.questions if item.loinc and item.loinc in question.loinc]
        if len(asked) > 1:
            problems.append(
                QuestionnaireProblem(
                    where=asked[1].path, what=f"Has the LOINC code {item.loinc}, and so does {asked[0].path}. Keep one."
                )
            )
        elif asked:
            pairs.append((item, asked[0]))
        elif not item.optional:
            named = f"“{item.label}” of {instrument.title} (LOINC {item.loinc})"
            problems.append(
                QuestionnaireProblem(where="Questionnaire.item", what=f"No question is coded as {named}. Add it.")
            )
    found = {item.key: question for item, question in pairs}
    if not problems:
        _add_remaining(instrument, questionnaire, found)
    return ItemMatching(questions=_in_order(instrument, found), problems=tuple(problems))


def _in_order(
    instrument: Instrument, found: dict[str, QuestionnaireItem]
) -> tuple[tuple[Item, QuestionnaireItem], ...]:
    return tuple((item, found[item.key]) for item in instrument.items if item.key in found)


def _by_place(instrument: Instrument, questionnaire: Questionnaire) -> ItemMatching:
    kinds = {item.type for item in instrument.items}
    mixed = len(kinds) > 1
    found: dict[str, QuestionnaireItem] = {}
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
                QuestionnaireProblem(
                    where="Questionnaire.item",
                    what=f"Has {len(asked)} {what}; {instrument.title} has {len(required)}.",
                )
            )
    if "number" in kinds and not problems:
        _add_remaining(instrument, questionnaire, found)
    return ItemMatching(questions=_in_order(instrument, found), problems=tuple(problems))


def _add_remaining(instrument: Instrument, questionnaire: Questionnaire, found: dict[str, QuestionnaireItem]) -> None:
    """An optional item is the one question that is left after the others, if it has as many answers as the item."""
    items = [item for item in instrument.items if item.optional and item.type == "number" and item.key not in found]
    used = {question.path for question in found.values()}
    left = [q for q in questionnaire.questions if q.path not in used and q.type == "choice" and not q.repeats]
    if len(items) == len(left) == 1 and len(left[0].options) == len(items[0].allowed):
        found[items[0].key] = left[0]


def _may_ask(kind: str, question: QuestionnaireItem, instrument: Instrument, *, mixed: bool) -> bool:
    if kind == "yes-no":
        return question.type == "boolean" or yes_no(question) is not None
    if mixed and yes_no(question) is not None:
        return False
    bounded = question.type == "number" and question.low is not None and question.high is not None
    return bounded or any(value is not None for _, value in valued(instrument, question))


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
    return bool(_lost(instrument, questionnaire))


def _lost(instrument: Instrument, questionnaire: Questionnaire, *, trusted: bool = False) -> list[QuestionnaireProblem]:
    """What the file scores, and the instrument does not have."""
    pairing = pair(instrument, questionnaire, trusted=trusted)
    used = {question.path for _, question in pairing.questions}
    what = f"Has scores but is not part of {instrument.title}: it would be dropped."
    lost = [question for question in questionnaire.questions if question.scored and question.path not in used]
    return [] if pairing.problems else [QuestionnaireProblem(where=question.path, what=what) for question in lost]


def _by_panel(questionnaire: Questionnaire) -> Instrument | None:
    panels = {instrument.codes.panel: instrument for instrument in INSTRUMENTS.values() if instrument.codes.panel}
    return next((panels[code] for code in questionnaire.loinc if code in panels), None)


def _by_name(questionnaire: Questionnaire) -> tuple[list[Instrument], list[Instrument]]:
    """Instruments whose name the url, the name or the title has, the longest name first; and those of which it says
    that it is another form."""
    last = (questionnaire.url or "").rstrip("/").rpartition("/")[2].partition("|")[0]
    texts = [words(text) for text in (questionnaire.title, questionnaire.name, last) if text]
    found = []
    for instrument in INSTRUMENTS.values():
        named = [len(name) for name in instrument.names for text in texts if f" {name} " in f" {text} "]
        if named:
            found.append((max(named), instrument))
    instruments = [instrument for _, instrument in sorted(found, key=lambda one: -one[0])]
    other = any(word in OTHER_FORMS for text in texts for word in text.split())
    return ([], instruments) if other else (instruments, [])


def _coded_otherwise(instrument: Instrument, questionnaire: Questionnaire) -> list[QuestionnaireProblem]:
    """That a bearer of the name has items with LOINC codes, and they are others than those known for it."""
    known = {item.loinc for item in instrument.items if item.loinc}
    here = {code for question in questionnaire.questions if question.scored for code in question.loinc}
    if not (known and here and not known & here):
        return []
    return [QuestionnaireProblem(where="Questionnaire.item", what=f"None of its codes belongs to {instrument.title}.")]


def words(text: str) -> str:
    """A name as words in lower case: `CIRG-PHQ9` is `cirg phq9`."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", text))
    return " ".join(re.sub(r"[\W_]+", " ", spaced.casefold()).split())


def _order(instrument: Instrument, questionnaire: Questionnaire, pairing: ItemMatching) -> list[QuestionnaireProblem]:
    places = {question.path: place for place, question in enumerate(questionnaire.questions)}
    asked = [(item, question) for item, question in pairing.questions if not item.optional]
    problems = []
    for (before, first), (item, question) in pairwise(asked):
        if places[question.path] < places[first.path]:
            what = f"“{item.label}” comes before “{before.label}”; {instrument.title} asks them the other way round."
            problems.append(QuestionnaireProblem(where=question.path, what=what))
    return problems


def _fits(instrument: Instrument, item: Item, question: QuestionnaireItem) -> list[QuestionnaireProblem]:
    """Whether a question offers exactly the values of an item."""
    if item.type == "yes-no":
        if question.type == "boolean" or yes_no(question) is not None:
            return []
        what = "Its answers cannot be recognised as yes and no. Make it a boolean, or code them LA33-6 and LA32-8."
        return [QuestionnaireProblem(where=question.path, what=what)]
    takes = ", ".join(map(str, item.allowed))
    if question.type == "number":
        if (question.low, question.high) == (item.allowed[0], item.allowed[-1]):
            return []
        what = (
            f"Does not take {item.allowed[0]} to {item.allowed[-1]} (minValue, maxValue), as {instrument.title} does."
        )
        return [QuestionnaireProblem(where=question.path, what=what)]
    values = {value for _, value in values_of(instrument, item, question) if value is not None}
    if not values:
        what = f"Its answers state no scores. {instrument.title} takes {takes}: add ordinalValue to each of them."
        return [QuestionnaireProblem(where=question.path, what=what)]
    if values != set(item.allowed):
        has = ", ".join(map(str, sorted(values)[:20]))
        what = f"Its answers score {has}; {instrument.title} takes {takes} here. Is it another version of the form?"
        return [QuestionnaireProblem(where=question.path, what=what)]
    return []
