from __future__ import annotations

from typing import get_args

from intersession_schemas.measures.signals.signal import SignalKind
from intersession_server.web.signals.kinds import heading, severity


def test_every_kind_is_called_something_and_presses_in_its_order() -> None:
    kinds = get_args(SignalKind)
    assert len({heading(kind) for kind in kinds}) == len(kinds)
    assert {severity(kind) for kind in kinds} == {"risk", "attention", "note"}
    assert severity("risk") == "risk"
