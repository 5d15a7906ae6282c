"""What a document says, as the lines of its item on a timeline. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from intersession_schemas.documents.assessments.assessments import Assessment
from intersession_schemas.documents.care.comments import Acknowledgement, Comment
from intersession_schemas.documents.care.episodes import Episode
from intersession_schemas.documents.care.goals import Goal
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress, HomeworkReview
from intersession_schemas.documents.care.resources import Resource
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.documents.care.topics import Topic
from intersession_schemas.instruments import Instrument, labels
from intersession_schemas.instruments.scoring import ScaleScore
from intersession_schemas.measures.scores import scored
from intersession_schemas.measures.signals.signal import SignalKind
from intersession_server.language.language import count, current, say
from intersession_server.web.charts.scores import band_words, why_words
from intersession_server.web.page import phrases, recurrence
from intersession_server.web.page.prose import FoldedText, answer_words, prose
from intersession_server.web.signals.kinds import heading as signal_heading
from intersession_server.web.timeline.kinds import barrier_words, decision_words

LONGEST_HEADING = 90
MOST_ANSWERS = 30
_SIGNALS: frozenset[SignalKind] = frozenset({"risk", "deterioration", "missed_run", "silence", "not_accepted"})


class TimelineLine(Struct, frozen=True):
    """A line: what it is (empty: it needs no name), and what it says."""

    name: str
    text: FoldedText


class Body(Struct, frozen=True):
    """What an item says below its heading."""

    heading: str = ""
    lines: Sequence[TimelineLine] = ()
    link: str = ""


def body_of(model: Any, subject: Any, known: Mapping[str, Instrument]) -> Body:
    """What a document says. `subject` is what it is about; `known` are the instruments by key."""
    match model:
        case Homework():
            return Body(titled(model.what), [*_rest_of(model.what), *_line(say("Why"), model.why), *_when(model)])
        case HomeworkProgress():
            return Body(_homework_title(subject), _progress(model))
        case HomeworkReview():
            lines = [*_line(say("Decision"), decision_words(model.decision)), *_line(say("Reason"), model.reason)]
            return Body(_homework_title(subject), lines)
        case Assessment():
            instrument = known.get(model.instrument)
            return Body(
                model.instrument if instrument is None else labels.title(instrument, current().tag),
                _assessment(model, instrument),
            )
        case Session():
            return Body(count("%(n)s minute", "%(n)s minutes", model.minutes))
        case Episode():
            return Body("", [*_line(say("Phase"), _phase(model)), *_line(say("Reason"), model.reason)])
        case Goal():
            return Body(titled(model.what), [*_rest_of(model.what), *_goal(model)])
        case Topic():
            talked = "" if model.talked_on is None else say("Talked about on %(day)s", day=phrases.day(model.talked_on))
            return Body("", [*_line("", model.text), *_line("", talked)])
        case Resource():
            return Body(titled(model.title), [*_line("", model.text), *_steps(model)], model.link)
        case Comment():
            return Body("", [*_line("", model.text), *_line("", _helped(model))])
        case Acknowledgement():
            kind = model.signal.partition("/")[0]
            heading = signal_heading(kind) if kind in _SIGNALS else ""
            return Body(heading, _line(say("Note"), model.note))
        case _:
            return Body()


def titled(text: str) -> str:
    """The first line of a text, cut where it is long."""
    line = text.strip().partition("\n")[0]
    if len(line) <= LONGEST_HEADING:
        return line
    cut = line.rfind(" ", 0, LONGEST_HEADING)
    return f"{line[: cut if cut > LONGEST_HEADING // 2 else LONGEST_HEADING]}…"


def _rest_of(text: str) -> list[TimelineLine]:
    """The whole of a text of which the heading shows a part."""
    return [] if titled(text) == text.strip() else _line("", text)


def _line(name: str, text: str) -> list[TimelineLine]:
    return [TimelineLine(name, prose(text.strip()))] if text.strip() else []


def _homework_title(subject: Any) -> str:
    return titled(subject.what) if isinstance(subject, Homework) else ""


def _when(model: Homework) -> list[TimelineLine]:
    if model.rule:
        when = recurrence.rule(model.rule)
    elif model.due is not None:
        when = say("due %(day)s", day=phrases.day(model.due))
    else:
        when = say("whenever the client likes")
    ended = "" if model.ended_on is None else say("ends %(day)s", day=phrases.day(model.ended_on))
    return _line(say("When"), phrases.joined(when, ended))


def _progress(model: HomeworkProgress) -> list[TimelineLine]:
    found: list[TimelineLine] = []
    for one in model.answers[:MOST_ANSWERS]:
        found += _line(one.prompt, answer_words(one.value, one.label, one.unit))
    if model.difficulty is not None:
        found += _line(say("Difficulty, 0 to 10"), str(model.difficulty))
    if model.helpfulness is not None:
        found += _line(say("Helpfulness, 0 to 10"), str(model.helpfulness))
    found += _line(say("Learned"), model.learned)
    barrier = "" if model.barrier is None else barrier_words(model.barrier)
    return [*found, *_line(say("What got in the way"), phrases.joined(barrier, model.barrier_note, by=": "))]


def _goal(model: Goal) -> list[TimelineLine]:
    found = _line(say("Why"), model.why)
    for step in sorted(model.steps.values(), key=lambda one: one.order):
        done = "" if step.done_on is None else say("done %(day)s", day=phrases.day(step.done_on))
        found += _line(say("Step"), phrases.joined(step.text.strip(), done, by=" · "))
    match model.state:
        case "reached":
            found += _line(say("State"), say("reached"))
        case "let_go":
            found += _line(say("State"), say("let go"))
    return found


def _steps(model: Resource) -> list[TimelineLine]:
    steps = sorted(model.steps.values(), key=lambda one: one.order)
    return [told for step in steps[:MOST_ANSWERS] for told in _line(say("Step"), step.text)]


def _helped(model: Comment) -> str:
    match model.helped:
        case True:
            return say("This helped.")
        case False:
            return say("This did not help.")
        case _:
            return ""


def _phase(model: Episode) -> str:
    match model.phase:
        case "assessment":
            return say("assessment")
        case "treatment":
            return say("treatment")
        case "follow_up":
            return say("follow-up")
        case "ended":
            return say("ended")


def _assessment(model: Assessment, instrument: Instrument | None) -> list[TimelineLine]:
    if not model.completions:
        answered = count("%(n)s item answered so far", "%(n)s items answered so far", len(model.draft))
        return _line(say("Draft"), answered)
    found: list[TimelineLine] = []
    for completion in model.completions:
        result = None if instrument is None else scored(instrument, completion)
        if instrument is None or result is None:
            found += _line(say("Score"), say("no score: the instrument is not known here"))
            continue
        for scale in instrument.scales:
            found += _line(
                labels.scale_label(instrument, scale.key, current().tag), score_text(result.scale(scale.key))
            )
    if len(model.completions) > 1:
        found += _line("", count("Completed %(n)s time", "Completed %(n)s times", len(model.completions)))
    if model.administered_by is not None:
        found += _line("", say("Taken down by the care team, from paper or in an interview"))
    return found


def score_text(one: ScaleScore) -> str:
    """17 of 27, moderate; or why there is no score."""
    if one.score is None:
        return why_words(one)
    said = say("%(score)s of %(highest)s", score=phrases.number(one.score), highest=one.high)
    return phrases.joined(said, band_words(one))
