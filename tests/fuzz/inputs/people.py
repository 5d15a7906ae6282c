"""Who is at the practice that hostile peers are let loose on, and what they may read: the same ids in every run."""

from __future__ import annotations

from uuid import UUID

from intersession_schemas.streams import Audience, Role


def id_of(number: int) -> UUID:
    """An id that is the same in every run."""
    return UUID(int=number << 64 | number, version=4)


CLIENT, THERAPIST = "client", "therapist"
"""What the hostile device's person is to the practice."""
ACCOUNTS = {CLIENT: id_of(1), THERAPIST: id_of(2)}
OTHER_CLIENT, READER, DEVICE, PRACTICE = id_of(3), id_of(4), id_of(5), id_of(6)
STREAMS = {audience: id_of(10 + number) for number, audience in enumerate(Audience)}
"""Of the client, and of the practice; the hostile account may read some of them."""
OTHER_RECORD = id_of(20)
RECORDS = {
    CLIENT: {STREAMS[Audience.RECORD], STREAMS[Audience.VAULT]},
    THERAPIST: {STREAMS[Audience.RECORD], STREAMS[Audience.CHART], STREAMS[Audience.LIBRARY]},
}
"""What may be read by whom."""
GRANTED = (
    (Audience.RECORD, CLIENT, Role.CLIENT),
    (Audience.VAULT, CLIENT, Role.CLIENT),
    (Audience.RECORD, THERAPIST, Role.PRIMARY),
    (Audience.CHART, THERAPIST, Role.PRIMARY),
    (Audience.LIBRARY, THERAPIST, Role.THERAPIST),
)
