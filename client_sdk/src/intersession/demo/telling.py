"""The words in which a story is told: who somebody is, and what became of them, by how many days ago it was.

A path is a level over time: pairs of days ago and level, oldest first, straight in between.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from intersession_schemas.documents.care.episodes import Phase
from intersession_schemas.documents.care.homework import Barrier, Decision, Status
from intersession_schemas.documents.care.plan import SafetyPart
from intersession_schemas.documents.forms import FieldType, Value

Path = tuple[tuple[int, float], ...]


class StoryTracker(Struct, frozen=True):
    """A symptom that is followed. `swing`: by how much a day may lie off the path; `kept`: on how many days of ten
    it is logged."""

    name: str
    question: str
    path: Path
    low: int = 0
    high: int = 10
    swing: float = 1.2
    kept: float = 6.5


class StoryEntry(Struct, frozen=True):
    """A journal entry. `about`: so many days before it was typed in; `comment`: what the therapist wrote below it."""

    ago: int
    text: str
    mood: int | None = None
    tags: tuple[str, ...] = ()
    hour: float = 20.6
    about: int = 0
    answers: Mapping[str, Value] = {}
    private: bool = False
    comment: str = ""


class StoryQuestion(Struct, frozen=True):
    """A question of the journal's template."""

    prompt: str
    type: FieldType = "prose"
    low: int | None = None
    high: int | None = None
    unit: str = ""
    options: tuple[str, ...] = ()


class StoryForm(Struct, frozen=True):
    """An instrument that is filled in on paper in the practice: totals by days ago. `weights`: how much of a total each
    item takes. `risk`: the risk item's key; `endorsed`: its answers, by days ago."""

    instrument: str
    totals: tuple[tuple[int, int], ...]
    weights: tuple[float, ...]
    risk: str = ""
    endorsed: Mapping[int, int] = {}


class StoryReview(Struct, frozen=True):
    """What was decided about homework. `becomes`: the wording of what follows it."""

    ago: int
    decision: Decision
    reason: str
    becomes: str = ""


class StoryHomework(Struct, frozen=True):
    """Homework, from a template's key or in words. `done`: of ten occurrences, how many were reported as done."""

    ago: int
    what: str = ""
    template: str = ""
    why: str = ""
    rule: str = ""
    due: int | None = None
    until: int | None = None
    confidence: int | None = None
    done: Path = ((400, 6), (0, 6))
    reported: float = 9
    difficulty: Path = ((400, 5), (0, 4))
    helpful: Path = ((400, 5), (0, 6))
    learned: tuple[str, ...] = ()
    barriers: tuple[tuple[Barrier, str], ...] = ()
    worksheet: Mapping[str, tuple[str, ...]] = {}
    reviews: tuple[StoryReview, ...] = ()
    otherwise: tuple[Status, ...] = ("partly", "not", "could_not")


class StoryGoal(Struct, frozen=True):
    """A goal, its steps with the days ago on which they were done (None: not yet)."""

    what: str
    why: str
    steps: tuple[tuple[str, int | None], ...] = ()
    reached: int | None = None


class StoryTopic(Struct, frozen=True):
    """Something to talk about, and when it was."""

    ago: int
    text: str
    talked: int | None = None


class StoryChange(Struct, frozen=True):
    """A later change of the plan: by the covering therapist or by the client's own."""

    ago: int
    introduction: str = ""
    safety: tuple[tuple[SafetyPart, str, str], ...] = ()
    pause: tuple[int, str] | None = None
    covering: bool = False


class Story(Struct, frozen=True):
    """Somebody invented, and what they live through.

    `began`: how many days ago care began; `every`: days between sessions. `offline`: from and to how many days ago
    their device had no network (to None: until the demo begins). `quiet`: when they wrote nothing at all. `checks`: the
    path of their check-ins, 0 (no burden) to 10, empty for none; `evening`: answers to the practice's own
    questions. `again`: what they write while the demo runs.
    """

    name: str
    began: int
    reason: str
    entries: tuple[StoryEntry, ...]
    trackers: tuple[StoryTracker, ...] = ()
    zone: str = "Europe/Berlin"
    hour: float = 21.2
    every: int = 7
    session_hour: int = 10
    missed: tuple[int, ...] = ()
    cancelled: tuple[int, ...] = ()
    phases: tuple[tuple[int, Phase], ...] = ()
    introduction: str = ""
    questions: tuple[StoryQuestion, ...] = ()
    safety: tuple[tuple[SafetyPart, str, str], ...] = ()
    checks: Path = ()
    checks_every: int = 11
    evening: tuple[tuple[int, tuple[int, ...]], ...] = ()
    forms: tuple[StoryForm, ...] = ()
    homework: tuple[StoryHomework, ...] = ()
    goals: tuple[StoryGoal, ...] = ()
    topics: tuple[StoryTopic, ...] = ()
    resources: tuple[str, ...] = ()
    notes: tuple[tuple[int, str], ...] = ()
    seen: tuple[tuple[int, str], ...] = ()
    changes: tuple[StoryChange, ...] = ()
    offline: tuple[tuple[int, int | None], ...] = ()
    quiet: tuple[tuple[int, int], ...] = ()
    again: tuple[str, ...] = ()
    devices: int = 1
    covered: bool = False


def level(path: Path, ago: float) -> float:
    """The level of a path so many days ago; before its first and after its last point, the level there."""
    first, level_before = path[0]
    if ago >= first:
        return level_before
    for then, at in path[1:]:
        if ago >= then:
            return level_before + (at - level_before) * (first - ago) / (first - then)
        first, level_before = then, at
    return level_before
