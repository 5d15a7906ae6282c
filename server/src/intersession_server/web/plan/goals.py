"""Goals, resources and topics as the pages of a plan show them, prepared. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import get_args
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.care.goals import GoalState, GoalStep
from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.documents.care.resources import ResourceStep
from intersession_schemas.documents.care.topics import Topic
from intersession_server.language.language import say
from intersession_server.projections.read_models import GoalView, ResourceView
from intersession_server.web.client.plan_views import state_words, verdict_words
from intersession_server.web.page import phrases
from intersession_server.web.page.prose import FoldedText, prose
from intersession_server.web.plan.elements import ElementsShown, placed


class GoalShown(Struct, frozen=True, kw_only=True):
    """A goal that can be changed, and the words for what it says now."""

    id: UUID
    heads: Sequence[str]
    what: str
    why: str
    told: FoldedText
    state: GoalState
    state_words: str
    steps: ElementsShown[GoalStep]
    done: Mapping[str, str]
    changed: str
    problems: Sequence[str]


class TopicShown(Struct, frozen=True):
    """What the client wants to talk about, and the day it was ticked off."""

    id: UUID
    text: FoldedText
    made: str
    talked: str


class GoalsShown(Struct, frozen=True, kw_only=True):
    """A page of goals. `open` and `talked` are topics; `older` is where the goals go on."""

    goals: list[GoalShown]
    older: str | None
    states: list[tuple[str, str]]
    open: list[TopicShown]
    talked: list[TopicShown]
    more_topics: bool


class ResourceShown(Struct, frozen=True, kw_only=True):
    """A resource that can be changed. `attached`: what it is beside."""

    id: UUID
    heads: Sequence[str]
    title: str
    text: str
    told: FoldedText
    link: str
    tags: Sequence[str]
    steps: ElementsShown[ResourceStep]
    verdict: str
    attached: list[str]
    changed: str
    problems: Sequence[str]


class ResourcesShown(Struct, frozen=True, kw_only=True):
    """A page of resources."""

    resources: list[ResourceShown]
    older: str | None


def goal_shown(view: GoalView, changed: str) -> GoalShown:
    """A goal; `changed` says who changed it last."""
    goal = view.goal
    steps = placed(goal.steps)
    done = {one.id: "" if one.of.done_on is None else phrases.day(one.of.done_on) for one in steps.items}
    return GoalShown(
        id=view.id,
        heads=view.heads,
        what=goal.what,
        why=goal.why,
        told=prose(goal.why),
        state=goal.state,
        state_words=state_words(goal.state),
        steps=steps,
        done=done,
        changed=changed,
        problems=goal.problems,
    )


def goal_states() -> list[tuple[str, str]]:
    """Where a goal may stand."""
    return [(one, state_words(one)) for one in get_args(GoalState)]


def topic_shown(id_: UUID, topic: Topic, day: date | None) -> TopicShown:
    """A topic that was made on the client's `day`."""
    made = "" if day is None else phrases.day(day)
    talked = "" if topic.talked_on is None else phrases.day(topic.talked_on)
    return TopicShown(id_, prose(topic.text), made, talked)


def resource_shown(view: ResourceView, plan: Plan, changed: str) -> ResourceShown:
    """A resource, and what of the plan it is beside; `changed` says who changed it last."""
    resource = view.resource
    attached = [say("the safety plan")] if view.id in plan.safety_resources else []
    attached += [
        say("the tracker %(name)s", name=one.name) for one in plan.trackers.values() if view.id in one.resources
    ]
    return ResourceShown(
        id=view.id,
        heads=view.heads,
        title=resource.title,
        text=resource.text,
        told=prose(resource.text),
        link=resource.link,
        tags=resource.tags,
        steps=placed(resource.steps),
        verdict=verdict_words(view),
        attached=attached,
        changed=changed,
        problems=resource.problems,
    )
