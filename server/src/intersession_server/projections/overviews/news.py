"""What of a client came after a row: counted, up to a bound, by what it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

import msgspec

from intersession_server.projections.overviews.overview import MOST_NEW, NewItems
from intersession_server.storage.engine import SerialEngine

_FIELDS = {
    "assessment": "assessments",
    "homework_progress": "homework_reports",
    "topic": "topics",
    "comment": "comments",
}
_NEWS = (
    "WITH asked AS (SELECT value ->> 0 AS client, value ->> 1 AS since FROM json_each(?))"
    " SELECT client, (SELECT count(*) FROM (SELECT 1 FROM entries e"
    "  WHERE e.client = asked.client AND e.seq > asked.since LIMIT ?)) AS entries,"
    " (SELECT count(*) FROM (SELECT 1 FROM symptom_logs l"
    "  WHERE l.client = asked.client AND l.seq > asked.since LIMIT ?)) AS logs,"
    " (SELECT json_group_array(kind) FROM (SELECT kind FROM records r"
    "  WHERE r.client = asked.client AND r.last_seq > asked.since AND r.changed_by = r.client"
    "  AND kind IN ('assessment', 'homework_progress', 'topic', 'comment')"
    "  AND (kind <> 'assessment' OR json_array_length(model, '$.completions') > 0) LIMIT ?)) AS kinds"
    " FROM asked"
)


async def news(engine: SerialEngine, since: Mapping[UUID, int]) -> dict[UUID, NewItems]:
    """What came of each of these clients after the row that is given with them."""
    if not since:
        return {}
    asked = msgspec.json.encode([(str(client), row) for client, row in since.items()]).decode()
    rows = await engine.statement(_NEWS, [asked, MOST_NEW, MOST_NEW, MOST_NEW])
    found = {}
    for row in rows:
        kinds = Counter(msgspec.json.decode(row["kinds"], type=list[str]))
        of_records = {_FIELDS[kind]: number for kind, number in kinds.items()}
        found[UUID(row["client"])] = NewItems(entries=row["entries"], symptom_logs=row["logs"], **of_records)
    return found
