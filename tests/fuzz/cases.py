"""What a fuzzer's target makes and runs, and how a case that failed is kept."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Protocol

import msgspec
from msgspec import Struct


class Broken(Exception):
    """The product did something that it promises never to do."""


class Case(Struct, frozen=True, omit_defaults=True):
    """One case, complete in itself: a number brings it about, but running it again needs nothing else.

    `inputs` are what a hostile peer sends, each with a word on how it is meant; `before` is what was there honestly.
    Whatever else chance decides while it runs, `seed` decides.
    """

    inputs: tuple[tuple[str, bytes], ...]
    before: tuple[bytes, ...] = ()
    kind: str = ""
    seed: int = 0


class Target(Protocol):
    """One place where the product takes what others have made."""

    def make(self, chance: Random) -> Case:
        """A case; the same for the same chance."""

    def run(self, case: Case) -> str:
        """Try it, and say in a word or two what came of it. Raises whatever the product should not have raised."""


class Kept(Struct, frozen=True, omit_defaults=True):
    """A case that failed, as a line of a file."""

    target: str
    seed: int
    number: int
    what: str
    where: str
    case: Case

    @property
    def alike(self) -> str:
        """The same for failures that are probably one fault."""
        return f"{self.target} {self.what.partition(':')[0]} {self.where}"


def chance_of(target: str, seed: int, number: int) -> Random:
    """The chance that brings a case about."""
    return Random(f"{target} {seed} {number}")


def told(error: BaseException) -> tuple[str, str]:
    """What happened, and where in the product: the innermost line of it."""
    frames = traceback.extract_tb(error.__traceback__)
    product = [one for one in frames if "/src/intersession" in one.filename.replace("\\", "/")] or frames
    last = product[-1] if product else None
    where = "" if last is None else f"{Path(last.filename).name}:{last.lineno} {last.name}"
    return f"{type(error).__name__}: {error}"[:500], where


def failure(target: str, run: Callable[[Case], str], case: Case, seed: int, number: int) -> Kept | None:
    """The case with what it did, if that should not have happened."""
    try:
        run(case)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - whatever it is, panics of Rust included, is what is looked for
        return Kept(target, seed, number, *told(error), case)
    return None


def keep(path: Path, found: Kept) -> None:
    """Add a case that failed to a file."""
    with path.open("ab") as file:
        file.write(msgspec.json.encode(found) + b"\n")


def kept_in(path: Path) -> list[Kept]:
    """The cases of such a file."""
    return [msgspec.json.decode(line, type=Kept) for line in path.read_bytes().splitlines() if line.strip()]
