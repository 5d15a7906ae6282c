"""What the pages show of assessments: scores with what they changed by, answers in words, what is missing. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.assessments.answers import AnswerValue, Completion
from intersession_schemas.instruments import (
    BoundWording,
    Instrument,
    Item,
    applies,
    labels,
    missing_items,
    positive_risk,
    skipped_items,
)
from intersession_schemas.instruments.scoring import INCOMPLETE, ScaleScore
from intersession_schemas.measures.scores import Compared, Measured
from intersession_server.language.language import count, current, say
from intersession_server.web.assessments.administrations import Administration
from intersession_server.web.charts.scores import why_words
from intersession_server.web.instruments.views import StatusMark, status_mark
from intersession_server.web.page import phrases

LATE = timedelta(days=1)
"""What arrives later than this after it was completed was synced later."""


class ScaleLine(Struct, frozen=True):
    """A score of one scale. `changes` say what it changed by, and what that rests on."""

    label: str
    score: str
    range: str
    band: str
    why: str
    published: str
    cut_offs: tuple[str, ...]
    changes: tuple[str, ...]
    threshold: str


class ItemLine(Struct, frozen=True, kw_only=True):
    """An item as it was answered. `answer` is the number, `words` what it says; both empty where there is none."""

    number: int
    label: str
    wording: str
    answer: str
    words: str
    notes: tuple[str, ...]
    risk: bool = False
    missing: bool = False
    asked_in: str = ""


class CompletionCard(Struct, frozen=True, kw_only=True):
    """One completion: its scores, its answers, and what is to be known of it."""

    at: datetime
    mark: StatusMark
    late: str
    entered: str
    odd: str
    scales: tuple[ScaleLine, ...]
    items: tuple[ItemLine, ...]
    answered: str
    missing: str
    risks: tuple[str, ...]


class AssessmentCard(Struct, frozen=True, kw_only=True):
    """One administration. `completions` is empty for a draft; `items` are then the answers so far."""

    id: UUID
    key: str
    title: str
    short: str
    at: datetime
    by: str
    draft: bool
    mine: bool
    completions: tuple[CompletionCard, ...]
    items: tuple[ItemLine, ...]
    answered: str
    risks: tuple[str, ...]
    amends: UUID | None
    amended_by: tuple[UUID, ...]
    known: bool
    problems: tuple[str, ...]

    @property
    def endorsed(self) -> bool:
        """Whether a risk item is endorsed."""
        return bool(self.risks) or any(one.risks for one in self.completions)


def title_of(instrument: Instrument | None, key: str) -> str:
    """The title of an instrument; its key where the record does not have it."""
    return (labels.title(instrument, current().tag) if instrument is not None else key) or say("Unknown instrument")


def short_title(title: str) -> str:
    """PHQ-9, of a title that ends with it in brackets; else the title."""
    start = title.rfind("(")
    return title[start + 1 : -1] if title.endswith(")") and 0 < start < len(title) - 3 else title


def assessment_card(one: Administration, names: Mapping[UUID, str], person: UUID) -> AssessmentCard:
    """An administration, prepared; `person` is who is looking."""
    title = title_of(one.instrument, one.assessment.instrument)
    draft = not one.assessment.completions
    items: tuple[ItemLine, ...] = ()
    risks: tuple[str, ...] = ()
    answered = ""
    if draft:
        given = {key: some[-1].value for key, some in one.assessment.draft.items()}
        items = tuple(_items(one, given, one.wording_of(None), draft=True))
        answered = _answered(one, given)
        risks = tuple(_risks(one.instrument, given))
    return AssessmentCard(
        id=one.id,
        key=one.assessment.instrument,
        title=title,
        short=short_title(title),
        at=one.at,
        by=_by(one, names),
        draft=draft,
        mine=one.author == person and one.assessment.administered_by is not None,
        completions=tuple(_completion(one, completion) for completion in one.assessment.completions),
        items=items,
        answered=answered,
        risks=risks,
        amends=one.amends,
        amended_by=one.amended_by,
        known=one.instrument is not None,
        problems=one.assessment.problems,
    )


def _by(one: Administration, names: Mapping[UUID, str]) -> str:
    taker = one.assessment.administered_by
    if taker is None:
        return say("Answered by the client")
    name = names.get(taker)
    if name is None:
        return say("Taken down by the care team")
    return say("Taken down by %(name)s", name=name)


def _completion(one: Administration, completion: Completion) -> CompletionCard:
    scores, arrived = one.scores.get(completion.id, ()), one.arrived.get(completion.id)
    given = completion.answers
    odd = next((phrases.day(score.completed_at.date()) for score in scores if score.odd), "")
    late = ""
    entered = ""
    if arrived is not None and arrived - completion.completed_at > LATE and not odd:
        when = phrases.arrival(arrived, completion.completed_at)
        if one.assessment.administered_by is None:
            late = say("Synced later: received %(when)s", when=when)
        else:
            entered = say("Entered %(when)s", when=when)
    return CompletionCard(
        at=completion.completed_at,
        mark=status_mark(completion.wording.status),
        late=late,
        entered=entered,
        odd=say("The device dated it %(day)s, which cannot be right.", day=odd) if odd else "",
        scales=tuple(scale_line(score, one.instrument) for score in scores),
        items=tuple(_items(one, given, one.wording_of(completion))),
        answered=_answered(one, given),
        missing=_missing(one.instrument, given),
        risks=tuple(_risks(one.instrument, given)),
    )


# --- scores -----------------------------------------------------------------------------------------------------------


def scale_line(one: Measured, instrument: Instrument | None) -> ScaleLine:
    """A score, with what it changed by."""
    locale, score = current().tag, one.score
    scale = None if instrument is None else instrument.scale(one.scale)
    cut_offs: tuple[str, ...] = ()
    published = ""
    if scale is not None:
        cut_offs = tuple(labels.cut_off_label(cut, locale) for cut in scale.cut_offs if cut.key in score.cut_offs)
        if score.published is not None:
            name = labels.published_label(scale, locale)
            published = say("%(name)s %(number)s", name=name, number=phrases.number(score.published))
    return ScaleLine(
        label=one.label if instrument is None else labels.scale_label(instrument, one.scale, locale),
        score="" if score.score is None else phrases.number(score.score),
        range=f"{score.low}–{score.high}",
        band="" if score.band is None else labels.band_label(score.band, locale),
        why=_why(score),
        published=published,
        cut_offs=cut_offs,
        changes=tuple(change_words(compared) for compared in one.compared),
        threshold=threshold_words(one.compared[0]) if one.compared else "",
    )


def _why(score: ScaleScore) -> str:
    """Why there is no score."""
    if score.why is None:
        return ""
    if score.why == INCOMPLETE:
        return say("No score: items are missing, and nothing is guessed.")
    words = why_words(score)
    return f"{words[0].upper()}{words[1:]}."


def change_words(one: Compared) -> str:
    """What became of a score since an earlier one."""
    change, day = one.change, phrases.day(one.day)
    if change.difference is None:
        return say("Not comparable with %(day)s.", day=day)
    points = phrases.number(change.difference) if change.difference <= 0 else f"+{phrases.number(change.difference)}"
    told = {
        "baseline": say("%(points)s since the baseline, %(day)s", points=points, day=day),
        "first of the episode": say("%(points)s since the first of this episode, %(day)s", points=points, day=day),
        "last": say("%(points)s since the last one, %(day)s", points=points, day=day),
    }[one.against]
    if change.threshold is None:
        return say("%(change)s; this may be measurement error.", change=told)
    return say("%(change)s: %(verdict)s", change=told, verdict=verdict_words(change.verdict))


def threshold_words(one: Compared) -> str:
    """What a verdict rests on: Reliable-change threshold: 6 points"""
    change = one.change
    if change.difference is None:
        return ""
    if change.threshold is None:
        return say("No reliable-change threshold is published.")
    points = phrases.number(round(change.threshold, 2))
    if change.parameters is not None and change.parameters.kind == "important":
        return say("Published important difference: %(points)s points", points=points)
    return say("Reliable-change threshold: %(points)s points", points=points)


def verdict_words(verdict: str) -> str:
    """What a change comes to."""
    return {
        "reliable improvement": say("reliable improvement"),
        "reliable deterioration": say("reliable deterioration"),
        "within measurement error": say("within measurement error"),
        "improvement by the published difference": say("improvement by the published difference"),
        "deterioration by the published difference": say("deterioration by the published difference"),
        "less than the published difference": say("less than the published difference"),
        "reliable change, direction not stated": say("reliable change, and nobody states which way is better"),
    }.get(verdict, verdict)


# --- answers ----------------------------------------------------------------------------------------------------------


def _items(
    one: Administration, given: Mapping[str, AnswerValue], wording: BoundWording | None, *, draft: bool = False
) -> list[ItemLine]:
    instrument = one.instrument
    if instrument is None:  # its definition is not here: what was answered is shown as it stands
        return [
            ItemLine(number=n, label=key, wording="", answer=value_words(value), words="", notes=())
            for n, (key, value) in enumerate(given.items(), 1)
        ]
    locale = current().tag
    risky = {rule.item for rule in positive_risk(instrument, given)}
    skipped = skipped_items(instrument, given)
    missing = missing_items(instrument, _countable(given))
    lines = []
    for number, item in enumerate(instrument.items, 1):
        value = given.get(item.key)
        prompt = None if wording is None else wording.prompt(item.key)
        said, answer = "" if prompt is None else _said(prompt.choices, value), value_words(value)
        notes = [] if value is None else _notes(item, value)
        if value is None and item.key in skipped:
            notes.append(say("The form leaves it out"))
        elif value is None and not applies(instrument, item, given):
            notes.append(say("Does not apply"))
        elif value is None and item.key not in missing:
            notes.append(say("May stay unanswered"))
        if draft and item.key in one.assessment.conflicts:
            notes.append(say("Answered differently on two devices"))
        notes += _earlier(one, item.key, value)
        lines.append(
            ItemLine(
                number=number,
                label=labels.label(instrument, item.key, locale),
                wording="" if prompt is None else prompt.text,
                asked_in="" if wording is None else wording.language or "",
                answer=answer,
                words="" if said == answer else said,
                notes=tuple(notes),
                risk=item.key in risky,
                missing=item.key in missing and not draft,
            )
        )
    others = [key for key in given if key not in instrument.item_keys()]
    note = (say("Not an item of this instrument"),)
    lines += [
        ItemLine(number=n, label=key, wording="", answer=value_words(given[key]), words="", notes=note)
        for n, key in enumerate(others, len(lines) + 1)
    ]
    return lines


def _countable(given: Mapping[str, AnswerValue]) -> dict[str, int | bool | None]:
    """The answers as scoring takes them, for what is missing: of a text or a fraction only that it is there."""
    return {key: value if isinstance(value, int) or value is None else 0 for key, value in given.items()}


def _notes(item: Item, value: AnswerValue) -> list[str]:
    if item.reverse and isinstance(value, int) and not isinstance(value, bool):
        return [say("Reversed: counts %(n)s", n=item.allowed[0] + item.allowed[-1] - value)]
    if item.reverse and isinstance(value, bool):
        return [say("Reversed: counts %(n)s", n=int(not value))]
    return [] if item.scored else [say("Counted in no sum")]


def _earlier(one: Administration, item: str, value: AnswerValue) -> list[str]:
    """What was answered first, and changed."""
    before = [answer.value for answer in one.assessment.overridden.get(item, ())]
    told = [value_words(some) for some in before if some is not None and some != value]
    return [say("Answered %(first)s first", first=told[0])] if told else []


def _said(choices: tuple[object, ...], value: AnswerValue) -> str:
    for choice in choices:
        if getattr(choice, "value", None) == value and type(getattr(choice, "value", None)) is type(value):
            return str(getattr(choice, "text", ""))
    return ""


def value_words(value: AnswerValue) -> str:
    """An answer as a number, a yes or a no; empty for none."""
    match value:
        case None:
            return ""
        case bool():
            return say("yes") if value else say("no")
        case int() | float():
            return phrases.number(value)
        case _:
            return str(value)


def _answered(one: Administration, given: Mapping[str, AnswerValue]) -> str:
    answered = sum(value is not None for value in given.values())
    if one.instrument is None:
        return count("%(n)s answer", "%(n)s answers", answered)
    return say("%(n)s of %(all)s items answered", n=answered, all=len(one.instrument.items))


def _missing(instrument: Instrument | None, given: Mapping[str, AnswerValue]) -> str:
    if instrument is None:
        return ""
    missing, locale = missing_items(instrument, _countable(given)), current().tag
    if not missing:
        return ""
    return say("Missing: %(items)s", items=", ".join(labels.label(instrument, key, locale) for key in missing))


def _risks(instrument: Instrument | None, given: Mapping[str, AnswerValue]) -> list[str]:
    """Risk item endorsed: Thoughts of death or self-harm, answered 1"""
    if instrument is None:
        return []
    locale = current().tag
    return [
        say(
            "Risk item endorsed: %(label)s, answered %(answer)s",
            label=labels.risk_label(instrument, rule, locale),
            answer=value_words(given[rule.item]),
        )
        for rule in positive_risk(instrument, given)
    ]
