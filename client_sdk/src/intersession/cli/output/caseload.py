"""What the command prints of a caseload: lines for people."""

from __future__ import annotations

from intersession.cli.output.printing import moment
from intersession.models.devices import ClientSummary
from intersession.models.measures import Episode
from intersession_schemas.measures.signals.signal import Signal

_INDENT = "    "


def client(one: ClientSummary) -> str:
    """A client in one line: who, how much there is, and when they last wrote."""
    wrote = f"last wrote {moment(one.last_written_at)}" if one.last_written_at is not None else "has not written yet"
    return (
        f"{one.name}  ({one.role}; {one.entries} entries, {one.symptom_logs} symptom logs; {wrote})  {str(one.id)[:8]}"
    )


def signal(one: Signal) -> str:
    """A signal with its age and who has seen it."""
    lines = [f"{moment(one.at)}  {one.kind.replace('_', ' ')}", _INDENT + one.text]
    for seen in one.acknowledged:
        at = f" on {moment(seen.at)}" if seen.at is not None else ""
        lines.append(f"{_INDENT}acknowledged{at}{f': {seen.note}' if seen.note else ''}")
    return "\n".join(lines)


def episode(one: Episode) -> str:
    """An episode with its phase, its days and its baselines."""
    days = f"since {one.began_on}" if one.is_open else f"{one.began_on} to {one.ended_on}"
    phase = one.phase.replace("_", "-")
    since = f", since {one.phase_began_on}" if one.is_open and one.phase_began_on != one.began_on else ""
    lines = [f"{phase}{since}: episode {days}{f', {one.reason}' if one.reason else ''}  ({str(one.id)[:8]})"]
    lines += [
        f"{_INDENT}baseline of {each.scale}: {'chosen' if each.chosen else 'the first of this episode'}"
        for each in one.baselines
    ]
    return "\n".join(lines)
