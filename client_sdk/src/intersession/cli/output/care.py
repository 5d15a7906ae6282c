"""What the command prints of plans, homework, goals and progress: lines for people, small pictures of series."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from intersession.cli.output.printing import moment
from intersession.models.measures import Progress, ScorePoint
from intersession.models.private import VaultStatus, Withdrawal
from intersession.models.records import Assignment, Due, Goal, HomeworkProgress, Plan, Resource, SafetyStep, Topic
from intersession.models.symptoms import Point
from intersession_schemas.documents.care.adherence import Adherence, OccurrenceView

_INDENT = "    "
_MARKS = {"done": "●", "partly": "◐", "not": "○", "could_not": "–", "paused": "‖", "open": "·", "unanswered": "?"}
_WORDS = {"could_not": "could not"}
_BARS = "▁▂▃▄▅▆▇█"
_SHOWN = 14
"""Occurrences and values that a line shows."""
_SAFETY = {
    "warning_signs": "Warning signs",
    "on_my_own": "What I can do on my own",
    "people_and_places": "People and places that take my mind off it",
    "people_to_ask": "People I can ask for help",
    "professionals": "Professionals and services",
    "safe_place": "Making my surroundings safe",
}


def due(one: Due) -> str:
    """Something to do, in one line."""
    # A time after midnight may be of the day before, where days do not begin at midnight.
    day = f"{one.at:%Y-%m-%d %H:%M}" if one.timed else str(one.day)
    mark = "  (overdue)" if one.overdue else "  (reminder)" if one.reminder else ""
    return f"{day}  {one.title}{mark}"


def plan(one: Plan) -> str:
    """A plan with all that is in it."""
    lines = [one.introduction] if one.introduction else []
    if one.sections:
        lines += ["Journal", *(f"{_INDENT}{section.prompt}" for section in one.sections.values())]
    if one.trackers:
        lines.append("Symptoms to track")
        for tracker in one.trackers.values():
            lines.append(f"{_INDENT}{tracker.name}, {tracker.low} to {tracker.high}: {rule(tracker.rule)}")
    if one.pauses:
        lines.append("Pauses")
        for pause in one.pauses.values():
            lines.append(f"{_INDENT}{pause.first} to {pause.last or 'further notice'} ({pause.reason})")
    if one.day_begins:
        lines.append(f"The day begins at {one.day_begins:02}:00.")
    if one.safety_plan:
        lines.append("There is a safety plan: intersession safety-plan")
    lines += [f"[{problem}]" for problem in one.problems]
    return "\n".join(lines) or "The plan is empty so far."


def safety(given: Sequence[SafetyStep]) -> list[str]:
    """A safety plan, part by part."""
    lines = []
    for part, heading in _SAFETY.items():
        steps = [step for step in given if step.part == part]
        if steps:
            lines.append(heading)
            lines += [_INDENT + "  ".join(filter(None, (step.text, step.contact))) for step in steps]
    return lines


def rule(text: str) -> str:
    """When something recurs, in words where they are short."""
    words = {"DAILY": "every day", "WEEKLY": "every week", "MONTHLY": "every month", "YEARLY": "every year"}
    return words.get(text.removeprefix("FREQ=").removesuffix(";SKIP=BACKWARD"), text)


def homework(one: Assignment) -> str:
    """An assignment with what became of it."""
    when = rule(one.rule) if one.rule else f"due {one.due}" if one.due else "any time"
    ended = f", ended {one.ended_on}" if one.ended_on else ""
    lines = [f"{one.what}  ({when}{ended}; {str(one.id)[:8]})"]
    if one.why:
        lines.append(f"{_INDENT}Why: {one.why}")
    if one.occurrences:
        lines.append(f"{_INDENT}{marks(one.occurrences)}")
    lines.append(f"{_INDENT}{adherence(one.adherence)}")
    reviews = [f"Your therapist: {each.decision.replace('_', ' ')}. {each.reason}" for each in one.reviews]
    lines += [_INDENT + each.rstrip() for each in reviews]
    lines += [f"{_INDENT}[{problem}]" for problem in one.problems]
    return "\n".join(lines)


def marks(occurrences: Sequence[OccurrenceView]) -> str:
    """The latest occurrences as marks, oldest first, with a word for each mark that is there."""
    shown = occurrences[-_SHOWN:]
    used = dict.fromkeys(one.state for one in shown)
    legend = ", ".join(f"{_MARKS[state]} {_WORDS.get(state, state)}" for state in used)
    return f"{' '.join(_MARKS[one.state] for one in shown)}   {legend}"


def adherence(one: Adherence) -> str:
    """How often, in counts."""
    if not one.counted and not one.could_not and not one.paused:
        return "Nothing to count yet."
    beside = [f"{one.could_not} could not" if one.could_not else "", f"{one.paused} paused" if one.paused else ""]
    not_counted = ", ".join(filter(None, beside))
    partly = f", {one.partly} partly" if one.partly else ""
    return f"{one.done} of {one.counted} done{partly}{f' ({not_counted}; not counted)' if not_counted else ''}"


def homework_progress(one: HomeworkProgress) -> str:
    """What was said of an occurrence."""
    ratings = [
        f"difficulty {one.difficulty}" if one.difficulty is not None else "",
        f"helpfulness {one.helpfulness}" if one.helpfulness is not None else "",
    ]
    said = ", ".join(filter(None, [one.status.replace("_", " "), *ratings]))
    learned = f"\n{_INDENT}{one.learned}" if one.learned else ""
    corrected = f"  corrected, was {one.earlier[-1].status.replace('_', ' ')}" if one.earlier else ""
    return f"{one.occurrence}  {said}{'  synced later' if one.late else ''}{corrected}{learned}"


def goal(one: Goal) -> str:
    """A goal with its steps."""
    state = {"open": "", "reached": "reached, ", "let_go": "let go, "}[one.state]
    lines = [f"{one.what}  ({state}{str(one.id)[:8]})"]
    if one.why:
        lines.append(f"{_INDENT}{one.why}")
    for number, step in enumerate(one.steps, start=1):
        lines.append(f"{_INDENT}{number} {'✓' if step.done_on else '·'} {step.text}")
    return "\n".join(lines)


def topic(one: Topic) -> str:
    """What to talk about, and the day it was ticked off."""
    mark = f"talked about on {one.talked_on}, " if one.talked_on is not None else ""
    return f"{one.text}  ({mark}{str(one.id)[:8]})"


def score(one: ScorePoint) -> str:
    """A score among others, compared with the last one."""
    value = f"{one.value} ({one.low} to {one.high})" if one.value is not None else one.why or "no score"
    band = f", {one.band}" if one.band else ""
    last = f"; since the last one: {one.last.words}" if one.last is not None else ""
    return f"{one.at:%Y-%m-%d}  {one.title}, {one.label}: {value}{band}{last}"


def resource_line(one: Resource) -> str:
    """A resource in one line."""
    helped = {True: "  helped", False: "  did not help", None: ""}[one.helped]
    return f"{one.title}  ({str(one.id)[:8]}){helped}"


def resource(one: Resource) -> str:
    """A resource, to be read."""
    lines = [resource_line(one), *(_INDENT + line for line in one.text.splitlines())]
    lines += [f"{_INDENT}{number}. {step.text}" for number, step in enumerate(one.steps, start=1)]
    if one.link:
        lines.append(f"{_INDENT}{one.link}")
    return "\n".join(lines)


def progress(one: Progress) -> str:
    """Series as small pictures, homework as counts, goals, scores."""
    lines = [series(name, points) for name, points in sorted(one.series.items())]
    lines += [f"{what}: {adherence(counts)}" for _, what, counts in one.homework]
    lines += [goal(each) for each in one.goals]
    lines += [score(each) for each in one.scores]
    return "\n".join(lines) or "Nothing to show yet."


def series(name: str, points: Sequence[Point]) -> str:
    """The latest values of a series as bars, oldest first, with the lowest, the highest and the last."""
    values = [point.value for point in reversed(points[:_SHOWN])]
    low, high = min(values), max(values)
    steps = [0 if high == low else round((value - low) / (high - low) * (len(_BARS) - 1)) for value in values]
    return f"{name}  {''.join(_BARS[step] for step in steps)}  {low} to {high}, last {values[-1]}"


def withdrawal(one: Withdrawal) -> str:
    """How far a withdrawal has come."""
    said = {
        "waiting": "deleted here; the server is told at the next sync",
        "erased": "deleted here and at your practice",
        "kept": "deleted here and hidden from everybody; your practice has to keep it",
        "refused": "deleted here; the server refused, see `intersession status`",
    }[one.state]
    return f"{moment(one.asked_at)}  {said}{_read(one.read_at)}  ({one.id})"


def _read(at: Iterable[object]) -> str:
    days = list(dict.fromkeys(f"{one:%Y-%m-%d}" for one in at))
    return f". It may have been read on {', '.join(days)}" if days else ""


def vault(one: VaultStatus) -> str:
    """Where the vault stands."""
    said = {
        "none": "There is no vault: private entries stay on this device only.",
        "locked": "The vault is locked on this device: intersession vault unlock",
        "open": "The vault is unlocked: private entries are encrypted and synced between your devices.",
    }[one.state]
    waiting = f" {one.waiting} encrypted edits cannot be read until it is unlocked." if one.waiting else ""
    return f"{said}{waiting}{f' {one.unreadable} cannot be read.' if one.unreadable else ''}"
