"""From answers to scores. Nothing is guessed: what is missing is named, and a score without it is no score.

Answers are numbers for `number` items and True or False for `yes-no` items, by item key; None, or no entry, is an item
without an answer. They are the values printed on the form: reverse items are turned round here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments.values import CountingRule, Instrument, Item, RiskRule, Scale, Skip

Answer = int | bool | None
Answers = Mapping[str, Answer]
Level = Literal["low", "moderate", "high"]

LEVELS: dict[Level, int] = {"low": 1, "moderate": 2, "high": 3}

INCOMPLETE = "incomplete, not scored"
NOT_APPLICABLE = "answered and marked as not applicable: "
"""Why there is no score; after the latter the items."""


class ScaleScore(Struct, frozen=True, kw_only=True):
    """One score. `raw` is the sum before it is multiplied; both are None when the score is invalid, and `why` says why.

    `low` and `high` are the range for these answers. `cut_offs` are the keys of those that are reached. `published` is
    the score as its source prints it, where that is not the sum: a mean, or a number read off a table.
    """

    key: str
    raw: int | None
    score: int | None
    low: int
    high: int
    band: str | None = None
    cut_offs: tuple[str, ...] = ()
    published: float | None = None
    missing: tuple[str, ...] = ()
    not_applicable: tuple[str, ...] = ()
    why: str | None = None

    @property
    def valid(self) -> bool:
        """Whether there is a score."""
        return self.score is not None


class Counted(Struct, frozen=True, kw_only=True):
    """What a counting rule came to: `met` is None when an answer that it counts is missing."""

    key: str
    label: str
    met: bool | None
    missing: tuple[str, ...] = ()


class Scored(Struct, frozen=True, kw_only=True):
    """Everything that one set of answers says.

    `missing` are the unanswered items that a complete form has. `risks` are the keys of the risk rules that are
    positive, `level` the highest level among them; while `missing` is not empty, more may come.
    """

    instrument: str
    scheme: str
    scales: tuple[ScaleScore, ...]
    rules: tuple[Counted, ...]
    risks: tuple[str, ...]
    level: Level | None
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every item that belongs to a complete form is answered."""
        return not self.missing

    def scale(self, key: str) -> ScaleScore:
        """The score of that scale. Raises `KeyError` when there is none."""
        return {scale.key: scale for scale in self.scales}[key]

    def rule(self, key: str) -> Counted:
        """The outcome of that counting rule. Raises `KeyError` when there is none."""
        return {rule.key: rule for rule in self.rules}[key]


def check_answers(instrument: Instrument, answers: Answers) -> None:
    """Raise `InvalidField`, naming the item but never the answer, unless every answer is one the item may have."""
    items = {item.key: item for item in instrument.items}
    if any(key not in items for key in answers):
        raise InvalidField(f"An answer names an item that {instrument.key} does not have: it has {', '.join(items)}.")
    for key, answer in answers.items():
        if not _may_be(items[key], answer):
            raise InvalidField(f"The answer to {key} of {instrument.key} must be {_takes(items[key])}, or left out.")


def _may_be(item: Item, answer: object) -> bool:
    if answer is None:
        return True
    if item.type == "yes-no":
        return isinstance(answer, bool)
    return isinstance(answer, int) and not isinstance(answer, bool) and answer in item.allowed


def _takes(item: Item) -> str:
    if item.type == "yes-no":
        return "yes or no (True or False)"
    low, high = item.allowed[0], item.allowed[-1]
    if len(item.allowed) == high - low + 1:
        return f"a whole number from {low} to {high}"
    return "one of " + ", ".join(map(str, item.allowed))


def score(instrument: Instrument, answers: Answers) -> Scored:
    """Score the answers of one form. Raises `InvalidField` for an unknown item or a value it may not have."""
    check_answers(instrument, answers)
    risks = positive_risk(instrument, answers)
    return Scored(
        instrument=instrument.key,
        scheme=instrument.scheme,
        scales=tuple(_score(instrument, scale, answers) for scale in instrument.scales),
        rules=tuple(_count(instrument, rule, answers) for rule in instrument.rules),
        risks=tuple(rule.key for rule in risks),
        level=highest_level(risks),
        missing=missing_items(instrument, answers),
    )


def missing_items(instrument: Instrument, answers: Answers) -> tuple[str, ...]:
    """The items that a complete form answers and this one does not, in the instrument's order.

    An item that is asked only after a yes is missing only then; one that does not apply, or that the form itself
    skips, is not missing.
    """
    return tuple(
        item.key
        for item in instrument.required()
        if answers.get(item.key) is None and applies(instrument, item, answers)
    )


def applies(instrument: Instrument, item: Item, answers: Mapping[str, object]) -> bool:
    """Whether the form asks an item, after these answers to others. Raises nothing, whatever the answers are."""
    if item.asked_when is not None and answers.get(item.asked_when) is not True:
        return False
    return not _marked_not_applicable(item, answers) and item.key not in skipped_items(instrument, answers)


