"""What of a timeline is shown: which kinds, which days, from which place on; and the addresses of that. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from msgspec import Struct

from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind
from intersession_server.language.language import say
from intersession_server.projections.timeline.values import KINDS
from intersession_server.projections.windows import Place, place_text, read_bound

KindName = Literal[
    "all",
    "journal",
    "symptoms",
    "homework",
    "assessments",
    "sessions",
    "goals",
    "topics",
    "resources",
    "comments",
    "signals",
]
GROUPS: dict[KindName, tuple[Kind, ...]] = {
    "journal": (Kind.JOURNAL_ENTRY,),
    "symptoms": (Kind.SYMPTOM_LOG,),
    "homework": (Kind.HOMEWORK, Kind.HOMEWORK_PROGRESS, Kind.HOMEWORK_REVIEW),
    "assessments": (Kind.ASSESSMENT,),
    "sessions": (Kind.SESSION, Kind.EPISODE),
    "goals": (Kind.GOAL,),
    "topics": (Kind.TOPIC,),
    "resources": (Kind.RESOURCE,),
    "comments": (Kind.COMMENT,),
    "signals": (Kind.ACKNOWLEDGEMENT,),
}
_GIVEN = r"(kind|since|until|before|after)=[A-Za-z0-9_=%-]{1,200}"
_TIMELINE = re.compile(rf"/timeline(\?{_GIVEN}(&{_GIVEN}){{0,4}})?")
"""An address of a timeline; never what was searched for."""


class Filter(Struct, frozen=True):
    """What is asked for: a group of kinds, and the first and the last local day."""

    kind: KindName = "all"
    since: date | None = None
    until: date | None = None

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of documents."""
        return KINDS if self.kind == "all" else GROUPS[self.kind]

    @property
    def query(self) -> dict[str, str | None]:
        """What an address says of it; None where it says nothing."""
        return {
            "kind": None if self.kind == "all" else self.kind,
            "since": None if self.since is None else self.since.isoformat(),
            "until": None if self.until is None else self.until.isoformat(),
        }


def read_day(field: str, text: str | None) -> date | None:
    """A local day as a date field sends it; None for none. Raises `InvalidField` for anything else."""
    if not text:
        return None
    found = read_bound(field, text)
    if len(text) != len("2020-03-16"):
        raise InvalidField(say("%(field)s must be a day, such as 2020-03-16.", field=field))
    return found


def group_words(name: KindName) -> str:
    """What a group of kinds is called."""
    match name:
        case "all":
            return say("Everything")
        case "journal":
            return say("Journal")
        case "symptoms":
            return say("Symptom logs")
        case "homework":
            return say("Homework")
        case "assessments":
            return say("Assessments")
        case "sessions":
            return say("Sessions")
        case "goals":
            return say("Goals")
        case "topics":
            return say("Topics")
        case "resources":
            return say("Resources")
        case "comments":
            return say("Comments")
        case "signals":
            return say("Acknowledged signals")


def pills(here: str, chosen: Filter) -> list[tuple[str, str, bool]]:
    """A choice for each group, which keeps the days: address, words, whether it is the current one."""
    names: Sequence[KindName] = ("all", *GROUPS)
    return [
        (address(here, Filter(name, chosen.since, chosen.until)), group_words(name), name == chosen.kind)
        for name in names
    ]


EVERYTHING = Filter()


def address(here: str, chosen: Filter = EVERYTHING, **more: str | None) -> str:
    """The address of a timeline; `here` is that of the client. `more` is as it stands in an address, quoted."""
    given = "&".join(f"{name}={value}" for name, value in {**chosen.query, **more}.items() if value is not None)
    return f"{here}/timeline" + (f"?{given}" if given else "")


def anchor(id_: UUID) -> str:
    """The id that an item has on the page."""
    return f"item-{id_}"


def place_address(here: str, moment: int, id_: UUID) -> str:
    """The address of the timeline where it begins with one item, and of the item on it."""
    return f"{address(here, before=place_text(just_above(moment, id_)))}#{anchor(id_)}"


def just_above(moment: int, id_: UUID) -> Place:
    """The place behind which a list, newest first, begins with this one."""
    # Of one moment the highest id comes first. Nothing is above the last id; what is older than a moment begins there.
    return Place(moment, UUID(int=id_.int + 1)) if id_.int < 2**128 - 1 else Place(moment + 1, UUID(int=0))


def back_to(client: UUID, given: str) -> str:
    """The page of a timeline that a form was sent from; the newest page where that is no such address."""
    here = f"/clients/{client}"
    return given if _TIMELINE.fullmatch(given.removeprefix(here)) and given.startswith(here) else f"{here}/timeline"
