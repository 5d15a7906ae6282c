"""What a search finds of one client: places on the timeline, by the index of everything that is shown."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from intersession_schemas import search_words
from intersession_schemas.streams import Kind
from intersession_server.projections.read_models import model_of
from intersession_server.projections.searching import text_index
from intersession_server.projections.searching.words import record_parts
from intersession_server.projections.tables import Entry
from intersession_server.projections.timeline.rows import content, fitting
from intersession_server.projections.timeline.values import FoundRow, TimelineContent, TimelineRow
from intersession_server.storage.engine import SerialEngine
from intersession_server.work import effort

EVERYTHING = (-(2**58), 2**58)


async def search(
    client: UUID, query: str, kinds: Sequence[Kind], limit: int, after: str | None = None
) -> tuple[list[FoundRow], TimelineContent, str | None]:
    """What holds every word of `query`, newest first, each with the passage that shows it; what is around it, and
    where the next page begins. Raises `InvalidField`."""
    runs = search_words.sought(query)
    engine = Entry._meta.db  # noqa: SLF001 - Piccolo tells it nowhere else
    assert isinstance(engine, SerialEngine)
    places, following = await text_index.find(engine, client, runs, EVERYTHING, limit, after, kinds)
    rows = [TimelineRow(one.kind, one.moment, one.id) for one in places]
    fits = await fitting(rows)
    if fits < len(rows):
        rows, following = rows[:fits], await text_index.cursor_of(engine, rows[fits - 1].id)
    around = await content(client, rows)
    return await effort.in_thread(lambda: _shown(rows, around, runs)), around, following


def _shown(rows: Sequence[TimelineRow], around: TimelineContent, runs: search_words.Sought) -> list[FoundRow]:
    shown = []
    for row in rows:
        parts = _parts(row, around)
        if parts is not None:
            passage = search_words.passage(parts, runs)
            shown.append(FoundRow(row, passage.text, passage.spans))
    return shown


def _parts(row: TimelineRow, around: TimelineContent) -> Sequence[str] | None:
    """The texts that it is found by, as they are now."""
    if (entry := around.entries.get(row.id)) is not None:
        return search_words.parts_of(entry.text, entry.sections, entry.tags)
    if (log := around.logs.get(row.id)) is not None:
        return [log.note]
    view = around.records.get(row.id)
    return None if view is None else record_parts(model_of(view))
