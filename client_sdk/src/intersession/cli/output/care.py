"""What the command prints of plans, homework, goals and progress: lines for people, small pictures of series."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import get_args

from intersession.cli.output.language import told
from intersession.cli.output.printing import moment
from intersession.models.measures import Progress, ScorePoint
from intersession.models.private import VaultStatus, Withdrawal
from intersession.models.records import Assignment, Due, Goal, HomeworkProgress, Plan, Resource, SafetyStep, Topic
from intersession.models.symptoms import Point
from intersession_schemas.documents.care.adherence import Adherence, OccurrenceView
from intersession_schemas.documents.care.plan import SafetyPart

_INDENT = "    "
_MARKS = {"done": "●", "partly": "◐", "not": "○", "could_not": "–", "paused": "‖", "open": "·", "unanswered": "?"}
_BARS = "▁▂▃▄▅▆▇█"
_SHOWN = 14
"""Occurrences and values that a line shows."""


def due(one: Due) -> str:
    """Something to do, in one line."""
    # A time after midnight may be of the day before, where days do not begin at midnight.
    day = f"{one.at:%Y-%m-%d %H:%M}" if one.timed else str(one.day)
    what = "overdue" if one.overdue else "reminder" if one.reminder else ""
    mark = f"  ({told(what)})" if what else ""
    return f"{day}  {one.title}{mark}"


def plan(one: Plan) -> str:
    """A plan with all that is in it."""
    lines = [one.introduction] if one.introduction else []
    if one.sections:
        lines += [told("journal"), *(f"{_INDENT}{section.prompt}" for section in one.sections.values())]
    if one.trackers:
        lines.append(told("symptoms to track"))
        for tracker in one.trackers.values():
            said = told("tracker", name=tracker.name, low=tracker.low, high=tracker.high, rule=rule(tracker.rule))
            lines.append(_INDENT + said)
    if one.pauses:
        lines.append(told("pauses"))
        for pause in one.pauses.values():
            last, reason = pause.last or told("further notice"), told(f"pause {pause.reason}")
            lines.append(_INDENT + told("pause", first=pause.first, last=last, reason=reason))
    if one.day_begins:
        lines.append(told("day begins", hour=f"{one.day_begins:02}:00"))
    if one.safety_plan:
        lines.append(told("there is a safety plan"))
    lines += [f"[{problem}]" for problem in one.problems]
    return "\n".join(lines) or told("plan is empty")


def safety(given: Sequence[SafetyStep]) -> list[str]:
    """A safety plan, part by part."""
    lines = []
    for part in get_args(SafetyPart):
        steps = [step for step in given if step.part == part]
        if steps:
            lines.append(told(f"part {part}"))
            lines += [_INDENT + "  ".join(filter(None, (step.text, step.contact))) for step in steps]
    return lines


def rule(text: str) -> str:
    """When something recurs, in words where they are short."""
    words = {"DAILY": "every day", "WEEKLY": "every week", "MONTHLY": "every month", "YEARLY": "every year"}
    key = words.get(text.removeprefix("FREQ=").removesuffix(";SKIP=BACKWARD"))
    return text if key is None else told(key)


def homework(one: Assignment) -> str:
    """An assignment with what became of it."""
    when = rule(one.rule) if one.rule else told("due on", day=one.due) if one.due else told("any time")
    ended = f", {told('ended on', day=one.ended_on)}" if one.ended_on else ""
    lines = [f"{one.what}  ({when}{ended}; {str(one.id)[:8]})"]
    if one.why:
        lines.append(_INDENT + told("why", why=one.why))
    if one.occurrences:
        lines.append(f"{_INDENT}{marks(one.occurrences)}")
    lines.append(f"{_INDENT}{adherence(one.adherence)}")
    reviews = [
        told("your therapist", decision=told(f"decision {each.decision}"), reason=each.reason) for each in one.reviews
    ]
    lines += [_INDENT + each.rstrip() for each in reviews]
    lines += [f"{_INDENT}[{problem}]" for problem in one.problems]
    return "\n".join(lines)


def marks(occurrences: Sequence[OccurrenceView]) -> str:
    """The latest occurrences as marks, oldest first, with a word for each mark that is there."""
    shown = occurrences[-_SHOWN:]
    used = dict.fromkeys(one.state for one in shown)
    legend = ", ".join(f"{_MARKS[state]} {told(f'occurrence {state}')}" for state in used)
    return f"{' '.join(_MARKS[one.state] for one in shown)}   {legend}"


def adherence(one: Adherence) -> str:
    """How often, in counts."""
    if not one.counted and not one.could_not and not one.paused:
        return told("nothing to count")
    beside = [told("so many could not", count=one.could_not)] if one.could_not else []
    beside += [told("so many paused", count=one.paused)] if one.paused else []
    partly = f", {told('so many partly', count=one.partly)}" if one.partly else ""
    not_counted = f" ({told('not counted', what=', '.join(beside))})" if beside else ""
    return f"{told('done of', done=one.done, counted=one.counted)}{partly}{not_counted}"


def homework_progress(one: HomeworkProgress) -> str:
    """What was said of an occurrence."""
    ratings = [
        told("difficulty", value=one.difficulty) if one.difficulty is not None else "",
        told("helpfulness", value=one.helpfulness) if one.helpfulness is not None else "",
    ]
    said = ", ".join(filter(None, [told(f"occurrence {one.status}"), *ratings]))
    learned = f"\n{_INDENT}{one.learned}" if one.learned else ""
    was = told(f"occurrence {one.earlier[-1].status}") if one.earlier else ""
    corrected = f"  {told('corrected from', was=was)}" if was else ""
    late = f"  {told('synced later')}" if one.late else ""
    return f"{one.occurrence}  {said}{late}{corrected}{learned}"


def goal(one: Goal) -> str:
    """A goal with its steps."""
    state = "" if one.state == "open" else f"{told(f'goal {one.state}')}, "
    lines = [f"{one.what}  ({state}{str(one.id)[:8]})"]
    if one.why:
        lines.append(f"{_INDENT}{one.why}")
    for number, step in enumerate(one.steps, start=1):
        lines.append(f"{_INDENT}{number} {'✓' if step.done_on else '·'} {step.text}")
    return "\n".join(lines)


def topic(one: Topic) -> str:
    """What to talk about, and the day it was ticked off."""
    mark = f"{told('talked about', day=one.talked_on)}, " if one.talked_on is not None else ""
    return f"{one.text}  ({mark}{str(one.id)[:8]})"


def score(one: ScorePoint) -> str:
    """A score among others, compared with the last one."""
    between = told("between", low=one.low, high=one.high)
    value = f"{one.value} ({between})" if one.value is not None else one.why or told("no score")
    band = f", {one.band}" if one.band else ""
    last = f"; {told('since the last one', words=one.last.words)}" if one.last is not None else ""
    return f"{one.at:%Y-%m-%d}  {one.title}, {one.label}: {value}{band}{last}"


def resource_line(one: Resource) -> str:
    """A resource in one line."""
    helped = "" if one.helped is None else f"  {told('helped' if one.helped else 'did not help')}"
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
    return "\n".join(lines) or told("nothing to show")


def series(name: str, points: Sequence[Point]) -> str:
    """The latest values of a series as bars, oldest first, with the lowest, the highest and the last."""
    values = [point.value for point in reversed(points[:_SHOWN])]
    low, high = min(values), max(values)
    steps = [0 if high == low else round((value - low) / (high - low) * (len(_BARS) - 1)) for value in values]
    return f"{name}  {''.join(_BARS[step] for step in steps)}  {told('series', low=low, high=high, last=values[-1])}"


def withdrawal(one: Withdrawal) -> str:
    """How far a withdrawal has come."""
    said = told(f"withdrawal {one.state}")
    return f"{moment(one.asked_at)}  {said}{_read(one.read_at)}  ({one.id})"


def _read(at: Iterable[object]) -> str:
    days = list(dict.fromkeys(f"{one:%Y-%m-%d}" for one in at))
    return f". {told('may have been read', days=', '.join(days))}" if days else ""


def vault(one: VaultStatus) -> str:
    """Where the vault stands."""
    said = [told(f"vault {one.state}")]
    said += [told("vault waiting", count=one.waiting)] if one.waiting else []
    said += [told("vault unreadable", count=one.unreadable)] if one.unreadable else []
    return " ".join(said)
