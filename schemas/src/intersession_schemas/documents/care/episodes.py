"""`episode`: a stretch of care with its phase, and the baselines that change is measured against."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.shapes import Element, Shape, prose
from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind

Phase = Literal["assessment", "treatment", "follow_up", "ended"]


class Baseline(Element, frozen=True, kw_only=True):
    """The assessment whose score is the baseline of a scale."""

    assessment: UUID | None = None


class Episode(Struct, frozen=True, kw_only=True):
    """From `began_on` to `ended_on` (None: it goes on), for a `reason` in plain words.

    `phase_began_on` is the day on which its phase began; None: with the episode.
    `baseline` is by scale, named as `scale_key` does. If two people choose one for the same scale at once, one is kept.
    """

    phase: Phase = "assessment"
    began_on: date | None = None
    phase_began_on: date | None = None
    ended_on: date | None = None
    reason: Annotated[str, prose(4_000)] = ""
    baseline: dict[str, Baseline] = {}
    problems: tuple[str, ...] = ()


def scale_key(instrument: str, scale: str) -> str:
    """The name of one scale of one instrument: "phq-9/total"."""
    return f"{instrument}/{scale}"


def is_scale(key: str) -> bool:
    """Whether it can be the name of a scale, as `scale_key` makes it."""
    instrument, _, scale = key.partition("/")
    return bool(instrument.strip() and scale.strip())


def check_episode(episode: Episode) -> None:
    """Raise `InvalidField` for an episode without a beginning, one that ends before it, one that ended on no day."""
    if episode.began_on is None:
        raise InvalidField("An episode needs the day it began.")
    if episode.ended_on is not None and episode.ended_on < episode.began_on:
        raise InvalidField("An episode cannot end before it begins.")
    if episode.phase_began_on is not None and episode.phase_began_on < episode.began_on:
        raise InvalidField("A phase cannot begin before its episode.")
    if (episode.phase == "ended") != (episode.ended_on is not None):
        raise InvalidField("An episode has an end date if, and only if, it has ended.")
    if any(one.assessment is None for one in episode.baseline.values()):
        raise InvalidField("A baseline names an assessment.")


EPISODE = Shape(Kind.EPISODE, Episode, check_episode, moments=("began_on",))


def is_open(episode: Episode, day: date) -> bool:
    """Whether care goes on in it on a local day."""
    if episode.began_on is None or day < episode.began_on:
        return False
    return episode.ended_on > day if episode.ended_on is not None else episode.phase != "ended"
