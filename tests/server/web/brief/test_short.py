"""The short brief: every open risk signal, and of all else what fits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from msgspec.structs import replace

from intersession_schemas.documents.care.adherence import Adherence
from intersession_schemas.documents.diary.sections import Section
from intersession_schemas.measures.assignments import Assigned, BriefOccurrence
from intersession_schemas.measures.brief import Brief, BriefTopic
from intersession_schemas.measures.entries import BriefEntry
from intersession_schemas.measures.material import Beginning, Cut, Material
from intersession_schemas.measures.plan_changes import PlanChange
from intersession_schemas.measures.signals.signal import Acknowledged, Signal
from intersession_schemas.measures.trends import Trend, TrendDay
from intersession_server.web.brief import short
from intersession_server.web.brief.short import (
    MOST_LINES,
    MOST_RISKS,
    QUOTAS,
    Quota,
    ShortBrief,
    Told,
    cut,
    short_brief,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOOR = UUID(int=77)
EMPTY = Brief(
    version=1,
    cut=Cut(heads={}, now=NOW, zone="UTC"),
    session=None,
    beginning=Beginning(at=NOW - timedelta(days=7), session=UUID(int=5)),
    phase="treatment",
    signals=(),
    topics=(),
    scores=(),
    unfinished=(),
    entries=(),
    trends=(),
    homework=(),
    goals=(),
    plan_changes=(),
    upcoming=(),
    problems=(),
)


def signal(number: int, *, kind: str = "risk", seen: bool = False, text: str = "") -> Signal:
    return Signal(
        kind=kind,  # type: ignore[arg-type]
        id=f"{kind}/{number}",
        about=None,
        at=NOW - timedelta(days=number),
        arrived_at=None,
        late=False,
        age_hours=24 * number,
        text=text or f"Signal number {number}.",
        acknowledged=(Acknowledged(by=NOOR, at=NOW, note="Called her."),) if seen else (),
    )


def entry(number: int, text: str) -> BriefEntry:
    return BriefEntry(
        id=UUID(int=number),
        written_at=NOW - timedelta(hours=60 - number),
        entered_at=None,
        arrived_at=NOW,
        zone=None,
        text=text,
        sections=(),
        mood=4,
        tags=(),
    )


def made(brief: Brief, signals: Sequence[Signal] = ()) -> ShortBrief:
    return short_brief(brief, signals, Material(), {}, {NOOR: "Noor Haddad"})


def test_every_open_risk_signal_is_in_it_whatever_its_age_and_however_much_else_there_is() -> None:
    risks = [signal(number) for number in (1, 30, 400, 2_000)]
    others = [signal(number, kind="silence") for number in range(100)]
    brief = replace(
        EMPTY,
        entries=tuple(entry(number, "x" * 2_000) for number in range(60)),
        topics=tuple(BriefTopic(id=UUID(int=n), text="y" * 4_000, made_at=NOW, carried_over=False) for n in range(50)),
    )
    found = made(brief, [*risks, *others])
    assert [one.text for one in found.risks] == [one.text for one in risks]
    assert found.lines <= MOST_LINES
    assert found.signals.more == 100 - len(found.signals.items)


def test_a_risk_signal_is_never_cut() -> None:
    long = signal(1, text="word " * 200)
    assert made(EMPTY, [long]).risks[0].text == long.text


def test_hundreds_of_open_risk_signals_are_told_by_month_behind_the_newest() -> None:
    found = made(EMPTY, [signal(number) for number in range(400)])
    assert len(found.risks) == MOST_RISKS
    counted = [int(part.rpartition(": ")[2]) for part in found.older_risks.split(", ")]
    assert sum(counted) == 400 - MOST_RISKS
    assert found.older_risks.startswith("Feb 2026: 6, Jan 2026: 31, Dec 2025: 31, ")


def test_what_was_acknowledged_has_its_author_its_time_and_its_note_and_is_not_open() -> None:
    seen = signal(1, seen=True)
    found = made(replace(EMPTY, signals=(seen,)), [seen])
    assert found.risks == []
    (told,) = found.acknowledged.items
    assert told.beside == "acknowledged Mon 2 Mar 2026, 09:00 by Noor Haddad: Called her."


def test_the_more_there_is_the_less_of_each_list_is_told() -> None:
    few = replace(EMPTY, entries=tuple(entry(number, "short") for number in range(9)))
    many = replace(
        EMPTY,
        entries=tuple(entry(number, "words " * 300) for number in range(60)),
        signals=tuple(signal(number, kind="silence", seen=True, text="words " * 60) for number in range(30)),
        topics=tuple(BriefTopic(id=UUID(int=n), text="words " * 80, made_at=NOW, carried_over=True) for n in range(20)),
    )
    assert (len(made(few).happened.items), made(few).happened.more) == (9, 0)
    risks = [signal(number, text="words " * 40) for number in range(20)]
    crowded = made(many, risks)
    assert crowded.lines <= MOST_LINES
    assert len(crowded.happened.items) < 9
    assert len(crowded.happened.items) + crowded.happened.more == 60
    assert len(crowded.risks) == 20


def test_quotas_only_become_smaller() -> None:
    for before, after in pairwise(QUOTAS):
        assert all(getattr(before, name) >= getattr(after, name) for name in before.__struct_fields__)


def test_the_newest_entries_come_first_and_do_not_crowd_out_what_was_changed() -> None:
    brief = replace(
        EMPTY,
        entries=tuple(entry(number, f"entry {number}") for number in range(40)),
        plan_changes=tuple(PlanChange(part="trackers", what="added", title=f"worry {n}") for n in range(9)),
    )
    told = [one.text for one in made(brief).happened.items]
    assert told[0] == "entry 39"
    assert "Tracker “worry 0” added" in told
    assert made(brief).happened.more == 49 - len(told)


def test_an_entry_of_sections_alone_is_told_by_what_was_written() -> None:
    one = replace(entry(1, ""), sections=(Section("What helped?", "a walk"),))
    assert made(replace(EMPTY, entries=(one,))).happened.items[0].text == "a walk"
    assert made(replace(EMPTY, entries=(entry(1, ""),))).happened.items[0].text == "(no text)"


def test_homework_is_told_as_done_of_due_since_the_last_session() -> None:
    states = ("done", "done", "partly", "unanswered", "paused", "could_not", "open")
    occurrences = tuple(
        BriefOccurrence(key=str(number), day=NOW.date(), state=state, said=())  # type: ignore[arg-type]
        for number, state in enumerate(states)
    )
    one = Assigned(
        id=UUID(int=1),
        what="walk",
        why="",
        goal=None,
        confidence=None,
        assigned_at=None,
        ended_on=None,
        adherence=Adherence(done=200, counted=300),
        occurrences=occurrences,
        missed_run=3,
        last_review=None,
        to_review=(),
    )
    (told,) = made(replace(EMPTY, homework=(one,))).homework
    assert told.done == "2 of 4 done"
    assert told.note == "Not done or not reported 3 times in a row."


def test_a_symptom_has_its_median_what_it_was_before_and_its_trend() -> None:
    trend = Trend(
        name="worry",
        question="",
        low=0,
        high=10,
        days=(TrendDay(day=NOW.date(), values=(4,), mean=4.0),),
        logged=1,
        mean=4.0,
        mean_before=6.25,
        logged_before=7,
        median=4.0,
        least=4.0,
        most=4.0,
        a_week=-1.26,
        before=(6.0, 7.0),
        earlier=(),
    )
    (told,) = made(replace(EMPTY, trends=(trend,))).trends
    assert (told.median, told.before, told.change, told.logged) == ("4", "6.2", "−1.3 a week", "1 of 1 day")
    assert "<svg" in told.picture


@pytest.mark.parametrize(
    ("text", "most", "told"),
    [
        ("short", 10, "short"),
        ("two\nlines  of it", 20, "two lines of it"),
        ("one two three four", 12, "one two …"),
        ("x" * 30, 10, "x" * 10 + " …"),
        ("word " * 100, 14, "word word …"),
        ("睡" * 30, 10, "睡" * 5 + " …"),
    ],
)
def test_a_text_is_cut_between_words_and_says_so(text: str, most: int, told: str) -> None:
    assert cut(text, most) == told


def test_no_more_entries_are_put_into_words_than_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    worded, in_words = list[BriefEntry](), short._entry

    def counted(one: BriefEntry, quota: Quota) -> Told:
        worded.append(one)
        return in_words(one, quota)

    monkeypatch.setattr(short, "_entry", counted)
    brief = replace(EMPTY, entries=tuple(entry(number, "a day") for number in range(40)))
    told = short._happened(brief, QUOTAS[0])
    assert len(worded) == len(told.items) == QUOTAS[0].happened
    assert told.more == 40 - len(told.items)
