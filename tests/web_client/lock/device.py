"""A device of the TypeScript core with a lock: a page whose worker has the store, and may be ended at any point."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

Json = dict[str, Any]


class Refused(Exception):
    """What a call was refused with, by its code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Device:
    """One origin's storage, seen through a page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def ask(self, call: str, **given: Any) -> Any:
        """What the worker answers. Raises `Refused`; a defect raises `AssertionError`."""
        said = self.page.evaluate("([call, given]) => ask(call, given)", [call, given])
        if "refused" in said:
            raise Refused(said["refused"], said["message"])
        assert "answer" in said, said.get("failed", said)
        return said["answer"]

    def ended_at(self, point: str, call: str, **given: Any) -> None:
        """Have a call come to a point, and end the worker there."""
        said = self.page.evaluate("([call, given]) => ask(call, given)", [call, {**given, "until": point}])
        assert said == {"point": point}, said

    def start(self, secret: Json | None = None) -> str:
        """A new worker with the store open, if it can be; returns the state that it began in."""
        self.end()
        state: str = self.ask("start")
        if state == "locked" and secret is not None:
            self.ask("unlock", secret=secret)
        if state != "locked" or secret is not None:
            self.ask("open")
        return state

    def end(self) -> None:
        self.page.evaluate("() => end()")

    def leaks(self, *texts: str) -> list[str]:
        """Those of the texts that any file of the origin holds. Ends the worker."""
        self.end()
        said = self.page.evaluate("(texts) => leaks(texts)", texts)
        assert said["bytes"] > 100_000, "there is no store to be searched"
        found: list[str] = said["found"]
        return found

    def spoil(self, name: str, at: int, other: int | None = None, length: int = 0) -> None:
        """Spoil a byte of one of the pool's files, or swap two pieces of it. Ends the worker."""
        self.end()
        self.page.evaluate("([name, ...where]) => spoil(name, ...where)", [name, at, other, length])
