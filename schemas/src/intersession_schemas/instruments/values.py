"""What an instrument is made of: items, scales, bands, rules, and where each fact comes from.

An instrument is data. Nothing here knows how to score; `scoring` and `change` do. Labels are our own short words. The
official wording of an instrument belongs to its owner: a practice imports it (`wording`), and it is no part of this.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Sure = Literal["V", "V-2", "own"]
"""`V`: read at the named source. `V-2`: read second-hand. `own`: made by us, so there is nothing to confirm."""

Direction = Literal["higher is worse", "higher is better", "not stated"]
"""`not stated`: of questionnaires that a practice brought along, whose files do not say it."""

AnswerType = Literal["number", "yes-no"]

LicenceStatus = Literal["free", "public domain", "non-commercial", "permission needed", "conditions", "own"]
"""`free`: no permission needed. `conditions`: free under conditions named in the terms. `own`: ours, like the code."""

WordingStatus = Literal["own", "verified", "imported"]
"""`verified`: the imported text fits the stored hash. `imported`: the practice's own responsibility."""

ChangeKind = Literal["reliable", "important"]
"""`reliable`: beyond what measurement error explains. `important`: published, but says nothing of error."""


class Source(Struct, frozen=True, kw_only=True):
    """Where a fact was read, and how sure it is."""

    text: str
    sure: Sure


class Licence(Struct, frozen=True, kw_only=True):
    """What the owner of an instrument asks of whoever shows its wording."""

    status: LicenceStatus
    holder: str
    terms: str
    source: Source


class Code(Struct, frozen=True, kw_only=True):
    """A code of a terminology: `loinc` or `snomed`."""

    system: Literal["loinc", "snomed"]
    code: str


class Codes(Struct, frozen=True, kw_only=True):
    """The codes of a whole instrument. `panel` and `total` are LOINC; None where none could be confirmed.

    `answers` are LOINC answer codes with the score that the answer list gives them.
    """

    panel: str | None = None
    total: str | None = None
    snomed: tuple[str, ...] = ()
    answers: tuple[tuple[str, int], ...] = ()
    source: Source | None = None


class Item(Struct, frozen=True, kw_only=True):
    """One question. `label` is our own short name for what it is about, never its wording.

    `allowed` are the values an answer may have, lowest first (0 and 1 stand for no and yes of a `yes-no` item, whose
    answers are False and True). A `reverse` item counts as lowest + highest - answer. `highest_first`: the printed form
    lists the answer with the highest value first. `optional` items may stay unanswered. An item that is not `scored` is
    part of no sum: its value only says which of its answers it is, counted from 0.
    `not_applicable_when` names a yes-no item: when that is answered yes, this one is left out of the sum.
    `asked_when` names a yes-no item: this one is asked only when that is answered yes.
    """

    key: str
    label: str
    allowed: tuple[int, ...]
    type: AnswerType = "number"
    reverse: bool = False
    highest_first: bool = False
    optional: bool = False
    scored: bool = True
    not_applicable_when: str | None = None
    asked_when: str | None = None
    loinc: str | None = None


class Skip(Struct, frozen=True, kw_only=True):
    """A published rule by which a form leaves items out: when all of `when` are answered, and what they count adds up
    to no more than `at_most` (and no less than `at_least`), then the items `skipped` need no answer.

    A yes counts 1 here. A skipped item without an answer counts its lowest value and is not missing; one that is
    answered all the same counts as answered.
    """

    when: tuple[str, ...]
    skipped: tuple[str, ...]
    at_most: int | None = None
    at_least: int | None = None
    source: Source


class Band(Struct, frozen=True, kw_only=True):
    """A published range of scores with its label; both ends belong to it."""

    label: str
    low: int
    high: int


class CutOff(Struct, frozen=True, kw_only=True):
    """A published threshold. Reached at `score` and beyond it, in the direction that is worse."""

    key: str
    label: str
    score: int
    source: Source


class ReliableChange(Struct, frozen=True, kw_only=True):
    """How large a difference of two scores must be, and what that rests on.

    Either a published `threshold`, or `sd` (of the population, at baseline) and `reliability` to reckon it from.
    """

    kind: ChangeKind = "reliable"
    threshold: float | None = None
    sd: float | None = None
    reliability: float | None = None
    which: str = "not stated"
    population: str = "not stated"
    citation: str
    sure: Sure


class Published(Struct, frozen=True, kw_only=True):
    """How the source prints a sum, where that is no whole number: divided by `divisor`, or read off `table`, which has
    a number for every sum from the lowest on. `label` says what it is.

    Bands, cut-offs and changes are of the sum all the same, which is what is kept and compared.
    """

    label: str
    divisor: int = 1
    table: tuple[float, ...] = ()
    source: Source


