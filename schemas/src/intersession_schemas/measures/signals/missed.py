"""Homework that was not done more often in a row than this client's own rate explains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from intersession_schemas.documents.care.adherence import OccurrenceView
from intersession_schemas.documents.care.homework import Homework
from intersession_schemas.documents.care.plan import MISSED_RUN
from intersession_schemas.measures.material import Cut, Material
from intersession_schemas.measures.progress import first_line, how_it_went, missed_run, offered
from intersession_schemas.measures.signals.chance import unusual_after
from intersession_schemas.measures.signals.signal import Signal, signal
from intersession_schemas.measures.signals.silence import Silence
from intersession_schemas.measures.words import day_text, say
from intersession_schemas.streams import Kind

RUN = 3
"""Possible occurrences in a row that make a missed run, at least."""
USUAL, WEIGHT = 0.7, 2.0
"""What is supposed of an assignment before it is known how it goes, and for how many occurrences that counts."""
AT_FIRST = 7
"""So many in a row of an assignment that was never done are told, though its rate is not known."""
OFTEN = 0.02
"""A run counts from where chance makes it less often than that among as many occurrences as there were."""


def missed(material: Material, cut: Cut, silent: Silence | None) -> Iterator[Signal]:
    """One an assignment that goes on. Of whoever is silent altogether, the silence tells it all."""
    days = material.days(cut)
    today = days.of(cut.now)
    went = how_it_went(material, cut)
    limit = material.plan.thresholds.get(MISSED_RUN)
    for filed, homework in material.of(Kind.HOMEWORK, Homework):
        if homework.ended_on is not None and homework.ended_on <= today:
            continue
        occurrences = offered(homework, went[filed.id].occurrences)
        run = missed_run(homework, occurrences)
        if not run or len(run) < (limit.at if limit is not None else longest_usual(occurrences, len(run))):
            continue
        first, last = run[0].day, run[-1].day
        assert first is not None
        assert last is not None
        if silent is not None and (not silent.begun or silent.last < first):
            continue
        text = say(
            cut.locale,
            "missed_run",
            what=first_line(homework.what),
            count=len(run),
            first=day_text(first),
            last=day_text(last),
        )
        id_ = f"missed_run/{filed.id}/{run[0].key}"
        yield signal("missed_run", id_, filed.id, days.moment(first), None, text, cut, days)


def longest_usual(occurrences: Sequence[OccurrenceView], run: int) -> int:
    """From how many in a row on it is more than this client's own rate on this assignment explains.

    The `run` that is asked about counts for nothing in the rate.
    """
    states = [one.state for one in occurrences]
    done = sum(state in ("done", "partly") for state in states)
    not_done = sum(state in ("unanswered", "not") for state in states) - run
    if not_done == 0:
        return RUN if done else AT_FIRST
    return max(RUN, unusual_after(done, not_done, USUAL, WEIGHT, OFTEN))
