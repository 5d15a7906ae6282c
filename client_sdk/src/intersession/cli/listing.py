"""What commands have in common that list what may be long: `--limit`, `--after`, and how the list goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar
from uuid import UUID

import rich_click as click

from intersession.cli.output import printing as output


class _Named(Protocol):
    @property
    def id(self) -> UUID: ...


T = TypeVar("T", bound=_Named)
Command = Callable[..., Any]


def page_options(command: Command) -> Command:
    """`--limit` and `--after`."""
    limit = click.option("--limit", type=click.IntRange(min=0), default=None, help="Maximum number to list.")
    after = click.option(
        "--after", type=click.UUID, metavar="ID", default=None, help="Continue after the one with this id."
    )
    return limit(after(command))


def page(read: Callable[..., list[T]], limit: int | None, after: UUID | None) -> tuple[list[T], UUID | None]:
    """What the options ask for of the list that `read` reads, and after which one there is more, if there is."""
    found = read(limit=None if limit is None else limit + 1, after=after)
    if limit is None or len(found) <= limit:
        return found, None
    shown = found[:limit]
    return shown, shown[-1].id if shown else None


def show(found: Sequence[T], more: UUID | None, as_json: bool, text: Callable[[T], str], nothing: str) -> None:
    """Print a page, and how to go on."""
    if as_json:
        output.as_json(found)
    else:
        output.paragraphs([text(one) for one in found], nothing)
        tell(more)


def tell(more: UUID | None) -> None:
    """Print how to go on, if there is more."""
    if more is not None:
        output.say(f"There is more: --after={more}")
