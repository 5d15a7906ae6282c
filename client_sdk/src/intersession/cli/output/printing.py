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

from intersession.cli.output.language import counted, told
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
    marks = [told("mood", mood=one.mood)] if one.mood is not None else []
    marks += [f"#{tag}" for tag in one.tags]
    marks += [told("shared" if one.shared else "private")]
    marks += [told("synced later")] if one.late else []
    marks += [told("time corrected", moment=moment(one.earlier[-1]))] if one.earlier else []
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
    mark = told("shared" if one.shared else "private")
    return f"{moment(one.written_at)}  {mark}  ({one.id})\n{_INDENT}{''.join(parts)}{shown(one.snippet[end:])}"


def log(one: SymptomLog) -> str:
    """A symptom log in one line."""
    values = " ".join(f"{name}={value}" for name, value in one.values.items())
    return f"{moment(one.at)}  {values}  {told('shared' if one.shared else 'private')}"


def whole_log(one: SymptomLog) -> str:
    """A symptom log with its id, its note, and what it said before."""
    lines = [f"{log(one)}  ({one.id})", *(_INDENT + line for line in one.note.splitlines())]
    if one.corrected_at is not None:
        lines[0] += f"  {told('corrected', moment=moment(one.corrected_at))}"
    for was in one.earlier:
        values = " ".join(f"{name}={value}" for name, value in was.values.items())
        lines.append(f"{_INDENT}{told('before', moment=moment(was.at))}  {values}")
    return "\n".join(lines)


def point(one: Point) -> str:
    """A value of a series."""
    return f"{moment(one.at)}  {one.value}{'  ' + told('synced later') if one.late else ''}"


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
    key = "paired, shares" if one.share_by_default else "paired, private"
    return told(key, practice=one.practice, name=one.name)


def sync(one: SyncReport) -> str:
    """What a sync did."""
    said = [counted("one change sent", "changes sent", one.pushed, pulled=one.pulled)]
    said += [told("so many refused", count=one.refused)] if one.refused else []
    said += [told("in sync")] if one.complete else [one.reason or "", told("all is kept")]
    return " ".join(said)


def _span(one: timedelta) -> str:
    """About how long that is."""
    for unit, seconds in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if one.total_seconds() >= seconds:
            return counted(f"one {unit}", f"{unit}s", round(one.total_seconds() / seconds))
    return counted("one second", "seconds", round(one.total_seconds()))


def status(one: Status) -> str:
    """Where the store stands."""
    lines = [told("not paired") if one.paired is None else pairing(one.paired), _waiting(one)]
    contact = moment(one.last_contact.astimezone()) if one.last_contact else told("never")
    lines.append(told("last sync", moment=contact))
    if one.not_listed:
        lines.append(counted("one document unread", "documents unread", one.not_listed))
    if one.clock_offset is not None and abs(one.clock_offset) >= CLOCK_OFF:
        key = "clock ahead" if one.clock_offset > timedelta() else "clock behind"
        lines.append(told(key, span=_span(abs(one.clock_offset))))
    if one.access_ended:
        lines.append(told("access ended"))
    if one.last_error is not None:
        at = moment(one.last_error.at.astimezone())
        lines.append(told("problem since", moment=at, message=one.last_error.message))
    if one.problems:
        lines.append(counted("one thing unreadable", "things unreadable", one.problems))
    lines += [told("stopped", record=record_of(it), code=it.code, message=it.message) for it in one.stopped]
    for refusal in one.refusals:
        at = moment(refusal.at.astimezone())
        lines.append(told("not accepted", moment=at, code=refusal.code, message=refusal.message))
        if refusal.text:
            lines.append(told("its text"))
        lines += [_INDENT + line for line in refusal.text.splitlines()]
    return "\n".join(lines)


def _waiting(one: Status) -> str:
    if not one.pending or one.oldest_pending is None:
        return told("nothing to send")
    since = moment(one.oldest_pending.astimezone())
    return counted("one change waits", "changes wait", one.pending, since=since)


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
