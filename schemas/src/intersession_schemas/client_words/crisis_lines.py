"""Whom to call in a crisis, by country: the emergency number, and lines that answer day and night.

A wrong number is worse than none: a country has what at least two independent places say, of which one is the line
itself, a public authority or its announcement; what could not be found so is left out. `looked_up` is shown with the
numbers. The places are in docs/reference/crisis-lines.md. What a practice's own resources say comes before all of this.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from msgspec import Struct


class CrisisLine(Struct, frozen=True, kw_only=True):
    """A line that answers day and night, under the name that it has there.

    `number` is written as it is dialled in that country. To `text` it, `word` is what the message has to say;
    empty where anything will do.
    """

    name: str
    number: str
    by: Literal["call", "text"] = "call"
    word: str = ""


class LocalHelp(Struct, frozen=True, kw_only=True):
    """Whom to call in one country (ISO 3166-1, two letters). `emergency`: the numbers for danger to life, best first.

    `looked_up`: the day on which the numbers were looked up last.
    """

    country: str
    emergency: tuple[str, ...]
    lines: tuple[CrisisLine, ...]
    looked_up: date


_LOOKED_UP = date(2026, 11, 30)


def _help(country: str, emergency: tuple[str, ...], *lines: CrisisLine) -> LocalHelp:
    return LocalHelp(country=country, emergency=emergency, lines=lines, looked_up=_LOOKED_UP)


def _line(name: str, number: str, by: Literal["call", "text"] = "call", word: str = "") -> CrisisLine:
    return CrisisLine(name=name, number=number, by=by, word=word)


LOCAL_HELP: Mapping[str, LocalHelp] = {
    one.country: one
    for one in (
        _help("AT", ("112", "144"), _line("Telefonseelsorge", "142")),
        _help("AU", ("000",), _line("Lifeline", "13 11 14")),
        _help(
            "CA",
            ("911",),
            _line("9-8-8 Suicide Crisis Helpline", "988"),
            _line("9-8-8 Suicide Crisis Helpline", "988", "text"),
        ),
        _help("CH", ("112", "144"), _line("Die Dargebotene Hand / La Main Tendue", "143")),
        _help(
            "DE",
            ("112",),
            _line("TelefonSeelsorge", "0800 1110111"),
            _line("TelefonSeelsorge", "0800 1110222"),
            _line("TelefonSeelsorge", "116 123"),
        ),
        _help("ES", ("112",), _line("Línea 024", "024")),
        _help("FR", ("112", "15"), _line("Numéro national de prévention du suicide", "3114")),
        _help("GB", ("999", "112"), _line("Samaritans", "116 123"), _line("Shout", "85258", "text", "SHOUT")),
        _help("IE", ("112", "999"), _line("Samaritans", "116 123")),
        _help("NL", ("112",), _line("113 Zelfmoordpreventie", "113"), _line("113 Zelfmoordpreventie", "0800 0113")),
        _help("NZ", ("111",), _line("1737, Need to talk?", "1737"), _line("1737, Need to talk?", "1737", "text")),
        _help(
            "US",
            ("911",),
            _line("988 Suicide & Crisis Lifeline", "988"),
            _line("988 Suicide & Crisis Lifeline", "988", "text"),
        ),
    )
}
"""By country."""


def local_help(country: str | None) -> LocalHelp | None:
    """Whom to call in a country; None for one that is not known here, and for none."""
    return LOCAL_HELP.get(country) if country is not None else None
