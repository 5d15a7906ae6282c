"""Scores in words: how high, in which band, and what they changed by. Pure; nothing here is a diagnosis.

What is worse or better by more than measurement error is said in words, with what that rests on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from intersession_schemas.instruments import Band, Instrument, labels
from intersession_schemas.instruments.change import Towards, Verdict, threshold_of
from intersession_schemas.instruments.scoring import INCOMPLETE, NOT_APPLICABLE, ScaleScore
from intersession_schemas.instruments.values import ReliableChange
from intersession_schemas.measures.scores import NOT_TAKEN, OTHER_SCHEME, Against, Compared, Measured
from intersession_server.language.language import current, say
from intersession_server.web.page import phrases

Tone = Literal["good", "attention", "quiet"]
"""How a change is shown: a kind of badge (page/components.html)."""


def by_scale(scores: Sequence[Measured]) -> Mapping[tuple[str, str], list[Measured]]:
    """Scores by instrument and scale, each newest first."""
    found: dict[tuple[str, str], list[Measured]] = {}
    for one in scores:
        found.setdefault((one.instrument, one.scale), []).append(one)
    return found


def newest_of(scores: Sequence[Measured]) -> Measured:
    """The newest of one scale that was not corrected by another, else the newest."""
    return next((one for one in scores if not one.amended), scores[0])


def score_name(one: Measured) -> str:
    """The instrument, and its scale where that says more."""
    return one.title if one.label == one.title else f"{one.title}: {one.label}"


def score_words(one: Measured) -> str:
    """17 of 27; or why there is no score."""
    if one.score.score is None:
        return why_words(one.score)
    return say("%(score)s of %(highest)s", score=phrases.number(one.score.score), highest=one.score.high)


def band_words(score: ScaleScore) -> str:
    """The band that a score is in, in the language of the page; empty where there is none."""
    return "" if score.band is None else labels.band_label(score.band, current().tag)


def why_words(score: ScaleScore) -> str:
    """Why there is no score."""
    why = score.why or ""
    if why == INCOMPLETE:
        return say("no score: incomplete, not scored")
    if why == NOT_TAKEN:
        return say("no score: has answers that the instrument does not allow")
    if why == OTHER_SCHEME:
        return say("no score: scored with a different scheme than the instrument has now")
    if why.startswith(NOT_APPLICABLE):
        items = why.removeprefix(NOT_APPLICABLE)
        return say("no score: answered and marked as not applicable: %(items)s", items=items)
    return say("no score: %(why)s", why=why)


def change_words(one: Compared) -> str:
    """What became of a score since an earlier one, in words, and what that rests on."""
    change, since, day = one.change, against_words(one.against), phrases.day(one.day)
    if change.difference is None:
        return say("Not comparable with %(since)s (%(day)s).", since=since, day=day)
    said = {"points": points_words(one), "since": since, "day": day, "verdict": verdict_words(change.verdict)}
    if change.threshold is None:
        return say("%(points)s since %(since)s (%(day)s): %(verdict)s.", **said)
    return say(
        "%(points)s since %(since)s (%(day)s): %(verdict)s (threshold: %(threshold)s points).",
        threshold=threshold_words(change.threshold),
        **said,
    )


def points_words(one: Compared) -> str:
    """+5, −3, 0; empty where there is no difference to be told."""
    difference = one.change.difference
    if difference is None:
        return ""
    return f"{'+' if difference > 0 else ''}{phrases.number(difference)}"


def tone_of(one: Compared) -> Tone:
    """Only what is beyond its threshold stands out."""
    change = one.change
    beyond = change.reliable or change.verdict.endswith("by the published difference")
    tones: Mapping[Towards | None, Tone] = {"better": "good", "worse": "attention"}
    return tones.get(change.towards, "quiet") if beyond else "quiet"


def against_words(against: Against) -> str:
    """What a score is set against."""
    match against:
        case "baseline":
            return say("the baseline")
        case "first of the episode":
            return say("the first of this episode")
        case "last":
            return say("the one before")


def verdict_words(verdict: Verdict) -> str:
    """What may be said of a change."""
    match verdict:
        case "reliable improvement":
            return say("reliable improvement")
        case "reliable deterioration":
            return say("reliable deterioration")
        case "within measurement error":
            return say("within measurement error")
        case "improvement by the published difference":
            return say("improvement by the published difference")
        case "deterioration by the published difference":
            return say("deterioration by the published difference")
        case "less than the published difference":
            return say("less than the published difference")
        case "reliable change, direction not stated":
            return say("reliable change, direction not stated")
        case "no parameters published":
            return say("no threshold is published, so it may be measurement error")
        case "not comparable":
            return say("not comparable")


def odd_words(one: Measured) -> str:
    """What date the device gave that cannot be right; empty where there is no such date."""
    if not one.odd:
        return ""
    return say("the device dated it %(day)s, which cannot be right", day=phrases.day(one.completed_at.date()))


# --- what it rests on -------------------------------------------------------------------------------------------------


def change_parameters(instrument: Instrument, scale: str) -> ReliableChange | None:
    """What changes on a scale are judged by; None where nothing is published."""
    changes = instrument.scale(scale).changes
    return changes[0] if changes else None


def threshold_words(threshold: float) -> str:
    """6; 8.4"""
    return phrases.number(round(threshold, 2))


def threshold_told(parameters: ReliableChange | None) -> str:
    """Reliable-change threshold: 6 points"""
    if parameters is None:
        return say("No reliable-change threshold is published: any change may be measurement error.")
    threshold = threshold_words(threshold_of(parameters))
    if parameters.kind == "important":
        return say("Published important difference: %(threshold)s points", threshold=threshold)
    return say("Reliable-change threshold: %(threshold)s points", threshold=threshold)


def threshold_rests_on(parameters: ReliableChange | None) -> list[tuple[str, str]]:
    """Name and value of what a threshold rests on: population, reliability, source."""
    if parameters is None:
        return []
    unknown = say("not stated")
    found = [(say("Population"), unknown if parameters.population == "not stated" else parameters.population)]
    if parameters.sd is not None:
        found.append((say("Standard deviation at baseline"), phrases.number(parameters.sd)))
    which = unknown if parameters.which == "not stated" else parameters.which
    if parameters.reliability is not None:
        value = phrases.number(parameters.reliability)
        found.append((say("Reliability"), say("%(value)s (%(which)s)", value=value, which=which)))
    elif parameters.which != "not stated":
        found.append((say("Reliability"), which))
    return [*found, (say("Source"), parameters.citation)]


def bands_words(bands: Sequence[Band]) -> str:
    """Bands: minimal 0–4, mild 5–9."""
    named = ", ".join(f"{labels.band_label(band, current().tag)} {_range(band)}" for band in bands)
    return say("Bands: %(bands)s.", bands=named) if named else say("No bands are published.")


def _range(band: Band) -> str:
    return str(band.low) if band.low == band.high else f"{band.low}–{band.high}"
