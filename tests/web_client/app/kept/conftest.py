"""A place for the figures of what stays on a device."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Note = Callable[[str], None]


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Note:
    """Keeps a line of figures, which the run prints at its end."""
    return lambda line: record_property("figures", line)