class Scale(Struct, frozen=True, kw_only=True):
    """A score: the sum of its items times `multiplier`, between `low` and `high`.

    `published` says how the source prints it, where that differs; `direction` which way is better, where that is not
    the instrument's. `changes` are the thresholds of change; the first one is used unless another is asked for.
    """

    key: str
    label: str
    items: tuple[str, ...]
    low: int
    high: int
    multiplier: int = 1
    published: Published | None = None
    direction: Direction | None = None
    bands: tuple[Band, ...] = ()
    bands_source: Source | None = None
    cut_offs: tuple[CutOff, ...] = ()
    changes: tuple[ReliableChange, ...] = ()


class Group(Struct, frozen=True, kw_only=True):
    """A part of a counting rule: at least `count` of the items reach the value written beside each."""

    key: str
    items: tuple[tuple[str, int], ...]
    count: int


class CountingRule(Struct, frozen=True, kw_only=True):
    """A published rule that counts answers; met when every group is. It is never a diagnosis."""

    key: str
    label: str
    groups: tuple[Group, ...]
    source: Source


class RiskRule(Struct, frozen=True, kw_only=True):
    """An answer that somebody has to look at: `item` answered with `at_least` or more (1 is a yes).

    `level` is given where the source grades its questions.
    """

    key: str
    label: str
    item: str
    at_least: int
    level: Literal["low", "moderate", "high"] | None = None
    source: Source


class Choice(Struct, frozen=True, kw_only=True):
    """One answer as it is shown. `value` is what is stored: None for an answer that counts as not answered."""

    text: str
    value: int | bool | None


class Prompt(Struct, frozen=True, kw_only=True):
    """One item as it is asked: its text and its answers in the order they are shown.

    A yes-no item may come without answers; the app then says yes and no in its own language.
    """

    item: str
    text: str
    choices: tuple[Choice, ...] = ()


class BoundWording(Struct, frozen=True, kw_only=True):
    """The words of an instrument, ready to be asked, and where they are from."""

    instrument: str
    scheme: str
    status: WordingStatus
    hash: str
    prompts: tuple[Prompt, ...]
    instructions: tuple[str, ...] = ()
    language: str | None = None
    copyright: str | None = None
    source: str | None = None
    notes: tuple[str, ...] = ()

    def prompt(self, item: str) -> Prompt | None:
        """How an item is asked; None when the wording does not have it (an optional item)."""
        return next((prompt for prompt in self.prompts if prompt.item == item), None)


class Instrument(Struct, frozen=True, kw_only=True):
    """A questionnaire with its scoring.

    `key` names it for good, `scheme` which way of scoring it this is (stored with every score). `wording_hashes` are
    those of official texts that were checked; `wording` is set where the words are our own. `missing` says in words
    what happens to unanswered items, `skips` are the rules by which the form itself leaves some out. `left_out` is what
    is commonly said of the instrument and could not be confirmed.
    """

    key: str
    scheme: str
    title: str
    window: str
    direction: Direction
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    missing: str
    licence: Licence
    sources: tuple[Source, ...]
    names: tuple[str, ...] = ()
    codes: Codes = Codes()
    rules: tuple[CountingRule, ...] = ()
    risks: tuple[RiskRule, ...] = ()
    skips: tuple[Skip, ...] = ()
    left_out: tuple[str, ...] = ()
    wording_hashes: tuple[str, ...] = ()
    wording: BoundWording | None = None

    @property
    def offered_without_wording(self) -> bool:
        """Whether clients may be asked as it is, because its words are our own. Others take scores from paper."""
        return self.wording is not None

    def item(self, key: str) -> Item:
        """The item of that key. Raises `KeyError` when there is none."""
        return {item.key: item for item in self.items}[key]

    def scale(self, key: str) -> Scale:
        """The scale of that key. Raises `KeyError` when there is none."""
        return {scale.key: scale for scale in self.scales}[key]

    def direction_of(self, scale: str) -> Direction:
        """Which way is better on a scale: its own direction, or that of the instrument. Raises as `scale` does."""
        return self.scale(scale).direction or self.direction

    def item_keys(self) -> tuple[str, ...]:
        """The keys of all items, in the order they are asked."""
        return tuple(item.key for item in self.items)

    def scale_keys(self) -> tuple[str, ...]:
        """The keys of all scales."""
        return tuple(scale.key for scale in self.scales)

    def required(self) -> tuple[Item, ...]:
        """The items that a complete form answers: all but the optional ones."""
        return tuple(item for item in self.items if not item.optional)
