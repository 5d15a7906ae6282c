"""What each kind of thing on a timeline is called. Pure."""

from __future__ import annotations

from typing import Any, Literal

from intersession_schemas.documents.assessments.assessments import Assessment
from intersession_schemas.documents.care.homework import Barrier, Decision, HomeworkProgress
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.streams import Kind
from intersession_server.language.language import count, say

Sign = Literal["risk", "attention", "note", "good", "quiet"]
"""The kinds of badges (page/components.html)."""


def named(kind: Kind, model: Any = None, number: int = 1) -> str:
    """What a document is, with what became of it where that is said of its kind."""
    match model:
        case HomeworkProgress():
            return _progress(model)
        case Session():
            return _session(model)
        case Assessment(state="draft"):
            return say("Assessment in progress")
        case _:
            return _plainly(kind, number)


def _plainly(kind: Kind, number: int) -> str:
    match kind:
        case Kind.JOURNAL_ENTRY:
            return count("Journal entry", "%(n)s journal entries", number)
        case Kind.SYMPTOM_LOG:
            return count("Symptom log", "%(n)s symptom logs", number)
        case Kind.HOMEWORK | Kind.HOMEWORK_PROGRESS | Kind.HOMEWORK_REVIEW:
            return _of_homework(kind)
        case Kind.ASSESSMENT:
            return say("Assessment")
        case Kind.SESSION:
            return say("Session")
        case Kind.EPISODE:
            return say("Episode of care")
        case Kind.GOAL:
            return say("Goal")
        case Kind.TOPIC:
            return say("Topic for the session")
        case Kind.RESOURCE:
            return say("Resource")
        case Kind.COMMENT:
            return say("Comment")
        case _:
            return say("Signal acknowledged")


def _of_homework(kind: Kind) -> str:
    match kind:
        case Kind.HOMEWORK_PROGRESS:
            return say("Homework progress")
        case Kind.HOMEWORK_REVIEW:
            return say("Homework reviewed")
        case _:
            return say("Homework assigned")


def _progress(model: HomeworkProgress) -> str:
    match model.status:
        case "done":
            return say("Homework done")
        case "partly":
            return say("Homework partly done")
        case "not":
            return say("Homework not done")
        case "could_not":
            return say("Homework not possible")


def _session(model: Session) -> str:
    match model.state:
        case "planned":
            return say("Session planned")
        case "attended":
            return say("Session attended")
        case "missed":
            return say("Session missed")
        case "cancelled":
            return say("Session cancelled")


def sign(kind: Kind, model: Any = None) -> Sign:
    """How a kind is marked: what a client wrote by a full sign, what the care team did quietly."""
    match kind, model:
        case Kind.HOMEWORK_PROGRESS, HomeworkProgress(status="done"):
            return "good"
        case ((Kind.JOURNAL_ENTRY | Kind.SYMPTOM_LOG | Kind.HOMEWORK_PROGRESS | Kind.ASSESSMENT | Kind.TOPIC), _):
            return "note"
        case _:
            return "quiet"


def barrier_words(barrier: Barrier) -> str:
    """Why something was not done."""
    match barrier:
        case "forgot":
            return say("forgot")
        case "no_chance":
            return say("no chance")
        case "too_hard":
            return say("too hard")
        case "unclear":
            return say("unclear")
        case "felt_worse":
            return say("felt worse")
        case "no_point":
            return say("did not see the point")


def decision_words(decision: Decision) -> str:
    """What the care team decided about homework."""
    match decision:
        case "keep":
            return say("Kept as it is")
        case "adapt":
            return say("Adapted")
        case "step_up":
            return say("Stepped up")
        case "step_down":
            return say("Stepped down")
        case "replace":
            return say("Replaced")
        case "stop":
            return say("Stopped")
