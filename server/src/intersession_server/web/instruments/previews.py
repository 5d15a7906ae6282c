"""What the page shows of a wording before it is imported: line by line, how sure each is, and what to confirm. Pure."""

from __future__ import annotations

from msgspec import Struct

from intersession_schemas.instruments import INSTRUMENTS, NEW, Preview, PreviewedItem, labels
from intersession_schemas.instruments.wording.by_hand.preview import Sure
from intersession_server.language.language import current, say
from intersession_server.web.instruments.views import StatusMark, answer_words, language_words
from intersession_server.web.record.instruments.brought import ReadWording

MOST_LEFT_OUT = 100


class PreviewRow(Struct, frozen=True, kw_only=True):
    """A question in the place of an item. `levels` are the values from which a rule could watch it."""

    key: str
    number: int
    label: str
    text: str
    where: str
    answers: tuple[str, ...]
    item: StatusMark
    direction: StatusMark
    said: tuple[str, ...]
    runs: str
    risk: str = ""
    levels: tuple[tuple[str, str], ...] = ()
    level: str = ""
    confirm_risk: bool = False


class PreviewFacts(Struct, frozen=True, kw_only=True):
    """A wording as it would be imported."""

    taken_as: str
    title: str
    known: bool
    verified: bool
    language: str
    languages: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...]
    rows: tuple[PreviewRow, ...]
    instructions: tuple[str, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    left_out: tuple[tuple[int, str], ...]
    left_out_more: int
    by_order: bool
    suspects: tuple[tuple[str, str], ...]
    risks: int
    unsure: int


def preview_facts(read: ReadWording) -> PreviewFacts:
    """A wording that was read, prepared."""
    found, locale = read.preview, current().tag
    language = read.questionnaire.language or ""
    rows = tuple(_row(number, found, item, locale) for number, item in enumerate(found.items, 1))
    named = tuple((key, labels.title(INSTRUMENTS[key], locale)) for key in found.suspects if key in INSTRUMENTS)
    own = ((NEW, say("An instrument of our own")),) if found.known and read.sent_as == "questionnaire" else ()
    return PreviewFacts(
        taken_as=read.taken_as,
        title=labels.title(found.instrument, locale),
        known=found.known,
        verified=found.verified,
        language=language_words(language),
        languages=tuple((one, language_words(one)) for one in read.languages) if len(read.languages) > 1 else (),
        others=(*named, *own),
        rows=rows,
        instructions=read.questionnaire.instructions,
        problems=tuple(map(str, found.problems)),
        notes=found.notes,
        left_out=read.left_out[:MOST_LEFT_OUT],
        left_out_more=max(len(read.left_out) - MOST_LEFT_OUT, 0),
        by_order=read.by_order,
        suspects=named,
        risks=sum(item.risk is not None for item in found.items),
        unsure=sum(item.sure != "confirmed" or item.direction != "confirmed" for item in found.items),
    )


def _row(number: int, found: Preview, item: PreviewedItem, locale: str) -> PreviewRow:
    label = labels.label(found.instrument, item.key, locale) if found.known else say("Question %(n)s", n=number)
    valued = sorted({answer.value for answer in item.answers if answer.value is not None})
    levels = tuple((str(value), say("from %(value)s up", value=value)) for value in valued[1:])
    return PreviewRow(
        key=item.key,
        number=number,
        label=label,
        text=item.text,
        where=where_words(item.where),
        answers=tuple(answer_words(answer.text, answer.value) for answer in item.answers),
        item=_sure(item.sure) if found.known else StatusMark("quiet", say("Yours to say")),
        direction=_sure(item.direction),
        said=item.said,
        runs=_runs(item),
        risk="" if item.risk is None else say("A signal from %(least)s up", least=item.risk),
        levels=levels if item.can_be_watched else (),
        level=str(valued[1]) if item.can_be_watched and item.asks_about_risk and len(valued) > 1 else "",
        confirm_risk=item.risk is not None or item.asks_about_risk,
    )


def where_words(where: str) -> str:
    """Where a question stands: of a list its line, of a file its place."""
    kind, _, number = where.partition(" ")
    return say("Line %(n)s", n=number) if kind == "line" and number.isdigit() else where


def _sure(sure: Sure) -> StatusMark:
    match sure:
        case "confirmed":
            return StatusMark("good", say("Matches"))
        case "not confirmed":
            return StatusMark("attention", say("Not confirmed"))
        case _:
            return StatusMark("risk", say("Does not fit"))


def _runs(item: PreviewedItem) -> str:
    """0 is “Never”, 3 is “Always”"""
    valued = sorted(
        ((answer.value, answer.text) for answer in item.answers if answer.value is not None), key=lambda one: one[0]
    )
    if not valued:
        return say("Yes and no")
    (low, least), (high, most) = valued[0], valued[-1]
    return say("%(low)s is “%(least)s”, %(high)s is “%(most)s”", low=low, least=least, high=high, most=most)
