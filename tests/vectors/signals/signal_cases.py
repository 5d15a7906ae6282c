"""Records with something to look at, and the same just before its edge."""

from __future__ import annotations

from tests.vectors.cases import Case, Json

from intersession_schemas.instruments import INSTRUMENTS

CLIENT, THERAPIST = (f"0000000{number}-0000-4000-8000-000000000000" for number in (1, 2))
NOW = "2026-05-20T12:00:00+02:00"


def at(day: int, hour: int = 12, month: int = 5) -> str:
    """A moment in May 2026, two hours ahead of UTC."""
    return f"2026-{month:02}-{day:02}T{hour:02}:00:00+02:00"


def id_of(number: int) -> str:
    """An id."""
    return f"000000{number:02}-0000-4000-9000-000000000000"


def document(number: int, kind: str, says: Json, arrived: str, **more: Json) -> dict[str, Json]:
    """A document that came in one row."""
    return {"id": id_of(number), "kind": kind, "says": says, "seq": number, "arrived_at": arrived, **more}


def completed(
    number: int, when: str, instrument: str = "phq-9", arrived: str = "", says: Json = None, **answers: Json
) -> dict[str, Json]:
    """An assessment that was completed at once, with these answers."""
    scheme = INSTRUMENTS[instrument].scheme
    completion = {"id": id_of(number + 50), "answers": answers, "completed_at": when, "scheme": scheme}
    model = {"instrument": instrument, "scheme": scheme, "completions": [completion], "state": "completed"}
    return document(number, "assessment", {**model, **(says or {})}, arrived or when)


def drafted(number: int, when: str, draft: Json, overridden: Json = None, **says: Json) -> dict[str, Json]:
    """A PHQ-9 that is not completed."""
    model = {"instrument": "phq-9", "scheme": "phq-9 sum 0-27", "draft": draft, "overridden": overridden or {}}
    return document(number, "assessment", {**model, **says}, when)


def answer(number: int, value: Json, when: str) -> dict[str, Json]:
    """An answer of a draft."""
    return {"id": id_of(number), "value": value, "at": when}


def scored(number: int, day: int, total: int, arrived: str = "", says: Json = None) -> dict[str, Json]:
    """A GAD-7 of a total of up to 21."""
    values = {f"q{item}": max(0, min(3, total - 3 * (item - 1))) for item in range(1, 8)}
    return completed(number, at(day), "gad-7", arrived, says, **values)


def _all_answered(items: int, value: int) -> dict[str, Json]:
    return {f"q{item}": value for item in range(1, items + 1)}


def logs(number: int, *days: int, arrived: str = "", month: int = 5) -> dict[str, Json]:
    """A bucket with a log on each of these days, which arrived with the last of them."""
    moments = [at(day, month=month) for day in days]
    held = [
        {"id": id_of(10 * number + place), "at": one, "entered_at": one, "values": {"worry": 3}}
        for place, one in enumerate(moments)
    ]
    says = {"month": f"2026-{month:02}", "logs": held}
    return document(number, "symptom_log", says, arrived or moments[-1])


def homework(number: int = 20, **more: Json) -> dict[str, Json]:
    """Walking every day from 13 May on."""
    says = {"what": "Walk\nten minutes", "rule": "FREQ=DAILY", "since": "2026-05-13", **more}
    return document(number, "homework", says, at(12))


def said(number: int, day: int, status: str = "done") -> dict[str, Json]:
    """What was said of a day's homework."""
    says = {
        "homework": id_of(20),
        "occurrence": f"2026-05-{day:02}",
        "status": status,
        "done_at": at(day),
        "entered_at": at(day),
    }
    return document(number, "homework_progress", says, at(day))


def _case(shows: str, *documents: dict[str, Json], now: str = NOW, **more: Json) -> Case:
    cut = {"now": now, "zone": "Europe/Berlin"}
    return Case(shows, "signals", {"documents": list(documents), "cut": cut, **more})


