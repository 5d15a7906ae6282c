"""What the pages show of instruments: what is known of each, whose words it is asked in, and how it scores. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from intersession_schemas.documents.assessments.wordings import Wording, definition_of
from intersession_schemas.instruments import INSTRUMENTS, Instrument, Item, Scale, labels
from intersession_schemas.instruments.values import Direction, LicenceStatus, ReliableChange
from intersession_server.language.language import count, current, say
from intersession_server.operator.commands import InstrumentListed
from intersession_server.web.page import phrases

FREELY: frozenset[LicenceStatus] = frozenset({"free", "public domain", "own"})
"""What a practice may use without asking anybody."""


class StatusMark(Struct, frozen=True):
    """Whose words an instrument is asked in: the kind of its badge, and its words."""

    kind: str
    words: str


class InstrumentRow(Struct, frozen=True):
    """An instrument in the list."""

    key: str
    title: str
    scales: str
    items: str
    wording: StatusMark
    language: str
    licence: str
    freely: bool
    offered: bool


class ItemRow(Struct, frozen=True):
    """An item: its number, our label, the values it takes, and what else is to be known of it."""

    number: int
    label: str
    values: str
    notes: tuple[str, ...]
    risk: str
    wording: str = ""
    answers: tuple[str, ...] = ()


class ScaleFacts(Struct, frozen=True):
    """A scale: how it is made, its bands, and what a change of it takes."""

    label: str
    made: str
    bands: tuple[tuple[str, str], ...]
    bands_source: str
    cut_offs: tuple[str, ...]
    change: str
    change_source: str


class LicenceFacts(Struct, frozen=True):
    """What the owner asks, who they are, and where to look for the official text."""

    status: str
    freely: bool
    holder: str
    terms: str
    source: str
    document: str


class WordingFacts(Struct, frozen=True):
    """The wording that is offered now."""

    mark: StatusMark
    language: str
    tag: str
    instructions: tuple[str, ...]
    copyright: str
    source: str
    notes: tuple[str, ...]


class InstrumentFacts(Struct, frozen=True, kw_only=True):
    """Everything about one instrument."""

    key: str
    title: str
    window: str
    direction: str
    known: bool
    items: tuple[ItemRow, ...]
    scales: tuple[ScaleFacts, ...]
    missing: str
    rules: tuple[str, ...]
    sources: tuple[str, ...]
    left_out: tuple[str, ...]
    licence: LicenceFacts
    wording: WordingFacts | None
    status: StatusMark


def language_words(tag: str) -> str:
    """The name of a language; empty for none, the tag for one that has no name."""
    if not tag:
        return ""
    base = tag.replace("_", "-").partition("-")[0].casefold()
    return str(current().locale.languages.get(base, tag))


def status_mark(status: str, language: str = "") -> StatusMark:
    """Whose words an instrument is asked in."""
    name = language_words(language)
    match status:
        case "own":
            return StatusMark("good", say("Our own wording"))
        case "verified":
            return StatusMark("good", say("Wording verified"))
        case "imported":
            return StatusMark("note", say("Wording imported"))
        case "paper":
            return StatusMark("quiet", say("Paper or interview"))
        case _:
            return StatusMark("quiet", say("No wording yet") if not name else say("No wording in %(name)s", name=name))


def licence_words(status: LicenceStatus) -> str:
    """What a licence comes to, in a few words."""
    return {
        "free": say("Free to use"),
        "public domain": say("Public domain"),
        "non-commercial": say("Free for non-commercial use"),
        "permission needed": say("Ask the owner first"),
        "conditions": say("Free under conditions"),
        "own": say("Ours, free to use"),
    }[status]


def direction_words(direction: Direction) -> str:
    """Which way is better."""
    return {
        "higher is worse": say("A higher score is worse."),
        "higher is better": say("A higher score is better."),
        "not stated": say("Nobody states which way is better."),
    }[direction]


def instrument_rows(listed: Sequence[InstrumentListed], brought: Mapping[str, Wording]) -> list[InstrumentRow]:
    """The instruments that a practice can use, in the order in which they are listed."""
    rows = []
    for one in listed:
        instrument = instrument_of(one.key, brought)
        if instrument is not None:
            rows.append(_row(one, instrument))
    return rows


def instrument_of(key: str, brought: Mapping[str, Wording]) -> Instrument | None:
    """The instrument of a key: one that ships, or one that the practice brought; None where there is none."""
    if key in INSTRUMENTS:
        return INSTRUMENTS[key]
    return definition_of(brought[key]) if key in brought else None


def _row(one: InstrumentListed, instrument: Instrument) -> InstrumentRow:
    locale = current().tag
    return InstrumentRow(
        key=one.key,
        title=labels.title(instrument, locale),
        scales=", ".join(
            f"{labels.scale_label(instrument, scale.key, locale)} {scale.low}–{scale.high}"
            for scale in instrument.scales
        ),
        items=count("%(n)s item", "%(n)s items", len(instrument.items)),
        wording=status_mark(one.status),
        language=language_words(one.language),
        licence=licence_words(instrument.licence.status),
        freely=instrument.licence.status in FREELY,
        offered=one.offered,
    )


def instrument_facts(instrument: Instrument, brought: Wording | None) -> InstrumentFacts:
    """Everything that is shown of one instrument, with the wording that the practice offers."""
    locale = current().tag
    known = instrument.key in INSTRUMENTS
    return InstrumentFacts(
        key=instrument.key,
        title=labels.title(instrument, locale),
        window=say(instrument.window),
        direction=direction_words(instrument.direction),
        known=known,
        items=tuple(item_rows(instrument, brought)),
        scales=tuple(scale_facts(instrument, scale) for scale in instrument.scales),
        missing=say(instrument.missing),
        rules=tuple(labels.rule_label(rule, locale) for rule in instrument.rules),
        sources=tuple(dict.fromkeys(source.text for source in instrument.sources)),
        left_out=instrument.left_out,
        licence=_licence(instrument, known=known),
        wording=_wording(instrument, brought),
        status=status_mark(brought.status if brought is not None else "own" if instrument.wording else "none"),
    )


def _licence(instrument: Instrument, *, known: bool) -> LicenceFacts:
    one = instrument.licence
    return LicenceFacts(
        status=licence_words(one.status) if known else say("Brought by your practice"),
        freely=one.status in FREELY,
        holder=one.holder,
        terms=say(one.terms),
        source=one.source.text,
        document=instrument.title,
    )


def _wording(instrument: Instrument, brought: Wording | None) -> WordingFacts | None:
    if brought is not None:
        return WordingFacts(
            mark=status_mark(brought.status),
            language=language_words(brought.language),
            tag=brought.language,
            instructions=brought.instructions,
            copyright=brought.copyright,
            source=brought.source,
            notes=brought.notes,
        )
    own = instrument.wording
    if own is None:
        return None
    return WordingFacts(
        status_mark("own"), language_words(own.language or ""), own.language or "", own.instructions, "", "", ()
    )


def item_rows(instrument: Instrument, brought: Wording | None) -> list[ItemRow]:
    """The items, with the words that they are asked in where those are here."""
    locale, risks = current().tag, {rule.item: rule for rule in instrument.risks}
    texts: dict[str, tuple[str, tuple[str, ...]]] = {}
    if brought is not None:
        texts = {
            key: (one.text, tuple(answer_words(c.text, c.value) for c in one.labels))
            for key, one in brought.prompts.items()
        }
    elif instrument.wording is not None:
        texts = {
            one.item: (one.text, tuple(answer_words(c.text, c.value) for c in one.choices))
            for one in instrument.wording.prompts
        }
    rows = []
    for number, item in enumerate(instrument.items, 1):
        risk, (wording, answers) = risks.get(item.key), texts.get(item.key, ("", ()))
        rows.append(
            ItemRow(
                number=number,
                label=labels.label(instrument, item.key, locale),
                values=values_words(item),
                notes=tuple(item_notes(item)),
                risk="" if risk is None else risk_words(item, risk.at_least),
                wording=wording,
                answers=answers,
            )
        )
    return rows


def answer_words(text: str, value: int | bool | None) -> str:
    """An answer with its value: 2 Often. The value stands once where the text begins with it: 0, not at all."""
    if value is None or re.match(rf"{int(value)}(?!\d)", text):
        return text
    return f"{int(value)} {text}"


def values_words(item: Item) -> str:
    """0–3; no, yes; 0, 2, 4"""
    if item.type == "yes-no":
        return say("no, yes")
    low, high = item.allowed[0], item.allowed[-1]
    if len(item.allowed) == high - low + 1:
        return f"{low}–{high}"
    return ", ".join(map(str, item.allowed))


def risk_words(item: Item, at_least: int) -> str:
    """From which answer on a risk rule watches an item."""
    if item.type == "yes-no":
        return say("Risk item: every yes is a signal")
    return say("Risk item: a signal from %(least)s up", least=at_least)


def item_notes(item: Item) -> list[str]:
    """What else is to be known of an item."""
    notes = []
    if item.reverse:
        notes.append(say("Reversed in the sum"))
    if not item.scored:
        notes.append(say("Counted in no sum"))
    if item.optional:
        notes.append(say("May stay unanswered"))
    return notes


def scale_facts(instrument: Instrument, scale: Scale) -> ScaleFacts:
    """How a scale is made and read."""
    locale = current().tag
    first = scale.changes[0] if scale.changes else None
    return ScaleFacts(
        label=labels.scale_label(instrument, scale.key, locale),
        made=made_words(scale),
        bands=tuple((labels.band_label(band, locale), band_range(band.low, band.high)) for band in scale.bands),
        bands_source="" if scale.bands_source is None else scale.bands_source.text,
        cut_offs=tuple(_cut_offs(instrument, scale, locale)),
        change=change_facts(first),
        change_source="" if first is None else phrases.joined(first.citation, first.population, by="; "),
    )


def _cut_offs(instrument: Instrument, scale: Scale, locale: str) -> Sequence[str]:
    better = instrument.direction_of(scale.key) == "higher is better"
    told = []
    for one in scale.cut_offs:
        label = labels.cut_off_label(one, locale)
        if better:
            told.append(say("%(score)s or less: %(label)s", score=one.score, label=label))
        else:
            told.append(say("%(score)s or more: %(label)s", score=one.score, label=label))
    return told


def made_words(scale: Scale) -> str:
    """Sum of 9 items, 0–27"""
    items = count("%(n)s item", "%(n)s items", len(scale.items))
    between = band_range(scale.low, scale.high)
    if scale.multiplier != 1:
        return say("Sum of %(items)s times %(times)s, %(range)s", items=items, times=scale.multiplier, range=between)
    return say("Sum of %(items)s, %(range)s", items=items, range=between)


def band_range(low: int, high: int) -> str:
    """5–9; 3"""
    return str(low) if low == high else f"{low}–{high}"


def change_facts(change: ReliableChange | None) -> str:
    """What a change takes to count, in words."""
    if change is None or change.threshold is None:
        return say("No reliable-change threshold is published.")
    points = phrases.number(change.threshold)
    if change.kind == "important":
        return say("Published important difference: %(points)s points", points=points)
    return say("Reliable-change threshold: %(points)s points", points=points)


class ListedInstruments(Struct, frozen=True):
    """The instruments in the order of what can be done with them."""

    ready: list[InstrumentRow]
    paper: list[InstrumentRow]


def in_groups(rows: Sequence[InstrumentRow]) -> ListedInstruments:
    """Those that clients can be asked, and those that take scores from paper only."""
    return ListedInstruments([one for one in rows if one.offered], [one for one in rows if not one.offered])
