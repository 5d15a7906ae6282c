"""Whether each question is the item that it was taken for: by its LOINC code, and by what its text means. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from intersession_schemas.instruments.values import Instrument, Item
from intersession_schemas.instruments.wording.meaning.items import read_as
from intersession_schemas.instruments.wording.meaning.risk import asks_about_risk
from intersession_schemas.instruments.wording.questionnaires import QuestionnaireItem, QuestionnaireProblem, shortened

SHOWN = 60
Pairs = Sequence[tuple[Item, QuestionnaireItem]]


class Checked(Struct, frozen=True, kw_only=True):
    """What is known of the questions that were taken for an instrument's items.

    `wrong`: they clearly ask about something else, whatever anybody says. `unsure`: nothing confirms them, or their
    code and their text differ. `risks`: by the key of each risk item that is there, whether it is confirmed.
    """

    wrong: tuple[QuestionnaireProblem, ...]
    unsure: tuple[QuestionnaireProblem, ...]
    risks: Mapping[str, bool]


def check_items(instrument: Instrument, pairs: Pairs) -> Checked:
    """Compare each question with the item that it was taken for.

    A text that means another item is clearly wrong where that item is not confirmed by a question of its own: else it
    may be a word that two items share, and is only unsure.
    """
    risky = {risk.item for risk in instrument.risks}
    read = {item.key: read_as(instrument.key, question.text) for item, question in pairs}
    confirmed = {item.key for item, _ in pairs if item.key in read[item.key]}
    wrong, unsure, risks = list[QuestionnaireProblem](), list[QuestionnaireProblem](), dict[str, bool]()
    for item, question in pairs:
        means, coded = read[item.key], item.loinc is not None and item.loinc in question.loinc
        speaks_of_risk = asks_about_risk(question.text)
        fits = item.key in means or (coded and not means)
        if item.key in risky:
            # C-SSRS asks of intention and of plans without naming what for: then its own stems are enough.
            risks[item.key] = fits
        if speaks_of_risk and item.key not in risky:
            what = f"It asks about death or self-harm ({_quoted(question)}), where {_named(instrument, item)} belongs."
            wrong.append(QuestionnaireProblem(where=question.path, what=what))
        elif means and item.key not in means:
            others = " or ".join(f"“{instrument.item(key).label}”" for key in sorted(means))
            what = f"Its text ({_quoted(question)}) reads as {others}, where {_named(instrument, item)} belongs."
            clear = bool(means - confirmed) or item.key in risky or bool(means & risky)
            if clear or not coded:
                (wrong if clear else unsure).append(QuestionnaireProblem(where=question.path, what=what))
        elif other := _coded_as(instrument, item, question):
            what = f"Is coded as “{other.label}”, and its text ({_quoted(question)}) as {_named(instrument, item)}."
            unsure.append(QuestionnaireProblem(where=question.path, what=what))
        elif not fits and (not item.optional or item.scored):
            what = f"Neither a code nor its text ({_quoted(question)}) confirms that it is {_named(instrument, item)}."
            unsure.append(QuestionnaireProblem(where=question.path, what=what))
    return Checked(wrong=tuple(wrong), unsure=tuple(unsure), risks=risks)


def _coded_as(instrument: Instrument, item: Item, question: QuestionnaireItem) -> Item | None:
    """Another item of the instrument whose code a question has."""
    others = (one for one in instrument.items if one.loinc is not None and one.key != item.key)
    return next((one for one in others if one.loinc in question.loinc), None)


def _quoted(question: QuestionnaireItem) -> str:
    return f"“{shortened(question.text, SHOWN)}”"


def _named(instrument: Instrument, item: Item) -> str:
    return f"“{item.label}” of {instrument.title}"
