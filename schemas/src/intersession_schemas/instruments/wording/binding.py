"""Official wording, brought along by a practice: checked against a known hash, and bound to an instrument's items.

The hash is SHA-256 over the prompts and answers, item by item in the instrument's order, each in Unicode NFKC, in lower
case, with single spaces and without a number in front. Instructions, order of answers and layout are not part of it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from msgspec import Struct

from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments.known import INSTRUMENTS
from intersession_schemas.instruments.values import (
    BoundWording,
    Choice,
    Instrument,
    Item,
    Licence,
    Prompt,
    Scale,
    Source,
)
from intersession_schemas.instruments.wording.directions import otherwise, turned_already
from intersession_schemas.instruments.wording.matching import askable, compare, pair, recognise, words
from intersession_schemas.instruments.wording.option_values import values_of, yes_no
from intersession_schemas.instruments.wording.questionnaires import (
    Questionnaire,
    QuestionnaireInvalid,
    QuestionnaireItem,
    QuestionnaireProblem,
    QuestionnaireUnclear,
)

HASH_OF = "intersession wording 1"
NEW = "new"
"""What is said of a questionnaire that is not a known instrument."""

_NUMBERED = re.compile(r"^\(?\d{1,2}\s*[.):]\s*(?=\D)")


class Imported(Struct, frozen=True, kw_only=True):
    """What came of a questionnaire: the instrument, known or new, with its wording, and what is worth saying of it."""

    instrument: Instrument
    wording: BoundWording
    known: bool
    notes: tuple[str, ...]


def import_questionnaire(questionnaire: Questionnaire, taken_as: str | None = None) -> Imported:
    """Bind a questionnaire to the known instrument that it is, or make a new one of it.

    `taken_as` is what somebody says that it is: the key of a known instrument, or `NEW`. Raises `QuestionnaireUnclear`
    where nobody has and it may be a known instrument that it does not fit, `QuestionnaireInvalid` where it cannot be
    what was said, or nothing of it can be asked; `InvalidField` for a key that is none.
    """
    if taken_as is not None and taken_as != NEW and taken_as not in INSTRUMENTS:
        raise InvalidField("There is no known instrument with that key.")
    if taken_as is None:
        recognised = recognise(questionnaire)
        if recognised.suspect is not None:
            raise QuestionnaireUnclear(recognised.suspect.title, recognised.doubts, recognised.candidates)
        known = recognised.instrument
    else:
        known = INSTRUMENTS.get(taken_as)
    instrument = known or instrument_from(questionnaire)
    wording = bind(instrument, questionnaire, trusted=taken_as is not None)
    return Imported(instrument=instrument, wording=wording, known=known is not None, notes=wording.notes)


def normalised(text: str) -> str:
    """A text as the hash takes it."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return _NUMBERED.sub("", plain)


def wording_hash(questionnaire: Questionnaire, instrument: Instrument | None = None) -> str:
    """The hash of a questionnaire's wording, as 64 hexadecimal digits.

    In the order of `instrument`, or of the known instrument that it is; of any other, in its own order. Raises
    `QuestionnaireInvalid` when it does not fit the instrument.
    """
    instrument = instrument or recognise(questionnaire).instrument or instrument_from(questionnaire)
    return _hash(_prompts(instrument, questionnaire))


def bind(instrument: Instrument, questionnaire: Questionnaire, *, trusted: bool = False) -> BoundWording:
    """The questionnaire's words for each item of an instrument; `verified` when their hash is one that is known.

    `trusted`: somebody has said that its scores are right, whichever way they run. Raises `QuestionnaireInvalid` when
    it does not fit.
    """
    prompts = _prompts(instrument, questionnaire, trusted=trusted)
    hash = _hash(prompts)
    pairs = pair(instrument, questionnaire, trusted=trusted).questions
    notes = list(questionnaire.notes)
    bound = {question.path for _, question in pairs}
    if others := [question.link_id for question in questionnaire.questions if question.path not in bound]:
        named = ", ".join(link[:40] for link in others[:10])
        notes.append(f"Questions that are not part of the instrument, and are not asked: {named}.")
    if turned_already(instrument, pairs):
        notes.append("The file's scores already account for reversed items; their answers are kept as printed.")
    if turned := otherwise(instrument, pairs):
        named = ", ".join(link[:40] for link in turned[:10])
        notes.append(f"Scores in reverse of the expected order are kept as the file states them: {named}.")
    return BoundWording(
        instrument=instrument.key,
        scheme=instrument.scheme,
        status="verified" if hash in instrument.wording_hashes else "imported",
        hash=hash,
        prompts=prompts,
        instructions=questionnaire.instructions,
        language=questionnaire.language,
        copyright=questionnaire.copyright,
        source=_source(questionnaire),
        notes=tuple(notes),
    )


