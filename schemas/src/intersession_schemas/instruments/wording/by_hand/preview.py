"""What an import would make of a questionnaire, item by item: for a person to look at before anybody is asked. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments.known import INSTRUMENTS
from intersession_schemas.instruments.values import BoundWording, Instrument, Item
from intersession_schemas.instruments.wording.binding import NEW, Imported, bind, import_questionnaire, instrument_from
from intersession_schemas.instruments.wording.conditions import check_conditions
from intersession_schemas.instruments.wording.confirming import check_items
from intersession_schemas.instruments.wording.directions import check_directions
from intersession_schemas.instruments.wording.matching import compare, recognise, unwatched_questions
from intersession_schemas.instruments.wording.option_values import values_of, yes_no
from intersession_schemas.instruments.wording.pairing import pair
from intersession_schemas.instruments.wording.questionnaires import (
    Questionnaire,
    QuestionnaireInvalid,
    QuestionnaireItem,
    QuestionnaireProblem,
    QuestionnaireUnclear,
)
from intersession_schemas.instruments.wording.risks import can_be_watched

Sure = Literal["confirmed", "not confirmed", "contradicted"]
"""Whether codes or words say that a question is that item, or that its values run that way; or that they do not."""
Part = Literal["items", "directions", "risks"]
PARTS: tuple[Part, ...] = ("items", "directions", "risks")


class PreviewedAnswer(Struct, frozen=True, kw_only=True):
    """An answer with the value that is stored for it; None for one that counts as not answered."""

    text: str
    value: int | None


class PreviewedItem(Struct, frozen=True, kw_only=True):
    """A question in the place of an item. `where` says where it stands in the file, `said` what speaks against it.

    `risk` is the value from which a risk rule watches it; None where none does. `can_be_watched`: whether one could.
    """

    key: str
    label: str
    where: str
    link_id: str
    text: str
    answers: tuple[PreviewedAnswer, ...]
    sure: Sure
    direction: Sure
    reverse: bool = False
    scored: bool = True
    risk: int | None = None
    asks_about_risk: bool = False
    can_be_watched: bool = False
    said: tuple[str, ...] = ()


class Preview(Struct, frozen=True, kw_only=True):
    """What would be imported. `problems` keep it from being imported at all; with none, `wording` is what would be.

    `known`: it is an instrument that ships. Of one that is not, `suspects` are the keys of those that it may be.
    """

    instrument: Instrument
    known: bool
    items: tuple[PreviewedItem, ...]
    problems: tuple[QuestionnaireProblem, ...] = ()
    wording: BoundWording | None = None
    notes: tuple[str, ...] = ()
    suspects: tuple[str, ...] = ()

    @property
    def verified(self) -> bool:
        """Whether the words are those of a text that was checked: then nobody has to confirm anything."""
        return self.wording is not None and self.wording.status == "verified"

    def to_confirm(self) -> dict[Part, tuple[str, ...]]:
        """What a person has to confirm, by the keys of items: every question, the direction of its answers, and what
        a risk rule watches; of an instrument of one's own, those that ask about risk, whether a rule does or not."""
        if self.verified:
            return dict.fromkeys(PARTS, ())
        keys = tuple(item.key for item in self.items)
        risks = tuple(item.key for item in self.items if item.risk is not None or item.asks_about_risk)
        return {"items": keys, "directions": keys, "risks": risks}


class Confirmations(Struct, frozen=True, kw_only=True):
    """What a person has confirmed, by the keys of items."""

    items: frozenset[str] = frozenset()
    directions: frozenset[str] = frozenset()
    risks: frozenset[str] = frozenset()


def suspected(questionnaire: Questionnaire) -> str:
    """The key of the known instrument that a questionnaire is, or may be; `NEW` where it looks like none."""
    try:
        found = recognise(questionnaire)
    except QuestionnaireUnclear as unclear:
        return next(iter(unclear.candidates), NEW)
    one = found.instrument or found.suspect
    return NEW if one is None else one.key


