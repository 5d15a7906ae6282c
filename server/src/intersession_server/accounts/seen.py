"""What each therapist has looked at of each client: up to which row of the record, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from intersession_server.accounts.database import SCHEMA
from intersession_server.accounts.tables import Seen
from intersession_server.storage.database import opened


async def note(therapist: UUID, client: UUID, through: int, at: datetime) -> bool:
    """Keep that a therapist has looked at a client's record up to a row; whether that is further than before.

    Nothing is written where it is not. Raises `StorageError`.
    """
    id_ = _id(therapist, client)
    held = await opened(SCHEMA).statement("SELECT through_row FROM seen WHERE id = ?", [str(id_)])
    if not held:
        row = Seen(id=id_, therapist=therapist, client=client, through_row=through, at=at)
        # Two pages may be opened at one moment: the second one finds the row of the first.
        await Seen.insert(row).on_conflict(target=Seen.id, action="DO NOTHING")
    elif held[0]["through_row"] >= through:
        return False
    further = (Seen.id == id_) & (Seen.through_row <= through)
    await Seen.update({Seen.through_row: through, Seen.at: at}).where(further)
    return True


async def seen_by(therapist: UUID, clients: Sequence[UUID] | None = None) -> dict[UUID, int]:
    """Up to which row a therapist has looked, of each client whom they have looked at; of these `clients`, if given."""
    if clients is not None and not clients:
        return {}
    query = Seen.select(Seen.client, Seen.through_row).where(Seen.therapist == therapist)
    if clients is not None:
        query = query.where(Seen.id.is_in([_id(therapist, client) for client in clients]))
    rows = await query
    return {row["client"]: int(row["through_row"]) for row in rows}


async def looked_at(therapist: UUID, client: UUID) -> datetime | None:
    """When a therapist looked at a client's record for the last time that there was anything new; None: never."""
    row = await Seen.select(Seen.at).where(Seen.id == _id(therapist, client)).first()
    return None if row is None else row["at"]


async def forget(therapist: UUID, client: UUID) -> None:
    """A therapist's assignment to a client has ended."""
    await Seen.delete().where((Seen.therapist == therapist) & (Seen.client == client))


def _id(therapist: UUID, client: UUID) -> UUID:
    return uuid5(therapist, str(client))
