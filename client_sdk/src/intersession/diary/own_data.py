"""What export and import need of a tracker: all that is one's own."""

from __future__ import annotations

from typing import Protocol

from intersession.assessments.assessments import Assessments
from intersession.care.goals import Goals
from intersession.care.homework import Homework
from intersession.care.resources import Resources
from intersession.care.sessions import Sessions
from intersession.care.topics import OwnTopics
from intersession.diary.drafts import Drafts
from intersession.diary.journal import Journal
from intersession.diary.symptoms import Symptoms
from intersession.models.devices import Status
from intersession.models.records import Plan
from intersession.replica.replica import Replica
from intersession.replica.scope import Scope


class Own(Protocol):
    """A `Tracker`."""

    journal: Journal
    symptoms: Symptoms
    homework: Homework
    goals: Goals
    resources: Resources
    assessments: Assessments
    sessions: Sessions
    topics: OwnTopics
    drafts: Drafts
    _replica: Replica
    _scope: Scope

    def plan(self) -> Plan:
        """The plan."""

    def status(self) -> Status:
        """Where the store stands."""