def preview(questionnaire: Questionnaire, taken_as: str) -> Preview:
    """What comes of a questionnaire taken as the instrument of a key, or as `NEW`.

    Raises `QuestionnaireInvalid` where nothing of it can be asked, `InvalidField` for a key that is none.
    """
    if taken_as == NEW:
        instrument = instrument_from(questionnaire)
    elif taken_as in INSTRUMENTS:
        instrument = INSTRUMENTS[taken_as]
    else:
        raise InvalidField("There is no known instrument with that key.")
    known = taken_as != NEW
    problems = compare(instrument, questionnaire, trusted=True) if known else ()
    wording = None if problems else bind(instrument, questionnaire, trusted=True)
    pairs = pair(instrument, questionnaire, trusted=True).questions
    return Preview(
        instrument=instrument,
        known=known,
        items=tuple(_items(instrument, questionnaire, pairs, known=known)),
        problems=tuple(problems),
        wording=wording,
        notes=() if wording is None else wording.notes,
        suspects=() if known else _suspects(questionnaire),
    )


def _suspects(questionnaire: Questionnaire) -> tuple[str, ...]:
    try:
        found = recognise(questionnaire)
    except QuestionnaireUnclear as unclear:
        return tuple(unclear.candidates)
    one = found.instrument or found.suspect
    return () if one is None else tuple(dict.fromkeys((one.key, *found.candidates)))


def _items(
    instrument: Instrument,
    questionnaire: Questionnaire,
    pairs: Sequence[tuple[Item, QuestionnaireItem]],
    *,
    known: bool,
) -> list[PreviewedItem]:
    checked, directed = check_items(instrument, pairs), check_directions(instrument, pairs)
    wrong, unsure = _by_place(checked.wrong), _by_place(checked.unsure)
    against, unclear = _by_place(directed.wrong), _by_place(directed.unsure)
    asked_if = _by_place(check_conditions(instrument, pairs)) if known else {}
    watched = {rule.item: rule.at_least for rule in instrument.risks}
    risky = unwatched_questions(questionnaire)
    found = []
    for item, question in pairs:
        place = question.path
        said = (wrong, against, unsure, unclear, asked_if)
        found.append(
            PreviewedItem(
                key=item.key,
                label=item.label,
                where=place,
                link_id=question.link_id,
                text=question.text,
                answers=tuple(_answers(instrument, item, question)),
                sure=_sure(place, wrong, unsure) if known else "not confirmed",
                direction=_sure(place, against, unclear),
                reverse=item.reverse,
                scored=item.scored,
                risk=watched.get(item.key),
                asks_about_risk=not known and question.link_id in risky,
                can_be_watched=not known and len(item.allowed) > 1 and can_be_watched(item, question),
                said=tuple(what for some in said for what in some.get(place, ())) if known else (),
            )
        )
    return found


def _by_place(problems: Sequence[QuestionnaireProblem]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for problem in problems:
        found.setdefault(problem.where, []).append(problem.what)
    return found


def _sure(place: str, wrong: Mapping[str, object], unsure: Mapping[str, object]) -> Sure:
    return "contradicted" if place in wrong else "not confirmed" if place in unsure else "confirmed"


def _answers(instrument: Instrument, item: Item, question: QuestionnaireItem) -> list[PreviewedAnswer]:
    if item.type == "yes-no":
        return [PreviewedAnswer(text=option.text, value=int(value)) for option, value in yes_no(question) or ()]
    return [PreviewedAnswer(text=option.text, value=value) for option, value in values_of(instrument, item, question)]


def import_confirmed(
    questionnaire: Questionnaire,
    taken_as: str,
    confirmed: Confirmations,
    risks: Mapping[str, int] = {},
) -> Imported:
    """Import a questionnaire that a person has looked at. `risks` are the items of an instrument of one's own that a
    rule is to watch, each with the value from which it does.

    Raises `InvalidField` where the words are not those of a checked text and something was not confirmed, and
    `QuestionnaireInvalid` where the file cannot be what it is taken as.
    """
    found = preview(questionnaire, taken_as)
    if found.problems:
        raise QuestionnaireInvalid(found.problems)
    by_key = {item.key: item for item in found.items}
    if unknown := sorted(risks.keys() - by_key.keys()):
        raise InvalidField(f"risks: there is no item {unknown[0][:40]}.")
    for part, keys in found.to_confirm().items():
        if missing := [key for key in keys if key not in getattr(confirmed, part)]:
            raise InvalidField(f"{part}: not confirmed: {', '.join(missing)}. Look at each of them first.")
    return import_questionnaire(
        questionnaire, taken_as, [f"{by_key[key].link_id}:{least}" for key, least in risks.items()]
    )
