"""What a search of a timeline shows: what was found, the passage that shows it, and where it is read whole. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from intersession_server.projections.timeline.values import FoundRow, TimelineContent
from intersession_server.web.page import phrases
from intersession_server.web.timeline.filters import place_address
from intersession_server.web.timeline.items import Surroundings, TimelineItem, item_of
from intersession_server.web.timeline.sought import Piece, pieces


class FoundItem(Struct, frozen=True):
    """Something that was found: as on the timeline, its passage, and its address there."""

    id: str
    item: TimelineItem
    day: str
    passage: list[Piece]
    address: str


def found_items(found: Sequence[FoundRow], content: TimelineContent, around: Surroundings) -> list[FoundItem]:
    """What was found, prepared; what has gone meanwhile is left out."""
    shown = []
    for one in found:
        item = item_of(one.row, content, around)
        if item is not None:
            passage = pieces(one.passage, one.spans)
            where = place_address(around.here, one.row.moment, one.row.id)
            shown.append(FoundItem(f"found-{one.row.id}", item, phrases.day(item.at), passage, where))
    return shown