def _source(questionnaire: Questionnaire) -> str | None:
    if questionnaire.url is None:
        return questionnaire.publisher
    return f"{questionnaire.url}|{questionnaire.version}" if questionnaire.version else questionnaire.url


def _prompts(instrument: Instrument, questionnaire: Questionnaire, *, trusted: bool = False) -> tuple[Prompt, ...]:
    if problems := compare(instrument, questionnaire, trusted=trusted):
        raise QuestionnaireInvalid(problems)
    pairs = pair(instrument, questionnaire, trusted=trusted).questions
    turned = turned_already(instrument, pairs)
    prompts = [
        Prompt(
            item=item.key,
            text=question.text,
            choices=_choices(instrument, item, question, turned=turned and item.reverse),
        )
        for item, question in pairs
    ]
    return tuple(prompts)


def _choices(instrument: Instrument, item: Item, question: QuestionnaireItem, *, turned: bool) -> tuple[Choice, ...]:
    if item.type == "yes-no":
        return tuple(Choice(text=option.text, value=value) for option, value in yes_no(question) or ())
    ends = item.allowed[0] + item.allowed[-1]
    return tuple(
        Choice(text=option.text, value=ends - value if turned and value is not None else value)
        for option, value in values_of(instrument, item, question)
    )


def _hash(prompts: tuple[Prompt, ...]) -> str:
    lines = [HASH_OF]
    for prompt in prompts:
        lines.append(normalised(prompt.text))
        labels = [(choice.value, normalised(choice.text)) for choice in prompt.choices if choice.value is not None]
        lines += [f"{int(value)}={label}" for value, label in sorted(labels)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def instrument_from(questionnaire: Questionnaire) -> Instrument:
    """A new instrument from a questionnaire that is not known: the sum of its scored items, without bands.

    Its key is made of its name and its wording. Questions without scores are kept and part of no sum. Raises
    `QuestionnaireInvalid` when no question can be answered by choosing, or with yes or no.
    """
    items = tuple(item for item, _ in askable(questionnaire))
    scored = tuple(item for item in items if item.scored)
    if not items:
        what = "No question offers options or yes and no. Add options; those that count need scores."
        raise QuestionnaireInvalid([QuestionnaireProblem(where="Questionnaire.item", what=what)])
    low, high = sum(item.allowed[0] for item in scored), sum(item.allowed[-1] for item in scored)
    title = questionnaire.title or questionnaire.name or "Untitled questionnaire"
    total = Scale(key="total", label="Sum", items=tuple(item.key for item in scored), low=low, high=high)
    source = Source(text=_source(questionnaire) or "A file imported by the practice", sure="own")
    return Instrument(
        key=f"x-{_slug(title)}-{_fingerprint(questionnaire)}",
        scheme=f"sum of {len(scored)} items, {low}-{high}" if scored else "no score",
        title=title,
        window="as its instructions say",
        direction="not stated",
        items=items,
        scales=(total,) if scored else (),
        missing="Not scored unless all scored items are answered." if scored else "There is no score.",
        licence=Licence(
            status="conditions",
            holder=questionnaire.publisher or "not stated",
            terms=questionnaire.copyright or "Not stated in the file: ask its owner.",
            source=source,
        ),
        sources=(source,),
        left_out=("Bands, cut-offs, direction and reliable change: a Questionnaire does not state them.",),
    )


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", words(title)).encode("ascii", "ignore").decode()
    return "-".join(plain.split())[:40].strip("-") or "questionnaire"


def _fingerprint(questionnaire: Questionnaire) -> str:
    lines = [
        line
        for question in questionnaire.questions
        for line in (question.text, *(f"{option.score}={option.text}" for option in question.options))
    ]
    return hashlib.sha256("\n".join(map(normalised, lines)).encode()).hexdigest()[:8]
