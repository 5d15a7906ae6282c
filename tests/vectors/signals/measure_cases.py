"""Scores with what they are compared with, trends, what became of a plan, a brief."""

from __future__ import annotations

from tests.vectors.cases import Case, Json
from tests.vectors.signals.signal_cases import NOW, at, completed, document, homework, id_of, logs, scored

CUT = {"now": NOW, "zone": "Europe/Berlin"}


def _case(shows: str, call: str, *documents: dict[str, Json], **more: Json) -> Case:
    return Case(shows, call, {"documents": list(documents), "cut": CUT, **more})


def _logged(number: int, day: int, values: Json, **more: Json) -> dict[str, Json]:
    log = {"id": id_of(number + 50), "at": at(day), "entered_at": at(day), "values": values, **more}
    return document(number, "symptom_log", {"month": "2026-05", "logs": [log]}, at(day), parts={log["id"]: at(day)})


SCORES = (
    _case(
        "A completed assessment is measured when it was completed; without another one it is compared with nothing.",
        "scores",
        scored(1, 10, 10),
    ),
    _case(
        "The second is compared with the one before; the newest comes first.",
        "scores",
        scored(1, 10, 10),
        scored(2, 17, 4),
    ),
    _case(
        "An amendment counts as measured when what it corrects was; that one is no longer compared with.",
        "scores",
        scored(1, 10, 10),
        scored(2, 12, 12, says={"amends": id_of(1)}),
    ),
    _case("Answers that the instrument does not have leave no score.", "scores", completed(1, at(10), q10=1)),
    _case(
        "What was scored in another way than now has no score.",
        "scores",
        completed(
            1,
            at(10),
            "gad-7",
            says={
                "completions": [
                    {"id": id_of(51), "answers": {"q1": 1}, "completed_at": at(10), "scheme": "gad-7 other"}
                ],
            },
        ),
    ),
)

TRENDS = (
    _case(
        "A trend has every day since the beginning, gaps among them.",
        "trends",
        _logged(1, 18, {"worry": 3}),
        _logged(2, 20, {"worry": 6}),
        since=at(18, 0),
    ),
    _case(
        "A day's values have a mean, and each day counts once in the mean of all.",
        "trends",
        _logged(1, 19, {"worry": 3}),
        _logged(2, 19, {"Worry": 4}),
        _logged(3, 20, {"worry": 6}),
        since=at(19, 0),
    ),
    _case(
        "The days before are compared by their mean.",
        "trends",
        _logged(1, 17, {"worry": 8}),
        _logged(2, 20, {"worry": 6}),
        since=at(19, 0),
    ),
    _case(
        "One symptom on two scales is two trends; one without a scale is on that of its tracker.",
        "trends",
        document(
            9, "plan", {"trackers": {"w": {"name": "worry", "question": "How much?", "low": 1, "high": 5}}}, at(1)
        ),
        _logged(1, 20, {"worry": 3}),
        _logged(2, 20, {"worry": 60}, scale=[0, 100]),
        since=at(20, 0),
    ),
)

PLANS = (
    Case(
        "A plan that stayed as it was has no changes.",
        "plan_changes",
        {"before": {"introduction": "Hello"}, "after": {"introduction": "Hello"}},
    ),
    Case(
        "What was added, taken out and changed is told part by part, the elements of a part by id.",
        "plan_changes",
        {
            "before": {
                "introduction": "Hello",
                "trackers": {"a": {"name": "worry"}, "b": {"name": "sleep"}},
                "pauses": {"p": {"first": "2026-05-01", "last": "2026-05-03"}},
            },
            "after": {
                "introduction": "Hello again",
                "day_begins": 4,
                "trackers": {"b": {"name": "sleep", "high": 5, "rule": "FREQ=WEEKLY"}, "c": {"name": "zest"}},
                "safety_plan": {"s": {"contact": "Jo, 555 0100"}},
            },
        },
    ),
)

BRIEFS = (
    _case("The brief of an empty record looks back over 14 days.", "brief"),
    _case("A brief as text: keys sorted, no spaces.", "brief_text"),
    _case(
        "A brief begins at the last session that was attended.",
        "brief",
        document(8, "session", {"planned_at": at(11), "state": "attended"}, at(1)),
        document(9, "session", {"planned_at": at(25)}, at(1)),
        scored(1, 10, 10, arrived=at(12)),
        homework(since="2026-05-18"),
        logs(2, 19),
    ),
)

CASES = (*SCORES, *TRENDS, *PLANS, *BRIEFS)
