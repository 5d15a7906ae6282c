"""The app of the pages, made once for all tests of a process: making its 420 routes takes longer than most tests do.

Each test has services of its own, on a folder of its own, and seats them in the app. It keeps nothing itself but how
often it has warned, and which streams of events are open.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import Any, cast

import msgspec
from litestar import Litestar

from intersession_server.app import create_app
from intersession_server.services import Services

_made: dict[bytes, Litestar] = {}


def app_for(services: Services) -> Litestar:
    """The app for these settings, in front of these services, until others are given.

    A test that changes what routes are made from makes an app of its own, by `create_app`.
    """
    kind = msgspec.json.encode(msgspec.structs.replace(services.settings, data=""))
    if kind not in _made:
        hub, projector = (cast("Any", _Seated(kind, place)) for place in ("hub", "projector"))
        _made[kind] = create_app(replace(services, hub=hub, projector=projector))
    app = _made[kind]
    app.state.services = services
    for name, given in {"services": services, "operations": services.operations}.items():
        cast("Any", app.dependencies[name]).dependency = lambda given=given: given
    return app


class _Seated:
    """What the services that are seated have at a place of theirs."""

    def __init__(self, kind: bytes, place: str) -> None:
        self._kind = kind
        self._place = place

    def __getattr__(self, name: str) -> Any:
        place = f"{self._place}.{name}"
        if place == "projector.updates":  # routes take it when they are made, and ask it later
            return _Seated(self._kind, place)
        return reduce(getattr, place.split("."), _made[self._kind].state.services)
