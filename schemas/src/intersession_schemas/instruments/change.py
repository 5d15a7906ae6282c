"""Whether two scores differ by more than measurement error explains.

The threshold is a published one, or is reckoned as Jacobson & Truax (1991, J Consult Clin Psychol 59(1), 12-19) do:
1.96 × SD × √2 × √(1 − r), with the standard deviation at baseline and the reliability r. What it rests on is kept
with it.
"""

from __future__ import annotations

from math import isfinite, sqrt
from typing import Literal

from msgspec import Struct

from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments.values import Direction, Instrument, ReliableChange

Verdict = Literal[
    "reliable improvement",
    "reliable deterioration",
    "within measurement error",
    "improvement by the published difference",
    "deterioration by the published difference",
    "less than the published difference",
    "reliable change, direction not stated",
    "no parameters published",
    "not comparable",
]

Towards = Literal["better", "worse", "same"]

JACOBSON_TRUAX = "Jacobson & Truax 1991, J Consult Clin Psychol 59(1), 12-19"


class ScoreChange(Struct, frozen=True, kw_only=True):
    """What became of a score: `difference` is after minus before, `towards` says what that means for the person.

    `towards` is None where nobody says which way is better. `parameters` is what `threshold` rests on; both are None
    when nothing is published.
    """

    instrument: str
    scale: str
    before: int | None
    after: int | None
    difference: int | None
    towards: Towards | None
    threshold: float | None
    parameters: ReliableChange | None
    verdict: Verdict

    @property
    def reliable(self) -> bool:
        """Whether the difference is beyond measurement error, either way."""
        return self.verdict.startswith("reliable")


def jacobson_truax(sd: float, reliability: float) -> float:
    """The smallest difference that is reliable at 95 %: 1.96 × SD × √2 × √(1 − r).

    Raises `InvalidField` unless SD is above 0 and the reliability between 0 and 1.
    """
    if not (isfinite(sd) and sd > 0 and 0 <= reliability <= 1):
        raise InvalidField("A standard deviation must be above 0 and a reliability from 0 to 1.")
    return 1.96 * sd * sqrt(2) * sqrt(1 - reliability)


def threshold_of(parameters: ReliableChange) -> float:
    """The smallest difference that counts. Raises `InvalidField` when neither it nor SD and reliability are given."""
    if parameters.threshold is not None:
        return parameters.threshold
    if parameters.sd is None or parameters.reliability is None:
        raise InvalidField("Reliable change needs a threshold, or a standard deviation and a reliability.")
    return jacobson_truax(parameters.sd, parameters.reliability)


def reliable_change(
    instrument: Instrument,
    scale: str,
    before: int | None,
    after: int | None,
    parameters: ReliableChange | None = None,
) -> ScoreChange:
    """Compare two scores of one scale. `parameters` replaces the instrument's own, for a practice that has better ones.

    A score of None (invalid) is not comparable. Raises `InvalidField` for an unknown scale or a score outside its
    range.
    """
    if scale not in instrument.scale_keys():
        raise InvalidField(f"{instrument.key} has no scale of that name: it has {', '.join(instrument.scale_keys())}.")
    known = instrument.scale(scale)
    if any(score is not None and not known.low <= score <= known.high for score in (before, after)):
        raise InvalidField(f"A score of {instrument.key} ({scale}) is from {known.low} to {known.high}.")
    if parameters is None:
        parameters = known.changes[0] if known.changes else None
    threshold = None if parameters is None else threshold_of(parameters)
    difference = None if before is None or after is None else after - before
    towards = None if difference is None else _towards(difference, instrument.direction_of(scale))
    return ScoreChange(
        instrument=instrument.key,
        scale=scale,
        before=before,
        after=after,
        difference=difference,
        towards=towards,
        threshold=threshold,
        parameters=parameters,
        verdict=_verdict(difference, towards, threshold, parameters),
    )


def _towards(difference: int, direction: Direction) -> Towards | None:
    if difference == 0:
        return "same"
    if direction == "not stated":
        return None
    return "better" if (difference > 0) == (direction == "higher is better") else "worse"


def _verdict(
    difference: int | None, towards: str | None, threshold: float | None, parameters: ReliableChange | None
) -> Verdict:
    if difference is None:
        return "not comparable"
    if threshold is None or parameters is None:
        return "no parameters published"
    beyond = difference != 0 and abs(difference) >= threshold
    if parameters.kind == "important":
        if not beyond:
            return "less than the published difference"
        better = towards == "better"
        return "improvement by the published difference" if better else "deterioration by the published difference"
    if not beyond:
        return "within measurement error"
    if towards is None:
        return "reliable change, direction not stated"
    return "reliable improvement" if towards == "better" else "reliable deterioration"