RISKS = (
    _case("An empty record has nothing to look at."),
    _case("A positive risk item in a completed assessment is a signal.", completed(1, at(19), q9=1)),
    _case("A risk item answered with 0 is none.", completed(1, at(19), q9=0)),
    _case("It says how old the answer is, in local days, and in whole hours.", completed(1, at(15, 23), q9=3)),
    _case(
        "It says so where it arrived more than a day after it was given.",
        completed(1, at(15), arrived=at(17, 13), q9=1),
    ),
    _case("A positive risk item in a draft is told too.", drafted(1, at(20, 9), {"q9": [answer(2, 1, at(20, 9))]})),
    _case(
        "So it is where another answer was given over it.",
        drafted(1, at(20, 9), {"q9": [answer(3, 0, at(20, 10))]}, {"q9": [answer(2, 2, at(20, 9))]}),
    ),
    _case(
        "So it is where the assessment was completed with another answer.",
        completed(1, at(20, 10), says={"draft": {"q9": [answer(2, 2, at(20, 9))]}}),
    ),
    _case(
        "So it is where the assessment was corrected later.",
        completed(1, at(18), q9=1),
        completed(2, at(19), says={"amends": id_of(1)}),
    ),
    _case(
        "The same answer in the draft and in the completion is one signal.",
        completed(1, at(20, 10), q9=1, says={"draft": {"q9": [answer(2, 1, at(20, 9))]}}),
    ),
    _case(
        "A level is told where the source of the instrument grades its questions.",
        completed(1, at(20, 10), "c-ssrs", q1=True, q2=False, q6=False),
    ),
    _case(
        "Of an instrument that is not known nothing is told.",
        drafted(1, at(20, 9), {"q9": [answer(2, 1, at(20, 9))]}, instrument="another"),
    ),
    _case(
        "A signal that was acknowledged stays, and says who has seen it.",
        completed(1, at(19), q9=1),
        document(
            3,
            "acknowledgement",
            {"signal": f"risk/{id_of(1)}/q9/1", "note": "Called.", "made_at": at(20, 9)},
            at(20, 9),
        ),
    ),
)

WORSE = (
    _case(
        "Two scores in a row that are reliably worse than the best level before are a signal: 4 points on the GAD-7.",
        scored(1, 3, 10),
        scored(2, 10, 14),
        scored(3, 17, 15),
    ),
    _case("One alone waits for the next.", scored(1, 3, 10), scored(2, 10, 14)),
    _case("One point less is within measurement error.", scored(1, 3, 10), scored(2, 10, 13), scored(3, 17, 13)),
    _case("A reliable improvement is no signal.", scored(1, 3, 16), scored(2, 10, 10), scored(3, 17, 10)),
    _case("Entry into the severest band does not wait.", scored(1, 10, 12), scored(2, 17, 15)),
    _case(
        "It stays when the scores are back, and says so: it did happen.",
        *(scored(number, 2 * number, score) for number, score in enumerate((6, 6, 11, 11, 6, 6), start=1)),
    ),
    _case(
        "Little by little: each step is within measurement error.",
        *(scored(number, 2 * number, score) for number, score in enumerate((5, 6, 7, 8, 9, 10, 11), start=1)),
    ),
    _case(
        "The best level is that since the phase began.",
        document(9, "episode", {"phase": "treatment", "began_on": "2026-05-01", "phase_began_on": "2026-05-06"}, at(1)),
        scored(1, 4, 2),
        scored(2, 11, 8),
        scored(3, 18, 9),
    ),
    _case(
        "An assessment that was corrected is not compared any more.",
        scored(1, 5, 10),
        scored(2, 8, 14),
        scored(3, 12, 14),
        scored(4, 13, 12, says={"amends": id_of(3)}),
    ),
    _case(
        "Two completions of one check-in are one administration.",
        scored(1, 5, 10),
        scored(2, 10, 14, says={"schedule": "mood", "occurrence": "2026-05-10"}),
        scored(3, 11, 14, says={"schedule": "mood", "occurrence": "2026-05-10"}),
    ),
    _case(
        "A published difference is called so, on the WHO-5.",
        completed(1, at(3), "who-5", q1=4, q2=4, q3=4, q4=4, q5=4),
        completed(2, at(10), "who-5", q1=3, q2=3, q3=3, q4=3, q5=4),
        completed(3, at(17), "who-5", q1=3, q2=3, q3=3, q4=3, q5=4),
    ),
    _case(
        "Where nothing is published a band that is crossed counts at first, on the K10.",
        *(
            completed(number, at(2 + number), "k10-abs", "", None, **_all_answered(10, value))
            for number, value in enumerate((1, 2, 2), start=1)
        ),
    ),
    _case(
        "A threshold of the plan takes the place of what is published.",
        document(19, "plan", {"thresholds": {"gad-7/total": {"at": 2}}}, at(1)),
        scored(1, 3, 10),
        scored(2, 10, 12),
        scored(3, 17, 12),
    ),
)

