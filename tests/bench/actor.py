"""An object in a process of its own, so that its CPU is its own: `acting(Cls, *arguments)`.

The class is a context manager; its methods are called by name, with values that can be pickled, one at a time.
"""

from __future__ import annotations

import multiprocessing
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from multiprocessing.connection import Connection
from typing import Any

ANSWER_WITHIN = 1_800.0
END_WITHIN = 20.0


class ActorFailed(Exception):
    """What was called has raised; the text is its traceback."""


class Actor:
    """The process. One thread uses it."""

    def __init__(self, pipe: Connection, pid: int) -> None:
        self._pipe = pipe
        self.pid = pid

    def call(self, name: str, *arguments: Any) -> Any:
        """Call a method and wait for what it returns. Raises `ActorFailed`."""
        self.ask(name, *arguments)
        return self.answer()

    def ask(self, name: str, *arguments: Any) -> None:
        """Call a method without waiting; `answer` has what it returns."""
        self._pipe.send((name, arguments))

    def answer(self, within: float = ANSWER_WITHIN) -> Any:
        """What the method that was asked for returned. Raises `ActorFailed`."""
        if not self._pipe.poll(within):
            raise ActorFailed(f"no answer within {within:.0f} s")
        returned, value = self._pipe.recv()
        if not returned:
            raise ActorFailed(value)
        return value


@contextmanager
def acting(make: Callable[..., AbstractContextManager[Any]], *arguments: Any) -> Iterator[Actor]:
    """Make the object in a new process, and leave it at the end of the block."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_act, args=(theirs, make, arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        assert process.pid is not None
        actor = Actor(ours, process.pid)
        actor.answer()
        yield actor
        ours.send(None)
        process.join(END_WITHIN)
    finally:
        process.kill()
        process.join()
        ours.close()


def _act(pipe: Connection, make: Callable[..., AbstractContextManager[Any]], arguments: tuple[Any, ...]) -> None:
    try:
        with make(*arguments) as one:
            pipe.send((True, None))
            while (message := pipe.recv()) is not None:
                name, given = message
                try:
                    value = getattr(one, name)(*given)
                except Exception:  # noqa: BLE001 - told to whoever called
                    pipe.send((False, traceback.format_exc()))
                else:
                    pipe.send((True, value))
    except EOFError:  # whoever called is gone
        pass
    except Exception:  # noqa: BLE001
        pipe.send((False, traceback.format_exc()))
