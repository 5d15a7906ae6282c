"""Whether the scores of a form run the way that its answers mean, item by item. Pure.

What an answer means is read from its words, or else from its LOINC code; the place on the page says nothing of it. Only
where neither can be read, and somebody has said what the form is, the page is all there is (`otherwise`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from intersession_schemas.instruments.known import INSTRUMENTS
from intersession_schemas.instruments.values import Instrument, Item
from intersession_schemas.instruments.wording.answer_lists import PLACES
from intersession_schemas.instruments.wording.meaning.answers import bare_numbers, extents, runs, said_yes
from intersession_schemas.instruments.wording.meaning.items import FALLING
from intersession_schemas.instruments.wording.option_values import YES_NO, valued, values_of, yes_no
from intersession_schemas.instruments.wording.questionnaires import (
    LOINC,
    Option,
    QuestionnaireItem,
    QuestionnaireProblem,
    shortened,
)

Pairs = Sequence[tuple[Item, QuestionnaireItem]]
MOST_LISTED = 12


class Way(Struct, frozen=True, kw_only=True):
    """How the values of one item run: 1 as the instrument has them, -1 the other way round, 0 neither way, None where
    it cannot be read. `whole`: the answers at both ends were read. `differ`: words and codes say different things."""

    run: int | None
    whole: bool
    differ: bool = False

    @property
    def confirmed(self) -> bool:
        """Whether the values run as the instrument has them, as far as anybody can tell."""
        return self.run == 1 and self.whole and not self.differ


class Directed(Struct, frozen=True, kw_only=True):
    """What is known of scores: `wrong` ones run against what their answers say, nothing confirms the `unsure` ones."""

    wrong: tuple[QuestionnaireProblem, ...]
    unsure: tuple[QuestionnaireProblem, ...]


def check_directions(instrument: Instrument, pairs: Pairs) -> Directed:
    """Compare the values of each question's answers with what the answers say.

    The scores of reversed items may have been turned round by the file: all of them, or none.
    """
    page = _down_the_page(instrument, pairs)
    found = {item.key: way(instrument, item, question) for item, question in pairs}
    turned = {item.key for item, _ in pairs if item.reverse and found[item.key].run == -1}
    plain = {item.key for item, _ in pairs if item.reverse} - turned
    wrong, unsure = list[QuestionnaireProblem](), list[QuestionnaireProblem]()
    if turned and plain:
        what = "Some of the reversed items have scores that are already reversed, others do not."
        unsure.append(QuestionnaireProblem(where="Questionnaire.item", what=what))
    for item, question in pairs:
        one = found[item.key]
        if page.get(item.key) == 0:
            what = "Its answers are not in the order of their scores."
            unsure.append(QuestionnaireProblem(where=question.path, what=what))
        if (item.key in turned and one.whole) or one.confirmed or (item.optional and one.run != -1):
            continue
        if one.run == 0 or (one.run == -1 and not item.reverse):
            what = f"{_ends(instrument, item, question)}: not as {instrument.title} counts “{item.label}”."
            if one.run == 0:
                what = f"Its scores do not follow what its answers say: {_listed(instrument, item, question)}."
            wrong.append(QuestionnaireProblem(where=question.path, what=what))
        elif one.differ:
            what = "The LOINC codes of its answers and their scores or texts do not belong together."
            unsure.append(QuestionnaireProblem(where=question.path, what=what))
        else:
            what = "Neither codes nor words that are known say which of its answers is the most and which the least."
            unsure.append(QuestionnaireProblem(where=question.path, what=what))
    return Directed(wrong=tuple(wrong), unsure=tuple(unsure))


def way(instrument: Instrument, item: Item, question: QuestionnaireItem) -> Way:
    """How the values of an item's answers run."""
    if item.type == "yes-no":
        return _yes_no_way(question)
    if question.type == "number" and not question.options:
        return Way(run=1, whole=True)
    answers = values_of(instrument, item, question)
    falling = item.key in FALLING.get(instrument.key, ())
    return way_of(answers, falling=falling)


