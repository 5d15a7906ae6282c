"""Which episode of care a client is in, as a device decides it as well. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from intersession_schemas.documents.care.episodes import is_open
from intersession_schemas.measures.scores import SERVER
from intersession_server.projections.read_models import EpisodeView


def current_episode(views: Sequence[EpisodeView], today: date) -> EpisodeView | None:
    """The episode that is open today, of `views` the one begun last first: the first of them; the one that the server
    made with the record only where nobody has begun another."""
    opened = [one for one in views if is_open(one.episode, today)]
    return next((one for one in opened if not is_from_server(one)), opened[0] if opened else None)


def is_from_server(view: EpisodeView) -> bool:
    """Whether it came with the record, and nobody has written to it."""
    return view.changed_by == SERVER