MISSED = (
    _case(
        "Seven possible occurrences in a row without an answer, of what was never done, are a missed run.", homework()
    ),
    _case("Six are not.", homework(since="2026-05-14")),
    _case("What was not done counts as what was not answered.", homework(), said(21, 18, "not")),
    _case("What was done in part ends the run.", homework(), said(21, 18, "partly")),
    _case(
        "Whoever has done it each time is told of sooner: three in a row.",
        homework(since="2026-05-07"),
        *(said(20 + day, day) for day in range(7, 17)),
        logs(1, 19),
    ),
    _case(
        "What could not be done neither counts nor ends it.", homework(since="2026-05-12"), said(21, 18, "could_not")
    ),
    _case(
        "Nor does a day of a pause.",
        homework(since="2026-05-12"),
        document(19, "plan", {"pauses": {"p": {"first": "2026-05-18", "last": "2026-05-18"}}}, at(1)),
    ),
    _case(
        "A threshold of the plan says how many.",
        homework(since="2026-05-18"),
        document(19, "plan", {"thresholds": {"missed_run": {"at": 2}}}, at(1)),
    ),
    _case("Homework that has ended is not missed.", homework(ended_on="2026-05-20")),
    _case("Homework without a day is never missed in a row.", document(20, "homework", {"what": "Read"}, at(1))),
)

SILENT = (
    _case("Who writes daily and then not for 4 days is silent.", logs(1, *range(7, 17)), now=at(20)),
    _case("Three days are no silence.", logs(1, *range(7, 17)), now=at(19)),
    _case("Without a plan that asks for anything, two days of writing say nothing.", logs(1, 8, 9), now=at(28)),
    _case("Three do, after two weeks at most.", logs(1, 8, 9, 14), now=at(28)),
    _case(
        "Where the plan asks for something and nothing came, after 13 days.",
        document(19, "plan", {"trackers": {"t": {"name": "mood", "since": "2026-05-05"}}}, at(1)),
        now=at(18),
    ),
    _case(
        "Days of a pause do not count.",
        logs(1, *range(7, 17)),
        document(19, "plan", {"pauses": {"p": {"first": "2026-05-17", "last": "2026-05-18"}}}, at(1)),
        now=at(21),
    ),
    _case(
        "A threshold of the plan takes the place of the own rate.",
        logs(1, *range(7, 17)),
        document(19, "plan", {"thresholds": {"silence": {"at": 2}}}, at(1)),
        now=at(18),
    ),
    _case(
        "Entries of the journal count as logs do.",
        logs(1, *range(7, 16)),
        document(2, "journal_entry", {"written_at": at(16, 23), "entered_at": at(16, 23)}, at(16, 23)),
        now=at(20),
    ),
    _case("Who writes every third day is silent after nine days.", logs(1, *range(1, 29, 3)), now=at(6, month=6)),
    _case("Eight days are no silence then.", logs(1, *range(1, 29, 3)), now=at(5, month=6)),
    _case(
        "What arrived late ends a silence on the day it arrived.", logs(1, *range(7, 17), arrived=at(18)), now=at(20)
    ),
    _case("When a device was last heard is told beside it.", logs(1, *range(7, 17)), now=at(20), heard_at=at(19)),
)

REFUSED = (
    _case(
        "Something that was sent for an assessment and not accepted is told, without what it said.",
        not_accepted=[{"document": id_of(1), "seq": 7, "author": CLIENT, "received_at": "2026-05-19T10:00:00+00:00"}],
    ),
    _case(
        "Of several for one assessment the newest is told.",
        not_accepted=[
            {"document": id_of(1), "seq": 7, "author": CLIENT, "received_at": "2026-05-18T10:00:00+00:00"},
            {"document": id_of(1), "seq": 9, "author": CLIENT, "received_at": "2026-05-19T10:00:00+00:00"},
        ],
    ),
    _case(
        "Signals come by when they arrived, the newest first.",
        homework(),
        completed(1, at(19), q9=1),
        completed(2, at(12), arrived=at(20, 8), q9=1),
    ),
    _case(
        "Where days begin at 4, an answer at one o'clock this morning is of yesterday.",
        document(19, "plan", {"day_begins": 4}, at(1)),
        completed(1, at(20, 1), q9=1),
    ),
)

CASES = (*RISKS, *WORSE, *MISSED, *SILENT, *REFUSED)
