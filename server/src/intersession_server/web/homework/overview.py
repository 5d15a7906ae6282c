"""All homework of a client at a glance, and what was said of single reports, prepared. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from uuid import UUID

from msgspec import Struct

from intersession_server.language.language import say
from intersession_server.projections.read_models import CommentView, HomeworkView
from intersession_server.web.client.homework_views import (
    SIGNS,
    HomeworkCard,
    Tally,
    homework_card,
    is_ended,
    state_words,
)
from intersession_server.web.client.last_change import LastChanges
from intersession_server.web.page.prose import FoldedText, prose

MOST_CURRENT = 30
"""Assignments going on that are shown; the list of records has them all."""
ENDED_PER_PAGE = 10


class ReportComment(Struct, frozen=True):
    """What somebody said of a report."""

    id: UUID
    by: str
    at: datetime
    text: FoldedText


class HomeworkOverview(Struct, frozen=True, kw_only=True):
    """Assignments going on, a page of those that ended, and what became of all in the last seven days."""

    current: list[HomeworkCard]
    current_in_all: int
    ended: list[HomeworkCard]
    ended_in_all: int
    page: int
    pages: int
    week: list[Tally]
    new_reports: int


def overview(views: Sequence[HomeworkView], today: date, last: LastChanges, page: int) -> HomeworkOverview:
    """The newest assignments first; `page` (from 1) is that of those that ended."""
    current = [one for one in views if not is_ended(one.homework, today)]
    ended = [one for one in views if is_ended(one.homework, today)]
    pages = max(-(-len(ended) // ENDED_PER_PAGE), 1)
    shown = min(max(page, 1), pages)
    first = (shown - 1) * ENDED_PER_PAGE
    cards = [homework_card(one, today, last.words(one), last.names) for one in current[:MOST_CURRENT]]
    return HomeworkOverview(
        current=cards,
        current_in_all=len(current),
        ended=[homework_card(one, today, last.words(one), last.names) for one in ended[first : first + ENDED_PER_PAGE]],
        ended_in_all=len(ended),
        page=shown,
        pages=pages,
        week=_together(cards),
        new_reports=sum(one.new_reports for one in cards),
    )


def _together(cards: Sequence[HomeworkCard]) -> list[Tally]:
    counted: Counter[str] = Counter()
    for card in cards:
        for one in card.week:
            counted[one.state] += one.number
    return [Tally(state, sign, state_words(state), counted[state]) for state, sign in SIGNS.items() if counted[state]]


def comments_shown(
    said: Mapping[UUID, Sequence[CommentView]], names: Mapping[UUID, str], zone: tzinfo
) -> Mapping[UUID, list[ReportComment]]:
    """What was said of each report, the oldest first, at times of the client's clock."""
    return {
        about: [_comment(one, names, zone) for one in reversed(comments) if one.comment.text.strip()]
        for about, comments in said.items()
    }


def _comment(view: CommentView, names: Mapping[UUID, str], zone: tzinfo) -> ReportComment:
    at = (view.comment.made_at or view.arrived_at).astimezone(zone)
    return ReportComment(view.id, names.get(view.author) or say("Somebody"), at, prose(view.comment.text))
