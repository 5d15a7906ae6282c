"""The order in which scores and signals are listed."""

from __future__ import annotations

from intersession_schemas.measures.scores import Measured
from intersession_schemas.measures.signals.signal import Signal
from intersession_schemas.records.instants import to_micros
from intersession_server.web.record.paging import SortKey


def place_of_score(one: Measured) -> SortKey:
    """A score's place in a list that begins with the newest: the highest first."""
    return to_micros(one.measured_at), to_micros(one.completed_at), str(one.completion), one.scale


def place_of_signal(one: Signal) -> SortKey:
    """A signal's place in a list that begins with the newest: the lowest first."""
    return -to_micros(one.arrived_at or one.at), one.id
