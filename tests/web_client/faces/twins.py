"""One story told twice: to the Python SDK, and to the faces of the core, each on a copy of one store.

What they answer is compared field by field. Ids, versions and the like are drawn at random on either side; so each is
compared by where it was met first: what is the same thing on one side has to be the same thing on the other.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import pytest
from tests.client_sdk.practice import SettableClock
from tests.web_client.peer import Peer, Refused

from intersession import IntersessionError, Tracker

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_DRAWN = re.compile(rf"{_UUID}|[0-9a-f]{{16}}|(?:[0-9a-f]{{64}})+")
_IN_UTC = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?)Z")
_COUNTED = 6
"""Bytes that tell the order; those that follow say of an id which version it is."""
Ask = Callable[..., Any]
"""Asks a `Tracker`, whose types are not looked at: that what is wrong is refused is to be seen."""


class Both(NamedTuple):
    """What the SDK answered, and what a face did."""

    sdk: Any
    face: Any


class Twins:
    """The two, on one clock."""

    def __init__(self, tracker: Tracker, peer: Peer, name: str, clock: SettableClock) -> None:
        self.tracker, self.peer = tracker, peer
        self._name, self.clock = name, clock
        self.words = ("", "")
        """What the two said of what they refused last."""
        self._met: tuple[dict[str, str], dict[str, str]] = ({}, {})

    def call(self, face: str, method: str, *given: Any) -> Any:
        """What a face answers."""
        now, zone = self.clock(), getattr(self.clock().tzinfo, "key", None)
        return self.peer.ask(
            "call", self._name, face=face, method=method, given=list(given), now=now.isoformat(), zone=zone
        )

    def both(self, ask: Ask, face: str, method: str, *given: Any) -> Both:
        """What both answer, which has to be the same."""
        sdk = ask(self.tracker)
        said = self.call(face, method, *given)
        self.compare(sdk, said)
        return Both(sdk, said)

    def refused(self, ask: Ask, face: str, method: str, *given: Any) -> str:
        """Both refuse it, with the same code; which one."""
        with pytest.raises(IntersessionError) as of_sdk:
            ask(self.tracker)
        with pytest.raises(Refused) as of_face:
            self.call(face, method, *given)
        assert of_face.value.code == of_sdk.value.code, (str(of_sdk.value), str(of_face.value))
        self.words = str(of_sdk.value), str(of_face.value)
        return of_face.value.code

    def either(self, ask: Ask, face: str, method: str, *given: Any) -> Both | None:
        """What both answer; null where both refuse it, with the same code."""
        try:
            sdk = ask(self.tracker)
        except IntersessionError as problem:
            self.refused(_raising(problem), face, method, *given)
            return None
        said = self.call(face, method, *given)
        self.compare(sdk, said)
        return Both(sdk, said)

    def save(self, file: Path) -> None:
        """Write the store of the faces into a file."""
        self.peer.save(file, self._name)

    def compare(self, sdk: Any, face: Any) -> None:
        """Fail where they are not the same."""
        expected = self._told(plain(sdk), self._met[0])
        found = self._told(plain(face), self._met[1])
        unlike = list(differences(expected, found))
        assert not unlike, unlike

    def _told(self, value: Any, met: dict[str, str]) -> Any:
        match value:
            case dict():
                return {self._told(name, met): self._told(one, met) for name, one in sorted(value.items())}
            case list():
                return [self._told(one, met) for one in value]
            case str() if _DRAWN.fullmatch(value):
                return met.setdefault(value, f"drawn {len(met)}")
        return value


def _raising(problem: IntersessionError) -> Ask:
    def ask(_: Tracker) -> None:
        raise problem

    return ask


def differences(expected: Any, found: Any, where: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where two answers differ, what was expected there, and what was found."""
    if isinstance(expected, dict) and isinstance(found, dict) and expected.keys() == found.keys():
        for name in expected:
            yield from differences(expected[name], found[name], f"{where}.{name}")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for number, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from differences(one, other, f"{where}[{number}]")
    elif expected != found or isinstance(expected, bool) is not isinstance(found, bool):
        yield where, expected, found


def plain(value: Any) -> Any:
    """An answer as JSON has it; moments in UTC with their offset written out."""
    match value:
        case msgspec.Struct():
            return plain(msgspec.structs.asdict(value))
        case tuple() if hasattr(value, "_asdict"):
            return plain(value._asdict())
        case dict():
            return {str(name): plain(one) for name, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
    told = msgspec.to_builtins(value)
    return _IN_UTC.sub(r"\1+00:00", told) if isinstance(told, str) else told


@contextmanager
def drawn_in_order() -> Iterator[None]:
    """What is drawn at random later comes after what was drawn before, here as in the core's entry.

    Else it is by chance in which order things stand that were written at once, or at one moment.
    """
    number, urandom = count(1), os.urandom

    def drawn(length: int) -> bytes:
        return (next(number).to_bytes(_COUNTED) + urandom(length))[:length]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.urandom", drawn)
        patch.setattr("secrets.token_bytes", drawn)
        yield


def at(text: str) -> datetime:
    """A moment, as clocks in Berlin show it."""
    return datetime.fromisoformat(text).astimezone(ZoneInfo("Europe/Berlin"))