def way_of(answers: Sequence[tuple[Option, int | None]], *, falling: bool = False) -> Way:
    """How the values of answers run; `falling`: they are meant to say less the higher their value is."""
    texts, values = [option.text for option, _ in answers], [value for _, value in answers]
    codes = [PLACES.get(option.code or "") if option.system in {LOINC, None} else None for option, _ in answers]
    words, places = extents(texts, codes)
    run, whole = runs(values, words)
    if run is not None and falling and not bare_numbers(texts):
        run = -run
    by_code, whole_by_code = runs(values, places)
    if run is None:
        return Way(run=by_code, whole=whole_by_code)
    differ = by_code is not None and by_code != run
    return Way(run=run, whole=whole or (whole_by_code and not differ), differ=differ)


def _yes_no_way(question: QuestionnaireItem) -> Way:
    """Yes and no by their words, their codes and their scores: none may say another thing."""
    if question.type == "boolean":
        return Way(run=1, whole=True)
    answers = yes_no(question) or ()
    said = [(said_yes(option.text), value) for option, value in answers]
    scored = [(option.score, value) for option, value in answers]
    if any(word is not None and word != value for word, value in said):
        return Way(run=-1, whole=True)
    if any(score is not None and bool(score) != value for score, value in scored):
        return Way(run=-1, whole=True)
    coded = all((option.system or "", option.code or "") in YES_NO for option, _ in answers)
    known = bool(answers) and (coded or all(word is not None for word, _ in said))
    return Way(run=1 if known else None, whole=known)


def _ends(instrument: Instrument, item: Item, question: QuestionnaireItem) -> str:
    """The answers with the lowest and the highest value, as they stand in the file."""
    values = yes_no(question) or () if item.type == "yes-no" else values_of(instrument, item, question)
    known = sorted(((int(value), option.text) for option, value in values if value is not None), key=lambda one: one[0])
    low, high = known[0], known[-1]
    return f"“{shortened(low[1])}” scores {low[0]} and “{shortened(high[1])}” scores {high[0]}"


def _listed(instrument: Instrument, item: Item, question: QuestionnaireItem) -> str:
    """All answers with their values, as they stand in the file."""
    values = [(option.text, value) for option, value in values_of(instrument, item, question) if value is not None]
    return ", ".join(f"“{shortened(text)}” scores {value}" for text, value in values[:MOST_LISTED])


def otherwise(instrument: Instrument, pairs: Pairs) -> tuple[str, ...]:
    """The linkIds of questions whose scores run another way down the page than the others, and nobody can read why."""
    page = _down_the_page(instrument, pairs)
    signed = {key: run * (-1 if instrument.item(key).highest_first else 1) for key, run in page.items()}
    plain = _usual(run for key, run in signed.items() if not instrument.item(key).reverse)
    turned = turned_items(instrument, pairs)
    known = instrument.key in INSTRUMENTS
    return tuple(
        question.link_id
        for item, question in pairs
        if item.key in signed
        and signed[item.key] != (-plain if item.key in turned else plain)
        and not (known and way(instrument, item, question).run == 1)
    )


def turned_items(instrument: Instrument, pairs: Pairs) -> frozenset[str]:
    """The reversed items whose scores the file has turned round already: by meaning, or else by the page."""
    page = _down_the_page(instrument, pairs)
    plain = _usual(run for key, run in page.items() if not instrument.item(key).reverse)
    turned = set()
    for item, question in pairs:
        if item.reverse:
            run = way(instrument, item, question).run
            if run == -1 or (run is None and plain and page.get(item.key) == -plain):
                turned.add(item.key)
    return frozenset(turned)


def _down_the_page(instrument: Instrument, pairs: Iterable[tuple[Item, QuestionnaireItem]]) -> dict[str, int]:
    """For each number item with answers: 1 when scores rise down the page, -1 when they fall, 0 for neither."""
    found = {}
    for item, question in pairs:
        values = [value for _, value in valued(instrument, question) if value is not None]
        if item.type == "number" and item.scored and len(values) > 1:
            rising = values == sorted(values)
            found[item.key] = 1 if rising else -1 if values == sorted(values, reverse=True) else 0
    return found


def _usual(runs_down: Iterable[int]) -> int:
    """The direction most items have; 0 when there is none."""
    signs = list(runs_down)
    return 0 if not signs else 1 if signs.count(1) >= signs.count(-1) else -1