def skipped_items(instrument: Instrument, answers: Mapping[str, object]) -> tuple[str, ...]:
    """The items that these answers let the form skip, in the instrument's order, answered or not."""
    found = {key for skip in instrument.skips if _skips(instrument, skip, answers) for key in skip.skipped}
    return tuple(item.key for item in instrument.items if item.key in found)


def _skips(instrument: Instrument, skip: Skip, answers: Mapping[str, object]) -> bool:
    """Only answers that the items may have count: one beyond them skips nothing."""
    values = []
    for item in map(instrument.item, skip.when):
        answer = answers.get(item.key)
        if not isinstance(answer, int) or not _may_be(item, answer):
            return False
        values.append(_value(item, answer))
    total = sum(values)
    return (skip.at_most is None or total <= skip.at_most) and (skip.at_least is None or total >= skip.at_least)


def _marked_not_applicable(item: Item, answers: Mapping[str, object]) -> bool:
    return item.not_applicable_when is not None and answers.get(item.not_applicable_when) is True


def _score(instrument: Instrument, scale: Scale, answers: Answers) -> ScaleScore:
    items = [instrument.item(key) for key in scale.items]
    left_out = [item for item in items if _marked_not_applicable(item, answers)]
    counted = [item for item in items if item not in left_out]
    low = sum(item.allowed[0] for item in counted) * scale.multiplier
    high = sum(item.allowed[-1] for item in counted) * scale.multiplier
    skipped = skipped_items(instrument, answers)
    values = [(item, _given(item, answers, item.key in skipped)) for item in counted]
    missing = tuple(item.key for item, answer in values if answer is None)
    why = None
    if any(answers.get(item.key) is not None for item in left_out):
        why = NOT_APPLICABLE + ", ".join(item.key for item in left_out)
    elif missing:
        why = INCOMPLETE
    raw = None if why else sum(_value(item, answer) for item, answer in values if answer is not None)
    total = None if raw is None else raw * scale.multiplier
    full = not left_out
    return ScaleScore(
        key=scale.key,
        raw=raw,
        score=total,
        low=low,
        high=high,
        # Bands, cut-offs and conversions are published for the whole form only.
        band=band_of(scale, total) if total is not None and full else None,
        cut_offs=_reached(instrument, scale, total) if total is not None and full else (),
        published=published(scale, total) if total is not None and full else None,
        missing=missing,
        not_applicable=tuple(item.key for item in left_out),
        why=why,
    )


def _given(item: Item, answers: Answers, skipped: bool) -> Answer:
    """The answer; of an item that the form skips, in its place the one that counts least."""
    answer = answers.get(item.key)
    if answer is not None or not skipped:
        return answer
    return item.allowed[-1] if item.reverse else item.allowed[0]


def _value(item: Item, answer: int) -> int:
    """What an answer counts in a sum."""
    return item.allowed[0] + item.allowed[-1] - answer if item.reverse else int(answer)


def band_of(scale: Scale, score: int) -> str | None:
    """The label of the published band that a score is in; None when no band is published for it."""
    return next((band.label for band in scale.bands if band.low <= score <= band.high), None)


def published(scale: Scale, score: int) -> float | None:
    """A score as its source prints it; None where that is the score itself. The score must be one of the scale's."""
    if scale.published is None:
        return None
    if scale.published.table:
        return scale.published.table[(score - scale.low) // scale.multiplier]
    return score / scale.published.divisor


def _reached(instrument: Instrument, scale: Scale, score: int) -> tuple[str, ...]:
    better_is_more = instrument.direction_of(scale.key) == "higher is better"
    return tuple(cut.key for cut in scale.cut_offs if (score <= cut.score if better_is_more else score >= cut.score))


def _count(instrument: Instrument, rule: CountingRule, answers: Answers) -> Counted:
    """A rule is decided only when all that it counts is answered or skipped by the form, as the sum is."""
    skipped = skipped_items(instrument, answers)
    counted = dict.fromkeys(key for group in rule.groups for key, _ in group.items)
    given = {key: _given(instrument.item(key), answers, key in skipped) for key in counted}
    missing = tuple(key for key, answer in given.items() if answer is None)
    met = None
    if not missing:
        met = all(sum((given[key] or 0) >= least for key, least in group.items) >= group.count for group in rule.groups)
    return Counted(key=rule.key, label=rule.label, met=met, missing=missing)


def positive_risk(instrument: Instrument, answers: Mapping[str, object]) -> tuple[RiskRule, ...]:
    """The risk rules that these answers meet, whatever else is missing or wrong with them. Raises nothing.

    A value beyond what the item allows counts as positive too: better one look too many.
    """
    found = []
    for rule in instrument.risks:
        answer = answers.get(rule.item)
        if isinstance(answer, int | float) and answer >= rule.at_least:
            found.append(rule)
    return tuple(found)


def highest_level(rules: Iterable[RiskRule]) -> Level | None:
    """The highest level among risk rules that have one; None when none has."""
    return max((rule.level for rule in rules if rule.level is not None), key=LEVELS.__getitem__, default=None)
