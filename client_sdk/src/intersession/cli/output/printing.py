"""What the command prints: JSON for programs, lines for people. Values come in as the SDK's read models."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
import rich_click as click
from msgspec import Struct

from intersession.models.devices import Pairing, Status, SyncReport
from intersession.models.found import FoundEntry
from intersession.models.records import Entry
from intersession.models.symptoms import Point, SymptomLog
from intersession.protocol.problems import record_of
from intersession_schemas.documents.diary.symptoms import Number
from intersession_schemas.documents.names import name_key, tidy_name
from intersession_schemas.terminals import visible, visible_json

_INDENT = "    "


CLOCK_OFF = timedelta(minutes=5)
"""From here on a clock is off."""


class SymptomSummary(Struct, frozen=True):
    """One symptom that was noted: how often, and the newest value."""

    name: str
    count: int
    last: Point


def for_any_code_page() -> None:
    """Make standard input and output take every text: what the code page does not have is shown escaped, and what is
    no text in it ends no command before that has said so.
    """
    for stream, errors in (
        (sys.stdin, "surrogateescape"),
        (sys.stdout, "backslashreplace"),
        (sys.stderr, "backslashreplace"),
    ):
        if getattr(stream, "errors", None) == "strict" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def as_json(value: object) -> None:
    """Print a value as one JSON document, which it stays on any code page."""
    text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    if not (getattr(sys.stdout, "encoding", None) or "utf-8").lower().startswith("utf"):
        text = re.sub(r"[^\x00-\x7f]", lambda found: json.dumps(found[0])[1:-1], text)
    say(visible_json(text) if _is_seen() else text)


def say(text: str = "", *, err: bool = False) -> None:
    """Print text as `shown`, with a line feed."""
    click.echo(shown(text, err=err), err=err, color=True)  # else click takes escape sequences out of what is piped


def shown(text: str, *, err: bool = False) -> str:
    """Text as it goes out: a terminal is given nothing that it would do instead of showing, all else is as it is."""
    return visible(text) if _is_seen(err=err) else text


def _is_seen(*, err: bool = False) -> bool:
    stream = sys.stderr if err else sys.stdout
    return stream is not None and stream.isatty()


def moment(at: datetime) -> str:
    """Local as it was written, with its offset."""
    return at.isoformat(sep=" ", timespec="minutes")


def entry(one: Entry) -> str:
    """An entry with all it holds."""
    marks = [f"mood {one.mood}"] if one.mood is not None else []
    marks += [f"#{tag}" for tag in one.tags]
    marks += ["shared" if one.shared else "private"]
    marks += ["synced later"] if one.late else []
    marks += [f"time corrected, was {moment(one.earlier[-1])}"] if one.earlier else []
    lines = [f"{moment(one.written_at)}  {', '.join(marks)}  ({one.id})"]
    lines += [_INDENT + line for line in one.text.splitlines()]
    for section in one.sections:
        lines += [f"{_INDENT}{section.prompt}", *(2 * _INDENT + line for line in section.text.splitlines())]
    lines += [f"{_INDENT}[{problem}]" for problem in one.problems]
    return "\n".join(lines)


def hit(one: FoundEntry) -> str:
    """An entry that was found: its passage, with the matches in bold on a terminal. It is `shown` already."""
    parts, end = list[str](), 0
    for first, last in one.spans:
        match = shown(one.snippet[first:last])
        parts += [shown(one.snippet[end:first]), click.style(match, bold=True) if _is_seen() else match]
        end = last
    mark = "shared" if one.shared else "private"
    return f"{moment(one.written_at)}  {mark}  ({one.id})\n{_INDENT}{''.join(parts)}{shown(one.snippet[end:])}"


def log(one: SymptomLog) -> str:
    """A symptom log in one line."""
    values = " ".join(f"{name}={value}" for name, value in one.values.items())
    return f"{moment(one.at)}  {values}  {'shared' if one.shared else 'private'}"


def whole_log(one: SymptomLog) -> str:
    """A symptom log with its id, its note, and what it said before."""
    lines = [f"{log(one)}  ({one.id})", *(_INDENT + line for line in one.note.splitlines())]
    if one.corrected_at is not None:
        lines[0] += f"  corrected {moment(one.corrected_at)}"
    for was in one.earlier:
        values = " ".join(f"{name}={value}" for name, value in was.values.items())
        lines.append(f"{_INDENT}before: {moment(was.at)}  {values}")
    return "\n".join(lines)


def point(one: Point) -> str:
    """A value of a series."""
    return f"{moment(one.at)}  {one.value}{'  synced later' if one.late else ''}"


def scale(one: tuple[Number, Number] | None) -> str:
    """A scale as it is given."""
    return "none" if one is None else f"{one[0]}-{one[1]}"


def summaries(logs: Iterable[SymptomLog]) -> list[SymptomSummary]:
    """Each symptom of the logs (newest first), by name."""
    found: dict[str, list[Point]] = {}
    spelled: dict[str, str] = {}
    for one in logs:
        for name, value in one.values.items():
            key = name_key(name)
            spelled[key] = name  # the first spelling is the one that stays
            found.setdefault(key, []).append(Point(one.at, value, one.late, one.scale))
    return [
        SymptomSummary(tidy_name(name), len(found[key]), found[key][0])
        for key, name in sorted(spelled.items(), key=lambda one: one[1])
    ]


def summary(one: SymptomSummary) -> str:
    """A symptom in one line."""
    return f"{one.name}  {one.count} times, last {one.last.value} on {moment(one.last.at)}"


def pairing(one: Pairing) -> str:
    """Whose store this is now."""
    default = "is shared with your care team" if one.share_by_default else "stays private"
    return f"Paired with {one.practice} as {one.name}. What you write {default} unless you say otherwise."


def sync(one: SyncReport) -> str:
    """What a sync did."""
    end = "Everything is in sync." if one.complete else f"{one.reason} Everything you wrote is kept."
    refused = f" {one.refused} not accepted, see `intersession status`." if one.refused else ""
    return f"{_counted(one.pushed, 'change')} sent, {one.pulled} received.{refused} {end}"


def _span(one: timedelta) -> str:
    """About how long that is."""
    for unit, seconds in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if one.total_seconds() >= seconds:
            return _counted(round(one.total_seconds() / seconds), unit)
    return _counted(round(one.total_seconds()), "second")


def status(one: Status) -> str:
    """Where the store stands."""
    lines = ["Not paired yet." if one.paired is None else pairing(one.paired)]
    waits = "waits" if one.pending == 1 else "wait"
    waiting = f"{_counted(one.pending, 'change')} {waits} to be sent" if one.pending else "Nothing to send"
    since = f", the oldest since {moment(one.oldest_pending.astimezone())}" if one.oldest_pending else ""
    lines.append(f"{waiting}{since}.")
    contact = moment(one.last_contact.astimezone()) if one.last_contact else "never"
    lines.append(f"Last sync: {contact}.")
    if one.not_listed:
        what = _counted(one.not_listed, "document")
        lines.append(f"{what} received and not read yet: lists, search and charts are incomplete until then.")
    if one.clock_offset is not None and abs(one.clock_offset) >= CLOCK_OFF:
        ahead = "ahead of" if one.clock_offset > timedelta() else "behind"
        off = _span(abs(one.clock_offset))
        lines.append(f"This device's clock is {off} {ahead} the server's. Check its date and time.")
    if one.access_ended:
        lines.append("The practice has ended this device's access.")
    if one.last_error is not None:
        lines.append(f"Problem since {moment(one.last_error.at.astimezone())}: {one.last_error.message}")
    if one.problems:
        what = _counted(one.problems, "thing")
        lines.append(
            f"{what} that the server sent cannot be read. Update the app; if that does not help, tell the practice."
        )
    lines += [f"Stopped: {record_of(it)} cannot be exchanged ({it.code}). {it.message}" for it in one.stopped]
    for refusal in one.refusals:
        lines.append(f"Not accepted on {moment(refusal.at.astimezone())} ({refusal.code}): {refusal.message}")
        if refusal.text:
            lines.append("Its text is kept here:")
        lines += [_INDENT + line for line in refusal.text.splitlines()]
    return "\n".join(lines)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def paragraphs(parts: Sequence[str], nothing: str) -> None:
    """Print parts one after the other, or say that there is nothing."""
    say("\n".join(parts) if parts else nothing)


def hits(found: Iterable[FoundEntry], nothing: str) -> None:
    """Print what was found, or say that there is nothing."""
    click.echo("\n".join(map(hit, found)) or nothing, color=True)


def notes(lines: Sequence[str]) -> None:
    """Print lines that say more, if there are any."""
    for line in lines:
        say(line)
