"""Official wording, brought along by a practice: checked against a known hash, and bound to an instrument's items.

The hash is SHA-256 over the prompts and answers, item by item in the instrument's order, each in Unicode NFKC, in lower
case, with single spaces and without a number in front. Instructions, order of answers and layout are not part of it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

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
from intersession_schemas.instruments.wording.conditions import check_conditions
from intersession_schemas.instruments.wording.confirming import Pairs, check_items
from intersession_schemas.instruments.wording.directions import check_directions, otherwise, turned_items
from intersession_schemas.instruments.wording.matching import (
    Recognised,
    compare,
    recognise,
    unkept_conditions,
    unwatched_questions,
    watchable,
)
from intersession_schemas.instruments.wording.naming import words
from intersession_schemas.instruments.wording.option_values import values_of, yes_no
from intersession_schemas.instruments.wording.pairing import askable, pair
from intersession_schemas.instruments.wording.questionnaires import (
    Questionnaire,
    QuestionnaireInvalid,
    QuestionnaireItem,
    QuestionnaireOther,
    QuestionnaireProblem,
    QuestionnaireUnclear,
    in_another_language,
)
from intersession_schemas.instruments.wording.risks import Watched, read_mark, watched, with_risks

HASH_OF = "intersession wording 1"
NEW = "new"
ALL_ITEMS = "Not scored unless all scored items are answered."
NO_SCORE = "There is no score."
OWN_WINDOW = "what its instructions say"
"""What is said of a questionnaire that is not a known instrument."""

_NUMBERED = re.compile(r"^\(?\d{1,2}\s*[.):]\s*(?=\D)")


class Imported(Struct, frozen=True, kw_only=True):
    """What came of a questionnaire: the instrument, known or new, with its wording, and what is worth saying of it.

    `watched` are the questions that a risk rule watches, `unwatched` the linkIds of those about death or self-harm that
    none does.
    """

    instrument: Instrument
    wording: BoundWording
    known: bool
    notes: tuple[str, ...]
    watched: tuple[Watched, ...] = ()
    unwatched: tuple[str, ...] = ()


def import_questionnaire(
    questionnaire: Questionnaire, taken_as: str | None = None, risks: Sequence[str] = ()
) -> Imported:
    """Bind a questionnaire to the known instrument that it is, or make a new one of it.

    `taken_as` is what somebody says that it is: the key of a known instrument, or `NEW`. `risks` are the questions that
    somebody marks as risk items of a new instrument, each `LINKID` or `LINKID:AT_LEAST`.

    Raises `QuestionnaireUnclear` where nobody has said it and it may be a known instrument that it does not fit, or
    where it asks about death or self-harm and nothing would watch that; `QuestionnaireInvalid` where it cannot be what
    was said, or nothing of it can be asked; `InvalidField` for a key that is none, and for a mark that cannot be.
    """
    if taken_as is not None and taken_as != NEW and taken_as not in INSTRUMENTS:
        raise InvalidField("There is no known instrument with that key.")
    if risks and taken_as not in {None, NEW}:
        raise InvalidField(
            "A known instrument has its own risk rules. Mark risk items of an instrument of your own only."
        )
    questionnaire = _in_one_language(questionnaire, taken_as)
    links = [question.link_id for _, question in askable(questionnaire)]
    marks = [read_mark(text, links) for text in risks]
    if taken_as is None:
        known = _settled(questionnaire, {mark.link_id for mark in marks})
    else:
        known = INSTRUMENTS.get(taken_as)
    trusted = taken_as is not None
    if known is not None and trusted and (problems := compare(known, questionnaire, trusted=True)):
        unseen = bool(known.risks or unwatched_questions(questionnaire))
        raise QuestionnaireOther(known.title, problems, unwatched=unseen)
    instrument = known or with_risks(instrument_from(questionnaire), askable(questionnaire), marks)
    wording = bind(instrument, questionnaire, trusted=trusted)
    pairs = pair(instrument, questionnaire, trusted=trusted).questions
    confirmed = {rule.item: True for rule in instrument.risks}
    if known is not None:
        confirmed = dict(check_items(known, pairs).risks)
    seen = watched(instrument, pairs, confirmed)
    on_risk = {} if known is not None else unwatched_questions(questionnaire)
    return Imported(
        instrument=instrument,
        wording=wording,
        known=known is not None,
        notes=wording.notes,
        watched=seen,
        unwatched=tuple(link for link in on_risk if link not in {one.link_id for one in seen}),
    )


def _in_one_language(questionnaire: Questionnaire, taken_as: str | None) -> Questionnaire:
    """A questionnaire in the language that it reads as. Raises `QuestionnaireInvalid` where it is translated in part,
    unless somebody has said what it is."""
    language, problems = in_another_language(questionnaire)
    notes = questionnaire.notes
    if language is not None:
        note = f"It says that its language is {questionnaire.language}, and reads as {language}: taken as {language}."
        return replace(questionnaire, language=language, notes=(*notes, note))
    if problems and taken_as is None:
        raise QuestionnaireInvalid(problems)
    return replace(questionnaire, notes=(*notes, *map(str, problems))) if problems else questionnaire


def _settled(questionnaire: Questionnaire, marked: set[str]) -> Instrument | None:
    """The known instrument that a questionnaire is, or None for one of its own. Raises where a person has to say it.

    Whoever marks risk items has said that it is one of its own.
    """
    try:
        recognised = recognise(questionnaire)
    except QuestionnaireUnclear:
        if not marked:
            raise
        recognised = Recognised(instrument=None, by=None, unwatched=unwatched_questions(questionnaire))
    if recognised.instrument is not None:
        if marked:
            title = recognised.instrument.title
            raise InvalidField(
                f"This is the {title}, which has its own risk rules. Import it without marking risk items, or as new."
            )
        return recognised.instrument
    unwatched = {link: problem for link, problem in recognised.unwatched.items() if link not in marked}
    doubts = [*(() if marked else recognised.doubts), *unwatched.values()]
    if doubts:
        suspect = None if marked else recognised.suspect
        raise QuestionnaireUnclear(
            None if suspect is None else suspect.title,
            doubts,
            {} if marked else recognised.candidates,
            unwatched=bool(unwatched or (suspect is not None and suspect.risks)),
            risky=watchable(questionnaire, unwatched),
        )
    return None


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
    notes, known_one = list(questionnaire.notes), instrument.key in INSTRUMENTS
    bound = {question.path for _, question in pairs}
    if others := [question.link_id for question in questionnaire.questions if question.path not in bound]:
        named = ", ".join(link[:40] for link in others[:10])
        notes.append(f"Questions that are not part of the instrument, and are not asked: {named}.")
    if not known_one and unkept_conditions(questionnaire):
        notes.append("Questions that the file asks only under a condition (enableWhen) are asked always.")
    if turned_items(instrument, pairs):
        notes.append("The file's scores already account for reversed items; their answers are kept as printed.")
    if known_one and trusted:
        notes += _taken_on_trust(instrument, pairs)
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


def _taken_on_trust(instrument: Instrument, pairs: Pairs) -> Iterator[str]:
    """What nothing in the file confirms, and is taken on the word of whoever imported it."""
    checks = (
        (len(check_items(instrument, pairs).unsure), "which items its questions are"),
        (len(check_directions(instrument, pairs).unsure), "which of the answers is the most and which the least"),
    )
    for count, what in checks:
        if count:
            yield f"Nothing in the file confirms {what} ({count} of {len(pairs)}): that is taken on your word."
    if check_conditions(instrument, pairs):
        yield "Questions that the file asks only under a condition (enableWhen) are asked always."


def _source(questionnaire: Questionnaire) -> str | None:
    if questionnaire.url is None:
        return questionnaire.publisher
    return f"{questionnaire.url}|{questionnaire.version}" if questionnaire.version else questionnaire.url


def _prompts(instrument: Instrument, questionnaire: Questionnaire, *, trusted: bool = False) -> tuple[Prompt, ...]:
    if problems := compare(instrument, questionnaire, trusted=trusted):
        raise QuestionnaireInvalid(problems)
    pairs = pair(instrument, questionnaire, trusted=trusted).questions
    turned = turned_items(instrument, pairs)
    prompts = [
        Prompt(
            item=item.key,
            text=question.text,
            choices=_choices(instrument, item, question, turned=item.key in turned),
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
        window=OWN_WINDOW,
        direction="not stated",
        items=items,
        scales=(total,) if scored else (),
        missing=ALL_ITEMS if scored else NO_SCORE,
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
