"""A process that ends by SIGKILL at a named point of the product's code, which knows nothing of it.

The point is a function: before it begins, once it has done its work, or a moment into it. Calls are counted while the
file `armed` is there, so that a start goes through in peace.
"""

from __future__ import annotations

import functools
import inspect
import os
import signal
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from msgspec import Struct


class Point(Struct, frozen=True):
    """`where` is `module:function` or `module:Class.method`; `of` is part of an argument, as text, if given."""

    name: str
    where: str
    when: str = "before"
    """`before`, `after` or `within`."""
    call: int = 1
    of: str = ""

    def program(self, armed: Path) -> str:
        """Python that arms it in a process."""
        return f"from tests.end_to_end.support import dying\ndying.arm(dying.{self!r}, {str(armed)!r})"


def arm(point: Point, armed: str = "") -> None:
    """Have this process end there. Without a file every call counts."""
    module, _, path = point.where.partition(":")
    owner: Any = import_module(module)
    *classes, name = path.split(".")
    for one in classes:
        owner = getattr(owner, one)
    setattr(owner, name, _wrapped(getattr(owner, name), point, armed))


def _wrapped(function: Callable[..., Any], point: Point, armed: str) -> Callable[..., Any]:
    calls = 0

    def dies_in(given: tuple[Any, ...]) -> bool:
        nonlocal calls
        if armed and not Path(armed).exists():
            return False
        if point.of and not any(point.of in str(one) for one in given):
            return False
        calls += 1
        return calls >= point.call

    @functools.wraps(function)
    def plain(*given: Any, **named: Any) -> Any:
        dies = dies_in(given)
        _begin(point, dies)
        result = function(*given, **named)
        _end(point, dies)
        return result

    @functools.wraps(function)
    async def waiting(*given: Any, **named: Any) -> Any:
        dies = dies_in(given)
        _begin(point, dies)
        result = await function(*given, **named)
        _end(point, dies)
        return result

    return waiting if inspect.iscoroutinefunction(function) else plain


def _begin(point: Point, dies: bool) -> None:
    if dies and point.when == "before":
        _die()
    if dies and point.when == "within":
        threading.Timer(0.0003, _die).start()


def _end(point: Point, dies: bool) -> None:
    if dies and point.when != "before":
        _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
